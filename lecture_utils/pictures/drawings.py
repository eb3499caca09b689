"""Pictures that several notebooks need: each takes an Axes and returns the artists it made."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from lecture_utils.pictures.style import COLORS

# Pale, so that the marks of the same colours are seen on them.
SIDES = LinearSegmentedColormap.from_list("sides", ["#fae6bf", "#ffffff", "#bfdcec"])


def plane_axes(axes, low, high, names=("$x_1$", "$x_2$"), **settings):
    """Make of an axes a square piece of a plane, in which right angles look right.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    low, high : float
        Limits of both axes.
    names : (str, str), default=("$x_1$", "$x_2$")
        Of both axes, with units where there are any.
    **settings
        Passed on to ``Axes.set``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> plane_axes(axes, 0, 100, ("income", "debt"))
    >>> axes.get_xlim()
    (np.float64(0.0), np.float64(100.0))
    """
    limits, (x, y) = (low, high), names
    axes.set(xlim=limits, ylim=limits, xlabel=x, ylabel=y, aspect="equal", **settings)


class Classes:
    """Samples of two classes, as plus and minus signs.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    X : ndarray of shape (n, 2)
        One sample a row.
    y : ndarray of shape (n,)
        Labels -1 and +1; a sample with another label is not drawn.
    **looks
        Passed on to ``Axes.plot``.

    Attributes
    ----------
    plus, minus : matplotlib.lines.Line2D

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> marks = Classes(Figure().subplots(), np.eye(2), np.array([1, -1]))
    >>> marks.set(np.eye(2), np.array([1, 1]))
    >>> marks.plus.get_xdata().tolist(), marks.minus.get_xdata().tolist()
    ([1.0, 0.0], [])
    """

    def __init__(self, axes, X, y, **looks):
        (self.plus,) = axes.plot([], [], "+", color=COLORS["plus"], **looks)
        (self.minus,) = axes.plot([], [], "_", color=COLORS["minus"], **looks)
        self.set(X, y)

    def set(self, X, y):
        """Draw other samples: X of shape (n, 2), y of shape (n,)."""
        self.plus.set_data(*X[y == 1].T)
        self.minus.set_data(*X[y == -1].T)


def half_plane(axes, w, b):
    """Find the part of the axes where ``w'x + b > 0``, and the line that bounds it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Its limits are the box in which the half-plane is cut.
    w : array_like of shape (2,)
    b : float

    Returns
    -------
    area : ndarray of shape (k, 2)
        Corners in order, for ``Polygon.set_xy``; a single point outside of the box if it is empty.
    line : ndarray of shape (2, 2)
        Columns x and y of the line's ends; nan if it does not cross the box.

    Notes
    -----
    Sutherland and Hodgman (1974), "Reentrant polygon clipping", Communications of the ACM 17(1),
    for one edge.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> area, line = half_plane(Figure().subplots(), [1.0, 0.0], -0.5)  # right half of a unit box
    >>> line.tolist()
    [[0.5, 0.0], [0.5, 1.0]]
    """
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    corners = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    z = corners @ np.asarray(w, dtype=float) + b
    area, line = [], []
    for i in range(4):
        j = (i + 1) % 4
        if z[i] > 0:
            area.append(corners[i])
        if z[i] > 0 >= z[j] or z[j] > 0 >= z[i]:
            crossing = corners[i] + (corners[j] - corners[i]) * z[i] / (z[i] - z[j])
            area.append(crossing)
            line.append(crossing)
    outside = corners[0] - (corners[2] - corners[0])
    return np.array(area or [outside]), np.array(
        line if len(line) == 2 else np.full((2, 2), np.nan)
    )


class Boundary:
    """The line ``w'x + b = 0`` in a plane, with the side where it is positive shaded.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With its limits set: what is drawn is cut to them.
    name : str, default="model"
        Of the colour, in ``style.COLORS``.
    shade : bool, default=True
        Whether the positive side is shaded.
    **looks
        Passed on to ``Axes.plot`` for the line.

    Attributes
    ----------
    area : matplotlib.patches.Polygon
    line : matplotlib.lines.Line2D

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> _ = axes.set(xlim=(0, 1), ylim=(0, 1))
    >>> border = Boundary(axes)
    >>> border.set([1.0, 0.0], -0.5)
    >>> border.line.get_xdata().tolist()
    [0.5, 0.5]
    """

    def __init__(self, axes, name="model", shade=True, **looks):
        self._axes = axes
        looks = {"color": COLORS[name], **looks}
        (self.area,) = axes.fill([], [], color=looks["color"], alpha=0.12, lw=0)
        self.area.set_visible(shade)
        (self.line,) = axes.plot([], [], **looks)

    def set(self, w, b):
        """Move the line: w of shape (2,), b a number. With w = 0 there is no line."""
        area, line = half_plane(self._axes, w, b)
        self.area.set_xy(area)
        self.line.set_data(*line.T)


class Regions:
    """The sides that a classifier gives to each point of a square, in pale colours.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    low, high : float
        Limits of the square in both directions.
    cells : int, default=60
        Cells in each direction.

    Attributes
    ----------
    image : matplotlib.image.AxesImage

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> regions = Regions(Figure().subplots(), -1, 1, cells=2)
    >>> regions.set(lambda X: X[:, 0])
    >>> regions.image.get_array().tolist()
    [[-1.0, 1.0], [-1.0, 1.0]]
    """

    def __init__(self, axes, low, high, cells=60):
        middles = low + (np.arange(cells) + 0.5) * (high - low) / cells
        self._points = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
        self.image = axes.imshow(
            np.zeros((cells, cells)), vmin=-1, vmax=1, extent=(low, high, low, high),
            cmap=SIDES, origin="lower", interpolation="nearest")  # fmt: skip

    def set(self, score):
        """Colour the cells by the sign of ``score(X)``, X of shape (n, 2), result (n,)."""
        self.image.set_data(np.sign(score(self._points)).reshape(self.image.get_array().shape))
