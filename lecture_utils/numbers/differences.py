"""Gradients without calculus: what every formula of a gradient is checked against."""

from dataclasses import dataclass

import numpy as np

from lecture_utils.numbers.arguments import choice, positive, refuse, shown
from lecture_utils.numbers.arrays import array, numbers, quiet


@quiet
def numerical(f, x, step=None, method="central"):
    """Measure the gradient of a function by nudging one entry of its argument at a time.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x`, returns one number.
    x : array_like of any shape
        Where to measure. An array of floats is nudged in place and put back, so `f` may also
        read it by itself, as a network reads its parameters.
    step : float, default=None
        Size of a nudge, > 0. None means ``cbrt(eps) * max(1, |x|)``, 6e-6 in double precision,
        where truncation and round-off balance; for the complex step 1e-100.
    method : {"central", "complex"}, default="central"
        ``(f(x + h) - f(x - h)) / 2h``, or ``imag(f(x + ih)) / h``, which has no round-off but
        needs a formula of its argument that takes complex numbers (no abs, max or comparison).

    Returns
    -------
    ndarray of the shape of x, float64

    Raises
    ------
    ValueError
        If `x` holds no finite numbers, `step` is not > 0, or `f` does not return one number.

    Notes
    -----
    Squire and Trapp (1998), "Using complex variables to estimate derivatives of real functions",
    SIAM Review 40(1).

    Examples
    --------
    >>> numerical(lambda x: (x**2).sum(), np.array([1.0, -3.0])).round(6)
    array([ 2., -6.])
    >>> float(numerical(lambda x: np.exp(x), 0.0, method="complex"))
    1.0
    """
    choice("method", method, ("central", "complex"))
    if not callable(f):
        refuse("f must be a function of x", shown(f), "np.sum")
    x, step = _finite(x), step if step is None else positive("step", step, "1e-5")
    if method == "complex":
        x, step = x.astype(complex), step or 1e-100
    slopes, before = np.empty(x.shape), x.copy()
    try:
        for i in np.ndindex(x.shape):
            slopes[i] = _slope(f, x, i, step)
            x[i] = before[i]
    finally:  # f may raise, and who waits may interrupt: x may be a network's parameters
        x[...] = before
    return slopes


def _finite(x):
    found = numbers("x", x)
    if found.size == 0 or not np.isfinite(found).all():
        refuse("x must hold finite numbers", shown(x), "np.ones(2)")
    return found if found.flags.writeable else found.copy()


def _slope(f, x, i, step):
    """Return the slope of f along entry i of x, which is left nudged."""
    old = x[i]
    if x.dtype == complex:
        x[i] = old + 1j * step
        return _one_number(f(x), complex).imag / step
    h = step or np.cbrt(np.finfo(x.dtype).eps) * max(1.0, abs(old))
    x[i] = old + h
    right, up = float(x[i]), _one_number(f(x), float)
    x[i] = old - h
    left, down = float(x[i]), _one_number(f(x), float)
    if not 0.0 < right - left < np.inf:
        refuse(f"step must move {old:g} to a number beside it", f"{h:g}", None)
    return (up - down) / (right - left)


def _one_number(value, kind):
    """Return what f gave as a number of that kind, or refuse it."""
    if np.size(value) != 1:
        got, way = f"shape {np.shape(value)}", "f(x).sum() if each output has its own input"
        refuse("f must return one number", got, way)
    try:
        return kind(np.asarray(value).item())
    except (TypeError, ValueError):
        refuse("f must return one number", shown(value), f"to return a {kind.__name__}")


@dataclass(frozen=True)
class Checked:
    """What `check` found.

    Attributes
    ----------
    error : float
        The largest relative error, ``|a - n| / max(|a|, |n|, 0.001 * largest |n|)``.
    where : tuple of int
        The entry that has it.
    given, measured : float
        That entry, a of the gradient given and n as measured.
    """

    error: float
    where: tuple
    given: float
    measured: float

    def __repr__(self):
        return (
            f"largest relative error {self.error:.1e} at {self.where}: "
            f"given {self.given:.9g}, measured {self.measured:.9g}"
        )


@quiet
def check_gradient(f, gradient, x, step=None):
    """Compare a gradient with the measured one and say where they differ most.

    In double precision a right gradient gives an error below 1e-6, a wrong one far above. Where
    ``f`` has a kink closer than `step`, as relu at 0, expect a false alarm. Single precision
    measures to about 1e-2 only: check a network made with ``dtype="float64"``.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x`, returns one number.
    gradient : callable or array_like of the shape of x
        The gradient to be checked: a function of `x`, or its value at `x`.
    x : array_like of any shape
        Where to compare.
    step : float, default=None
        As in `numerical`.

    Returns
    -------
    Checked
        `error`, `where`, `given`, `measured`.

    Raises
    ------
    ValueError
        If `gradient` has not the shape of `x`, or as in `numerical`.

    Examples
    --------
    >>> check_gradient(lambda x: (x**3).sum(), lambda x: 3 * x**2, [1.0, 2.0]).error < 1e-6
    True
    >>> check_gradient(lambda x: (x**3).sum(), [3.0, 12.012], [1.0, 2.0])
    largest relative error 1.0e-03 at (1,): given 12.012, measured 12
    """
    x = array("x", x)
    given = numbers("gradient", gradient(x) if callable(gradient) else gradient, float)
    if given.shape != x.shape:
        way = "np.reshape(gradient, np.shape(x))"
        refuse(f"gradient must have the shape of x {x.shape}", given.shape, way)
    measured = numerical(f, x, step)
    floor = max(1e-3 * np.abs(measured).max(), 1e-8)
    error = np.abs(given - measured) / np.maximum(np.maximum(abs(given), abs(measured)), floor)
    error = np.where(np.isnan(error), np.inf, error)  # a gradient of nan is as wrong as can be
    where = tuple(int(i) for i in np.unravel_index(error.argmax(), error.shape))
    return Checked(float(error[where]), where, float(given[where]), float(measured[where]))
