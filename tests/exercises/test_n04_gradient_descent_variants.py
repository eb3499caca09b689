"""Exercises of notebook 04: the numbers worked by hand, the figure, and words for wrong answers."""

import numpy as np
import pytest

from lecture_utils import check, explore
from lecture_utils.exercises.n04_gradient_descent_variants import EXERCISES, HAND

RIGHT = {number: e.right for number, e in EXERCISES.items() if hasattr(e, "right")}


def test_the_hand_worked_walks():
    points = RIGHT["04.4"](*HAND, 0.05, 0.9, 3)
    assert np.allclose(points, [[2, -3], [1.9, -2.9], [1.72, -2.715], [1.48575, -2.463]])
    points = RIGHT["04.6"](*HAND, 0.05, 0.9, 3)
    assert np.allclose(points[[1, 3]], [[1.81, -2.81], [1.325606, -2.264640]], atol=1e-6)
    points = RIGHT["04.7"](*HAND, 0.05, 2)
    assert np.allclose(points[1:], [[1.95, -2.95], [1.915563, -2.915095]], atol=1e-6)
    points = RIGHT["04.8"](*HAND, 0.05, 3)
    assert np.allclose(points[1:], [[1.95, -2.95], [1.900083, -2.900037], [1.850312, -2.850137]],
                       atol=1e-6)  # fmt: skip


def test_the_hand_worked_numbers():
    assert [round(RIGHT["04.2"](1.0, 1000, b), 4) for b in (64, 256, 1000)] == [0.1210, 0.0539, 0]
    assert [round(RIGHT["04.3"](*v, 1.0), 5) for v in ((0.1, 1), (0.1, 4), (0.5, 1))] == [
        0.05263, 0.01316, 0.33333]  # fmt: skip
    assert [len(part) for part in RIGHT["04.1"](10, 3, 0)] == [3, 3, 3, 1]
    assert RIGHT["04.9"](np.array([4.0, 2.0, 3.0])).tolist() == [4, 3, 3]


@pytest.mark.parametrize("seed", range(5))
def test_every_order_of_an_epoch_is_right(seed):
    def minibatches(n, batch, seed):
        order = np.arange(n)
        np.random.default_rng(seed + 1).shuffle(order)
        return np.split(order, range(batch, n, batch))

    assert check("04.1", minibatches, seed).state == "right"


@pytest.mark.parametrize(("number", "words"), [("04.4", "not kept"), ("04.7", "not kept")])
def test_a_memory_that_is_lost_is_named(number, words):
    slip = next(wrong for said, wrong in EXERCISES[number].named() if words in said)
    assert words in check(number, slip).words


def test_an_exploration_reads_the_figure():
    @explore(kappa=(1.0, 1000.0), step=(0.02, 4.0, 0.02), beta=(0.0, 0.99, 0.01))
    def spring(figure):
        return lambda kappa=100.0, step=1.0, beta=0.5: f"{kappa} {step} {beta}"

    assert check("04.5", spring).state == "not yet tried"
    spring.set(step=2.0)
    assert "Press the button" in check("04.5", spring).words
    spring.set(kappa=25.0, step=2.78, beta=0.45)
    assert check("04.5", spring).state == "right"
    spring.set(step=3.8, beta=0.2)
    assert "diverges" in check("04.5", spring).words
    spring.set(step=1.0, beta=0.0)
    assert "can be below 0.68" in check("04.5", spring).words
