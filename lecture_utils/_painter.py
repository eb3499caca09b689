"""The next frame of a figure, drawn from what stayed the same in the last one.

A full draw of a small figure takes 20 to 50 ms, and most of it goes into ticks and labels that
have not changed. The painter finds out which artists an update touched, keeps all others as
pictures, and draws only the touched ones in between: picture below, artist, picture above.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.legend import Legend
from matplotlib.spines import Spine
from matplotlib.text import Text

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
    Matplotlib marks every artist that was changed as ``stale`` and calls the artist's
    ``stale_callback``. The painter listens there. An artist (line, text, image, legend, ...) that
    was touched once is drawn for every frame from then on. A change to an axis, an axes or the
    figure itself (limits, ticks, a new or removed artist, an order) makes a full draw.

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
        self.figure = figure
        self._canvas = FigureCanvasAgg(figure)
        self._moving = set()  # artists that some update has touched
        self._touched = set()  # those of the current update; None: more than artists changed
        self._layers = None  # pictures and moving artists, in the order of drawing
        self._calm = 1  # updates in a row that touched artists only
        self._canvas.draw()
        figure.set_layout_engine("none")
        for legend in figure.findobj(Legend):
            _pin(legend, self._canvas.get_renderer())
        self._frame = self.redraw()
        self._listen()

    def frame(self):
        """Return the figure as it is now: ndarray of shape (height, width, 4), uint8."""
        if self._touched is None:
            self._calm, self._layers = 0, None
            self._frame = self.redraw()
            self._listen()
        elif self._touched:
            self._calm += 1
            if not self._touched <= self._moving or self._reordered():
                self._moving |= self._touched
                self._layers = None
            # Layers cost three full draws: not worth it between two changes of the limits.
            if self._layers is None and self._calm > 1:
                self._layers = self._build_layers()
            self._frame = self._compose(self._layers) if self._layers else self.redraw()
        self._touched = set()
        return self._frame

    def redraw(self):
        """Draw everything from nothing and return it, as `frame` does."""
        self._canvas.draw()
        self._touched = set()  # drawing itself touches ticks and labels
        return self._pixels().copy()

    def _pixels(self):
        return np.asarray(self._canvas.buffer_rgba())

    def _listen(self):
        """Hear of every change: which artist, or that it was more than an artist."""

        def everything(*_):
            self._touched = None

        def hears(artist):
            def touch(*_):
                if self._touched is not None:
                    self._touched.add(artist)

            return touch

        self._order = _drawing_order(self.figure)
        self._zorders = [artist.get_zorder() for artist in self._order]
        self.figure.stale_callback = everything
        for axes in self.figure.axes:
            axes.stale_callback = everything
        for artist in self._order:
            hear = everything if isinstance(artist, Axis) else hears(artist)
            for part in artist.findobj():
                part.stale_callback = hear
        self._moving &= set(self._order)
        self._touched = set()

    def _reordered(self):
        return self._zorders != [artist.get_zorder() for artist in self._order]

    def _build_layers(self):
        """Return the frame as a list: background, then moving artists and overlays in order."""
        if self._reordered():
            self._listen()
        expected = self.redraw()
        layers, kept = [], []
        for artist in self._order:
            if artist not in self._moving and (not layers or isinstance(artist, FRAME)):
                kept.append(artist)
                continue
            layers += [self._picture(kept, first=not layers), artist]
            kept = []
        layers.append(self._picture(kept, first=False))
        layers = [layer for layer in layers if layer is not None]
        error = np.abs(self._compose(layers).astype(int) - expected).max()
        self._touched = set()
        return layers if error <= TOLERANCE else None

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
        for artist in artists:
            artist.draw(renderer)
        return pixels.copy()

    def _compose(self, layers):
        pixels, renderer = self._pixels(), self._canvas.get_renderer()
        flat = pixels.reshape(-1, 4)
        for layer in layers:
            if isinstance(layer, np.ndarray):
                pixels[:] = layer
            elif isinstance(layer, tuple):
                where, a, b = layer
                flat[where] = b + (flat[where] * a + 127) // 255
            else:
                layer.draw(renderer)
        return pixels.copy()


def _drawing_order(figure):
    """List the artists of a figure in the order in which matplotlib draws them."""
    order = [figure.patch]
    for child in _by_zorder(figure):
        if not isinstance(child, Axes) or type(child).draw is not Axes.draw:
            order.append(child)  # also polar and 3-D axes, which draw in their own way: as one
        elif child.get_visible():
            framed = child.axison and child.get_frame_on()
            order += [child.patch] if framed else []
            for artist in _by_zorder(child):
                spine = artist in child.spines.values()
                if (framed or not spine) and (child.axison or not isinstance(artist, Axis)):
                    order.append(artist)
    return order


def _by_zorder(parent):
    children = [a for a in parent.get_children() if a is not parent.patch and not a.get_animated()]
    return sorted(children, key=lambda artist: artist.get_zorder())


def _pin(legend, renderer):
    """Keep a legend where it is: matplotlib's "best" place would move with the data."""
    box, anchor = legend.get_window_extent(renderer), legend.get_bbox_to_anchor()
    legend.set_loc(((box.x0 - anchor.x0) / anchor.width, (box.y0 - anchor.y0) / anchor.height))
