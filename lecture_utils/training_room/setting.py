"""What the playground can be set to: names, first values, rules, and the line that says it all."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lecture_utils.numbers.arguments import choice, number, refuse, shown
from lecture_utils.numbers.layers import INITS
from lecture_utils.numbers.optimizers import OPTIMIZERS, cosine, one_over_t
from lecture_utils.numbers.synthetic import blobs, bumps, circles, plane, spirals, xor
from lecture_utils.training_room.setting_kinds import Name, Number, Rung, Sizes, Some, Switch, Whole

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
ACTIVATION_MENU = ("tanh", "relu", "sigmoid", "identity", "leaky_relu", "elu", "softplus", "silu")
LOSS = ("squared", "cross_entropy")
PENALTIES = ("none", "L1", "L2")
LAYERS, NEURONS = 6, 8  # the most of each
REACH = 6.0  # the plane goes from -6 to 6
WEIGHT = Number(-10.0, 10.0, 0.01)  # what a control can make of a weight
AT_ONCE = {"optimizer", "step", "schedule", "batch", "penalty", "rate", "points"}  # goes on with it
LOOKS = {"test", "discrete", "speed", "epochs", "changes"}  # nothing that training depends on
DRAWN = {"data", "noise", "ratio", "seed"}  # with another one, all points are others
SPAN = 100  # epochs after which 1/t has halved the learning rate, and a cosine let it end
# Name -> (learning rate, updates in SPAN epochs) to what an optimizer takes.
SCHEDULES = {"constant": lambda step, updates: step, "1/t": one_over_t, "cosine": cosine}


class _Epochs(Number):
    """A number of epochs; of the last one a part will do."""

    def __call__(self, name, value, first):
        value = super().__call__(name, value, first)
        return int(value) if value.is_integer() else value


def _changes(name, value, first):
    """Return rows (epoch, what, value): a setting's name, or (layer, start, end) of a weight."""
    try:
        rows = [(when, what, new) for when, what, new in value]
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a list of (epoch, what, value), got {shown(value)}; "
                         "try [(20, 'step', 0.1)]") from None  # fmt: skip
    return tuple(_change(*row) for row in rows)


def _change(when, what, new):
    when = TABLE["epochs"].rule("the epoch of a change", when, 20)
    if isinstance(what, str):
        choice("what changes on the way", what, sorted(AT_ONCE))
        return when, what, TABLE[what].rule(what, new, TABLE[what].first)
    place = tuple(what) if isinstance(what, list) else what
    return when, place, number("a weight set by changes", new, 0.5, -math.inf)


def _points(name, value, first):
    """Return rows (number, x1, x2, y), one for each point that is not as it was drawn."""
    place = Number(-REACH, REACH)
    kinds = {"number": Whole(0, 9999), "x1": place, "x2": place, "y": Number(-1.0, 1.0)}
    if not isinstance(value, list | tuple) or not all(
        isinstance(row, list | tuple) and len(row) == len(kinds) for row in value
    ):
        raise ValueError(f"{name} must be a list of (number, x1, x2, y), got {shown(value)}; "
                         "try [(0, 1.0, 2.0, 1.0)]")  # fmt: skip
    rows = [tuple(kind(f"a point's {part} in {name}", one, 1) for (part, kind), one
                  in zip(kinds.items(), row, strict=True)) for row in value]  # fmt: skip
    return tuple(sorted({row[0]: row for row in rows}.values()))


def _race(name, value, first):
    """Return the setting of a second network, whose data is that of the first; or None."""
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) - OWN:
        raise ValueError(f"{name} must be None or a dict with some of {', '.join(sorted(OWN))}; "
                         f"got {shown(value)}; try {{'optimizer': 'Adam'}}")  # fmt: skip
    return {one: TABLE[one].rule(f"{one} in {name}", new, TABLE[one].first)
            for one, new in value.items()}  # fmt: skip


class Setting(NamedTuple):
    """One row of the table: the value at first, what it takes, and how its control is labelled."""

    first: object
    rule: object
    label: str = None


TABLE = {
    "data": Setting("circles", Name(DATA), "data"),
    "noise": Setting(0.1, Number(0.0, 0.5, 0.05), "noise"),
    "ratio": Setting(0.5, Number(0.1, 0.9, 0.1), "training ratio"),
    "seed": Setting(0, Whole(0, 999, "BoundedIntText", "120px"), "seed"),
    "features": Setting(("x1", "x2"), Some(FEATURES), "features"),
    "hidden": Setting((4, 2), Sizes(LAYERS, NEURONS), "hidden"),
    "activation": Setting("tanh", Name(ACTIVATION_MENU), "activation"),
    "init": Setting("xavier", Name(INITS), "init"),
    "dropout": Setting(0.0, Number(0.0, 0.8, 0.1), "dropout"),
    "loss": Setting("squared", Name(LOSS), "loss"),
    "optimizer": Setting("SGD", Name(OPTIMIZERS), "optimizer"),
    "step": Setting(0.03, Rung(1e-5, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
                    "learning rate"),
    "schedule": Setting("constant", Name(SCHEDULES), "schedule"),
    "batch": Setting(10, Whole(1, 30), "batch size"),
    "penalty": Setting("none", Name(PENALTIES), "penalty"),
    "rate": Setting(0.0, Rung(0.0, 1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
                    "penalty's rate"),
    "points": Setting((), _points),
    "test": Setting(False, Switch(), "show test data"),
    "discrete": Setting(False, Switch(), "discretise"),
    "speed": Setting(3, Rung(1, 3, 10, 30, 100), "epochs a frame"),
    "race": Setting(None, _race),
    "epochs": Setting(0, _Epochs(0, 1_000_000)),
    "changes": Setting((), _changes),
}  # fmt: skip
FIRST = {name: setting.first for name, setting in TABLE.items()}
# What two networks on the same data may differ in.
OWN = TABLE.keys() - DRAWN - LOOKS - {"points", "race"}


def checked(setting, base=FIRST):
    """Return a whole setting: `setting`, a dict, laid over `base`; refuse what does not fit.

    >>> checked({"hidden": [3]})["hidden"]
    (3,)
    """
    for name in setting:
        if name not in TABLE:
            raise ValueError(f"playground has no setting {name!r}; it has {', '.join(TABLE)}")
    full = {**base, **{name: TABLE[name].rule(name, value, TABLE[name].first)
                       for name, value in setting.items()}}  # fmt: skip
    losses = {full["loss"], (full["race"] or full).get("loss")}
    if "cross_entropy" in losses and not DATA[full["data"]][1]:
        raise ValueError(f"loss must be squared for {full['data']}, which has no classes, got "
                         "'cross_entropy'; try data=\"circles\"")  # fmt: skip
    _fit(full)
    for points in (full["points"], *(new for _, what, new in full["changes"] if what == "points")):
        _fit_points(full, points)
    return full


def _fit_points(full, points):
    """Refuse points that leave out a number, or of no class where there are classes."""
    classes, count = DATA[full["data"]][1], trained_on(full)
    for which, _, _, y in points:
        if which > count:
            refuse(f"a point's number in points must be at most {count}", which, count)
        if classes and abs(y) != 1.0:
            refuse("a point's y in points must be -1 or 1 where there are classes", y, 1)
        count += which == count


def drawn(data, count, noise, seed):
    """Draw points (count, 2), and their classes -1 and +1 or their numbers, (count,).

    >>> drawn("xor", 4, 0.1, seed=0)[1].tolist()
    [-1.0, 1.0, -1.0, 1.0]
    """
    make, classes, least, more = DATA[data]
    X, y = make(count, noise=least + more * noise, seed=seed)
    return X, 2.0 * y - 1.0 if classes else y


def trained_on(setting):
    """Return how many points are drawn to be trained on.

    >>> trained_on(FIRST)
    250
    """
    count = POINTS[DATA[setting["data"]][1]]
    return count - round((1.0 - setting["ratio"]) * count)


def _fit(full):
    """Refuse changes in a wrong order, after the end, or of a weight that there is not."""
    layers, begun = pairwise([len(full["features"]), *full["hidden"], 1]), 0
    places = {repr((k, start, end)) for k, (inputs, outputs) in enumerate(layers)
              for start in (*range(inputs), "bias") for end in range(outputs)}  # fmt: skip
    for when, what, _ in full["changes"]:
        if when < begun:
            refuse("changes must come in order", f"{when} after {begun}",
                   "changes=sorted(changes, key=lambda change: change[0])")  # fmt: skip
        if int(when) > full["epochs"]:
            last = f"changes must not come after epochs={full['epochs']}"
            refuse(last, f"one at {when}", f"epochs={int(when)}")
        begun = int(when)  # within an epoch a change begins a new pass
        if not isinstance(what, str) and repr(what) not in places:
            refuse("changes must be of a weight that there is, (layer, start, end)", shown(what),
                   "(0, 0, 0)")  # fmt: skip


def python_line(setting):
    """Write a setting as one line of Python, to be pasted: only what is not as at first.

    >>> python_line(checked({"data": "xor", "step": 0.1}))
    "playground(data='xor', step=0.1)"
    """
    said = [f"{name}={value!r}" for name, value in changed(setting).items()]
    return f"playground({', '.join(said)})"


def changed(setting):
    """Return what of a setting is not as at first, a dict."""
    return {name: value for name, value in setting.items() if value != FIRST[name]}


def in_words(s):
    """Say in a line what is trained, and how.

    >>> in_words(FIRST)
    '2-4-2-1, 25 parameters, tanh, SGD 0.03, batch 10, 3 epochs a frame'
    """
    sizes = [len(s["features"]), *s["hidden"], 1]
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
    ends = "" if s["loss"] == "squared" else ", cross-entropy"
    words = f"{'-'.join(map(str, sizes))}, {count} parameters, {s['activation']}{ends}, "
    words += f"{s['optimizer']} {s['step']:g}, batch {s['batch']}"
    if s["schedule"] != "constant":
        words += f", {s['schedule']} in {SPAN} epochs"
    if s["dropout"]:
        words += f", dropout {s['dropout']:g}"
    if s["penalty"] != "none":
        words += f", {s['penalty']} {s['rate']:g}"
    elif s["rate"]:
        words += f", rate {s['rate']:g} without penalty"
    return words + (f", {s['speed']} epochs a frame" if s["speed"] > 1 else ", an epoch a frame")
