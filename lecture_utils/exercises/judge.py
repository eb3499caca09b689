"""The kinds of exercises, and how an answer to each is judged.

An exercise is a table entry: what is asked, what is right, and the slips that are often made. A
slip is a wrong *function*: when the reader's function does on all inputs what a slip does, the
slip has a name, however it was written.
"""

import copy
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

UNTRIED = "not yet tried", "not yet tried. Replace the ... by your answer and run this cell again."
CHANGES = "your function changes the arrays it is given; += works in place, a = a + b not"
LONG = 600  # characters of a value that are shown


@dataclass(frozen=True)
class Verdict:
    """What `check` says of an answer.

    Attributes
    ----------
    number : str
        Of the exercise.
    state : str
        "right", "not yet tried", "not yet" or "compare".
    words : str
        The verdict for the reader.
    """

    number: str
    state: str
    words: str

    def __repr__(self):
        return f"{self.number}: {self.words}"


@dataclass(frozen=True)
class FillIn:
    """An exercise whose answer is a function.

    Attributes
    ----------
    arguments : str
        Names of its arguments, with blanks between.
    draw : callable
        ``draw(rng)`` gives a list of inputs (tuples of arguments), the readable ones first.
    right : callable
        A right answer.
    slips : dict of {str: callable}
        What to tell the reader: the wrong function that is told by it.
    given : callable, default=None
        Of a bug hunt: the function as the reader gets it.
    accept : callable, default=None
        Where many answers are right: ``accept(got, *input)`` gives what is wrong with an answer, in
        words; the empty string if nothing is.
    quiet : str, default=""
        Where NumPy must not warn on the way to a right answer: what to tell when it does.
    """

    arguments: str
    draw: Callable
    right: Callable
    slips: dict = field(default_factory=dict)
    given: Callable = None
    accept: Callable = None
    quiet: str = ""

    def judge(self, answer, rng):
        """Return the state and the words for an answer."""
        if answer is ...:
            return UNTRIED
        if not callable(answer):
            return _not_yet(f"The answer must be a function, got {show(answer)}.")
        inputs = self.draw(rng)
        got, changed = [], None
        for number, values in enumerate(inputs):
            mine = copy.deepcopy(values)
            got.append(_run(answer, mine))
            if _is_stub(got[-1]):
                return UNTRIED
            if changed is None and not _same(mine, values):
                changed = number
        expected = [_run(self.right, copy.deepcopy(values)) for values in inputs]
        if self.accept:
            faults = [_fault(g) or self._unaccepted(g, v) for g, v in zip(got, inputs, strict=True)]
        else:
            faults = ["" if _same(g, e) else "?" for g, e in zip(got, expected, strict=True)]
        if self.given and self._does_as(self.given, inputs, got):
            return "not yet tried", "not yet tried: this is the function as it was given."
        wrong = [number for number, fault in enumerate(faults) if fault]
        if not wrong and changed is None and self.quiet:
            for values in inputs:
                got = _run(answer, copy.deepcopy(values), warned="raise")
                if isinstance(got, Raised):
                    lines = ["Here NumPy warns:", *self._named(values), _line("warning", got)]
                    return _not_yet("\n".join(lines), self.quiet)
        if not wrong and changed is None:
            return "right", f"right, on {len(inputs)} inputs drawn afresh."
        first = wrong[0] if wrong else changed
        lines = ["The first input that fails:", *self._named(inputs[first])]
        lines.append(_line("got", got[first]))
        if wrong and not self.accept:
            lines.append(_line("expected", expected[first]))
        if isinstance(got[first], Raised):
            slip = ""  # the error itself is the best hint
        elif not wrong:
            slip = CHANGES
        elif self.accept:
            slip = faults[first]
        else:
            slip = self._slip(inputs, got, expected, first) or CHANGES * (changed is not None)
        return _not_yet("\n".join(lines), slip)

    def _named(self, values):
        for name, value in zip(self.arguments.split(), values, strict=True):
            yield _line(name, value)

    def _unaccepted(self, got, values):
        words = _run(self.accept, (got, *values))
        return "give back numbers" if isinstance(words, Raised) else words

    def _slip(self, inputs, got, expected, first):
        for words, wrong in self.slips.items():
            if self._does_as(wrong, inputs, got):
                return words
        fault = _fault(got[first]) or _form(got[first], expected[first])
        if not fault and all(_same(g, _minus(e)) for g, e in zip(got, expected, strict=True)):
            return "the sign: you have minus what is right"
        return fault

    def _does_as(self, other, inputs, got):
        outputs = (_run(other, copy.deepcopy(values)) for values in inputs)
        return all(_same(g, o) for g, o in zip(got, outputs, strict=True))


@dataclass(frozen=True)
class Explore:
    """An exercise whose answer is a live figure, set to something by its controls.

    Attributes
    ----------
    figure : str
        Name of the figure.
    start : dict
        The values with which it comes.
    goal : callable
        ``goal(**values)`` gives what is missing, in words; the empty string at the goal.
    """

    figure: str
    start: dict
    goal: Callable

    def judge(self, answer, rng):
        """Return the state and the words for an answer."""
        if answer is ...:
            return UNTRIED
        values = _run(lambda: dict(answer.values) if answer.name == self.figure else None, ())
        if not isinstance(values, dict):
            return _not_yet(f"Give the live figure {self.figure} itself, got {show(answer)}.")
        if _run(lambda: values == self.start, ()) is True:
            return "not yet tried", f"not yet tried. Move the figure {self.figure} first."
        missing = _run(lambda: self.goal(**values), ())
        if isinstance(missing, Raised):
            return _not_yet(f"The figure {self.figure} is not the one of the notebook.")
        if missing:
            return _not_yet(missing)
        setting = ", ".join(f"{name} = {show(value)}" for name, value in values.items())
        return "right", f"right: {setting}."


@dataclass(frozen=True)
class Explain:
    """An exercise whose answer is a text, which no program can grade.

    Attributes
    ----------
    model : str
        An answer to compare with.
    """

    model: str

    def judge(self, answer, rng):
        """Return the state and the words for an answer."""
        if answer is ...:
            return UNTRIED
        if not isinstance(answer, str):
            return _not_yet(f"Write a text between quotes, got {show(answer)}.")
        if len(answer.split()) < 8:
            return _not_yet("Write a sentence or two.")
        return "compare", f"no program can grade this; compare it with:\n{self.model}"


@dataclass(frozen=True)
class Raised:
    """What stands for the result of a function that raised."""

    words: str

    @property
    def kind(self):
        """Name of the exception, as "ValueError": where it was raised is no matter."""
        return self.words.partition(":")[0].partition(" ")[0]

    def __repr__(self):
        return self.words


def show(value):
    """Show a value in a few short lines."""
    try:
        text = _text(value)
    except Exception:  # a reader's own class
        text = f"something of type {type(value).__name__}"
    return text if len(text) <= LONG else text[:LONG] + " ..."


def _text(value):
    if isinstance(value, tuple):
        return "(" + ", ".join(map(show, value)) + ")"
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        text = np.array2string(value, 75, 4, True, threshold=12, edgeitems=2)
        return text + (f"   shape {value.shape}" if value.size > 12 else "")
    return repr(value)


def _line(name, value):
    return f"{name:<9} " + show(value).replace("\n", "\n" + " " * 10)


def _not_yet(words, slip=""):
    slip = f"\nLikely slip: {slip}" + "." * (not slip.endswith("?")) if slip else ""
    return "not yet", f"not yet. {words}{slip}"


def _run(function, values, warned="ignore"):
    """Call a function on values; an exception becomes a `Raised`."""
    with np.errstate(all=warned, under="ignore"), warnings.catch_warnings(action="ignore"):
        try:
            return function(*values)
        except KeyboardInterrupt:  # the reader stops it
            raise
        except BaseException as problem:  # whatever else the reader's code raises, exit() too
            code = getattr(function, "__code__", None)
            own = [step for step in traceback.extract_tb(problem.__traceback__)
                   if code and step.filename == code.co_filename]  # fmt: skip
            where = f" in line {own[-1].lineno} of its cell" if own else ""
            try:
                said = " ".join(str(problem).split())
            except Exception:  # a reader's own class
                said = ""
            return Raised(f"{type(problem).__name__}{where}: {said}".removesuffix(": "))


def _is_stub(got):
    return got is ... or (isinstance(got, tuple) and len(got) > 0 and all(g is ... for g in got))


def _numbers(value):
    """Return a value as an array of numbers or of truth values; None if it is neither."""
    try:
        array = np.asarray(value)
    except Exception:  # ragged lists, a reader's own class
        return None
    return array if array.dtype.kind in "biuf" else None


def _same(got, expected):
    """Tell whether two results agree, to rounding; True is not 1 here, and None is only None."""
    if isinstance(expected, tuple):
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return False
        return all(_same(g, e) for g, e in zip(got, expected, strict=True))
    if callable(expected):
        return got is expected
    if isinstance(expected, Raised):
        return isinstance(got, Raised) and got.kind == expected.kind
    if expected is None or isinstance(expected, str):
        return type(got) is type(expected) and got == expected
    got, expected = _numbers(got), _numbers(expected)
    if got is None or expected is None or got.shape != expected.shape:
        return False
    if (got.dtype.kind == "b") != (expected.dtype.kind == "b"):
        return False
    return bool(np.allclose(got, expected, rtol=1e-9, atol=1e-12, equal_nan=True))


def _minus(expected):
    if isinstance(expected, tuple):
        return tuple(_minus(e) for e in expected)
    return None if expected is None else -np.asarray(expected, dtype=float)


def _fault(got):
    """Say what is wrong with a result, whatever was asked; the empty string if nothing is."""
    if isinstance(got, Raised):
        return "the error that is shown"
    return "nothing is given back; is there a return?" if got is None else ""


def _form(got, expected):
    """Say in which form a result differs from the expected one."""
    if isinstance(expected, tuple):
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return f"give back {len(expected)} things, with a comma between"
        return next(filter(None, map(_form, got, expected)), "")
    if expected is None:
        return ""
    if got is None:
        return "None stands where a number is expected"
    got, expected = _numbers(got), _numbers(expected)
    if got is None:
        return "give back numbers"
    if got.shape != expected.shape:
        turned = "; is something transposed?" if got.T.shape == expected.shape else ""
        return f"the shape must be {expected.shape}, got {got.shape}{turned}"
    if got.dtype.kind == "b" and expected.dtype.kind != "b":
        return "numbers are asked for, not True and False"
    return "a result is nan" if np.isnan(got).any() > np.isnan(expected).any() else ""
