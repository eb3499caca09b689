"""Notebooks as one file: from an empty folder, without the package and without network."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from lecture_utils import __version__
from tests.helpers.series import NOTEBOOKS, OFFLINE, code, every_notebook, read, says_the_same
from tools import standalone
from tools.notebooks import execute, refuse

UNPACK = standalone.unpacking().source
FOLDER = re.compile(rf"lecture_utils-{__version__}-[0-9a-f]{{8}}")
PYTHON = [sys.executable, "-X", "utf8", "-I", "-S", "-"]  # nothing but Python's own modules
WHERE = "import importlib.util\nprint(importlib.util.find_spec('lecture_utils').origin)"
# From the 20th file on, the folder of the notebook behaves otherwise.
TWENTIETH = """
import builtins, os
from itertools import count
number, as_ever, here = count(1), builtins.open, os.getcwd()
def opened(path, *arguments, **named):
    if os.path.abspath(path).startswith(here) and next(number) >= 20:
        {happens}
    return as_ever(path, *arguments, **named)
builtins.open = opened
"""


def run(code, folder):
    """Run code in `folder`; return what it prints."""
    done = subprocess.run(PYTHON, input=code, cwd=folder, encoding="utf-8", capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def package(folder):
    """The files of a package, by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip


def unpacked(printed):
    """Return the folder above a whole package that was found at `printed`."""
    found = Path(printed).resolve().parent
    assert package(found) == package(standalone.PACKAGE)
    return found.parent


@every_notebook
def test_is_small_and_carries_the_package_only(name):
    notebook = standalone.standalone(NOTEBOOKS[name])
    assert len(nbformat.writes(notebook)) < 1_500_000
    first, *own = notebook.cells
    assert first.metadata.jupyter.source_hidden
    there = nbformat.read(NOTEBOOKS[name], as_version=4).cells
    links = [cell for cell in there if "navigation" in cell.metadata.get("tags", ())]
    assert len(links) <= 2
    assert all(re.search(r"\]\(\S+\.(ipynb|svg)\)", cell.source) for cell in links)
    fetched = [cell for cell in there if "package" in cell.metadata.get("tags", ())]
    wanted = [cell for cell in there if cell not in links and cell not in fetched]
    for cell in wanted:  # a link to a notebook that is not there is a word
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\[(.*?)\]\(\w+\.ipynb.*?\)", r"\1", cell.source)
    assert own == wanted
    assert ".ipynb)" not in "".join(cell.source for cell in own if cell.cell_type == "markdown")


@pytest.mark.parametrize("name", ["plain", "with spaces", "ünïcode 空间 %20 'quoted' {0}"])
def test_the_package_unpacks_beside_the_notebook_as_often_as_it_is_run(name, tmp_path):
    folder = tmp_path / name
    folder.mkdir()
    for _ in range(2):
        where = unpacked(run(f"{UNPACK}\n{UNPACK}\n{WHERE}", folder))
        assert where.parent == folder.resolve()
        assert [path.name for path in folder.iterdir()] == [where.name]
        assert FOLDER.fullmatch(where.name)


def test_forty_that_start_at_once_all_find_a_whole_package(tmp_path):
    start = "import os, time\nwhile not os.path.exists('go'):\n    time.sleep(0.01)"
    measure = """
import os, sys
def size():
    return sum(os.path.getsize(os.path.join(place, name))
               for place, _, names in os.walk(sys.path[0]) for name in names)
print(*{size() for _ in range(50)})
"""
    several = [
        subprocess.Popen(PYTHON, cwd=tmp_path, encoding="utf-8", stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(40)
    ]  # fmt: skip
    for process in several:
        process.stdin.write(f"{start}\n{UNPACK}\n{measure}\n")
        process.stdin.close()
        process.stdin = None
    time.sleep(1)  # until they wait
    (tmp_path / "go").touch()
    said = [process.communicate() for process in several]
    whole = sum(map(len, package(standalone.PACKAGE).values()))
    assert said == [(f"{whole}\n", "")] * 40
    (where,) = {path.name for path in tmp_path.iterdir()} - {"go"}
    assert FOLDER.fullmatch(where)


@pytest.mark.parametrize("happens", ["raise KeyboardInterrupt", "os._exit(9)"])
def test_after_an_interruption_the_next_start_unpacks_all(happens, tmp_path):
    code = TWENTIETH.format(happens=happens) + UNPACK
    stopped = subprocess.run(PYTHON, input=code, cwd=tmp_path, encoding="utf-8",
                             capture_output=True)  # fmt: skip
    assert stopped.returncode
    assert unpacked(run(f"{UNPACK}\n{WHERE}", tmp_path)).parent == tmp_path.resolve()


def test_where_a_disk_is_full_or_a_file_in_the_way_a_temporary_folder_is_used(tmp_path):
    full, taken = tmp_path / "full", tmp_path / "taken"
    full.mkdir()
    no_room = TWENTIETH.format(happens="raise OSError(28, 'No space left on device')")
    taken.mkdir()
    (taken / re.search(FOLDER, UNPACK).group()).touch()
    for folder, before in ((full, no_room), (taken, "")):
        there = list(folder.iterdir())
        where = unpacked(run(f"{before}\n{UNPACK}\n{UNPACK}\n{WHERE}", folder))
        assert where.parent == Path(tempfile.gettempdir()).resolve()
        shutil.rmtree(where)
        assert list(folder.iterdir()) == there, "nothing is left of the try"


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no folder that cannot be written")
def test_in_a_read_only_folder_a_temporary_one_is_used(tmp_path):
    tmp_path.chmod(0o555)
    # root may write everywhere: be nobody, once all is imported
    nobody = ("import base64, importlib.metadata, importlib.util, io, os, random, shutil, sys\n"
              "import tempfile, zipfile, encodings.cp437\n"
              "os.geteuid() or os.setuid(65534)\n")  # fmt: skip
    where = unpacked(run(f"{nobody}{UNPACK}\n{WHERE}", tmp_path))
    tmp_path.chmod(0o755)
    assert where.parent == Path(tempfile.gettempdir()).resolve()
    shutil.rmtree(where)
    assert list(tmp_path.iterdir()) == []


def test_an_installed_package_of_this_version_is_used(tmp_path):
    about = tmp_path / f"lecture_utils-{__version__}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Name: lecture-utils\nVersion: {__version__}\n",
                                   encoding="utf-8")  # fmt: skip
    run(f"import sys\nsys.path.append({str(tmp_path)!r})\n{UNPACK}", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [about.name]


def test_it_is_the_same_whenever_it_is_made(monkeypatch):
    before = standalone.bundle()
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    assert standalone.bundle() == before


@pytest.mark.alone
@every_notebook
def test_runs_from_an_empty_folder_without_the_package_or_network(name, tmp_path):
    notebook, offline = standalone.standalone(NOTEBOOKS[name]), tmp_path / "offline"
    offline.mkdir()
    (offline / "sitecustomize.py").write_text(OFFLINE, encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    execute(notebook, empty, PYTHONPATH=os.fspath(offline))
    assert list(refuse(notebook)) == []
    says_the_same(code(notebook)[1:], code(read(name))[1:])  # the first is the package's
    (where,) = empty.iterdir()
    assert FOLDER.fullmatch(where.name)


@pytest.mark.alone
def test_a_socket_is_refused_where_they_run(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(OFFLINE, encoding="utf-8")
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
