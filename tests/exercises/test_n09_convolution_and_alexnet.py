"""Exercises of notebook 09: the numbers worked by hand, the package, the figure, and the words."""

import numpy as np
import pytest

from lecture_utils import Conv2D, MaxPool2D, Network, check, explore
from lecture_utils.exercises.n09_convolution_and_alexnet import EXERCISES, NINE, SOBEL

RIGHT = {number: e.right for number, e in EXERCISES.items() if hasattr(e, "right")}


def test_the_hand_worked_examples():
    ramp, w = np.arange(16.0).reshape(4, 4), np.array([[1.0, 0.0], [0.0, -1.0]])
    assert (RIGHT["09.1"](ramp, w) == -5).all()
    cases = [(5, 3, 1, 0), (5, 3, 2, 1), (32, 5, 1, 2), (227, 11, 4, 0), (28, 2, 2, 0)]
    assert [RIGHT["09.3"](*case) for case in cases] == [3, 3, 32, 55, 14]
    assert RIGHT["09.4"](55, 55, 11, 3, 96) == (34_944, 105_415_200)
    dx = RIGHT["09.6"](np.array([[1.0, 3.0], [2.0, 3.0]]), np.array([[4.0]]))
    assert dx.tolist() == [[0, 4], [0, 0]]


def test_the_answers_are_those_of_the_packages_layers():
    rng = np.random.default_rng(0)
    x, w, dz = rng.normal(size=(6, 6)), rng.normal(size=(3, 3)), rng.normal(size=(4, 4))
    network = Network([Conv2D(1, 1)], input_shape=(6, 6, 1))
    network.parameters[:] = [*w.ravel(), 0.0]
    np.testing.assert_allclose(RIGHT["09.1"](x, w), network.forward(x[None, ..., None])[0, ..., 0])
    network.backward(dz[None, ..., None])
    dw, dx = RIGHT["09.5"](x, w, dz)
    np.testing.assert_allclose(dw.ravel(), network.gradient[:-1])
    np.testing.assert_allclose(dx, network.layers[0].backward(dz[None, ..., None])[0, ..., 0])
    assert RIGHT["09.4"](4, 4, 3, 1, 1)[0] == network.parameters.size
    assert RIGHT["09.3"](6, 3, 1, 0) == network.shapes[-1][0]
    pool, x = MaxPool2D(2), rng.integers(0, 3, (6, 4)).astype(float)
    dz = rng.normal(size=(1, 3, 2, 1))
    pool.forward(x[None, ..., None])
    np.testing.assert_array_equal(RIGHT["09.6"](x, dz[0, ..., 0]), pool.backward(dz)[0, ..., 0])


@pytest.mark.parametrize("seed", range(5))
def test_a_loop_over_windows_is_right_too(seed):
    def slide(x, w):
        k = len(w)
        return [
            [(x[i : i + k, j : j + k] * w).sum() for j in range(x.shape[1] - k + 1)]
            for i in range(x.shape[0] - k + 1)
        ]

    assert check("09.1", slide, seed).state == "right"


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({}, "All weights are 0"),
        ({"w11": 1.0, "w12": 1.0}, "2 weights are not 0"),
        ({"w22": 1.0}, "stays where it is"),
        ({"w23": 1.0}, "moves to the left"),
        ({"w12": 1.0}, "moves down"),
        ({"w32": 1.0}, "moves up"),
        ({"w11": 1.0}, "along a diagonal"),
        ({"w21": 2.0}, "the weight is 2"),
        ({"w21": 1.0}, "right"),
    ],
)
def test_an_exploration_reads_the_figure(weights, words):
    controls = {name: (-5.0, 5.0, 0.0625) for name in NINE}

    @explore(**controls)
    def kernel(figure):
        def update(w11=-1.0, w12=0.0, w13=1.0, w21=-2.0, w22=0.0, w23=2.0, w31=-1.0, w32=0.0,
                   w33=1.0):  # fmt: skip
            return f"{w11} {w12} {w13} {w21} {w22} {w23} {w31} {w32} {w33}"

        return update

    assert kernel.values == SOBEL
    assert check("09.2", kernel).state == "not yet tried"
    kernel.set(**{**dict.fromkeys(NINE, 0.0), **weights})
    assert words in check("09.2", kernel).words
