"""Execute the notebooks and clean them: what is committed is what a reader gets, and nothing else.

``python -m tools.notebooks [--check] [files]``. Each file is run from its folder on a fresh kernel
and written back without what differs from run to run; a file that fails stays as it was.
``--check`` runs and writes nothing, it says what is not clean. Both end with 1 if there is
something to say.
"""

import copy
import os
import re
import sys
import time
import warnings
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

from tools import alone, folding, minutes, navigation, slide_types

FOLDER = Path(__file__).parent.parent / "notebooks"
SECONDS = 300  # for one cell
WIDGET = "application/vnd.jupyter.widget-view+json"
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
KEPT_OF_CELLS = {"slideshow", "tags", *folding.FOLDED}
KEPT_OF_PICTURES = {"alt", "height", "width"}
WAY_OUT = "run make notebooks"
NEEDS = {"10_frameworks": ("tensorflow", "torch")}  # in requirements-frameworks.txt


def files():
    """List the notebooks in the order of reading: the road, then what stands beside it."""
    beside = (FOLDER / f"{name}.ipynb" for name in navigation.BESIDE)
    return [*sorted(FOLDER.glob("[0-9][0-9]_*.ipynb")), *filter(Path.exists, beside)]


def series():
    """List the notebooks that teach: all but the glossary, which is made of them."""
    return [path for path in files() if path.stem != "glossary"]


def read_clean(path):
    """Return a clean notebook, whatever editor saved the file: what every other tool hands on.

    Raises
    ------
    SystemExit
        If the file is no notebook; the tool that reads it ends with that line.
    """
    try:
        notebook = _parsed(path)
    except ValueError as problem:
        sys.exit(str(problem))
    list(mend(notebook))
    return notebook


def write(notebook, path):
    """Write a notebook as it is committed."""
    Path(path).write_bytes(_as_bytes(notebook))


def mend(notebook):
    """Clean a notebook in place.

    Yields (number of the cell or None, what was wrong) for each thing that is mended.
    """
    yield from minutes.mend(notebook)
    if notebook.nbformat_minor != 5:
        yield None, f"format 4.{notebook.nbformat_minor} instead of 4.5"
        notebook.nbformat_minor = 5
    if "widgets" in notebook.metadata:
        yield None, "widget state"
        del notebook.metadata["widgets"]
    if notebook.metadata != METADATA:
        yield None, "metadata other than the plain kernelspec and language"
        notebook.metadata = nbformat.from_dict(METADATA)
    ids = names(notebook.cells)
    for number, cell in enumerate(notebook.cells, 1):
        name = next(ids)
        if cell.get("id") != name:
            yield number, f"id {cell.get('id')!r} instead of {name!r}"
            cell["id"] = name
        for key in sorted(set(cell.metadata) - KEPT_OF_CELLS):
            yield number, f"cell metadata {key!r}"
            del cell.metadata[key]
        for output in cell.get("outputs", []):
            yield from ((number, what) for what in _mend_output(output))
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]
    yield from folding.mend(notebook)
    yield from slide_types.mend(notebook)


def _mend_output(output):
    if output.get("data", {}).pop(WIDGET, None):
        yield "a widget view, which is dead without its kernel"
    texts = output if output.output_type == "stream" else output.get("data", {})
    for kind, text in texts.items():
        if isinstance(text, str) and kind.startswith("text") and ADDRESS.search(text):
            yield "an address in memory, which differs in every run"
            texts[kind] = ADDRESS.sub("", text)
    for kind, about in list(output.get("metadata", {}).items()):
        for key in sorted(set(about) - KEPT_OF_PICTURES) if kind == "image/png" else [kind]:
            yield f"output metadata {key!r}"
            del (about if kind == "image/png" else output.metadata)[key]


def names(cells):
    """Yield an id for each cell: the heading above it, and a number from the second cell on."""
    heading, seen = "start", Counter()
    for cell in cells:
        title = re.match(r"#+ (.+?)( \(\d+ minutes?\))?(\n|$)", cell.source)
        if cell.cell_type == "markdown" and title:
            words = re.sub(r"[^a-z0-9]+", "-", title.group(1).lower())
            heading = words[:40].strip("-") or "section"
        seen[heading] += 1
        yield heading if seen[heading] == 1 else f"{heading}_{seen[heading]}"


def refuse(notebook):
    """Yield (number of the cell, what is wrong) for what only the author can mend."""
    count = 0
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        count += 1
        if not cell.source.strip():
            yield number, "an empty code cell; delete it"
        elif cell.execution_count != count:
            yield number, (f"not run in order: its count is {cell.execution_count} instead of "
                           f"{count}; {WAY_OUT}")  # fmt: skip
        for output in cell.outputs:
            if output.output_type == "error":
                yield number, f"an error: {output.ename}: {output.evalue}; show it with try/except"
            if output.get("name") == "stderr":
                yield number, f"stderr: {output.text.strip()}; mend what it warns of"


def faults(path):
    """List what is not clean in a file, in lines ready to be printed."""
    try:
        notebook = _parsed(path)
    except ValueError as problem:
        return [str(problem)]
    cleaned = copy.deepcopy(notebook)
    mended = [*navigation.mend(cleaned, path), *alone.mend(cleaned, path), *mend(cleaned)]
    found = [(number, f"{what}; {WAY_OUT}") for number, what in mended]
    found += refuse(notebook)
    if not found and path.read_bytes() != _as_bytes(notebook):
        found = [(None, f"JSON is laid out or sorted differently; {WAY_OUT}")]
    return [_line(path, *fault) for fault in found]


def execute(notebook, folder, on_cell_start=None, **environment):
    """Run a notebook in `folder` on a fresh kernel; more environment variables can be given."""
    # MPLBACKEND would take the pictures out of the outputs. Where PYTEST_CURRENT_TEST is set, a
    # kernel does not show what libraries in C write.
    unwanted = {"MPLBACKEND", "PYTEST_CURRENT_TEST"}
    inherited = {key: value for key, value in os.environ.items() if key not in unwanted}
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=SECONDS,
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # of the kernel: no word about its transport
        on_cell_start=on_cell_start,
    ).execute(env={**inherited, **environment})


def refresh(path):
    """Execute and clean a file; list what stood in the way, in lines ready to be printed."""
    start = time.perf_counter()
    try:
        notebook = _parsed(path)
    except ValueError as problem:
        return [str(problem)]
    list(navigation.mend(notebook, path))
    list(alone.mend(notebook, path))  # before it is run: this cell, too, has a count
    begun = []
    missing = [name for name in NEEDS.get(path.stem, ()) if find_spec(name) is None]
    try:
        if missing:
            print(f"{path}: not run, {' and '.join(missing)} is not here; its outputs stay")
        else:
            execute(notebook, path.parent, lambda cell, cell_index: begun.append(cell_index + 1))
    except (CellControlSignal, DeadKernelError) as problem:
        what = f"{problem.ename}: {problem.evalue}" if hasattr(problem, "ename") else str(problem)
        return [_line(path, begun[-1] if begun else None, f"{what}; nothing was written")]
    list(mend(notebook))
    found = [
        _line(path, number, f"{what}; nothing was written") for number, what in refuse(notebook)
    ]
    if not found:
        new = path.with_name(f".{path.name}.new")  # beside it, so that replacing is one step
        new.write_bytes(_as_bytes(notebook))
        new.replace(path)
        size, seconds = path.stat().st_size / 1000, time.perf_counter() - start
        print(f"{path}: {len(notebook.cells)} cells, {size:.0f} kB, {seconds:.1f} s")
    return found


def _parsed(path):
    try:
        with warnings.catch_warnings(action="ignore"):  # ids are given below
            text = path.read_text(encoding="utf-8")
            notebook = nbformat.from_dict(nbformat.reads(text, as_version=4))
            nbformat.validate(notebook)
    except OSError as problem:
        rule = f"{path} must be a notebook that can be read, got {problem.strerror}"
        raise ValueError(f"{rule}; try notebooks/05_perceptron.ipynb") from None
    except Exception as problem:  # a broken file can fail anywhere in the parser
        what = f"{type(problem).__name__}: {problem}".splitlines()[0]
        raise ValueError(f"{path}: cannot be read as a notebook ({what[:200]}); "
                         "take it from git again") from None  # fmt: skip
    return notebook


def _as_bytes(notebook):
    nbformat.validate(notebook)
    return (nbformat.writes(notebook, version=nbformat.NO_CONVERT, indent=1) + "\n").encode()


def _line(path, number, what):
    place = str(path) if number is None else f"{path}, cell {number}"
    return f"{place}: {' '.join(what.split())}"


def main(*arguments):
    """Return the exit code."""
    files = [Path(a) for a in arguments if a != "--check"] or series()
    work = faults if "--check" in arguments else refresh
    lines = [line for path in files for line in work(path)]
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
