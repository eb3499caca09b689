"""What stands under the picture: errors, what an update prints and warns, settings."""

import functools
import logging
import re
import sys
import threading
import warnings

import ipywidgets as widgets
import numpy as np
import pytest

from lecture_utils import explore, playground
from lecture_utils.training_room.starts import PRESETS
from tests.helpers.live_figures import SMALL, button, make, words


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


class Leaving(Exception):
    def __str__(self):
        sys.exit()

    __repr__ = __str__


@pytest.mark.parametrize("problem", [Rude, Leaving, SystemExit])
def test_an_exception_without_words_is_a_line(problem):
    """A SystemExit that a slider let out would end the kernel."""

    def setup(figure):
        def update(a=0):
            if a:
                raise problem

        return update

    live = make(setup, a=(0, 9))
    live.controls["a"].value = 1
    assert problem.__name__ in live.error
    assert problem.__name__ in words(live)
    live.set(a=0)
    assert live.error is None
    live.close()


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


def test_what_is_logged_is_heard_at_every_update(monkeypatch, capsys):
    """The first warning of a root logger makes it keep the stream that there is then."""
    monkeypatch.setattr(logging, "root", logging.RootLogger(logging.WARNING))
    outer = make(lambda figure: lambda b=1: logging.warning("outer %g", b), b=(0, 9))

    def setup(figure):
        def update(a=0):
            if a:
                logging.warning("before %g", a)
                outer.set(b=a + 1)
                logging.warning("after %g", a)

        return update

    live = make(setup, a=(0, 9))
    for a in (1, 2):
        live.set(a=a)
        assert live.said == [f"WARNING:root:before {a}", f"WARNING:root:after {a}"]
        assert outer.said == [f"WARNING:root:outer {a + 1}"]
    assert capsys.readouterr() == ("", "")
    logging.warning("in a cell")
    assert capsys.readouterr().err == "WARNING:root:in a cell\n"
    live.close()
    outer.close()


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
