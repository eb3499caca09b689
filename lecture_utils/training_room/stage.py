"""The playground drawn in the page: Python sends numbers, `stage.js` draws them.

A frame is the weights, a small map of every neuron, the map of the output, and what is new in the
curves of the loss. What stays, such as the points, is sent when it changes.
"""

import asyncio
import time
from importlib.resources import files

import numpy as np
import traitlets

from lecture_utils.live.canvas import Canvas, Told, joined
from lecture_utils.live.lock import in_turn
from lecture_utils.pictures.png import encode
from lecture_utils.pictures.style import COLORS
from lecture_utils.training_room import maps, setting
from lecture_utils.training_room.formula import computes, in_print
from lecture_utils.training_room.setting import DATA, FEATURES, FIRST, LAYERS, NEURONS, in_words

SMALL, LARGE = maps.spread(25), maps.spread(100)  # points of a neuron's map, of the output's
SKETCHED = 60  # points that show what a data set looks like
FRAME = 1 / 72  # seconds: more than 60 a second, which most screens show
GAP = 0.001  # seconds at least between two frames, for what a hand says meanwhile
LOOK = files("lecture_utils.training_room").joinpath("stage.css").read_text(encoding="utf-8")
DRAWS = "places", "paint", "hand", "parts", "stage"  # in order: each needs those before it
# The settings that have a menu in the picture, and those that have a slider.
MENUS, SLIDERS = ("step", "activation", "optimizer"), ("noise", "ratio", "batch")


class _Stage(Told):
    """What the page keeps: the numbers, too."""

    numbers = traitlets.Bytes().tag(sync=True)


class Stage(Canvas):
    """Shows a `Playground` where the page draws it; as `Canvas`, with numbers for pixels."""

    code, kind = joined("live/talk.js", *(f"training_room/{name}.js" for name in DRAWS)), _Stage
    _points, _histories = None, ()  # as they were told last
    _going, _frame = None, 0  # what plays, and the frames so far

    def __init__(self, screen, width, height):
        super().__init__(screen, width, height)
        self._upto = {}  # view that plays -> number of the last frame that it allows

    @in_turn
    def _hear(self, widget, message, buffers):
        if message["do"] != "frames":
            super()._hear(widget, message, buffers)
            return
        self._upto[message["id"]] = message["upto"]
        if self._going is None or self._going.done():
            self._going = asyncio.ensure_future(self._go_on())

    async def _go_on(self):
        """Train and show frame after frame, as far as a page allows."""
        while self._frame < max(self._upto.values()) and self.widgets[0].comm:
            begun, self._frame = time.perf_counter(), self._frame + 1
            self._screen.next_frame()
            await asyncio.sleep(max(begun + FRAME - time.perf_counter(), GAP))

    def _send(self, **answer):
        news, numbers = self._news(everything=self._told is None)
        self._told = self._shown
        self.widgets[0].send({**answer, **news}, [numbers])

    def _keep(self):
        self._kept = self._shown
        news, numbers = self._news(everything=True)
        screen, about = self._screen, {"caption": self._screen.caption, "name": self._screen.name}
        with self.widgets[0].hold_sync():
            self.widgets[0].picture = encode(screen.frame())
            self.widgets[0].numbers = numbers
            self.widgets[0].about = {**about, "width": self._width, **news}

    @np.errstate(over="ignore", invalid="ignore")  # a network that has diverged
    def _news(self, everything):
        """Return what the page needs to draw the next frame: a dict for JSON, and bytes."""
        screen, model = self._screen, self._screen.model
        both = model.racing
        histories = [one.history for one in both]
        begun = everything or [*map(id, histories)] != [*map(id, self._histories)]
        since = [-1] * len(both) if begun else self._last
        title, words = computes(model, *screen.watched) if screen.watched else ("output", "")
        news = {
            "frame": self._frame, "epoch": model.epoch, "begun": begun,
            "ended": all(one.diverged for one in both),
            "title": title, "explained": words, "words": self._shown[1],
            "setting": {name: model.setting[name] for name in screen.knobs.settings},
            "heads": [in_words({**one.setting, "speed": model.setting["speed"]}) for one in both],
            "rows": [[[epoch, *map(_number, losses)] for epoch, *losses in history if epoch >= old]
                     for history, old in zip(histories, since, strict=True)],
            "asleep": [(layer.mask[0] == 0.0).tolist() for layer in model.network.layers
                       if hasattr(layer, "mask")],
            "gradients": [_number(size) for size in model.gradient_sizes()],
        }  # fmt: skip
        self._histories, self._last = histories, [one.epoch for one in both]
        parts = {"weights": [part for layer in model.dense for part in (layer.W, layer.b)]}
        if everything or model.X is not self._points:
            self._points = model.X
            parts["train"] = [np.column_stack([model.X, model.y])]
            parts["test"] = [np.column_stack([model.X_test, model.y_test])]
        if everything:
            news |= _fixed(screen.knobs)
            parts["sketches"] = _sketches()
        parts = {name: np.concatenate([np.ravel(part) for part in some]).astype("<f4")
                 for name, some in parts.items()}  # fmt: skip
        parts |= self._maps(everything)
        news["parts"] = [(name, str(part.dtype), part.nbytes) for name, part in parts.items()]
        return news, b"".join(part.tobytes() for part in parts.values())

    def _maps(self, everything):
        """Return the maps as levels: one neuron after the other, rows from the top."""
        model, discrete = self._screen.model, self._screen.model.setting["discrete"]
        hidden, output = maps.seen(model, discrete)
        of_neurons = [np.moveaxis(maps.tiles(some, SMALL), 2, 0).ravel() for some in hidden]
        output = maps.levels(maps.from_above(output, LARGE))
        if self._screen.watched:
            k, i = self._screen.watched
            output = (maps.tiles(hidden[k - 1], LARGE) if k else maps.feature_tiles(LARGE))[..., i]
        found = {"maps": np.concatenate([*of_neurons, np.zeros(0, np.uint8)]), "output": output}
        if model.other:
            output = maps.from_above(maps.seen(model.other, discrete)[1], LARGE)
            found["other"] = maps.levels(output)
        if everything:
            found["colours"] = maps.TABLE
            found["featureMaps"] = np.moveaxis(maps.feature_tiles(SMALL), 2, 0)
        return found


def _number(value):
    """Return what JSON has for a number: none for those that are not finite."""
    return float(value) if np.isfinite(value) else None


def _fixed(knobs):
    """Return what there is to choose from, and how it looks."""
    control, weight = knobs.settings, setting.WEIGHT
    return {
        "data": list(DATA), "look": LOOK, "inks": COLORS, "most": [LAYERS, NEURONS],
        "weight": [weight.low, weight.high, weight.notch],
        "features": list(FEATURES), "names": [in_print(name) for name in FEATURES],
        "labels": {name: control[name].description for name in (*MENUS, *SLIDERS)},
        "menus": {name: list(control[name].options) for name in MENUS},
        "sliders": {name: [control[name].min, control[name].max, control[name].step]
                    for name in SLIDERS},
    }  # fmt: skip


def _sketches():
    """Yield some points of each data set: an array (points, 3)."""
    for name in DATA:
        yield np.column_stack(setting.drawn(name, SKETCHED, FIRST["noise"], seed=0))
