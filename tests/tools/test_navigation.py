"""Links between the notebooks, and badges from the one address in pyproject.toml."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.helpers.series import NOTEBOOKS
from tools import navigation

ADDRESS = "https://github.com/owner/name"
NAMES = ["00_start_here", "01_first", "02_second_one"]


@pytest.fixture
def folder(tmp_path):
    for name in NAMES:
        cells = [new_markdown_cell(f"# {name}?"), new_code_cell("1"), new_markdown_cell("end")]
        nbformat.write(new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    return tmp_path


def mended(path, address=None):
    notebook = nbformat.read(path, as_version=4)
    said = list(navigation.mend(notebook, path, address))
    return notebook, said


def test_links_stand_under_the_title_and_at_the_end(folder):
    notebook, said = mended(folder / "01_first.ipynb")
    assert [cell.source[:4] for cell in notebook.cells] == ["# 01", "← [0", "1", "end", "← [0"]
    assert notebook.cells[1].source == (
        "← [00 Start here](00_start_here.ipynb) · [map of the series](00_start_here.ipynb)"
        " · [02 Second one](02_second_one.ipynb) →"
    )
    assert said == [(None, "links to the other notebooks, or their places")]


def test_links_that_are_right_stay_and_others_are_replaced(folder):
    path = folder / "02_second_one.ipynb"
    notebook, _ = mended(path)
    assert list(navigation.mend(notebook, path)) == []
    notebook.cells[1].source = "← old"
    assert len(list(navigation.mend(notebook, path))) == 1
    assert [cell.source[:3] for cell in notebook.cells] == ["# 0", "← [", "1", "end", "← ["]


def test_the_badges_come_from_the_one_address(folder):
    top = mended(folder / "01_first.ipynb", f"{ADDRESS}.git")[0].cells[1].source
    links = re.findall(r"\]\((https://[^)]*)\)", top)
    alone = "owner/name/blob/gh-pages/standalone/01_first.ipynb"
    assert links == [
        "https://owner.github.io/name/live/notebooks/index.html?path=01_first.ipynb",
        f"https://colab.research.google.com/github/{alone}",
        f"https://kaggle.com/kernels/welcome?src=https://github.com/{alone}",
        "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/notebooks/01_first.ipynb",
    ]
    badges = re.findall(r"!\[[^]]+\]\((badges/\w+\.svg)\)", top)
    assert len(badges) == 4
    assert all((next(iter(NOTEBOOKS.values())).parent / badge).exists() for badge in badges)


def test_without_an_address_there_are_no_badges(folder, monkeypatch):
    monkeypatch.setattr(navigation, "repository", lambda: None)
    assert "badges/" not in mended(folder / "00_start_here.ipynb")[0].cells[1].source


def test_what_stands_beside_the_road_leads_to_the_map_and_is_reached_from_it(folder):
    for name in navigation.BESIDE:
        nbformat.write(new_notebook(cells=[new_markdown_cell("# A?")]), folder / f"{name}.ipynb")
    map_ = "[map of the series](00_start_here.ipynb)"
    for name, other in (navigation.BESIDE, navigation.BESIDE[::-1]):
        cells = mended(folder / f"{name}.ipynb")[0].cells
        words = other.replace("_", " ")
        assert [cell.source for cell in cells[1:]] == [f"{map_} · [{words}]({other}.ipynb)"] * 2
    middle = mended(folder / "01_first.ipynb")[0].cells[1].source.split(" · ")
    assert middle[1:3] == [map_, "[glossary](glossary.ipynb)"]
    opened = mended(folder / "glossary.ipynb", ADDRESS)[0].cells[1].source
    assert "badges/" not in opened, "nothing runs in it"


def test_a_notebook_that_is_not_of_the_series_is_left_alone(folder):
    path = folder / "scratch.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# mine")]), path)
    notebook, said = mended(path)
    assert (len(notebook.cells), said) == (1, [])


@pytest.mark.parametrize("path", NOTEBOOKS.values(), ids=list(NOTEBOOKS))
def test_every_notebook_links_to_files_that_are_there(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for link in re.findall(r"\]\((?!https?:)([^)#\s]+\.[a-z]+)\b", text):
        assert (path.parent / link).exists(), link
