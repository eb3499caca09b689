"""Build the site: the series with Python in the page, nothing installed, and as plain pages.

``python -m tools.site [folder]``. Needs npm. Pyodide's own files come from the npm registry and its
packages from its public address; with ``PYODIDE_DIST=folder`` all come from a folder that holds
them. A reader's browser asks nobody but the site.
"""

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from nbconvert.filters import markdown2html

from tools import collect_page, pages, pyodide, standalone
from tools.bringing import bring
from tools.glossary import PLAIN
from tools.navigation import ROOT, title
from tools.notebooks import FOLDER, read_clean, series
from tools.study import sections

FIRST = [*pyodide.FIRST, "ipython", "comm", "lecture-utils"]  # loaded at start
LITE = ROOT / ".venv" / "site"  # an environment of its own: make .venv/.site
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
)
# ipywidgets' manager for pages without a notebook, as it is published, and its loader.
MANAGER, REQUIRE = "@jupyter-widgets/html-manager@1.0.15", "requirejs@2.3.8"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# A notebook alone is shown by Notebook 7's page, which has an icon of its own that says that Python
# is busy: as Lab's, it is fetched twice a move, and moves wait for it.
ICON = "@jupyter-notebook/notebook-extension:tab-icon"
OURS = ".site"  # in the folder: the names of the files that were written there
MAP = re.compile(r"^## (.*\bmap\b.*)$", re.MULTILINE)
LANDING = ROOT / "tools" / "pages" / "landing.html"


def live(folder):
    """Build JupyterLite with the notebooks."""
    with tempfile.TemporaryDirectory() as made:
        source, contents = Path(made) / "lite", Path(made) / "contents"
        shutil.copytree(FOLDER / "badges", contents / "badges")
        for path in sorted(FOLDER.glob("*.ipynb")):
            shutil.copy(path, contents)
        pyodide.put(source / "static" / "pyodide")
        shutil.copy(ROOT / "tools" / "lab" / "overrides.json", source)
        settings = {
            "pyodideUrl": "./static/pyodide/pyodide.js",
            "disablePyPIFallback": True,
            "loadPyodideOptions": {"packages": FIRST},
        }
        page = json.loads((ROOT / "tools" / "lab" / "page_config.json").read_text(encoding="utf-8"))
        config = {"exposeAppInBrowser": True, "litePluginSettings": {KERNEL: settings},
                  "disabledExtensions": [*page["disabledExtensions"], ICON]}  # fmt: skip
        file = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
        (source / "jupyter-lite.json").write_text(json.dumps(file), encoding="utf-8")
        extensions = LITE / "share" / "jupyter" / "labextensions"
        build = {
            "ignore_sys_prefix": ["federated_extensions"],  # whatever else is installed
            "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
        }
        (source / "jupyter_lite_config.json").write_text(
            json.dumps({"LiteBuildConfig": build}), encoding="utf-8"
        )
        python = LITE / ("Scripts" if os.name == "nt" else "bin") / "python"
        if not LITE.exists():
            raise SystemExit(f"{LITE} must hold JupyterLite, it is not there; run make site")
        command = [python, "-m", "jupyterlite_core", "build", "--no-sourcemaps",
                   "--no-unused-shared-packages", "--apps", "lab", "--apps", "notebooks",
                   "--apps", "tree", "--contents", contents,
                   "--output-dir", folder.resolve()]  # fmt: skip
        done = subprocess.run(command, cwd=source, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"JupyterLite was not built:\n{done.stdout}\n{done.stderr}")


def alive(folder):
    """Put in what a page needs to come alive beside JupyterLite, whose Pyodide it shares."""
    folder.mkdir()
    for path in (ROOT / "tools" / "alive").iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    pages.from_npm(REQUIRE, "require.js", folder / "require.js")
    with tempfile.TemporaryDirectory() as made:
        manager = Path(made) / "manager"
        pages.from_npm(MANAGER, "dist", manager)
        for path in (manager / "libembed-amd.js", *manager.glob("*.woff2")):
            shutil.copy(path, folder)
    extension = LITE / "share" / "jupyter" / "nbextensions" / "anywidget" / "index.js"
    shutil.copy(extension, folder / "anywidget.js")


def landing(paths):
    """Return the first page: what this is, and the series with its links."""
    items, known = [], collect_page.exercises()
    for path in paths:
        question = read_clean(path).cells[0].source.partition("\n")[0]
        numbers = " ".join(number for number in known if number[:2] == path.stem[:2])
        about = f' data-exercises="{numbers}"' if numbers else ""
        items.append(
            f'<li{about}><b><a href="pages/{path.stem}.html">{title(path)}: '
            f"{html.escape(question.lstrip('# '))}</a></b>\n"
            f'<a href="live/notebooks/index.html?path={path.name}">as a notebook</a>\n'
            f'<a href="standalone/{path.name}" download>one file for Colab, Kaggle or your own '
            "Jupyter</a></li>"
        )
    text = LANDING.read_text(encoding="utf-8").replace("<!-- map -->", the_map(paths[0]))
    return text.replace("<!-- series -->", "\n".join(items))


def the_map(path):
    """Return the link to the map of the series, a section of its first notebook."""
    cells = [cell.source for cell in read_clean(path).cells if cell.cell_type == "markdown"]
    heading = next((found[1] for found in map(MAP.search, cells) if found), "")
    return f"pages/{path.stem}.html#{quote(heading.replace(' ', '-'), safe=PLAIN)}"


def plan():
    """Return the plan for a term as a page; its links to notebooks lead to pages."""
    text = markdown2html((ROOT / "docs" / "plan.md").read_text(encoding="utf-8"))
    text = re.sub(r'href="\.\./notebooks/(\w+)\.ipynb', r'href="pages/\1.html', text)
    head = LANDING.read_text(encoding="utf-8").partition("<main>")[0]
    head = re.sub("<title>.*</title>", "<title>A plan for a term</title>", head)
    head = re.sub("<script.*</script>\n", "", head)  # there is nothing to search
    nav = '<nav><a href="index.html">the series</a></nav>'
    return f"{head}{nav}\n<main>\n{text}\n</main>\n{nav}\n</body>\n</html>\n"


def build(folder):
    """Build the site in a new folder."""
    above = '<a href="../index.html">the series</a>'
    made = pages.write(folder / "pages", above, alive=True)
    standalone.main(folder / "standalone")
    live(folder / "live")
    alive(folder / "alive")
    shutil.copy(folder / "pages" / "style.css", folder)
    text = landing(series())
    (folder / "index.html").write_text(text, encoding="utf-8")
    (folder / "plan.html").write_text(plan(), encoding="utf-8")
    found = [section for path in made for section in sections(path)]
    (folder / "sections.json").write_text(json.dumps(found), encoding="utf-8")


def main(folder="dist/site"):
    """Build the site anew; what else is kept in its folder, a `.git` of its own, stays."""
    folder = Path(folder)
    place = folder.resolve().parent
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix="site-") as aside:
        build(Path(aside) / "made")
        folder.mkdir(exist_ok=True)
        bring(Path(aside) / "made", folder, OURS)
    print(f"{folder}: see it with python -m http.server -d {folder}")


if __name__ == "__main__":
    main(*sys.argv[1:])
