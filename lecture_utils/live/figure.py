"""The live figure: a matplotlib figure with controls that answers at once, everywhere.

One figure is kept, an update changes its artists, and the new picture goes to the page.
"""

import base64
import sys
import time
from collections import deque
from contextlib import ExitStack, contextmanager
from pathlib import Path

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from lecture_utils.live.controls import button, check_values, echoes, make_controls, row
from lecture_utils.live.front_end import hears_the_pointer
from lecture_utils.live.handles import TOLD, make_handles
from lecture_utils.live.lock import in_turn
from lecture_utils.live.screen import Screen, replace_earlier
from lecture_utils.live.words import OF_A_CELL, Link, in_one_line, overheard, setting_in_words
from lecture_utils.numbers.arguments import refuse, shown
from lecture_utils.pictures.png import SMALL, encode

ECHO = 1.0  # seconds after which no page says any more what its slider was
PASSES = 10  # updates in a row at most, where each moves a control for the next


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
        `update`'s own signature is the first value; a widget keeps its own value and stays yours:
        it is never closed.

    Returns
    -------
    callable
        The decorator, which returns a `LiveFigure`.

    Raises
    ------
    ValueError
        If controls and the arguments of `update` differ, `size` or `scale` cannot be, or a preset
        or a default is a value that its control does not take.

    Notes
    -----
    What `update` prints or warns stands under the figure, and so does an error, in one line.

    In JupyterLab a control that was moved once answers while a cell runs; the first move after a
    cell has made or set it, and every move on Colab and Kaggle, waits until that cell has ended.

    A number that is typed into the field of a slider has a point: the browser reads 0,5 as 0.

    A screen reader is told what a picture shows, and the names of all controls, where the page
    takes the pointer. Elsewhere ipywidgets names neither its sliders nor the buttons of ``Play``,
    and the words under the picture are a new text at each move, which some readers do not say.

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

    file = sys._getframe(1).f_code.co_filename  # of the cell

    def decorate(setup):
        live = LiveFigure(setup, controls, {} if presets is None else presets, size, scale, file)
        shell = get_ipython()
        if shell:
            replace_earlier(shell, live)
            if hasattr(shell, "kernel"):
                display(live)
        return live

    return decorate


class LiveFigure(Screen):
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
    said : list of str
        What the last `update` printed and warned.
    """

    @in_turn
    def __init__(self, setup, controls, presets, size, scale, file):
        if not callable(setup) or not hasattr(setup, "__name__"):
            refuse("the set-up must be a function with a name", shown(setup), "def f(figure): ...")
        super().__init__(setup.__name__, size, scale)
        self.presets, self._file = _checked(presets), file
        self._held, self._moved = 0, False
        self._lately = deque(maxlen=200)  # until when a control may say what it was, it, and that
        self._unsaid = ExitStack()  # what sliders are still to be told
        TOLD[self.figure] = []
        self._update = setup(self.figure)
        with ExitStack() as made:
            self.controls, players = make_controls(self._update, controls, made)
            self.handles = make_handles(TOLD.pop(self.figure), self.controls)
            for label, values in presets.items():
                check_values(self.controls, values, f"preset {label!r}")
            self._shows = {control: _plain(control.value) for control in self.controls.values()}
            self._first = self.values
            try:
                self._draw(first=True)
            except BaseException:
                for line in self.said:
                    print(line)  # in the cell, which fails
                raise
            for control in self.controls.values():
                control.observe(self._move, "value")
                made.callback(control.unobserve, self._move, "value")
            theirs = [part for given in controls.values() if isinstance(given, widgets.Widget)
                      for part in (given, *getattr(given, "children", ()))]  # fmt: skip
            self._fill(made, self._rows(players), theirs=theirs)

    @property
    def values(self):
        """The values of the controls that are shown now, a dict."""
        return {name: self._shows[control] for name, control in self.controls.items()}

    @property
    def settings(self):
        """One line of Python that sets this figure to what it shows now."""
        return f"{self.name}.set({', '.join(f'{k}={v!r}' for k, v in self.values.items())})"

    @in_turn
    def set(self, /, **values):
        """Set some controls, as if all were moved at once.

        Raises
        ------
        ValueError
            For a name that is no control, or a value that its control does not take, or a figure
            that is closed; then nothing is set.
        """
        if self.closed:
            refuse(f"{self.name}.set: the figure must be open", "a closed one", "to run its cell")
        check_values(self.controls, values, f"{self.name}.set")
        with self._together():
            for name, value in values.items():
                self.controls[name].value = value
                self._accept(self.controls[name])  # what is set may be where its slider is, or not

    @in_turn
    def save(self, folder="."):
        """Write the figure as it is now, a picture for slides of your own.

        It is the picture that is written; ``save`` of the playground writes a network's weights.

        Parameters
        ----------
        folder : str or pathlib.Path, default="."
            Where to; a file of the same name is replaced.

        Returns
        -------
        list of str
            The files: pixels, as on the screen, and lines, which stay sharp at any size.
        """
        pixels, lines = (Path(folder) / f"{self.name}.{kind}" for kind in ("png", "svg"))
        pixels.write_bytes(encode(self._frame, SMALL))
        self.figure.savefig(lines)
        return [str(pixels), str(lines)]

    @in_turn
    def taken(self, message):
        """Do what a hand does to a handle, as the page tells it."""
        handle = self.handles[message.pop("handle")]
        for control in handle.controls.values():
            self._unsaid.enter_context(control.hold_sync())
        try:
            self.set(**handle.answer(**message))
        except OF_A_CELL as problem:  # of the notebook's two functions
            self.error = in_one_line(problem, self._file)
            self._say()

    @in_turn
    def followed(self):
        """Let the sliders in the page follow the hand."""
        self._unsaid.close()

    def _arguments(self):
        """Return the values as `update` gets them: points and pixels are arrays there."""
        return {name: self.controls[name].get_interact_value() if isinstance(value, str | tuple)
                else value for name, value in self.values.items()}  # fmt: skip

    @in_turn
    def _move(self, change):
        if self._held or not self._is_echo(change["owner"]):
            with self._together():
                self._accept(change["owner"])

    def _is_echo(self, control):
        """Tell whether a slider in the page only says what it was told to be, and put it back.

        It does so later, and in its own steps and rounding.
        """
        said, shows, now = control.value, self._shows[control], time.monotonic()
        if echoes(control, said, shows):
            return True
        told = [value for end, one, value in self._lately if one is control and now < end]
        if said in told or not echoes(control, said, *told):
            return False
        control.value = shows
        return True

    def _accept(self, control):
        """Take over what a control says."""
        value = _plain(control.value)
        self._lately.append((time.monotonic() + ECHO, control, value))
        self._moved = self._moved or value != self._shows[control]
        self._shows[control] = value

    @contextmanager
    def _together(self):
        """Make one update of all moves in here, and one more of those that it makes itself."""
        self._held += 1
        try:
            yield
        finally:
            try:
                if self._held == 1:
                    self._answer()
            finally:
                self._held -= 1

    def _answer(self):
        """Show what update makes of the controls."""
        for _ in range(PASSES):
            if not self._moved:
                return
            self._moved = False
            try:
                self._draw()
            except BaseException as problem:
                self.error = in_one_line(problem, self._file)
                if not isinstance(problem, OF_A_CELL):  # the reader stops what runs
                    raise
            finally:
                self._say()
        if self._moved:
            self.error = f"update moves its own controls, {PASSES} times in a row; let it rest"
            self._say()
            self._moved = False

    def _draw(self, first=False):
        """Let update change the figure, and draw it; if that fails, all is shown as it was."""
        with overheard() as self.said:
            caption = str(self._update(**self._arguments()))
            if first:
                self._begin()
            frame = self._painter.frame()
            for handle in self.handles:
                handle.look(self.values)
        self.caption, self.error, self._frame = caption, None, frame

    def _rows(self, players):
        """Return what stands above the picture: rows of widgets."""
        buttons = [button(label, lambda values=values: self.set(**values), setting_in_words(values))
                   for label, values in self.presets.items()]  # fmt: skip
        buttons += [button("reset", lambda: self.set(**self._first), "back to the first setting"),
                    button("settings", self._toggle_settings, "this setting as a line of Python"),
                    button("save", self._save, f"{self.name}.png and {self.name}.svg")]  # fmt: skip
        in_hand = [name for one in self.handles for name in one.controls if hears_the_pointer()]
        controls = [row(name, control, players.get(name), name in in_hand)
                    for name, control in self.controls.items()]  # fmt: skip
        flat = {"height": "16px", "margin": "0 2px"}  # each pixel is taken from the picture
        text = f'<b style="display: block; line-height: 16px">{self.name}</b>'
        return [[widgets.HTML(text, layout=flat)], buttons, controls]

    def _save(self):
        try:
            files = self.save()
            # What a kernel in a page writes, no reader finds.
            links = map(_link, files) if sys.platform == "emscripten" else ()
            self.said = [f"saved as {' and '.join(files)}", *links]
        except OSError as problem:
            self.said = [f"not saved: {problem}"]
        self._say()


def _link(file):
    """Return a link that downloads a file."""
    data = base64.b64encode(Path(file).read_bytes()).decode("ascii")
    return Link(f'<a download="{file}" href="data:;base64,{data}">download {file[-3:].upper()}</a>')


def _plain(value):
    """Return a number without the last digits that a slider's arithmetic adds, a list that stays.

    >>> _plain(0.8999999999999999), _plain(1 / 3) == 1 / 3
    (0.9, True)
    """
    if not isinstance(value, float):
        return tuple(value) if isinstance(value, list) else value
    plain = float(f"{value:.15g}")
    return plain if len(repr(plain)) < len(repr(value)) - 2 else value


def _checked(presets):
    pairs = presets.items() if isinstance(presets, dict) else [(None, None)]
    if all(isinstance(label, str) and isinstance(values, dict) for label, values in pairs):
        return presets
    refuse("presets must be labels, each with a dict of values", shown(presets), "{'first': {}}")
