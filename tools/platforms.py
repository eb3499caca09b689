"""Run the tests where the notebooks are read: newest versions, Colab, Kaggle, a browser, a hub.

``python -m tools.platforms [name ...]``. Each but the last two gets an environment of its own,
without this package: the unit tests import it from the folder, the one-file notebooks bring it
along. "notebook" is Jupyter Notebook 7, "frameworks" runs notebook 10 with TensorFlow and PyTorch.
Ends with 1 if something fails or a Python is missing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import browser
from tools.navigation import ROOT

# The package's rooms, the notebooks' figures, the one-file notebooks: none of JupyterLab or tools.
TESTS = ["-n", "2", "--dist", "loadscope", "-m", "not frameworks",
         "-k", "not pytorch",
         "--ignore=lecture_utils/live/canvas.py",  # there is no anywidget
         "--ignore=lecture_utils/training_room/stage.py",
         "lecture_utils", *(f"tests/{place}" for place in (
    "numbers", "pictures", "live", "training_room", "exercises", "notebooks/test_figures.py",
    "notebooks/test_standalone.py", "notebooks/test_alone.py", "fuzz/test_numbers.py",
    "fuzz/test_explore_arguments.py", "fuzz/test_check.py"))]  # fmt: skip
TOOLS = ["pytest", "pytest-xdist", "hypothesis", "nbclient", "papermill", "ipykernel",
         "scikit-learn", "scipy"]  # fmt: skip
PLATFORMS = {  # name: Python, what pip gets besides the tools, the tests
    "newest": ("3.13", ["--upgrade"], TESTS),
    "colab": ("3.13", ["-c", "tests/constraints-colab.txt"], TESTS),
    "kaggle": ("3.12", ["-c", "tests/constraints-kaggle.txt"], TESTS),
    "notebook": ("3.13", ["--upgrade", "notebook>=7", "anywidget", "playwright"],
                 ["-m", "alone", "tests/browser/test_notebook.py"]),
    "frameworks": ("3.12", ["-r", "requirements-frameworks.txt"],
                   ["-m", "frameworks", "tests/notebooks/test_frameworks.py"]),
}  # fmt: skip
HERE = {  # in this environment: the site, built and served; a class on a JupyterHub
    "browser": ["-m", "site", "tests/tools"],
    "hub": ["-m", "hub", "tests/deploy", "tests/fuzz"],
}


def python(number):
    """Return the command of a Python that runs, or None."""
    found, launcher = shutil.which(f"python{number}"), shutil.which("py")
    if found:
        # pyenv's commands work only where its settings choose that version: ask its folder.
        behind = Path(found).parent.parent.glob(f"versions/{number}.*/bin/python")
        for path in (found, *map(str, behind)):
            if not subprocess.run([path, "-c", ""], capture_output=True).returncode:
                return path
    if launcher:  # as Windows has it: a Python's own command has no number there
        where = [launcher, f"-{number}", "-c", "import sys; print(sys.executable)"]
        done = subprocess.run(where, capture_output=True, text=True)
        return done.stdout.strip() if not done.returncode else None
    return None


def run(name):
    """Test one platform; return whether all is well."""
    if name in HERE:
        if name == "browser" and browser.main():
            return False
        step = [sys.executable, "-m", "pytest", *HERE[name]]
        return not subprocess.run(step, cwd=ROOT).returncode
    number, versions, tests = PLATFORMS[name]
    base = python(number)
    if base is None:
        print(f"{name}: NOT TESTED, Python {number} is missing; install python{number}", flush=True)
        return False
    folder = ROOT / ".venv" / "platforms" / name
    inside = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    print(f"{name}: Python {number}, {' '.join(versions)}", flush=True)
    steps = [
        [base, "-m", "venv", "--clear", folder],
        [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *versions,
         *TOOLS, "numpy", "matplotlib", "ipywidgets", "IPython"],
        # Deprecated is what tools that are years old there use, not what ours do.
        [inside, "-m", "pytest", "-W", "ignore::DeprecationWarning", *tests],
    ]  # fmt: skip
    if "playwright" in versions:
        steps.insert(2, [inside, "-m", "tools.browser"])
    return not any(subprocess.run([*map(str, step)], cwd=ROOT).returncode for step in steps)


def main(*names):
    """Return the exit code."""
    known = [*PLATFORMS, *HERE]
    if strange := " ".join(name for name in names if name not in known):
        sys.exit(f"PLATFORMS must be of {', '.join(known)}, got {strange!r}; try PLATFORMS=colab")
    done = {name: run(name) for name in names or known}
    print(*(f"{name}: {'green' if well else 'RED'}" for name, well in done.items()), sep="\n")
    return not all(done.values())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
