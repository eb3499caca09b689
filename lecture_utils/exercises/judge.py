"""The kinds of exercises, and how an answer to each is judged.

An exercise is a table entry: what is asked, what is right, and the slips that are often made. A
slip is a wrong *function*: when the reader's function does on all inputs what a slip does, the
slip has a name, however it was written.
"""

import copy
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lecture_utils.exercises.comparing import (
    agreement,
    endless_as_raised,
    fault_of_form,
    minus,
    same,
    sensitivity_of,
)
from lecture_utils.exercises.running import Raised, run
from lecture_utils.exercises.showing import labelled, show
from lecture_utils.exercises.slips import edited

UNTRIED = "not yet tried", "not yet tried. Replace the ... by your answer and run this cell again."
CHANGES = "your function changes what it is given: +=, sort and pop do; take a copy first"
NOTHING = "nothing is given back; is there a return, on every way through?"
NEAR = 3  # digits from which a result is called nearly right
HINTS = {  # what an error says: what it means
    "truth value of an array": "an array as a whole is neither true nor false; go entry by entry, "
    "with np.maximum instead of max and np.where instead of if",
    "can be converted to Python scalar": "functions of math and float() take single numbers; for "
    "arrays there are np.exp, np.log, np.sqrt",
    "broadcast|core dimension|not aligned": "the shapes do not fit each other: @ is the product of "
    "matrices, * goes entry by entry",
    "positional argument": "the function must take what the task gives it: {arguments}",
}


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
    draw : callable
        ``draw(rng)`` gives a list of inputs (tuples of arguments), the readable ones first.
    right : callable
        A right answer.
    slips : dict of {str: tuple or callable or list of them}
        What to tell the reader: the wrong function that is told by it, or several, each as an edit
        of the right one (see `edited`) or in full.
    bugs : dict of {str: tuple}
        Of a bug hunt: what to tell when only this bug is left: the edit that puts it in.
    accept : callable, default=None
        Where many answers are right: ``accept(got, *input)`` gives what is wrong with an answer, in
        words; the empty string if nothing is.
    together : callable, default=None
        ``together(inputs, got)`` gives what is wrong with results that pass one by one, in words.
    quiet : str, default=""
        Where NumPy must not warn on the way to a right answer: what to tell when it does.
    """

    draw: Callable
    right: Callable
    slips: dict = field(default_factory=dict)
    bugs: dict = field(default_factory=dict)
    accept: Callable = None
    quiet: str = ""
    together: Callable = None

    @property
    def arguments(self):
        """Names of the arguments that are asked for."""
        known = inspect.signature(self.right).parameters.values()
        return [argument.name for argument in known if argument.default is argument.empty]

    @property
    def given(self):
        """Of a bug hunt, the function as the reader gets it: the right one with all bugs."""
        return edited(self.right, self.all_bugs) if self.bugs else None

    @property
    def all_bugs(self):
        """Of a bug hunt, the edit that puts in all bugs."""
        return sum(self.bugs.values(), ())

    def named(self):
        """Give what to tell with each wrong function that is known."""
        for words, ways in {**self.bugs, **self.slips}.items():
            for way in ways if isinstance(ways, list) else [ways]:
                yield words, way if callable(way) else edited(self.right, way)

    def judge(self, answer, rng):
        """Return the state and the words for an answer."""
        if answer is ...:
            return UNTRIED
        if not callable(answer):
            return _not_yet(f"The answer must be a function, got {show(answer)}.")
        inputs, got, changed = self.draw(rng), [], None
        for number, values in enumerate(inputs):
            mine = copy.deepcopy(values)
            got.append(run(answer, *mine))
            if _is_stub(got[-1]):
                return UNTRIED
            got[-1] = endless_as_raised(got[-1])
            if changed is None and not same(mine, values, 0.0):
                changed = number
            if isinstance(got[-1], Raised) and got[-1].endless:
                break  # the others would take as long, or as much
        inputs = inputs[: len(got)]
        if self.given and self._does_as(self.given, inputs, got):
            return "not yet tried", "not yet tried: this is the function as it was given."
        expected = [run(self.right, *copy.deepcopy(values), ours=True) for values in inputs]
        faults = enumerate(map(self._fault, inputs, got, expected))
        wrong, fault = next(((k, words) for k, words in faults if words), (None, ""))
        if wrong is None and changed is None:
            if self.together and (words := self.together(inputs, got)):
                return _not_yet(f"One by one the results are right, but {words}.")
            right = f"right, on {len(inputs)} inputs drawn afresh."
            return self._warned(answer, inputs) or ("right", right)
        first = changed if wrong is None else wrong
        results = {"got": got[first]}
        if wrong is not None and not self.accept:
            results["expected"] = expected[first]
        if isinstance(got[first], Raised):
            slip = self._hint(got[first])
        elif wrong is None:
            slip = CHANGES
        elif self.accept:
            slip = fault
        else:
            slip = self._slip(inputs, got, expected, first) or CHANGES * (changed is not None)
        return self._not_yet("The first input that fails:", inputs[first], results, slip)

    def _warned(self, answer, inputs):
        """Return a verdict on an answer that is right, but not without a warning; else None."""
        for values in inputs if self.quiet else ():
            loud = run(answer, *copy.deepcopy(values), warned="raise")
            if isinstance(loud, Raised):
                return self._not_yet("Here NumPy warns:", values, {"warning": loud}, self.quiet)
        return None

    def _fault(self, values, got, expected):
        """Say what is wrong with a result, "?" if it is to be found out; nothing if right."""
        if isinstance(got, Raised):
            return "the error that is shown"
        if self.accept:
            words = NOTHING if got is None else run(self.accept, got, *values)
            return "give back what the task names" if isinstance(words, Raised) else words
        if same(got, expected, 0.0):
            return ""
        return "" if same(got, expected, sensitivity_of(self.right, values, expected)) else "?"

    def _not_yet(self, words, values, results, slip):
        shown = dict(zip(self.arguments, values, strict=True)) | results
        return _not_yet("\n".join([words, *map(labelled, shown, shown.values())]), slip)

    def _hint(self, raised):
        for said, hint in HINTS.items():
            if re.search(said, raised.words):
                return hint.format(arguments=", ".join(self.arguments))
        return ""  # the error itself says best what is wrong

    def _slip(self, inputs, got, expected, first):
        for words, wrong in self.named():
            if self._does_as(wrong, inputs, got):
                return words
        if got[first] is None and not any(one is None for one in expected):
            return NOTHING
        pairs = all(isinstance(one, tuple) for one in expected)
        if pairs and all(map(same, got, (one[::-1] for one in expected))):
            return "the results are right, but in the other order"
        fault = fault_of_form(got[first], expected[first])
        if fault:
            return fault
        if all(map(same, got, map(minus, expected))):
            return "the sign: you have minus what is right"
        if not any(map(fault_of_form, got, expected)):
            agreed, where = min(map(agreement, got, expected))
            if NEAR <= agreed < float("inf"):
                return f"right to {int(agreed)} digits; asked for exactly: {where}"
        return ""

    def _does_as(self, other, inputs, got):
        outputs = (run(other, *copy.deepcopy(values)) for values in inputs)
        return all(map(same, got, outputs))


@dataclass(frozen=True)
class Explore:
    """An exercise whose answer is a live figure, set to something by its controls.

    Attributes
    ----------
    figure : str
        Name of the figure.
    start : dict
        The values with which it comes; its other controls do not matter.
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
        values = run(lambda: dict(answer.values) if answer.name == self.figure else None)
        if not isinstance(values, dict):
            return _not_yet(f"Give the live figure {self.figure} itself, got {show(answer)}.")
        values = {name: value for name, value in values.items() if name in self.start}
        if run(lambda: values == self.start) is True:
            return "not yet tried", f"not yet tried. Move the figure {self.figure} first."
        missing = run(lambda: self.goal(**values), ours=True)
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
        if len(answer.split()) < 8 and len(answer.encode()) < 90:  # some write without spaces
            return _not_yet("Write a sentence or two.")
        return "compare", f"no program can grade this; compare it with:\n{self.model}"


def _not_yet(words, slip=""):
    slip = f"\nLikely slip: {slip}" + "." * (not slip.endswith("?")) if slip else ""
    return "not yet", f"not yet. {words}{slip}"


def _is_stub(got):
    return got is ... or (isinstance(got, tuple) and len(got) > 0 and all(g is ... for g in got))
