"""Exercises of notebook 01: the numbers worked by hand, and the figure."""

import numpy as np
import pytest

from lecture_utils import check, explore, penguins_xy
from lecture_utils.exercises.n01_linear_regression import EXERCISES, X4, Y4

RIGHT = {number: e.right for number, e in EXERCISES.items() if hasattr(e, "right")}


def test_the_hand_worked_examples():
    assert RIGHT["01.2"](0.0, 1.0, X4, Y4) == 2.25
    assert np.allclose(RIGHT["01.3"](X4, Y4), (1.1, 1.1))
    assert RIGHT["01.4"](0.0, 1.0, X4, Y4) == (-2.5, -4.0)
    ten = np.arange(10.0)
    moved = [RIGHT["01.5"](ten, k, 30.0) for k in (9, 4, 0)]
    assert np.allclose(moved, [1.636364, -0.181818, -1.636364], atol=1e-6)
    assert np.allclose(RIGHT["01.6"](X4[:, None], Y4), [1.1, 1.1])
    assert RIGHT["01.7"](X4[:, None], Y4, np.array([1.0, 0.0])) == 1.5
    assert np.isclose(EXERCISES["01.7"].given(X4[:, None], Y4, np.array([1.0, 0.0])), np.sqrt(5))


def test_the_penguins():
    x, y = penguins_xy()
    b0, b1 = RIGHT["01.3"](x, y)
    assert np.isclose(b0, -5780.831, atol=1e-3)
    assert np.isclose(b1, 49.68557, atol=1e-5)
    assert np.isclose(RIGHT["01.8"](y, b0 + b1 * x), 0.758993, atol=1e-6)


def test_a_change_of_the_slope_is_what_a_new_fit_finds():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=12), rng.normal(size=12)
    moved = y.copy()
    moved[3] += 2.5
    change = RIGHT["01.3"](x, moved)[1] - RIGHT["01.3"](x, y)[1]
    assert np.isclose(RIGHT["01.5"](x, 3, 2.5), change, atol=1e-12)


def test_the_power_of_a_point_is_what_a_new_fit_finds():
    assert np.allclose(RIGHT["01.10"](X4), [0.7, 0.3, 0.3, 0.7])
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=12), rng.normal(size=12)
    ends = [np.polyval(np.polyfit(x, y + up, 1), x) for up in np.eye(12)]
    moved = np.diag(np.array(ends) - np.polyval(np.polyfit(x, y, 1), x))
    assert np.allclose(RIGHT["01.10"](x), moved, atol=1e-12)
    assert RIGHT["01.10"](x).sum() == pytest.approx(2)  # one for the intercept, one for the slope


def test_copies_are_counted_as_if_they_stood_there():
    times = np.array([1, 1, 1, 3])
    copied = np.polyfit(np.repeat(X4, times), np.repeat(Y4, times), 1)[::-1]
    assert np.allclose(RIGHT["01.11"](X4, Y4, times.astype(float)), copied)
    x, y, times = np.random.default_rng(0).uniform(1, 3, (3, 9))
    root = np.sqrt(times)[:, None]
    rows = np.linalg.lstsq(root * np.column_stack([np.ones(9), x]), root[:, 0] * y)[0]
    assert np.allclose(RIGHT["01.11"](x, y, times), rows)


def by_the_hat_matrix(x):
    A = np.column_stack([x, np.ones(len(x))])
    return np.diag(A @ np.linalg.pinv(A))


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("01.10", by_the_hat_matrix),
        ("01.11", lambda x, y, times: np.polyfit(x, y, 1, w=np.sqrt(times))[::-1]),
    ],
)
def test_another_way_is_right_too(number, answer):
    for seed in range(5):
        assert check(number, answer, seed).state == "right"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"b0": 1.1, "b1": 1.1}, ""),
        ({"b0": 1.0, "b1": 1.1}, ""),
        ({"b0": 1.1, "b1": 1.1, "best": True}, "Without a look"),
        ({"b0": 1.0, "b1": 4 / 3}, "is 3.22; at most 2.75"),
    ],
)
def test_the_area_is_read_from_the_figure(values, words):
    @explore(b0=(-2.0, 4.0, 0.1), b1=(-1.0, 3.0, 0.1), best=False)
    def squares(figure):
        return lambda b0=0.0, b1=1.0, best=False: f"{b0} {b1} {best}"

    assert check("01.1", squares).state == "not yet tried"
    squares.set(**values)
    verdict = check("01.1", squares)
    assert verdict.state == ("not yet" if words else "right")
    assert words in verdict.words
