"""A hand on the pictures in a real JupyterLab: the figures answer, wherever they are shown."""

import math

import pytest

from tests.browser.figures import (
    DRAWN,
    NAMES,
    SPACE,
    SPOT,
    UNDER,
    dragged,
    each_of_the_first,
    finds_the_best_friction,
    run,
    shown,
    write,
)
from tests.helpers import exercise_notebooks, lab
from tests.helpers.hand import (
    Hand,
    all_differ,
    contrast,
    controls,
    equal,
    eventually,
    look,
    middle,
    rested,
    wear,
)

ARTIFACTS = lab.ROOT / "artifacts"
CHECK = -2  # the cell that checks an exercise, before the long one
FIGURES = {"01": ["surface", "outlier"], "03": ["valley"], "04": ["spring"], "05": ["rooms"]}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("touch")
    ARTIFACTS.mkdir(exist_ok=True)
    write(folder / "small.ipynb", [SPOT])
    write(folder / "ways.ipynb", [UNDER, DRAWN, SPACE])
    for number, figures in FIGURES.items():
        _, all_cells, exercises = exercise_notebooks.parts(number)
        shown = exercise_notebooks.what_it_needs(all_cells, "\n".join(figures))
        stubs = [stub.source for _, stub, _ in exercises.values()]
        asked = [stub for stub in stubs if stub.endswith(f", {figures[0]})")]
        write(folder / f"{number}.ipynb", [*shown, *asked])
    with lab.jupyterlab(folder) as address:
        yield address


@pytest.fixture(scope="module")
def page():
    with lab.browser() as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def opened(page, address):
    """Give what opens a notebook and runs it, unless it is the one that is open."""
    notebooks = []

    def leave():
        while notebooks:
            notebook = notebooks.pop()
            assert not notebook.complaints()
            notebook.leave()

    def ready(number):
        name = f"{number}.ipynb"
        if [notebook.name for notebook in notebooks] != [name]:
            leave()
            notebooks.append(lab.Notebook(page, address, name))
            notebooks[0].run_all()
            if number in FIGURES:  # opened again, a figure is as good as new
                notebooks[0].save()
                notebooks[0].reopen()
        return notebooks[0]

    yield ready
    leave()


@pytest.fixture
def notebook(opened):
    return opened("small")


@pytest.fixture
def browser(page):
    """Give what Chromium's own tools can do with the page."""
    session = page.context.new_cdp_session(page)
    yield session
    session.detach()


def test_the_best_step_is_right_wherever_the_hand_starts(opened, page):
    notebook, figure = opened("03"), shown(page, "valley")
    figure.box.get_by_role("button", name="for exercise 03.5").click()
    Hand(page).drag(figure.box.locator(".lecture-area"), -60, 40)
    assert run(notebook, CHECK).startswith("03.5: not yet.")
    step = figure.box.locator(".noUi-handle").nth(1)
    step.press("End")
    for _ in range(12):  # from 2.20 to 1.96
        figure.changes(lambda: step.press("ArrowLeft"))
    assert controls(figure)[2:] != ["2.50", "1.00"], "the hand has chosen another start"
    assert run(notebook, CHECK).startswith("03.5: right")


@each_of_the_first
def test_a_figure_follows_the_hand(opened, page, number, name, kind, place, by):
    opened(number)
    figure = shown(page, name)
    before = look(figure)
    picture = figure.box.get_by_role("img", name=f"{name}: {before[1]}", exact=True)
    assert picture.count() == 1, "a screen reader is not told what is shown"
    named = figure.box.get_by_role("button", name="arrow keys move it")
    reached = figure.box.locator(".lecture-mark, .lecture-area[tabindex]")
    assert named.count() == reached.count() > 0
    dragged(page, figure, kind, place, by, keep=f"touch-{name}-{place}")
    page.keyboard.press("Escape")
    assert eventually(page, lambda: equal(look(figure), before)), "Escape does not take it back"
    assert not figure.changes(lambda: page.keyboard.press("Control+ArrowRight"))
    for _ in range(3):
        assert figure.changes(lambda: page.keyboard.press("ArrowRight"))
    assert eventually(page, lambda: controls(figure) != before[2])
    assert "arrow keys move it" in page.evaluate("document.activeElement.ariaLabel")


@pytest.mark.parametrize("name", ["under", "drawn", "space"])
def test_a_hand_hovers_paints_and_turns(opened, page, name):
    opened("ways")
    hand, figure = Hand(page), shown(page, name)
    before, area = look(figure), figure.box.locator(".lecture-area")
    if name == "under":
        area.hover(position={"x": 40, "y": 30})
    else:
        hand.drag(area, 60, -50)
    assert eventually(page, lambda: all_differ(look(figure), before))
    rested(figure)
    figure.box.screenshot(path=ARTIFACTS / f"touch-{name}.png")
    if name != "under":
        page.keyboard.press("Escape")
        assert eventually(page, lambda: equal(look(figure), before)), "Escape takes nothing back"


def test_the_best_friction_is_right_when_the_hand_is_there(opened):
    finds_the_best_friction(opened("04"))


def test_the_picture_has_the_pixels_of_the_screen(notebook, page, browser):
    def sharp(ratio):
        wide, shown, high = page.locator("canvas[data-drawn]").evaluate(
            "canvas => [canvas.width, canvas.clientWidth, canvas.height]"
        )
        return wide == ratio * shown and high == ratio * 300

    def move(ratio, width):
        """Move to another screen, or enlarge the page."""
        new = {"width": width, "height": 900, "deviceScaleFactor": ratio, "mobile": False}
        browser.send("Emulation.setDeviceMetricsOverride", new)

    figure = shown(page)
    assert sharp(1)
    for ratio, width in ((2, 1200), (1.5, 853), (2, 1200)):
        move(ratio, width)
        assert eventually(page, lambda ratio=ratio: sharp(ratio)), ratio
    before = look(figure)
    Hand(page).drag(figure.box.locator(".lecture-mark"), 40, 20)
    assert eventually(page, lambda: all_differ(look(figure), before))
    assert sharp(2)
    run(notebook, 0)
    assert eventually(page, lambda: sharp(2)), "a view that is made on such a screen"
    move(1, 1280)
    assert eventually(page, lambda: sharp(1))


def test_a_finger_drags_the_mark_and_not_the_page(notebook, page, browser):
    figure = shown(page)
    browser.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    mark, words = figure.box.locator(".lecture-mark"), figure.box.locator("[role=status]")
    before, place = look(figure), words.bounding_box()["y"]
    x, y = middle(mark)
    Hand(page).swipe(browser, mark)
    assert eventually(page, lambda: all_differ(look(figure), before))
    rested(figure)
    assert words.bounding_box()["y"] == place, "the page has moved, too"
    assert math.dist(middle(mark), (x, y - 66)) < 6
    Hand(page).swipe(browser, words)
    moved = eventually(page, lambda: words.bounding_box()["y"] < place - 30)
    assert moved, "this page cannot be moved at all"
    browser.send("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_on_a_dark_page_the_words_are_read(notebook, page):
    figure = shown(page)
    wear(page, "Dark", "false")
    Hand(page).drag(figure.box.locator(".lecture-mark"), 300, 0)  # there, update fails
    page.wait_for_selector("[role=status] b")
    figure.box.screenshot(path=ARTIFACTS / "touch-dark.png")
    figure.box.locator("[role=alert]").evaluate("node => { node.textContent = 'Silence.'; }")
    seen = {what: contrast(figure.box.locator(what)) for what in
            ("[role=status]", "[role=status] b", "[role=alert]")}  # fmt: skip
    wear(page, "Light", "true")
    assert min(seen.values()) >= 4.5, seen


def test_a_screen_reader_hears_names_and_news(notebook, page, browser):
    figure = shown(page)
    read = "[...document.querySelectorAll('[role=status]')]"
    page.evaluate(f"() => {{ window.heard = {read}; }}")

    def named(role):
        tree = browser.send("Accessibility.getFullAXTree")["nodes"]
        return [node["name"]["value"] for node in tree
                if not node["ignored"] and node["role"]["value"] == role]  # fmt: skip

    assert "spot: at 0.50, 0.50: 2.00" in named("image")
    assert "a and b, arrow keys move it" in named("button")
    assert named("slider") == ["a", "b"]
    Hand(page).drag(figure.box.locator(".lecture-mark"), -60, 0)
    assert eventually(page, lambda: not figure.words().startswith("at 0.50"))
    assert f"spot: {rested(figure)[1]}" in named("image")
    assert page.evaluate(f"() => {read}.every((node, i) => node === window.heard[i])")


def test_a_screen_reader_hears_the_names_of_all_controls(opened, page):
    opened("ways")
    box = shown(page, "space").box
    for role, names in NAMES.items():
        found = [box.get_by_role(role, name=name, exact=True).count() for name in names]
        assert found == [1] * len(names), role
    drawn = shown(page, "drawn")
    drawn.box.get_by_role("button", name="ink, arrow keys move it, the space bar paints").focus()
    assert drawn.changes(lambda: page.keyboard.press(" "))
    assert eventually(page, lambda: drawn.words() == "1 pixels")


def test_a_kernel_that_is_gone_is_told_under_the_picture(notebook, page):
    hand, figure = Hand(page), shown(page)
    hand.press(figure.box.locator(".lecture-mark"))
    hand.move(20, 0)
    page.evaluate("void jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    note = figure.box.locator("[role=alert]")
    assert eventually(page, lambda: hand.move(1, 0, steps=2) or note.inner_text(), seconds=20)
    assert note.inner_text().startswith("Python does not answer.")
    figure.box.screenshot(path=ARTIFACTS / "touch-silent.png")
    hand.release()
    notebook.wait_idle()
    run(notebook, 0)
    figure = shown(page)
    before = look(figure)
    hand.drag(figure.box.locator(".lecture-mark"), 40, 20)
    assert eventually(page, lambda: all_differ(look(figure), before))
    assert not figure.box.locator("[role=alert]").inner_text()
