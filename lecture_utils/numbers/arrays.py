"""What is taken as an array of numbers, and what is refused; what NumPy says nothing about."""

from collections.abc import Iterable

import numpy as np

from lecture_utils.numbers.arguments import real, refuse, shown

# Who diverges sees inf and nan, and what is too small to be held is 0: these are answers, whatever
# NumPy was told to do about them. As a decorator, it holds while a function runs.
quiet = np.errstate(over="ignore", under="ignore", invalid="ignore")


def array(name, values):
    """Return `values` as an array, or refuse a mask, which would be lost, and rows that differ."""
    if _masked(values):
        raise ValueError(f"{name} must have no masked entries, which would count as if they were "
                         "not masked; try to leave such rows out")  # fmt: skip
    try:
        return np.asarray(values)
    except Exception:  # whatever a list of lists, or somebody else's object, raises
        rule = f"{name} must hold numbers in rows of one length"
        refuse(rule, type(values), "rows of one length")


def _masked(values):
    if isinstance(values, (list, tuple)):
        return any(map(_masked, values))
    if isinstance(values, np.ndarray) and values.dtype == object:
        return any(value is np.ma.masked for value in values.flat)
    return isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values)


def numbers(name, values, dtype=None):
    """Return `values` as an array of float64 or float32, or refuse what holds no real numbers."""
    wanted = "fd" if dtype is None else np.dtype(dtype).char
    if type(values) is np.ndarray and values.dtype.char in wanted:
        return values  # as it is, at no cost: this is asked for every batch
    return _floats(name, array(name, values), dtype)


@quiet
def _floats(name, found, dtype):
    strange = [] if found.dtype.kind in "biuf" else [v for v in found.flat if not real(v)]
    if strange:
        rule = f"{name} must hold numbers in rows of one length"
        refuse(rule, shown(strange[0]), _remedy(name, found))
    return found.astype(dtype or (found.dtype if found.dtype.char in "fd" else float))


def _remedy(name, found):
    """Say how what holds no numbers becomes numbers."""
    if found.dtype.kind == "c":
        return f"np.real({name})"
    if found.dtype.kind == "O" and found.ndim == 0 and isinstance(found[()], Iterable):
        return f"list({name})"  # a set, or what gives one after the other
    try:
        if np.isfinite(found.astype(float)).all():  # days, decimals, digits in quotes
            return f"np.array({name}, dtype=float)"
    except (TypeError, ValueError, OverflowError):
        if all(isinstance(value, str) for value in found.flat):
            return f"np.unique({name}, return_inverse=True)[1]"  # the first word is 0, the next 1
    return "to leave such rows out"


def finite(name, values, dtype=float):
    """Return `values` as a float array with at least one row, or refuse gaps and no data."""
    found = filled(name, numbers(name, values, dtype), "one sample a row")
    good = np.isfinite(found).reshape(len(found), -1).all(axis=1)
    if not good.all():
        raise ValueError(f"{name} must be finite, row {good.argmin()} holds nan or inf; "
                         "try to leave such rows out")  # fmt: skip
    return found


def filled(name, found, hint):
    """Return an array, or refuse it if it has no rows."""
    if found.ndim == 0 or found.size == 0:
        refuse(f"{name} must have at least one row", f"shape {found.shape}", hint)
    return found


def same_rows(X, y):
    """Refuse `y`, an array, that has not one entry for each row of `X`."""
    if y.ndim == 0 or len(X) != len(y):
        got = f"shapes {X.shape} and {y.shape}"
        refuse("y must have one entry for each row of X", got, _way_to_fit(X, y))


def _way_to_fit(X, y):
    n = min(len(X), y.shape[0]) if y.ndim else 0
    if n and y.size == len(X):  # all in one row
        return "np.ravel(y)"
    if n == 1 and X.size == len(y):
        return "np.reshape(X, (-1, 1))"
    return f"{'X' if n < len(X) else 'y'}[:{n}]" if n else "one label a row"


def holding(y, good, rule, hint):
    """Return labels, or refuse the first of them that is not good."""
    if not good.all():
        refuse(f"y must hold {rule}", f"{y[~good].flat[0]:g}", hint)
    return y
