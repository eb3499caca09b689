"""Every notebook with other parameters, and the law of every live figure in it."""

import matplotlib as mpl
import numpy as np

from lecture_utils.pictures.painter import TOLERANCE
from tests.helpers import live_figures
from tests.helpers.series import NOTEBOOKS, sets


@sets("good", slice(1, None))  # the other set is what test_notebooks.py runs each with
@mpl.rc_context()
def test_law_every_live_figure_and_with_other_parameters(name, values, capsys):
    """At every end of every control and at random settings, and no update fails."""
    rng = np.random.default_rng(0)
    with np.errstate(all="raise"):
        figures = live_figures.collect(NOTEBOOKS[name], values)
        assert capsys.readouterr().err == ""
        assert figures, f"{name} has no live figure"
        keeps_the_law(figures, rng)


def keeps_the_law(figures, rng):
    for figure, live in figures.items():
        for setting in live_figures.settings(live, 6, rng):
            live.set(**setting)
            assert live.error is None, (figure, setting, live.error)
            assert live.caption, (figure, setting)
            assert live.said == [], (figure, setting)
            assert live_figures.off(live) <= TOLERANCE, (figure, setting)
            assert list(live_figures.spills(live)) == [], (figure, live.settings)
        exec(live.settings, {figure: live})
        for values in live.presets.values():
            live.set(**values)
            assert live.error is None, (figure, values, live.error)
            assert list(live_figures.spills(live)) == [], (figure, live.settings)
        if live_figures.canvas_of(live):
            take_in_hand(figure, live, rng)


def take_in_hand(figure, live, rng):
    """Drag every handle to and fro, and past its axes; Escape takes it back."""
    for k, handle in enumerate(live.handles):
        before = live.values
        for number in range(max(len(handle.marks), 1)):
            place = dict(handle=k, number=number)
            for do in ("hold", "move", "move"):
                x, y = rng.uniform(-0.1, 1.1, 2)
                live_figures.tell(live, do=do, x=x, y=y, **place)
                assert live.error is None, (figure, live.settings, live.error)
                assert live_figures.off(live) <= TOLERANCE, (figure, live.settings)
            live_figures.tell(live, do="back", handle=k)
        live_figures.tell(live, do="rest")
        if len(handle.marks) <= 1:
            assert live.values == before, figure
