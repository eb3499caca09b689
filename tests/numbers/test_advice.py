"""What an error of the numbers says to try is tried: it works, or the next line says what does.

Every place that refuses is found in the source, and must be met here. Advice that is Python is
carried out as it stands. Advice in words is followed by a function beside the case.
"""

import re
from pathlib import Path

import numpy as np
import pytest

import lecture_utils
from lecture_utils import Dense, Network
from tests.helpers.advice import followed, refusals, refused
from tests.numbers.advice_cases import CASES

NUMBERS = Path(lecture_utils.__file__).parent / "numbers"
SHARED = {"whole", "number", "positive", "choice", "generator", "array", "numbers", "finite",
          "filled", "same_rows", "holding"}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_advice_works_when_it_is_followed(case):
    followed(*case)


def test_every_place_that_refuses_is_met():
    met = set().union(*(refused(call, arguments)[1] for call, arguments, *_ in CASES))
    files = sorted(NUMBERS.glob("*.py"))
    unmet = {place for path in files for place in refusals(path, SHARED)} - met
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
