"""Exercises of notebook 05: the perceptron."""

from functools import cache

import numpy as np

from lecture_utils import perceptron
from lecture_utils.exercises.comparing import as_numbers
from lecture_utils.exercises.draws import nice, normals
from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.numbers.datasets import income_debt

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, OR, XOR = np.array([[-1, -1, -1, 1], [-1, 1, 1, 1], [-1, 1, 1, -1]], dtype=float)
EPOCHS = 100  # within which the neuron of exercise 05.4 has to be done


def labels(rng, n):
    """Draw n labels, both classes among the first two."""
    y = rng.choice([-1.0, 1.0], n)
    y[:2] = 1.0, -1.0
    return y


# 05.1 ------------------------------------------------------------------------------------------


def draw_predict(rng):
    """Draw X, w, b; the first sample of the first input lies on the line."""
    X, w = nice(rng, 3, 2), np.array([1.0, -2.0])
    X[1] = X[0] + w  # on the side that fires
    X[2] = X[0] - w
    inputs = [(X, w, 0.0 - X[0] @ w), (nice(rng, 4, 2), nice(rng, 2), 1.0)]
    inputs += [(nice(rng, 3, 1), np.array([2.0]), -1.0), (nice(rng, 1, 3), nice(rng, 3), 0.5)]
    inputs += [(nice(rng, 2, 2), np.zeros(2), b) for b in (0.0, -1.0)]
    return inputs + [normals(rng, (40, d), d, ()) for d in (2, 5)]


def predict(X, w, b):
    """Answer for all samples: -1, 0 or +1."""
    return np.sign(X @ w + b)


PREDICT = {
    "you answer 0 and 1, or True and False, not -1 and +1": ("np.sign(X @ w + b)", "X @ w + b > 0"),
    "a score of exactly 0 is no answer: 0, not +1":
        ("np.sign(X @ w + b)", "np.where(X @ w + b >= 0, 1.0, -1.0)"),
    "a score of exactly 0 is no answer: 0, not -1":
        ("np.sign(X @ w + b)", "np.where(X @ w + b > 0, 1.0, -1.0)"),
    "the bias b is missing": (" + b", ""),
    "the bias is subtracted, not added": ("+ b", "- b"),
    "these are the scores; their sign is asked for": ("np.sign", ""),
    "a column of shape (n, 1) instead of (n,)": ("+ b)", "+ b)[:, None]"),
}  # fmt: skip

# 05.2 ------------------------------------------------------------------------------------------


def draw_see(rng):
    """Draw w, b, x, label: on the line, right, wrong."""
    on_line = [(np.array([2.0, 1.0]), 1.0, np.array([-1.0, 1.0]), -1.0),
               (np.zeros(2), 0.0, nice(rng, 2) + 4.0, 1.0)]  # fmt: skip
    inputs = [(nice(rng, 2), nice(rng, 1)[0], nice(rng, 2), y) for y in labels(rng, 12)]
    more = [(*normals(rng, d, (), d), y) for d in (1, 3, 8) for y in labels(rng, 8)]
    return on_line + inputs + more


def see(w, b, x, label):
    """Return weights and bias after one sample."""
    if label * (w @ x + b) <= 0:
        return w + label * x, b + label
    return w, b


SEE = {
    "a score of exactly 0 is a mistake, too; with < nothing ever begins to move": ("<=", "<"),
    "you take a score of 0 for an answer; it is a mistake for both classes":
        [("label * (w @ x + b) <= 0", "label != (1 if w @ x + b > 0 else -1)"),
         ("label * (w @ x + b) <= 0", "label != (1 if w @ x + b >= 0 else -1)")],
    "you correct what was right already": ("label * (w @ x + b) <= 0", "True"),
    "you correct what was right, and leave the mistakes": ("<=", ">"),
    "the label is missing: x is added for class -1, too": ("+ label * x, b + label", "+ x, b + 1"),
    "the sign: plus label times x": ("w + label * x, b + label", "w - label * x, b - label"),
    "the bias does not move": ("b + label", "b"),
    "the bias moves by label * sum(x); its input is always 1": ("b + label", "b + label * x.sum()"),
    "the bias moves by 1 whatever the label is": ("b + label", "b + 1"),
    "the bias is missing in the score": (" + b)", ")"),
    "the correction has a factor 2: label minus answer; take the label":
        ("w + label * x, b + label", "w + 2 * label * x, b + 2 * label"),
    "label minus answer is the label only where the score is 0; take the label":
        lambda w, b, x, y: (w + (y - np.sign(w @ x + b)) * x, b + y - np.sign(w @ x + b)),
}  # fmt: skip

# 05.3 ------------------------------------------------------------------------------------------


def draw_until_done(rng):
    """Draw X, y, limit: gates, with and without an end, and clouds that a line separates."""
    gates = (AND, 50), (OR, 50), (XOR, 5), (AND, 3), (AND, 8), (AND, 9)  # done in the very last
    inputs = [(CORNERS, *gate) for gate in gates]
    for n, d in ((6, 2), (10, 2), (20, 3)):
        X, w = rng.normal(size=(n, d)), rng.normal(size=d)
        X += np.sign(X @ w + 0.5)[:, None] * 0.3 * w / np.linalg.norm(w)  # a margin
        inputs.append((X, np.sign(X @ w + 0.5), 200))
    order = rng.permutation(4)
    return [*inputs, (CORNERS[order], AND[order], 50)]


def until_done(X, y, limit):
    """Return the number of mistakes, and of epochs until one is clean; None if the limit comes."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, 0
    for epoch in range(1, limit + 1):
        before = mistakes
        for x, label in zip(X, y, strict=True):
            if label * (w @ x + b) <= 0:
                w, b, mistakes = w + label * x, b + label, mistakes + 1
        if mistakes == before:
            return mistakes, epoch
    return mistakes, None


UNTIL_DONE = {
    "a score of exactly 0 is a mistake, too": ("<=", "<"),
    "w and b start from zero in every epoch; set them once, before both loops":
        ("before = mistakes", "before, w, b = mistakes, np.zeros(X.shape[1]), 0.0"),
    "the bias does not move": ("b + label", "b"),
    "the label is missing: x is added for class -1, too":
        ("w + label * x, b + label", "w + x, b + 1"),
    "the count of mistakes starts anew in every epoch; all of them are asked for":
        ("before = mistakes", "before = mistakes = 0"),
    "the clean epoch counts, too": ("mistakes, epoch", "mistakes, epoch - 1"),
    "when the limit is reached, the epochs are None": ("mistakes, None", "mistakes, limit"),
    "you stop after one epoch; go on until an epoch brings no mistake":
        ("mistakes == before", "True", "mistakes, None", "mistakes, 1"),
    "the epoch at the limit counts, too: when it is clean, you are done":
        ("mistakes, epoch", "mistakes, epoch if epoch < limit else None"),
}  # fmt: skip

# 05.4 ------------------------------------------------------------------------------------------


@cache
def done_in(ratio):
    """Count the epochs until the 100 customers are learned; None if `EPOCHS` are not enough."""
    X, y = income_debt(100, seed=0)
    run = perceptron.train(X, y, 1e-5, 1e-5 * 10.0**ratio, passes=EPOCHS)
    clean = np.flatnonzero(~run.mistakes.reshape(EPOCHS, -1).any(axis=1))
    return int(clean[0]) + 1 if clean.size else None


def free_the_line(ratio):
    """Say what is missing to the smallest ratio that is done."""
    if done_in(ratio) is None:
        return f"With ratio {ratio:g} it is not done within {EPOCHS} epochs. Try another."
    smaller = [r for r in np.arange(0.0, ratio, 0.5) if done_in(float(r)) is not None]
    if smaller:
        return f"With ratio {ratio:g} it is done, but a smaller one does, too. Go down."
    return ""


# 05.5 ------------------------------------------------------------------------------------------


def draw_gradient(rng):
    """Draw w, X, y, with w = 0 among them."""
    inputs = [
        (np.array([1.0, -1.0]), nice(rng, 4, 2), labels(rng, 4)),
        (np.zeros(2), nice(rng, 3, 2) + 4.0, labels(rng, 3)),
        (nice(rng, 1), nice(rng, 5, 1), labels(rng, 5)),
        (nice(rng, 3), nice(rng, 3, 3), labels(rng, 3)),
    ]
    more = [(*normals(rng, d, (n, d)), labels(rng, n)) for n, d in ((30, 2), (50, 6))]
    return inputs + more


def gradient(w, X, y):
    """Return the gradient of the mean perceptron loss."""
    wrong = y * (X @ w) <= 0
    return -(wrong * y) @ X / len(X)


GRADIENT = {
    "the sum over the samples; the mean is asked for": (" / len(X)", ""),
    "the mean over the mistakes only; divide by all samples": ("len(X)", "max(wrong.sum(), 1)"),
    "the labels y are missing": (" * y) @", " * 1.0) @"),
    "all samples are counted, the right ones, too": ("(wrong * y)", "y"),
    "a score of exactly 0 counts as a mistake; with < the gradient at w = 0 is 0": ("<=", "<"),
    "the right ones are counted, and the mistakes not": ("<=", ">"),
    "this is the loss, not its gradient": lambda w, X, y: np.maximum(0, -y * (X @ w)).mean(),
    "one row a sample; the mean over the samples is missing":
        ("-(wrong * y) @ X / len(X)", "-(wrong * y)[:, None] * X"),
}  # fmt: skip

# 05.6 ------------------------------------------------------------------------------------------


def draw_bound(rng):
    """Draw data and a line (w, b) that separates it."""
    X = np.array([[2.0, 0.0], [-2.0, 1.0]])
    inputs = [(X, np.array([1.0, -1.0]), np.array([3.0, 4.0]), 0.0)]
    for n, d in ((4, 2), (5, 1), (20, 3), (50, 8)):
        X, w, b = normals(rng, (n, d), d, ())
        inputs.append((X, np.sign(X @ w + b), w, b))
    return inputs


def bound(X, y, w, b):
    """Return (R / gamma)**2 of the folded samples."""
    folded, teacher = np.column_stack([X, np.ones(len(X))]), np.append(w, b)
    R = np.linalg.norm(folded, axis=1).max()
    gamma = (y * (folded @ teacher)).min() / np.linalg.norm(teacher)
    return (R / gamma) ** 2


BOUND = {
    "R without the 1: the folded sample is (x, 1)": ("norm(folded", "norm(X"),
    "the margin is not divided by the length of (w, b)": (" / np.linalg.norm(teacher)", ""),
    "the margin is divided by the length of w alone; the bias belongs to the teacher":
        ("norm(teacher)", "norm(w)"),
    "the labels are missing: the margin is the smallest y times score": ("y * (f", "(f"),
    "R is the largest length of a row; a norm without axis=1 takes them all together":
        ("norm(folded, axis=1).max()", "norm(folded)"),
    "the margin is the smallest, not the mean": ("min()", "mean()"),
    "R / gamma is not squared": (" ** 2", ""),
}  # fmt: skip

# 05.7 ------------------------------------------------------------------------------------------


def draw_extra(rng):
    """Draw the corners of rectangles about zero, in any order, at first each of them once."""
    inputs = []
    for i in range(12):
        rows = rng.permutation([*range(4), *rng.integers(0, 4, i % 5)])
        inputs.append(((2 * CORNERS - 1)[rows] * rng.integers(1, 5, 2) / (1 if i < 3 else 3),))
    return inputs


def learns_xor(columns, X):
    """Say what is wrong with additional columns; the empty string if XOR is learned with them."""
    columns = as_numbers(columns)
    if columns is None or columns.ndim not in (1, 2) or len(columns) != len(X):
        return f"give back numbers, one row a sample: shape ({len(X)},) or ({len(X)}, k)"
    columns = columns.reshape(len(X), -1).astype(float)
    if not np.isfinite(columns).all():
        return "a column holds nan or inf"
    _, first, which = np.unique(X, axis=0, return_index=True, return_inverse=True)
    if not np.allclose(columns, columns[first[which.ravel()]]):
        return "two equal samples get different columns; compute them from X alone"
    columns /= np.maximum(np.abs(columns).max(axis=0), 1e-300)  # the scale is no matter here
    old = np.column_stack([np.ones(len(X)), X])
    if np.linalg.matrix_rank(np.column_stack([old, columns])) == np.linalg.matrix_rank(old):
        return ("your columns add nothing: on these corners they are sums of 1, x1 and x2 "
                "(a square is the same on all four)")  # fmt: skip
    _, epochs = until_done(np.column_stack([X, columns]), -np.sign(X[:, 0] * X[:, 1]), 2000)
    return "" if epochs else "2000 epochs are not enough to learn XOR with these columns"


def extra(X):
    """Return the product of both columns."""
    return X[:, 0] * X[:, 1]


EXTRA = {
    "your columns add nothing": ("*", "+"),
    "a square is the same": ("X[:, 0] * X[:, 1]", "X[:, 0] ** 2"),
    "one row a sample": ("X[:, 0] * X[:, 1]", "np.ones(3)"),
    "a column holds nan": ("X[:, 0] * X[:, 1]", "np.full(len(X), np.nan)"),
    "two equal samples get different columns": ("X[:, 0] * X[:, 1]", "np.eye(len(X))"),
}

# 05.8 ------------------------------------------------------------------------------------------


def draw_averaged(rng):
    """Draw journeys of a perceptron: weights and bias of all its states."""
    inputs = []
    for n, d, passes in ((3, 2, 1), (5, 1, 1), (4, 2, 2), (30, 3, 2)):
        X = nice(rng, n, d) if n < 6 else rng.normal(size=(n, d))
        run = perceptron.train(X, labels(rng, n), passes=passes)
        inputs.append((run.weights, run.bias))
    return inputs


def averaged(weights, bias):
    """Return the mean of the states after each sample."""
    return weights[1:].mean(axis=0), bias[1:].mean()


AVERAGED = {
    "the start is no state after a sample; leave row 0 out, of weights and bias":
        [("[1:]", ""), ("bias[1:]", "bias"), ("weights[1:]", "weights")],
    "the last row is missing": ("[1:]", "[:-1]"),
    "only the states after mistakes are counted; one that survives counts again at each sample":
        ("[1:]", "[1:][np.diff(bias) != 0]"),
    "this is the last state, not the mean":
        ("weights[1:].mean(axis=0), bias[1:].mean()", "weights[-1], bias[-1]"),
    "the sum; divide by the number of samples": ("mean(", "sum("),
    "one number for all weights; the mean goes over the rows, axis=0": ("axis=0", ""),
    "the mean goes over the rows, axis=0, not over the columns": ("axis=0", "axis=1"),
}  # fmt: skip

# 05.9 ------------------------------------------------------------------------------------------


def draw_samples(rng):
    """Draw samples and labels."""
    four = np.array([[2.0, 1.0], [-1.0, 1.0], [1.0, -2.0], [-2.0, -1.0]])
    five = np.array([[1.0, 2.0], [2.0, -1.0], [-1.0, -1.0], [-2.0, 1.0], [3.0, 1.0]])
    inputs = [(four, np.array([1.0, -1.0, 1.0, -1.0])), (five, np.array([1.0, -1, -1, 1, -1]))]
    sizes = (4, 2), (6, 1), (8, 3), (30, 2)
    return inputs + [(nice(rng, n, d), labels(rng, n)) for n, d in sizes]


def train_broken(X, y):
    """Return all states of one pass with step 1: weights (n + 1, d), bias (n + 1,)."""
    w, b = np.zeros(X.shape[1]), 0.0
    weights, bias = [w.copy()], [b]
    for x, label in zip(X, y, strict=True):
        if label * (w @ x + b) <= 0:
            w += label * x
            b += label
        weights.append(w.copy())
        bias.append(b)
    return np.array(weights), np.array(bias)


TRAIN_BUGS = {
    "the bias is right now; all rows of the weights are one array, changed in place":
        ("w.copy()", "w"),
    "the first bug is gone; the bias still moves by label * sum(x), and its input is always 1":
        ("b += label", "b += label * x.sum()"),
}  # fmt: skip
TRAIN_BROKEN = {
    "the first row is still the array that is changed: copy the start, too": ("[w.copy()]", "[w]"),
    "with < a score of exactly 0 is no mistake, and nothing ever begins to move": ("<=", "<"),
    "the states at mistakes only; a row is due after every sample":
        ("        weights.append", "            weights.append",
         "        bias.append", "            bias.append"),
    "the start is missing: row 0 is the state before the first sample":
        ("(weights)", "(weights[1:])", "(bias)", "(bias[1:])"),
    "the last state is missing": ("(weights)", "(weights[:-1])", "(bias)", "(bias[:-1])"),
}  # fmt: skip

# 05.11 -----------------------------------------------------------------------------------------


def draw_runs(rng):
    """Draw the states of runs: some come back to a state, to zero or to another, some never do."""
    astray = np.array([[0.0, -1.0], [0.0, 2.0], [2.0, -1.0], [-1.0, 0.0], [0.0, -1.0]])
    data = [(CORNERS, XOR, 1), (np.array([[1.0], [-1.0]]), np.ones(2), 1), (CORNERS, AND, 2),
            (CORNERS, AND, 10), (CORNERS[[1, 3, 2, 0]], np.array([-1.0, 1, -1, 1]), 10),
            (astray, np.array([-1.0, 1, 1, 1, 1]), 6)]  # fmt: skip
    data += [(nice(rng, n, 2), labels(rng, n), 5) for n in (3, 4, 5, 6)]
    runs = [perceptron.train(X, y, passes=passes) for X, y, passes in data]
    return [(run.weights, run.bias) for run in runs]


def proved_after(weights, bias):
    """Return after how many samples a state has come back that was left; None if none has."""
    states = np.column_stack([weights, bias]).tolist()
    for i in range(1, len(states)):
        if states[i] != states[i - 1] and states[i] in states[:i]:
            return i
    return None


PROVED_AFTER = {
    "a state that stays has not come back: a right answer changes nothing":
        ("states[i] != states[i - 1] and ", ""),
    "the weights come back, the bias not: compare (w, b) as a whole":
        ("np.column_stack([weights, bias])", "weights"),
    "where x is 0 the bias alone moves, and that is another state, too":
        ("states[i] != states[i - 1]", "any(weights[i] != weights[i - 1])"),
    "only a return to the start is looked for; any state that comes back will do":
        ("in states[:i]", "== states[0]"),
    "row 0 is the start, row i the state after i samples": ("return i", "return i + 1"),
    "where nothing has come back, nothing is proved: None": ("return None", "return 0"),
}  # fmt: skip

# 05.12 -----------------------------------------------------------------------------------------


def draw_tables(rng):
    """Draw tables of inner products, of gates and of clouds with a 1 at the end, and labels."""
    data = [(CORNERS, AND, 2), (CORNERS, OR, 6), (nice(rng, 5, 2), labels(rng, 5), 3)]
    data += [(rng.normal(size=(n, 3)), labels(rng, n), passes) for n, passes in ((8, 4), (30, 2))]
    return [(X @ X.T + 1.0, y, passes) for X, y, passes in data]


def times_corrected(K, y, passes):
    """Return how often each sample is corrected."""
    alpha = np.zeros(len(y))
    for j in list(range(len(y))) * passes:
        if y[j] * (K[j] @ (alpha * y)) <= 0:
            alpha[j] += 1
    return alpha


TIMES_CORRECTED = {
    "a correction adds y x, not x: each count meets its label in the score":
        ("(alpha * y)", "alpha"),
    "a mistake is a score whose sign is not the label: the label of sample j is missing":
        ("y[j] * (K", "(K"),
    "a score of exactly 0 is a mistake, too; with < nothing ever begins to move": ("<=", "<"),
    "these are counts times labels; a count grows by 1 whatever the label":
        ("return alpha", "return alpha * y"),
    "the score has the label already; a count grows by 1 whatever the label": ("+= 1", "+= y[j]"),
    "one pass only": (" * passes", ""),
    "the right answers are corrected, too": ("y[j] * (K[j] @ (alpha * y)) <= 0", "True"),
}  # fmt: skip

MODEL = """\
No. From zero every state is a sum of corrections, each with the factor eta. So w and b are eta
times what they would be with step 1, and the sign of a score does not see a positive factor: the
same samples are mistakes. It matters with another start, where eta / |w_0| counts, and with a bias
step of its own, where the ratio of the two steps counts."""

EXERCISES = {
    "05.1": FillIn(draw_predict, predict, PREDICT),
    "05.2": FillIn(draw_see, see, SEE),
    "05.3": FillIn(draw_until_done, until_done, UNTIL_DONE),
    "05.4": Explore("scale", {"ratio": 5.0}, free_the_line),
    "05.5": FillIn(draw_gradient, gradient, GRADIENT),
    "05.6": FillIn(draw_bound, bound, BOUND),
    "05.7": FillIn(draw_extra, extra, EXTRA, accept=learns_xor),
    "05.8": FillIn(draw_averaged, averaged, AVERAGED),
    "05.9": FillIn(draw_samples, train_broken, TRAIN_BROKEN, TRAIN_BUGS),
    "05.10": Explain(MODEL),
    "05.11": FillIn(draw_runs, proved_after, PROVED_AFTER),
    "05.12": FillIn(draw_tables, times_corrected, TIMES_CORRECTED),
}
