"""Notebooks of another version: a module that has moved is found, a name that is gone is said."""

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


class OtherVersion(ImportError):
    """A notebook asks for what this version of the package has not."""

    def _render_traceback_(self):  # IPython shows this line and nothing else
        return [str(self)]


class _Moved(MetaPathFinder, Loader):
    """Asked last, for what is nowhere else: ``from lecture_utils import ...`` ends here, too."""

    def find_spec(self, name, path=None, target=None):
        package, _, old = name.partition(".")
        if package != __package__ or "__" in old:  # of Python's own names there are none
            return None
        if old in NEW:
            return spec_from_loader(name, self)
        raise OtherVersion(
            f"lecture_utils must have {old!r} for this, and version "
            f"{sys.modules[package].__version__} has not; take the notebook that came with this "
            "version and copy your answers into it"
        )

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        home, renamed = NEW[module.__name__.partition(".")[2]]
        new = import_module(f"{__package__}.{home}")
        new.__path__ = []  # so that this finder is asked for a name that is not in it
        for old, now in renamed.items():
            setattr(new, old, getattr(new, now))
        sys.modules[module.__name__] = new  # a second one would have settings of its own
        warnings.warn(f"{module.__name__} is now {new.__name__}; its names are public, too: "
                      "from lecture_utils import ...", FutureWarning, stacklevel=2)  # fmt: skip


def keep_old_paths():
    """Let old paths be imported, each with one line that says the new one."""
    if not any(isinstance(finder, _Moved) for finder in sys.meta_path):
        sys.meta_path.append(_Moved())
