"""Jupyter Notebook 7, in an environment of its own: mouse, finger, saved, opened again.

Here it would show in JupyterLab. ``python -m tools.platforms notebook`` runs this.
"""

import math
import os
import shutil

import pytest

from tests import lab
from tests.hand import Hand, all_differ, controls, equal, eventually, look, middle, rested

NAME = "05_perceptron.ipynb"


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


@pytest.mark.alone
def test_in_notebook_7_figures_follow_the_hand_and_wait_for_their_kernel(tmp_path, monkeypatch):
    shutil.copytree(lab.ROOT / "notebooks", tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("PYTHONPATH", os.fspath(lab.ROOT))
    start = ("-m", "notebook", "--allow-root")
    with lab.jupyterlab(tmp_path, start) as address, lab.browser() as context:
        page = context.new_page()
        notebook, hand = Notebook(page, address, NAME), Hand(page)
        picture = page.locator("canvas[data-drawn][aria-label^='rooms:']")
        figure = lab.Figure(page.locator(lab.FIGURES).filter(has=picture))
        mark, lost = figure.box.locator(".lecture-mark").last, page.get_by_text("Error displaying")

        def dragged(right, down):
            picture.scroll_into_view_if_needed()
            page.wait_for_timeout(500)  # Notebook shows what it had put away
            before = look(figure)
            hand.drag(mark, right, down)
            assert eventually(page, lambda: all_differ(look(figure), before))
            return rested(figure)

        notebook.run_all()
        seen = dragged(60, -50)
        notebook.save()
        notebook.open()
        picture.scroll_into_view_if_needed()
        assert eventually(page, lambda: equal(look(figure), seen)), "not as it was saved"
        dragged(-60, 50)
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
        assert eventually(page, lambda: lost.count() and not picture.count())
        notebook.run_all()
        dragged(60, -50)
        assert not lost.count()
        assert all(output["output_type"] != "error" for output in notebook.outputs())
