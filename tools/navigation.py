"""What stands under the title and at the end of every notebook: ways to open it, ways to go on.

The addresses come from one line, `Repository` under `[project.urls]` in pyproject.toml; without it
there are no launch badges. `make notebooks` writes the cells.
"""

import tomllib
from pathlib import Path

from nbformat.v4 import new_markdown_cell

ROOT = Path(__file__).parent.parent
TAG = "navigation"
BESIDE = ("linear_algebra", "glossary")  # beside the road from 00 to 10
BRANCH, PAGES = "main", "gh-pages"  # where the sources are, and what .github/workflows publishes


def repository():
    """Return the address of the repository, "https://github.com/owner/name", or None."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project.get("urls", {}).get("Repository")


def title(path):
    """Return the name of a notebook in words: "03 Gradient descent"."""
    words = path.stem.replace("_", " ")
    number = words[:3] if words[:2].isdigit() else ""
    return (number + words.removeprefix(number).capitalize()).replace("alexnet", "AlexNet")


def badges(name, address):
    """Return a line of links that open a notebook elsewhere; nothing without an address."""
    if not address:
        return ""
    owner, repo = address.removesuffix("/").removesuffix(".git").split("/")[-2:]
    alone = f"{owner}/{repo}/blob/{PAGES}/standalone/{name}"
    places = {
        "browser": (f"https://{owner}.github.io/{repo}/live/notebooks/index.html?path={name}",
                    "in this browser, nothing installed"),
        "colab": (f"https://colab.research.google.com/github/{alone}", "on Google Colab"),
        "kaggle": (f"https://kaggle.com/kernels/welcome?src=https://github.com/{alone}",
                   "on Kaggle"),
        "binder": (f"https://mybinder.org/v2/gh/{owner}/{repo}/{BRANCH}"
                   f"?urlpath=lab/tree/notebooks/{name}", "on Binder"),
    }  # fmt: skip
    return " ".join(f"[![Open {words}](badges/{place}.svg)]({link})"
                    for place, (link, words) in places.items())  # fmt: skip


def ways(path, address):
    """Return the texts under the title and at the end of a notebook."""
    series = sorted(path.parent.glob("[0-9][0-9]_*.ipynb"))
    here = series.index(path) if path in series else None
    steps = []
    if here:
        steps.append(f"← [{title(series[here - 1])}]({series[here - 1].name})")
    if here != 0 and series and series[0].stem.startswith("00"):
        steps.append(f"[map of the series]({series[0].name})")
    for name in BESIDE if here is None else BESIDE[1:]:
        beside = path.with_name(f"{name}.ipynb")
        if here != 0 and beside != path and beside.exists():
            steps.append(f"[{title(beside).lower()}]({beside.name})")
    if here is not None and here + 1 < len(series):
        steps.append(f"[{title(series[here + 1])}]({series[here + 1].name}) →")
    line = " · ".join(steps)
    open_it = badges(path.name, address) if path.stem != "glossary" else ""  # nothing runs there
    top = "\n\n".join(filter(None, [open_it, line]))
    return top, line


def mend(notebook, path, address=None):
    """Put the two cells of links in place; yield (None, what was wrong) if they were not."""
    if not path.stem[:2].isdigit() and path.stem not in BESIDE:
        return
    top, bottom = ways(path, address or repository())
    own = [cell for cell in notebook.cells if TAG not in cell.metadata.get("tags", ())]
    first, last = [_cell(text) for text in (top, bottom)]
    wanted = [*own[:1], *first, *own[1:], *last]
    if [cell.source for cell in wanted] != [cell.source for cell in notebook.cells]:
        yield None, "links to the other notebooks, or their places"
        notebook.cells = wanted


def _cell(text):
    return [new_markdown_cell(text, metadata={"tags": [TAG]})] if text else []
