"""Pictures that several notebooks need: each takes an Axes and returns the artists it made."""

import numpy as np

from lecture_utils.style import COLORS


def classes(axes, X, y, **looks):
    """Draw samples of two classes, as plus and minus signs.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    X : ndarray of shape (n, 2)
    y : ndarray of shape (n,)
        Labels -1 and +1.
    **looks
        Passed on to ``Axes.plot``.

    Returns
    -------
    plus, minus : matplotlib.lines.Line2D

    Notes
    -----
    Used in ``notebooks/05_perceptron.ipynb``.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> plus, minus = classes(Figure().subplots(), np.eye(2), np.array([1, -1]))
    >>> plus.get_marker(), minus.get_marker()
    ('+', '_')
    """
    return tuple(
        axes.plot(*X[y == label].T, marker, color=COLORS[name], **looks)[0]
        for label, marker, name in ((1, "+", "plus"), (-1, "_", "minus"))
    )


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
    for one edge. Used in ``notebooks/05_perceptron.ipynb``.

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
