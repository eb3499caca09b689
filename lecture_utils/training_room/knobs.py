"""The controls of the playground: they follow a setting, and say which one they show."""

from contextlib import contextmanager

import ipywidgets as widgets

from lecture_utils.live.lock import in_turn
from lecture_utils.training_room.setting import DATA, TABLE, WEIGHT


class Controls:
    """All that sets the playground.

    Attributes
    ----------
    settings : dict of {str: ipywidgets.Widget or CompositeControl}
        The control of each setting.
    edge : dict of {str: ipywidgets.Widget}
        ``layer``, ``start`` and ``end`` choose a weight, ``value`` sets it.
    rows : dict of {str: list of ipywidgets.Widget}
        By what they are about.
    """

    def __init__(self):
        self.held = False  # while controls are moved from here
        self.settings = {name: row.rule.control() for name, row in TABLE.items() if row.label}
        menus = {"layer": "weight", "start": "from", "end": "to"}
        self.edge = {name: widgets.Dropdown(description=words, layout={"width": "auto"})
                     for name, words in menus.items()}  # fmt: skip
        self.edge["value"] = value = WEIGHT.control()
        value.description = "value"
        for name, control in self.settings.items():
            if isinstance(control, widgets.Widget):
                control.description = TABLE[name].label
        for widget in self.everything():
            widget.style.description_width = "initial"
        self.settings["ratio"].readout_format = ".0%"
        self.sizes = widgets.Box(layout={"flex_flow": "row wrap", "max_width": "100%"})
        rest = "schedule", "loss", "init", "penalty", "rate", "dropout", "speed"
        names = {
            "first": ("data", "activation", "step"),
            "features": ("features", "test", "discrete"),
            "data": ("noise", "ratio", "batch", "seed"),
            "training": ("optimizer", *rest),
            "rest": ("seed", *rest),  # where a page draws the playground, the others are in it
        }
        self.rows = {about: [part for name in row for part in _parts(self.settings[name])]
                     for about, row in names.items()}  # fmt: skip

    def everything(self):
        """List the widgets, shown now or not."""
        return [part for control in (*self.settings.values(), *self.edge.values())
                for part in _parts(control)]  # fmt: skip

    def listen(self, on_setting, on_edge, on_value):
        """Call a function, without arguments or with the new weight, when a control is moved."""

        def when_moved(control, action):
            control.observe(in_turn(lambda change: self.held or action()), "value")

        for control in self.settings.values():
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
        return {name: control.value for name, control in self.settings.items()}

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
        shown = self.settings["hidden"].parts[: 1 + len(s["hidden"])]
        self.sizes.children = shown
        edge, sizes = self.edge, s["hidden"]
        _offer(edge["layer"], [(f"into layer {k + 1}", k) for k in range(len(sizes))]
               + [("into output", len(sizes))])  # fmt: skip
        k = edge["layer"].value
        names = [f"neuron {i + 1}" for i in range(sizes[k - 1])] if k else s["features"]
        _offer(edge["start"], [(name, i) for i, name in enumerate(names)] + [("bias", "bias")])
        count = sizes[k] if k < len(sizes) else 1
        _offer(edge["end"], [(f"neuron {i + 1}" if k < len(sizes) else "output", i)
                             for i in range(count)])  # fmt: skip


def _parts(control):
    return getattr(control, "parts", [control])


def _offer(menu, options):
    """Give a menu other options and keep what was chosen, if that is still there."""
    if tuple(options) != tuple(menu.options):
        before = menu.value
        values = [value for _, value in options]
        menu.options = options
        menu.value = before if before in values else values[0]
