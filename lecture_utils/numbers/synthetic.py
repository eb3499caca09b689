"""Made-up data on a plane, each set hard in its own way, for lines, neurons and networks.

All points lie near the square from -6 to 6. Every set is drawn from `seed` by NumPy's
``default_rng`` and rounded to 6 decimals, so that it is the same on every machine and NumPy.
"""

import numpy as np

from lecture_utils.numbers.arguments import generator, number, whole
from lecture_utils.numbers.arrays import quiet

HUGE = 1e6  # beyond it six decimals are more than a double holds


def _begin(n, noise, seed):
    return whole("n", n, 1, 200), number("noise", noise, 0.5, below=HUGE), generator(seed)


@quiet
def _noisy(clean, noise, rng):
    return np.round(clean + noise * rng.standard_normal(clean.shape), 6)


@quiet
def line(n=50, slope=0.5, intercept=1.0, noise=0.5, seed=0):
    """Draw points around the line ``y = intercept + slope * x``.

    Parameters
    ----------
    n : int, default=50
        Number of points, at least 1.
    slope, intercept : float, default=0.5 and 1.0
    noise : float, default=0.5
        Standard deviation of y around the line, >= 0.
    seed : int, default=0

    Returns
    -------
    x, y : ndarray of shape (n,), float64
        x is uniform on [-6, 6].

    Examples
    --------
    >>> x, y = line(3, noise=0.0)
    >>> bool(np.allclose(y, 1.0 + 0.5 * x, atol=1e-6))
    True
    """
    n, noise, rng = _begin(n, noise, seed)
    slope = number("slope", slope, 0.5, -HUGE, HUGE)
    intercept = number("intercept", intercept, 1.0, -HUGE, HUGE)
    x = np.round(rng.uniform(-6.0, 6.0, n), 6)
    return x, _noisy(intercept + slope * x, noise, rng)


def plane(n=200, noise=0.0, seed=0):
    """Draw a tilted plane, (x1 + x2) / 10: a line is enough.

    Parameters
    ----------
    n : int, default=200
        Number of points, at least 1.
    noise : float, default=0.0
        Standard deviation of what is added to y.
    seed : int, default=0
        The same seed gives the same points.

    Returns
    -------
    X : ndarray of shape (n, 2), float64
        Uniform on [-6, 6] squared.
    y : ndarray of shape (n,), float64

    Examples
    --------
    >>> X, y = plane(3)
    >>> bool(np.allclose(y, X.sum(axis=1) / 10, atol=1e-6))
    True
    """
    n, noise, rng = _begin(n, noise, seed)
    X = np.round(rng.uniform(-6.0, 6.0, (n, 2)), 6)
    return X, _noisy(X.sum(axis=1) / 10.0, noise, rng)


def bumps(n=200, noise=0.0, seed=0):
    """Draw three cones up and three down, of height 1 and radius 2, on a flat ground.

    Parameters and results are those of `plane`.

    >>> X, y = bumps(400)
    >>> bool(y.min() < -0.8), bool(y.max() > 0.8), bool((y == 0).mean() > 0.3)
    (True, True, True)
    """
    n, noise, rng = _begin(n, noise, seed)
    X = np.round(rng.uniform(-6.0, 6.0, (n, 2)), 6)
    y = np.zeros(n)
    for x1, x2, height in ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1),
                           (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)):  # fmt: skip
        y += height * np.maximum(0.0, 1.0 - np.hypot(X[:, 0] - x1, X[:, 1] - x2) / 2.0)
    return X, _noisy(y, noise, rng)


def blobs(n=200, noise=1.0, seed=0):
    """Draw two clouds around (-2, -2) and (2, 2): a line is enough.

    Parameters
    ----------
    n : int, default=200
        Number of points, at least 1; every second one is of class 1. So in all sets below.
    noise : float, default=1.0
        Standard deviation of both coordinates, >= 0.
    seed : int, default=0

    Returns
    -------
    X : ndarray of shape (n, 2), float64
    y : ndarray of shape (n,), int
        Classes 0 and 1; ``2 * y - 1`` makes them -1 and +1.

    Examples
    --------
    >>> blobs(3, noise=0.0)
    (array([[-2., -2.],
           [ 2.,  2.],
           [-2., -2.]]), array([0, 1, 0]))
    """
    n, noise, rng = _begin(n, noise, seed)
    y = np.arange(n) % 2
    return _noisy(np.outer(4.0 * y - 2.0, (1.0, 1.0)), noise, rng), y


def moons(n=200, noise=0.3, seed=0):
    """Draw two half circles of radius 3 that reach into each other: the boundary must bend.

    Parameters and results are those of `blobs`.

    >>> X, y = moons(6, noise=0.0)
    >>> np.hypot(*(X[y == 0] - (-1.5, -0.75)).T).round(3)
    array([3., 3., 3.])
    """
    n, noise, rng = _begin(n, noise, seed)
    y, turn = np.arange(n) % 2, np.pi * rng.random(n)
    up = 1.0 - 2.0 * y  # the moon of class 1 hangs upside down
    X = np.column_stack([3.0 * np.cos(turn) - 1.5 * up, up * (3.0 * np.sin(turn) - 0.75)])
    return _noisy(X, noise, rng), y


def circles(n=200, noise=0.3, seed=0):
    """Draw a disk of radius 2.5 (class 1) in a ring from 3.5 to 5: the distance decides.

    Parameters and results are those of `blobs`.

    >>> X, y = circles(100, noise=0.0)
    >>> r = np.hypot(*X.T)
    >>> bool(r[y == 1].max() <= 2.5), bool(r[y == 0].min() >= 3.5)
    (True, True)
    """
    n, noise, rng = _begin(n, noise, seed)
    y, turn = np.arange(n) % 2, 2.0 * np.pi * rng.random(n)
    r = np.where(y == 1, 2.5 * rng.random(n), 3.5 + 1.5 * rng.random(n))
    return _noisy(np.column_stack([r * np.cos(turn), r * np.sin(turn)]), noise, rng), y


def xor(n=200, noise=0.0, seed=0):
    """Draw four squares, of class 1 where just one coordinate is positive: no line will do.

    Parameters and results are those of `blobs`. Without noise a gap of 0.6 parts the squares.

    >>> X, y = xor(100)
    >>> bool(((X[:, 0] > 0) != (X[:, 1] > 0)).astype(int).tolist() == y.tolist())
    True
    """
    n, noise, rng = _begin(n, noise, seed)
    y, right = np.arange(n) % 2, rng.integers(0, 2, n)
    signs = 2.0 * np.column_stack([right, right ^ y]) - 1.0
    return _noisy(signs * rng.uniform(0.3, 5.0, (n, 2)), noise, rng), y


def spirals(n=200, noise=0.2, seed=0):
    """Draw two arms wound into each other, 1.75 turns: the hardest for a network.

    Parameters and results are those of `blobs`.

    >>> X, y = spirals(100, noise=0.0)
    >>> bool(np.allclose(X[y == 0], -X[y == 1]))  # one arm is the other, turned by half
    True
    """
    n, noise, rng = _begin(n, noise, seed)
    y, along = np.arange(n) % 2, (np.arange(n) // 2 + 1.0) / ((n + 1) // 2)
    turn = 1.75 * 2.0 * np.pi * along + np.pi * y  # the arm of class 1 starts opposite
    return _noisy(
        5.0 * along[:, None] * np.column_stack([np.sin(turn), np.cos(turn)]), noise, rng
    ), y
