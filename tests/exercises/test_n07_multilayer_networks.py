"""Exercises of notebook 07: the numbers worked by hand, the figure, and words for wrong answers."""

from itertools import pairwise

import numpy as np
import pytest

from lecture_utils import Activation, Dense, Network, check, explore, numerical
from lecture_utils.exercises.n07_multilayer_networks import EXERCISES

RIGHT = {number: e.right for number, e in EXERCISES.items() if hasattr(e, "right")}
SEEDS = range(5)


def test_the_hand_worked_examples():
    W, b = np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([1.0, -2.0])
    assert RIGHT["07.1"](np.array([1.0, 2.0]), W, b).tolist() == [0, 6]
    assert [RIGHT["07.2"](sizes) for sizes in ([64, 128, 10], [64, 128, 64, 10])] == [9610, 17226]
    assert np.allclose(RIGHT["07.5"](0.5, -0.25, 2.0, 1.5, -1.0), [9.1799, 3.0266 * 2, 1.7784],
                       atol=1e-4)  # fmt: skip
    dA, X = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [2.0, 1.0]])
    W = np.array([[1.0, -1.0], [2.0, 0.0]])
    dW, db, dX = RIGHT["07.6"](dA, X, X @ W, W)  # Z is (1, -1), (4, -2)
    assert dW.tolist() == [[7, 0], [3, 0]]
    assert db.tolist() == [4, 0]
    assert dX.tolist() == [[1, 2], [3, 6]]


def test_the_number_of_parameters_is_that_of_the_package():
    for sizes in ([2, 3, 1], [7, 5, 4, 3]):
        layers = [Dense(p, q) for p, q in pairwise(sizes)]
        assert RIGHT["07.2"](sizes) == Network(layers).parameters.size


def test_a_step_goes_down_the_measured_gradient():
    rng = np.random.default_rng(0)
    X, Y, W1, W2 = (rng.normal(size=s) for s in ((6, 3), (6, 2), (3, 4), (4, 2)))

    def loss(W1, W2):
        return ((np.tanh(X @ W1) @ W2 - Y) ** 2).sum() / 12

    new1, new2 = RIGHT["07.8"](X, Y, W1, W2, 0.1)
    assert np.allclose((W1 - new1) / 0.1, numerical(lambda w: loss(w, W2), W1), atol=1e-6)
    assert np.allclose((W2 - new2) / 0.1, numerical(lambda w: loss(W1, w), W2), atol=1e-6)


def test_the_hinges_of_a_crease_may_stand_in_any_order_and_scale():
    def crease(c):
        return [[-2.0, 3.0]], [2 * c, -3 * c], [[0.5], [1 / 3]], [0.0]

    for seed in SEEDS:
        assert check("07.4", crease, seed).state == "right"


@pytest.mark.parametrize(
    ("b1", "words"),
    [(lambda c: [c, -c], "crease is at -c"), (lambda c: [-c, -c], "second neuron's bias"),
     (lambda c: [0.0, 0.0], "crease is at 0"), (lambda c: [1.0, 7.0], "and |x - c| is 2")],
)  # fmt: skip
def test_a_crease_at_a_wrong_place_is_told(b1, words):
    verdict = check("07.4", lambda c: ([[1.0, -1.0]], b1(c), [[1.0], [1.0]], [0.0]))
    assert words in verdict.words


def test_labels_that_are_no_whole_numbers_are_told_by_their_error():
    def top(Z, y):
        return 0.0, np.eye(Z.shape[1])[y.astype(float)]

    assert "IndexError" in check("07.7", top).words


def test_an_exploration_reads_the_figure():
    @explore(c1=(-2.0, 1.0, 0.5), c2=(-2.0, 1.0, 0.5), v1=(-3.0, 3.0, 0.5), v2=(-3.0, 3.0, 0.5))
    def by_hand(figure):
        return lambda c1=0.0, c2=-0.5, v1=1.0, v2=-0.5: f"{c1} {c2} {v1} {v2}"

    assert check("07.3", by_hand).state == "not yet tried"
    by_hand.set(v2=-3.0)
    assert "of the 4 points of XOR are right" in check("07.3", by_hand).words
    by_hand.set(c2=-1.0, v2=-2.0)
    assert "Now with a negative v1" in check("07.3", by_hand).words
    by_hand.set(c1=-1.0, c2=0.0, v1=-2.0, v2=1.0)
    assert check("07.3", by_hand).state == "right"


def test_the_network_of_xor_is_right_in_the_package_too():
    network = Network([Dense(2, 2), Activation("relu"), Dense(2, 1)])
    network.parameters[:] = [1, 1, 1, 1, 0, -1, 1, -2, -0.5]
    scores = network.predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert scores.ravel().tolist() == [-0.5, 0.5, 0.5, -0.5]


def test_the_work_of_three_products_for_each_layer_but_the_first():
    assert RIGHT["07.10"]([2, 3, 1], 1) == (6 + 3, 6 + 3 + 3)
    forward, backward = RIGHT["07.10"]([64, 128, 64, 10], 1)
    assert (forward, backward) == (17_024, 17_024 + 128 * 64 + 64 * 10)


def test_a_network_in_balance_says_the_same():
    rng = np.random.default_rng(0)
    X, W1, b1, W2 = (rng.normal(size=shape) for shape in ((20, 3), (3, 4), 4, (4, 2)))
    V1, c1, V2 = RIGHT["07.11"](W1, b1, W2)
    before, after = np.maximum(0, X @ W1 + b1) @ W2, np.maximum(0, X @ V1 + c1) @ V2
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-12)
    coming = np.linalg.norm(np.vstack([V1, c1]), axis=0)
    np.testing.assert_allclose(coming, np.linalg.norm(V2, axis=1))
