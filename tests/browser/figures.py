"""Figures to be dragged, hovered, painted and turned: small ones, and the first of the series."""

import math

import nbformat
import pytest

from tests.helpers import lab
from tests.helpers.hand import Hand, all_differ, controls, equal, eventually, look, middle, rested

ARTIFACTS = lab.ROOT / "artifacts"
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
NAMES = {  # of the controls of a figure, for a screen reader
    "slider": ["azim", "elev", "r from", "r to", "step"],
    "textbox": ["azim, to be typed", "elev, to be typed", "r, to be typed", "step, to be typed"],
    "button": ["azim and elev, arrow keys move it", "play or pause step", "stop step",
               "repeat step"],
}  # fmt: skip


# Notebook, figure, where the hand presses (a mark, or the area that can be clicked), how it moves.
DRAGS = {
    "valley": ("03", "valley", "area", 0, (-60, 40)),
    "surface": ("01", "surface", "area", 0, (60, -50)),
    "outlier": ("01", "outlier", "mark", 0, (80, -60)),
    "a sample of rooms": ("05", "rooms", "mark", 3, (150, 0)),
    "w of rooms": ("05", "rooms", "mark", 12, (60, -50)),
    "spring": ("04", "spring", "area", 0, (70, -30)),
}
each_of_the_first = pytest.mark.parametrize(
    ("number", "name", "kind", "place", "by"), DRAGS.values(), ids=DRAGS
)


def picture_of(page, name):
    """Return the figure of that name."""
    picture = page.locator(f"canvas[data-drawn][aria-label^='{name}:']")
    return lab.Figure(page.locator(lab.FIGURES).filter(has=picture).first)


def shown(page, name="spot"):
    """Return the figure of that name, set as at first."""
    figure = picture_of(page, name)
    figure.changes(figure.box.get_by_role("button", name="reset").click)
    if name == "rooms":  # all samples seen: then the words say what became of it
        figure.changes(lambda: figure.box.locator(".noUi-handle").first.press("End"))
    rested(figure)
    return figure


def dragged(page, figure, kind, place, by, keep):
    """Drag a figure and check that it follows; leave screenshots before, during and after."""
    hand, before = Hand(page), look(figure)
    mark = figure.box.locator(".lecture-mark").nth(place)
    grip = figure.box.locator(f".lecture-{kind}").nth(place)

    def shot(when):
        ARTIFACTS.mkdir(exist_ok=True)
        figure.box.screenshot(path=ARTIFACTS / f"{keep}-{when}.png")

    shot("before")
    hand.press(grip)
    hand.move(*by)
    assert eventually(page, lambda: math.dist(middle(mark), hand.at) < 6), "not under the hand"
    assert eventually(page, lambda: all_differ(look(figure), before))
    shot("during")
    hand.release()
    there = rested(figure)
    assert math.dist(middle(mark), hand.at) < 6
    shot("after")
    page.mouse.move(hand.at[0] + 50, hand.at[1])
    page.wait_for_timeout(300)
    assert equal(rested(figure), there), "follows a hand that has let go"


def run(notebook, index):
    """Run one cell and return its words; negative counts from the last one."""
    return notebook.page.evaluate(
        f"async i => {{ const all = {CELLS}; all.activeCellIndex = i; "
        "await jupyterapp.commands.execute('notebook:run-cell');"
        " return all.widgets[i].node.querySelector('.jp-OutputArea-output').innerText; }",
        index % notebook.page.evaluate(f"{CELLS}.widgets.length"))  # fmt: skip


def finds_the_best_friction(notebook):
    """Drag the spring to its best friction: the exercise that reads it is right then only."""
    page = notebook.page
    figure = shown(page, "spring")
    holds = (
        f"words => {CELLS}.widgets.findIndex(cell => cell.model.sharedModel.source.includes(words))"
    )
    cell = page.evaluate(holds, 'check("04.5"')
    figure.box.get_by_role("button", name="for exercise 04.5").click()
    rested(figure)
    assert run(notebook, cell).startswith("04.5: not yet.")
    area, hand = figure.box.locator(".lecture-area"), Hand(page)
    for _ in range(2):  # what Notebook had put away is shown then, and moves the rest
        area.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
    box, (x, y) = area.bounding_box(), middle(area)
    hand.drag(area, box["x"] + box["width"] * 2.78 / 4 - x, box["y"] + box["height"] * 0.55 - y)
    assert eventually(page, lambda: controls(figure)[1:] == ["2.78", "0.45"])
    assert run(notebook, cell).startswith("04.5: right")


def write(path, cells):
    """Write a notebook of code cells, and one that is longer than the page."""
    long = nbformat.v4.new_markdown_cell("\n\n".join(["A line."] * 60))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    all_cells = [*map(nbformat.v4.new_code_cell, cells), long]
    nbformat.write(nbformat.v4.new_notebook(cells=all_cells, metadata=kernel), path)
