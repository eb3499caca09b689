"""Handles: controls that live in the picture, to be dragged, clicked or hovered over.

A handle knows two things: where the values of its controls stand in the picture, and which values a
place in the picture means. All else is the controls' own: limits, steps, presets, settings.
"""

import math
import weakref

import numpy as np
from matplotlib.axes import Axes

from lecture_utils.live.array_controls import Many, Pixels, Points
from lecture_utils.live.controls import check_names, nearest, of_numbers
from lecture_utils.numbers.arguments import real, refuse, shown

WAYS = ("drag", "click", "hover")
MARGIN = 1.0  # pixels by which a mark may be out of its axes and still be there
NUDGES = [0.01 * 2**n for n in range(8)]  # of the width of the axes: an arrow key tries these
TOLD = weakref.WeakKeyDictionary()  # figure that is being set up -> what `handle` was told


def handle(axes, *controls, place=None, values=None, by="drag"):
    """Let the reader take hold of controls in the picture; the sliders follow, and lead.

    To be called in the set-up of a live figure.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where the handle is; it cannot leave them.
    *controls : str or float
        Two: what changes along x and what along y, the name of a control or a number that stays.
        With `place` and `values`: the names of one or more controls. One name alone: a control
        made by `Points`, each point of which is a handle then, or by `Pixels`, which are painted.
        In 3-D axes: azimuth and elevation in degrees, and a drag turns the axes.
    place : callable, default=None
        ``place(*values)`` returns (x, y): where the handle is at these values of the controls.
    values : callable, default=None
        ``values(x, y)`` returns the value of the control at that place, or a value of each. For
        `Points` alone: where a point goes that the hand puts at (x, y), a pair.
    by : {"drag", "click", "hover"}, default="drag"
        "click" also jumps to where the reader clicks, "hover" follows the pointer.

    Raises
    ------
    ValueError
        If `axes` are not in a figure that is being set up, or the controls are not as above; their
        names are looked up when the set-up has ended.

    Notes
    -----
    Where a page shows the picture without hearing the pointer, the sliders do the same.

    Every handle has keys, too: Tab leads to it, the arrow keys move it, Escape takes it back; over
    `Pixels` the arrow keys go from one to the next, and the space bar paints.

    Examples
    --------
    >>> from lecture_utils import explore
    >>> @explore(b0=(-2.0, 2.0), b1=(-3.0, 3.0))
    ... def line(figure):
    ...     axes = figure.subplots()
    ...     axes.set(xlim=(-1, 1), ylim=(-5, 5))
    ...     (fit,) = axes.plot([-1, 1], [0, 0])
    ...     handle(axes, 0.0, "b0")
    ...     handle(axes, "b1", place=lambda b1: (1, b1), values=lambda x, y: y)
    ...     def update(b0=0.0, b1=1.0):
    ...         fit.set_ydata([b0 - b1, b0 + b1])
    ...         return f"{b0:g} {b1:+g} x"
    ...     return update
    """
    figure = getattr(getattr(axes, "figure", None), "figure", None)  # of a subfigure, too
    if not isinstance(axes, Axes) or figure not in TOLD:
        refuse("axes must be in the figure that the set-up was given", shown(axes),
               "handle(axes, ...) in the set-up, not in update")  # fmt: skip
    if not isinstance(by, str) or by not in WAYS:
        refuse(f"by must be one of {', '.join(WAYS)}", shown(by), "by='drag'")
    TOLD[figure].append((axes, controls, by, place, values))


def make_handles(told, controls):
    """Return the handles that a set-up asked for; ValueError if a control cannot be one."""
    return [_made(controls, *one) for one in told]


def _made(controls, axes, names, by, place, values):
    check_names(controls, [name for name in names if isinstance(name, str)], "handle")
    _check_axes(axes)
    own = {name: controls[name] for name in names if isinstance(name, str)}
    (alone,) = own.values() if len(own) == len(names) == 1 and place is None else (None,)
    two = callable(values) and (callable(place) or isinstance(alone, Points))
    if not (place is values is None or two):
        refuse("place and values must be two functions or be left out", shown((place, values)),
               ", ".join(_functions_of(own)))  # fmt: skip
    if isinstance(alone, Many) and axes.name != "rectilinear":
        refuse(f"handle: {names[0]} must be in axes with x and y", axes.name, "figure.subplots()")
    if by != "drag" and (isinstance(alone, Many) or (axes.name == "3d" and not place)):
        refuse(f"handle: by must be 'drag' for {names[0]}", shown(by), "by='drag'")
    if isinstance(alone, Points):
        return OfPoints(axes, own, by, None, values or (lambda x, y: (x, y)))
    if isinstance(alone, Pixels):
        return OfPixels(axes, own, "sheet")
    for name, control in own.items():
        if not of_numbers(control):
            refuse(f"handle: {name} must be a slider or a menu of numbers", type(control).__name__,
                   f"{name}=(0.0, 1.0)")  # fmt: skip
    numbers = [name for name in names if real(name)]
    if not own or len(own) + len(numbers) != len(names) or (numbers if place else len(names) != 2):
        refuse("handle: controls must be two, by name or a number that stays, or with place and "
               "values one name or more", shown(names), "handle(axes, 'b0', 'b1')")  # fmt: skip
    if place:
        return Handle(axes, own, by, place, values)
    place, values = _coordinates(axes, names, own)
    if axes.name == "3d":
        return Turned(axes, own, "sheet", place, values)
    return Handle(axes, own, by, place, values)


def _check_axes(axes):
    """Raise ValueError for axes in which nothing can be taken hold of."""
    if axes.figure is None or axes not in axes.figure.findobj(Axes):
        refuse("handle: axes must stay in the figure", "some that were removed", "those that stay")
    if not np.isfinite(axes.transData.inverted().transform(axes.bbox.corners().mean(0))).all():
        refuse("handle: axes must know the place of each pixel", axes.name, "figure.subplots()")


def _functions_of(names):
    """Return place and values that can be, as they are written in a call of `handle`."""
    return (f"place=lambda {', '.join(names)}: (0.5, 0.5)",
            f"values=lambda x, y: ({', '.join('x' * len(names))})")  # fmt: skip


def _coordinates(axes, names, own):
    """Return place and values of controls, and of numbers that stay, that are coordinates."""

    def place(*values):
        left = iter(values)
        return [next(left) if isinstance(name, str) else name for name in names]

    def values(x, y):
        if axes.name == "polar" and names[0] in own:  # an angle is known but for full turns
            middle = sum(nearest(own[names[0]], end) for end in (-1e9, 1e9)) / 2
            x += math.tau * round((middle - x) / math.tau)
        return [one for name, one in zip(names, (x, y), strict=True) if isinstance(name, str)]

    return place, values


class Handle:
    """What the reader can take hold of.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    controls : dict of {str: ipywidgets.Widget}
    by : str
        One of WAYS, or "sheet", where the axes themselves are what is taken hold of.
    place, values : callable
        As `handle` takes them.

    Attributes
    ----------
    now, before : dict of {str: object}
        The values of its controls in the picture, and those to which the Escape key leads.
    marks : list of (float, float) or None
        Where the marks are in the figure, from 0 to 1; None for one that is not to be seen.
    """

    def __init__(self, axes, controls, by, place=None, values=None):
        self.axes, self.controls, self.by = axes, controls, by
        self._place, self._values, self.now, self.before = place, values, None, None
        self._to_pixels = axes.figure.figure.transFigure  # of the figure around a subfigure

    def for_page(self):
        """Return what the page is to know beforehand."""
        label = " and ".join(control.description for control in self.controls.values())
        return {"by": self.by, "area": self._area(), "label": label}

    def look(self, values):
        """See where the marks are in the picture of these values."""
        now = {name: values[name] for name in self.controls}
        with np.errstate(all="ignore"):  # a log scale knows no place for what is not above 0
            pixels = [self.axes.transData.transform(place) for place in self._places(now)]
        inside, to_figure = self.axes.patch.contains_point, self._to_pixels.inverted()
        self.marks = [to_figure.transform(pixel).tolist() if inside(pixel, MARGIN) else None
                      for pixel in pixels]  # fmt: skip
        self.now = now

    def answer(self, do, **told):
        """Return what the controls are to be when a hand does something, a dict."""
        does = {"hold": self._hold, "move": self._move, "key": self._key, "press": self._press,
                "back": self._back}  # fmt: skip
        return does[do](**told)

    def _hold(self, number, x, y):
        """Begin a drag at a place of the figure."""
        self.before = self.now
        return {}

    def _move(self, number, x, y):
        """Put a mark at a place of the figure, or where the axes end."""
        left, bottom, right, top = self._area()
        inside = min(max(x, left), right), min(max(y, bottom), top)
        pixel = self._to_pixels.transform(inside)
        return self._at(number, *self.axes.transData.inverted().transform(pixel).tolist())

    def _key(self, number, right, up):
        """Move a mark by an arrow key: at least a step of one of the controls on."""
        self.before = self.before or self.now
        x, y = (self.marks or [None])[number] or (0.0, 0.0)
        left, bottom, end, top = self._area()
        still = self._move(number, x, y)
        for far in NUDGES:
            to = x + right * far * (end - left), y + up * far * (top - bottom)
            new = self._move(number, *to)
            if new != still:
                return new
        return {}

    def _press(self, number):
        """Hear the space bar."""
        return {}

    def _back(self):
        """Go back to what was before the press."""
        before, self.before = self.before, None
        return before or {}

    def _places(self, values):
        """Return where the marks are, a list of (x, y) in data of the axes."""
        place = _floats("place", self._place(*values.values()), 2, _functions_of(values)[0])
        if self.now is None:
            self._at(0, *place)  # an author's slip is found at once
        return [place]

    def _at(self, number, x, y):
        """Return what the controls are with a mark at (x, y) in data of the axes."""
        own = self.controls
        values = _floats("values", self._values(x, y), len(own), _functions_of(own)[1])
        return dict(zip(own, map(nearest, own.values(), values), strict=True))

    def _area(self):
        """Return the box of the axes in the figure: left, bottom, right, top, from 0 to 1."""
        return self.axes.bbox.transformed(self._to_pixels.inverted()).extents.tolist()


def _floats(name, got, count, hint):
    """Return what a function of the notebook gave as a list of floats, or refuse it."""
    numbers = np.array(got, object).ravel()
    if len(numbers) != count or not all(map(real, numbers)):
        many = "a finite number" if count == 1 else f"{count} finite numbers"
        refuse(f"{name} must return {many}", shown(got), hint)
    return [float(number) for number in numbers]


class Turned(Handle):
    """3-D axes, turned by a drag: as far as the axes are wide, half a turn."""

    def _places(self, values):
        return []

    def _hold(self, number, x, y):
        self._begun, self._then = (x, y), self.now
        return super()._hold(number, x, y)

    def _move(self, number, x, y):
        left, bottom, right, top = self._area()
        across, up = (x - self._begun[0]) / (right - left), (y - self._begun[1]) / (top - bottom)
        angles = zip(self.controls.items(), self._values(180 * across, 180 * up), strict=True)
        return {name: nearest(control, self._then[name] - by) for (name, control), by in angles}

    def _key(self, number, right, up):
        self._begun, self._then = (0.0, 0.0), self.now
        return super()._key(number, right, up)


class OfMany(Handle):
    """One control of many numbers."""

    def __init__(self, axes, controls, by, *functions):
        super().__init__(axes, controls, by, *functions)
        ((self._name, self._control),) = controls.items()


class OfPoints(OfMany):
    """Each point of a `Points` control is a mark."""

    def _places(self, values):
        points = self._control.get_interact_value()
        if self.now is None:
            self._at(0, *points[0])
        return points

    def _at(self, number, x, y):
        points = self._control.get_interact_value()
        to = _floats("values", self._values(x, y), 2, "values=lambda x, y: (x, y)")
        points[number] = np.clip(to, self._control.low, self._control.high)
        return {self._name: self._control.shortest(points)}


class OfPixels(OfMany):
    """A `Pixels` control on axes that it fills, its first row on top; a mark is for the keys."""

    _cell = np.zeros(2, int)  # row and column of the mark

    def _places(self, values):
        down, right = (self._cell + 0.5) / self._control.shape
        to_axes = self.axes.transScale + self.axes.transLimits
        return [to_axes.inverted().transform((right, 1 - down))]

    def _hold(self, number, x, y):
        """Take for a drag the level that comes after the one of the pixel where it begins."""
        self._cell, levels = self._cell_at(x, y), self._control.levels
        pixel = self._control.get_interact_value()[tuple(self._cell)]
        self._ink = levels[(np.flatnonzero(levels == pixel)[0] + 1) % len(levels)]
        return super()._hold(number, x, y)

    def _move(self, number, x, y):
        """Paint all pixels on the way from the one painted last: a quick hand skips some."""
        before, self._cell = self._cell, self._cell_at(x, y)
        steps = np.linspace(0, 1, 1 + np.abs(self._cell - before).max())[:, None]
        way = np.rint(before + steps * (self._cell - before)).astype(int)
        pixels = self._control.get_interact_value()
        pixels[tuple(way.T)] = self._ink
        return {self._name: self._control.shortest(pixels)}

    def _key(self, number, right, up):
        """Move the mark, which paints when the space bar is pressed."""
        to = np.add(self._cell, (-up, right))
        self._cell = to.clip(0, np.subtract(self._control.shape, 1))
        self.look(self.now)
        return {}

    def _press(self, number):
        """Paint the pixel of the mark."""
        self._hold(number, *self.marks[number])
        return self._move(number, *self.marks[number])

    def _cell_at(self, x, y):
        left, bottom, right, top = self._area()
        part = (top - y) / (top - bottom), (x - left) / (right - left)
        cell = np.multiply(part, self._control.shape).astype(int)
        return cell.clip(0, np.subtract(self._control.shape, 1))
