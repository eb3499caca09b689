"""What each cell is on the slides, as metadata that JupyterLab's property inspector shows.

`make notebooks` writes a type where none is; an author's own choice stays.
"""

from tools.folding import is_folded
from tools.navigation import TAG

# For who reads on a screen of their own.
NOTES = "<details><summary>Hint", "<details><summary>What to read", "**Sources**"


def slide_type(cell):
    """Return what a cell becomes where its author has said nothing."""
    source = cell.source
    if TAG in cell.metadata.get("tags", ()):
        return "skip"
    if cell.cell_type == "code":  # no code unless it is the point, and that is for its author
        return "subslide" if is_folded(cell) and cell.outputs else "skip"
    if source.startswith(("# ", "## ")):
        return "slide"
    if source.startswith(NOTES):
        return "notes"
    return "subslide"


def mend(notebook):
    """Give each cell without a slide type one; yield (number of the cell, what was wrong)."""
    for number, cell in enumerate(notebook.cells, 1):
        if "slide_type" not in cell.metadata.get("slideshow", {}):
            yield number, "no slide type"
            cell.metadata["slideshow"] = {"slide_type": slide_type(cell)}
