"""A class that hands in: everyone's own verdicts, whatever the others wrote."""

import csv
import doctest
import io
import os
import re
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.helpers.exercise_notebooks import EXERCISES, parts, solution
from tools import collect, collect_page
from tools.collect import Row

DISTANCE = "def distance(y, t):\n    return {}\n\n\n"
CHECK = 'check("00.2", distance)'
RIGHT = "import numpy as np\nfrom lecture_utils import check\n\n" + DISTANCE.format(
    "np.abs(y - t).mean()") + CHECK  # fmt: skip
WRONG = RIGHT.replace(".mean()", ".sum()")
# Right, of another exercise.
ANOTHER = 'def prepare(x):\n    return (x - x.mean()) / x.std()\n\n\ncheck("03.9", prepare)'
FORGED = '{"number": "00.2", "state": "right", "words": "right, on 4 inputs drawn afresh."}'
# What is done before the answer: it may harm its author, and nobody else.
BEFORE = {
    "prints right": f"""import os
print("00.2: right, on 4 inputs drawn afresh.")
for place in range(1, 30):
    try:
        os.write(place, b'\\n{FORGED}\\n{"0" * 32} {FORGED}')
    except OSError:
        pass""",
    "replaces the judge": """import sys, lecture_utils, lecture_utils.exercises as ours
from lecture_utils.exercises import comparing, judge
ours.check = lecture_utils.check = lambda *_: "right"
comparing.same = judge.same = lambda *_: True
judge.FillIn.judge = lambda *_: ("right", "right")""",
    "tells nonsense": """tell = get_ipython().ast_transformers[-1].tell
tell(number=["00.2"], state={}, words=3)
tell(number="05.1")
tell(asked=7, cell="last", done="yes", state=None)
tell(number="99.9", state="right", words="")""",
    "floods": """import os, sys
for _ in range(100_000):
    print("x" * 100)
    print("x" * 100, file=sys.stderr)
os.write(1, b"x" * 10_000_000)""",
    "exits": "import sys\nsys.exit(1)",
    "says quit": "quit()",
    "raises": "raise BaseException",
    "closes everything": "import sys\nsys.stdout.close()\nsys.stdin = sys.stderr = None",
    "wants an input": "input('how much? ')",
    "wants all memory": "much = bytearray(10**13)",
    "leaves a thread": "import threading, time\n"
                       "threading.Thread(target=time.sleep, args=(10_000,)).start()",
}  # fmt: skip
DEADLY = "import os\nos._exit(3)"
FORKS = """import os, time
if not os.fork():
    open({path!r}, "w").write(str(os.getpid()))
    time.sleep(10_000)
while not os.path.exists({path!r}):
    time.sleep(0.01)"""


def notebook(*sources, **metadata):
    return new_notebook(cells=[new_code_cell(source) for source in sources], metadata=metadata)


def solved(number, moved=True):
    """A notebook of the series with its solutions, or with a figure that was moved by hand."""
    path, _, found = parts(number)
    whole = nbformat.read(path, as_version=4)
    for cell in whole.cells:
        for one, (_, stub, _) in found.items():
            if cell.source == stub.source and (moved or "wave" not in stub.source):
                cell.source = f"{solution(one)}\n{stub.source.splitlines()[-1]}"
    return whole


def on_colab(whole, said):
    """The notebook as Colab saves it, with what the check of its first exercise said there."""
    (cell,) = [cell for cell in whole.cells if cell.source == 'check("00.1", wave)']
    cell.outputs = [new_output("execute_result", {"text/plain": said}, execution_count=3)]
    whole.metadata = {"colab": {"provenance": []}, "kernelspec": {"name": "python3",
                      "display_name": "Python 3"}, "widgets": {"application/x": {}}}  # fmt: skip
    whole.nbformat_minor = 0
    for cell in whole.cells:
        cell.metadata["id"] = cell.pop("id")
        cell.metadata["outputId"] = "0a1b"
    return whole


def hand_in(folder, name, what):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(what, str):
        path.write_text(what, encoding="utf-8")
    else:
        nbformat.write(what, path)


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """What a class hands in, and the rows by student; each notebook is run once."""
    folder = tmp_path_factory.mktemp("handed in")
    hand_in(folder, "Ada Müller_4711_assignsubmission_file_/00_start_here.ipynb", solved("00"))
    said = "00.1: right: frequency = 1.5, height = 1."
    hand_in(folder, "Björn/colab.ipynb", on_colab(solved("00", moved=False), said))
    hand_in(folder, "Cem/colab.ipynb", on_colab(solved("00", moved=False),
                                                said.replace("1.5", "2.5")))  # fmt: skip
    hand_in(folder, "Dee/00_start_here.ipynb", nbformat.read(parts("00")[0], as_version=4))
    hand_in(folder, "00_start_here Zoë.ipynb", notebook(WRONG))
    hand_in(folder, "00_start_here Zoë (1).ipynb", notebook(WRONG, RIGHT, WRONG))
    hand_in(folder, "slip.ipynb", notebook(WRONG))
    hand_in(folder, "fails.ipynb", notebook(RIGHT.replace(CHECK, f"nowhere\n{CHECK}")))
    hand_in(folder, "torn/cell.ipynb", notebook(RIGHT.replace("(y, t)", "(y, t")))
    hand_in(folder, "torn/file.ipynb", '{"cells": [{"cell_type": "code", "source": "')
    hand_in(folder, "foreign.ipynb", notebook("print('hello')"))
    hand_in(folder, ".ipynb_checkpoints/hidden.ipynb", notebook(RIGHT))
    hand_in(folder, "__MACOSX/._hidden.ipynb", "\0")
    hand_in(folder, "dies.ipynb", notebook(WRONG, DEADLY, RIGHT.replace("00.2", "05.1")))
    for name, before in BEFORE.items():
        hand_in(folder, f"{name}.ipynb", notebook(before, WRONG, ANOTHER))
    if hasattr(os, "fork"):
        left = folder / "left"
        hand_in(folder, "forks.ipynb", notebook(FORKS.format(path=str(left)), RIGHT))
    rows = collect.collect(folder)
    found = {}
    for row in rows:
        found.setdefault(row.student, {})[row.exercise] = row
    return folder, rows, found


def states(found, student):
    return {number: row.state for number, row in found[student].items()}


def test_solutions_are_right_and_what_was_not_begun_is_open(handed):
    _, _, found = handed
    assert states(found, "Ada Müller") == {"00.1": "right", "00.2": "right"}
    assert states(found, "Dee") == {"00.1": "open", "00.2": "open"}
    assert states(found, "slip") == {"00.1": "open", "00.2": "not yet"}


def test_a_figure_that_was_moved_by_hand_is_judged_anew_by_the_setting_it_was_saved_with(handed):
    _, _, found = handed
    assert states(found, "Björn") == {"00.1": "right", "00.2": "right"}
    assert states(found, "Cem") == {"00.1": "not yet", "00.2": "right"}, "it said right there"


def test_the_first_input_that_fails_and_the_slip_are_named(handed):
    _, _, found = handed
    row = found["slip"]["00.2"]
    assert re.fullmatch(r"y = \[.+\], t = \[.+\], got 5, expected 1\.66667", row.input)
    assert row.why == "the sum; a mean is asked for."
    assert found["fails"]["00.2"].why == (
        "Its cell fails: NameError: name 'nowhere' is not defined")  # fmt: skip
    assert found["torn"]["00.2"].why.startswith("Its cell fails: SyntaxError: ")


def test_of_several_tries_the_best_counts_once(handed):
    _, rows, found = handed
    assert states(found, "Zoë") == {"00.1": "open", "00.2": "right"}
    assert len([row for row in rows if row.student == "Zoë"]) == 2


def test_what_is_no_notebook_of_the_series_is_said_and_the_hidden_are_left_out(handed):
    _, rows, found = handed
    assert found["torn"][""].why.endswith("take it from git again")
    assert found["torn"][""].state == "not run"
    assert found["foreign"][""].why == "foreign.ipynb: no exercise of the series is in it"
    assert not [row for row in rows if "hidden" in row.student]


@pytest.mark.parametrize("name", BEFORE)
def test_a_notebook_does_not_change_what_its_answer_is_worth(handed, name):
    _, _, found = handed
    assert states(found, name)["00.2"] == "not yet"
    assert states(found, name)["03.9"] == "right"
    assert {number[:2] for number in found[name]} == {"00", "03"}, "what was asked, no more"


def test_what_a_notebook_that_ends_had_said_stays(handed):
    _, _, found = handed
    assert found["dies"]["00.2"].state == "not yet"
    assert found["dies"]["05.1"] == Row(
        "dies", "05.1", "not run", "", "dies.ipynb, code cell 2: its process ended with code 3"
    )
    assert found["dies"]["05.2"].state == "open"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_nothing_that_a_notebook_started_is_left(handed):
    folder, _, found = handed
    assert states(found, "forks")["00.2"] == "right"
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "left").read_text(encoding="utf-8")), 0)


def test_one_that_does_not_end_is_ended(tmp_path):
    path = tmp_path / "endless.ipynb"
    endless = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    nbformat.write(notebook(RIGHT, endless, RIGHT.replace("00.2", "07.1")), path)
    for seconds in (4, 8, 16, 32, 64):  # on a busy machine it starts slowly
        found, ended = collect.judged(path, seconds)
        if any(record.get("cell") == 2 for record in found):
            break
    rows = {row.exercise: row for row in collect.rows("me", "it", found, ended, EXERCISES)}
    assert rows["00.2"].state == "right"
    assert rows["07.1"].state == "not run"
    assert rows["07.1"].why == f"it, code cell 2: still running after {seconds} s"


def test_pip_in_a_notebook_installs_nothing_here(tmp_path):
    wheel = tmp_path / "planted-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("planted.py", "")
        about = "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n"
        packed.writestr("planted-1.0.dist-info/METADATA", about)
        packed.writestr("planted-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
                                                       "Tag: py3-none-any\n")  # fmt: skip
        packed.writestr("planted-1.0.dist-info/RECORD", "")
    path, log, target = tmp_path / "pip.ipynb", tmp_path / "log", tmp_path / "target"
    source = f"%pip install --log {log} --target {target} {wheel}\n"
    nbformat.write(notebook(source, RIGHT), path)
    collect.judged(path)
    assert "Would install planted-1.0" in log.read_text(encoding="utf-8")
    assert not target.exists() or not list(target.iterdir())


def test_the_table_is_read_by_spreadsheets_as_text():
    rows = [Row("=Müller, A.", "05.1", "not yet", "X = [1 2]", '"the sign"'), Row("b", "", "open")]
    text = collect.table(rows).decode("utf-8-sig")
    assert collect.table(rows).startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(text))) == [
        collect.COLUMNS, ["'=Müller, A.", "05.1", "not yet", "X = [1 2]", '"the sign"'],
        ["b", "", "open", "", ""]]  # fmt: skip


def test_the_page_counts_slips_names_nobody_and_needs_no_other_file():
    rows = [Row(name, "05.1", "not yet", "z = [1], got <b>, expected 2", "the bias b is missing.")
            for name in ("Ada", "Karl")]  # fmt: skip
    fails = "Its cell fails: NameError"
    rows += [Row("Zoë", "05.1", "not yet", "", f"{fails}: name {name}") for name in "xy"]
    rows += [
        Row("Ada", "05.10", "compare"),
        Row("Zoë", "05.2", "right"),
        Row("Ada", "", "not run", "", "torn <i>"),
    ]
    assert {key: len(made) for key, made in collect_page.slips(rows)} == {
        ("05.1", fails): 2, ("05.1", "the bias b is missing."): 2}  # fmt: skip
    page = collect_page.page(rows)
    assert "3 students" in page
    assert "1 file could not be judged" in page
    assert "4 not yet right" in page
    table = page.partition("<h2>Exercises</h2>")[2]
    assert re.findall(r"<b>(.*?)</b>", table) == ["05.1", "05.2", "05.10"]
    assert "&lt;b&gt;" in page
    assert not re.findall(r"Ada|Karl|Zoë|<i>|https?:|src=|href=", page)


def test_every_exercise_has_a_title_on_the_page():
    in_order = sorted(EXERCISES, key=lambda number: [*map(int, number.split("."))])
    assert list(collect_page.exercises()) == in_order
    assert collect_page.exercises()["05.9"] == "two bugs"


def test_the_examples_in_its_docstrings_hold():
    assert doctest.testmod(collect).failed == 0


@pytest.mark.parametrize("arguments", [[], ["nowhere"], ["a", "b", "c"]])
def test_without_a_folder_it_says_what_it_needs(arguments):
    with pytest.raises(SystemExit, match=r"^folder must be .*, got .*; try make collect"):
        collect.main(*arguments)


def test_table_and_page_are_written(tmp_path, capsys):
    hand_in(tmp_path, "in/foreign.ipynb", new_notebook(cells=[new_markdown_cell("# Mine")]))
    assert collect.main(str(tmp_path / "in"), str(tmp_path / "out")) == 0
    assert sorted(path.name for path in Path(tmp_path / "out").iterdir()) == [
        "class.html", "verdicts.csv"]  # fmt: skip
    (tmp_path / "none").mkdir()
    with pytest.raises(SystemExit, match="must hold notebooks, got none"):
        collect.main(str(tmp_path / "none"))


def test_where_the_table_cannot_be_written_is_said_before_all_is_judged(tmp_path, monkeypatch):
    hand_in(tmp_path, "in/foreign.ipynb", new_notebook(cells=[new_markdown_cell("# Mine")]))
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setattr(collect, "collect", lambda folder: pytest.fail("judged for nothing"))
    with pytest.raises(SystemExit, match=r"output must be a folder that can be written, got .*"):
        collect.main(str(tmp_path / "in"), str(tmp_path / "file"))
