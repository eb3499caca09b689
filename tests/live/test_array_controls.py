"""Controls of many numbers: by name, by sliders, by hand, in one short line."""

import functools

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_utils import Pixels, Points, explore, handle, style
from tests.helpers.live_figures import shown_widgets, words
from tests.helpers.strategies import floats, seeds

TWO = {"near": [[0, 0], [1, 0]], "far": [[0, 0], [5, -0.0]]}
SHAPES = {"bar": [[0, 1, 0], [0, 1, 0]], "empty": np.zeros((2, 3))}


def live_of(control, by_hand=True):
    @explore(size=(2, 1.5), many=control)
    def held(figure):
        axes = figure.subplots()
        axes.set(xlim=(0, 9), ylim=(0, 9))
        if by_hand:
            handle(axes, "many")
        return lambda many: str(many.tolist())

    return held


def sliders(live):
    return [one for one in shown_widgets(live) if type(one) in (widgets.IntSlider,
                                                               widgets.FloatSlider)]  # fmt: skip


def menu(live):
    return next(one for one in shown_widgets(live) if isinstance(one, widgets.Dropdown))


def go(live, do, *place, number=0):
    x, y = live.figure.axes[0].transData.transform(place) / live.figure.bbox.size
    live.taken({"do": do, "handle": 0, "number": number, "x": x, "y": y})


@functools.cache
def two_points(touch):
    """Make the figure once; it is left as it was."""
    return live_of(Points(TWO, 0, 9))


@given(st.integers(0, 1), floats(-2, 11), floats(-2, 11))
def test_each_point_goes_where_the_hand_is_and_no_other(number, x, y):
    live = two_points(style.touch)
    go(live, "hold", 0, 0, number=number)
    go(live, "move", x, y, number=number)
    points = live.controls["many"].get_interact_value()
    assert points[number] == pytest.approx(np.clip((x, y), 0, 9), abs=0.0006)
    assert points[1 - number].tolist() == TWO["near"][1 - number]
    shows, line = live.caption, live.settings
    live.set(many="far")
    exec(line, {"held": live})
    assert live.caption == shows == str(points.tolist())
    live.set(many="near")


def test_without_a_hand_points_are_moved_by_sliders():
    live = live_of(Points(TWO, 0, 9), by_hand=False)
    which, x, y = sliders(live)
    assert (x.value, y.value) == (0, 0)
    which.value = 2
    assert (x.value, live.values["many"]) == (1, "near")
    y.value = 3
    assert live.values["many"] == ((0, 0), (1, 3))
    assert menu(live).value == "changed by hand"
    live.set(many="far")
    assert (menu(live).value, x.value, y.value) == ("far", 5, 0)
    menu(live).value = "near"
    assert live.caption == str([[0.0, 0.0], [1.0, 0.0]])
    live.set(many=[[0, 0], [5, 0]])
    assert live.values == {"many": "far"}
    live.close()


def test_sliders_go_where_the_page_hears_the_hand(way):
    control = Points(TWO, 0, 9)
    held, other = live_of(control), live_of(control, by_hand=False)
    assert len(sliders(held)) == (0 if way == "touch" else 3)
    assert len(sliders(other)) == 3, "a figure takes from a control that others show, too"
    sliders(other)[1].value = 2
    assert held.caption == other.caption == str([[2.0, 0.0], [1.0, 0.0]])
    held.close()
    menu(other).value = "far"
    assert other.caption == str([[0.0, 0.0], [5.0, 0.0]])
    assert all(part.comm is not None for part in shown_widgets(other))
    other.close()
    assert all(part.comm is not None for part in (control, *control.children, control.menu))


@given(seeds, st.integers(1, 9), st.integers(1, 9), st.sampled_from([(0.0, 1.0), (-1, 0.3, 7)]))
def test_a_painting_is_one_short_text(seed, rows, columns, levels):
    rng = np.random.default_rng(seed)
    painted = rng.choice(levels, (rows, columns))
    control = Pixels({"first": np.full((rows, columns), levels[0])}, levels)
    control.value = painted
    assert control.get_interact_value().tolist() == painted.tolist()
    assert len(control.value) <= rows * columns or control.value == "first"
    text, control.value = control.value, "first"
    control.value = text
    assert control.get_interact_value().tolist() == painted.tolist()


def test_long_runs_are_short():
    control = Pixels({"first": np.zeros((28, 28))})
    pixels = np.zeros((28, 28))
    pixels[3:7, 10:20] = 1
    control.value = pixels
    assert control.value == "94a10b18a10b18a10b18a10b596a"


def test_a_hand_paints_the_way_it_goes():
    live = live_of(Pixels({"empty": np.zeros((3, 3)), "bar": [[0, 1, 0]] * 3}))
    go(live, "hold", 1, 8)  # upper left
    go(live, "move", 1, 8)
    go(live, "move", 8, 1)
    assert live.controls["many"].get_interact_value().tolist() == np.eye(3).tolist()
    go(live, "hold", 4, 4)
    go(live, "move", 4, 4)  # what is full is emptied
    assert live.controls["many"].get_interact_value().tolist() == np.diag([1.0, 0, 1]).tolist()
    go(live, "move", 20, 4)
    go(live, "move", 20, -20)
    assert live.controls["many"].get_interact_value().tolist() == np.diag([1.0, 0, 0]).tolist()
    live.taken({"do": "back", "handle": 0})  # to what was before the last press
    assert live.controls["many"].get_interact_value().tolist() == np.eye(3).tolist()
    live.close()


def test_arrow_keys_move_a_mark_and_the_space_bar_paints():
    live = live_of(Pixels(SHAPES, (0, 1)))
    live.set(many="empty")
    place = live.handles[0].marks[0]
    for key in ("press", "right", "press", "down", "down", "press", "right", "right", "press"):
        way = {"right": int(key == "right"), "up": -int(key == "down")}
        message = {"do": "press"} if key == "press" else {"do": "key", **way}
        live.taken({"handle": 0, "number": 0, **message})
        assert live.error is None
    assert live.controls["many"].get_interact_value().tolist() == [[1, 1, 0], [0, 1, 1]]
    assert live.handles[0].marks[0][0] > place[0]
    assert live.handles[0].marks[0][1] < place[1]
    live.close()


def test_without_a_hand_pixels_are_moved_by_sliders():
    live = live_of(Pixels(SHAPES), by_hand=False)
    right, down = sliders(live)
    right.value = 1
    assert live.caption == str([[0.0, 0.0, 1.0]] * 2)
    right.value = 2
    assert live.caption == str([[1.0, 0.0, 0.0]] * 2)
    down.value = 1
    right.value = 0
    assert live.values == {"many": "bar"}
    live.close()


def test_a_point_goes_where_its_author_lets_it():
    @explore(size=(3, 2), many=Points(TWO, 0, 9))
    def held(figure):
        axes = figure.subplots()
        axes.set(xlim=(-1, 10), ylim=(-1, 10))
        handle(axes, "many", values=lambda x, y: (x, round(y)))
        return lambda many: str(many.tolist())

    go(held, "hold", 0, 0)
    go(held, "move", 2.25, 6.75)
    assert held.controls["many"].get_interact_value()[0].tolist() == [2.25, 7]
    to = held.figure.axes[0].transData.transform((2.25, 7)) / held.figure.bbox.size
    assert held.handles[0].marks[0] == pytest.approx(to)
    held.taken({"do": "key", "handle": 0, "number": 0, "right": 0, "up": 1})
    assert held.controls["many"].get_interact_value()[0].tolist() == [2.25, 8]
    held.close()


def test_a_slider_of_points_says_so_under_the_picture():
    live = live_of(Points(TWO, 0, 9))
    live.set(many=[[1, 2], [3, 4]])
    assert live.settings == "held.set(many=((1.0, 2.0), (3.0, 4.0)))"
    assert "[[1.0, 2.0], [3.0, 4.0]]" in words(live)
    live.close()


@pytest.mark.parametrize("projection", ["polar", "3d"])
@pytest.mark.parametrize("control", [lambda: Points(TWO, 0, 9), lambda: Pixels(SHAPES)])
def test_only_axes_with_x_and_y_take_many_numbers(control, projection):
    def setup(figure):
        handle(figure.add_subplot(projection=projection), "many")

    with pytest.raises(ValueError, match=rf"many must be in axes .*, got {projection}; try figure"):
        explore(many=control())(lambda figure: setup(figure) or (lambda many: ""))


@pytest.mark.parametrize("by", ["click", "hover"])
@pytest.mark.parametrize("control", [lambda: Points(TWO, 0, 9), lambda: Pixels(SHAPES)])
def test_many_numbers_are_dragged_for_a_click_does_not_say_which(control, by):
    with pytest.raises(ValueError, match=rf"by must be 'drag' for many, got '{by}'; try by='drag'"):
        explore(many=control())(
            lambda figure: handle(figure.subplots(), "many", by=by) or (lambda many: "")
        )


MISTAKES = {
    "points of other lengths": lambda: Points({"a": [[0, 0]], "b": [[0, 0], [1, 1]]}),
    "a point beyond": lambda: Points({"a": [[0, 3]]}),
    "no points": lambda: Points({"a": np.zeros((0, 2))}),
    "in space": lambda: Points({"a": [[0, 0, 0]]}),
    "no examples": lambda: Points({}),
    "without a name": lambda: Points([[0, 0]]),
    "named by a number": lambda: Points({1: [[0, 0]]}),
    "nan": lambda: Points({"a": [[0, np.nan]]}),
    "complex": lambda: Points({"a": np.array([[0, 1j]])}),
    "limits": lambda: Points({"a": [[0, 0]]}, 1, -1),
    "a level that is not": lambda: Pixels({"a": [[0, 0.5]]}),
    "pictures of two shapes": lambda: Pixels({"a": [[0, 1]], "b": [[0], [1]]}),
    "a row": lambda: Pixels({"a": [0, 1]}),
    "one level": lambda: Pixels({"a": [[0, 1]]}, [1]),
    "a level twice": lambda: Pixels({"a": [[0, 1]]}, [1, 0, 1]),
    "too many levels": lambda: Pixels({"a": [[0, 1]]}, range(53)),
    "levels of words": lambda: Pixels({"a": [[0, 1]]}, "ab"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_in_one_line(mistake):
    with pytest.raises(ValueError, match=r"must be .*, got .*; try ") as refused:
        MISTAKES[mistake]()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("value", [
    "middle", [[0, 0]], [[0, 0], [99, 0]], 3, None, [[0, 0], [0, 1j]], [[0, 0], ["a", 0]], [],
])  # fmt: skip
def test_a_value_that_cannot_be_is_refused_and_nothing_is_set(value):
    live = live_of(Points(TWO, 0, 9))
    with pytest.raises(ValueError, match=r"held.set: many must be .*, got .*; try 'near'"):
        live.set(many=value)
    assert live.values == {"many": "near"}
    live.close()


@pytest.mark.parametrize("value", ["b", "7a", "6z", "99999999a", "6", "a" * 5, "3é3a", [[0.5] * 3]])
def test_a_painting_that_cannot_be_is_refused(value):
    live = live_of(Pixels(SHAPES))
    with pytest.raises(ValueError, match=r"held.set: many must be .*, got .*; try 'bar'"):
        live.set(many=value)
    live.close()
