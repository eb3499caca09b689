"""Write what students get: one zip, with or without solutions, and the link that updates theirs.

``python -m tools.handout [hub [repository [branch]]]``, with ``SOLUTIONS=no`` in the environment
for exercises without their folded solutions. ``dist/handout`` is the same as a folder: committed to
a branch of its own it is what nbgitpuller hands out. What else you keep there stays.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import nbformat

from tools import notebooks
from tools.bringing import bring
from tools.navigation import BRANCH, ROOT, repository

NAME = "handout"
OURS = ".handout"  # in the folder: the names of the files that were written there
START = "00_start_here.ipynb"
FILES = ("LICENSE", "LICENSE-text.md", "environment.yml", "pyproject.toml", "requirements.txt",
         "tools/__init__.py", "tools/lecture.py")  # fmt: skip
SOLUTION = re.compile(r"\n*<details>\s*<summary>Solution</summary>.*?</details>", re.DOTALL)


def without_solutions(notebook):
    """Return a copy of a notebook whose exercises end with their hints.

    Examples
    --------
    >>> cell = nbformat.v4.new_markdown_cell(
    ...     "Hint.\\n\\n<details><summary>Solution</summary>\\n\\n42\\n\\n</details>")
    >>> without_solutions(nbformat.v4.new_notebook(cells=[cell])).cells[0].source
    'Hint.'
    """
    notebook = nbformat.from_dict(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = SOLUTION.sub("", cell.source)
    return notebook


def link(hub, address, branch=BRANCH):
    """Return nbgitpuller's link: it copies or updates a student's folder and opens notebook 00.

    Parameters
    ----------
    hub, address : str
        Where the JupyterHub and the git repository are, "https://…".
    branch : str, default "main"
        The branch that is handed out.

    Raises
    ------
    ValueError
        If one of the addresses is none.

    Examples
    --------
    >>> link("https://hub.example.org/", "https://git.example.org/us/nets.git")
    ... # doctest: +ELLIPSIS
    'https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgit.example.org%2F...
    """
    for name, given in (("HUB", hub), ("REPOSITORY", address)):
        if urlsplit(given).scheme not in ("http", "https") or not urlsplit(given).netloc:
            raise ValueError(f"{name} must be an address, got {given!r}; "
                             f"try {name}=https://example.org/name")  # fmt: skip
    folder = address.rstrip("/").removesuffix(".git").rpartition("/")[2]
    # Not encoded twice: what nbgitpuller opens at the end is itself an address.
    opens = f"lab/tree/{folder}/notebooks/{START}?autodecode"
    query = urlencode({"repo": address, "branch": branch, "urlpath": opens})
    return f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{query}"


def fill(folder, solutions):
    """Write what students get into a new folder."""
    for part in ("notebooks", "lecture_utils"):
        unwanted = shutil.ignore_patterns("__pycache__", ".*", "*.ipynb")
        shutil.copytree(ROOT / part, folder / part, ignore=unwanted)
    for path in notebooks.files():
        notebook = notebooks.read_clean(path)
        handed = notebook if solutions else without_solutions(notebook)
        notebooks.write(handed, folder / "notebooks" / path.name)
    (folder / "tools").mkdir()
    shutil.copytree(ROOT / "tools" / "lab", folder / "tools" / "lab")
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    shutil.copy(Path(__file__).parent / "handout" / "README.md", folder)


def write(folder, solutions=True):
    """Write the students' folder and the zip beside it; return the zip's path.

    Files of an earlier handout that this one has no more are removed; all else in the folder, a
    `.git` or a notebook of the lecturer's, is left alone.
    """
    folder = Path(folder)
    packed = folder.with_name(f"{folder.name}.zip")
    place = folder.resolve().parent  # beside it: what is moved from there needs no room
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=f".{NAME}-") as aside:
        made = Path(aside) / folder.name
        fill(made, solutions)
        new = shutil.make_archive(f"{aside}/new", "zip", aside, folder.name)
        bring(made, folder, OURS)  # only now, when all of it is there
        shutil.move(new, packed)
    return packed


def main(hub="", address="", branch=BRANCH, folder=f"dist/{NAME}"):
    """Write both; print where they are and, for a hub, the link."""
    wanted = os.environ.get("SOLUTIONS") or "yes"
    if wanted not in ("yes", "no"):
        sys.exit(f"SOLUTIONS must be yes or no, got {wanted!r}; try SOLUTIONS=no")
    address = address or repository() or ""
    try:
        send = (
            link(hub, address, branch) if hub else "for a link: HUB=https://… REPOSITORY=https://…"
        )
    except ValueError as problem:
        sys.exit(str(problem))
    try:
        path = write(folder, wanted == "yes")
    except OSError as problem:
        sys.exit(f"{folder} cannot be written: {problem}")
    size = path.stat().st_size / 1e6
    print(f"{path}: {size:.1f} MB, solutions: {wanted}; the same as a folder: {folder}")
    print(send)


if __name__ == "__main__":
    main(*sys.argv[1:])
