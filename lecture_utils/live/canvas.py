"""A picture that takes the pointer: a canvas in the page, and the messages between both.

The page tells where the hand is, at most two messages ahead of the answers; Python answers with a
picture, the words and where the marks are. When the hand rests, the newest of all goes into the
widget: what is saved with a notebook, and what a view that is made later shows first.
"""

import re
from importlib.resources import files

import anywidget
import ipywidgets as widgets
import traitlets

from lecture_utils.live.lock import in_turn
from lecture_utils.pictures.png import encode


def joined(folder, *names):
    """Return modules of JavaScript as one, in order: what comes from a blob imports no file."""
    texts = [files(folder).joinpath(name).read_text(encoding="utf-8") for name in names]
    return re.sub(r"(?ms)^import .*?;\n", "", "\n".join(texts))


LOADER = joined("lecture_utils.live", "canvas_loader.js")
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

    code, kind = joined("lecture_utils.live", "canvas.js"), Told

    def __init__(self, screen, width, height):
        self._screen, self._width, self._height = screen, width, height
        self._shown = self._kept = None
        self._answering = False
        made = self.kind(code=_code(self.code))
        made.on_msg(self._hear)
        self.widgets = [made]

    def show(self, pixels, words):
        """Show a frame, ndarray of shape (height, width, 4), uint8, and HTML under it."""
        before, self._shown = self._shown, (pixels, words)
        if before is None:
            self._keep()
        elif not self._answering:
            self._tell(before)

    def _tell(self, before, **answer):
        """Send the words, where the marks are, and the picture if it is another one than before."""
        pixels, words = self._shown
        seen = before is not None and before[0] is pixels
        marks = [handle.marks for handle in self._screen.handles]
        news = {**answer, "words": words, "marks": marks}
        self.widgets[0].send(news, [] if seen else [encode(pixels)])

    def _keep(self):
        """Put the newest of all into the widget."""
        self._kept, (pixels, words) = self._shown, self._shown
        with self.widgets[0].hold_sync():
            self.widgets[0].picture = encode(pixels)
            self.widgets[0].about = {
                "name": self._screen.name,
                "words": words,
                "caption": self._screen.caption,
                "width": self._width,
                "height": self._height,
                "marks": [handle.marks for handle in self._screen.handles],
                "handles": [handle.about() for handle in self._screen.handles],
            }

    @in_turn
    def _hear(self, widget, message, buffers):
        before, self._answering, told = self._shown, True, dict(message)
        answer = {"to": told.pop("to")} if "to" in told else {}
        try:
            if told["do"] == "rest":
                self._screen.rested()
                if self._kept is not self._shown:
                    self._keep()
                return
            if told["do"] == "slide":
                self._screen.followed()
                return
            if told["do"] == "look":  # a view is made: it has seen nothing that was sent
                self._screen.draw_at(min(max(told["ratio"], RATIOS[0]), RATIOS[1]))
                before = None
            else:
                self._screen.taken(told)
        finally:
            self._answering = False
        self._tell(before, **answer)
