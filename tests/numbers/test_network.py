"""The network: one vector that all layers view, sizes that fit, gradients that are right."""

import contextlib
import copy
import inspect
import itertools
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given

from lecture_utils.numbers.convolution import Conv2D, MaxPool2D
from lecture_utils.numbers.differences import check_gradient
from lecture_utils.numbers.layers import Activation, Dense, Dropout, Flatten
from lecture_utils.numbers.losses import LOSSES
from lecture_utils.numbers.network import Network
from tests.helpers.oracles import torch
from tests.helpers.strategies import normal, seeds, sizes


def mlp(*widths, activation="tanh", **options):
    layers = []
    for inputs, outputs in itertools.pairwise(widths):
        layers += [Dense(inputs, outputs), Activation(activation)]
    return Network(layers[:-1], **options)


def convolutional(**options):
    return Network(
        [
            Conv2D(1, 3, padding=1),
            Activation("tanh"),
            MaxPool2D(2),
            Conv2D(3, 4, kernel=2),
            Activation("softplus"),
            Flatten(),
            Dense(36, 3),
        ],
        input_shape=(8, 8, 1),
        **options,
    )


TARGETS = {
    "squared": normal((5, 3), seed=8),
    "absolute": normal((5, 3), seed=8),
    "huber": normal((5, 3), seed=8),
    "cross_entropy": np.array([0, 2, 1, 1, 0]),
    "binary_cross_entropy": np.random.default_rng(8).integers(0, 2, (5, 3)),
    "hinge": np.sign(normal((5, 3), seed=8)),
    "perceptron": np.sign(normal((5, 3), seed=8)),
}


@pytest.mark.parametrize("name", list(LOSSES))
@pytest.mark.parametrize("make", [lambda: mlp(4, 6, 5, 3), convolutional])
def test_gradient_of_every_loss_is_the_measured_one(make, name):
    network = make()
    X = normal((5, *network.shapes[0]), seed=2)

    def loss(_):
        return LOSSES[name](network.forward(X), TARGETS[name])

    network.backward(loss(None)[1])
    found = check_gradient(lambda _: loss(_)[0], network.gradient, network.parameters)
    assert found.error < 1e-6, found


@given(seeds, sizes, sizes)
def test_batch_gradient_is_the_mean_of_the_gradients_of_batches_of_one(seed, n, width):
    network, X = mlp(3, width, 2, seed=seed), normal((n, 3), seed)
    y = np.random.default_rng(seed).integers(0, 2, n)

    def gradient(rows):
        network.backward(LOSSES["cross_entropy"](network.forward(X[rows]), y[rows])[1])
        return network.gradient.copy()

    alone = [gradient(slice(i, i + 1)) for i in range(n)]
    np.testing.assert_allclose(gradient(slice(None)), np.mean(alone, axis=0), atol=1e-13)


@given(seeds)
def test_backward_is_linear_in_what_comes_down(seed):
    network, X = mlp(3, 5, 2, activation="relu", seed=seed), normal((4, 3), seed)
    network.forward(X)
    one, two, gradients = normal((4, 2), seed), normal((4, 2), seed + 1), []
    for dout in (one, two, one - 2.0 * two):
        network.backward(dout)
        gradients.append(network.gradient.copy())
    np.testing.assert_allclose(gradients[2], gradients[0] - 2.0 * gradients[1], atol=1e-12)


def test_equal_to_pytorch():
    network, X, y = mlp(6, 8, 7, 4, activation="relu"), normal((9, 6)), np.arange(9) % 4
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    theirs = torch.nn.Sequential(
        torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 7), torch.nn.ReLU(),
        torch.nn.Linear(7, 4),
    ).double()  # fmt: skip
    linear = [module for module in theirs if isinstance(module, torch.nn.Linear)]
    with torch.no_grad():
        for ours, layer in zip(dense, linear, strict=True):
            layer.weight.copy_(torch.tensor(ours.W.T.copy()))
            layer.bias.copy_(torch.tensor(ours.b.copy()))
    out = theirs(torch.tensor(X))
    torch.nn.functional.cross_entropy(out, torch.tensor(y)).backward()
    np.testing.assert_allclose(network.forward(X), out.detach(), atol=1e-13)
    network.backward(LOSSES["cross_entropy"](network.forward(X), y)[1])
    for ours, layer in zip(dense, linear, strict=True):
        np.testing.assert_allclose(ours.dW, layer.weight.grad.T, atol=1e-13)
        np.testing.assert_allclose(ours.db, layer.bias.grad, atol=1e-13)


def test_xor_by_hand():
    # h1 = relu(x1 + x2), h2 = relu(x1 + x2 - 1), y = h1 - 2 h2
    network = mlp(2, 2, 1, activation="relu")
    network.parameters[:] = [1, 1, 1, 1, 0, -1, 1, -2, 0]
    np.testing.assert_array_equal(network.layers[0].W, [[1, 1], [1, 1]])
    np.testing.assert_array_equal(network.layers[2].W, [[1], [-2]])
    out = network.predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(out.ravel(), [0, 1, 1, 0])


def test_linear_layers_collapse_to_one():
    network = mlp(4, 5, 6, 3, activation="identity")
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    X, W = normal((7, 4)), dense[0].W @ dense[1].W @ dense[2].W
    np.testing.assert_allclose(network.predict(X), X @ W, atol=1e-12)


def test_layers_view_the_long_vectors():
    network = convolutional()
    assert network.parameters.size == network.gradient.size == 3 * 9 + 3 + 4 * 12 + 4 + 36 * 3 + 3
    layer = network.layers[0]
    network.parameters[:] = 7.0
    assert (layer.W == 7.0).all()
    layer.b[:] = 3.0
    assert (network.parameters == 3.0).sum() == 3
    for view, whole in ((layer.dW, network.gradient), (layer.W, network.parameters)):
        assert np.shares_memory(view, whole)


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_a_copy_is_whole_and_apart(twin):
    network = mlp(3, 4, 2)
    other = twin(network)
    other.parameters[:] = 0.0
    assert (other.layers[0].W == 0.0).all()
    assert (network.layers[0].W != 0.0).any()
    other.forward(normal((2, 3)))
    other.backward(np.ones((2, 2)))
    assert (other.gradient != 0.0).any()
    assert (network.gradient == 0.0).all()


def test_a_layer_named_twice_is_two_layers():
    dense = Dense(3, 3)
    network, again = Network([dense, dense]), Network([dense])
    first, second = network.layers
    assert not np.shares_memory(first.W, second.W)
    again.parameters[:] = 0.0  # the third has its own vector too
    assert (first.W != 0.0).all()
    assert (second.W != 0.0).all()


def test_the_same_seed_draws_the_same_weights_in_both_float_types():
    one, two, other = mlp(3, 4, 2, seed=1), mlp(3, 4, 2, seed=1), mlp(3, 4, 2, seed=2)
    np.testing.assert_array_equal(one.parameters, two.parameters)
    assert (one.parameters != other.parameters).any()
    single = mlp(3, 4, 2, seed=1, dtype="float32")
    np.testing.assert_array_equal(single.parameters, one.parameters.astype(np.float32))
    # the same on every machine: seed 1, drawn once
    np.testing.assert_allclose(one.parameters[:3], [0.282168, 0.670848, 0.269801], atol=1e-6)


def test_float32_stays_float32():
    network = convolutional(dtype="float32")
    out = network.forward(normal((2, 8, 8, 1)))
    assert out.dtype == np.float32
    value, dout = LOSSES["cross_entropy"](out, [0, 1])
    network.backward(dout)
    for layer in network.layers:
        for kept in ("a", "z", "x", "seen", "top", "W", "dW"):
            assert getattr(layer, kept, out).dtype == np.float32
    assert type(value) is float


def test_prediction_is_the_same_in_parts_without_dropout_and_takes_whole_numbers():
    network = Network([Dense(2, 5), Dropout(0.5), Dense(5, 1)])
    X = np.arange(20).reshape(10, 2)
    whole = network.predict(X)
    np.testing.assert_allclose(network.predict(X, rows=3), whole, rtol=1e-14)
    np.testing.assert_allclose(network.forward(X, training=False), whole, rtol=1e-14)
    assert (network.forward(X) != whole).any()


def test_prediction_between_forward_and_backward_does_no_harm():
    network, X = mlp(3, 4, 2), normal((5, 3))
    network.forward(X)
    network.backward(np.ones((5, 2)))
    expected = network.gradient.copy()
    network.forward(X)
    network.predict(normal((5, 3), seed=9))
    network.backward(np.ones((5, 2)))
    np.testing.assert_array_equal(network.gradient, expected)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([Dense(3, 2)], (3,)),
        ([Activation("sigmoid")], (3,)),
        ([Dropout(0.3), Dense(3, 2), Activation("tanh")], (3,)),
        ([Dense(3, 2), Activation("softmax")], (3,)),
        ([Conv2D(1, 2, kernel=1), Flatten(), Activation("gelu")], (2, 2, 1)),
        ([MaxPool2D(1), Flatten(), Dense(4, 2)], (2, 2, 1)),
    ],
    ids=str,
)
def test_what_the_caller_does_with_samples_and_outputs_changes_no_gradient(layers, shape):
    gradients = []
    for spoil in (False, True):
        network = Network(layers, input_shape=shape)
        X = normal((5, *shape))
        out = network.forward(X)
        dout = 2.0 * out
        if spoil:
            X[:] = 7.0
            out[:] = 7.0
        network.backward(dout)
        inner = [layer.backward(np.ones((5, *after))) for layer, after in
                 zip(network.layers, network.shapes[1:], strict=True)]  # fmt: skip
        gradients.append([network.gradient.copy(), *inner])
    for one, two in zip(*gradients, strict=True):
        np.testing.assert_array_equal(one, two)


def test_torn_files_are_refused_in_one_line_and_fill_nothing(tmp_path):
    network, path = mlp(3, 4, 2), tmp_path / "kept.npz"
    network.save(path)
    whole, before = path.read_bytes(), network.parameters.copy()
    for cut in range(0, len(whole), 31):
        for torn in (whole[:cut], whole[cut + 1 :]):
            path.write_bytes(torn)
            with pytest.raises(ValueError, match="must be a file that a network saved; try") as no:
                network.load(path)
            assert "\n" not in str(no.value)
        path.write_bytes(whole[:cut] + b"?" + whole[cut + 1 :])
        with contextlib.suppress(ValueError):  # a byte may be one that says nothing
            network.load(path)
        np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize(
    "parameters", [np.zeros(3), np.zeros((26, 1)), np.float64(0.0), np.array(["a"] * 26)]
)
def test_parameters_of_another_shape_are_refused(tmp_path, parameters):
    network = mlp(3, 4, 2)
    np.savez(tmp_path / "kept.npz", parameters=parameters, layers=repr(network))
    with pytest.raises(ValueError, match=r"kept.npz must .*; try network.save\(path\)") as refused:
        network.load(tmp_path / "kept.npz")
    assert "\n" not in str(refused.value)


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    network, path = mlp(3, 4, 2), tmp_path / "kept.npz"
    network.save(path)
    whole = path.read_bytes()

    def full(file, **arrays):
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        network.save(path)
    assert path.read_bytes() == whole
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("path", [None, 3.5, "a\0b", b"kept"])
def test_what_is_no_name_of_a_file_is_refused(path):
    for act in (mlp(3, 2).save, mlp(3, 2).load):
        with pytest.raises(ValueError, match=r"path must be the name of a file.*try 'network.npz'"):
            act(path)


def test_save_and_load(tmp_path):
    network, other = mlp(3, 4, 2, seed=1), mlp(3, 4, 2, seed=2)
    network.save(tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    other.load(tmp_path / "kept")
    np.testing.assert_array_equal(network.parameters, other.parameters)
    assert (other.layers[0].W == network.layers[0].W).all()
    np.savez(tmp_path / "other.npz", a=1)
    np.save(tmp_path / "array.npy", np.zeros(3))
    (tmp_path / "text").write_text("hello", encoding="utf-8")
    for filled, name, message in (
        (mlp(3, 5, 2), "kept", r"kept must hold the network that is to be filled, got 'Network of"),
        (mlp(3, 4, 2, activation="relu"), "kept",
         r"""got 'Activation\("tanh"\) +\(4,\)' for 'Activation\("relu"\)"""),
        (network, "other.npz", r"must be a file that a network saved; try network.save"),
        (network, "array.npy", r"must be a file that a network saved"),
        (network, "text", r"must be a file that a network saved"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=message) as refused:
            filled.load(tmp_path / name)
        assert "\n" not in str(refused.value)


def test_repr_shows_shapes_and_counts():
    assert repr(convolutional()) == (
        "Network of 193 parameters, float64\n"
        "  input                                         (8, 8, 1)\n"
        "  Conv2D(1, 3, kernel=3, stride=1, padding=1)   (8, 8, 3)   30\n"
        '  Activation("tanh")                            (8, 8, 3)\n'
        "  MaxPool2D(2, stride=2)                        (4, 4, 3)\n"
        "  Conv2D(3, 4, kernel=2, stride=1, padding=0)   (3, 3, 4)   52\n"
        '  Activation("softplus")                        (3, 3, 4)\n'
        "  Flatten()                                     (36,)\n"
        "  Dense(36, 3)                                  (3,)       111"
    )


@pytest.mark.parametrize(
    ("layers", "options", "message"),
    [
        ([Dense(64, 32), Dense(16, 10)], {},
         r"layer 2 must fit onto layer 1, Dense\(64, 32\), which gives shape \(32,\), but "
         r"Dense\(16, 10\) takes samples of shape \(16,\); try Dense\(32, 10\)"),
        ([Dense(4, 3), Activation("relu"), Dense(4, 1)], {},
         r"layer 3 must fit onto layer 2, Activation\(\"relu\"\), which gives shape \(3,\)"),
        ([Conv2D(1, 8), Dense(288, 10)], {"input_shape": (8, 8, 1)},
         r"which gives shape \(6, 6, 8\), but Dense.*try Flatten\(\) between"),
        ([Dense(64, 9), Conv2D(1, 8)], {}, r"Conv2D.* takes samples of shape \(height, width, 1\)"),
        ([Conv2D(3, 8)], {"input_shape": (8, 8, 1)},
         r"layer 1 must fit onto the input, which gives shape \(8, 8, 1\)"),
        ([Conv2D(1, 8, kernel=9)], {"input_shape": (8, 8, 1)}, r"pictures of at least 9 x 9"),
        ([MaxPool2D(2), MaxPool2D(2)], {"input_shape": (2, 2, 1)}, r"layer 2 must fit onto"),
        ([Dense(3, 2)], {"input_shape": (4,)}, r"layer 1 must fit onto the input"),
        ([Conv2D(1, 8)], {}, r"input_shape must be given when the first layer is Conv2D"),
        ([], {}, r"layers must be a list of layers, got \[\]; try \[Dense\(64, 10\)\]"),
        (["relu"], {}, r"layers must be a list of layers"),
        (None, {}, r"layers must be a list of layers, got None"),
        (Dense(2, 1), {}, r"layers must be a list of layers, got Dense\(2, 1\); try"),
        ([mlp(2, 1)], {}, r"layers must be a list of layers, got \[Network of 3"),
        ([Dense(2, 1)], {"seed": "one"}, r"seed must be a whole number >= 0, got 'one'; try 0"),
        ([Flatten()], {"input_shape": (2.5,)}, r"input_shape must be a whole number >= 1, got 2.5"),
        ([Flatten()], {"input_shape": (8, 0)}, r"input_shape must be a whole number >= 1, got 0"),
        ([Dense(2, 1)], {"init": "glorot"}, r"init must be one of he, xavier, plain; got 'glorot'"),
        ([Dense(2, 1)], {"dtype": "int"}, r"dtype must be one of float64, float32; got 'int'"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_construction(layers, options, message):
    with pytest.raises(ValueError, match=message) as refused:
        Network(layers, **options)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((5, 4)), r"X must have shape \(n, 3,\) for Dense\(3, 4\), got \(5, 4\); try"),
        (np.zeros(3), r"X must have shape \(n, 3,\)"),
        ([], r"X must have at least one row, got shape \(0,\)"),
        (1.0, r"X must have at least one row, got shape \(\)"),
        ([[1.0, np.nan, 2.0]], r"X must be finite, row 0 holds nan"),
        ([["a", "b", "c"]], r"X must hold numbers"),
        ([[1.0], [1.0, 2.0]], r"X must hold numbers in rows of one length"),
    ],
)
def test_bad_samples_are_refused_in_one_line(X, message):
    with pytest.raises(ValueError, match=message) as refused:
        mlp(3, 4, 2).predict(X)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("rows", [0, -1, 2.5])
def test_a_bad_number_of_rows_is_refused(rows):
    with pytest.raises(ValueError, match=r"rows must be a whole number >= 1, got"):
        mlp(3, 4, 2).predict(np.zeros((5, 3)), rows)


@pytest.mark.parametrize("X", [[["a", "b", "c"]], [[1.0], [1.0, 2.0]]])
def test_forward_refuses_what_are_no_numbers(X):
    with pytest.raises(ValueError, match=r"X must hold numbers in rows of one length"):
        mlp(3, 4, 2).forward(X)


@pytest.mark.parametrize("shape", [(5, 1), (1, 2), (4, 2), (5, 3), (2,), ()])
def test_backward_takes_no_other_shape_than_that_of_the_outputs(shape):
    network = mlp(3, 4, 2)
    network.layers.append(Activation("relu"))  # where NumPy would stretch a row without a word
    with pytest.raises(ValueError, match=r"dout must have the shape of outputs.*try forward first"):
        network.backward(np.ones((5, 2)))
    network.forward(normal((5, 3)))
    network.predict(normal((4, 3)))
    with pytest.raises(ValueError, match=r"the last outputs in training, \(5, 2\), got") as refused:
        network.backward(np.ones(shape))
    assert "\n" not in str(refused.value)
    network.backward(np.ones((5, 2), int).tolist())  # a list of whole numbers will do


@pytest.mark.parametrize("method", [Network.up, Network.down])
def test_a_pass_fits_on_a_slide(method):
    lines = inspect.getsource(method).splitlines()
    assert len(lines) < 10
    assert any("#" in line and "(n, " in line for line in lines)


def test_numbers_work_where_there_is_no_screen():
    code = """
import sys
for name in ("matplotlib", "ipywidgets", "IPython"):
    sys.modules[name] = None  # importing it raises ImportError
from lecture_utils import Dense, Network, digits, fit
X, y = digits()
print(fit(Network([Dense(64, 10)]), X, y, epochs=1).loss[0] < 2.0)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "True", run.stderr
