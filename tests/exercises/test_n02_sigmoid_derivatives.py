"""Exercises of notebook 02: numbers worked by hand, warnings, other right ways, two valleys."""

import numpy as np
import pytest

from lecture_utils import check, explore, sigmoid
from lecture_utils.exercises.n02_sigmoid_derivatives import EXERCISES, LOUD

SEEDS = range(5)
X6, Y6 = np.arange(-2.0, 4.0), np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])


def right(number, *values):
    return EXERCISES[number].right(*values)


def test_slopes_and_differences_worked_by_hand():
    slopes = right("02.2", np.array([0.0, 1.0, 2.0, 4.0]))
    assert np.allclose(slopes, [0.25, 0.196611933, 0.104993585, 0.0176627], rtol=0, atol=1e-7)
    assert right("02.3", np.array([0.5]), 3.0, -1.0).round(6) == 0.705011
    assert right("02.4", sigmoid, 2.0, 0.1).round(6) == 0.105058


def test_losses_and_gradients_worked_by_hand():
    assert right("02.5", np.array([-1000.0]), np.array([1.0])) == 1000.0
    assert right("02.5", np.zeros(1), np.ones(1)) == pytest.approx(np.log(2))
    gw, gb = right("02.6", np.zeros(1), 0.0, X6[:, None], Y6)
    assert gw == pytest.approx([-0.583333], abs=1e-6)
    assert gb == 0.0


def test_newton_reaches_the_bottom_in_six_steps():
    p = 0.0, 0.0
    for w in (0.8, 1.109776, 1.206125):
        p = right("02.8", *p, X6, Y6)
        assert p[0] == pytest.approx(w, abs=1e-6)
    for _ in range(3):
        p = right("02.8", *p, X6, Y6)
    assert p == pytest.approx((1.2140275858514, -0.6070137929257), abs=1e-12)


@pytest.mark.parametrize("number", ["02.6", "02.9"])
def test_gradients_are_those_of_the_loss(number):
    rng = np.random.default_rng(0)
    for values in EXERCISES[number].draw(rng):
        w, b, X, y = values
        X, w = np.reshape(X, (len(y), -1)), np.atleast_1d(w)
        h = 1e-6 * np.eye(len(w) + 1)

        def loss(p, X=X, y=y):
            return right("02.5", X @ p[:-1] + p[-1], y)

        p = np.append(w, b)
        measured = [(loss(p + d) - loss(p - d)) / 2e-6 for d in h]
        got = right(number, *values)
        assert np.allclose(np.hstack(got[-2:]), measured, rtol=0, atol=1e-8)


def test_no_other_bias_has_less_loss():
    assert right("02.12", np.array([1.0, 0.0, 0.0, 0.0])) == pytest.approx(-1.098612, abs=1e-6)
    for (y,) in EXERCISES["02.12"].draw(np.random.default_rng(0)):
        best, nearby = right("02.12", y), np.linspace(-3, 3, 601)
        losses = [right("02.5", np.full(len(y), b), y) for b in nearby]
        assert right("02.5", np.full(len(y), best), y) <= min(losses)
        assert abs(nearby[np.argmin(losses)] - best) < 0.01


def test_signs_pull_as_labels_of_0_and_1_do():
    rng = np.random.default_rng(0)
    z, s, h = 3 * rng.normal(size=40), rng.choice([-1.0, 1.0], 40), 1e-6
    got = right("02.11", z, s)
    assert np.allclose(got, sigmoid(z) - (s + 1) / 2, rtol=0, atol=1e-15)
    ends = (np.logaddexp(0, -s * (z + sign * h)) for sign in (1, -1))
    assert np.allclose(got, np.subtract(*ends) / (2 * h), rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    "loud",
    [
        lambda z: 1 / (1 + np.exp(-z)),
        lambda z: np.where(z > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))),
    ],
)
def test_right_values_with_a_warning_are_not_enough(loud):
    verdict = check("02.1", loud)
    assert verdict.state == "not yet"
    assert "overflow encountered in exp" in verdict.words
    assert LOUD in verdict.words


def test_underflow_and_a_warning_that_the_reader_silences_are_no_matter():
    def masks(z):
        a = np.empty(z.shape)
        a[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
        a[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
        return a

    def silent(z):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-z))

    assert check("02.1", masks).state == check("02.1", silent).state == "right"


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("02.2", lambda z: np.exp(-abs(z)) / (1 + np.exp(-abs(z))) ** 2),
        ("02.2", lambda z: sigmoid(z) - sigmoid(z) ** 2),
        ("02.3", lambda x, w, b: w / (2 * np.cosh((w * x + b) / 2)) ** 2),
        ("02.5", lambda z, y: np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-abs(z))))),
        ("02.12", lambda y: np.log(y.sum()) - np.log(len(y) - y.sum())),
        ("02.11", lambda z, s: sigmoid(z) - (s > 0)),
        ("02.5", lambda z, y: np.logaddexp(0, np.where(y == 1, -z, z)).mean()),
        ("02.6", lambda w, b, X, y: [(sigmoid(X @ w + b) - y) @ X / len(y),
                                     np.mean(sigmoid(X @ w + b) - y)]),
    ],
)  # fmt: skip
def test_another_way_is_right_too(number, answer):
    for seed in SEEDS:
        assert check(number, answer, seed).state == "right"


def figure():
    @explore(far=(2, 20), near=(0.0, 1.0, 0.05), start=(-1.5, 4.0, 0.1), seen=(0, 1000))
    def valleys(figure):
        return lambda far=3, near=0.5, start=3.0, seen=0: f"{far} {near} {start} {seen}"

    return valleys


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (dict(far=10, near=0.1, start=2.0, seen=1000), "0.3 or more is asked for"),
        (dict(far=15, near=0.3, start=2.0, seen=500), "may still be rolling"),
        (dict(far=3, near=0.3, start=2.0, seen=1000), "one valley only"),
        (dict(far=15, near=0.3, start=0.1, seen=1000), "in the deepest valley"),
        (dict(far=15, near=0.3, start=4.0, seen=1000), "right: far = 15"),
        (dict(far=15, near=0.3, start=2.0, seen=1000), "right: far = 15"),
        (dict(far=10, near=0.3, start=1.5, seen=1000), "right: far = 10"),
    ],
)
def test_the_wrong_valley(values, words):
    valleys = figure()
    assert check("02.7", valleys).state == "not yet tried"
    valleys.set(**values)
    assert words in check("02.7", valleys).words
