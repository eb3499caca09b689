"""The playground in a real JupyterLab: it runs, and answers while it runs."""

import time

import pytest

from tests import lab
from tests.browser.test_lab import ARTIFACTS, write


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("playground")
    show = "from lecture_utils import playground", "play = playground(hidden=(8, 8))\nplay"
    write(folder / "play.ipynb", *show)
    with lab.jupyterlab(folder) as address, lab.browser() as context:
        notebook = lab.Notebook(context.new_page(), address, "play.ipynb")
        notebook.run_all()
        yield notebook


@pytest.fixture
def figure(opened):
    (figure,) = opened.figures()
    figure.box.get_by_role("button", name="reset", exact=True).click()
    until(lambda: epoch(figure) == 0)
    yield figure
    ARTIFACTS.mkdir(exist_ok=True)
    figure.box.screenshot(path=ARTIFACTS / "playground.png")
    assert not opened.complaints()


def until(so, timeout=15):
    end = time.monotonic() + timeout
    while not so():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.05)


def epoch(figure):
    return int(figure.words().split(":")[0].removeprefix("Epoch ").replace(",", ""))


def play(figure):
    return figure.box.locator(".widget-play button").first


def test_all_that_moves_is_on_the_screen_of_a_laptop(figure):
    page = figure.box.page
    page.set_viewport_size({"width": 1366, "height": 768})
    room = page.locator(".jp-Notebook").bounding_box()["height"]
    high = figure.box.bounding_box()["height"]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert high <= room


def test_it_runs_and_pauses(figure):
    first = figure.picture()
    play(figure).click()
    until(lambda: epoch(figure) > 20)
    assert figure.picture() != first
    play(figure).click()
    figure.box.page.wait_for_timeout(1000)
    stopped = epoch(figure)
    figure.box.page.wait_for_timeout(500)
    assert epoch(figure) == stopped
    figure.box.get_by_role("button", name="step", exact=True).click()
    until(lambda: epoch(figure) == stopped + 1)


def test_controls_answer_while_it_runs(figure):
    button = figure.box.get_by_role("button", name="settings", exact=True)
    play(figure).click()
    until(lambda: epoch(figure) > 5)
    button.click()
    until(lambda: "playground(hidden=(8, 8), epochs=" in figure.words())
    figure.box.get_by_role("button", name="more", exact=True).click()
    menus = figure.box.locator("select")
    for option in ("xor", "relu", "Adam", "L2"):
        (index,) = [i for i in range(menus.count())
                    if option in menus.nth(i).locator("option").all_inner_texts()]  # fmt: skip
        menus.nth(index).select_option(label=option)
        until(lambda option=option: f"'{option}'" in figure.words())
    before = epoch(figure)
    until(lambda: epoch(figure) > before)
    figure.box.get_by_role("button", name="restart", exact=True).click()
    play(figure).click()
    figure.box.get_by_role("button", name="more", exact=True).click()
    assert figure.error() is None


def test_a_weight_is_set_and_the_code_shown(figure):
    figure.box.get_by_role("button", name="more", exact=True).click()
    code = figure.box.get_by_role("button", name="NumPy code", exact=True)
    program = figure.box.locator("pre")

    def first_weight():
        return float(program.inner_text().split("np.array([[")[1].split(",")[0])

    code.click()
    until(lambda: program.count() and "def predict" in program.inner_text())
    before = first_weight()
    code.click()
    until(lambda: not program.count())
    for _ in range(5):
        figure.box.locator(".noUi-handle").last.press("ArrowRight")
    code.click()
    until(program.count)
    shown = figure.box.locator(".widget-readout").last
    until(lambda: before + 0.03 < first_weight() == float(shown.inner_text()))
