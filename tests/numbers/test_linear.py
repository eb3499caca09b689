"""Least squares three ways and logistic regression, against NumPy, scikit-learn and by hand."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from lecture_utils.numbers.datasets import penguins_xy
from lecture_utils.numbers.linear import (
    descent_path,
    least_squares,
    logistic_regression,
    softmax_regression,
)
from tests.helpers.strategies import normal, seeds

T4 = ([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 2.0, 5.0])
T5 = ([*T4[0], 4.0], [*T4[1], 4.0])
L6 = ([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0], [0, 0, 1, 0, 1, 1])


@pytest.mark.parametrize("method", ["qr", "normal"])
def test_four_points_by_hand(method):
    np.testing.assert_allclose(least_squares(*T4, method), [1.1, 1.1], rtol=1e-13)


@pytest.mark.parametrize("method", ["qr", "normal"])
def test_penguins(method):
    x, y = penguins_xy()
    slope, intercept = least_squares(x, y, method)
    assert slope == pytest.approx(49.68557, abs=1e-5)
    assert intercept == pytest.approx(-5780.831, abs=1e-3)
    residuals = y - intercept - slope * x
    assert np.sqrt(np.mean(residuals**2)) == pytest.approx(393.124, abs=1e-3)
    assert 1.0 - np.mean(residuals**2) / y.var() == pytest.approx(0.758993, abs=1e-6)


@given(seeds, st.integers(1, 5), st.integers(0, 20), st.sampled_from(["qr", "normal"]))
def test_equal_to_lstsq_and_the_residuals_are_orthogonal(seed, d, more, method):
    X, y = normal((d + 2 + more, d), seed), normal(d + 2 + more, seed + 1)
    A = np.column_stack([X, np.ones(len(X))])
    theta = least_squares(X, y, method)
    condition = np.linalg.cond(A) ** (2 if method == "normal" else 1)
    np.testing.assert_allclose(theta, np.linalg.lstsq(A, y)[0], atol=1e-13 * condition)
    np.testing.assert_allclose(A.T @ (y - A @ theta), 0.0, atol=1e-12 * condition)


def test_normal_equations_lose_twice_the_digits():
    x = np.linspace(0.0, 1.0, 50) + 1e5
    y = 2.0 + 0.5 * (x - 1e5)
    errors = [abs(least_squares(x, y, method)[0] - 0.5) for method in ("qr", "normal")]
    assert errors[0] < 1e-8 < errors[1] < 1e-1


@pytest.mark.parametrize(
    "X",
    [np.ones(5), np.column_stack([np.arange(5), 2 * np.arange(5)]), normal((3, 5)), [[1e-9] * 3]],
)
def test_dependent_columns_are_refused(X):
    y = np.arange(len(X))
    with pytest.raises(ValueError, match=r"X must have independent columns.*try np.linalg.lstsq"):
        least_squares(X, y)


def test_normal_equations_that_rounding_made_singular_say_so():
    x = 1e-200 * (np.arange(4.0) - 1.5)  # the squares are too small for a double
    assert least_squares(x, np.arange(4.0))[0] == pytest.approx(1e200)
    with pytest.raises(ValueError, match=r"better conditioned.*try method='qr'"):
        least_squares(x, x, "normal")


def test_units_make_no_columns_dependent():
    x = np.arange(5.0)
    for unit in (1e18, 1e-18):
        slope, intercept = least_squares(unit * x, x)
        assert slope * unit == pytest.approx(1.0)
        assert intercept == pytest.approx(0.0, abs=1e-12)


def test_descent_by_hand():
    path = descent_path(*T4, step=0.1, steps=2)
    np.testing.assert_allclose(path, [[0, 0], [1.1, 0.55], [1.265, 0.66]], atol=1e-14)
    np.testing.assert_allclose(descent_path(*T4, 0.1, 1, start=[1.0, 0.0])[1], [1.4, 0.25])


def test_descent_arrives_where_the_closed_form_is():
    np.testing.assert_allclose(descent_path(*T5)[-1], least_squares(*T5), atol=1e-8)


@pytest.mark.parametrize(("data", "limit"), [(T4, 0.237950), (T5, 0.149219)])
def test_the_largest_stable_step(data, limit):
    ends = [descent_path(*data, step=limit * factor, steps=2000)[-1] for factor in (0.99, 1.01)]
    best = least_squares(*data)
    assert np.linalg.norm(ends[0] - best) < 0.1 * np.linalg.norm(best)
    assert np.linalg.norm(ends[1] - best) > 1e3


def test_a_walk_astray_ends_in_inf_or_nan_without_a_warning():
    assert not np.isfinite(descent_path(*T5, step=10.0)[-1]).any()


def test_logistic_regression_of_six_points():
    network = logistic_regression(*L6)
    np.testing.assert_allclose(network.parameters, [1.214028, -0.607014], atol=1e-6)


@pytest.mark.parametrize("l2", [0.0, 0.05])
def test_logistic_and_softmax_equal_scikit_learn(l2):
    X = normal((60, 3))
    noisy = X @ [1.0, -2.0, 0.5] + normal(60, seed=1)
    strength = np.inf if l2 == 0 else 1.0 / (60 * l2)
    for fit, y in (
        (logistic_regression, (noisy > 0).astype(int)),
        (softmax_regression, np.digitize(noisy, [-1.0, 1.0])),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of how it names no penalty, which changes
            theirs = LogisticRegression(C=strength, tol=1e-10, max_iter=10_000).fit(X, y)
        scores = fit(X, y, l2).predict(X)
        if scores.shape[1] > 1:  # a common shift changes nothing
            scores = scores - scores.mean(axis=1, keepdims=True)
        expected = theirs.decision_function(X).reshape(scores.shape)
        if scores.shape[1] > 1:
            expected = expected - expected.mean(axis=1, keepdims=True)
        np.testing.assert_allclose(scores, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: least_squares([1, 2], [1, 2, 3]), r"got shapes \(2,\) and \(3,\)"),
        (lambda: least_squares([1, 2], [[1], [2]]), r"got \(2,\) and \(2, 1\); try np.ravel\(y\)"),
        (lambda: least_squares([1, np.nan], [1, 2]), r"X must be finite, row 1"),
        (lambda: least_squares([1, 2], [1, np.inf]), r"y must be finite, row 1"),
        (lambda: least_squares([], []), r"X must have at least one row"),
        (lambda: least_squares(1.0, 2.0), r"X must have at least one row, got shape \(\)"),
        (lambda: least_squares(*T4, "inv"), r"method must be one of qr, normal; got 'inv'"),
        (lambda: descent_path(*T4, step=-1), r"step must be >= 0 and finite, got -1; try 0.1"),
        (lambda: descent_path(*T4, steps=0), r"steps must be a whole number >= 1, got 0"),
        (lambda: descent_path(*T4, start=[1.0]), r"start must have shape \(2,\), got \(1,\)"),
        (lambda: logistic_regression([1.0, 2.0], [-1, 1]), r"y must hold numbers from 0 to 1"),
        (lambda: logistic_regression(*L6, l2=-1), r"l2 must be >= 0 and finite, got -1; try 0.0"),
        (lambda: logistic_regression(*L6, updates=0), r"updates must be a whole number >= 1"),
        (lambda: softmax_regression([1.0, 2.0], [0, 1e9]), r"got 1e\+09 among 2 samples"),
        (lambda: softmax_regression([1.0, 2.0], [0, 0.5]), r"y must hold whole numbers"),
        (lambda: softmax_regression([1.0, 2.0], [-1, -1]), r"y must hold .* 0 to k - 1, got -1"),
    ],
)
def test_bad_input_is_refused_in_one_line(call, message):
    with pytest.raises(ValueError, match=message) as refused:
        call()
    assert "\n" not in str(refused.value)
