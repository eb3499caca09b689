"""Second floor, ipywidgets: figures with controls that answer at once."""

import warnings
from importlib import import_module


def __getattr__(name):  # a notebook that was saved when this floor was a file finds its names
    if name not in ("LiveFigure", "explore"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn(f"{__name__}.{name} is now {__name__}.figure.{name}; it is public, too: "
                  f"from lecture_utils import {name}", FutureWarning, stacklevel=2)  # fmt: skip
    # Kept: `from` looks for a name twice, and is told once.
    return globals().setdefault(name, getattr(import_module(f"{__name__}.figure"), name))
