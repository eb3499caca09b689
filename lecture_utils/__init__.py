"""What the notebooks keep out of the reader's way: data, figures that answer, exercises that check.

The names below are loaded when they are first used. So the numbers (NumPy only) work where
there is no matplotlib and no front end, and importing the package costs next to nothing.
"""

from importlib import import_module

_HOME = {  # public name -> the module that defines it, ground floor first
    "income_debt": "datasets",
    "penguins": "datasets",
    "penguins_xy": "datasets",
    "digits": "datasets",
    "photograph": "datasets",
    "split": "datasets",
    "line": "toys",
    "plane": "toys",
    "bumps": "toys",
    "blobs": "toys",
    "moons": "toys",
    "circles": "toys",
    "xor": "toys",
    "spirals": "toys",
    "ACTIVATIONS": "activations",
    "sigmoid": "activations",
    "softmax": "activations",
    "LOSSES": "losses",
    "accuracy": "losses",
    "numerical": "gradients",
    "Dense": "layers",
    "Activation": "layers",
    "Dropout": "layers",
    "Flatten": "layers",
    "Conv2D": "convolution",
    "MaxPool2D": "convolution",
    "Network": "network",
    "OPTIMIZERS": "optimizers",
    "SGD": "optimizers",
    "Momentum": "optimizers",
    "Nesterov": "optimizers",
    "AdaGrad": "optimizers",
    "RMSProp": "optimizers",
    "Adam": "optimizers",
    "AdamW": "optimizers",
    "Averaged": "optimizers",
    "one_over_t": "optimizers",
    "cosine": "optimizers",
    "fit": "training",
    "steps": "training",
    "History": "training",
    "least_squares": "linear",
    "descent_path": "linear",
    "logistic_regression": "linear",
    "softmax_regression": "linear",
    "explore": "live",
    "LiveFigure": "live",
    "check": "exercises",
    "playground": "_playground",
}

__version__ = "0.1.0"
__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"lecture_utils has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"lecture_utils.{_HOME[name]}"), name)


def __dir__():
    return __all__
