"""The kinds of settings: what each takes, and the control that sets it within the same range."""

import math

import ipywidgets as widgets
import numpy as np

from lecture_utils.numbers.arguments import choice, number, refuse, shown, whole


class Name:
    """One of some names."""

    def __init__(self, options):
        self.options = tuple(options)

    def __call__(self, name, value, first):
        return choice(name, value, self.options)

    def control(self):
        return widgets.Dropdown(options=self.options, layout={"width": "auto"})


class Number:
    """A number from `low` to `high`, to be slid by `notch`."""

    def __init__(self, low, high, notch=None):
        self.low, self.high, self.notch = low, high, notch

    def __call__(self, name, value, first):
        value = number(name, value, first, -math.inf)
        if not self.low <= value <= self.high:
            refuse(f"{name} must be between {self.low:g} and {self.high:g}", shown(value), first)
        return value

    def control(self):
        return widgets.FloatSlider(min=self.low, max=self.high, step=self.notch,
                                   layout={"width": "200px"})  # fmt: skip


class Whole:
    """A whole number from `low` to `high`."""

    def __init__(self, low, high, kind="IntSlider", width="200px"):
        self.low, self.high, self.kind, self.width = low, high, kind, width

    def __call__(self, name, value, first):
        if whole(name, value, self.low, first) > self.high:
            raise ValueError(f"{name} must be at most {self.high}, got {value}; try {first}")
        return int(value)

    def control(self):
        kind = getattr(widgets, self.kind)
        return kind(min=self.low, max=self.high, layout={"width": self.width})


class Rung:
    """A number from the first to the last of those that a menu offers."""

    def __init__(self, *offered):
        self.offered = offered
        kind = Whole if all(isinstance(number, int) for number in offered) else Number
        self.rule = kind(offered[0], offered[-1])

    def __call__(self, name, value, first):
        return self.rule(name, value, first)

    def control(self):
        return widgets.Dropdown(options=self.offered, layout={"width": "auto"})


class Switch:
    """True or False."""

    def __call__(self, name, value, first):
        if not isinstance(value, (bool, np.bool_)):
            raise ValueError(f"{name} must be True or False, got {shown(value)}; try {first}")
        return bool(value)

    def control(self):
        return widgets.Checkbox(indent=False, layout={"width": "auto"})


class Some:
    """Some of the names in a table, at least one."""

    def __init__(self, table):
        self.table = table

    def __call__(self, name, value, first):
        if isinstance(value, str) or not isinstance(value, (list, tuple)) or not value:
            raise ValueError(f"{name} must be a list of at least one of {', '.join(self.table)}; "
                             f"got {shown(value)}; try {first}")  # fmt: skip
        for each in value:
            choice(name, each, self.table)
        return tuple(each for each in self.table if each in value)  # once, in the table's order

    def control(self):
        return Boxes(self.table)


class Sizes:
    """Sizes of at most so many layers, each at most so large."""

    def __init__(self, layers, neurons):
        self.layers, self.size = layers, Whole(1, neurons, width="120px")

    def __call__(self, name, value, first):
        if not isinstance(value, (list, tuple)) or len(value) > self.layers:
            raise ValueError(f"{name} must be a list of at most {self.layers} layer sizes, "
                             f"got {shown(value)}; try {first}")  # fmt: skip
        return tuple(self.size(name, size, first) for size in value)

    def control(self):
        layers = Whole(0, self.layers).control()
        return Stack(layers, [self.size.control() for _ in range(self.layers)])


class CompositeControl:
    """Some widgets that make one control: `parts`, and a `value` as any control has."""

    def observe(self, handler, names):
        for part in self.parts:
            part.observe(handler, names)


class Boxes(CompositeControl):
    """A box for each name of a table."""

    def __init__(self, names):
        self.boxes = {name: Switch().control() for name in names}
        self.parts = list(self.boxes.values())
        for name, box in self.boxes.items():
            box.description = name

    @property
    def value(self):
        return tuple(name for name, box in self.boxes.items() if box.value)

    @value.setter
    def value(self, names):
        for name, box in self.boxes.items():
            box.value = name in names


class Stack(CompositeControl):
    """A slider for the number of layers, and one for the size of each."""

    def __init__(self, layers, sizes):
        self.layers, self.sizes, self.parts = layers, sizes, [layers, *sizes]
        layers.description = "layers"
        for k, size in enumerate(sizes, start=1):
            size.description, size.value = f"{k}:", 4

    @property
    def value(self):
        return tuple(size.value for size in self.sizes[: self.layers.value])

    @value.setter
    def value(self, sizes):
        self.layers.value = len(sizes)
        for slider, size in zip(self.sizes, sizes, strict=False):
            slider.value = size
