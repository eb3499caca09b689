"""The controls of a live figure: made by ipywidgets' own rules, set all at once or not at all."""

import inspect
import reprlib

import ipywidgets as widgets
from traitlets import TraitError

from lecture_utils.live.lock import in_turn


def make_controls(update, abbreviations):
    """Turn abbreviations into widgets.

    Parameters
    ----------
    update : callable
        Its arguments are the names; their defaults, if any, the first values.
    abbreviations : dict of {str: object}
        As ``ipywidgets.interact`` takes them.

    Returns
    -------
    controls : dict of {str: ipywidgets.Widget}
        Each with a `value`.
    players : dict of {str: ipywidgets.Play}
        For each control given as ``Play``, the player that drives its slider.
    """
    if not callable(update):
        raise ValueError(f"the set-up must return its function update, got {update!r}")
    arguments = inspect.signature(update).parameters
    if set(arguments) != set(abbreviations):
        raise ValueError(
            f"controls and arguments of update must be the same, got ({', '.join(abbreviations)}) "
            f"and ({', '.join(arguments)}); name each control as its argument"
        )
    controls, players = {}, {}
    for name, abbreviation in abbreviations.items():
        control = widgets.interactive.widget_from_abbrev(abbreviation, arguments[name].default)
        if not hasattr(control, "value"):
            raise ValueError(f"{name} must be a control, got {abbreviation!r}; try (0.0, 1.0)")
        if isinstance(control, widgets.Play):
            players[name], control = (
                control,
                widgets.IntSlider(control.value, control.min, control.max, control.step),
            )
            # Linked in the kernel: front ends differ in what their own link passes on.
            widgets.link((players[name], "value"), (control, "value"))
        control.description = control.description or name.replace("_", " ")
        control.style.description_width = "initial"
        controls[name] = control
    return controls, players


def set_values(controls, values, where):
    """Set controls to values, or raise ValueError and leave all as they were."""
    before = {name: control.value for name, control in controls.items()}
    for name, value in values.items():
        if name not in controls:
            problem = f"no control {name!r}; the controls are {', '.join(controls)}"
        elif not _takes(controls[name], value):
            got = " ".join(reprlib.repr(value).split())  # short, and on one line
            problem = f"{name} must be {_rule(controls[name])}, got {got}"
        else:
            continue
        for other, old in before.items():
            controls[other].value = old
        raise ValueError(f"{where}: {problem}")


def button(label, action, tooltip):
    """Make a button that calls `action` without arguments."""
    made = widgets.Button(description=label, tooltip=tooltip, layout=widgets.Layout(width="auto"))
    made.on_click(in_turn(lambda _: action()))
    return made


def row(control, player):
    """Put a control into a row, behind its player and a button for one step if it has one."""
    if player is None:
        return widgets.HBox([control])

    def advance():
        control.value = min(control.value + control.step, control.max)

    return widgets.HBox([player, button("step", advance, "one step on"), control])


def with_parts(widget):
    """List a widget and the widgets that it is made of: its layout, its style, its children."""
    parts = [getattr(widget, "layout", None), getattr(widget, "style", None)]
    parts += getattr(widget, "children", ())
    return [widget, *(w for part in parts if part is not None for w in with_parts(part))]


def _takes(control, value):
    try:
        control.value = value
        return bool(control.value == value)  # a slider cuts what is out of its range
    except (TraitError, TypeError, ValueError):
        return False


def _rule(control):
    if hasattr(control, "options"):
        return f"one of {control.options}"
    if hasattr(control, "min"):
        kind = "a whole number" if isinstance(control.value, int) else "a number"
        return f"{kind} between {control.min} and {control.max}"
    if isinstance(control.value, bool):
        return "True or False"
    return f"of type {type(control.value).__name__}"
