"""The playground's controls where the page shows core widgets, and those that stay elsewhere."""

import pytest

from lecture_utils import playground, style
from tests.helpers import live_figures
from tests.training_room.test_panel import OTHER, moved


@pytest.fixture
def core():
    """Give the playground as core widgets show it."""
    style.use(touch=False)
    play = playground(hidden=(4, 3))
    yield play
    play.close()
    style.use()


def test_a_weight_is_chosen_and_set(core):
    assert moved(core, lambda: setattr(core.knobs.edge["end"], "value", 2))
    assert moved(core, lambda: setattr(core.knobs.edge["value"], "value", 7.5))
    assert core.model.dense[0].W[0, 2] == 7.5
    assert moved(core, lambda: setattr(core.knobs.edge["layer"], "value", 2))
    assert moved(core, lambda: setattr(core.knobs.edge["start"], "value", "bias"))
    assert core.knobs.edge["value"].value == 0.0
    assert moved(core, lambda: setattr(core.knobs.edge["value"], "value", -2.0))
    assert core.model.dense[2].b[0] == -2.0
    core.set(hidden=())
    assert core.knobs.edge["layer"].options == (("into output", 0),)


def test_the_field_follows_the_weight_while_it_trains(core):
    core.train(5)
    assert core.knobs.edge["value"].value == pytest.approx(core.model.dense[0].W[0, 0], abs=0.006)


def test_what_the_picture_does_not_have_stands_among_the_controls(core):
    pytest.importorskip("anywidget")

    def there(some):
        shown = live_figures.shown_widgets(some)
        named = {name: getattr(control, "parts", [control])
                 for name, control in some.knobs.settings.items()}  # fmt: skip
        return {name for name, parts in named.items() if {*parts} & {*shown}}

    style.use(touch=True)
    play = playground(hidden=(4, 3))
    canvas = live_figures.canvas_of(play).about
    in_picture = {*canvas["menus"], *canvas["sliders"], "data", "features", "hidden", "test",
                  "discrete"}  # fmt: skip
    assert there(core) == set(OTHER)
    assert there(play) == set(OTHER) - in_picture
    play.close()
