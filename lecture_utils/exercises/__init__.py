"""Exercises that answer back: a verdict in words, on inputs drawn afresh."""

import pkgutil
from importlib import import_module

import numpy as np

from lecture_utils.exercises.judge import Verdict
from lecture_utils.exercises.showing import show


def check(number, answer, rng=None):
    """Say whether an answer to an exercise is right, and if not, where it fails and why.

    A function is tried on inputs drawn afresh at each call. A wrong answer of whatever kind, an
    endless loop too, gets a verdict in words, never an error. Only where a single call never comes
    back, as ``sum`` over numbers without end, there is no verdict: choose Kernel, Restart Kernel.

    Parameters
    ----------
    number : str
        Of the exercise, as "05.1": notebook 05, exercise 1.
    answer : object
        What the exercise asks for: a function, a live figure or a text.
    rng : numpy.random.Generator, default=None
        Draws the inputs. None means fresh ones at each call.

    Returns
    -------
    Verdict
        Its `state` is "right", "not yet tried", "not yet" or, for a text, "compare".

    Raises
    ------
    ValueError
        If there is no exercise of this number.

    Examples
    --------
    >>> def predict(X, w, b):
    ...     return np.sign(X @ w + b)
    >>> check("05.1", predict).state
    'right'
    >>> check("05.1", ...)
    05.1: not yet tried. Replace the ... by your answer and run this cell again.
    """
    exercises = _exercises(number.partition(".")[0]) if isinstance(number, str) else {}
    if not isinstance(number, str) or number not in exercises:
        known = ", ".join(exercises) or ", ".join(f"{prefix}.1" for prefix in _files())
        got = " ".join(show(number).split())
        raise ValueError(f"number must be that of an exercise, got {got}; try {known}")
    state, words = exercises[number].judge(answer, np.random.default_rng(rng))
    return Verdict(number, state, words)


def _files():
    """Map the number of a notebook to the module of its exercises, "05" to "n05_perceptron"."""
    names = [module.name for module in pkgutil.iter_modules(__path__)]
    return {name[1:3]: name for name in names if name.startswith("n")}


def _exercises(prefix):
    files = _files()
    return import_module(f"{__name__}.{files[prefix]}").EXERCISES if prefix in files else {}
