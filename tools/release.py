"""Build what is released, wheel and sdist, and run a notebook with the wheel as a stranger would.

``python -m tools.release [folder]``. An environment of its own gets the wheel and what it needs,
with the versions of lock.txt; notebook 01 is run there, alone in a folder. Ends with 1 if it fails.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools.navigation import ROOT
from tools.notebooks import FOLDER

NOTEBOOK = FOLDER / "01_linear_regression.ipynb"
KERNEL = ["nbclient", "ipykernel"]  # that run it; a student has them with JupyterLab


def build(folder):
    """Build wheel and sdist anew; return the paths of both."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "uv", "build", "--quiet", "--out-dir", folder, ROOT]
    subprocess.run(command, check=True)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def lacking(wheel):
    """List the files of the package that are not in a wheel."""
    package = ROOT / "lecture_utils"
    ours = {path.relative_to(ROOT).as_posix() for path in package.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    with zipfile.ZipFile(wheel) as packed:
        return sorted(ours - set(packed.namelist()))


def try_out(wheel):
    """Run a notebook against a wheel in an empty environment; return whether all is well."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    with tempfile.TemporaryDirectory() as place:
        env, room = Path(place) / "env", Path(place) / "room"
        room.mkdir()
        shutil.copy(NOTEBOOK, room)
        inside = env / ("Scripts" if os.name == "nt" else "bin")
        steps = [
            [sys.executable, "-m", "venv", env],
            [inside / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "-c", ROOT / "lock.txt", wheel, *KERNEL],
            [inside / "jupyter-execute", NOTEBOOK.name],
        ]  # fmt: skip
        return not any(subprocess.run(step, cwd=room, env=inherited).returncode for step in steps)


def main(folder="dist/release"):
    """Return the exit code."""
    wheel, sdist = build(Path(folder).absolute())
    if missing := lacking(wheel):
        print(f"{wheel} must hold the whole package, {', '.join(missing)} is not in it")
        return 1
    if not try_out(wheel):
        print(f"{NOTEBOOK.name} does not run with {wheel.name}")
        return 1
    print(f"{wheel}\n{sdist}\n{NOTEBOOK.name} runs with the wheel, in an environment of its own")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
