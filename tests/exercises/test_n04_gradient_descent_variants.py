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


def test_a_push_is_half_forgotten_and_a_constant_slope_is_walked_as_fast():
    assert RIGHT["04.12"](0.1, 1.0) == (0.5, 0.05)
    beta, step = RIGHT["04.12"](0.3, 7.0)
    v = 1.0  # one push, and then nothing
    for _ in range(7):
        v = beta * v
    assert v == pytest.approx(0.5)
    v = 0.0
    for _ in range(1000):  # pushes of 2, for ever
        v = beta * v + 2.0
    assert step * v == pytest.approx(0.3 * 2.0)


def test_the_larger_batch_roams_no_farther_and_a_smaller_one_does():
    assert RIGHT["04.11"](0.5, 4, 0.9) == 10
    for step, batch, new_step in EXERCISES["04.11"].draw(np.random.default_rng(0)):
        enough, held = RIGHT["04.11"](step, batch, new_step), RIGHT["04.3"](step, batch, 1.0)
        assert RIGHT["04.3"](new_step, enough, 1.0) <= held
        assert enough == 1 or RIGHT["04.3"](new_step, enough - 1, 1.0) > held


def test_a_logarithm_and_a_search_are_right_too():
    def with_momentum(step, half_life):
        beta = np.exp(-np.log(2) / half_life)
        return np.array([beta, step - beta * step])

    def batch_for(step, batch, new_step):
        return next(b for b in range(1, 10**6)
                    if new_step * batch * (2 - step) <= step * b * (2 - new_step))  # fmt: skip

    for seed in range(5):
        assert check("04.12", with_momentum, seed).state == "right"
        assert check("04.11", batch_for, seed).state == "right"


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
