"""Training: the same steps as by hand and as PyTorch, stops that keep what was good, accuracy."""

import itertools
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from lecture_utils.numbers import training
from lecture_utils.numbers.convolution import Conv2D, MaxPool2D
from lecture_utils.numbers.datasets import digits, split
from lecture_utils.numbers.layers import Activation, Dense, Dropout, Flatten
from lecture_utils.numbers.losses import LOSSES, accuracy
from lecture_utils.numbers.network import Network
from lecture_utils.numbers.optimizers import SGD, Adam, Momentum, cosine
from lecture_utils.numbers.synthetic import blobs, circles
from lecture_utils.numbers.training import fit, steps
from tests.helpers.oracles import torch
from tests.helpers.strategies import normal, seeds

X, Y = normal((20, 3)), np.arange(20) % 2


def small(seed=0, outputs=2, dtype="float64"):
    return Network([Dense(3, 4), Activation("tanh"), Dense(4, outputs)], seed, dtype=dtype)


def test_one_step_on_all_samples_by_hand():
    # One weight and one bias from 0 on (1, 2), (2, 4): gradient of the mean square is
    # 2 * mean(-y x, -y) = (-10, -6), so a step of 0.1 goes to (1, 0.6).
    network = Network([Dense(1, 1)])
    network.parameters[:] = 0.0
    value = next(steps(network, [[1], [2]], [2, 4], "squared", SGD(0.1), batch=2))
    assert value == 10.0
    np.testing.assert_allclose(network.parameters, [1.0, 0.6])


def test_equal_to_pytorch_over_a_training():
    network = small()
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
    theirs = theirs.double()
    with torch.no_grad():
        for ours, layer in ((network.layers[0], theirs[0]), (network.layers[2], theirs[2])):
            layer.weight.copy_(torch.tensor(ours.W.T.copy()))
            layer.bias.copy_(torch.tensor(ours.b.copy()))
    optimizer, losses = torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.9), []
    for _ in range(15):
        loss = torch.nn.functional.cross_entropy(theirs(torch.tensor(X)), torch.tensor(Y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    history = fit(network, X, Y, optimizer=Momentum(0.1), batch=20, epochs=15)
    np.testing.assert_allclose(history.loss, losses, rtol=1e-10)
    np.testing.assert_allclose(network.predict(X), theirs(torch.tensor(X)).detach(), atol=1e-10)


@given(st.integers(1, 25), st.integers(1, 3))
def test_every_epoch_sees_every_sample_once(batch, epochs):
    seen = []
    network = Network([Dense(1, 1)])
    (layer,) = network.layers
    forward = layer.forward
    layer.forward = lambda X, training=True: (
        (seen.append(X[:, 0].copy()) if training else None) or forward(X, training)
    )
    samples = np.arange(20.0)
    updates = steps(network, samples[:, None], samples, "squared", SGD(1e-6), batch=batch)
    per_epoch = -(-20 // batch)
    for _ in range(epochs * per_epoch):
        next(updates)
    orders = []
    for epoch in range(epochs):
        parts = seen[epoch * per_epoch : (epoch + 1) * per_epoch]
        assert [len(part) for part in parts[:-1]] == [batch] * (per_epoch - 1)
        orders.append(np.concatenate(parts))
        np.testing.assert_array_equal(np.sort(orders[-1]), samples)
    for one, two in itertools.pairwise(orders):
        assert (one != two).any()


@given(seeds)
def test_the_same_seed_gives_the_same_training(seed):
    runs = []
    for _ in range(2):
        network = Network([Dense(3, 4), Dropout(0.3), Dense(4, 2)], seed)
        history = fit(network, X, Y, epochs=2, batch=7, seed=seed)
        runs.append((history.loss, network.parameters))
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    np.testing.assert_array_equal(runs[0][1], runs[1][1])


def test_fit_is_the_steps_and_its_loss_their_mean():
    one, two = small(), small()
    updates = steps(one, X, Y, batch=8)
    values = [next(updates) for _ in range(6)]  # two epochs of 8, 8 and 4 samples
    history = fit(two, X, Y, batch=8, epochs=2)
    np.testing.assert_array_equal(one.parameters, two.parameters)
    weights = np.array([8, 8, 4]) / 20
    np.testing.assert_allclose(history.loss, [weights @ values[:3], weights @ values[3:]])


@pytest.mark.parametrize(("l1", "l2"), [(0.3, 0.0), (0.0, 0.3), (0.2, 0.1)])
def test_penalties_shrink_weights_and_leave_biases(l1, l2):
    plain, penalised = small(), small()
    plain.parameters[:] = penalised.parameters[:] = normal(plain.parameters.shape)
    W = plain.layers[0].W.copy()
    next(steps(plain, X, Y, optimizer=SGD(0.1), batch=20))
    next(steps(penalised, X, Y, optimizer=SGD(0.1), batch=20, l1=l1, l2=l2))
    expected = plain.layers[0].W - 0.1 * (l1 * np.sign(W) + l2 * W)
    np.testing.assert_allclose(penalised.layers[0].W, expected, atol=1e-12)
    for i in (0, 2):
        np.testing.assert_allclose(penalised.layers[i].b, plain.layers[i].b, atol=1e-12)


def test_weight_decay_halves_a_weight_in_the_known_number_of_steps():
    network = Network([Dense(1, 1)])  # data of zeros: nothing but decay
    network.parameters[:] = [1.0, 0.0]
    updates = steps(network, [[0.0]], [0.0], "squared", SGD(0.1), l2=0.01)
    for _ in range(693):  # ln 2 / (0.1 * 0.01)
        next(updates)
    assert network.parameters[0] == pytest.approx(0.5, abs=1e-3)


def test_history_has_a_row_an_epoch_and_judges_the_validation_data():
    network, X_new, y_new = small(), normal((9, 3), seed=5), np.arange(9) % 2
    history = fit(network, X, Y, epochs=3, validation=(X_new, y_new))
    assert history.loss.shape == history.validation_loss.shape == (3,)
    outputs = network.predict(X_new)
    assert history.validation_loss[-1] == LOSSES["cross_entropy"](outputs, y_new)[0]
    assert history.validation_accuracy[-1] == accuracy(outputs, y_new)
    assert repr(history).startswith("History of 3 epochs, loss 0.")
    assert "validation accuracy" in repr(history)


def test_validation_is_never_learned_from():
    one, two = small(), small()
    fit(one, X, Y, epochs=3)
    fit(two, X, Y, epochs=3, validation=(normal((5, 3)), [0, 1, 0, 1, 0]))
    np.testing.assert_array_equal(one.parameters, two.parameters)


@pytest.mark.parametrize("loss", list(LOSSES))
def test_every_loss_trains_and_accuracy_is_for_classes_only(loss):
    points, labels = blobs(60, seed=1)
    y = 2 * labels - 1 if loss in ("hinge", "perceptron") else labels
    network = Network([Dense(2, 2 if loss == "cross_entropy" else 1)])
    history = fit(network, points, y, loss, SGD(0.05), epochs=20, validation=(points, y))
    assert history.loss[-1] < history.loss[0]
    classes = loss in training.CLASSIFIERS
    assert np.isnan(history.validation_accuracy).all() != classes
    if classes:
        assert history.validation_accuracy[-1] > 0.9


def test_on_epoch_gets_the_history_so_far():
    rows = []
    history = fit(small(), X, Y, epochs=4, on_epoch=lambda so_far: rows.append(so_far.loss))
    assert [len(row) for row in rows] == [1, 2, 3, 4]
    np.testing.assert_array_equal(rows[-1], history.loss)


def test_steps_go_on_without_a_warning_when_the_loss_is_lost():
    updates = steps(Network([Dense(1, 1)]), [[10.0]], [1.0], "squared", SGD(1.0))
    values = [next(updates) for _ in range(300)]
    assert not np.isfinite(values[-1])
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        np.float64(1e300) * np.float64(1e300)  # outside, warnings are as they were


def test_two_histories_are_compared_by_what_they_hold():
    one, two = (fit(small(), X, Y, epochs=2) for _ in range(2))
    assert one == one
    assert one == two  # accuracies of nan, too
    assert one != fit(small(seed=1), X, Y, epochs=2)
    assert one != "History"


def test_accuracy_of_chances_counts_those_above_a_half():
    network = Network([Dense(1, 1)])
    network.parameters[:] = [1.0, 0.0]
    data = [[-1.0], [-2.0], [3.0], [4.0]], [0.3, 0.0, 0.7, 0.2]
    history = fit(network, *data, "binary_cross_entropy", SGD(1e-9), epochs=1, validation=data)
    assert history.validation_accuracy[-1] == 0.75


def test_an_interrupt_returns_the_history_so_far(capsys):
    def stop(history):
        if len(history.loss) == 2:
            raise KeyboardInterrupt

    network = small()
    history = fit(network, X, Y, epochs=10, on_epoch=stop)
    assert len(history.loss) == 2
    assert history.stopped == "interrupted after 2 of 10 epochs"
    assert capsys.readouterr().out == history.stopped + "\n"
    assert fit(network, X, Y, epochs=1).stopped == ""


def test_float32_and_whole_numbers():
    network = small(dtype="float32")
    history = fit(network, (10 * X).astype(int), Y.astype(float), epochs=2)
    assert network.parameters.dtype == np.float32
    assert np.isfinite(history.loss).all()


def test_a_network_learns_circles_that_a_line_cannot():
    points, y = circles(200)
    line = Network([Dense(2, 1)])
    bent = Network([Dense(2, 8), Activation("tanh"), Dense(8, 1)])
    for network in (line, bent):
        fit(network, points, y, "binary_cross_entropy", Adam(0.03), epochs=60)
    assert accuracy(line.predict(points), y) < 0.75
    assert accuracy(bent.predict(points), y) > 0.98


def held_out(seed, layers, X, optimizer, epochs):
    X_train, X_test, y_train, y_test = split(X, digits()[1], seed=seed)
    network = Network(layers, seed, input_shape=X.shape[1:], dtype="float32")
    # One thread: beside another busy process, threads that wait for each other cost minutes.
    with threadpool_limits(1):
        fit(network, X_train, y_train, optimizer=optimizer, epochs=epochs, seed=seed)
    return accuracy(network.predict(X_test), y_test)


def test_the_plain_network_reads_97_of_100_digits_it_never_saw():
    layers = [Dense(64, 64), Activation("relu"), Dense(64, 64), Activation("relu"), Dense(64, 10)]
    scores = [held_out(seed, layers, digits()[0], SGD(0.3), 40) for seed in range(5)]
    assert statistics.median(scores) >= 0.97, scores


@pytest.mark.slow
def test_the_convolutional_network_reads_985_of_1000():
    layers = [
        *(Conv2D(1, 16, padding=1), Activation("relu")),
        *(Conv2D(16, 32, padding=1), Activation("relu"), MaxPool2D(2), Dropout(0.25), Flatten()),
        *(Dense(512, 64), Activation("relu"), Dropout(0.5), Dense(64, 10)),
    ]
    X = digits()[0].reshape(-1, 8, 8, 1)
    epochs = 20
    scores = (
        held_out(seed, layers, X, Adam(cosine(0.004, epochs * 43)), epochs) for seed in range(5)
    )
    good = itertools.islice((score for score in scores if score >= 0.985), 3)
    assert len(list(good)) == 3, "then the median is, too"


BAD = [
    (dict(X=np.zeros((3, 4))), r"X must have shape \(n, 3,\) for Dense\(3, 4\), got \(3, 4\)"),
    (dict(X=[[1, 2, np.nan]]), r"X must be finite, row 0"),
    (dict(X=[]), r"X must have at least one row, got shape \(0,\)"),
    (dict(X=3.0), r"X must have at least one row, got shape \(\)"),
    (dict(y=[0, 1]), r"one entry for each row of X, got shapes \(20, 3\) and \(2,\)"),
    (dict(y=1), r"got shapes \(20, 3\) and \(\)"),
    (dict(y=np.full(20, 2)), r"y must hold whole numbers 0 to 1, got 2"),
    (dict(y=["a"] * 20), r"y must hold numbers"),
    (dict(y=np.zeros((20, 3))), r"y must have one target for each output"),
    (dict(loss="mse"), r"loss must be one of squared, .*; got 'mse'"),
    (dict(network=None), r"network must be a Network, got None; try Network"),
    (dict(optimizer=SGD), r"optimizer must be an optimizer, got <class"),
    (dict(seed="one"), r"seed must be a whole number >= 0, got 'one'; try 0"),
    (dict(on_epoch=3), r"on_epoch must be a function of a History, got 3; try print"),
    (dict(optimizer=0.1), r"optimizer must be an optimizer, got 0.1; try SGD\(0.1\)"),
    (dict(batch=0), r"batch must be a whole number >= 1, got 0; try 32"),
    (dict(epochs=2.5), r"epochs must be a whole number >= 1, got 2.5"),
    (dict(l1=-1.0), r"l1 must be >= 0 and finite, got -1.0"),
    (dict(l2=np.inf), r"l2 must be >= 0 and finite, got inf"),
    (dict(validation=X), r"validation must be two arrays, .*; try \(X, y\)"),
    (dict(validation=(X[:2], [0, 5])), r"y must hold whole numbers 0 to 1, got 5"),
]


@pytest.mark.parametrize(("options", "message"), BAD)
def test_bad_input_is_refused_in_one_line_and_nothing_is_trained(options, message):
    network = small()
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=message) as refused:
        fit(**{"network": network, "X": X, "y": Y, **options})
    assert "\n" not in str(refused.value)
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("options", [dict(batch=0), dict(y=[0]), dict(loss="mse")])
def test_steps_refuse_at_the_call_not_at_the_first_step(options):
    with pytest.raises(ValueError, match="must"):
        steps(small(), **{"X": X, "y": Y, **options})
