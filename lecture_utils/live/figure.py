"""The live figure: a matplotlib figure with controls that answers at once, everywhere.

One figure is kept, an update changes its artists, and the new picture travels as PNG into an
``ipywidgets.Image``. Only core widgets are used: they are what JupyterLab, Colab, Kaggle and
the browser build have in common.
"""

import base64
import html
import traceback

import ipywidgets as widgets
import matplotlib as mpl
from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure

from lecture_utils.live.controls import button, make_controls, row, set_values, with_parts
from lecture_utils.live.lock import in_turn
from lecture_utils.pictures.painter import Painter
from lecture_utils.pictures.png import SMALL, encode

DOTS = 100  # pixels of the screen to an inch of the figure


def explore(*, presets=None, size=(6.8, 4.2), scale=None, **controls):
    """Make a live figure of the set-up function that is decorated.

    The function gets an empty figure, draws into it once, and returns ``update(**values)``, which
    changes the artists and returns the caption: what is to be seen now, in words. Decorating shows
    the figure (in a notebook) and binds the function's name to the `LiveFigure`.

    Parameters
    ----------
    presets : dict of {str: dict}, default=None
        Buttons: label -> the values that it sets.
    size : (float, float), default=(6.8, 4.2)
        Width and height in inches, of 100 pixels each on the screen.
    scale : float, default=None
        Pixels of the picture to a pixel of the screen: 2 is sharp on high-density screens and on
        an enlarged page. None means what ``style.use(scale=...)`` set, else 1.
    **controls
        One for each argument of `update`, as ``ipywidgets.interact`` takes them: ``(low, high)``
        or ``(low, high, step)`` a slider, a list a menu, a bool a check box, a str a text field, or
        a widget. An ``ipywidgets.Play`` gets a slider and buttons for single steps. A default in
        `update`'s own signature is the first value; a widget keeps its own.

    Returns
    -------
    callable
        The decorator, which returns a `LiveFigure`.

    Raises
    ------
    ValueError
        If controls and the arguments of `update` differ, `scale` is not positive, or a preset sets
        a value that its control does not take.

    Examples
    --------
    >>> @explore(slope=(-3.0, 3.0), presets={"flat": dict(slope=0.0)})
    ... def line(figure):
    ...     axes = figure.subplots()
    ...     (fit,) = axes.plot([0, 1], [0, 1])
    ...     def update(slope=1.0):
    ...         fit.set_ydata([0, slope])
    ...         return f"rises by {slope:g}"
    ...     return update
    >>> line.caption
    'rises by 1'
    >>> line.set(slope=0.5)
    >>> line.settings
    'line.set(slope=0.5)'
    """

    def decorate(setup):
        shell = get_ipython()
        old = shell.user_ns.get(setup.__name__) if shell else None
        live = LiveFigure(setup, controls, presets or {}, size, scale)
        if isinstance(old, LiveFigure):
            old.close()  # the cell was run again: let go of its widgets and pixels
        if shell and hasattr(shell, "kernel"):
            display(live)
        return live

    return decorate


class LiveFigure:
    """A figure, its controls and its caption; made by `explore`.

    Attributes
    ----------
    name : str
        Name of the set-up function.
    figure : matplotlib.figure.Figure
    controls : dict of {str: ipywidgets.Widget}
        The control of each argument of `update`.
    presets : dict of {str: dict}
        Label -> values.
    caption : str
        What `update` last returned.
    error : str or None
        The line shown when the last `update` failed; the picture is then the last good one.
    """

    @in_turn
    def __init__(self, setup, controls, presets, size, scale):
        self.name, self.presets, self.error = setup.__name__, presets, None
        scale = mpl.rcParams["figure.dpi"] / DOTS if scale is None else scale
        if not scale > 0:
            raise ValueError(f"scale must be > 0, got {scale!r}; try 1, or 2 for a projector")
        self.figure = Figure(figsize=size, dpi=DOTS * scale, layout="constrained")
        self._update = setup(self.figure)
        self.controls, self._players = make_controls(self._update, controls)
        self._first = self.values
        for label, values in presets.items():
            set_values(self.controls, values, f"preset {label!r}")
        set_values(self.controls, self._first, "reset")
        self.caption = str(self._update(**self._first))
        self._painter = Painter(self.figure)
        self._frame = self._painter.frame()
        self._build(round(size[0] * DOTS))
        self._held = False  # while several controls are set, no picture is drawn
        for control in self.controls.values():
            control.observe(self._move, "value")

    @property
    def values(self):
        """The controls' values now, a dict."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def settings(self):
        """One line of Python that sets this figure to what it shows now."""
        return f"{self.name}.set({', '.join(f'{k}={v!r}' for k, v in self.values.items())})"

    @in_turn
    def set(self, **values):
        """Set some controls, as if all were moved at once.

        Raises
        ------
        ValueError
            For a name that is no control, or a value that its control does not take; then nothing
            is set.
        """
        before, self._held = self.values, True
        try:
            set_values(self.controls, values, f"{self.name}.set")
        finally:
            self._held = False
        if self.values != before:
            self._move()

    def frame(self):
        """Return the picture as it is shown: ndarray of shape (height, width, 4), uint8."""
        return self._frame.copy()

    @in_turn
    def redraw(self):
        """Return the picture drawn from nothing, to compare with `frame`."""
        return self._painter.redraw()

    def close(self):
        """Let go of the widgets; a picture that was stored in the notebook stays."""
        for widget in self._widgets:
            widget.unobserve_all()
            widget.close()

    def __repr__(self):
        return f"<LiveFigure {self.settings}: {self.caption}>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        size = tuple(round(inches * DOTS) for inches in self.figure.get_size_inches())
        return bundle(self._box, self._frame, self.caption, size)

    @in_turn
    def _move(self, change=None):
        if self._held:
            return
        try:
            caption = str(self._update(**self.values))
            self._frame = self._painter.frame()
        except Exception as problem:  # whatever the notebook's own code raises
            self.error = _in_one_line(problem, self._update)
        else:
            self.caption, self.error = caption, None
            self._image.value = address(self._frame)
        self._show_words()

    def _show_words(self):
        lines = [html.escape(self.caption)]
        if self.error:
            lines.append(f'<b style="color:#b00020">{html.escape(self.error)}</b>')
        if self._settings_shown:
            lines.append(f"<code>{html.escape(self.settings)}</code>")
        self._words.value = words(lines)

    def _build(self, width):
        """Lay out the box: buttons, controls, picture, words."""

        def toggle_settings():
            self._settings_shown = not self._settings_shown
            self._show_words()

        buttons = [
            button(label, lambda values=values: self.set(**values), f"set {values}")
            for label, values in self.presets.items()
        ]
        buttons += [
            button("reset", lambda: self.set(**self._first), "back to the first setting"),
            button("settings", toggle_settings, "show this setting as a line of Python"),
        ]
        rows = [row(control, self._players.get(name)) for name, control in self.controls.items()]
        wrap = widgets.Layout(flex_flow="row wrap", max_width=f"{width}px")
        # A box would stretch the picture.
        fixed = widgets.Layout(width=f"{width}px", max_width="100%")
        self._image = widgets.Image(value=address(self._frame), format="url", layout=fixed)
        self._words = widgets.HTML(layout=widgets.Layout(max_width=f"{width}px"))
        self._settings_shown = False
        self._show_words()
        above = [widgets.Box(part, layout=wrap) for part in (buttons, rows)]
        left = widgets.Layout(align_items="flex-start")
        self._box = widgets.VBox([*above, self._image, self._words], layout=left)
        self._widgets = with_parts(self._box)


def address(pixels):
    """Return a frame as what an ``ipywidgets.Image`` of format "url" takes, bytes."""
    # A browser decodes this at once; a blob, which the widget makes of bytes, it fetches first.
    return b"data:image/png;base64," + base64.b64encode(encode(pixels))


def words(lines):
    """Return lines of HTML as what stands under a picture, no smaller than the page's own text."""
    size = "max(16px, var(--jp-content-font-size1, 16px))"  # of JupyterLab, where it is the page
    return f'<div role="status" style="font-size:{size}">{"<br>".join(lines)}</div>'


def bundle(box, frame, caption, size):
    """Return what is shown of a box of widgets: live, as its frame, or as words alone.

    `size` is (width, height) on the screen.
    """
    # No text/html: it would win over the picture where there is no kernel.
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    png = base64.b64encode(encode(frame, SMALL)).decode("ascii")
    width, height = size
    return (
        {
            "application/vnd.jupyter.widget-view+json": view,
            "image/png": png,
            "text/plain": caption,
        },
        {"image/png": {"width": width, "height": height, "alt": caption}},
    )


def _in_one_line(problem, update):
    """Say what failed, and in which line of its cell."""
    own = update.__code__.co_filename
    steps = [step for step in traceback.extract_tb(problem.__traceback__) if step.filename == own]
    where = f"line {steps[-1].lineno} of this cell: " if steps else ""
    return " ".join(f"{where}{type(problem).__name__}: {problem}".split())
