"""Every public function and class of the numbers: a right result, or one clear line.

Whatever comes in, it is not changed, and NumPy never warns: nor would it raise where it is told
to raise. A new public name without a case here makes a test fail.
"""

import contextlib
import inspect
import io
import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lecture_utils
from tests.fuzz.numbers_cases import CASES


class Unseen:
    """An object that nothing can be learned of."""

    def __repr__(self):
        raise RuntimeError("no")

    __array__ = __repr__


MASKED = np.ma.array([1.0, 2.0, 99.0], mask=[0, 0, 1])
JUNK = [None, True, "a", "1.5", b"a", "", 1j, 0, -1, 2.5, 10**400, -(10**400), 1e308, 5e-324,
        np.nan, np.inf, -np.inf, np.float32(0.3), object(), lambda x: x, [], (), {}, [[]], [None],
        [1.0, None], ["1", "2"], ["a", "b"], [1j], [[1.0], [1.0, 2.0]], [[1.0, "a"]], [10**400],
        np.array(1.0), np.array(["a"]), np.array([1 + 1j]), np.array([None, 1.0]),
        np.array(["2026-01-01"], "datetime64[D]"), np.zeros((2, 0)), np.zeros((0, 3)),
        np.zeros((1, 2, 3)), np.array([1.0, np.nan]), np.array([np.inf]), MASKED,
        np.ma.array([[1.0, 2.0]], mask=[[0, 1]]), np.ma.array([1, 2], mask=True), np.ma.masked,
        [MASKED, MASKED], [1.0, np.ma.masked], np.float16([1.0, 60000.0]),
        np.longdouble([1.0, 2.0]), np.array([1, 2], np.uint8), np.array([True, False]),
        np.timedelta64(1, "s"), np.array([1, 2], "timedelta64[s]"), {1: 2}, {1.0}, lambda x: None,
        np.array([np.ma.masked, 1.0], object), -(10**5000), [10**5000], np.float16(60000), Unseen(),
        np.zeros(2, [("a", float)]), np.array([[1e308, -1e308], [1e-320, 1.0]])]  # fmt: skip


def public():
    """Give what is public and its name: of a table and of a module, what is in it."""
    seen = set()
    names = [n for n, home in lecture_utils._HOME.items() if ".numbers" in home]
    for name in sorted(names, key=lambda name: callable(getattr(lecture_utils, name))):
        thing = getattr(lecture_utils, name)  # tables and modules come first
        if isinstance(thing, dict):
            parts = {f"{name}[{key}]": value for key, value in thing.items()}
        elif inspect.ismodule(thing):
            parts = {f"{name}.{key}": value for key, value in vars(thing).items()
                     if inspect.isfunction(value) and value.__module__ == thing.__name__
                     and not key.startswith("_")}  # fmt: skip
        else:
            parts = {name: thing}
        for key, value in parts.items():
            first = value[0] if isinstance(value, tuple) else value
            if id(first) not in seen:
                seen.add(id(first))
                yield key


def frozen(value):
    """Return all that can be seen of a value, to compare it with later."""
    if isinstance(value, np.ndarray):
        mask = np.ma.getmaskarray(value).tobytes() if np.ma.isMaskedArray(value) else b""
        seen = frozen(value.tolist()) if value.dtype == object else np.asarray(value).tobytes()
        return value.dtype, value.shape, seen, mask
    if isinstance(value, dict):
        return {key: frozen(part) for key, part in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [*map(frozen, value)]
    try:
        return repr(value)
    except Exception:
        return object.__repr__(value)


def answered(call, arguments):
    """Return the answer in a list, or an empty one if the call refuses, as it should, in a line."""
    before, said = frozen(arguments), io.StringIO()
    with (
        warnings.catch_warnings(),
        np.errstate(all="raise"),
        contextlib.redirect_stdout(said),
    ):
        warnings.simplefilter("error")
        try:
            answer = [call(**arguments)]
        except ValueError as refusal:
            answer, text = [], str(refusal)
            assert len(text.splitlines()) == 1, text
            assert re.search(r"\bmust\b.*(;|\btry\b)", text), text
            assert len(text) < 500, text
    assert len(said.getvalue().splitlines()) <= 1
    assert frozen(arguments) == before, "an argument was changed"
    return answer


def test_every_public_name_has_a_case():
    assert sorted(public()) == sorted(CASES)


@pytest.mark.parametrize("name", CASES)
@given(st.data())
def test_good_arguments_give_the_right_result(name, data):
    case = CASES[name]
    arguments = data.draw(case.arguments)
    (result,) = answered(case.call, arguments)
    with np.errstate(all="ignore"):
        case.law(result, **arguments)


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].keys])
@given(st.data())
def test_bad_arguments_are_refused_or_answered_in_peace(name, data):
    case = CASES[name]
    arguments = data.draw(case.arguments)
    for key in data.draw(st.sets(st.sampled_from(case.keys), min_size=1, max_size=2)):
        arguments[key] = data.draw(st.sampled_from(JUNK))
    for result in answered(case.call, arguments):
        assert "mask" not in repr(arguments), "what is masked was taken for data"
        with np.errstate(all="ignore"):
            case.law(result, **arguments)


def test_the_harness_sees_what_it_should():
    def changes(x):
        x[0] = 7.0

    def loud(x):
        return np.exp(-1e4 * x)

    def rude(x):
        raise ValueError("no")

    def wild(x):
        raise TypeError("x must be good; try 1")

    for call, wrong in ((changes, AssertionError), (loud, FloatingPointError),
                        (rude, AssertionError), (wild, TypeError)):  # fmt: skip
        with pytest.raises(wrong):
            answered(call, {"x": np.array([1.0])})
    assert answered(lambda x: x, {"x": 3}) == [3]
