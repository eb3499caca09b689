"""The playground's line leads to the same weights, whatever was done."""

import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lecture_utils.training_room import past
from lecture_utils.training_room.model import Model
from lecture_utils.training_room.setting import ACTIVATION_MENU, PENALTIES, python_line

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("train"), st.integers(0, 3)),
        st.tuples(st.just("part"), st.integers(1, 4)),  # of an epoch, as when time is up
        st.tuples(st.just("step"), st.sampled_from([0.01, 0.1, 3.0])),
        st.tuples(st.just("batch"), st.integers(1, 30)),
        st.tuples(st.just("optimizer"), st.sampled_from(["SGD", "Adam", "Momentum"])),
        st.tuples(st.just("rate"), st.sampled_from([0.0, 0.01])),
        st.tuples(st.just("schedule"), st.sampled_from(["constant", "1/t", "cosine"])),
        st.tuples(st.just("penalty"), st.sampled_from(PENALTIES)),
        st.tuples(st.just("test"), st.booleans()),
        st.tuples(st.just("weight"), st.floats(-10, 10)),
        st.tuples(st.just("bias"), st.floats(-10, 10)),
        st.tuples(
            st.just("points"),
            st.lists(
                st.tuples(st.integers(0, 50), st.floats(-6, 6), st.just(1.0), st.just(-1.0)),
                max_size=3,
            ),
        ),
        st.tuples(st.just("back"), st.floats(0, 1)),
        st.tuples(st.just("activation"), st.sampled_from(ACTIVATION_MENU)),
    ),
    max_size=12,
)


@given(
    STEPS,
    st.sampled_from(
        [
            {"race": {"hidden": (2,), "optimizer": "Adam"}},
            {"batch": 1},
            {"data": "plane", "activation": "relu", "batch": 2},
        ]
    ),
)
@example(
    [("train", 1), ("part", 1), ("step", 0.1), ("batch", 3), ("part", 2), ("step", 3.0)],
    {"batch": 1, "dropout": 0.2},
)
@example(
    [("train", 1), ("points", [(50, 1.0, 1.0, 1.0)]), ("part", 2), ("points", [])], {"race": {}}
)
@example([("train", 3), ("step", 3.0), ("step", 0.03), ("train", 1)], {})
@example([("train", 3), ("optimizer", "Adam"), ("optimizer", "SGD"), ("train", 1)], {})
@example([("train", 3), ("step", 3.0), ("part", 2), ("back", 0.7), ("part", 1)], {"dropout": 0.2})
@settings(max_examples=60, deadline=None)
def test_whatever_was_done_the_line_leads_to_the_same_weights(todo, first):
    model = Model(hidden=(3,), ratio=0.1, **first)
    for what, value in todo:
        if what == "train":
            model.advance(value)
        elif what == "part":
            with pytest.MonkeyPatch.context() as patch:  # a clock that stops after some looks
                clock = iter([0.0] * (value + 1) + [1.0] * 1000)
                patch.setattr(time, "perf_counter", lambda clock=clock: next(clock))
                model.advance(1, seconds=0.5)
        elif what in ("weight", "bias"):
            model.set_weight(0, 1 if what == "weight" else "bias", 2, value)
        elif what == "back":
            model.go_back(int(model.epoch * value))
        else:
            model.change(**{what: value})
    text = python_line(model.so_far)
    again = eval(text, {"playground": lambda **setting: Model(**setting)})
    assert again.network.parameters.tobytes() == model.network.parameters.tobytes()
    assert (again.time, again.diverged) == (model.time, model.diverged)
    assert python_line(again.so_far) == text
    for each in (model, again):
        each.advance(2)
    if model.other:
        assert again.other.network.parameters.tobytes() == model.other.network.parameters.tobytes()
        assert again.other.epoch == model.other.epoch
    assert again.network.parameters.tobytes() == model.network.parameters.tobytes()


def test_the_line_is_short_where_nothing_was_changed_on_the_way():
    model = Model(hidden=(3,), epochs=4)
    model.change(step=0.1)
    model.restart()
    model.change(batch=5)
    model.advance(3)
    assert python_line(model.so_far) == "playground(hidden=(3,), step=0.1, batch=5, epochs=3)"
    for value in (1.0, 2.0, 3.0):
        model.set_weight(0, 0, 0, value)  # a slider on its way
    assert python_line(model.so_far).endswith("epochs=3, changes=((3, (0, 0, 0), 3.0),))")


@pytest.mark.parametrize("more", [{}, {"dropout": 0.3, "optimizer": "Adam", "step": 0.01}])
def test_one_goes_back_to_what_was(more):
    model = Model(hidden=(3,), ratio=0.1, **more)
    model.advance(2)
    model.change(points=[(0, 1.0, 2.0, 1.0)])
    model.set_weight(0, 1, 2, 0.5)
    model.advance(3)
    then = model.network.parameters.copy(), model.X.copy(), model.setting["batch"], model.losses()
    model.advance(2)
    model.change(step=0.1, batch=3, points=[], discrete=True)
    model.advance(2)
    later = model.network.parameters.copy()
    model.go_back(5)
    assert np.array_equal(model.network.parameters, then[0])
    assert np.array_equal(model.X, then[1])
    assert (model.setting["batch"], model.losses(), model.epoch) == (*then[2:], 5)
    assert model.setting["discrete"]  # how it is looked at stays
    model.advance(2)
    model.change(step=0.1, batch=3, points=[])
    model.advance(2)
    assert np.array_equal(model.network.parameters, later)
    model.go_back(100)
    assert model.epoch == 9


ROADS = [
    {"optimizer": "Adam", "step": 0.01, "dropout": 0.3, "schedule": "cosine"},
    {"optimizer": "Momentum", "schedule": "1/t", "batch": 7, "penalty": "L2", "rate": 0.01},
    {"race": {"hidden": (2,), "optimizer": "Adam", "dropout": 0.5, "batch": 3}},
    {"data": "plane", "activation": "relu", "step": 1.0, "race": {"step": 0.001}},  # the first ends
]


@pytest.mark.parametrize("first", ROADS)
def test_a_state_that_is_kept_is_what_training_again_gives(first, monkeypatch):
    """Also after changes on the way, and where most states have been let go."""
    monkeypatch.setattr(past, "MOST", 5)
    model = Model(**{"hidden": (3,), "ratio": 0.1, **first})
    model.advance(6)
    model.change(step=0.02, points=[(0, 1.0, 2.0, 1.0)])
    model.set_weight(0, 1, 2, 0.5)
    model.advance(5)
    model.change(optimizer="AdaGrad", batch=4)
    model.advance(12)
    model.change(points=[])
    model.advance(7)
    line = model.so_far
    for epoch in (29, 28, 24, 17, 13, 11, 10, 6, 5, 0):
        model.go_back(epoch)
        rows = [row for row in line["changes"] if row[0] <= epoch]
        again = Model(**{**line, "epochs": epoch, "changes": rows})
        assert (model.epoch, again.epoch) == (epoch, epoch)
        for one, other in zip(model.racing, again.racing, strict=True):
            assert one.network.parameters.tobytes() == other.network.parameters.tobytes()
            assert one.history[-1] == pytest.approx(other.history[-1], nan_ok=True)
            assert (one.setting["points"], one.ended) == (other.setting["points"], other.ended)
            assert [row[0] for row in one.history] == sorted({row[0] for row in one.history})
            assert one.optimizer.t == other.optimizer.t
            assert one._order.bit_generator.state == other._order.bit_generator.state
            assert one.gradient_sizes() == pytest.approx(other.gradient_sizes(), nan_ok=True)
        assert python_line(model.so_far) == python_line(again.so_far)
        assert len(model._past.kept) <= 5


def test_to_go_back_little_is_trained_again_however_long_it_was(monkeypatch):
    trained, learn = [], Model._learn
    monkeypatch.setattr(
        Model, "_learn", lambda model, *what: (trained.append(model), learn(model, *what))
    )
    model = Model(data="blobs", hidden=(), batch=30, ratio=0.1, race={})
    model.advance(1000)
    assert 25 < len(model._past.kept) <= past.MOST
    for epoch in (999, 998, 997, 500, 3):
        trained.clear()
        model.go_back(epoch)
        assert len(trained) <= 2 * 32 + 1
        assert (model.epoch, model.other.epoch) == (epoch, epoch)
        assert len(model._past.kept) <= past.MOST


@pytest.mark.parametrize("change", [
    {"data": "xor"}, {"noise": 0.2}, {"ratio": 0.7}, {"seed": 1}, {"features": ["x1"]},
    {"hidden": [3]}, {"activation": "relu"}, {"init": "he"}, {"dropout": 0.2},
    {"loss": "cross_entropy"}])  # fmt: skip
def test_what_concerns_more_begins_again(change):
    model = Model()
    model.advance(3)
    model.change(**change)
    assert model.epoch == 0
    assert np.array_equal(model.network.parameters, Model(**change).network.parameters)


def test_the_time_limit_stops_within_an_epoch_and_loses_no_update():
    model, whole = Model(data="plane", batch=1), Model(data="plane", batch=1)
    while model.epoch < 1:
        model.advance(1, seconds=0.0001)
    whole.advance(1)
    assert np.array_equal(model.network.parameters, whole.network.parameters)
