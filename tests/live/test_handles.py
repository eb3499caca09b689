"""Handles: what a hand does to the picture is what a slider or a line of Python would have done."""

import functools
import math

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import example, given

from lecture_utils import explore, handle, style
from tests.helpers.strategies import st

STEP = 0.25
LIMITS = dict(x=(-2.0, 2.0, STEP), y=(-2.0, 2.0, STEP))
parts = st.floats(0, 1)
anywhere = st.floats(-0.5, 1.5)


def plain(figure, **limits):
    axes = figure.subplots()
    axes.set(**(limits or dict(xlim=(-2, 2), ylim=(-2, 2))))
    return axes


def log(figure):
    axes = plain(figure, xlim=(0.01, 100), ylim=(-2, 2))
    axes.set_xscale("log")
    return axes


def polar(figure):
    axes = figure.add_subplot(projection="polar")
    axes.set_ylim(0, 2)
    return axes


def twinned(figure):
    other = plain(figure, xlim=(-2, 2), ylim=(0, 9)).twinx()
    other.set_ylim(-2, 2)
    return other


def shared(figure):
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    left.set(xlim=(-2, 2), ylim=(-2, 2))
    return right


def equal(figure):
    axes = plain(figure)
    axes.set_aspect("equal")
    return axes


AXES = {
    "linear": plain,
    "inverted": lambda figure: plain(figure, xlim=(2, -2), ylim=(2, -2)),
    "log": log,
    "shared": shared,
    "twinned": twinned,
    "equal": equal,
    "polar": polar,
    "of a subfigure": lambda figure: plain(figure.subfigures(1, 2)[1]),
}
CONTROLS = {
    "log": dict(LIMITS, x=widgets.FloatLogSlider(1, min=-2, max=2, step=0.1)),
    "polar": dict(x=(-3.2, 3.2, 0.1), y=(0.0, 2.0, STEP)),
}


def live_of(axes_of, *arguments, update=None, **controls):
    """Make a figure with one handle; `arguments` are those of `handle`, a dict of names last."""
    *names, more = arguments if isinstance(arguments[-1], dict) else (*arguments, {})

    @explore(size=(3, 2), **(controls or LIMITS))
    def held(figure):
        axes = axes_of(figure)
        handle(axes, *names, **more)
        text = figure.text(0.5, 0.5, "")

        def changes(**values):
            text.set_text(repr(values)[:40])
            return repr({name: np.asarray(value).tolist() for name, value in values.items()})

        return update or changes

    return held


@functools.cache
def kept(kind, touch):
    """Make each figure once; tests begin with a reset."""
    return live_of(AXES[kind], "x", "y", **CONTROLS.get(kind, LIMITS))


def at(live, x, y):
    """Return where matplotlib draws a place of the data, in the figure, from 0 to 1."""
    axes = live.figure.axes[-1]
    return axes.transData.transform((x, y)) / live.figure.bbox.size


def does(live, do, x=0.0, y=0.0, number=0):
    """Let a hand do something as the page tells it."""
    place = {} if do == "back" else dict(number=number)
    live.taken({"do": do, "handle": 0, **place, **(dict(x=x, y=y) if do in DRAG else {})})


DRAG = ("hold", "move")


def presses(live, right=0, up=0, number=0):
    """Press an arrow key."""
    live.taken({"do": "key", "handle": 0, "number": number, "right": right, "up": up})


def marks(live):
    return live.handles[0].marks


@pytest.mark.parametrize("kind", AXES)
@given(parts, parts)
def test_a_handle_goes_where_the_hand_is(kind, x, y):
    goes_where_the_hand_is(kept(kind, style.touch), kind, x, y)


@pytest.mark.parametrize("kind", AXES)
def test_a_handle_stays_when_the_page_is_zoomed(kind):
    live = kept(kind, style.touch)
    live.set(x=1.0, y=1.0)
    (before,) = marks(live)
    live.draw_at(2)
    assert live.figure.bbox.size.tolist() == [600, 400]
    assert marks(live)[0] == pytest.approx(before)
    goes_where_the_hand_is(live, kind, 0.3, 0.8)
    live.draw_at(1)


def goes_where_the_hand_is(live, kind, x, y):
    controls = list(live.controls.values())
    wanted = []
    for control, part in zip(controls, (x, y), strict=True):
        low, high = control.min, control.max
        if kind == "polar" and control is controls[0]:
            low, high = -math.pi, math.pi
        wanted.append(low + part * (high - low))
    if kind == "log":
        wanted[0] = 10 ** wanted[0]
    does(live, "move", *at(live, *wanted))
    assert live.error is None
    got = list(live.values.values())
    if kind == "polar":
        got[0] += math.tau * round((wanted[0] - got[0]) / math.tau) if wanted[1] > 0.01 else 0
        wanted[0] = wanted[0] if wanted[1] > 0.01 else got[0]
    off = np.abs(np.subtract(*map(np.array, (got, wanted))))
    if kind == "log":
        off[0] = abs(math.log10(got[0] / wanted[0]))
    steps = [control.step for control in controls]
    assert (off <= np.divide(steps, 2) + 1e-6).all()
    assert marks(live)[0] == pytest.approx(at(live, *live.values.values()), abs=1e-9)


@pytest.mark.parametrize("kind", AXES)
@given(anywhere, anywhere)
def test_a_hand_outside_is_kept_at_the_edge(kind, x, y):
    live = kept(kind, style.touch)
    does(live, "move", x, y)
    for name, control in live.controls.items():
        low, high = control.min, control.max
        if isinstance(control, widgets.FloatLogSlider):
            low, high = control.base**low, control.base**high
        assert low <= live.values[name] <= high
    assert kind == "polar" or marks(live)[0] is not None


@pytest.mark.parametrize(("kind", "limits"), [
    ("linear", dict(xlim=(0, 0.1))), ("inverted", dict(ylim=(0.1, 0))), ("log", dict(xlim=(2, 9))),
    ("twinned", dict(ylim=(0.5, 1))), ("polar", dict(ylim=(0, 0.5))),
])  # fmt: skip
def test_a_mark_outside_its_axes_is_not_there(kind, limits):
    live = live_of(AXES[kind], "x", "y", **CONTROLS.get(kind, LIMITS))
    live.set(x=1.0, y=1.0)
    assert marks(live)[0] is not None
    live.figure.axes[-1].set(**limits)
    live.set(x=live.values["x"] - 0.25, y=live.values["y"] + STEP)
    assert marks(live) == [None]
    live.close()


def test_on_a_log_scale_there_is_no_place_for_0():
    live = live_of(log, "x", "y", x=(-2.0, 2.0, STEP), y=(-2.0, 2.0, STEP))
    for x in (0.0, -1.0):
        live.set(x=x)
        assert (marks(live), live.error) == ([None], None)
    live.set(x=1.0)
    assert marks(live)[0] == pytest.approx(at(live, 1, 0))
    live.close()


GRIDS = {  # a control, and all that it can be
    "slider": (lambda: widgets.FloatSlider(min=-1, max=1, step=0.25), np.arange(-1, 1.1, 0.25)),
    "whole slider": (lambda: widgets.IntSlider(min=-2, max=2), [-2, -1, 0, 1, 2]),
    "every other": (lambda: widgets.IntSlider(-1, min=-1, max=2, step=2), [-1, 1, 2]),
    "log slider": (lambda: widgets.FloatLogSlider(1, min=-1, max=0, step=0.5), [0.1, 0.1**0.5, 1]),
    "field": (lambda: widgets.BoundedFloatText(min=-1, max=1, step=0.5), [-1, -0.5, 0, 0.5, 1]),
    "whole field": (lambda: widgets.BoundedIntText(min=0, max=2), [0, 1, 2]),
    "menu": (lambda: widgets.Dropdown(options=[-1, 0.5, 1]), [-1, 0.5, 1]),
    "menu of names": (lambda: widgets.Dropdown(options={"a": -1, "b": 1}), [-1, 1]),
    "menu of pairs": (lambda: widgets.ToggleButtons(options=[("a", -1), ("b", 2)]), [-1, 2]),
    "choice slider": (lambda: widgets.SelectionSlider(options=[-2, 1]), [-2, 1]),
}


@functools.cache
def grid(kind, touch):
    return live_of(plain, "x", 0.0, x=GRIDS[kind][0]())


@pytest.mark.parametrize("kind", GRIDS)
@given(anywhere, anywhere)
def test_limits_and_steps_of_every_control_are_kept(kind, x, y):
    live, can_be = grid(kind, style.touch), np.array(GRIDS[kind][1])
    does(live, "move", x, y)
    assert live.error is None
    left, _, right, _ = live.handles[0].for_page()["area"]
    hand = 4 * (min(max(x, left), right) - left) / (right - left) - 2
    off = np.abs(can_be - hand)
    if kind == "log slider":
        off = np.abs(np.log(can_be / max(hand, 1e-9)))
    assert np.abs(can_be - live.values["x"]).min() < 1e-9
    half = getattr(live.controls["x"], "step", 0) / 2  # from its last step a slider goes to its end
    assert off[np.abs(can_be - live.values["x"]).argmin()] <= max(off.min(), half) + 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*AXES, *GRIDS])
@given(parts, parts, st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]))
@example(0.5, 0.5, (1, 0))
def test_an_arrow_key_moves_a_step_at_least_that_way(kind, x, y, way):
    live = (kept if kind in AXES else grid)(kind, style.touch)
    does(live, "move", x, y)
    if marks(live)[0] is None:
        return
    before, then = np.array(marks(live)[0]), list(live.values.values())
    presses(live, *way)
    assert live.error is None
    now = list(live.values.values())
    if now != then:
        if kind != "polar":
            moved = np.array(marks(live)[0]) - before
            assert moved @ way > 0
            assert abs(moved @ way[::-1]) < 1e-9
        return
    # It stays: then a hand that goes all the way finds nothing either.
    does(live, "move", *(before + np.multiply(way, 2)))
    assert kind == "polar" or list(live.values.values()) == then


def test_a_value_between_two_steps_does_not_eat_an_arrow_key():
    live = live_of(plain, "x", "y")
    live.set(x=1.0, y=0.1)
    presses(live, right=1)
    assert live.values["x"] == 1.25
    live.close()
