"""What a second worker saves: 40 runs of a notebook by ``tools.sweep``, with one and with two."""

import contextlib
import io
import tempfile
import time
from pathlib import Path

from tools.notebooks import FOLDER
from tools.sweep import sweep

NOTEBOOK = FOLDER / "05_perceptron.ipynb"
RUNS = 40


def seconds(workers):
    """Return the time of all runs, from the start of the workers to the figure."""
    quiet = io.StringIO()
    with (tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(quiet),
          contextlib.redirect_stderr(quiet)):  # fmt: skip
        start = time.perf_counter()
        ended, wanted = sweep(NOTEBOOK, [f"seed=0:{RUNS}"], Path(folder), workers=workers)
        took = time.perf_counter() - start
    failed = [record for record in ended if "error" in record]
    if failed or len(ended) < wanted:
        raise RuntimeError(f"{wanted - len(ended)} of {wanted} runs lost, failed: {failed[:1]}")
    return took


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    one, two = seconds(1), seconds(2)
    return [(f"sweep, {RUNS} runs of notebook 05: 1 worker ({one:.0f} s) / 2 workers",
             f"{one / two:.2f}", "", None)]  # fmt: skip
