"""One-line refusals shared by the numbers: the name, the rule, what came, a way out."""

import math
from numbers import Real

import numpy as np

# Who diverges sees inf and nan, and what is too small to be held is 0: these are answers, whatever
# NumPy was told to do about them. As a decorator, it holds while a function runs.
quiet = np.errstate(over="ignore", under="ignore", invalid="ignore")


MOST = 10**8  # rows, parameters, updates: some GB, some hours


def shown(value):
    """Return the repr in one line that is not long."""
    line = " ".join(repr(value).split())
    return line if len(line) <= 100 else line[:97] + "..."


def whole(name, value, least, hint, most=MOST):
    """Return `value` as int if it is a whole number from `least` to `most`, else refuse it."""
    good = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not good or not least <= int(value) <= most:
        rule = f"<= {most:,}" if good and value > least else f">= {least}"
        raise ValueError(f"{name} must be a whole number {rule}, got {shown(value)}; try {hint}")
    return int(value)


def number(name, value, hint, least=0.0, below=np.inf):
    """Return `value` as float if it lies in [`least`, `below`), else refuse it."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise ValueError(f"{name} must be a number, got {shown(value)}; try {hint}")
    if not least <= value < below or not _real(value):
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
    return np.random.default_rng(whole("seed", seed, 0, 0, most=np.inf))


def array(name, values):
    """Return `values` as an array, or refuse a mask, which would be lost, and rows that differ."""
    if _masked(values):
        raise ValueError(f"{name} must have no masked entries, which would count as if they were "
                         "not masked; try to leave such rows out")  # fmt: skip
    try:
        return np.asarray(values)
    except Exception:  # whatever a list of lists, or somebody else's object, raises
        raise ValueError(f"{name} must hold numbers in rows of one length, got {type(values)}; "
                         "try rows of one length") from None  # fmt: skip


def _masked(values):
    if isinstance(values, (list, tuple)):
        return any(map(_masked, values))
    return isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values)


def numbers(name, values, dtype=None):
    """Return `values` as an array of float64 or float32, or refuse what holds no real numbers."""
    wanted = "fd" if dtype is None else np.dtype(dtype).char
    if type(values) is np.ndarray and values.dtype.char in wanted:
        return values  # as it is, at no cost: this is asked for every batch
    return _floats(name, array(name, values), dtype)


@quiet
def _floats(name, found, dtype):
    strange = [] if found.dtype.kind in "biuf" else [v for v in found.flat if not _real(v)]
    if strange:
        raise ValueError(f"{name} must hold numbers in rows of one length, got "
                         f"{shown(strange[0])}; try {_remedy(name, found)}")  # fmt: skip
    return found.astype(dtype or (found.dtype if found.dtype.char in "fd" else float))


def _real(value):
    try:
        return isinstance(value, Real) and math.isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False


def _remedy(name, found):
    """Say how what holds no numbers becomes numbers."""
    if found.dtype.kind == "c":
        return f"np.real({name})"
    if not all(isinstance(value, str) for value in found.flat):
        return "to leave such rows out"
    try:
        found.astype(float)
    except ValueError:
        return f"np.unique({name}, return_inverse=True)[1]"  # words: the first is 0, the next 1
    return f"np.array({name}, dtype=float)"


def finite(name, values, dtype=float):
    """Return `values` as a float array with at least one row, or refuse gaps and no data."""
    found = numbers(name, values, dtype)
    if found.ndim == 0 or found.size == 0:
        raise ValueError(f"{name} must have at least one row, got shape {found.shape}; "
                         "try one sample a row")  # fmt: skip
    good = np.isfinite(found).reshape(len(found), -1).all(axis=1)
    if not good.all():
        raise ValueError(f"{name} must be finite, row {good.argmin()} holds nan or inf; "
                         "try to leave such rows out")  # fmt: skip
    return found


def same_rows(X, y):
    """Refuse `y`, an array, that has not one entry for each row of `X`."""
    if y.ndim == 0 or len(X) != len(y):
        n = min(len(X), y.shape[0]) if y.ndim else 0
        way = f"{'X' if n < len(X) else 'y'}[:{n}]" if n else "one label a row"
        raise ValueError(f"y must have one entry for each row of X, got shapes {X.shape} and "
                         f"{y.shape}; try {way}")  # fmt: skip
