"""What a notebook asks comes before what answers it."""

import pytest

from tests.helpers.exercise_notebooks import parts

ANSWERS = {  # number of an exercise: what stands in the first cell that gives its answer away
    "06.2": r"| ReLU | $\max(0, z)$ |",
    "06.6": "def hinges_through",
    "07.1": r"z &= x\, W + b",
    "07.6": "def two_layers",
    "08.6": "def ended",
}


@pytest.mark.parametrize("number", ANSWERS)
def test_an_exercise_comes_before_its_answer(number):
    cells = [cell.source for cell in parts(number[:2])[1]]
    (asked,) = (k for k, text in enumerate(cells) if f"### Exercise {number}:" in text)
    (told, *_) = (k for k, text in enumerate(cells) if ANSWERS[number] in text)
    assert asked < told
