"""Controls of many numbers: points of the plane, pixels of a small picture.

Each starts from named examples and can be changed by sliders; as a `handle` it is changed by hand.
"""

import re
import string

import ipywidgets as widgets
import numpy as np
import traitlets

from lecture_utils.numbers.arguments import real, refuse, shown

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
    menu : ipywidgets.Dropdown
        Chooses one of them.
    """

    value = traitlets.TraitType("")  # as Any, but None is looked at, too
    description = traitlets.Unicode()

    def __init__(self, examples, rule, hint):
        self._rule = rule
        try:
            self.shape = np.shape(next(iter(examples.values())))
            if len(self.shape) != 2 or 0 in self.shape:
                raise ValueError
            self._known = {name: self._brief(one) for name, one in examples.items()}
            " ".join(examples)  # names are text
        except (AttributeError, IndexError, StopIteration, TypeError, ValueError):
            refuse(f"examples must be named, each {rule}", shown(examples), hint)
        self.options, self.menu, sliders = list(examples), widgets.Dropdown(), self._make_sliders()
        super().__init__([self.menu, widgets.HBox(sliders)])
        self.value = self.options[0]
        self._follow()
        self.observe(self._follow, ["value", "description"])
        for part in (self.menu, *sliders):
            part.observe(self._lead, "value")

    def get_interact_value(self):
        """Return the value as an array: what `update` gets."""
        return self._array(self._known.get(self.value, self.value))

    def shortest(self, value):
        """Return the value that this control has for an array: the name of an example, if any."""
        if isinstance(value, str) and value in self._known:
            return value
        try:
            brief = self._brief(value)
        except (IndexError, TypeError, ValueError):
            refuse(f"value must be a name or {self._rule}", shown(value), repr(self.options[0]))
        return next((name for name, one in self._known.items() if one == brief), brief)

    @traitlets.validate("value")
    def _valid(self, proposal):
        return self.shortest(proposal["value"])

    def _lead(self, change):
        """Take over what the menu or a slider says, unless it only follows."""
        if not self._follows and change["new"] != YOURS:
            self.value = change["new"] if change["owner"] is self.menu else self._slid(change)

    def _follow(self, change=None):
        """Let the menu and the sliders say what the value is."""
        self._follows = True
        known = self.value in self.options
        self.menu.options = self.options if known else [*self.options, YOURS]
        self.menu.value = self.value if known else YOURS
        self.menu.description = self.description
        self.menu.style.description_width = "initial"
        self._place_sliders()
        self._follows = False

    def _place_sliders(self):
        """Do nothing where sliders say how far from the value before."""


def _floats(value):
    """Return an array of floats; TypeError or ValueError for what is none."""
    return np.asarray(value).astype(float, casting="same_kind")  # complex is not of the kind


class Points(Many):
    """Some points of the plane as one control; `update` gets an array of shape (n, 2).

    Parameters
    ----------
    examples : dict of {str: array_like of shape (n, 2)}
        Named sets of equally many points; the first is shown first.
    low, high : float, default=-1.0, 1.0
        Where a coordinate ends.

    Raises
    ------
    ValueError
        If the examples are not as above, or one has a coordinate beyond `low` or `high`.

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
        if not (real(low) and real(high) and low < high):
            refuse("low must be a number below high", shown((low, high)), "low=-1.0, high=1.0")
        self.low, self.high = low, high
        super().__init__(examples, f"equally many points (x, y) from {low} to {high}",
                         f"{{'first': [[{low}, {low}], [{high}, {high}]]}}")  # fmt: skip

    def _make_sliders(self):
        self._which = widgets.IntSlider(1, 1, self.shape[0], description="point")
        self._xy = [widgets.FloatSlider(self.low, min=self.low, max=self.high, step=0.01,
                                        description=name) for name in "xy"]  # fmt: skip
        return [self._which, *self._xy]

    def _brief(self, points):
        points = _floats(points)
        inside = (self.low <= points) & (points <= self.high)
        if points.shape != self.shape or self.shape[1] != 2 or not inside.all():
            raise ValueError
        return tuple(map(tuple, (points.round(3) + 0.0).tolist()))  # no -0.0

    def _array(self, brief):
        return np.array(brief)

    def _slid(self, change):
        points = self.get_interact_value()
        if change["owner"] is self._which:
            self._follow()
        else:
            points[self._which.value - 1] = [slider.value for slider in self._xy]
        return points

    def _place_sliders(self):
        self._xy[0].value, self._xy[1].value = self.get_interact_value()[self._which.value - 1]


class Pixels(Many):
    """A small picture as one control; `update` gets an array of shape (rows, columns).

    Parameters
    ----------
    examples : dict of {str: array_like of shape (rows, columns)}
        Named pictures of one shape; the first is shown first.
    levels : sequence of float, default=(0.0, 1.0)
        What a pixel can be. A press on a pixel gives it the next level, and a drag paints with it.

    Raises
    ------
    ValueError
        If the examples are not as above, or a pixel has none of the levels.

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
        levels = np.array(levels, object).ravel()
        if not all(map(real, levels)) or not 2 <= len(set(levels)) == len(levels) <= len(LETTERS):
            refuse("levels must be different numbers, 2 to 52", shown(levels), "(0.0, 1.0)")
        self.levels = levels.astype(float)
        super().__init__(examples, f"of one shape with pixels of {self.levels.tolist()}",
                         f"{{'first': [{self.levels[:2].tolist()}]}}")  # fmt: skip

    def _make_sliders(self):
        rows, columns = self.shape
        self._right = widgets.IntSlider(0, 1 - columns, columns - 1, description="right")
        self._down = widgets.IntSlider(0, 1 - rows, rows - 1, description="down")
        return [self._right, self._down]

    def _brief(self, pixels):
        """Write equal pixels that follow each other as their number and a letter for the level."""
        pixels = self._array(pixels) if isinstance(pixels, str) else _floats(pixels)
        far = np.abs(pixels[..., None] - self.levels)
        if pixels.shape != self.shape or not (far.min(-1) < 1e-9).all():
            raise ValueError
        letters = "".join(LETTERS[place] for place in far.argmin(-1).flat)
        return re.sub(r"(.)\1+", lambda run: f"{len(run[0])}{run[1]}", letters)

    def _array(self, brief):
        letters = re.sub(r"(\d{1,4})(.)", lambda run: int(run[1]) * run[2], brief)
        return self.levels[[LETTERS.index(letter) for letter in letters]].reshape(self.shape)

    def _slid(self, change):
        """Move the picture by as much as its slider was moved; what leaves it comes in behind."""
        axis = 1 if change["owner"] is self._right else 0
        return np.roll(self.get_interact_value(), change["new"] - change["old"], axis)
