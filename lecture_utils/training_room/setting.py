"""What the playground can be set to: names, first values, rules, and the line that says it all."""

import math

import numpy as np

from lecture_utils.numbers.arguments import choice, number, shown, whole
from lecture_utils.numbers.layers import INITS
from lecture_utils.numbers.optimizers import OPTIMIZERS
from lecture_utils.numbers.synthetic import blobs, bumps, circles, plane, spirals, xor

DATA = {  # name -> (function, classes?, standard deviation of the points at noise 0, more of it)
    "circles": (circles, True, 0.0, 2.0),
    "xor": (xor, True, 0.0, 2.0),
    "blobs": (blobs, True, 1.0, 3.0),
    "spirals": (spirals, True, 0.0, 1.0),
    "plane": (plane, False, 0.0, 1.0),
    "bumps": (bumps, False, 0.0, 1.0),
}
POINTS = {True: 500, False: 1200}  # with classes, and with numbers to be met
FEATURES = {  # name -> (function, the same in Python)
    "x1": (lambda x1, x2: x1, "x1"),
    "x2": (lambda x1, x2: x2, "x2"),
    "x1^2": (lambda x1, x2: x1 * x1, "x1**2"),
    "x2^2": (lambda x1, x2: x2 * x2, "x2**2"),
    "x1 x2": (lambda x1, x2: x1 * x2, "x1 * x2"),
    "sin x1": (lambda x1, x2: np.sin(x1), "np.sin(x1)"),
    "sin x2": (lambda x1, x2: np.sin(x2), "np.sin(x2)"),
}
# In the order of the menu; sign never learns, softmax is for classes, gelu is slow on a map.
SHAPES = ("tanh", "relu", "sigmoid", "identity", "leaky_relu", "elu", "softplus", "silu")
LOSS = ("squared", "cross_entropy")
PENALTIES = ("none", "L1", "L2")
LAYERS, NEURONS, BATCH = 6, 8, 30  # the most of each
FIRST = {
    "data": "circles",
    "noise": 0.1,
    "ratio": 0.5,
    "seed": 0,
    "features": ("x1", "x2"),
    "hidden": (4, 2),
    "activation": "tanh",
    "init": "xavier",
    "dropout": 0.0,
    "loss": "squared",
    "optimizer": "SGD",
    "step": 0.03,
    "batch": 10,
    "penalty": "none",
    "rate": 0.0,
    "test": False,
    "discrete": False,
    "speed": 3,
    "epochs": 0,
}
AT_ONCE = {"optimizer", "step", "batch", "penalty", "rate"}  # training goes on with the new value
LOOKS = {"test", "discrete", "speed", "epochs"}  # nothing that training depends on


def _share(name, value, least, most, hint):
    value = number(name, value, hint, -math.inf)
    if not least <= value <= most:
        raise ValueError(f"{name} must be between {least:g} and {most:g}, got {shown(value)}; "
                         f"try {hint}")  # fmt: skip
    return value


def _most(name, value, least, most, hint):
    if whole(name, value, least, hint) > most:
        raise ValueError(f"{name} must be at most {most}, got {value}; try {hint}")
    return int(value)


def _switch(name, value):
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False, got {shown(value)}; try True")
    return bool(value)


def _features(name, value):
    if isinstance(value, str) or not isinstance(value, (list, tuple)) or not value:
        raise ValueError(f"{name} must be a list of at least one of {', '.join(FEATURES)}; "
                         f"got {shown(value)}")  # fmt: skip
    for each in value:
        choice(name, each, FEATURES)
    return tuple(each for each in FEATURES if each in value)  # each once, in the table's order


def _hidden(name, value):
    if not isinstance(value, (list, tuple)) or len(value) > LAYERS:
        raise ValueError(f"{name} must be a list of at most {LAYERS} layer sizes, "
                         f"got {shown(value)}; try (4, 2)")  # fmt: skip
    return tuple(_most(name, size, 1, NEURONS, "(4, 2)") for size in value)


RULES = {
    "data": lambda name, value: choice(name, value, DATA),
    "noise": lambda name, value: _share(name, value, 0.0, 0.5, 0.1),
    "ratio": lambda name, value: _share(name, value, 0.1, 0.9, 0.5),
    "seed": lambda name, value: _most(name, value, 0, 999, 0),
    "features": _features,
    "hidden": _hidden,
    "activation": lambda name, value: choice(name, value, SHAPES),
    "init": lambda name, value: choice(name, value, INITS),
    "dropout": lambda name, value: _share(name, value, 0.0, 0.8, 0.2),
    "loss": lambda name, value: choice(name, value, LOSS),
    "optimizer": lambda name, value: choice(name, value, OPTIMIZERS),
    "step": lambda name, value: _share(name, value, 0.00001, 10.0, 0.03),
    "batch": lambda name, value: _most(name, value, 1, BATCH, 10),
    "penalty": lambda name, value: choice(name, value, PENALTIES),
    "rate": lambda name, value: _share(name, value, 0.0, 10.0, 0.001),
    "test": _switch,
    "discrete": _switch,
    "speed": lambda name, value: _most(name, value, 1, 100, 3),
    "epochs": lambda name, value: _most(name, value, 0, 10_000, 100),
}


def checked(setting, base=FIRST):
    """Return a whole setting: `setting`, a dict, laid over `base`; refuse what does not fit.

    >>> checked({"hidden": [3]})["hidden"]
    (3,)
    """
    for name in setting:
        if name not in RULES:
            raise ValueError(f"playground has no setting {name!r}; it has {', '.join(RULES)}")
    full = {**base, **{name: RULES[name](name, value) for name, value in setting.items()}}
    if full["loss"] == "cross_entropy" and not DATA[full["data"]][1]:
        raise ValueError(f"loss must be squared for {full['data']}, which has no classes, got "
                         "'cross_entropy'; try data=\"circles\"")  # fmt: skip
    return full


def line(setting):
    """Write a setting as one line of Python, to be pasted: only what is not as at first.

    >>> line(checked({"data": "xor", "step": 0.1}))
    "playground(data='xor', step=0.1)"
    """
    said = [f"{name}={setting[name]!r}" for name in FIRST if setting[name] != FIRST[name]]
    return f"playground({', '.join(said)})"
