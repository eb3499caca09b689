"""The checks of notebooks, checked: what they must find is planted, and they find it."""

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import tests.notebooks.test_notebooks as checks
from tests.helpers.series import DIFFERS
from tools.notebooks import METADATA

TITLE = "# @title Figure line: it is moved by hand\n"
FIGURE = TITLE + "@lecture_utils.explore(k=(0, 3))\ndef line(figure):\n    pass"


def picture(alt):
    about = {"image/png": {"alt": alt}}
    return new_output("display_data", data={"image/png": "", "text/plain": alt}, metadata=about)


def good():
    """A notebook in the common form."""
    details = (
        f"Think.\n<details>\n{'long ' * 200}\n</details>\n\n|{'a |' * 200}\n\n$${'x ' * 200}$$"
    )
    return new_notebook(
        cells=[
            new_markdown_cell("# Does it stand?\n\nYes."),
            new_code_cell("n: int = 20  # points, 2 to 40\nstep = (\n    0.1\n)  # above 0",
                          metadata={"tags": ["parameters"]}),
            new_markdown_cell(f"{details}\n\n**Predict.** Where will it go?"),
            new_code_cell(FIGURE, outputs=[picture("flat")]),
            new_code_cell("%matplotlib inline\n\n\n" + "n\n\n" * 24),
        ]
    )  # fmt: skip


def test_a_notebook_in_the_common_form_passes():
    assert list(checks.form(good())) == []


def no_question(cells):
    cells[0].source = "# It stands"


def no_title(cells):
    cells[0].source = "Does it stand?"


def section(cells, minutes):
    """Add a section that takes so long."""
    answers = "<details><summary>Answer</summary>" + 120 * minutes * "word " + "</details>"
    cells.append(new_markdown_cell("## 1. Why\n\n" + answers))


def paths(cells, *minutes):
    """Add a table of what to read in how many minutes."""
    rows = "".join(f"| {each} minutes | some |\n" for each in minutes)
    table = f"| you have | read |\n|---|---|\n{rows}| 3 hours | all |"
    fold = f"<details><summary>What to read</summary>\n\n{table}\n\n</details>"
    cells.insert(1, new_markdown_cell(fold))


def too_long_a_road(cells):
    section(cells, 61)
    paths(cells, 10, 45, 90)


def no_path_for_a_lecture(cells):
    section(cells, 50)
    paths(cells, 10, 45)


def open_paths(cells):
    cells[0].source += "\n\n| you have | read |\n|---|---|\n| 10 minutes | all |"


def symbols_elsewhere(cells):
    cells.append(new_markdown_cell("| symbol | meaning |\n|---|---|\n| $x$ | inputs |"))


def no_parameters(cells):
    cells[1].metadata = {}


def two_parameter_cells(cells):
    cells[3].metadata["tags"] = ["parameters"]


def silent_parameter(cells):
    cells[1].source = "# points\nn = 20\nstep = 0.1  # above 0"


def parameter_set_anew(cells):
    cells[4].source = "for step in range(3):\n    n"


def long_text(cells):
    cells[2].source += " word" * 121


def two_questions(cells):
    cells[2].source += " What for?"


def two_questions_in_one(cells):
    cells[2].source = "**Predict.** Where will it go, and to what end?"


def long_code(cells):
    cells[4].source += "n\n"


def figure_without_picture(cells):
    cells[3].outputs = []


def picture_without_words(cells):
    cells[3].outputs = [picture(" ")]


def two_of_a_name(cells):
    again = FIGURE.replace("lecture_utils.", "").replace("@exp", "from x import explore\n@exp")
    cells[4] = new_code_cell(again, outputs=[picture("flat")])


def open_figure(cells):
    cells[3].source = FIGURE.removeprefix(TITLE)


def open_code_before_a_figure(cells):
    cells.insert(3, new_code_cell("ways = {}"))


def wide_code(cells):
    cells[4].source = " + ".join(["n"] * 26)


def code_that_is_not_formatted(cells):
    cells[4].source = "( n)  # fmt: skip"


def title_without_words(cells):
    cells[3].source = FIGURE.replace(TITLE, "# @title Figure\n")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (no_question, "the title must be a question, got '# It stands'"),
        (no_title, "the title must be a question, got 'Does it stand?'"),
        (too_long_a_road, "the main road must take at most 60 minutes, got 61; let some go deeper"),
        (no_path_for_a_lecture, "the table 'you have | read' must have a path of 90 minutes"),
        (open_paths, "the table 'you have | read' of cell 1 must be in 'What to read', folded"),
        (symbols_elsewhere, "the table 'symbol | meaning' of cell"),
        (no_parameters, "one cell must have the tag 'parameters', got 0"),
        (two_parameter_cells, "one cell must have the tag 'parameters', got 2"),
        (silent_parameter, "parameter n must say"),
        (parameter_set_anew, "cell 5 must leave parameter step as it is"),
        (long_text, "cell 3 must have at most 120 words, got 12"),
        (two_questions, "cell 3 must ask one question, got '**Predict.** Where will it go? Wh"),
        (two_questions_in_one, "cell 3 must ask one question, got '**Predict.** Where"),
        (long_code, "cell 5 must have at most 25 lines, got 26"),
        (figure_without_picture, "cell 4 must show line with alt text, got []"),
        (picture_without_words, "cell 4 must show line with alt text, got ['']"),
        (two_of_a_name, "live figure line must have a name of its own, 2 have it"),
        (open_figure, "cell 4 must be folded, for it draws line; begin it with # @title"),
        (open_code_before_a_figure, "cell 4 must not stand open between the question of cell 3"),
        (wide_code, "cell 5 must be open code of 100 columns"),
        (code_that_is_not_formatted, "cell 5 must be open code of 100 columns"),
        (title_without_words, "cell 4 must have a title of 17 to 77 characters, got 'Figure'"),
    ],
)
def test_a_notebook_that_leaves_the_common_form_is_refused(spoil, words):
    notebook = good()
    spoil(notebook.cells)
    (line,) = checks.form(notebook)
    assert line.startswith(words)


@pytest.mark.parametrize(
    ("sources", "problem", "words"),
    [
        (["n = 1", "n += 1\nprint(n)"], AssertionError, "differs when run again"),
        (["n = 1", "del n"], CellExecutionError, "name 'n' is not defined"),
        (
            ["import urllib.request as u\nu.urlopen('http://192.0.2.1/')"],
            CellExecutionError,
            "no network in a notebook, got '192.0.2.1'",
        ),
        (
            ["import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80))\n"
             "except OSError:\n    pass"],
            AssertionError,
            "no network: 192.0.2.1",
        ),
        (
            ["import socket\nwith socket.socket(type=socket.SOCK_DGRAM) as s:\n"
             "    s.sendto(b'', ('192.0.2.1', 9))"],
            CellExecutionError,
            "no network in a notebook",
        ),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_run_again_or_opens_a_socket_is_refused(
    tmp_path, sources, problem, words
):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    with pytest.raises(problem, match=words):
        checks.run_each_cell_twice(notebook, tmp_path, tmp_path)


def test_sockets_on_this_machine_and_objects_without_names_are_no_reason(tmp_path):
    source = (
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\nserver.close()\nobject()"
    )
    notebook = new_notebook(cells=[new_code_cell(source)])
    checks.run_each_cell_twice(notebook, tmp_path, tmp_path)


def spoken(text, **about):
    """A cell that printed a line and showed an object."""
    shown = new_output("execute_result", data={"text/plain": f"<{text} at 0x7f00>"})
    printed = new_output("stream", text=f"{text}\n", **about)
    return new_code_cell("print(it)\nit", outputs=[printed, shown])


def test_a_text_that_is_not_what_is_stored_is_seen():
    stored = spoken("plotted")
    other = spoken("plotted")
    other.outputs[1].data["text/plain"] = "<plotted at 0x7f01>"
    checks.says_the_same([other], [stored])
    parted = new_output("display_data"), new_output("stream", text="ted\n")
    split = spoken("plot")
    split.outputs[0].text = "plot"
    split.outputs[1:] = [*parted, spoken("plotted").outputs[1]]
    checks.says_the_same([split], [stored])
    fewer = spoken("plotted")
    del fewer.outputs[1]
    for wrong in (spoken("plotting"), spoken("plotted", name="stderr"), fewer):
        with pytest.raises(AssertionError, match="print"):
            checks.says_the_same([wrong], [stored])
        with pytest.raises(AssertionError, match="print"):
            checks.says_the_same([stored], [wrong])
    with pytest.raises(ValueError, match="longer"):
        checks.says_the_same([], [stored])
    stored.metadata["tags"] = [DIFFERS]
    checks.says_the_same([spoken("plotting")], [stored])


def notebook_that_reacts(path, reaction):
    cells = [new_code_cell("n = 20", metadata={"tags": ["parameters"]}),
             new_code_cell(f"if n < 2:\n    {reaction}")]  # fmt: skip
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), path)
    return path


@pytest.mark.parametrize(
    "reaction",
    [
        "pass",
        "n / 0",
        "raise ValueError('too small')",
        "raise ValueError(f'n must be >= 2, got {n};\\ntry 2')",
    ],
)
def test_a_bad_parameter_that_is_not_refused_in_one_line_is_seen(tmp_path, reaction):
    path = notebook_that_reacts(tmp_path / "planted.ipynb", reaction)
    with pytest.raises((AssertionError, ZeroDivisionError, pytest.fail.Exception)):
        checks.must_refuse({"n": 0}, path)


def test_a_bad_parameter_that_is_refused_in_one_line_passes(tmp_path):
    reaction = "raise ValueError(f'n must be >= 2, got {n}; try 2')"
    path = notebook_that_reacts(tmp_path / "planted.ipynb", reaction)
    checks.must_refuse({"n": 0}, path)
