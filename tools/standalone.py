"""Write each notebook as one file that carries the package: upload it anywhere and run all.

``python -m tools.standalone [folder]``. The first cell of each file, folded, unpacks the package
beside the notebook. It downloads nothing and installs nothing; a ``lecture_utils`` of this version
that is installed is used instead.
"""

import base64
import io
import sys
import textwrap
import zipfile
from pathlib import Path

import nbformat

import lecture_utils
from tools.navigation import TAG
from tools.notebooks import FOLDER

PACKAGE = Path(lecture_utils.__file__).parent
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": ["package"]}
UNPACK = '''\
# @title The package of this series: unpacked beside this notebook, nothing is downloaded
import base64
import importlib.metadata
import io
import sys
import zipfile
from pathlib import Path

PACKAGE = """
{package}
"""

try:
    installed = importlib.metadata.version("lecture-utils")
except importlib.metadata.PackageNotFoundError:
    installed = None
folder = str(Path("{folder}").resolve())
if installed != "{version}" and folder not in sys.path:
    zipfile.ZipFile(io.BytesIO(base64.b64decode(PACKAGE))).extractall(folder)
    sys.path.insert(0, folder)
del PACKAGE, folder, installed'''


def bundle():
    """Return the package as the bytes of a zip file, the same whenever it is made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(PACKAGE.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(PACKAGE.parent).as_posix()
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()


def unpacking():
    """Return the code cell that makes the package importable."""
    version = lecture_utils.__version__
    package = textwrap.fill(base64.b64encode(bundle()).decode(), 120)
    code = UNPACK.format(package=package, version=version, folder=f"lecture_utils-{version}")
    return nbformat.v4.new_code_cell(code, id="package", metadata=FOLDED)


def standalone(path):
    """Return a notebook with the package inside, without links to the files beside it."""
    notebook = nbformat.read(path, as_version=4)
    own = [cell for cell in notebook.cells if TAG not in cell.metadata.get("tags", ())]
    notebook.cells = [unpacking(), *own]
    return notebook


def main(folder="dist/standalone"):
    """Write the files."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(FOLDER.glob("*.ipynb")):
        nbformat.write(standalone(path), folder / path.name)
        print(f"{folder / path.name}: {(folder / path.name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])
