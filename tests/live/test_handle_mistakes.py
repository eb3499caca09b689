"""Handles: an author's slip is one line when the figure is made, and an error one line later."""

import math

import ipywidgets as widgets
import numpy as np
import pytest

from lecture_utils import Points, explore, handle, style
from tests.helpers.live_figures import words
from tests.live.test_handles import at, does, kept, live_of, marks, plain

WRONG = {  # what `handle` is given, and what it answers
    "a name that is no control": (("x", "z"), "no control 'z'; the controls are x, y, box, word"),
    "a check box": (("x", "box"), "box must be a slider or a menu of numbers, got Checkbox"),
    "some of a list": (("some", "x"), "some must be a slider or a menu of numbers, got SelectMul"),
    "two of a list": (("two", "x"), "two must be a slider or a menu of numbers, got SelectionRan"),
    "nothing chosen": (("none", "x"), "none must be a slider or a menu of numbers, got Dropdown"),
    "a text": (("word", "x"), "word must be a slider or a menu of numbers, got Text"),
    "one name": (("x",), "controls must be two, by name or a number that stays, or with place"),
    "three names": (("x", "y", "x"), "controls must be two"),
    "twice the same": (("x", "x"), "controls must be two"),
    "a number only": ((0.0, 1.0), "controls must be two"),
    "no control": ((), "controls must be two"),
    "no number": (("x", math.nan), "controls must be two"),
    "place alone": (("x", dict(place=lambda x: (x, 0))), "place and values must be two functions"),
    "values alone": (("x", "y", dict(values=lambda x, y: (x, y))), "place and values must be two"),
    "values of points": (("p", dict(values=lambda x, y: x)), "values must return 2 finite numbers"),
    "place of points": (("p", dict(place=lambda p: p)), "place and values must be two functions"),
    "no function": (("x", dict(place=1, values=2)), "place and values must be two functions"),
    "arrays": (("x", dict(place=np.zeros(2), values=np.ones(2))), "must be two functions"),
    "another way": (("x", "y", dict(by="touch")), "by must be one of drag, click, hover, got 'to"),
    "a list of ways": (("x", "y", dict(by=["drag"])), "by must be one of drag, click, hover"),
    "too few": (("x", "y", dict(place=lambda x, y: (x, y), values=lambda x, y: x)),
                "values must return 2 finite numbers, got 0.5; try values=lambda x, y: (x, x)"),
    "too many": (("x", dict(place=lambda x: (x, 0), values=lambda x, y: (x, y))),
                 "values must return a finite number, got ("),
    "nan": (("x", dict(place=lambda x: (x, 0), values=lambda x, y: math.nan)), "got nan; try val"),
    "complex": (("x", dict(place=lambda x: (x, 0), values=lambda x, y: 1j)), "got 1j; try values="),
    "nowhere": (("x", dict(place=lambda x: (x, math.inf), values=lambda x, y: x)),
                "place must return 2 finite numbers, got"),
    "a place in space": (("x", dict(place=lambda x: (x, 0, 0), values=lambda x, y: x)),
                         "place must return 2 finite numbers, got"),
    "a complex place": (("x", dict(place=lambda x: (x, 1j), values=lambda x, y: x)),
                        "place must return 2 finite numbers, got"),
    "words": (("x", dict(place=lambda x: "xy", values=lambda x, y: x)), "place must return 2 "),
}  # fmt: skip


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_refused_in_one_line(mistake):
    given, said = WRONG[mistake]
    with pytest.raises(ValueError, match=r"handle: |must") as refused:
        live_of(plain, *(given or ({},)), x=(0.0, 1.0), y=(0.0, 1.0), box=True, word="a",
                p=Points({"one": [[0, 0]]}), some=widgets.SelectMultiple(options=[0, 1]),
                two=widgets.SelectionRangeSlider(options=[0, 1]),
                none=widgets.Dropdown(options=[0, 1], value=None))  # fmt: skip
    (line,) = str(refused.value).splitlines()
    assert said in line
    assert "; try " in line or "no control" in line


@pytest.mark.parametrize("by", ["click", "hover"])
def test_axes_in_space_are_turned_by_a_drag(by):
    def space(figure):
        return figure.add_subplot(projection="3d")

    with pytest.raises(ValueError, match=f"^handle: by must be 'drag' for x, got '{by}'; try "):
        live_of(space, "x", "y", dict(by=by))
    there = dict(place=lambda x, y: (x / 99, y / 99), values=lambda x, y: (99 * x, 99 * y))
    live_of(space, "x", "y", there | dict(by=by)).close()  # they know where it is


@pytest.mark.parametrize("leave", [
    lambda axes: axes.remove(), lambda axes: axes.figure.clear(),
    lambda axes: axes.figure.delaxes(axes),
])  # fmt: skip
def test_axes_that_are_removed_are_told(leave):
    def goes(figure):
        axes = figure.subplots()
        handle(axes, "x", "y")
        leave(axes)
        return lambda x, y: ""

    with pytest.raises(ValueError, match=r"^handle: axes must stay in the figure, got "):
        explore(x=(0.0, 1.0), y=(0.0, 1.0))(goes)


def test_axes_that_do_not_know_where_a_pixel_is_are_told():
    def whole_earth(kind):
        return live_of(lambda figure: figure.add_subplot(projection=kind), "x", "y")

    with pytest.raises(ValueError, match=r"^handle: axes must know the place of each pixel"):
        whole_earth("aitoff")
    live = whole_earth("hammer")
    does(live, "move", 0.6, 0.6)
    assert live.error is None
    live.close()


def test_axes_must_be_in_the_figure_that_is_set_up():
    live = kept("linear", style.touch)
    line = r"axes must be in the figure .*; try handle\(axes, ...\) in the set-up, not in update"
    for axes in (live.figure.axes[0], live.figure, None, 3):
        with pytest.raises(ValueError, match=line):
            live_of(lambda figure, axes=axes: axes, "x", "y")
    with pytest.raises(ValueError, match=line):
        handle(live.figure.axes[0], "x", "y")


@pytest.mark.parametrize("kind", [RuntimeError, SystemExit])
@pytest.mark.parametrize("function", ["place", "values", "update"])
def test_an_error_is_one_line_and_the_next_move_works(function, kind):
    def fails(what, x):
        if x > 1 and what == function:
            raise kind("too\nfar")

    def place(x):
        return fails("place", x) or (x, 0)

    def values(x, y):
        return fails("values", x) or x

    def update(x):
        return fails("update", x) or f"x is {x}"

    live = live_of(plain, "x", dict(place=place, values=values), update=update, x=(-2.0, 2.0, 0.5))
    does(live, "hold", *at(live, 0, 0))
    does(live, "move", *at(live, 2, 0))
    assert live.error.endswith(f"{kind.__name__}: too far")
    assert f"{kind.__name__}: too far" in words(live)
    does(live, "move", *at(live, -1, 0))
    assert (live.error, live.values, live.caption) == (None, {"x": -1.0}, "x is -1.0")
    assert marks(live)[0] == pytest.approx(at(live, -1, 0))
    live.close()
