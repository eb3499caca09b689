"""A notebook of the series alone: the package is fetched, or one line says what to do."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from sysconfig import get_path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.helpers.series import NOTEBOOKS, code, every_notebook, read, says_the_same
from tools import alone, standalone
from tools.navigation import ROOT
from tools.notebooks import execute, refuse

ADDRESS = "https://example.org/us/nets"
ONE_FILE = "one-file notebook of the same name"
SERIES = NOTEBOOKS["00_start_here"]


def bare(address):
    """Notebook 00, as `make notebooks` writes it for this address."""
    notebook = nbformat.read(SERIES, as_version=4)
    list(alone.mend(notebook, SERIES, address))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def run_in_an_empty_folder(notebook, tmp_path, **environment):
    """Execute a notebook where the package is not; return the folder into which pip installs."""
    empty, prefix = tmp_path / "empty", str(tmp_path / "prefix")
    site = Path(get_path("purelib", vars={"base": prefix, "platbase": prefix}))
    empty.mkdir()
    site.mkdir(parents=True)
    execute(notebook, empty, PYTHONPATH=str(site), PIP_PREFIX=prefix,
            PIP_DISABLE_PIP_VERSION_CHECK="1", **environment)  # fmt: skip
    return site


def test_the_cell_stands_below_the_links_and_is_written_anew_where_an_address_is_set(tmp_path):
    path = tmp_path / "01_mine.ipynb"
    links = new_markdown_cell("→", metadata={"tags": ["navigation"]})
    notebook = new_notebook(cells=[new_markdown_cell("# Why?"), links, new_code_cell("1")])
    assert list(alone.mend(notebook, path)) != []
    assert list(alone.mend(notebook, path)) == []
    title, link, cell, own = notebook.cells
    assert (title.source, link, own.source) == ("# Why?", links, "1")
    assert cell.source == alone.code(None)
    cell.execution_count = 7
    notebook.cells = [title, cell, link, own]  # moved by hand
    assert list(alone.mend(notebook, path, ADDRESS)) != []
    assert [one.source for one in notebook.cells] == ["# Why?", "→", alone.code(ADDRESS), "1"]
    assert notebook.cells[2].execution_count == 7
    assert list(alone.mend(notebook, tmp_path / "mine.ipynb", None)) == [], "none of the series"


@every_notebook
def test_every_notebook_has_the_cell_and_its_one_file_does_without(name):
    def tagged(cells):
        return [cell for cell in cells if alone.PACKAGE in cell.metadata.get("tags", ())]

    (cell,) = tagged(nbformat.read(NOTEBOOKS[name], as_version=4).cells)
    assert cell.metadata.jupyter.source_hidden
    assert cell.outputs == []
    (own,) = tagged(standalone.standalone(NOTEBOOKS[name]).cells)
    assert own.source == standalone.unpacking().source


@pytest.mark.parametrize("address", [None, ADDRESS])
def test_where_the_package_is_missing_one_line_says_what_to_do(address, tmp_path):
    code = alone.code(address).replace('"git+', '"--no-index", "git+')
    program = f"{code.replace('raise Missing', 'problem = Missing')}\nproblem._render_traceback_()"
    program = f"import importlib.util\n{program}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{program}\nprint(problem)"], cwd=tmp_path,
        capture_output=True, text=True, env={**os.environ, "GIT_ALLOW_PROTOCOL": "file"},
    )  # fmt: skip
    (line,) = done.stdout.splitlines()
    assert ONE_FILE in line
    assert (address or "make standalone") in line
    assert done.stderr == ""


@pytest.mark.parametrize("address", [None, ADDRESS])
def test_in_the_folder_of_the_series_the_package_is_taken_from_there(address, tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "lecture_utils").mkdir()
    (tmp_path / "lecture_utils" / "__init__.py").write_text("here = True", encoding="utf-8")
    program = f"{alone.code(address)}\nimport lecture_utils\nprint(lecture_utils.here)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True,
                          cwd=tmp_path / "notebooks", text=True)  # fmt: skip
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_where_the_package_is_nothing_is_run():
    program = (
        "import subprocess, sys\nsubprocess.run = sys.exit\n"
        f"sys.path.insert(0, {str(ROOT)!r})\nbefore = [*sys.path]\n{alone.code(ADDRESS)}\n"
        "assert sys.path == before and 'lecture_utils' not in sys.modules\nprint('well')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("well\n", "")


@pytest.mark.alone
def test_it_is_fetched_with_nothing_else_and_the_notebook_runs(tmp_path):
    repository = tmp_path / "nets"
    shutil.copytree(ROOT / "lecture_utils", repository / "lecture_utils")
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, repository)
    git = ["git", "-c", "user.name=us", "-c", "user.email=us@example.org", "-C", repository]
    for step in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *step], check=True)
    notebook = bare(repository.as_uri())
    site = run_in_an_empty_folder(notebook, tmp_path)
    assert list(refuse(notebook)) == []
    names = {path.name.partition("-")[0] for path in site.iterdir()}
    assert names == {"lecture_utils"}, "no dependency came along"
    says_the_same(code(notebook), code(read(SERIES.stem)))


@pytest.mark.alone
@pytest.mark.parametrize("address", [None, ADDRESS])
def test_without_network_or_address_it_ends_with_one_line(address, tmp_path):
    notebook = bare(address)
    with pytest.raises(CellExecutionError):
        run_in_an_empty_folder(notebook, tmp_path, GIT_ALLOW_PROTOCOL="file")
    first, *rest = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (output,) = first.outputs
    (line,) = output.traceback
    assert re.match(rf"This notebook needs the package lecture_utils, which .*{ONE_FILE}", line)
    assert "\n" not in line
    assert (address or "make standalone") in line
    assert {cell.execution_count for cell in rest} == {None}, "it stops there"
