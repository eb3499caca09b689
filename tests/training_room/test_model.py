"""The playground without a page: data, training, maps, code, and its one line."""

import numpy as np
import pytest
from hypothesis import given, settings

from lecture_utils import SGD, Network, fit, numerical
from lecture_utils.numbers.losses import LOSSES
from lecture_utils.training_room import model as room
from lecture_utils.training_room.model import GRID, SIDE, Model
from lecture_utils.training_room.numpy_code import PYTHON, code
from lecture_utils.training_room.setting import (
    ACTIVATION_MENU,
    DATA,
    FIRST,
    LOSS,
    PENALTIES,
)
from tests.training_room.test_setting import SETTINGS


@given(SETTINGS)
@settings(max_examples=30, deadline=None)
def test_whatever_the_setting_training_goes_on_or_says_that_it_diverged(setting):
    model = Model(**setting)
    done = model.advance(2, seconds=0.2)
    hidden, output = model.maps()
    assert output.shape == (SIDE, SIDE)
    assert [a.shape for a in hidden] == [(SIDE, SIDE, n) for n in model.setting["hidden"]]
    assert model.diverged or done == model.epoch
    assert model.diverged or np.isfinite(model.history).all()
    assert len(model.gradient_sizes()) == len(model.dense) == len(hidden) + 1


@pytest.mark.parametrize(("name", "after"), [("1/t", 0.005), ("cosine", 0.0), ("constant", 0.01)])
def test_a_schedule_lowers_the_learning_rate(name, after):
    """After 100 epochs a weight still moves by so much times its gradient."""
    model = Model(data="plane", hidden=(), step=0.01, schedule=name, epochs=100)
    before = model.network.parameters.copy()
    model._train(100 + 1 / 60)  # an update
    moved, gradient = before - model.network.parameters, model.network.gradient
    np.testing.assert_allclose(moved, after * gradient, atol=1e-12)


def test_a_refused_change_changes_nothing():
    model = Model()
    model.advance(2)
    with pytest.raises(ValueError, match="batch must be at most 30"):
        model.change(step=0.1, batch=31)
    assert model.setting == FIRST
    assert model.epoch == 2


def test_an_epoch_is_what_fit_makes_of_it():
    model = Model(hidden=(8, 8), data="plane", seed=3)
    network = Network(model.network.layers, seed=3, init="xavier")
    assert np.array_equal(network.parameters, model.network.parameters)
    fit(network, model.features(model.X), model.y, "squared", SGD(0.03), batch=10, epochs=4, seed=3)
    assert model.advance(4) == 4
    assert np.array_equal(network.parameters, model.network.parameters)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("loss", LOSS)
def test_the_maps_are_what_the_network_says_of_the_plane(data, loss):
    if loss == "cross_entropy" and not DATA[data][1]:
        return
    model = Model(data=data, loss=loss, hidden=(5, 3), dropout=0.5, features=("x2", "x1 x2"))
    model.advance(3)
    hidden, output = model.maps()
    for i, j in ((0, 0), (17, 80), (99, 99)):
        x1, x2 = GRID[j], GRID[i]
        a = np.array([x2, x1 * x2])
        for k, layer in enumerate(model.dense[:-1]):
            a = np.tanh(a @ layer.W + layer.b)
            assert hidden[k][i, j] == pytest.approx(a, abs=1e-5)
        z = (a @ model.dense[-1].W + model.dense[-1].b)[0]
        if loss == "cross_entropy":
            z = 2.0 / (1.0 + np.exp(-z)) - 1.0
        elif DATA[data][1]:
            z = np.tanh(z)
        assert output[i, j] == pytest.approx(z, abs=1e-5)


@pytest.mark.parametrize("activation", ACTIVATION_MENU)
@pytest.mark.parametrize(("data", "loss"), [("bumps", "squared"), ("xor", "squared"),
                                            ("xor", "cross_entropy")])  # fmt: skip
def test_the_code_gives_the_same_outputs_and_gradients(activation, data, loss):
    assert set(PYTHON) == set(ACTIVATION_MENU)
    model = Model(data=data, loss=loss, activation=activation, hidden=(4, 3, 2),
                  features=("x1", "x2^2", "sin x1"), step=0.001)  # fmt: skip
    model.advance(3)
    program = {}
    exec(code(model), program)
    inputs, (x1, x2) = model.features(model.X), model.X.T
    assert program["predict"](x1, x2) == pytest.approx(model.network.predict(inputs), rel=1e-9)
    y = model._targets(model.y)
    network, formula = model.network, LOSSES[model._loss].formula
    network.backward(formula(network.forward(inputs), y[:, None])[1])
    found = [part for pair in program["gradients"](x1, x2, y) for part in (pair,)]
    flat = np.concatenate([np.ravel(part) for part in found])
    assert flat == pytest.approx(network.gradient, rel=1e-7, abs=1e-12)


def test_the_gradients_of_the_code_are_finite_differences():
    model = Model(hidden=(3,))
    program = {}
    exec(code(model), program)
    x1, x2 = model.X.T

    def loss(W):
        program["W1"] = W
        return float(np.mean((program["predict"](x1, x2)[:, 0] - model.y) ** 2))

    slope = program["gradients"](x1, x2, model.y)[0]
    assert numerical(loss, program["W1"].copy()) == pytest.approx(slope, rel=1e-5, abs=1e-8)


def test_a_weight_set_by_hand_is_used_at_once():
    model = Model(hidden=(2,))
    before = model.losses()[0]
    model.set_weight(0, 1, 0, 5.0)
    model.set_weight(1, "bias", 0, -1.0)
    assert model.dense[0].W[1, 0] == 5.0
    assert model.dense[1].b[0] == -1.0
    assert model.losses()[0] != before
    assert model.history[-1][1] == model.losses()[0]


@pytest.mark.parametrize("change", [{"step": 0.1}, {"batch": 3}, {"optimizer": "Adam"},
                                    {"penalty": "L2", "rate": 0.01}])  # fmt: skip
def test_what_concerns_the_updates_only_goes_on_training(change):
    model, other = Model(), Model()
    for each in (model, other):
        each.advance(3)
    weights = model.network.parameters.copy()
    model.change(**change)
    assert model.epoch == 3
    assert np.array_equal(model.network.parameters, weights)
    other.change(test=True)
    for each in (model, other):
        each.advance(2)
    assert not np.array_equal(model.network.parameters, other.network.parameters)


def test_penalties_shrink_weights():
    free, l1, l2 = (Model(data="blobs", penalty=p, rate=0.1) for p in PENALTIES)
    sizes = []
    for model in (free, l1, l2):
        model.advance(30)
        sizes.append(sum(np.abs(layer.W).sum() for layer in model.dense))
    assert sizes[1] < sizes[0]
    assert sizes[2] < sizes[0]


def test_a_step_too_large_is_said_and_a_restart_helps():
    model = Model(data="plane", step=10.0, activation="relu")
    model.advance(50)
    assert model.diverged
    assert model.advance(1) == 0
    model.change(step=0.01)
    model.restart()
    assert model.advance(5) == 5
    assert not model.diverged


def test_a_loss_too_large_for_a_number_is_no_warning():
    for data in ("plane", "xor"):
        model = Model(data=data, activation="relu", hidden=(4, 4))
        model.network.parameters *= 1e120
        assert data == "xor" or not all(np.isfinite(model.losses()))
        assert data == "plane" or len(model.right()) == 2


def test_the_history_stays_short_and_keeps_first_and_last():
    model = Model(data="blobs", hidden=(), batch=30, ratio=0.1)
    for _ in range(1500):
        model.advance(1)
    epochs = [row[0] for row in model.history]
    assert len(epochs) <= 600
    assert (epochs[0], epochs[-1]) == (0, 1500)
    assert epochs == sorted(set(epochs))


def test_the_lowest_test_loss_stays_in_the_history(monkeypatch):
    monkeypatch.setattr(room, "KEPT", 20)
    model, seen = Model(data="xor", noise=0.5, ratio=0.1, hidden=(8, 8), step=0.3, batch=5), []
    for _ in range(150):
        model.advance(1)
        seen.append((model.losses()[1], model.epoch))
    assert min(seen)[1] < 140
    assert min((row[2], row[0]) for row in model.history) == min(seen)


def test_that_no_gradient_reaches_a_weight_is_noticed():
    """By all the training data: a single point may well lie where a neuron gives 0."""
    model = Model(hidden=(1,), activation="relu", batch=1)
    model.advance(1)
    assert any(not any(_after_an_update(model)) for _ in range(50))
    assert not model.stuck
    model.set_weight(0, "bias", 0, -10.0)
    for i in range(2):
        model.set_weight(0, i, 0, 0.0)
    assert not model.gradient_sizes()[0]
    model.advance(2)
    assert model.stuck
    model.set_weight(0, "bias", 0, 1.0)
    assert not model.stuck
    solved = Model(data="blobs", hidden=(), noise=0.0)
    for i in range(2):
        solved.set_weight(0, i, 0, 1e4)
    solved.advance(1)
    assert solved.losses()[0] == 0.0
    assert not solved.stuck


def _after_an_update(model):
    model._learn(1)
    return model.gradient_sizes()


def test_spirals_can_be_learned():
    model = Model(data="spirals", hidden=(8, 8), optimizer="Adam", step=0.01, noise=0.0,
                  loss="cross_entropy", ratio=0.8)  # fmt: skip
    model.advance(150)
    assert model.right()[0] > 0.95
