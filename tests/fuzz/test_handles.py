"""Whatever ``handle``, ``Points`` and ``Pixels`` are given: a figure that answers, or one line."""

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_utils import Pixels, Points, explore, handle, style
from lecture_utils.pictures.painter import TOLERANCE
from tests.fuzz.test_explore_arguments import mostly, one_line, value
from tests.helpers import live_figures
from tests.helpers.live_figures import living

CONTROLS = {
    "a": lambda: (-1.0, 1.0), "b": lambda: (0, 9), "menu": lambda: [1, 10, 100],
    "names": lambda: {"one": 1, "two": 2}, "box": lambda: True, "text": lambda: "a",
    "log": lambda: widgets.FloatLogSlider(1, min=-2, max=2),
    "points": lambda: Points({"first": [[0, 0], [1, 1]]}),
    "pixels": lambda: Pixels({"first": [[0, 1], [1, 0]]}),
}  # fmt: skip
AXES = {
    "plain": lambda figure: figure.subplots(),
    "log": lambda figure: figure.subplots(subplot_kw={"xscale": "log", "yscale": "log"}),
    "polar": lambda figure: figure.add_subplot(projection="polar"),
    "3d": lambda figure: figure.add_subplot(projection="3d"),
    "twin": lambda figure: figure.subplots().twinx(),
    "inset": lambda figure: figure.subplots().inset_axes([0.5, 0.5, 0.4, 0.4]),
    "subfigure": lambda figure: figure.subfigures(2, 1)[0].subplots(),
    "figure": lambda figure: figure,
    "none": lambda figure: None,
}
names = mostly(st.sampled_from(["a", "b", "menu", "names", "log", 0.0, 0.5]),
               st.sampled_from([*CONTROLS, "z"]) | value)  # fmt: skip
some_names = mostly(
    st.tuples(names, names) | st.sampled_from([("points",), ("pixels",)]),
    st.lists(names, max_size=3).map(tuple),
)
returned = st.sampled_from([(0.5, 0.5), (1, 2), 0.5, (np.float64(1), 0), np.array([1.0, 2])])
returned = mostly(returned, value)
functions = mostly(st.none(), st.tuples(returned, returned))
strange = mostly(st.none(), st.tuples(value, value))
ways = mostly(st.sampled_from(["drag", "click", "hover"]), value)
spots = st.floats(-0.5, 1.5) | st.sampled_from([0.0, 1.0, 0.5])
messages = st.lists(st.one_of(
    st.fixed_dictionaries({"do": st.sampled_from(["hold", "move", "move"]),
                           "x": spots, "y": spots}),
    st.fixed_dictionaries({"do": st.just("key"), "right": st.integers(-1, 1),
                           "up": st.integers(-1, 1)}),
    st.sampled_from([{"do": "press"}, {"do": "back"}]),
), min_size=1, max_size=6)  # fmt: skip


@pytest.fixture(autouse=True)
def takes_the_pointer(monkeypatch):
    pytest.importorskip("anywidget")
    monkeypatch.setattr(style, "touch", True)
    explore(size=(1, 1), a=(0, 1))(lambda figure: lambda a: "").close()  # the shared code stays


@given(st.sampled_from([*AXES, "plain", "plain"]), some_names, functions, strange, ways, messages)
def test_a_handle_works_or_is_refused_in_one_line(axes, names, functions, strange, by, messages):
    outside = living()
    given = {name: made() for name, made in CONTROLS.items()}
    theirs = living()

    def setup(figure):
        place, values = strange or (None, None)
        if functions:
            place, values = (lambda *_: functions[0]), (lambda x, y: functions[1])
        handle(AXES[axes](figure), *names, place=place, values=values, by=by)
        text = figure.text(0.1, 0.1, "")
        return lambda **values: text.set_text(repr(values)) or "drawn"

    try:
        live = explore(size=(1.5, 1), **given)(setup)
    except ValueError as problem:
        one_line(problem)
    else:
        for message in messages:
            place = {} if message["do"] == "back" else {"number": 0}
            ((answer, _),) = live_figures.tell(live, handle=0, to=1, **place, **message)
            assert answer["to"] == 1
            assert "\n" not in (live.error or "")
            for name, control in live.controls.items():
                assert live.values[name] == control.value
        assert live_figures.off(live) <= TOLERANCE
        before = live.values
        live_figures.tell(live, do="rest")
        assert live.values == before
        live.close()
    assert living() == theirs
    for name in theirs.keys() - outside.keys():
        theirs[name].close()


coordinates = st.integers(-1, 1) | st.floats(-1, 1)
sets = st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=2)
pictures = st.lists(st.lists(st.sampled_from([0, 1]), min_size=3, max_size=3), min_size=2,
                    max_size=2)  # fmt: skip


@given(
    mostly(st.dictionaries(st.text(max_size=3), sets | pictures, min_size=1, max_size=2), value),
    st.sampled_from([Points, Pixels]),
    mostly(st.just(()), st.lists(value, max_size=2)),
    st.lists(sets | pictures | value, min_size=1, max_size=4),
)
def test_many_numbers_are_one_control_or_refused_in_one_line(examples, kind, more, later):
    outside = living()
    try:
        control = kind(examples, *(more if kind is Points else more[:1]))
    except ValueError as problem:
        one_line(problem)
        assert living() == outside
        return

    def shape(figure):
        return lambda many: str(many.shape)

    live = explore(size=(1, 1), many=control)(shape)
    for wanted in later:
        before = live.values
        try:
            live.set(many=wanted)
        except ValueError as problem:
            one_line(problem)
            assert live.values == before
            continue
        if not isinstance(wanted, str):
            assert control.get_interact_value() == pytest.approx(np.array(wanted), abs=0.0006)
        was, line = control.get_interact_value().tolist(), live.settings
        live.set(many=next(iter(examples)))
        exec(line, {"shape": live})
        assert control.get_interact_value().tolist() == was
    live.close()
    for name in living().keys() - outside.keys():
        living()[name].close()
