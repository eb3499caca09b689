"""Modules that have moved: notebooks that were saved with an old path still find them."""

import sys
import warnings
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader

NEW = {  # old name of a module -> the new one, and the names in it that have changed
    "activations": ("numbers.activations", {}),
    "convolution": ("numbers.convolution", {}),
    "datasets": ("numbers.datasets", {}),
    "diagrams": ("pictures.diagrams", {}),
    "drawings": ("pictures.drawings", {"plane": "plane_axes"}),
    "gradients": ("numbers.differences", {"check": "check_gradient"}),
    "layers": ("numbers.layers", {}),
    "linear": ("numbers.linear", {}),
    "losses": ("numbers.losses", {}),
    "network": ("numbers.network", {}),
    "optimizers": ("numbers.optimizers", {}),
    "parameters": ("live.parameters", {}),
    "perceptron": ("numbers.perceptron", {}),
    "style": ("pictures.style", {}),
    "toys": ("numbers.synthetic", {}),
    "training": ("numbers.training", {}),
}


class _Moved(MetaPathFinder, Loader):
    """Asked last, for what is nowhere else."""

    def find_spec(self, name, path=None, target=None):
        package, _, old = name.partition(".")
        return spec_from_loader(name, self) if package == __package__ and old in NEW else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        home, renamed = NEW[module.__name__.partition(".")[2]]
        new = import_module(f"{__package__}.{home}")
        for old, now in renamed.items():
            setattr(new, old, getattr(new, now))
        sys.modules[module.__name__] = new  # a second one would have settings of its own
        warnings.warn(f"{module.__name__} is now {new.__name__}; its names are public, too: "
                      "from lecture_utils import ...", FutureWarning, stacklevel=2)  # fmt: skip


def keep_old_paths():
    """Let old paths be imported, each with one line that says the new one."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())
