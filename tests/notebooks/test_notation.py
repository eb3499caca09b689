"""One notation from notebook to notebook: in formulas, in code, and on axes."""

import ast
import re

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tests.helpers.series import NOTEBOOKS, read

# They say once what all later ones use: theta = (w, b), A = (X, 1), the step, a = phi(z).
FIRST = [name for name in NOTEBOOKS if name[0].isdigit()]
SWAPPED = re.compile(r"\(b(_1)?, ?w|\bb, w = ")  # a pair in the wrong order
SOLUTION = re.compile(r"```python\n(.*?)```", re.DOTALL)
SHARED = {  # what is declared in more than one of their heads, and what must be said of it
    "x": "input|sample", "X": "inputs|samples", "y": "measured|happened|targets|label", "A": "ones",
    r"\bar": "mean of the numbers|a bar was the mean", "f": "the model", "w": "weight",
    "M": r"mask|matrix \(in notebook 08", "W": "weights", "W_l": "weights", "b_l": "biases",
    "g": "gradient", "L": "number of layers",
    r"\sigma": "the sigmoid", r"\mathrm{sd}": "standard deviation", "s_w": "first weights",
    r"\beta": "momentum|velocity", r"\lambda": "strength of a penalty", r"\lVert": "length",
    r"\theta": r"weights and|parameters|what we move", r"\theta_k": "after", r"\ell": "loss",
    r"\eta": "step", r"\lambda_{\max}": "curvature", r"\lambda_{\min}": "curvature",
    r"\kappa": "condition number", "b": "bias", "z": "score",
    "a": "model gives|pass on|its activation",
    r"\mathrm{E}": "mean over all random draws",
    # What exercises of 09 and 10 are handed by these names; their heads say what it was before.
    "s": r"mean of their squares|stride \(in notebook 04 \$s\$",
    "p": r"chance|padding \(in 08 \$p\$", "k": r"^pixels|classes \(in notebook 09 \$k\$",
}  # fmt: skip
OTHER_NAMES = {"eta", "lr", "rate", "learning_rate"}  # of what is called step in code
MANY_STEPS = OTHER_NAMES - {"rate"}  # which may also be the rate at which an error shrinks


def programs(notebook):
    """Yield each piece of code of a notebook, solutions too, as a tree."""
    for cell in notebook.cells:
        parts = [cell.source] if cell.cell_type == "code" else SOLUTION.findall(cell.source)
        for part in parts:
            yield ast.parse(TransformerManager().transform_cell(part))


def declared(notebook):
    """Map each symbol that the table at the head of a notebook declares to its meaning."""
    (text,) = (c.source for c in notebook.cells if "| symbol | meaning |" in c.source)
    rows = text.partition("| symbol | meaning |")[2].partition("\n\n")[0]
    return {
        symbol: meaning
        for symbols, meaning in re.findall(r"^\| (.+?) \| (.+) \|$", rows, re.MULTILINE)
        for symbol in re.findall(r"\$([^$= (]+)[^$]*\$", symbols)
    }


def calls(tree, name):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and re.search(rf"\b{name}$", ast.unparse(node.func)):
            yield node


def is_of_ones(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "np.ones"


def design(tree):
    """Yield a line for each design matrix of another form or another name."""
    held = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets, values = node.targets, [node.value]
            if isinstance(targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                targets, values = targets[0].elts, node.value.elts
            held |= {id(v): ast.unparse(t) for t, v in zip(targets, values, strict=False)}
    for node in calls(tree, "column_stack"):
        columns = getattr(node.args[0], "elts", [])
        if any(map(is_of_ones, columns)):
            if not is_of_ones(columns[-1]):
                yield f"the column of ones must be the last, got {ast.unparse(node)}"
            if not re.fullmatch(r"(\w+_)?A\d?", called := held.get(id(node), "A")):
                yield f"a matrix with a column of ones must be called A, got {called}"


def planes(tree):
    """Yield a line for each plane of parameters with the bias across."""
    for node in calls(tree, "set"):
        labels = {k.arg: ast.unparse(k.value) for k in node.keywords if k.arg}
        if "$b" in labels.get("xlabel", "") and re.search(r"\$(w|b_1)", labels.get("ylabel", "")):
            yield f"w must go across and b upwards, got {labels['xlabel']}, {labels['ylabel']}"


def controls(tree):
    """Yield a line for each control of a figure that has another name for the step."""
    for node in calls(tree, "explore"):
        for found in {k.arg for k in node.keywords} & OTHER_NAMES:
            yield f"the step of a figure must be called step, got {found}"


def other_names(tree):
    """Yield a line for each variable or argument that has another name for the step."""
    for node in ast.walk(tree):
        stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        found = node.id if stored else node.arg if isinstance(node, ast.arg) else None
        if found in MANY_STEPS:
            yield f"the step in code must be called step, got {found}"


def notation(notebook):
    """Yield a line for each place that leaves the notation of the series."""
    for number, cell in enumerate(notebook.cells, 1):
        for found in SWAPPED.finditer(cell.source):
            yield f"cell {number} must name w first and b second, got {found[0]!r}"
        if "parameters" in cell.metadata.get("tags", ()):
            for found in re.findall(r"^(\w+) = ", cell.source, re.MULTILINE):
                if found in OTHER_NAMES:
                    yield f"the parameter must be called step, got {found}"
    for tree in programs(notebook):
        yield from [*design(tree), *planes(tree), *controls(tree), *other_names(tree)]


def test_a_symbol_that_two_notebooks_declare_means_one_thing():
    heads = [declared(read(name)) for name in FIRST]
    every = [symbol for head in heads for symbol in head]
    assert {symbol for symbol in every if every.count(symbol) > 1} == set(SHARED)
    for head in heads:
        for symbol in head.keys() & SHARED:
            assert re.search(SHARED[symbol], head[symbol]), (symbol, head[symbol])


@pytest.mark.parametrize("name", [*FIRST, "linear_algebra"])
def test_speaks_one_notation(name):
    assert list(notation(read(name))) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("X = np.column_stack([np.ones(3), x])", "the last"),
        ("X = np.column_stack([x, np.ones(3)])", "called A"),
        ("y, X = x, np.column_stack([x, np.ones(3)])", "called A"),
        ("axes.set(xlabel='$b$', ylabel='$w$')", "across"),
        ("@explore(eta=(0, 1))\ndef f(figure): pass", "called step"),
        ("def moved(w, g, eta): pass", "called step"),
        ("b, w = theta", "w first"),
        ("for eta in (0.1, 0.2): pass", "called step"),
    ],
)
def test_another_notation_is_seen(code, words):
    notebook = read(FIRST[0])
    notebook.cells[-1].update(cell_type="code", source=code)
    assert words in "\n".join(notation(notebook))
