"""Jupyter Notebook 7, in an environment of its own: mouse, finger, saved, opened again.

Here it would show in JupyterLab. ``python -m tools.platforms notebook`` runs this.
"""

import math
import os
import shutil

import pytest

from tests.browser.figures import (
    dragged,
    each_of_the_first,
    finds_the_best_friction,
    picture_of,
    shown,
)
from tests.helpers import lab
from tests.helpers.hand import Hand, all_differ, controls, equal, eventually, look, middle, rested


class Notebook(lab.Notebook):
    """One notebook, open in Notebook 7."""

    def open(self):
        address = self._address.replace("/doc/tree/", "/notebooks/")
        self.page.goto(address, wait_until="domcontentloaded", timeout=60_000)
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.content?.widgets", timeout=60_000
        )
        self.wait_idle()
        self.console.clear()  # what Notebook complains of at its start, with any notebook


def come_to(figure):
    """Scroll to a figure; what Notebook had put away is shown then, and moves the rest."""
    for _ in range(2):
        figure.box.locator("canvas").first.scroll_into_view_if_needed()
        figure.box.page.wait_for_timeout(500)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copytree(lab.ROOT / "notebooks", folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.fspath(lab.ROOT))
        with lab.jupyterlab(folder, ("-m", "notebook", "--allow-root")) as address:
            yield address


@pytest.fixture(scope="module")
def opened(address, context):
    """Give what opens a notebook of the series and runs it, unless it is the one that is open."""
    notebooks = []

    def ready(number):
        (path,) = (lab.ROOT / "notebooks").glob(f"{number}_*.ipynb")
        if [notebook.name for notebook in notebooks] != [path.name]:
            if notebooks:
                notebooks.pop().page.close()
            notebooks.append(Notebook(context.new_page(), address, path.name))
            notebooks[0].run_all()
        return notebooks[0]

    return ready


@pytest.mark.alone
@each_of_the_first
def test_in_notebook_7_a_figure_follows_the_hand(opened, number, name, kind, place, by):
    notebook = opened(number)
    page = notebook.page
    come_to(picture_of(page, name))
    figure = shown(page, name)
    before = look(figure)
    dragged(page, figure, kind, place, by, keep=f"notebook-{name}-{place}")
    page.keyboard.press("Escape")
    assert eventually(page, lambda: equal(look(figure), before)), "Escape does not take it back"
    assert not notebook.complaints()


@pytest.mark.alone
def test_in_notebook_7_the_best_friction_is_right_when_the_hand_is_there(opened):
    finds_the_best_friction(opened("04"))


@pytest.mark.alone
def test_in_notebook_7_figures_are_saved_and_wait_for_their_kernel(address, context):
    page = context.new_page()
    notebook, hand = Notebook(page, address, "05_perceptron.ipynb"), Hand(page)
    figure = picture_of(page, "rooms")
    mark, lost = figure.box.locator(".lecture-mark").last, page.get_by_text("Error displaying")

    def moved(right, down):
        come_to(figure)
        before = look(figure)
        hand.drag(mark, right, down)
        assert eventually(page, lambda: all_differ(look(figure), before))
        return rested(figure)

    notebook.run_all()
    seen = moved(60, -50)
    notebook.save()
    notebook.open()
    come_to(figure)
    assert eventually(page, lambda: equal(look(figure), seen)), "not as it was saved"
    moved(-60, 50)
    assert not notebook.complaints()

    finger = page.context.new_cdp_session(page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    before, place = controls(figure), middle(mark)
    hand.swipe(finger, mark, 30)
    assert eventually(page, lambda: controls(figure) != before)
    rested(figure)
    assert math.dist(middle(mark), (place[0], place[1] - 30)) < 6, "the page has moved, too"
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": False})

    notebook.stop_kernel()
    notebook.open()
    assert eventually(page, lambda: lost.count() and not figure.box.count())
    notebook.run_all()
    moved(60, -50)
    assert not lost.count()
    assert all(output["output_type"] != "error" for output in notebook.outputs())
