"""Two networks race on the same data: each is trained as it is alone, and both are shown."""

import numpy as np
import pytest

from lecture_utils.training_room.model import Model
from tests.helpers import live_figures
from tests.helpers.playroom import made, told


@pytest.fixture
def play():
    play = made(hidden=(4, 3))
    yield play
    play.close()


def test_in_a_race_each_network_is_trained_as_it_is_alone():
    """On the same points, those put by hand too, for the same number of epochs."""
    own = {"hidden": (4,), "optimizer": "Adam", "step": 0.01, "loss": "cross_entropy"}
    points = [(0, 1.0, 2.0, 1.0), (250, 0.0, 0.0, -1.0)]
    common = dict(data="xor", noise=0.2, seed=3)
    model = Model(**common, step=0.1, race=own)
    model.advance(3)
    model.change(points=points)
    model.advance(2)
    alone = [Model(**common, step=0.1), Model(**common, **own)]
    for one, raced in zip(alone, (model, model.other), strict=True):
        one.advance(3)
        one.change(points=points)
        one.advance(2)
        assert np.array_equal(one.network.parameters, raced.network.parameters)
        assert one.history[-1] == raced.history[-1]
    model.change(step=0.3)  # of the first one alone
    model.advance(1)
    alone[1].advance(1)
    assert np.array_equal(alone[1].network.parameters, model.other.network.parameters)
    model.change(data="blobs", points=[])
    assert model.other.epoch == 0
    assert np.array_equal(model.other.X, Model(**{**common, "data": "blobs"}).X)
    model.change(race=None)
    assert model.other is None


def test_of_a_race_both_networks_are_told(play):
    play.set(race={"optimizer": "Adam", "hidden": (2,)}, discrete=True)
    told(play)
    news, parts = told(play, "step")
    alone = Model(hidden=(2,), optimizer="Adam", epochs=1)
    assert [row[0] for row in news["rows"][1]] == [0, 1]
    assert news["rows"][1][-1][1:] == pytest.approx(alone.losses())
    assert [words.split(",")[0] for words in news["heads"]] == ["2-4-3-1", "2-2-1"]
    sides = np.where(alone.maps()[1] > 0, 254, 0)
    assert np.array_equal(parts["other"].reshape(100, 100)[::-1], sides)
    assert "The other network: {:.3f} and {:.3f}.".format(*alone.losses()) in news["words"]
    for _ in range(700):  # rows are thinned, also of one that is further or has ended
        play.train(1)
    news, _ = told(play, "step")
    assert [len(rows) <= 3 for rows in news["rows"]] == [True, True]
    assert len(told(play)[0]["rows"][1]) > 300
    play.set(race=None)
    news, parts = told(play, "step")
    assert (len(news["rows"]), len(news["heads"]), "other" in parts) == (1, 1, False)


@pytest.mark.parametrize("first", [True, False])
def test_one_that_diverges_says_so_and_the_other_goes_on_alone(play, first):
    fast, slow = {"step": 10.0, "activation": "relu"}, {"step": 0.001, "activation": "relu"}
    one, other = (fast, slow) if first else (slow, fast)
    play.set(data="plane", **one, race={"hidden": (4, 3), **other})
    for _ in range(8):
        play.next_frame()
    news, _ = told(play)
    healthy = Model(data="plane", hidden=(4, 3), **slow, epochs=play.model.epoch)
    raced = play.model.other if first else play.model
    assert play.model.epoch > 8
    assert np.array_equal(raced.network.parameters, healthy.network.parameters)
    assert [each.diverged for each in (play.model, play.model.other)] == [first, not first]
    train, test = healthy.losses()
    if first:
        assert f"no longer a finite number. The other network: {train:.3f} and {test:.3f}. Take " \
               "a smaller" in news["words"]  # fmt: skip
    else:
        assert f"loss {train:.3f} on training data" in news["words"]
        assert "The other network: no finite number." in news["words"]
    assert not news["ended"]
    again = Model(**eval(play.settings, {"playground": dict}))
    for mine, its in zip(play.model.racing, again.racing, strict=True):
        assert mine.network.parameters.tobytes() == its.network.parameters.tobytes()
    play.set(race=None)
    assert play.model.epoch == 0


def test_where_both_diverge_training_ends(play):
    play.set(data="plane", step=10.0, activation="relu", race={"step": 10.0, "activation": "relu"})
    play.train(50)
    epoch = play.model.epoch
    assert told(play, "step")[0]["ended"]
    assert play.model.epoch == epoch < 50


def test_a_race_begins_with_what_is_set_and_ends_again(play):
    play.set(step=0.1, batch=5)
    play.train(3)
    live_figures.button(play, "race").click()
    assert play.settings == (
        "playground(hidden=(4, 3), step=0.1, batch=5, race={'hidden': (4, 3), 'step': 0.1, "
        "'batch': 5})"
    )
    assert "Change one of them" in told(play)[0]["words"]
    play.train(2)
    assert np.array_equal(play.model.network.parameters, play.model.other.network.parameters)
    told(play, "set", setting={"optimizer": "Adam"})
    told(play, "set", setting={"data": "plane", "points": []})
    assert (play.error, play.model.other.setting["data"]) == (None, "plane")
    live_figures.button(play, "race").click()
    assert play.model.other is None


def test_data_without_classes_ends_the_cross_entropy_of_both(play):
    play.set(loss="cross_entropy")
    live_figures.button(play, "race").click()
    told(play, "set", setting={"data": "plane", "points": []})
    assert play.error is None
    assert [one.setting["loss"] for one in (play.model, play.model.other)] == ["squared"] * 2
