"""How the numbers are called by the fuzz tests, and what must be true of the results.

A case draws good arguments, by name; its law gets the result and the same arguments. A law holds,
too, for a bad argument that is not refused, so it works out what it can from what came in.
"""

from copy import copy
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import special

from lecture_utils import ACTIVATIONS, LOSSES, OPTIMIZERS, Activation, Dense, Network, fit, steps
from tests.helpers.strategies import floats, seeds


@dataclass
class Case:
    """A call, what it is given, and its law."""

    call: object
    law: object
    arguments: object = field(default_factory=lambda: st.just({}))
    keys: tuple = ()


def case(call, law, **strategies):
    return Case(call, law, st.fixed_dictionaries(strategies), tuple(strategies))


ANY = st.floats(width=32)
PART = st.floats(0.0, 0.999)
STEP = st.floats(1e-3, 0.1)
SMALL = st.integers(1, 4)


def table(rows, columns, elements=floats(-5.0, 5.0)):  # noqa: B008 - a strategy is a value
    """Samples in rows, of both float types."""
    return st.sampled_from(["float64", "float32"]).flatmap(
        lambda kind: arrays(np.float64, (rows, columns), elements=elements).map(
            lambda X: X.astype(kind)
        )
    )


def exact(values):
    """Return what came in, in more digits than it has."""
    return np.asarray(values, dtype=float).astype(np.longdouble)


# Activations, against SciPy's; far out and at infinity see tests/numbers/test_activations.py.
CURVES = {
    "identity": lambda z: z,
    "sign": np.sign,
    "sigmoid": special.expit,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "softplus": lambda z: np.logaddexp(0.0, z),
    "gelu": lambda z: z * special.ndtr(z),
    "silu": lambda z: z * special.expit(z),
    "softmax": lambda z: special.softmax(z, axis=-1),
}


def activation_case(name):
    function, slope = ACTIVATIONS[name]

    def both(z):
        a = function(z)
        return a, slope(np.asarray(z, a.dtype), a)

    def law(result, z):
        a, da = result
        z, digits = np.asarray(z, dtype=float), 1e-5 if a.dtype == np.float32 else 1e-9
        known = CURVES[name](z)
        plain = np.isfinite(z) if name != "softmax" else np.isfinite(z).all(axis=-1)
        np.testing.assert_allclose(a[plain], known[plain], digits, 1e-37)
        assert a.shape == z.shape
        assert a.dtype == (np.float32 if np.asarray(z).dtype == np.float32 else a.dtype)
        assert (np.isnan(a) >= np.isnan(z)).all()
        inside = da[~np.isnan(z)] if name != "softmax" else da[plain]
        assert (np.abs(inside) <= 1.2).all()

    shapes = array_shapes(min_dims=int(name == "softmax"), max_dims=3, max_side=4)
    kinds = st.sampled_from([np.float64, np.float32])
    return case(both, law, z=st.tuples(kinds, shapes).flatmap(lambda a: arrays(*a, elements=ANY)))


# Losses of one output, or of one row of them, in longer numbers.
DISTANCES = {
    "squared": lambda z, y: (z - y) ** 2,
    "absolute": lambda z, y: abs(z - y),
    "huber": lambda z, y: np.where(abs(z - y) > 1, abs(z - y) - 0.5, (z - y) ** 2 / 2),
    "binary_cross_entropy": lambda z, y: np.logaddexp(0, z) - y * z,
    "hinge": lambda z, y: np.maximum(0, 1 - y * z),
    "perceptron": lambda z, y: np.maximum(0, -y * z),
}
LABELS = {
    "binary_cross_entropy": st.floats(0.0, 1.0),
    "hinge": st.sampled_from([-1.0, 1.0]),
    "perceptron": st.sampled_from([-1, 1]),
}


def loss_case(name):
    def law(result, outputs, y):
        value, gradient = result
        z = exact(outputs)
        assert type(value) is float
        assert gradient.shape == z.shape
        if np.isnan(z).any():
            assert np.isnan(value)
            assert (np.isnan(gradient) >= np.isnan(z)).all()
        elif np.isfinite(z).all() and np.isfinite(value):
            if name == "cross_entropy":
                one_hot = np.ndim(y) == 2 and np.shape(y) == z.shape
                y = exact(y) if one_hot else np.eye(z.shape[1])[np.ravel(np.asarray(y, int))]
                known = (special.logsumexp(z, axis=1, keepdims=True) * y - z * y).sum() / len(z)
            else:
                known = DISTANCES[name](z, exact(y).reshape(z.shape)).mean()
            digits = 1e-4 if gradient.dtype == np.float32 else 1e-9
            assert abs(value - known) <= digits * (1 + abs(known) + abs(z).max())

    shape = st.tuples(SMALL, st.integers(2, 4))
    labels = LABELS.get(name, floats())

    def both(shape):
        y = arrays(float, shape, elements=labels)
        if name == "cross_entropy":
            y = arrays(int, shape[:1], elements=st.integers(0, shape[1] - 1))
        outputs = st.one_of(table(*shape), table(*shape, ANY))
        return st.fixed_dictionaries({"outputs": outputs, "y": y})

    return Case(LOSSES[name], law, shape.flatmap(both), ("outputs", "y"))


def accuracy_law(result, outputs, y):
    right, y = [], np.ravel(np.asarray(y, dtype=float))
    for row, label in zip(np.reshape(np.asarray(outputs, float), (len(y), -1)), y, strict=True):
        said = row.argmax() == label if len(row) > 1 else (row[0] > 0) == (label > 0)
        right.append(said and not np.isnan(row).any())
    assert result == np.mean(right)


def slope_law(result, f, x, step, method):
    if np.isfinite(result).all() and step in (None, 1e-2) and f is bowl:
        known = 2 * np.asarray(x, dtype=float)
        np.testing.assert_allclose(result, known, rtol=1e-2, atol=1e-2 * (1 + abs(known).max()))


def bowl(x):
    return (x * x).sum()


def checked_law(result, f, gradient, x, step):
    if np.isfinite(result.error):
        assert result.error >= 0.0
        assert (result.error < 1e-2) == np.allclose(gradient, 2 * np.asarray(x), 1e-2, 1e-6)


def photograph_law(result, kind):
    assert result.shape == {"grey": (107, 160), "color": (160, 240, 3)}[kind]
    assert 0.0 <= result.min() < result.max() <= 1.0


def split_law(result, X, y, test, seed):
    X_train, X_test, y_train, y_test = result
    assert len(X_train) == len(y_train) > 0 < len(X_test) == len(y_test)
    assert len(X_train) + len(X_test) == len(X)
    assert sorted(map(repr, [*y_train, *y_test])) == sorted(map(repr, np.asarray(y)))


# Layers, networks, training.
def layers_of(*layers, input_shape):
    """Use layers in a network, up and down."""
    network = Network(layers, input_shape=input_shape)
    out = network.forward(np.ones((2, *network.shapes[0])))
    network.backward(out)
    return network, network.predict(np.zeros((3, *network.shapes[0])))


def layers_law(result, **options):
    network, out = result
    assert out.shape == (3, *network.shapes[-1])
    assert np.isfinite(out).all()
    assert np.isfinite(network.gradient).all()


def mlp(activation="tanh", outputs=2, dtype="float64"):
    layers = [Dense(3, 4), Activation(activation), Dense(4, outputs)]
    return Network(layers, dtype=dtype)


def use_network(layers, seed, input_shape, init, dtype, X, rows, samples, dout):
    network = Network(layers, seed, input_shape, init, dtype)
    out = network.predict(X, rows)
    network.forward(samples)
    network.backward(dout)
    return network, out


def network_law(result, layers, seed, input_shape, init, dtype, X, rows, samples, dout):
    network, out = result
    assert out.shape == (len(X), 2)
    assert out.dtype == network.gradient.dtype == dtype
    if np.isfinite(out).all():
        alone = [network.predict(np.asarray(X)[i : i + 1])[0] for i in range(len(X))]
        np.testing.assert_allclose(out, alone, rtol=1e-3, atol=1e-4 * (1 + np.abs(out).max()))


TRAINING = {
    "X": table(5, 3),
    "y": st.lists(st.integers(0, 1), min_size=5, max_size=5),
    "loss": st.sampled_from(["cross_entropy"]),
    "batch": st.integers(1, 9),
    "seed": seeds,
    "l1": st.floats(0.0, 0.1),
    "l2": st.floats(0.0, 0.1),
}
made = st.sampled_from(list(OPTIMIZERS)).flatmap(lambda n: STEP.map(lambda s: f"{n}({s!r})"))


def optimizer_of(text):
    """Make an optimizer from its repr, so that each example has its own; all else is passed on."""
    named = isinstance(text, str) and text.partition("(")[0] in OPTIMIZERS
    return eval(text, dict(OPTIMIZERS)) if named else text


def do_fit(optimizer, activation, dtype, **options):
    network = mlp(activation, dtype=dtype)
    return network, fit(network, optimizer=optimizer_of(optimizer), **options)


def do_steps(optimizer, activation, dtype, **options):
    network = mlp(activation, dtype=dtype)
    return network, list(islice(steps(network, optimizer=optimizer_of(optimizer), **options), 3))


def fit_law(result, **options):
    network, history = result
    assert np.isfinite(network.parameters).all()
    assert np.isfinite(history.loss).all()
    assert history.stopped or len(history.loss) == options["epochs"]
    assert history == history


def optimizer_case(name):
    def updates(step, parameters, gradient):
        optimizer, x = OPTIMIZERS[name](step), copy(parameters)
        for _ in range(3):
            optimizer.update(x, gradient)
        return optimizer, x

    def law(result, step, parameters, gradient):
        optimizer, x = result
        assert optimizer.t == 3
        assert x.dtype == parameters.dtype
        if name == "SGD" and np.isfinite(x).all():
            lengths = sum(exact(step(t) if callable(step) else step) for t in range(3))
            known = exact(parameters) - lengths * exact(gradient)
            np.testing.assert_allclose(x, known.astype(float), rtol=1e-5, atol=1e-4)

    return case(updates, law, step=STEP, parameters=table(2, 3), gradient=table(2, 3, ANY))


def least_law(result, X, y, **options):
    A = np.column_stack([np.asarray(X, float), np.ones(len(X))])
    best = A @ np.linalg.lstsq(A, y, rcond=None)[0] - y
    assert np.linalg.norm(A @ result - y) <= np.linalg.norm(best) * (1 + 1e-6) + 1e-6
