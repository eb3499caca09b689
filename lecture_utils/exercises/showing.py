"""Show values of any kind in a few short lines."""

from itertools import islice

import numpy as np

from lecture_utils.exercises.running import Raised, run

LONG = 600  # characters of a value that are shown
MANY = 20  # entries of a list that are shown


def show(value):
    """Show a value in a few short lines."""
    text = run(_text, value)
    if isinstance(text, Raised):  # a reader's own class
        text = f"something of type {type(value).__name__}"
    return text if len(text) <= LONG else text[:LONG] + " ..."


def labelled(name, value):
    """Show a value behind its name."""
    return f"{name:<9} " + show(value).replace("\n", "\n" + " " * 10)


def _text(value):
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, np.ndarray):
        if value.dtype == object:
            return _text(value.tolist())
        small = value.dtype.kind != "f" or not np.abs(value).max(initial=0.0) < 1e-3
        text = np.array2string(value, 75, 4, small, threshold=12, edgeitems=2)
        return text + (f"   shape {value.shape}" if value.size > 12 else "")
    if type(value) in (tuple, list):
        parts = [show(part) for part in islice(value, MANY)] + ["..."] * (len(value) > MANY)
        text = ", ".join(parts)
        return f"[{text}]" if isinstance(value, list) else f"({text})"
    if type(value) is dict:
        pairs = [f"{show(name)}: {show(part)}" for name, part in islice(value.items(), MANY)]
        return "{" + ", ".join(pairs + ["..."] * (len(value) > MANY)) + "}"
    return repr(value)
