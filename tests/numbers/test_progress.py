"""The bar of a long training: seen while it runs, in a terminal and a notebook, and gone after."""

import copy
import io
import sys
import types

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from lecture_utils.numbers import progress
from lecture_utils.numbers.layers import Dense
from lecture_utils.numbers.network import Network
from lecture_utils.numbers.training import fit
from tools.notebooks import mend

X, Y = np.arange(20.0).reshape(20, 1) / 20.0, np.arange(20.0)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def said(monkeypatch, terminal, seconds, **options):
    """Train with a clock that goes on by `seconds` whenever it is read; return what was written."""
    clock = iter(np.arange(10_000) * seconds)
    monkeypatch.setattr(progress, "time", types.SimpleNamespace(perf_counter=lambda: next(clock)))
    monkeypatch.setattr(sys, "stderr", terminal)
    fit(Network([Dense(1, 1)]), X, Y, "squared", **options)
    return terminal.getvalue()


def test_a_line_of_a_terminal_counts_epochs_and_is_left_empty(monkeypatch, capsys):
    text = said(monkeypatch, Terminal(), 2.0, epochs=3)
    assert "epoch 2 of 3" in text
    assert text.split("\r")[-2].strip() == ""
    assert text.endswith("\r")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("terminal", "seconds"), [(Terminal(), 0.0), (io.StringIO(), 2.0)])
def test_short_work_and_a_file_get_no_bar(monkeypatch, terminal, seconds):
    assert said(monkeypatch, terminal, seconds, epochs=3) == ""


def test_a_long_epoch_is_seen_from_within_and_no_reader_is_flooded(monkeypatch):
    # 200 updates that take 10 seconds: nothing in the first, then five times a second
    text = said(monkeypatch, Terminal(), 0.05, epochs=10, batch=1)
    assert 40 <= text.count("of 10") <= 46
    assert text.count("epoch 5 of 10") >= 4


TRAINING = """import signal, time
from lecture_utils import Dense, Network, fit
def wait(history):
    time.sleep({seconds})
    if len(history.loss) == 5:
        {then}
fit(Network([Dense(1, 1)]), [[1.0], [2.0]], [1.0, 2.0], "squared", epochs=6, on_epoch=wait);
"""
CELLS = {
    "long": (0.3, "pass"),
    "failing": (0.3, "1 / 0"),
    "interrupted": (0.3, "signal.raise_signal(signal.SIGINT)"),
    "short": (0.0, "pass"),
}


class Watched(NotebookClient):
    """Executes a notebook as every tool does, and keeps what a reader would have seen."""

    def process_message(self, msg, cell, cell_index):
        if msg["msg_type"].endswith("display_data"):
            cell.metadata.setdefault("seen", []).append(msg["content"])
        return super().process_message(msg, cell, cell_index)


@pytest.fixture(scope="module")
def notebook():
    sources = [TRAINING.format(seconds=seconds, then=then) for seconds, then in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, sources)])
    Watched(notebook, kernel_name="python3", allow_errors=True, timeout=60).execute()
    return notebook


@pytest.mark.slow
@pytest.mark.parametrize("name", CELLS)
def test_a_notebook_shows_a_bar_for_long_work_and_stores_nothing_of_it(notebook, name):
    notebook = copy.deepcopy(notebook)
    cell = notebook.cells[list(CELLS).index(name)]
    seen = [content["data"] for content in cell.metadata.get("seen", [])]
    if name == "short":
        assert seen == []
    else:
        assert "<progress" in seen[1]["text/html"]
        assert seen[1]["text/plain"].endswith("of 6")
        assert seen[0] == {}  # for readers that know no updates, as the test of stored outputs
        assert len({content["transient"]["display_id"] for content in cell.metadata.seen}) == 1
    assert not any(output.get("data") for output in cell.outputs), cell.outputs
    kinds = {"failing": ["error"], "interrupted": ["stream"]}
    list(mend(notebook))
    assert [output.output_type for output in cell.outputs] == kinds.get(name, [])
