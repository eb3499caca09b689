"""Exercises of notebook 02: the sigmoid and derivatives."""

from functools import partial

import numpy as np

from lecture_utils.exercises.draws import normals
from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.numbers.activations import sigmoid

STUDENTS = np.arange(-2.0, 4.0), np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])


def chances(rng, n):
    """Draw what happened to n samples, 0 or 1, both among the first two."""
    y = rng.integers(0, 2, n).astype(float)
    y[:2] = (1.0, 0.0)[:n]
    return y


# 02.1, 02.2 ------------------------------------------------------------------------------------


def draw_soft(rng):
    """Draw scores of several shapes; +-1000 in the last."""
    first = np.array([0.0, 0.5, -2.0])
    ends = np.array([-1000.0, -720.0, -40.0, 40.0, 1000.0])
    return [(first,), (rng.normal(size=(2, 3)),), (4 * rng.normal(size=20),), (ends,)]


def soft(z):
    """Return the sigmoid, with e to the power of negative numbers only."""
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1.0) / (1.0 + e)


LOUD = ("the values are right, but something overflows on the way: never take e to the power of "
        "a large positive number, also not in the branch that np.where throws away")  # fmt: skip
SOFT = {
    "the curve falls: e^-z, not e^z, or two numerators swapped": lambda z: 1 / (1 + np.exp(z)),
    "for large z this is inf / inf, not a number": lambda z: np.exp(z) / (1 + np.exp(z)),
    "the numerator is 1 for both signs; for z < 0 it is e^-|z|": ("np.where(z < 0, e, 1.0)", "1.0"),
    "the numerator is e^-|z| for both signs; for z >= 0 it is 1": ("np.where(z < 0, e, 1.0)", "e"),
    "this is the hyperbolic tangent: it begins at -1": np.tanh,
}  # fmt: skip


def draw_scores(rng):
    """Draw scores of several shapes; at the last, some for which 1 - a keeps few digits."""
    return [*draw_soft(rng)[:3], (np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0]),)]


def steepness(z):
    """Return the slope of the sigmoid."""
    a = sigmoid(z)
    return a * (1 - a)


STEEPNESS = {
    "this is the sigmoid itself; its slope at 0 is 1/4": (" * (1 - a)", ""),
    "the formula got the output: sigmoid is taken twice. Use a = sigmoid(z), then a (1 - a)":
        ("sigmoid(z)", "sigmoid(sigmoid(z))"),
    "a (1 - a) wants the output a = sigmoid(z); you gave it z": ("sigmoid(z)", "z"),
    "the sign: a curve that rises has no negative slope": ("a * (1", "-a * (1"),
    "1 - a^2 is the slope of tanh; for the sigmoid it is a - a^2": ("a * (1 - a)", "1 - a**2"),
    "the factor a is missing": ("a * (1", "(1"),
    "e^-z / (1 + e^-z)^2 is inf / inf, not a number, for z = -1000; use a (1 - a)":
        lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
}  # fmt: skip

# 02.3 ------------------------------------------------------------------------------------------


def draw_slope(rng):
    """Draw x, w, b."""
    inputs = [(np.array([0.5]), 3.0, -1.0), (np.array([0.0, 1.0, -1.0]), -2.0, 1.0)]
    return inputs + [normals(rng, n, (), ()) for n in (4, 20)]


def slope_in_x(x, w, b):
    """Return the slope of sigmoid(w x + b) in x."""
    a = sigmoid(w * x + b)
    return w * a * (1 - a)


SLOPE_IN_X = {
    "the inner derivative is missing: z moves w times as fast as x": ("w * a", "a"),
    "this is the slope in w, with the inner derivative x; in x it is w": ("w * a", "x * a"),
    "the slope is taken at x; it must be taken at the score, w x + b": ("(w * x + b)", "(x)"),
    "the bias is missing in the score": ("x + b", "x"),
    "sigmoid is taken twice: it got the output":
        ("sigmoid(w * x + b)", "sigmoid(sigmoid(w * x + b))"),
}  # fmt: skip

# 02.4 ------------------------------------------------------------------------------------------


def draw_central(rng):
    """Draw f, z, h; steps so large that round-off does not matter."""
    inputs = [(np.square, 3.0, 0.5), (np.exp, 0.0, 1.0), (sigmoid, np.array([2.0, 0.0]), 0.1)]
    inputs += [(np.sin, rng.normal(size=5), 0.2), (np.exp, rng.normal(size=(2, 2)), 0.3)]
    return [*inputs, (np.tanh, rng.normal(), 0.05)]


def central(f, z, h):
    """Return the central difference of f at z."""
    return (f(z + h) - f(z - h)) / (2 * h)


CENTRAL = {
    "this is the forward difference; the left end is z - h": ("z - h", "z", "(2 * h)", "h"),
    "this is the backward difference; the right end is z + h": ("z + h", "z", "(2 * h)", "h"),
    "the way from z - h to z + h is 2 h long, not h": ("(2 * h)", "h"),
    "c / 2 * h is (c / 2) * h; put 2 * h in parentheses": ("(2 * h)", "2 * h"),
    "divide by h, too": ("(2 * h)", "2"),
    "this is central with half the step; the ends are z - h and z + h":
        ("z + h", "z + h / 2", "z - h", "z - h / 2", "(2 * h)", "h"),
    "you take a step of your own; use h. 1e-16 is too small: z + h is z itself":
        ("z + h", "z + 1e-16", "z - h", "z - 1e-16", "2 * h", "2e-16"),
    "you take a step of your own, a good one, but h is asked for":
        ("z + h", "z + 1e-5", "z - h", "z - 1e-5", "2 * h", "2e-5"),
}  # fmt: skip

# 02.5 ------------------------------------------------------------------------------------------


def draw_loss(rng):
    """Draw z, y; one sample alone, all at 0, and scores that overflow."""
    inputs = [(np.array([0.0, 2.0, -1.0]), np.array([1.0, 0.0, 1.0])),
              (np.zeros(2), np.array([1.0, 0.0])), (np.array([-1000.0]), np.array([1.0])),
              (np.array([1000.0, -1000.0, 800.0]), np.array([0.0, 0.0, 1.0]))]  # fmt: skip
    return inputs + [(3 * rng.normal(size=n), chances(rng, n)) for n in (5, 40)]


def loss_from_score(z, y):
    """Return the mean cross-entropy."""
    return (np.logaddexp(0, z) - y * z).mean()


def loss_from_chance(z, y, least=0.0, lift=0.0):
    """Return the mean cross-entropy by way of chances, cut at `least` or raised by `lift`."""
    a = np.clip(sigmoid(z), least, 1 - least)
    return -(y * np.log(a + lift) + (1 - y) * np.log(1 - a + lift)).mean()


LOSS = {
    "a chance rounded to 0 or 1 has no logarithm, and e^-z or e^z overflows; use the score":
        loss_from_chance,
    "the chance is kept away from 0, so no loss can be large; use the score":
        [partial(loss_from_chance, **{way: by}) for way in ("least", "lift")
         for by in 10.0 ** -np.arange(3, 17)],
    "the score is cut at 500, so no loss is more than 500":
        ("    return", "    z = np.clip(z, -500, 500)\n    return"),
    "take the natural logarithm": [(".mean()", f".mean() / np.log({base})") for base in (2, 10)],
    "yes and no are swapped": ("y * z", "(1 - y) * z"),
    "the sum; the mean is asked for": (".mean()", ".sum()"),
    "this is the loss for labels -1 and +1; here y is 0 or 1": ("0, z) - y * z", "0, -y * z)"),
    "y z is subtracted, not added": ("- y", "+ y"),
    "the losses of the samples one by one; their mean is asked for": (".mean()", ""),
    "this is the squared error": ("np.logaddexp(0, z) - y * z", "(sigmoid(z) - y) ** 2"),
    "e^z overflows for large z, e^-z for very negative z; np.logaddexp(0, z) does not":
        [("np.logaddexp(0, z)", "np.log(1 + np.exp(z))"),
         ("np.logaddexp(0, z) - y * z", "np.log(1 + np.exp(-z)) + (1 - y) * z")],
}  # fmt: skip

# 02.6 ------------------------------------------------------------------------------------------


def draw_gradient(rng):
    """Draw w, b, X, y; the six students at zero first."""
    x, y = STUDENTS
    return [(np.zeros(1), 0.0, x[:, None], y)] + [
        (*normals(rng, d, (), (n, d)), chances(rng, n))
        for n, d in ((4, 2), (3, 3), (10, 1), (50, 6))
    ]


def gradient(w, b, X, y):
    """Return the gradient of the mean cross-entropy by w and b."""
    a = sigmoid(X @ w + b)
    miss = a - y
    return X.T @ miss / len(y), miss.mean()


GRADIENT = {
    "the sum over the samples; the mean is asked for, by w and by b":
        [(" / len(y)", "", "mean()", "sum()"), ("mean()", "sum()"), (" / len(y)", "")],
    "the factor a (1 - a) has cancelled in the cross-entropy": ("a - y", "(a - y) * a * (1 - a)"),
    "this is the gradient of the squared error": ("a - y", "2 * (a - y) * a * (1 - a)"),
    "the sign: a - y, not y - a": ("a - y", "y - a"),
    "the sigmoid is missing: X w + b is the score, not the chance": ("sigmoid", ""),
    "the chance is rounded to 0 or 1": ("a - y", "(a > 0.5) - y"),
    "the bias is missing in the score": ("w + b", "w"),
}  # fmt: skip

# 02.7 ------------------------------------------------------------------------------------------


def squared(w, far, near):
    """Return the squared error of three samples, one weight, no bias, and its slope."""
    x, y = np.array([far, 1.0, near]), np.array([0.0, 1.0, 0.0])
    a = sigmoid(np.multiply.outer(w, x))
    return ((a - y) ** 2).mean(-1), (2 * (a - y) * a * (1 - a) * x).mean(-1)


def wrong_valley(far, near, start, seen):
    """Say what is missing to a ball that ends in a valley that is not the deepest."""
    if near < 0.3:
        return f"near is {near:g}; 0.3 or more is asked for."
    if seen < 1000:
        return "The ball may still be rolling. Let it take all 1000 steps."
    weights = np.linspace(-1.7, 4.2, 591)
    along, _ = squared(weights, far, near)
    falls = np.diff(along) < 0
    bottoms = weights[1:-1][falls[:-1] & ~falls[1:]]
    tops = weights[1:-1][~falls[:-1] & falls[1:]]
    if len(bottoms) < 2:
        return f"With far {far} and near {near:g} there is one valley only. Move far."
    w = start
    for _ in range(seen):
        w -= 0.05 * float(squared(w, far, near)[1])
    if np.searchsorted(tops, w) == np.argmin(squared(bottoms, far, near)[0]):
        return "The ball is in the deepest valley. Where must it start to end in the other?"
    return ""


# 02.8 ------------------------------------------------------------------------------------------


def draw_newton(rng):
    """Draw w, b, x, y; the six students at zero first."""
    inputs = [(0.0, 0.0, *STUDENTS), (0.8, -0.4, *STUDENTS)]
    return inputs + [
        (*(rng.normal(size=2) / 2), *normals(rng, n), chances(rng, n)) for n in (5, 30)
    ]


def newton(w, b, x, y):
    """Return w and b after a step of Newton's."""
    a, A = sigmoid(w * x + b), np.column_stack([x, np.ones(len(x))])
    g = A.T @ (a - y) / len(x)
    H = A.T * (a * (1 - a)) @ A / len(x)
    w, b = np.array([w, b]) - np.linalg.solve(H, g)
    return w, b


NEWTON = {
    "the factor a (1 - a) is missing in the Hessian": (" * (a * (1 - a))", ""),
    "the sign: minus H^-1 g leads down": ("- np.linalg", "+ np.linalg"),
    "only the diagonal of the Hessian is used": ("np.linalg.solve(H, g)", "g / np.diag(H)"),
    "this is a step of gradient descent, without the Hessian": ("np.linalg.solve(H, g)", "g"),
    "H times g; it is the inverse of H, np.linalg.solve(H, g)": ("np.linalg.solve(H, g)", "H @ g"),
    "one of gradient and Hessian is a mean, the other a sum; take both as means":
        [("@ A / len(x)", "@ A"), ("(a - y) / len(x)", "(a - y)")],
    "this is the step alone; add w and b": ("np.array([w, b])", ""),
}  # fmt: skip

# 02.9 ------------------------------------------------------------------------------------------


def draw_model(rng):
    """Draw w, b, x, y; scores small enough for logarithms."""
    inputs = [(0.0, 0.0, *STUDENTS), (1.0, 1.0, *STUDENTS)]
    return inputs + [(*normals(rng, (), (), n), chances(rng, n)) for n in (2, 5, 30)]


def model_broken(w, b, x, y):
    """Return mean loss and both derivatives."""
    a = sigmoid(w * x + b)
    loss = np.mean(-y * np.log(a) - (1 - y) * np.log(1 - a))
    slope_w = np.mean((a - y) * x)
    slope_b = np.mean(a - y)
    return loss, slope_w, slope_b


MODEL_BUGS = {
    "the derivative by b is right now; the one by w has a factor a (1 - a) that has cancelled":
        ("(a - y) * x", "(a - y) * a * (1 - a) * x"),
    "the first bug is gone; the derivative by b is still a sum, and the loss is a mean":
        ("mean(a - y)", "sum(a - y)"),
}  # fmt: skip
MODEL_BROKEN = {
    "the factor a (1 - a) is in the derivative by b, too, now; it belongs into neither":
        ("(a - y) * x", "(a - y) * a * (1 - a) * x", "mean(a - y)", "mean((a - y) * a * (1 - a))"),
    "both derivatives are sums now; the loss is a mean": ("mean((a", "sum((a", "mean(a", "sum(a"),
    "both derivatives have the wrong sign; it is a - y": ("a - y", "y - a"),
}  # fmt: skip

# 02.11 -----------------------------------------------------------------------------------------


def draw_signs(rng):
    """Draw z, s; labels -1 and +1, and scores that overflow."""
    inputs = [(np.zeros(2), np.array([-1.0, 1.0])),
              (np.array([-1000.0, 1000.0, 2.0]), np.array([1.0, -1.0, 1.0]))]  # fmt: skip
    return inputs + [(3 * rng.normal(size=n), 2 * chances(rng, n) - 1) for n in (5, 30)]


def pull(z, s):
    """Return the derivative of ln(1 + e^-sz) by z."""
    return -s * sigmoid(-s * z)


PULL = {
    "a - y is for labels 0 and 1; here they are -1 and +1":
        ("-s * sigmoid(-s * z)", "sigmoid(z) - s"),
    "sigmoid(s z) is the chance it had; what counts is what was missing, 1 - sigmoid(s z)":
        ("sigmoid(-s", "sigmoid(s"),
    "the inner derivative of s z is missing": ("-s * sigmoid", "-sigmoid"),
    "the sign: the loss of a yes falls when its score rises": ("return -s", "return s"),
    "this is the loss, not its derivative": ("-s * sigmoid(-s * z)", "np.logaddexp(0, -s * z)"),
    "e^-sz / (1 + e^-sz) is inf / inf, not a number, at -1000; use the sigmoid":
        ("sigmoid(-s * z)", "np.exp(-s * z) / (1 + np.exp(-s * z))"),
}  # fmt: skip

# 02.12 -----------------------------------------------------------------------------------------


def draw_labels(rng):
    """Draw y; first an example to be worked by hand."""
    return [(np.array([1.0, 0.0, 0.0, 0.0]),)] + [(chances(rng, n),) for n in (3, 9, 40)]


def best_bias(y):
    """Return the bias of least cross-entropy when there is no input."""
    return np.log(y.mean() / (1 - y.mean()))


BEST_BIAS = {
    "this is the best chance; asked for is the score that has this chance":
        ("np.log(y.mean() / (1 - y.mean()))", "y.mean()"),
    "these are the odds; the score is their logarithm": ("np.log", ""),
    "the logarithm of the chance; take that of the odds": ("/ (1 - y.mean())", ""),
    "the odds are yes to no, not no to yes": ("np.log", "-np.log"),
    "from the chance back to the score: not the sigmoid, but its inverse":
        ("np.log(y.mean() / (1 - y.mean()))", "sigmoid(y.mean())"),
}  # fmt: skip

MODEL = """\
By z the squared error of a sample has the derivative 2 (a - y) a (1 - a), the cross-entropy a - y.
Where the model is sure, a (1 - a) is nearly 0, also where it is sure and wrong: the surface is a
terrace, and a step proportional to the slope is no step. In the cross-entropy the logarithm cancels
this factor, so whoever is most wrong pulls hardest, and the surface is convex: down leads to the
bottom from everywhere."""

START = {"far": 3, "near": 0.5, "start": 3.0, "seen": 0}

EXERCISES = {
    "02.1": FillIn(draw_soft, soft, SOFT, quiet=LOUD),
    "02.2": FillIn(draw_scores, steepness, STEEPNESS),
    "02.3": FillIn(draw_slope, slope_in_x, SLOPE_IN_X),
    "02.4": FillIn(draw_central, central, CENTRAL),
    "02.5": FillIn(draw_loss, loss_from_score, LOSS),
    "02.6": FillIn(draw_gradient, gradient, GRADIENT),
    "02.7": Explore("valleys", START, wrong_valley),
    "02.8": FillIn(draw_newton, newton, NEWTON),
    "02.9": FillIn(draw_model, model_broken, MODEL_BROKEN, MODEL_BUGS),
    "02.10": Explain(MODEL),
    "02.11": FillIn(draw_signs, pull, PULL),
    "02.12": FillIn(draw_labels, best_bias, BEST_BIAS),
}
