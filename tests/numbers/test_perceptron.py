"""The perceptron: worked by hand, its laws, scikit-learn's, and the example of the lecture."""

import numpy as np
import pytest
from hypothesis import given
from sklearn.linear_model import Perceptron

from lecture_utils.numbers.datasets import income_debt
from lecture_utils.numbers.perceptron import train
from tests.helpers.strategies import floats, normal, seeds

H4 = ([(2, 1), (-1, 1), (1, -2), (-2, -1)], [1, -1, 1, -1])
D5 = ([(1, 2), (2, -1), (-1, -1), (-2, 1), (3, 1)], [1, -1, 1, -1, -1])
SQUARE = [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_h4_by_hand():
    # (2,1)+: score 0, a mistake: w = (2,1), b = 1.   (-1,1)-: -2 + 1 + 1 = 0, a mistake: w = (3,0),
    # b = 0.   (1,-2)+: 3, right.   (-2,-1)-: -6, right.   A second pass makes no mistake.
    run = train(*H4)
    np.testing.assert_array_equal(run.weights, [(0, 0), (2, 1), (3, 0), (3, 0), (3, 0)])
    np.testing.assert_array_equal(run.bias, [0, 1, 0, 0, 0])
    np.testing.assert_array_equal(run.predictions, [0, 0, 1, -1])
    np.testing.assert_array_equal(run.mistakes, [True, True, False, False])
    again = train(*H4, passes=2)
    assert again.mistakes.sum() == 2
    assert len(again.weights) == 9


def test_d5_by_hand():
    run = train(*D5)
    np.testing.assert_array_equal(run.weights[-1], [-3, 0])
    assert run.bias[-1] == -1


@pytest.mark.parametrize(
    ("labels", "mistakes", "passes", "weights", "bias"),
    [
        ((-1, -1, -1, 1), 18, 9, (3, 2), -4),  # and
        ((-1, 1, 1, 1), 9, 6, (2, 2), -1),  # or
        ((1, 1, 1, -1), 18, 9, (-3, -2), 4),  # not and
    ],
)
def test_and_or_nand(labels, mistakes, passes, weights, bias):
    run = train(SQUARE, labels, passes=passes)
    assert run.mistakes.sum() == mistakes
    assert run.mistakes[-4:].sum() == 0 < run.mistakes[-8:-4].sum()  # the last pass is the first
    np.testing.assert_array_equal(run.weights[-1], weights)
    assert run.bias[-1] == bias


def test_xor_comes_back_to_zero_after_every_pass():
    run = train(SQUARE, [-1, 1, 1, -1], passes=50)
    assert run.mistakes.all()
    np.testing.assert_array_equal(run.weights[::4], 0)
    np.testing.assert_array_equal(run.bias[::4], 0)


def test_the_lectures_example():
    X, y = income_debt(100, seed=0)
    run = train(X, y, step=1e-5, bias_step=1.0)
    assert run.mistakes.sum() == 20
    assert (np.sign(X @ run.weights[-1] + run.bias[-1]) == y).mean() == pytest.approx(0.95)
    after = [(np.sign(X @ w + b) == y).mean() for w, b in zip(run.weights, run.bias, strict=True)]
    expected = [0.0, 0.60, 0.60, 0.60, 0.60, 0.47, 0.47, 0.47, 0.94, 0.94, 0.65]
    np.testing.assert_allclose(after[:11], expected)  # before any sample, sign(0) is never right


def test_a_separate_bias_step_is_a_scaled_column_of_ones():
    X, y = income_debt(100, seed=0)
    s = np.sqrt(1e5)
    run = train(X, y, step=1e-5, bias_step=1.0)
    scaled = train(np.column_stack([X, np.full(100, s)]), y, step=1e-5, bias_step=1e-300)
    np.testing.assert_array_equal(run.mistakes, scaled.mistakes)
    np.testing.assert_allclose(run.weights, scaled.weights[:, :2], atol=1e-9)
    np.testing.assert_allclose(run.bias, scaled.weights[:, 2] * s, atol=1e-9)


def separable(seed, n=20, d=3):
    X = normal((n, d), seed)
    y = np.where(X @ normal(d, seed + 1) > 0.1, 1, -1)
    return X, y


@given(seeds, floats(0.01, 100.0))
def test_scaling_both_steps_scales_the_weights_and_changes_no_prediction(seed, c):
    X, y = separable(seed)
    one, other = train(X, y), train(X, y, step=c, bias_step=c)
    np.testing.assert_allclose(other.weights, c * one.weights, rtol=1e-9, atol=1e-9 * c)
    np.testing.assert_allclose(other.bias, c * one.bias, rtol=1e-9, atol=1e-9 * c)
    np.testing.assert_array_equal(one.mistakes, other.mistakes)


@given(seeds)
def test_row_i_is_the_state_before_sample_i(seed):
    X, y = separable(seed)
    run = train(X, y, step=0.5, bias_step=2.0, passes=2)
    samples = zip(np.tile(X, (2, 1)), np.tile(y, 2), strict=True)
    for i, (x, label) in enumerate(samples):
        assert run.predictions[i] == np.sign(run.weights[i] @ x + run.bias[i])
        assert run.mistakes[i] == (run.predictions[i] != label)
        change = label if run.mistakes[i] else 0
        np.testing.assert_allclose(
            run.weights[i + 1] - run.weights[i], 0.5 * change * x, atol=1e-12
        )
        assert run.bias[i + 1] - run.bias[i] == pytest.approx(2.0 * change)


@given(seeds)
def test_mistakes_stay_below_the_bound_of_novikoff(seed):
    X, u = normal((30, 2), seed), np.array([1.0, -2.0, 0.5])
    A = np.column_stack([X, np.ones(30)])
    A, y = A[abs(A @ u) > 0.5], np.sign(A @ u)[abs(A @ u) > 0.5]
    margin = (y * (A @ u)).min() / np.linalg.norm(u)
    radius = np.linalg.norm(A, axis=1).max()
    run = train(A[:, :2], y, passes=100)
    assert run.mistakes.sum() <= (radius / margin) ** 2
    assert run.mistakes[-len(y) :].sum() == 0


@pytest.mark.parametrize("seed", range(5))
def test_equal_to_scikit_learn(seed):
    X, y = separable(seed)
    theirs = Perceptron(shuffle=False, max_iter=3, tol=None).fit(X, y)
    run = train(X, y, passes=3)
    np.testing.assert_allclose(run.weights[-1], theirs.coef_[0], atol=1e-12)
    assert run.bias[-1] == pytest.approx(theirs.intercept_[0])


def test_two_runs_are_compared_by_what_they_hold():
    run = train(*H4)
    assert run == run == train(*H4)
    assert run != train(*H4, passes=2)
    assert run != train(*D5)


def test_repr_is_one_line():
    assert repr(train(*H4)) == "Trajectory of 4 samples, 2 mistakes, final w = (3, 0), b = 0"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1, -1]), r"X must have shape \(n, d\) .* got \(2,\)"),
        (([[]], [1]), r"X must have at least one row"),
        (([[1.0]], [[1]]), r"y must have one label for each row of X \(1, 1\), got shape \(1, 1\)"),
        (([["a"]], [1]), r"X must hold numbers in rows of one length"),
        (([[1.0], [1.0, 2.0]], [1, 1]), r"X must hold numbers in rows of one length"),
        (([[1.0]], ["a"]), r"y must hold numbers"),
        (([[1.0]], [0]), r"y must hold -1 and \+1 only, got 0; try np.where"),
        (([[1.0]], [np.nan]), r"y must be finite, row 0"),
        (([[1.0], [np.nan]], [1, -1]), r"X must be finite, row 1"),
        ((*H4, 0.0), r"step must be > 0, got 0.0; try 1.0"),
        ((*H4, 1.0, -1.0), r"bias_step must be >= 0 and finite, got -1.0"),
        ((*H4, np.inf), r"step must be >= 0 and finite, got inf"),
        ((*H4, 1.0, 1.0, 0), r"passes must be a whole number >= 1, got 0; try 1"),
        ((*H4, 1.0, 1.0, 1.5), r"passes must be a whole number >= 1, got 1.5"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, message):
    with pytest.raises(ValueError, match=message) as refused:
        train(*arguments)
    assert "\n" not in str(refused.value)
