"""What the playground can be set to: all of it is taken, all else is refused in one line."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_utils import playground
from lecture_utils.numbers.layers import INITS
from lecture_utils.numbers.optimizers import OPTIMIZERS
from lecture_utils.training_room.setting import (
    ACTIVATION_MENU,
    DATA,
    FEATURES,
    FIRST,
    PENALTIES,
    SCHEDULES,
    TABLE,
    checked,
    python_line,
)

OWN = {
    "features": st.lists(st.sampled_from([*FEATURES]), min_size=1).map(tuple),
    "hidden": st.lists(st.integers(1, 8), max_size=6).map(tuple),
    "activation": st.sampled_from(ACTIVATION_MENU),
    "init": st.sampled_from([*INITS]),
    "dropout": st.floats(0.0, 0.8),
    "optimizer": st.sampled_from([*OPTIMIZERS]),
    "step": st.floats(0.00001, 10.0),
    "schedule": st.sampled_from([*SCHEDULES]),
    "batch": st.integers(1, 30),
    "penalty": st.sampled_from(PENALTIES),
    "rate": st.floats(0.0, 10.0),
}
SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        **OWN,
        "data": st.sampled_from([*DATA]),
        "noise": st.floats(0.0, 0.5),
        "ratio": st.floats(0.1, 0.9),
        "seed": st.integers(0, 999),
        "test": st.booleans(),
        "discrete": st.booleans(),
        "race": st.none() | st.fixed_dictionaries({}, optional=OWN),
    },
)
BAD = {
    "data": ["moons", 3, None],
    "noise": [-0.1, 0.6, "much", float("nan")],
    "ratio": [0.0, 1.0],
    "seed": [-1, 1000, 0.5, True],
    "features": [(), "x1", ("x3",), 7],
    "hidden": [(9,), (0,), (1,) * 7, 4, (2.5,)],
    "activation": ["softmax", "sign", None],
    "init": ["zero"],
    "dropout": [0.9, -0.1],
    "loss": ["hinge", 1],
    "optimizer": ["sgd"],
    "step": [0.0, 11.0, "0.1", float("inf")],
    "schedule": ["step", None],
    "race": [
        3,
        "Adam",
        {"data": "xor"},
        {"points": ()},
        {"race": {}},
        {"step": 99},
        {"loss": "no"},
    ],
    "batch": [0, 31, 2.0],
    "penalty": ["l1", None],
    "rate": [-1.0, 10.5],
    "points": [
        3,
        "x",
        [3],
        [(1, 2)],
        [(-1, 0, 0, 1)],
        [(0.5, 0, 0, 1)],
        [(251, 0, 0, 1)],
        [(0, 7, 0, 1)],
        [(0, 0, float("nan"), 1)],
        [(0, 0, 0, 0.5)],
        [(0, 0, 0, "1")],
    ],
    "test": [1, "yes"],
    "discrete": [None],
    "speed": [0, 101],
    "epochs": [-1, 1_000_001, "5", float("nan"), True],
    "changes": [
        3,
        "step",
        [(1, "step")],
        [(-1, "step", 1)],
        [(2, "step", 1)],
        [(1, 7, 7)],
        [(1, "hidden", (3,))],
        [(1, "step", 99)],
        [(1, "step", 1), (0, "step", 1)],
        [(1, (0, 0, 9), 1)],
        [(1, (9, 0, 0), 1)],
        [(1, (0, "b", 0), 1)],
        [(1, [0.0, 0, 0], 1)],
        [(1, ([], {}, 0), 1)],
        [(1, (0, 0, 0), "1")],
        [(1, (0, 0, 0), float("nan"))],
    ],
}


@given(SETTINGS)
def test_a_setting_and_its_line_are_the_same(setting):
    full = checked(setting)
    assert eval(python_line(full), {"playground": lambda **given: checked(given)}) == full


def test_every_bad_value_is_refused_in_one_line():
    assert set(BAD) == set(TABLE) == set(FIRST)
    for name, values in BAD.items():
        for value in values:
            rest = {"epochs": 1} if name == "changes" else {}
            with pytest.raises(ValueError, match=None if rest else name) as refusal:
                playground(**{name: value, **rest})
            assert "\n" not in str(refusal.value)
            assert "must " in str(refusal.value), refusal.value
    with pytest.raises(ValueError, match=r"no setting 'datum'; it has data, noise"):
        playground(datum="xor")
    with pytest.raises(ValueError, match=r"loss must be squared for plane"):
        playground(data="plane", loss="cross_entropy")
    with pytest.raises(ValueError, match=r"loss must be squared for plane"):
        playground(data="plane", race={"loss": "cross_entropy"})


def advised(said, setting):
    """Return a setting as a refusal advises: new for what it names, else in place of what came."""
    rule, got, advice = re.fullmatch(r"(.*)[,;] got (.*?)(?:; try (.*))?", said).groups()
    advice, name = advice or repr(re.search(r"one of (\w+)", rule)[1]), rule.split()[0]
    if re.match(r"\w+=", advice):
        return {**setting, **eval(f"dict({advice})", dict(setting))}
    if name in setting and "weight" not in rule:
        return {**setting, name: eval(advice)}
    if got[0] == "(":  # a list, perhaps
        got, advice = got.strip("()"), advice.strip("()")
    got = got if got in repr(setting) else got.removesuffix(".0")
    assert got in repr(setting)
    return eval(repr(setting).replace(got, advice, 1), {"nan": math.nan})


MORE = [
    {"changes": [(5, "step", 0.1), (2, "step", 0.2)], "epochs": 5},
    {"changes": [(5, "step", 0.1), (7, "batch", 3), (2.5, (0, 0, 0), 0.2)], "epochs": 1},
    {"data": "plane", "loss": "cross_entropy"},
    {"data": "plane", "race": {"loss": "cross_entropy"}},
    {"changes": [(0, "points", [(300, 0, 0, 1)])]},
]


@pytest.mark.parametrize("setting", [
    *({name: value, **({"epochs": 1} if name == "changes" else {})}
      for name, values in BAD.items() for value in values), *MORE,
], ids=repr)  # fmt: skip
def test_advice_works_when_it_is_followed(setting):
    for round in range(5):
        try:
            checked(setting)
        except ValueError as refusal:
            setting = advised(str(refusal), setting)
        else:
            assert round > 0
            return
    raise AssertionError(setting)
