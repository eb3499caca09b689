"""The ground: one source of versions, commands that do what the documents say."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from packaging.requirements import Requirement

from benchmarks import __main__ as benchmarks

ROOT = Path(__file__).parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
unix = pytest.mark.skipif(os.name == "nt", reason="make and sh are not of Windows")


def versions(lines):
    """Map each package to its rule, for lists that pip and conda read alike."""
    rules = map(Requirement, lines)
    return {rule.name.lower(): str(rule.specifier) for rule in rules}


def drift(project, requirements, environment):
    """List where requirements.txt and environment.yml differ from pyproject.toml."""
    truth = versions(project["dependencies"] + project["optional-dependencies"]["lecture"])
    lines = [line.partition("#")[0].strip() for line in requirements.splitlines()]
    wanted = [line for line in lines if line and line != "-e ."]
    *conda, pip = yaml.safe_load(environment)["dependencies"]
    lists = {
        "requirements.txt": (versions(wanted), truth),
        "environment.yml": (
            versions(line for line in conda if line != "pip"),
            {**truth, "python": project["requires-python"]},
        ),
        "the folder itself": ({"pip": ["-e ."]}, pip),
        "the folder itself in requirements.txt": (True, "-e ." in lines),
    }
    return [f"{place}: {said} instead of {true}" for place, (said, true) in lists.items()
            if said != true]  # fmt: skip


def commands(text):
    """List the commands in a document's ```sh blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line.partition("#")[0].strip() for line in "".join(blocks).splitlines()]
    return [command for line in lines if line for command in line.split(" && ")]


def problem(command):
    """Say why a document's command cannot work; nothing if it can."""
    words = shlex.split(command)
    while "=" in words[0]:  # a variable for this command
        words.pop(0)
    first, *rest = Path(words[0]).name, *words[1:]
    if first == "make":
        return make(ROOT, "-n", *rest).stderr
    if first.startswith("python") and rest[0] == "-m":
        return "" if find_spec(rest[1]) else f"no module {rest[1]}"
    if first not in {"cd", "conda", "docker", "git", "helm", "jupyter", "jupyter-repo2docker",
                     "jupyterhub", "mamba", "mkdir", "npm", "pip"}:  # fmt: skip
        return f"{first} is not known here; enter it in {Path(__file__).name}"
    files = [rest[i + 1] for i, word in enumerate(rest) if word in ("-e", "-f", "-r")]
    return "".join(f"no file {file}" for file in files if not (ROOT / file.split("[")[0]).exists())


def make(folder, *arguments):
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True)


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_three_lists_say_the_same_versions():
    assert drift(PROJECT, read("requirements.txt"), read("environment.yml")) == []


@pytest.mark.parametrize(
    ("name", "line", "instead", "place"),
    [
        ("requirements.txt", "numpy>=2.0", "numpy>=1.26", "requirements.txt: "),
        ("requirements.txt", "jupyterlab>=4.2", "", "requirements.txt: "),
        ("requirements.txt", "-e .", "", "the folder itself in requirements.txt: "),
        ("environment.yml", "matplotlib>=3.8", "matplotlib", "environment.yml: "),
        ("environment.yml", "ipython>=7.34", "ipython>=8", "environment.yml: "),
        ("environment.yml", "python>=3.11", "python>=3.12", "environment.yml: "),
        ("environment.yml", "- pip  ", "- pip\n  - scipy  ", "environment.yml: "),
        ("environment.yml", "- -e .", "- lecture-utils", "the folder itself: "),
    ],
)
def test_a_list_that_drifts_is_seen(name, line, instead, place):
    lists = {name: read(name) for name in ("requirements.txt", "environment.yml")}
    assert lists[name].count(line) == 1
    lists[name] = lists[name].replace(line, instead)
    (found,) = drift(PROJECT, *lists.values())
    assert found.startswith(place)


def test_the_lock_holds_every_version_that_make_installs():
    locked = [Requirement(line) for line in read("lock.txt").splitlines() if line[0] != "#"]
    names = {rule.name.lower() for rule in locked}
    extras = PROJECT["optional-dependencies"]
    wanted = [
        line
        for name in ("lecture", "sweep", "hub", "test", "site", "bench")
        for line in extras[name]
    ]
    for rule in map(Requirement, PROJECT["dependencies"] + wanted):
        if rule.name != "lecture-utils":
            assert rule.name.lower() in names, f"{rule.name} is not locked; run make lock"
    assert "rfc3987-syntax" not in names, "it takes seconds of every start of JupyterLab"
    assert "://" not in read("lock.txt")
    for rule in locked:
        assert [part.operator for part in rule.specifier] == ["=="]


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ("README.md", {"make lecture", "make test"}),
        ("CONTRIBUTING.md", {"make lecture", "make test"}),
        ("docs/lecturer.md", {"make site"}),
        ("docs/administrator.md", {"make handout SOLUTIONS=no"}),
    ],
)
@unix
def test_the_commands_of_the_documents_work(document, named):
    found = commands(read(document))
    assert named <= set(found)
    assert [(command, said) for command in found if (said := problem(command))] == []


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("make coffee", "No rule to make target"),
        ("python -m tools.coffee", "no module tools.coffee"),
        ("pip install -r coffee.txt", "no file coffee.txt"),
        ("conda env create -f coffee.yml", "no file coffee.yml"),
        ("brew coffee", "brew is not known here"),
    ],
)
@unix
def test_a_command_that_cannot_work_is_seen(command, words):
    text = f"Say `make tea`:\n\n```sh\n# comment\n{command}  # why\n```\n"
    assert commands(text) == [command]
    assert words in problem(command)


@unix
def test_help_lists_every_target():
    targets = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE).group(1).split()
    shown = make(ROOT, "--no-print-directory").stdout
    assert [line.split()[0] for line in shown.splitlines()] == targets


@unix
def test_all_that_is_drawn_is_drawn_long():
    (words,) = re.findall(r"FUZZ=long \$\(BIN\)/python (.*)", read("Makefile"))
    command = [sys.executable, *shlex.split(words), "-n", "0", "--collect-only", "-q"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    tests = {name for path in (ROOT / "tests" / "fuzz").glob("test_*.py")
             for name in re.findall(r"^def (test_\w+)", read(path), re.MULTILINE)}  # fmt: skip
    assert tests == set(re.findall(r"::(\w+)", done.stdout))


@pytest.mark.parametrize(
    ("python", "words"),
    [
        ("echo Python 3.9.2; exit 1", "Python must be >= 3.11, got Python 3.9.2; try PYTHON="),
        ('case "$2" in *ensurepip*) exit 1; esac', "must have venv and ensurepip, it has not; try"),
        (None, "Python must be >= 3.11, got "),
    ],
)
@unix
def test_make_says_in_one_line_why_this_python_cannot_be_used(tmp_path, python, words):
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "lock.txt", tmp_path)
    if python:
        (tmp_path / "python").write_text(f"#!/bin/sh\n{python}\n", encoding="utf-8")
        (tmp_path / "python").chmod(0o755)
    done = make(tmp_path, "lecture", "PYTHON=./python")
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode != 0
    assert len(said) == 1
    assert words in said[0]


@pytest.mark.parametrize(
    ("code", "closing", "elsewhere"),
    [(0, "9 passed in 1.00s", 0), (1, "1 failed in 1.00s", 0), (0, "9 passed in 1.00s", 1)],
)
@unix
def test_ci_runs_the_command_of_the_readme_and_ends_as_it_does(tmp_path, code, closing, elsewhere):
    assert "make test" in commands(read("README.md"))
    assert "`make platforms`" in read("README.md")
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    recipe = f"test:\n\t@echo '== {closing} =='\n\t@exit {code}\nplatforms:\n\t@exit {elsewhere}\n"
    (tmp_path / "Makefile").write_text(recipe, encoding="utf-8")
    done = subprocess.run([tmp_path / ".ci" / "run"], cwd="/", capture_output=True, text=True)
    assert (done.returncode == 0) == (code == elsewhere == 0)
    assert closing in done.stdout.splitlines()[-1]


@unix
def test_make_clean_leaves_what_cannot_be_made_again(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    kept = ["dist/sweeps/05/runs/1.json", "dist/handout/.git/HEAD", "dist/handout/mine"]
    for name in [
        *kept,
        "dist/html/05.html",
        "dist/handout.zip",
        "dist/site/index.html",
        "artifacts/1",
    ]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for _ in range(2):
        assert make(tmp_path, "clean").returncode == 0
    there = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert there == {"Makefile", *kept}
    shutil.rmtree(tmp_path / "dist")
    assert make(tmp_path, "clean").returncode == 0


def names_twice(text):
    """List the names that a module sets more than once at its top: the first value is lost."""
    names = [target.id for node in ast.parse(text).body if isinstance(node, ast.Assign)
             for target in node.targets if isinstance(target, ast.Name)]  # fmt: skip
    return sorted({name for name in names if names.count(name) > 1})


def test_no_module_sets_a_name_twice():
    assert names_twice("A = 1\nB = 2\nA = 3\n") == ["A"]
    places = [path for room in ("lecture_utils", "tools", "deploy", "benchmarks")
              for path in (ROOT / room).rglob("*.py")]  # fmt: skip
    found = {path.name: twice for path in places
             if (twice := names_twice(path.read_text(encoding="utf-8")))}  # fmt: skip
    assert found == {}


@pytest.mark.parametrize("name", sorted(each.stem for each in (ROOT / "benchmarks").glob("b*.py")))
def test_a_benchmark_finds_what_it_measures_with(name):
    """It is run by hand only: what has moved would be missed months later."""
    assert callable(import_module(f"benchmarks.{name}").rows)


def test_what_was_measured_is_printed_also_where_a_later_benchmark_fails(monkeypatch, capsys):
    def found(name):
        def rows():
            if name == "benchmarks.bench_live":
                raise RuntimeError("no browser")
            return [("what is quick", "0.5", "<= 1", True)]

        return SimpleNamespace(rows=rows)

    monkeypatch.setattr(benchmarks, "import_module", found)
    with pytest.raises(RuntimeError, match="no browser"):
        benchmarks.main("import", "live")
    assert "what is quick    0.5  <= 1    yes" in capsys.readouterr().out
