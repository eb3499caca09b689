"""Judge a folder of handed-in notebooks: a table of verdicts, and a page of what went wrong most.

``python -m tools.collect folder [output]``. Verdicts are made anew: what a notebook has stored or
prints counts for nothing. Each runs in a process of its own, with a time limit, on the same inputs.
What students wrote runs with your rights: docs/lecturer.md says how to do it in a container.
"""

import contextlib
import csv
import io
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path

from tools import collect_page
from tools.collect_run import FILE
from tools.navigation import ROOT
from tools.notebooks import FOLDER

SECONDS = 300  # for one notebook
COLUMNS = ["student", "exercise", "state", "first failing input", "why"]  # as the fields of Row
BEST = collect_page.STATES  # of several tries the first of these
STATES = ["right", "compare", "not yet", "not yet tried"]  # of a verdict
WORDS = {"number", "state", "words", "unreadable", "broken"}  # what a process tells in words
FROM_SITES = re.compile(r"_\d+_assignsubmission_file_?$")  # Moodle's, behind the name
ERROR = re.compile(r"^got\s+(\w+(?:Error|Exception|Iteration|Interrupt|Exit))\b", re.MULTILINE)
ENDLESS = re.compile(r"^got\s+still running", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """What is known of a student's answer to an exercise: a line of the table."""

    student: str
    exercise: str
    state: str
    input: str = ""
    why: str = ""


def student(path, folder):
    """Return whose notebook a file is: the folder's name, else the file's without the notebook's.

    Examples
    --------
    >>> [student(Path("in") / name, Path("in")) for name in (
    ...     "Ada Müller_4711_assignsubmission_file_/05_perceptron.ipynb",
    ...     "05_perceptron - Karl (1).ipynb", "karl.ipynb", "05_perceptron.ipynb")]
    ['Ada Müller', 'Karl', 'karl', '05_perceptron']
    """
    first, *rest = path.relative_to(folder).parts
    name = first if rest else path.stem
    name = _clean(unicodedata.normalize("NFC", name))
    if not rest:
        series = "|".join(re.escape(own.stem) for own in FOLDER.glob("*.ipynb"))
        own = re.sub(series, "", re.sub(r" ?\(\d+\)$", "", name)).strip(" -_.,")
        name = own or path.stem
    return " ".join(FROM_SITES.sub("", name).split())


def notebooks_in(folder):
    """Return the notebooks in a folder, without the copies that editors and systems hide there."""
    found = (path for path in sorted(folder.rglob("*.ipynb")) if path.is_file())
    return [path for path in found if not any(
        part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)]  # fmt: skip


def judged(path, seconds=SECONDS, running=None):
    """Run a notebook in a process of its own; return what was found out, and how it ended.

    Parameters
    ----------
    path : pathlib.Path
        The notebook.
    seconds : float, default=300
        After which the process is ended, and all that it started.
    running : set, default=None
        Where the process is kept while it runs, for who wants to end it earlier.

    Returns
    -------
    list of dict
        What the process told, line by line.
    str
        Why it did not come to its end, in words; empty if it did.
    """
    word = secrets.token_hex(16)
    with tempfile.TemporaryFile() as told, tempfile.TemporaryDirectory(
            ignore_cleanup_errors=True) as place:  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.collect_run"], stdin=subprocess.PIPE, stdout=told,
            stderr=subprocess.DEVNULL, cwd=place, env=_environment(place),
            start_new_session=True)  # fmt: skip
        running = set() if running is None else running
        running.add(process)
        ended = ""
        try:
            line = json.dumps([os.path.abspath(path), word])
            process.communicate(f"{line}\n".encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            ended = f"still running after {seconds:g} s"
        finally:
            end(process)
            running.discard(process)
        told.seek(0)
        lines = told.read(FILE).decode(errors="replace").splitlines()
    found = [_record(line.removeprefix(word)) for line in lines if line.startswith(word)]
    if not ended and not any("done" in record for record in found):
        broken = [record["broken"] for record in found if "broken" in record]
        ended = broken[0] if broken else f"its process ended with code {process.returncode}"
    return found, ended


def end(process):
    """End a process and what it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):  # all of it has ended
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def rows(name, file, found, ended, known):
    """Return the rows of one notebook.

    Parameters
    ----------
    name, file : str
        The student, and the notebook's file.
    found, ended : list of dict, str
        What `judged` returns.
    known : iterable of str
        The numbers of all exercises.
    """
    asked = {number for record in found for number in record.get("asked", ())}
    unreadable = [record["unreadable"] for record in found if "unreadable" in record]
    if unreadable or not asked:
        nothing = ended or f"{file}: no exercise of the series is in it"
        return [Row(name, "", "not run", "", _clean(unreadable[0] if unreadable else nothing))]
    cell = max((record["cell"] for record in found if "cell" in record), default=1)
    left = f"{file}, code cell {cell}: {ended}"
    best = {}
    for number in known:
        if number[:2] in {one[:2] for one in asked}:
            lost = ended and number in asked
            best[number] = Row(name, number, *(("not run", "", left) if lost else ("open",)))
    for record in found:
        if record.get("number") in best:
            state = "open" if record["state"] == "not yet tried" else record["state"]
            said = reasons(record.get("words", "")) if state == "not yet" else ("", "")
            row = Row(name, record["number"], state, *map(_clean, said))
            best[row.exercise] = better(best[row.exercise], row)
    return list(best.values())


def better(one, other):
    """Return which of two rows for one exercise counts; the later one if they are as good."""
    return one if BEST.index(one.state) < BEST.index(other.state) else other


def reasons(words):
    """Split a verdict "not yet" into the first input that fails and the reason.

    Examples
    --------
    >>> reasons("not yet. The first input that fails:\\nz         2\\ngot       1\\n"
    ...         "expected  4\\nLikely slip: a square is asked for.")
    ('z = 2, got 1, expected 4', 'a square is asked for.')
    >>> reasons("not yet. Write a sentence or two.")
    ('', 'Write a sentence or two.')
    """
    head, _, slip = words.removeprefix("not yet. ").partition("\nLikely slip: ")
    first, _, shown = head.partition("\n")
    parts = []
    for line in shown.splitlines():
        if line.startswith(" "):  # the rest of an array
            parts[-1] += " " + line.strip()
        else:
            name, _, value = line.partition(" ")
            between = " " if name in ("got", "expected", "warning") else " = "
            parts.append(f"{name}{between}{value.strip()}")
    if not slip and not shown:
        slip = first
    elif not slip:
        error = ERROR.search(shown)
        endless = "a loop that does not end" if ENDLESS.search(shown) else "no slip that is known"
        slip = error.group(1) if error else endless
    return ", ".join(parts), slip


def collect(folder, seconds=SECONDS, workers=None):
    """Judge all notebooks in a folder.

    Parameters
    ----------
    folder : pathlib.Path
        With the notebooks, or a folder for each student.
    seconds : float, default=300
        That one notebook may take.
    workers : int, default=None
        How many run at a time. None means one for each core.

    Returns
    -------
    list of Row
        By student and exercise. Of several tries, in one notebook or in several, the best counts.
    """
    paths, running, best = notebooks_in(folder), set(), {}
    known = list(collect_page.exercises())
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        jobs = {path: pool.submit(judged, path, seconds, running) for path in paths}
        try:
            for count, (path, job) in enumerate(jobs.items(), 1):
                file = _clean(path.relative_to(folder).as_posix())
                got = rows(student(path, folder), file, *job.result(), known)
                for row in got:
                    key = row.student, row.exercise, "" if row.exercise else row.why
                    best[key] = better(best.get(key, row), row)
                right = sum(row.state == "right" for row in got)
                print(f"{count}/{len(paths)} {file}: {right} right", flush=True)
        except BaseException:  # Ctrl+C does not reach the others
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                end(process)
            raise
    order = {number: place for place, number in enumerate(["", *known])}
    return sorted(best.values(), key=lambda row: (row.student, order[row.exercise], row.why))


def table(found):
    """Return rows as CSV, as bytes that spreadsheets read with all letters and without formulas."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for row in found:
        lines.writerow([f"'{cell}" if cell[:1] in tuple("=+-@") else cell for cell in astuple(row)])
    return text.getvalue().encode("utf-8-sig")


def _record(line):
    """Return what a line of our process says, without what only a notebook can have put there."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    told = told if isinstance(told, dict) else {}
    words = {key: value for key, value in told.items() if isinstance(value, str) and key in WORDS}
    if words.get("state", STATES[0]) not in STATES or ("number" in words) != ("state" in words):
        return {}
    asked = told.get("asked")
    known = {"asked": [str(one) for one in asked]} if isinstance(asked, list) else {}
    cell = {"cell": told["cell"]} if isinstance(told.get("cell"), int) else {}
    return words | known | cell | ({"done": True} if told.get("done") is True else {})


def _environment(place):
    """Return the variables of a run: no picture, no start-up file, no change by pip."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MPLBACKEND": "Agg",
            "IPYTHONDIR": place, "PIP_DRY_RUN": "1", "PIP_NO_INDEX": "1",
            "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}  # fmt: skip


def _clean(text):
    """Return a text in one line, of what can be written."""
    text = text.encode("utf-8", "replace").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def main(*arguments):
    """Write the table and the page; return the exit code."""
    if len(arguments) not in (1, 2) or not Path(arguments[0]).is_dir():
        got = " ".join(arguments) or "nothing"
        sys.exit(f"folder must be one of notebooks, got {got}; try make collect FOLDER=handed-in")
    folder, output = Path(arguments[0]), Path((*arguments, "dist/collected")[1])
    if not notebooks_in(folder):
        sys.exit(f"{folder} must hold notebooks, got none; unpack what was handed in")
    try:  # before all is judged, which takes long
        output.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=output).close()
    except OSError as error:
        sys.exit(f"output must be a folder that can be written, got {output}: {error.strerror}; "
                 "name another one: python -m tools.collect handed-in FOLDER")  # fmt: skip
    found = collect(folder)
    (output / "verdicts.csv").write_bytes(table(found))
    (output / "class.html").write_text(collect_page.page(found), encoding="utf-8")
    print(f"{output / 'verdicts.csv'}\n{output / 'class.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
