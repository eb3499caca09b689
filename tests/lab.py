"""A real JupyterLab in a real browser, for the tests and the benchmark."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

SETTINGS = Path(__file__).parent.parent / "tools" / "lab"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
         "--disable-component-update", "--no-first-run"]  # fmt: skip


def chromium():
    """Return where the system's Chromium is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise RuntimeError(f"none of {', '.join(names)} found; install Chromium, e.g. "
                           "apt-get install chromium")  # fmt: skip
    return found


@contextlib.contextmanager
def jupyterlab(folder):
    """Start JupyterLab as `make lecture` does, on `folder`; give its address with the token."""
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "HOME": home,
            "JUPYTER_CONFIG_DIR": f"{home}/config",
            "JUPYTER_DATA_DIR": f"{home}/data",
            "IPYTHONDIR": f"{home}/ipython",
        }
        command = [
            sys.executable,
            "-m",
            "tools.lecture",
            str(folder),
            "--no-browser",
            "--expose-app-in-browser",
        ]
        if os.name == "posix" and os.geteuid() == 0:
            command.append("--allow-root")
        server = subprocess.Popen(command, env=environment, stderr=subprocess.STDOUT,
                                  stdout=subprocess.PIPE, text=True,
                                  cwd=SETTINGS.parent.parent)  # fmt: skip
        log = []
        for line in server.stdout:
            log.append(line)
            if found := re.search(r"(http://(?:127\.0\.0\.1|localhost):\d+)/\S*token=(\w+)", line):
                break
        else:
            raise RuntimeError("JupyterLab did not start:\n" + "".join(log))
        # The pipe must be read on, or the server stops when it is full.
        threading.Thread(target=lambda: log.extend(server.stdout), daemon=True).start()
        try:
            yield found.group(1), found.group(2)
        finally:
            server.terminate()
            server.wait(20)
            server.stdout.close()


class Notebook:
    """One notebook, open in a page."""

    def __init__(self, page, address, name):
        base, token = address
        self.page, self.console = page, []
        page.on("console", lambda m: self.console.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda problem: self.console.append(str(problem)))
        page.goto(f"{base}/doc/tree/{name}?token={token}&reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-NotebookPanel-toolbar", timeout=60_000)
        self.wait_idle()

    def wait_idle(self, timeout=120):
        """Wait for a connected kernel with nothing to do; run earlier, Lab asks for a kernel."""
        self.page.wait_for_function(
            "() => { const shown = jupyterapp.shell.currentWidget;"
            " const kernel = shown?.sessionContext?.session?.kernel;"
            " return kernel?.connectionStatus === 'connected' && kernel.status === 'idle'; }",
            timeout=timeout * 1000)  # fmt: skip

    def run_all(self, timeout=120):
        """Run every cell and wait for the last."""
        # `void`: the command's promise may wait for a dialog.
        self.page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_timeout(300)
        self.wait_idle(timeout)


@contextlib.contextmanager
def browser(**context):
    """Start Chromium without a screen; give a browser context."""
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        try:
            yield chrome.new_context(viewport={"width": 1280, "height": 900}, **context)
        finally:
            chrome.close()
