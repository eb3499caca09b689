"""The live figure: what it promises to the one who writes a notebook, and to the one who reads."""

import base64
import gc
import io
import re
import subprocess
import sys
from pathlib import Path

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.lines import Line2D
from PIL import Image

from lecture_utils import style
from lecture_utils.live import figure as live_module
from lecture_utils.live.figure import explore
from lecture_utils.pictures.painter import TOLERANCE
from tests.helpers import live_figures
from tests.helpers.live_figures import Shell, canvas_of, living, shown, shown_widgets, words

X = np.linspace(-1, 1, 50)


def line(figure):
    """Set up a line whose update counts its calls and fails where slope is 13."""
    axes = figure.subplots()
    (drawn,) = axes.plot(X, X)
    line.calls = []

    def update(slope=1.0, kind="up", bold=False, times=1):
        line.calls.append(slope)
        drawn.set_linewidth(4 if bold else 1)
        if slope == 13:
            raise RuntimeError("unlucky <b>slope</b>\nof 13")
        drawn.set_ydata((1 if kind == "up" else -1) * times * slope * X)
        return f"slope {slope:g} & <i>{kind}</i>"

    return update


CONTROLS = {"slope": (-20.0, 20.0, 0.5), "kind": ["up", "down"], "bold": False, "times": (0, 5)}
PRESETS = {"flat": {"slope": 0.0}, "fall": {"kind": "down", "slope": 2.0, "times": 3}}


@pytest.fixture
def live():
    made = explore(presets=PRESETS, size=(2, 1.5), **CONTROLS)(line)
    line.calls.clear()
    yield made
    made.close()


def parts(live, kind):
    return [w for w in shown_widgets(live) if type(w) is kind]


def pictures(live):
    return parts(live, widgets.Image) or [canvas_of(live)]


def decoded(live):
    """Decode the picture that the browser is given."""
    with Image.open(io.BytesIO(shown(live)[0])) as picture:
        return np.asarray(picture)


def test_first_setting_from_the_defaults_of_update(live):
    assert live.values == {"slope": 1.0, "kind": "up", "bold": False, "times": 1}
    assert live.caption == "slope 1 & <i>up</i>"
    assert live.error is None


def test_a_setting_without_default_is_that_of_interact():
    @explore(x=(0, 10), y=(0.0, 1.0))
    def two(figure):
        return lambda x, y: f"{x} {y}"

    assert two.values == {"x": 5, "y": 0.5}


def test_what_is_shown_is_the_frame_and_the_caption(live):
    for slope in (2.0, -3.5, 0.0):
        live.set(slope=slope)
        assert np.array_equal(decoded(live), live.frame()[..., :3])
        assert f"slope {slope:g} &amp; &lt;i&gt;up&lt;/i&gt;" in words(live)


def test_moving_a_control_updates_once(live):
    before = live.frame()
    live.controls["slope"].value = 2.0
    assert line.calls == [2.0]
    assert not np.array_equal(live.frame(), before)


def test_set_moves_all_at_once(live):
    live.set(slope=2.0, kind="down", times=3)
    assert line.calls == [2.0]
    live.set(slope=2.0)
    assert line.calls == [2.0]  # nothing changed


def test_a_preset_is_one_update_and_reset_another(live):
    buttons = {button.description: button for button in parts(live, widgets.Button)}
    assert list(buttons) == ["flat", "fall", "reset", "settings", "save"]
    first = live.values
    buttons["fall"].click()
    assert live.values == {**first, **PRESETS["fall"]}
    assert len(line.calls) == 1
    buttons["reset"].click()
    assert live.values == first
    assert len(line.calls) == 2


def test_settings_line_sets_the_figure_again(live):
    live.set(slope=2.5, kind="down", bold=True)
    was, frame, text = live.values, live.frame(), live.settings
    live.set(slope=0.0, kind="up", bold=False)
    exec(text, {"line": live})
    assert live.values == was
    assert np.array_equal(live.frame(), frame)


def test_settings_button_shows_and_hides_the_line(live):
    button = next(b for b in parts(live, widgets.Button) if b.description == "settings")
    button.click()
    assert "<code>line.set(slope=1.0, kind=&#x27;up&#x27;, bold=False, times=1)</code>" in words(
        live
    )
    live.set(slope=2.0)
    assert "slope=2.0" in words(live)
    button.click()
    assert "<code>" not in words(live)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"slop": 1.0}, "no control 'slop'; the controls are slope, kind, bold, times"),
        ({"slope": 20.5}, "slope must be a number between -20.0 and 20.0, got 20.5"),
        ({"slope": np.nan}, "slope must be a number between -20.0 and 20.0, got nan"),
        ({"slope": np.inf}, "slope must be a number between -20.0 and 20.0, got inf"),
        ({"slope": "2"}, "slope must be a number between -20.0 and 20.0, got '2'"),
        ({"slope": None}, "slope must be a number between -20.0 and 20.0, got None"),
        ({"slope": X}, "slope must be a number between -20.0 and 20.0, got array"),
        ({"times": 1.5}, "times must be a whole number between 0 and 5, got 1.5"),
        ({"times": -1}, "times must be a whole number between 0 and 5, got -1"),
        ({"kind": "left"}, r"kind must be one of \('up', 'down'\), got 'left'"),
        ({"kind": X}, r"kind must be one of \('up', 'down'\), got array"),
        ({"bold": "yes"}, "bold must be True or False, got 'yes'"),
        ({"slope": 3.0, "kind": "left"}, "kind must be one of"),
        ({"slope": 3.0, "none": 1}, "no control 'none'"),
    ],
)
def test_wrong_settings_are_refused_in_one_line_and_change_nothing(live, wrong, rule):
    live.set(slope=4.0)
    was, frame = live.values, live.frame()
    line.calls.clear()
    with pytest.raises(ValueError, match="line.set: " + rule) as refused:
        live.set(**wrong)
    assert "\n" not in str(refused.value)
    assert live.values == was
    assert np.array_equal(live.frame(), frame)
    assert not line.calls
    live.set(slope=5.0)
    assert line.calls == [5.0]  # and the next move works


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"slop": (0.0, 1.0)}, "controls and arguments of update must be the same"),
        ({**CONTROLS, "more": True}, "controls and arguments of update must be the same"),
        ({**CONTROLS, "bold": object()}, "bold must be a control, got"),
        ({**CONTROLS, "bold": widgets.VBox()}, "bold must be a control, got"),
        ({**CONTROLS, "presets": {"far": {"slope": 99.0}}}, "preset 'far': slope must be a number"),
        ({**CONTROLS, "presets": {"x": {"y": 1}}}, "preset 'x': no control 'y'"),
        ({**CONTROLS, "scale": 0}, "scale must be a number from 0.1 to 10, got 0"),
        ({**CONTROLS, "scale": -1.0}, "scale must be a number from 0.1 to 10, got -1.0"),
    ],
)
def test_what_cannot_be_a_live_figure_is_refused_in_one_line(arguments, rule):
    with pytest.raises(ValueError, match=rule) as refused:
        explore(**arguments)(line)
    assert "\n" not in str(refused.value)


def test_a_set_up_that_returns_no_update_is_refused():
    with pytest.raises(ValueError, match="the set-up must return its function update, got None"):

        @explore(x=(0, 1))
        def forgetful(figure):
            figure.subplots()


def cell(text):
    """Run text as the kernel runs a cell: under a file name of its own."""
    namespace = {"explore": explore, "x": X}
    exec(compile("def share(value):\n    return 1 / value", "/kernel/9.py", "exec"), namespace)
    exec(compile(text, "/kernel/1234.py", "exec"), namespace)
    return namespace["broken"]


CELL = """
@explore(size=(2, 1.5), value=(0, 3))
def broken(figure):
    (drawn,) = figure.subplots().plot(x, x)
    def update(value=1):
        drawn.set_ydata(value * x)
        words = f"{1 / value:g}"
        figure.axes[0].set_title("$\\\\nonsense$" if value == 3 else "")
        return words
    return update
"""


def test_an_error_is_one_line_with_the_line_of_the_cell():
    broken = cell(CELL)
    good = broken.frame()
    broken.set(value=0)
    assert broken.error == "line 7 of this cell: ZeroDivisionError: division by zero"
    assert broken.error in words(broken)
    assert np.array_equal(broken.frame(), good)  # the last good frame stays, and its caption
    assert np.array_equal(decoded(broken), good[..., :3])
    assert broken.caption == "1"
    broken.set(value=2)
    assert broken.error is None
    assert "Error" not in words(broken)
    assert broken.caption == "0.5"
    assert live_figures.off(broken) <= TOLERANCE


def test_an_error_in_another_cell_names_the_line_that_led_there():
    broken = cell(CELL.replace("1 / value", "share(value)"))
    broken.set(value=0)
    assert broken.error == "line 7 of this cell: ZeroDivisionError: division by zero"


def test_an_error_of_the_drawing_is_one_line_too():
    broken = cell(CELL)
    broken.set(value=3)
    assert broken.error.startswith("ValueError: ")
    assert "\n" not in broken.error
    broken.set(value=2)
    assert broken.error is None
    assert live_figures.off(broken) <= TOLERANCE


class Faint(Line2D):
    """A line with colours too small to hold, as Matplotlib's own can be."""

    def draw(self, renderer):
        super().draw(renderer)
        np.float64(1e-200) * np.float64(1e-200)


def test_what_numpy_is_told_is_not_for_pictures():
    def setup(figure):
        drawn = figure.subplots().add_line(Faint([0, 1], [0, 1]))
        return lambda a: drawn.set_ydata([0, a])

    with np.errstate(all="raise"):
        live = live_figures.make(setup, a=(0, 9))
        for a in range(4):
            live.set(a=a)
            assert live.error is None
        live.draw_at(2)
        assert live_figures.off(live) <= TOLERANCE


def test_an_error_is_escaped_and_on_one_line(live):
    live.set(bold=True, slope=13.0)
    assert live.error.endswith("RuntimeError: unlucky <b>slope</b> of 13")
    assert "unlucky &lt;b&gt;slope" in words(live)
    live.redraw()  # a look in between takes nothing away
    live.set(slope=2.0)
    assert live_figures.off(live) <= TOLERANCE
    live.set(slope=13.0)
    live.set(slope=13.5)
    assert live.error is None
    assert live_figures.off(live) <= TOLERANCE


def test_the_first_update_raises_as_any_cell():
    with pytest.raises(ZeroDivisionError):

        @explore(x=(0, 1))
        def fails(figure):
            return lambda x=0: 1 / x


def test_the_name_stands_above_the_buttons(live):
    view = live._repr_mimebundle_()[0]["application/vnd.jupyter.widget-view+json"]
    (name,), buttons = (row.children for row in living()[view["model_id"]].children[:2])
    assert ">line</b>" in name.value
    assert {type(one) for one in buttons} == {widgets.Button}


def test_bundle(live):
    data, metadata = live._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["text/plain"] == live.caption
    assert metadata == {"image/png": {"width": 200, "height": 150, "alt": live.caption}}
    with Image.open(io.BytesIO(base64.b64decode(data["image/png"]))) as picture:
        assert np.array_equal(np.asarray(picture), live.frame()[..., :3])
    view = data["application/vnd.jupyter.widget-view+json"]
    assert len([w for w in living()[view["model_id"]].children if w in pictures(live)]) == 1
    live.set(slope=9.0)
    assert live._repr_mimebundle_()[0]["text/plain"] == "slope 9 & <i>up</i>"
    assert repr(live).startswith("<LiveFigure line.set(slope=9.0")


def test_core_widgets_only_but_for_a_picture_that_takes_the_pointer(live):
    others = [
        w
        for w in shown_widgets(live)
        if w._model_module not in ("@jupyter-widgets/controls", "@jupyter-widgets/base")
    ]
    assert others == ([canvas_of(live)] if style.touch else [])


def test_scale_gives_more_pixels_at_the_same_size():
    double = explore(size=(2, 1.5), scale=2, **CONTROLS)(line)
    assert double.frame().shape == (300, 400, 4)
    (picture,) = pictures(double)
    assert (picture.about["width"] if style.touch else picture.layout.width) in (200, "200px")
    assert double._repr_mimebundle_()[1]["image/png"]["width"] == 200
    with mpl.rc_context({"figure.dpi": 150}):
        assert explore(size=(2, 1.5), **CONTROLS)(line).frame().shape == (225, 300, 4)


def test_play_drives_its_slider_and_the_slider_drives_it():
    @explore(step=widgets.Play(min=0, max=10, step=1, interval=50), size=(2, 1.5))
    def run(figure):
        (drawn,) = figure.subplots().plot(X, X)

        def update(step=2):
            calls.append(step)
            drawn.set_ydata(step / 10 * X)
            return f"step {step}"

        calls = update.calls = []
        return update

    (player,), (slider,) = parts(run, widgets.Play), parts(run, widgets.IntSlider)
    assert run.controls["step"] is slider
    assert (slider.min, slider.max, slider.value, player.interval) == (0, 10, 0, 50)
    calls = run._update.calls
    calls.clear()
    player.value = 3
    assert (slider.value, run.caption) == (3, "step 3")
    slider.value = 7
    assert (player.value, run.caption) == (7, "step 7")
    button = next(b for b in parts(run, widgets.Button) if b.description == "step")
    for expected in (8, 9, 10, 10):
        button.click()
        assert player.value == slider.value == expected
    run.set(step=4)
    assert player.value == 4
    assert calls == [3, 7, 8, 9, 10, 4]


def test_outside_a_notebook_nothing_is_shown(capsys):
    explore(**CONTROLS)(line)
    assert capsys.readouterr() == ("", "")


def test_running_a_cell_again_lets_go_of_the_old_figure(monkeypatch):
    shell, displayed = Shell(), []
    monkeypatch.setattr(live_module, "get_ipython", lambda: shell)
    monkeypatch.setattr(live_module, "display", displayed.append)
    before, counts = living(), []
    for _ in range(4):
        shell.user_ns["line"] = explore(presets=PRESETS, **CONTROLS)(line)
        counts.append(len(living()) - len(before))
    assert len(set(counts)) == 1
    assert len(displayed) == 4
    assert displayed[-1] is shell.user_ns["line"]
    shell.user_ns["line"].close()
    assert living() == before


def test_a_play_control_that_was_given_is_left_alone():
    before = living()
    control = widgets.Play(min=0, max=3)
    given = living()
    explore(x=control)(lambda figure: lambda x: "").close()
    assert living() == given
    control.close()
    control.layout.close()
    control.style.close()
    assert living() == before


@pytest.mark.slow
def test_no_memory_growth_over_10_000_moves():
    @explore(slope=(0, 10_000), size=(1, 0.8))
    def small(figure):
        axes = figure.add_axes([0, 0, 1, 1])
        axes.axis("off")
        (drawn,) = axes.plot(X, X)

        def update(slope=0):
            drawn.set_ydata(np.sin(slope) * X)
            return str(slope)

        return update

    def move(start, stop):
        for slope in range(start, stop):
            small.controls["slope"].value = slope
        gc.collect()
        return sys.getallocatedblocks(), len(living())

    blocks, count = move(1, 1_000)
    blocks_after, count_after = move(1_000, 10_000)
    assert small.caption == "9999"
    assert count_after == count
    assert blocks_after - blocks < 1_000  # a frame, or any other object, that stays is one or more


def test_importing_does_not_load_pyplot():
    code = "import sys, lecture_utils.live.figure; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_a_figure_is_saved_as_it_is_now(live, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    live.set(slope=3.0)
    live_figures.button(live, "save").click()
    assert "saved as line.png and line.svg" in words(live)
    with Image.open("line.png") as picture:
        assert np.array_equal(np.asarray(picture), live.frame()[..., :3])
    assert "<svg" in Path("line.svg").read_text(encoding="utf-8")
    live.set(slope=-1.0)
    assert "saved" not in words(live)
    assert live_figures.off(live) <= TOLERANCE, "writing it has changed nothing"
    monkeypatch.setattr(sys, "platform", "emscripten")  # no folder of the reader's
    live_figures.button(live, "save").click()
    links = re.findall(r'<a download="(.+?)" href="data:;base64,(.+?)">download', words(live))
    assert {name: base64.b64decode(data) for name, data in links} == {
        name: Path(name).read_bytes() for name in ("line.png", "line.svg")}  # fmt: skip
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    Path("line.png").unlink()
    Path("line.png").mkdir()
    live_figures.button(live, "save").click()
    (line,) = live.said
    assert line.startswith("not saved: ")
    assert "\n" not in line
    Path("line.png").rmdir()
    live_figures.button(live, "save").click()
    assert "saved as line.png and line.svg" in words(live)
    assert "not saved" not in words(live), "an error that is mended stays"
