"""What a screen owns and lets go, whom it hears, and what stands under its picture."""

import functools
import gc
import re
import sys
import threading
import warnings
import weakref

import ipywidgets as widgets
import numpy as np
import pytest

from lecture_utils import explore, playground
from lecture_utils import training_room as room
from lecture_utils.live import figure as live_module
from lecture_utils.training_room.page import PRESETS
from tests import live_figures
from tests.live_figures import Shell, button, living, shown_widgets, words

SMALL = (2, 1.5)


def line(figure):
    """Set up a line; each update is noted."""
    (drawn,) = figure.subplots().plot([0, 1], [0, 1])
    line.calls = []

    def update(a=0, b=0, c=0):
        line.calls.append((a, b, c))
        drawn.set_ydata([a, b + c])
        return f"{a} {b} {c}"

    return update


def make(setup=line, size=SMALL, **controls):
    made = explore(size=size, **(controls or dict(a=(0, 9), b=(0, 9), c=(0, 9))))(setup)
    line.calls.clear()
    return made


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


@pytest.mark.parametrize("wrong", [
    dict(setup=lambda figure: lambda a=0: 1 / a), dict(a=object()), dict(a=(5, 1)),
    dict(presets={"far": {"b": 99}}), dict(presets={"none": {"d": 1}}), dict(size=(0, 0)),
    dict(setup=lambda figure: figure.suptitle("$\\nonsense$") and (lambda a=0: "")),
    dict(setup=lambda figure: None), dict(setup=functools.partial(line)),
    dict(d=(0, 1)), dict(a=widgets.fixed(3)),
], ids=str)  # fmt: skip
def test_a_cell_that_fails_leaves_no_widget(wrong):
    controls = dict(a=(0, 9)) if "setup" in wrong else dict(a=(0, 9), b=(0, 9), c=["x", 0])
    setup, size = wrong.get("setup", line), wrong.get("size", SMALL)
    rest = {name: what for name, what in wrong.items() if name not in ("setup", "size")}
    before = living()
    for _ in range(3):
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is
            explore(size=size, **{**controls, **rest})(setup)
    assert living() == before


def test_a_playground_lets_go_of_all_its_widgets():
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


def test_a_cell_that_no_longer_makes_the_figure_leaves_words(shell):
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


# Whom it hears.


def test_set_from_within_a_set_is_the_same_update():
    live = make()
    live.controls["a"].observe(lambda change: live.set(b=change["new"]), "value")
    live.set(a=1, c=2)
    assert line.calls == [(1, 1, 2)]
    live.close()


def test_set_after_a_move_is_one_more_update():
    live = make()
    live.controls["a"].observe(lambda change: live.set(b=change["new"]), "value")
    live.controls["a"].value = 3
    assert line.calls == [(3, 0, 0), (3, 3, 0)]
    assert live.caption == "3 3 0"
    live.close()


def clamped(figure):
    """Set up an update that moves one of its own controls."""
    (drawn,) = figure.subplots().plot([0, 1], [0, 1])
    clamped.calls = []

    def update(a=0, b=0):
        clamped.calls.append((a, b))
        if clamped.calls[1:]:
            clamped.live.set(**clamped.moves(a, b))
        drawn.set_ydata([a, b])
        return f"{a} {b}"

    return update


def test_an_update_that_moves_a_control_is_followed_by_one_that_shows_it():
    clamped.live = live = make(clamped, a=(0, 9), b=(0, 9))
    clamped.moves = lambda a, b: dict(b=max(a, b))
    live.set(a=4)
    assert clamped.calls == [(0, 0), (4, 0), (4, 4)]
    assert (live.caption, live.values) == ("4 4", {"a": 4, "b": 4})
    assert live_figures.off(live) <= 2
    live.close()


def test_an_update_that_moves_its_controls_for_ever_is_stopped_in_one_line():
    clamped.live = live = make(clamped, a=(0, 9), b=(0, 9))
    clamped.moves = lambda a, b: dict(b=(b + 1) % 9)
    live.set(a=1)
    assert len(clamped.calls) < 30
    assert "moves its own controls" in live.error
    clamped.moves = lambda a, b: {}
    live.set(a=2)
    assert live.error is None
    live.close()


def test_an_observer_that_fails_leaves_picture_and_controls_together():
    live = make()

    def fail(change):
        raise RuntimeError("not mine")

    live.controls["a"].observe(fail, "value")
    with pytest.raises(RuntimeError, match="not mine"):
        live.set(a=1, b=2)
    assert live.caption == " ".join(map(str, live.values.values()))
    live.close()


@pytest.mark.parametrize(("control", "values", "wrong"), [
    (widgets.SelectMultiple(options=[1, 2, 3]), [[1, 2], (3,), []], [[1, 4], 1, "1", None]),
    (widgets.IntRangeSlider(max=9), [[1, 4], (2, 2)], [[4, 1], [1, 10], [1], 1, [1, "x"]]),
    (widgets.FloatRangeSlider(max=1.0), [[0.1, 0.5], (0, 1)], [[0.5, 0.1], [0.5, 2.0], 0.5]),
    (widgets.SelectionRangeSlider(options=[1, 2, 3]), [[1, 3], (2, 2)], [[1, 4], 2]),
    (widgets.FloatLogSlider(1.0, min=-2, max=1), [0.01, 10.0, 2], [0.001, 11, -1, "1"]),
], ids=lambda what: type(what).__name__)  # fmt: skip
def test_each_control_takes_what_it_shows_as_list_or_tuple(control, values, wrong):
    def echo(figure):
        return str

    live = make(echo, object=control)
    for value in values:
        live.set(object=value)
        now = control.value
        assert (now == tuple(value)) if isinstance(value, list) else (now == value)
        exec(live.settings, {"echo": live})
        assert control.value == now
    for value in wrong:
        with pytest.raises(ValueError, match="object must be") as refused:
            live.set(object=value)
        assert control.value == now
        (said,) = str(refused.value).splitlines()
        live.set(object=eval(said.rpartition("; try ")[2]))  # the way out works
        live.set(object=now)
    live.close()


def test_a_refused_set_moves_nothing_anywhere():
    shared, seen = widgets.IntSlider(1, max=9), []
    first, second = (make(a=shared, b=(0, 9), c=(0, 9)) for _ in range(2))
    shared.observe(seen.append, "value")
    with pytest.raises(ValueError, match="b must be"):
        first.set(a=5, b=99)
    with pytest.raises(ValueError, match="a must be"):
        first.set(a=99)
    assert (seen, line.calls) == ([], [])
    explore(size=SMALL, presets={"x": {"a": 7}}, a=shared, b=(0, 9), c=(0, 9))(line).close()
    with pytest.raises(ValueError, match="preset 'x': b must be"):
        explore(size=SMALL, presets={"x": {"a": 7, "b": 99}}, a=shared, b=(0, 9), c=(0, 9))(line)
    assert seen == []
    assert second.caption == "1 0 0"
    first.close()
    second.close()


def test_a_first_value_that_its_control_does_not_take_is_refused():
    with pytest.raises(ValueError, match="update: a must be a whole number between 0 and 9, got 1"):
        make(lambda figure: lambda a=12: "", a=(0, 9))
    with pytest.raises(ValueError, match=r"update: a must be one of \('x', 'y'\), got 'z'"):
        make(lambda figure: lambda a="z": "", a=["x", "y"])


# Whatever update is.


class Callable:
    def __call__(self, a=0):
        return f"{1 / (a - 2):g}"

    def method(self, a=0):
        return f"{1 / (a - 2):g}"


def with_more(factor, a=0, more=1):
    return f"{factor * more / (a - 2):g}"


UPDATES = {
    "function": lambda a=0: f"{1 / (a - 2):g}",
    "partial": functools.partial(with_more, 1, more=1),
    "cached": functools.lru_cache(lambda a=0: f"{1 / (a - 2):g}"),
    "method": Callable().method,
    "object": Callable(),
    "wrapped": functools.wraps(with_more)(lambda factor, **values: with_more(factor, **values)),
    "any names": lambda **values: f"{1 / (values['a'] - 2):g}",
}


@pytest.mark.parametrize("kind", UPDATES)
def test_an_error_is_one_line_whatever_update_is(kind):
    controls = dict(a=widgets.IntSlider(0, max=9))
    if kind == "wrapped":
        controls |= dict(factor=(1, 2), more=(1, 2))
    live = make(lambda figure: UPDATES[kind], **controls)
    assert float(live.caption) < 0
    live.set(a=2)
    assert live.error.endswith("ZeroDivisionError: division by zero")
    live.set(a=3)
    assert live.error is None
    live.close()


@pytest.mark.parametrize(("builtin", "name"), [(dict, "a"), ("{a}".format, "a"), (str, "object")])
def test_a_builtin_is_an_update_too(builtin, name):
    live = make(lambda figure: builtin, **{name: (0, 3)})
    live.set(**{name: 2})
    assert (live.error, live.caption) == (None, str(builtin(**{name: 2})))
    live.close()


class Rude(Exception):
    def __str__(self):
        raise RuntimeError("no words")

    __repr__ = __str__


def test_an_exception_without_words_is_a_line():
    def setup(figure):
        def update(a=0):
            if a:
                raise Rude

        return update

    live = make(setup, a=(0, 9))
    live.set(a=1)
    assert "Rude" in live.error
    assert "Rude" in words(live)
    live.set(a=0)
    assert live.error is None
    live.close()


# What stands under the picture.


def talking(figure):
    """Set up an update that prints and warns."""
    (drawn,) = figure.subplots().plot([0, 1], [0, 1])

    def update(a=0):
        if a:
            print("<b>first</b>", a)
            print("to the log", file=sys.stderr)
            warnings.warn("careful", UserWarning, stacklevel=1)
            np.array([1.0]) / (1 - a)
        drawn.set_ydata([a, 1])
        if a == 3:
            raise RuntimeError("after all that")
        for k in range(1000 if a == 4 else 0):
            print(k, "x" * 10_000)
        return f"a = {a}"

    return update


def test_what_update_prints_and_warns_stands_under_the_figure(capsys):
    live = make(talking, a=(0, 9))
    assert live.said == []
    live.set(a=1)
    assert live.error is None
    assert live.caption == "a = 1"
    said = ["<b>first</b> 1", "to the log", "UserWarning: careful",
            "RuntimeWarning: divide by zero encountered in divide"]  # fmt: skip
    assert sorted(live.said) == sorted(said)
    assert "&lt;b&gt;first&lt;/b&gt; 1" in words(live)
    assert "UserWarning: careful" in words(live)
    live.set(a=3)
    assert live.error.endswith("RuntimeError: after all that")
    assert "&lt;b&gt;first&lt;/b&gt; 3" in words(live)
    live.set(a=0)
    assert live.said == []
    assert "first" not in words(live)
    live.set(a=4)
    assert len(words(live)) < 10_000
    assert re.search(r"9\d\d lines more", live.said[-1])
    assert capsys.readouterr() == ("", "")
    live.close()


def test_the_first_update_is_heard_too_and_one_that_fails_prints_in_the_cell(capsys):
    live = make(lambda figure: lambda a=1: print("at once"), a=(0, 9))
    assert live.said == ["at once"]
    assert "at once" in words(live)
    live.close()
    with pytest.raises(ZeroDivisionError):
        make(lambda figure: lambda a=0: print("before") or 1 / a, a=(0, 9))
    assert capsys.readouterr().out == "before\n"


def test_what_the_reader_chose_not_to_be_warned_of_is_not_shown():
    live = make(talking, a=(0, 9))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        live.set(a=1)
    assert sorted(live.said) == ["<b>first</b> 1", "to the log"]
    live.close()


def test_what_another_thread_prints_meanwhile_goes_where_it_belongs(capsys):
    def setup(figure):
        def update(a=0):
            if a:
                other = threading.Thread(target=print, args=["elsewhere"])
                other.start()
                other.join(10)
                print("here")

        return update

    live = make(setup, a=(0, 9))
    live.set(a=1)
    assert live.said == ["here"]
    assert capsys.readouterr().out == "elsewhere\n"
    live.close()


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast(one, other):
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])  # JupyterLab's light and dark ground
def test_the_error_line_can_be_read_on_every_page(page):
    live = make(lambda figure: lambda a=0: 1 / (a - 1), a=(0, 9))
    play = playground(features=["x1"])
    live.set(a=1)
    play.knobs.settings["features"].boxes["x1"].value = False
    for screen in (live, play):
        style = re.search(r'<b style="([^"]*)"', words(screen)).group(1)
        colour = re.search(r"(?<![-\w])color:(#\w{6})", style).group(1)
        ground = re.search(r"background(?:-color)?:(#\w{6})", style)
        assert contrast(colour, ground.group(1) if ground else page) >= 4.5
        screen.close()


def test_tooltips_of_presets_are_words():
    falls = {"a": 2, "kind": "up", "bold": True, "size_of": 0.1 + 0.2, "from_to": (1, 2)}
    controls = dict(a=(0, 9), kind=["up", "down"], bold=False, size_of=(0.0, 1.0),
                    from_to=widgets.IntRangeSlider(max=9))  # fmt: skip

    @explore(size=SMALL, presets={"fall": falls}, **controls)
    def live(figure):
        return lambda a=0, kind="up", bold=False, size_of=0.0, from_to=(0, 0): ""

    assert button(live, "fall").tooltip == "a 2, kind up, bold on, size of 0.3, from to 1 and 2"
    live.close()
    play = playground()
    for label in PRESETS:
        assert not re.search(r"[{}()'=]", button(play, label).tooltip), label
    assert button(play, "xor, 4").tooltip == "data xor, hidden 4, step 0.1"
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
