"""The tool that executes and cleans notebooks: each kind of dirt, planted, is seen and removed."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.notebooks import NEEDS, faults, main, mend, names

CELLS = [
    new_markdown_cell("# Does a picture stay the same?"),
    new_code_cell("import matplotlib.pyplot as plt\nfrom lecture_utils import explore"),
    new_markdown_cell("## Look"),
    new_code_cell(
        "# @title A line that is turned by hand\n"
        "@explore(slope=(-3.0, 3.0))\n"
        "def line(figure):\n"
        "    (fit,) = figure.subplots().plot([0, 1], [0, 1])\n"
        "    def update(slope=1.0):\n"
        "        fit.set_ydata([0, slope])\n"
        "        return f'rises by {slope:g}'\n"
        "    return update"
    ),
    new_code_cell("plt.plot([1, 3, 2])\nprint('plotted')"),
    new_code_cell("object()", metadata={"tags": ["kept"]}),
]


def save(notebook, path):
    """Write a notebook as Jupyter does, with the same ends of lines on every system."""
    path.write_bytes((nbformat.writes(notebook) + "\n").encode())


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A small notebook, executed and cleaned."""
    path = tmp_path_factory.mktemp("room") / "room.ipynb"
    save(new_notebook(cells=CELLS), path)
    assert not main(str(path))
    return path


@pytest.fixture
def copy_of_room(room, tmp_path):
    """A copy of it to be spoilt, and how to write it back."""
    path = tmp_path / "copy.ipynb"
    notebook = nbformat.read(room, as_version=4)

    def write():
        save(notebook, path)
        return path

    return notebook, write


def test_outputs_stay_where_a_notebook_cannot_be_run(copy_of_room, monkeypatch, capsys):
    notebook, write = copy_of_room
    notebook.cells[-2].outputs[0].text = "plotted elsewhere\n"
    notebook.cells[-1].metadata["of"] = "an editor"
    path = write()
    monkeypatch.setitem(NEEDS, path.stem, ("numpy", "a_library_of_elsewhere"))
    assert not main(str(path))
    assert "not run, a_library_of_elsewhere is not here" in capsys.readouterr().out
    assert faults(path) == []  # cleaned all the same
    assert nbformat.read(path, as_version=4).cells[-2].outputs[0].text == "plotted elsewhere\n"


def test_what_was_cleaned_is_clean_and_has_its_pictures(room):
    assert faults(room) == []
    notebook = nbformat.read(room, as_version=4)
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == [
        1, 2, 3, 4]  # fmt: skip
    (live,) = notebook.cells[3].outputs
    assert set(live.data) == {"image/png", "text/plain"}
    assert live.metadata["image/png"] == {"alt": "rises by 1", "height": 420, "width": 680}
    assert [output.output_type for output in notebook.cells[4].outputs] == [
        "stream", "display_data"]  # fmt: skip
    assert notebook.cells[5].outputs[0].data["text/plain"] == "<object>"
    assert notebook.cells[5].metadata == {"slideshow": {"slide_type": "skip"}, "tags": ["kept"]}


def test_running_it_again_changes_no_byte(room):
    before = room.read_bytes()
    assert not main(str(room))
    assert room.read_bytes() == before


def widget_view(notebook):
    notebook.cells[3].outputs[0].data["application/vnd.jupyter.widget-view+json"] = {"model_id": 1}


def widget_state(notebook):
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}


def version_of_python(notebook):
    notebook.metadata.language_info["version"] = "3.13.0"


def other_kernel(notebook):
    notebook.metadata.kernelspec["name"] = "my-env"


def timing(notebook):
    notebook.cells[1].metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}


def collapsed(notebook):
    notebook.cells[1].metadata["collapsed"] = True


def folded_by_hand(notebook):
    notebook.cells[1].metadata["cellView"] = "form"


def unfolded_by_hand(notebook):
    del notebook.cells[3].metadata["jupyter"]


def unfolded_by_an_editor(notebook):
    notebook.cells[3].metadata["jupyter"] = {"source_hidden": False}


def random_id(notebook):
    notebook.cells[1]["id"] = "5f3a"


def address(notebook):
    notebook.cells[5].outputs[0].data["text/plain"] = "<object at 0x7f00a1>"


def printed_address(notebook):
    notebook.cells[4].outputs[0].text = "<object at 0x7f00a1>\n"


def metadata_of_a_picture(notebook):
    notebook.cells[3].outputs[0].metadata["image/png"]["needs_background"] = "light"


def metadata_of_an_output(notebook):
    notebook.cells[5].outputs[0].metadata["filenames"] = {}


def old_format(notebook):
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (widget_view, "cell 4: a widget view"),
        (widget_state, "widget state"),
        (version_of_python, "metadata other"),
        (other_kernel, "metadata other"),
        (timing, "cell 2: cell metadata 'execution'"),
        (collapsed, "cell 2: cell metadata 'collapsed'"),
        (folded_by_hand, "cell 2: cell metadata 'cellView', where the first line says otherwise"),
        (unfolded_by_hand, "cell 4: cell metadata 'jupyter', where the first line says otherwise"),
        (unfolded_by_an_editor, "cell 4: cell metadata 'jupyter', where the first line"),
        (random_id, "cell 2: id '5f3a' instead of 'does-a-picture-stay-the-same_2'"),
        (address, "cell 6: an address"),
        (printed_address, "cell 5: an address"),
        (metadata_of_a_picture, "cell 4: output metadata 'needs_background'"),
        (metadata_of_an_output, "cell 6: output metadata 'filenames'"),
        (old_format, "format 4.4"),
    ],
)
def test_dirt_is_named_and_mended(copy_of_room, room, spoil, words):
    notebook, write = copy_of_room
    spoil(notebook)
    line = faults(write())[0]
    assert words in line
    assert line.endswith("; run make notebooks")
    list(mend(notebook))
    if spoil is not printed_address:  # the words around it are not those of the room
        assert write().read_bytes() == room.read_bytes()
    assert faults(write()) == []


def error(notebook):
    notebook.cells[5].outputs = [
        new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[31mno"])
    ]


def warning(notebook):
    notebook.cells[5].outputs = [new_output("stream", name="stderr", text="RuntimeWarning: oh\n")]


def never_run(notebook):
    notebook.cells[1].execution_count = None


def out_of_order(notebook):
    notebook.cells[1].execution_count, notebook.cells[3].execution_count = 2, 1


def empty(notebook):
    notebook.cells[5].source = " \n"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (error, "cell 6: an error: ValueError: no; show it with try/except"),
        (warning, "cell 6: stderr: RuntimeWarning: oh; mend what it warns of"),
        (never_run, "cell 2: not run in order: its count is None instead of 1"),
        (out_of_order, "cell 2: not run in order: its count is 2 instead of 1"),
        (empty, "cell 6: an empty code cell; delete it"),
    ],
)
def test_what_only_the_author_can_mend_is_refused(copy_of_room, spoil, words):
    notebook, write = copy_of_room
    spoil(notebook)
    assert words in faults(write())[0]
    assert list(mend(notebook)) == []


def test_another_layout_of_the_same_content_is_refused(room, tmp_path):
    path = tmp_path / "layout.ipynb"
    path.write_bytes(room.read_bytes().replace(b"\n ", b"\n  "))
    assert faults(path) == [
        f"{path}: JSON is laid out or sorted differently; run make notebooks"]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b'{"cells": [', b"{}", b"[1]", b'{"nbformat": 4, "cells": 3}', b"\xff\xfe"]
)
def test_an_unreadable_file_gets_one_line_and_is_left_alone(tmp_path, capsys, content):
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    for arguments in ([str(path)], ["--check", str(path)]):
        assert main(*arguments)
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"{path}: cannot be read as a notebook (")
        assert line.endswith("; take it from git again")
    assert path.read_bytes() == content


def test_a_file_that_is_not_there_is_not_taken_for_a_broken_one(tmp_path, capsys):
    for path in (tmp_path / "00_strat_here.ipynb", tmp_path):
        for arguments in ([str(path)], ["--check", str(path)]):
            assert main(*arguments)
            (line,) = capsys.readouterr().err.splitlines()
            assert line.startswith(f"{path} must be a notebook that can be read, got ")
            assert line.endswith("; try notebooks/05_perceptron.ipynb")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("import os\nos._exit(3)", "Kernel died"),
        ("import warnings\nwarnings.warn('oh')", "UserWarning: oh"),
    ],
)
def test_a_notebook_that_fails_gets_one_line_and_is_left_alone(tmp_path, capfd, source, words):
    path = tmp_path / "fails.ipynb"
    cells = [new_code_cell("1"), new_code_cell(source), new_code_cell("2", execution_count=3)]
    nbformat.write(new_notebook(cells=cells), path)
    before = path.read_bytes()
    assert main(str(path))
    line = capfd.readouterr().err.splitlines()[-1]
    assert line.startswith(f"{path}, cell 2: ")
    assert words in line
    assert line.endswith("; nothing was written")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["fails.ipynb"]


def test_ids_are_stable_under_changes_in_other_sections_and_never_meet():
    cells = [new_markdown_cell(text) for text in ("a", "## Try 2!", "b", "# Try", "c", "## Try 2")]
    assert list(names(cells)) == ["start", "try-2", "try-2_2", "try", "try_2", "try-2_3"]
    cells.insert(1, new_markdown_cell("new"))
    assert list(names(cells))[2:] == ["try-2", "try-2_2", "try", "try_2", "try-2_3"]
    assert list(names([new_markdown_cell("# " + "long " * 30)])) == ["long-" * 7 + "long"]
