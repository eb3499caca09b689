"""The screen: a picture in the page, words under it, and the widgets around both.

The live figure and the playground stand on it. The widgets are core ones, which every page knows;
the picture alone is a canvas where the page is expected to know that, too.
"""

import base64
import html
from numbers import Real

import ipywidgets as widgets
import matplotlib as mpl
from matplotlib.figure import Figure

from lecture_utils.live.controls import close_with_parts
from lecture_utils.live.front_end import hears_the_pointer
from lecture_utils.live.lock import in_turn
from lecture_utils.live.words import Link
from lecture_utils.numbers.arguments import refuse, shown
from lecture_utils.pictures.painter import Painter
from lecture_utils.pictures.png import SMALL, encode

DOTS = 100  # pixels of the screen to an inch of the figure
ERROR = "color:#b00020; background:#ffffff; padding:0 4px"  # own ground: read on a dark page, too


class Picture:
    """Shows a picture and words with core widgets; another way has the same, `widgets` and `show`.

    Parameters
    ----------
    width : int
        On the screen.
    """

    def __init__(self, width):
        # A box would stretch the picture.
        fixed = widgets.Layout(width=f"{width}px", max_width="100%")
        self._image = widgets.Image(format="url", layout=fixed)
        self._words = widgets.HTML(layout=widgets.Layout(max_width=f"{width}px"))
        self.widgets, self._pixels = [self._image, self._words], None

    def show(self, pixels, words):
        """Show a frame, ndarray of shape (height, width, 4), uint8, and HTML under it."""
        if pixels is not self._pixels:
            self._pixels = pixels
            # A browser decodes this at once; of bytes the widget makes a blob, which is fetched
            # first, and kept: https://github.com/jupyter-widgets/ipywidgets/issues/2263
            self._image.value = b"data:image/png;base64," + base64.b64encode(encode(pixels))
        self._words.value = _as_status(words)


class Screen:
    """A matplotlib figure in the page.

    Parameters
    ----------
    name : str
        By which the next run of its cell finds it.
    size : (float, float)
        Width and height in inches, of 100 pixels each on the screen.
    scale : float or None
        Pixels of the picture to a pixel of the screen; None means what the style says.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    caption, settings : str
        What is to be seen, in words, and a line of Python that leads to it: by the subclass.
    error : str or None
        The line shown when something failed; the picture is then the last good one.
    said : list of str
        More lines under the picture.
    handles : list of Handle
        What of the picture can be taken hold of, where the page hears the pointer.
    closed : bool
    """

    def __init__(self, name, size, scale=None):
        scale = mpl.rcParams["figure.dpi"] / DOTS if scale is None else scale
        if not (isinstance(scale, Real) and 0.1 <= scale <= 10):
            refuse("scale must be a number from 0.1 to 10", shown(scale), "1, or 2 for a projector")
        sides = size if isinstance(size, tuple | list) else ()
        if len(sides) != 2 or not all(isinstance(a, Real) and 0.1 <= a <= 20 for a in sides):
            refuse("size must be (width, height), each 0.1 to 20 inches", shown(size), "(6.8, 4.2)")
        self.name, self.error, self.said = name, None, []
        self._settings_shown, self.closed, self.handles = False, False, []
        self.figure = Figure(figsize=size, dpi=DOTS * scale, layout="constrained")

    def frame(self):
        """Return the picture as it is shown: ndarray of shape (height, width, 4), uint8."""
        return self._frame.copy()

    @in_turn
    def redraw(self):
        """Return the picture drawn from nothing, to compare with `frame`."""
        return self._painter.redraw()

    @in_turn
    def draw_at(self, ratio):
        """Draw so many pixels to a pixel of the page from now on."""
        if self.figure.dpi != DOTS * ratio:
            self.figure.set_dpi(DOTS * ratio)
            self._begin()
            self._say()

    def followed(self):
        """Hear that the page shows what a hand asked for: now and then, and when the hand rests."""

    def close(self):
        """Let go of the widgets that are ours; a picture that is stored in the notebook stays."""
        self.closed = True
        self._made.close()

    def take_over(self, old):
        """Show this where an earlier screen was, which is closed: a second view follows, too."""
        self._box, old._box = old._box, self._box
        self._box.children, old._box.children = old._box.children, self._box.children
        old.close()

    def retire(self):
        """Close this, and leave words where it was."""
        left, self._box = self._box, widgets.VBox(self._box.children)
        gone = f"{self.name}: its cell was run again and made something else."
        left.children = [widgets.HTML(_as_status(html.escape(gone)))]
        self.close()
        self._made.callback(close_with_parts, left)

    def _repr_mimebundle_(self, include=None, exclude=None):
        # No text/html: it would win over the picture where there is no kernel.
        png = base64.b64encode(encode(self._frame, SMALL)).decode("ascii")
        width, height = (round(inches * DOTS) for inches in self.figure.get_size_inches())
        bundle = {"image/png": png, "text/plain": self.caption}
        if self._box.comm is not None:  # else it is closed, and the picture is shown
            view = {"version_major": 2, "version_minor": 0, "model_id": self._box.model_id}
            bundle["application/vnd.jupyter.widget-view+json"] = view
        return bundle, {"image/png": {"width": width, "height": height, "alt": self.caption}}

    def __repr__(self):
        return f"<{type(self).__name__} {self.settings}: {self.caption}>"

    def _begin(self):
        """Draw the first picture of a figure that has all its artists."""
        self._painter = Painter(self.figure)
        self._frame = self._painter.frame()

    def _fill(self, made, above, below=(), theirs=()):
        """Lay out the box; `above` are rows of widgets, `theirs` widgets that are never closed."""
        width = round(self.figure.get_figwidth() * DOTS)
        wrap = {"flex_flow": "row wrap", "max_width": f"{width}px"}
        if hears_the_pointer():
            self._picture = self._canvas(width, round(self.figure.get_figheight() * DOTS))
        else:
            self._picture = Picture(width)
        rows = [widgets.Box(row, layout=wrap) for row in above]
        parts = [*rows, *self._picture.widgets, *below]
        self._box = widgets.VBox(parts, layout=widgets.Layout(align_items="flex-start"))
        made.callback(lambda: close_with_parts(self._box, theirs))
        self._say()
        self._made = made.pop_all()

    def _canvas(self, width, height):
        """Make what shows the picture where the page hears the pointer."""
        from lecture_utils.live.canvas import Canvas  # it needs anywidget

        return Canvas(self, width, height)

    def _words(self):
        """Return what stands under the picture, as HTML."""
        lines = [line if isinstance(line, Link) else html.escape(line)
                 for line in (self.caption, *self.said)]  # fmt: skip
        if self.error:
            lines.append(f'<b style="{ERROR}">{html.escape(self.error)}</b>')
        if self._settings_shown:
            lines.append(f"<code>{html.escape(self.settings)}</code>")
        return "<br>".join(lines)

    def _say(self):
        """Show the picture and the words as they are now."""
        self._picture.show(self._frame, self._words())

    def _toggle_settings(self):
        self._settings_shown = not self._settings_shown
        self._say()


_MADE = {}  # cell -> the run that it is in, what this run has made, what is left of the one before


def replace_earlier(shell, new):
    """Let a screen take the place of the one that its cell made in an earlier run."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    cell = parent.get("metadata", {}).get("cellId")
    if cell is None:  # not every front end says which cell it runs; then the name decides
        earlier = [shell.user_ns.get(new.name)]
    else:
        run, now, earlier = _MADE.get(cell, (None, [], []))
        if run != shell.execution_count:
            for old in earlier:
                if not old.closed:
                    old.retire()
            now, earlier = [], now
        now.append(new)
        _MADE[cell] = shell.execution_count, now, earlier
    for old in earlier:
        if isinstance(old, Screen) and old.name == new.name and not old.closed:
            earlier.remove(old)
            new.take_over(old)
            return


def _as_status(words):
    """Return HTML as what stands under a picture, no smaller than the page's own text."""
    size = "max(16px, var(--jp-content-font-size1, 16px))"  # of JupyterLab, where it is the page
    return f'<div role="status" style="font-size:{size}">{words}</div>'
