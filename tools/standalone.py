"""Write each notebook as one file that carries the package: upload it anywhere and run all.

``python -m tools.standalone [folder]``. The first cell of each file, folded, unpacks the package
beside the notebook, or into a temporary folder where it cannot be written there. It downloads
nothing and installs nothing; a ``lecture_utils`` of this version that is installed is used instead.
"""

import base64
import hashlib
import io
import re
import sys
import textwrap
import zipfile
from pathlib import Path

import nbformat

import lecture_utils
from tools import alone, folding, notebooks
from tools.navigation import TAG

PACKAGE = Path(lecture_utils.__file__).parent
LINK = re.compile(r"\[([^]]+)\]\(\w+\.ipynb[^)]*\)")  # to a file that is not there
UNPACK = '''\
# @title The package of this series: unpacked beside this notebook, nothing is downloaded
import base64
import importlib.metadata
import io
import os
import sys
import tempfile
import zipfile

PACKAGE = """
{package}
"""

try:
    installed = importlib.metadata.version("lecture-utils")
except importlib.metadata.PackageNotFoundError:
    installed = None
if installed != "{version}" and not any("{folder}" in place for place in sys.path):
    folder = os.path.abspath("{folder}")
    if not os.path.isdir(folder):
        archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(PACKAGE)))
        try:  # aside, then renamed: whoever finds the folder finds all of it
            with tempfile.TemporaryDirectory(prefix=".lecture_utils-", dir=".") as aside:
                archive.extractall(f"{{aside}}/new")
                os.rename(f"{{aside}}/new", folder)
        except OSError:  # another notebook was first, or this folder cannot be written
            if not os.path.isdir(folder):
                folder = tempfile.mkdtemp(prefix="{folder}-")
                archive.extractall(folder)
        del archive
    sys.path.insert(0, folder)
    del folder
del PACKAGE, installed'''


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
    version, packed = lecture_utils.__version__, bundle()
    # The same name is the same content, also while a version is in the making.
    folder = f"lecture_utils-{version}-{hashlib.sha256(packed).hexdigest()[:8]}"
    package = textwrap.fill(base64.b64encode(packed).decode(), 120)
    code = UNPACK.format(package=package, version=version, folder=folder)
    return nbformat.v4.new_code_cell(
        code, id="lecture_utils", metadata={**folding.FOLDED, "tags": [alone.PACKAGE]}
    )


def standalone(path):
    """Return a notebook with the package inside, without links to the files beside it."""
    notebook = notebooks.read_clean(path)
    left_out = {TAG, alone.PACKAGE}  # its own first cell brings the package
    own = [cell for cell in notebook.cells if left_out.isdisjoint(cell.metadata.get("tags", ()))]
    for cell in own:
        if cell.cell_type == "markdown":
            cell.source = LINK.sub(r"\1", cell.source)
    notebook.cells = [unpacking(), *own]
    return notebook


def main(folder="dist/standalone"):
    """Write the files."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in notebooks.series():
        notebooks.write(standalone(path), folder / path.name)
        print(f"{folder / path.name}: {(folder / path.name).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])
