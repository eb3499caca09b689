"""How long a notebook takes: counted, and written behind each section's title and into the head.

A minute for 120 words, a formula in a line being one; two for each figure, three for each
derivation. Exercises, what is folded away as a hint or a list of symbols, sources and what goes
deeper are not on the main road.
"""

import math
import re

WORDS, FIGURE, DERIVATION = 120, 2, 3  # words a minute; minutes, minutes
WORD = re.compile(r"\$[^$]*\$|\w[\w'-]*")
# Formulas of their own, addresses, tags, tables, and what is written here.
UNCOUNTED = re.compile(
    r"\$\$.*?\$\$|\]\([^)]*\)|<[^>]*>|^\s*\|[^\n]*$|\(\d+ minutes?\)$", re.DOTALL | re.MULTILINE
)
ASIDE = re.compile(r"(\*\*Sources\*\*|<details><summary>(Hint|The symbols|Your own))")
SECTION = re.compile(r"## (?P<title>\d+\. .*?)(?: \(\d+ minutes?\))?$", re.MULTILINE)
TAKES = re.compile(r"(?<=\*\*It takes\*\* )(\d+)(?= minutes)")


def words(text):
    """Count the words of a text."""
    return len(WORD.findall(UNCOUNTED.sub(" ", text)))


def needed(cell):
    """Return how many minutes a cell takes."""
    text = cell.source
    if cell.cell_type == "code":
        return FIGURE * bool(re.search(r"^@explore|^\w+ = playground\(", text, re.MULTILINE))
    if ASIDE.match(text):
        return 0
    text = text.partition("### Exercise")[0]
    # Blocks of lines; without one, formulas of their own that follow one from another.
    derives = text.count(r"\begin{aligned}") or text.count("$$") >= 4
    return words(text) / WORDS + DERIVATION * derives


def main_road(notebook):
    """List the sections before what goes deeper: (index of the cell with the title, minutes)."""
    found = []
    for index, cell in enumerate(notebook.cells):
        if re.match("## .*Going deeper", cell.source):
            break
        if SECTION.match(cell.source):
            found.append([index, 0.0])
        if found and "navigation" not in cell.metadata.get("tags", ()):
            found[-1][1] += needed(cell)
    return [(index, max(1, round(minutes))) for index, minutes in found]


def mend(notebook):
    """Write the minutes where they belong; yield (number of the cell, what was wrong)."""
    sections = main_road(notebook)
    said = [cell.source for cell in notebook.cells]
    for index, minutes in sections:
        label = f"{minutes} minute{'s' * (minutes > 1)}"
        said[index] = SECTION.sub(rf"## \g<title> ({label})", said[index], 1)
    total = 5 * math.ceil(sum(minutes for _, minutes in sections) / 5)
    if sections and said:
        said[0] = TAKES.sub(str(total), said[0], 1)
    for number, (cell, source) in enumerate(zip(notebook.cells, said, strict=True), 1):
        if cell.source != source:
            yield number, "the minutes that are counted are others"
            cell.source = source
