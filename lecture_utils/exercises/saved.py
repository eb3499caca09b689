"""What a reader has solved: read from the notebooks saved in a folder, and from nothing else."""

import json
import os
import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from lecture_utils.exercises import _exercises, _files
from lecture_utils.numbers.arguments import refuse

ASKED = re.compile(r"\bcheck\(\s*[\"'](\d\d\.\d+)[\"']")
SAID = re.compile(r"^(\d\d\.\d+): (right|no program|not yet tried|not yet)\b", re.MULTILINE)
DONE = ("compare", "right")  # a text is done when there is one to compare with the model answer
BETTER = ("", "not yet tried", "not yet", *DONE)  # of two copies of a notebook
SAVE = "Only what is saved counts: save a notebook (File, Save), then run this again."
NONE = """\
No notebook of the series is saved in this folder. Colab and Kaggle keep a notebook elsewhere:
download yours into one folder, and run solved() in a notebook there."""


@dataclass(frozen=True)
class Solved:
    """What `solved` has read.

    Attributes
    ----------
    states : dict of {str: str}
        Number of each exercise of the notebooks that were found: the state of its last verdict,
        "" if none is saved.
    silent, unread : tuple of str
        Files in which no verdict is saved, and those that are no whole notebook.
    """

    states: dict
    silent: tuple
    unread: tuple

    @property
    def done(self):
        """Numbers of the exercises that are solved."""
        return [number for number, state in self.states.items() if state in DONE]

    @property
    def open(self):
        """Numbers of the exercises that are not."""
        return [number for number, state in self.states.items() if state not in DONE]

    def __repr__(self):
        if not self.states:
            return "\n".join([os.environ.get("SOLVED_LIST", NONE), *self._not_read()])
        lines, waiting = [], []
        for prefix, numbers in groupby(self.states, lambda number: number[:2]):
            states = {number: self.states[number] for number in numbers}
            left = [n + " (not right yet)" * (state == "not yet")
                    for n, state in states.items() if state not in DONE]  # fmt: skip
            if not {*DONE, "not yet"} & set(states.values()):
                waiting.append(prefix)
                continue
            done = [number for number, state in states.items() if state in DONE]
            line = f"{prefix}: {len(done)} of {len(states)} solved" + ": " * bool(done)
            lines.append(line + ", ".join(done) + "; open: " * bool(left) + ", ".join(left))
        away = sorted(set(_files()) - {number[:2] for number in self.states})
        lines = lines or ["Nothing is solved yet."]
        lines += [f"Not begun: {', '.join(waiting)}"] * bool(waiting)
        lines += [f"Not in this folder: {', '.join(away)}"] * bool(away)
        return "\n".join([*lines, *self._not_read(), SAVE])

    def _not_read(self):
        if self.silent:
            yield f"No verdict is saved in {', '.join(self.silent)}: run its exercises, and save it"
        if self.unread:
            yield f"Not read, because it is no whole notebook: {', '.join(self.unread)}"


def solved(folder="."):
    """Say which exercises are solved, by the verdicts in the notebooks saved in a folder.

    All is read on this machine, nothing is run or sent. Of several verdicts on an exercise the
    last one that was run counts; of several copies of a notebook, the best.

    Parameters
    ----------
    folder : str or path, default="."
        Where the notebooks are; "." is where this one runs, beside the others.

    Returns
    -------
    Solved
        Its `done` and `open` are lists of numbers, as "05.1".

    Raises
    ------
    ValueError
        If there is no such folder.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as empty:
    ...     solved(empty).done
    []
    """
    try:
        paths = sorted(path for path in Path(folder).iterdir() if path.suffix == ".ipynb")
    except (OSError, TypeError, ValueError):
        refuse("folder must be one that can be read", repr(folder), "solved()")
    found, silent, unread = {}, [], []
    for path in paths:
        try:
            verdicts = _verdicts(json.loads(path.read_bytes())["cells"])
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            unread.append(path.name)
            continue
        if verdicts and not any(verdicts.values()):
            silent.append(path.name)
        for number, state in verdicts.items():
            found[number] = max(found.get(number, ""), state, key=BETTER.index)
    known = [_exercises(prefix) for prefix in sorted({number[:2] for number in found})]
    states = {number: found.get(number, "") for numbers in known for number in numbers}
    return Solved(states, tuple(silent), tuple(unread))


def _verdicts(cells):
    """Map each exercise that is checked in some cells to its last verdict, "" where none is."""
    found, last = {}, {}
    for cell in cells:
        source = _text(cell.get("source"))
        if cell.get("cell_type") != "code" or "check(" not in source:
            continue
        for number in ASKED.findall(source):
            found.setdefault(number, "")
        count = cell.get("execution_count")
        said = "\n".join(map(_said, cell.get("outputs") or []))
        for number, state in SAID.findall(said):
            # Not to have tried says less than any try; a cell may be run before one above it.
            when = state != "not yet tried", count if isinstance(count, int) else 0
            if when >= last.get(number, (False, 0)):
                found[number], last[number] = state.replace("no program", "compare"), when
    return {number: state for number, state in found.items() if number in _exercises(number[:2])}


def _said(output):
    return _text(output.get("text") or (output.get("data") or {}).get("text/plain"))


def _text(lines):
    """Return a text that a notebook keeps as lines or as one piece."""
    return "".join(lines or "")
