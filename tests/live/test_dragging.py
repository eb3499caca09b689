"""What a hand makes of a figure: as a line of Python would, and all of it can be taken back."""

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given

from lecture_utils import explore, handle, style
from tests.helpers.live_figures import button, canvas_of, tell
from tests.helpers.strategies import st
from tests.live.test_handles import (
    LIMITS,
    STEP,
    anywhere,
    at,
    does,
    kept,
    live_of,
    log,
    marks,
    plain,
    presses,
)


@given(st.lists(st.tuples(anywhere, anywhere), min_size=1, max_size=5))
def test_a_hand_makes_what_a_line_of_python_makes(places):
    live = kept("linear", style.touch)
    live.set(**live._first)
    does(live, "hold", *places[0])
    for place in places:
        does(live, "move", *place)
    does(live, "hold", *places[-1])
    shows = live.values, live.caption, live.frame()
    line = live.settings
    live.set(x=-2.0, y=2.0)
    exec(line, {"held": live})
    assert (live.values, live.caption) == shows[:2]
    assert np.array_equal(live.frame(), shows[2])
    assert [control.value for control in live.controls.values()] == list(live.values.values())


@given(st.lists(st.tuples(anywhere, anywhere), min_size=1, max_size=4), st.booleans())
def test_escape_gives_what_was_before_the_press(places, let_go):
    live = kept("linear", style.touch)
    for begin in ({"x": 1.0, "y": -1.0}, {"x": -0.5, "y": 2.0}):
        live.set(**begin)
        frame = live.frame()
        does(live, "hold", *places[0])
        for place in places:
            does(live, "move", *place)
        if let_go:
            live.followed()
        does(live, "back")
        assert live.values == begin
        assert np.array_equal(live.frame(), frame)
        does(live, "back")
        assert live.values == begin


def test_escape_takes_back_arrow_keys_and_no_other_handle():
    @explore(size=(3, 2), **LIMITS)
    def two(figure):
        axes = plain(figure)
        handle(axes, "x", 0.0)
        handle(axes, 0.0, "y")
        return lambda x=0.0, y=0.0: f"{x} {y}"

    does(two, "hold", 0.5, 0.5)
    does(two, "move", 0.9, 0.5)
    x = two.values["x"]
    for _ in range(2):
        two.taken({"do": "key", "handle": 1, "number": 0, "right": 0, "up": 1})
    assert two.values["y"] > 0
    two.taken({"do": "back", "handle": 1})
    assert two.values == {"x": x, "y": 0.0}
    two.close()


def test_presets_and_reset_take_a_hand_back():
    @explore(size=(3, 2), presets={"corner": dict(x=2.0, y=2.0)}, **LIMITS)
    def held(figure):
        handle(plain(figure), "x", "y")
        return lambda x=0.5, y=0.5: f"{x} {y}"

    for label, values in (("reset", (0.5, 0.5)), ("corner", (2.0, 2.0)), ("reset", (0.5, 0.5))):
        does(held, "hold", 0.3, 0.3)
        does(held, "move", 0.2, 0.3)
        assert tuple(held.values.values()) != values
        button(held, label).click()
        assert tuple(held.values.values()) == values
        assert marks(held)[0] == pytest.approx(at(held, *values))
        held.followed()
        assert tuple(held.values.values()) == values
    held.close()


def test_two_figures_share_a_control_and_each_may_move_it():
    shared = widgets.FloatSlider(0.0, min=-2, max=2, step=STEP)
    both = [live_of(plain, "x", 0.0, x=shared) for _ in range(2)]
    for live, x in zip([*both, *both], (1.0, -1.0, 0.5, 1.5), strict=True):
        does(live, "hold", *at(live, *live.values.values(), 0.0))
        does(live, "move", *at(live, x, 0.0))
        assert [one.values["x"] for one in both] == [x, x]
        assert marks(both[0]) == marks(both[1])
    both[0].followed()
    shared.value = 0.25
    assert [one.caption for one in both] == ["{'x': 0.25}"] * 2
    for one in both:
        one.followed()
        assert one.values == {"x": 0.25}
        one.close()
    shared.close()


def test_the_author_says_where_the_handle_is():
    live = live_of(plain, "a", dict(place=lambda a: (1, a), values=lambda x, y: y), a=(-1.0, 1.0))
    does(live, "move", *at(live, -2, 0.5))
    assert live.values == {"a": 0.5}
    assert marks(live)[0] == pytest.approx(at(live, 1, 0.5))
    presses(live, up=1)
    assert live.values["a"] > 0.5
    live.close()


def test_three_controls_may_be_one_handle():
    functions = dict(place=lambda a, b, c: (a + c, b), values=lambda x, y: np.array([x, y, 0]))
    live = live_of(plain, "a", "b", "c", functions, a=(-1.0, 1.0), b=(-1.0, 1.0), c=(-1.0, 1.0))
    live.set(c=1.0)
    does(live, "move", *at(live, 0.5, -0.5))
    assert live.values == {"a": 0.5, "b": -0.5, "c": 0.0}
    live.close()


def test_three_d_axes_are_turned_by_a_drag():
    def solid(figure):
        return figure.add_subplot(projection="3d")

    for names, turned in (("around", "over"), (90.0, -60.0)), (("around", 30.0), (90.0, 10.0)):
        live = live_of(solid, *names, around=(-180.0, 180.0), over=(-90.0, 90.0))
        live.set(around=0.0, over=10.0)
        does(live, "hold", 0.5, 0.5)
        left, bottom, right, top = live.handles[0].for_page()["area"]
        x, y = 0.5 - (right - left) / 2, 0.5 + (top - bottom) * 7 / 18
        does(live, "move", x, y)
        assert list(live.values.values()) == pytest.approx(turned)
        for key in (dict(right=1), dict(up=1)):
            before = live.values
            presses(live, **key)
            assert (live.values != before) == (names[1] == "over" or "right" in key)
        does(live, "press")  # the space bar means nothing here
        assert live.error is None
        does(live, "back")  # to what was before the press, and before the keys
        assert live.values == {"around": 0.0, "over": 10.0}
        live.close()


def test_an_arrow_key_brings_a_mark_back_that_is_not_to_be_seen():
    live = live_of(log, "x", 0.0, x=(-2.0, 2.0, STEP))
    live.set(x=-1.0)
    assert marks(live) == [None]
    presses(live, right=1)
    assert live.error is None
    assert live.values["x"] > 0
    live.close()


def test_what_the_page_hears_is_where_the_marks_are():
    live = kept("linear", style.touch)
    live.set(x=1.0, y=-1.0)
    if canvas_of(live):
        ((answer, _),) = tell(live, do="look", ratio=1)
        assert answer["marks"] == [live.handles[0].marks]
        assert answer["marks"][0][0] == pytest.approx(at(live, 1, -1))
