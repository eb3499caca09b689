"""Whatever is given to ``explore`` and ``playground``: a right result or one line, and no trace."""

import math

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lecture_utils import explore, playground
from lecture_utils.pictures.painter import TOLERANCE
from lecture_utils.training_room.setting import FIRST, TABLE
from tests.helpers import live_figures
from tests.helpers.live_figures import living


class Rude:
    """Refuses to be looked at."""

    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __eq__ = __bool__ = __str__
    __hash__ = object.__hash__


class Trouble(Exception):
    """Raised by the code of a notebook; passed on as it is."""


numbers = st.integers(-9, 9) | st.floats() | st.sampled_from([0.5, 2.0, 10**400, np.float32(1)])
simple = st.none() | st.booleans() | numbers | st.text(max_size=4)


def nested(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=2), inner, max_size=2),
        max_leaves=4,
    )  # fmt: skip


plain = nested(simple | st.just(np.arange(3)) | st.just(print))
value = plain | nested(simple | st.builds(Rude))
FITS = [
    lambda: widgets.IntSlider(3, max=9), lambda: widgets.FloatLogSlider(1.0, min=-2, max=2),
    lambda: widgets.SelectMultiple(options=["a", "b"]), lambda: widgets.Play(max=9),
    lambda: widgets.IntRangeSlider(max=9), lambda: widgets.Text("a"), lambda: widgets.HTML("a"),
    lambda: widgets.Dropdown(options={"a": 1, "b": 3}), lambda: widgets.ColorPicker(),
    lambda: widgets.DatePicker(), lambda: widgets.BoundedIntText(3),
    lambda: widgets.ToggleButtons(options=[1, 3]),
    lambda: widgets.SelectionRangeSlider(options=["a", "b", 3]),
    lambda: widgets.SelectionRangeSlider(value=(1, 3), options=[1, 2, 3]),
]  # fmt: skip
if hasattr(widgets, "TagsInput"):  # from ipywidgets 8 on
    FITS += [
        widgets.TagsInput, lambda: widgets.TagsInput(value=["a"], allowed_tags=["a", "b"]),
        widgets.ColorsInput, widgets.FloatsInput, lambda: widgets.IntsInput(value=[3], min=1),
    ]  # fmt: skip
GIVEN = [
    *FITS, widgets.Button, widgets.VBox, lambda: widgets.fixed(3), widgets.Image, widgets.Label,
    lambda: widgets.Valid(value=True),
]  # fmt: skip


def mostly(good, strange):
    """Draw what fits three times in four: else nearly all would be refused for some reason."""
    return st.sampled_from([good, good, good, strange]).flatmap(lambda chosen: chosen)


NAMES = st.sampled_from(["a", "a", "b", "self"])
fitting_control = st.sampled_from([
    (0, 9), (0.0, 9.0), (0.0, 9.0, 0.5), ["a", "b", 3], {"a": 1, "b": 3}, [("a", 1), ("b", 3)],
    True, "a", 3, 0.5, *FITS,
])  # fmt: skip
strange_control = st.sampled_from([(5, 1), (0, 0), (0, 9, 0), [], [None, 1], *GIVEN]) | value
controls = mostly(
    st.dictionaries(NAMES, fitting_control, min_size=1, max_size=3),
    st.dictionaries(NAMES, strange_control, max_size=2),
)
fitting_value = st.sampled_from(
    [
        3,
        3,
        3,
        1,
        0.5,
        "a",
        "b",
        True,
        (1, 3),
        [1, 3],
        ["a"],
        (),
        [1],
        (3, 1),
        ["a", "b"],
        ["b", "a"],
        [0.5, float("nan")],
        [],
    ]
)
some_values = mostly(
    st.dictionaries(NAMES, fitting_value, min_size=1, max_size=2),
    st.dictionaries(st.sampled_from(["a", "b", "self", "x"]), value, max_size=3),
)
labelled = st.dictionaries(st.text(max_size=3), some_values, max_size=1)
presets = mostly(st.none(), labelled | value)
sizes = mostly(st.just((1.0, 0.8)), st.tuples(numbers, numbers) | value)
scales = mostly(st.none(), st.floats(max_value=2.0) | st.text(max_size=2))
actions = st.lists(st.sampled_from(["draw", "draw", "raise", "print", "remove", "rude", "title"]),
                   min_size=1, max_size=4)  # fmt: skip


def one_line(problem):
    """Check that a refusal is one line that names a rule, what came and a way out."""
    (said,) = str(problem).splitlines()
    assert " must " in said or "no control" in said or "no setting" in said, said
    assert "got " in said or "no control" in said or "no setting" in said, said


def setup_of(names, does, defaults):
    """Return a set-up function; at its k-th call, update does the k-th thing."""

    def figure_of(figure):
        axes = figure.subplots()
        (line,) = axes.plot([0, 1], [0, 1])
        calls = iter(does * 50)

        def update(**values):
            now = next(calls)
            line.set_ydata([0, len(repr(sorted(values)))])
            if now == "raise":
                raise Trouble("in the notebook\nitself")
            if now == "print":
                print("<i>words</i>")
            if now == "remove":
                axes.plot([0, 1], [1, 0])[0].remove()
            if now == "title":
                axes.set_title("a title")
            return Rude() if now == "rude" else now

        spoken = ", ".join(f"{name}={default!r}" if default in ("a", 3, 0.5) else name
                           for name, default in zip(names, defaults, strict=False))  # fmt: skip
        spoken = ", ".join(sorted(spoken.split(", "), key=lambda word: "=" in word)) or ""
        passed = ", ".join(f"{name}={name}" for name in names)
        return eval(f"lambda {spoken}: update({passed})", {"update": update})

    return figure_of


def same(one, other):
    """Compare values of controls, nan included."""
    return repr(one) == repr(other)


@given(controls, presets, sizes, scales, actions,
       st.lists(st.sampled_from([*[None] * 9, "a", 3]), min_size=4, max_size=4),
       st.lists(some_values, min_size=2, max_size=5))  # fmt: skip
@example({"self": (0, 9)}, None, (1.0, 0.8), 1, ["draw"], [None] * 4, [{"self": 3}])
@example({"a": (0, 9)}, {"x": 3}, (1.0, 0.8), 1, ["draw"], [None] * 4, [])
@example({"a": (0, 9)}, None, (1e9, 1e9), 1, ["draw"], [None] * 4, [])
@example({"a": (0, 9)}, None, (1.0, 0.8), 1e9, ["draw"], [None] * 4, [])
def test_explore_makes_a_figure_or_leaves_no_trace(
    controls, presets, size, scale, does, defaults, sets
):
    outside = living()
    controls = {name: made() if callable(made) and made in GIVEN else made
                for name, made in controls.items()}  # fmt: skip
    theirs = living()
    before = {name: what.value for name, what in controls.items() if hasattr(what, "value")}
    setup = setup_of(list(controls), does, defaults)
    live = None
    try:
        live = explore(presets=presets, size=size, scale=scale, **controls)(setup)
    except ValueError as problem:
        one_line(problem)
    except (Trouble, RuntimeError):
        assert does[0] in ("raise", "rude")
    else:
        for values in sets:
            refused_or_right(live, values)
            for name in live.controls.keys() & values.keys():
                refused_or_right(live, {name: values[name]})
        live.close()
    assert living() == theirs
    if live is None:
        for name, old in before.items():
            assert same(controls[name].value, old)
    for name in theirs.keys() - outside.keys():
        theirs[name].close()


def refused_or_right(live, values):
    was, frame, settings = live.values, live.frame(), live.settings
    try:
        live.set(**values)
    except ValueError as problem:
        one_line(problem)
        assert same(live.values, was)
        assert np.array_equal(live.frame(), frame)
        assert live.settings == settings
        return
    for name, wanted in values.items():
        now = live.values[name]
        assert now == (tuple(wanted) if isinstance(wanted, list) else wanted)
    assert "\n" not in (live.error or "")
    line, now = live.settings, live.values
    live.set(**was)
    assert same(live.values, was)
    exec(line, {"inf": math.inf, live.name: live})
    assert same(live.values, now)
    if live.error is None:
        assert live_figures.off(live) <= TOLERANCE


fitting = {
    "data": st.sampled_from(["xor", "plane"]), "hidden": st.lists(st.integers(0, 9), max_size=7),
    "step": st.sampled_from([0.1, 3, 1e-5]), "epochs": st.sampled_from([0, 2, 1.5, 3]),
    "loss": st.sampled_from(["squared", "cross_entropy"]), "batch": st.integers(0, 31),
    "features": st.lists(st.sampled_from(["x1", "x2^2", "x3"]), max_size=3),
    "changes": st.lists(st.tuples(st.sampled_from([0, 1, 1.5]), st.sampled_from(["step", (0, 0, 0),
                        (0, "bias", 1), "data"]), st.sampled_from([0.1, 1, "x"])), max_size=3),
}  # fmt: skip
setting = st.fixed_dictionaries({}, optional=fitting) | st.dictionaries(
    st.sampled_from([*TABLE, "self", "speed of light"]), plain, max_size=2
)


@pytest.fixture(scope="module")
def play():
    made = playground(hidden=(2,), epochs=1)
    yield made
    made.close()


@given(setting)
@example({"self": 1})
def test_a_playground_is_changed_as_asked_or_not_at_all(play, setting):
    play.set(**{**FIRST, "hidden": (2,), "epochs": 1})
    before, line, frame = living(), play.settings, play.frame()
    weights = play.model.network.parameters.tobytes()
    try:
        play.set(**setting)
    except ValueError as problem:
        one_line(problem)
        assert (play.settings, play.model.network.parameters.tobytes()) == (line, weights)
        assert np.array_equal(play.frame(), frame)
    else:
        for name in set(setting) - {"epochs", "changes", "step", "batch"}:
            wanted = setting[name]
            assert play.model.setting[name] == TABLE[name].rule(name, wanted, FIRST[name])
        assert live_figures.off(play) <= TOLERANCE
    assert living() == before


@given(setting)
def test_a_playground_is_made_as_asked_or_leaves_no_trace(setting):
    before = living()
    try:
        made = playground(**setting)
    except ValueError as problem:
        one_line(problem)
    else:
        again = eval(made.settings, {"playground": playground})
        assert again.settings == made.settings
        assert (again.model.network.parameters.tobytes()
                == made.model.network.parameters.tobytes())  # fmt: skip
        again.close()
        made.close()
    assert living() == before
