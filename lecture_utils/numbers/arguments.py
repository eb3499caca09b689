"""One-line refusals shared by the numbers: the name, the rule, what came, a way out."""

import numpy as np


def shown(value):
    """Return the repr in one line."""
    return " ".join(repr(value).split())


def whole(name, value, least, hint):
    """Return `value` as int if it is a whole number >= `least`, else refuse it."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(
            f"{name} must be a whole number >= {least}, got {shown(value)}; try {hint}"
        )
    return int(value)


def number(name, value, hint, least=0.0, below=np.inf):
    """Return `value` as float if it lies in [`least`, `below`), else refuse it."""
    if not np.isscalar(value) or isinstance(value, (str, bytes, bool)) or not np.isreal(value):
        raise ValueError(f"{name} must be a number, got {shown(value)}; try {hint}")
    if not least <= value < below or value == -np.inf:
        rule = f">= {least:g}" + (" and finite" if below == np.inf else f" and < {below:g}")
        rule = "finite" if least == -np.inf else rule
        raise ValueError(f"{name} must be {rule}, got {shown(value)}; try {hint}")
    return float(value)


def positive(name, value, hint):
    """Return `value` as float if it is finite and > 0, else refuse it."""
    if number(name, value, hint) == 0.0:
        raise ValueError(f"{name} must be > 0, got {shown(value)}; try {hint}")
    return float(value)


def choice(name, value, table):
    """Return `value`, or refuse a name that is not in the table."""
    if not isinstance(value, str) or value not in table:
        raise ValueError(f"{name} must be one of {', '.join(table)}; got {shown(value)}")
    return value


def generator(seed):
    """Return a random generator that begins at `seed`, or refuse what is no whole number >= 0."""
    return np.random.default_rng(whole("seed", seed, 0, 0))


def numbers(name, values, dtype=None):
    """Return `values` as a float array, or refuse what holds no numbers."""
    try:
        array = np.asarray(values, dtype)
        return array if array.dtype.kind == "f" else array.astype(float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold numbers in rows of one length, got {type(values)}; "
                         "try np.array(..., dtype=float)") from None  # fmt: skip


def finite(name, values, dtype=float):
    """Return `values` as a float array with at least one row, or refuse gaps and no data."""
    with np.errstate(over="ignore"):
        array = numbers(name, values, dtype)
    if array.ndim == 0 or array.size == 0:
        raise ValueError(f"{name} must have at least one row, got shape {array.shape}; "
                         "try np.atleast_1d for a single number")  # fmt: skip
    good = np.isfinite(array).reshape(len(array), -1).all(axis=1)
    if not good.all():
        raise ValueError(f"{name} must be finite, row {good.argmin()} holds nan or inf; "
                         "try to leave such rows out")  # fmt: skip
    return array


def same_rows(X, y):
    """Refuse `y` that has not one entry for each row of `X`."""
    if np.ndim(y) == 0 or len(X) != len(y):
        raise ValueError(f"y must have one entry for each row of X, got shapes "
                         f"{np.shape(X)} and {np.shape(y)}; try y[:len(X)]")  # fmt: skip
