"""JupyterLab moves controls in two threads at once; matplotlib takes only one."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lecture_utils import explore, playground
from lecture_utils.pictures.painter import TOLERANCE, Painter


@pytest.fixture
def together(monkeypatch):
    """Let every frame take its time; list how many threads were drawing at its start."""
    drawing, seen, frame = set(), [], Painter.frame

    def slow(painter):
        drawing.add(threading.get_ident())
        seen.append(len(drawing))
        time.sleep(0.002)
        try:
            return frame(painter)
        finally:
            drawing.discard(threading.get_ident())

    monkeypatch.setattr(Painter, "frame", slow)
    return seen


def at_once(*actions):
    """Do each thing in a thread of its own, all begun together."""
    ready = threading.Barrier(len(actions))

    def when_all_are_there(action):
        ready.wait(10)
        action()

    with ThreadPoolExecutor(len(actions)) as threads:
        for done in [threads.submit(when_all_are_there, action) for action in actions]:
            done.result(60)


def figure():
    @explore(size=(2, 1.5), slope=(0, 50), height=(0, 50))
    def line(figure):
        axes = figure.subplots()
        axes.set(xlim=(0, 1), ylim=(-50, 50))
        (drawn,) = axes.plot([], [])

        def update(slope=0, height=0):
            drawn.set_data([0, 1], [height, height + slope])
            axes.set_title(f"$y = {slope} x + {height}$")
            return f"{slope}, {height}"

        return update

    return line


def move(control, values):
    for value in values:
        control.value = value


def test_two_controls_of_a_figure_moved_at_once(together):
    live = figure()
    at_once(*(lambda c=c: move(c, range(1, 21)) for c in live.controls.values()))
    assert set(together) == {1}
    assert live.error is None
    assert live.caption == "20, 20"
    assert np.abs(live.frame().astype(int) - live.redraw()).max() <= TOLERANCE


@pytest.mark.slow
def test_a_figure_is_moved_while_another_cell_draws_and_sets(together):
    live, other = figure(), figure()
    at_once(
        lambda: move(live.controls["slope"], range(1, 21)),
        lambda: [other.set(slope=k, height=k) for k in range(1, 21)],
        lambda: [figure() for _ in range(5)],
    )
    assert set(together) == {1}
    assert (live.caption, other.caption) == ("20, 0", "20, 20")


def test_a_control_moved_while_several_are_set_is_not_lost(together):
    live = figure()
    at_once(
        lambda: move(live.controls["height"], range(1, 21)),
        lambda: [live.set(slope=k) for k in range(1, 21)],
    )
    assert live.caption == "20, 20"


@pytest.mark.slow
def test_the_playground_is_run_and_changed_at_once(together):
    play = playground(data="blobs", hidden=(2,))
    at_once(
        lambda: move(play.run, range(1, 6)),
        lambda: move(play.knobs.settings["batch"], range(11, 16)),
        lambda: move(play.knobs.settings["features"].boxes["x1^2"], [True, False, True]),
        play.restart,
    )
    assert set(together) == {1}
    assert play.error is None
    assert play.model.setting["batch"] == 15
    assert play.model.setting["features"] == ("x1", "x2", "x1^2")
