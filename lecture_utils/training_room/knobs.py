"""The controls of the playground: they follow a setting, and say which one they show."""

from contextlib import contextmanager

import ipywidgets as widgets

from lecture_utils.live.lock import in_turn
from lecture_utils.numbers.layers import INITS
from lecture_utils.numbers.optimizers import OPTIMIZERS
from lecture_utils.training_room.setting import (
    BATCH,
    DATA,
    FEATURES,
    FIRST,
    LAYERS,
    LOSS,
    NEURONS,
    PENALTIES,
    SHAPES,
)

STEPS = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
RATES = (0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
SPEEDS = (1, 3, 10, 30, 100)


class Controls:
    """All that sets the playground.

    Attributes
    ----------
    settings : dict of {str: ipywidgets.Widget}
        The control of each setting but of these two:
    features : dict of {str: ipywidgets.Checkbox}
    layers, neurons : ipywidgets.IntSlider and list of them
    edge : dict of {str: ipywidgets.Widget}
        ``layer``, ``start`` and ``end`` choose a weight, ``value`` sets it.
    rows : list of ipywidgets.Box
    """

    def __init__(self):
        self.held = False  # while controls are moved from here
        menu, box = widgets.Dropdown, widgets.Checkbox
        self.settings = {
            "data": menu(options=tuple(DATA)),
            "noise": widgets.FloatSlider(min=0.0, max=0.5, step=0.05),
            "ratio": widgets.FloatSlider(min=0.1, max=0.9, step=0.1, readout_format=".0%"),
            "batch": widgets.IntSlider(min=1, max=BATCH),
            "seed": widgets.BoundedIntText(min=0, max=999),
            "test": box(description="show test data"),
            "discrete": box(description="discretise"),
            "activation": menu(options=SHAPES),
            "loss": menu(options=LOSS),
            "init": menu(options=tuple(INITS)),
            "optimizer": menu(options=tuple(OPTIMIZERS)),
            "step": menu(options=STEPS),
            "penalty": menu(options=PENALTIES),
            "rate": menu(options=RATES),
            "dropout": widgets.FloatSlider(min=0.0, max=0.8, step=0.1),
            "speed": menu(options=SPEEDS, description="epochs a frame"),
        }
        self.features = {name: box(value=name in FIRST["features"]) for name in FEATURES}
        self.layers = widgets.IntSlider(min=0, max=LAYERS, description="layers")
        self.neurons = [widgets.IntSlider(value=4, min=1, max=NEURONS, description=f"{k + 1}:")
                         for k in range(LAYERS)]  # fmt: skip
        self.edge = {
            "layer": menu(description="weight"),
            "start": menu(description="from"),
            "end": menu(description="to"),
            "value": widgets.FloatSlider(min=-10.0, max=10.0, step=0.01),
        }
        everything = [*self.settings.values(), *self.features.values(), *self.edge.values(),
                      self.layers, *self.neurons]  # fmt: skip
        for name, control in {**self.settings, **self.features, **self.edge}.items():
            control.description = control.description or name
        for control in everything:
            control.style.description_width = "initial"
            narrow = isinstance(control, (widgets.Checkbox, menu))
            control.layout.width = "auto" if narrow else "215px"
            if isinstance(control, widgets.Checkbox):
                control.indent = False
        for slider in (*self.neurons, self.settings["seed"]):
            slider.layout.width = "120px"
        for name in ("noise", "ratio", "batch"):
            self.settings[name].layout.width = "200px"
        wrap = widgets.Layout(flex_flow="row wrap", max_width="100%")
        self.sizes = widgets.Box(layout=wrap)
        self.rows = [
            self._row("data", "noise", "ratio", "batch", "seed"),
            widgets.Box([*self.features.values(), self.settings["test"],
                         self.settings["discrete"]], layout=wrap),
            self.sizes,
            self._row("activation", "loss", "init", "optimizer", "step", "penalty", "rate"),
        ]  # fmt: skip

    def _row(self, *names):
        wrap = widgets.Layout(flex_flow="row wrap", max_width="100%")
        return widgets.Box([self.settings[name] for name in names], layout=wrap)

    def listen(self, on_setting, on_edge, on_value):
        """Call a function, without arguments or with the new weight, when a control is moved."""

        def when_moved(control, action):
            control.observe(in_turn(lambda change: self.held or action()), "value")

        for control in (*self.settings.values(), *self.features.values(), self.layers,
                        *self.neurons):  # fmt: skip
            when_moved(control, on_setting)
        for name in ("layer", "start", "end"):
            when_moved(self.edge[name], on_edge)
        when_moved(self.edge["value"], lambda: on_value(self.edge["value"].value))

    @contextmanager
    def hold(self):
        """Move controls from here, without anyone being called."""
        before, self.held = self.held, True
        try:
            yield
        finally:
            self.held = before

    def read(self):
        """Return the setting that the controls show, a dict."""
        setting = {name: control.value for name, control in self.settings.items()}
        setting["features"] = tuple(name for name, box in self.features.items() if box.value)
        sizes = [slider.value for slider in self.neurons]
        setting["hidden"] = tuple(sizes[: self.layers.value])
        if not DATA[setting["data"]][1]:
            setting["loss"] = "squared"  # there are no classes
        return setting

    @property
    def chosen(self):
        """The weight to be set by hand: (layer, start, end)."""
        return tuple(self.edge[name].value for name in ("layer", "start", "end"))

    def follow(self, s):
        """Set every control to what a setting says."""
        for name, control in self.settings.items():
            options = getattr(control, "options", None)
            if options is not None and s[name] not in options:
                control.options = tuple(sorted({*options, s[name]}))
            control.value = s[name]
        self.settings["loss"].disabled = not DATA[s["data"]][1]
        for name, box in self.features.items():
            box.value = name in s["features"]
        self.layers.value = len(s["hidden"])
        for slider, size in zip(self.neurons, s["hidden"], strict=False):
            slider.value = size
        self.sizes.children = (self.settings["dropout"], self.layers,
                               *self.neurons[: len(s["hidden"])])  # fmt: skip
        self.follow_edge(s)

    def follow_edge(self, s):
        """Offer the weights that there are in a setting."""
        edge = self.edge
        sizes = s["hidden"]
        _offer(edge["layer"], [(f"into layer {k + 1}", k) for k in range(len(sizes))]
               + [("into output", len(sizes))])  # fmt: skip
        k = edge["layer"].value
        names = [f"neuron {i + 1}" for i in range(sizes[k - 1])] if k else s["features"]
        _offer(edge["start"], [(name, i) for i, name in enumerate(names)] + [("bias", "bias")])
        count = sizes[k] if k < len(sizes) else 1
        _offer(edge["end"], [(f"neuron {i + 1}" if k < len(sizes) else "output", i)
                             for i in range(count)])  # fmt: skip


def _offer(menu, options):
    """Give a menu other options and keep what was chosen, if that is still there."""
    if tuple(options) != tuple(menu.options):
        before = menu.value
        values = [value for _, value in options]
        menu.options = options
        menu.value = before if before in values else values[0]
