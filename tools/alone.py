"""The cell with which a notebook stands alone: uploaded to Colab, mailed, opened in VS Code.

Where the package is not installed, it is taken from the folder above, or fetched from `Repository`
under `[project.urls]` in pyproject.toml, without its dependencies: nothing of a platform's own is
replaced. Without an address the cell names the one-file notebook. `make notebooks` writes it.
"""

from nbformat.v4 import new_code_cell

from tools.navigation import BESIDE, TAG, repository

PACKAGE = "package"  # tag of the cell that makes the package importable, here and in one file
FIND = """\
# @title Needs the package lecture_utils; where it is missing it {what}
import os
import sys
from importlib.util import find_spec

if not find_spec("lecture_utils") and os.path.isdir("../lecture_utils"):
    sys.path.append(os.path.abspath(".."))
"""
FETCH = """\
if not find_spec("lecture_utils"):
    from importlib import invalidate_caches
    from subprocess import run

    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    said = run([*pip, "git+{address}"], capture_output=True, text=True).stderr
    invalidate_caches()
"""
MISSING = """\
if not find_spec("lecture_utils"):

    class Missing(ModuleNotFoundError):
        def _render_traceback_(self):  # IPython shows this line and nothing else
            return [str(self)]

    raise Missing(
        "This notebook needs the package lecture_utils, which is not installed here. Take the "
"""
MAKE_IT = """\
        "one-file notebook of the same name, which brings it along; "
        "in the folder of the series, make standalone writes it."
    )"""
SWITCH_ON = """\
        "one-file notebook of the same name, which brings it along, or switch the internet on: "
        f"{address} cannot be fetched. {' '.join(said.split()[-30:])}"
    )"""


def code(address):
    """Return the source of the cell; `address` is that of the repository, or None."""
    if not address:
        return FIND.replace("{what}", "says what to do") + MISSING + MAKE_IT
    text = FIND.replace("{what}", "is fetched") + FETCH + MISSING + SWITCH_ON
    return text.replace("{address}", address)


def mend(notebook, path, address=None):
    """Put the cell below the title and its links; yield (None, what was wrong) if it was not."""
    of_the_series = path.stem[:2].isdigit() or path.stem in BESIDE
    if not (of_the_series and any(cell.cell_type == "code" for cell in notebook.cells)):
        return
    there = [cell for cell in notebook.cells if PACKAGE in cell.metadata.get("tags", ())]
    own = [cell for cell in notebook.cells if cell not in there]
    place = 1 + sum(TAG in cell.metadata.get("tags", ()) for cell in own[1:2])
    source = code(address or repository())
    if [cell.source for cell in there] == [source] and notebook.cells.index(there[0]) == place:
        return
    yield None, "the cell that brings the package, or its place"
    (cell,) = there[:1] or [new_code_cell(metadata={"tags": [PACKAGE]})]
    cell.source = source
    notebook.cells = [*own[:place], cell, *own[place:]]
