"""Training that goes astray: it stops with what was good, and goes on with a smaller step."""

import numpy as np
import pytest

from lecture_utils.numbers.layers import Activation, Dense
from lecture_utils.numbers.losses import LOSSES
from lecture_utils.numbers.network import Network
from lecture_utils.numbers.optimizers import OPTIMIZERS, SGD, Averaged
from lecture_utils.numbers.training import fit
from tests.helpers.strategies import normal

X = normal((20, 3))


def small():
    return Network([Dense(3, 4), Activation("tanh"), Dense(4, 1)])


def test_a_loss_that_is_not_finite_stops_with_the_last_good_parameters(capsys):
    network, snapshots = Network([Dense(1, 1)]), []
    data = np.array([[10.0], [20.0]])
    history = fit(network, data, [1.0, 2.0], "squared", SGD(0.5), batch=1, epochs=200,
                  on_epoch=lambda _: snapshots.append(network.parameters.copy()))  # fmt: skip
    said = capsys.readouterr().out
    assert said == history.stopped + "\n"
    assert "try a smaller step" in said
    assert f"epoch {len(history.loss) + 1}:" in said
    assert np.isfinite(history.loss).all()
    assert len(history.loss) > 3
    value = LOSSES["squared"](network.predict(data), [1.0, 2.0])[0]
    assert np.isfinite(value)
    assert any(np.array_equal(network.parameters, kept) for kept in snapshots[-2:])
    assert history.stopped in repr(history)


def test_a_first_epoch_that_fails_leaves_the_network_as_it_was(capsys):
    network = Network([Dense(1, 1)])
    before = network.parameters.copy()
    history = fit(network, [[1e200]], [1.0], "squared", SGD(0.5))
    assert len(history.loss) == 0
    np.testing.assert_array_equal(network.parameters, before)
    assert capsys.readouterr().out.startswith("stopped in epoch 1: the loss is inf")


@pytest.mark.parametrize("scales", [(1e200, 1.0), (1.0, 1e200)])
def test_data_that_are_too_large_for_any_step_are_named(scales):
    y = X @ [1.0, 2.0, 3.0]
    large = [scale * values for scale, values in zip(scales, (X, y), strict=True)]
    said = fit(Network([Dense(3, 1)]), *large, "squared", SGD(1e-300)).stopped
    assert said.endswith("before the first update; try smaller numbers in X and y")
    smaller = [values / np.abs(values).max() for values in large]  # the advice, followed
    assert fit(Network([Dense(3, 1)]), *smaller, "squared", SGD(0.1)).stopped == ""


def test_parameters_that_the_last_update_made_infinite_are_not_kept(capsys):
    network = Network([Dense(1, 1)])
    before = network.parameters.copy()
    history = fit(network, [[1e150]], [1.0], "squared", SGD(1e10), epochs=1)  # its loss: 1e300
    assert history.stopped == capsys.readouterr().out.strip() != ""
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
@pytest.mark.parametrize("around", [lambda optimizer: optimizer, Averaged])
@pytest.mark.parametrize("epochs", [0, 3])
def test_with_a_smaller_step_the_same_optimizer_goes_on_as_the_line_says(name, around, epochs):
    """After a training that went astray, at once or after some good epochs."""
    network, inner = small(), OPTIMIZERS[name](1e-3)
    optimizer, y = around(inner), X @ [1.0, 2.0, 3.0]
    good = [fit(network, X, y, "squared", optimizer, epochs=epochs).loss[-1]] if epochs else []
    before, count = network.parameters.copy(), inner.t
    inner.step = 1e200
    history = fit(network, X, y, "squared", optimizer, batch=5, epochs=60)
    assert history.stopped.endswith("try a smaller step")
    np.testing.assert_array_equal(network.parameters, before)
    assert inner.t == count
    inner.step = 1e-3
    history = fit(network, X, y, "squared", optimizer, batch=5, epochs=20)
    assert history.stopped == ""
    assert history.loss[-1] < min([history.loss[0], *good])
    if around is Averaged:
        assert np.isfinite(optimizer.average).all()


def test_the_schedule_of_an_optimizer_is_the_same_object_after_it_is_put_back():
    class Schedule:
        def __call__(self, t):
            return 1e200

    schedule = Schedule()
    optimizer = SGD(schedule)
    assert fit(small(), X, X[:, 0], "squared", optimizer, epochs=9).stopped
    assert optimizer.step is schedule
    assert optimizer.t == 0
