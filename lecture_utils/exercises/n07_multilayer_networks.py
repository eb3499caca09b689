"""Exercises of notebook 07: multilayer networks."""

from itertools import pairwise

import numpy as np

from lecture_utils.exercises.comparing import same
from lecture_utils.exercises.draws import nice, normals, rounded
from lecture_utils.exercises.judge import Explain, Explore, FillIn

# 07.1 ------------------------------------------------------------------------------------------


def draw_layers(rng):
    """Draw X, W, b: square ones first, where wrong products fit; then more axes and one sample."""
    inputs = [(nice(rng, 2, 2), np.array([[1.0, 2.0], [-1.0, 3.0]]), np.array([1.0, -2.0]))]
    shapes = ((3, 3), 3), ((5, 2), 4), ((2,), 3), ((2, 3, 4), 4)
    return inputs + [normals(rng, shape, (shape[-1], h), h) for shape, h in shapes]


def layer(X, W, b):
    """Return ReLU of the scores."""
    return np.maximum(0.0, X @ W + b)


LAYER = {
    "W is turned: neuron j keeps its weights in column j, X @ W": ("@ W", "@ W.T"),
    "the order: X stands on the left, X @ W": ("X @ W", "W @ X"),
    "the bend is missing: max(0, ...)": ("np.maximum(0.0, X @ W + b)", "X @ W + b"),
    "the bias is missing": (" + b", ""),
    "the bias comes before the bend, not after it": (" + b)", ") + b"),
    "* multiplies entry by entry; a matrix product is @": ("@", "*"),
    "a column of biases: b belongs to the neurons, the columns": ("+ b", "+ b[:, None]"),
}  # fmt: skip

# 07.2 ------------------------------------------------------------------------------------------


def draw_sizes(rng):
    """Draw lists of sizes."""
    more = [[int(n) for n in rng.integers(1, 200, k)] for k in (3, 4, 5, 6)]
    return [([2, 3, 1],), ([64, 128, 10],), ([7, 5],), *((sizes,) for sizes in more)]


def count(sizes):
    """Return the number of weights and biases."""
    return sum(p * q + q for p, q in pairwise(sizes))


COUNT = {
    "the biases are missing: one for each neuron": (" + q", ""),
    "the inputs are no neurons: they have no bias": ("return", "return sizes[0] +"),
    "a bias for each input of a layer; there is one for each output": ("+ q", "+ p"),
    "one bias for each layer; there is one for each neuron": ("+ q", "+ 1"),
    "only neighbours are connected, and each pair of layers adds: p q, not the product of all":
        lambda sizes: int(np.prod(sizes, dtype=float)),
    "the last layer is missing": ("pairwise(sizes)", "pairwise(sizes[:-1])"),
    "the sizes are added; every input meets every neuron: p times q": ("p * q + q", "p + q"),
}  # fmt: skip

# 07.3 ------------------------------------------------------------------------------------------


def other_solution(c1, c2, v1, v2):
    """Say what is missing to XOR with a negative v1, wherever the points stand in the figure."""
    total = np.array([0.0, 1.0, 1.0, 2.0])
    score = v1 * np.maximum(0.0, total + c1) + v2 * np.maximum(0.0, total + c2) - 0.5
    right = int((score * np.array([-1, 1, 1, -1]) > 0).sum())
    if right < 4:
        return f"{right} of the 4 points of XOR are right."
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
    W1, b1, W2, b2 = map(np.asarray, got)
    for name, part, shape in (("W1", W1, (1, 2)), ("b1", b1, (2,)), ("W2", W2, (2, 1)),
                              ("b2", b2, (1,))):  # fmt: skip
        if part.shape != shape:
            return f"the shape of {name} must be {shape}, got {part.shape}"
    x = np.array([[c - 2.0], [c - 0.5], [c], [c + 1.0], [c + 3.0], [-abs(c) - 1.0], [-1e4], [1e4]])
    x = x.astype(np.result_type(np.float16, W1, b1, W2, b2))  # in whole numbers, too
    made = np.maximum(0.0, x @ W1 + b1) @ W2 + b2
    for wrong, words in (
        (np.abs(x - c), ""),
        (np.abs(x), "the crease is at 0; it belongs at c"),
        (np.abs(x + c), "the crease is at -c: the sign of the biases"),
        (-np.abs(x - c), "the sign of W2: this is -|x - c|"),
        (x - c, "this is x - c: the sign of one output weight"),
        (c - x, "this is c - x: the sign of one output weight"),
        (np.maximum(0.0, x - c), "one neuron is idle: this is max(0, x - c)"),
        (np.maximum(0.0, c - x), "one neuron is idle: this is max(0, c - x)"),
        (2 * np.maximum(0.0, x - c), "both neurons look the same way: one needs the weight -1"),
        (np.maximum(0.0, x - c) + np.maximum(0.0, -x - c),
         "the second neuron's bias: -(x - c) is -x + c"),
    ):  # fmt: skip
        if same(made, wrong):
            return words
    k = next(k for k in range(len(x)) if not same(made[k], abs(x[k] - c)))
    return f"at x = {x[k, 0]:.6g} it gives {made[k, 0]:.6g}, and |x - c| is {abs(x[k, 0] - c):.6g}"


CREASE = {
    "the crease is at -c: the sign of the biases": ("[-c, c]", "[c, -c]"),
    "this is x - c: the sign of one output weight": ("[[1.0], [1.0]]", "[[1.0], [-1.0]]"),
    "the sign of W2: this is -|x - c|": ("[[1.0], [1.0]]", "[[-1.0], [-1.0]]"),
    "both neurons look the same way: one needs the weight -1":
        ("[[1.0, -1.0]]", "[[1.0, 1.0]]", "[-c, c]", "[-c, -c]"),
    "the shape of W2 must be (2, 1), got (1, 2)": ("[[1.0], [1.0]]", "[[1.0, 1.0]]"),
    "give back four arrays, W1, b1, W2, b2": (", np.zeros(1)", ""),
}  # fmt: skip

# 07.5 ------------------------------------------------------------------------------------------


def draw_neuron(rng):
    """Draw w, b, v, x, y."""
    inputs = [(1.0, 0.0, 2.0, 1.0, 1.0), (0.5, -0.25, 2.0, 1.5, -1.0), (3.0, 0.0, 2.0, 2.0, 1.0)]
    return inputs + [normals(rng, (), (), (), (), ()) for _ in range(6)]


def slopes_of(w, b, v, x, y):
    """Return the derivatives of (v tanh(w x + b) - y)**2 + w**2 / 10 by w, b, v."""
    a = np.tanh(w * x + b)
    s = 2 * (v * a - y)
    z = (1 - a**2) * v * s
    return x * z + w / 5, z, a * s


SLOPES = {
    "the second path of w is missing, by way of the price": (" + w / 5", ""),
    "the price w^2 / 10 has the slope w / 5": ("w / 5", "w / 10"),
    "tanh's slope is taken at a; it is taken at the score, 1 - a^2": ("a**2", "np.tanh(a) ** 2"),
    "tanh's slope is 1 - a^2 of what comes out of tanh, not 1 - z^2": ("a**2", "(w * x + b) ** 2"),
    "tanh's slope is missing: 1 - a^2": ("(1 - a**2) * ", ""),
    "this is the sigmoid's slope, a (1 - a); tanh has 1 - a^2": ("(1 - a**2)", "a * (1 - a)"),
    "the 2 of the square is missing": ("2 * (v", "(v"),
    "v is missing on the way from f to a": (" * v * s", " * s"),
    "x is missing on the way from p to w": ("x * z", "z"),
    "the sign of r: it is f - y": ("v * a - y", "y - v * a"),
    "w, b, v is the order; yours is b, w, v": ("x * z + w / 5, z,", "z, x * z + w / 5,"),
}

# 07.6 ------------------------------------------------------------------------------------------


def draw_back(rng):
    """Draw dA, X, Z, W: square at first, where a forgotten transpose fits."""
    inputs = []
    for n, p, q in ((2, 2, 2), (3, 3, 3), (5, 3, 4), (1, 4, 2), (6, 2, 5)):
        X, W = rng.normal(size=(n, p)).round(1), rng.normal(size=(p, q)).round(1)
        Z = X @ W + rng.normal(size=q).round(1) + 0.003  # none at the kink
        Z[0, 0], Z[-1, -1] = abs(Z[0, 0]) + 0.5, -abs(Z[-1, -1]) - 0.5
        inputs.append((rng.normal(size=(n, q)).round(1) + 0.05, X, Z, W))
    return inputs


def layer_back(dA, X, Z, W):
    """Return the derivatives by W, b and X."""
    dZ = dA * (Z > 0)
    return X.T @ dZ, dZ.sum(axis=0), dZ @ W.T


LAYER_BACK = {
    "the bend is missing: dZ = dA * (Z > 0)": (" * (Z > 0)", ""),
    "the bend multiplies by its slope, (Z > 0), not by its value": ("(Z > 0)", "np.maximum(0, Z)"),
    "W is not turned: dX = dZ @ W.T; a square W lets it pass": ("W.T", "W"),
    "X is not turned: dW = X.T @ dZ; a square X lets it pass": ("X.T", "X"),
    "dW is turned: it has the shape of W, X.T @ dZ": ("X.T @ dZ", "dZ.T @ X"),
    "the bias' sum goes over the wrong axis: over the samples, axis 0": ("axis=0", "axis=1"),
    "the bend comes first on every way back: X.T @ dZ, dZ.sum, dZ @ W.T, not dA":
        [("dZ.sum", "dA.sum"), ("X.T @ dZ", "X.T @ dA"), ("dZ @ W.T", "dA @ W.T")],
    "db is the sum over the samples, an entry a neuron": [(".sum(axis=0)", ""), ("axis=0", "")],
    "1/n once more; it is in dA already": ("X.T @ dZ, dZ.sum", "X.T @ dZ / len(X), dZ.mean"),
    "the order is dW, db, dX": ("return", "return dZ @ W.T,", ", dZ @ W.T\n", "\n"),
}  # fmt: skip

# 07.7 ------------------------------------------------------------------------------------------


def draw_top(rng):
    """Draw Z, y; huge scores at last: wrong as well as right, and in one row only."""
    inputs = [(np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([0, 0]))]
    inputs += [
        (rng.normal(size=(n, k)), rng.integers(0, k, n)) for n, k in ((3, 3), (6, 4), (9, 10))
    ]
    huge = np.array([[1000.0, 0.0, -1000.0], [0.0, 1000.0, 0.0]])
    one_row = np.array([[1000.0, 0.0], [0.0, 1.0]])
    return [*inputs, (huge, np.array([1, 1])), (one_row, np.array([0, 1]))]


def top(Z, y):
    """Return the mean cross-entropy and its derivative by the scores."""
    rows = np.arange(len(y))
    Z = Z - Z.max(axis=1, keepdims=True)
    P = np.exp(Z)
    total = P.sum(axis=1, keepdims=True)
    P = P / total
    loss = (np.log(total[:, 0]) - Z[rows, y]).mean()
    Y = np.zeros(Z.shape)
    Y[rows, y] = 1.0
    return loss, (P - Y) / len(y)


_OF_P = ("np.log(total[:, 0]) - Z[rows, y]", "-np.log(P[rows, y])")
_RAW = ("    Z = Z - Z.max(axis=1, keepdims=True)\n", "")
_FLAT = ("max(axis=1, keepdims=True)", "max()")
TOP = {
    "exp overflows at 1000: take the largest score of each row off first": [_RAW, _RAW + _OF_P],
    "a probability may be rounded to 0, and a small number added to it is a guess: ln(sum) - z_y":
        [_OF_P] + [(_OF_P[0], f"-np.log(P[rows, y] + 1e-{k})") for k in (7, 8, 9, 10, 12, 15, 300)],
    "the largest score of each row is taken off, not that of the whole array":
        [_FLAT, _FLAT + _OF_P],
    "softmax goes over each row, axis 1, not over the whole array":
        (*_FLAT, "P.sum(axis=1, keepdims=True)", "P.sum()", *_OF_P),
    "the derivative is divided by n twice": ("len(y)\n", "len(y) ** 2\n"),
    "the derivative is not divided by n, the loss is": (") / len(y)", ")"),
    "sums over the batch; the mean is asked for": (") / len(y)", ")", "mean()", "sum()"),
    "the loss is a sum, the mean is asked for": ("mean()", "sum()"),
    "the sign of the derivative: P - Y, not Y - P": ("P - Y", "Y - P"),
    "the 1 of the right class is not taken off: these are probabilities":
        [("(P - Y)", "P"), ("(P - Y) / len(y)", "P")],
    "the label itself is taken off; P - Y has a row of zeros and one 1 for each label":
        [(P, new) for P in ("P - Y", "(P - Y) / len(y)") for new in ("P - y", "P - y[:, None]")],
    "the sign of the loss: -ln p is positive": ("loss, (", "-loss, ("),
}  # fmt: skip

# 07.8 ------------------------------------------------------------------------------------------


def draw_steps(rng):
    """Draw X, Y, W1, W2, step."""
    return [
        (*rounded(rng, (n, d), (n, k), (d, h), (h, k)), 0.5)
        for n, d, h, k in ((2, 2, 2, 1), (3, 2, 2, 2), (6, 3, 4, 2), (9, 4, 5, 3))
    ]


def step_down(X, Y, W1, W2, step):
    """Return the weights after one step."""
    Z = X @ W1
    H = np.tanh(Z)
    dF = (H @ W2 - Y) / len(X)
    dZ = (dF @ W2.T) * (1 - H**2)
    W2 = W2 - step * H.T @ dF
    W1 = W1 - step * X.T @ dZ
    return W1, W2


_W2, _DZ = "    W2 = W2 - step * H.T @ dF\n", "    dZ = (dF @ W2.T) * (1 - H**2)\n"
STEP_BUGS = {
    "the slope is right now; W2 still moves before the first layer's derivative is computed":
        (_DZ + _W2, _W2 + _DZ),
    "the order is right now; tanh's slope is still taken at H, not Z": ("H**2", "np.tanh(H) ** 2"),
}  # fmt: skip
STEP = {
    "tanh's slope is 1 - H^2: Z has not gone through tanh yet": ("H**2", "Z**2"),
    "tanh's slope is gone; it must stay, as 1 - H^2": (" * (1 - H**2)", ""),
    "1/n was right: the loss is a mean": (" / len(X)", ""),
    "the step now goes up: minus the step times the derivative": ("- step", "+ step"),
}

# 07.10 -----------------------------------------------------------------------------------------


def draw_work(rng):
    """Draw sizes and numbers of samples."""
    return [([2, 3, 1], 1), ([64, 128, 64, 10], 32), ([5, 4], 3)] + [
        ([int(q) for q in rng.integers(2, 50, k)], int(rng.integers(2, 40))) for k in (3, 4, 6)
    ]


def work(sizes, n):
    """Return the multiplications of the matrix products forward, and of those backward."""
    products = [n * p * q for p, q in pairwise(sizes)]
    return sum(products), 2 * sum(products) - products[0]


WORK = {
    "nothing has to go back to the samples: the first layer needs no slopes of its input":
        (" - products[0]", ""),
    "the first layer needs one product less, not the last": ("products[0]", "products[-1]"),
    "two products go back through a layer: one for its weights, one for its input":
        ("2 * sum(products) - products[0]", "sum(products)"),
    "back to the input only; a product for the weights of each layer is missing":
        ("2 * sum(products) - products[0]", "sum(products) - products[0]"),
    "the number of samples is forgotten": ("n * p", "p"),
    "biases are added, not multiplied": ("p * q", "(p + 1) * q"),
}  # fmt: skip

# 07.11 -----------------------------------------------------------------------------------------


def draw_unbalanced(rng):
    """Draw W1, b1, W2: as many neurons as inputs and outputs, where a wrong axis fits, too."""
    return [
        rounded(rng, (d, h), h, (h, k)) for d, h, k in ((1, 1, 1), (2, 2, 2), (3, 3, 3), (2, 5, 3))
    ]


def balance(W1, b1, W2):
    """Return the same function with each hidden neuron's weights in as long as those out."""
    s = np.sqrt(np.linalg.norm(W2, axis=1) / np.sqrt((W1**2).sum(axis=0) + b1**2))
    return W1 * s, b1 * s, W2 / s[:, None]


BALANCE = {
    "the bias is forgotten in the length: it belongs to what goes in": (" + b1**2", ""),
    "the bias stays as it is; W1 and b1 must be multiplied alike, or the kink moves":
        ("b1 * s", "b1"),
    "what is multiplied before the bend is divided after it": ("W2 / s[", "W2 * s["),
    "the weights out stay as they are, so the function changes": ("W2 / s[:, None]", "W2"),
    "the factor is upside down": ("W1 * s, b1 * s, W2 / s", "W1 / s, b1 / s, W2 * s"),
    "both sides change by the factor, so it is the root of the ratio": ("s = np.sqrt(", "s = ("),
    "the wrong axis: what neuron j sends out is row j of W2":
        ("W2, axis=1", "W2, axis=0", "s[:, None]", "s"),
}  # fmt: skip

MODEL = """\
Neurons with equal weights in and out give the same value and get the same derivative back, so they
take the same steps and stay equal for ever: the layer is one neuron, copied. With all weights 0 the
first layer gets dZ2 W2' = 0, and W2 gets A1' dZ2 = 0 because A1 is 0: only the last bias can move.
Random weights break the symmetry; biases may start at 0."""

START = {"c1": 0.0, "c2": -0.5, "v1": 1.0, "v2": -0.5}

EXERCISES = {
    "07.1": FillIn(draw_layers, layer, LAYER),
    "07.2": FillIn(draw_sizes, count, COUNT),
    "07.3": Explore("by_hand", START, other_solution),
    "07.4": FillIn(draw_creases, crease, CREASE, accept=accept_crease),
    "07.5": FillIn(draw_neuron, slopes_of, SLOPES),
    "07.6": FillIn(draw_back, layer_back, LAYER_BACK),
    "07.7": FillIn(draw_top, top, TOP),
    "07.8": FillIn(draw_steps, step_down, STEP, STEP_BUGS),
    "07.9": Explain(MODEL),
    "07.10": FillIn(draw_work, work, WORK),
    "07.11": FillIn(draw_unbalanced, balance, BALANCE),
}
