"""What the notebooks keep out of the reader's way: data, figures that answer, exercises that check.

Five floors, a folder each, and imports go down only: ``numbers`` (NumPy), ``pictures``
(matplotlib), ``live`` (ipywidgets), ``training_room`` (the playground), ``exercises``.

A public name is loaded when it is first used. So the numbers work where there is no matplotlib and
no front end, and importing the package costs next to nothing. The names stand in ``__init__.pyi``,
where an editor finds them, too.
"""

import ast
from importlib import import_module
from pathlib import Path

from lecture_utils import moved

_HOME = {  # public name -> the module that it comes from
    alias.name: statement.module
    for statement in ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
    for alias in statement.names
}

__version__ = "0.1.0"
__all__ = sorted(_HOME)

moved.keep_old_paths()


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"lecture_utils has no {name!r}; it has {', '.join(__all__)}")
    home = import_module(_HOME[name])
    if not hasattr(home, name):  # a module of that room
        import_module(f"{_HOME[name]}.{name}")
    return getattr(home, name)


def __dir__():
    return __all__
