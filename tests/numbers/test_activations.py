"""Each activation against the textbook formula, PyTorch, SciPy, and its own measured slope."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from lecture_utils.numbers.activations import ACTIVATIONS, sigmoid, softmax
from lecture_utils.numbers.differences import numerical
from tests.helpers.oracles import torch
from tests.helpers.strategies import floats, matrices

ELEMENTWISE = [name for name in ACTIVATIONS if name != "softmax"]
TORCH = {
    "identity": lambda z: z,
    "sign": lambda z: torch.sign(z),
    "sigmoid": lambda z: torch.sigmoid(z),
    "tanh": lambda z: torch.tanh(z),
    "relu": lambda z: torch.relu(z),
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z),
    "elu": lambda z: torch.nn.functional.elu(z),
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)),
    "gelu": lambda z: torch.nn.functional.gelu(z),
    "silu": lambda z: torch.nn.functional.silu(z),
}
EXTREMES = np.array([-np.inf, -1e300, -1e3, -40.0, -1.0, 0.0, 1.0, 40.0, 1e3, 1e300, np.inf])
GRID = np.linspace(-12.0, 12.0, 97) + 0.01  # keeps clear of the kinks at 0


def both(name, z):
    function, slope = ACTIVATIONS[name]
    a = function(z)
    return a, slope(z, a)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_and_slope_equal_pytorch(name):
    z = torch.tensor(GRID, requires_grad=True)
    expected = TORCH[name](z)
    expected.sum().backward()
    a, slope = both(name, GRID)
    np.testing.assert_allclose(a, expected.detach(), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(slope, z.grad, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_slope_is_the_measured_slope(name):
    function, _ = ACTIVATIONS[name]
    measured = numerical(lambda z: function(z).sum(), GRID.copy())
    np.testing.assert_allclose(both(name, GRID)[1], measured, atol=1e-8)


# At -1e3, 0, 1e3 and at the infinities, worked out by hand: values, then slopes.
FAR_OUT = {
    "identity": ((-np.inf, -1e3, 0.0, 1e3, np.inf), (1, 1, 1, 1, 1)),
    "sign": ((-1, -1, 0, 1, 1), (0, 0, 0, 0, 0)),
    "sigmoid": ((0, 0, 0.5, 1, 1), (0, 0, 0.25, 0, 0)),
    "tanh": ((-1, -1, 0, 1, 1), (0, 0, 1, 0, 0)),
    "relu": ((0, 0, 0, 1e3, np.inf), (0, 0, 0, 1, 1)),
    "leaky_relu": ((-np.inf, -10, 0, 1e3, np.inf), (0.01, 0.01, 0.01, 1, 1)),
    "elu": ((-1, -1, 0, 1e3, np.inf), (0, 0, 1, 1, 1)),
    "softplus": ((0, 0, np.log(2), 1e3, np.inf), (0, 0, 0.5, 1, 1)),
    "gelu": ((0, 0, 0, 1e3, np.inf), (0, 0, 0.5, 1, 1)),
    "silu": ((0, 0, 0, 1e3, np.inf), (0, 0, 0.5, 1, 1)),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_far_out_and_at_infinity(name):
    z = np.array([-np.inf, -1e3, 0.0, 1e3, np.inf])
    for here, known in zip(both(name, z), FAR_OUT[name], strict=True):
        np.testing.assert_allclose(here, known, rtol=1e-15)


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_the_float_type_and_passes_nan_on(name, dtype):
    z = np.append(np.clip(EXTREMES, -1e38, 1e38), np.nan).astype(dtype)
    for result in both(name, z):
        assert result.dtype == dtype
        assert np.isnan(result[-1])
        assert not np.isnan(result[:-1]).any()


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_takes_whole_numbers_lists_and_single_numbers(name):
    function, _ = ACTIVATIONS[name]
    expected = function(np.array([-2.0, 0.0, 3.0]))
    np.testing.assert_array_equal(function([-2, 0, 3]), expected)
    np.testing.assert_array_equal(function(np.array([-2, 0, 3])), expected)
    assert float(function(3)) == expected[2]


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_leaves_its_argument_alone(name):
    z = np.array([[-1.0, 0.5, 2.0]])
    a, _ = both(name, z)
    np.testing.assert_array_equal(z, [[-1.0, 0.5, 2.0]])
    assert not np.shares_memory(a, z)


def test_small_probabilities_keep_their_digits():
    z = np.array([-40.0, -300.0, -700.0])
    np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=1e-14)
    np.testing.assert_allclose(ACTIVATIONS["gelu"][0](np.array([-10.0])),
                               -10.0 * special.ndtr([-10.0]), rtol=1e-12)  # fmt: skip


def test_known_values_of_gelu_and_silu():
    a, slope = both("gelu", np.array([1.0, -0.7518]))
    np.testing.assert_allclose(a, [0.841345, -0.169971], atol=1e-6)
    np.testing.assert_allclose(slope, [1.083316, 0.0], atol=1e-4)
    a, slope = both("silu", np.array([1.0, -1.2785]))
    np.testing.assert_allclose(a, [0.731059, -0.278465], atol=1e-6)
    np.testing.assert_allclose(slope, [0.927671, 0.0], atol=1e-4)


@given(st.lists(floats(-700.0, 700.0), min_size=1))
def test_sigmoid_of_minus_z_is_one_minus_sigmoid(z):
    z = np.array(z)
    np.testing.assert_allclose(sigmoid(-z), 1.0 - sigmoid(z), atol=1e-15)
    np.testing.assert_allclose(np.tanh(z), 2.0 * sigmoid(2.0 * z) - 1.0, atol=1e-15)


@given(matrices(elements=floats(-1000.0, 1000.0)), floats(-1000.0, 1000.0))
def test_softmax_is_a_probability_and_ignores_a_common_shift(z, shift):
    p = softmax(z)
    np.testing.assert_allclose(p, special.softmax(z, axis=1), atol=1e-15)
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    np.testing.assert_allclose(softmax(z + shift), p, atol=1e-9)


def test_softmax_at_infinity_and_nan():
    z = [[np.inf, 1.0, np.inf], [-np.inf, -np.inf, -np.inf], [-np.inf, 0.0, 0.0], [np.nan, 1, 2]]
    np.testing.assert_allclose(
        softmax(z), [[0.5, 0, 0.5], [1 / 3, 1 / 3, 1 / 3], [0, 0.5, 0.5], [np.nan] * 3]
    )
    assert softmax(np.float32([1.0, 2.0])).dtype == np.float32


def test_softmax_slope_is_the_jacobian():
    z = np.array([[0.3, -1.0, 2.0], [1.0, 1.0, -0.5]])
    _, jacobian = both("softmax", z)
    for row in range(2):
        for i in range(3):
            measured = numerical(lambda x, i=i: softmax(x)[i], z[row].copy())
            np.testing.assert_allclose(jacobian[row, i], measured, atol=1e-9)


def test_softmax_of_a_single_number_is_refused():
    with pytest.raises(ValueError, match="softmax must have a row of scores, got a single number"):
        softmax(3.0)
    with pytest.raises(ValueError, match="softmax must have a row of scores, got none"):
        softmax(np.zeros((2, 0)))
