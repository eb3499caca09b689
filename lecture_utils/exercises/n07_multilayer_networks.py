"""Exercises of notebook 07: multilayer networks."""

from itertools import pairwise

import numpy as np

from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.exercises.n05_perceptron import nice
from lecture_utils.numbers.losses import cross_entropy

# 07.1 ------------------------------------------------------------------------------------------


def draw_layers(rng):
    """Draw X, W, b: square ones first, where wrong products fit; then more axes and one sample."""
    inputs = [(nice(rng, 2, 2), np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([1.0, -2.0]))]
    for shape, h in (((3, 3), 3), ((5, 2), 4), ((2,), 3), ((2, 3, 4), 4)):
        inputs.append((rng.normal(size=shape), rng.normal(size=(shape[-1], h)), rng.normal(size=h)))
    return inputs


def layer(X, W, b):
    """Return ReLU of the scores."""
    return np.maximum(0.0, X @ W + b)


LAYER = {
    "W is turned: neuron j keeps its weights in column j, X @ W":
        lambda X, W, b: np.maximum(0.0, X @ W.T + b),
    "the order: X stands on the left, X @ W": lambda X, W, b: np.maximum(0.0, W @ X + b),
    "the bend is missing: max(0, ...)": lambda X, W, b: X @ W + b,
    "the bias is missing": lambda X, W, b: np.maximum(0.0, X @ W),
    "the bias comes before the bend, not behind it":
        lambda X, W, b: np.maximum(0.0, X @ W) + b,
    "the bias is taken off; it is added": lambda X, W, b: np.maximum(0.0, X @ W - b),
    "* multiplies entry by entry; a matrix product is @":
        lambda X, W, b: np.maximum(0.0, X * W + b),
    "a column of biases: b belongs to the neurons, which are columns of the result":
        lambda X, W, b: np.maximum(0.0, X @ W + b[:, None]),
    "these are the slopes of ReLU": lambda X, W, b: (X @ W + b > 0) * 1.0,
}  # fmt: skip

# 07.2 ------------------------------------------------------------------------------------------


def draw_sizes(rng):
    """Draw lists of sizes."""
    more = [[int(n) for n in rng.integers(1, 200, k)] for k in (3, 4, 5, 6)]
    return [([2, 3, 1],), ([64, 128, 10],), ([7, 5],), *((sizes,) for sizes in more)]


def _pairs(sizes):
    return list(pairwise(sizes))


def count(sizes):
    """Return the number of weights and biases."""
    return sum(p * q + q for p, q in _pairs(sizes))


COUNT = {
    "the biases are missing: one for each neuron": lambda s: sum(p * q for p, q in _pairs(s)),
    "the inputs are no neurons: they have no bias": lambda s: count(s) + s[0],
    "a bias for each input of a layer; there is one for each output":
        lambda s: sum(p * q + p for p, q in _pairs(s)),
    "one bias for each layer; there is one for each neuron":
        lambda s: sum(p * q + 1 for p, q in _pairs(s)),
    "these are the neurons, not their weights": lambda s: sum(s[1:]),
    "only neighbours are connected, and each pair of layers adds: p q, not the product of all":
        lambda s: int(np.prod(s, dtype=float)),
    "the last layer is missing": lambda s: count(s[:-1]),
    "the first layer is missing": lambda s: count(s[1:]),
    "the sizes are added; every input meets every neuron: p times q":
        lambda s: sum(p + q for p, q in _pairs(s)),
}  # fmt: skip

# 07.3 ------------------------------------------------------------------------------------------


def other_solution(c1, c2, v1, v2):
    """Say what is missing to XOR with a negative v1."""
    total = np.array([0.0, 1.0, 1.0, 2.0])
    score = v1 * np.maximum(0.0, total + c1) + v2 * np.maximum(0.0, total + c2) - 0.5
    right = int((score * np.array([-1, 1, 1, -1]) > 0).sum())
    if right < 4:
        return f"{right} of the 4 points are right."
    return "" if v1 < 0 else "All four are right. Now with a negative v1."


# 07.4 ------------------------------------------------------------------------------------------


def draw_creases(rng):
    """Draw places for the crease."""
    return [(0.0,), (2.0,), (-1.0,), *((float(c),) for c in rng.normal(size=4))]


def crease(c):
    """Return W1, b1, W2, b2 of |x - c|."""
    return np.array([[1.0, -1.0]]), np.array([-c, c]), np.array([[1.0], [1.0]]), np.zeros(1)


def accept_crease(got, c):
    """Say what is wrong with four arrays that ought to make |x - c|."""
    if not isinstance(got, (tuple, list)) or len(got) != 4:
        return "give back four arrays, W1, b1, W2, b2"
    W1, b1, W2, b2 = (np.asarray(part, dtype=float) for part in got)
    for name, part, shape in (("W1", W1, (1, 2)), ("b1", b1, (2,)), ("W2", W2, (2, 1)),
                              ("b2", b2, (1,))):  # fmt: skip
        if part.shape != shape:
            return f"the shape of {name} must be {shape}, got {part.shape}"
    x = np.array([[c - 2.0], [c - 0.5], [c], [c + 1.0], [c + 3.0], [-abs(c) - 1.0]])
    made = np.maximum(0.0, x @ W1 + b1) @ W2 + b2
    for wrong, words in (
        (np.abs(x - c), ""),
        (np.abs(x), "the crease is at 0; it belongs at c"),
        (np.abs(x + c), "the crease is at -c: the sign of the biases"),
        (-np.abs(x - c), "the sign of W2: this is -|x - c|"),
        (x - c, "this is x - c: the sign of one output weight"),
        (c - x, "this is c - x: the sign of one output weight"),
        (np.maximum(0.0, x - c), "one neuron is idle: this is max(0, x - c)"),
        (2 * np.maximum(0.0, x - c), "both neurons look the same way: one needs the weight -1"),
        (np.maximum(0.0, x - c) + np.maximum(0.0, -x - c),
         "the second neuron's bias: -(x - c) is -x + c"),
    ):  # fmt: skip
        if np.allclose(made, wrong, rtol=1e-9, atol=1e-12):
            return words
    return f"at x = {x[0, 0]:.4g} it gives {made[0, 0]:.4g}, and |x - c| is 2"


_ONE, _TWO = np.array([[1.0, -1.0]]), np.array([[1.0], [1.0]])
CREASE = {
    "the crease is at -c: the sign of the biases":
        lambda c: (_ONE, np.array([c, -c]), _TWO, np.zeros(1)),
    "this is x - c: the sign of one output weight":
        lambda c: (_ONE, np.array([-c, c]), np.array([[1.0], [-1.0]]), np.zeros(1)),
    "the sign of W2: this is -|x - c|":
        lambda c: (_ONE, np.array([-c, c]), -_TWO, np.zeros(1)),
    "both neurons look the same way: one needs the weight -1":
        lambda c: (abs(_ONE), np.array([-c, -c]), _TWO, np.zeros(1)),
    "the shape of W2 must be (2, 1), got (1, 2)":
        lambda c: (_ONE, np.array([-c, c]), _TWO.T, np.zeros(1)),
    "give back four arrays, W1, b1, W2, b2": lambda c: (_ONE, np.array([-c, c]), _TWO),
}  # fmt: skip

# 07.5 ------------------------------------------------------------------------------------------


def draw_neuron(rng):
    """Draw w, b, v, x, y."""
    inputs = [(1.0, 0.0, 2.0, 1.0, 1.0), (0.5, -0.25, 2.0, 1.5, -1.0)]
    return inputs + [tuple(rng.normal(size=5)) for _ in range(6)]


def slopes_of(w, b, v, x, y):
    """Return the derivatives of (v tanh(w x + b) - y)**2 + w**2 / 10 by w, b, v."""
    return _slopes(w, b, v, x, y)


def _slopes(w, b, v, x, y, two=2.0, bend=None, factor=True, price=0.2, input_=True, minus=False):
    a = np.tanh(w * x + b)
    s = two * (y - v * a if minus else v * a - y)
    slope = 1.0 - a**2 if bend is None else bend(w * x + b, a)
    z = slope * s * (v if factor else 1.0)
    return z * (x if input_ else 1.0) + price * w, z, a * s


def _with(**changed):
    return lambda *values: _slopes(*values, **changed)


SLOPES = {
    "the second path of w is missing, by way of the price": _with(price=0.0),
    "the price w^2 / 10 has the slope w / 5": _with(price=0.1),
    "tanh's slope is taken at a; it is taken at the score, 1 - a^2":
        _with(bend=lambda z, a: 1.0 - np.tanh(a) ** 2),
    "tanh's slope is 1 - a^2 of what comes out of tanh, not 1 - z^2":
        _with(bend=lambda z, a: 1.0 - z**2),
    "tanh's slope is missing: 1 - a^2": _with(bend=lambda z, a: 1.0),
    "this is the sigmoid's slope, a (1 - a); tanh has 1 - a^2":
        _with(bend=lambda z, a: a * (1.0 - a)),
    "the 2 of the square is missing": _with(two=1.0),
    "v is missing on the way from s to a": _with(factor=False),
    "x is missing on the way from p to w": _with(input_=False),
    "the sign of r: it is s - y": _with(minus=True),
    "w, b, v is the order; yours is b, w, v":
        lambda *values: tuple(_slopes(*values)[i] for i in (1, 0, 2)),
}  # fmt: skip

# 07.6 ------------------------------------------------------------------------------------------


def draw_back(rng):
    """Draw dA, X, Z, W: square at first, where a forgotten transpose fits."""
    inputs = []
    for n, p, q in ((2, 2, 2), (3, 3, 3), (5, 3, 4), (1, 4, 2), (6, 2, 5)):
        X, W = rng.normal(size=(n, p)).round(1), rng.normal(size=(p, q)).round(1)
        Z = X @ W + rng.normal(size=q).round(1)
        Z[0, 0], Z[-1, -1] = abs(Z[0, 0]) + 0.5, -abs(Z[-1, -1]) - 0.5
        inputs.append((rng.normal(size=(n, q)).round(1) + 0.05, X, Z, W))
    return inputs


def layer_back(dA, X, Z, W):
    """Return the derivatives by W, b and X."""
    dZ = dA * (Z > 0)
    return X.T @ dZ, dZ.sum(axis=0), dZ @ W.T


def _each(change):
    """Make a slip of what is done to the three results."""
    return lambda dA, X, Z, W: change(*layer_back(dA, X, Z, W), dA * (Z > 0), X, W)


LAYER_BACK = {
    "the bend is missing: dZ = dA * (Z > 0)":
        lambda dA, X, Z, W: layer_back(dA, X, np.ones_like(Z), W),
    "the bend multiplies by its slope, (Z > 0), not by its value":
        lambda dA, X, Z, W: layer_back(dA * np.maximum(0.0, Z), X, np.ones_like(Z), W),
    "W is not turned: dX = dZ @ W.T; a square W lets it pass":
        _each(lambda dW, db, dX, dZ, X, W: (dW, db, dZ @ W)),
    "X is not turned: dW = X.T @ dZ; a square X lets it pass":
        _each(lambda dW, db, dX, dZ, X, W: (X @ dZ, db, dX)),
    "dW is turned: it has the shape of W, X.T @ dZ":
        _each(lambda dW, db, dX, dZ, X, W: (dZ.T @ X, db, dX)),
    "the bias' sum goes over the wrong axis: over the samples, axis 0":
        _each(lambda dW, db, dX, dZ, X, W: (dW, dZ.sum(axis=1), dX)),
    "db is the sum over the samples; there is none in yours":
        _each(lambda dW, db, dX, dZ, X, W: (dW, dZ, dX)),
    "db is summed over everything; it has one entry for each neuron":
        _each(lambda dW, db, dX, dZ, X, W: (dW, dZ.sum(), dX)),
    "1/n once more; it is in dA already": _each(
        lambda dW, db, dX, dZ, X, W: (dW / len(X), db / len(X), dX)),
    "1/n once more in dW; it is in dA already":
        _each(lambda dW, db, dX, dZ, X, W: (dW / len(X), db, dX)),
    "1/n once more in db, a mean for a sum":
        _each(lambda dW, db, dX, dZ, X, W: (dW, dZ.mean(axis=0), dX)),
    "the order is dW, db, dX": _each(lambda dW, db, dX, dZ, X, W: (dX, dW, db)),
}  # fmt: skip

# 07.7 ------------------------------------------------------------------------------------------


def draw_top(rng):
    """Draw Z, y; the last scores are huge, and wrong as well as right."""
    inputs = [(np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([0, 0]))]
    inputs += [
        (rng.normal(size=(n, k)), rng.integers(0, k, n)) for n, k in ((3, 3), (6, 4), (9, 10))
    ]
    return [*inputs, (np.array([[1000.0, 0.0, -1000.0], [0.0, 1000.0, 0.0]]), np.array([1, 1]))]


def top(Z, y):
    """Return the mean cross-entropy and its derivative by the scores."""
    return cross_entropy(Z, y)


def _overflows(Z, y):
    P = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return -np.log(P[np.arange(len(y)), y]).mean(), (P - np.eye(Z.shape[1])[y]) / len(y)


def _log_of_zero(Z, y):
    _, dZ = cross_entropy(Z, y)
    P = dZ * len(y) + np.eye(Z.shape[1])[y]
    return -np.log(P[np.arange(len(y)), y]).mean(), dZ


def _whole(Z, y):
    e = np.exp(Z - Z.max())
    P = e / e.sum()
    return -np.log(P[np.arange(len(y)), y]).mean(), (P - np.eye(Z.shape[1])[y]) / len(y)


def _scaled(loss=1, slope=1):
    """Make a slip: loss and derivative, each times n to a power."""

    def wrong(Z, y):
        value, dZ = cross_entropy(Z, y)
        return value * float(len(y)) ** (loss - 1), dZ * float(len(y)) ** (slope - 1)

    return wrong


TOP = {
    "exp overflows at 1000: take the largest score of each row off first": _overflows,
    "the logarithm of a probability that is rounded to 0 is -inf: ln(sum) - z_y is not":
        _log_of_zero,
    "softmax goes over each row, axis 1, not over the whole array": _whole,
    "the derivative is divided by n twice": _scaled(slope=0),
    "the derivative is not divided by n, the loss is": _scaled(slope=2),
    "sums over the batch; the mean is asked for": _scaled(loss=2, slope=2),
    "the loss is a sum, the mean is asked for": _scaled(loss=2),
    "the sign of the derivative: P - Y, not Y - P":
        lambda Z, y: (cross_entropy(Z, y)[0], -cross_entropy(Z, y)[1]),
    "the 1 of the right class is not taken off: these are probabilities":
        lambda Z, y: (cross_entropy(Z, y)[0],
                      cross_entropy(Z, y)[1] + np.eye(Z.shape[1])[y] / len(y)),
    "the sign of the loss: -ln p is positive":
        lambda Z, y: (-cross_entropy(Z, y)[0], cross_entropy(Z, y)[1]),
    "derivative first, loss second: they are swapped": lambda Z, y: cross_entropy(Z, y)[::-1],
}  # fmt: skip

# 07.8 ------------------------------------------------------------------------------------------


def draw_steps(rng):
    """Draw X, Y, W1, W2, eta."""
    inputs = []
    for n, d, h, k in ((2, 2, 2, 1), (3, 2, 2, 2), (6, 3, 4, 2), (9, 4, 5, 3)):
        shapes = (n, d), (n, k), (d, h), (h, k)
        inputs.append((*(rng.normal(size=shape).round(1) + 0.03 for shape in shapes), 0.5))
    return inputs


def step_down(X, Y, W1, W2, eta):
    Z = X @ W1
    H = np.tanh(Z)
    dF = (H @ W2 - Y) / len(X)
    W2 = W2 - eta * H.T @ dF
    dZ = (dF @ W2.T) * (1 - np.tanh(H) ** 2)
    W1 = W1 - eta * X.T @ dZ
    return W1, W2


def right_step(X, Y, W1, W2, eta):
    """Return the weights after one step."""
    return _step(X, Y, W1, W2, eta)


def _step(X, Y, W1, W2, eta, late=False, slope=lambda Z, H: 1 - H**2, share=None):
    Z = X @ W1
    H = np.tanh(Z)
    dF = (H @ W2 - Y) / (len(X) if share is None else share(X))
    new = W2 - eta * H.T @ dF
    dZ = (dF @ (new if late else W2).T) * slope(Z, H)
    return W1 - eta * X.T @ dZ, new


def _stepped(**changed):
    return lambda *values: _step(*values, **changed)


STEP = {
    "the slope is right now; W2 still moves before the first layer's derivative is computed":
        _stepped(late=True),
    "the order is right now; tanh's slope is still taken at H, where Z belongs":
        _stepped(slope=lambda Z, H: 1 - np.tanh(H) ** 2),
    "tanh's slope is 1 - H^2: Z has not gone through tanh yet":
        _stepped(slope=lambda Z, H: 1 - Z**2),
    "tanh's slope is gone; it must stay, as 1 - H^2": _stepped(slope=lambda Z, H: 1.0),
    "1/n was right: the loss is a mean": _stepped(share=lambda X: 1.0),
    "the step now goes up: minus eta times the derivative":
        lambda X, Y, W1, W2, eta: _step(X, Y, W1, W2, -eta),
    "W1, W2 is the order": lambda *values: _step(*values)[::-1],
}  # fmt: skip

MODEL = """\
Neurons with equal weights in and out give the same value and get the same derivative back, so they
take the same steps and stay equal for ever: the layer is one neuron, copied. With all weights 0 the
first layer gets dZ2 W2' = 0, and W2 gets A1' dZ2 = 0 because A1 is 0: only the last bias can move.
Random weights break the symmetry; biases may start at 0."""

START = {"c1": 0.0, "c2": -0.5, "v1": 1.0, "v2": -0.5}

EXERCISES = {
    "07.1": FillIn("X W b", draw_layers, layer, LAYER),
    "07.2": FillIn("sizes", draw_sizes, count, COUNT),
    "07.3": Explore("by_hand", START, other_solution),
    "07.4": FillIn("c", draw_creases, crease, CREASE, accept=accept_crease),
    "07.5": FillIn("w b v x y", draw_neuron, slopes_of, SLOPES),
    "07.6": FillIn("dA X Z W", draw_back, layer_back, LAYER_BACK),
    "07.7": FillIn("Z y", draw_top, top, TOP),
    "07.8": FillIn("X Y W1 W2 eta", draw_steps, right_step, STEP, given=step_down),
    "07.9": Explain(MODEL),
}  # fmt: skip
