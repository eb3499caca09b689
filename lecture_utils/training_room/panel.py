"""The playground on the page: controls, the picture and words, driven by a core Play widget."""

import asyncio
import html
import json
import os
import time
from contextlib import ExitStack
from urllib.parse import quote

import ipywidgets as widgets

from lecture_utils.live.controls import button, close_with_parts
from lecture_utils.live.front_end import hears_the_pointer
from lecture_utils.live.lock import in_turn
from lecture_utils.live.screen import DOTS, Screen
from lecture_utils.pictures.painter import Painter
from lecture_utils.training_room.knobs import Controls
from lecture_utils.training_room.model import MOST, Model
from lecture_utils.training_room.numpy_code import code
from lecture_utils.training_room.setting import DATA, TABLE, WEIGHT, changed, checked, python_line
from lecture_utils.training_room.starts import presets, race
from lecture_utils.training_room.view import HEIGHT, WIDTH, View

INTERVAL = 33  # milliseconds from one frame to the next, if the machine can
BUDGET = 0.04  # seconds of training a frame at most, so that every control answers soon


class Playground(Screen):
    """A network that is trained before one's eyes; made by `playground`.

    Attributes
    ----------
    model : Model
    knobs : Controls
    run : ipywidgets.Play
        Each change of its value upwards trains for a frame; downwards, it begins again.
    caption : str
        What is to be seen, in words.
    watched : (int, int) or None
        The small map that fills the output's place: (column, row), features are column 0.
    error : str or None
        The line shown when a control was refused.
    said : list of str
        What its buttons have to say.
    """

    @in_turn
    def __init__(self, setting):
        super().__init__("playground", (WIDTH / DOTS, HEIGHT / DOTS))
        self._first, self.model = setting, Model(**setting)
        self._edited, self._code_shown, self.watched = -1.0, False, None
        self._in_page = hears_the_pointer()  # the page draws it, from numbers
        with ExitStack() as made:
            self.knobs = Controls()
            self.run = widgets.Play(min=0, max=10**9, interval=INTERVAL, show_repeat=False)
            for widget in (self.run, self.knobs.sizes, *self.knobs.everything()):
                made.callback(close_with_parts, widget)
            self.knobs.follow(self.model.setting)
            self.knobs.listen(lambda: self._try(self._fit_in, setting=self.knobs.read()),
                              self._on_edge, self._on_value)  # fmt: skip
            self._begin()
            self.run.observe(self._on_play, "value")
            self._program = widgets.HTML(layout={"max_width": f"{WIDTH}px"})
            more = "schedule, loss, penalty, dropout, NumPy code"
            starts = [*presets(self, self._first),
                button("race", lambda: race(self), "train this setting beside what you make of it"),
                button("settings", self._toggle_settings, "this setting, as Python"),
                button("more", self._toggle_rest, more)]  # fmt: skip
            self._rest = widgets.VBox(self._rarely(), layout={"display": "none"})
            below = [self._rest, self._program]
            if self._in_page:  # there, what is used most is in the picture
                self._fill(made, [], [_row(starts), *below])
            else:
                step = button("step", lambda: self.train(1), "one epoch")
                restart = button("restart", self.restart, "back to epoch 0 with this setting")
                above = [[self.run, step, restart, *self.knobs.rows["first"]], starts,
                         self.knobs.rows["features"], [self.knobs.sizes]]  # fmt: skip
                self._fill(made, above, below)

    # What others may call.

    @property
    def settings(self):
        """One line of Python that makes this playground again, weight for weight."""
        return python_line(self.model.so_far)

    @property
    def values(self):
        """The setting, and how far training has come with it: what an exercise looks at."""
        epoch, train, test = (round(float(number), 3) for number in self.model.history[-1])
        return {**self.model.setting, "epoch": int(epoch), "train_loss": train, "test_loss": test}

    @property
    def caption(self):
        model = self.model
        (epoch, train, test), text = model.history[-1], "the loss is no longer a finite number"
        if not model.diverged:
            text = f"loss {train:.3f} on training data, {test:.3f} on test data"
            if model.classes:
                text += f"; {model.right()[1]:.0%} of the test data on the right side"
        if model.other:
            losses = "no finite number" if model.other.diverged else "{:.3f} and {:.3f}"
            text += f". The other network: {losses.format(*model.other.losses())}"
        if model.diverged:
            text += ". Take a smaller learning rate, then press restart"
        elif model.stuck:
            text += ". No gradient reaches any weight: the neurons are dead or saturated. "
            text += "Take another activation or a smaller learning rate, then press restart"
        if epoch == MOST:
            text += ". Training ends here: press restart to begin again"
        return f"Epoch {epoch:,}: {text}."

    @in_turn
    def set(self, /, **setting):
        """Set something, as `playground` takes it; ValueError for what it does not take."""
        before = [self.model.setting[name] for name in ("features", "hidden")]
        self.model.change(**setting)
        self.error, self.said = None, []
        if before != [self.model.setting[name] for name in ("features", "hidden")]:
            self._moved, self.watched = True, None  # all stands elsewhere: what moved may now rest
        self._follow()

    @in_turn
    def set_weight(self, layer, start, end, value):
        """Put a number in the place of one weight; `start` "bias" is the bias of `end`."""
        change = (0, (layer, start, end), value)
        ((_, place, value),) = checked({"changes": [change]}, self.model.setting)["changes"]
        self.model.set_weight(*place, value)
        self.error, self.said = None, []
        self.show()

    @in_turn
    def train(self, epochs=1):
        """Train for so many epochs, and show it."""
        self.model.advance(TABLE["epochs"].rule("epochs", epochs, 1))
        self.show()

    @in_turn
    def go_back(self, epoch):
        """Take all back to how it was after so many epochs, if it was further."""
        self.model.go_back(TABLE["epochs"].rule("epoch", epoch, 0))
        self._follow()

    @in_turn
    def restart(self):
        """Begin again with epoch 0, as the seed says."""
        self.model.restart()
        self.show()

    def code(self):
        """Return the network as it is now, as a program that needs NumPy only."""
        return code(self.model)

    def save(self, path="playground.npz"):
        """Write the weights of the trained network, as ``Network.load`` reads; return the path."""
        self.model.network.save(path)
        return path

    # From control or hand to picture.

    def show(self):
        """Show the model as it is now."""
        self._stale = True
        if not self._in_page:
            self._show_value()
        self._say()

    @in_turn
    def next_frame(self):
        """Train for a frame, as the setting says, and show it."""
        self.model.advance(self.model.setting["speed"], BUDGET)
        self.show()

    @in_turn
    def taken(self, message):
        """Do what a hand does in the picture, as the page tells it."""
        actions = {"step": self.train, "restart": self.restart, "back": self.go_back,
                   "set": self._fit_in, "weight": self.set_weight, "point": self._put_point,
                   "watch": self._watch}  # fmt: skip
        what = dict(message)
        self._try(actions[what.pop("do")], **what)

    def _begin(self):
        """Draw all anew: a view is made for so many pixels."""
        self.figure.clear()
        self._view, self._moved, self._stale = View(self.figure), True, True

    @property
    def _frame(self):
        """What is shown as a picture: made when it is asked for, as a page may draw by itself."""
        if self._stale:
            self._view.show(self.model, None if self._in_page else self.knobs.chosen)
            if self._moved or self._in_page:  # there, frames are too rare to prepare for the next
                self._painter = Painter(self.figure)
            self._pixels, self._stale, self._moved = self._painter.frame(), False, False
        return self._pixels

    def _canvas(self, width, height):
        from lecture_utils.training_room.stage import Stage  # it needs anywidget

        return Stage(self, width, height)

    def _try(self, action, **what):
        """Do what a control or a hand says, and say so if it cannot be."""
        try:
            action(**what)
        except ValueError as refusal:
            self.error = str(refusal)
            self._say()

    def _follow(self):
        with self.knobs.hold():
            self.knobs.follow(self.model.setting)
        self.show()

    def _fit_in(self, setting):
        """Set what a control says; without classes, with the only loss that there is then."""
        now = {**self.model.setting, **setting}
        if not DATA[now["data"]][1]:
            setting = {**setting, "loss": "squared"}
            if now["race"]:
                setting["race"] = {name: now["race"][name] for name in {*now["race"]} - {"loss"}}
        self.set(**setting)

    def _put_point(self, number, x1, x2, y):
        others = [row for row in self.model.setting["points"] if row[0] != number]
        self.set(points=[*others, (number, x1, x2, y)])

    def _watch(self, place):
        self.watched = place
        self._say()

    @in_turn
    def _on_play(self, change):
        if change["new"] < change["old"]:
            self.restart()
            return
        try:  # the browser asks for the next frame as soon as its message is answered: answer first
            asyncio.get_running_loop().call_soon(self.next_frame)
        except RuntimeError:  # outside of a kernel
            self.next_frame()

    def _on_edge(self):
        self._edited = -1.0
        self._follow()

    def _on_value(self, value):
        self._edited = time.monotonic()
        self.set_weight(*self.knobs.chosen, round(value, 6))  # a slider adds up its steps

    def _show_value(self):
        """Let the field follow the weight, but not under the hand of who sets it."""
        array, index = self.model.weight(*self.knobs.chosen)
        value = float(min(max(array[index], WEIGHT.low), WEIGHT.high))
        if time.monotonic() - self._edited > 1.0 and value == value:  # not nan
            with self.knobs.hold():
                self.knobs.edge["value"].value = round(value, 2)

    # The page.

    def _rarely(self):
        """Return the rows that stand under the picture, once they are asked for."""
        last = [button("NumPy code", self._toggle_code, "this network, as a program"),
                button("save weights", self._save, "write playground.npz")]  # fmt: skip
        rows = [[*self.knobs.rows["rest"], *last]]
        if not self._in_page:
            rows = [self.knobs.rows["data"], self.knobs.rows["training"],
                    [*self.knobs.edge.values(), *last]]  # fmt: skip
        return [_row(row) for row in rows]

    def _toggle_rest(self):
        self._rest.layout.display = "none" if self._rest.layout.display is None else None

    def _toggle_code(self):
        self._code_shown = not self._code_shown
        self._say()

    def _save(self):
        self.said = [f"saved as {self.save()}; read it with network.load"]
        self._say()

    def _words(self):
        page = os.environ.get("PLAYGROUND_PAGE")
        if not (self._settings_shown and page):
            return super()._words()
        setting = quote(json.dumps(changed(self.model.so_far)))
        link = html.escape(f"{page}#playground={setting}")
        return f'{super()._words()}<br><a href="{link}">a link to this setting</a>'

    def _say(self):
        if self._in_page:
            self._picture.show(self.model, self._words())
        else:
            super()._say()
        shown = f'<pre style="line-height:1.3">{html.escape(self.code())}</pre>'
        self._program.value = shown if self._code_shown else ""


def _row(some):
    return widgets.Box(some, layout={"flex_flow": "row wrap"})
