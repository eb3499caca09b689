"""A notebook on its second day: run, moved, typed in, saved, closed and opened in any order."""

import base64
import io
import json
import random

import nbformat
import pytest
from matplotlib.image import imread

from tests.helpers import lab

FIGURE = """from lecture_utils import explore, style
style.use(touch={touch})
@explore(size=(2, 1.5), slope=(-2.0, 2.0, 0.5))
def line{number}(figure):
    (line,) = figure.subplots().plot([0, {number} + 1], [0, 1])
    def update(slope=1.0):
        line.set_ydata([0, slope])
        return f"rises by {{slope:g}}"
    return update
"""
REST = 500  # milliseconds in which a hand that rests is seen to rest, and its picture is stored
VIEW = "application/vnd.jupyter.widget-view+json"
CELLS = "jupyterapp.shell.currentWidget.content.widgets"
SEEN = f"""() => {CELLS}.slice(0, 2).map(cell => {{
  const image = cell.node.querySelector('.jp-OutputArea-output img');
  const canvas = cell.node.querySelector('.jp-OutputArea-output canvas[data-drawn]');
  const words = cell.node.querySelector('.jp-OutputArea-output')?.innerText || null;
  return image ? image.src : canvas ? canvas.toDataURL() : words;
}})"""

# What JupyterLab does by itself where a kernel starts before the widgets of the file are read.
GIVE_UP = f"""async view => {{
  const {{ widgets }} = {CELLS}[0].outputArea.widgets[0];
  const renderer = [...widgets].find(one => one.renderModel);
  await renderer.renderModel({{ data: {{ [view]: {{ model_id: 'not read yet' }} }} }});
  return renderer.node.textContent;
}}"""


def pixels(address):
    """Return what is on a picture, however it was packed; words as they are."""
    packed = (address or "").partition("base64,")[2]
    if not packed:
        return address
    return imread(io.BytesIO(base64.b64decode(packed)))[..., :3].tobytes()


class Reader:
    """Somebody who works in a notebook of two figures, and what must then be seen of each."""

    def __init__(self, context, address, folder, name, touch):
        self.context, self.address, self.folder = context, address, folder
        self.page, self.shown, self.saved = None, [None, None], [None, None]
        self.live, self.stored = {}, {}  # id of a figure -> picture in the kernel, in the file
        sources = [FIGURE.format(number=i, touch=touch) for i in range(2)]
        figures = [*map(nbformat.v4.new_code_cell, sources)]
        notebook = nbformat.v4.new_notebook(cells=[*figures, nbformat.v4.new_markdown_cell(name)])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / name)
        self.open(name)

    def open(self, name):
        """Open a notebook, and see the pictures that must be there."""
        if self.page:
            self.notebook.close()
        self.page = self.page or self.context.new_page()
        self.notebook = lab.Notebook(self.page, self.address, name)
        for cell, figure in enumerate(self.figures()):
            self.shown[cell] = self.live.get(figure, self.saved[cell])
        self.must_see()

    def must_see(self):
        """Wait for the pictures that must be there."""
        for _ in range(150):
            seen = self.seen()
            if seen == self.shown:
                return
            self.page.wait_for_timeout(200)
        words = [each if isinstance(each, str | None) else "a picture" for each in seen]
        raise AssertionError(f"not the last pictures, but {words}")

    def seen(self):
        return [*map(pixels, self.page.evaluate(SEEN))]

    def outputs(self):
        return self.page.evaluate(f"() => {CELLS}.map(cell => cell.model.toJSON().outputs)")

    def figures(self):
        """Return the id of each cell's figure."""
        return [cell[0]["data"].get(VIEW, {}).get("model_id") if cell else None
                for cell in self.outputs()[:2]]  # fmt: skip

    def look(self):
        """Note what the kernel's figures show."""
        for cell, (figure, picture) in enumerate(zip(self.figures(), self.seen(), strict=True)):
            if figure in self.live:
                self.shown[cell] = self.live[figure] = picture

    def command(self, name, cell):
        self.page.evaluate("""async ([name, i]) => {
          jupyterapp.shell.currentWidget.content.activeCellIndex = i;
          await jupyterapp.commands.execute('notebook:' + name);
        }""", [name, cell])  # fmt: skip

    def run(self, cell):
        self.live.pop(self.figures()[cell], None)
        self.command("run-cell", cell)
        picture = "'.widget-image, canvas[data-drawn]'"
        self.notebook.wait_for(f"i => {CELLS}[i].node.querySelector({picture})", cell)
        self.live[self.figures()[cell]] = None
        self.look()

    def move(self, cell):
        box = self.page.locator(".jp-Notebook .jp-CodeCell").nth(cell)
        box = box.locator(lab.FIGURES.partition(" ")[2])
        if box.count():
            figure, handle = lab.Figure(box), box.locator(".noUi-handle")
            for key in random.choices(["End", "Home", "ArrowLeft", "ArrowRight"], k=2):
                figure.changes(lambda key=key: handle.press(key))
            self.look()

    def clear(self, cell):
        self.command("clear-cell-output", cell)
        self.shown[cell] = None

    def type(self, cell):
        self.page.evaluate(f"() => {CELLS}[2].model.sharedModel.setSource(`${{Math.random()}}`)")

    def save(self, cell):
        self.page.wait_for_timeout(REST)
        self.notebook.save()
        self.saved = [*self.shown]
        self.stored = dict(zip(self.figures(), self.shown, strict=True))

    def restart(self, cell):
        """Restart the kernel: what was never saved is as it was first shown."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
        self.notebook.wait_idle()
        outputs = self.outputs()
        for cell, figure in enumerate(self.figures()):
            if figure in self.live:
                png = outputs[cell][0]["data"]["image/png"]
                self.shown[cell] = self.stored.get(figure, pixels(f"base64,{png}"))
        self.live.clear()

    def reload(self, cell):
        """Leave without saving, and come back to the same kernel."""
        self.open(self.notebook.name)

    def close(self, cell):
        """Come back on another day."""
        self.notebook.stop_kernel()
        self.live.clear()
        self.open(self.notebook.name)

    def duplicate(self, cell):
        """Go on with a copy."""
        self.notebook.stop_kernel()
        self.live.clear()
        copy = self.page.evaluate(
            "async () => (await jupyterapp.serviceManager.contents.copy("
            "jupyterapp.shell.currentWidget.context.path, '')).path")  # fmt: skip
        self.open(copy)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(params=["touch", "core"])
def reader(request, context, address, folder):
    touch = request.param == "touch"
    reader = Reader(context, address, folder, f"{request.node.name}.ipynb", touch)
    yield reader
    reader.page.close()


def test_on_the_second_day_all_figures_are_there_and_on_the_third(reader):
    for step in ("run", "move"):
        for cell in range(2):
            getattr(reader, step)(cell)
    for step in ("save", "close", "type", "save", "close", "run", "save", "close"):
        getattr(reader, step)(0)
    assert all(reader.shown)


def test_what_was_given_up_while_a_kernel_started_is_shown_after_all(reader):
    for step in ("run", "move", "save", "close"):
        getattr(reader, step)(0)
    assert reader.page.evaluate(GIVE_UP, VIEW) == "Error displaying widget: model not found"
    reader.must_see()


STEPS = ["run", "run", "move", "move", "save", "save", "type", "clear", "restart", "close",
         "reload", "duplicate"]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_so_it_is_in_any_order(reader, seed):
    random.seed(seed)
    for cell in range(2):
        reader.run(cell)
    for step in (*random.choices(STEPS, k=10), "save", "close"):
        getattr(reader, step)(random.randrange(2))


def test_a_reader_elsewhere_who_does_not_trust_the_widgets_sees_the_last_picture(reader, folder):
    for step in ("run", "move", "save"):
        getattr(reader, step)(0)
    path = folder / "elsewhere.ipynb"
    notebook = json.loads((folder / reader.notebook.name).read_text(encoding="utf-8"))
    notebook["metadata"]["title"] = "signed nowhere"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    reader.notebook.stop_kernel()
    reader.live.clear()
    reader.open(path.name)
    assert not reader.page.locator(".widget-image, canvas").count()
