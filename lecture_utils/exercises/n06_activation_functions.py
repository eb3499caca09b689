"""Exercises of notebook 06: activation functions."""

import math
from functools import cache

import numpy as np

from lecture_utils.exercises.draws import nice, normals
from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.numbers.activations import ACTIVATIONS

# 06.1 ------------------------------------------------------------------------------------------


def draw_layers(rng):
    """Draw two layers, W1, b1, W2, b2, square at first: a product in the wrong order fits, too."""
    inputs = [(nice(rng, n, n), nice(rng, n), nice(rng, n, n), nice(rng, n)) for n in (2, 2, 3)]
    return inputs + [normals(rng, (d, h), h, (h, k), k) for d, h, k in ((5, 5, 5), (2, 3, 4))]


def collapse(W1, b1, W2, b2):
    """Return the one layer that does what both do."""
    return W1 @ W2, b1 @ W2 + b2


COLLAPSE = {
    "the order: samples and biases are rows, W1 W2 and b1 W2":
        [("W1 @ W2", "W2 @ W1"), ("b1 @ W2", "W2 @ b1"),
         ("W1 @ W2", "W2 @ W1", "b1 @ W2", "W2 @ b1")],
    "the first bias goes through the second layer, too, and not its own: b1 W2":
        [("b1 @ W2", "b1"), ("b1 @ W2", "b1 @ W1")],
    "the first bias is missing": ("b1 @ W2 + b2", "b2"),
    "the second bias is missing": (" + b2", ""),
    "a product entry by entry; a matrix product is asked for, @":
        [("W1 @ W2", "W1 * W2"), ("b1 @ W2", "b1 * W2"), ("@", "*")],
    "weights are multiplied, not added: put the first layer into the second and multiply out":
        ("W1 @ W2, b1 @ W2", "W1 + W2, b1"),
    "the second bias goes through no layer": ("b1 @ W2 + b2", "(b1 + b2) @ W2"),
}  # fmt: skip

# 06.2, 06.3, 06.5 ------------------------------------------------------------------------------


def draw_scores(rng):
    """Draw scores of several shapes, 0 among them."""
    first = np.array([-0.75, 0.0, 2.5])  # where GELU is flat, and no whole number
    return [(first,), (nice(rng, 2, 2),), (rng.normal(size=(5, 4)),), (rng.normal(size=(2, 3, 2)),)]


def relu(z):
    """Return ReLU and its slope."""
    return np.maximum(0.0, z), np.where(z > 0, 1.0, 0.0)


RELU = {
    "the slope at the kink: any number from 0 to 1 is a subgradient; 0 is agreed":
        [(">", ">="), ("np.where(z > 0, 1.0, 0.0)", "np.heaviside(z, 0.5)")],
    "the negative side is kept, the positive one cut off": ("maximum", "minimum", ">", "<"),
    "the absolute value: below 0 it must be 0": lambda z: (np.abs(z), np.sign(z)),
    "np.vectorize takes the type of its first result: 0 is a whole number, 0.0 is not":
        ("np.maximum(0.0, z)", "np.vectorize(lambda t: max(0, t))(z)"),
    "below 0 the slope is 0, not -1": ("np.where(z > 0, 1.0, 0.0)", "np.sign(z)"),
    "the slope is the value itself": ("np.where(z > 0, 1.0, 0.0)", "np.maximum(0.0, z)"),
    "the largest of the whole array; compare entry by entry, np.maximum":
        ("np.maximum(0.0, z)", "max(0.0, z.max())"),
    "the slope is 1 everywhere; where the function is flat it is 0": ("1.0, 0.0", "1.0, 1.0"),
    "this is leaky ReLU; below 0 ReLU and its slope are 0": ("(0.0", "(0.01 * z", "0.0)", "0.01)"),
}  # fmt: skip


def draw_wide(rng):
    """Draw scores from small to huge."""
    first = np.array([0.0, 1.0, -1.0])
    ends = np.array([-1000.0, -40.0, -26.0, 40.0, 800.0, 1000.0])
    return [(first,), (nice(rng, 2, 3),), (ends,), (rng.normal(size=20) * 30,)]


def softplus(z):
    """Return ln(1 + e^z), with e to the power of negative numbers only."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


SOFTPLUS = {
    "exp(z) is inf for large z; draw z out of the logarithm": lambda z: np.log(1 + np.exp(z)),
    "for z < 0 it is not 0: ln(1 + e^z) is small, but positive":
        ("return", "return (z > 0) * (", "(z)))", "(z))))"),
    "the sign of |z|: e^-|z| is asked for, not e^-z": ("np.abs(z)", "z"),
    "the part max(z, 0) is missing": ("np.maximum(z, 0) + ", ""),
    "this is its slope, the sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "you cut z off, so the result stays there; draw z out of the logarithm":
        [lambda z, most=most, least=least: np.log1p(np.exp(np.clip(z, least, most)))
         for most in (20, 30, 50, 100, 500, 700) for least in (-most, -np.inf)],
    "this is ReLU; ln(1 + e^-|z|) is missing": (" + np.log1p(np.exp(-np.abs(z)))", ""),
    "e^-z overflows: this form is for z > 0 only": lambda z: z + np.log1p(np.exp(-z)),
    "the large part is max(z, 0), not |z|": ("np.maximum(z, 0)", "np.abs(z)"),
    "the logarithm is missing": ("np.log1p", ""),
}  # fmt: skip


def draw_leaks(rng):
    """Draw scores and leaks, one of them above 1."""
    leaks = (0.01, 0.5, 0.0, 2.0, 0.2)
    return [(*scores, leak) for scores, leak in zip(draw_scores(rng) * 2, leaks, strict=False)]


def leaky(z, leak):
    """Return z above 0, leak * z elsewhere."""
    return np.where(z > 0, z, leak * z)


LEAKY = {
    "the leak is on the wrong side: it belongs to z < 0": ("z, leak * z)", "leak * z, z)"),
    "max(z, leak z) is right for a leak below 1 only": ("where(z > 0, z,", "maximum(z,"),
    "below 0 you give leak itself, not leak * z": ("leak * z", "leak"),
    "below 0 there is no leak; this is ReLU": ("leak * z", "0.0"),
    "the sign below 0: minus leak * z": ("leak * z", "-leak * z"),
    "above 0 the leak is added, too: z there, leak * z below 0 only":
        ("np.where(z > 0, z, leak * z)", "np.maximum(0.0, z) + leak * z"),
    "the leak is an argument, you take always 0.01": ("leak * z", "0.01 * z"),
    "below 0 the leak is a factor": [("leak * z", "z - leak"), ("leak * z", "z / leak")],
}  # fmt: skip

# 06.4 ------------------------------------------------------------------------------------------


@cache
def gradient_left(name, times, layers=50, width=100):
    """Measure what is left of a gradient after 50 layers, weights of variance times / width.

    The draws are those of the notebook: a verdict and the figure name the same number.
    """
    phi, slope = ACTIVATIONS[name]
    left = []
    for seed in range(5):
        rng = np.random.default_rng([0, seed])
        a, passed = rng.normal(size=(40, width)), []
        for _ in range(layers):
            W = rng.normal(size=(width, width)) * np.sqrt(times / width)
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
    first = np.array([-1.0, 0.0, 2.0]), 1.0, 2.0, np.array([0.0, 1.0]), np.array([1.0, -3.0])
    return [first] + [normals(rng, n, (), (), k, k) for n, k in ((4, 1), (3, 3), (20, 5))]


def pieces(x, c, s, kinks, v):
    """Sum up hinges."""
    return c + s * x + np.maximum(0.0, x[:, None] - kinks) @ v


PIECES = {
    "the hinges open the wrong way: x - t": ("x[:, None] - kinks", "kinks - x[:, None]"),
    "the bend is missing: max": ("np.maximum(0.0, x[:, None] - kinks)", "(x[:, None] - kinks)"),
    "the weights v are missing": (" @ v", ".sum(axis=1)"),
    "the straight part s x is missing": (" + s * x", ""),
    "the constant c is missing": ("c + s * x", "s * x"),
    "the sum goes over the samples; it goes over the hinges":
        ("np.maximum", "(np.maximum", "@ v", "* v).sum()"),
    "the weight is inside of the bend: max(0, v (x - t)) folds differently where v < 0":
        ("x[:, None] - kinks) @ v", "(x[:, None] - kinks) * v).sum(axis=1)"),
    "steps instead of hinges: after the kink a hinge is x - t, not 1":
        ("np.maximum(0.0, x[:, None] - kinks)", "(x[:, None] > kinks)"),
}  # fmt: skip

# 06.7 ------------------------------------------------------------------------------------------


def gelu_slope(z):
    """Return the slope of GELU."""
    normal_below = (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2
    density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return normal_below + z * density


GELU_BUGS = {
    "the first bug is gone; the exponent is still -z^2, and the density has -z^2 / 2":
        ("-(z**2) / 2", "-(z**2)"),
    "the density is right now; the product rule gives it a factor z": ("z * density", "density"),
}  # fmt: skip
GELU_SLOPE = {
    "the second term is missing": (" + z * density", ""),
    "the first term is missing": ("normal_below + z", "z"),
    "this is GELU itself, not its slope": ("normal_below + z * density", "z * normal_below"),
    "z stands at the wrong factor: Phi(z) is left as it was in the first term, z in the second":
        ("normal_below + z * density", "z * normal_below + density"),
    "the sign: Phi grows, so the second term is added": ("+ z * density", "- z * density"),
    "the exponent is positive: -z**2 is -(z**2), but (-z)**2 is z**2": ("-(z**2)", "(z**2)"),
    "the exponent is -z^2 / 2, not -(z / 2)^2": ("-(z**2) / 2", "-(z**2) / 4"),
    "the argument of erf is z / sqrt(2); that line was right": ("(z / math.sqrt(2))", "(z)"),
}  # fmt: skip

# 06.9 ------------------------------------------------------------------------------------------


def draw_teeth(rng):
    """Draw where a tooth begins, is highest and ends."""
    inputs = [(0.0, 2.0, 3.0), (0.0, 0.5, 1.0), (-1.0, 0.0, 4.0)]
    return inputs + [tuple(float(t) for t in np.cumsum(rng.uniform(0.1, 2, 3))) for _ in range(4)]


def tooth(left, top, right):
    """Return the weights of the three hinges."""
    up, down = 1 / (top - left), 1 / (right - top)
    return np.array([up, -(up + down), down])


TOOTH = {
    "the second hinge takes back the rise, and the line goes on flat; it has to fall":
        ("-(up + down)", "-up"),
    "the second hinge only falls; the first one still rises there, so take that back, too":
        ("-(up + down)", "-down"),
    "the middle weight is -2 times the first only where both sides are of one length":
        ("-(up + down)", "-2 * up"),
    "these are the slopes of the pieces; a hinge stays, so its weight is the change of the slope":
        ("-(up + down), down", "-down, 0.0"),
    "after the tooth the line goes on falling: the last hinge takes that back":
        ("+ down), down", "+ down), 0.0"),
    "the last weight has the wrong sign: it stops a fall": ("), down", "), -down"),
    "these are the heights at the kinks": ("up, -(up + down), down", "0.0, 1.0, 0.0"),
    "a slope is the height, 1, divided by the length of the piece": ("1 / ", ""),
}  # fmt: skip

# 06.10 -----------------------------------------------------------------------------------------


def draw_chains(rng):
    """Draw x, w, b of a chain of neurons."""
    inputs = [(0.5, np.array([2.0]), np.array([0.0])), (0.0, np.array([1.0, -2.0]), np.ones(2))]
    inputs.append((0.0, np.ones(1), np.full(1, 6.0)))  # so flat that no difference is exact enough
    return inputs + [tuple(v / 2 for v in normals(rng, (), depth, depth)) for depth in (2, 3, 5)]


def chain_slope(x, w, b):
    """Return the derivative of a chain of tanh neurons."""
    a, slope = x, 1.0
    for weight, bias in zip(w, b, strict=True):
        a = np.tanh(weight * a + bias)
        slope = slope * weight * (1 - a**2)
    return slope


CHAIN_SLOPE = {
    "the weights are missing: a neuron multiplies by its w as well as by its slope":
        ("slope * weight", "slope"),
    "the slope of tanh at z is 1 - tanh(z)^2, and tanh(z) is a: no second tanh":
        ("a**2", "np.tanh(a) ** 2"),
    "the slope is taken at the input of the neuron; take it at its score, 1 - a^2 of its output":
        ("a = np.tanh(weight * a + bias)", "a, old = np.tanh(weight * a + bias), a", "a**2",
         "np.tanh(old) ** 2"),
    "this is the slope of the last neuron alone; the chain rule multiplies all of them":
        ("slope * weight", "weight"),
    "the slopes are added; the chain rule multiplies them": ("slope * weight", "slope + weight"),
    "this is the slope of the sigmoid; that of tanh is 1 - a^2": ("(1 - a**2)", "a * (1 - a)"),
    "the bends are missing: these are the weights alone": (" * (1 - a**2)", ""),
    "this is the value of the chain, not its slope": ("return slope", "return a"),
}  # fmt: skip

MODEL = """\
In the first layer never: its gradient is 0 for every sample, so its weights stay, and the samples
are the same in every epoch. In the second layer its weights stay, too, but its inputs come from the
first layer, which goes on learning: they may move so that a score gets positive again. (Decay of
the weights, new data, or what is left of a momentum can bring one of the first layer back, too.)"""

START = {"activation": "sigmoid", "variance": "1 / d (Xavier)", "layers": 50}

EXERCISES = {
    "06.1": FillIn(draw_layers, collapse, COLLAPSE),
    "06.2": FillIn(draw_scores, relu, RELU),
    "06.3": FillIn(draw_wide, softplus, SOFTPLUS),
    "06.4": Explore("depth", START, keep_it_alive),
    "06.5": FillIn(draw_leaks, leaky, LEAKY),
    "06.6": FillIn(draw_pieces, pieces, PIECES),
    "06.7": FillIn(draw_scores, gelu_slope, GELU_SLOPE, GELU_BUGS),
    "06.8": Explain(MODEL),
    "06.9": FillIn(draw_teeth, tooth, TOOTH),
    "06.10": FillIn(draw_chains, chain_slope, CHAIN_SLOPE),
}
