"""The exercises of the package, and their tasks and solutions in the notebooks."""

import math
import re
import symtable
from functools import cache
from importlib import import_module
from itertools import pairwise

import nbformat
import numpy as np

from lecture_utils import exercises
from lecture_utils.exercises.judge import FillIn
from lecture_utils.numbers.activations import sigmoid
from tests.helpers.live_figures import NOTEBOOKS

EXERCISES = {
    number: exercise
    for file in exercises._files().values()
    for number, exercise in import_module(f"lecture_utils.exercises.{file}").EXERCISES.items()
}
FUNCTIONS = {number: e for number, e in EXERCISES.items() if isinstance(e, FillIn)}


@cache
def parts(prefix):
    """Return a notebook's path, its cells, and the text, stub cell and hints of each exercise."""
    (path,) = NOTEBOOKS.glob(f"{prefix}_*.ipynb")
    cells, found = nbformat.read(path, as_version=4).cells, {}
    for text, stub, help_ in zip(cells, cells[1:], cells[2:], strict=False):
        for number in re.findall(r"^### Exercise (\d\d\.\d+): ", text.source, re.MULTILINE):
            found[number] = text.source, stub, help_.source
    return path, cells, found


def solution(number):
    """Return the source of the solution that a notebook shows."""
    help_ = parts(number[:2])[2][number][2]
    (source,) = re.findall(r"Solution</summary>.*?```python\n(.*?)```", help_, re.DOTALL)
    return source


@cache
def solved(number):
    """Return the function of a solution, which was written apart from the exercise's right one."""
    names = {"np": np, "math": math, "sigmoid": sigmoid, "zip": zip, "pairwise": pairwise}
    before = set(names)
    exec(solution(number), names)
    (name,) = names.keys() - before - {"__builtins__"}
    return names[name]


def what_it_needs(cells, source):
    """Give the code cells that make what a source uses, in their order."""
    wanted, needed = names(source)[1], []
    for cell in reversed([cell.source for cell in cells if cell.cell_type == "code"]):
        made, used = names(cell)
        if made & wanted:
            wanted = (wanted - made) | used
            needed.insert(0, cell)
    return needed


def made(prefix, source):
    """Run the code cells of a notebook that make what a source uses; return all names."""
    path, cells, _ = parts(prefix)
    known = {"__name__": "__main__"}
    for cell in what_it_needs(cells, source):
        exec(compile(cell, path.name, "exec"), known)
    return known


def names(source):
    """Return the names that a source makes or fills at its top, and those that it reads."""
    tables = [symtable.symtable(source, "cell", "exec")]
    made = {s.get_name() for s in tables[0].get_symbols() if s.is_assigned() or s.is_imported()}
    made |= set(re.findall(r"^(\w+)(?:\[.*\]|\.\w+) [-+*/|]?= ", source, re.MULTILINE))
    used = {s.get_name() for s in tables[0].get_symbols() if s.is_referenced()}
    for table in tables:
        tables += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return made, used
