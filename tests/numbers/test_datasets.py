"""Data: the shipped sets are what their sources say; a split keeps rows together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sklearn.datasets import load_digits, load_sample_image

from lecture_utils.numbers.datasets import (
    digits,
    penguins,
    penguins_xy,
    photograph,
    split,
)
from tests.helpers.strategies import seeds


def test_digits_are_those_of_scikit_learn():
    X, y = digits()
    theirs = load_digits()
    np.testing.assert_array_equal(16.0 * X, theirs.data)
    np.testing.assert_array_equal(y, theirs.target)
    assert (X.dtype, y.dtype) == (np.float64, np.int64)
    assert X.flags.writeable
    X[:] = 7.0
    assert digits()[0].max() == 1.0  # a reader's change stays the reader's


@pytest.mark.parametrize(("kind", "mode", "size"), [("grey", "L", (160, 107)),
                                                    ("color", "RGB", (240, 160))])  # fmt: skip
def test_the_photograph_is_that_of_scikit_learn_made_smaller(kind, mode, size):
    picture = photograph(kind)
    theirs = Image.fromarray(load_sample_image("china.jpg")).convert(mode)
    theirs = np.asarray(theirs.resize(size, Image.Resampling.LANCZOS))
    assert picture.shape == theirs.shape
    assert np.abs(255 * picture - theirs).max() <= 1.01  # rounding differs between versions
    picture[:] = 7.0
    assert photograph(kind).max() <= 1.0


def test_penguins_are_the_342_with_both_measures():
    x, y = penguins_xy()
    assert x.shape == y.shape == (342,)
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    assert np.corrcoef(x, y)[0, 1] ** 2 == pytest.approx(0.758993, abs=1e-6)
    assert len(penguins()) == 344


@given(st.integers(2, 50), st.floats(0.0, 0.99), seeds)
def test_split_parts_all_samples_and_keeps_rows_together(n, share, seed):
    X, y = np.arange(n * 2).reshape(n, 2), np.arange(n)
    X_train, X_test, y_train, y_test = split(X, y, share, seed)
    assert len(X_test) == len(y_test) == min(max(round(share * n), 1), n - 1)
    np.testing.assert_array_equal(np.sort(np.concatenate([y_train, y_test])), y)
    np.testing.assert_array_equal(X_train[:, 0], 2 * y_train)
    np.testing.assert_array_equal(X_test[:, 0], 2 * y_test)


def test_split_shuffles():
    assert (split(np.arange(50), np.arange(50))[1] != np.arange(12)).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2, 3], [1, 2]), r"got shapes \(3,\) and \(2,\)"),
        (([1, 2], [1, 2], 1.0), r"test must be >= 0 and < 1, got 1.0; try 0.25"),
        (([1], [1]), r"X must have at least 2 rows to be split, got shape \(1,\)"),
        ((1, 2), r"X must have at least 2 rows"),
        (([1, 2], [1, 2], 0.5, -1), r"seed must be a whole number >= 0, got -1; try 0"),
    ],
)
def test_a_bad_split_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        split(*arguments)
