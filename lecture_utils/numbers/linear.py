"""Linear models: least squares three ways, and logistic regression on the network's parts."""

import numpy as np

from lecture_utils.numbers.arguments import choice, number, positive, refuse, whole
from lecture_utils.numbers.arrays import finite, quiet, same_rows
from lecture_utils.numbers.layers import Dense
from lecture_utils.numbers.network import Network
from lecture_utils.numbers.optimizers import Nesterov
from lecture_utils.numbers.training import fit


def _with_ones(X, y):
    """Return [X, 1], (n, d + 1), and y, (n,), both checked."""
    X, y = finite("X", X), finite("y", y)
    same_rows(X, y)
    if X.ndim > 2 or y.ndim != 1:
        one = "np.ravel(y)" if y.size == len(y) else "one target a row"
        way = "np.reshape(X, (len(X), -1))" if X.ndim > 2 else one
        got = f"{X.shape} and {y.shape}"
        refuse("X must have shape (n, d) or (n,) and y (n,)", got, way)
    return np.column_stack([X, np.ones(len(X))]), y


@quiet
def least_squares(X, y, method="qr"):
    """Find the weights w and the bias b that make the sum of ``(y - X w - b)**2`` least.

    Parameters
    ----------
    X : array_like of shape (n, d) or (n,)
        Inputs, one sample a row.
    y : array_like of shape (n,)
    method : {"qr", "normal"}, default="qr"
        By an orthogonal basis, or by the normal equations, with the square of the rounding
        error. The third way, `descent_path`, is a walk.

    Returns
    -------
    ndarray of shape (d + 1,)
        The weights, one for each column of X, then the bias.

    Raises
    ------
    ValueError
        If the columns of X and the column of ones depend on each other: then infinitely many
        coefficients do equally well.

    Examples
    --------
    >>> least_squares([0, 1, 2, 3], [1, 3, 5, 7]).round(6)
    array([2., 1.])
    """
    choice("method", method, ("qr", "normal"))
    A, y = _with_ones(X, y)
    Q, R = np.linalg.qr(A)
    _held(R)
    rank = np.linalg.matrix_rank(R / np.abs(R).max(axis=0).clip(1e-300))  # units do not matter
    if rank < A.shape[1]:
        rule = f"X must have independent columns, with that of ones rank {A.shape[1]}"
        refuse(rule, f"{rank} of {A.shape}", "np.linalg.lstsq")
    if method == "qr":
        return _held(np.linalg.solve(R, Q.T @ y))  # A = QR and Q'Q = 1, so R theta = Q'y
    try:
        return _held(np.linalg.solve(A.T @ A, A.T @ y))  # squares the condition number
    except np.linalg.LinAlgError:
        rule = "X must be better conditioned for the normal equations"
        refuse(rule, "A'A that is singular after rounding", "method='qr'")


@quiet
def descent_path(X, y, step=None, steps=1000, start=None):
    """Walk down the mean squared error by gradient descent and keep every point.

    Parameters
    ----------
    X : array_like of shape (n, d) or (n,)
    y : array_like of shape (n,)
    step : float, default=None
        Size of a step, > 0. None means 1 / L, where L is the largest curvature; beyond 2 / L
        the walk goes astray.
    steps : int, default=1000
        Number of steps, at least 1.
    start : array_like of shape (d + 1,), default=None
        None means all zeros.

    Returns
    -------
    ndarray of shape (steps + 1, d + 1)
        The start, and weights and bias after each step, the bias last.

    Notes
    -----
    The gradient is ``2 A'(A theta - y) / n``, where A = [X, 1] and theta = (w, b); L the largest
    eigenvalue of ``2 A'A / n``.

    Examples
    --------
    >>> descent_path([0, 1, 2, 3], [1, 3, 2, 5], step=0.1, steps=2)
    array([[0.   , 0.   ],
           [1.1  , 0.55 ],
           [1.265, 0.66 ]])
    """
    A, y = _with_ones(X, y)
    step = 1.0 / _curvature(A) if step is None else positive("step", step, 0.1)
    path = np.zeros((whole("steps", steps, 1, 1000) + 1, A.shape[1]))
    path[0] = 0.0 if start is None else _coefficients(start, A.shape[1])
    for i in range(len(path) - 1):  # a walk astray ends in inf and nan
        path[i + 1] = path[i] - step * 2.0 * A.T @ (A @ path[i] - y) / len(y)
    return path


def _coefficients(start, size):
    start = finite("start", start)
    if start.shape != (size,):
        refuse(f"start must have shape ({size},)", start.shape, f"np.zeros({size})")
    return start


def _curvature(A):
    return _held(2.0 * np.linalg.norm(A, 2) ** 2 / len(A))


def _held(results):
    """Return what was worked out from X and y, or say that they were too large for it."""
    if not np.isfinite(results).all():
        rule = "X and y must have squares that can be added up"
        refuse(rule, "sums beyond 1.8e308", "other units, such as km for mm")
    return results


def logistic_regression(X, y, l2=0.0, updates=2000):
    """Fit the chance of class 1 as ``sigmoid(X w + b)``, for classes 0 and 1.

    One Dense layer under cross-entropy, all samples in every update, Nesterov's momentum and a
    step that the curvature allows. It needs columns of like scale: standardise X first. Data that
    a line parts have no best w without `l2`.

    Parameters
    ----------
    X : array_like of shape (n, d) or (n,)
    y : array_like of shape (n,)
        0 and 1.
    l2 : float, default=0.0
        Penalty ``l2 / 2 * sum w**2``, not on b.
    updates : int, default=2000

    Returns
    -------
    Network
        ``layers[0].W`` (d, 1) and ``.b`` (1,); ``predict(X)`` gives the scores (n, 1).

    Examples
    --------
    >>> logistic_regression([-2, -1, 0, 1, 2, 3], [0, 0, 1, 0, 1, 1]).parameters.round(4)
    array([ 1.214, -0.607])
    """
    A, y = _with_ones(X, y)
    return _logistic(A, y, 1, "binary_cross_entropy", l2, updates)


def softmax_regression(X, y, l2=0.0, updates=2000):
    """Fit the chances of classes 0 to k - 1 as ``softmax(X W + b)``, k the largest label plus 1.

    `X`, `l2` and `updates` are as in `logistic_regression`, `y` holds whole numbers from 0;
    ``layers[0].W`` has shape (d, k).

    >>> model = softmax_regression([0.0, 1.0, 2.0, 3.0], [0, 1, 1, 2], l2=0.01)
    >>> model.predict([[0.0], [1.2], [3.0]]).argmax(axis=1)
    array([0, 1, 2])
    """
    A, y = _with_ones(X, y)
    if y.min() < 0 or y.max() > len(y):  # before scores for a billion classes are made
        got = f"{y.min() if y.min() < 0 else y.max():g} among {len(y)} samples"
        refuse("y must hold whole numbers 0 to k - 1", got, "np.unique(y, return_inverse=True)[1]")
    return _logistic(A, y, max(int(y.max()), 1) + 1, "cross_entropy", l2, updates)


@quiet
def _logistic(A, y, outputs, loss, l2, updates):
    X, l2, updates = A[:, :-1], number("l2", l2, 0.0), whole("updates", updates, 1, 2000)
    network = Network([Dense(X.shape[1], outputs)])
    network.parameters[:] = 0.0
    # Cross-entropy bends at most 1/4 (one score) or 1/2 (softmax) as much as (A theta - y)**2 / 2.
    bend = _curvature(A) / (8.0 if outputs == 1 else 4.0) + l2
    fit(network, X, y, loss, Nesterov(1.0 / bend), len(X), updates, l2=l2)
    return network
