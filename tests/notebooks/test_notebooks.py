"""Every notebook: its form, the text that it stores, cells run twice, no network."""

import ast
import io
import os
import re
import tokenize
from collections import Counter
from symtable import symtable

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4 import new_code_cell, new_notebook
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from tests.helpers.series import (
    NOTEBOOKS,
    OFFLINE,
    PARAMETERS,
    code,
    every_notebook,
    read,
    said,
    says_the_same,
    sets,
)
from tools import minutes
from tools.folding import MARK, is_folded
from tools.notebooks import FOLDER, execute, faults

BYTES = 1_000_000
WORDS = 120  # of a text cell; folded parts, tables and formulas are not counted
LINES = 25  # of a code cell; empty lines and the title of a folded cell are not counted
MOST = 60  # minutes that the main road may take
PATHS = (10, 45, 90)  # minutes that a reader may have for a notebook that takes longer than 45
# What a reader looks up, in one place in every notebook.
TABLE = re.compile(r"^\| (you have \| read|symbol \| meaning) \|$", re.MULTILINE)
COLUMNS = 100  # of code that is open: what is longer cannot be read without moving sideways
ASKED = re.compile(r"^\*\*Predict\.\*\*.*$", re.MULTILINE)
TWO = re.compile(r"\?.*\?|, and (to )?(what|which|who|where|when|how|why)\b[^.?]*\?")
FOLDED = re.compile(r"<details.*?</details>", re.DOTALL)


def tree(cell):
    return ast.parse(TransformerManager().transform_cell(cell.source))


def parameters(notebook):
    """Map each parameter to the line where its value ends, and list the lines with a comment."""
    (cell,) = (c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
    names = {
        ast.unparse(getattr(node, "target", None) or node.targets[0]): node.end_lineno
        for node in tree(cell).body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
    }
    tokens = tokenize.generate_tokens(io.StringIO(cell.source).readline)
    return names, [token.start[0] for token in tokens if token.type == tokenize.COMMENT]


def made_live(cell):
    """List the live figures that a cell makes, by name."""
    return [
        node.name
        for node in ast.walk(tree(cell))
        if isinstance(node, ast.FunctionDef)
        and any(re.match(r"(\w+\.)*explore\b", ast.unparse(by)) for by in node.decorator_list)
    ]


def assigned(cell):
    """Name what a cell sets, loops included, functions' own names not."""
    code = TransformerManager().transform_cell(cell.source)
    return {s.get_name() for s in symtable(code, "cell", "exec").get_symbols() if s.is_assigned()}


def walls(notebook):
    """Yield a line for each cell whose open code stands where a reader does not want it."""
    asked, open_since = None, []
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "markdown":
            if re.search(r"^\*\*Predict", cell.source, re.MULTILINE):
                asked, open_since = number, []
            continue
        live = made_live(cell)
        if live and not is_folded(cell):
            yield f"cell {number} must be folded, for it draws {live[0]}; begin it with {MARK}"
        if is_folded(cell):
            title = cell.source.partition("\n")[0][len(MARK) :]
            if not re.fullmatch(r"[A-Z][^`]{15,75}[^`.\s]", title):
                yield f"cell {number} must have a title of 17 to 77 characters, got {title!r}"
        elif asked and not live and "check(" not in cell.source:
            open_since.append(number)
        if live:
            for one in open_since:
                yield (f"cell {one} must not stand open between the question of cell {asked} "
                       f"and its figure; fold it or move it up")  # fmt: skip
            asked, open_since = None, []
        if not is_folded(cell):
            wide = [line for line in cell.source.splitlines() if len(line) > COLUMNS]
            if wide or "# fmt: skip" in cell.source:
                yield f"cell {number} must be open code of {COLUMNS} columns, without '# fmt: skip'"


def form(notebook):
    """Yield a line for each thing in which a notebook leaves the common form."""
    title = notebook.cells[0].source.partition("\n")[0]
    if not re.fullmatch(r"# .+\?", title):
        yield f"the title must be a question, got {title!r}; try '# Which line is best?'"
    text = "\n".join(cell.source for cell in notebook.cells)
    takes = sum(counted for _, counted in minutes.main_road(notebook))
    if takes > MOST:
        yield f"the main road must take at most {MOST} minutes, got {takes}; let some go deeper"
    for path in PATHS if takes > PATHS[1] else ():
        if not re.search(rf"^\| (\d+ to )?{path} minutes \|", text, re.MULTILINE):
            yield f"the table 'you have | read' must have a path of {path} minutes"
    for number, cell in enumerate(notebook.cells, 1):
        table = TABLE.search(cell.source)
        if table and not cell.source.startswith("<details><summary>What to read"):
            yield f"the table '{table[1]}' of cell {number} must be in 'What to read', folded"
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    if len(tagged) == 1:
        names, commented = parameters(notebook)
        for name, line in names.items():
            if line not in commented:
                yield f"parameter {name} must say behind it what it means and its range"
    else:
        yield f"one cell must have the tag 'parameters', got {len(tagged)}"
    figures, own = Counter(), set(names) if len(tagged) == 1 else set()
    for number, cell in enumerate(notebook.cells, 1):
        length = minutes.words(FOLDED.sub(" ", cell.source))
        for asked in filter(TWO.search, ASKED.findall(cell.source)):
            yield f"cell {number} must ask one question, got {asked!r}"
        if cell.cell_type == "markdown" and length > WORDS:
            yield f"cell {number} must have at most {WORDS} words, got {length}; split or fold it"
        if cell.cell_type != "code":
            continue
        if cell not in tagged and (changed := own & assigned(cell)):
            yield f"cell {number} must leave parameter {min(changed)} as it is; rename what it sets"
        length = sum(1 for line in cell.source.splitlines() if line.strip()) - is_folded(cell)
        if length > LINES:
            yield f"cell {number} must have at most {LINES} lines, got {length}; split it"
        made = made_live(cell)
        figures.update(made)
        pictures = [out for out in cell.outputs if "image/png" in out.get("data", {})]
        alts = [out.metadata.get("image/png", {}).get("alt", "").strip() for out in pictures]
        if made and (len(alts) < len(made) or not all(alts)):
            yield f"cell {number} must show {', '.join(made)} with alt text, got {alts}"
    yield from walls(notebook)
    for name, times in figures.items():
        if times > 1:
            yield f"live figure {name} must have a name of its own, {times} have it"


def run_each_cell_twice(notebook, folder, offline):
    """Run a notebook without network; compare what each cell says at its first and second run."""
    (offline / "sitecustomize.py").write_text(OFFLINE, encoding="utf-8")
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    cells = [new_code_cell(source) for source in sources for _ in range(2)]
    paths = [str(offline), *filter(None, [os.environ.get("PYTHONPATH")])]
    execute(new_notebook(cells=cells), folder, PYTHONPATH=os.pathsep.join(paths))
    for first, second in zip(cells[::2], cells[1::2], strict=True):
        assert said(first) == said(second), f"differs when run again:\n{first.source}"
        assert "stderr" not in dict(said(first)), said(first)


def must_refuse(values, path):
    """Assert that the cell behind the parameters refuses the first of `values` in one line.

    In this process: what is asked for is done before anything has an effect.
    """
    notebook = parameterize_notebook(load_notebook_node(str(path)), values)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (given,) = (k for k, cell in enumerate(cells) if "injected-parameters" in cell.metadata.tags)
    code = "\n".join(ast.unparse(tree(cell)) for cell in cells[: given + 2])
    with pytest.raises(ValueError, match=rf"^{next(iter(values))} must .+, got .+") as caught:
        exec(code, {})
    assert "\n" not in str(caught.value)


def test_there_are_notebooks_and_parameters_for_each():
    assert NOTEBOOKS, f"no notebook in {FOLDER}"
    assert set(PARAMETERS) == set(NOTEBOOKS)
    for name, both in PARAMETERS.items():
        names = set(parameters(read(name))[0])
        assert len(both["good"]) == 2
        assert {key for values in both["good"] for key in values} == names
        assert {next(iter(values)) for values in both["bad"]} == names


@every_notebook
def test_is_clean_and_small(name):
    assert faults(NOTEBOOKS[name]) == []
    assert NOTEBOOKS[name].stat().st_size < BYTES


@every_notebook
def test_has_the_common_form(name):
    assert list(form(read(name))) == []


@every_notebook
def test_each_cell_can_be_run_twice_without_network(name, tmp_path):
    # With the first set of parameters: as it stands, it is run below or in JupyterLab.
    notebook = load_notebook_node(str(NOTEBOOKS[name]))
    notebook = parameterize_notebook(notebook, PARAMETERS[name]["good"][0])
    run_each_cell_twice(notebook, FOLDER, tmp_path)


@pytest.mark.unseen
@every_notebook
def test_says_what_is_stored(name):
    notebook = read(name)
    execute(notebook, FOLDER)
    says_the_same(code(notebook), code(read(name)))


@sets("bad")
def test_refuses_bad_parameters_in_one_line(name, values):
    must_refuse(values, NOTEBOOKS[name])
