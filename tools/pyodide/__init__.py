"""Python for a browser: Pyodide, its packages and ours, made ready for a quick start.

A reader would wait longest for Python to compile what it imports, and for Matplotlib to look
through all of its fonts. Both are done here once, inside of Pyodide itself, which Node runs.
All files are on the site then: a page asks nobody else.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from tools import pages
from tools.navigation import ROOT

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
FIRST = ["micropip", "ssl", "sqlite3", "jedi"]  # what JupyterLite's kernel asks for at its start
PACKAGES = ["numpy", "matplotlib", "ipywidgets", "ipython", "anywidget"]


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


def needed(packages):
    """Return the names of Pyodide's packages that the lecture needs, with what they need in turn.

    Examples
    --------
    >>> lock = {name: {"depends": []} for name in (*FIRST, *PACKAGES, "traitlets", "scipy", "a-b")}
    >>> lock["numpy"]["depends"] = ["A_B"]
    >>> sorted(needed(lock))
    ['a-b', 'ipython', 'jedi', 'matplotlib', 'micropip', 'numpy', 'sqlite3', 'ssl', 'traitlets']
    """
    found, waiting = set(), [*FIRST, *PACKAGES, *chain(*WIDGETS.values())]
    while waiting:
        name = waiting.pop().replace("_", "-").lower()
        if name not in found and name not in WIDGETS:
            found.add(name)
            waiting += packages[name]["depends"]
    return found


def fetch(folder, packages):
    """Fetch packages from Pyodide's public address, each as the lock knows it."""
    for package in packages.values():
        address = PUBLIC + package["file_name"]
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                content = answer.read()
        except OSError as error:
            raise SystemExit(f"{address} cannot be fetched: {error}; try again, or set "
                             "PYODIDE_DIST to a folder with Pyodide's files") from None  # fmt: skip
        if hashlib.sha256(content).hexdigest() != package["sha256"]:
            raise SystemExit(f"{address} is not the file that Pyodide's lock names; try again")
        (folder / package["file_name"]).write_bytes(content)


def put(folder):
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
        kept = needed(lock["packages"])
        lock["packages"] = {name: lock["packages"][name] for name in sorted(kept)}
        fetch(folder, lock["packages"])
    with tempfile.TemporaryDirectory() as made:
        for path, depends in wheels(Path(made)):
            shutil.copy(path, folder)
            package = entry(path, depends)
            lock["packages"][package["name"]] = package
    (folder / "pyodide-lock.json").unlink()
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    script = Path(__file__).parent / "ready.mjs"
    subprocess.run(["node", script, folder], check=True)
