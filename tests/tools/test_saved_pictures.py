"""What is saved of a figure: its last picture, for ever and for every reader, and nothing else."""

import base64
import io
import itertools
import json
import tempfile

import ipywidgets as widgets
import nbformat
import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.embed import dependency_state
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from matplotlib.image import imread
from traitlets.config import PyFileConfigLoader

from lecture_utils import explore, playground, style
from tests.helpers import lab, live_figures, strategies  # noqa: F401, the settings of the property tests

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
ids = map("{:032x}".format, itertools.count())


def contents(folder):
    """Return the manager of files of the series' JupyterLab."""
    config = PyFileConfigLoader(
        "jupyter_server_config.py", str(lab.ROOT / "tools/lab")
    ).load_config()
    config.NotebookNotary.data_dir = str(folder)
    config.NotebookNotary.db_file = ":memory:"  # what is trusted; a file is waited for
    return LargeFileManager(root_dir=str(folder), config=config)


@pytest.fixture
def files(tmp_path):
    return contents(tmp_path)


def picture(number):
    """Return what stands for a PNG with a number in it."""
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes([number])).decode()


def figure(first, words="first", address=True):
    """Return what a figure is made of: its output and its widgets."""
    box, layout, image, text = itertools.islice(ids, 4)
    widgets = {
        box: {"model_name": "VBoxModel", "state": {
            "children": [f"IPY_MODEL_{image}", f"IPY_MODEL_{text}"],
            "layout": f"IPY_MODEL_{layout}",
        }},
        layout: {"model_name": "LayoutModel", "state": {}},
        image: {"model_name": "ImageModel", "state": {"layout": f"IPY_MODEL_{layout}"}},
        text: {"model_name": "HTMLModel", "state": {"layout": f"IPY_MODEL_{layout}"}},
    }  # fmt: skip
    output = nbformat.v4.new_output(
        "display_data",
        {VIEW: {"model_id": box}, "image/png": picture(first), "text/plain": words},
        metadata={"image/png": {"alt": words, "width": 3}},
    )
    move(widgets, first, words, address)
    return output, widgets


def move(widgets, number, words="moved", address=True):
    """Show another picture."""
    for widget in widgets.values():
        if widget["model_name"] == "ImageModel":
            value = picture(number)
            if address:
                value = base64.b64encode(f"data:image/png;base64,{value}".encode()).decode()
            widget["buffers"] = [{"path": ["value"], "encoding": "base64", "data": value}]
        elif widget["model_name"] == "HTMLModel":
            widget["state"]["value"] = f'<div role="status" style="x">{words}<br>more</div>'


def write(files, outputs, widgets, path="a.ipynb"):
    """Save as JupyterLab does: what the page shows, and the widgets of the kernel that runs."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(outputs=[each] if each else []) for each in outputs]
    )
    notebook.metadata.widgets = {STATE: {"state": widgets}}
    sent = json.loads(json.dumps(notebook))
    return files.save({"type": "notebook", "format": "json", "content": sent}, path)


def read(files, path="a.ipynb"):
    """Return the outputs and the widgets of a file."""
    notebook = files.get(path)["content"]
    outputs = [cell.outputs[0] if cell.outputs else None for cell in notebook.cells]
    return outputs, notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})


def seen(output, widgets):
    """Return what a reader sees of an output: (its picture as PNG, the ids of its widgets)."""
    if VIEW not in output.data:
        return output.data["image/png"], set()
    box = output.data[VIEW]["model_id"]
    names = {box} | {name.removeprefix("IPY_MODEL_") for name in (
        *widgets[box]["state"]["children"], widgets[box]["state"]["layout"])}  # fmt: skip
    (image,) = (widgets[name] for name in names if widgets[name]["model_name"] == "ImageModel")
    value = base64.b64decode(image["buffers"][0]["data"])
    return value.decode().partition(",")[2], names


CELLS = 2
cells, paths = st.integers(0, CELLS - 1), st.sampled_from(["a.ipynb", "a.ipynb", "b.ipynb"])
steps = st.sampled_from(
    ["run", "move", "move", "clear", "restart", "reopen", "copy", "save", "save"]
)


def go(files, moves):
    """Make moves as a reader would; the law is looked after at every save."""
    numbers = itertools.cycle(range(256))
    page, last = [None] * CELLS, {}
    live = [*({} for _ in page), figure(0)[1]]  # one that is shown nowhere
    write(files, page, {})
    for what, which, path in (*moves, ("save", 0, "a.ipynb")):
        if what == "run":
            page[which], live[which] = figure(next(numbers))
        elif what == "move":
            move(live[which], next(numbers))
        elif what == "clear":
            page[which] = None
        elif what == "restart":
            live = [{} for _ in live]
        elif what == "reopen":
            page = read(files)[0]
        elif what == "copy":
            assert read(files, files.copy("a.ipynb")["path"]) == read(files)
        else:
            widgets_now = {name: widget for each in live for name, widget in each.items()}
            write(files, page, widgets_now, path)
            outputs, widgets = read(files, path)
            for cell, output in enumerate(page):
                if output is None:
                    assert outputs[cell] is None
                    continue
                box = output.data.get(VIEW, {}).get("model_id")
                key = path, box or output.data["image/png"]
                if box in widgets_now:
                    last[key] = seen(output, widgets_now)[0]
                last.setdefault(key, output.data["image/png"])
                assert seen(outputs[cell], widgets)[0] == last[key]
                assert outputs[cell].data["image/png"] == last[key], "for all other readers"
                assert VIEW not in outputs[cell].data or box in widgets, "no error in its place"
            shown = [seen(output, widgets)[1] for output in outputs if output]
            assert set(widgets) == set().union(*shown), "nothing else is stored"


@pytest.mark.parametrize("moves", [
    "run save restart reopen save reopen save",  # a second day, on which nothing is run
    "run move save restart save",  # a kernel started again, its figures still in the page
    "run save move save",  # what the kernel has is newer than the file
    "run restart save reopen save",  # a kernel that is gone before anything was saved
    "run save restart run1 save move1 save",  # one figure of today, one of yesterday
    "run save clear save",  # a figure that is not wanted any more
])  # fmt: skip
def test_a_reader_sees_the_last_picture_and_nothing_else_is_stored(files, moves):
    go(files, [(move.rstrip("1"), int(move[-1] == "1"), "a.ipynb") for move in moves.split()])


@given(st.lists(st.tuples(steps, cells, paths), min_size=8, max_size=25))
def test_so_it_is_in_any_order(moves):
    with tempfile.TemporaryDirectory() as folder:
        go(contents(folder), moves)


def a_live_figure():
    @explore(slope=(-3.0, 3.0))
    def line(figure):
        (fit,) = figure.subplots().plot([0, 1], [0, 1])

        def update(slope=1.0):
            fit.set_ydata([0, slope])
            return f"rises by <b> {slope:g} & more"

        return update

    return line, lambda: line.set(slope=2.0)


def the_playground():
    room = playground()
    return room, lambda: room.train(1)


@pytest.mark.parametrize("touch", [True, False])
@pytest.mark.parametrize("made", [a_live_figure, the_playground])
def test_a_figure_is_stored_whole_with_its_last_picture_and_words(files, monkeypatch, made, touch):
    monkeypatch.setattr(style, "touch", touch)
    figure, change = made()
    data, metadata = figure._repr_mimebundle_()
    change()
    live_figures.shown(figure)
    write(files, [nbformat.v4.new_output("display_data", data, metadata=metadata)],
          dependency_state([figure._box, widgets.Button()]))  # fmt: skip
    (output,), stored = read(files)
    embedded = json.loads(json.dumps(dependency_state(figure._box)))
    assert stored == embedded, "what ipywidgets itself would store"
    assert output.data["text/plain"] == output.metadata["image/png"]["alt"] == figure.caption
    assert data["text/plain"] != figure.caption
    shown = imread(io.BytesIO(base64.b64decode(output.data["image/png"])))
    np.testing.assert_array_equal(np.round(shown * 255)[..., :3], figure.frame()[..., :3])
    figure.close()


def test_a_widget_that_holds_outputs_keeps_the_widgets_in_them(files):
    outer, (inner, parts) = next(ids), figure(1)
    gone = {"output_type": "display_data", "data": {VIEW: {"model_id": "gone"}}, "metadata": {}}
    held = {
        "model_name": "OutputModel",
        "state": {"outputs": [json.loads(json.dumps(inner)), gone]},
    }
    output = nbformat.v4.new_output("display_data", {VIEW: {"model_id": outer}})
    write(files, [output], {outer: held, **parts, **figure(2)[1]})
    assert read(files) == ([output], {outer: held, **parts})


def test_a_widget_with_a_part_that_is_nowhere_gives_way_to_its_picture(files):
    output, widgets = figure(1)
    del widgets[next(name for name, w in widgets.items() if w["model_name"] == "LayoutModel")]
    write(files, [output], widgets)
    del output.data[VIEW]
    assert read(files) == ([output], {})


def test_what_colab_stored_is_carried_over(files, tmp_path):
    output, widgets = figure(1)
    write(files, [output], widgets)
    notebook = json.loads((tmp_path / "a.ipynb").read_text(encoding="utf-8"))
    notebook["metadata"]["widgets"] = {STATE: widgets}
    notebook["nbformat_minor"] = 4
    del notebook["cells"][0]["id"]
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    write(files, [output], {})
    assert read(files) == ([output], widgets)


@pytest.mark.parametrize("before", [b"", b"{", b"[]", b"{}", b"\xff\xfe"])
def test_whatever_was_there_before_a_notebook_is_saved(files, tmp_path, before):
    (tmp_path / "a.ipynb").write_bytes(before)
    write(files, [figure(1)[0]], {})
    assert seen(read(files)[0][0], {}) == (picture(1), set())


@pytest.mark.parametrize(
    "widgets",
    [
        None,
        [],
        "x",
        {STATE: None},
        {STATE: []},
        {STATE: {"a": 3}},
        {STATE: {"state": None}},
        {STATE: {"state": {"a": None, "b": {}, "c": {"state": 3}}}},
    ],
)
def test_whatever_else_stands_where_widgets_are_stored(files, tmp_path, widgets):
    output, known = figure(1)
    write(files, [output], known)
    notebook = json.loads((tmp_path / "a.ipynb").read_text(encoding="utf-8"))
    notebook["metadata"]["widgets"] = widgets
    sent = json.dumps(notebook)
    files.save({"type": "notebook", "format": "json", "content": notebook}, "a.ipynb")
    assert read(files) == ([output], known), "carried over from the file"
    (tmp_path / "a.ipynb").write_text(sent, encoding="utf-8")
    write(files, [output], {})
    assert seen(read(files)[0][0], {}) == (picture(1), set())


@pytest.mark.parametrize("view", [3, {}, None])
def test_what_nobody_can_read_is_saved_as_it_is(files, view):
    output = nbformat.v4.new_output("display_data", {VIEW: view, "image/png": picture(1)})
    write(files, [output], {})
    assert read(files)[0] == [output]


def test_other_files_are_left_alone(files, tmp_path):
    files.save({"type": "file", "format": "text", "content": VIEW}, "a.txt")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == VIEW
    files.save({"type": "directory"}, "folder")
    assert (tmp_path / "folder").is_dir()


def test_kubernetes_gets_it_too():
    values = yaml.safe_load((lab.ROOT / "deploy" / "values.yaml").read_text(encoding="utf-8"))
    given = values["singleuser"]["extraFiles"].values()
    mounted = {one["mountPath"]: one.get("stringData") for one in given}
    folder = lab.ROOT / "tools" / "lab"
    own = {"/etc/jupyter/saved_pictures.py": folder / "saved_pictures.py"}
    there = "/srv/conda/envs/notebook/share/jupyter"  # where JupyterLab looks by itself
    for path in (folder / "labextensions").rglob("*.js*"):
        own[f"{there}/{path.relative_to(folder).as_posix()}"] = path
    assert len(own) == 3
    for place, path in own.items():
        assert mounted[place] == path.read_text(encoding="utf-8")
