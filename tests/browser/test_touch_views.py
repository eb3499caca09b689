"""Views of a picture that takes the pointer: another one, one zoomed, one that missed something."""

import numpy as np
import pytest

from tests.browser.figures import CELLS, SPOT, run, shown, write
from tests.helpers import lab
from tests.helpers.hand import Hand, all_differ, equal, eventually, look, middle, rested

AREA = SPOT.replace("spot", "area").replace('"a", "b")', '"a", "b", by="click")')

# The page's own hand: a driver would need minutes for so many moves.
STORM = """async (mark, moves) => {
  mark.setPointerCapture = () => {};  // there is no such pointer
  const { left, top } = mark.getBoundingClientRect();
  const fire = (kind, right, down) => mark.dispatchEvent(new PointerEvent(
    kind, { clientX: left + 12 + right, clientY: top + 12 + down, bubbles: true }));
  fire("pointerdown", 0, 0);
  for (let k = 0; k < moves; k++) {
    fire("pointermove", 50 * Math.sin(k / 9), 30 * Math.cos(k / 7));
    if (k % 4 === 0) await new Promise(done => setTimeout(done));
  }
  fire("pointermove", 0, 0);
  fire("pointerup", 0, 0);
  delete mark.setPointerCapture;
}"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    write(folder / "small.ipynb", [SPOT, AREA])
    with lab.jupyterlab(folder) as address, lab.browser() as context:
        opened = lab.Notebook(context.new_page(), address, "small.ipynb")
        opened.run_all()
        yield opened
        assert not opened.complaints()


@pytest.fixture
def page(notebook):
    return notebook.page


def tells(page, code):
    """Let the kernel run some lines that stand in no cell."""
    session = "jupyterapp.shell.currentWidget.sessionContext.session"
    page.evaluate(f"code => {session}.kernel.requestExecute({{ code }}).done", code)


def test_a_second_view_shows_and_answers(notebook, page):
    hand, figure = Hand(page), shown(page)
    hand.drag(figure.box.locator(".lecture-mark"), 60, -30)
    assert eventually(page, lambda: not figure.words().startswith("at 0.50, 0.50"))
    page.evaluate(f"{CELLS}.activeCellIndex = 0")
    page.evaluate("void jupyterapp.commands.execute('notebook:create-output-view')")
    page.wait_for_selector(".jp-LinkedOutputView canvas[data-drawn]")
    second = lab.Figure(page.locator(".jp-LinkedOutputView .widget-vbox:has(> .lecture)"))
    assert eventually(page, lambda: equal(look(second), look(figure))), "not as it is now"
    before = rested(figure)
    hand.drag(second.box.locator(".lecture-mark"), -60, -30)
    assert eventually(page, lambda: all_differ(look(second), before))
    assert eventually(page, lambda: equal(look(second), look(figure))), "one of two follows"
    page.click(".lm-TabBar-tab:has-text('Output View') .lm-TabBar-tabCloseIcon")
    assert eventually(page, lambda: not second.box.count())
    before = rested(figure)
    hand.drag(figure.box.locator(".lecture-mark"), 30, 30)
    assert eventually(page, lambda: all_differ(look(figure), before))


def test_what_a_line_of_python_sets_stays_whatever_the_steps_of_the_slider(notebook, page):
    figure = shown(page)
    for a, words in (("0.333", "at 0.33, 0.50: 1.50"), ("0.5", "at 0.50, 0.50: 2.00")) * 2:
        tells(page, f"spot.set(a={a})")
        assert rested(figure)[1] == words
    tells(page, "spot.set(a=0.333, b=0.7)")
    tells(page, "spot.set(a=0.52)")  # before the page has said what it made of the first
    assert rested(figure)[1] == "at 0.52, 0.70: 2.08"


def test_two_fingers_zoom_the_page_and_move_nothing(notebook, page):
    browser = page.context.new_cdp_session(page)
    figure, phone = shown(page, "area"), {"width": 1280, "height": 900, "deviceScaleFactor": 1}
    browser.send("Emulation.setDeviceMetricsOverride", {**phone, "mobile": True})
    browser.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})
    before, area = rested(figure), figure.box.locator(".lecture-area")
    area.scroll_into_view_if_needed()
    x, y = middle(area)
    for apart in range(20, 110, 6):  # what is closer is no pinch
        fingers = [{"x": x + side, "y": y, "id": i} for i, side in enumerate((-apart, apart))]
        kind = "touchStart" if apart == 20 else "touchMove"
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        page.wait_for_timeout(20)
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    zoomed = eventually(page, lambda: page.evaluate("visualViewport.scale") > 1.5)
    after = rested(figure)
    browser.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 1})
    browser.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    browser.send("Emulation.setDeviceMetricsOverride", {**phone, "mobile": False})
    assert zoomed
    assert equal(after, before)


def test_the_keys_bring_a_mark_back_that_is_out_of_its_axes(notebook, page):
    figure = shown(page)
    mark = figure.box.locator(".lecture-mark")
    mark.focus()
    tells(page, "_ = spot.figure.axes[0].set_xlim(0.6, 1); spot.set(b=0.4)")
    assert eventually(page, lambda: mark.evaluate("mark => getComputedStyle(mark).opacity") == "0")
    page.keyboard.press("ArrowRight")
    assert eventually(page, lambda: figure.words().startswith("at 0.6"))
    assert mark.evaluate("mark => getComputedStyle(mark).opacity") == "1"
    tells(page, "_ = spot.figure.axes[0].set_xlim(0, 1)")


@pytest.mark.slow
def test_many_moves_leave_nothing_in_the_page(notebook, page):
    figure, browser = shown(page), page.context.new_cdp_session(page)

    def left(moves):
        figure.box.locator(".lecture-mark").evaluate(STORM, moves)
        rested(figure)
        browser.send("HeapProfiler.collectGarbage")
        counts = browser.send("Memory.getDOMCounters")
        used = browser.send("Runtime.getHeapUsage")["usedSize"] / 2**20
        return np.array([counts["nodes"], counts["jsEventListeners"], used])

    def drawn():
        return int(figure.box.locator("canvas").get_attribute("data-drawn"))

    before, pictures = left(1000), -drawn()
    grown = left(10_000) - before
    pictures += drawn()
    assert pictures > 100
    assert (grown < [50, 50, 2]).all(), f"nodes, listeners, MB of {pictures} pictures: {grown}"


def test_what_is_lost_on_the_way_is_noticed(notebook, page):
    figure = shown(page)
    sent = "spot._picture.widgets[0].send"
    tells(page, f"{sent} = lambda *lost: None; spot.set(a=0.1, b=0.9); del {sent}")
    before = figure.words()
    assert before.startswith("at 0.50, 0.50"), "this page has lost nothing"
    tells(page, "spot.set(b=0.2)")
    assert eventually(page, lambda: figure.words().startswith("at 0.10, 0.20"))
    seen = rested(figure)
    run(notebook, 0)
    fresh = shown(page)
    tells(page, "spot.set(a=0.1, b=0.2)")
    assert eventually(page, lambda: equal(look(fresh), seen)), "pixels of an older picture stay"
