"""What an error of a live figure says to try works, or the next line says what does."""

from pathlib import Path

import ipywidgets as widgets
import numpy as np
import pytest
from matplotlib.figure import Figure

import lecture_utils.live
from lecture_utils import Pixels, Points, check_parameters, explore, handle
from tests.helpers.advice import followed, refusals, refused


def explored(setup=None, update=lambda a: "", **given):
    explore(**{"size": (1.0, 0.8), **given})(setup or (lambda figure: update)).close()


def put(a, control):
    live = explore(size=(1.0, 0.8), a=control())(lambda figure: lambda a: "")
    try:
        live.set(a=a)
    finally:
        live.close()


def touched(close):
    live = explore(size=(1.0, 0.8), a=(0, 9))(lambda figure: lambda a: "")
    if close:
        live.close()
    live.set(a=3)
    live.close()


def painted(value):
    Pixels({"one": [[0, 1]]}).value = value


def handled(names, place=None, values=None, by="drag", axes="rectilinear", **controls):
    def setup(figure):
        handle(figure.subplots(subplot_kw={"projection": axes}), *names,
               place=place, values=values, by=by)  # fmt: skip
        return lambda **values: ""

    controls = {"x": (0.0, 1.0), "y": (0.0, 1.0), "p": Points({"one": [[0, 0]]}), **controls}
    explored(setup, **controls)


def taken_hold_of(axes, removed=False):
    def setup(figure):
        held = axes or figure.subplots()
        handle(held, "a", 0.0)
        if removed:
            held.remove()
        return lambda a: ""

    explored(setup, a=(0, 9))


def parameter(n, low, high):
    check_parameters(n=(n, low, high))


CASES = [  # a call, its arguments, and where the advice is in words: how it is followed
    (explored, {"a": (0, 9), "setup": 3}, lambda a: {"a": (0, 9)}),
    (explored, {"a": (0, 9), "update": 3}, lambda a: {"a": (0, 9)}),
    (explored, {"b": (0, 9)}, lambda a: {"a": (0, 9)}),
    *((explored, {"a": wrong}) for wrong in (None, (5, 1), (0, 9, 0), object())),
    (explored, {"a": (0, 9), "update": lambda a=12: ""}, lambda a: {**a, "update": lambda a=9: ""}),
    (explored, {"a": (0, 9), "presets": 3}),
    (explored, {"a": (0, 9), "presets": {"x": {"a": 99}}},
     lambda a: {**a, "presets": {"x": {"a": 9}}}),
    (explored, {"a": (0, 9), "presets": {"x": {"b": 9}}},
     lambda a: {**a, "presets": {"x": {"a": 9}}}),
    (explored, {"a": (0, 9), "size": (0, 1)}),
    (explored, {"a": (0, 9), "scale": 0}, lambda a: {**a, "scale": 2}),
    (touched, {"close": True}, lambda a: {"close": False}),
    *((put, {"a": np.nan, "control": control}) for control in (
        lambda: widgets.FloatSlider(0.5, max=1.0), lambda: widgets.FloatText(0.5),
        lambda: widgets.FloatRangeSlider(max=1.0), lambda: widgets.Dropdown(options=[1.0, np.nan]),
        widgets.Checkbox, widgets.Text, widgets.DatePicker)),
    (put, {"a": (np.nan, 1.0), "control": lambda: widgets.FloatRangeSlider(max=1.0)}),
    (put, {"a": 0.1234, "control": lambda: widgets.FloatSlider(0.2, min=0.12345678901, max=1.0)}),
    (painted, {"value": [[0, 0.5]]}),
    (taken_hold_of, {"axes": Figure().subplots()}, lambda a: {"axes": None}),
    (taken_hold_of, {"axes": None, "removed": True}, lambda a: {"axes": None}),
    (handled, {"names": ("x", "y"), "axes": "aitoff"}, lambda a: {"names": ("x", "y")}),
    (handled, {"names": ("x", "z")}, lambda a: {"names": ("x", "y")}),
    (handled, {"names": ("x",)}, lambda a: {"names": ("x", "y")}),
    (handled, {"names": ("x", "y"), "by": "touch"}),
    (handled, {"names": ("x", "y"), "y": True}),
    (handled, {"names": ("x",), "place": lambda x: (x, 0)}),
    (handled, {"names": ("x", "y"), "values": lambda x, y: (x, y)}),
    (handled, {"names": ("p",), "place": lambda p: p}),
    (handled, {"names": ("p",), "by": "click"}),
    (handled, {"names": ("p",), "axes": "polar"}, lambda a: {"names": ("p",)}),
    (handled, {"names": ("x",), "place": lambda x: x, "values": lambda x, y: x}),
    (handled, {"names": ("x", "y"), "place": lambda x, y: (x, y), "values": lambda x, y: x}),
    (Points, {"examples": {}}), (Points, {"examples": {"one": [1, 2]}}),
    (Points, {"examples": {}, "low": 2, "high": 3}),
    (Points, {"examples": {"one": [[0, 0]]}, "low": 1, "high": 0}),
    (Points, {"examples": {"one": [[0, 0]]}, "low": 0.1234567891}),
    (Pixels, {"examples": None}), (Pixels, {"examples": {"one": [[0, 1]]}, "levels": (5, 6)}),
    (Pixels, {"examples": {"one": [[0, 1]]}, "levels": (1,)}),
    *((parameter, {"n": n, "low": 10, "high": 2_000_000})
      for n in (3_000_000, 5, 50.0, True, "50", None, np.nan, 10**400)),
    *((parameter, {"n": n, "low": 0.1234567891, "high": 0.1234567899})
      for n in (0.12345678909, 0.13, np.inf, np.float64(2), "0.1")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_advice_works_when_it_is_followed(case):
    followed(*case)


def test_every_place_that_refuses_is_met():
    met = set().union(*(refused(call, arguments)[1] for call, arguments, *_ in CASES))
    rooms = Path(lecture_utils.live.__file__).parent.glob("*.py")
    assert {place for path in rooms for place in refusals(path)} <= met


@pytest.mark.parametrize("n", [10, np.int64(50), np.uint8(200)])
def test_a_whole_number_of_any_kind_is_a_parameter(n):
    parameter(n, 10, 2_000_000)
    parameter(n, 10.0, np.float32(400))
    parameter(np.float32(0.5), 0, 1.0)
