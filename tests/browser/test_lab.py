"""Every notebook in a real JupyterLab: runs, answers, survives a reload and a new kernel."""

import contextlib
import json
import shutil

import nbformat
import pytest
from playwright.sync_api import TimeoutError

from tests.helpers import lab, live_figures
from tests.helpers.hand import eventually
from tests.helpers.series import NOTEBOOKS, code, read, says_the_same

ARTIFACTS = lab.ROOT / "artifacts"
SCRATCH = """import ipywidgets as widgets
from lecture_utils import explore, style
style.use(touch=True)
@explore(slope=(-2.0, 2.0, 0.5), kind=["up", "down"], bold=False, presets={"steep": {"slope": 2.0}})
def straight(figure):
    axes = figure.subplots()
    axes.set_ylim(-2, 2)
    (line,) = axes.plot([0, 1], [0, 1])
    def update(slope=1.0, kind="up", bold=False):
        line.set(ydata=[0, slope if kind == "up" else -slope], linewidth=5 if bold else 1)
        return f"rises by {slope:g}"
    return update
@explore(step=widgets.Play(min=0, max=99, interval=60))
def run(figure):
    bar, = figure.subplots().bar(["steps"], [100])
    def update(step):
        bar.set_height(step)
        return f"step {step}"
    return update
"""
QUESTIONS = f"""() => {{
  const figures = [...document.querySelectorAll({lab.FIGURES!r})];
  const after = (one, other) => one.compareDocumentPosition(other) & 4;  // as the DOM counts
  const asked = [...document.querySelectorAll(".jp-RenderedMarkdown p")].filter(
    (p) => p.textContent.startsWith("Predict"));
  return asked.flatMap((question, i) => {{
    const figure = figures.find((one) => after(question, one));
    if (!figure || (asked[i + 1] && after(asked[i + 1], figure))) return [];
    const high = figure.getBoundingClientRect().bottom - question.getBoundingClientRect().top;
    return [[Math.ceil(high), question.textContent.slice(0, 60)]];
  }});
}}"""
# A tab's icon that is changed is fetched anew, and figures wait meanwhile.
ICONS = """() => {
  window.icons = 0;
  const count = changes => { window.icons += changes.length; };
  const of = { subtree: true, attributeFilter: ['rel', 'href'] };
  new MutationObserver(count).observe(document.head, of);
}"""
FIRST = f"""() => {{
  const page = document.querySelector(".jp-Notebook");
  const inner = document.querySelector(".jp-Notebook .jp-Cell").offsetParent ?? page;
  const top = Math.min(inner.getBoundingClientRect().top, page.getBoundingClientRect().top);
  return document.querySelector({lab.FIGURES!r}).getBoundingClientRect().bottom - top;
}}"""
HALL = 632  # pixels high is a page of notebook at 1280x720 in the layout for a lecture hall
ERROR = """@explore(x=(0, 2))
def fails(figure):
    title = figure.suptitle("")
    def update(x=2):
        title.set_text(f"1 / {x}")
        return f"{1 / x:g}"
    return update
"""


def write(path, *cells):
    """Write a notebook, unlike all others: equal notebooks would share their signature of trust."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata.title = path.stem
    nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(live_figures.NOTEBOOKS, folder)
    for path in folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.title = f"{path.stem}, a copy"
        nbformat.write(notebook, path)
    write(folder / "scratch.ipynb", SCRATCH)
    write(folder / "core.ipynb", SCRATCH.replace("True", "False"))
    write(folder / "failing.ipynb", "from lecture_utils import explore", ERROR)
    ARTIFACTS.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def page(context):
    """Give the page in which one notebook after the other is opened: loading Lab takes longest."""
    return context.new_page()


@pytest.fixture(scope="class")
def notebook(request, address, page):
    """Give the notebook of a class of tests, run from top to bottom."""
    notebook = lab.Notebook(page, address, f"{request.cls.name}.ipynb")
    notebook.run_all()
    yield notebook
    notebook.leave()


def keep(notebook, number, what, png):
    (ARTIFACTS / f"{notebook.name[:-6]}-{number}-{what}.png").write_bytes(png)


def shows_its_pictures(notebook, count, timeout=90):
    """Save, stop the kernel, open the notebook again; tell whether the pictures are there."""
    notebook.save()
    notebook.stop_kernel()
    notebook.reopen()
    with contextlib.suppress(TimeoutError):
        notebook.wait_for(
            f"count => document.querySelectorAll({lab.PICTURES!r}).length === count", count, timeout
        )
    figures = notebook.figures()
    return len(figures) == count and all(figure.drawn() for figure in figures)


class OfEachNotebook:
    """Made into a class for each notebook below, so that notebooks can be tested side by side."""

    def test_every_cell_runs_without_a_word_of_complaint(self, notebook):
        for output in notebook.outputs():
            assert output["output_type"] != "error", output
            assert output.get("name") != "stderr", output
        assert not notebook.complaints()

    def test_says_what_is_stored(self, notebook):
        says_the_same(code(notebook.as_saved()), code(read(self.name)))

    def test_a_lecture_hall_sees_a_figure_whole(self, notebook):
        large = notebook.page.add_style_tag(
            content=":root { --jp-content-font-size1: 20px !important; }"
        )
        high = [figure.box.bounding_box()["height"] for figure in notebook.figures()]
        large.evaluate("tag => tag.remove()")
        assert max(high) <= HALL, high

    def test_question_and_figure_stand_on_one_screen(self, notebook):
        room = notebook.page.locator(".jp-Notebook").bounding_box()["height"]
        found = notebook.page.evaluate(QUESTIONS)
        assert [(high, asked) for high, asked in found if high > room] == []

    def test_the_first_figure_comes_early(self, notebook):
        screens = 1 if self.name.startswith("00") else 2
        room = notebook.page.locator(".jp-Notebook").bounding_box()["height"]
        assert notebook.page.evaluate(FIRST) <= screens * room

    def test_every_control_moves_the_picture_and_nothing_fails(self, notebook):
        figures = notebook.figures()
        assert figures
        for number, figure in enumerate(figures):
            figure.box.scroll_into_view_if_needed()
            assert figure.drawn()
            keep(notebook, number, "first", figure.png())
            assert figure.try_all() == [[], []], f"figure {number}"
            keep(notebook, number, "last", figure.png())
            assert figure.drawn()
        assert not notebook.complaints()

    def test_opened_again_the_figures_still_work(self, notebook):
        count = len(notebook.figures())
        notebook.save()
        notebook.open() if notebook.name == "scratch.ipynb" else notebook.reopen()
        there = f"count => document.querySelectorAll({lab.PICTURES!r}).length === count"
        notebook.wait_for(there, count)
        moved = []
        for figure in notebook.figures():  # at some settings a control shows nothing new
            handle = figure.box.locator(".noUi-handle").last
            moved += [
                figure.changes(lambda key=key, h=handle: h.press(key)) for key in ("Home", "End")
            ]
            assert figure.error() is None
            if any(moved):
                break
        assert any(moved)
        assert not notebook.complaints()

    def test_a_saved_notebook_shows_its_pictures_with_a_new_kernel(self, notebook):
        count = len(notebook.figures())
        assert shows_its_pictures(notebook, count)

    def test_saved_widgets_are_in_the_notebook(self, folder, notebook):
        notebook.save()
        saved = json.loads((folder / notebook.name).read_text(encoding="utf-8"))
        state = saved["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
        pictures = [w for w in state.values()
                    if w["model_name"] == "ImageModel" or "about" in w["state"]]  # fmt: skip
        assert len(pictures) == len(notebook.figures())
        code = [w["state"]["source"] for w in state.values() if "source" in w["state"]]
        assert len(code) == len(set(code)), "JavaScript of a kind of picture, once"


for _name in (*NOTEBOOKS, "scratch", "core"):
    # The small ones store nothing; they are opened again for all, as those of test_touch.py are.
    _left_out = (
        "opened_again_the_figures_still_work" if _name in NOTEBOOKS else "says_what_is_stored"
    )
    _about = {"name": _name, f"test_{_left_out}": None}
    globals()[f"Test_{_name}"] = type(f"Test_{_name}", (OfEachNotebook,), _about)


def test_without_the_setting_of_this_lab_they_would_be_lost(context, tmp_path):
    write(tmp_path / "unset.ipynb", SCRATCH)
    settings = json.loads((lab.ROOT / "tools/lab/overrides.json").read_text(encoding="utf-8"))
    del settings["@jupyter-widgets/jupyterlab-manager:plugin"]
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "overrides.json").write_text(json.dumps(settings), encoding="utf-8")
    code = f"import sys; from tools import lecture; lecture.SETTINGS = {str(tmp_path / 'lab')!r}; "
    start = ("-c", code + "lecture.main(*sys.argv[1:])")
    with lab.jupyterlab(tmp_path, start) as address:
        page = context.new_page()
        notebook = lab.Notebook(page, address, "unset.ipynb")
        notebook.run_all()
        assert len(notebook.figures()) == 2
        assert not shows_its_pictures(notebook, 2, timeout=10)
        page.close()


def test_a_lecture_hall_sees_large_type_one_figure_and_no_side_bars(folder, context, monkeypatch):
    monkeypatch.setenv("PROJECTOR", "yes")
    with lab.jupyterlab(folder) as address:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{address[0]}/?token={address[1]}")
        page.wait_for_selector("h1:has-text('How do you learn from these notebooks?')")
        assert page.url.endswith("/doc/tree/00_start_here.ipynb")
        page.goto("about:blank")
        notebook = lab.Notebook(page, address, "scratch.ipynb", layout="")
        notebook.run_all()
        assert not page.locator(".jp-SideBar:visible, .jp-DirListing:visible").count()
        assert page.locator(".jp-Notebook").bounding_box()["height"] == HALL
        size = "getComputedStyle(document.querySelector('[role=status]')).fontSize"
        assert page.evaluate(size) == "20px"
        page.keyboard.press("Control+b")
        page.wait_for_selector(".jp-DirListing:visible")
        assert not notebook.complaints()
        page.close()


def test_an_error_is_a_line_under_the_last_good_picture(address, context):
    page = context.new_page()
    notebook = lab.Notebook(page, address, "failing.ipynb")
    notebook.run_all()
    (figure,) = notebook.figures()
    good, handle = figure.picture(), figure.box.locator(".noUi-handle")
    handle.press("Home")
    page.wait_for_selector("[role=status] b")
    assert figure.error() == "line 6 of this cell: ZeroDivisionError: division by zero"
    assert figure.words().startswith("0.5")
    assert figure.picture() == good
    assert figure.changes(lambda: handle.press("ArrowRight"))
    page.wait_for_selector("[role=status] b", state="detached")  # the words follow the picture
    assert figure.words() == "1"
    assert not notebook.complaints()
    page.close()


def test_play_shows_frame_after_frame_and_stops(address, context):
    page = context.new_page()
    notebook = lab.Notebook(page, address, "scratch.ipynb")
    notebook.run_all()
    figure = notebook.figures()[1]
    seen = set()
    page.evaluate(ICONS)
    figure.box.locator(".widget-play button").first.click()

    def ended():
        seen.add(figure.words())
        return "step 99" in seen

    assert eventually(page, ended, seconds=60)
    assert len(seen) > 4  # a busy machine leaves steps out, but not nearly all of them
    assert page.evaluate("() => icons") == 0
    assert figure.box.locator(".noUi-handle").get_attribute("aria-valuenow").startswith("99")
    assert not notebook.complaints()
    page.close()
