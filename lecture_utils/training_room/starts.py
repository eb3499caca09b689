"""From where a playground is begun anew: other settings, and a race of two of them."""

from lecture_utils.live.controls import button
from lecture_utils.live.words import setting_in_words
from lecture_utils.training_room.setting import FIRST, OWN, changed

PRESETS = {  # label -> the setting, the rest as at first
    "xor, no layer": {"data": "xor", "features": ("x1 x2",), "hidden": ()},
    "xor, 4": {"data": "xor", "hidden": (4,), "step": 0.1},
    "spirals": {"data": "spirals", "hidden": (8, 8), "optimizer": "Adam", "step": 0.01,
                "noise": 0.05, "loss": "cross_entropy"},
    "overfit": {"data": "xor", "noise": 0.5, "ratio": 0.1, "hidden": (8, 8), "step": 0.3,
                       "test": True},
    "diverge": {"data": "plane", "hidden": (4,), "activation": "relu", "step": 3.0},
}  # fmt: skip


def presets(play, first):
    """Return buttons that begin with another setting; the first one is that of the cell."""
    return [button(label, lambda values=values: _start(play, values), setting_in_words(values))
            for label, values in {"first setting": first, **PRESETS}.items()]  # fmt: skip


def _start(play, values):
    with play.knobs.hold():
        for name in ("layer", "start", "end"):  # point at the first weight again
            play.knobs.edge[name].index = 0
    play.set(**{**FIRST, **values})


def race(play):
    """Let the network as it is set race with what is made of it; or end the race."""
    if play.model.other:
        play.set(race=None)
        return
    now = changed(play.model.setting)
    play.set(race={name: value for name, value in now.items() if name in OWN})
    play.said = ["Two networks begin with this setting. Change one of them, then press play."]
    play.show()
