"""The next frame of a figure, drawn from what stayed the same in the last one.

A full draw of a small figure takes 20 to 50 ms, and most of it goes into ticks and labels that
have not changed. The painter finds out which artists an update touched, keeps all others as
pictures, and draws only the touched ones in between: picture below, artist, picture above.
"""

import numpy as np
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.legend import Legend
from matplotlib.spines import Spine
from matplotlib.text import Text

from lecture_utils.pictures.changed_artists import Changes

TOLERANCE = 2  # levels of 255 by which a fast frame may differ from a full one

# What may be laid over a moving artist as a picture. Matplotlib rounds at each mark it blends in,
# so a picture of many marks on top of each other (points, say) would be off by more than that.
FRAME = (Axis, Spine, Text, Legend)


class Painter:
    """Draw the frames of one figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With all its artists in place. Its layout is worked out once, here, so that nothing jumps
        later; legends stay where they are first put.

    Notes
    -----
    An artist (line, text, image, legend, ...) that was touched once is drawn for every frame from
    then on. A change to an axis, an axes or the figure itself (limits, ticks, a new or removed
    artist, an order) makes a full draw.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(2, 1), dpi=100)
    >>> (line,) = figure.subplots().plot([0, 1], [0, 1])
    >>> painter = Painter(figure)
    >>> line.set_ydata([1, 0])
    >>> painter.frame().shape, painter.frame().dtype
    ((100, 200, 4), dtype('uint8'))
    """

    def __init__(self, figure):
        self._figure = figure
        self._canvas = FigureCanvasAgg(figure)
        self._changes = Changes(figure)
        self._moving = set()  # artists that some update has touched
        self._layers = None  # pictures and moving artists in order; empty: these are not exact
        self._calm = 1  # updates in a row that touched artists only
        self._placed = set()  # legends that stay where they are
        if any(axes.get_subplotspec() for axes in figure.axes):  # else there is nothing to lay out
            self._canvas.draw()
        figure.set_layout_engine("none")
        self._frame = self._draw_all()

    def frame(self):
        """Return the figure as it is now: ndarray of shape (height, width, 4), uint8."""
        changes = self._changes
        changes.look(self._canvas.get_renderer())
        if changes.touched is None:
            self._calm, self._layers = 0, None
            self._frame = self._draw_all()
        elif changes.touched:
            self._calm += 1
            if not changes.touched <= self._moving:
                self._moving |= changes.touched
                self._layers = None
            # Layers cost three full draws: not worth it between two changes of the limits.
            if self._layers is None and self._calm > 1:
                self._layers = self._build_layers()
            self._frame = self._compose(self._layers) if self._layers else self._draw()
            changes.touched = set()
        return self._frame

    def redraw(self):
        """Draw everything from nothing and return it, as `frame` does."""
        self._changes.look(self._canvas.get_renderer())
        return self._draw()

    def _draw_all(self):
        """Draw when more than artists has changed: what there is to draw may be new."""
        frame = self._draw()
        legends = set(self._figure.findobj(Legend))
        for legend in legends - self._placed:
            _place(legend, self._canvas.get_renderer())
        self._placed = legends
        self._changes.listen()
        self._moving &= set(self._changes.order)
        return frame

    def _draw(self):
        with self._changes.deaf():
            self._canvas.draw()
        self._changes.remember()
        return self._pixels().copy()

    def _pixels(self):
        return np.asarray(self._canvas.buffer_rgba())

    def _build_layers(self):
        """Return the frame as a list: background, then moving artists and overlays in order."""
        expected = self._draw()
        layers, kept = [], []
        for artist in self._changes.order:
            if artist not in self._moving and (not layers or isinstance(artist, FRAME)):
                kept.append(artist)
                continue
            layers += [self._picture(kept, first=not layers), artist]
            kept = []
        layers.append(self._picture(kept, first=False))
        layers = [layer for layer in layers if layer is not None]
        error = np.abs(self._compose(layers).astype(int) - expected).max()
        self._changes.remember()
        return layers if error <= TOLERANCE else []

    def _picture(self, artists, first):
        """Draw artists that stay: the lowest ones as pixels, others as an overlay."""
        if first:
            return self._draw_on(artists, 255)
        if not artists:
            return None
        # What a stack of translucent marks does to a pixel p is a * p + b. Two draws, over black
        # (p = 0) and over white (p = 255), give a and b; where a = 1 and b = 0 nothing is drawn.
        over_black, over_white = (self._draw_on(artists, ground) for ground in (0, 255))
        where = np.flatnonzero((over_white != 255).any(2) | (over_black[..., :3] != 0).any(2))
        b, white = (p.reshape(-1, 4)[where].astype(np.uint16) for p in (over_black, over_white))
        return (where, np.maximum(white, b) - b, b) if len(where) else None

    def _draw_on(self, artists, ground):
        pixels, renderer = self._pixels(), self._canvas.get_renderer()
        pixels[:] = (ground, ground, ground, 255)
        with self._changes.deaf():
            for artist in artists:
                artist.draw(renderer)
        return pixels.copy()

    def _compose(self, layers):
        pixels, renderer = self._pixels(), self._canvas.get_renderer()
        flat = pixels.reshape(-1, 4)
        with self._changes.deaf():
            for layer in layers:
                if isinstance(layer, np.ndarray):
                    pixels[:] = layer
                elif isinstance(layer, tuple):
                    where, a, b = layer
                    flat[where] = b + (flat[where] * a + 127) // 255
                else:
                    layer.draw(renderer)
        return pixels.copy()


def _place(legend, renderer):
    """Keep a legend where it is: matplotlib's "best" place would move with the data."""
    box, anchor = legend.get_window_extent(renderer), legend.get_bbox_to_anchor()
    for corner in range(1, 11):  # matplotlib's codes; a legend that grows keeps to its corner
        legend.set_loc(corner)
        if np.allclose(legend.get_window_extent(renderer).bounds, box.bounds, atol=0.01):
            return
    legend.set_loc(((box.x0 - anchor.x0) / anchor.width, (box.y0 - anchor.y0) / anchor.height))
