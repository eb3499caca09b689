"""Calls that the numbers refuse, with what to do where the advice is in words."""

import tempfile
from decimal import Decimal
from pathlib import Path

import numpy as np

import lecture_utils
from lecture_utils import (
    ACTIVATIONS,
    LOSSES,
    SGD,
    Activation,
    AdamW,
    Averaged,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    History,
    MaxPool2D,
    Momentum,
    Network,
    accuracy,
    check_gradient,
    cosine,
    descent_path,
    fit,
    income_debt,
    least_squares,
    logistic_regression,
    numerical,
    one_over_t,
    perceptron,
    photograph,
    softmax,
    softmax_regression,
    split,
    synthetic,
)


class Frame:
    """As much of a table of pandas as matters: an array that has no methods of one."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)

    def __len__(self):
        return len(self.values)


def dense(X):
    return Network([Dense(2, 3)]).predict(X)


def trained(**options):
    X, y = [[0.0, 1.0], [1.0, 0.0]], [0, 1]
    given = {"network": Network([Dense(2, 2)]), "X": X, "y": y, "epochs": 1, **options}
    return fit(**given)


def updated(parameters, gradient=(1.0, 1.0), step=0.1):
    SGD(step).update(parameters, gradient)


def sent_down(dout, first=None):
    network = Network([Dense(2, 2)])
    if first is not None:
        dout = LOSSES["cross_entropy"](network.forward(first), [0, 1])[1]
    network.backward(dout)


def loaded(content, shape=(2, 1)):
    """Load what is in a file: bytes, or parameters of a network of this shape."""
    network = Network([Dense(*shape)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "kept.npz")
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            np.savez(path, layers=repr(Network([Dense(2, 1)])), parameters=content)
        network.load(path)


def named(path):
    with tempfile.TemporaryDirectory() as folder:
        Network([Dense(2, 1)]).save(path and Path(folder, path))


def first_three(a):
    """Leave out the last row, the only one that is not whole."""
    return {**a, "X": a["X"][:3], "y": a["y"][:3]}


MASKED = np.ma.array([1.0, 2.0, 3.0, 99.0], mask=[0, 0, 0, 1])
T4 = {"X": [0.0, 1.0, 2.0, 3.0], "y": [1.0, 3.0, 2.0, 5.0]}
SQUARE = {"X": [[1.0, 2.0], [2.0, 1.0]], "y": [1, -1]}
# call, arguments, and where the advice is in words: how it is followed
CASES = [
    (dense, {"X": [1.0, 2.0]}),
    (dense, {"X": Frame([1.0, 2.0])}),
    (dense, {"X": [[[1.0], [2.0]]]}),
    (dense, {"X": np.ones((4, 3))}, lambda a: {"X": np.ones((4, 2))}),
    (dense, {"X": np.ones((4, 2, 1))}),
    (dense, {"X": np.ones((1, 3))}, lambda a: {"X": np.ones((1, 2))}),
    (dense, {"X": 3.0}, lambda a: {"X": [[3.0, 3.0]]}),
    (dense, {"X": [["1", "2"]]}),
    (dense, {"X": [["a", "b"]]}),
    (dense, {"X": [[1j, 2.0]]}),
    (dense, {"X": [[1.0], [1.0, 2.0]]}, lambda a: {"X": [[1.0, 2.0]]}),
    (least_squares, {"X": T4["X"], "y": Frame(np.reshape(T4["y"], (4, 1)))}),
    (least_squares, {"X": np.ones((4, 1, 1)) * np.arange(4.0)[:, None, None], "y": T4["y"]}),
    (least_squares, {"X": T4["X"], "y": np.ones((4, 2))}, lambda a: {**a, "y": a["y"][:, 0]}),
    (least_squares, {"X": MASKED, "y": T4["y"]}, first_three),
    (least_squares, {"X": T4["X"], "y": [1.0, 3.0, 2.0, None]}, first_three),
    (least_squares, {"X": T4["X"], "y": [1.0, 3.0, 2.0, np.nan]}, first_three),
    (least_squares, {"X": T4["X"], "y": [*T4["y"], 7.0]}),
    (least_squares, {"X": [*T4["X"], 7.0], "y": T4["y"]}),
    (least_squares, {"X": T4["X"], "y": [T4["y"]]}),
    (least_squares, {"X": [T4["X"]], "y": T4["y"]}),
    (least_squares, {"X": {1.0, 2.0, 3.0, 4.0}, "y": T4["y"]}),
    (least_squares, {"X": map(float, range(4)), "y": T4["y"]}),
    (least_squares, {"X": [*map(Decimal, range(4))], "y": T4["y"]}),
    (least_squares, {"X": np.arange(4).astype("M8[D]"), "y": T4["y"]}),
    (least_squares, {"X": [b"0", b"1", b"2", b"3"], "y": T4["y"]}),
    (least_squares, {"X": [1.0], "y": 2.0}, lambda a: T4),
    (least_squares, {**T4, "X": [1.0, 1.0, 1.0, 1.0]}, lambda a: T4),
    (least_squares, {"X": [1e308, 1e308, -1e308, 0.0], "y": T4["y"]}, lambda a: T4),
    (least_squares, {**T4, "X": 1e-200 * np.arange(-3.0, 4.0, 2.0), "method": "normal"}),
    (least_squares, {**T4, "method": "inv"}, lambda a: T4),
    (descent_path, {**T4, "step": 0}),
    (descent_path, {**T4, "steps": 0}),
    (descent_path, {**T4, "start": [0.0]}),
    (logistic_regression, {"X": T4["X"], "y": [-1, 1, 1, -1], "updates": 3}),
    (logistic_regression, {"X": T4["X"], "y": ["no", "yes", "yes", "no"], "updates": 3}),
    (logistic_regression, {"X": T4["X"], "y": [0, 1, 1, 0], "updates": 3, "l2": -1}),
    (logistic_regression, {"X": T4["X"], "y": [0, 1, 1, 0], "updates": 0}),
    (softmax_regression, {"X": T4["X"], "y": [0, 7, 9, 7], "updates": 3}),
    (softmax_regression, {"X": T4["X"], "y": [-1, 0, 1, 0], "updates": 3}),
    (LOSSES["cross_entropy"], {"outputs": np.eye(2), "y": [1, 2]}),
    (LOSSES["cross_entropy"], {"outputs": np.eye(2)[[0, 1, 0]], "y": [5, 6, 7]},
     lambda a: {**a, "outputs": np.eye(3)}),
    (LOSSES["cross_entropy"], {"outputs": np.eye(2), "y": [[0.7, 0.7], [0.0, 1.0]]}),
    (LOSSES["cross_entropy"], {"outputs": [0.0, 1.0], "y": [0, 1]},
     lambda a: {"outputs": [[0.0, 1.0]], "y": [1]}),
    (LOSSES["hinge"], {"outputs": [1.0, 2.0], "y": [0, 1]}),
    (LOSSES["squared"], {"outputs": [[1.0], [2.0]], "y": [[1.0, 2.0]]}),
    (LOSSES["squared"], {"outputs": [1.0, 2.0], "y": [1.0]}, lambda a: {**a, "y": [1.0, 2.0]}),
    (LOSSES["squared"], {"outputs": 1.0, "y": 1.0},
     lambda a: {"outputs": dense([[1.0, 1.0]]), "y": np.ones((1, 3))}),
    (accuracy, {"outputs": np.eye(3), "y": np.eye(3)}),
    (accuracy, {"outputs": np.eye(3), "y": [1, 2, 3]}),
    (accuracy, {"outputs": [1.0, 2.0, -1.0], "y": [1, 2, 0]}),
    (accuracy, {"outputs": np.eye(3), "y": [1, 2]}, lambda a: {**a, "y": [1, 2, 0]}),
    (accuracy, {"outputs": 1.0, "y": [1]}, lambda a: {"outputs": dense([[1.0, 1.0]]), "y": [1]}),
    (numerical, {"f": np.sum, "x": [np.nan]}),
    (numerical, {"f": None, "x": [1.0]}),
    (numerical, {"f": lambda x: x**2, "x": [1.0, 2.0]},
     lambda a: {**a, "f": lambda x: (x**2).sum()}),
    (numerical, {"f": lambda x: None, "x": [1.0]}, lambda a: {**a, "f": lambda x: 1.0}),
    (numerical, {"f": np.sum, "x": [1.0], "step": 1e-300}),
    (numerical, {"f": np.sum, "x": [1.0], "step": 0}),
    (numerical, {"f": np.sum, "x": [1.0], "method": "x"}, lambda a: {**a, "method": "central"}),
    (check_gradient, {"f": np.sum, "gradient": T4["y"], "x": MASKED},
     lambda a: {**a, "x": [1.0], "gradient": [1.0]}),
    (check_gradient, {"f": np.sum, "gradient": [[1.0], [1.0]], "x": [1.0, 2.0]}),
    (check_gradient, {"f": np.sum, "gradient": [1j], "x": [1.0]}),
    (ACTIVATIONS["gelu"][0], {"z": ["1", "2"]}),
    (softmax, {"z": 3.0}),
    (photograph, {"kind": "colour"}, lambda a: {"kind": "color"}),
    (split, {"X": [1], "y": [1]}, lambda a: T4),
    (split, {"X": MASKED, "y": MASKED}, first_three),
    (split, {**T4, "test": 1.0}),
    (split, {**T4, "seed": -1}),
    (income_debt, {"n": 0}),
    (income_debt, {"seed": None}),
    (synthetic.line, {"n": 10**9}),
    (synthetic.line, {"noise": -1.0}),
    (synthetic.line, {"slope": np.nan}),
    (synthetic.line, {"intercept": "one"}),
    (synthetic.line, {"seed": 0.5}),
    (perceptron.train, {"X": [1.0, 2.0], "y": [1, -1]}),
    (perceptron.train, {**SQUARE, "y": Frame([[1], [-1]])}),
    (perceptron.train, {**SQUARE, "y": [0, 1]}),
    (perceptron.train, {**SQUARE, "step": 0}),
    (perceptron.train, {**SQUARE, "bias_step": 0}),
    (perceptron.train, {**SQUARE, "passes": 0}),
    (perceptron.train, {**SQUARE, "y": [1]}, lambda a: SQUARE),
    (Dense, {"inputs": 0, "outputs": 1}),
    (Dense, {"inputs": 1, "outputs": 0}),
    (Dropout, {"p": 1.0}),
    (Activation, {"name": "rely"}, lambda a: {"name": "relu"}),
    (Conv2D, {"inputs": 1, "outputs": 1, "kernel": 0}),
    (Conv2D, {"inputs": 1, "outputs": 1, "stride": 0}),
    (Conv2D, {"inputs": 1, "outputs": 1, "padding": -1}),
    (MaxPool2D, {"size": 0}),
    (MaxPool2D, {"stride": 0}),
    (Network, {"layers": None}),
    (Network, {"layers": [Flatten()]}),
    (Network, {"layers": [Flatten()], "input_shape": (2, 0)}),
    (Network, {"layers": [Dense(1, 1)], "init": "x"}, lambda a: {**a, "init": "he"}),
    (Network, {"layers": [Dense(1, 1)], "dtype": "int"}, lambda a: {**a, "dtype": "float32"}),
    (Network, {"layers": [Dense(1, 1)], "seed": -1}),
    (Network, {"layers": [Dense(10**5, 10**5)]}, lambda a: {"layers": [Dense(10**5, 1)]}),
    (Network, {"layers": [Dense(4, 3), Dense(2, 1)]},
     lambda a: {"layers": [Dense(4, 3), Dense(3, 1)]}),
    (Network, {"layers": [Conv2D(1, 1, 9)], "input_shape": (8, 8, 1)},
     lambda a: {**a, "input_shape": (9, 9, 1)}),
    (Network, {"layers": [MaxPool2D()], "input_shape": (8, 8)},
     lambda a: {**a, "input_shape": (8, 8, 1)}),
    (Network([Dense(1, 1)]).predict, {"X": [[1.0]], "rows": 0}),
    (sent_down, {"dout": [[1.0, 2.0]]}, lambda a: {**a, "first": np.eye(2)}),
    (sent_down, {"dout": [["1", "2"]]}, lambda a: {**a, "first": np.eye(2)}),
    (trained, {"network": None}, lambda a: {"network": Network([Dense(2, 1)]), "loss": "squared"}),
    (trained, {"loss": "mse"}, lambda a: {"loss": "cross_entropy"}),
    (trained, {"optimizer": SGD}),
    (trained, {"batch": 0}),
    (trained, {"epochs": 0}),
    (trained, {"l1": -1}),
    (trained, {"l2": "a"}),
    (trained, {"seed": "a"}),
    (trained, {"on_epoch": 3}),
    (trained, {"validation": 3}, lambda a: {"validation": ([[1.0, 1.0]], [0])}),
    (trained, {"y": ["cat", "dog"]}),
    (trained, {"y": 1}, lambda a: {}),
    (trained, {"X": [[1.0, np.nan], [1.0, 0.0]]}, lambda a: {"X": [[1.0, 0.0]], "y": [1]}),
    (History, {"loss": ["1"], "validation_loss": [1.0], "validation_accuracy": [1.0]}),
    (updated, {"parameters": [1.0, 2.0]}),
    (updated, {"parameters": np.array([1, 2])}),
    (updated, {"parameters": np.ones(2), "gradient": [1j, 1.0]}),
    (updated, {"parameters": np.ones(2), "gradient": [1.0]}, lambda a: {"parameters": np.ones(2)}),
    (updated, {"parameters": np.ones(2), "step": lambda t: None}),
    (updated, {"parameters": np.ones(2), "step": lambda t: np.nan}),
    (trained, {"optimizer": {1, 2}}),
    (dense, {"X": np.array([[1, 2]], "timedelta64[s]")}),
    (SGD, {"step": 0}),
    (Momentum, {"step": 0.1, "beta": 1}),
    (lecture_utils.RMSProp, {"step": 0.1, "rho": 1}),
    (AdamW, {"beta": 1}),
    (AdamW, {"rho": 1}),
    (AdamW, {"decay": -1}),
    (Averaged, {"optimizer": None}),
    (Averaged, {"optimizer": SGD(0.1), "start": -1}),
    (one_over_t, {"step": 0}),
    (one_over_t, {"step": 0.1, "half": 0}),
    (cosine, {"step": 0, "steps": 3}),
    (cosine, {"step": 0.1, "steps": 0}),
    *((function, {"z": ["1"]}) for function, _ in ACTIVATIONS.values()),
    *((ACTIVATIONS[name][1], {"z": ["1"], "a": [1.0]}) for name in ("identity", "sign", "gelu")),
    (split, {"X": [1, 2, 3], "y": [1, 2]}),
    (numerical, {"f": np.sum, "x": ["1"]}),
    (descent_path, {**T4, "start": ["1", "2"]}),
    (LOSSES["squared"], {"outputs": [1.0], "y": ["1"]}),
    (LOSSES["squared"], {"outputs": ["1"], "y": [1.0]}),
    (LOSSES["cross_entropy"], {"outputs": np.eye(2), "y": ["no", "yes"]}),
    (accuracy, {"outputs": ["1"], "y": ["1"]}),
    (Network([Dense(2, 1)]).forward, {"X": [["1", "2"]]}),
    (named, {"path": None}),
    (Network, {"layers": [Flatten()], "input_shape": MASKED}, lambda a: {**a, "input_shape": 3}),
    (updated, {"parameters": ["1", "2"]}),
    (perceptron.train, {**SQUARE, "y": ["1", "-1"]}),
    (loaded, {"content": b"torn"}, lambda a: {"content": np.zeros(3)}),
    (loaded, {"content": ["a"]}, lambda a: {"content": np.zeros(3)}),
    (loaded, {"content": np.zeros(4)}, lambda a: {"content": np.zeros(3)}),
    (loaded, {"content": np.zeros(3), "shape": (3, 1)}, lambda a: {"content": np.zeros(3)}),
]  # fmt: skip
