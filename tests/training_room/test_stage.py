"""The playground as a page draws it: the numbers it is sent, and what its hands do."""

import asyncio
import html
import math
import re

import numpy as np
import pytest

from lecture_utils.training_room import panel
from lecture_utils.training_room.formula import computes
from lecture_utils.training_room.model import GRID, Model
from lecture_utils.training_room.setting import DATA, FEATURES
from tests.helpers import live_figures
from tests.helpers.playroom import COLOURS, made, told, unpacked

LARGE = dict(hidden=(8,) * 6, features=list(FEATURES))


@pytest.fixture
def play():
    play = made(hidden=(4, 3))
    yield play
    play.close()


def answers(model, x1, x2):
    """Return what each neuron and the output make of a point, worked out one by one."""
    a = np.array([FEATURES[name][0](x1, x2) for name in model.setting["features"]])
    found = []
    for layer in model.dense[:-1]:
        a = np.tanh([sum(w * each for w, each in zip(column, a, strict=True)) + bias
                     for column, bias in zip(layer.W.T, layer.b, strict=True)])  # fmt: skip
        found += [*a]
    return found, math.tanh(float(a @ model.dense[-1].W[:, 0] + model.dense[-1].b[0]))


def test_what_is_sent_is_the_model(play):
    play.train(3)
    news, parts = told(play)
    model = Model(hidden=(4, 3), epochs=3)
    whole = [np.r_[layer.W.ravel(), layer.b] for layer in model.dense]
    np.testing.assert_allclose(parts["weights"], np.concatenate(whole), rtol=1e-6)
    np.testing.assert_allclose(parts["train"].reshape(-1, 3), np.c_[model.X, model.y], rtol=1e-6)
    test = np.c_[model.X_test, model.y_test]
    np.testing.assert_allclose(parts["test"].reshape(-1, 3), test, rtol=1e-6)
    colours = parts["colours"].reshape(-1, 4)
    output = parts["output"].reshape(100, 100)[::-1]
    maps = parts["maps"].reshape(7, 25, 25)[:, ::-1]
    for i, j in ((0, 0), (3, 20), (24, 11)):
        down, right = 4 * i + 2, 4 * j + 2  # of the large map: in the middle of a pixel
        hidden, out = answers(model, GRID[right], GRID[down])
        for row, value in [(output[down, right], out),
                           *zip(maps[:, i, j], hidden, strict=True)]:  # fmt: skip
            wanted = np.array(COLOURS((value + 1) / 2)) * 255
            np.testing.assert_allclose(colours[row], wanted, atol=3.5)  # 255 levels, 256 there
    assert [row[0] for row in news["rows"][0]] == [0, 3]
    assert news["rows"][0][-1][1:] == pytest.approx(model.losses())
    assert news["words"].startswith("Epoch 3: loss")
    sizes = [np.sqrt((layer.dW**2).mean()) for layer in model.dense]
    assert news["gradients"] == pytest.approx(sizes)


def test_a_frame_brings_only_what_is_new(play):
    assert told(play)[0]["begun"]
    before = play.model.epoch
    news, parts = told(play, "step")
    assert [row[0] for row in news["rows"][0]] == [before, before + 1]
    assert not news["begun"]
    assert set(parts) == {"weights", "maps", "output"}
    news, parts = told(play, "restart")
    assert news["begun"]
    assert [row[0] for row in news["rows"][0]] == [0]
    assert "train" in parts


@pytest.mark.parametrize(("setting", "most"), [({"hidden": (8, 8)}, 24_000), (LARGE, 48_000)])
def test_a_frame_is_small(setting, most):
    play = made(**setting)
    told(play)
    _, parts = told(play, "step")
    assert sum(part.nbytes for part in parts.values()) < most
    play.close()


def frames(play, *allowed):
    """Play while views allow so many frames; return the numbers of those that are told."""

    async def allow():
        for view, upto, wait in allowed:
            live_figures.tell(play, do="frames", id=view, upto=upto)
            canvas.send = lambda news, buffers=None: sent.append(news["frame"])
            await asyncio.sleep(wait)

    canvas, sent = live_figures.canvas_of(play), []
    asyncio.run(allow())
    del canvas.send
    return sent


def test_it_plays_as_far_as_a_page_allows_and_no_further(play, monkeypatch):
    monkeypatch.setattr(panel, "BUDGET", math.inf)  # of time, which a busy machine does not have
    told(play)
    assert frames(play, ("a", 3, 1.0)) == [1, 2, 3]
    assert play.model.epoch == 9
    assert frames(play, ("a", 3, 0.2)) == []
    assert told(play)[0]["frame"] == 3  # so that the page can say how far to go on
    assert frames(play, ("a", 400, 0.2), ("a", 0, 0.2))[-1] < 50
    before = play.model.epoch
    last = told(play)[0]["frame"]
    assert frames(play, ("a", 0, 0.2)) == []
    # What one view allows is not taken back by another one that stops.
    assert frames(play, ("a", last + 4, 0.0), ("b", 0, 1.0)) == [*range(last + 1, last + 5)]
    assert play.model.epoch == before + 12


def test_nothing_plays_once_it_is_closed(play):
    told(play)

    async def close():
        live_figures.tell(play, do="frames", id="a", upto=10_000)
        await asyncio.sleep(0.1)
        play.close()
        before = play.model.epoch
        await asyncio.sleep(0.2)
        assert play.model.epoch == before > 0

    asyncio.run(close())


def test_a_hand_sets_what_python_sets(play):
    acts = [("set", {"setting": {"data": "xor", "points": []}}),
            ("set", {"setting": {"features": ["x1", "x1 x2"]}}),
            ("set", {"setting": {"hidden": [4, 2]}}), ("set", {"setting": {"noise": 0.3}}),
            ("weight", {"layer": 0, "start": 1, "end": 2, "value": 1.25}),
            ("weight", {"layer": 1, "start": "bias", "end": 0, "value": -3}),
            ("point", {"number": 250, "x1": 1.5, "x2": -2, "y": 1}), ("step", {}),
            ("point", {"number": 250, "x1": 1.5, "x2": 2, "y": -1})]  # fmt: skip
    for do, what in acts:
        told(play, do, **what)
        assert play.error is None
    other = made(data="xor", features=("x1", "x1 x2"), hidden=(4, 2), noise=0.3)
    other.set_weight(0, 1, 2, 1.25)
    other.set_weight(1, "bias", 0, -3.0)
    other.set(points=[(250, 1.5, -2.0, 1.0)])
    other.train(1)
    other.set(points=[(250, 1.5, 2.0, -1.0)])
    assert play.settings == other.settings
    again = eval(play.settings, {"playground": made})
    for each in (play, other, again):
        each.train(2)
        assert each.model.X[250].tolist() == [1.5, 2.0]
        assert each.model.y[250] == -1.0
        assert np.array_equal(each.model.network.parameters, play.model.network.parameters)
        if each is not play:
            each.close()


def test_what_cannot_be_is_said_and_changes_nothing(play):
    line = play.settings
    for do, what, words in [
        ("set", {"setting": {"features": []}}, "features must be a list of at least one"),
        ("weight", {"layer": 0, "start": 7, "end": 0, "value": 1.0}, "a weight that there is"),
        ("point", {"number": 251, "x1": 0, "x2": 0, "y": 1}, "must be at most 250"),
        ("point", {"number": 3, "x1": 0, "x2": 7, "y": 1}, "must be between -6 and 6"),
    ]:
        news, _ = told(play, do, **what)
        assert words in play.error
        assert play.error in html.unescape(news["words"])
        assert play.settings == line
    told(play, "step")
    assert "must be" in play.error
    told(play, "set", setting={"batch": 5})
    assert play.error is None


def test_data_without_classes_takes_the_squared_loss(play):
    play.set(loss="cross_entropy")
    news, _ = told(play, "set", setting={"data": "plane", "points": []})
    assert (play.error, news["setting"]["loss"]) == (None, "squared")
    told(play, "set", setting={"data": "xor", "loss": "cross_entropy"})
    assert play.model.setting["loss"] == "cross_entropy"


def test_points_are_kept_at_a_restart_and_left_with_other_data(play):
    play.set(points=[(3, 1, 2, 1), (250, 0, 0, -1)])
    play.train(2)
    play.restart()
    assert play.model.X[3].tolist() == [1.0, 2.0]
    assert len(play.model.X) == 251
    assert "points=((3, 1.0, 2.0, 1.0), (250, 0.0, 0.0, -1.0))" in play.settings
    play.set(hidden=(2,))
    assert len(play.model.X) == 251
    for change in ({"noise": 0.2}, {"ratio": 0.3}, {"seed": 4}, {"data": "plane"}):
        play.set(**{"data": "circles", "ratio": 0.5, "points": [(0, 0, 0, 1)]})
        play.set(**change)
        assert play.model.setting["points"] == ()


@pytest.mark.parametrize("column", [0, 1, 2])
def test_the_map_under_the_hand_fills_the_place_of_the_output(play, column):
    play.train(2)
    told(play)
    news, parts = told(play, "watch", place=[column, 1])
    output = parts["output"].reshape(100, 100)[::-1]
    hidden = {1: 1, 2: 5}
    for i, j in ((0, 0), (40, 90)):
        x1, x2 = GRID[j], GRID[i]
        value = x2 / 6 if column == 0 else answers(play.model, x1, x2)[0][hidden[column]]
        assert abs(int(output[i, j]) - (127 * value + 127)) <= 1
    assert news["title"] == ["feature x₂", "layer 1, neuron 2", "layer 2, neuron 2"][column]
    play.set(hidden=(1,))
    assert told(play)[0]["title"] == "output"
    told(play, "watch", place=[1, 0])
    assert told(play, "watch", place=None)[0]["title"] == "output"


def test_the_words_of_a_neuron_give_what_the_neuron_gives():
    model = Model(hidden=(3, 2), features=("x1", "x1^2", "x1 x2"), epochs=2)
    hidden, _ = answers(model, 2.0, -1.0)
    for (column, row), value in zip([(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)], hidden, strict=True):
        _, words = computes(model, column, row)
        inner = re.fullmatch(r"tanh\((.*)\)", words)[1].replace("−", "-")
        for name, number in {"x₁²": 4.0, "x₁ x₂": -2.0, "x₁": 2.0, "a₁": hidden[0],
                             "a₂": hidden[1], "a₃": hidden[2]}.items():  # fmt: skip
            inner = inner.replace(f" {name}", f" * ({number})")
        assert math.tanh(eval(inner)) == pytest.approx(value, abs=0.05)


def test_the_end_of_the_curves_is_dragged_back(play):
    play.train(6)
    told(play, "set", setting={"optimizer": "Adam"})
    told(play, "step")
    news, _ = told(play, "back", epoch=4)
    model = Model(hidden=(4, 3), epochs=4)
    assert np.array_equal(play.model.network.parameters, model.network.parameters)
    assert (news["begun"], news["epoch"], news["rows"][0][-1][0]) == (True, 4, 4)
    assert (news["setting"]["optimizer"], play.knobs.settings["optimizer"].value) == ("SGD", "SGD")
    assert play.settings == "playground(hidden=(4, 3), epochs=4)"
    told(play, "back", epoch=-1)
    assert "epoch must be between 0 and" in play.error


def test_those_that_dropout_puts_to_sleep_are_told():
    play = made(hidden=(4, 3), dropout=0.2)
    assert told(play)[0]["asleep"] == []
    layers = [told(play, "step")[0]["asleep"] for _ in range(60)]
    assert {tuple(map(len, each)) for each in layers} == {(4, 3)}
    shares = np.mean([[*first, *second] for first, second in layers], axis=0)
    assert np.all(np.abs(shares - 0.2) < 0.2), shares
    assert told(play, "restart")[0]["asleep"] == []
    play.close()


def test_of_a_network_that_diverged_all_is_sent():
    play = made(data="plane", hidden=(4,), activation="relu", step=10.0)
    play.train(40)
    news, parts = told(play)
    assert news["ended"]
    assert "no longer a finite number" in news["words"]
    assert parts["output"].size == 10_000
    play.close()


def test_a_page_that_comes_later_has_all_there_is(play):
    play.train(4)
    play.set(test=True, points=[(0, 3, 3, 1)])
    live_figures.tell(play, do="rest")
    canvas = live_figures.canvas_of(play)
    kept = unpacked(canvas.about, canvas.numbers)
    news, parts = told(play)
    assert canvas.about["rows"] == news["rows"]
    for name, part in parts.items():
        assert np.array_equal(kept[name], part), name
    assert set(news["menus"]) | set(news["sliders"]) <= set(news["setting"])
    assert len(kept["sketches"]) % len(DATA) == 0


def test_the_picture_that_is_stored_is_of_what_the_page_shows(play):
    first = bytes(live_figures.canvas_of(play).picture)
    told(play, "set", setting={"data": "spirals"})
    live_figures.tell(play, do="rest")
    assert bytes(live_figures.canvas_of(play).picture) != first
    assert live_figures.off(play) <= 2
