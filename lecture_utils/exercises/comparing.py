"""Compare an answer's result with the right one, as exactly as the numbers allow."""

from numbers import Real
from operator import length_hint

import numpy as np

from lecture_utils.exercises.running import Raised, run

EXACT = 1e-9  # of a number's own size, in double precision
ROUNDINGS = 64  # that a right answer may be off, by any order of its operations
LOOSE = 64.0  # sensitivity that is taken for a slip's result
KNOWN = np.ndarray, np.generic, float, int  # made arrays in no time
MANY = 10**7  # entries of a list that is still made an array


def same(got, expected, sensitivity=LOOSE):
    """Tell whether two results agree, to the precision of the first.

    A pair is a pair as a tuple, a list or an array, and True is 1, as NumPy has it. None is None.

    Parameters
    ----------
    got, expected : object
        The results.
    sensitivity : float or array or tuple of them, default=LOOSE
        What `sensitivity_of` gives for the expected result.
    """
    if isinstance(expected, tuple):
        mine = _parts(got, len(expected))
        each = sensitivity if isinstance(sensitivity, tuple) else [sensitivity] * len(expected)
        return mine is not None and all(map(same, mine, expected, each))
    if callable(expected):
        return got is expected
    if isinstance(expected, Raised):
        return isinstance(got, Raised) and got.kind == expected.kind
    if expected is None or isinstance(expected, str):
        return type(got) is type(expected) and got == expected
    got, expected = as_numbers(got), as_numbers(expected)
    if got is None or expected is None or got.shape != expected.shape:
        return False
    return bool((_misses(got, expected, sensitivity) <= 1).all())


def sensitivity_of(function, values, expected):
    """Return how far each number of a result moves when the inputs move by a part of themselves.

    So much of its own rounding a right answer may show: a sum of zero, where large numbers cancel,
    is seldom exactly zero. An entry is as exact as the largest beside it, in a pair, too.
    """
    nudges, part = np.random.default_rng(0), 1e-4
    moved = [run(function, *(_nudge(value, nudges, part) for value in values)) for _ in range(3)]
    return _spread(moved, expected, part, _size(expected) / 4)


def precision(array):
    """Return how exact, relative to its size, a number of this type must be."""
    return max(EXACT, ROUNDINGS * _unit(array))


def as_numbers(value):
    """Return a value as an array of numbers or of truth values; None if it is neither."""
    array = np.asarray(value) if isinstance(value, KNOWN) else None
    if array is None or array.dtype == object:
        array = run(_array, value)
    if isinstance(array, np.ndarray) and array.dtype.kind == "c" and not array.imag.any():
        array = array.real  # what eigvals gives
    return array if isinstance(array, np.ndarray) and array.dtype.kind in "biuf" else None


def endless_as_raised(value):
    """Return a result, or what stands for one that is without end when it is made numbers."""
    made = None if isinstance(value, KNOWN) else run(_array, value)
    endless = isinstance(made, Raised) and made.endless
    return Raised("something that never ends when it is made numbers", True) if endless else value


def fault_of_form(got, expected):
    """Say in which form a result differs from the expected one."""
    if isinstance(expected, tuple):
        mine = _parts(got, len(expected))
        if mine is None:
            return f"give back {len(expected)} things, with a comma between"
        return next(filter(None, map(fault_of_form, mine, expected)), "")
    if expected is None:
        return ""
    if got is None:
        return "None stands where a number is expected"
    many = isinstance(got, (list, tuple))
    kind = f"in one array; got {len(got)} things" if many else f"got {type(got).__name__}"
    got, expected = as_numbers(got), as_numbers(expected)
    if got is None:
        return f"give back real numbers, {kind}"
    if got.shape != expected.shape:
        turned = "; is something transposed?" if got.T.shape == expected.shape else ""
        return f"the shape must be {expected.shape}, got {got.shape}{turned}"
    if got.dtype.kind == "b" and not same(got, expected):
        return "numbers are asked for, not True and False"
    return "a result is nan" if np.isnan(got).any() > np.isnan(expected).any() else ""


def minus(expected):
    """Return minus a result."""
    if isinstance(expected, tuple):
        return tuple(minus(part) for part in expected)
    return None if expected is None else -np.asarray(expected, dtype=float)


def agreement(got, expected):
    """Return to how many digits two results of one form agree, and where they differ, in words."""
    if isinstance(expected, tuple):
        return min(map(agreement, _parts(got, len(expected)), expected))
    if expected is None:
        return np.inf, ""
    got, expected = (np.ravel(as_numbers(value)).astype(float) for value in (got, expected))
    worst = np.argmax(_misses(got, expected, 0.0))
    off, size = abs(got - expected).max(), abs(expected).max()
    agreed = -np.log10(off / size) if off and size else np.inf if not off else -np.inf
    shown = int(np.clip(agreed, 3, 15)) + 2
    return agreed, f"{got[worst]:.{shown}g} stands where {expected[worst]:.{shown}g} belongs"


def _unit(array):
    """Return the relative rounding of an array's type, at least that of double precision."""
    exact = np.finfo(float).eps
    return exact if array.dtype.kind != "f" else max(exact, np.finfo(array.dtype).eps)


def _misses(got, expected, sensitivity):
    """Return for each number how far it is off, in units of what it may be off."""
    least = max(1e-100, np.finfo(got.dtype).tiny) if got.dtype.kind == "f" else 1e-100
    may = precision(got) * np.abs(expected) + ROUNDINGS * _unit(got) * sensitivity + least
    equal = (got == expected) | ((got != got) & (expected != expected))  # nan is nan
    with np.errstate(all="ignore"):
        off = np.abs(np.subtract(got, expected, dtype=float)) / may
    return np.where(equal, 0.0, np.where(np.isfinite(off) & np.isfinite(expected), off, np.inf))


def _parts(value, count):
    """Return a value of so many parts as a list; None if it is none."""
    if not isinstance(value, (tuple, list)):
        value = run(_array, value)
        if not isinstance(value, np.ndarray) or value.ndim == 0:
            return None
    return list(value) if len(value) == count else None


def _array(value):
    if not isinstance(value, np.ndarray) and length_hint(value) > MANY:
        return None
    array = np.asarray(value)
    if array.dtype == object and all(isinstance(one, Real) for one in array.flat):
        return array.astype(float)  # fractions, and what np.frompyfunc makes
    return array


def _nudge(value, rng, part):
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return value * (1 + part * rng.uniform(-1, 1, np.shape(value)))
    return value


def _size(expected):
    """Return the size of the largest number in a result."""
    if isinstance(expected, tuple):
        return max(map(_size, expected))
    expected = as_numbers(expected)
    return 0.0 if expected is None else float(np.abs(expected).max(initial=0))


def _spread(moved, expected, part, least):
    if isinstance(expected, tuple):
        moved = [_parts(one, len(expected)) for one in moved]
        each = [[one[k] for one in moved if one] for k in range(len(expected))]
        return tuple(
            _spread(some, one, part, least) for some, one in zip(each, expected, strict=True)
        )
    expected = as_numbers(expected)
    if expected is None:
        return 0.0
    spread = np.full(expected.shape, least)
    for one in map(as_numbers, moved):
        if one is not None and one.shape == expected.shape:
            spread = np.fmax(spread, np.abs(one - expected) / part)
    return np.where(np.isfinite(spread), spread, 0.0)
