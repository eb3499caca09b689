"""Layers: each knows its shapes, its forward pass and the two halves of its backward pass.

A layer is given, by the network it is put in, views of one long vector of parameters and of one
of their gradient. ``forward(x)`` goes up and, in training, remembers what the way back needs.
``collect(dout)`` fills the layer's part of the gradient, ``backward(dout)`` hands the gradient
down to the layer below. The arrays of a sample come last: (batch, height, width, channels).

A layer keeps what it is given, not a copy: who calls it alone leaves that as it is until the way
back. A network copies what it is called with.
"""

import math
from functools import lru_cache

import numpy as np

from lecture_utils.numbers.activations import ACTIVATIONS
from lecture_utils.numbers.arguments import choice, number, whole

INITS = {  # name -> weights drawn for neurons of so many inputs and outputs
    # He and others 2015, made for relu
    "he": lambda rng, shape, inputs, outputs: rng.normal(0.0, math.sqrt(2 / inputs), shape),
    # Glorot and Bengio 2010, made for tanh
    "xavier": lambda rng, shape, inputs, outputs: rng.normal(
        0.0, math.sqrt(2 / (inputs + outputs)), shape
    ),
    # whatever the size
    "plain": lambda rng, shape, inputs, outputs: rng.uniform(-0.5, 0.5, shape),
}


@lru_cache(maxsize=32)
def ones(n, dtype):
    """Return a vector of ones: its product with a matrix adds up, quicker than sum does."""
    return np.ones(n, dtype)


class Layer:
    """What all layers share; one without parameters has only to say forward and backward."""

    shapes = ()  # of the weights and of the bias
    options = ""  # how it was made: fields named in braces

    def output_shape(self, shape):
        """Return the shape of one sample after the layer; ValueError if it does not fit."""
        return tuple(shape)

    def bind(self, parameters, gradient):
        """Take views of the network's long vectors as weights and bias."""

    def initialise(self, init, rng):
        """Draw weights from `rng`; a layer that draws while training keeps it."""

    def collect(self, dout):
        """Fill the gradient with respect to the parameters."""

    def __repr__(self):
        return f"{type(self).__name__}({self.options.format(**vars(self))})"


class Dense(Layer):
    """Every output is a weighted sum of all inputs, plus a bias: ``z = x W + b``.

    Parameters
    ----------
    inputs, outputs : int
        Sizes, at least 1. W has shape (inputs, outputs), b has (outputs,).

    Examples
    --------
    >>> Dense(64, 10).output_shape((64,))
    (10,)
    """

    options = "{inputs}, {outputs}"

    def __init__(self, inputs, outputs):
        self.inputs = whole("inputs", inputs, 1, 64)
        self.outputs = whole("outputs", outputs, 1, 10)
        self.shapes = ((self.inputs, self.outputs), (self.outputs,))

    def output_shape(self, shape):
        if tuple(shape) != (self.inputs,):
            raise ValueError(f"{self} takes samples of shape ({self.inputs},)")
        return (self.outputs,)

    def bind(self, parameters, gradient):
        (self.W, self.b), (self.dW, self.db) = parameters, gradient

    def initialise(self, init, rng):
        inputs, outputs = math.prod(self.W.shape[:-1]), self.W[..., 0, :].size
        self.W[:] = INITS[init](rng, self.W.shape, inputs, outputs)
        self.b[:] = 0.0

    def forward(self, x, training=True):
        if training:
            self.x = x  # (batch, inputs)
        z = np.dot(x, self.W)  # (batch, outputs); for small arrays dot is quicker than @
        z += self.b
        return z

    def collect(self, dz):
        np.dot(self.x.T, dz, out=self.dW)  # (inputs, batch) @ (batch, outputs)
        np.dot(ones(len(dz), dz.dtype), dz, out=self.db)  # adds up the batch: (outputs,)

    def backward(self, dz):
        return np.dot(dz, self.W.T)  # (batch, outputs) @ (outputs, inputs)


class Activation(Layer):
    """One function of `ACTIVATIONS` applied to every number, or to every row for softmax.

    Parameters
    ----------
    name : str
        A name in `ACTIVATIONS`.

    Examples
    --------
    >>> Activation("relu").forward(np.array([[-1.0, 2.0]]))
    array([[0., 2.]])
    """

    options = '"{name}"'

    def __init__(self, name):
        self.name = choice("activation", name, ACTIVATIONS)
        self.function, self.slope = ACTIVATIONS[name]

    def forward(self, z, training=True):
        a = self.function(z)
        if training:
            self.z, self.a = z, a
        return a

    def backward(self, da):
        slope = self.slope(self.z, self.a)
        if slope.ndim > da.ndim:  # softmax: (batch, k, k) @ (batch, k, 1)
            return (slope @ da[..., None])[..., 0]
        slope *= da
        return slope


class Dropout(Layer):
    """In training, silence each number with a chance `p` and make up for it in the others.

    Those that stay are multiplied by 1 / (1 - p), so that the mean is as without dropout, and
    nothing needs doing at prediction (Srivastava and others 2014).

    Parameters
    ----------
    p : float, default=0.5
        Chance of silence, in [0, 1).

    Examples
    --------
    >>> Dropout(0.5).forward(np.ones((1, 3)), training=False)
    array([[1., 1., 1.]])
    """

    options = "{p:g}"

    def __init__(self, p=0.5):
        self.p = number("p", p, 0.5, below=1.0)

    def initialise(self, init, rng):
        self.rng = rng

    def forward(self, x, training=True):
        if not training:
            return x
        keep = self.rng.random(x.shape) >= self.p
        self.mask = np.multiply(keep, 1.0 / (1.0 - self.p), dtype=x.dtype)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


class Flatten(Layer):
    """Lay the numbers of a sample in one row, (height, width, channels) to (inputs,).

    Examples
    --------
    >>> Flatten().output_shape((4, 4, 8))
    (128,)
    """

    def output_shape(self, shape):
        return (math.prod(shape),)

    def forward(self, x, training=True):
        if training:
            self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout):
        return dout.reshape(self.shape)
