"""The notebooks of the series, as the tests go through them.

A new notebook needs an entry in PARAMETERS, all else finds it.
"""

import nbformat
import pytest

from tools.notebooks import ADDRESS, series

# For each notebook two sets that must work, which take every parameter to both of its ends or far
# from what it is, and for each parameter one value that must be refused.
PARAMETERS = {
    "00_start_here": {
        "good": [{"target": 0.5, "zoom": 2.0}, {"target": 3.0, "zoom": 0.5}],
        "bad": [{"target": 0.4}, {"target": "fast"}, {"zoom": 5.0}],
    },
    "01_linear_regression": {
        "good": [
            {"seed": 10000, "noise": 0.1, "zoom": 2.0},
            {"seed": 7, "noise": 3.0, "zoom": 0.5},
        ],
        "bad": [{"seed": -1}, {"noise": 0.0}, {"noise": "much"}, {"zoom": 5.0}],
    },
    "02_sigmoid_derivatives": {
        "good": [
            {"seed": 10000, "n_checks": 10, "step": 0.05, "zoom": 2.0},
            {"seed": 140, "n_checks": 2000, "step": 2.0, "zoom": 0.5},
        ],
        "bad": [{"seed": -1}, {"n_checks": 9}, {"n_checks": 50.0}, {"step": 0.01},
                {"step": "small"}, {"zoom": 5.0}],
    },
    "03_gradient_descent": {
        "good": [
            {"curvature": 2.5, "n_points": 5, "seed": 7, "zoom": 2.0},
            {"curvature": 10.0, "n_points": 1000, "seed": 10000, "zoom": 0.5},
        ],
        "bad": [{"curvature": 2.0}, {"n_points": 4}, {"n_points": 40.0}, {"seed": -1},
                {"zoom": 5.0}],
    },
    "04_gradient_descent_variants": {
        "good": [
            {"n_race": 16, "epochs": 1, "seed": 7, "step": 10.0, "zoom": 2.0},
            {"n_race": 64, "epochs": 2, "seed": 10000, "step": 0.001, "zoom": 0.5},
        ],
        "bad": [{"n_race": 15}, {"step": 0.0}, {"epochs": 0}, {"epochs": 2.0}, {"seed": -1},
                {"zoom": 5.0}],
    },
    "05_perceptron": {
        "good": [
            {"n_people": 20, "seed": 7, "step": 1e-8, "bias_ratio": 1e12, "zoom": 2.0},
            {"n_people": 400, "seed": 10000, "step": 1.0, "bias_ratio": 1.0, "zoom": 0.5},
        ],
        "bad": [{"n_people": 19}, {"n_people": 100.0}, {"seed": -1}, {"step": 0.0},
                {"bias_ratio": 0.5}, {"bias_ratio": "large"}, {"zoom": 5.0}],
    },
    "06_activation_functions": {
        "good": [
            {"seed": 10000, "width": 20, "hinge_max": 128, "zoom": 2.0},
            {"seed": 3, "width": 120, "hinge_max": 8, "zoom": 0.5},
        ],
        "bad": [{"seed": 0.5}, {"width": 19}, {"hinge_max": 7}, {"zoom": 5.0}],
    },
    "07_multilayer_networks": {
        "good": [
            {"seed": 10000, "n_points": 40, "epochs": 60, "zoom": 2.0},
            {"seed": 7, "n_points": 400, "epochs": 5, "zoom": 0.5},
        ],
        "bad": [{"seed": -1}, {"n_points": 39}, {"n_points": 40.0}, {"epochs": 4}, {"zoom": 5.0}],
    },
    "08_training_networks": {
        "good": [
            {"seed": 10000, "n_digits": 100, "zoom": 2.0},
            {"seed": 7, "n_digits": 600, "epochs": 10, "zoom": 0.5},
        ],
        "bad": [{"seed": -1}, {"n_digits": 99}, {"n_digits": 200.0}, {"epochs": 9}, {"zoom": 5.0}],
    },
    "09_convolution_and_alexnet": {
        "good": [
            {"seed": 10000, "epochs": 2, "zoom": 2.0},
            {"seed": 7, "epochs": 3, "zoom": 0.5, "photo": "../pictures/live-figure.png"},
        ],
        "bad": [{"seed": -1}, {"epochs": 1}, {"epochs": 2.0}, {"photo": "missing.jpg"},
                {"photo": "09_convolution_and_alexnet.ipynb"}, {"photo": 3}, {"zoom": 5.0}],
    },
    "10_frameworks": {
        "good": [
            {"seed": 10000, "updates": 20, "seconds": 0.002, "zoom": 2.0},
            {"seed": 7, "updates": 300, "seconds": 0.005, "zoom": 0.5},
        ],
        "bad": [{"seed": -1}, {"updates": 19}, {"updates": 20.0}, {"seconds": 2.0}, {"zoom": 5.0}],
    },
    "linear_algebra": {
        "good": [{"zoom": 2.0}, {"zoom": 0.5}],
        "bad": [{"zoom": 5.0}],
    },
}  # fmt: skip

NOTEBOOKS = {path.stem: path for path in series()}

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

# Of cells whose output differs from run to run; the word is nbval's, which others may use.
DIFFERS = "nbval-ignore-output"

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


def said(cell):
    """List what a cell said: printed lines and texts, no pictures, no addresses in memory."""
    found = [
        (kind, ADDRESS.sub("", text))
        for output in cell.outputs
        for kind, text in output.get("data", {output.get("name"): output.get("text")}).items()
        if kind in ("stdout", "stderr") or kind.startswith("text/")
    ]
    for place in range(len(found) - 1, 0, -1):  # a bar of progress that is gone has split a text
        (kind, text), (other, more) = found[place - 1 : place + 1]
        if kind == other in ("stdout", "stderr"):
            found[place - 1 : place + 1] = [(kind, text + more)]
    return found


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def says_the_same(cells, stored):
    """Assert that code cells which were run say what is stored."""
    for here, there in zip(cells, stored, strict=True):
        if DIFFERS not in there.metadata.get("tags", ()):
            assert said(here) == said(there), here.source
