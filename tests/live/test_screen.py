"""What a screen owns and lets go, and what takes its place."""

import functools
import gc
import weakref

import ipywidgets as widgets
import pytest

from lecture_utils import explore, playground
from lecture_utils import training_room as room
from lecture_utils.live import figure as live_module
from tests.helpers.live_figures import SMALL, Shell, line, living, make, shown_widgets, words


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(live_module, "get_ipython", lambda: shell)
    monkeypatch.setattr(live_module, "display", lambda made: None)
    monkeypatch.setattr(room, "get_ipython", lambda: shell)
    return shell


GIVEN = {  # how a widget of the reader's own reaches a figure
    "slider": lambda: (widgets.IntSlider(2, max=9), None),
    "menu": lambda: (widgets.Dropdown(options=[2, 3, 4]), None),
    "player": lambda: (widgets.Play(2, max=9), None),
    "in a box": lambda: ((box := widgets.HBox([widgets.IntSlider(2, max=9)])).children[0], box),
}


@pytest.mark.parametrize("kind", GIVEN)
def test_a_cell_that_is_run_again_closes_only_what_it_made(shell, kind):
    given, around = GIVEN[kind]()
    counts = []
    for _ in range(3):
        shell.run()
        shell.user_ns["line"] = live = make(a=given, b=(0, 9), c=(0, 9))
        counts.append(len(living()))
        assert given.comm is not None
        assert given.layout.comm is not None
        assert given.style.comm is not None
        given.value = 4
        assert live.caption == "4 0 0"
        assert len(line.calls) == 1
        given.value = 3
    assert len(set(counts)) == 1
    live.close()
    line.calls.clear()
    given.value = 4
    assert line.calls == []
    assert given.model_id in living()
    for widget in filter(None, (given, around)):
        widget.close()


def test_two_figures_share_a_widget_and_one_is_closed():
    shared = widgets.IntSlider(2, max=9)
    first, second = (make(a=shared, b=(0, 9), c=(0, 9)) for _ in range(2))
    first.close()
    shared.value = 5
    assert (first.caption, second.caption) == ("2 0 0", "5 0 0")
    second.close()


def test_a_figure_that_is_closed_keeps_its_setting_and_refuses_another():
    shared = widgets.IntSlider(2, max=9)
    live = make(a=shared, b=(0, 9), c=(0, 9))
    live.close()
    shared.value = 5
    with pytest.raises(ValueError, match=r"line.set: .* must be open, got .*; try to run its cell"):
        live.set(b=1)
    assert (live.settings, live.caption) == ("line.set(a=2, b=0, c=0)", "2 0 0")
    assert set(live._repr_mimebundle_()[0]) == {"image/png", "text/plain"}, "a view of nothing"
    shared.close()


@pytest.mark.parametrize("wrong", [
    dict(setup=lambda figure: lambda a=0: 1 / a), dict(a=object()), dict(a=(5, 1)),
    dict(presets={"far": {"b": 99}}), dict(presets={"none": {"d": 1}}), dict(size=(0, 0)),
    dict(setup=lambda figure: figure.suptitle("$\\nonsense$") and (lambda a=0: "")),
    dict(setup=lambda figure: None), dict(setup=functools.partial(line)),
    dict(d=(0, 1)), dict(a=widgets.fixed(3)),
])  # fmt: skip
def test_a_cell_that_fails_leaves_no_widget(wrong):
    controls = dict(a=(0, 9)) if "setup" in wrong else dict(a=(0, 9), b=(0, 9), c=["x", 0])
    setup, size = wrong.get("setup", line), wrong.get("size", SMALL)
    rest = {name: what for name, what in wrong.items() if name not in ("setup", "size")}
    before = living()
    for _ in range(3):
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is
            explore(size=size, **{**controls, **rest})(setup)
    assert living() == before


@pytest.fixture
def code_is_there():
    """Make what all playgrounds of a kernel share, and nobody closes: their JavaScript."""
    playground(hidden=()).close()


def test_a_playground_lets_go_of_all_its_widgets(code_is_there):
    before = living()
    playground(hidden=(3,)).close()
    assert living() == before


def test_a_second_view_shows_the_figure_that_takes_the_place(shell):
    shell.run("cell 1")
    first = shell.user_ns["line"] = make()
    view = shown_widgets(first)[0]  # shown in another cell or in another tab, too
    for value in (3, 4):
        shell.run("cell 1")
        again = shell.user_ns["line"] = make()
        again.set(a=value)
        assert shown_widgets(again)[0] is view
        assert view.comm is not None
        assert f"{value} 0 0" in words(again)
        assert all(widget.comm is not None for widget in shown_widgets(again))
    again.close()


def test_a_cell_that_no_longer_makes_the_figure_leaves_words(shell, code_is_there):
    before = living()
    shell.run("cell 1")
    first = make()
    views = shown_widgets(first)
    for _ in range(2):  # only at the next run is it known what this one did not make
        shell.run("cell 1")
        playground(hidden=()).close()
    (said,) = views[0].children
    assert "was run again" in said.value
    assert len(living()) - len(before) == len({views[0], said}) * 2 + 1  # layouts, a style
    first.close()
    assert living() == before


def test_figures_of_one_name_in_two_cells_both_live(shell):
    figures = []
    for cell in ("cell 1", "cell 2"):
        shell.run(cell)
        figures.append(make())
    for live in figures:
        live.set(a=7)
        assert "7 0 0" in words(live)
        assert shown_widgets(live)[0].comm is not None
        live.close()


def test_playgrounds_of_a_cell_take_the_places_of_earlier_ones(shell):
    counts, views = [], None
    for _ in range(3):
        shell.run("cell")
        made = [playground(hidden=(), seed=seed) for seed in range(2)]
        counts.append(len(living()))
        boxes = [shown_widgets(play)[0] for play in made]
        views = views or boxes
        assert boxes == views
    assert len(set(counts)) == 1
    for play in made:
        play.close()


def test_nothing_is_kept_of_a_figure_that_is_closed():
    shared = widgets.IntSlider(1, max=9)
    live = make(a=shared, b=(0, 9), c=widgets.Play(1, max=9))
    gone = weakref.ref(live)
    live.close()
    del live
    gc.collect()
    assert gone() is None
    shared.close()
