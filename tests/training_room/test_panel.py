"""The playground's controls and its picture, without a page."""

import asyncio
import gc
import html
import json
import math
import re
from urllib.parse import unquote

import matplotlib as mpl
import numpy as np
import pytest

from lecture_utils import Network, playground, style
from lecture_utils.training_room import model, panel
from lecture_utils.training_room.panel import Playground
from lecture_utils.training_room.setting import FEATURES, FIRST
from lecture_utils.training_room.starts import PRESETS
from tests.helpers import live_figures
from tests.helpers.playroom import made as in_the_page

OTHER = {
    "data": "spirals", "noise": 0.3, "ratio": 0.8, "seed": 5, "activation": "relu", "init": "he",
    "dropout": 0.3, "loss": "cross_entropy", "optimizer": "Adam", "step": 0.1,
    "schedule": "cosine", "batch": 3,
    "penalty": "L2", "rate": 0.1, "test": True, "discrete": True, "speed": 10,
    "features": ("x1", "sin x2"), "hidden": (8,),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _look():
    style.use()


def made():
    play = playground(hidden=(4, 3), penalty="L1", rate=0.01)
    yield play
    play.close()


play = pytest.fixture(made, name="play")
kept = pytest.fixture(made, scope="module", name="kept")  # goes on from setting to setting


def moved(play, action):
    before = play.frame()
    action()
    assert play.error is None
    assert live_figures.off(play) <= 2
    return not np.array_equal(before, play.frame())


@pytest.mark.parametrize("name", OTHER)
def test_each_control_has_its_effect(kept, name):
    assert set(OTHER) == set(kept.knobs.settings)
    control = kept.knobs.settings[name]
    assert moved(kept, lambda: setattr(control, "value", OTHER[name]))
    assert kept.model.setting[name] == OTHER[name]
    assert f"{name}={OTHER[name]!r}" in kept.settings


def test_where_there_is_a_page_for_it_a_setting_is_a_link_too(play, monkeypatch):
    live_figures.button(play, "settings").click()
    play.set(points=[(0, 1.0, 2.0, 1.0)], race={"hidden": (3,)})
    play.train(2)
    play.set_weight(0, "bias", 1, 0.5)
    assert "<a " not in live_figures.words(play)
    monkeypatch.setenv("PLAYGROUND_PAGE", "08.html")
    play.show()
    link = re.search(r'<a href="08.html#playground=([^"]*)">', play._words())[1]
    again = playground(**json.loads(unquote(html.unescape(link))))
    assert again.settings == play.settings
    assert np.array_equal(again.model.network.parameters, play.model.network.parameters)
    again.close()


@pytest.mark.parametrize("name", FEATURES)
def test_each_feature_can_be_taken_and_left(play, name):
    box = play.knobs.settings["features"].boxes[name]
    assert moved(play, lambda: setattr(box, "value", not box.value))
    assert (name in play.model.setting["features"]) == box.value


def test_without_features_there_is_one_line_and_the_picture_stays(play):
    play.set(features=["x1"])
    before = play.frame()
    boxes = play.knobs.settings["features"].boxes
    boxes["x1"].value = False
    assert "features must be a list of at least one of x1" in play.error
    assert "at least one of x1" in live_figures.words(play)
    assert np.array_equal(before, play.frame())
    boxes["x2"].value = True
    assert play.error is None
    assert play.model.setting["features"] == ("x2",)


def test_what_is_rarely_used_stands_under_the_picture_once_it_is_asked_for(play):
    rest, more = play._rest.layout, live_figures.button(play, "more")
    assert rest.display == "none"
    more.click()
    assert rest.display is None
    more.click()
    assert rest.display == "none"


def test_layers_and_neurons_are_added_and_removed(play):
    stack = play.knobs.settings["hidden"]
    for count in (6, 0, 3):
        assert moved(play, lambda count=count: setattr(stack.layers, "value", count))
        assert len(play.model.setting["hidden"]) == count
        assert len(play.knobs.sizes.children) == 1 + count
    for size in (8, 1):
        assert moved(play, lambda size=size: setattr(stack.sizes[1], "value", size))
        assert play.model.setting["hidden"][1] == size


def test_a_setting_with_epochs_is_shown_once(play, monkeypatch):
    shown, show = [], play._picture.show
    monkeypatch.setattr(play._picture, "show", lambda *what: shown.append(show(*what)))
    play.set(data="xor", epochs=3)
    assert len(shown) == 1
    assert (play.model.epoch, play.model.setting["data"]) == (3, "xor")


def test_play_trains_and_its_stop_begins_again(play, monkeypatch):
    monkeypatch.setattr(panel, "BUDGET", math.inf)  # on a busy machine time is up early
    first = play.frame()
    for tick in (1, 2, 5):
        play.run.value = tick
    assert play.model.epoch == 9
    assert not np.array_equal(first, play.frame())
    play.run.value = 0
    assert play.model.epoch == 0
    assert np.abs(first.astype(int) - play.frame()).max() <= 2


def test_in_a_kernel_the_browser_is_answered_before_the_frame_is_made(play):
    async def tick():
        play.run.value += 1
        answered = play.model.epoch
        await asyncio.sleep(0)
        return answered, play.model.epoch

    assert asyncio.run(tick()) == (0, play.model.setting["speed"])


def test_data_without_classes_takes_the_squared_loss(play):
    play.knobs.settings["loss"].value = "cross_entropy"
    play.knobs.settings["data"].value = "bumps"
    assert play.error is None
    assert play.knobs.settings["loss"].value == "squared"
    assert play.knobs.settings["loss"].disabled


@pytest.mark.parametrize("label", PRESETS)
def test_presets_train(play, label):
    live_figures.button(play, label).click()
    assert play.model.setting == {**FIRST, **PRESETS[label]}
    play.train(30)
    assert live_figures.off(play) <= 2
    assert ("no longer a finite number" in play.caption) == (label == "diverge")


@pytest.mark.parametrize("shown_by", [playground, in_the_page])
def test_what_ends_training_is_said(shown_by, monkeypatch):
    monkeypatch.setattr(model, "MOST", 4)
    monkeypatch.setattr(panel, "MOST", 4)
    play = shown_by(hidden=(3,), activation="relu")
    words = "No gradient reaches any weight: the neurons are dead or saturated."
    play.train(1)
    assert words not in live_figures.words(play)
    for end in range(3):
        for start, value in ((0, 0.0), (1, 0.0), ("bias", -1.0)):
            play.set_weight(0, start, end, value)
    play.train(1)
    assert words in live_figures.words(play)
    assert "Training ends here" not in live_figures.words(play)
    play.train(7)
    assert live_figures.words(play).count("Epoch 4: loss") == 1
    assert "Training ends here: press restart" in live_figures.words(play)
    play.close()


def test_the_line_makes_the_same_playground_and_the_same_picture(play):
    play.set(data="xor", hidden=(3,), step=0.1)
    play.train(7)
    again = eval(play.settings, {"playground": playground})
    assert again.settings == play.settings
    assert np.array_equal(again.model.network.parameters, play.model.network.parameters)
    again.close()


def test_the_line_knows_of_what_was_changed_on_the_way(play):
    play.train(4)
    play.knobs.settings["step"].value = 0.3
    play.train(2)
    play.knobs.edge["value"].value = 2.5
    play.train(1)
    changes = "changes=((4, 'step', 0.3), (6, (0, 0, 0), 2.5))"
    line = f"playground(hidden=(4, 3), penalty='L1', rate=0.01, epochs=7, {changes})"
    assert play.settings == line
    again = eval(line, {"playground": playground})
    assert np.array_equal(again.model.network.parameters, play.model.network.parameters)
    live_figures.button(again, "first setting").click()
    assert again.settings == line
    again.close()


def test_the_points_are_those_of_the_model_whatever_was_shown_before(play):
    """Not those of an earlier model whose array had the same place in memory."""
    for data in ("xor", "blobs", "spirals"):
        shown = id(play.model.X)
        for seed in range(300):  # unseen, until an array lies where the one that is shown lay
            play.model.change(data=data, seed=seed)
            if id(play.model.X) == shown:
                break
        play.show()
        play.frame()
        drawn = [marks.get_offsets() for which, _, marks in play._view._marks
                 if which == "train"]  # fmt: skip
        drawn, there = np.concatenate(drawn), play.model.X
        assert np.array_equal(drawn[np.lexsort(drawn.T)], there[np.lexsort(there.T)])


def test_values_from_a_line_that_are_in_no_menu_are_added():
    play = playground(step=0.02, rate=0.5, speed=7)
    assert play.knobs.settings["step"].value == 0.02
    assert play.model.setting["speed"] == 7
    play.close()


def test_weights_are_saved_and_read(play, tmp_path):
    play.train(3)
    network = Network(play.model.network.layers, seed=9)
    network.load(play.save(tmp_path / "trained.npz"))
    assert np.array_equal(network.parameters, play.model.network.parameters)


def test_code_and_settings_are_shown_and_put_away(play):
    for label, what in (("NumPy code", "def predict"), ("settings", "playground(")):
        for there in (True, False):
            live_figures.button(play, label).click()
            shown = live_figures.words(play) + play._program.value
            assert (what in shown) == there


def test_first_setting_goes_back_to_the_first_setting(play):
    first, chosen = play.frame(), play.knobs.chosen
    play.knobs.edge["layer"].value, play.knobs.edge["start"].value = 2, "bias"
    play.set(data="plane", hidden=(8,))
    play.train(3)
    live_figures.button(play, "first setting").click()
    assert play.settings == "playground(hidden=(4, 3), penalty='L1', rate=0.01)"
    assert play.knobs.chosen == chosen
    assert np.abs(first.astype(int) - play.frame()).max() <= 2


def test_it_shows_itself_live_as_a_picture_and_as_words(play):
    data, about = play._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["text/plain"] == about["image/png"]["alt"] == play.caption


def test_frames_do_not_accumulate(play):
    def things():
        gc.collect()
        return len(gc.get_objects())

    tick = iter(range(1, 1000))
    for _ in range(30):
        play.run.value = next(tick)
    before = things()
    for _ in range(60):
        play.run.value = next(tick)
    assert things() - before < 300  # rows of the history


@pytest.mark.slow
def test_random_settings_are_drawn_exactly():
    rng, play = np.random.default_rng(0), Playground({})
    for _ in range(12):
        some = {
            n: live_figures.draw(c, rng)
            for n, c in play.knobs.settings.items()
            if rng.random() < 0.5
        }
        some["hidden"] = tuple(int(n) for n in rng.integers(1, 9, rng.integers(0, 7)))
        some["loss"] = "squared"
        play.set(**some)
        for _ in range(3):
            play.run.value += 1
        assert live_figures.off(play) <= 2, some
    play.close()


@pytest.mark.parametrize("ratio", [2.0, 1.5])
def test_on_a_sharp_screen_it_is_the_same_picture_in_more_pixels(play, ratio):
    play.train(3)
    play.draw_at(ratio)
    with mpl.rc_context({"figure.dpi": 100 * ratio}):
        sharp = playground(hidden=(4, 3), penalty="L1", rate=0.01)
    sharp.train(3)
    assert play.frame().shape == sharp.frame().shape == (470 * ratio, 960 * ratio, 4)
    assert np.abs(play.frame().astype(int) - sharp.frame()).max() <= 2
    play.train(1)
    assert live_figures.off(play) <= 2
    sharp.close()
