"""Views of a picture that takes the pointer: what is lost is noticed, what is gone is let go of."""

import pytest

from tests import lab
from tests.browser.test_touch import SPOT, run, shown, write
from tests.hand import equal, eventually, look


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    write(folder / "small.ipynb", [SPOT])
    with lab.jupyterlab(folder) as address, lab.browser() as context:
        opened = lab.Notebook(context.new_page(), address, "small.ipynb")
        opened.run_all()
        yield opened
        assert not opened.complaints()


@pytest.fixture
def page(notebook):
    return notebook.page


@pytest.fixture
def browser(page):
    session = page.context.new_cdp_session(page)
    yield session
    session.detach()


def tells(page, code):
    """Let the kernel run some lines that stand in no cell."""
    session = "jupyterapp.shell.currentWidget.sessionContext.session"
    page.evaluate(f"code => {session}.kernel.requestExecute({{ code }}).done", code)


def test_nothing_is_kept_of_views_that_are_gone(notebook, page, browser):
    def kept():
        browser.send("HeapProfiler.collectGarbage")
        kind = browser.send("Runtime.evaluate", {"expression": "HTMLCanvasElement.prototype"})
        place = {"prototypeObjectId": kind["result"]["objectId"]}
        found = browser.send("Runtime.queryObjects", place)["objects"]["objectId"]
        length = {"objectId": found, "functionDeclaration": "function () { return this.length; }"}
        count = browser.send("Runtime.callFunctionOn", length)["result"]["value"]
        browser.send("Runtime.releaseObject", {"objectId": found})  # or it keeps them all
        return count

    shown(page)
    before = kept()
    for _ in range(4):
        run(notebook, 0)
        shown(page)
    assert eventually(page, lambda: kept() <= before + 2), "views of cells that were run again"


def test_what_is_lost_on_the_way_is_noticed(notebook, page):
    figure = shown(page)
    sent = "spot._picture.widgets[0].send"
    tells(page, f"{sent} = lambda *lost: None; spot.set(a=0.1, b=0.9); del {sent}")
    before = figure.words()
    assert before.startswith("at 0.50, 0.50"), "this page has lost nothing"
    tells(page, "spot.set(b=0.2)")
    assert eventually(page, lambda: figure.words().startswith("at 0.10, 0.20"))
    page.wait_for_timeout(500)
    seen = look(figure)
    run(notebook, 0)
    fresh = shown(page)
    tells(page, "spot.set(a=0.1, b=0.2)")
    assert eventually(page, lambda: equal(look(fresh), seen)), "pixels of an older picture stay"
