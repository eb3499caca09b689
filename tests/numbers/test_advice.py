"""What an error of the numbers says to try is tried: it works, or the next line says what does.

Every place that refuses is found in the source, and must be met here. Advice that is Python is
carried out as it stands. Advice in words is followed by a function beside the case.
"""

import ast
import re
import traceback
from pathlib import Path

import numpy as np
import pytest

import lecture_utils
from lecture_utils import Dense, Network
from tests.advice import CASES

NUMBERS = Path(lecture_utils.__file__).parent / "numbers"
SHARED = {"whole", "number", "positive", "choice", "generator", "array", "numbers", "finite",
          "filled", "same_rows", "holding"}  # fmt: skip


def refusals(path):
    """Give the lines of a module that refuse, by themselves or by what they share."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if (isinstance(node, ast.Raise) and "ValueError" in ast.dump(node)) or called == "refuse":
            yield path.name, node.lineno
        if called in SHARED and path.name not in ("arguments.py", "arrays.py"):
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


def advised(said, arguments):
    """Return the arguments as a line advises: new for what it speaks of, or for what it refuses."""
    advice = said.rpartition("; try ")[2]
    names = {name: getattr(lecture_utils, name) for name in lecture_utils.__all__}
    space = {**names, "np": np, **arguments}
    if re.match(r"\w+=", advice):
        return {**arguments, **eval(f"dict({advice})", space)}
    meant = [word for word in re.findall(r"\w+", advice) if word in arguments]
    return {**arguments, [*meant, said.split()[0]][0]: eval(advice, space)}


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_advice_works_when_it_is_followed(case):
    call, arguments, *by_hand = case
    said, _ = refused(call, arguments)
    assert said is not None
    rounds = 0
    while said is not None:
        rounds += 1
        assert rounds <= 3, said
        arguments = by_hand.pop()(arguments) if by_hand else advised(said, arguments)
        said, _ = refused(call, arguments)


def test_every_place_that_refuses_is_met():
    met = set().union(*(refused(call, arguments)[1] for call, arguments, *_ in CASES))
    files = sorted(NUMBERS.glob("*.py"))
    unmet = {place for path in files for place in refusals(path)} - met
    assert not unmet


class Unseen:
    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize("value", [Unseen(), [Unseen()], list(range(10**6)), "a\n" * 1000])
@pytest.mark.parametrize("call", [Dense, lecture_utils.SGD, lecture_utils.moons])
def test_whatever_is_refused_is_shown_in_one_short_line(call, value):
    said, _ = refused(lambda value: call(value, *[1][: call is Dense]), {"value": value})
    assert re.fullmatch(r".{30,250}", said)


def test_a_torn_file_is_written_anew(tmp_path):
    network, path = Network([Dense(2, 1)]), tmp_path / "kept.npz"
    path.write_bytes(b"torn")
    said, _ = refused(network.load, {"path": path})
    eval(said.rpartition("; try ")[2], {"network": network, "path": path})
    network.load(path)


@pytest.mark.parametrize("shape", [(4, 3), (2, 3), (3, 2, 3)])
def test_no_advice_mixes_what_belongs_to_several_samples(shape):
    said, _ = refused(Network([Dense(2, 1)]).predict, {"X": np.ones(shape)})
    assert said.endswith("try samples of that shape")
