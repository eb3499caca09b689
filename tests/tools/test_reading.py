"""Notebooks as other editors save them: each tool reads them as if they were ours."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import handout, notebooks, pages, site, slides, standalone, sweep
from tools.navigation import ROOT

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
NAME = "05_small.ipynb"


def handed(path):
    """What the handout makes of a notebook, and the text of the file that it writes."""
    target = path.parent / "handed"
    handout.fill(target, solutions=False)
    return (target / "notebooks" / path.name).read_text(encoding="utf-8")


TOOLS = {
    "page": lambda path: pages.page(path, links=""),
    "slides": slides.deck,
    "site": lambda path: site.landing([path]),
    "one file": standalone.standalone,
    "handout": handed,
    "sweep": sweep.read,
}


def small():
    shown = new_output("display_data", {"image/png": PNG, "text/plain": "rises by 1"},
                       metadata={"image/png": {"alt": "rises by 1"}})  # fmt: skip
    printed = new_output("stream", text="{}\n")
    return new_notebook(metadata=notebooks.METADATA, cells=[
        new_markdown_cell("# Does a notebook survive an editor?"),
        new_code_cell("step: float = 0.1", metadata={"tags": ["parameters"]}, execution_count=1),
        new_code_cell("@explore(a=1)\ndef f(figure): ...", outputs=[shown], execution_count=2),
        new_code_cell("print({})", metadata={"tags": ["results"]}, outputs=[printed],
                      execution_count=3),
        new_markdown_cell("<details><summary>Solution</summary>\n\n42\n\n</details>"),
    ])  # fmt: skip


def as_colab(notebook):
    """Leave what Colab leaves when it saves: above all, widgets without a state."""
    notebook.metadata["colab"] = {"provenance": []}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"a1": {}}}
    for number, cell in enumerate(notebook.cells):
        cell.metadata.update({"id": f"aB{number}", "colab": {"base_uri": "https://localhost"}})
        cell.metadata.pop("slideshow", None)
    figure = notebook.cells[2]
    figure.outputs[0].data[notebooks.WIDGET] = {"model_id": "a1"}
    figure.outputs.insert(0, new_output("display_data", {notebooks.WIDGET: {"model_id": "a2"}}))
    return nbformat.writes(notebook)


def with_saved_widgets(notebook):
    state = {"a1": {"model_name": "ImageModel", "state": {}}}
    notebook.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": state, "version_major": 2}
    }
    notebook.cells[2].outputs[0].data[notebooks.WIDGET] = {"model_id": "a1"}
    return nbformat.writes(notebook)


def without_ids(notebook):
    for cell in notebook.cells:
        del cell["id"]
    return nbformat.v4.writes(notebook)


def with_one_id(notebook):
    for cell in notebook.cells:
        cell["id"] = "same"
    return nbformat.v4.writes(notebook)


def format_4_0(notebook):
    notebook.nbformat_minor = 0
    return without_ids(notebook)


def format_3(notebook):
    return nbformat.v3.writes_json(nbformat.convert(notebook, 3))


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("save", [as_colab, with_saved_widgets, without_ids, with_one_id,
                                  format_4_0, format_3])  # fmt: skip
def test_every_tool_makes_of_it_what_it_makes_of_ours(save, tool, tmp_path, monkeypatch):
    made = []
    for place, text in (("ours", nbformat.writes(small())), ("theirs", save(small()))):
        path = tmp_path / place / NAME
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        if place == "ours":
            notebook = notebooks.read_clean(path)
            notebooks.write(notebook, path)
            assert [cell.source for cell in notebook.cells] == [c.source for c in small().cells]
        monkeypatch.setattr(notebooks, "FOLDER", path.parent)
        made.append(TOOLS[tool](path))
    assert made[0] == made[1]


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("text", ["", '{"cells": [', "[1]", '{"nbformat": 2}', '{"nbformat": 99}'])
def test_what_is_no_notebook_gets_one_line(text, tool, tmp_path, monkeypatch):
    path = tmp_path / NAME
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    with pytest.raises(SystemExit) as ended:
        TOOLS[tool](path)
    (line,) = str(ended.value).splitlines()
    assert line.startswith(f"{path}: cannot be read as a notebook (")


def test_the_line_is_all_that_a_tool_says(tmp_path):
    path = tmp_path / NAME
    path.write_text(
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}', encoding="utf-8"
    )
    command = [sys.executable, "-m", "tools.notebooks", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{path}: cannot be read")
