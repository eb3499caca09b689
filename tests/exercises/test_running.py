"""Code of the reader is run: an endless loop ends in words, a busy machine changes no verdict."""

import contextlib
import itertools
import signal
import sys
import threading
import time
import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from lecture_utils import check
from lecture_utils.exercises import n03_gradient_descent, running
from tests.exercises.test_judge import loops, raises
from tests.helpers.exercise_notebooks import EXERCISES


def state():
    """Return what a check must leave as it is."""
    return (signal.getsignal(signal.SIGALRM) if running.ALARM else None, sys.gettrace(), limits(),
            np.geterr(), list(warnings.filters))  # fmt: skip


def limits():
    """Return how much memory this process may take."""
    if not running.LIMITED:
        return None
    import resource

    return resource.getrlimit(resource.RLIMIT_DATA)


@pytest.mark.parametrize("alarm", [True, False])
@pytest.mark.parametrize("thread", [True, False])
def test_an_endless_loop_ends_in_words_everywhere(monkeypatch, alarm, thread):
    monkeypatch.setattr(running, "SECONDS", 0.2)
    monkeypatch.setattr(running, "ALARM", alarm and running.ALARM)
    found, before, calls = [], state(), []

    def counted(*values):
        calls.append(1)
        return loops(*values)

    if thread:
        other = threading.Thread(target=lambda: found.append(check("05.3", counted)))
        other.start()
        other.join()
    else:
        found.append(check("05.3", counted))
    (verdict,) = found
    assert verdict.state == "not yet"
    assert "still running after 0.2 s in line" in verdict.words
    assert len(calls) == 1  # not for every input
    assert state() == before


def on_the_spot(w, X, y):
    while True: pass  # fmt: skip  # noqa: E701


def bare(w, X, y):
    while True:
        try:
            time.sleep(0.01)
        except:  # noqa: E722
            continue


def around(w, X, y):
    while True:
        try:
            bare(w, X, y)
        except BaseException:
            continue


def one_in_the_other(w, X, y):
    while True:
        try:
            try:
                time.sleep(0.01)
            except:  # noqa: E722
                w = w + 1
        except:  # noqa: E722
            w = w - 1


def suppressed(w, X, y):
    while True:
        with contextlib.suppress(BaseException):
            np.ones((50, 50)) @ np.ones((50, 50))


@pytest.mark.slow
@pytest.mark.parametrize("alarm", [True, False])
@pytest.mark.parametrize("answer", [on_the_spot, bare, around, one_in_the_other, suppressed])
def test_no_except_of_the_reader_keeps_an_endless_loop_alive(monkeypatch, answer, alarm):
    monkeypatch.setattr(running, "SECONDS", 0.2)
    monkeypatch.setattr(running, "ALARM", alarm and running.ALARM)
    before = state()
    assert "still running after 0.2 s in line" in check("05.5", answer).words
    assert state() == before


class Clock:
    """Time that passes when the test says so: on a busy machine the real one runs away."""

    waited = worked = 0.0

    def monotonic(self):
        return self.waited

    def process_time(self):
        return self.worked


@pytest.mark.parametrize("alarm", [True, False])
@pytest.mark.parametrize(("waited", "worked", "state"), [
    (0.9, 0.9, "right"), (5.9, 0.9, "right"), (6.1, 0.9, "not yet"), (1.1, 1.1, "not yet"),
])  # fmt: skip
def test_on_a_busy_machine_a_verdict_is_the_same(monkeypatch, alarm, waited, worked, state):
    """What others do there is not the answer's work, and no answer may wait for ever."""
    alarm, clock = alarm and running.ALARM, Clock()
    monkeypatch.setattr(running, "ALARM", alarm)
    monkeypatch.setattr(running, "time", clock)

    def kept_waiting(X, w, b):
        clock.waited += waited * running.SECONDS
        clock.worked += worked * running.SECONDS
        if alarm:
            signal.raise_signal(signal.SIGALRM)
        return np.sign(X @ w + b)

    assert check("05.1", kept_waiting).state == state


def test_what_is_ours_is_never_too_slow(monkeypatch):
    clock, exercise = Clock(), EXERCISES["03.5"]
    monkeypatch.setattr(running, "ALARM", False)
    monkeypatch.setattr(running, "time", clock)

    def goal(**values):
        clock.waited = clock.worked = clock.waited + 2 * running.PATIENCE * running.SECONDS
        return exercise.goal(**values)

    slow = replace(exercise, goal=goal)
    figure = SimpleNamespace(name="valley", values={"kappa": 10.0, "step": 0.5})
    assert slow.judge(figure, None)[0] == "not yet tried"
    figure.values = {"kappa": n03_gradient_descent.VALLEY, "step": 1.96}
    assert slow.judge(figure, None)[0] == "right"


@pytest.mark.parametrize("alarm", [True, False])
def test_a_slow_answer_and_a_timer_of_the_readers_are_left_alone(monkeypatch, alarm):
    monkeypatch.setattr(running, "ALARM", alarm and running.ALARM)
    seen = []

    def tracer(*_):
        return None

    if running.ALARM:
        mine = signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
        signal.setitimer(signal.ITIMER_REAL, 1000)
    watching = sys.gettrace()
    sys.settrace(tracer)
    try:
        assert (
            check("05.1", lambda X, w, b: time.sleep(0.01) or np.sign(X @ w + b)).state == "right"
        )
        kept = sys.gettrace()
    finally:
        sys.settrace(watching)
        if running.ALARM:
            left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, mine)
            assert 0 < left <= 1000
    assert kept is tracer
    assert not seen


@pytest.mark.parametrize("alarm", [True, False])
def test_only_the_reader_stops_a_check(monkeypatch, alarm):
    monkeypatch.setattr(running, "ALARM", alarm and running.ALARM)
    before = state()
    with pytest.raises(KeyboardInterrupt):
        check("05.1", raises(KeyboardInterrupt()))
    assert state() == before


def long_text(X, w, b):
    return "a" * 10**10


def grows(X, w, b):
    kept = []
    while True:
        kept.append(bytes(10**7))


def of_all_numbers(X, w, b):
    return list(itertools.repeat(0.0))  # a call into C that never comes back by itself


@pytest.mark.skipif(not running.LIMITED, reason="no limit of memory that is kept")
@pytest.mark.parametrize("answer", [long_text, grows, of_all_numbers])
def test_an_answer_that_takes_all_memory_ends_in_words_before_it_has_it(monkeypatch, answer):
    monkeypatch.setattr(running, "GIGABYTES", 0.2)
    before, calls = state(), []
    verdict = check("05.1", lambda *values: calls.append(1) or answer(*values))
    assert verdict.state == "not yet"
    assert "MemoryError" in verdict.words
    assert "0.2 GB are not enough" in verdict.words
    assert len(calls) == 1  # not for every input
    assert state() == before


def test_a_lower_limit_of_the_system_holds_and_stays(monkeypatch):
    if not running.LIMITED:
        pytest.skip("no limit of memory that is kept")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    seen, mine = [], 2**40
    resource.setrlimit(resource.RLIMIT_DATA, (mine, hard))
    try:
        monkeypatch.setattr(running, "GIGABYTES", 2**20)
        check("05.1", lambda *_: seen.append(limits()))
        assert limits() == (mine, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    assert set(seen) == {(mine, hard)}


class InItself:
    """A list of three, each as this one."""

    def __len__(self):
        return 3

    def __getitem__(self, key):
        return self


@pytest.mark.parametrize("wrapped", [lambda one: one, lambda one: (one, one), lambda one: [one]])
@pytest.mark.parametrize("number", ["05.1", "02.8"])
def test_a_result_that_never_becomes_numbers_is_looked_at_once(monkeypatch, number, wrapped):
    monkeypatch.setattr(running, "SECONDS", 0.2)
    calls = []
    verdict = check(number, lambda *_: calls.append(1) or wrapped(InItself()))
    assert "got       something that never ends when it is made numbers" in verdict.words
    assert len(calls) == 1


def test_an_error_that_is_raised_again_and_again_holds_on_to_nothing():
    problem = ValueError("no")
    assert "ValueError in line" in check("05.1", raises(problem)).words
    assert problem.__traceback__ is None
