"""Controls of many numbers: points of the plane, pixels of a small picture.

Each starts from named examples and can be changed by sliders; as a `handle` it is changed by hand.
"""

import re
import string
from itertools import groupby

import ipywidgets as widgets
import numpy as np
import traitlets

YOURS = "changed by hand"
LETTERS = string.ascii_letters  # one for each level of a pixel


class Many(widgets.VBox, widgets.ValueWidget):
    """A control whose value is the name of an example, or what has been made of one.

    Attributes
    ----------
    value : str or tuple
        The name of an example or, if it is none of them, the shortest that says it.
    options : list of str
        The names of the examples.
    """

    value = traitlets.Any()
    description = traitlets.Unicode()

    def __init__(self, examples, sliders):
        self._known = {}
        self._known = {name: self._brief(one) for name, one in examples.items()}
        self.options = list(examples)
        self._menu, self._sliders = widgets.Dropdown(options=self.options), sliders
        super().__init__([self._menu, widgets.HBox(list(sliders.values()))])
        self.value, self._leads = self.options[0], True
        self._follow()
        self.observe(lambda _: self._follow(), ["value", "description"])
        self._menu.observe(self._choose, "value")
        for slider in sliders.values():
            slider.observe(self._slide, "value")

    def get_interact_value(self):
        """Return the value as an array: what `update` gets."""
        return self._array(self._known.get(self.value, self.value))

    def nearest(self, value):
        """Return the value that this control has for an array or an example."""
        if isinstance(value, str) and value in self._known:
            return value
        brief = self._brief(value)
        return next((name for name, one in self._known.items() if one == brief), brief)

    def by_hand(self):
        """Leave the sliders out: a hand is quicker."""
        self.children = self.children[:1]

    @traitlets.validate("value")
    def _valid(self, proposal):
        try:
            return self.nearest(proposal["value"])
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None

    def _choose(self, change):
        if self._leads and change["new"] in self._known:
            self.value = change["new"]

    def _slide(self, change):
        if self._leads:
            self.value = self._slid(change)

    def _follow(self):
        """Let the menu and the sliders say what the value is."""
        self._leads = False
        known = self.value in self.options
        self._menu.options = self.options if known else [*self.options, YOURS]
        self._menu.value = self.value if known else YOURS
        self._menu.description = self.description
        self._menu.style.description_width = "initial"
        self._place_sliders()
        self._leads = True


class Points(Many):
    """Some points of the plane as one control; `update` gets an array of shape (n, 2).

    Parameters
    ----------
    examples : dict of {str: array_like of shape (n, 2)}
        Named sets of equally many points; the first is shown first.
    low, high : float, default=-1.0, 1.0
        Where a coordinate ends.

    Examples
    --------
    >>> control = Points({"near": [[0, 0], [1, 0]], "far": [[0, 0], [5, 0]]}, high=9)
    >>> control.value, control.get_interact_value().tolist()
    ('near', [[0.0, 0.0], [1.0, 0.0]])
    >>> control.value = [[0, 0], [2, 0]]
    >>> control.value
    ((0.0, 0.0), (2.0, 0.0))
    """

    def __init__(self, examples, low=-1.0, high=1.0):
        self.low, self.high = low, high
        self.count = len(next(iter(examples.values())))
        super().__init__(examples, {
            "which": widgets.IntSlider(1, 1, self.count, description="point"),
            "x": widgets.FloatSlider(low, min=low, max=high, step=0.01, description="x"),
            "y": widgets.FloatSlider(low, min=low, max=high, step=0.01, description="y"),
        })  # fmt: skip

    def _brief(self, points):
        points = np.asarray(points, float)
        if points.shape != (self.count, 2) or not np.isfinite(points).all():
            raise ValueError(f"points must be {self.count} pairs of numbers")
        points = points.clip(self.low, self.high).round(3) + 0.0  # no -0.0
        return tuple(map(tuple, points.tolist()))

    def _array(self, brief):
        return np.array(brief)

    def _slid(self, change):
        points = self.get_interact_value()
        if change["owner"] is not self._sliders["which"]:
            points[self._sliders["which"].value - 1] = [self._sliders[k].value for k in "xy"]
        self._follow()
        return points

    def _place_sliders(self):
        x, y = self.get_interact_value()[self._sliders["which"].value - 1]
        self._sliders["x"].value, self._sliders["y"].value = x, y


class Pixels(Many):
    """A small picture as one control; `update` gets an array of shape (rows, columns).

    Parameters
    ----------
    examples : dict of {str: array_like of shape (rows, columns)}
        Named pictures of one shape; the first is shown first.
    levels : sequence of float, default=(0.0, 1.0)
        What a pixel can be. A press on a pixel gives it the next level, and a drag paints with it.

    Examples
    --------
    >>> control = Pixels({"bar": [[0, 1], [0, 1]], "empty": np.zeros((2, 2))})
    >>> control.value, control.get_interact_value().tolist()
    ('bar', [[0.0, 1.0], [0.0, 1.0]])
    >>> control.value = [[1, 0], [0, 0]]
    >>> control.value
    'b3a'
    """

    def __init__(self, examples, levels=(0.0, 1.0)):
        self.levels = np.asarray(levels, float)
        self.shape = np.shape(next(iter(examples.values())))
        rows, columns = self.shape
        super().__init__(examples, {
            "right": widgets.IntSlider(0, 1 - columns, columns - 1, description="right"),
            "down": widgets.IntSlider(0, 1 - rows, rows - 1, description="down"),
        })  # fmt: skip

    def _brief(self, pixels):
        rows, columns = self.shape
        if isinstance(pixels, str):
            runs = re.findall(r"(\d*)([a-zA-Z])", pixels)
            places = [LETTERS.index(c) for times, c in runs for _ in range(int(times or 1))]
            if len(places) != rows * columns or max(places) >= len(self.levels):
                raise ValueError(f"pixels must be {rows} x {columns}")
        else:
            pixels = np.asarray(pixels, float)
            if pixels.shape != self.shape or not np.isfinite(pixels).all():
                raise ValueError(f"pixels must be {rows} x {columns} numbers")
            places = np.abs(pixels.ravel()[:, None] - self.levels).argmin(axis=1)
        runs = [(LETTERS[place], len(list(equal))) for place, equal in groupby(places)]
        return "".join(f"{times if times > 1 else ''}{letter}" for letter, times in runs)

    def _array(self, brief):
        runs = re.findall(r"(\d*)([a-zA-Z])", brief)
        places = [LETTERS.index(letter) for _, letter in runs]
        times = [int(times or 1) for times, _ in runs]
        return self.levels[np.repeat(places, times)].reshape(self.shape)

    def _slid(self, change):
        """Move the picture by as much as its slider was moved; what leaves it comes in behind."""
        by = change["new"] - change["old"]
        return np.roll(
            self.get_interact_value(),
            by,
            axis=1 if change["owner"] is self._sliders["right"] else 0,
        )

    def _place_sliders(self):
        pass
