"""Exercises of notebook 05: the numbers worked by hand, the figure, and what helps with XOR."""

import re

import numpy as np
import pytest
from scipy.optimize import linprog

from lecture_utils import check, explore, perceptron
from lecture_utils.exercises.n05_perceptron import EXERCISES

SEEDS = range(5)


@pytest.mark.parametrize(
    "extra",
    [
        lambda X: abs(X[:, 0] - X[:, 1]),
        lambda X: (X[:, 0] + X[:, 1]) ** 2,
        lambda X: X.max(axis=1),
        lambda X: X[:, 0] * X[:, 1] > 0,
        lambda X: [1e9 * a * b for a, b in X],
        lambda X: 1e-6 * X[:, 0] * X[:, 1],
        lambda X: np.column_stack([np.full(len(X), 100.0), X[:, 0] * X[:, 1]]),
    ],
)
def test_every_input_that_helps_xor_is_right(extra):
    for seed in SEEDS:
        assert check("05.7", extra, seed).state == "right"


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (lambda X: X[:, 0] ** 2, "add nothing"),
        (lambda X: 2 * X[:, 0] - X[:, 1], "add nothing"),
        (lambda X: np.array([-1.0, 1, 1, -1]), "add nothing|one row a sample"),
        (lambda X: np.random.default_rng(0).normal(size=len(X)), "equal samples get|not enough"),
    ],
)
def test_an_input_that_does_not_help_xor_is_not(extra, words):
    for seed in SEEDS:
        verdict = check("05.7", extra, seed)
        assert verdict.state == "not yet"
        assert re.search(words, verdict.words)


def test_the_hand_worked_example():
    X, y = np.array([[2.0, 1], [-1, 1], [1, -2], [-2, -1]]), np.array([1.0, -1, 1, -1])
    weights, bias = EXERCISES["05.9"].right(X, y)
    assert weights[-1].tolist() == [3, 0]
    assert bias.tolist() == [0, 1, 0, 0, 0]
    corners = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    until_done = EXERCISES["05.3"].right
    assert until_done(corners, np.array([-1.0, -1, -1, 1]), 20) == (18, 9)
    assert until_done(corners, np.array([-1.0, 1, 1, 1]), 20) == (9, 6)
    product = np.column_stack([corners, corners[:, 0] * corners[:, 1]])
    assert until_done(product, np.array([-1.0, 1, 1, -1]), 20) == (29, 12)


def test_an_exploration_reads_the_figure():
    @explore(ratio=(0.0, 12.0, 0.5))
    def scale(figure):
        return lambda ratio=5.0: f"{ratio}"

    assert check("05.4", scale).state == "not yet tried"
    found = {}
    for ratio in np.arange(0.0, 12.5, 0.5):
        scale.set(ratio=float(ratio))
        found[float(ratio)] = check("05.4", scale)
    (right,) = (ratio for ratio, verdict in found.items() if verdict.state == "right")
    assert right == 9.5  # what the notebook's figure shows, too
    assert "not done within" in found[right - 0.5].words
    assert "a smaller one does" in found[right + 0.5].words
    scale.name = "other"
    assert "Give the live figure scale itself" in check("05.4", scale).words


def small_data(seed):
    rng = np.random.default_rng(seed)
    return rng.integers(-2, 3, (5, 2)).astype(float), rng.choice([-1.0, 1.0], 5)


@pytest.mark.parametrize("seed", range(30))
def test_a_long_run_comes_back_where_linear_programming_finds_no_line(seed):
    X, y = small_data(seed)
    rows = -y[:, None] * np.column_stack([X, np.ones(5)])
    found = linprog(np.zeros(3), rows, np.full(5, -1.0), bounds=(None, None))
    run = perceptron.train(X, y, passes=200)
    proved = EXERCISES["05.11"].right(run.weights, run.bias) is not None
    assert proved == (found.status == 2)


@pytest.mark.parametrize("seed", range(5))
def test_counts_of_corrections_are_the_weights(seed):
    X, y = small_data(seed)
    alpha = EXERCISES["05.12"].right(X @ X.T + 1.0, y, 3)
    run = perceptron.train(X, y, passes=3)
    assert (alpha * y @ X).tolist() == run.weights[-1].tolist()
    assert alpha.sum() == run.mistakes.sum()
