"""The controls of a live figure: made by ipywidgets' own rules, set all at once or not at all."""

import inspect
import math
from collections.abc import Mapping
from inspect import Parameter

import ipywidgets as widgets
import numpy as np

from lecture_utils.live.lock import in_turn
from lecture_utils.live.words import in_symbols
from lecture_utils.numbers.arguments import real, refuse, shown

SLIDERS = (widgets.IntSlider, widgets.FloatSlider, widgets.FloatLogSlider, widgets.IntRangeSlider,
           widgets.FloatRangeSlider)  # fmt: skip
TYPING = "a number typed into the field has a point, not a comma: 0.5"  # the browser reads it


def make_controls(update, abbreviations, made):
    """Turn abbreviations into widgets.

    Parameters
    ----------
    update : callable
        Its arguments are the names; their defaults, if any, the first values.
    abbreviations : dict of {str: object}
        As ``ipywidgets.interact`` takes them.
    made : contextlib.ExitStack
        Learns how to let go of what is made here; a widget that was given stays its owner's.

    Returns
    -------
    controls : dict of {str: ipywidgets.Widget}
        Each with a `value`.
    players : dict of {str: ipywidgets.Play}
        For each control given as ``Play``, the player that drives its slider.
    """
    if not callable(update):
        raise ValueError(f"the set-up must return its function update, got {update!r}")
    arguments = _arguments(update, abbreviations)
    if set(arguments) != set(abbreviations):
        both = f"({', '.join(abbreviations)}) and ({', '.join(arguments)})"
        refuse("controls and arguments of update must be the same", both, "the same names in both")
    controls, players = {}, {}
    for name, abbreviation in abbreviations.items():
        control = _control(name, abbreviation, arguments[name])
        if control is not abbreviation:
            made.callback(close_with_parts, control)
            if arguments[name] is not Parameter.empty:
                check_values({name: control}, {name: arguments[name]}, "first value in update")
                control.value = arguments[name]
        if isinstance(control, widgets.Play):
            players[name] = player = control
            control = widgets.IntSlider(player.value, player.min, player.max, player.step)
            made.callback(close_with_parts, control)
            # Linked in the kernel: front ends differ in what their own link passes on.
            made.callback(widgets.link((player, "value"), (control, "value")).unlink)
        if isinstance(control, widgets.SelectionRangeSlider) and not control.value:
            control.value = [_options(control)[place] for place in control.index]  # as it shows
        controls[name] = control
    return controls, players


def check_names(controls, names, where):
    """Raise ValueError for the first name that is none of a control."""
    for name in names:
        if name not in controls:
            known = ", ".join(controls)
            raise ValueError(f"{where}: no control {name!r}; the controls are {known}")


def check_values(controls, values, where):
    """Raise ValueError for the first value that its control does not take; nothing is set."""
    check_names(controls, values, where)
    for name, value in values.items():
        taken, near = _taken(controls[name], value)
        if not taken:
            near = near if _taken(controls[name], near)[0] else controls[name].value  # nan
            refuse(f"{where}: {name} must be {_rule(controls[name])}", shown(value), repr(near))


def button(label, action, tooltip):
    """Make a button that calls `action` without arguments."""
    made = widgets.Button(description=label, tooltip=tooltip, layout=widgets.Layout(width="auto"))
    made.on_click(in_turn(lambda _: action()))
    return made


def row(name, control, player, in_hand):
    """Put a control into a row, behind its player and a button for one step if it has one.

    What is moved by hand needs no sliders of its own: of many numbers the menu is enough.
    """
    control.description = control.description or in_symbols(name)
    if hasattr(control, "style"):
        control.style.description_width = "initial"
    if isinstance(control.value, float) and not getattr(control, "tooltip", None):
        control.tooltip = TYPING
    if player is None:
        return widgets.HBox([getattr(control, "menu", control) if in_hand else control])

    def advance():
        control.value = min(control.value + control.step, control.max)

    return widgets.HBox([player, button("step", advance, "one step on"), control])


def close_with_parts(widget, but=()):
    """Close a widget and those that it is made of, but not some that are not ours."""
    if widget not in but:
        parts = [getattr(widget, "layout", None), getattr(widget, "style", None)]
        for part in [*parts, *getattr(widget, "children", ())]:
            if part is not None:
                close_with_parts(part, but)
        widget.close()


def _arguments(update, names):
    """Return the arguments of an update that controls may have, and their defaults."""
    try:
        arguments = inspect.signature(update).parameters.values()
    except (TypeError, ValueError):  # a builtin that does not tell
        arguments = [Parameter("any", Parameter.VAR_KEYWORD)]
    bound = set(getattr(update, "keywords", ())) - set(names)  # by functools.partial
    named = {argument.name: argument.default for argument in arguments
             if argument.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
             and argument.name not in bound}  # fmt: skip
    if any(argument.kind is Parameter.VAR_KEYWORD for argument in arguments):
        named = {**dict.fromkeys(names, Parameter.empty), **named}
    return named


def _control(name, abbreviation, default):
    control, why = None, ""
    try:
        control = widgets.interactive.widget_from_abbrev(abbreviation, default)
    except Exception as problem:  # ipywidgets' own rules, which do not name the control
        why = f": {' '.join(str(problem).split())}"
    if isinstance(control, widgets.Widget) and {"value", "description"} <= {*control.traits()}:
        return control
    refuse(f"{name} must be a control", f"{shown(abbreviation)}{why}", "(0.0, 1.0)")


def of_numbers(control):
    """Return whether the value of a control is a number, and each that it chooses from."""
    values = control.value, *_options(control)
    return all(real(value) and not isinstance(value, bool) for value in values)


def nearest(control, value):
    """Return the value nearest to a number that a control of numbers takes.

    It is within the control's limits and on its steps.

    Examples
    --------
    >>> nearest(widgets.FloatSlider(min=0, max=1, step=0.25), 0.7)
    0.75
    >>> nearest(widgets.Dropdown(options=[1, 10, 100]), 70)
    100
    """
    if options := _options(control):
        return min(options, key=lambda option: abs(option - value))
    if isinstance(control, widgets.FloatLogSlider):
        exponent = math.log(value, control.base) if value > 0 else control.min
        return control.base ** _on_step(control, exponent)
    return type(control.value)(_on_step(control, value))


def echoes(control, said, *told):
    """Return whether the slider in a page says this where it was told one of those.

    It knows steps only, and says what it made of a value that it was told as if a hand had moved
    it: ``handleSliderUpdateEvent`` in
    https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/controls/src/widget_float.ts

    >>> echoes(widgets.FloatSlider(step=0.1), 0.3, 0.33)
    True
    """
    if not isinstance(control, SLIDERS) or not told:
        return False
    said, told = np.array(said, float), np.array(told, float)  # of a range: (2,) and (n, 2)
    if isinstance(control, widgets.FloatLogSlider):
        said, told = (np.log(values) / np.log(control.base) for values in (said, told))
    step = control.step or 1e-9
    on_step = control.min + np.rint((said - control.min) / step) * step
    there = (np.abs(said - on_step) < 1e-8 + 1e-5 * np.abs(on_step)) | (said == control.max)
    near = there & (np.abs(said - told) < 0.501 * step)
    return bool(near.reshape(len(told), -1).all(axis=1).any())


def _options(control):
    """Return the values that a control chooses from, empty if it is none of that kind."""
    options = getattr(control, "options", ())
    pairs = options.items() if isinstance(options, Mapping) else options
    return tuple(one[1] if isinstance(one, tuple) else one for one in pairs)


def _on_step(control, value):
    low, high = getattr(control, "min", -math.inf), getattr(control, "max", math.inf)
    step = getattr(control, "step", None)
    if step:
        begin = low if math.isfinite(low) else 0.0
        value = begin + round((value - begin) / step) * step
    return float(f"{min(max(value, low), high):.12g}")  # 0.3, not 0.30000000000000004


def _taken(control, value):
    """Return whether a control takes a value, and what it would take instead; nothing is moved."""
    try:
        trait = control.traits()["value"]
        near = trait._validate(control, value)  # nobody hears of this
        trait.metadata.get("to_json", lambda *_: None)(near, control)  # a date is looked at here
        if isinstance(control, widgets.SelectionRangeSlider):  # it counts them when it has moved
            start, end = map(_options(control).index, near)
            near = near if start <= end else near[::-1]
        many = isinstance(near, list | tuple) and isinstance(value, list | tuple)
        pairs = zip(near, value, strict=True) if many else [(near, value)]
        # A slider cuts what is out of its range; points and pixels are told in fewer words.
        return hasattr(control, "shortest") or all(one == other for one, other in pairs), near
    except Exception:  # a widget of any kind has rules of its own
        return False, control.value


def _rule(control):
    now = control.value
    if hasattr(control, "options"):
        names = {widgets.SelectMultiple: "some", widgets.SelectionRangeSlider: "two, in order,"}
        return f"{names.get(type(control), 'one')} of {_options(control)}"
    if isinstance(now, bool):
        return "True or False"
    if hasattr(control, "min") and isinstance(now, int | float | tuple):
        low, high = control.min, control.max
        if isinstance(control, widgets.FloatLogSlider):
            low, high = control.base**low, control.base**high
        kind = "two numbers, in order," if isinstance(now, tuple) else "a number"
        return f"{'a whole number' if isinstance(now, int) else kind} between {low} and {high}"
    return f"a value of {type(control).__name__}"
