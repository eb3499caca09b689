"""Inside of Pyodide: what each reader's browser would have to do at a start is done once.

Compiled code is for the Python that compiles it, so it is this one that does.
"""

import hashlib
import json
import shutil
import tempfile
import warnings
from compileall import compile_dir
from pathlib import Path
from py_compile import PycInvalidationMode

FOLDER = Path("/folder")  # Pyodide's own
PLACE = "/lib/python3.12/site-packages"  # of packages, for the lines of a traceback
OURS = "lecture_utils"  # a reader may look at its source; of all others, compiled code is enough


def compile_all(folder, keep):
    """Compile the modules in a folder; without `keep`, in the place of their sources."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compile_dir(folder, quiet=2, legacy=not keep, stripdir=folder, prependdir=PLACE,
                    invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)  # fmt: skip
    for path in folder.rglob("*.pyc"):
        if not keep:
            path.with_suffix(".py").unlink(missing_ok=True)


def pack(wheel):
    """Compile what is in a wheel; Matplotlib's gets its list of fonts."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "wheel"
        shutil.unpack_archive(wheel, folder, "zip")
        compile_all(folder, keep=wheel.name.startswith(OURS))
        if (folder / "matplotlib").exists():
            shutil.copy(fonts(), folder / "matplotlib")
        shutil.copyfile(shutil.make_archive(f"{made}/packed", "zip", folder), wheel)


def fonts():
    """Return the file with Matplotlib's list of fonts.

    Pyodide's Matplotlib has one beside its code. It is for another version, so that a new one is
    made in its place when fonts are first used.
    """
    import matplotlib.font_manager

    return Path(matplotlib.__file__).parent / "fontlist.json"


def main():
    """Make all wheels of the folder ready, and say so in the lock."""
    lock = json.loads((FOLDER / "pyodide-lock.json").read_text(encoding="utf-8"))
    for package in lock["packages"].values():
        wheel = FOLDER / package["file_name"]
        if wheel.suffix == ".whl" and wheel.exists():
            pack(wheel)
            package["sha256"] = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (FOLDER / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


if __name__ == "__main__":
    main()
