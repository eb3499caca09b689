"""One look for all notebooks: colours with a meaning, type that is read from the back row."""

from importlib.util import find_spec

import matplotlib as mpl

# Okabe and Ito (2008), "Color Universal Design": told apart with every kind of colour vision.
COLORS = {
    "plus": "#0072B2",  # class +1, and data without classes
    "minus": "#E69F00",  # class -1
    "model": "#000000",  # what was learned
    "truth": "#009E73",  # the rule behind the data
    "error": "#D55E00",  # mistakes and losses
    "path": "#CC79A7",  # where learning went
    "other": "#56B4E9",  # a second model beside the first
}


touch = None  # whether figures take the pointer; None: where the page is expected to know how


def use(scale=1.0, touch=None):
    """Set matplotlib's defaults for the lecture, whatever style was set before.

    Parameters
    ----------
    scale : float, default=1.0
        Pixels of a figure to a pixel of the screen; 2 for a projector with an enlarged page or a
        high-density screen. A figure that takes the pointer finds out by itself.
    touch : bool, default=None
        Whether figures take the pointer. None: everywhere but on Colab and Kaggle, and where there
        is no anywidget. False for a page that shows controls and no picture; then the sliders do
        what the hand would.

    Raises
    ------
    ValueError
        If `scale` is not between 0.5 and 4, or `touch` is True and there is no anywidget.

    Examples
    --------
    >>> use(scale=2)
    >>> mpl.rcParams["figure.dpi"]
    200.0
    >>> use()
    """
    if not 0.5 <= scale <= 4:
        raise ValueError(f"scale must be between 0.5 and 4, got {scale!r}; try 1")
    if touch and find_spec("anywidget") is None:
        raise ValueError(f"touch must be False without anywidget, got {touch!r}; "
                         "try pip install anywidget")  # fmt: skip
    globals()["touch"] = touch
    mpl.rcdefaults()  # leaves the backend alone
    mpl.rcParams.update(
        {
            "figure.dpi": 100.0 * scale,
            "figure.facecolor": "white",  # own light ground, also on a dark page
            "axes.facecolor": "white",
            "font.size": 13,
            "axes.titlesize": 14,
            "axes.labelsize": 14,
            "legend.fontsize": 12,
            "legend.frameon": False,
            "figure.constrained_layout.w_pad": 0.1,  # inches about each panel: air between two
            "figure.constrained_layout.h_pad": 0.08,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "lines.linewidth": 2.5,
            "lines.markersize": 9,
            "lines.markeredgewidth": 2,
            "axes.prop_cycle": mpl.cycler(color=list(COLORS.values())),
        }
    )
