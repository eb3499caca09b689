"""What is said under a picture: errors in one line, what code prints and warns, settings."""

import io
import re
import sys
import threading
import traceback
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout

GREEK = dict(alpha="α", beta="β", gamma="γ", delta="δ", epsilon="ε", eta="η", theta="θ", kappa="κ",
             lam="λ", mu="μ", rho="ρ", sigma="σ", tau="τ", phi="φ", omega="ω")  # fmt: skip
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# What a notebook's own code may raise: a slider that lets exit() out would end the kernel.
OF_A_CELL = Exception, SystemExit
LINES, LENGTH = 10, 300  # the most that is shown of what an update says
_kept = {}  # thread -> the StringIO for what it writes, while it is overheard, or None


class Link(str):
    """A line that is HTML already."""


class _Tap:
    """A stream that keeps what a thread writes while it is overheard; all else goes on.

    What keeps the stream itself, as logging does, is overheard the next time, too.
    """

    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        return (_kept.get(threading.get_ident()) or self.stream).write(text)

    def __getattr__(self, name):
        return getattr(self.stream, name)


@contextmanager
def overheard():
    """Give a list into which, in the end, comes what this thread has printed and warned, in lines.

    A page shows it nowhere else: the answer to a control belongs to no cell.
    """
    said, kept, thread = [], io.StringIO(), threading.get_ident()
    before = _kept.get(thread)
    with (redirect_stdout(_Tap(sys.stdout)), redirect_stderr(_Tap(sys.stderr)),
          warnings.catch_warnings(record=True) as warned):  # fmt: skip
        # An update is not to end half-way where warnings are errors; who wants none hears none.
        rules = [("default" if what == "error" else what, *of) for what, *of in warnings.filters]
        warnings.filters[:] = rules
        _kept[thread] = kept
        try:
            yield said
        finally:
            _kept[thread] = before
            lines = [*filter(str.strip, kept.getvalue().splitlines())]
            lines += [f"{one.category.__name__}: {in_words_of(one.message)}" for one in warned]
            said += shortened(lines)


def shortened(lines):
    """Return as many lines as can be read, and how many there are more.

    >>> shortened(["a" * 1000] * 20)[9:]
    ['... and 11 lines more']
    """
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"... and {len(lines) - LINES + 1} lines more"]
    return [line if len(line) <= LENGTH else line[: LENGTH - 4] + " ..." for line in lines]


def in_words_of(problem):
    """Return the words of an exception or a warning, on one line."""
    try:
        return " ".join(str(problem).split())
    except OF_A_CELL:
        return "its own words cannot be read"


def in_one_line(problem, file):
    """Say what failed, and in which line of its cell, whose code is known as `file`."""
    steps = [step for step in traceback.extract_tb(problem.__traceback__) if step.filename == file]
    where = f"line {steps[-1].lineno} of this cell: " if steps else ""
    return shortened([f"{where}{type(problem).__name__}: {in_words_of(problem)}"])[0]


def in_symbols(name):
    """Write a name as the text does.

    >>> in_symbols("beta1"), in_symbols("b0"), in_symbols("small_step"), in_symbols("layer2")
    ('β₁', 'b₀', 'small step', 'layer2')
    """

    def symbol(match):
        letters, digits = match.groups()
        sign = letters in GREEK or len(letters) == 1
        return GREEK.get(letters, letters) + digits.translate(LOWERED) if sign else match.group()

    return re.sub(r"([A-Za-z]+)(\d*)", symbol, name.replace("_", " "))


def setting_in_words(values):
    """Say a setting as one reads it aloud.

    >>> setting_in_words({"slope": 2.0, "kind": "up", "bold": True, "sizes": (8, 4)})
    'slope 2, kind up, bold on, sizes 8 and 4'
    """

    def word(value):
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, list | tuple):
            return " and ".join(map(word, value)) or "none"
        return f"{value:g}" if isinstance(value, float) else str(value)

    return ", ".join(f"{in_symbols(name)} {word(value)}" for name, value in values.items())
