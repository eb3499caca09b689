"""A real JupyterLab in a real browser, for the tests and the benchmark. No wait is without end."""

import base64
import contextlib
import functools
import http.server
import os
import queue
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

from tools.browser import QUIET, found

ROOT = Path(__file__).parent.parent.parent
FIGURES = ".jp-OutputArea .widget-vbox:is(:has(> img.widget-image), :has(> .lecture))"
PICTURES = f"{FIGURES} > :is(img, .lecture:has(canvas[data-drawn]))"

ELSEWHERE = "lecture.test"  # what is served here, as if it came from another machine without https

HARMLESS = {  # in the browser's console, and why
    "favicon": "a browser asks for the icon before Lab has one",
    "Could not send widget sync message": "a notebook was closed while its figures moved",
}


@contextlib.contextmanager
def jupyterlab(folder, start=("-m", "tools.lecture")):
    """Start JupyterLab as `make lecture` does, on `folder`; give its address and the token."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        environment = {
            **os.environ,
            "HOME": home,
            "JUPYTER_CONFIG_DIR": f"{home}/config",
            "JUPYTER_DATA_DIR": f"{home}/data",
            "IPYTHONDIR": f"{home}/ipython",
        }
        # Kernels choose their own backend, and show what C writes, as they do outside of pytest.
        for name in ("MPLBACKEND", "PYTEST_CURRENT_TEST"):
            environment.pop(name, None)
        with socket.create_server(("127.0.0.1", 0)) as free:  # two Labs must not want the same
            port = f"--port={free.getsockname()[1]}"
        command = [sys.executable, *start, str(folder), port, "--no-browser",
                   "--expose-app-in-browser"]  # fmt: skip
        server = subprocess.Popen(command, env=environment, cwd=ROOT, text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)  # fmt: skip
        lines = queue.Queue()
        # Read to the end by a thread: the server stops when its pipe is full.
        reader = threading.Thread(target=lambda: [*map(lines.put, server.stdout)], daemon=True)
        reader.start()
        try:
            found = _address(server, lines)
            _wait_until_it_listens(port.partition("=")[2])  # the address is printed before
            yield found
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(20)
            reader.join(5)
            server.stdout.close()


def _address(server, lines, timeout=90):
    log, end = "", time.monotonic() + timeout
    while time.monotonic() < end:
        with contextlib.suppress(queue.Empty):
            log += lines.get(timeout=0.5)
        if found := re.search(r"(http://(?:127\.0\.0\.1|localhost):\d+)/\S*token=(\w+)", log):
            return found.groups()
        if server.poll() is not None and lines.empty():
            break
    raise RuntimeError(f"JupyterLab did not start:\n{log}")


def _wait_until_it_listens(port, timeout=30):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("localhost", int(port)), 1):
            return
        time.sleep(0.2)


@contextlib.contextmanager
def served(folder):
    """Serve the files of a folder; give the address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextlib.contextmanager
def browser(**context):
    """Start Chromium without a screen; give a browser context."""
    path, args = found(), [*QUIET, f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"]
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=args, timeout=60_000)
        try:
            made = chrome.new_context(viewport={"width": 1280, "height": 900}, **context)
            made.set_default_timeout(90_000)  # on a busy machine all is slow
            made.add_init_script(path=Path(__file__).with_suffix(".js"))
            yield made
        finally:
            chrome.close()


class Notebook:
    """One notebook, open in a page; in a page where Lab runs already, without loading it again."""

    def __init__(self, page, address, name, layout="&reset"):
        self.page, self.name, self.console = page, name, []
        self.base, token = address
        self._address = f"{self.base}/doc/tree/{name}?token={token}{layout}"  # reset: as at first
        page.on("console", self._hear)
        page.on("pageerror", self._note)
        if page.url.startswith(self.base):
            self._show()
        else:
            self.open()

    def _hear(self, message):
        if message.type == "error":
            self._note(message.text)

    def _note(self, problem):
        self.console.append(str(problem))

    def complaints(self):
        """List what the browser's console complains of."""
        return [line for line in self.console if not any(map(line.__contains__, HARMLESS))]

    def open(self):
        """Load the page with the notebook, or load it again."""
        self.page.goto(self._address, wait_until="domcontentloaded", timeout=60_000)
        self.page.wait_for_selector(".jp-NotebookPanel-toolbar", timeout=60_000)
        self.wait_idle()

    def _show(self):
        """Open the notebook in the Lab that is there."""
        show = "path => void jupyterapp.commands.execute('docmanager:open', {path})"
        self.page.evaluate(show, self.name)
        self.wait_idle()

    def close(self):
        """Close the notebook, saved or not; its kernel lives on."""
        self.page.evaluate(  # nothing that has changed since it was saved is asked for
            "() => { const shown = jupyterapp.shell.currentWidget;"
            " shown.context.model.dirty = false; shown.close(); }"
        )
        self.wait_for("() => !document.querySelector('.jp-NotebookPanel')")

    def reopen(self):
        """Close the notebook, which is saved, and open it again."""
        self.close()
        self._show()

    def leave(self):
        """Close the notebook for good: without its kernel, and nobody listens any more."""
        self.stop_kernel()
        self.close()
        self.page.remove_listener("console", self._hear)
        self.page.remove_listener("pageerror", self._note)

    def wait_for(self, holds, given=None, timeout=90):
        """Wait until a function in the page says yes.

        It is not asked with every frame, as it would be by default: the page would be drawn 60
        times a second, and that takes half of a core.
        """
        self.page.wait_for_function(holds, arg=given, timeout=1000 * timeout, polling=100)

    def wait_idle(self, timeout=120):
        """Wait for a connected kernel with nothing to do; run earlier, Lab asks for a kernel."""
        self.wait_for(
            "name => { const shown = window.jupyterapp?.shell.currentWidget;"
            " const kernel = shown?.sessionContext?.session?.kernel;"
            " return shown?.context?.path === name && shown.content.widgets.length"
            " && kernel?.connectionStatus === 'connected' && kernel.status === 'idle'; }",
            self.name, timeout)  # fmt: skip

    def run_all(self, timeout=120):
        """Run every cell and wait for the last, or for an error, after which no cell is run."""
        # `void`: the command's promise may wait for a dialog.
        self.page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        self.wait_for(
            "() => { const cells = jupyterapp.shell.currentWidget.content.widgets;"
            " return cells.every("
            "cell => cell.model.type !== 'code' || cell.model.sharedModel.source === ''"
            " || cell.model.executionCount > 0 && cell.model.executionState === 'idle')"
            " || cells.some(cell => cell.model.toJSON().outputs?.some("
            "output => output.output_type === 'error')); }", timeout=timeout)  # fmt: skip
        self.wait_idle(timeout)

    def save(self):
        """Save the notebook and wait until it is saved."""
        # Not until it is no longer marked as changed: a kernel's every breath marks it so.
        self.page.evaluate("() => jupyterapp.shell.currentWidget.context.save()")

    def as_saved(self):
        """Return the notebook as it would be saved."""
        model = "jupyterapp.shell.currentWidget.content.model.toJSON()"
        return nbformat.from_dict(self.page.evaluate(model))

    def outputs(self):
        """List the outputs of all cells, as they would be saved."""
        return [output for cell in self.as_saved().cells for output in cell.get("outputs", ())]

    def stop_kernel(self):
        """Shut the kernel down, as a restart of the server does."""
        self.page.evaluate(
            "void jupyterapp.shell.currentWidget.sessionContext.shutdown()")  # fmt: skip
        self.wait_for("() => !jupyterapp.shell.currentWidget.sessionContext.session?.kernel")

    def figures(self):
        """List the live figures: boxes with controls, a picture and words."""
        boxes = self.page.locator(FIGURES)
        # Each gets a name by which it is found again without a look at the whole page.
        count = boxes.evaluate_all(
            "boxes => boxes.map((box, i) => { box.dataset.figure = i; }).length"
        )
        return [Figure(self.page.locator(f"css:light=[data-figure='{i}']")) for i in range(count)]


class Figure:
    """One live figure in a page."""

    def __init__(self, box):
        self.box = box

    def picture(self):
        """Return what tells one picture from another."""
        return self.box.evaluate("box => lectureTests.look(box)")

    def png(self):
        """Return the picture's bytes; a screenshot of it would take ten times as long."""
        address = self.box.evaluate(
            "box => box.querySelector(':scope > img')?.src"
            " ?? box.querySelector('canvas').toDataURL()"
        )
        return base64.b64decode(address.partition("base64,")[2])

    def drawn(self):
        """Tell whether the browser shows the picture, or the one that replaces it meanwhile."""
        return self.box.evaluate(
            "async box => { const image = box.querySelector(':scope > img');"
            " if (!image) return box.querySelector('canvas').dataset.drawn > 0;"
            " for (;;) { const address = image.src; try {"
            " await image.decode(); return image.naturalWidth > 0; }"
            " catch { if (image.src === address) return false; } } }"
        )

    def try_all(self):
        """Move every control there and back; return which moved nothing, and what went wrong."""
        return self.box.evaluate("box => lectureTests.tryAll(box)")

    def words(self):
        """Return the caption, and the error under it."""
        return self.box.locator("[role=status]").inner_text()

    def error(self):
        """Return the line of the error, or None."""
        lines = self.box.locator("[role=status] b").all_inner_texts()
        return lines[0] if lines else None

    def changes(self, action, patience=1.0):
        """Do something; tell whether another picture came of it.

        No is said `patience` seconds after the kernel has answered all that it was asked.
        """
        self.box.evaluate("box => lectureTests.ask(box)")
        action()
        return self.box.evaluate("(box, patience) => box.answer(patience)", 1000 * patience)
