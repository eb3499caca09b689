"""Exercises of notebook 05: the perceptron."""

from functools import cache

import numpy as np

from lecture_utils import perceptron
from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.numbers.datasets import income_debt

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, OR, XOR = np.array([[-1, -1, -1, 1], [-1, 1, 1, 1], [-1, 1, 1, -1]], dtype=float)
EPOCHS = 100  # within which the neuron of exercise 05.4 has to be done


def nice(rng, *shape):
    """Draw small whole numbers, as floats: easy to follow by hand."""
    return rng.integers(-3, 4, shape).astype(float)


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
    return inputs + [(rng.normal(size=(40, d)), rng.normal(size=d), rng.normal()) for d in (2, 5)]


def predict(X, w, b):
    """Answer for all samples: -1, 0 or +1."""
    return np.sign(X @ w + b)


PREDICT = {
    "you answer True and False; a class is -1 or +1": lambda X, w, b: X @ w + b > 0,
    "you answer 0 and 1; a class is -1 or +1": lambda X, w, b: (X @ w + b > 0).astype(float),
    "a score of exactly 0 is no answer: 0, not +1":
        lambda X, w, b: np.where(X @ w + b >= 0, 1.0, -1.0),
    "a score of exactly 0 is no answer: 0, not -1":
        lambda X, w, b: np.where(X @ w + b > 0, 1.0, -1.0),
    "the bias b is missing": lambda X, w, b: np.sign(X @ w),
    "the bias is subtracted, not added": lambda X, w, b: np.sign(X @ w - b),
    "these are the scores; their sign is asked for": lambda X, w, b: X @ w + b,
    "a column of shape (n, 1) instead of (n,)": lambda X, w, b: np.sign(X @ w + b)[:, None],
}  # fmt: skip

# 05.2 ------------------------------------------------------------------------------------------


def draw_see(rng):
    """Draw w, b, x, label: on the line, right, wrong."""
    on_line = [(np.array([2.0, 1.0]), 1.0, np.array([-1.0, 1.0]), -1.0),
               (np.zeros(2), 0.0, nice(rng, 2) + 4.0, 1.0)]  # fmt: skip
    inputs = on_line + [
        (nice(rng, 2), float(rng.integers(-2, 3)), nice(rng, 2), y) for y in labels(rng, 12)
    ]
    return inputs + [(rng.normal(size=d), rng.normal(), rng.normal(size=d), y)
                     for d in (1, 3, 8) for y in labels(rng, 8)]  # fmt: skip


def see(w, b, x, label):
    """Return weights and bias after one sample."""
    return (w + label * x, b + label) if label * (w @ x + b) <= 0 else (w, b)


def _see(test, dw, db):
    """Make a wrong `see` of a test and two corrections."""

    def wrong(w, b, x, label):
        return (w + dw(x, label), b + db(x, label)) if test(w @ x + b, label) else (w, b)

    return wrong


def _mistake(z, label):
    return label * z <= 0


SEE = {
    "a score of exactly 0 is a mistake, too; with < instead of <= nothing ever begins to move":
        _see(lambda z, y: y * z < 0, lambda x, y: y * x, lambda x, y: y),
    "you take a score of 0 for an answer -1; it is a mistake for both classes":
        _see(lambda z, y: (1 if z > 0 else -1) != y, lambda x, y: y * x, lambda x, y: y),
    "you take a score of 0 for an answer +1; it is a mistake for both classes":
        _see(lambda z, y: (1 if z >= 0 else -1) != y, lambda x, y: y * x, lambda x, y: y),
    "you correct what was right already":
        _see(lambda z, y: True, lambda x, y: y * x, lambda x, y: y),
    "you correct what was right, and leave the mistakes":
        _see(lambda z, y: y * z > 0, lambda x, y: y * x, lambda x, y: y),
    "the label is missing: x is added for class -1, too":
        _see(_mistake, lambda x, y: x, lambda x, y: 1.0),
    "the sign: minus label times x leads away":
        _see(_mistake, lambda x, y: -y * x, lambda x, y: -y),
    "the bias does not move": _see(_mistake, lambda x, y: y * x, lambda x, y: 0.0),
    "the bias moves by label * sum(x); its input is always 1":
        _see(_mistake, lambda x, y: y * x, lambda x, y: y * x.sum()),
    "the bias moves by 1 whatever the label is":
        _see(_mistake, lambda x, y: y * x, lambda x, y: 1.0),
    "the correction has a factor 2: label minus answer; take the label":
        _see(_mistake, lambda x, y: 2 * y * x, lambda x, y: 2 * y),
    "label minus answer is the label only where the score is 0; take the label":
        lambda w, b, x, y: (w + (y - np.sign(w @ x + b)) * x, b + y - np.sign(w @ x + b)),
}  # fmt: skip

# 05.3 ------------------------------------------------------------------------------------------


def draw_until_done(rng):
    """Draw X, y, limit: gates, with and without an end, and clouds that a line separates."""
    inputs = [
        (CORNERS, AND, 50),
        (CORNERS, OR, 50),
        (CORNERS, XOR, 5),
        (CORNERS, AND, 3),
        (CORNERS, AND, 8),
        (CORNERS, AND, 9),  # done in the very last epoch
    ]
    for n, d in ((6, 2), (10, 2), (20, 3)):
        X, w = rng.normal(size=(n, d)), rng.normal(size=d)
        X += np.sign(X @ w + 0.5)[:, None] * 0.3 * w / np.linalg.norm(w)  # a margin
        inputs.append((X, np.sign(X @ w + 0.5), 200))
    order = rng.permutation(4)
    return [*inputs, (CORNERS[order], AND[order], 50)]


def _counting(mistake="<=", again=False, bias=1.0, skip=False, anew=False):
    """Make `until_done`, right or with a slip."""

    def until_done(X, y, limit):
        w, b, mistakes = np.zeros(X.shape[1]), 0.0, 0
        for epoch in range(1, limit + 1):
            if again:
                w, b = np.zeros(X.shape[1]), 0.0
            if anew:
                mistakes = 0
            before = mistakes
            for x, label in zip(X, y, strict=True):
                m = label * (w @ x + b)
                if m < 0 or (m == 0 and mistake == "<="):
                    w, b, mistakes = w + label * x, b + bias * label, mistakes + 1
                elif skip:
                    break
            if mistakes == before:
                return mistakes, epoch
        return mistakes, None

    return until_done


def _changed(change):
    """Make a wrong `until_done` by changing its right result."""
    return lambda X, y, limit: change(*until_done(X, y, limit), len(X), limit)


until_done = _counting()
UNTIL_DONE = {
    "a score of exactly 0 is a mistake, too": _counting(mistake="<"),
    "w and b start from zero in every epoch; set them once, before both loops":
        _counting(again=True),
    "the bias does not move": _counting(bias=0.0),
    "the count of mistakes starts anew in every epoch; all of them are asked for":
        _counting(anew=True),
    "you leave the epoch at the first sample that is right": _counting(skip=True),
    "the clean epoch counts, too": _changed(lambda m, e, n, limit: (m, e and e - 1)),
    "when the limit is reached, the epochs are None":
        _changed(lambda m, e, n, limit: (m, e or limit)),
    "epochs first, mistakes second: they are swapped": _changed(lambda m, e, n, limit: (e, m)),
    "you stop after one epoch; go on until an epoch brings no mistake":
        lambda X, y, limit: (until_done(X, y, 1)[0], 1),
    "the epoch at the limit counts, too: when it is clean, you are done":
        lambda X, y, limit: (until_done(X, y, limit)[0], until_done(X, y, limit - 1)[1]),
    "you count the samples seen, not the mistakes":
        _changed(lambda m, e, n, limit: (n * (e or limit), e)),
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
    sizes = ((30, 2), (50, 6))
    return inputs + [
        (rng.normal(size=d), rng.normal(size=(n, d)), labels(rng, n)) for n, d in sizes
    ]


def gradient(w, X, y):
    """Return the gradient of the mean perceptron loss."""
    return -((y * (X @ w) <= 0) * y) @ X / len(X)


def _wrong(w, X, y):
    return y * (X @ w) <= 0


GRADIENT = {
    "the sum over the samples; the mean is asked for": lambda w, X, y: -(_wrong(w, X, y) * y) @ X,
    "the mean over the mistakes only; divide by the number of all samples":
        lambda w, X, y: -(_wrong(w, X, y) * y) @ X / max(_wrong(w, X, y).sum(), 1),
    "the labels y are missing": lambda w, X, y: -(1.0 * _wrong(w, X, y)) @ X / len(X),
    "all samples are counted, the right ones, too": lambda w, X, y: -y @ X / len(X),
    "a score of exactly 0 counts as a mistake; with < the gradient at w = 0 is 0":
        lambda w, X, y: -((y * (X @ w) < 0) * y) @ X / len(X),
    "the right ones are counted, and the mistakes not":
        lambda w, X, y: -(~_wrong(w, X, y) * y) @ X / len(X),
    "this is the loss, not its gradient": lambda w, X, y: np.maximum(0, -y * (X @ w)).mean(),
    "one row a sample; the mean over the samples is missing":
        lambda w, X, y: -(_wrong(w, X, y) * y)[:, None] * X,
    "you took the sign of the score before the derivative; its slope is 0 everywhere":
        lambda w, X, y: np.zeros(len(w)),
}  # fmt: skip

# 05.6 ------------------------------------------------------------------------------------------


def draw_bound(rng):
    """Draw data and a line (w, b) that separates it."""
    inputs = [
        (np.array([[2.0, 0.0], [-2.0, 1.0]]), np.array([1.0, -1.0]), np.array([3.0, 4.0]), 0.0)
    ]
    for n, d in ((4, 2), (5, 1), (20, 3), (50, 8)):
        X, w, b = rng.normal(size=(n, d)), rng.normal(size=d), rng.normal()
        inputs.append((X, np.sign(X @ w + b), w, b))
    return inputs


def bound(X, y, w, b):
    """Return (R / gamma)**2 of the folded samples."""
    R, gamma = _radius(X), (y * (X @ w + b)).min() / np.linalg.norm([*w, b])
    return (R / gamma) ** 2


def _radius(X, extra=1.0):
    return np.sqrt((X**2).sum(axis=1) + extra).max()


def _ratio(gamma, extra=1.0, power=2):
    """Make a wrong `bound` of a wrong margin, radius or power."""
    return lambda X, y, w, b: (_radius(X, extra) / gamma(y * (X @ w + b), w, b)) ** power


def _length(w, b):
    return np.linalg.norm([*w, b])


BOUND = {
    "R without the 1: the folded sample is (x, 1)":
        _ratio(lambda m, w, b: m.min() / _length(w, b), 0.0),
    "the margin is not divided by the length of (w, b)": _ratio(lambda m, w, b: m.min()),
    "the margin is divided by the length of w alone; the bias belongs to the teacher":
        _ratio(lambda m, w, b: m.min() / np.linalg.norm(w)),
    "the samples are not folded: (x, 1) and (w, b) are what the bound is about":
        _ratio(lambda m, w, b: m.min() / np.linalg.norm(w), 0.0),
    "the labels are missing: the margin is the smallest y times score":
        lambda X, y, w, b: (_radius(X) / ((X @ w + b).min() / _length(w, b))) ** 2,
    "R is the largest length of a row; a norm without axis=1 takes them all together":
        lambda X, y, w, b: (
            ((X**2).sum() + len(X)) / ((y * (X @ w + b)).min() / _length(w, b)) ** 2),
    "the margin is the smallest, not the largest": _ratio(lambda m, w, b: m.max() / _length(w, b)),
    "the margin is the smallest, not the mean": _ratio(lambda m, w, b: m.mean() / _length(w, b)),
    "R / gamma is not squared": _ratio(lambda m, w, b: m.min() / _length(w, b), power=1),
    "R is the largest length, not the smallest":
        lambda X, y, w, b: (
            (1 + (X**2).sum(axis=1).min()) / ((y * (X @ w + b)).min() / _length(w, b)) ** 2),
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
    columns = np.asarray(columns)
    if columns.dtype.kind not in "biuf" or columns.ndim not in (1, 2) or len(columns) != len(X):
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


EXTRA = {
    "your columns add nothing": lambda X: X[:, 0] + X[:, 1],
    "a square is the same": lambda X: X[:, 0] ** 2,
    "one row a sample": lambda X: np.ones(3),
    "a column holds nan": lambda X: np.full(len(X), np.nan),
    "two equal samples get different columns": lambda X: np.eye(len(X)),
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


def _survivors(weights, bias):
    """Return the states after mistakes only."""
    moved = np.append(False, np.diff(bias) != 0)
    return weights[moved], bias[moved]


AVERAGED = {
    "the start is no state after a sample; leave row 0 out":
        lambda w, b: (w.mean(axis=0), b.mean()),
    "the bias of the start is counted, its weights are not; leave row 0 out of both":
        lambda w, b: (w[1:].mean(axis=0), b.mean()),
    "the weights of the start are counted, its bias is not; leave row 0 out of both":
        lambda w, b: (w.mean(axis=0), b[1:].mean()),
    "the last row is missing": lambda w, b: (w[:-1].mean(axis=0), b[:-1].mean()),
    "only the states after mistakes are counted; one that survives counts again at each sample":
        lambda w, b: tuple(part.mean(axis=0) for part in _survivors(w, b)),
    "the bias is the last one; it is averaged, too": lambda w, b: (w[1:].mean(axis=0), b[-1]),
    "this is the last state, not the mean": lambda w, b: (w[-1], b[-1]),
    "the sum; divide by the number of samples": lambda w, b: (w[1:].sum(axis=0), b[1:].sum()),
    "one number for all weights; the mean goes over the rows, axis=0":
        lambda w, b: (w[1:].mean(), b[1:].mean()),
    "the mean goes over the rows, axis=0, not over the columns":
        lambda w, b: (w[1:].mean(axis=1), b[1:].mean()),
}  # fmt: skip

# 05.9 ------------------------------------------------------------------------------------------


def draw_samples(rng):
    """Draw samples and labels."""
    h4 = (
        np.array([[2.0, 1.0], [-1.0, 1.0], [1.0, -2.0], [-2.0, -1.0]]),
        np.array([1.0, -1.0, 1.0, -1.0]),
    )
    d5 = (np.array([[1.0, 2.0], [2.0, -1.0], [-1.0, -1.0], [-2.0, 1.0], [3.0, 1.0]]),
          np.array([1.0, -1.0, -1.0, 1.0, -1.0]))  # fmt: skip
    return [
        h4,
        d5,
        *((nice(rng, n, d), labels(rng, n)) for n, d in ((4, 2), (6, 1), (8, 3), (30, 2))),
    ]


def one_pass(X, y):
    """Return all states of one pass with step 1: weights (n + 1, d), bias (n + 1,)."""
    run = perceptron.train(X, y)
    return run.weights, run.bias


def train_broken(X, y):
    w, b = np.zeros(X.shape[1]), 0.0
    weights, bias = [w], [b]
    for x, label in zip(X, y, strict=True):
        if label * (w @ x + b) <= 0:
            w += label * x
            b += label * x.sum()
        weights.append(w)
        bias.append(b)
    return np.array(weights), np.array(bias)


def _only_rows_mended(X, y):
    w, b = np.zeros(X.shape[1]), 0.0
    weights, bias = [w], [b]
    for x, label in zip(X, y, strict=True):
        if label * (w @ x + b) <= 0:
            w, b = w + label * x, b + label * x.sum()
        weights.append(w)
        bias.append(b)
    return np.array(weights), np.array(bias)


def _only_bias_mended(X, y):
    weights, bias = one_pass(X, y)
    return np.tile(weights[-1], (len(weights), 1)), bias


def _at_mistakes(weights, bias):
    some, few = _survivors(weights, bias)
    return np.vstack([weights[:1], some]), np.append(bias[0], few)


TRAIN_BROKEN = {
    "the first bug is gone; the bias still moves by label * sum(x), and its input is always 1":
        _only_rows_mended,
    "the bias is right now; but all rows of the weights are the same array, changed in place":
        _only_bias_mended,
    "with < a score of exactly 0 is no mistake, and nothing ever begins to move":
        lambda X, y: (np.zeros((len(X) + 1, X.shape[1])), np.zeros(len(X) + 1)),
    "the states at mistakes only; a row is due after every sample":
        lambda X, y: _at_mistakes(*one_pass(X, y)),
    "the start is missing: row 0 is the state before the first sample":
        lambda X, y: tuple(p[1:] for p in one_pass(X, y)),
    "the last state is missing": lambda X, y: tuple(p[:-1] for p in one_pass(X, y)),
}  # fmt: skip

MODEL = """\
No. From zero every state is a sum of corrections, each with the factor eta. So w and b are eta
times what they would be with step 1, and the sign of a score does not see a positive factor: the
same samples are mistakes. It matters with another start, where eta / |w_0| counts, and with a bias
step of its own, where the ratio of the two steps counts."""

EXERCISES = {
    "05.1": FillIn("X w b", draw_predict, predict, PREDICT),
    "05.2": FillIn("w b x label", draw_see, see, SEE),
    "05.3": FillIn("X y limit", draw_until_done, until_done, UNTIL_DONE),
    "05.4": Explore("scale", {"ratio": 5.0}, free_the_line),
    "05.5": FillIn("w X y", draw_gradient, gradient, GRADIENT),
    "05.6": FillIn("X y w b", draw_bound, bound, BOUND),
    "05.7": FillIn("X", draw_extra, lambda X: X[:, 0] * X[:, 1], EXTRA, accept=learns_xor),
    "05.8": FillIn("weights bias", draw_averaged, averaged, AVERAGED),
    "05.9": FillIn("X y", draw_samples, one_pass, TRAIN_BROKEN, given=train_broken),
    "05.10": Explain(MODEL),
}
