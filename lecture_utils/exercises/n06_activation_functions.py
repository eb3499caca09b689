"""Exercises of notebook 06: activation functions."""

import math
from functools import cache

import numpy as np

from lecture_utils.activations import ACTIVATIONS
from lecture_utils.activations import relu as right_relu
from lecture_utils.activations import softplus as right_softplus
from lecture_utils.exercises._kinds import Explain, Explore, FillIn
from lecture_utils.exercises.n05_perceptron import nice

# 06.1 ------------------------------------------------------------------------------------------


def draw_layers(rng):
    """Draw two layers, W1, b1, W2, b2, square: a product in the wrong order fits, too."""
    inputs = [(nice(rng, n, n), nice(rng, n), nice(rng, n, n), nice(rng, n)) for n in (2, 2, 3)]
    shapes = [((n, n), n, (n, n), n) for n in (2, 5)]
    return inputs + [tuple(rng.normal(size=shape) for shape in four) for four in shapes]


def collapse(W1, b1, W2, b2):
    """Return the one layer that does what both do."""
    return W1 @ W2, b1 @ W2 + b2


COLLAPSE = {
    "the order: the first layer stands on the left, W1 W2":
        lambda W1, b1, W2, b2: (W2 @ W1, b1 @ W2 + b2),
    "the order in the bias: b1 is a row, b1 W2": lambda W1, b1, W2, b2: (W1 @ W2, W2 @ b1 + b2),
    "the first bias goes through the second layer, too: b1 W2":
        lambda W1, b1, W2, b2: (W1 @ W2, b1 + b2),
    "the first bias is missing": lambda W1, b1, W2, b2: (W1 @ W2, b2),
    "the second bias is missing": lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2),
    "bias first, weights second: they are swapped":
        lambda W1, b1, W2, b2: (b1 @ W2 + b2, W1 @ W2),
    "a product entry by entry; a matrix product is asked for, @":
        lambda W1, b1, W2, b2: (W1 * W2, b1 @ W2 + b2),
}  # fmt: skip

# 06.2, 06.3, 06.5 ------------------------------------------------------------------------------


def draw_scores(rng):
    """Draw scores of several shapes, 0 among them."""
    first = np.array([-2.0, 0.0, 3.0])
    return [(first,), (nice(rng, 2, 2),), (rng.normal(size=(5, 4)),), (rng.normal(size=(2, 3, 2)),)]


def relu(z):
    """Return ReLU and its slope."""
    return right_relu(z), np.where(z > 0, 1.0, 0.0)


RELU = {
    "the slope at the kink: 0 is agreed, you take 1":
        lambda z: (right_relu(z), np.where(z >= 0, 1.0, 0.0)),
    "the slope at the kink: 0 is agreed, you take 1/2; any number from 0 to 1 is a subgradient":
        lambda z: (right_relu(z), np.heaviside(z, 0.5)),
    "the slope is True and False; numbers are asked for": lambda z: (right_relu(z), z > 0),
    "the negative side is kept, the positive one cut off":
        lambda z: (np.minimum(0.0, z), np.where(z < 0, 1.0, 0.0)),
    "the absolute value: below 0 it must be 0": lambda z: (np.abs(z), np.sign(z)),
    "the slope is the value itself": lambda z: (right_relu(z), right_relu(z)),
    "slope first, value second: they are swapped": lambda z: relu(z)[::-1],
    "the largest of the whole array; compare entry by entry, np.maximum":
        lambda z: (max(0.0, z.max()), np.where(z > 0, 1.0, 0.0)),
}  # fmt: skip


def draw_wide(rng):
    """Draw scores from small to huge."""
    first = np.array([0.0, 1.0, -1.0])
    ends = np.array([-1000.0, -40.0, 40.0, 1000.0])
    return [(first,), (nice(rng, 2, 3),), (ends,), (rng.normal(size=20) * 30,)]


def _overflows(z):
    return np.log(1 + np.exp(z))


SOFTPLUS = {
    "exp(z) overflows: inf for large z; draw z out of the logarithm first": _overflows,
    "for z < 0 it is not 0: ln(1 + e^z) is small, but positive":
        lambda z: np.where(z > 0, right_softplus(z), 0.0),
    "the sign of |z|: e^-|z| is asked for, not e^-z":
        lambda z: np.maximum(z, 0) + np.log1p(np.exp(-z)),
    "the part max(z, 0) is missing": lambda z: np.log1p(np.exp(-np.abs(z))),
    "the logarithm to base 2 or 10; the natural one is asked for":
        lambda z: np.maximum(z, 0) + np.log2(1 + np.exp(-np.abs(z))),
    "this is its slope, the sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}  # fmt: skip


def draw_leaks(rng):
    """Draw scores and leaks, one of them above 1."""
    leaks = (0.01, 0.5, 0.0, 2.0, 0.2)
    return [(*scores, leak) for scores, leak in zip(draw_scores(rng) * 2, leaks, strict=False)]


def leaky(z, leak):
    """Return z above 0, leak * z elsewhere."""
    return np.where(z > 0, z, leak * z)


LEAKY = {
    "the leak is on the wrong side: it belongs to z < 0":
        lambda z, leak: np.where(z > 0, leak * z, z),
    "max(z, leak z) is right for a leak below 1 only": lambda z, leak: np.maximum(z, leak * z),
    "below 0 you give leak itself, not leak * z": lambda z, leak: np.where(z > 0, z, leak),
    "below 0 there is no leak; this is ReLU": lambda z, leak: right_relu(z),
    "the sign below 0: minus leak * z": lambda z, leak: np.where(z > 0, z, -leak * z),
    "these are the slopes": lambda z, leak: np.where(z > 0, 1.0, leak),
}  # fmt: skip

# 06.4 ------------------------------------------------------------------------------------------


@cache
def gradient_left(name, v, layers=50, width=100):
    """Measure what is left of a gradient after 50 layers with weights of variance v / width."""
    phi, slope = ACTIVATIONS[name]
    left = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        a, passed = rng.normal(size=(40, width)), []
        for _ in range(layers):
            W = rng.normal(size=(width, width)) * np.sqrt(v / width)
            z = a @ W
            a = phi(z)
            passed.append((W, slope(z, a)))
        g = start = rng.normal(size=a.shape)
        for W, s in reversed(passed):
            g = (g * s) @ W.T
        left.append(np.linalg.norm(g) / np.linalg.norm(start))
    return np.median(left)


def keep_it_alive(activation, variance, layers):
    """Say what is missing to a gradient that survives."""
    if layers < 50:
        return f"{layers} layers are not enough. Take all 50."
    if activation == "identity":
        return "The identity does not bend: fifty layers of it are one. Take another."
    left = gradient_left(activation, 2.0 if "He" in variance else 1.0)
    if not 0.1 <= left <= 10:
        return f"With {activation} and {variance} a gradient is {left:.1e} of itself in the end."
    return ""


# 06.6 ------------------------------------------------------------------------------------------


def draw_pieces(rng):
    """Draw x, c, s, kinks, v."""
    inputs = [(np.array([-1.0, 0.0, 2.0]), 1.0, 2.0, np.array([0.0, 1.0]), np.array([1.0, -3.0]))]
    for n, k in ((4, 1), (3, 3), (20, 5)):
        inputs.append((rng.normal(size=n), rng.normal(), rng.normal(), rng.normal(size=k),
                       rng.normal(size=k)))  # fmt: skip
    return inputs


def pieces(x, c, s, kinks, v):
    """Sum up hinges."""
    return c + s * x + np.maximum(0.0, x[:, None] - kinks) @ v


PIECES = {
    "the hinges open to the wrong side: x - t, not t - x":
        lambda x, c, s, t, v: c + s * x + np.maximum(0.0, t - x[:, None]) @ v,
    "the bend is missing: max(0, ...)": lambda x, c, s, t, v: c + s * x + (x[:, None] - t) @ v,
    "the weights v are missing":
        lambda x, c, s, t, v: c + s * x + np.maximum(0.0, x[:, None] - t).sum(axis=1),
    "the straight part s x is missing":
        lambda x, c, s, t, v: c + np.maximum(0.0, x[:, None] - t) @ v,
    "the constant c is missing": lambda x, c, s, t, v: pieces(x, c, s, t, v) - c,
    "the sum goes over the samples; it goes over the hinges":
        lambda x, c, s, t, v: c + s * x + (np.maximum(0.0, x[:, None] - t) * v).sum(),
    "the weight is inside of the bend: max(0, v (x - t)) folds differently where v < 0":
        lambda x, c, s, t, v: c + s * x + np.maximum(0.0, (x[:, None] - t) * v).sum(axis=1),
}  # fmt: skip

# 06.7 ------------------------------------------------------------------------------------------


def gelu_slope(z):
    normal_below = (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2
    density = np.exp(-(z**2)) / math.sqrt(2 * math.pi)
    return normal_below + density


def right_slope(z):
    """Return the slope of GELU."""
    gelu, slope = ACTIVATIONS["gelu"]
    return slope(z, gelu(z))


def _below(z):
    return (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2


def _density(z, half=2):
    return np.exp(-(z**2) / half) / math.sqrt(2 * math.pi)


def _tanh_form(z):
    inner = math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)
    outer = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * z**2)
    return (1 + np.tanh(inner)) / 2 + z * outer * (1 - np.tanh(inner) ** 2) / 2


GELU_SLOPE = {
    "the first bug is gone; the exponent is still -z^2, and the density has -z^2 / 2":
        lambda z: _below(z) + z * _density(z, 1),
    "the density is right now; the product rule gives it a factor z":
        lambda z: _below(z) + _density(z),
    "the second term is missing": _below,
    "the first term is missing": lambda z: z * _density(z),
    "this is the slope of the tanh form, an approximation of GELU": _tanh_form,
    "this is GELU itself, not its slope": lambda z: z * _below(z),
}  # fmt: skip

MODEL = """\
In the first layer never: its gradient is 0 for every sample, so its weights stay, and the samples
are the same in every epoch. In the second layer its weights stay, too, but its inputs come from the
first layer, which goes on learning: they may move so that a score gets positive again. (Decay of
the weights, or new data, can bring a neuron of the first layer back, too.)"""

START = {"activation": "sigmoid", "variance": "v = 1 (Xavier)", "layers": 50}

EXERCISES = {
    "06.1": FillIn("W1 b1 W2 b2", draw_layers, collapse, COLLAPSE),
    "06.2": FillIn("z", draw_scores, relu, RELU),
    "06.3": FillIn("z", draw_wide, right_softplus, SOFTPLUS),
    "06.4": Explore("depth", START, keep_it_alive),
    "06.5": FillIn("z leak", draw_leaks, leaky, LEAKY),
    "06.6": FillIn("x c s kinks v", draw_pieces, pieces, PIECES),
    "06.7": FillIn("z", draw_scores, right_slope, GELU_SLOPE, given=gelu_slope),
    "06.8": Explain(MODEL),
}  # fmt: skip
