"""One-line refusals shared by the numbers: the name and its rule, what came, a way out."""

import math
import reprlib
from numbers import Real

import numpy as np

NO_NUMBERS = bool, np.timedelta64  # though Python counts the one, NumPy the other among them
MOST = 10**8  # rows, parameters, updates: some GB, some hours
_BRIEF = reprlib.Repr()
_BRIEF.maxother = _BRIEF.maxstring = 100  # letters


def refuse(rule, got, hint):
    """Raise the one line; what else was raised on the way to it is not shown."""
    raise ValueError(f"{rule}, got {got}; try {hint}") from None


def shown(value):
    """Return the repr in one line that is not long, whoever wrote it.

    >>> shown(list(range(10**6)))
    '[0, 1, 2, 3, 4, 5, ...]'
    """
    try:
        return " ".join(_BRIEF.repr(value).split())
    except ValueError:  # it holds a whole number of more digits than Python writes
        return f"{type(value).__name__} too long to be written"


def whole(name, value, least, hint, most=MOST):
    """Return `value` as int if it is a whole number from `least` to `most`, else refuse it."""
    good = isinstance(value, (int, np.integer)) and not isinstance(value, NO_NUMBERS)
    if not good or not least <= int(value) <= most:
        rule = f"<= {most:,}" if good and value > least else f">= {least}"
        refuse(f"{name} must be a whole number {rule}", shown(value), hint)
    return int(value)


def number(name, value, hint, least=0.0, below=np.inf):
    """Return `value` as float if it lies in [`least`, `below`), else refuse it."""
    if not isinstance(value, Real) or isinstance(value, NO_NUMBERS):
        refuse(f"{name} must be a number", shown(value), hint)
    if not real(value) or not least <= float(value) < below:
        rule = f">= {least:g}" + (" and finite" if below == np.inf else f" and < {below:g}")
        refuse(f"{name} must be {'finite' if least == -np.inf else rule}", shown(value), hint)
    return float(value)


def positive(name, value, hint):
    """Return `value` as float if it is finite and > 0, else refuse it."""
    if number(name, value, hint) == 0.0:
        refuse(f"{name} must be > 0", shown(value), hint)
    return float(value)


def real(value):
    """Return whether a value is a number that a float can hold."""
    try:
        time = isinstance(value, np.timedelta64)
        return isinstance(value, Real) and not time and math.isfinite(value)
    except OverflowError:  # a whole number beyond all floats
        return False


def choice(name, value, table):
    """Return `value`, or refuse a name that is not in the table."""
    if not isinstance(value, str) or value not in table:
        raise ValueError(f"{name} must be one of {', '.join(table)}; got {shown(value)}")
    return value


def generator(seed):
    """Return a random generator: `seed` itself, or one that begins at this whole number >= 0."""
    made = isinstance(seed, np.random.Generator)
    return seed if made else np.random.default_rng(whole("seed", seed, 0, 0, most=np.inf))
