"""The built site: its files, its links, and every notebook with Python in the page."""

import doctest
import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile

import pytest

from tests.browser.figures import DRAGS, dragged, finds_the_best_friction, shown
from tests.helpers import lab
from tests.helpers.hand import Hand, all_differ, eventually, look
from tests.helpers.series import NOTEBOOKS, every_notebook
from tests.tools.test_pages import broken_links
from tools import pyodide, site
from tools.pyodide.ready import compile_all

WATCH = """canvas => {  // note how long after a move of the pointer there is another picture
  window.took = [];
  let moved;
  addEventListener("pointermove", () => { moved ??= performance.now(); }, true);
  new MutationObserver(() => {
    if (moved) took.push(Math.round(performance.now() - moved));
    moved = undefined;
  }).observe(canvas, { attributeFilter: ["data-drawn"] });
}"""
ANSWER = """
import numpy as np
from lecture_utils import check
def predict(X, w, b):
    return np.sign(X @ w + b)
print(check("05.1", predict))
"""


def test_what_the_lock_says_of_a_wheel_is_true(tmp_path):
    path = tmp_path / "some_thing-1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("some_thing/__init__.py", "")
        wheel.writestr("one_file.py", "")
        wheel.writestr("some_thing-1.2.dist-info/METADATA", "")
    said = pyodide.entry(path, ["numpy"])
    assert said["name"] == "some-thing"
    assert said["version"] == "1.2"
    assert said["imports"] == ["one_file", "some_thing"]
    assert said["depends"] == ["numpy"]
    assert said["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_another_pyodide_is_refused(tmp_path, monkeypatch):
    (tmp_path / "dist").mkdir()
    lock = {"info": {"version": "0.1"}, "packages": {}}
    (tmp_path / "dist" / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    monkeypatch.setenv("PYODIDE_DIST", str(tmp_path / "dist"))
    with pytest.raises(SystemExit, match=f"must hold Pyodide {pyodide.PYODIDE}, got 0.1; try"):
        pyodide.put(tmp_path / "site")


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Pyodide's public address, with packages of one letter each; `put` fetches from there."""
    monkeypatch.delenv("PYODIDE_DIST", raising=False)
    names = [*pyodide.FIRST, *pyodide.PACKAGES, "traitlets", "scipy"]
    lock = {}
    (tmp_path / "public").mkdir()
    for name in names:
        (tmp_path / "public" / f"{name}.whl").write_text(name[0], encoding="utf-8")
        lock[name] = {"file_name": f"{name}.whl", "depends": [], "name": name,
                      "sha256": hashlib.sha256(name[0].encode()).hexdigest()}  # fmt: skip

    def from_npm(package, member, target):
        target.mkdir()
        text = json.dumps({"info": {"version": pyodide.PYODIDE}, "packages": lock})
        (target / "pyodide-lock.json").write_text(text, encoding="utf-8")

    monkeypatch.setattr(pyodide.pages, "from_npm", from_npm)
    monkeypatch.setattr(pyodide, "wheels", lambda folder: [])
    monkeypatch.setattr(pyodide.subprocess, "run", lambda *_, **__: None)
    with lab.served(tmp_path / "public") as address:
        monkeypatch.setattr(pyodide, "PUBLIC", f"{address}/")
        yield tmp_path / "public"


def test_what_is_published_has_pythons_packages_beside_it(published, tmp_path):
    """All that the lecture needs and nothing else; a reader's browser asks no other host."""
    pyodide.put(tmp_path / "site")
    text = (tmp_path / "site" / "pyodide-lock.json").read_text(encoding="utf-8")
    assert "http" not in text
    files = {package["file_name"] for package in json.loads(text)["packages"].values()}
    assert files == {path.name for path in (tmp_path / "site").glob("*.whl")}
    assert files == {path.name for path in published.iterdir()} - {"scipy.whl"} - {
        f"{name}.whl" for name in pyodide.WIDGETS}  # fmt: skip


def test_a_package_that_is_not_there_or_another_one_is_refused(published, tmp_path):
    (published / "numpy.whl").write_text("another", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"numpy.whl is not the file that Pyodide's lock names"):
        pyodide.put(tmp_path / "site")
    (published / "numpy.whl").unlink()
    with pytest.raises(SystemExit, match=r"numpy.whl cannot be fetched: .*404.*; try again, or"):
        pyodide.put(tmp_path / "other")


def test_the_examples_in_its_docstrings_hold():
    assert doctest.testmod(pyodide).failed == 0


def test_compiled_code_stands_for_a_source_or_beside_it(tmp_path):
    """Where it stands for it, there is no other; of ours, the source can be read."""
    for name, keep in (("theirs", False), ("ours", True)):
        package = tmp_path / name
        package.mkdir()
        (package / "__init__.py").write_text("from . import part", encoding="utf-8")
        (package / "part.py").write_text("value = '\\.'", encoding="utf-8")
        (package / "broken.py").write_text("print 1", encoding="utf-8")
        compile_all(package, keep)
        kept = {"__init__", "part", "broken"} if keep else {"broken"}
        assert {path.stem for path in package.glob("*.py")} == kept
        code = f"import {name}.part as part; print(part.value, part.__cached__)"
        done = subprocess.run([sys.executable, "-Werror", "-c", code], cwd=tmp_path, text=True,
                              capture_output=True, check=True)  # fmt: skip
        assert done.stdout.startswith("\\. ")
        assert (f"{name}{os.sep}part.pyc" in done.stdout) != keep


@pytest.mark.site
def test_pythons_packages_are_ready_for_a_quick_start(built):
    folder = built / "live" / "static" / "pyodide"
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, package in lock.items():
        content = (folder / package["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == package["sha256"], name
        if package["file_name"].endswith(".whl"):
            with zipfile.ZipFile(folder / package["file_name"]) as wheel:
                names = wheel.namelist()
            sources = [path for path in names if path.endswith(".py")]
            assert bool(sources) == (name == "lecture-utils"), (name, sources)


def test_the_first_page_has_every_notebook():
    text = site.landing(list(NOTEBOOKS.values()))
    for name in NOTEBOOKS:
        for link in (f"pages/{name}.html", f"live/notebooks/index.html?path={name}.ipynb",
                     f"standalone/{name}.ipynb"):  # fmt: skip
            assert f'"{link}"' in text
    assert '"pages/glossary.html"' in text


class Page(lab.Notebook):
    """One notebook of the site, open in a page."""

    def open(self):
        address = f"{self.base}/live/notebooks/index.html?path={self.name}"
        self.page.goto(address, wait_until="domcontentloaded", timeout=60_000)
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.content?.widgets", timeout=90_000
        )
        self.wait_idle()


@pytest.mark.site
def test_every_link_of_the_site_leads_somewhere(built):
    pages = [built / "index.html", *sorted((built / "pages").glob("*.html"))]
    assert len(pages) == 2 + len(NOTEBOOKS)  # and the glossary
    assert [line for path in pages for line in broken_links(path, built)] == []


def drag(page, figure):
    """Drag a mark of a figure; return how long after each move there was a picture.

    Return nothing where the mark has not moved: there are places that it can be pushed against.
    """
    hand, mark, before = Hand(page), figure.box.locator(".lecture-mark").last, look(figure)
    hand.press(mark)
    figure.box.locator("canvas").evaluate(WATCH)
    # Each so far that a control is moved by it: else there would be no picture to wait for.
    hand.move(80, -60, steps=12)
    hand.move(-30, 10, steps=5)  # not back to where it was: the picture must differ
    hand.release()
    moved = eventually(page, lambda: all_differ(look(figure), before))
    return moved and page.evaluate("took")


@pytest.mark.site
@every_notebook
def test_every_notebook_runs_in_the_page(name, address, page):
    begun = time.perf_counter()
    notebook = Page(page, address, f"{name}.ipynb")
    usable = time.perf_counter()
    notebook.run_all(timeout=400)
    ran = time.perf_counter()
    for output in notebook.outputs():
        assert output["output_type"] != "error", output
        assert output.get("name") != "stderr", output
    moved = []
    if figures := notebook.figures():
        figures[0].box.scroll_into_view_if_needed()
        handle = figures[0].box.locator(".noUi-handle").last
        for key in ("End", "Home", "End", "Home", "End"):
            start = time.perf_counter()
            if figures[0].changes(lambda key=key: handle.press(key)):
                moved.append(1000 * (time.perf_counter() - start))
        assert moved
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    taken = page.locator(lab.FIGURES).filter(has=page.locator(".lecture-mark:visible"))
    tried = (drag(page, lab.Figure(taken.nth(i))) for i in reversed(range(taken.count())))
    by_hand = next(filter(None, tried), [])
    assert by_hand or not taken.count()
    assert taken.count() or name != "01_linear_regression"
    assert not [url for url in asked if "favicon" in url]
    for number, figure, kind, place, by in DRAGS.values():
        if name.startswith(number):
            dragged(page, shown(page, figure), kind, place, by, keep=f"site-{figure}-{place}")
    if name.startswith("04"):
        finds_the_best_friction(notebook)
    print(f"{name}: usable in {usable - begun:.1f} s, run in {ran - usable:.1f} s, to a picture: "
          f"slider {[round(ms) for ms in moved]} ms, pointer {sorted(by_hand)} ms")  # fmt: skip


@pytest.mark.site
@pytest.mark.parametrize("name", ["index.html", "plan.html", "pages/glossary.html"])
def test_a_page_of_the_site_asks_nobody_else(name, address, page):
    """The others, and JupyterLite, are listened to wherever the tests open them."""
    page.goto(f"{address[0]}/{name}")
    page.wait_for_load_state("networkidle")


@pytest.mark.site
def test_an_exercise_is_checked_in_the_page(address, page):
    Page(page, address, "05_perceptron.ipynb")
    page.evaluate("void jupyterapp.commands.execute('notebook:insert-cell-below')")
    page.evaluate(
        "source => jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel"
        ".setSource(source)", ANSWER)  # fmt: skip
    page.evaluate("void jupyterapp.commands.execute('notebook:run-cell')")
    page.wait_for_function("() => document.body.innerText.includes('05.1: right')", timeout=60_000)


def test_what_is_kept_in_the_folder_of_the_site_stays(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "pages"
    for name in (".git/HEAD", "CNAME", "live/own.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("kept", encoding="utf-8")

    def build(names):
        def built(made):
            for name in names:
                (made / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).write_text("made", encoding="utf-8")

        return built

    for names in (["index.html", "live/old.js"], ["index.html", "live/new.js"]):
        monkeypatch.setattr(site, "build", build(names))
        site.main(folder)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {".git/HEAD", "CNAME", "live/own.txt", site.OURS, "index.html", "live/new.js"}


def test_a_site_that_is_not_built_leaves_the_one_that_is_there(tmp_path, monkeypatch):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("kept", encoding="utf-8")

    def broken(made):
        raise SystemExit("no npm")

    monkeypatch.setattr(site, "build", broken)
    with pytest.raises(SystemExit):
        site.main(tmp_path / "pages")
    assert [path.name for path in tmp_path.rglob("*")] == ["pages", "index.html"]
