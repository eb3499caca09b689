"""Build the site: the series with Python in the page, nothing installed, and as plain pages.

``python -m tools.site [folder]``. Needs npm. Pyodide's own files come from the npm registry and its
packages, in the reader's browser, from its public address; with ``PYODIDE_DIST=folder`` all come
from a folder that holds them.
"""

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path

from nbconvert.filters import markdown2html

from tools import pages, standalone
from tools.bringing import bring
from tools.navigation import ROOT, title
from tools.notebooks import FOLDER, read, series
from tools.study import sections

PYODIDE = "0.27.7"
PUBLIC = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
CORE = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
# What the lecture needs and Pyodide has not, and what each needs in turn.
WIDGETS = {
    "comm": [],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "psygnal": [],
    "typing-extensions": [],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
}
PACKAGES = ["numpy", "matplotlib", "ipywidgets", "ipython", "anywidget"]
FIRST = [
    "micropip",
    "ssl",
    "sqlite3",
    "jedi",
    "ipython",
    "comm",
    "lecture-utils",
]  # loaded at start
LITE = ROOT / ".venv" / "site"  # an environment of its own: make .venv/.site
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
)
# ipywidgets' manager for pages without a notebook, as it is published, and its loader.
MANAGER, REQUIRE = "@jupyter-widgets/html-manager@1.0.15", "requirejs@2.3.8"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
OURS = ".site"  # in the folder: the names of the files that were written there
LANDING = ROOT / "tools" / "pages" / "landing.html"


def wheels(folder):
    """Fetch the wheels that Pyodide lacks and make ours; yield (path, depends) of each."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    exact = [f"{name}=={version(name)}" for name in WIDGETS]
    pure = ["--only-binary", ":all:", "--platform", "any"]  # what is compiled is for this machine
    subprocess.run([*pip, "download", "--no-deps", *pure, "-d", folder, *exact], check=True)
    subprocess.run([*pip, "wheel", "--no-deps", "-w", folder, ROOT], check=True)
    for path in sorted(folder.glob("*.whl")):
        yield path, WIDGETS.get(path.name.split("-")[0].replace("_", "-"), PACKAGES)


def entry(path, depends):
    """Return what Pyodide's lock says of a package."""
    name, number = path.name.split("-")[:2]
    with zipfile.ZipFile(path) as wheel:
        tops = {member.split("/")[0].removesuffix(".py") for member in wheel.namelist()}
    return {
        "name": name.replace("_", "-"), "version": number, "file_name": path.name,
        "install_dir": "site", "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "package_type": "package", "unvendored_tests": False, "depends": depends,
        "imports": sorted(top for top in tops if "." not in top),
    }  # fmt: skip


def pyodide(folder):
    """Put Pyodide and our wheels into a folder of the site."""
    local = os.environ.get("PYODIDE_DIST")
    if local:
        shutil.copytree(local, folder, copy_function=shutil.copyfile)
    else:
        pages.from_npm(f"pyodide@{PYODIDE}", ".", folder)
        for path in [*folder.iterdir()]:
            if path.name not in (*CORE, "pyodide-lock.json"):
                path.unlink()
    folder.chmod(0o755)
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    if lock["info"]["version"] != PYODIDE:
        raise SystemExit(
            f"PYODIDE_DIST must hold Pyodide {PYODIDE}, got "
            f"{lock['info']['version']}; try it without PYODIDE_DIST"
        )
    if not local:
        for package in lock["packages"].values():
            package["file_name"] = PUBLIC + package["file_name"]
    with tempfile.TemporaryDirectory() as made:
        for path, depends in wheels(Path(made)):
            shutil.copy(path, folder)
            package = entry(path, depends)
            lock["packages"][package["name"]] = package
    (folder / "pyodide-lock.json").unlink()
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def live(folder):
    """Build JupyterLite with the notebooks."""
    with tempfile.TemporaryDirectory() as made:
        source, contents = Path(made) / "lite", Path(made) / "contents"
        shutil.copytree(FOLDER / "badges", contents / "badges")
        for path in sorted(FOLDER.glob("*.ipynb")):
            shutil.copy(path, contents)
        pyodide(source / "static" / "pyodide")
        shutil.copy(ROOT / "tools" / "lab" / "overrides.json", source)
        settings = {
            "pyodideUrl": "./static/pyodide/pyodide.js",
            "disablePyPIFallback": bool(os.environ.get("PYODIDE_DIST")),
            "loadPyodideOptions": {"packages": FIRST},
        }
        config = {"exposeAppInBrowser": True, "litePluginSettings": {KERNEL: settings}}
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
    items = []
    for path in paths:
        question = read(path).cells[0].source.partition("\n")[0]
        items.append(
            f'<li><b><a href="pages/{path.stem}.html">{title(path)}: '
            f"{html.escape(question.lstrip('# '))}</a></b>\n"
            f'<a href="live/notebooks/index.html?path={path.name}">as a notebook</a>\n'
            f'<a href="standalone/{path.name}" download>one file for Colab, Kaggle or your own '
            "Jupyter</a></li>"
        )
    text = LANDING.read_text(encoding="utf-8")
    return re.sub(r"<!-- series -->", lambda _: "\n".join(items), text)


def plan():
    """Return the plan for a term as a page; its links to notebooks lead to pages."""
    text = markdown2html((ROOT / "docs" / "plan.md").read_text(encoding="utf-8"))
    text = re.sub(r'href="\.\./notebooks/(\w+)\.ipynb', r'href="pages/\1.html', text)
    head = LANDING.read_text(encoding="utf-8").partition("<main>")[0]
    return f"{head}<main>\n{text}\n</main>\n</body>\n</html>\n"


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
