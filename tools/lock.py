"""Write lock.txt: one exact version of everything, for all systems and Pythons of the series.

``python -m tools.lock``. What `make` installs, it takes in these versions: a class in a year gets
what was tested. uv resolves; addresses of registries stay out.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

HEAD = "# Exact versions of the series and of its tools, constraints for pip; made by make lock.\n"


def main():
    """Resolve all extras but uv's own."""
    done = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--quiet",
         "--no-header", "--no-annotate", "--no-emit-index-url", "--upgrade",
         *(f"--extra={name}" for name in ("lecture", "sweep", "hub", "test", "site", "bench"))],
        cwd=ROOT, check=True, capture_output=True, text=True)  # fmt: skip
    (ROOT / "lock.txt").write_text(HEAD + done.stdout, encoding="utf-8")


if __name__ == "__main__":
    main()
