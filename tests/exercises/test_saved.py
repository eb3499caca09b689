"""What a reader has solved, read from notebooks as people and platforms leave them."""

import json

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lecture_utils import check, solved
from tests.helpers.exercise_notebooks import EXERCISES
from tests.helpers.live_figures import paths

TEXT = "No, because every state is only multiplied by a number."
ANSWERS = {
    "right": ("05.1", lambda X, w, b: np.sign(X @ w + b)),
    "not yet": ("05.1", lambda X, w, b: -np.sign(X @ w + b)),
    "not yet tried": ("05.1", ...),
    "compare": ("05.10", TEXT),
}
IN_05 = [number for number in EXERCISES if number.startswith("05.")]


def said(state):
    """Return the output of a cell in which a check had this verdict."""
    words = repr(check(*ANSWERS[state]))
    return new_output("execute_result", {"text/plain": words}, execution_count=1)


def cell(state, count=1, number=None):
    """Return a cell as it is saved after it was run."""
    number = number or ANSWERS[state][0]
    output = said(state)
    output.data["text/plain"] = output.data["text/plain"].replace(ANSWERS[state][0], number, 1)
    return new_code_cell(f'check("{number}", mine)', outputs=[output], execution_count=count)


def save(path, *cells):
    nbformat.write(new_notebook(cells=list(cells)), path)


@pytest.mark.parametrize("state", ANSWERS)
def test_each_verdict_is_read_as_it_was_meant(state, tmp_path):
    save(tmp_path / "05_perceptron.ipynb", cell(state))
    read, number = solved(tmp_path), ANSWERS[state][0]
    assert read.states == dict.fromkeys(IN_05, "") | {number: state}
    assert (number in read.done) == (state in ("right", "compare"))
    assert sorted(read.done + read.open) == sorted(IN_05)


def test_the_words_name_what_is_solved_open_waiting_and_away(tmp_path):
    save(tmp_path / "00.ipynb", cell("right", number="00.1"), cell("right", number="00.2"))
    save(tmp_path / "03.ipynb", cell("not yet tried", number="03.1"))
    others = [cell("right", number=number) for number in IN_05[2:]]
    save(tmp_path / "05.ipynb", cell("not yet"), cell("not yet tried", number="05.2"), *others)
    assert repr(solved(tmp_path)).splitlines() == [
        "00: 2 of 2 solved: 00.1, 00.2",
        f"05: {len(IN_05) - 2} of {len(IN_05)} solved: {', '.join(IN_05[2:])}; "
        "open: 05.1 (not right yet), 05.2",
        "Not begun: 03",
        "Not in this folder: 01, 02, 04, 06, 07, 08, 09, 10",
        "Only what is saved counts: save a notebook (File, Save), then run this again.",
    ]


def test_the_notebooks_as_they_come_know_all_exercises_and_none_is_solved():
    read = solved(paths()[0].parent)
    assert list(read.states) == sorted(EXERCISES, key=list(EXERCISES).index)
    assert set(read.states.values()) == {"not yet tried"}
    assert (read.done, read.silent, read.unread) == ([], (), ())
    assert repr(read).startswith("Nothing is solved yet.\nNot begun: 00, 01, 02, ")


@pytest.mark.parametrize(("cells", "state"), [
    ([cell("right", 3), cell("not yet", 7)], "not yet"),  # changed afterwards, and now wrong
    ([cell("not yet", 7), cell("right", 3)], "not yet"),  # the later one stands further up
    ([cell("right", 3), cell("right", None)], "right"),
    ([cell("right", 3), cell("not yet tried", 9)], "right"),  # solved in a cell of one's own
    ([cell("not yet tried", 1), cell("not yet", 2)], "not yet"),
])  # fmt: skip
def test_of_several_verdicts_the_last_one_run_counts(cells, state, tmp_path):
    save(tmp_path / "05.ipynb", *cells)
    assert solved(tmp_path).states["05.1"] == state


def test_of_two_verdicts_of_one_cell_the_last_counts(tmp_path):
    words = "\n".join(repr(check(*ANSWERS[state])) for state in ("right", "not yet"))
    printed = new_output("stream", name="stdout", text=words)
    save(tmp_path / "05.ipynb", new_code_cell('print(check("05.1", mine))', outputs=[printed]))
    assert solved(tmp_path).states["05.1"] == "not yet"


def test_of_two_copies_the_best_counts(tmp_path):
    save(tmp_path / "05_perceptron.ipynb", cell("not yet"), cell("compare"))
    save(tmp_path / "05_perceptron-Copy1.ipynb", cell("right"), cell("not yet tried", 1, "05.10"))
    assert solved(tmp_path).done == ["05.1", "05.10"]


def test_a_notebook_saved_by_colab_is_read(tmp_path):
    def as_colab(cell, kind):
        output = {"output_type": "execute_result", "execution_count": 5, "metadata": {},
                  "data": {"text/plain": [repr(check(*ANSWERS["right"]))], kind: {}}}  # fmt: skip
        return {"cell_type": "code", "source": ["check(\n", "    '05.1', predict)"],
                "metadata": {"id": "x", "outputId": "y"}, "execution_count": 5,
                "outputs": [output]}  # fmt: skip

    text = {"cells": [as_colab(cell, "application/vnd.google.colaboratory.intrinsic+json")],
            "metadata": {"colab": {"provenance": []}, "widgets": {"application/x": {}}},
            "nbformat": 4, "nbformat_minor": 0}  # fmt: skip
    (tmp_path / "Copy of 05.ipynb").write_text(json.dumps(text), encoding="utf-8")
    assert solved(tmp_path).done == ["05.1"]


def test_a_notebook_without_outputs_is_named(tmp_path):
    save(tmp_path / "05_mine.ipynb", new_code_cell('check("05.1", mine)'))
    read = solved(tmp_path)
    assert (read.done, read.silent) == ([], ("05_mine.ipynb",))
    assert "No verdict is saved in 05_mine.ipynb: run its exercises, and save it" in repr(read)


TORN = {
    "half": '{"cells": [{"cell_type": "code", "source": "check(',
    "empty": "",
    "no cells": "{}",
    "a list": "[1, 2]",
    "cells of numbers": '{"cells": [1]}',
    "a source of numbers": '{"cells": [{"cell_type": "code", "source": [1, 2]}]}',
    "outputs of text": '{"cells": [{"cell_type": "code", "source": "check(", "outputs": "no"}]}',
    "deep": "[" * 100_000,
    "of another code page": b"\xe4\xff\x00",
}


@pytest.mark.parametrize("text", TORN.values(), ids=TORN)
def test_a_torn_file_is_named_and_the_others_are_read(text, tmp_path):
    path = tmp_path / "01_torn.ipynb"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    save(tmp_path / "05.ipynb", cell("right"))
    read = solved(tmp_path)
    assert (read.done, read.unread) == (["05.1"], ("01_torn.ipynb",))
    assert "Not read, because it is no whole notebook: 01_torn.ipynb" in repr(read)


def test_a_folder_that_is_called_like_a_notebook_is_named(tmp_path):
    (tmp_path / "x.ipynb").mkdir()
    assert solved(tmp_path).unread == ("x.ipynb",)


def test_foreign_notebooks_change_nothing(tmp_path):
    save(tmp_path / "05.ipynb", cell("not yet"))
    before = solved(tmp_path)
    printed = new_output("stream", name="stdout", text="05.1: right, says who?")
    save(tmp_path / "thesis.ipynb", new_code_cell("print(words)", outputs=[printed]),
         new_markdown_cell('check("05.1", mine)\n\n05.1: right'),
         cell("right", number="77.1"), cell("right", number="05.99"))  # fmt: skip
    save(tmp_path / "course.ipynb", new_code_cell('check("77.1", x)\ncheck("06.99", x)'))
    (tmp_path / ".ipynb_checkpoints").mkdir()
    save(tmp_path / ".ipynb_checkpoints" / "05-checkpoint.ipynb", cell("right"))
    assert solved(tmp_path) == before


def test_where_no_notebook_is_saved_it_says_how_to_see_them(tmp_path, monkeypatch):
    (tmp_path / "sample_data").mkdir()  # as on Colab
    monkeypatch.chdir(tmp_path)
    read = solved()
    assert (read.states, read.done, read.open) == ({}, [], [])
    assert repr(read).startswith("No notebook of the series is saved in this folder. Colab and ")


@pytest.mark.parametrize("folder", ["nowhere", None, 7, "\0"])
def test_a_folder_that_is_none_is_refused_in_one_line(folder):
    with pytest.raises(ValueError, match=r"^folder must be one that can be read, got .+; try .+$"):
        solved(folder)
