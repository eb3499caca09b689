"""A hand on the pictures in a real JupyterLab: the figures answer, wherever they are shown."""

import math

import nbformat
import pytest

from tests import exercise_notebooks, lab
from tests.hand import (
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
CELLS = "jupyterapp.shell.currentWidget.content"
SPOT = """from lecture_utils import explore, handle
@explore(size=(4, 3), a=(0.0, 1.0, 0.02), b=(0.0, 1.0, 0.02))
def spot(figure):
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    (dot,) = axes.plot([], [], "o")
    handle(axes, "a", "b")
    def update(a=0.5, b=0.5):
        dot.set_data([a], [b])
        return f"at {a:.2f}, {b:.2f}: {1 / (1 - a):.2f}"
    return update
"""
UNDER = """import ipywidgets as widgets
import numpy as np
from lecture_utils import Pixels, explore, handle
def shown(figure, column, row):
    axes = figure.axes[0]
    axes.set_title(f"{column} {row}")
    return f"column {column}, row {row}"
@explore(size=(4, 3), column=(0, 9), row=(0, 9))
def under(figure):
    axes = figure.subplots()
    axes.set(xlim=(0, 9), ylim=(0, 9))
    handle(axes, "column", "row", by="hover")
    return lambda column=5, row=5: shown(figure, column, row)
"""
DRAWN = """@explore(size=(4, 3), ink=Pixels({"empty": np.zeros((8, 8))}))
def drawn(figure):
    axes = figure.subplots()
    picture = axes.imshow(np.zeros((8, 8)), vmin=0, vmax=1, aspect="auto")
    handle(axes, "ink")
    def update(ink):
        picture.set_data(ink)
        return f"{ink.sum():g} pixels"
    return update
"""
SPACE = """@explore(size=(4, 3), azim=(-180, 180), elev=(-90, 90), r=widgets.IntRangeSlider(),
         step=widgets.Play(max=9))
def space(figure):
    axes = figure.add_subplot(projection="3d")
    axes.plot([0, 1], [0, 1], [0, 1])
    handle(axes, "azim", "elev")
    def update(azim=-60, elev=30, r=(0, 1), step=0):
        axes.view_init(elev, azim)
        return f"from {azim}, {elev}"
    return update
"""
FIGURES = {"01": ["surface", "outlier"], "03": ["valley"], "04": ["spring"], "05": ["rooms"]}
# Notebook, figure, where the hand presses (a mark, or the area that can be clicked), how it moves.
DRAGS = [
    ("03", "valley", "area", 0, (-60, 40)),
    ("01", "surface", "area", 0, (60, -50)),
    ("01", "outlier", "mark", 0, (80, -60)),
    ("05", "rooms", "mark", 3, (150, 0)),  # a sample
    ("05", "rooms", "mark", 12, (60, -50)),  # w
    ("04", "spring", "area", 0, (70, -30)),
]
NAMES = {  # of the controls of a figure, for a screen reader
    "slider": ["azim", "elev", "r from", "r to", "step"],
    "textbox": ["azim, to be typed", "elev, to be typed", "r, to be typed", "step, to be typed"],
    "button": ["azim and elev, arrow keys move it", "play or pause step", "stop step",
               "repeat step"],
}  # fmt: skip


def write(path, cells):
    """Write a notebook of code cells, and one that is longer than the page."""
    long = nbformat.v4.new_markdown_cell("\n\n".join(["A line."] * 60))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    all_cells = [*map(nbformat.v4.new_code_cell, cells), long]
    nbformat.write(nbformat.v4.new_notebook(cells=all_cells, metadata=kernel), path)


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


def shown(page, name="spot"):
    """Return the figure of that name, set as at first."""
    picture = page.locator(f"canvas[data-drawn][aria-label^='{name}:']")
    figure = lab.Figure(page.locator(lab.FIGURES).filter(has=picture).first)
    figure.changes(figure.box.get_by_role("button", name="reset").click)
    if name == "rooms":  # all samples seen: then the words say what became of it
        figure.changes(lambda: figure.box.locator(".noUi-handle").first.press("End"))
    rested(figure)
    return figure


def run(notebook, index):
    """Run one cell and return its words; negative counts from the last one."""
    return notebook.page.evaluate(
        f"async i => {{ const all = {CELLS}; all.activeCellIndex = i; "
        "await jupyterapp.commands.execute('notebook:run-cell');"
        " return all.widgets[i].node.querySelector('.jp-OutputArea-output').innerText; }",
        index % notebook.page.evaluate(f"{CELLS}.widgets.length"))  # fmt: skip


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


@pytest.mark.parametrize(
    ("number", "name", "kind", "place", "by"), DRAGS,
    ids=[f"{name}-{place}" for _, name, _, place, _ in DRAGS])  # fmt: skip
def test_a_figure_follows_the_hand(opened, page, number, name, kind, place, by):
    opened(number)
    hand, figure = Hand(page), shown(page, name)
    mark = figure.box.locator(".lecture-mark").nth(place)
    grip = figure.box.locator(f".lecture-{kind}").nth(place)

    def keep(when):
        figure.box.screenshot(path=ARTIFACTS / f"touch-{name}-{place}-{when}.png")

    before = look(figure)
    picture = figure.box.get_by_role("img", name=f"{name}: {before[1]}", exact=True)
    assert picture.count() == 1, "a screen reader is not told what is shown"
    named = figure.box.get_by_role("button", name="arrow keys move it")
    reached = figure.box.locator(".lecture-mark, .lecture-area[tabindex]")
    assert named.count() == reached.count() > 0
    keep("before")
    hand.press(grip)
    hand.move(*by)
    assert eventually(page, lambda: math.dist(middle(mark), hand.at) < 6), "not under the hand"
    assert eventually(page, lambda: all_differ(look(figure), before))
    keep("during")
    hand.release()
    dragged = rested(figure)
    assert math.dist(middle(mark), hand.at) < 6
    keep("after")
    page.mouse.move(hand.at[0] + 50, hand.at[1])
    page.wait_for_timeout(300)
    assert equal(rested(figure), dragged), "follows a hand that has let go"

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


def test_the_best_friction_is_right_when_the_hand_is_there(opened, page):
    notebook, figure = opened("04"), shown(page, "spring")
    figure.box.get_by_role("button", name="for exercise 04.5").click()
    assert run(notebook, CHECK).startswith("04.5: not yet.")
    area, hand = figure.box.locator(".lecture-area"), Hand(page)
    box, (x, y) = area.bounding_box(), middle(area)
    hand.drag(area, box["x"] + box["width"] * 2.78 / 4 - x, box["y"] + box["height"] * 0.55 - y)
    assert eventually(page, lambda: controls(figure)[1:] == ["2.78", "0.45"])
    assert run(notebook, CHECK).startswith("04.5: right")


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
