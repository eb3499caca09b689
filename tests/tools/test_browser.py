"""The browser: found where systems keep it, tried before it counts, fetched way after way."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tools import browser

WHERE = browser.WHERE


@pytest.fixture(autouse=True)
def _afresh():
    browser.found.cache_clear()
    yield
    browser.found.cache_clear()


ONE = "Applications/Chromium.app/Chromium"  # a place that needs no .exe, as PATH does on Windows


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without a browser: what is put into the folder is all there is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("PLAYWRIGHT_BROWSERS_PATH", "ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("HOME", "USERPROFILE"):  # the latter is ~ on Windows
        monkeypatch.setenv(name, str(tmp_path / "HOME"))
    monkeypatch.setattr(browser, "MAC", [f"~/{ONE}"])
    monkeypatch.setattr(browser, "WHERE", "print('nowhere')")
    return tmp_path


def put(path, text="#!/bin/sh\nexit 0\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.mark.browser
def test_a_browser_that_is_here_opens_a_page():
    assert browser.opens(browser.found())


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("google-chrome", marks=pytest.mark.skipif(os.name == "nt", reason="a .exe")),
        f"HOME/{ONE}",
        "ProgramFiles/Microsoft/Edge/Application/msedge.exe",
        "ProgramFiles(x86)/Microsoft/Edge/Application/msedge.exe",
        "LocalAppData/Google/Chrome/Application/chrome.exe",
    ],
)
def test_a_browser_is_found_where_systems_keep_it(bare, place, monkeypatch):
    monkeypatch.setattr(
        browser, "WINDOWS", [f"${{{p[1:].replace('%', '}', 1)}" for p in browser.WINDOWS]
    )
    assert list(browser.places()) == []
    here = put(bare / place)
    assert [Path(found) for found in browser.places()] == [Path(here)]


def test_what_playwright_has_fetched_is_found(bare, monkeypatch):
    monkeypatch.setattr(browser, "WHERE", WHERE)
    assert list(browser.places()) == []
    asked = subprocess.run([sys.executable, "-c", WHERE], stdout=subprocess.PIPE, text=True)
    here = put(Path(asked.stdout.strip()))
    assert Path(here).is_relative_to(bare)
    assert list(browser.places()) == [here]


def test_a_program_that_opens_no_page_is_no_browser(bare):
    here = put(bare / "HOME" / ONE)
    assert list(browser.places()) == [here]
    with pytest.raises(RuntimeError, match=rf"no browser .* \(tried {re.escape(here)}\); inst"):
        browser.found()


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_a_program_that_never_opens_a_page_is_ended(bare, monkeypatch):
    monkeypatch.setattr(browser, "START", 2)
    here = put(bare / "chromium", f"#!/bin/sh\necho $$ > {bare}/pid\n/bin/sleep 600\n")
    assert not browser.opens(here)
    assert not alive(bare / "pid")


def alive(pid):
    """Tell whether a process whose number stands in a file still runs."""
    try:  # or nobody has asked after the dead yet
        return psutil.Process(int(pid.read_text(encoding="utf-8"))).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def fetched(monkeypatch, bare, *commands):
    """Let each way be one of these commands; a browser opens if its file is not empty."""
    (bare / "HOME" / ONE).parent.mkdir(parents=True)
    monkeypatch.setattr(browser, "opens", lambda path: Path(path).read_bytes() == b"good")
    steps = [[[sys.executable, "-c", command]] for command in commands]
    ways = [(f"way {k}", 2, step) for k, step in enumerate(steps)]
    monkeypatch.setattr(browser, "ways", lambda: ways)


MAKE = "import pathlib, os; p = pathlib.Path({!r}); p.write_text({!r}); p.chmod(0o755)"


def test_one_way_after_another_is_tried_until_a_browser_opens(bare, monkeypatch, capfd):
    path = str(bare / "HOME" / ONE)
    bad, good = MAKE.format(path, "bad"), MAKE.format(path, "good")
    fetched(monkeypatch, bare, "print('No network'); raise SystemExit(1)", bad, good, "never")
    assert browser.ready() == path
    said = capfd.readouterr().err
    assert "No network" in said
    assert said.count("Fetching way") == 3


def test_a_way_that_falls_silent_gives_way_to_the_next_and_ends(bare, monkeypatch, capfd):
    pid, begin = bare / "pid", time.monotonic()
    silent = (f"import os, pathlib, time; pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); "
              "print('0 %', flush=True); time.sleep(600)")  # fmt: skip
    # As a download is: of a program that the one that was asked for has started.
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {silent!r}])"
    path = str(bare / "HOME" / ONE)
    fetched(monkeypatch, bare, inner, MAKE.format(path, "good"))
    assert browser.ready() == path
    assert time.monotonic() - begin < 500, "not when it had ended by itself"
    assert "Nothing has come for 2 seconds." in capfd.readouterr().err
    assert not alive(pid)


def test_who_stops_a_download_stops_all_of_it(bare, monkeypatch):
    pid = bare / "pid"
    slow = (f"import os, pathlib, time; pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); "
            "print('0 %', flush=True); time.sleep(600)")  # fmt: skip

    def stopped(text):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.stderr, "write", stopped)
    with pytest.raises(KeyboardInterrupt):
        browser.run([sys.executable, "-c", slow])
    assert not alive(pid)


def test_where_no_way_leads_to_a_browser_one_line_names_them(bare, monkeypatch, capfd):
    fetched(monkeypatch, bare)
    assert browser.main() == 1
    last = capfd.readouterr().err.splitlines()[-1]
    assert last.startswith("No browser opens a page here; install Chromium, Chrome or Edge, e.g. ")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Debian's package is for Linux")
@pytest.mark.parametrize(("user", "apt", "count"), [(0, True, 2), (0, False, 1), (1000, True, 1)])
def test_the_systems_package_is_for_root_where_there_is_apt(bare, monkeypatch, user, apt, count):
    if apt:
        put(bare / "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert len(list(browser.ways())) == count
    assert all("chromium" in steps[-1] for _, _, steps in browser.ways())
