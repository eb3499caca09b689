"""Make wrong functions of a right one: a slip reads as what was written instead of what."""

import inspect
import textwrap
from functools import cache


@cache
def edited(function, edit):
    """Return a function like another, but with some text of its source changed.

    Parameters
    ----------
    function : callable
        The function, written in a file.
    edit : tuple of str
        Old text, new text, and again old, new, ...; all places that read so are changed.

    Returns
    -------
    callable
        The changed function.

    Raises
    ------
    ValueError
        If an old text is not there.

    Examples
    --------
    >>> from lecture_utils.exercises.n03_gradient_descent import walk
    >>> edited(walk, ("- step", "+ step"))(0.0, 0.5, 1)
    array([ 0., -3.])
    """
    made = {}
    exec(edited_source(function, edit), function.__globals__, made)
    return made[function.__name__]


def edited_source(function, edit):
    """Return the source of `edited`."""
    source = textwrap.dedent(inspect.getsource(function))
    for old, new in zip(edit[::2], edit[1::2], strict=True):
        if old not in source:
            raise ValueError(f"edit must change text of {function.__name__}, got {old!r}; "
                             f"try some of: {' '.join(source.split())}")  # fmt: skip
        source = source.replace(old, new)
    return source
