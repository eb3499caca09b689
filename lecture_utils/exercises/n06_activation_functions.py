"""Exercises of notebook 06: activation functions."""

import math
from functools import cache

import numpy as np

from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.exercises.n05_perceptron import nice
from lecture_utils.numbers.activations import ACTIVATIONS
from lecture_utils.numbers.activations import relu as right_relu
from lecture_utils.numbers.activations import softplus as right_softplus

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
    "weights are multiplied, not added: put the first layer into the second and multiply out":
        lambda W1, b1, W2, b2: (W1 + W2, b1 + b2),
    "the first bias goes through the second layer, b1 W2; you take it through its own":
        lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W1 + b2),
    "the biases are swapped: the first one goes through the second layer, not the other way round":
        lambda W1, b1, W2, b2: (W1 @ W2, b2 @ W2 + b1),
    "the layers are swapped: layer 1 comes first, this puts it behind layer 2":
        lambda W1, b1, W2, b2: (W2 @ W1, b2 @ W1 + b1),
    "the order, in weights and bias: samples are rows, W1 W2 and b1 W2":
        lambda W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2),
    "only the first bias goes through the second layer; b2 is added behind it":
        lambda W1, b1, W2, b2: (W1 @ W2, (b1 + b2) @ W2),
    "the weights are transposed; no transpose is needed":
        lambda W1, b1, W2, b2: ((W1 @ W2).T, b1 @ W2 + b2),
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
    "the slope is 1 everywhere; where the function is flat it is 0":
        lambda z: (right_relu(z), np.ones_like(z)),
    "the slope is -1 below 0; where the function is flat it is 0":
        lambda z: (right_relu(z), np.sign(z)),
    "the slope's sides are swapped: 1 where z > 0":
        lambda z: (right_relu(z), np.where(z > 0, 0.0, 1.0)),
    "this is leaky ReLU; below 0 ReLU and its slope are 0":
        lambda z: (np.maximum(0.01 * z, z), np.where(z > 0, 1.0, 0.01)),
    "the value is cut off above, too; ReLU goes on like z":
        lambda z: (np.clip(z, 0, 1), 1.0 * (z > 0)),
    "the value is 0 or 1, which is the slope; the value is z where z > 0":
        lambda z: (1.0 * (z > 0), 1.0 * (z > 0)),
    "the maximum with 1; with 0 is meant": lambda z: (np.maximum(1.0, z), 1.0 * (z > 0)),
    "the kink is at 0, not at 1": lambda z: (right_relu(z), 1.0 * (z >= 1)),
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
    "the logarithm to base 2; the natural one is np.log, or np.log1p":
        lambda z: np.maximum(z, 0) + np.log2(1 + np.exp(-np.abs(z))),
    "this is its slope, the sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "the logarithm to base 10; the natural one is np.log, or np.log1p":
        lambda z: np.maximum(z, 0) + np.log10(1 + np.exp(-np.abs(z))),
    "the logarithm to base 10, and exp(z) overflows": lambda z: np.log10(1 + np.exp(z)),
    "the logarithm to base 2, and exp(z) overflows": lambda z: np.log2(1 + np.exp(z)),
    "you cut z off at 500, so the result stays at 500; draw z out of the logarithm":
        lambda z: np.log1p(np.exp(np.clip(z, -500, 500))),
    "you cut z off at 700, so the result stays at 700; draw z out of the logarithm":
        lambda z: np.log1p(np.exp(np.minimum(z, 700))),
    "this is ReLU; the second part, ln(1 + e^-|z|), is missing": lambda z: np.maximum(z, 0.0),
    "e^-z overflows for very negative z: this form is for z > 0 only":
        lambda z: z + np.log1p(np.exp(-z)),
    "the forms are swapped: z + ln(1 + e^-z) is for z > 0":
        lambda z: np.where(z > 0, np.log1p(np.exp(z)), z + np.log1p(np.exp(-z))),
    "the sign of z: this is softplus of -z": lambda z: right_softplus(-z),
    "the sign of z: this is softplus of -z, and exp(-z) overflows":
        lambda z: np.log1p(np.exp(-z)),
    "the large part is max(z, 0), not |z|": lambda z: np.abs(z) + np.log1p(np.exp(-np.abs(z))),
    "1 is added twice: np.log1p(e) is ln(1 + e)":
        lambda z: np.maximum(z, 0) + np.log1p(1 + np.exp(-np.abs(z))),
    "the minus before |z|: e^|z| overflows":
        lambda z: np.maximum(z, 0) + np.log1p(np.exp(np.abs(z))),
    "the logarithm is missing": lambda z: np.maximum(z, 0) + np.exp(-np.abs(z)),
    "max(z, 0) inside of the exponential: below 0 this stays at ln 2, and above it overflows":
        lambda z: np.log1p(np.exp(np.maximum(z, 0))),
    "the logarithm is subtracted; it is added":
        lambda z: np.maximum(z, 0) - np.log1p(np.exp(-np.abs(z))),
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
    "above 0 the leak is added, too: z there, leak * z below 0 only":
        lambda z, leak: np.maximum(0.0, z) + leak * z,
    "the leak is an argument, you take always 0.01":
        lambda z, leak: np.where(z > 0, z, 0.01 * z),
    "below 0 this bends like ELU; leak * z is a straight line":
        lambda z, leak: np.where(z > 0, z, leak * np.expm1(z)),
    "below 0 you subtract the leak; it is a factor": lambda z, leak: np.where(z > 0, z, z - leak),
    "below 0 you add the leak; it is a factor": lambda z, leak: np.where(z > 0, z, z + leak),
    "below 0 you divide by the leak; it is a factor": lambda z, leak: np.where(z > 0, z, z / leak),
    "max(leak, z) has leak for a floor; leak * z is asked for":
        lambda z, leak: np.maximum(leak, z),
    "max(0, leak z) has the factor on the wrong side": lambda z, leak: np.maximum(0.0, leak * z),
    "the leak is on both sides; above 0 it is z itself": lambda z, leak: leak * z,
    "the kink is at 0, not at the leak": lambda z, leak: np.where(z > leak, z, leak * z),
    "min(z, leak z) takes the wrong one of both while the leak is below 1":
        lambda z, leak: np.minimum(z, leak * z),
    "the factor below 0 is leak, not 1 - leak": lambda z, leak: np.where(z > 0, z, (1 - leak) * z),
}  # fmt: skip

# 06.4 ------------------------------------------------------------------------------------------


@cache
def gradient_left(name, v, layers=50, width=100):
    """Measure what is left of a gradient after 50 layers with weights of variance v / width.

    The draws are those of the notebook: a verdict and the figure name the same number.
    """
    phi, slope = ACTIVATIONS[name]
    left = []
    for seed in range(5):
        rng = np.random.default_rng([0, seed])
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
    "the kink is where x - t is 0: x - t, not x + t":
        lambda x, c, s, t, v: c + s * x + np.maximum(0.0, x[:, None] + t) @ v,
    "the constant c and the straight part s x are missing":
        lambda x, c, s, t, v: np.maximum(0.0, x[:, None] - t) @ v,
    "c and s are swapped: c + s x": lambda x, c, s, t, v: pieces(x, s, c, t, v),
    "s is a slope: s x, not s alone": lambda x, c, s, t, v: pieces(x, c + s, 0.0, t, v),
    "t and v are swapped: kinks inside, weights outside":
        lambda x, c, s, t, v: pieces(x, c, s, v, t),
    "the mean over the hinges; the sum is asked for":
        lambda x, c, s, t, v: c + s * x + (np.maximum(0.0, x[:, None] - t) * v).mean(axis=1),
    "the absolute value bends on both sides; a hinge is flat on one: max(0, ...)":
        lambda x, c, s, t, v: c + s * x + np.abs(x[:, None] - t) @ v,
    "the minimum with 0; the maximum is asked for":
        lambda x, c, s, t, v: c + s * x + np.minimum(0.0, x[:, None] - t) @ v,
    "steps instead of hinges: behind the kink a hinge is x - t, not 1":
        lambda x, c, s, t, v: c + s * x + (x[:, None] > t) @ v,
    "the hinges are subtracted; they are added":
        lambda x, c, s, t, v: c + s * x - np.maximum(0.0, x[:, None] - t) @ v,
    "the straight part is summed up with the hinges, once for each; it comes once":
        lambda x, c, s, t, v: pieces(x, c, len(t) * s, t, v),
    "all stands inside of max(0, ...); only x - t does":
        lambda x, c, s, t, v: np.maximum(0.0, c + s * x + (x[:, None] - t) @ v),
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
    "z stands at the wrong factor: Phi(z) is left as it was in the first term, z in the second":
        lambda z: z * _below(z) + _density(z),
    "z stands at both terms; the first one has z' = 1": lambda z: z * (_below(z) + _density(z)),
    "the sign: Phi' is +phi, so the second term is added": lambda z: _below(z) - z * _density(z),
    "you take phi' = -z phi; the product rule asks for Phi' = phi":
        lambda z: _below(z) - z**2 * _density(z),
    "the density is divided by the root of 2 pi, not by 2 pi":
        lambda z: _below(z) + z * _density(z) / math.sqrt(2 * math.pi),
    "the density is not divided by the root of 2 pi":
        lambda z: _below(z) + z * _density(z) * math.sqrt(2 * math.pi),
    "the exponent is positive: -z**2 is -(z**2), but (-z)**2 is z**2":
        lambda z: _below(z) + z * _density(z, -2),
    "the exponent is -z^2 / 2, not -(z / 2)^2": lambda z: _below(z) + z * _density(z, 4),
    "the exponent has z squared": lambda z: _below(z) + z * np.exp(-z / 2) / math.sqrt(2 * math.pi),
    "the terms of the product rule are added, not multiplied":
        lambda z: _below(z) * z * _density(z),
    "this is the slope of SiLU": lambda z: ACTIVATIONS["silu"][1](z, ACTIVATIONS["silu"][0](z)),
    "the argument of erf is z / sqrt(2); that line was right":
        lambda z: (1 + np.vectorize(math.erf)(z)) / 2 + z * _density(z),
}  # fmt: skip

MODEL = """\
In the first layer never: its gradient is 0 for every sample, so its weights stay, and the samples
are the same in every epoch. In the second layer its weights stay, too, but its inputs come from the
first layer, which goes on learning: they may move so that a score gets positive again. (Decay of
the weights, new data, or what is left of a momentum can bring one of the first layer back, too.)"""

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
