"""Render every notebook as a page, or as a PDF of the page: pictures instead of controls.

``python -m tools.pages html|pdf [folder]``. A page needs no network and no JavaScript but MathJax,
which comes from the npm registry into the folder.
"""

import contextlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from nbconvert import HTMLExporter
from pygments.formatters import HtmlFormatter

from tools.alone import PACKAGE
from tools.browser import QUIET, ready
from tools.navigation import BESIDE, TAG, repository, title
from tools.notebooks import files, read_clean
from tools.study import with_reports, with_terms

HERE = Path(__file__).parent
MATHJAX = "mathjax@3.2.2"  # draws formulas from its own shapes: one file, no fonts to load


def page(path, links, alive=False):
    """Return a notebook as HTML; `links` stand above and below it, Python is beside it if alive."""
    notebook = read_clean(path)
    heading = notebook.cells[0].source.partition("\n")[0].lstrip("# ")
    left_out = {TAG, PACKAGE}  # a page has links of its own, and runs nothing
    notebook.cells = [cell for cell in notebook.cells
                      if left_out.isdisjoint(cell.metadata.get("tags", ()))]  # fmt: skip
    exporter = HTMLExporter(
        template_name="pages", extra_template_basedirs=[str(HERE)],
        exclude_input_prompt=True, exclude_output_prompt=True)  # fmt: skip
    about = {"page": {"title": heading, "links": links, "alive": alive}}
    text, _ = exporter.from_notebook_node(notebook, resources=about)
    text = re.sub(r'href="(\w+)\.ipynb', r'href="\1.html', text)
    return with_terms(text) if path.stem == "glossary" else text


def ways(paths, here, above=""):
    """Return the links to the pages before and after one, and to those beside the road."""
    steps = [above] if above else []
    road = [path for path in paths if path.stem not in BESIDE]
    if 0 < here < len(road):
        steps.append(f'<a href="{road[here - 1].stem}.html">← {title(road[here - 1])}</a>')
    if here >= len(road):
        steps.append(f'<a href="{road[0].stem}.html">{title(road[0])}</a>')
    steps += [f'<a href="{path.stem}.html">{title(path)}</a>'
              for path in paths[len(road) :] if path != paths[here]]  # fmt: skip
    if here + 1 < len(road):
        steps.append(f'<a href="{road[here + 1].stem}.html">{title(road[here + 1])} →</a>')
    return "\n".join(steps)


def from_npm(package, member, target):
    """Copy one file or folder of a package of the npm registry to `target`."""
    with tempfile.TemporaryDirectory() as folder:
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("npm must be there to fetch " + package + "; install Node.js")
        subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        (packed,) = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")
        source = Path(folder) / "package" / member
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, target)


def write(folder, above="", alive=False):
    """Write the pages and what they need; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    colours = HtmlFormatter(style="default", nobackground=True).get_style_defs(".highlight")
    style = (HERE / "pages" / "style.css").read_text(encoding="utf-8")
    (folder / "style.css").write_text(f"{style}\n{colours}\n", encoding="utf-8")
    if not (folder / "mathjax.js").exists():
        from_npm(MATHJAX, "es5/tex-svg.js", folder / "mathjax.js")
    paths = files()
    for here, path in enumerate(paths):
        runs = alive and path.stem != "glossary"  # where there is no code
        links = ways(paths, here, above)
        if runs:
            whole = f"../live/notebooks/index.html?path={path.name}"
            links += f'\n<a href="{whole}">as a notebook</a>'
        text = page(path, links, runs)
        text = with_reports(text, repository(), path.stem) if alive else text
        (folder / f"{path.stem}.html").write_text(text, encoding="utf-8")
    return [folder / f"{path.stem}.html" for path in paths]


@contextlib.contextmanager
def chromium():
    """Give a browser without a screen."""
    from playwright.sync_api import sync_playwright

    path = ready()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


def print_pdf(pages, folder):
    """Print pages as PDF files; paper cannot unfold, so answers and solutions are unfolded."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        tab = browser.new_page()
        for path in pages:
            tab.goto(path.resolve().as_uri())
            tab.evaluate("MathJax.startup.promise")
            tab.evaluate(
                "for (const d of document.querySelectorAll('details:not(.code)')) d.open = true"
            )
            tab.pdf(path=folder / f"{path.stem}.pdf", format="A4",
                    margin=dict.fromkeys(("top", "bottom", "left", "right"), "15mm"))  # fmt: skip


def main(kind="html", folder="dist"):
    """Write dist/html, or dist/pdf as well."""
    if kind not in ("html", "pdf"):
        sys.exit(f"kind must be html or pdf, got {kind!r}; try make html")
    pages = write(Path(folder) / "html")
    if kind == "pdf":
        print_pdf(pages, Path(folder) / "pdf")
    print(*(Path(folder) / kind / f"{path.stem}.{kind}" for path in pages), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
