"""Controls: what they take, whom they move, and how often an update is asked."""

import math

import ipywidgets as widgets
import pytest

from lecture_utils import explore
from tests.helpers import live_figures
from tests.helpers.live_figures import SMALL, line, make


def test_set_from_within_a_set_is_the_same_update():
    live = make()
    live.controls["a"].observe(lambda change: live.set(b=change["new"]), "value")
    live.set(a=1, c=2)
    assert line.calls == [(1, 1, 2)]
    live.close()


def test_set_after_a_move_is_one_more_update():
    live = make()
    live.controls["a"].observe(lambda change: live.set(b=change["new"]), "value")
    live.controls["a"].value = 3
    assert line.calls == [(3, 0, 0), (3, 3, 0)]
    assert live.caption == "3 3 0"
    live.close()


def clamped(figure):
    """Set up an update that moves one of its own controls."""
    (drawn,) = figure.subplots().plot([0, 1], [0, 1])
    clamped.calls = []

    def update(a=0, b=0):
        clamped.calls.append((a, b))
        if clamped.calls[1:]:
            clamped.live.set(**clamped.moves(a, b))
        drawn.set_ydata([a, b])
        return f"{a} {b}"

    return update


def test_an_update_that_moves_a_control_is_followed_by_one_that_shows_it():
    clamped.live = live = make(clamped, a=(0, 9), b=(0, 9))
    clamped.moves = lambda a, b: dict(b=max(a, b))
    live.set(a=4)
    assert clamped.calls == [(0, 0), (4, 0), (4, 4)]
    assert (live.caption, live.values) == ("4 4", {"a": 4, "b": 4})
    assert live_figures.off(live) <= 2
    live.close()


def test_an_update_that_moves_its_controls_for_ever_is_stopped_in_one_line():
    clamped.live = live = make(clamped, a=(0, 9), b=(0, 9))
    clamped.moves = lambda a, b: dict(b=(b + 1) % 9)
    live.set(a=1)
    assert len(clamped.calls) < 30
    assert "moves its own controls" in live.error
    clamped.moves = lambda a, b: {}
    live.set(a=2)
    assert live.error is None
    live.close()


def test_an_observer_that_fails_leaves_picture_and_controls_together():
    live = make()

    def fail(change):
        raise RuntimeError("not mine")

    live.controls["a"].observe(fail, "value")
    with pytest.raises(RuntimeError, match="not mine"):
        live.set(a=1, b=2)
    assert live.caption == " ".join(map(str, live.values.values()))
    live.close()


OF_LISTS = [
    ("TagsInput", {}, [["a", "b"], ("b",), []], [[1], [""], "a", None]),
    ("TagsInput", {"value": ["a"], "allowed_tags": ["a", "b"]}, [["b", "a"]], [["c"], [["a"]]]),
    ("FloatsInput", {}, [[0.5, 2], (1,), []], [[math.nan], ["1"], 1.0]),
    ("ColorsInput", {}, [["red", "#00ff00"]], [["reddish"], "red"]),
]


@pytest.mark.parametrize(("control", "values", "wrong"), [
    (widgets.SelectMultiple(options=[1, 2, 3]), [[1, 2], (3,), []], [[1, 4], 1, "1", None]),
    (widgets.IntRangeSlider(max=9), [[1, 4], (2, 2)], [[4, 1], [1, 10], [1], 1, [1, "x"]]),
    (widgets.FloatRangeSlider(max=1.0), [[0.1, 0.5], (0, 1)], [[0.5, 0.1], [0.5, 2.0], 0.5]),
    (widgets.SelectionRangeSlider(options=[1, 2, 3]), [[1, 3], (2, 2)],
     [[1, 4], 2, [1], [3, 1], (), (1, 2, 3)]),
    (widgets.FloatSlider(0.3, min=0.12345678901, max=1.0), [0.5, 1], [math.nan, math.inf, 0.1]),
    (widgets.FloatText(0.3), [-1e9, 3], [math.nan, None]),
    (widgets.FloatLogSlider(1.0, min=-2, max=1), [0.01, 10.0, 2], [0.001, 11, -1, "1"]),
    *((kind(**given), values, wrong) for name, given, values, wrong in OF_LISTS
      if (kind := getattr(widgets, name, None))),  # from ipywidgets 8 on
], ids=lambda what: type(what).__name__)  # fmt: skip
def test_each_control_takes_what_it_shows_as_list_or_tuple(control, values, wrong):
    def echo(figure):
        return str

    live = make(echo, object=control)
    first = live.values
    for value in values:
        live.set(object=value)
        now, shows = control.value, live.values["object"]
        assert shows == (tuple(value) if isinstance(value, list) else value)
        line = live.settings
        live_figures.button(live, "reset").click()
        assert (live.values, live.error) == (first, None)
        exec(line, {"echo": live})
        assert control.value == now
    for value in wrong:
        with pytest.raises(ValueError, match="object must be") as refused:
            live.set(object=value)
        assert control.value == now
        (said,) = str(refused.value).splitlines()
        live.set(object=eval(said.rpartition("; try ")[2]))  # the way out works
        live.set(object=now)
    live.close()


def test_an_update_that_the_reader_stops_is_told_and_the_next_one_works():
    def setup(figure):
        def update(a=0):
            if a == 1:
                raise KeyboardInterrupt
            return f"a is {a}"

        return update

    live = make(setup, a=(0, 9))
    with pytest.raises(KeyboardInterrupt):
        live.set(a=1)
    assert (live.error.endswith("KeyboardInterrupt: "), live.caption) == (True, "a is 0")
    live.controls["a"].value = 2
    assert (live.error, live.caption) == (None, "a is 2")
    live.close()


def test_a_refused_set_moves_nothing_anywhere():
    shared, seen = widgets.IntSlider(1, max=9), []
    first, second = (make(a=shared, b=(0, 9), c=(0, 9)) for _ in range(2))
    shared.observe(seen.append, "value")
    with pytest.raises(ValueError, match="b must be"):
        first.set(a=5, b=99)
    with pytest.raises(ValueError, match="a must be"):
        first.set(a=99)
    assert (seen, line.calls) == ([], [])
    explore(size=SMALL, presets={"x": {"a": 7}}, a=shared, b=(0, 9), c=(0, 9))(line).close()
    with pytest.raises(ValueError, match="preset 'x': b must be"):
        explore(size=SMALL, presets={"x": {"a": 7, "b": 99}}, a=shared, b=(0, 9), c=(0, 9))(line)
    assert seen == []
    assert second.caption == "1 0 0"
    first.close()
    second.close()


def test_a_first_value_that_its_control_does_not_take_is_refused():
    with pytest.raises(ValueError, match="update: a must be a whole number between 0 and 9, got 1"):
        make(lambda figure: lambda a=12: "", a=(0, 9))
    with pytest.raises(ValueError, match=r"update: a must be one of \('x', 'y'\), got 'z'"):
        make(lambda figure: lambda a="z": "", a=["x", "y"])


SNAPPED = {  # a slider, what it is set to, and what the page makes of it
    "float": (lambda: widgets.FloatSlider(0.5, min=0, max=1, step=0.02), 0.333, 0.34),
    "its end": (lambda: widgets.FloatSlider(0.5, min=0, max=1, step=0.3), 0.97, 1.0),
    "whole": (lambda: widgets.IntSlider(0, max=100, step=10), 33, 30),
    "log": (lambda: widgets.FloatLogSlider(1, min=-2, max=2, step=0.1), 3.0, 10**0.5),
    "range": (lambda: widgets.FloatRangeSlider(min=0, max=1, step=0.1), (0.33, 0.5), (0.3, 0.5)),
}


@pytest.mark.parametrize("kind", SNAPPED)
def test_a_value_between_two_steps_stays_whatever_its_slider_says(kind):
    make_control, value, said = SNAPPED[kind]
    live = make(lambda figure: lambda a: f"a is {a}", a=make_control())
    for _ in range(2):
        live.set(a=value)
        live.controls["a"].set_state({"value": said})
        assert (live.values, live.caption) == ({"a": value}, f"a is {value}")
    live.set(a=said)
    assert live.values == {"a": said}
    live.set(a=value)
    live.controls["a"].value = live.controls["a"].min if kind != "range" else (0.0, 0.5)
    assert live.values != {"a": value}
    live.controls["a"].value = value  # by a line of Python, and not from a page
    assert live.values == {"a": value}
    live.close()
