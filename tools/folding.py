"""Cells whose code is folded away: between a question and its figure stands no code to read.

A cell is folded where its first line is ``# @title`` and what the cell does, in one short sentence:
JupyterLab shows that line, Colab makes it a title, and pages fold the code under it. `make
notebooks` writes what the platforms read, so that an author writes the line and nothing else.
"""

MARK = "# @title "
# JupyterLab and Notebook; Colab; Kaggle. VS Code reads none of it from the file.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form", "_kg_hide-input": True}


def is_folded(cell):
    """Tell whether a cell's code is folded away."""
    return cell.cell_type == "code" and cell.source.startswith(MARK)


def mend(notebook):
    """Fold the cells that say so, and unfold the others; yield (number of the cell, what)."""
    for number, cell in enumerate(notebook.cells, 1):
        wanted = FOLDED if is_folded(cell) else {}
        for key in FOLDED:
            if cell.metadata.get(key) != wanted.get(key):
                yield number, f"cell metadata {key!r}, where the first line says otherwise"
                cell.metadata.pop(key, None)
        cell.metadata.update(wanted)
