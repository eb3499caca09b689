"""Handles: controls that live in the picture, to be dragged, clicked or hovered over.

A handle knows two things: where the values of its controls stand in the picture, and which values a
place in the picture means. All else is the controls' own: limits, steps, presets, settings.
"""

import weakref
from contextlib import contextmanager
from numbers import Real

import numpy as np
from matplotlib.axes import Axes

from lecture_utils.live.controls import nearest
from lecture_utils.live.many import Many, Pixels, Points

WAYS = ("drag", "click", "hover")
SLACK = 1e-6  # of the figure, by which a mark may be out of its axes and still be there
NUDGE = 0.01  # of the width of its axes: how far an arrow key moves a handle, if a step is less
_OPEN = weakref.WeakKeyDictionary()  # figure that is being set up -> its handles


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
        ``values(x, y)`` returns the value of the control at that place, or a value of each.
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
    if not isinstance(axes, Axes) or figure not in _OPEN:
        raise ValueError(f"axes must be in the figure that the set-up was given, got {axes!r}; "
                         "try handle(axes, ...) in the set-up, not in update")  # fmt: skip
    if by not in WAYS:
        raise ValueError(f"by must be one of {', '.join(WAYS)}, got {by!r}; try by='drag'")
    given = [function for function in (place, values) if function is not None]
    if len(given) == 1 or not all(map(callable, given)):
        raise ValueError("place and values must be two functions or be left out, got "
                         f"{place!r} and {values!r}; try place=lambda b: (b, 0), "
                         "values=lambda x, y: x")  # fmt: skip
    _OPEN[figure].append((axes, controls, given, by))


@contextmanager
def set_up(figure):
    """Give a list that gets what `handle` is told while the figure is set up."""
    _OPEN[figure] = told = []
    try:
        yield told
    finally:
        del _OPEN[figure]


def make_handles(told, controls):
    """Return the handles that a set-up asked for; ValueError if a control cannot be one."""
    made = []
    for axes, names, functions, by in told:
        for name in names:
            if isinstance(name, str) and name not in controls:
                raise ValueError(f"handle: no control {name!r}; the controls are "
                                 f"{', '.join(controls)}")  # fmt: skip
        own = {name: controls[name] for name in names if isinstance(name, str)}
        kind = _kind(axes, names, functions, own)
        made.append(kind(axes, names, own, functions, by))
    return made


def _kind(axes, names, functions, own):
    """Return the class of a handle."""
    if len(names) == len(own) == 1 and not functions:
        (control,) = own.values()
        for many, kind in ((Points, OfPoints), (Pixels, OfPixels)):
            if isinstance(control, many):
                return kind
    for name, control in own.items():
        try:
            nearest(control, control.value)
        except TypeError:
            got = type(control).__name__
            raise ValueError(
                f"handle: {name} must be a slider or a menu of numbers, got {got}; "
                f"try {name}=(0.0, 1.0)"
            ) from None
    if functions and names and len(own) == len(names):
        return General
    numbers = [name for name in names if isinstance(name, Real)]
    if functions or len(names) != 2 or not own or len(own) + len(numbers) != 2:
        raise ValueError("handle: controls must be two, by name or a number that stays, or with "
                         f"place and values at least one name, got {names}; "
                         "try handle(axes, 'b0', 'b1')")  # fmt: skip
    if axes.name == "3d":
        if numbers:
            raise ValueError("handle: 3-D axes must have two controls, azimuth and elevation, got "
                             f"{names}; try handle(axes, 'azimuth', 'elevation')")  # fmt: skip
        return Turned
    return Direct


class Handle:
    """What the reader can take hold of.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    names : sequence of str or float
    controls : dict of {str: ipywidgets.Widget}
    functions : list of callable
        Empty, or from values to a place and back.
    by : str

    Attributes
    ----------
    by : str
        One of WAYS, or "sheet", where the axes themselves are what is taken hold of.
    """

    by = None

    def __init__(self, axes, names, controls, functions, by):
        self.axes, self.names, self.controls = axes, names, controls
        self.functions, self.by = functions, self.by or by

    @property
    def values(self):
        """The values of its controls now, in order."""
        return [control.value for control in self.controls.values()]

    def lead(self):
        """Put sliders away that the hand makes needless: those of many numbers."""
        for control in self.controls.values():
            if isinstance(control, Many):
                control.by_hand()

    def about(self):
        """Return what the page is to know beforehand."""
        label = " and ".join(control.description for control in self.controls.values())
        return {"by": self.by, "area": self.area(), "label": label}

    def area(self):
        """Return the box of the axes in the figure: left, bottom, right, top, from 0 to 1."""
        return list(self.axes.get_position().extents)

    def marks(self):
        """Return where the marks are, (x, y) in the figure, from 0 to 1; None where one is not."""
        with np.errstate(all="ignore"):
            pixels = [self.axes.transData.transform(place) for place in self.places()]
        size, box = self._size(), self.area()
        low, high = np.subtract(box[:2], SLACK), np.add(box[2:], SLACK)
        found = [np.asarray(place, float) / size for place in pixels]
        return [place.tolist() if (low <= place).all() and (place <= high).all() else None
                for place in found]  # fmt: skip

    def hold(self, x, y):
        """Hear that a drag begins at a place of the figure."""

    def moved(self, number, x, y):
        """Return what its controls are with mark `number` at a place of the figure, a dict."""
        left, bottom, right, top = self.area()
        x, y = min(max(x, left), right), min(max(y, bottom), top)
        place = self.axes.transData.inverted().transform((x, y) * self._size())
        wanted = self.at(number, *map(float, place))
        return {name: nearest(self.controls[name], value) for name, value in wanted.items()}

    def nudged(self, number, right, up):
        """Return what its controls are after an arrow key: at least a step of one of them on."""
        marks = self.marks()
        x, y = (marks[number] if marks else None) or (0.0, 0.0)
        width, height = self.axes.get_position().size
        far, now = NUDGE, dict(zip(self.controls, self.values, strict=True))
        while far <= 1:
            new = self.moved(number, x + right * far * width, y + up * far * height)
            if any(now[name] != value for name, value in new.items()):
                return new
            far *= 2
        return {}

    def _size(self):
        """Return width and height of the figure in pixels."""
        return np.array(self.axes.figure.figure.bbox.size)

    def places(self):
        """Return where the marks are, a list of (x, y) in data of the axes."""
        raise NotImplementedError

    def at(self, number, x, y):
        """Return what the controls are with a mark at (x, y) in data of the axes, a dict."""
        raise NotImplementedError


class Direct(Handle):
    """Two controls, or one and a number that stays, are the coordinates themselves."""

    def places(self):
        """Return the coordinates."""
        return [[name if name not in self.controls else self.controls[name].value
                 for name in self.names]]  # fmt: skip

    def at(self, number, x, y):
        """Return the coordinates that are not numbers."""
        return {name: value for name, value in zip(self.names, (x, y), strict=True)
                if name in self.controls}  # fmt: skip


class General(Handle):
    """Two functions lead from values to a place, and back."""

    def places(self):
        """Ask the author's function."""
        return [self.functions[0](*self.values)]

    def at(self, number, x, y):
        """Ask the author's other function."""
        values = self.functions[1](x, y)
        values = (values,) if len(self.controls) == 1 and np.ndim(values) == 0 else tuple(values)
        if len(values) != len(self.controls):
            raise ValueError(f"values must return one for each of {', '.join(self.controls)}, "
                             f"got {values}; try values=lambda x, y: x")  # fmt: skip
        return dict(zip(self.controls, values, strict=True))


class OfPoints(Handle):
    """Each point of a `Points` control is a mark."""

    def places(self):
        """Return the points."""
        (control,) = self.controls.values()
        return control.get_interact_value()

    def at(self, number, x, y):
        """Return the points, one of them moved."""
        points = self.places()
        points[number] = x, y
        return {self.names[0]: points}


class Turned(Handle):
    """3-D axes, turned by a drag: as far as the axes are wide, half a turn."""

    by = "sheet"

    def places(self):
        """Return no mark: the axes themselves are taken hold of."""
        return []

    def hold(self, x, y):
        """Remember where the drag begins."""
        self._begun, self._then = (x, y), self.values

    def moved(self, number, x, y):
        """Return the angles after a drag to a place of the figure."""
        left, bottom, right, top = self.area()
        across = (x - self._begun[0]) / (right - left), (y - self._begun[1]) / (top - bottom)
        return {
            name: nearest(control, then - 180.0 * part)
            for (name, control), then, part in zip(
                self.controls.items(), self._then, across, strict=True
            )
        }

    def nudged(self, number, right, up):
        """Return the angles after an arrow key: as if the hand had gone that way a little."""
        self.hold(0.0, 0.0)
        return super().nudged(number, right, up)


class OfPixels(Handle):
    """A `Pixels` control on axes that it fills, its first row on top; a mark is for the keys."""

    by = "sheet"

    def __init__(self, *given):
        super().__init__(*given)
        (self._control,) = self.controls.values()
        self._cell = np.zeros(2, int)  # row and column of the mark
        self._ink = self._control.levels[0]

    def marks(self):
        """Return the middle of the pixel to which the keys go."""
        left, bottom, right, top = self.area()
        row, column = (self._cell + 0.5) / self._control.shape
        return [[left + column * (right - left), top - row * (top - bottom)]]

    def hold(self, x, y):
        """Take for a drag the level that comes after the one of the pixel where it begins."""
        self._cell = self._cell_at(x, y)
        levels = self._control.levels
        place = np.flatnonzero(levels == self._control.get_interact_value()[tuple(self._cell)])[0]
        self._ink = levels[(place + 1) % len(levels)]

    def moved(self, number, x, y):
        """Paint all pixels on the way from the one painted last: a quick hand skips some."""
        before, self._cell = self._cell, self._cell_at(x, y)
        steps = np.linspace(0, 1, 1 + np.abs(self._cell - before).max())[:, None]
        way = np.rint(before + steps * (self._cell - before)).astype(int)
        pixels = self._control.get_interact_value()
        pixels[tuple(way.T)] = self._ink
        return {self.names[0]: self._control.nearest(pixels)}

    def nudged(self, number, right, up):
        """Move the mark; the space bar presses where it is."""
        to = np.add(self._cell, (-up, right))
        self._cell = to.clip(0, np.subtract(self._control.shape, 1))
        return {}

    def _cell_at(self, x, y):
        left, bottom, right, top = self.area()
        part = np.array([(top - y) / (top - bottom), (x - left) / (right - left)])
        shape = np.array(self._control.shape)
        return (part * shape).astype(int).clip(0, shape - 1)
