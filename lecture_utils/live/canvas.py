"""A picture that takes the pointer: a canvas in the page, and the messages between both.

The page tells where the hand is, at most two messages ahead of the answers; Python answers with
the pixels that have changed, the words and where the marks are. A view that is new, or has missed
an answer, asks for a whole picture. When the hand rests, the newest of all goes into the widget:
what is saved with a notebook, and what a view that is made later shows first.
"""

import re
from importlib.resources import files

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets

from lecture_utils.live.lock import in_turn
from lecture_utils.pictures.png import encode

PART = 1 / 16  # of the pixels: when more have changed, the whole picture is sent


def joined(*paths):
    """Return modules of JavaScript as one, in order: what comes from a blob imports no file."""
    texts = [files("lecture_utils").joinpath(path).read_text(encoding="utf-8") for path in paths]
    return re.sub(r"(?ms)^import .*?;\n", "", "\n".join(texts))


LOADER = joined("live/canvas_loader.js")
RATIOS = 0.5, 4.0  # pixels of the picture to a pixel of the page: from a page made small to phones


class _Code(anywidget.AnyWidget):
    """The JavaScript of all canvases of a kind: one widget, so that a notebook stores it once."""

    _esm = "export default {}"
    source = traitlets.Unicode().tag(sync=True)


class Told(anywidget.AnyWidget):
    """What the page is told of a canvas when it is made, and keeps."""

    _esm = LOADER
    code = traitlets.Instance(widgets.Widget).tag(sync=True, **widgets.widget_serialization)
    picture = traitlets.Bytes().tag(sync=True)
    about = traitlets.Dict().tag(sync=True)


def _change(old, new):
    """Return places and colours of the pixels that differ, as bytes; None where all is shorter."""
    if old is None or old.shape != new.shape:
        return None
    old, new = old.view("<u4").ravel(), new.view("<u4").ravel()
    where = np.flatnonzero(old != new).astype("<u4")
    return np.r_[where, new[where]].tobytes() if len(where) < PART * new.size else None


_shared = {}  # source -> the widget that has it


def _code(source):
    """Return the widget with some JavaScript, which nobody closes; a new one if somebody did."""
    if source not in _shared or _shared[source].comm is None:
        _shared[source] = _Code(source=source)
    return _shared[source]


class Canvas:
    """Shows a picture and words, and hears the pointer; as `Picture`, but for `Picture` is deaf.

    Parameters
    ----------
    screen : Screen
        Whose picture it is.
    width, height : int
        On the screen.
    """

    code, kind = joined("live/talk.js", "live/canvas.js"), Told

    def __init__(self, screen, width, height):
        self._screen, self._width, self._height = screen, width, height
        self._shown = self._kept = self._told = None  # newest of all, in the widget, sent last
        self._number, self._answering = 0, False  # of the picture sent last
        made = self.kind(code=_code(self.code))
        made.on_msg(self._hear)
        self.widgets = [made]

    def show(self, pixels, words):
        """Show a frame, ndarray of shape (height, width, 4), uint8, and HTML under it."""
        self._shown = pixels, words
        if self._told is None and not self._answering:
            self._keep()  # no page hears: none has shown it so far
        elif not self._answering:
            self._send()

    def _send(self, **answer):
        """Send the words, where the marks are, and what is new in the picture."""
        pixels, words = self._shown
        marks, new = [handle.marks for handle in self._screen.handles], []
        if pixels is not self._told:
            change = _change(self._told, pixels)
            self._told, self._number = pixels, self._number + 1
            answer |= {"number": self._number, "whole": change is None}
            new = [encode(pixels) if change is None else change]
        self.widgets[0].send({**answer, "words": words, "marks": marks}, new)

    def _keep(self):
        """Put the newest of all into the widget."""
        self._kept, (pixels, words) = self._shown, self._shown
        with self.widgets[0].hold_sync():
            self.widgets[0].picture = encode(pixels)
            self.widgets[0].about = dict(
                name=self._screen.name, words=words, width=self._width, height=self._height,
                caption=self._screen.caption,  # a saved picture's text
                marks=[one.marks for one in self._screen.handles],
                handles=[one.for_page() for one in self._screen.handles])  # fmt: skip

    @in_turn
    def _hear(self, widget, message, buffers):
        self._answering, told = True, dict(message)
        answer = {"to": told.pop("to")} if "to" in told else {}
        try:
            if told["do"] in ("rest", "slide"):
                self._screen.followed()
            elif told["do"] == "look":  # a view is made, or has missed something
                self._screen.draw_at(min(max(told["ratio"], RATIOS[0]), RATIOS[1]))
                self._told = None
            else:
                self._screen.taken(told)
        finally:
            self._answering = False
            if told["do"] not in ("rest", "slide"):
                self._send(**answer)  # also where the reader stops what runs: the page waits for it
        if told["do"] == "rest" and self._kept is not self._shown:
            self._keep()
