"""Notebook 10 where TensorFlow and PyTorch are installed: what it claims of them is true."""

import nbformat
import pytest

from tests.helpers.series import NOTEBOOKS, said
from tools.navigation import ROOT
from tools.notebooks import NEEDS, execute

pytestmark = pytest.mark.frameworks
PATH = NOTEBOOKS["10_frameworks"]


@pytest.fixture(scope="module")
def spoken():
    """Return the lines that the notebook prints."""
    notebook = nbformat.read(PATH, as_version=4)
    execute(notebook, PATH.parent, PYTHONPATH=str(ROOT))
    kinds = [part for cell in notebook.cells if "outputs" in cell for part in said(cell)]
    assert not [text for kind, text in kinds if kind == "stderr"]
    return "".join(text for kind, text in kinds if kind == "stdout").splitlines()


def test_all_that_it_needs_is_here(spoken):
    for name in NEEDS[PATH.stem]:
        assert any(line.startswith(f"{name} ") for line in spoken)
    assert not [line for line in spoken if "is not here" in line]
    assert "measured: NumPy PyTorch Keras" in spoken


def test_every_comparison_holds(spoken):
    compared = [line for line in spoken if "True" in line or "False" in line]
    assert len(compared) >= 7
    assert not [line for line in compared if "False" in line]
    for name in ("Keras: ", "PyTorch: "):
        assert any(line.startswith(name) and line.count("True") == 2 for line in compared)
