"""The house: imports go down only, numbers need no screen, names are explained, files small."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import jedi
import pytest
from IPython.core.interactiveshell import InteractiveShell

import lecture_utils
from lecture_utils import live, moved
from tools import budget

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "lecture_utils"
# A floor is a folder. What it and all above it may import, besides the standard library:
FLOORS = {
    "numbers": {"numpy"},
    "pictures": {"matplotlib"},
    "live": {"ipywidgets", "IPython", "traitlets", "anywidget"},
    "training_room": set(),
    "exercises": set(),
}
SCREEN = ("matplotlib", "ipywidgets", "IPython", "traitlets")
LINES = 250  # of code
LONGER = {  # file -> the reason why it may be
    "tests/live/test_figure.py": "one subject, a test for each of its promises",
    "tests/pictures/test_painter.py": "one law, a figure for each kind of artist and change",
    "tests/numbers/test_network.py": "one subject, a test for each of its laws and refusals",
}


MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE]
SOURCES = sorted(
    path
    for folder in ("lecture_utils", "tests", "tools", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)


def imported(source):
    """Give the dotted names of all that a source imports, also inside of functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute in this package"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def upward(source, floor):
    """List what a module of a floor imports and must not."""
    below = list(FLOORS)[: list(FLOORS).index(floor) + 1]
    outside = set().union(*(FLOORS[name] for name in below))
    wrong = []
    for name in imported(source):
        first, *rest = name.split(".")
        if first == "lecture_utils":
            home = lecture_utils._HOME.get(rest[0], name)  # a public name stands for its module
            fine = home.split(".")[1] in below
        else:
            fine = first in sys.stdlib_module_names or first in outside
        if not fine:
            wrong.append(name)
    return wrong


def unexplained(name, thing):
    """List what a public function or class lacks in its docstring."""
    text = inspect.getdoc(thing) or ""
    if not re.match(r"[A-Z`][^\n]+\.(\n|$)", text):
        yield f"{name} needs one sentence on its first line, with a full stop"
    if inspect.isfunction(thing) and ">>> " not in text:
        yield f"{name} needs an example"
    if not re.search(r"\bof\s`\w+`", text):  # arguments that are explained elsewhere
        for argument in inspect.signature(thing).parameters:
            if not re.search(rf"\b{argument}\b", text):
                yield f"{name} needs a word on its argument {argument}"


def test_the_floors_are_the_folders():
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in MODULES}
    assert folders == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_down_only(path):
    floor = path.relative_to(PACKAGE).parts[0]
    assert upward(path.read_text(encoding="utf-8"), floor) == []


@pytest.mark.parametrize(
    ("source", "floor", "wrong"),
    [
        ("import numpy as np\nfrom lecture_utils.numbers.arguments import whole", "numbers", []),
        ("from lecture_utils import digits", "pictures", []),
        ("import matplotlib.pyplot as plt", "numbers", ["matplotlib.pyplot"]),
        ("def f():\n    from lecture_utils import style", "numbers", ["lecture_utils.style"]),
        ("from lecture_utils import explore", "pictures", ["lecture_utils.explore"]),
        ("from IPython.display import display", "pictures", ["IPython.display.display"]),
        ("import lecture_utils.exercises.e05", "live", ["lecture_utils.exercises.e05"]),
        ("import sklearn", "exercises", ["sklearn"]),
    ],
)
def test_an_import_that_goes_up_is_seen(source, floor, wrong):
    assert upward(source, floor) == wrong


def test_the_numbers_need_no_screen():
    paths = sorted((PACKAGE / "numbers").glob("*.py"))
    names = ", ".join(f"lecture_utils.numbers.{path.stem}" for path in paths)
    program = f"import sys\nfor name in {SCREEN}: sys.modules[name] = None\nimport {names}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_package_itself_imports_nothing():
    program = "import sys, lecture_utils; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert not {"numpy", *SCREEN} & set(done.stdout.split())


ORDERS = {
    "names first": "look()\nload()\nlook()",
    "modules first": "load()\nlook()",
    "modules backwards": "load(reverse=True)\nlook()",
}
LOOK = """
import importlib, pkgutil, types
import lecture_utils

def load(reverse=False):
    found = [m.name for m in pkgutil.walk_packages(lecture_utils.__path__, "lecture_utils.")]
    for name in sorted(found, reverse=reverse):
        importlib.import_module(name)
    assert len(found) > 30

def look():
    names = {}
    exec("from lecture_utils import *", names)
    for name in lecture_utils.__all__:
        thing = names[name]
        assert thing is getattr(lecture_utils, name)
        if isinstance(thing, types.ModuleType):
            assert thing.__name__ == f"{lecture_utils._HOME[name]}.{name}", name
        elif callable(thing):
            assert thing.__name__ == name
            assert thing.__module__.startswith(lecture_utils._HOME[name]), name
        else:
            assert isinstance(thing, dict) and name.isupper(), name
    assert callable(names["playground"]) and callable(names["check"])

"""


@pytest.mark.parametrize("order", ORDERS)
def test_a_public_name_is_what_it_promises_in_every_order_of_imports(order):
    done = subprocess.run(
        [sys.executable, "-c", LOOK + ORDERS[order]], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert not set(lecture_utils.__all__) & set(FLOORS)  # a room would take the name's place


@pytest.mark.parametrize("old", moved.NEW)
def test_a_module_that_has_moved_is_found_and_one_line_says_where(old):
    new, renamed = moved.NEW[old]
    program = f"""
import importlib, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    old = importlib.import_module("lecture_utils.{old}")
(line,) = [str(warning.message) for warning in caught]
assert line.startswith("lecture_utils.{old} is now lecture_utils.{new}; "), line
new = importlib.import_module("lecture_utils.{new}")
assert old is new
assert all(getattr(old, a) is getattr(new, b) for a, b in {renamed!r}.items())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["explore", "LiveFigure"])
def test_a_name_of_the_file_that_became_a_floor_is_found_there(name):
    vars(live).pop(name, None)  # as in a new process
    with pytest.warns(FutureWarning, match=rf"^lecture_utils\.live\.{name} is now ") as said:
        exec(f"from lecture_utils.live import {name} as found", found := {})
    assert len(said) == 1
    assert found["found"] is getattr(lecture_utils, name)
    with pytest.raises(ImportError):
        exec("from lecture_utils.live import nothing")


@pytest.mark.parametrize(
    "ask",
    [
        "from lecture_utils import digits, gone",
        "import lecture_utils.gone",
        "from lecture_utils._gone import anything",
        "from lecture_utils.numbers import gone",
        "from lecture_utils.numbers.gone import anything",
        "from lecture_utils.live import explore, gone",
        "from lecture_utils.toys import plane, gone",
        "from lecture_utils.style import gone",
    ],
)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_a_notebook_of_another_version_misses_is_said_in_one_line(ask):
    problem = InteractiveShell().run_cell(ask, silent=True).error_in_exec
    (line,) = problem._render_traceback_()
    assert re.match(r"lecture_utils must have '\S*gone' .* version \d+\.\d+\S* has not; take", line)


def test_whoever_only_asks_for_a_name_that_is_gone_is_told_no():
    for module in (lecture_utils, lecture_utils.numbers, lecture_utils.synthetic):
        assert not hasattr(module, "gone")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("lecture_utils.__main__")


def test_an_editor_completes_the_public_names_and_shows_what_they_take():
    text = "import lecture_utils\nlecture_utils.\n"
    assert set(lecture_utils.__all__) <= {c.name for c in jedi.Script(text).complete(2, 14)}
    for name, takes in (("explore", "presets"), ("check", "answer"), ("Network", "layers")):
        text = f"from lecture_utils import {name}\n{name}("
        (signature,) = jedi.Script(text).get_signatures(2, len(name) + 1)
        assert takes in [parameter.name for parameter in signature.params]


@pytest.mark.parametrize("name", lecture_utils.__all__)
def test_a_public_name_leads_to_something_that_is_explained(name):
    thing = getattr(lecture_utils, name)
    if callable(thing):  # a table of functions is explained where it stands
        assert list(unexplained(name, thing)) == []


def test_what_is_not_explained_is_seen():
    def silent(step):
        """compute something"""

    assert list(unexplained("silent", silent)) == [
        "silent needs one sentence on its first line, with a full stop",
        "silent needs an example",
        "silent needs a word on its argument step",
    ]


def test_files_stay_small():
    sizes = {path: len(budget.lines(path.read_text(encoding="utf-8"))) for path in SOURCES}
    # Tables of exercises are left out: each holds all of one notebook, and they grow with them.
    long = {path.relative_to(ROOT).as_posix() for path, size in sizes.items()
            if size > LINES and not re.match(r"n\d\d_", path.name)}  # fmt: skip
    assert long == set(LONGER)


def test_rooms_stay_within_their_budget():
    assert set(budget.MOST) == set(FLOORS)
    assert {room: n for room, n in budget.rooms().items() if n > budget.MOST[room]} == {}


def test_lines_are_counted_without_docstrings_comments_and_empty_ones():
    program = '"""One.\n\nTwo."""\n\n# why\nx = [\n    1,\n\n]\n\n\ndef f():\n    "doc"\n'
    assert budget.lines(program) == {6, 7, 9, 12}
    assert budget.lines("text = '''\n\na\n'''\n") == {1, 2, 3, 4}
