"""Start JupyterLab on a folder of notebooks, with the settings of the series.

``python -m tools.lecture notebooks [options of jupyter lab]``. Where there is no screen, the
address is printed and the server waits.
"""

import os
import sys
from pathlib import Path

SETTINGS = Path(__file__).parent / "lab"  # overrides.json: a saved notebook keeps its pictures


def main(folder="notebooks", *options):
    """Replace this process by JupyterLab."""
    screen = sys.platform != "linux" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    command = [sys.executable, "-m", "jupyterlab", f"--LabApp.app_settings_dir={SETTINGS}",
               *options, folder]  # fmt: skip
    if not screen and "--no-browser" not in options:
        command.insert(-1, "--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in options:
        command.insert(-1, "--allow-root")  # a container often has no other user
    os.execv(sys.executable, command)


if __name__ == "__main__":
    main(*sys.argv[1:])
