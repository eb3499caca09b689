"""Read what a command line sets: ``seed=0:4``, ``step=0.01,0.1``, ``sizes=(4,2),(8,)``."""

import ast
import contextlib
import itertools
import json
import math
import re
import warnings

MOST = 100_000  # runs; a slip in a range must not fill the memory
RANGE = re.compile(r"(-?[0-9]{1,18}):(-?[0-9]{1,18})")
WORD = re.compile(r"[^\W\d][\w ./\\+-]*")
OPENING = tuple("([{'\"")
UNREADABLE = (ValueError, TypeError, SyntaxError, MemoryError, RecursionError)  # no literal


def values(text):
    """Return the values that a text lists, each once.

    Parameters
    ----------
    text : str
        Numbers, words, ranges "from:to" without their end, and Python's lists, tuples, dicts and
        quoted texts, with commas between.

    Returns
    -------
    list
        Finite numbers, texts, True, False, None, and lists, tuples and dicts of them.

    Raises
    ------
    ValueError
        If a part is none of these.

    Examples
    --------
    >>> values("0.01,0.1"), values("0:4"), values("relu,tanh"), values("(4,2)")
    ([0.01, 0.1], [0, 1, 2, 3], ['relu', 'tanh'], [(4, 2)])
    """
    found, part = [], ""
    for piece in text.split(","):
        part += piece
        try:
            found += _meant(part.strip())
            part = ""
        except ValueError:
            if not part.lstrip().startswith(OPENING):
                raise
            part += ","  # it stands in brackets or quotes
    if part:
        _meant(part.removesuffix(",").strip())  # never closed: raises again
    return list({repr(value): value for value in found}.values())


def _meant(part):
    """Return the list of values that one part stands for."""
    if ends := RANGE.fullmatch(part):
        first, end = map(int, ends.groups())
        if 0 < end - first <= MOST:
            return list(range(first, end))
    elif WORD.fullmatch(part) and part not in ("True", "False", "None"):
        return [part]
    else:
        with contextlib.suppress(*UNREADABLE), warnings.catch_warnings(action="ignore"):
            value = ast.literal_eval(part)
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()  # it can be kept
            return [value]
    raise ValueError(f"each value must be a number, a word, a range upwards of at most {MOST}, or "
                     f"brackets or quotes that close, got {part!r}; try 1,2 or 0:20")  # fmt: skip


def combinations(settings, known):
    """Return every combination of the settings.

    Parameters
    ----------
    settings : list of str
        "name=values", see `values`.
    known : sequence of str
        The notebook's parameters, one or more.

    Returns
    -------
    list of dict
        A value for each name, no two alike.

    Raises
    ------
    ValueError
        If a name is not known or given twice, its values cannot be read, or there are too many.

    Examples
    --------
    >>> combinations(["seed=0:2", "step=0.1"], ["seed", "step"])
    [{'seed': 0, 'step': 0.1}, {'seed': 1, 'step': 0.1}]
    """
    lists = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name in lists:
            raise ValueError(f"--set must name each parameter once, got {name} again; "
                             f"try one --set {name}=1,2")  # fmt: skip
        if name not in known:
            free = next((other for other in known if other not in lists), known[0])
            raise ValueError(f"--set must name a parameter, one of {', '.join(known)}; "
                             f"got {setting!r}; try --set {free}=1,2")  # fmt: skip
        try:
            lists[name] = values(text)
        except ValueError as problem:
            raise ValueError(f"--set {name}: {problem}") from None
    number = math.prod(map(len, lists.values()))
    if number > MOST:
        raise ValueError(f"--set must give at most {MOST} runs, got {number}; "
                         f"try fewer values at a time")  # fmt: skip
    return [dict(zip(lists, row, strict=True)) for row in itertools.product(*lists.values())]
