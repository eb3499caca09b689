"""Find the browser that tests and PDFs need, or fetch it: Chromium, Chrome or Edge.

``python -m tools.browser`` prints where it is. A browser counts only after it has opened a page.
"""

import contextlib
import functools
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

# For a root without a sandbox, and for machines without a network or a screen.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
         "--disable-component-update", "--no-first-run"]  # fmt: skip
SILENCE = 30  # seconds without a word, after which a download is given up
START = 60  # seconds that a browser may take to start
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
         "microsoft-edge", "microsoft-edge-stable", "msedge")  # fmt: skip
MAC = [f"{home}/Applications/{name}.app/Contents/MacOS/{name}" for home in ("", "~")
       for name in ("Chromium", "Google Chrome", "Microsoft Edge")]  # fmt: skip
WINDOWS = [f"%{folder}%/{name}" for folder in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")
           for name in ("Chromium/Application/chrome.exe", "Google/Chrome/Application/chrome.exe",
                        "Microsoft/Edge/Application/msedge.exe")]  # fmt: skip
WAYS_OUT = (
    "install Chromium, Chrome or Edge, e.g. apt-get install chromium (Debian), "
    "brew install --cask chromium (macOS), winget install Google.Chrome (Windows)"
)

# In processes of their own: Playwright takes no second one beside it in a thread.
WHERE = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
OPEN = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    path, wait, *options = sys.argv[1:]
    # Playwright ends what has not started by then, and with it all that this has started.
    browser = playwright.chromium.launch(
        executable_path=path, args=options, timeout=1000 * int(wait))
    page = browser.new_page()
    page.goto("data:text/html,<title>It opens</title>")
    print(page.title())
"""


def say(text):
    """Say what is done, at once."""
    print(text, file=sys.stderr, flush=True)


def places():
    """Yield the browsers that are on this machine, the one that Playwright has fetched last."""
    yield from filter(None, map(shutil.which, NAMES))
    for place in (*MAC, *WINDOWS):
        path = Path(os.path.expandvars(os.path.expanduser(place)))
        if path.is_file():
            yield str(path)
    done = subprocess.run([sys.executable, "-c", WHERE], capture_output=True, text=True)
    if not done.returncode and Path(done.stdout.strip()).is_file():
        yield done.stdout.strip()


def opens(path):
    """Tell whether a browser opens a page."""
    done = subprocess.run([sys.executable, "-c", OPEN, path, str(START), *QUIET],
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout.strip() == "It opens"


@functools.cache
def found():
    """Return where a browser is that opens a page, or raise RuntimeError."""
    seen = []
    for path in places():
        if opens(path):
            return path
        seen.append(path)
    those = f" (tried {', '.join(seen)})" if seen else ""
    raise RuntimeError(f"no browser opens a page here{those}; {WAYS_OUT}")


def end(process):
    """End a command and all that it has started, which would hold its output open."""
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        subprocess.run(["taskkill", "/t", "/f", "/pid", str(process.pid)], capture_output=True)


def run(step, silence=SILENCE):
    """Run a command and show its words as they come; tell whether it ended well.

    It is stopped when it has said nothing for `silence` seconds, or when we are: Ctrl+C does not
    reach it in its own group.
    """
    own = {"start_new_session": True} if os.name == "posix" else {}  # to stop its children, too
    process = subprocess.Popen(step, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, **own)  # fmt: skip
    words = queue.Queue()

    def listen():
        for chunk in iter(lambda: process.stdout.read1(4096), b""):
            words.put(chunk)
        words.put(None)

    with process:
        threading.Thread(target=listen, daemon=True).start()
        try:
            while chunk := words.get(timeout=silence):
                sys.stderr.write(chunk.decode(errors="replace"))
                sys.stderr.flush()
            return process.wait(silence) == 0
        except (queue.Empty, subprocess.TimeoutExpired):
            say(f"Nothing has come for {silence} seconds.")
            return False
        finally:
            if process.poll() is None:
                end(process)


def ways():
    """Yield the ways to fetch a browser: what is said, the commands, the silence each may keep."""
    playwright = [sys.executable, "-m", "playwright"]
    yield (
        "Playwright's Chromium",
        SILENCE,
        [
            [*playwright, "install", "chromium"],
            [*playwright, "install-deps", "chromium"],  # if it does not open without them
        ],
    )
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet",
               "-o", f"Acquire::http::Timeout={SILENCE}"]  # fmt: skip
        yield (
            "the system's Chromium",
            10 * SILENCE,
            [  # it says nothing while it unpacks
                [*apt, "update"],
                [*apt, "install", "--yes", "--no-install-recommends", "chromium"],
            ],
        )


def ready():
    """Return where a browser is that opens a page, fetched if need be; or raise RuntimeError."""
    with contextlib.suppress(RuntimeError):
        return found()
    say("No browser opens a page here.")
    for what, silence, steps in ways():
        for step in steps:
            say(f"Fetching {what}: {' '.join(step)}")
            if not run(step, silence):
                break
            with contextlib.suppress(RuntimeError):
                return found()
    return found()


def main():
    """Print where the browser is; return the exit code."""
    try:
        print(f"Browser: {ready()}")
    except RuntimeError as problem:
        say(str(problem)[0].upper() + str(problem)[1:])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
