"""What ``import lecture_utils`` costs beyond the libraries that every notebook imports anyway."""

import statistics
import subprocess
import sys

LIMIT = 30.0  # ms
USUAL = "from lecture_utils import check, explore, style"
PROGRAM = """
import time, numpy, matplotlib.figure, ipywidgets
start = time.perf_counter()
{statement}
print(1000 * (time.perf_counter() - start))
"""


def milliseconds(statement, turns=7):
    """Return the median time of a statement in fresh interpreters."""
    command = [sys.executable, "-c", PROGRAM.format(statement=statement)]
    times = [float(subprocess.check_output(command, text=True)) for _ in range(turns)]
    return statistics.median(times)


def rows():
    """Return what was measured, the ratio, the target, and whether it was met."""
    alone = milliseconds("import lecture_utils")
    usual = milliseconds(USUAL)  # as a notebook begins
    return [
        (f"import lecture_utils: {alone:.1f} ms / {LIMIT:.0f} ms", f"{alone / LIMIT:.2f}", "<= 1",
         alone <= LIMIT),
        (f"{USUAL}: {usual:.1f} ms", "", "", None),
    ]  # fmt: skip
