"""Notebooks as one file: from an empty folder, without the package and without network."""

import os
import subprocess
import sys

import nbformat
import pytest

from lecture_utils import __version__
from tests.test_notebooks import NOTEBOOKS, OFFLINE, every_notebook, said
from tools import standalone
from tools.notebooks import execute, refuse

UNPACK = standalone.unpacking().source


def run(code, folder):
    """Run code in `folder` with nothing but Python's own modules; return what it prints."""
    done = subprocess.run([sys.executable, "-I", "-S", "-"], input=code, cwd=folder, text=True,
                          capture_output=True, check=True)  # fmt: skip
    assert done.stderr == ""
    return done.stdout.strip()


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@every_notebook
def test_is_small_and_carries_the_package_only(name):
    notebook = standalone.standalone(NOTEBOOKS[name])
    assert len(nbformat.writes(notebook)) < 1_500_000
    first, *own = notebook.cells
    assert first.metadata.jupyter.source_hidden
    kept = [cell.source for cell in own]
    there = [cell.source for cell in nbformat.read(NOTEBOOKS[name], as_version=4).cells]
    assert kept == [source for source in there if source in kept]


def test_the_package_unpacks_beside_the_notebook_as_often_as_it_is_run(tmp_path):
    find = "import importlib.util\nprint(importlib.util.find_spec('lecture_utils').origin)"
    unpacked = tmp_path / f"lecture_utils-{__version__}" / "lecture_utils"
    for _ in range(2):
        assert run(f"{UNPACK}\n{UNPACK}\n{find}", tmp_path) == str(unpacked / "__init__.py")
    files = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    package = standalone.PACKAGE
    assert files == {path.relative_to(package) for path in package.rglob("*")
                     if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip


def test_an_installed_package_of_this_version_is_used(tmp_path):
    about = tmp_path / f"lecture_utils-{__version__}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Name: lecture-utils\nVersion: {__version__}\n")
    run(f"import sys\nsys.path.append({str(tmp_path)!r})\n{UNPACK}", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [about.name]


def test_it_is_the_same_whenever_it_is_made():
    assert standalone.bundle() == standalone.bundle()


@pytest.mark.alone
@every_notebook
def test_runs_from_an_empty_folder_without_the_package_or_network(name, tmp_path):
    notebook, offline = standalone.standalone(NOTEBOOKS[name]), tmp_path / "offline"
    offline.mkdir()
    (offline / "sitecustomize.py").write_text(OFFLINE)
    empty = tmp_path / "empty"
    empty.mkdir()
    execute(notebook, empty, PYTHONPATH=os.fspath(offline))
    assert list(refuse(notebook)) == []
    before = nbformat.read(NOTEBOOKS[name], as_version=4)
    for here, there in zip(code(notebook)[1:], code(before), strict=True):  # the same for all
        if "nbval-ignore-output" not in there.metadata.get("tags", ()):
            assert said(here) == said(there), here.source
    where = f"lecture_utils-{__version__}"
    assert [path.name for path in empty.iterdir()] == [where]


@pytest.mark.alone
def test_a_socket_is_refused_where_they_run(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(OFFLINE)
    tries = """
import urllib.request
try:
    urllib.request.urlopen("http://192.0.2.1", timeout=5)
except Exception as problem:
    print(problem)
"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(tries)])
    execute(notebook, tmp_path, PYTHONPATH=os.fspath(tmp_path))
    text = " ".join(output.text for output in notebook.cells[0].outputs)
    assert "no network: 192.0.2.1" in text
