"""Exercises of notebook 06: numbers worked by hand, a tooth and a chain against other ways."""

import numpy as np

from lecture_utils import check, explore
from lecture_utils.exercises.n06_activation_functions import EXERCISES, START


def right(number, *values):
    return EXERCISES[number].right(*values)


def test_the_hand_worked_examples():
    W, b = right("06.1", np.eye(2), np.ones(2), np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros(2))
    assert (W.tolist(), b.tolist()) == ([[1, 2], [3, 4]], [4, 6])
    assert np.isclose(right("06.7", np.array([1.0]))[0], 1.083316, atol=1e-6)
    assert right("06.9", 0.0, 2.0, 3.0).tolist() == [0.5, -1.5, 1.0]
    assert np.isclose(right("06.10", 0.5, np.array([2.0]), np.zeros(1)), 2 * 0.419974, atol=1e-6)


def test_the_hinges_of_a_tooth_draw_it():
    x, kinks = np.linspace(-3, 7, 101), np.array([-1.0, 0.5, 4.0])
    drawn = right("06.6", x, 0.0, 0.0, kinks, right("06.9", *kinks))
    np.testing.assert_allclose(drawn, np.interp(x, kinks, [0, 1, 0]), rtol=0, atol=1e-12)


def test_the_slope_of_a_chain_is_that_of_differences():
    rng = np.random.default_rng(0)
    w, b = rng.normal(size=(2, 4))

    def chain(a):
        for weight, bias in zip(w, b, strict=True):
            a = np.tanh(weight * a + bias)
        return a

    measured = (chain(0.3 + 1e-5) - chain(0.3 - 1e-5)) / 2e-5
    assert np.isclose(right("06.10", 0.3, w, b), measured, rtol=1e-7)


def test_an_exploration_reads_the_figure():
    @explore(activation=["sigmoid", "identity", "relu"], variance=["1 / d (Xavier)", "2 / d (He)"],
             layers=(1, 50))  # fmt: skip
    def depth(figure):
        return lambda activation="sigmoid", variance="1 / d (Xavier)", layers=50: activation

    assert depth.values == START
    assert check("06.4", depth).state == "not yet tried"
    for values, words in (
        ({"layers": 10}, "Take all 50"),
        ({"activation": "identity", "layers": 50}, "does not bend"),
        ({"activation": "relu"}, "is 2.5e-08 of itself"),
        ({"variance": "2 / d (He)"}, "right"),
    ):
        depth.set(**values)
        assert words in check("06.4", depth).words
