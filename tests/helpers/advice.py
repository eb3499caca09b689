"""How the advice of an error is followed."""

import ast
import re
import traceback
from pathlib import Path

import numpy as np

import lecture_utils


def refusals(path, shared=()):
    """Give the lines of a module that refuse, by themselves or by what they share."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if (isinstance(node, ast.Raise) and "ValueError" in ast.dump(node)) or called == "refuse":
            yield path.name, node.lineno
        if called in shared and path.name not in ("arguments.py", "arrays.py"):
            yield path.name, node.lineno


def refused(call, arguments):
    """Return the line with which a call refuses, and the lines of source that led there."""
    try:
        call(**arguments)
    except ValueError as refusal:
        said, places = str(refusal), []
        while refusal is not None:  # one may have led to another
            places += traceback.extract_tb(refusal.__traceback__)
            refusal = refusal.__context__
        return said, {(Path(place.filename).name, place.lineno) for place in places}
    return None, set()


def refused_name(said):
    """Return the first word of a rule, behind where it holds if that is said."""
    return said.split(" must ")[0].rpartition(": ")[2].split()[0]


def advised(said, arguments):
    """Return the arguments as a line advises: new for what it speaks of, or for what it refuses."""
    advice = said.rpartition("; try ")[2]
    names = {name: getattr(lecture_utils, name) for name in lecture_utils.__all__}
    space = {**names, "np": np, **arguments}
    if re.match(r"\w+=", advice):
        return {**arguments, **eval(f"dict({advice})", space)}
    meant = [word for word in re.findall(r"\w+", advice) if word in arguments]
    return {**arguments, [*meant, refused_name(said)][0]: eval(advice, space)}


def followed(call, arguments, by_hand=None):
    """Call with what must be refused, then as each refusal advises: three times at most."""
    said, _ = refused(call, arguments)
    assert said is not None
    for _ in range(3):
        arguments, by_hand = by_hand(arguments) if by_hand else advised(said, arguments), None
        said, _ = refused(call, arguments)
        if said is None:
            return
    raise AssertionError(said)
