"""What a sweep has found stays: other versions, torn writes, full disks, two at once, lost runs."""

import contextlib
import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import sweep
from tools.sweep_figure import draw
from tools.sweep_records import Records, write


@pytest.fixture
def notebook(tmp_path):
    """A notebook that reports its parameters."""
    return toy(tmp_path / "toy.ipynb", "print(json.dumps({'sum': seed + step}))")


def toy(path, code):
    """Write a notebook with two parameters and some code as what it reports."""
    cells = [
        new_code_cell("seed = 0\nstep = 0.1", metadata={"tags": ["parameters"]}),
        new_code_cell(f"import json, os, time\n{code}", metadata={"tags": ["results"]}),
    ]
    about = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=about), path)
    return path


@pytest.fixture
def runs(monkeypatch):
    """What comes from the workers, told beforehand: a record by seed, else the seed as number."""
    told, asked = {}, []

    def share(client, notebook, missing):
        for chosen in missing:
            asked.append(chosen["seed"])
            yield chosen, {"seconds": 1.0, **told.get(chosen["seed"], {"found": {"n": 1}})}

    monkeypatch.setattr(sweep, "_client", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(sweep, "_share", share)
    return told, asked


def files(folder):
    """Give every file of a folder with its content."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(notebook, setting="seed=0:3", folder=None, *options):
    """Run a sweep that must end in one line; return the line."""
    folder = folder or notebook.parent / "out"
    with pytest.raises(SystemExit) as end:
        sweep.main([str(notebook), "--set", setting, "--folder", str(folder), *options])
    assert len(str(end.value).splitlines()) == 1
    return end.value.code


def swept(notebook, setting="seed=0:3"):
    """Run a sweep; return its exit code and what stands in its folder."""
    folder = notebook.parent / "out"
    code = sweep.main([str(notebook), "--set", setting, "--folder", str(folder)])
    return code, files(folder)


def test_an_edited_notebook_and_no_scheduler_leave_all_as_it_was(notebook, monkeypatch):
    folder = notebook.parent / "out"
    records = Records(folder / "runs", sweep.read(notebook)[2])
    for seed in range(3):
        records.add({"seed": seed}, {"found": {"sum": seed}, "seconds": 1.0})
    assert swept(notebook)[0] == 0
    before = files(folder)
    assert len(before) == 3 + 2, "three runs, a table, a picture"
    edited = nbformat.read(notebook, as_version=4)
    edited.cells[1].source += "  # a comment"
    nbformat.write(edited, notebook)
    monkeypatch.setattr(sweep, "PATIENCE", 1)
    said = refused(notebook, "seed=0:3", folder, "--scheduler", "tcp://127.0.0.1:9")
    assert "try without --scheduler" in said
    assert files(folder) == before


def test_versions_stand_side_by_side(notebook, runs):
    _, asked = runs
    first = swept(notebook)[1]
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("import json", "import  json"), encoding="utf-8")
    assert swept(notebook, "seed=5")[0] == 0
    assert asked == [0, 1, 2, 5]
    notebook.write_text(text, encoding="utf-8")
    code, now = swept(notebook)
    assert (code, asked) == (0, [0, 1, 2, 5]), "the first three are known again"
    assert first.items() <= now.items()
    assert len(now) == len(first) + 1


def test_the_file_of_an_earlier_release_is_not_touched(notebook, runs, capsys):
    old = notebook.parent / "out" / "runs.jsonl"
    write(old, b'{"parameters": {"seed": 0}, "found": {"n": 7}}\n')
    assert swept(notebook)[1][old] == b'{"parameters": {"seed": 0}, "found": {"n": 7}}\n'
    assert "runs.jsonl is of an earlier release" in capsys.readouterr().out


def test_killed_in_the_middle_of_a_write_the_record_before_is_there(tmp_path):
    records = Records(tmp_path, "v")
    records.add({"seed": 1}, {"found": {"n": 1}, "seconds": 1.0})
    program = (
        "import os, pathlib, tools.sweep_records as store\n"
        "os.fsync = lambda file: os._exit(9)\n"  # as SIGKILL: nothing is tidied up
        f"records = store.Records(pathlib.Path({str(tmp_path)!r}), 'v')\n"
        "records.add({'seed': SEED}, {'found': {'n': 2}, 'seconds': 1.0})\n"
    )
    for seed in "12":
        done = subprocess.run([sys.executable, "-c", program.replace("SEED", seed)])
        assert done.returncode == 9
    assert records.read({"seed": 1})["found"] == {"n": 1}
    assert records.read({"seed": 2}) is None
    records.add({"seed": 2}, {"found": {"n": 3}, "seconds": 1.0})
    assert records.read({"seed": 2})["found"] == {"n": 3}


def test_a_spoiled_record_counts_as_missing(tmp_path):
    records = Records(tmp_path, "v")
    records.add({"seed": 1}, {"found": {}, "seconds": 1.0})
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    for spoiled in (b"", whole[:20], b"[]", b"{}", b"\xff\xfe", whole.replace(b"seed", b"sead")):
        path.write_bytes(spoiled)
        assert records.read({"seed": 1}) is None


@pytest.mark.parametrize(("step", "number"), [
    ("fsync", errno.ENOSPC), ("fsync", errno.EIO), ("replace", errno.EACCES),
])  # fmt: skip
def test_a_full_disk_is_said_in_one_line_and_what_is_done_stays(
    notebook, runs, monkeypatch, step, number
):
    _, asked = runs
    swept(notebook, "seed=0:2")
    before = files(notebook.parent)
    left = 3  # the table, the picture, one run
    real = getattr(os, step)

    def full(*arguments):
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(number, os.strerror(number))
        return real(*arguments)

    monkeypatch.setattr(os, step, full)
    said = refused(notebook, "seed=0:9")
    assert f"must be written, got {os.strerror(number)}; what is done is kept" in said
    monkeypatch.undo()
    now = files(notebook.parent)
    assert {path for path in before if "runs" in path.parts} < set(now)
    assert len(now) == len(before) + 1, "one run more, no rest of a file"
    assert asked == [0, 1, 2, 3]


def test_a_record_that_is_being_read_is_replaced_a_moment_later(tmp_path, monkeypatch):
    refusals, waits, real = [1, 2, 3], [], os.replace

    def held(*paths):
        if refusals:
            refusals.pop()
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        real(*paths)

    monkeypatch.setattr(os, "replace", held)
    monkeypatch.setattr("tools.sweep_records.time.sleep", waits.append)
    write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert 0 < sum(waits) < 5
    assert len(files(tmp_path)) == 1


def test_a_folder_that_takes_no_file_is_found_out_before_a_run(notebook, runs, monkeypatch):
    _, asked = runs
    assert "must be written, got" in refused(notebook, folder=notebook / "out")
    swept(notebook, "seed=7")

    def read_only(path, mode="r", *rest, real=Path.open, **named):
        if "w" in mode:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", read_only)
    assert "must be written, got Permission denied" in refused(notebook, "seed=8")
    assert asked == [7]


def test_two_writers_and_a_reader_never_meet_half_a_file(tmp_path):
    records = Records(tmp_path, "v")
    big = {"found": {str(n): n for n in range(20_000)}, "seconds": 1.0}
    records.add({"seed": 1}, big)
    writers = [threading.Thread(target=lambda: [records.add({"seed": 1}, big) for _ in range(8)])
               for _ in range(2)]  # fmt: skip
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert records.read({"seed": 1})["found"] == big["found"]
    assert len(files(tmp_path)) == 1


def test_what_was_lost_is_run_again_and_an_error_of_the_notebook_is_not(notebook, runs, capsys):
    told, asked = runs
    told[1] = {"error": "ValueError: 1 is unlucky"}
    told[2] = {"lost": "CellTimeoutError: A cell timed out"}
    assert swept(notebook)[0] == 1
    out = capsys.readouterr().out
    assert "lost: {'seed': 2}: CellTimeoutError: A cell timed out" in out
    assert "1 runs were lost" in out
    del told[2]
    assert swept(notebook)[0] == 1
    assert asked == [0, 1, 2, 2]
    assert "failed: {'seed': 1}: ValueError: 1 is unlucky" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "end", "words"), [
    ("time.sleep(60)", "lost", "CellTimeoutError: A cell timed out"),
    ("os._exit(1)", "lost", "DeadKernelError: Kernel died"),
    ("import numpy; numpy.zeros(10**15)", "lost", "MemoryError: Unable to allocate"),
    ("raise OSError(28, 'No space left on device')", "lost", "OSError: [Errno 28]"),
    ("raise BlockingIOError(11, 'Resource temporarily unavailable')", "lost", "BlockingIOError: "),
    ("raise TimeoutError(110, 'Connection timed out')", "lost", "TimeoutError: [Errno 110]"),
    ("import not_on_this_worker", "lost", "ModuleNotFoundError: No module named 'not_on"),
    ("raise RuntimeError(\"can't start new thread\")", "lost", "RuntimeError: can't start"),
    ("raise RuntimeError('of its own')", "error", "RuntimeError: of its own"),
    ("class Odd(OSError): pass\nraise Odd('?')", "error", "Odd: ?"),
    ("raise KeyboardInterrupt", "lost", "KeyboardInterrupt:"),
    ("1 / 0", "error", "ZeroDivisionError: division by zero"),
    ("raise ValueError('two\\nlines')", "error", "ValueError: two"),
    ("print('done')", "error", "no line of JSON with names and numbers, but 'done\\n'"),
    ("print(json.dumps({'b': 1, 'seed': 2}))", "error", "'seed' is a column of the table already"),
    ("print(json.dumps({'seconds': 2}))", "error", "'seconds' is a column of the table already"),
    ("print([1])", "error", "no line of JSON with names and numbers, but '[1]\\n'"),
])  # fmt: skip
def test_whose_fault_it_is(tmp_path, code, end, words):
    notebook = nbformat.read(toy(tmp_path / "toy.ipynb", code), as_version=4)
    record = sweep.one_run(notebook, {"seed": 1}, 1 if "sleep" in code else 60)
    assert set(record) == {end, "seconds"}
    assert words in record[end]
    assert "\n" not in record[end]


def test_a_value_comes_to_the_notebook_as_it_was_meant(tmp_path):
    code = "print(json.dumps({'got': repr(seed)}))\nos.write(2, b'no part of it')"
    notebook = nbformat.read(toy(tmp_path / "toy.ipynb", code), as_version=4)
    meant = [(4, 2), {1: None}, "it's\n\\", -1e-300, True]
    assert sweep.one_run(notebook, {"seed": meant}, 60)["found"] == {"got": repr(meant)}
    records = Records(tmp_path, "v")
    records.add({"seed": meant}, {"found": {}, "seconds": 1.0})
    assert records.read({"seed": meant})["parameters"] == {"seed": meant}
    for other in ((4, 2), [4, 2], 1, 1.0, True, "1"):
        assert records.read({"seed": other}) is None
        records.add({"seed": other}, {"found": {}, "seconds": 1.0})


def test_words_and_tuples_stand_in_a_row_in_the_figure_as_they_were_given(tmp_path, monkeypatch):
    figures = []
    monkeypatch.setattr(
        "tools.sweep_figure.Figure.savefig", lambda self, *_, **__: figures.append(self)
    )
    steps = ["tanh", (4, 2), 0.5]
    draw([{"parameters": {"seed": s, "step": t}, "found": {"loss": s + n, "why": "?"}}
          for s in range(3) for n, t in enumerate(steps)], tmp_path / "results.png")  # fmt: skip
    (panel,) = figures[0].axes
    figures[0].canvas.draw()
    assert [label.get_text() for label in panel.get_xticklabels()] == ["tanh", "(4, 2)", "0.5"]
    assert list(panel.lines[1].get_ydata()) == [1, 2, 3]


def test_a_picture_of_other_runs_goes(notebook, runs):
    told, _ = runs
    told[1] = {"error": "ValueError: 1 is unlucky"}
    picture = notebook.parent / "out" / "results.png"
    swept(notebook, "seed=0")
    assert picture.exists()
    swept(notebook, "seed=1")
    assert not picture.exists()
