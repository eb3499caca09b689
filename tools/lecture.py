"""Start JupyterLab on a folder of notebooks, with the settings of the series.

``python -m tools.lecture notebooks [options of jupyter lab]``. Where there is no screen, the
address is printed and the server waits. With ``PROJECTOR=yes`` in the environment, Lab is laid out
for a lecture hall: large type, one notebook fills the page, no side bars (Ctrl+B shows the files).
"""

import os
import shutil
import sys
from pathlib import Path

from jupyterlab.labapp import LabApp

# overrides.json, saved_pictures.py, labextensions: a saved notebook keeps its pictures.
# jupyter_server_config.py: figures answer at once. page_config.json: the icon of the browser's tab
# no longer says that a kernel is busy; it did so for every move, and the moves waited for it.
SETTINGS = Path(__file__).parent / "lab"
FIRST = "00_start_here.ipynb"


def projector():
    """Return the options that lay JupyterLab out for a lecture hall, as shipped at every start."""
    # A copy: Lab writes there. Side bars belong to a workspace, type to a user's settings.
    own = shutil.copytree(SETTINGS / "projector", Path(sys.prefix) / "projector",
                          dirs_exist_ok=True)  # fmt: skip
    return [f"--LabApp.user_settings_dir={own / 'settings'}",
            f"--LabApp.workspaces_dir={own / 'workspaces'}",
            f"--LabApp.default_url=/doc/tree/{FIRST}"]  # fmt: skip


def main(folder="notebooks", *options):
    """Run JupyterLab until it is stopped."""
    wanted = os.environ.get("PROJECTOR") or "no"
    if wanted not in ("yes", "no"):
        sys.exit(f"PROJECTOR must be yes or no, got {wanted!r}; try PROJECTOR=yes")
    screen = sys.platform != "linux" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    arguments = [f"--LabApp.app_settings_dir={SETTINGS}",
                 f"--LabApp.extra_labextensions_path={Path(SETTINGS) / 'labextensions'}",
                 *(projector() if wanted == "yes" else ()), *options, folder]  # fmt: skip
    if not screen and "--no-browser" not in options:
        arguments.insert(-1, "--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in options:
        arguments.insert(-1, "--allow-root")  # a container often has no other user
    theirs = filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(SETTINGS), *theirs])
    LabApp.launch_instance(arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
