"""Many runs of a notebook: shared out, stopped, gone on with; nothing lost, nothing twice."""

import contextlib
import csv
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.helpers.series import NOTEBOOKS
from tools import sweep
from tools.notebooks import FOLDER
from tools.sweep_figure import draw

POSIX = os.name == "posix"
WITH_RESULTS = ("03", "04", "05", "07", "08")


@pytest.fixture
def notebook(tmp_path):
    """A notebook that adds its parameters, fails at seed 3, and notes every run that it ends."""
    log = tmp_path / "ended.txt"
    cells = [
        new_code_cell("seed = 0\nstep = 0.1\npause = 0.0", metadata={"tags": ["parameters"]}),
        new_code_cell("import json, time\ntime.sleep(pause)\n"
                      "if seed == 3:\n    raise ValueError('3 is unlucky')"),
        new_code_cell("print(json.dumps({'sum': seed + step}))\n"
                      f"open({str(log)!r}, 'a').write(f'{{seed}} {{step}}\\n');",
                      metadata={"tags": ["results"]}),
    ]  # fmt: skip
    about = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    path = tmp_path / "toy.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=about), path)
    return path


def ended(notebook):
    log = notebook.parent / "ended.txt"
    return sorted(log.read_text(encoding="utf-8").split("\n")[:-1]) if log.exists() else []


def table(notebook):
    with (notebook.parent / "out" / "results.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def stored(notebook):
    return list((notebook.parent / "out" / "runs").rglob("*.json"))


def heed_interrupts():
    """Undo what a process in the background of a script inherits: that Ctrl+C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(notebook, *options):
    command = [sys.executable, "-m", "tools.sweep", notebook, "--folder", notebook.parent / "out"]
    alone = {"start_new_session": True, "preexec_fn": heed_interrupts} if POSIX else {}
    return subprocess.Popen([*map(str, [*command, *options])], stdout=subprocess.PIPE, text=True,
                            stderr=subprocess.PIPE, **alone)  # fmt: skip


def end(running, seconds=400):
    try:
        out, err = running.communicate(timeout=seconds)
    finally:
        kill(running)
    return running.returncode, out, err


def kill(running):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL) if POSIX else running.kill()


def wait_for(condition, seconds=300):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_at_once_run_every_combination_and_a_failed_run_stops_nothing(notebook, capsys):
    first = ["--set", "seed=2:4", "--set", "step=0.5,1"]
    both = [start(notebook, *settings, "--workers", 1)
            for settings in (first, ["--set", "seed=2,4", "--set", "step=1"])]  # fmt: skip
    (code, out, err), (other, _, _) = [end(running) for running in both]
    assert (code, other) == (1, 0), "of the same folder at the same time"
    assert out.count("failed: ") == 2
    assert "4/4" in err, "the bar of progress"
    assert set(ended(notebook)) == {"2 0.5", "2 1", "4 1"}
    assert len(stored(notebook)) == 4 + 1
    before = ended(notebook)
    assert sweep.main([str(notebook), *first, "--folder", str(notebook.parent / "out")]) == 1
    assert "4 runs, 4 of them done" in capsys.readouterr().out
    assert ended(notebook) == before, "nothing was missing"
    rows = {(row["seed"], row["step"]): row for row in table(notebook)}
    assert len(rows) == len(table(notebook)) == 4
    for (seed, step), row in rows.items():
        if seed == "3":
            assert (row["sum"], row["error"]) == ("", "ValueError: 3 is unlucky")
        else:
            assert float(row["sum"]) == float(seed) + float(step)


@pytest.mark.skipif(not POSIX, reason="Windows sends Ctrl+C to a window, not to processes")
def test_killed_and_stopped_and_started_again_it_goes_on(notebook):
    options = ["--set", "seed=10:15", "--set", "pause=0.3", "--workers", 1]
    running = start(notebook, *options)
    wait_for(lambda: len(stored(notebook)) > 0)
    kill(running)
    end(running)
    done = len(stored(notebook))
    assert 1 <= done < 5
    running = start(notebook, *options)
    wait_for(lambda: len(stored(notebook)) > done)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all that were started
    code, _, err = end(running)
    assert code == 1
    assert "stopped; what is done is in" in err
    done = len(stored(notebook))
    assert 2 <= len(table(notebook)) == done < 5
    code, out, _ = end(start(notebook, *options))
    assert code == 0
    assert f"5 runs, {done} of them done" in out
    assert sorted(int(row["seed"]) for row in table(notebook)) == list(range(10, 15))
    assert set(ended(notebook)) == {f"{seed} 0.1" for seed in range(10, 15)}


def reachable(address):
    with contextlib.suppress(OSError):
        socket.create_connection(address.removeprefix("tcp://").split(":")).close()
        return True


def refused(notebook, address):
    with pytest.raises(SystemExit) as problem:
        sweep.main([str(notebook), "--set", "seed=1", "--scheduler", address])
    assert str(problem.value).endswith("; try without --scheduler")
    return str(problem.value)


def process(*arguments):
    return subprocess.Popen([sys.executable, "-m", "dask", *arguments], stderr=subprocess.DEVNULL)


def worker(address):
    return process("worker", address, "--no-nanny", "--nthreads=1", "--no-dashboard")


@contextlib.contextmanager
def dask(workers):
    """Start a scheduler and workers, a process each; give its address and their list."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    started = [process("scheduler", "--host=127.0.0.1", f"--port={port}", "--no-dashboard")]
    started += [worker(address) for _ in range(workers)]
    try:
        yield address, started
    finally:
        for each in started:
            each.kill()
            each.wait(20)


def test_a_worker_and_then_the_scheduler_are_killed_and_nothing_is_lost_or_twice(notebook):
    with dask(workers=1) as (address, started):
        options = ["--set", "pause=0.5", "--scheduler", address]
        running = start(notebook, "--set", "seed=10:14", *options)
        wait_for(lambda: len(ended(notebook)) > 0)
        started.append(worker(address))
        started[1].kill()
        code, out, err = end(running)
        assert code == 0, out + err
        assert sorted(int(row["seed"]) for row in table(notebook)) == list(range(10, 14))
        assert len(stored(notebook)) == 4
        running = start(notebook, "--set", "seed=13:17", *options)
        wait_for(lambda: len(stored(notebook)) > 4)
        started[0].kill()
        code, out, err = end(running)
    done = len(table(notebook))
    assert (code, len(stored(notebook))) == (1, 3 + done), err
    assert f"{4 - done} runs were lost" in out
    assert out.count("\nlost: ") == 4 - done > 0
    assert "Traceback" not in err


def test_no_scheduler_or_none_with_workers_is_said_in_one_line(notebook, monkeypatch):
    monkeypatch.setattr(sweep, "PATIENCE", 1)
    with dask(workers=0) as (address, _):
        wait_for(lambda: reachable(address))
        no_workers = refused(notebook, address)
    assert re.fullmatch(rf".* must .*, got {address}: Only 0/1 workers.*", no_workers)
    assert re.fullmatch(rf".* must .*, got {address}: Timed out.*", refused(notebook, address))


@pytest.mark.parametrize(("arguments", "words"), [
    (["--set", "sed=1"], "one of seed, step, pause; got 'sed=1'; try --set seed=1,2"),
    (["--set", "seed=1", "--set", "sed=1"], "got 'sed=1'; try --set step=1,2"),
    (["--set", "seed=1", "--set", "seed=2"], "got seed again; try one --set seed=1,2"),
    (["--set", "seed="], "--set seed: each value must be"),
    (["--set", "seed"], "--set seed: each value must be"),
    (["--set", "seed=(4,2"], "got '(4,2'; try 1,2 or 0:20"),
    (["--set", "seed=1,,2"], "got ''; try 1,2 or 0:20"),
    (["--set", "seed=4:0"], "got '4:0'; try 1,2 or 0:20"),
    (["--set", "seed=0:1000", "--set", "step=0:1000"], "at most 100000 runs, got 1000000; try"),
    (["--set", "seed=1", "--workers", "0"], "--workers must be >= 1, got 0; try --workers 2"),
    (["--set", "seed=1", "--workers", "two"], "invalid int value: 'two'; try --help"),
])  # fmt: skip
def test_wrong_arguments_are_refused_in_one_line(notebook, arguments, words):
    with pytest.raises(SystemExit, match=re.escape(words)):
        sweep.main([str(notebook), *arguments])


@pytest.mark.parametrize("content", [None, "", "{}", "{torn", '{"nbformat": 4, "cells": []}'])
def test_what_is_no_notebook_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "no.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    words = r"cannot be read as a notebook .*; take it from git|must .*, got .*; try notebooks/05"
    with pytest.raises(SystemExit, match=words) as end:
        sweep.main([str(path), "--set", "seed=1"])
    assert "\n" not in str(end.value)


def test_a_notebook_that_reports_nothing_is_refused():
    with pytest.raises(SystemExit, match="must have one cell with the tag 'results'"):
        sweep.main([str(FOLDER / "00_start_here.ipynb"), "--set", "target=1"])


@pytest.mark.parametrize("name", [n for n in NOTEBOOKS if n.startswith(WITH_RESULTS)])
def test_the_notebooks_report_numbers(name):
    cells = nbformat.read(NOTEBOOKS[name], as_version=4).cells
    (cell,) = [cell for cell in cells if "results" in cell.metadata.get("tags", ())]
    (output,) = cell.outputs
    found = json.loads(output.text)
    assert found
    assert all(isinstance(value, int | float) for value in found.values())


def test_the_figure_has_a_line_for_each_value_and_a_panel_for_each_number(tmp_path, monkeypatch):
    figures = []
    monkeypatch.setattr(
        "tools.sweep_figure.Figure.savefig", lambda self, *_, **__: figures.append(self)
    )
    draw([{"parameters": {"seed": s, "step": t, "n": n}, "found": {"loss": s + t, "right": n}}
          for s in range(3) for t in (0.01, 0.1, 1.0) for n in (5, 6)], tmp_path / "x")  # fmt: skip
    loss, right = figures[0].axes
    assert [text.get_text() for text in loss.get_legend().texts] == ["n 5", "n 6"]
    assert right.get_xscale() == "log"
    medians = loss.lines[1].get_xydata()
    assert medians.tolist() == [[0.01, 1.01], [0.1, 1.1], [1.0, 2.0]]
