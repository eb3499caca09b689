"""What notebook 09 says in numbers, and what its figures draw."""

import csv
import json
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from lecture_utils import style
from tests.helpers.exercise_notebooks import parts
from tests.helpers.series import read, said
from tools.navigation import ROOT

NAME = "09_convolution_and_alexnet"
SHIPPED = ROOT / "lecture_utils" / "data" / "digits_read.csv"


def made(*begins):
    """Run the set-up and the cells that begin so; return what they made."""
    path, cells, _ = parts("09")
    found, wanted = {"__name__": "__main__"}, ("# @title Set-up", "seed = ", *begins)
    for cell in cells:
        if cell.cell_type == "code" and cell.source.startswith(wanted):
            exec(compile(cell.source, path.name, "exec"), found)
    return found


def text(name, begin):
    (cell,) = (cell.source for cell in read(name).cells if cell.source.startswith(begin))
    return cell


def swept():
    """Return what the shipped runs found: name -> five numbers."""
    with SHIPPED.open(encoding="utf8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def all_runs(name):
    return np.concatenate([swept()[f"{name}_{start}"] for start in (1, 2, 3)])


def between(numbers, form=".0f"):
    return f"{100 * min(numbers):{form}} to {100 * max(numbers):{form}} %"


def test_the_shipped_runs_are_those_of_the_command_and_the_first_is_this_notebook_s():
    (cell,) = (c for c in read(NAME).cells if "results" in c.metadata.get("tags", ()))
    ((_, line),) = said(cell)
    found = swept()
    assert [*found] == ["seed", *json.loads(line)]
    assert [*found["seed"]] == [0, 1, 2, 3, 4]
    assert {name: runs[0] for name, runs in found.items() if name != "seed"} == json.loads(line)
    command = "python -m tools.sweep notebooks/09_convolution_and_alexnet.ipynb --set seed=0:5"
    assert command in text(NAME, "Fewer parameters than the dense network")
    assert command in (SHIPPED.parent / "README.md").read_text(encoding="utf8")


def test_windows_read_more_digits_than_dense_layers_do_on_every_split():
    assert np.isclose(np.median(all_runs("convolutions")), 0.989, atol=5e-4)
    for name in ("dense", "dense_with_dropout"):
        assert np.isclose(np.median(all_runs(name)), 0.976, atol=5e-4)
        for number in range(5):
            ours, other = ([swept()[f"{n}_{k}"][number] for k in (1, 2, 3)]
                           for n in ("convolutions", name))  # fmt: skip
            assert np.median(ours) > np.median(other), (name, number)


def test_the_texts_cite_the_shipped_runs():
    found, words = swept(), text(NAME, "Most of them: the gain reaches")
    for by in (1, 2):
        for kind in ("alone", "augmented"):
            assert between(found[f"moved_by_{by}_{kind}"]) in words, (by, kind)
    assert between([*found["moved_by_0_alone"], *found["moved_by_0_augmented"]]) in words
    spread = between(all_runs("convolutions"), ".1f")
    assert spread in text("10_frameworks", "The three agree")


def test_the_network_of_09_reads_as_well_in_every_library():
    """As stored: within what its starts and splits do to ours."""
    (cell,) = (c for c in read("10_frameworks").cells
               if c.source.startswith("# @title Result: held-out"))  # fmt: skip
    reads_as_ours("".join(words for _, words in said(cell)), 3)


def reads_as_ours(words, libraries):
    """Assert that so many libraries read a share of digits that ours reads, too."""
    shares = re.findall(r"(\w+): ([\d.]+)% of 449 held-out digits read right", words)
    assert len(shares) == libraries
    least, most = (100 * end(all_runs("convolutions")) for end in (min, max))
    for name, share in shares:
        assert least - 0.05 <= float(share) <= most + 0.05, name


@pytest.fixture(scope="module")
def eyes():
    """What learns to see, without the network that reads digits."""
    return made(
        "# @title For the figure kernel: the photograph",
        "def whiten",
        "# @title For the figure eye: what",
        "# @title For the figure opponents: the eye",
    )


def test_a_unit_with_one_direction_is_told_from_one_without(eyes):
    across = np.cos(2 * np.pi * np.arange(11) / 4) * np.ones((11, 1))
    spot = np.zeros((11, 11))
    spot[5, 5] = 1.0
    both = across + across.T
    shares = eyes["directed"](np.stack([across, across.T, spot, both]))
    assert list(shares > 0.5) == [True, True, False, False]


def test_most_units_of_the_eye_come_to_have_one_direction(eyes):
    start, end = eyes["DIRECTED"][0], eyes["DIRECTED"][-1]
    assert (start, end, len(eyes["STANDS_FOR"][-1])) == (12, 54, 64)
    assert f"{start} have one direction by chance" in text(NAME, "We say that a unit")
    assert f"Most of them: {end} of 64" in "".join(c.source for c in read(NAME).cells)


def test_most_grey_units_of_the_eye_in_colour_have_one_direction(eyes):
    grey, straight = int(eyes["GREY"][-1].sum()), eyes["STRAIGHT"][-1]
    assert (grey, straight) == (53, 45)
    words = "".join(c.source for c in read(NAME).cells)
    assert f"{grey} units are grey, and {straight} of these have one direction" in words
    assert f"The other {64 - grey} are coloured" in words


@pytest.fixture(scope="module")
def tower():
    found = made(
        "# @title For the figure kernel: the photograph", "ALEXNET = ", "def walk",
        "# @title For the figure alexnet", "# @title Figure alexnet",
    )  # fmt: skip
    return found["alexnet"]


HALVES_MEET = ("conv3", "fc6", "fc7")


@pytest.mark.parametrize("layer", range(11))
def test_the_walk_shows_and_says_where_the_two_halves_meet(tower, layer):
    tower.set(layer=layer, across=227, two_cards=True)
    name = tower.caption.partition(" ")[0]
    red = [line for line in tower.figure.axes[0].lines if line.get_linewidth() == 3.0]
    assert len(red) == (4 if name in HALVES_MEET else 2)
    own = "Each card sees its own half only." in tower.caption
    assert own == (name in ("conv2", "conv4", "conv5") or name.startswith("pool"))
    tower.set(two_cards=False)
    assert not [line for line in tower.figure.axes[0].lines if line.get_visible()]
    assert "card" not in tower.caption
    assert "halves meet" not in tower.caption


@pytest.mark.parametrize(("across", "high"), [(227, 55.0), (224, 54.0)])
def test_the_boxes_are_as_high_as_the_map_that_stands_above_them(tower, across, high):
    tower.set(layer=0, across=across, two_cards=True)
    front = next(patch for patch in tower.figure.axes[0].patches
                 if patch.get_facecolor() == to_rgba(style.COLORS["plus"]))  # fmt: skip
    assert np.ptp(front.get_xy()[:, 1]) == pytest.approx(high)
    assert f"{high:.0f} x {high:.0f}\nx 96" in [t.get_text() for t in tower.figure.axes[0].texts]


@pytest.mark.parametrize(("window", "stride"), [(2, 2), (3, 2), (3, 1), (2, 3)])
def test_the_winners_of_pooling_are_those_found_one_by_one(window, stride):
    rng = np.random.default_rng(0)
    cells = rng.integers(0, 5, (7, 7))  # many are equal
    tops, wins = made("# @title For the figure pooling")["winners"](cells, window, stride)
    m, expected = (7 - window) // stride + 1, np.zeros((7, 7), int)
    for i, j in np.ndindex(m, m):
        part = cells[stride * i : stride * i + window, stride * j : stride * j + window]
        assert tops[i, j] == part.max()
        place = np.argwhere(part == part.max())[0]
        expected[tuple(place + stride * np.array([i, j]))] += 1
    assert np.array_equal(wins, expected)
