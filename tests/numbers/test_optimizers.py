"""Each optimiser equal to PyTorch's, step for step; averages and schedules to their formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_utils.numbers.optimizers import (
    OPTIMIZERS,
    SGD,
    AdaGrad,
    Adam,
    AdamW,
    Averaged,
    Momentum,
    Nesterov,
    RMSProp,
    cosine,
    one_over_t,
)
from tests.helpers.oracles import torch
from tests.helpers.strategies import floats, normal

PAIRS = {
    "SGD": (lambda: SGD(0.05), lambda p: torch.optim.SGD(p, lr=0.05)),
    "Momentum": (lambda: Momentum(0.02, 0.8), lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.8)),
    "Nesterov": (
        lambda: Nesterov(0.02, 0.8),
        lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.8, nesterov=True),
    ),
    "AdaGrad": (lambda: AdaGrad(0.3), lambda p: torch.optim.Adagrad(p, lr=0.3)),
    "RMSProp": (lambda: RMSProp(0.01, 0.95), lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.95)),
    "Adam": (
        lambda: Adam(0.03, 0.8, 0.99),
        lambda p: torch.optim.Adam(p, lr=0.03, betas=(0.8, 0.99)),
    ),
    "AdamW": (
        lambda: AdamW(0.03, decay=0.2),
        lambda p: torch.optim.AdamW(p, lr=0.03, weight_decay=0.2),
    ),
}
Q = np.array([[3.0, 1.0], [1.0, 2.0]])
c = np.array([1.0, -2.0])


def test_every_optimizer_is_tested():
    assert list(OPTIMIZERS) == list(PAIRS)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-6)])
def test_equal_to_pytorch_for_200_steps(name, dtype, tolerance):
    ours, theirs = PAIRS[name]
    A = normal((6, 6), seed=1)
    A = (A @ A.T / 6 + np.eye(6)).astype(dtype)
    x = normal(6, seed=2).astype(dtype)
    tensor = torch.tensor(x.copy(), requires_grad=True)
    optimizer, reference = ours(), theirs([tensor])
    for t in range(200):
        if t == 100:  # the velocity must not remember the old step
            optimizer.step *= 0.1
            reference.param_groups[0]["lr"] *= 0.1
        noise = 0.1 * normal(6, seed=100 + t).astype(dtype)
        tensor.grad = torch.tensor(A) @ tensor.detach() + torch.tensor(noise)
        # The same gradient for both: what is compared is the step, not the sum of round-off.
        optimizer.update(x, tensor.grad.numpy())
        reference.step()
        np.testing.assert_allclose(x, tensor.detach(), atol=tolerance, rtol=0)
    assert x.dtype == dtype
    assert np.abs(x).max() > 1e-3  # the noise keeps it moving: not all zeros compared


# Worked out by hand on the gradient Qx - c from (2, -3), step 0.05: the third point.
@pytest.mark.parametrize(
    ("optimizer", "after"),
    [
        (Momentum(0.05), {1: (1.9, -2.9), 2: (1.72, -2.715), 3: (1.48575, -2.463)}),
        (Nesterov(0.05), {1: (1.81, -2.81), 3: (1.325606, -2.264640)}),
        (Adam(0.05), {1: (1.95, -2.95), 2: (1.900083, -2.900037), 3: (1.850312, -2.850137)}),
        (AdaGrad(0.05), {1: (1.95, -2.95), 2: (1.915563, -2.915095)}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_first_steps_by_hand(optimizer, after):
    x = np.array([2.0, -3.0])
    for t in range(1, 4):
        optimizer.update(x, Q @ x - c)
        if t in after:
            np.testing.assert_allclose(x, after[t], atol=1e-6)


@given(floats(0.001, 100.0), st.sampled_from([-1.0, 1.0]))
def test_the_first_step_of_adam_has_the_size_of_the_step(gradient, sign):
    x = np.array([0.0])
    Adam(0.1).update(x, np.array([sign * gradient]))
    assert x[0] == pytest.approx(-0.1 * sign, rel=1e-4)


@given(st.integers(1, 30), st.integers(0, 5))
def test_averaged_is_the_mean_since_the_start(updates, start):
    x, path = normal(3), []
    walk = Averaged(Momentum(0.1), start)
    for t in range(updates):
        walk.update(x, x + normal(3, seed=t))
        path.append(x.copy())
    expected = np.mean(path[start:], axis=0) if updates > start else path[-1]
    np.testing.assert_allclose(walk.average, expected, atol=1e-12)
    assert not np.shares_memory(walk.average, x)


def test_averaging_calms_the_noise():
    # (x - a)**2 / 2 with a of unit variance, step 0.1: the ball of SGD has variance 0.0526,
    # the mean of 5,000 iterates about 1 / 5,000.
    rng = np.random.default_rng(0)
    last, mean = [], []
    for _ in range(40):
        walk, x = Averaged(SGD(0.1), start=100), np.zeros(20)
        for _ in range(1100):
            walk.update(x, x - rng.standard_normal(20))
        last.append(x.var())
        mean.append((walk.average**2).mean())
    assert np.mean(last) == pytest.approx(0.1 / 1.9, rel=0.15)
    assert np.mean(mean) == pytest.approx(1.0 / 1000.0, rel=0.15)


def test_with_step_one_over_t_one_pass_is_the_mean():
    numbers = 3.0 + normal(50)
    optimizer, x = SGD(one_over_t(1.0)), np.array([17.0])
    for number in numbers:
        optimizer.update(x, x - number)
    assert x[0] == pytest.approx(numbers.mean(), abs=1e-13)


@pytest.mark.parametrize("half", [1, 7.5, 100])
def test_one_over_t_follows_its_formula(half):
    assert one_over_t(0.3, half)(0) == 0.3
    assert one_over_t(0.3, half)(half) == pytest.approx(0.15)
    assert one_over_t(0.3, half)(9 * half) == pytest.approx(0.03)


def test_cosine_equals_pytorch():
    tensor = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([tensor], lr=0.3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40)
    ours = cosine(0.3, 40)
    for t in range(41):
        assert ours(t) == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-12)
        optimizer.step()
        schedule.step()
    assert ours(60) == 0.0
    assert ours(20) == pytest.approx(0.15)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_schedule_is_asked_before_each_update(name):
    asked = []
    optimizer = OPTIMIZERS[name](lambda t: asked.append(t) or 0.0)
    x = np.array([1.0, 2.0])
    for _ in range(3):
        optimizer.update(x, np.array([1.0, -1.0]))
    assert asked == [0, 1, 2]
    np.testing.assert_array_equal(x, [1.0, 2.0])  # steps of 0 go nowhere


def test_the_step_may_be_changed_on_the_way():
    optimizer, x = SGD(0.1), np.array([0.0])
    optimizer.update(x, np.array([1.0]))
    optimizer.step = 0.5
    optimizer.update(x, np.array([1.0]))
    assert x[0] == pytest.approx(-0.6)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_divergence_gives_no_warning(name):
    optimizer, x = OPTIMIZERS[name](1e300), np.array([1.0])
    for _ in range(5):
        optimizer.update(x, 1e300 * x)
    assert not math.isfinite(x[0]) or abs(x[0]) > 1e100


def test_repr_is_a_line_of_python():
    assert repr(Adam(0.1)) == "Adam(step=0.1, beta=0.9, rho=0.999)"
    optimizer = Momentum(0.1)
    optimizer.update(np.zeros(2), np.zeros(2))
    assert repr(Averaged(optimizer)) == "Averaged(Momentum(step=0.1, beta=0.9), start=0)"


def shrunk():
    optimizer = SGD(0.1)
    optimizer.update(np.zeros(3), np.zeros(3))
    optimizer.update(np.zeros(2), np.zeros(2))


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: SGD(0.0), r"step must be > 0, got 0.0; try 0.1"),
        (lambda: SGD(-0.1), r"step must be >= 0 and finite, got -0.1; try 0.1"),
        (lambda: SGD(math.nan), r"step must be >= 0 and finite, got nan"),
        (lambda: SGD("fast"), r"step must be a number, got 'fast'"),
        (lambda: Momentum(0.1, 1.0), r"beta must be >= 0 and < 1, got 1.0; try 0.9"),
        (lambda: RMSProp(0.1, 2), r"rho must be >= 0 and < 1, got 2"),
        (lambda: AdamW(0.1, decay=-1), r"decay must be >= 0"),
        (lambda: Averaged(0.1), r"optimizer must be an optimizer, got 0.1; try SGD"),
        (lambda: Averaged(SGD), r"optimizer must be an optimizer, got <class .*; try SGD\(0.1\)"),
        (lambda: SGD(0.1).update([1.0], [1.0]), r"floats in an array, .* got <class 'list'>"),
        (lambda: Averaged(SGD(0.1), start=-1), r"start must be a whole number >= 0, got -1"),
        (lambda: cosine(0.1, 0), r"steps must be a whole number >= 1, got 0"),
        (lambda: one_over_t(0.1, 0), r"half must be > 0, got 0"),
        (lambda: SGD(0.1).update(np.array([1, 2]), np.zeros(2)), r"parameters must be floats"),
        (lambda: SGD(0.1).update(np.zeros(2), np.zeros(3)), r"got \(2,\) and \(3,\)"),
        (shrunk, r"the shape \(3,\) of the first update, got \(2,\) and \(2,\)"),
    ],
)
def test_bad_input_is_refused_in_one_line(act, message):
    with pytest.raises(ValueError, match=message) as refused:
        act()
    assert "\n" not in str(refused.value)
