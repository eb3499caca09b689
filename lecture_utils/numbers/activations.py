"""Activation functions and their slopes: one table, from the simplest to the latest.

Every function takes numbers or arrays of any shape and keeps float32. Every slope takes the input
``z`` and the output ``a = function(z)``, so that nothing is worked out twice. All are right at
+-1000 and +-inf, give nan for nan, and never warn or raise, whatever ``np.seterr`` says.
"""

import math

import numpy as np

from lecture_utils.numbers.arguments import refuse
from lecture_utils.numbers.arrays import numbers, quiet

LEAK = 0.01  # the slope of leaky_relu below zero
FAR = 300.0  # in products z is held within +-FAR, as 300 * 0 is 0 and inf * 0 is nan


def _wherever_a_number(z, value):
    return np.where(np.isnan(z), z, z.dtype.type(value))


def identity(z):
    """Return z itself: a network of these is one linear map.

    >>> identity([-2.0, 3.0])
    array([-2.,  3.])
    """
    return numbers("z", z) * 1.0


def identity_slope(z, a):
    return _wherever_a_number(numbers("z", z), 1.0)


def sign(z):
    """Fire (+1) or not (-1), and 0 on the line itself: the first idea, of the 1950s.

    >>> sign([-2.0, 0.0, 3.0])
    array([-1.,  0.,  1.])
    """
    return np.sign(numbers("z", z))


def sign_slope(z, a):
    return _wherever_a_number(numbers("z", z), 0.0)


@quiet
def sigmoid(z):
    """Squash to (0, 1): 1 / (1 + exp(-z)), by way of exp(-\\|z\\|), which cannot overflow.

    >>> sigmoid([-1000.0, 0.0, 1000.0])
    array([0. , 0.5, 1. ])
    """
    z = numbers("z", z)
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1.0) / (1.0 + e)


@quiet
def sigmoid_slope(z, a):
    return a * (1.0 - a)


def tanh(z):
    """Squash to (-1, 1): the same curve as the sigmoid, ``2 * sigmoid(2 * z) - 1``.

    >>> tanh([-1000.0, 0.0, 1000.0])
    array([-1.,  0.,  1.])
    """
    return np.tanh(numbers("z", z))


@quiet
def tanh_slope(z, a):
    return 1.0 - a * a


def relu(z):
    """Cut off below zero: max(0, z).

    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(numbers("z", z), 0.0)


def relu_slope(z, a):
    return np.sign(a)  # 1 where z > 0, else 0; at the kink itself we take 0


@quiet
def leaky_relu(z):
    """Let one hundredth through below zero, so that no neuron is dead.

    >>> leaky_relu([-2.0, 0.0, 3.0])
    array([-0.02,  0.  ,  3.  ])
    """
    z = numbers("z", z)
    return np.maximum(z, LEAK * z)


def leaky_relu_slope(z, a):
    return np.maximum(np.sign(z), LEAK)


@quiet
def elu(z):
    """Bend smoothly to -1 below zero: exp(z) - 1 (Clevert and others 2015).

    >>> elu([-1000.0, 0.0, 3.0])
    array([-1.,  0.,  3.])
    """
    z = numbers("z", z)
    return np.where(z < 0, np.expm1(np.minimum(z, 0.0)), z)


@quiet
def elu_slope(z, a):
    return np.minimum(a, 0.0) + 1.0


@quiet
def softplus(z):
    """Round off the kink of relu: log(1 + exp(z)), whose slope is the sigmoid.

    >>> softplus([-1000.0, 0.0, 1000.0]).round(4)
    array([0.000e+00, 6.931e-01, 1.000e+03])
    """
    z = numbers("z", z)
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softplus_slope(z, a):
    return sigmoid(z)


@quiet
def gelu(z):
    """Weigh z by the chance that a normal variable is smaller (Hendrycks and Gimpel 2016).

    This is the exact form, with erf; the tanh form differs from it by up to 4.7e-4.

    >>> gelu([-1000.0, 0.0, 1.0]).round(6)
    array([-0.      ,  0.      ,  0.841345])
    """
    z = numbers("z", z)
    return np.maximum(z, -FAR) * _normal_below(z)


@quiet
def gelu_slope(z, a):
    z, a = np.clip(numbers("z", z), -FAR, FAR), np.minimum(a, FAR)
    below = np.divide(a, z, out=np.full_like(z, 0.5), where=z != 0.0)  # erfc costs far more
    return below + z * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def _normal_below(z):
    erfc = np.frompyfunc(math.erfc, 1, 1)  # NumPy has none
    return 0.5 * np.asarray(erfc(-z / math.sqrt(2.0))).astype(z.dtype)


@quiet
def silu(z):
    """Weigh z by its sigmoid, z * sigmoid(z), also called swish.

    >>> silu([-1000.0, 0.0, 1.0]).round(6)
    array([-0.      ,  0.      ,  0.731059])
    """
    z = numbers("z", z)
    return np.maximum(z, -FAR) * sigmoid(z)


@quiet
def silu_slope(z, a):
    s = sigmoid(z)
    return s * (1.0 + np.clip(z, -FAR, FAR) * (1.0 - s))


@quiet
def softmax(z):
    """Turn each row of scores into probabilities: exp(z) over the row's sum of them.

    >>> softmax([[1000.0, 1000.0], [0.0, -np.inf]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    z = numbers("z", z)
    if z.ndim == 0 or z.shape[-1] == 0:
        got = "none" if z.ndim else "a single number"
        refuse("softmax must have a row of scores", got, "[z, 0.0]")
    top = z.max(axis=-1, keepdims=True)
    below = np.zeros_like(z)  # stays 0 where z is the top one, as inf - inf would be nan
    e = np.exp(np.subtract(z, top, out=below, where=z != top))
    return e / e.sum(axis=-1, keepdims=True)


@quiet
def softmax_slope(z, a):
    """Return the Jacobian of each row, (..., k, k): ``da_i/dz_j = a_i (1[i = j] - a_j)``."""
    return a[..., None] * (np.eye(a.shape[-1], dtype=a.dtype) - a[..., None, :])


ACTIVATIONS = {  # name -> (function of z, slope at z where a = function(z))
    "identity": (identity, identity_slope),
    "sign": (sign, sign_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (tanh, tanh_slope),
    "relu": (relu, relu_slope),
    "leaky_relu": (leaky_relu, leaky_relu_slope),
    "elu": (elu, elu_slope),
    "softplus": (softplus, softplus_slope),
    "gelu": (gelu, gelu_slope),
    "silu": (silu, silu_slope),
    "softmax": (softmax, softmax_slope),  # its slope is a matrix for each row
}
