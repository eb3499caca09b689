"""Exercises of notebook 08: the numbers worked by hand, the figure, and what the package makes."""

from itertools import product
from types import SimpleNamespace

import numpy as np

from lecture_utils import Dropout, check, explore, numerical, playground
from lecture_utils.exercises.n08_training_networks import EXERCISES

RIGHT = {number: e.right for number, e in EXERCISES.items() if hasattr(e, "right")}


def test_the_hand_worked_examples():
    seen, new = RIGHT["08.1"](np.array([[0.0, 1.0], [2.0, 5.0]]), np.array([[1.0, 7.0]]))
    assert seen.tolist() == [[-1, -1], [1, 1]]
    assert new.tolist() == [[0, 2]]
    W, b = RIGHT["08.2"](np.array([[2.0, -1.0]]), np.array([1.0]), np.array([[1.0, 1.0]]),
                         np.array([2.0]), 0.1, 0.5)  # fmt: skip
    assert np.allclose(W, [[1.8, -1.05]])
    assert np.allclose(b, [0.8])
    w = np.array([3.0, 0.8, -0.3, 0.05])
    assert np.allclose(RIGHT["08.4"](w, np.zeros(4), 1.0, 0.5), [2.5, 0.3, 0, 0])
    assert RIGHT["08.6"]([3.0, 2.0, 2.5, 2.6, 1.0], 2, 0.0) == 1
    assert RIGHT["08.6"]([3.0, 2.0, 1.9, 1.8, 1.0], 2, 0.5) == 1
    assert RIGHT["08.6"]([3.0, 2.0, 1.0], 1, 0.0) == 2


def test_the_decay_goes_down_the_measured_gradient():
    rng = np.random.default_rng(0)
    X, W, b = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)

    def loss(W, b):
        return np.sin(X @ W + b).sum()

    def whole(W):
        return loss(W, b) + 0.7 / 2 * (W**2).sum()

    dW, db = numerical(lambda w: loss(w, b), W), numerical(lambda c: loss(W, c), b)
    new_W, new_b = RIGHT["08.2"](W, b, dW, db, 0.1, 0.7)
    assert np.allclose((W - new_W) / 0.1, numerical(whole, W), atol=1e-6)
    assert np.allclose((b - new_b) / 0.1, db)


def test_the_soft_threshold_is_the_minimum():
    grid = np.linspace(-4, 4, 80001)
    for v in (-3.0, -0.4, 0.0, 0.2, 0.5, 2.0):
        best = grid[np.argmin((grid - v) ** 2 / 2 + 0.5 * np.abs(grid))]
        assert abs(RIGHT["08.4"](v, 0.0, 1.0, 0.5) - best) < 1e-4


def test_dropout_is_that_of_the_package():
    layer, A = Dropout(0.3), np.random.default_rng(1).normal(size=(50, 40))
    layer.rng = np.random.default_rng(2)
    u = np.random.default_rng(2).random(A.shape)
    assert np.allclose(RIGHT["08.5"](A, u, 0.3, True), layer.forward(A, training=True))
    assert np.array_equal(RIGHT["08.5"](A, u, 0.3, False), A)


def test_the_way_back_under_dropout_is_the_measured_gradient():
    rng = np.random.default_rng(3)
    X, W, mask = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.integers(0, 2, (4, 2))

    def loss(W):
        return np.cos(X @ W * mask / 0.6).sum() + 0.5 / 2 * (W**2).sum()

    dA = -np.sin(X @ W * mask / 0.6)
    new = RIGHT["08.8"](X, W, mask, dA, 0.4, 0.1, 0.5)
    assert np.allclose((W - new) / 0.1, numerical(loss, W), atol=1e-6)


def test_an_exploration_reads_the_figure():
    @explore(penalty=["L2", "L1"], lam=(0.0, 3.0, 0.1), w1=(-3.0, 3.0, 0.1), w2=(-3.0, 3.0, 0.1))
    def ball(figure):
        return lambda penalty="L2", lam=1.0, w1=0.6, w2=2.4: f"{penalty} {lam} {w1} {w2}"

    assert check("08.3", ball).state == "not yet tried"
    ball.set(w1=1.0)
    assert "L2 makes no zeros" in check("08.3", ball).words
    ball.set(penalty="L1", w1=0.9)
    assert "must be at least 1" in check("08.3", ball).words
    ball.set(w1=1.2)
    assert "w1 is not 0 yet" in check("08.3", ball).words
    ball.set(lam=1.5)
    assert "less than 1 is left of w2" in check("08.3", ball).words
    ball.set(w2=-2.5)
    assert check("08.3", ball).state == "right"


def test_the_remedy_is_read_from_the_playground():
    """Trained as it comes it is not enough, with a penalty it is; slips have names."""
    first = dict(data="xor", noise=0.5, ratio=0.1, hidden=(8, 8), step=0.1, seed=3)

    def said(**change):
        play = playground(**first, **change)
        verdict, found = check("08.11", play), play.values
        play.close()
        return verdict, found

    untried, start = said()
    assert untried.state == "not yet tried"
    assert start.items() >= EXERCISES["08.11"].start.items()
    assert "The test loss is 0.617. Which price" in said(epochs=300)[0].words
    assert "epoch 300 at least" in said(epochs=3)[0].words
    verdict, found = said(epochs=300, penalty="L2", rate=0.03)
    assert verdict.state == "right"
    bad = {**found, "test_loss": 0.55}
    for change, words in (({"ratio": 0.5}, "More or other points"), ({"seed": 4}, "More or other"),
                          ({"points": ((0, 1.0, 1.0, 1.0),)}, "More or other points"),
                          ({"loss": "cross_entropy"}, "take the squared loss"),
                          ({"rate": 0.0}, "belong together"), ({"penalty": "none"}, "belong"),
                          ({"train_loss": 0.58}, "high as well"),
                          ({"penalty": "none", "rate": 0.0, "dropout": 0.2}, "Dropout alone"),
                          ({"test_loss": float("nan")}, "The test loss is nan")):  # fmt: skip
        verdict = check("08.11", SimpleNamespace(name="playground", values={**bad, **change}))
        assert verdict.state == "not yet", change
        assert words in verdict.words


def test_stopped_descent_ends_where_the_penalty_has_its_minimum():
    kappa, eta, w_hat, w = np.array([2.0, 0.5, 0.01]), 0.3, np.array([1.0, -2.0, 3.0]), np.zeros(3)
    for _ in range(7):
        w = w - eta * kappa * (w - w_hat)
    lam = RIGHT["08.9"](kappa, eta, 7)
    np.testing.assert_allclose(np.linalg.solve(np.diag(kappa + lam), kappa * w_hat), w)


def test_the_noise_of_dropout_is_that_of_all_masks():
    a, v, p = np.array([1.0, 2.0, 0.5, 3.0]), np.array([1.0, -1.0, 2.0, 0.1]), 0.3
    masks = np.array(list(product((0, 1), repeat=4)))
    chance = np.prod(np.where(masks, 1 - p, p), axis=1)
    scores = masks * a / (1 - p) @ v + 0.7
    variance = chance @ (scores - chance @ scores) ** 2
    assert np.isclose(RIGHT["08.10"](a, v, p), variance, rtol=1e-12)
