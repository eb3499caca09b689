"""The playground on the page: controls, the picture and words, driven by a core Play widget."""

import asyncio
import html
import time

import ipywidgets as widgets
import matplotlib as mpl
from matplotlib.figure import Figure

from lecture_utils.live.controls import button, with_parts
from lecture_utils.live.figure import DOTS, bundle, words
from lecture_utils.live.lock import in_turn
from lecture_utils.pictures.painter import Painter
from lecture_utils.pictures.png import encode
from lecture_utils.training_room.knobs import Controls
from lecture_utils.training_room.model import Model
from lecture_utils.training_room.program import code
from lecture_utils.training_room.setting import FIRST, checked, line
from lecture_utils.training_room.view import HEIGHT, WIDTH, View

INTERVAL = 33  # milliseconds from one frame to the next, if the machine can
BUDGET = 0.04  # seconds of training a frame at most, so that every control answers soon
PRESETS = {  # label -> the setting, the rest as at first
    "xor, no layer": {"data": "xor", "features": ("x1 x2",), "hidden": ()},
    "xor, 4": {"data": "xor", "hidden": (4,), "step": 0.1},
    "spirals": {"data": "spirals", "hidden": (8, 8), "optimizer": "Adam", "step": 0.01,
                "noise": 0.05, "loss": "cross_entropy"},
    "overfit": {"data": "xor", "noise": 0.5, "ratio": 0.1, "hidden": (8, 8), "step": 0.3,
                       "test": True},
    "diverge": {"data": "plane", "hidden": (4,), "activation": "relu", "step": 3.0},
}  # fmt: skip


class Playground:
    """A network that is trained before one's eyes; made by `playground`.

    Attributes
    ----------
    model : Model
    knobs : Controls
    run : ipywidgets.Play
        Each change of its value upwards trains for a frame; downwards, it begins again.
    caption : str
        What is to be seen, in words.
    error : str or None
        The line shown when a control was refused.
    """

    @in_turn
    def __init__(self, setting):
        self.model = Model(**setting)
        self.error, self._extra, self._edited = None, None, -1.0
        scale = mpl.rcParams["figure.dpi"] / DOTS
        self.figure = Figure(figsize=(WIDTH / DOTS, HEIGHT / DOTS), dpi=DOTS * scale)
        self._view = View(self.figure)
        self.knobs = Controls()
        self.knobs.follow(self.model.setting)
        self.knobs.listen(self._on_setting, self._on_edge, self._on_value)
        self.run = widgets.Play(min=0, max=10**9, interval=INTERVAL)
        self.run.observe(self._on_play, "value")
        self._view.show(self.model, self.knobs.chosen)
        self._painter = Painter(self.figure)
        self._frame = self._painter.frame()
        self._build()
        self._say()

    # What others may call.

    @property
    def settings(self):
        """One line of Python that makes this playground again, trained for as many epochs."""
        epochs = min(self.model.epoch, 10_000)
        return line({**self.model.setting, "epochs": epochs})

    @property
    def caption(self):
        model = self.model
        if model.diverged:
            return (f"Epoch {model.epoch:,}: the loss is no longer a finite number. "
                    "Take a smaller step, then reset.")  # fmt: skip
        _, train, test = model.history[-1]
        text = f"Epoch {model.epoch:,}: loss {train:.3f} on training data, {test:.3f} on test data"
        if model.classes:
            text += f"; {model.right()[1]:.0%} of the test data on the right side"
        return text + "."

    @in_turn
    def set(self, **setting):
        """Set something, as `playground` takes it; ValueError for what it does not take."""
        setting = dict(setting)
        epochs = setting.pop("epochs", None)
        if epochs is not None:
            checked({"epochs": epochs})
        self._set(setting, epochs)

    @in_turn
    def train(self, epochs=1):
        """Train for so many epochs, and show it."""
        self.model.advance(epochs)
        self.show()

    @in_turn
    def reset(self):
        """Begin again with epoch 0, as the seed says."""
        self.model.reset()
        self.show()

    def code(self):
        """Return the network as it is now, as a program that needs NumPy only."""
        return code(self.model)

    def save(self, path="playground.npz"):
        """Write the trained network, to be read with ``Network.load``; return the path."""
        self.model.network.save(path)
        return path

    def frame(self):
        """Return the picture as it is shown: ndarray of shape (height, width, 4), uint8."""
        return self._frame.copy()

    @in_turn
    def redraw(self):
        """Return the picture drawn from nothing, to compare with `frame`."""
        return self._painter.redraw()

    def close(self):
        """Let go of the widgets; a picture that was stored in the notebook stays."""
        for widget in with_parts(self._box):
            widget.unobserve_all()
            widget.close()

    def __repr__(self):
        return f"<Playground {self.settings}: {self.caption}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return bundle(self._box, self._frame, self.caption, (WIDTH, HEIGHT))

    # From control to picture.

    def show(self):
        """Show the model as it is now."""
        self._show_value()
        self._view.show(self.model, self.knobs.chosen)
        self._frame = self._painter.frame()
        self._image.value = encode(self._frame)
        self._say()

    def _set(self, setting, epochs=None):
        before = self.model.setting
        self.model.change(**setting)
        if epochs is not None:
            self.model.begin(epochs)
        self.error, self._extra = None, None
        after = self.model.setting
        if (before["features"], before["hidden"]) != (after["features"], after["hidden"]):
            self._painter = Painter(self.figure)  # all stands elsewhere: what moved may now rest
        with self.knobs.hold():
            self.knobs.follow(after)
        self.show()

    def _on_setting(self):
        try:
            self._set(self.knobs.read())
        except ValueError as refusal:
            self.error = str(refusal)
            self._say()

    @in_turn
    def _on_play(self, change):
        if change["new"] < change["old"]:
            self.reset()
            return
        try:  # the browser asks for the next frame as soon as its message is answered: answer first
            asyncio.get_running_loop().call_soon(self._next_frame)
        except RuntimeError:  # outside of a kernel
            self._next_frame()

    @in_turn
    def _next_frame(self):
        self.model.advance(self.model.setting["speed"], BUDGET)
        self.show()

    def _on_edge(self):
        with self.knobs.hold():
            self.knobs.follow_edge(self.model.setting)
        self._edited = -1.0
        self.show()

    def _on_value(self, value):
        self._edited = time.monotonic()
        self.model.set_weight(*self.knobs.chosen, round(value, 6))  # a slider adds up its steps
        self.show()

    def _show_value(self):
        """Let the field follow the weight, but not under the hand of who sets it."""
        array, index = self.model.weight(*self.knobs.chosen)
        value = float(min(max(array[index], -10.0), 10.0))
        if time.monotonic() - self._edited > 1.0 and value == value:  # not nan
            with self.knobs.hold():
                self.knobs.edge["value"].value = round(value, 2)

    # The page.

    def _build(self):
        wrap = widgets.Layout(flex_flow="row wrap", max_width="100%")
        presets = [
            button(label, lambda values=values: self._start(values), f"set {values}")
            for label, values in PRESETS.items()
        ]
        buttons = [
            button("step", lambda: self.train(1), "one epoch"),
            button("reset", self._to_first, "back to the first setting and to epoch 0"),
            button("restart", self.reset, "back to epoch 0 with this setting"),
        ]
        last = [
            button("settings", lambda: self._toggle("settings"), "this setting, as Python"),
            button("NumPy code", lambda: self._toggle("code"), "this network, as a program"),
            button("save weights", self._save, "write playground.npz"),
        ]
        self._first = dict(self.model.setting)
        fixed = widgets.Layout(width=f"{WIDTH}px", max_width="100%")
        self._image = widgets.Image(value=encode(self._frame), format="png", layout=fixed)
        self._words, self._program = (
            widgets.HTML(layout=widgets.Layout(max_width=f"{WIDTH}px")) for _ in range(2)
        )
        rows = [
            widgets.Box([self.run, *buttons, self.knobs.settings["speed"], *presets], layout=wrap),
            *self.knobs.rows,
            widgets.Box([*self.knobs.edge.values(), *last], layout=wrap),
        ]
        left = widgets.Layout(align_items="flex-start", width=f"{WIDTH}px", max_width="100%")
        parts = [*rows, self._image, self._words, self._program]
        self._box = widgets.VBox(parts, layout=left)

    def _to_first(self):
        self._start(self._first)

    def _start(self, values):
        self.set(**{**FIRST, "epochs": 0, **values})

    def _toggle(self, what):
        self._extra = None if self._extra == what else what
        self._say()

    def _save(self):
        self._extra = f"saved as {self.save()}; read it with network.load"
        self._say()

    def _say(self):
        lines = [html.escape(self.caption)]
        if self.error:
            lines.append(f'<b style="color:#b00020">{html.escape(self.error)}</b>')
        if self._extra == "settings":
            lines.append(f"<code>{html.escape(self.settings)}</code>")
        elif self._extra not in (None, "code"):
            lines.append(html.escape(self._extra))
        self._words.value = words(lines)
        shown = html.escape(self.code()) if self._extra == "code" else ""
        self._program.value = f'<pre style="line-height:1.3">{shown}</pre>' if shown else ""
