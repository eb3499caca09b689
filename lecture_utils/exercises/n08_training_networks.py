"""Exercises of notebook 08: training networks."""

import numpy as np

from lecture_utils.exercises.judge import Explain, Explore, FillIn

# 08.1 ------------------------------------------------------------------------------------------


def draw_columns(rng):
    """Draw X, X_new."""
    inputs = [(np.array([[0.0, 1.0], [2.0, 5.0]]), np.array([[1.0, 3.0], [3.0, 9.0], [2.0, 4.0]]))]
    for n, m, d in ((5, 3, 2), (8, 8, 3), (20, 6, 4)):
        inputs.append((rng.normal(3.0, 2.0, (n, d)), rng.normal(2.0, 3.0, (m, d))))
    return inputs


def standardise(X, X_new):
    """Return both, standardised by the columns of X."""
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / deviation, (X_new - mean) / deviation


def _own(X):
    return standardise(X, X)[0]


def _together(X, X_new):
    both = np.concatenate([X, X_new])
    mean, deviation = both.mean(axis=0), both.std(axis=0)
    return (X - mean) / deviation, (X_new - mean) / deviation


STANDARDISE = {
    "a leak: X_new is moved by its own mean and deviation; use those of X":
        lambda X, X_new: (_own(X), _own(X_new)),
    "a leak: mean and deviation are of both arrays together; use those of X": _together,
    "one mean and deviation for each column: axis=0":
        lambda X, X_new: ((X - X.mean()) / X.std(), (X_new - X.mean()) / X.std()),
    "divide by the deviation, not by the variance": lambda X, X_new: (
        (X - X.mean(axis=0)) / X.var(axis=0), (X_new - X.mean(axis=0)) / X.var(axis=0)),
    "the mean is taken off; the deviation is missing": lambda X, X_new: (
        X - X.mean(axis=0), X_new - X.mean(axis=0)),
    "divided by the deviation; the mean is not taken off": lambda X, X_new: (
        X / X.std(axis=0), X_new / X.std(axis=0)),
    "this deviation has n - 1 below; X.std(axis=0) is asked for": lambda X, X_new: (
        (X - X.mean(axis=0)) / X.std(axis=0, ddof=1),
        (X_new - X.mean(axis=0)) / X.std(axis=0, ddof=1)),
    "X_new is not changed at all": lambda X, X_new: (_own(X), X_new),
    "X comes first, X_new second": lambda X, X_new: standardise(X, X_new)[::-1],
}  # fmt: skip

# 08.2 ------------------------------------------------------------------------------------------


def draw_decay(rng):
    """Draw W, b, dW, db, eta, lam."""
    one = np.array([[2.0, -1.0]]), np.array([1.0, 3.0]), np.array([[1.0, 1.0]]), np.ones(2)
    inputs = [(*one, 0.1, 0.5)]
    for p, q in ((2, 3), (4, 2), (3, 3)):
        arrays = (rng.normal(size=shape) for shape in ((p, q), (q,), (p, q), (q,)))
        inputs.append((*arrays, float(rng.uniform(0.05, 0.5)), float(rng.uniform(0.2, 1.5))))
    return inputs


def decay_step(W, b, dW, db, eta, lam):
    """Return W and b after a step."""
    return W - eta * (dW + lam * W), b - eta * db


DECAY = {
    "the bias decays too; only weights have a price": lambda W, b, dW, db, eta, lam: (
        W - eta * (dW + lam * W), b - eta * (db + lam * b)),
    "factor 2: the price is lambda / 2 times the square, its slope lambda times w":
        lambda W, b, dW, db, eta, lam: (W - eta * (dW + 2 * lam * W), b - eta * db),
    "half of the decay: the slope of lambda / 2 times the square is lambda times w":
        lambda W, b, dW, db, eta, lam: (W - eta * (dW + lam * W / 2), b - eta * db),
    "the sign of the price: with this W grows": lambda W, b, dW, db, eta, lam: (
        W - eta * (dW - lam * W), b - eta * db),
    "eta is missing in the decay: the factor is 1 - eta lambda":
        lambda W, b, dW, db, eta, lam: ((1 - lam) * W - eta * dW, b - eta * db),
    "the decay comes after the step: it is of the old W": lambda W, b, dW, db, eta, lam: (
        (1 - eta * lam) * (W - eta * dW), b - eta * db),
    "the decay is missing": lambda W, b, dW, db, eta, lam: (W - eta * dW, b - eta * db),
    "this is L1, the sign of W; L2 has W itself": lambda W, b, dW, db, eta, lam: (
        W - eta * (dW + lam * np.sign(W)), b - eta * db),
    "uphill: minus eta times the gradient": lambda W, b, dW, db, eta, lam: (
        W + eta * (dW + lam * W), b + eta * db),
    "the bias does not move: it has no price, and a gradient all the same":
        lambda W, b, dW, db, eta, lam: (W - eta * (dW + lam * W), b),
}  # fmt: skip

# 08.3 ------------------------------------------------------------------------------------------


def corner(penalty, lam, w1, w2):
    """Say what is missing to a corner of the diamond."""
    if penalty != "L1":
        return "L2 makes no zeros; take L1."
    if abs(w1) < 1.0 - 1e-9:
        return "The square's w1 must be at least 1, or at most -1."
    if abs(w1) > lam + 1e-9:
        return "w1 is not 0 yet: lambda must reach it."
    return "" if abs(w2) - lam >= 1.0 - 1e-9 else "w1 is 0, but less than 1 is left of w2."


# 08.4 ------------------------------------------------------------------------------------------


def draw_soft(rng):
    """Draw w, g, eta, lam; some weights on either side of the threshold."""
    inputs = [(np.array([3.0, 0.8, -0.3, 0.05]), np.array([0.0, 0.0, 0.0, 0.2]), 0.5, 1.0)]
    for shape in ((6,), (4, 3), (2, 5)):
        w, g = rng.normal(size=shape), rng.normal(size=shape)
        w.flat[0], g.flat[0] = 0.01, 0.02
        w.flat[1], g.flat[1] = 0.1, 10.0  # crosses 0
        inputs.append((w, g, float(rng.uniform(0.1, 0.5)), float(rng.uniform(1.2, 2.0))))
    return inputs


def soft(v, t):
    """Return the soft threshold."""
    return np.sign(v) * np.maximum(0.0, np.abs(v) - t)


def l1_step(w, g, eta, lam):
    """Return w after a step and the soft threshold."""
    return soft(w - eta * g, eta * lam)


L1_STEP = {
    "the threshold is eta lambda, not lambda": lambda w, g, eta, lam: soft(w - eta * g, lam),
    "this is plain descent on |w|: it is never exactly 0":
        lambda w, g, eta, lam: w - eta * (g + lam * np.sign(w)),
    "the step comes first, then the threshold": lambda w, g, eta, lam:
        soft(w, eta * lam) - eta * g,
    "a hard threshold: what is larger must be made smaller, too": lambda w, g, eta, lam:
        (w - eta * g) * (np.abs(w - eta * g) > eta * lam),
    "max(0, ...) is missing: small weights come out with the wrong sign":
        lambda w, g, eta, lam: np.sign(w - eta * g) * (np.abs(w - eta * g) - eta * lam),
    "the sign is lost: np.sign(v) times": lambda w, g, eta, lam:
        np.maximum(0.0, np.abs(w - eta * g) - eta * lam),
    "negative weights are lost: the size |v| is compared": lambda w, g, eta, lam:
        np.maximum(0.0, w - eta * g - eta * lam),
    "the sign is that of the old w; it belongs to w - eta g": lambda w, g, eta, lam:
        np.sign(w) * np.maximum(0.0, np.abs(w - eta * g) - eta * lam),
    "this is L2, weight decay": lambda w, g, eta, lam: (1 - eta * lam) * w - eta * g,
    "the step goes up": lambda w, g, eta, lam: soft(w + eta * g, eta * lam),
    "the step is missing": lambda w, g, eta, lam: soft(w, eta * lam),
    "the threshold is missing": lambda w, g, eta, lam: w - eta * g,
}  # fmt: skip

# 08.5 ------------------------------------------------------------------------------------------


def draw_dropout(rng):
    """Draw A, u, p, training; on the edge of u >= p too."""
    inputs = [(np.array([[1.0, 2.0, 3.0]]), np.array([[0.1, 0.2, 0.9]]), 0.2, True)]
    for shape, p in (((3, 4), 0.3), ((2, 5), 0.6), ((4, 4), 0.0)):
        A, u = rng.normal(size=shape), rng.random(shape)
        inputs += [(A, u, p, True), (A, u, p, False)]
    return inputs


def dropout(A, u, p, training):
    """Return A with dropout."""
    return A * (u >= p) / (1 - p) if training else A


DROPOUT = {
    "1 / (1 - p) is missing: the mean comes out too small": lambda A, u, p, training:
        A * (u >= p) if training else A,
    "divide by 1 - p, the chance to stay; yours multiplies": lambda A, u, p, training:
        A * (u >= p) * (1 - p) if training else A,
    "dropout is left on at prediction": lambda A, u, p, training: A * (u >= p) / (1 - p),
    "nothing is scaled at prediction: training has made up for it": lambda A, u, p, training:
        A * (u >= p) / (1 - p) if training else A * (1 - p),
    "the older way: scaled at prediction instead of in training": lambda A, u, p, training:
        A * (u >= p) if training else A * (1 - p),
    "the mask is the wrong way round: an entry stays where u >= p": lambda A, u, p, training:
        A * (u < p) / (1 - p) if training else A,
    "u equal to p stays: >=, not >": lambda A, u, p, training:
        A * (u > p) / (1 - p) if training else A,
    "training and prediction are swapped": lambda A, u, p, training:
        A if training else A * (u >= p) / (1 - p),
    "one mask for all samples: u has a number for each entry": lambda A, u, p, training:
        A * (u[0] >= p) / (1 - p) if training else A,
}  # fmt: skip

# 08.6 ------------------------------------------------------------------------------------------


def draw_losses(rng):
    """Draw losses, patience, least: a late better one never seen, gains too small, a fall on."""
    inputs = [([3.0, 2.0, 2.5, 2.6, 1.0], 2, 0.1), ([3.0, 2.0, 2.5, 1.5, 1.6], 2, 0.1),
              ([5.0, 4.0, 3.95, 3.9, 1.0], 2, 0.2), ([3.0, 2.0, 1.0], 1, 0.1),
              ([2.0, 3.0, 1.0], 1, 0.1), ([3.0, 2.0, 2.0, 2.5], 9, 0.0)]  # fmt: skip
    for _ in range(6):
        walk = 5 + np.cumsum(rng.normal(-0.1, 0.5, 25))
        least = float(rng.choice([0.0, 0.25, 0.5]))
        inputs.append((walk.round(3).tolist(), int(rng.integers(1, 6)), least))
    return inputs


def early(losses, patience, least):
    """Return the epoch that is kept."""
    return _early(losses, patience, least)


def _early(losses, patience, least, late=0, better=lambda new, old, least: new < old - least,
           stopped=False):  # fmt: skip
    best = 0
    for epoch, value in enumerate(losses):
        if epoch and better(value, losses[best], least):
            best = epoch
        if epoch - best >= patience + late:
            break
    return epoch if stopped else best


def _by_the_last(losses, patience, least):
    best = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1] - least:
            best = epoch
        if epoch - best >= patience:
            break
    return best


EARLY = {
    "this is the best of all epochs: training has stopped before it sees some of them":
        lambda losses, patience, least: int(np.argmin(losses)),
    "this is where training stops; the weights kept are those of the best epoch":
        lambda losses, patience, least: _early(losses, patience, least, stopped=True),
    "one epoch too late: it stops when patience epochs have passed":
        lambda losses, patience, least: _early(losses, patience, least, late=1),
    "a gain of less than least is no gain; yours takes any": lambda losses, patience, least:
        _early(losses, patience, 0.0),
    "with least = 0 an equal loss is not better": lambda losses, patience, least:
        _early(losses, patience, least, better=lambda new, old, least: new <= old - least),
    "a loss counts as better below best - least; yours takes up to best + least":
        lambda losses, patience, least: _early(losses, patience, -least),
    "compare with the best so far, not with the epoch before": _by_the_last,
    "epochs are counted from 0": lambda losses, patience, least:
        _early(losses, patience, least) + 1,
    "the epoch is asked for, not its loss": lambda losses, patience, least:
        losses[_early(losses, patience, least)],
    "this is the last epoch": lambda losses, patience, least: len(losses) - 1,
    "the largest loss is not the best": lambda losses, patience, least:
        _early(losses, patience, least, better=lambda new, old, least: new > old + least),
}  # fmt: skip

# 08.8 ------------------------------------------------------------------------------------------


def draw_masked(rng):
    """Draw X, W, mask, dA, p, eta, lam."""
    inputs = []
    for n, d, h in ((2, 2, 2), (3, 2, 4), (6, 3, 3)):
        X, W, dA = (rng.normal(size=s).round(1) + 0.03 for s in ((n, d), (d, h), (n, h)))
        mask = (rng.random((n, h)) > 0.4).astype(float)
        mask[0, 0], mask[-1, -1] = 1.0, 0.0
        inputs.append((X, W, mask, dA, float(rng.choice([0.2, 0.4])), 0.1, 0.5))
    return inputs


def dropout_step(X, W, mask, dA, p, eta, lam):
    dZ = dA * mask
    dW = X.T @ dZ
    return W - eta * (dW - lam * W)


def right_step(X, W, mask, dA, p, eta, lam):
    """Return W after a step."""
    return W - eta * (X.T @ (dA * mask / (1 - p)) + lam * W)


MASKED = {
    "the decay is right now; 1 / (1 - p) is still missing on the way back":
        lambda X, W, mask, dA, p, eta, lam: W - eta * (X.T @ (dA * mask) + lam * W),
    "the way back is right now; the decay still makes W grow":
        lambda X, W, mask, dA, p, eta, lam: W - eta * (X.T @ (dA * mask / (1 - p)) - lam * W),
    "divide by 1 - p, as on the way forward": lambda X, W, mask, dA, p, eta, lam:
        W - eta * (X.T @ (dA * mask * (1 - p)) + lam * W),
    "the mask belongs on the way back, too": lambda X, W, mask, dA, p, eta, lam:
        W - eta * (X.T @ (dA / (1 - p)) + lam * W),
    "the decay is gone; it must stay": lambda X, W, mask, dA, p, eta, lam:
        W - eta * X.T @ (dA * mask / (1 - p)),
}  # fmt: skip

MODEL = """\
The best of many noisy scores is partly the best luck: choosing by the validation set fits the
choice to its noise, so the score there is too good. The test set had no part in any choice, so its
score is fair, as long as it is looked at once."""

START = {"penalty": "L2", "lam": 1.0, "w1": 0.6, "w2": 2.4}

EXERCISES = {
    "08.1": FillIn("X X_new", draw_columns, standardise, STANDARDISE),
    "08.2": FillIn("W b dW db eta lam", draw_decay, decay_step, DECAY),
    "08.3": Explore("ball", START, corner),
    "08.4": FillIn("w g eta lam", draw_soft, l1_step, L1_STEP),
    "08.5": FillIn("A u p training", draw_dropout, dropout, DROPOUT),
    "08.6": FillIn("losses patience least", draw_losses, early, EARLY),
    "08.7": Explain(MODEL),
    "08.8": FillIn("X W mask dA p eta lam", draw_masked, right_step, MASKED, given=dropout_step),
}  # fmt: skip
