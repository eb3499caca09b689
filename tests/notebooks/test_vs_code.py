"""What VS Code shows of an output: the first type of its own order, and the next if it cannot."""

import pytest

from lecture_utils import explore
from tests.helpers.series import every_notebook, read

WIDGET = "application/vnd.jupyter.widget-view+json"
ORDER = [  # extensions/ipynb/src/deserializers.ts of microsoft/vscode
    "application/vnd.", "application/vdom.", "application/geo+json",
    "application/x-nteract-model-debug+json", "text/html", "application/javascript", "image/gif",
    "text/latex", "text/markdown", "image/png", "image/svg+xml", "image/jpeg", "application/json",
    "text/plain"]  # fmt: skip


def tried(bundle):
    """List the types of a bundle as VS Code tries them."""
    return sorted(bundle, key=lambda kind: next(
        (place for place, start in enumerate(ORDER) if kind.startswith(start)), 100))  # fmt: skip


def test_a_figure_is_live_and_a_picture_where_its_kernel_is_gone():
    @explore(slope=(-3.0, 3.0))
    def line(figure):
        figure.subplots()
        return lambda slope=1.0: "a line"

    data, about = line._repr_mimebundle_()
    assert tried(data) == [WIDGET, "image/png", "text/plain"]
    assert about["image/png"]["alt"] == "a line"
    assert tried({**data, "text/html": ""})[1] == "text/html", "it would hide the picture"


@every_notebook
def test_a_saved_output_is_a_picture_or_a_text(name):
    bundles = [output.data for cell in read(name).cells if cell.cell_type == "code"
               for output in cell.outputs if "data" in output]  # fmt: skip
    assert any("image/png" in data for data in bundles)
    for data in bundles:
        assert tried(data)[0] == ("image/png" if "image/png" in data else "text/plain")


@pytest.mark.parametrize("kind", ["image/png", WIDGET, "text/plain"])
def test_a_type_that_it_knows_comes_before_one_that_it_does_not(kind):
    assert tried({"x-of-nobody/x": "", kind: ""}) == [kind, "x-of-nobody/x"]
