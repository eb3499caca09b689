"""Whatever is handed to `check`: a verdict in words, and nothing else is changed."""

import random
import signal
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lecture_utils import check
from lecture_utils.exercises import running
from lecture_utils.exercises.judge import Verdict
from tests.helpers.exercise_notebooks import EXERCISES, FUNCTIONS

if running.LIMITED:
    import resource

numbers = st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers()
dtypes = st.sampled_from(["?", "i1", "u8", "f2", "f4", "f8", "c16", "O", "U3", "M8[s]"])
anything = st.recursive(
    numbers | st.text(max_size=60) | st.binary(max_size=4) | st.just(...)
    | dtypes.flatmap(lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=3, min_side=0,
                                                            max_side=3))),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip
errors = st.sampled_from(
    [ValueError("no"), KeyError(()), SystemExit(1), GeneratorExit(), StopIteration(), OSError(2)]
)


def gives(value):
    return lambda *_: value


def raises(problem):
    def function(*_):
        raise problem

    return function


def spoils(value):
    """Write over whatever arrays and lists come in."""

    def function(*inputs):
        for one in inputs:
            if isinstance(one, np.ndarray):
                one[...] = 0
            elif isinstance(one, list):
                one.clear()
        return value

    return function


def bends(number, value):
    """Do what is right, with a little of something else."""
    return lambda *inputs: FUNCTIONS[number].right(*inputs) * value


class Odd:
    """An object whose every look says something else, or raises it."""

    def __init__(self, value, problem):
        self.value, self.problem = value, problem

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.value

    def __call__(self, *_):
        return self

    def __repr__(self):
        raise self.problem

    __len__ = __iter__ = __array__ = __eq__ = __repr__
    __hash__ = None


answers = st.one_of(
    anything,
    anything.map(gives),
    anything.map(spoils),
    errors.map(raises),
    st.builds(bends, st.sampled_from(list(FUNCTIONS)), anything),
    st.builds(Odd, anything, errors),
    st.builds(Odd, anything, errors).map(gives),
    st.builds(Odd, anything, errors).map(lambda odd: gives([odd, odd])),
    st.sampled_from([print, len, np.exp, np.sum, int, Odd, dict, type, iter, range]),
    st.sampled_from([exercise.right for exercise in FUNCTIONS.values()]),
)


def everything():
    """Return what a check must leave as it is."""
    alarm = signal.getsignal(signal.SIGALRM) if running.ALARM else None
    timer = signal.getitimer(signal.ITIMER_REAL) if running.ALARM else None
    memory = resource.getrlimit(resource.RLIMIT_DATA) if running.LIMITED else None
    return (np.geterr(), list(warnings.filters), str(np.random.get_state()),  # noqa: NPY002
            random.getstate(),
            sys.gettrace(), alarm, timer, memory, np.get_printoptions())  # fmt: skip


@given(number=st.sampled_from(list(EXERCISES)), answer=answers, seed=st.integers(0, 99))
def test_any_answer_has_a_verdict_and_leaves_all_as_it_was(number, answer, seed):
    before = everything()
    verdict = check(number, answer, seed)
    assert isinstance(verdict, Verdict)
    assert verdict.state in ("right", "not yet", "not yet tried", "compare")
    assert verdict.words.startswith((verdict.state, "no program"))
    assert len(repr(verdict)) < 6000
    assert everything() == before
    assert check(number, answer, seed).state == verdict.state


@given(number=st.sampled_from(list(EXERCISES)), answer=anything)
def test_what_is_no_function_is_left_as_it_was(number, answer):
    before = repr(answer)
    check(number, answer)
    assert repr(answer) == before


@given(number=anything, answer=answers)
def test_any_number_is_an_exercise_or_refused_in_one_line(number, answer):
    if isinstance(number, str) and number in EXERCISES:
        return
    with pytest.raises(ValueError, match=r"\Anumber must be .*, got .*; try \d\d\.\d.*\Z"):
        check(number, answer)
