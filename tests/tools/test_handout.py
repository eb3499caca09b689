"""What students get, and what happens to their work when the lecturer sends a new version."""

import contextlib
import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import zipfile

import nbformat
import pytest

from tests.helpers.lab import jupyterlab
from tests.helpers.series import NOTEBOOKS
from tools import handout
from tools.bringing import bring

ANSWER = "answer = 'what I wrote in the lecture'"


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """Both handouts, by whether they have the solutions: the folder and what is in its zip."""
    found = {}
    for solutions in (True, False):
        folder = tmp_path_factory.mktemp("handout") / "nets"
        with zipfile.ZipFile(handout.write(folder, solutions)) as packed:
            packed.extractall(folder.parent / "unpacked")
        found[solutions] = folder, folder.parent / "unpacked" / "nets"
    return found


def texts(folder, name):
    path = folder / "notebooks" / NOTEBOOKS[name].name
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes()
            for p in folder.rglob("*") if p.is_file()}  # fmt: skip


@pytest.mark.parametrize("solutions", [True, False])
def test_the_zip_holds_the_folder_and_nothing_of_the_workshop(handed, solutions):
    folder, unpacked = handed[solutions]
    ours = files(folder)
    assert ours.pop(handout.OURS).decode().splitlines() == sorted(ours)
    assert ours == files(unpacked)
    parts = ("notebooks/", "lecture_utils/", "tools/lab/")
    rest = {name for name in ours if not name.startswith(parts)}
    assert rest == {"README.md", *handout.FILES}
    assert not [name for name in files(unpacked) if "__pycache__" in name or "/." in name]


def test_the_folder_starts_jupyterlab_with_the_settings_of_the_series(handed):
    folder = handed[False][1]
    command = [sys.executable, "-m", "tools.lecture", "--show-config-json"]
    shown = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert str(folder) in json.loads(shown.stdout)["LabApp"]["app_settings_dir"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_only_the_solutions_are_taken_out(handed, name):
    all_, fewer = texts(handed[True][0], name), texts(handed[False][0], name)
    assert all_ == [cell.source for cell in nbformat.read(NOTEBOOKS[name], as_version=4).cells]
    assert "<summary>Solution" not in "".join(fewer)
    for before, after in zip(all_, fewer, strict=True):
        head, solution, tail = before.partition("<details><summary>Solution</summary>")
        assert after == (head.rstrip() if solution else head), "hints stay"
        assert tail.count("</details>") == bool(solution), "nothing stands behind a solution"


def test_the_package_of_the_zip_imports_from_its_folder(handed):
    code = "import lecture_utils; print(lecture_utils.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=handed[False][1], check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout.strip() == str(handed[False][1] / "lecture_utils" / "__init__.py")


def test_what_a_lecturer_keeps_in_the_folder_stays(tmp_path, monkeypatch):
    folder = tmp_path / "nets"
    with monkeypatch.context() as earlier:
        earlier.setattr(handout, "FILES", (*handout.FILES, "tools/budget.py"))
        handout.write(folder)
    git(tmp_path, "init", "--initial-branch=autumn", str(folder))
    commit(folder)
    kept = {".gitignore": "*.pyc", ".gitattributes": "* -text", "notebooks/11_mine.ipynb": "{}",
            "tools/mine.py": "", "grades/list.csv": "a,1"}  # fmt: skip
    for name, text in kept.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "README.md").write_text("changed", encoding="utf-8")
    before = files(folder)
    handout.write(folder, solutions=False)
    after = files(folder)
    stays = {name for name in before if name.startswith(".git/")} | set(kept)
    assert len(stays) > 20
    assert {name: after.get(name) for name in stays} == {name: before[name] for name in stays}
    assert set(before) - set(after) == {"tools/budget.py"}, "no part of the handout any more"
    assert after["README.md"] != b"changed", "its own files are written anew"
    git(folder, "log", "autumn")


def test_no_file_outside_of_the_folder_is_removed_whatever_its_list_says(tmp_path):
    made, folder, grades = (tmp_path / name for name in ("made", "folder", "grades"))
    for path in (made, folder, grades):
        path.mkdir()
    names = ["1", "../grades/3", str(grades / "4")]
    for name in names:
        (grades / name[-1]).write_text("kept", encoding="utf-8")
    (folder / "1").write_text("of an earlier handout", encoding="utf-8")
    (folder / handout.OURS).write_bytes("\n".join(names).encode() + b"\n\xff")  # torn
    bring(made, folder, handout.OURS)
    assert not (folder / "1").exists()
    assert sorted(path.name for path in grades.iterdir()) == ["1", "3", "4"]


def test_a_folder_that_is_left_empty_goes(tmp_path):
    folder = tmp_path / "folder"
    for names in (["a/b/1", "a/2", "c/d/3", "e"], ["a/2", "c", "e/4"]):
        made = tmp_path / "made"
        for name in names:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(name, encoding="utf-8")
        bring(made, folder, handout.OURS)
        shutil.rmtree(made)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert there == {handout.OURS, "a", "a/2", "c", "e", "e/4"}


def test_a_failure_in_the_middle_leaves_the_old_handout_whole(tmp_path, monkeypatch):
    folder = tmp_path / "nets"
    handout.write(folder)
    before = files(tmp_path)

    def full(source, target, copy=shutil.copy):
        if str(source).endswith(handout.FILES[-1]):
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        return copy(source, target)

    monkeypatch.setattr(handout.shutil, "copy", full)
    with pytest.raises(SystemExit, match=r"cannot be written: .*No space left"):
        handout.main("", "", "main", str(folder))
    assert files(tmp_path) == before


@pytest.mark.parametrize(("given", "line"), [
    (["hub.example.org", "https://git.example.org/us/nets"], "HUB must be an address"),
    (["https://hub.example.org", "us/nets"], "REPOSITORY must be an address"),
])  # fmt: skip
def test_a_bad_address_is_refused_in_one_line(given, line, tmp_path):
    with pytest.raises(SystemExit, match=line):
        handout.main(*given, "main", str(tmp_path / "nets"))
    assert not list(tmp_path.iterdir())


def test_a_wrong_wish_for_solutions_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("SOLUTIONS", "some")
    with pytest.raises(SystemExit, match="SOLUTIONS must be yes or no, got 'some'"):
        handout.main("", "", "main", str(tmp_path / "nets"))


def git(folder, *command):
    identity = ["-c", "user.name=Lecturer", "-c", "user.email=lecturer@example.org"]
    subprocess.run(["git", *identity, *command], cwd=folder, check=True, capture_output=True,
                   env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})  # fmt: skip


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "--message", "handed out")


def click(server, link):
    """Do what nbgitpuller's page does when a student follows the link; return its last word."""
    base, token = server
    query = urllib.parse.urlsplit(link).query
    request = urllib.request.Request(f"{base}/git-pull/api?{query}",
                                     headers={"Authorization": f"token {token}"})  # fmt: skip
    for _ in range(50):  # the address is printed before the server listens
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(
                urllib.parse.urlsplit(base).netloc.split(":")):  # fmt: skip
            break
        time.sleep(0.2)
    with urllib.request.urlopen(request, timeout=60) as events:
        said = [json.loads(line[6:]) for line in events.read().decode().splitlines()
                if line.startswith("data: ")]  # fmt: skip
    assert said[-1]["phase"] == "finished", said
    return said


def edit(path, change):
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)


def test_a_students_work_survives_the_lecturers_update(tmp_path):
    teacher, home = tmp_path / "nets", tmp_path / "home"
    handout.write(teacher, solutions=False)
    git(tmp_path, "init", "--initial-branch=autumn", str(teacher))
    commit(teacher)
    home.mkdir()
    perceptron, start = NOTEBOOKS["05_perceptron"].name, handout.START
    address = "https://git.example.org/us/nets"
    link = handout.link("https://hub.example.org", address, "autumn")
    link = link.replace(urllib.parse.quote_plus(address), urllib.parse.quote_plus(str(teacher)))
    with jupyterlab(home) as server:
        click(server, link)
        notebooks = home / "nets" / "notebooks"
        assert files(notebooks) == files(teacher / "notebooks")

        cells = nbformat.read(notebooks / perceptron, as_version=4).cells
        mine = next(k for k, cell in enumerate(cells)
                    if cell.cell_type == "code" and "..." in cell.source)  # fmt: skip
        output = nbformat.v4.new_output("stream", text="mine\n")

        def student(cells):  # answers, runs all, saves
            code = [cell for cell in cells if cell.cell_type == "code"]
            for count, cell in enumerate(code, start=1):
                cell.execution_count, cell.outputs = count, [output]
            cells[mine].source = ANSWER
            cells.append(nbformat.v4.new_markdown_cell("My notes."))

        def lecturer(cells):
            cells[1].source += "\n\nMended in the second week."
            cells[mine].source += "\n# and this line is new"
            for cell in cells[mine + 1 :]:
                if cell.cell_type == "code":
                    cell.source = f"# written anew\n{cell.source}"

        edit(notebooks / perceptron, student)
        (notebooks / "mine.ipynb").write_text("{}", encoding="utf-8")
        edit(teacher / "notebooks" / perceptron, lecturer)
        edit(teacher / "notebooks" / start, lecturer_of_00)
        (teacher / "notebooks" / "mine.ipynb").write_text('{"by": "lecturer"}', encoding="utf-8")
        (teacher / "notebooks" / "11_more.ipynb").write_text("{}", encoding="utf-8")
        commit(teacher)
        click(server, link)

        merged = nbformat.read(notebooks / perceptron, as_version=4)
        nbformat.validate(merged)
        assert merged.cells[mine].source == ANSWER, "where both wrote, the student's stays"
        assert merged.cells[mine].outputs == [output]
        assert merged.cells[-1].source == "My notes."
        assert "Mended in the second week." in merged.cells[1].source
        assert (notebooks / start).read_bytes() == (teacher / "notebooks" / start).read_bytes()
        assert (notebooks / "11_more.ipynb").exists()
        kept = [
            path for path in notebooks.glob("mine*") if path.read_text(encoding="utf-8") == "{}"
        ]
        assert len(kept) == 1, "a file of the same name is put aside, not written over"
        click(server, link)  # and again, with nothing new


def lecturer_of_00(cells):
    cells[-1].source += "\n\nSee you on Monday."
