"""Write the glossary: the field's terms, our words for them, and where each is taught.

``python -m tools.glossary``. Our words come from the tables "here | elsewhere" at the end of the
notebooks, and the sentences from ``glossary.toml`` beside this file. `make notebooks` writes
``notebooks/glossary.ipynb``, which is never edited by hand.
"""

import re
import sys
import tomllib
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from tools import navigation, notebooks

PATH = notebooks.FOLDER / "glossary.ipynb"
SOURCE = Path(__file__).with_suffix(".toml")
MARKUP = re.compile(r"`[^`]*`|\$[^$]*\$|\([^)]*\)|\*")  # in a piece of a table: no names
PLAIN = "(),:;?!'/@&+=$*~"  # JupyterLab looks for a heading by its link as it is written
HEAD = """\
# What do others call it?

The field's words for what this series teaches, from A to Z. A link leads to the section where a \
term is taught. *Ctrl+F* finds a word on this page."""


def entries():
    """Map each standard term to its `says`, `taught` and `also`, other names for it."""
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def texts():
    """Map the number (or name) of each notebook to the texts of its cells."""
    found = {}
    for path in notebooks.series():
        cells = nbformat.read(path, as_version=4).cells
        key = path.stem[:2] if path.stem[:2].isdigit() else path.stem
        found[key] = path, [cell.source for cell in cells if cell.cell_type == "markdown"]
    return found


def rows(cells):
    """Yield (here, elsewhere) for each line of the tables that begin with "here".

    Where both sides have equally many parts, with semicolons between, each part is a line.
    """
    for table in re.findall(r"^\| here \|.*\n\|[-| ]+\n((?:\|.*\n?)*)", "\n\n".join(cells), re.M):
        for line in table.splitlines():
            here, *others = (part.strip() for part in line.strip("| ").split(" | "))
            left, right = here.split("; "), "; ".join(others).split("; ")
            alike = len(left) == len(right)
            yield from zip(left, right, strict=True) if alike else [(here, "; ".join(others))]


def names(text, name):
    """Tell whether a text names a term, in the singular or the plural."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(e?s)?(?![\w-])", text, re.I)


def ours(term, entry, tables):
    """Return our word for a term: that of the notebook which teaches it, if it has one."""
    taught = entry["taught"].partition(" ")[0]
    others = [line for key, lines in tables.items() if key != taught for line in lines]
    for name in (term, *entry.get("also", ())):
        for here, elsewhere in [*tables[taught], *others]:
            pieces = [
                piece.strip().lower() for piece in re.split("[,;:]", MARKUP.sub("", elsewhere))
            ]
            if {name.lower(), f"{name.lower()}s"} & set(pieces):
                return here
    return "the same"


def place(term, taught, found):
    """Return the link to the section that teaches a term."""
    key, _, section = taught.partition(" ")
    path, cells = found[key]
    begin = f"## {section}." if section.isdigit() else f"## {section}"
    heading = next((line[3:] for cell in cells for line in cell.splitlines()
                    if line.startswith(begin)), None)  # fmt: skip
    if heading is None:
        sys.exit(f"{term!r} must be taught in a section that is there, got {taught!r}; "
                 f"see the headings of {path.name}")  # fmt: skip
    words = f"section {section}" if section.isdigit() else section
    name = navigation.title(path) if key == path.stem else key
    anchor = quote(heading.replace(" ", "-"), safe=PLAIN)
    return f"[{name}, {words}]({path.name}#{anchor})"


def lines():
    """Yield (term, its line in the glossary), from A to Z."""
    found = texts()
    tables = {key: list(rows(cells)) for key, (_, cells) in found.items()}
    for term, entry in sorted(entries().items(), key=lambda pair: pair[0].lower()):
        called = ", ".join([f"**{term}**", *entry.get("also", ())])
        parts = called, ours(term, entry, tables), entry["says"], place(
            term, entry["taught"], found)  # fmt: skip
        yield term, f"| {' | '.join(parts)} |"


def glossary():
    """Return the glossary as a notebook: a table for each letter."""
    cells = [new_markdown_cell(HEAD)]
    for letter, group in groupby(lines(), lambda line: line[0][0].upper()):
        table = ["| term | here | what it is | taught in |", "|---|---|---|---|"]
        text = "\n".join([*table, *(line for _, line in group)])
        cells.append(new_markdown_cell(f"## {letter}\n\n{text}"))
    notebook = new_notebook(cells=cells)
    list(navigation.mend(notebook, PATH))
    list(notebooks.mend(notebook))
    return notebook


def main():
    """Write it."""
    notebook = glossary()
    notebooks.write(notebook, PATH)
    print(f"{PATH}: {len(entries())} terms")


if __name__ == "__main__":
    main()
