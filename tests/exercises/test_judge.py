"""A verdict is fair: right in every form and by every road; what misbehaves is told."""

import functools
import math
from fractions import Fraction

import numpy as np
import pytest

from lecture_utils import check
from lecture_utils.exercises import running
from tests.helpers.exercise_notebooks import FUNCTIONS, solved

JUDGED = [number for number, exercise in FUNCTIONS.items() if not exercise.accept]
# One exercise of each kind: what garbage does depends on the kind alone.
KINDS = ["00.1", "00.2", "01.9", "02.1", "02.6", "03.8", "03.9", "04.1", "05.3", "05.7", "05.9",
         "07.4", "08.6", "10.2"]  # fmt: skip


def changes_its_input(*values):
    for value in values:
        if isinstance(value, np.ndarray):
            value += 1.0


class Rude:
    name = "wave"
    values = property(lambda self: {"frequency": Rude(), "height": Rude()})

    def __repr__(self):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no")


class Unseen:
    def __repr__(self):
        raise RuntimeError("no")


class RudeError(BaseException):
    def __str__(self):
        raise RuntimeError("no")


class LeavingError(Exception):
    def __str__(self):
        raise SystemExit


class EndlessError(Exception):
    def __str__(self):
        while True:
            pass


class FixedError(Exception):
    def __setattr__(self, name, value):
        raise RuntimeError("no")

    with_traceback = __setattr__


class Closed:
    """A function without anything that could be asked of it."""

    def __call__(self, *values):
        raise ValueError("no")

    def __getattr__(self, name):
        raise RuntimeError("no")


def raises(problem):
    def function(*values):
        raise problem

    return function


def loops(*values):
    while True:
        pass


ITSELF = []
ITSELF.append(ITSELF)
GARBAGE = {
    "none": None, "text": "nine words that say nothing of any use here", "number": 3, "nan": np.nan,
    "list": [], "dict": {}, "array": np.zeros((3, 3, 3)), "class": Rude, "object": Rude(),
    "no argument": lambda: 1, "exit": raises(SystemExit()), "zero": lambda *_: 1 / 0,
    "deep": raises(RecursionError("deep")), "rude error": raises(RudeError()),
    "leaving error": raises(LeavingError()), "endless error": raises(EndlessError()),
    "fixed error": raises(FixedError()), "closed": Closed(),
    "gives none": lambda *_: None, "gives many": lambda *_: tuple(range(100_000)),
    "gives more": lambda *_: range(10**12), "gives a list in itself": lambda *_: ITSELF,
    "gives objects": lambda *_: np.array([Unseen(), Unseen()]),
    "gives text": lambda *_: "text", "gives a dict": lambda *_: {},
    "gives itself": lambda *values: values,
    "gives an object": lambda *_: Rude(), "gives ragged": lambda *_: [[1], [1, 2]],
    "gives complex": lambda *_: 1j, "gives nan": lambda *_: np.full(3, np.nan),
    "gives a cube": lambda *_: np.zeros((2, 2, 2)), "gives a pair": lambda *_: (None, "x"),
    "gives a generator": lambda *_: (i for i in range(3)), "changes its input": changes_its_input,
}  # fmt: skip


@pytest.mark.parametrize("number", KINDS)
@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE)
def test_no_answer_raises_and_none_of_these_is_right(number, answer, recwarn, capsys, monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.5)  # what gives more is without end
    verdict = check(number, answer)
    assert verdict.state in ("not yet", "compare")
    assert verdict.words in repr(verdict)
    assert len(verdict.words) < 1500
    assert not recwarn
    assert not any(capsys.readouterr())


# --- forms and precision ---


class Tensor:
    """An array of single precision as frameworks have them: no ndarray, but it can become one."""

    def __init__(self, value):
        self.kept = np.asarray(value, dtype=np.float32)

    def __len__(self):
        if self.kept.ndim == 0:
            raise TypeError("len() of a 0-d tensor")
        return len(self.kept)

    def __array__(self, dtype=None, copy=None):
        return self.kept.astype(dtype or np.float32)


def single(value):
    """Return a result in single precision, pairs as pairs."""
    if isinstance(value, tuple):
        return tuple(map(single, value))
    return None if value is None else np.asarray(value).astype(np.float32)


def as_array(value):
    """Return a pair as one array where its parts have one shape; else as it is."""
    alike = isinstance(value, tuple) and len({np.shape(part) for part in value}) == 1
    return np.array(value) if alike else value


def as_tensors(value):
    """Return a result, or each part of a pair, as something that can become an array."""
    if isinstance(value, tuple):
        return tuple(map(as_tensors, value))
    return None if value is None else Tensor(value)


def as_objects(value):
    """Return a result as `np.frompyfunc` would, as Python's own numbers."""
    if isinstance(value, tuple):
        return tuple(map(as_objects, value))
    return None if value is None else np.array(np.asarray(value).tolist(), dtype=object)


FORMS = {
    "a list": lambda value: list(value) if isinstance(value, tuple) else value,
    "an array": as_array,
    "an array of 0 axes": lambda value: np.array(value) if np.isscalar(value) else value,
    "single precision": single,
    "tensors": as_tensors,
    "Python's numbers": as_objects,
}


@pytest.mark.parametrize("number", JUDGED)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_right_answer_is_right_in_every_form_of_it(number, form):
    for seed in range(2):
        verdict = check(number, lambda *values: form(solved(number)(*values)), seed)
        assert verdict.state == "right", verdict


def chain_by_factors(x, w, b):
    slope = 1.0
    for weight, bias in zip(w, b, strict=True):
        x = 2 / (1 + np.exp(-2 * (weight * x + bias))) - 1
        slope *= weight * (1 - x) * (1 + x)
    return slope


RIGHT = {  # right answers by another road than ours
    "mean in single precision": ("00.2", lambda y, t: np.abs(y - t).mean(dtype=np.float32)),
    "polyfit": ("01.3", lambda x, y: np.polyfit(x, y, 1)[::-1]),
    "lstsq": ("01.3", lambda x, y: np.linalg.lstsq(
        np.column_stack([np.ones(len(x)), x]), y, rcond=None)[0]),
    "normal equations": ("01.6", lambda X, y: (
        lambda A: np.linalg.inv(A.T @ A) @ A.T @ y)(np.column_stack([X, np.ones(len(X))]))),
    "the formula of Newton's step": ("02.8", lambda w, b, x, y: np.array([w, b]) - np.linalg.solve(
        *(lambda A, a: ((A.T * a * (1 - a)) @ A, A.T @ (a - y)))(
            np.column_stack([x, np.ones(len(x))]), 1 / (1 + np.exp(-w * x - b))))),
    "tanh": ("02.1", lambda z: (1 + np.tanh(z / 2)) / 2),
    "slope by e^-|z|": ("02.2", lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2),
    "closed form of the walk": ("03.1", lambda start, step, steps:
        3.0 + (start - 3.0) * (1.0 - 2.0 * step) ** np.arange(steps + 1)),
    "logarithm of 1 plus": ("03.4", lambda kappa, small:
        -int(-np.log(small) // np.log1p(-1 / kappa))),
    "cumulated mean": ("04.9", lambda a: np.cumsum(a) / np.arange(1, len(a) + 1)),
    "True as 1": ("06.2", lambda z: (np.maximum(0, z), z > 0)),
    "stacked": ("06.2", lambda z: np.stack([z * (z > 0), z > 0])),
    "log instead of log1p": ("06.3", lambda z:
        np.maximum(z, 0) + np.log(1 + np.exp(-np.abs(z)))),
    "logaddexp": ("06.3", lambda z: np.logaddexp(0, z)),
    "array of three": ("07.5", lambda w, b, v, x, y: np.array(solved("07.5")(w, b, v, x, y))),
    "array of whole numbers": ("09.4", lambda *v: np.array(solved("09.4")(*v))),
    "array with None": ("05.3", lambda *v: np.array(solved("05.3")(*v), dtype=object)),
    "single precision in between": ("03.9", lambda x: (
        (x - x.mean()) / x.std()).astype(np.float32)),
    "fractions": ("09.3", lambda n, k, s, p: Fraction((n + 2 * p - k) // s + 1)),
    "single precision throughout": ("03.9", lambda x: (
        lambda x: (x - x.mean()) / x.std())(x.astype(np.float32))),
    "a difference in single precision": ("02.4", lambda f, z, h: (
        lambda z, h: (f(z + h) - f(z - h)) / (2 * h))(np.float32(z), np.float32(h))),
    "crease in single precision": ("07.4", lambda c: [
        np.array(part, np.float32) for part in solved("07.4")(c)]),
    "correlation": ("01.3", lambda x, y: (lambda slope: (y.mean() - slope * x.mean(), slope))(
        np.corrcoef(x, y)[0, 1] * y.std() / x.std())),
    "complex, with no imaginary part": ("03.6", lambda A:
        2 / np.linalg.eigvals(2 * A.T @ A / len(A)).astype(complex).max()),
    "a whole quotient in another order": ("04.11", lambda step, batch, new_step: math.ceil(
        batch * (2 / step - 1) / (2 / new_step - 1))),
    "an exact quotient": ("04.11", lambda step, batch, new_step: math.ceil(
        batch * (2 / Fraction(step) - 1) / (2 / Fraction(new_step) - 1))),
    "columns of Python's numbers": ("05.7", lambda X:
        np.frompyfunc(lambda a, b: a * b, 2, 1)(X[:, 0], X[:, 1])),
    "a column of Python's numbers": ("03.9", lambda x: ((x - x.mean()) / x.std()).astype(object)),
    "a slope as two factors": ("06.10", chain_by_factors),
    "pixels, counted": ("09.8", lambda layers: len(functools.reduce(lambda seen, layer: {
        i * layer[1] + j for i in seen for j in range(layer[0])}, layers[::-1], {0}))),
}  # fmt: skip


@pytest.mark.parametrize(("number", "answer"), RIGHT.values(), ids=RIGHT)
def test_another_road_to_the_right_answer_is_right(number, answer):
    for seed in range(20):
        verdict = check(number, answer, seed)
        assert verdict.state == "right", verdict
