"""The live figures of a notebook, collected without a kernel, and random settings for them."""

import base64
import functools
import io
import itertools
import os
import re
import warnings
import weakref
from pathlib import Path

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from IPython.core.inputtransformer2 import TransformerManager
from matplotlib.image import imread
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from lecture_utils.live.figure import LiveFigure, explore
from tools.notebooks import series

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"


def paths():
    """List the notebooks that have live figures."""
    return series()


def collect(path, values=None):
    """Run a notebook's code cells in one namespace; return its live figures by name.

    `values` are parameters to run it with, as papermill does. The style that the notebook sets
    stays, because ticks are chosen by it at every draw.
    NumPy is told to raise wherever it could warn, as a reader may have told it before.
    """
    notebook = parameterize_notebook(load_notebook_node(str(path)), values or {})
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    namespace, magic, found = {"__name__": "__main__"}, TransformerManager(), {}
    folder = os.getcwd()
    os.chdir(path.parent)
    try:
        with warnings.catch_warnings(), np.errstate(all="raise"):
            warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")
            for number, cell in enumerate(cells):
                source = magic.transform_cell(cell.source)
                source = re.sub(r"(?m)^(\s*).*get_ipython\(\).*$", r"\1pass", source)  # no magics
                exec(compile(source, f"{path.name}, code cell {number}", "exec"), namespace)
                for open_figure in plt.get_fignums():  # as a notebook shows them
                    plt.figure(open_figure).canvas.draw()
                plt.close("all")
                for name, value in list(namespace.items()):
                    if isinstance(value, LiveFigure) and found.setdefault(name, value) is not value:
                        raise ValueError(f"{path.name}: two live figures are called {name!r}; the "
                                         "second would close the first")  # fmt: skip
    finally:
        os.chdir(folder)
        plt.close("all")
    return found


@functools.cache
def _first():
    """Make and close a figure: with the first comes what all share, and what stays."""
    explore(a=(0, 1))(lambda figure: lambda a: None).close()


def living():
    """Return the widgets that there are, by their names in the page."""
    _first()
    registry = getattr(widgets.widget, "_instances", None)  # ipywidgets 8
    return dict(registry if registry is not None else widgets.Widget.widgets)


def shown_widgets(screen):
    """List the widgets that a page is given of a live figure or a playground, the box first."""
    view = screen._repr_mimebundle_()[0]["application/vnd.jupyter.widget-view+json"]
    found = [living()[view["model_id"]]]
    for widget in found:  # grows on the way
        found += getattr(widget, "children", ())
    return found


def shown(screen):
    """Return what the page shows: a PNG, and the HTML under it."""
    images = [w for w in shown_widgets(screen) if isinstance(w, widgets.Image)]
    if not images:
        canvas = canvas_of(screen)
        tell(screen, do="rest")  # as the page does
        return bytes(canvas.picture), canvas.about["words"]
    (said,) = [w.value for w in shown_widgets(screen)
               if isinstance(w, widgets.HTML) and 'role="status"' in w.value]  # fmt: skip
    address = bytes(images[0].value)
    assert address.startswith(b"data:image/png;base64,")
    return base64.b64decode(address.partition(b",")[2]), said


def words(screen):
    """Return the HTML under the picture."""
    return shown(screen)[1]


_canvases = weakref.WeakKeyDictionary()


def canvas_of(screen):
    """Return the canvas by which a screen takes the pointer, or None."""
    found = [w for w in shown_widgets(screen) if w._model_module == "anywidget"]
    return found[0] if found else None


def tell(screen, **message):
    """Tell a screen what a page would tell it; return all that it sends to the page."""
    if screen not in _canvases:  # once: a page is given the whole picture with it
        _canvases[screen] = canvas_of(screen)
    canvas, sent = _canvases[screen], []
    canvas.send = lambda content, buffers=None: sent.append((content, buffers))
    canvas._handle_custom_msg(message, [])
    del canvas.send
    return sent


class View:
    """What a view in the page shows, put together from what it is sent."""

    def __init__(self, screen, ratio=1):
        self.screen, self.pixels, self.number = screen, None, None
        self.tell(do="look", ratio=ratio)

    def tell(self, **message):
        """Tell the screen something, and hear the answers."""
        for answer in tell(self.screen, **message):
            self.hear(*answer)

    def hear(self, news, buffers):
        """Draw what is new; False for a view that has missed something."""
        for buffer in buffers:
            if news["whole"]:
                self.pixels = np.rint(255 * imread(io.BytesIO(buffer))).astype(np.uint8)[..., :3]
            elif self.number != news["number"] - 1:
                return False
            else:
                where, colours = np.frombuffer(buffer, "<u4").reshape(2, -1)
                colours = colours.astype("<u4").view(np.uint8).reshape(-1, 4)
                self.pixels.reshape(-1, 3)[where] = colours[:, :3]
            self.number = news["number"]
        return True

    def is_right(self):
        """Tell whether it shows exactly the frame of the screen."""
        return np.array_equal(self.pixels, self.screen.frame()[..., :3])


def button(screen, label):
    """Return the button with this label."""
    (found,) = [w for w in shown_widgets(screen)
                if isinstance(w, widgets.Button) and w.description == label]  # fmt: skip
    return found


SMALL = (2, 1.5)


def line(figure):
    """Set up a line; each update is noted."""
    (drawn,) = figure.subplots().plot([0, 1], [0, 1])

    def update(a=0, b=0, c=0):
        line.calls.append((a, b, c))
        drawn.set_ydata([a, b + c])
        return f"{a} {b} {c}"

    return update


line.calls = []  # of the figure made last


def make(setup=line, size=SMALL, **controls):
    """Make a small live figure."""
    made = explore(size=size, **(controls or dict(a=(0, 9), b=(0, 9), c=(0, 9))))(setup)
    line.calls.clear()
    return made


def spills(live):
    """Tell what a reader would see cut: ink at the picture's edge, an axis in another panel."""
    frame = live.frame()[..., :3].astype(int)
    edges = {"top": frame[0], "bottom": frame[-1], "left": frame[:, 0], "right": frame[:, -1]}
    for where, line in edges.items():
        if np.abs(line - frame[0, 0]).sum(-1).max() > 60:
            yield f"something is cut at the {where}"
    renderer, panels = live.figure.canvas.get_renderer(), live.figure.axes
    for one, other in itertools.permutations([axes for axes in panels if axes.axison], 2):
        place = other.get_window_extent(renderer)
        if not one.get_window_extent(renderer).overlaps(place):  # not one within the other
            for axis in (one.xaxis, one.yaxis):
                words = axis.get_tightbbox(renderer)
                if words and words.padded(-2).overlaps(place):
                    yield f"{axis.get_label_text()} and its numbers lie on the next panel"


class Shell:
    """As much of a notebook's shell as a screen needs; `cell` is None where it is not told."""

    def __init__(self, cell=None):
        self.user_ns, self.kernel, self.execution_count, self.cell = {}, object(), 0, cell

    def get_parent(self):
        return {"metadata": {} if self.cell is None else {"cellId": self.cell}}

    def run(self, cell=None):
        """Begin to run a cell."""
        self.cell, self.execution_count = cell, self.execution_count + 1


def ends(control):
    """List the settings of a control that are worth a look each: both ends, or all there are."""
    if isinstance(control, (widgets.IntRangeSlider, widgets.FloatRangeSlider)):
        low, high = control.min, control.max
        return [(low, low), (high, high), (low, high)]
    if isinstance(control, widgets.FloatLogSlider):
        return [control.base**control.min, control.base**control.max]
    if hasattr(control, "min") and hasattr(control, "max"):
        return [control.min, control.max]
    if isinstance(control, widgets.SelectMultiple):
        return [(), tuple(_values(control))]
    if hasattr(control, "options"):
        return _values(control)
    if isinstance(control.value, bool):
        return [False, True]
    return [control.value, "", "?"] if isinstance(control.value, str) else [control.value]


def _values(control):
    return [option[1] if isinstance(option, tuple) else option for option in control.options]


def draw(control, rng):
    """Draw a setting of a control."""
    if isinstance(control, widgets.FloatLogSlider):
        return control.base ** rng.uniform(control.min, control.max)
    if hasattr(control, "min") and not isinstance(control.value, tuple):
        steps = (control.max - control.min) / (control.step or 1)
        value = control.min + rng.integers(int(steps) + 1) * (control.step or 1)
        return type(control.value)(min(value, control.max))
    choices = ends(control)
    return choices[rng.integers(len(choices))]


def settings(live, count, rng):
    """Yield settings: each control at its ends, then all controls drawn at random."""
    for name, control in live.controls.items():
        for value in ends(control):
            yield {name: value}
    for _ in range(count):
        some = [name for name in live.controls if rng.random() < 0.7]
        yield {name: draw(live.controls[name], rng) for name in some}


def off(live):
    """Return the largest difference between the frame and the full redraw."""
    frame, redrawn = live.frame(), live.redraw()
    return int((np.maximum(frame, redrawn) - np.minimum(frame, redrawn)).max())  # in bytes: quick
