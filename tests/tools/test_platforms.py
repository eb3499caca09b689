"""The other platforms: what is not tested is said, and is no success."""

import ast
import os
import shutil
import subprocess
import sys

import pytest

from tools import platforms
from tools.navigation import ROOT


def test_a_python_that_is_missing_is_said_and_fails(monkeypatch, capsys):
    monkeypatch.setattr(platforms, "PLATFORMS", {"old": ("3.99", [], [])})
    assert platforms.main("old")
    assert capsys.readouterr().out.splitlines() == [
        "old: NOT TESTED, Python 3.99 is missing; install python3.99",
        "old: RED",
    ]


def test_a_platform_that_there_is_not_is_refused_in_one_line():
    with pytest.raises(SystemExit, match=r"^PLATFORMS must be of newest, .*, got 'kagle'; try"):
        platforms.main("colab", "kagle")


def test_what_is_imported_there_is_there():
    tools = {name.replace("-", "_").removeprefix("pytest_") for name in platforms.TOOLS}
    brought = {"nbformat", "PIL", "sklearn", "threadpoolctl", "traitlets"}  # by those, or the name
    there = {"lecture_utils", "tests", "tools", "numpy", "matplotlib", "ipywidgets", "IPython",
             *sys.stdlib_module_names, *tools, *brought}  # fmt: skip
    chosen = [ROOT / word for word in platforms.TESTS if word.startswith("tests/")]
    assert all(place.exists() for place in chosen)
    paths = [path for place in chosen
             for path in ([place] if place.is_file() else place.glob("*.py"))]  # fmt: skip
    assert len(paths) > 20
    for path in paths:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in getattr(node, "names", ())]
            for name in [node.module] if isinstance(node, ast.ImportFrom) else names:
                assert name.partition(".")[0] in there, f"{path.name} imports {name}"


def test_one_red_platform_makes_all_of_it_red(monkeypatch, capsys):
    monkeypatch.setattr(platforms, "run", lambda name: name != "kaggle")
    assert platforms.main()
    said = capsys.readouterr().out.splitlines()
    assert said == ["newest: green", "colab: green", "kaggle: RED", "notebook: green",
                    "frameworks: green", "browser: green", "hub: green"]  # fmt: skip
    assert not platforms.main("colab")


@pytest.mark.parametrize("name", ["notebook", "newest"])
def test_a_platform_with_a_browser_finds_or_fetches_one_before_its_tests(name, monkeypatch):
    ran = []

    def run(step, **_):
        ran.append([*map(str, step)][1:3])
        return subprocess.CompletedProcess(step, 0)

    monkeypatch.setattr(platforms, "python", lambda number: "python")
    monkeypatch.setattr(subprocess, "run", run)
    assert platforms.run(name)
    fetched = [["-m", "tools.browser"]] if name == "notebook" else []
    assert ran == [["-m", "venv"], ["-m", "pip"], *fetched, ["-m", "pytest"]]


@pytest.mark.skipif(os.name == "nt", reason="pyenv is for Unix")
@pytest.mark.parametrize("works", ["3.9", "3.9.1"])
def test_a_python_behind_pyenv_is_found(works, tmp_path, monkeypatch):
    for name, code in (("shims/python3.9", works != "3.9"), ("versions/3.9.1/bin/python", 0)):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\nexit {int(code)}\n", encoding="utf-8")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "shims"))
    assert shutil.which("python3.9")
    found = platforms.python("3.9")
    assert found == str(tmp_path / ("shims/python3.9" if works == "3.9" else name))
    assert platforms.python("3.8") is None


@pytest.mark.skipif(os.name == "nt", reason="a script that is run by its first line is for Unix")
def test_the_launcher_of_windows_is_asked(tmp_path, monkeypatch):
    path = tmp_path / "py"
    lines = ("#!/bin/sh", '[ "$1" = -3.9 ] || exit 103', f'shift; exec {sys.executable} "$@"')
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert platforms.python("3.9") == sys.executable
    assert platforms.python("3.8") is None
