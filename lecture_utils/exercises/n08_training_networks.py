"""Exercises of notebook 08: training networks."""

import numpy as np

from lecture_utils.exercises.draws import normals, rounded
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


STANDARDISE = {
    "a leak: X_new is moved by its own mean and deviation; use those of X":
        [("(X_new - mean) / deviation", "(X_new - X_new.mean(axis=0)) / X_new.std(axis=0)"),
         ("(X_new - mean)", "(X_new - X_new.mean(axis=0))"),
         ("(X_new - mean) / deviation", "(X_new - mean) / X_new.std(axis=0)")],
    "a leak: mean and deviation are of both arrays together; use those of X":
        ("= X.mean", "= np.vstack([X, X_new]).mean", "X.std", "np.vstack([X, X_new]).std"),
    "one mean and deviation for each column: axis=0": ("axis=0", ""),
    "divide by the deviation, not by the variance": ("std", "var"),
    "the mean is taken off; the deviation is missing": (" / deviation", ""),
    "divided by the deviation; the mean is not taken off": (" - mean", ""),
    "this deviation has n - 1 below; take X.std(axis=0)": ("std(axis=0", "std(axis=0, ddof=1"),
    "this goes from the smallest to the largest; mean and deviation are asked for":
        ("X.mean(axis=0)", "X.min(axis=0)", "X.std(axis=0)", "np.ptp(X, axis=0)"),
    "X_new comes out as it went in. Was X replaced first? Then its mean is 0 and its deviation 1: "
    "take both before": ("(X_new - mean) / deviation", "X_new"),
}  # fmt: skip

# 08.2 ------------------------------------------------------------------------------------------


def draw_decay(rng):
    """Draw W, b, dW, db, step, lam."""
    one = np.array([[2.0, -1.0]]), np.array([1.0, 3.0]), np.array([[1.0, 1.0]]), np.ones(2)
    return [(*one, 0.1, 0.5)] + [
        (*normals(rng, (p, q), q, (p, q), q), rng.uniform(0.05, 0.5), rng.uniform(0.2, 1.5))
        for p, q in ((2, 3), (4, 2), (3, 3))
    ]


def decay_step(W, b, dW, db, step, lam):
    """Return W and b after a step."""
    return W - step * (dW + lam * W), b - step * db


DECAY = {
    "the bias decays too; only weights have a price": ("step * db", "step * (db + lam * b)"),
    "factor 2: the slope of lambda / 2 times the square is lambda w": ("lam * W", "2 * lam * W"),
    "half of it: the slope of lambda / 2 times the square is lambda w": ("lam * W", "lam * W / 2"),
    "the sign of the price: with this W grows": ("dW + lam", "dW - lam"),
    "the sign and the step of the decay: the factor of W is 1 - step * lam":
        ("step * (dW + lam * W)", "step * dW + lam * W"),
    "the step is missing in the decay: the factor is 1 - step * lam":
        ("step * (dW + lam * W)", "(step * dW + lam * W)"),
    "the decay comes after the step: it is of the old W":
        ("W - step * (dW + lam * W)", "(1 - step * lam) * (W - step * dW)"),
    "the decay is missing": (" + lam * W", ""),
    "this is L1, the sign of W; L2 has W itself": ("lam * W", "lam * np.sign(W)"),
    "uphill: minus the step times the gradient": ("- step", "+ step"),
}  # fmt: skip

# 08.3 ------------------------------------------------------------------------------------------


def corner(penalty, lam, w1, w2):
    """Say what is missing to a corner of the diamond."""
    if penalty != "L1":
        return "L2 makes no zeros; take L1."
    if abs(w1) < 1.0 - 1e-9:
        return "ŵ₁, of the square, must be at least 1, or at most -1."
    if abs(w1) > lam + 1e-9:
        return "w1 is not 0 yet: lambda must reach ŵ₁."
    return "" if abs(w2) - lam >= 1.0 - 1e-9 else "w1 is 0, but less than 1 is left of w2."


# 08.4 ------------------------------------------------------------------------------------------


def draw_soft(rng):
    """Draw w, g, step, lam; some weights on either side of the threshold."""
    inputs = [(np.array([3.0, 0.8, -0.3, 0.05]), np.array([0.0, 0.0, 0.0, 0.2]), 0.5, 1.0)]
    for shape in ((6,), (4, 3), (2, 5)):
        w, g = normals(rng, shape, shape)
        w.flat[0], g.flat[0] = 0.01, 0.02
        w.flat[1], g.flat[1] = 0.1, 10.0  # crosses 0
        inputs.append((w, g, float(rng.uniform(0.1, 0.5)), float(rng.uniform(1.2, 2.0))))
    return inputs


def l1_step(w, g, step, lam):
    """Return w after a step and the soft threshold."""
    v = w - step * g
    return np.sign(v) * np.maximum(0.0, np.abs(v) - step * lam)


L1_STEP = {
    "the threshold is step * lam, not lam": ("step * lam", "lam"),
    "this is plain descent on |w|: it is never exactly 0":
        lambda w, g, step, lam: w - step * (g + lam * np.sign(w)),
    "the step comes first, then the threshold":
        ("v = w - step * g", "v = w", "step * lam)", "step * lam) - step * g"),
    "a hard threshold: what is larger must be made smaller, too":
        ("np.sign(v) * np.maximum(0.0, np.abs(v) - step * lam)", "v * (np.abs(v) > step * lam)"),
    "max(0, ...) is missing: small weights come out with the wrong sign": ("np.maximum(0.0, ", "("),
    "the sign is lost: np.sign(v) times": ("np.sign(v) * ", ""),
    "the sign is that of the old w; it belongs to w - step g": ("np.sign(v)", "np.sign(w)"),
    "the step goes up": ("w - step", "w + step"),
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
    "1 / (1 - p) is missing: the mean comes out too small": (" / (1 - p)", ""),
    "divide by 1 - p, the chance to stay; yours multiplies": ("/ (1 - p)", "* (1 - p)"),
    "1 - p needs brackets: / 1 - p divides by 1 and takes p off": ("/ (1 - p)", "/ 1 - p"),
    "dropout is left on at prediction": (" if training else A", ""),
    "nothing is scaled at prediction: training has made up for it": ("else A", "else A * (1 - p)"),
    "the older way: scaled at prediction instead of in training":
        (" / (1 - p)", "", "else A", "else A * (1 - p)"),
    "the mask is the wrong way round: an entry stays where u >= p": (">=", "<"),
    "u equal to p stays: >=, not >": (">=", ">"),
    "training and prediction are swapped": ("if training", "if not training"),
    "one mask for all samples: u has a number for each entry": ("(u >=", "(u[0] >="),
}  # fmt: skip

# 08.6 ------------------------------------------------------------------------------------------


def draw_losses(rng):
    """Draw losses, patience, least: a late better one never seen, gains too small, a fall on.

    Eighths are exact, so a gain of just `least` is one in every order of the operations.
    """
    inputs = [([3.0, 2.0, 2.5, 2.6, 1.0], 2, 0.1), ([3.0, 2.0, 2.5, 1.5, 1.6], 2, 0.1),
              ([5.0, 4.0, 3.95, 3.9, 1.0], 2, 0.2), ([3.0, 3.5, 2.0, 2.5, 1.0], 2, 0.1),
              ([2.0, 2.0, 1.0], 1, 0.1), ([3.0, 2.0, 2.0, 2.5], 9, 0.0),
              ([3.0, 2.0, 2.5, 2.25, 2.5], 3, 0.1), ([3.0, 2.75, 2.5, 2.25], 9, 0.5),
              ([5.0, 4.0, 3.875, 3.75, 3.75, 1.0], 2, 0.25)]  # fmt: skip
    for _ in range(6):
        walk = 5 + np.cumsum(rng.normal(-0.1, 0.5, 25))
        least = float(rng.choice([0.0, 0.25, 0.5]))
        inputs.append((((8 * walk).round() / 8).tolist(), int(rng.integers(1, 6)), least))
    return inputs


def early(losses, patience, least):
    """Return the epoch that is kept."""
    best = 0
    for epoch, value in enumerate(losses):
        if value < losses[best] - least:
            best = epoch
        if epoch - best >= patience:
            break
    return best


EARLY = {
    "this is the best of all epochs: training has stopped before it sees some of them":
        lambda losses, patience, least: int(np.argmin(losses)),
    "this is where training stops; the weights kept are those of the best epoch":
        ("return best", "return epoch"),
    "one epoch too late: it stops when patience epochs have passed": (">=", ">"),
    "the epochs without a gain are counted from the last gain on; yours go on counting":
        ("best = 0", "best, none = 0, 0", "        if epoch - best",
         "        none += epoch != best\n        if none"),
    "a gain of less than least is no gain; yours takes any": (" - least", ""),
    "small gains add up: compare with the loss of the epoch that is kept, not with the lowest seen":
        ("best = 0", "best, low = 0, losses[0]", "losses[best]", "low",
         "        if epoch -", "        low = min(low, value)\n        if epoch -"),
    "the last epoch is never looked at": ("(losses)", "(losses[:-1])"),
    "with least = 0 an equal loss is not better": ("value < losses", "value <= losses"),
    "better is below best - least; yours takes up to best + least": ("- least", "+ least"),
    "compare with the best so far, not the last": ("losses[best]", "losses[max(epoch - 1, 0)]"),
    "epochs are counted from 0": ("return best", "return best + 1"),
    "the epoch is asked for, not its loss": ("return best", "return losses[best]"),
}  # fmt: skip

# 08.8 ------------------------------------------------------------------------------------------


def draw_masked(rng):
    """Draw X, W, mask, dA, p, step, lam."""
    inputs = []
    for n, d, h in ((2, 2, 2), (3, 2, 4), (6, 3, 3)):
        X, W, dA = rounded(rng, (n, d), (d, h), (n, h))
        mask = (rng.random((n, h)) > 0.4).astype(float)
        mask[0, 0], mask[-1, -1] = 1.0, 0.0
        inputs.append((X, W, mask, dA, float(rng.choice([0.2, 0.4])), 0.1, 0.5))
    return inputs


def dropout_step(X, W, mask, dA, p, step, lam):
    """Return W after a step."""
    dZ = dA * mask / (1 - p)
    dW = X.T @ dZ
    return W - step * (dW + lam * W)


MASKED_BUGS = {
    "the decay is right now; 1 / (1 - p) is still missing on the way back": (" / (1 - p)", ""),
    "the way back is right now; the decay still makes W grow": ("+ lam", "- lam"),
}
MASKED = {
    "divide by 1 - p, as on the way forward": ("/ (1 - p)", "* (1 - p)"),
    "the mask belongs on the way back, too": (" * mask", ""),
    "the decay is gone; it must stay": (" + lam * W", ""),
}

# 08.9 ------------------------------------------------------------------------------------------


def draw_stopped(rng):
    """Draw curvatures, a step below the limit, and a number of steps."""
    inputs = [(np.array([1.0, 0.1]), 0.5, 2), (np.array([2.0, 1.0, 0.01]), 0.2, 10)]
    return inputs + [
        (rng.uniform(0.1, 2, k), float(rng.uniform(0.1, 0.4)), 3 + k) for k in (1, 3, 5)
    ]


def as_penalty(c, step, k):
    """Return the strength of L2 that leaves what descent from zero has reached."""
    left = (1 - step * c) ** k
    return c * left / (1 - left)


AS_PENALTY = {
    "(1 - step c)^k is what is left of the way, not what is done: more steps, less lambda":
        ("left / (1 - left)", "(1 - left) / left"),
    "the curvature is missing: the balance is at c / (c + lambda)": ("c * left", "left"),
    "every step multiplies the rest of the way; it does not subtract":
        ("(1 - step * c) ** k", "1 - step * c * k"),
    "one step only: the rest is multiplied again in each": (" ** k", ""),
    "this is the weight that is reached, as a share; which lambda leaves as much?":
        ("c * left / (1 - left)", "1 - left"),
    "1 / (step k) is what it comes near to where step c k is small; here exactly":
        ("c * left / (1 - left)", "c**0 / (step * k)"),
}  # fmt: skip

# 08.10 -----------------------------------------------------------------------------------------


def draw_noise(rng):
    """Draw what neurons pass on, the weights that follow, and p."""
    inputs = [(np.array([1.0, 2.0]), np.array([3.0, -1.0]), p) for p in (0.5, 0.2)]
    return inputs + [(*normals(rng, k, k), p) for k, p in ((1, 0.9), (4, 0.1), (8, 0.4))]


def dropout_noise(a, v, p):
    """Return the variance of the score that comes from dropout."""
    return p / (1 - p) * ((v * a) ** 2).sum()


DROPOUT_NOISE = {
    "p (1 - p) is the variance of the mask; those that stay are scaled up, too":
        ("p / (1 - p)", "p * (1 - p)"),
    "1 / (1 - p) is the mean of the square; the square of the mean is taken off": ("p / ", "1 / "),
    "the scaling counts twice in a square: (1 - p) (1 - p) below p (1 - p)":
        ("(1 - p)", "(1 - p) ** 2"),
    "neurons are silenced one by one: add the variances, the squares, not the terms":
        ("((v * a) ** 2).sum()", "(v * a).sum() ** 2"),
    "both v and a enter squared": [("(v * a) ** 2", "v * a**2"), ("(v * a) ** 2", "v**2 * a")],
    "this is the standard deviation": lambda a, v, p: np.sqrt(dropout_noise(a, v, p)),
    "the mean; a sum of independent terms has the sum of their variances": (".sum()", ".mean()"),
    "one number for each neuron; they meet in one score": (".sum()", ""),
}  # fmt: skip

# 08.11 -----------------------------------------------------------------------------------------

NOISY = {"data": "xor", "noise": 0.5, "ratio": 0.1, "seed": 3, "points": (), "loss": "squared"}
UNTRAINED = {"penalty": "none", "rate": 0.0, "dropout": 0.0, "epoch": 0, "train_loss": 1.379,
             "test_loss": 1.174}  # fmt: skip


def remedy(penalty, rate, dropout, epoch, train_loss, test_loss, **measured):
    """Say what is missing to a test loss that stays low."""
    if measured["loss"] != NOISY["loss"]:
        return "The cross-entropy is another measure: take the squared loss."
    if measured != NOISY:
        return ("More or other points are not to be had: leave data, noise, training ratio and "
                "seed as they were, and the points, too.")  # fmt: skip
    if epoch < 300:
        return "Train to epoch 300 at least: the test loss may still climb."
    if test_loss < 0.5:
        return ""
    if (penalty == "none") != (rate == 0.0):
        return "A penalty and its rate belong together: one of them is not set."
    if train_loss > 0.5:
        return "The training loss is high as well: train on, or give the network more freedom."
    if dropout and penalty == "none":
        return f"Dropout alone leaves {test_loss:g}: these layers are small. What else is there?"
    return f"The test loss is {test_loss:g}. Which price keeps the weights small enough?"


MODEL = """\
The best of many noisy scores is partly the best luck: choosing by the validation set fits the
choice to its noise, so the score there is too good. The test set had no part in any choice, so its
score is fair, as long as it is looked at once."""

START = {"penalty": "L2", "lam": 1.0, "w1": 0.6, "w2": 2.4}

EXERCISES = {
    "08.1": FillIn(draw_columns, standardise, STANDARDISE),
    "08.2": FillIn(draw_decay, decay_step, DECAY),
    "08.3": Explore("ball", START, corner),
    "08.4": FillIn(draw_soft, l1_step, L1_STEP),
    "08.5": FillIn(draw_dropout, dropout, DROPOUT),
    "08.6": FillIn(draw_losses, early, EARLY),
    "08.7": Explain(MODEL),
    "08.8": FillIn(draw_masked, dropout_step, MASKED, MASKED_BUGS),
    "08.9": FillIn(draw_stopped, as_penalty, AS_PENALTY),
    "08.10": FillIn(draw_noise, dropout_noise, DROPOUT_NOISE),
    "08.11": Explore("playground", NOISY | UNTRAINED, remedy),
}
