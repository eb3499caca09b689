"""Write every notebook as slides for a lecture hall without a network.

``python -m tools.slides [folder]``. What a cell becomes is its slide type, as JupyterLab's property
inspector shows it; ``make notebooks`` writes one where none is. reveal.js and MathJax come from the
npm registry into the folder, and nothing is loaded from elsewhere when the slides are shown.
"""

import re
import sys
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat.v4 import new_markdown_cell
from pygments.formatters import HtmlFormatter

from tools.notebooks import FOLDER, names, read_clean, series
from tools.pages import HERE, MATHJAX, from_npm

REVEAL = "reveal.js@6.0.2"
PARTS = {"dist/reveal.js": "reveal.js", "dist/reveal.css": "reveal.css",
         "dist/plugin/notes.js": "notes.js", "LICENSE": "LICENSE-reveal.js.txt"}  # fmt: skip
WIDTH, FULL = 85, 13  # characters in a line, lines on a slide
MINUTES = re.compile(r" \((\d+) minutes?\)$", re.MULTILINE)
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>", re.DOTALL)


def steps(text):
    """Split a text at its empty lines; what ends with a colon stays with what it announces."""
    parts = []
    for block in text.split("\n\n"):
        inside = parts and (parts[-1].count("$$") % 2 or parts[-1].count("```") % 2)
        announced = parts and parts[-1].rstrip("*").endswith(":")
        if parts and (inside or announced or re.match(r"[-*|] |\d+\. |\s", block)):
            parts[-1] += f"\n\n{block}"
        else:
            parts.append(block)
    return parts


def lines(text):
    """Guess how many lines of a slide a text fills; a formula's lines count double."""
    formulas = re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL)
    high = sum(2.5 + 1.5 * formula.count(r"\\") for formula in formulas)
    rest = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
    return high + sum(1 + len(line) // WIDTH for line in rest.split("\n") if line.strip())


def as_type(cell, kind, section=""):
    """Return a cell with another slide type and the section that stands above its slide."""
    cell = nbformat.from_dict(cell)
    cell.metadata["slideshow"] = {"slide_type": kind, "data": {"section": section}}
    return cell


def spoken(cell, section):
    """Yield the cells that one cell becomes: a derivation step by step, minutes in the notes."""
    kind = cell.metadata.slideshow.slide_type
    if cell.cell_type == "code":
        yield as_type(cell, kind, section)
        for name in re.findall(r"^def (\w+)\(figure\)", cell.source, re.MULTILINE):
            yield as_type(new_markdown_cell(f"To move it: the figure `{name}` in the notebook."),
                          "notes")  # fmt: skip
        return
    minutes = MINUTES.search(cell.source)
    text = FOLD.sub(r"**\1**", MINUTES.sub("", cell.source)).replace("</details>", "")
    parts = steps(text) if kind not in ("notes", "skip") else [text]
    in_steps = text.count("$$") >= 4  # a derivation
    full = 0
    for number, part in enumerate(parts):
        full += lines(part)
        if number and full > FULL:
            full, kind = lines(part), "subslide"
            yield as_type(new_markdown_cell(part), kind, section)
        elif number and in_steps:
            yield as_type(new_markdown_cell(part), "fragment", section)
        else:
            yield as_type(new_markdown_cell(part), "-" if number else kind, section)
    if minutes:
        yield as_type(new_markdown_cell(f"{minutes[1]} minutes for this section."), "notes")


def deck(path):
    """Return the slides of a notebook as HTML."""
    notebook = read_clean(path)
    title, section, cells = notebook.cells[0].source.partition("\n")[0].lstrip("# "), "", []
    for cell in notebook.cells:
        heading = re.match(r"## (.+)", cell.source)
        section = "" if heading else section  # its own slide says it in large letters
        cells += spoken(cell, section)
        section = MINUTES.sub("", heading[1]) if heading else section
    for cell, name in zip(cells, names(cells), strict=True):
        cell["id"] = name
    notebook.cells = cells
    exporter = SlidesExporter(
        template_name="slides", extra_template_basedirs=[str(HERE)],
        exclude_input_prompt=True, exclude_output_prompt=True)  # fmt: skip
    text, _ = exporter.from_notebook_node(notebook, resources={"page": {"title": title}})
    text = re.sub(r'<a href="glossary\.ipynb[^>]*>(.*?)</a>', r"\1", text)  # has no slides
    return re.sub(r'href="(\w+)\.ipynb', r'href="\1.html', text)


def write(folder):
    """Write the slides and what they need; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    style = (HERE / "slides" / "style.css").read_text(encoding="utf-8")
    colours = HtmlFormatter(style="default", nobackground=True).get_style_defs(".highlight")
    (folder / "style.css").write_text(f"{style}\n{colours}\n", encoding="utf-8")
    for package, members in ((MATHJAX, {"es5/tex-svg.js": "mathjax.js"}), (REVEAL, PARTS)):
        for member, name in members.items():
            if not (folder / name).exists():
                from_npm(package, member, folder / name)
    paths = [folder / f"{path.stem}.html" for path in series()]
    for path in paths:
        path.write_text(deck(FOLDER / f"{path.stem}.ipynb"), encoding="utf-8")
    return paths


def main(folder="dist/slides"):
    """Write the slides and print where they are."""
    print(*write(Path(folder)), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
