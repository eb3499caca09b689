"""Losses: how far outputs are from targets, as one number, and which way each output should move.

``loss(outputs, y)`` returns the mean loss and its gradient with respect to the outputs, an array
of their shape. Labels are checked, and brought into the outputs' shape, by the loss itself; a
training loop does that once and then uses the bare formula, ``loss.formula(outputs, targets)``.
"""

from functools import wraps

import numpy as np

from lecture_utils.numbers.arguments import refuse
from lecture_utils.numbers.arrays import filled, finite, holding, numbers, quiet
from lecture_utils.numbers.layers import ones


def _numbers(y, shape, dtype):
    """Return targets that are any finite numbers, one for each output."""
    y = finite("y", y, dtype)
    if y.size != np.prod(shape) or len(y) != shape[0]:
        fits = y.size == np.prod(shape)
        way = f"np.reshape(y, {tuple(shape)})" if fits else "as many targets as outputs"
        rule = f"y must have one target for each output {tuple(shape)}"
        refuse(rule, f"shape {y.shape}", way)
    return y.reshape(shape)


def _signs(y, shape, dtype):
    """Return targets that are -1 or +1."""
    y = _numbers(y, shape, dtype)
    return holding(y, abs(y) == 1, "-1 and +1", "np.where(np.array(y) > 0, 1, -1)")


def _chances(y, shape, dtype):
    """Return targets that are the probability of class 1, mostly 0 or 1."""
    y = _numbers(y, shape, dtype)
    good = (y >= 0) & (y <= 1)
    return holding(y, good, "numbers from 0 to 1", "np.where(np.array(y) > 0, 1, 0)")


def _one_hot(y, shape, dtype):
    """Return one row of probabilities for each sample; a label 2 of 4 becomes 0, 0, 1, 0."""
    if len(shape) != 2 or shape[1] < 2:
        rule = "cross_entropy must have outputs of shape (batch, classes) with at least 2 classes"
        refuse(rule, tuple(shape), "binary_cross_entropy")
    y = finite("y", y)
    if y.shape == tuple(shape):
        good = (y >= 0) & (abs(y.sum(axis=1, keepdims=True) - 1) < 1e-6)
        rule = "rows of probabilities that sum to 1"
        return holding(y, good, rule, "np.argmax(y, axis=1)").astype(dtype)
    return np.eye(shape[1], dtype=dtype)[_classes(_numbers(y, shape[:1], float), shape[1])]


def _classes(y, k):
    """Return labels that are 0 to k - 1, as whole numbers."""
    found = len(np.unique(y))
    way = "np.unique(y, return_inverse=True)[1]" if found <= k else f"{found} outputs"
    return holding(y, np.isin(y, range(k)), f"whole numbers 0 to {k - 1}", way).astype(int)


def _loss(targets):
    """Put the check of the targets in front of a formula, and keep both within reach."""

    def decorate(formula):
        @wraps(formula)
        @quiet
        def loss(outputs, y):
            outputs = filled("outputs", numbers("outputs", outputs), "network.predict(X)")
            return formula(outputs, targets(y, outputs.shape, outputs.dtype))

        loss.formula, loss.targets = formula, targets
        return loss

    return decorate


@_loss(_numbers)
def squared(outputs, y):
    """Mean of ``r**2``, where r = outputs - y: least squares.

    >>> squared([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 2.0, 5.0])
    (2.25, array([-0.5, -1. ,  0. , -1. ]))
    """
    r = outputs - y
    value = np.vdot(r, r) / r.size  # vdot multiplies and adds up in one pass
    r *= 2.0 / r.size
    return float(value), r


@_loss(_numbers)
def absolute(outputs, y):
    """Mean of ``|r|``, where r = outputs - y; at r = 0 the gradient is taken as 0.

    >>> absolute([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 2.0, 5.0])
    (1.25, array([-0.25, -0.25,  0.  , -0.25]))
    """
    r = outputs - y
    return float(np.abs(r).sum() / r.size), np.sign(r) / r.size


@_loss(_numbers)
def huber(outputs, y):
    """Mean of ``r**2 / 2`` up to \\|r\\| = 1, and of ``|r| - 1/2`` beyond (Huber 1964).

    >>> huber([0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 2.0, 5.0])
    (0.875, array([-0.25, -0.25,  0.  , -0.25]))
    """
    r = outputs - y
    slope = np.clip(r, -1.0, 1.0)
    return float((slope * (r - 0.5 * slope)).sum() / r.size), slope / r.size


@_loss(_one_hot)
def cross_entropy(outputs, y):
    """Mean of ``-log p[y]``, where p is the softmax of a row of scores: both in one.

    `outputs` holds the scores, (n, k); `y` the labels 0 to k - 1, or k probabilities a row.

    >>> cross_entropy([[1000.0, 0.0], [1000.0, 0.0]], [0, 1])
    (500.0, array([[ 0. ,  0. ],
           [ 0.5, -0.5]]))
    """
    top = np.maximum.reduce(outputs.T.copy())  # (batch,); down columns is quicker than along rows
    z = outputs - top[:, None]  # exp cannot overflow
    z -= np.log(np.dot(np.exp(z), ones(z.shape[1], z.dtype)))[:, None]  # log p, (batch, classes)
    value, p = -np.vdot(z, y) / len(z), np.exp(z)
    p -= y
    p /= len(p)
    return float(value), p


@_loss(_chances)
def binary_cross_entropy(outputs, y):
    """Mean of ``-log p`` of the right class, where p = sigmoid(score) is the chance of class 1.

    `y` holds 0 and 1, or chances between them.

    >>> binary_cross_entropy([1000.0, -1000.0], [1, 1])
    (500.0, array([ 0. , -0.5]))
    """
    e = np.exp(-np.abs(outputs))  # at most 1
    value = (np.maximum(outputs, 0.0) + np.log1p(e) - y * outputs).sum() / outputs.size
    p = np.where(outputs < 0, e, 1.0) / (1.0 + e)
    p -= y
    p /= p.size
    return float(value), p


@_loss(_signs)
def hinge(outputs, y):
    """Mean of ``max(0, 1 - y * score)``, for labels -1 and +1: right is not enough, by a margin.

    >>> hinge([2.0, 0.5], [1, 1])
    (0.25, array([-0. , -0.5]))
    """
    short = 1.0 - y * outputs
    wrong = np.heaviside(short, 0.0)  # 1 where short > 0, else 0, and nan where it is nan
    return float(np.maximum(short, 0.0).sum() / short.size), -y * wrong / short.size


@_loss(_signs)
def perceptron(outputs, y):
    """Mean of ``max(0, -y * score)``, for labels -1 and +1; a score of 0 is a mistake.

    >>> perceptron([2.0, 0.0, -1.0, -3.0], [1, 1, 1, 1])
    (1.0, array([-0.  , -0.25, -0.25, -0.25]))
    """
    short = -y * outputs
    wrong = np.heaviside(short, 1.0)  # 1 where short >= 0, else 0, and nan where it is nan
    return float(np.maximum(short, 0.0).sum() / short.size), -y * wrong / short.size


_ALL = (squared, absolute, huber, cross_entropy, binary_cross_entropy, hinge, perceptron)
LOSSES = {loss.__name__: loss for loss in _ALL}


def accuracy(outputs, y):
    """Return the share of samples whose class is right.

    Parameters
    ----------
    outputs : array_like of shape (n, k), (n, 1) or (n,)
        Scores. The greatest of k names the class, of equal ones the first; a single score names
        class 1 where it is > 0. Where a score is nan the sample counts as wrong.
    y : array_like of shape (n,)
        Classes, 0 to k - 1; for a single score 0 and 1, or -1 and +1.

    Returns
    -------
    float

    Examples
    --------
    >>> accuracy([[0.1, 0.9], [0.8, 0.2]], [1, 1])
    0.5
    >>> accuracy([[-3.0], [2.0]], [-1, 1])
    1.0
    """
    outputs, y = numbers("outputs", outputs), finite("y", y)
    if outputs.ndim not in (1, 2) or outputs.size == 0:
        refuse("outputs must have shape (n, k) or (n,)", outputs.shape, "network.predict(X)")
    if y.size != len(outputs):
        way = "np.argmax(y, axis=1)" if len(y) == len(outputs) else "one label a row"
        got = f"shapes {y.shape} and {outputs.shape}"
        refuse("y must have one label for each row of outputs", got, way)
    y, outputs = y.ravel(), outputs.reshape(len(outputs), -1)
    if outputs.shape[1] > 1:
        right = outputs.argmax(axis=1) == _classes(y, outputs.shape[1])
    else:
        no = -1 if y.min() < 0 else 0
        way = f"np.where(np.array(y) > 0, 1, {no})"
        holding(y, (y == no) | (y == 1), f"{no} and 1", way)
        right = (outputs[:, 0] > 0) == (y > 0)
    return float((right & ~np.isnan(outputs).any(axis=1)).mean())
