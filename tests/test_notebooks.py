"""Every notebook: its form, other parameters, cells run twice, no network.

A new notebook needs an entry in PARAMETERS, all else finds it. Its text is compared by nbval.
"""

import ast
import io
import os
import re
import tokenize
from collections import Counter
from symtable import symtable

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4 import new_code_cell, new_notebook
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from lecture_utils.pictures.painter import TOLERANCE
from tests import live_figures
from tools.notebooks import ADDRESS, FOLDER, execute, faults

# For each notebook three sets that must work, and for each parameter one that must be refused.
PARAMETERS = {
    "00_start_here": {
        "good": [{"target": 0.5, "zoom": 0.5}, {"target": 3.0}, {"target": 2.25, "zoom": 2.0}],
        "bad": [{"target": 0.4}, {"target": "fast"}, {"zoom": 5.0}],
    },
    "01_linear_regression": {
        "good": [
            {"seed": 10000, "noise": 0.1, "zoom": 0.5},
            {"seed": 7, "noise": 3.0},
            {"noise": 2.0, "zoom": 2.0},
        ],
        "bad": [{"seed": -1}, {"noise": 0.0}, {"noise": "much"}, {"zoom": 5.0}],
    },
    "02_sigmoid_derivatives": {
        "good": [
            {"seed": 10000, "n_checks": 10, "zoom": 0.5},
            {"seed": 140, "n_checks": 2000, "eta": 2.0},
            {"eta": 0.05, "zoom": 2.0},
        ],
        "bad": [{"seed": -1}, {"n_checks": 9}, {"n_checks": 50.0}, {"eta": 0.01},
                {"eta": "small"}, {"zoom": 5.0}],
    },
    "03_gradient_descent": {
        "good": [
            {"curvature": 2.5, "n_points": 5, "zoom": 0.5},
            {"curvature": 10.0, "n_points": 1000, "seed": 10000},
            {"curvature": 3.3, "seed": 7, "zoom": 2.0},
        ],
        "bad": [{"curvature": 2.0}, {"n_points": 4}, {"n_points": 40.0}, {"seed": -1},
                {"zoom": 5.0}],
    },
    "04_gradient_descent_variants": {
        "good": [
            {"n_race": 16, "epochs": 1, "zoom": 0.5},
            {"n_race": 64, "epochs": 2, "seed": 10000, "step": 0.001},
            {"seed": 7, "epochs": 1, "step": 10.0, "zoom": 2.0},
        ],
        "bad": [{"n_race": 15}, {"step": 0.0}, {"epochs": 0}, {"epochs": 2.0}, {"seed": -1},
                {"zoom": 5.0}],
    },
    "05_perceptron": {
        "good": [
            {"n_people": 20, "seed": 7, "zoom": 0.5},
            {"n_people": 400, "seed": 10000, "step": 1.0, "bias_ratio": 1.0},
            {"step": 1e-8, "bias_ratio": 1e12, "zoom": 2.0},
        ],
        "bad": [{"n_people": 19}, {"n_people": 100.0}, {"seed": -1}, {"step": 0.0},
                {"bias_ratio": 0.5}, {"bias_ratio": "large"}, {"zoom": 5.0}],
    },
    "06_activation_functions": {
        "good": [
            {"seed": 10000, "width": 20, "zoom": 0.5},
            {"width": 120, "hinge_max": 8},
            {"seed": 3, "hinge_max": 128, "zoom": 2.0},
        ],
        "bad": [{"seed": 0.5}, {"width": 19}, {"hinge_max": 7}, {"zoom": 5.0}],
    },
    "07_multilayer_networks": {
        "good": [
            {"seed": 10000, "n_points": 40, "zoom": 0.5},
            {"n_points": 400, "epochs": 5}, {"seed": 7, "epochs": 60, "zoom": 2.0},
        ],
        "bad": [{"seed": -1}, {"n_points": 39}, {"n_points": 40.0}, {"epochs": 4}, {"zoom": 5.0}],
    },
    "08_training_networks": {
        "good": [
            {"seed": 10000, "n_digits": 100, "zoom": 0.5}, {"seed": 7, "epochs": 10},
            {"n_digits": 600, "epochs": 10, "zoom": 2.0},
        ],
        "bad": [{"seed": -1}, {"n_digits": 99}, {"n_digits": 200.0}, {"epochs": 9}, {"zoom": 5.0}],
    },
    "09_convolution_and_alexnet": {
        "good": [
            {"seed": 10000, "epochs": 2, "zoom": 0.5}, {"seed": 7, "epochs": 3},
            {"epochs": 2, "zoom": 2.0},
        ],
        "bad": [{"seed": -1}, {"epochs": 1}, {"epochs": 2.0}, {"zoom": 5.0}],
    },
    "10_frameworks": {
        "good": [
            {"seed": 10000, "updates": 20, "seconds": 0.002, "zoom": 0.5},
            {"seed": 7, "seconds": 0.002}, {"updates": 300, "seconds": 0.005, "zoom": 2.0},
        ],
        "bad": [{"seed": -1}, {"updates": 19}, {"updates": 20.0}, {"seconds": 2.0}, {"zoom": 5.0}],
    },
}  # fmt: skip

NOTEBOOKS = {path.stem: path for path in sorted(FOLDER.glob("*.ipynb"))}
BYTES = 1_000_000
WORDS = 120  # of a text cell; folded parts, tables and formulas are not counted
LINES = 25  # of a code cell; empty lines are not counted
UNCOUNTED = re.compile(
    r"<details.*?</details>|\$\$.*?\$\$|\]\([^)]*\)|<[^>]*>|^\s*\|[^\n]*$", re.DOTALL | re.MULTILINE
)

# An audit hook sees every connection, whatever library opens it, and cannot be taken off.
OFFLINE = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        place = arguments[0 if event == "socket.getaddrinfo" else 1]
        host = place[0] if isinstance(place, tuple) else place
        if host not in ("127.0.0.1", "::1", "localhost", None) and not str(host).startswith("/"):
            print("no network:", host, file=sys.stderr)  # seen even if the error is caught
            raise ConnectionRefusedError(f"no network in a notebook, got {host!r}")

sys.addaudithook(refuse)
"""

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def sets(kind, some=slice(None)):
    """Parametrise with a notebook's name and one of some of its sets of parameters."""
    return pytest.mark.parametrize(
        ("name", "values"),
        [
            pytest.param(name, values, id=f"{name}-{kind}-{i}")
            for name, both in PARAMETERS.items()
            for i, values in list(enumerate(both[kind]))[some]
        ],
    )


def read(name):
    return nbformat.read(NOTEBOOKS[name], as_version=4)


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


def said(cell):
    """List what a cell said: printed lines and texts, no pictures, no addresses in memory."""
    return [
        (kind, ADDRESS.sub("", text))
        for output in cell.outputs
        for kind, text in output.get("data", {output.get("name"): output.get("text")}).items()
        if kind in ("stdout", "stderr") or kind.startswith("text/")
    ]


def form(notebook):
    """Yield a line for each thing in which a notebook leaves the common form."""
    title = notebook.cells[0].source.partition("\n")[0]
    if not re.fullmatch(r"# .+\?", title):
        yield f"the title must be a question, got {title!r}; try '# Which line is best?'"
    text = "\n".join(cell.source for cell in notebook.cells)
    takes = sum(map(int, re.findall(r"^## .+ \((\d+) minutes\)$", text, re.MULTILINE)))
    for most in re.findall(r"\*\*It takes\*\* (?:\d+ to )?(\d+) minutes", text):
        if takes > int(most):
            yield f"the sections take {takes} minutes, the head says {most}"
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
        length = len(re.findall(r"\$[^$]*\$|\w[\w'-]*", UNCOUNTED.sub(" ", cell.source)))
        if cell.cell_type == "markdown" and length > WORDS:
            yield f"cell {number} must have at most {WORDS} words, got {length}; split or fold it"
        if cell.cell_type != "code":
            continue
        if cell not in tagged and (changed := own & assigned(cell)):
            yield f"cell {number} must leave parameter {min(changed)} as it is; rename what it sets"
        length = sum(1 for line in cell.source.splitlines() if line.strip())
        if length > LINES:
            yield f"cell {number} must have at most {LINES} lines, got {length}; split it"
        made = made_live(cell)
        figures.update(made)
        pictures = [out for out in cell.outputs if "image/png" in out.get("data", {})]
        alts = [out.metadata.get("image/png", {}).get("alt", "").strip() for out in pictures]
        if made and (len(alts) < len(made) or not all(alts)):
            yield f"cell {number} must show {', '.join(made)} with alt text, got {alts}"
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
        assert len(both["good"]) >= 3
        assert {key for values in both["good"] for key in values} <= names
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
    # With the first set of parameters: as it stands, nbval runs it.
    notebook = load_notebook_node(str(NOTEBOOKS[name]))
    notebook = parameterize_notebook(notebook, PARAMETERS[name]["good"][0])
    run_each_cell_twice(notebook, FOLDER, tmp_path)


def figures_with(name, values, capsys):
    """Run a notebook with other parameters; return its live figures by name."""
    figures = live_figures.collect(NOTEBOOKS[name], values)
    assert capsys.readouterr().err == ""
    assert figures, f"{name} has no live figure"
    return figures


@sets("good", slice(1, 2))
@mpl.rc_context()
def test_law_every_live_figure_and_with_other_parameters(name, values, capsys):
    """At every end of every control and at random settings, and no update fails."""
    rng = np.random.default_rng(0)
    for figure, live in figures_with(name, values, capsys).items():
        for setting in live_figures.settings(live, 6, rng):
            live.set(**setting)
            assert live.error is None, (figure, setting, live.error)
            assert live.caption, (figure, setting)
            assert live_figures.off(live) <= TOLERANCE, (figure, setting)
        exec(live.settings, {figure: live})
        for values in live.presets.values():
            live.set(**values)
            assert live.error is None, (figure, values, live.error)


@sets("good", slice(2, None))
@mpl.rc_context()
def test_works_with_other_parameters(name, values, capsys):
    figures_with(name, values, capsys)


@sets("bad")
def test_refuses_bad_parameters_in_one_line(name, values):
    must_refuse(values, NOTEBOOKS[name])
