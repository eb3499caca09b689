"""Each layer: its gradient measured, and its laws."""

import numpy as np
import pytest
from hypothesis import given

from lecture_utils.numbers.activations import ACTIVATIONS
from lecture_utils.numbers.convolution import Conv2D, MaxPool2D
from lecture_utils.numbers.differences import check_gradient
from lecture_utils.numbers.layers import INITS, Activation, Dense, Dropout, Flatten
from lecture_utils.numbers.network import Network
from tests.helpers.strategies import normal, seeds, sizes

CASES = {
    "dense": (Dense(5, 3), (4, 5)),
    "square dense": (Dense(3, 3), (4, 3)),
    "dropout": (Dropout(0.4), (4, 5)),
    "flatten": (Flatten(), (3, 2, 4, 2)),
    "convolution": (Conv2D(2, 3, kernel=3), (2, 5, 4, 2)),
    "padded": (Conv2D(2, 3, kernel=3, padding=1), (2, 4, 5, 2)),
    "strided": (Conv2D(1, 2, kernel=2, stride=2), (2, 5, 6, 1)),
    "padded and strided": (Conv2D(2, 2, kernel=3, stride=2, padding=2), (2, 6, 5, 2)),
    "window of one": (Conv2D(2, 3, kernel=1), (2, 3, 3, 2)),
    "pool": (MaxPool2D(2), (2, 4, 6, 3)),
    "pool with a rest": (MaxPool2D(2), (2, 5, 5, 2)),
    "overlapping pool": (MaxPool2D(3, stride=2), (2, 7, 7, 2)),
    **{name: (Activation(name), (3, 4)) for name in ACTIVATIONS},
}


def built(layer, shape, seed=0):
    """Return the layer in a network of its own, with biases that are not 0."""
    network = Network([layer], seed, input_shape=shape[1:])
    network.parameters[:] = normal(network.parameters.shape, seed + 1)
    return network, network.layers[0]


def passes(layer, x, weights):
    """Return weights * output, summed, with the same dropout each time."""
    if isinstance(layer, Dropout):
        layer.rng = np.random.default_rng(5)
    return (weights * layer.forward(x)).sum()


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_the_measured_ones(name):
    layer, shape = CASES[name]
    network, layer = built(layer, shape)
    x = normal(shape, seed=3)
    weights = normal((shape[0], *network.shapes[-1]), seed=4)
    passes(layer, x, weights)
    layer.collect(weights)
    dx = layer.backward(weights)
    assert dx.shape == x.shape
    found = check_gradient(lambda x: passes(layer, x, weights), dx, x)
    assert found.error < 1e-6, found
    if network.parameters.size:
        gradient = network.gradient.copy()
        found = check_gradient(lambda _: passes(layer, x, weights), gradient, network.parameters)
        assert found.error < 1e-6, found


@pytest.mark.parametrize("name", CASES)
def test_backward_is_linear(name):
    layer, shape = CASES[name]
    network, layer = built(layer, shape)
    out = layer.forward(normal(shape, seed=3))
    one, two = normal(out.shape, seed=4), normal(out.shape, seed=5)
    together = layer.backward(2.0 * one - 3.0 * two)
    apart = 2.0 * layer.backward(one) - 3.0 * layer.backward(two)
    np.testing.assert_allclose(together, apart, atol=1e-12)
    gradients = []
    for dout in (2.0 * one - 3.0 * two, one, two):
        layer.collect(dout)
        gradients.append(network.gradient.copy())
    expected = 2.0 * gradients[1] - 3.0 * gradients[2]
    np.testing.assert_allclose(gradients[0], expected, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in CASES if name != "dropout"])
def test_a_shuffled_batch_gives_shuffled_outputs_and_the_same_gradient(name):
    layer, shape = CASES[name]
    network, layer = built(layer, shape)
    x, order = normal(shape, seed=3), np.random.default_rng(0).permutation(shape[0])
    out = layer.forward(x)
    dout = normal(out.shape, seed=4)
    layer.collect(dout)
    gradient, dx = network.gradient.copy(), layer.backward(dout)
    np.testing.assert_allclose(layer.forward(x[order]), out[order], atol=1e-14)
    layer.collect(dout[order])
    np.testing.assert_allclose(network.gradient, gradient, atol=1e-12)
    np.testing.assert_allclose(layer.backward(dout[order]), dx[order], atol=1e-14)


@pytest.mark.parametrize("name", [name for name in CASES if name != "dropout"])
def test_output_shape_keeps_its_word_and_prediction_remembers_nothing(name):
    layer, shape = CASES[name]
    network, layer = built(layer, shape)
    before = dict(vars(layer))
    out = layer.forward(normal(shape), training=False)
    assert out.shape == (shape[0], *network.shapes[-1])
    assert {key: id(value) for key, value in vars(layer).items()} == {
        key: id(value) for key, value in before.items()
    }
    np.testing.assert_array_equal(layer.forward(normal(shape)), out)


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_silences_a_share_of_p(p):
    layer = Dropout(p)
    layer.initialise("he", np.random.default_rng(0))
    out = layer.forward(np.ones((400, 500)))
    spread = np.sqrt(p / (1.0 - p) / out.size)
    assert abs(out.mean() - 1.0) <= 5.0 * spread
    assert abs((out == 0.0).mean() - p) <= 5.0 * np.sqrt(p * (1.0 - p) / out.size)
    np.testing.assert_array_equal(layer.backward(np.ones_like(out)), out)
    x = normal((3, 4))
    assert layer.forward(x, training=False) is x


def test_dropout_draws_anew_each_time_and_the_same_for_a_seed():
    x = np.ones((4, 50))
    one, two = (Network([Dropout(0.5)], 7, input_shape=(50,)) for _ in range(2))
    first = one.forward(x)
    np.testing.assert_array_equal(first, two.forward(x))
    assert (one.forward(x) != first).any()


@given(sizes, sizes, seeds)
def test_dense_equals_its_formula(inputs, outputs, seed):
    _, layer = built(Dense(inputs, outputs), (1, inputs), seed)
    x = normal((5, inputs), seed)
    np.testing.assert_allclose(layer.forward(x), x @ layer.W + layer.b, atol=1e-13)


@pytest.mark.parametrize(
    ("layer", "shape", "init", "variance"),
    [
        (Dense(200, 100), (200,), "he", 2 / 200),
        (Dense(200, 100), (200,), "xavier", 2 / 300),
        (Dense(200, 100), (200,), "plain", 1 / 12),
        (Conv2D(16, 32, 5), (8, 8, 16), "he", 2 / (25 * 16)),
        (Conv2D(16, 32, 5), (8, 8, 16), "xavier", 2 / (25 * 48)),
    ],
)
def test_weights_have_the_variance_of_their_name(layer, shape, init, variance):
    weights = Network([layer], input_shape=shape, init=init).layers[0]
    assert weights.W.var() == pytest.approx(variance, rel=0.05)
    assert abs(weights.W.mean()) < 5.0 * np.sqrt(variance / weights.W.size)
    np.testing.assert_array_equal(weights.b, 0.0)
    if init == "plain":
        assert np.abs(weights.W).max() <= 0.5
    assert init in INITS


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Dense(0, 3), r"inputs must be a whole number >= 1, got 0; try 64"),
        (lambda: Dense(3, 2.5), r"outputs must be a whole number >= 1, got 2.5"),
        (lambda: Dense(True, 3), r"inputs must be a whole number >= 1, got True"),
        (lambda: Activation("rely"), r"activation must be one of identity, .*; got 'rely'"),
        (lambda: Dropout(1.0), r"p must be >= 0 and < 1, got 1.0; try 0.5"),
        (lambda: Dropout("half"), r"p must be a number, got 'half'"),
        (lambda: Dropout(float("nan")), r"p must be >= 0 and < 1, got nan"),
        (lambda: Conv2D(1, 2, kernel=0), r"kernel must be a whole number >= 1"),
        (lambda: Conv2D(1, 2, padding=-1), r"padding must be a whole number >= 0, got -1"),
        (lambda: MaxPool2D(2, stride=0), r"stride must be a whole number >= 1, got 0"),
    ],
)
def test_bad_sizes_are_refused_in_one_line(make, message):
    with pytest.raises(ValueError, match=message) as refused:
        make()
    assert "\n" not in str(refused.value)
