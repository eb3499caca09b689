"""Convolution and pooling: the same numbers as SciPy and PyTorch, and known sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate

from lecture_utils.numbers.convolution import Conv2D, MaxPool2D
from lecture_utils.numbers.network import Network
from tests.helpers.oracles import torch
from tests.helpers.strategies import normal, seeds
from tests.numbers.test_layers import built


@given(seeds, st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.integers(4, 7))
def test_convolution_equals_the_correlation_of_scipy(seed, inputs, outputs, kernel, size):
    _, layer = built(Conv2D(inputs, outputs, kernel), (1, size, size, inputs), seed)
    x = normal((2, size, size, inputs), seed)
    out = layer.forward(x)
    for n in range(2):
        for o in range(outputs):
            expected = layer.b[o] + sum(
                correlate(x[n, :, :, c], layer.W[:, :, c, o], mode="valid") for c in range(inputs)
            )
            np.testing.assert_allclose(out[n, :, :, o], expected, atol=1e-12)


def test_a_kernel_is_not_flipped():
    # A ramp 0..15: every pixel less its lower right neighbour is -5; flipped it would be +5.
    network = Network([Conv2D(1, 1, kernel=2)], input_shape=(4, 4, 1))
    network.layers[0].W[:, :, 0, 0] = [[1.0, 0.0], [0.0, -1.0]]
    out = network.predict(np.arange(16.0).reshape(1, 4, 4, 1))
    np.testing.assert_array_equal(out, np.full((1, 3, 3, 1), -5.0))


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(3, 1, 0), (3, 1, 1), (3, 2, 1), (2, 2, 0)]
)
def test_convolution_and_its_gradients_equal_pytorch(kernel, stride, padding):
    _, layer = built(Conv2D(2, 3, kernel, stride, padding), (1, 7, 6, 2))
    x = normal((2, 7, 6, 2))
    tx = torch.tensor(x.transpose(0, 3, 1, 2), requires_grad=True)
    W = torch.tensor(layer.W.transpose(3, 2, 0, 1), requires_grad=True)
    b = torch.tensor(layer.b.copy(), requires_grad=True)
    expected = torch.nn.functional.conv2d(tx, W, b, stride, padding)
    out = layer.forward(x)
    np.testing.assert_allclose(out.transpose(0, 3, 1, 2), expected.detach(), atol=1e-12)
    dout = normal(out.shape, seed=9)
    expected.backward(torch.tensor(dout.transpose(0, 3, 1, 2)))
    layer.collect(dout)
    np.testing.assert_allclose(layer.backward(dout).transpose(0, 3, 1, 2), tx.grad, atol=1e-12)
    np.testing.assert_allclose(layer.dW.transpose(3, 2, 0, 1), W.grad, atol=1e-12)
    np.testing.assert_allclose(layer.db, b.grad, atol=1e-12)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 1), (3, 3)])
def test_pooling_equals_pytorch(size, stride):
    layer, x = MaxPool2D(size, stride), normal((2, 7, 8, 3))
    tx = torch.tensor(x.transpose(0, 3, 1, 2), requires_grad=True)
    expected = torch.nn.functional.max_pool2d(tx, size, stride)
    out = layer.forward(x)
    np.testing.assert_array_equal(out.transpose(0, 3, 1, 2), expected.detach())
    dout = normal(out.shape, seed=9)
    expected.backward(torch.tensor(dout.transpose(0, 3, 1, 2)))
    np.testing.assert_allclose(layer.backward(dout).transpose(0, 3, 1, 2), tx.grad, atol=1e-14)


def test_of_equal_pixels_the_first_gets_the_gradient():
    layer = MaxPool2D(2)
    layer.forward(np.ones((1, 2, 2, 1)))
    np.testing.assert_array_equal(layer.backward(np.full((1, 1, 1, 1), 7.0)).ravel(), [7, 0, 0, 0])


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "padding", "expected"),
    [(5, 3, 1, 0, 3), (5, 3, 2, 1, 3), (32, 5, 1, 2, 32), (227, 11, 4, 0, 55), (28, 2, 2, 0, 14)],
)
def test_known_sizes(n, kernel, stride, padding, expected):
    layer = Conv2D(1, 1, kernel, stride, padding)
    assert layer.output_shape((n, n, 1)) == (expected, expected, 1)
    if padding == 0:
        assert MaxPool2D(kernel, stride).output_shape((n, n, 4)) == (expected, expected, 4)
