"""Exercises of notebook 03: the numbers worked by hand, the figure, and words for wrong answers."""

import numpy as np
import pytest

from lecture_utils import check, explore
from lecture_utils.exercises.n03_gradient_descent import EXERCISES

RIGHT = {number: e.right for number, e in EXERCISES.items() if hasattr(e, "right")}


def test_the_hand_worked_examples():
    assert np.allclose(RIGHT["03.1"](0.0, 0.1, 3), [0, 0.6, 1.08, 1.464])
    Q, theta = np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([1.0, -1.0])
    assert RIGHT["03.2"](Q, theta).tolist() == [0, -4]
    A5, y5 = np.column_stack([np.arange(5.0), np.ones(5)]), np.array([1.0, 3, 2, 5, 4])
    assert np.allclose(RIGHT["03.3"](A5, y5, np.zeros(2)), [-15.2, -6])
    assert [RIGHT["03.4"](k, 1e-6) for k in (10, 100, 1000)] == [132, 1375, 13809]
    assert np.isclose(RIGHT["03.6"](A5), 0.149219, atol=1e-6)
    points = RIGHT["03.7"](np.arange(4.0), np.array([1.0, 3, 2, 5]), 0.1, 2)
    assert np.allclose(points, [[0, 0], [1.1, 0.55], [1.265, 0.66]])
    walk = np.array([[4.0, 1.0], [3.0, -1.0], [2.5, 0.0]])
    assert RIGHT["03.11"](walk, 0.5) == 2 / 3


def test_backtracking_takes_the_steps_that_were_counted():
    A, y = np.column_stack([np.arange(-2.0, 4.0), np.ones(6)]), np.array([0, 0, 1, 0, 1, 1.0])
    tries = []

    def loss(theta):
        tries.append(theta)
        return np.mean(np.logaddexp(0, A @ theta) - y * (A @ theta))

    def gradient(theta):
        return A.T @ (1 / (1 + np.exp(-A @ theta)) - y) / 6

    path = RIGHT["03.8"](loss, gradient, np.zeros(2), 13)
    lengths = [np.linalg.norm(gradient(theta)) for theta in path]
    assert lengths[12] > 1e-6 > lengths[13]
    assert len(tries) == 2 * 31  # the loss at the new and at the old point, 31 times


@pytest.mark.parametrize("seed", range(5))
def test_a_forgotten_transpose_is_named_although_it_raises_elsewhere(seed):
    def gradient_mse(A, y, theta):
        return -2 * A @ (y - A @ theta) / len(y)

    assert "only a square A lets it pass" in check("03.3", gradient_mse, seed).words


def test_a_loop_of_steps_that_is_right_is_right():
    def steps_needed(kappa, small):
        return np.ceil(np.log(small) / np.log1p(-1 / kappa))

    assert check("03.4", steps_needed).state == "right"


@pytest.mark.parametrize(
    "prepare",
    [
        lambda x: (x.mean() - x) / x.std(),
        lambda x: list((x - np.mean(x)) / np.sqrt(np.mean((x - np.mean(x)) ** 2))),
    ],
)
def test_every_column_that_needs_one_step_is_right(prepare):
    for seed in range(5):
        assert check("03.9", prepare, seed).state == "right"


def test_beyond_the_limit_that_a_walk_shows_it_diverges():
    for path, step in EXERCISES["03.11"].draw(np.random.default_rng(0)):
        moves, ends = np.diff(path, axis=0), []
        for share in (0.99, 1.01):  # the same valley, with a step next to the limit
            stretch = share * RIGHT["03.11"](path, step) / step
            factor = 1 - stretch * (1 - moves[1] / moves[0])
            ends.append(np.abs(factor**2000).max())
        assert ends[0] < 1e-6
        assert ends[1] > 1e6


def test_every_walk_is_home_after_as_many_steps_as_parameters():
    rng = np.random.default_rng(0)
    for (A,) in EXERCISES["03.12"].draw(rng):
        n, p = A.shape
        y, theta = rng.normal(size=n), rng.normal(size=p)
        for step in RIGHT["03.12"](A):
            theta = theta - step * -2 * A.T @ (y - A @ theta) / n
        assert np.allclose(theta, np.linalg.lstsq(A, y)[0], rtol=0, atol=1e-8)


def test_a_loop_over_coordinates_and_singular_values_are_right_too():
    def limit(path, step):
        limits = []
        for first, second, third in path.T:
            limits.append(2 * step * (second - first) / (2 * second - first - third))
        return min(limits)

    def steps_home(A):
        return len(A) / (2 * np.linalg.svd(A, compute_uv=False) ** 2)

    for seed in range(5):
        assert check("03.11", limit, seed).state == "right"
        assert check("03.12", steps_home, seed).state == "right"


def test_an_exploration_reads_the_figure():
    @explore(kappa=(1.0, 1000.0), step=(0.02, 2.2, 0.02))
    def valley(figure):
        return lambda kappa=10.0, step=0.5: f"{kappa} {step}"

    assert check("03.5", valley).state == "not yet tried"
    valley.set(step=1.96)
    assert "Press the button" in check("03.5", valley).words
    found = {}
    for i in range(1, 111):
        valley.set(kappa=50.0, step=i / 50)
        found[i / 50] = check("03.5", valley)
    assert [step for step, verdict in found.items() if verdict.state == "right"] == [1.96]
    assert "it never gets there" in found[2.02].words
    assert "it takes 345 steps" not in found[1.94].words
    assert "there is a better one" in found[1.94].words
