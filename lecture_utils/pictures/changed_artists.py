"""What an update changed in a figure: which artists, or more than that."""

from contextlib import contextmanager
from operator import is_

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.spines import Spine
from matplotlib.text import Text


class Changes:
    """Keep track of the changes to a figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Attributes
    ----------
    touched : set of matplotlib.artist.Artist or None
        What has changed since it was last emptied. None: more than artists that can be drawn one
        by one (limits, ticks, a new or removed artist, another order).
    order : list of matplotlib.artist.Artist
        The artists of the figure in the order in which matplotlib draws them.

    Notes
    -----
    Matplotlib marks an artist that was changed as ``stale`` and calls its ``stale_callback``; that
    is listened to. Some changes are never marked (the slope of an ``axline``, the ends of an
    arrow, the ``xy`` of an annotation), so attributes are compared, too. What cannot be seen is an
    array changed in place (``image.get_array()[0] = 1``): use the artist's setter.
    """

    def __init__(self, figure):
        self.figure = figure
        self.touched = None
        self.order, self._axes, self._kept = [], [], []

    def listen(self):
        """Hear of every change from now on; nothing is touched yet."""

        def everything(*_):
            self.touched = None

        def hears(artist):
            def touch(*_):
                if self.touched is not None:
                    self.touched.add(artist)

            return touch

        self._axes = self.figure.findobj(Axes)
        self._titles = {t for axes in self._axes for t in axes.get_children()
                        if isinstance(t, Text) and t not in axes.texts}  # fmt: skip
        self.order = _drawing_order(self.figure)
        self._zorders = [artist.get_zorder() for artist in self.order]
        known = set(self.order)
        self._following = {artist for artist in self.order if _follows(artist, known)}
        for part in [self.figure, *self._axes]:
            part.stale_callback = everything
        for artist in self.order:
            hear = everything if isinstance(artist, (Axis, Spine)) else hears(artist)
            for part in _with_parts(artist):
                part.stale_callback = everything if isinstance(part, (Axes, Axis)) else hear
        self.touched = set()
        self.remember()

    def remember(self):
        """Take the attributes as they are now for unchanged: drawing sets some of them."""
        self._kept = [(artist, list(vars(artist).values())) for artist in self.order]

    def look(self, renderer):
        """Find what has changed, or may have, without being marked."""
        for axes in self._axes:
            axes.get_xbound()  # limits that wait for the next draw are worked out here
        if self.touched is None:
            return
        self.touched |= self._following
        for artist, values in self._kept:
            now = vars(artist).values()
            if len(now) != len(values) or not all(map(is_, now, values)):
                self.touched.add(artist)
        if self._zorders != [artist.get_zorder() for artist in self.order] or any(
            _gives_way(title, renderer) for title in self.touched & self._titles
        ):
            self.touched = None

    @contextmanager
    def deaf(self):
        """Do not hear of what drawing itself touches: ticks, labels, titles."""
        touched, self.touched = self.touched, None
        try:
            yield
        finally:
            self.touched = touched


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


def _with_parts(artist):
    """List an artist and all that it is made of, its boxes and arrows too."""
    parts = artist.findobj()
    boxes = [part.get_bbox_patch() for part in parts if isinstance(part, Text)]
    arrows = [getattr(part, "arrow_patch", None) for part in parts]
    return [part for part in parts + boxes + arrows if part is not None]


def _follows(artist, others):
    """Tell whether an artist is clipped or placed by another one: it changes when that one does."""
    box = artist.get_clip_box()
    own = box is None or artist.axes is None or np.allclose(box.extents, artist.axes.bbox.extents)
    if artist.get_clip_path() is not None or not own:
        return True
    held = {value for value in vars(artist).values() if isinstance(value, Artist)}
    return not isinstance(artist, Spine) and not held.isdisjoint(others - {artist})


def _gives_way(title, renderer):
    """Tell whether a title makes room for what it would cover: only a full draw moves it."""
    bottom = title.get_window_extent(renderer).y0
    offset = title.axes.yaxis.get_offset_text().get_text()
    return title.get_position()[1] != 1 or bottom < title.axes.bbox.y1 or bool(offset)
