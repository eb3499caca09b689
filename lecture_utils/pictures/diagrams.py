"""Circles and lines: a network of neurons, and the graph of one computation, with live numbers."""

import numpy as np
from matplotlib.collections import LineCollection

from lecture_utils.pictures.style import COLORS

PAPER = (1.0, 1.0, 1.0)


def _pale(colour, share):
    """Mix a colour with white: share 0 gives white, 1 the colour."""
    strong = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return tuple(np.add(np.multiply(PAPER, 1 - share), strong * share))


def _words(number):
    return f"{number + 0.0:.2f}".replace("-0.00", "0.00")


class Diagram:
    """A network: a circle for each neuron, a line for each weight.

    Blue stands for positive, orange for negative; a line is as thick as its weight is large, a
    circle as full of colour as its value is large.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    sizes : list of int
        Neurons in each layer, the inputs first.
    labels : bool, default=False
        Whether each weight stands beside its line, as a number.
    radius : float, default=1500.0
        Area of a circle, in points squared.

    Attributes
    ----------
    circles : list of matplotlib.collections.PathCollection
        One for each layer.
    lines : list of matplotlib.collections.LineCollection
        One for each pair of layers.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> picture = Diagram(Figure().subplots(), [2, 1])
    >>> picture.set([np.array([[1.0], [-2.0]])], [np.array([1.0, 0.5]), np.array([0.0])])
    >>> [text.get_text() for text in picture.values[1]]
    ['0.00']
    """

    def __init__(self, axes, sizes, labels=False, radius=1500.0):
        axes.set(xlim=(-0.25, len(sizes) - 0.75), ylim=(-0.5, max(sizes) - 0.5))
        axes.set_axis_off()
        self.places = [
            np.column_stack([np.full(n, float(i)), (max(sizes) - n) / 2 + np.arange(n)[::-1]])
            for i, n in enumerate(sizes)
        ]
        self.lines, self.labels, self.circles, self.values = [], [], [], []
        for left, right in zip(self.places, self.places[1:], strict=False):
            ends = [(a, b) for a in left for b in right]
            self.lines.append(axes.add_collection(LineCollection(ends, zorder=1)))
            spots = [a + 0.24 * (b - a) for a in left for b in right]
            looks = {"ha": "center", "va": "center", "fontsize": 11, "zorder": 2}
            box = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
            self.labels.append(
                [axes.text(*spot, "", bbox=box, **looks) for spot in spots] if labels else []
            )
        for spots in self.places:
            self.circles.append(
                axes.scatter(*spots.T, s=radius, edgecolors="black", facecolors="white", zorder=3)
            )
            self.values.append(
                [axes.text(*spot, "", ha="center", va="center", zorder=4) for spot in spots]
            )

    def set(self, weights, values):
        """Show weights, a list of arrays (inputs, outputs), and values, a list of arrays (n,)."""
        for lines, labels, W in zip(self.lines, self.labels, weights, strict=True):
            w = np.ravel(W)
            lines.set_color([COLORS["plus" if number > 0 else "minus"] for number in w])
            lines.set_linewidth(np.clip(3.0 * np.abs(w), 0.4, 9.0))
            for label, number in zip(labels, w, strict=False):
                label.set_text(_words(number))
        for circles, texts, layer in zip(self.circles, self.values, values, strict=True):
            circles.set_facecolor(
                [_pale(COLORS["plus" if a > 0 else "minus"], 0.6 * np.tanh(abs(a))) for a in layer]
            )
            for text, number in zip(texts, layer, strict=True):
                text.set_text(_words(number))


class Graph:
    """The graph of a computation: values above the nodes, derivatives below them.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    places : dict of {str: (float, float)}
        Name of each node -> where its middle is.
    edges : list of (str, str)
        From a node to one that is computed from it.

    Attributes
    ----------
    values, slopes : dict of {str: matplotlib.text.Text}

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> picture = Graph(Figure().subplots(), {"x": (0, 0), "x^2": (1, 0)}, [("x", "x^2")])
    >>> picture.set({"x": 3.0, "x^2": 9.0}, {"x^2": 1.0}, edges=[("x", "x^2")])
    >>> picture.values["x^2"].get_text(), picture.slopes["x"].get_text()
    ('9.000', '')
    """

    def __init__(self, axes, places, edges):
        axes.set_axis_off()
        self.edges, nodes = edges, np.array(list(places.values()), dtype=float)
        ends = [(places[a], places[b]) for a, b in edges]
        self.lines = axes.add_collection(LineCollection(ends, zorder=1))
        for start, end in np.array(ends, dtype=float):
            tip = {"arrowstyle": "-|>", "color": "0.35", "lw": 0, "mutation_scale": 18}
            middle, on = start + 0.52 * (end - start), start + 0.60 * (end - start)
            axes.annotate("", on, middle, arrowprops=tip, zorder=2)
        self.names = list(places)
        self.circles = axes.scatter(*nodes.T, s=900, edgecolors="black", zorder=3)
        self.values, self.slopes = {}, {}
        for name, (x, y) in places.items():
            axes.text(x, y, f"${name}$", ha="center", va="center", zorder=4)
            paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
            for texts, way, colour in ((self.values, 1, "plus"), (self.slopes, -1, "error")):
                texts[name] = axes.annotate(
                    "", (x, y), (0, 18 * way), textcoords="offset points", ha="center",
                    va="bottom" if way > 0 else "top", color=COLORS[colour], bbox=paper,
                    zorder=2.5)  # fmt: skip

    def set(self, values, slopes, nodes=(), edges=(), colour="plus"):
        """Show the values and derivatives known so far, and mark nodes and edges in a colour."""
        for texts, known in ((self.values, values), (self.slopes, slopes)):
            for name, text in texts.items():
                text.set_text(f"{known[name] + 0.0:.3f}" if name in known else "")
        marked = [_pale(COLORS[colour], 0.35) if n in nodes else PAPER for n in self.names]
        self.circles.set_facecolor(marked)
        self.lines.set_color([COLORS[colour] if e in edges else "0.65" for e in self.edges])
        self.lines.set_linewidth([4.0 if e in edges else 1.5 for e in self.edges])
