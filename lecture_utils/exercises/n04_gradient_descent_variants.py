"""Exercises of notebook 04: gradient descent variants."""

import numpy as np

from lecture_utils.exercises.draws import normals
from lecture_utils.exercises.judge import Explain, Explore, FillIn

# 04.1 ------------------------------------------------------------------------------------------


def draw_batches(rng):
    """Draw n, batch, seed; at first one with a rest, one without, batches larger than n."""
    inputs = [(10, 3, 0), (12, 4, 1), (5, 9, 2), (40, 1, 3), (40, 1, 3), (40, 1, 4)]
    return inputs + [(int(rng.integers(20, 90)), int(rng.integers(2, 15)), int(rng.integers(1000)))
                     for _ in range(4)]  # fmt: skip


def minibatches(n, batch, seed):
    """Return the batches of one epoch."""
    order = np.random.default_rng(seed).permutation(n)
    return [order[start : start + batch] for start in range(0, n, batch)]


def one_epoch(got, n, batch, seed):
    """Say what is wrong with the batches of an epoch; the empty string if nothing is."""
    parts = [np.asarray(part) for part in got]
    if any(part.ndim != 1 or part.dtype.kind not in "iu" for part in parts):
        return "give back a list of arrays of whole numbers, each of shape (batch,)"
    rows = np.concatenate(parts) if parts else np.zeros(0, int)
    if len(rows) and (rows.min() < 0 or rows.max() >= n):
        return "row numbers go from 0 to n - 1"
    if len(set(rows.tolist())) < len(rows):
        return "some samples come twice: cut up a permutation, do not draw at random"
    if len(rows) < n:
        return "some samples are missing: the rest makes a last, smaller batch"
    if [len(part) for part in parts] != [min(batch, n - s) for s in range(0, n, batch)]:
        return "all batches but the last hold `batch` samples"
    if n > 9 and len(set((np.diff(rows) % n).tolist())) == 1:  # forwards, backwards, or rolled
        return "the order is the old one: shuffle"
    return ""


def by_seed(inputs, got):
    """Say what is wrong with the orders of several epochs."""
    both = zip(inputs, got, strict=True)
    first, again, other, *_ = (np.concatenate(g).tolist() for v, g in both if v[0] == 40)
    if first != again:
        return "the same seed gives two orders: use the seed that is given"
    return "the order is the same whatever the seed: use it" if first == other else ""


BATCHES = {
    "some samples are missing": ("range(0, n,", "range(0, n - batch + 1,"),
    "some samples come twice": ("permutation(n)", "integers(n, size=n)"),
    "the order is the old one": ("np.random.default_rng(seed).permutation(n)", "np.arange(n)"),
    "all batches but the last hold": lambda n, batch, seed: np.array_split(
        np.random.default_rng(seed).permutation(n), max(n // batch, 1)),
    "row numbers go from 0": ("permutation(n)", "permutation(n) + 1"),
    "give back a list of arrays": ("start + batch]", "start + batch, None]"),
}  # fmt: skip

# 04.2 ------------------------------------------------------------------------------------------


def draw_scatter(rng):
    """Draw sd, n, batch."""
    inputs = [(1.0, 1000, 64), (2.0, 1000, 1000), (3.0, 50, 1)]
    return inputs + [(rng.uniform(0.2, 4), int(n), int(rng.integers(2, n)))
                     for n in rng.integers(5, 500, 6)]  # fmt: skip


def scatter(sd, n, batch):
    """Return the standard deviation of a batch's mean, drawn without putting back."""
    return sd * np.sqrt((n - batch) / (batch * (n - 1)))


SCATTER = {
    "this is for draws that are put back: (n - batch) / (n - 1) is missing":
        ("(n - batch) / (batch * (n - 1))", "1 / batch"),
    "this is the variance; the standard deviation is its root": ("sd * np.sqrt", "sd**2 * "),
    "the root of the batch size is missing":
        ("np.sqrt((n - batch) / (batch * (n - 1)))", "np.sqrt((n - batch) / (n - 1)) / batch"),
    "take the root of the factor, too":
        ("np.sqrt((n - batch) / (batch * (n - 1)))", "(n - batch) / (n - 1) / np.sqrt(batch)"),
    "below stands n - 1, not n": ("(n - 1)", "n"),
    "the batch size is missing: this is not yet a mean": ("batch * (n - 1)", "n - 1"),
}  # fmt: skip

# 04.3 ------------------------------------------------------------------------------------------


def draw_ball(rng):
    """Draw step, batch, curvature."""
    inputs = [(0.1, 1, 1.0), (0.1, 4, 1.0), (0.5, 1, 1.0), (0.1, 1, 3.0)]
    return inputs + [(rng.uniform(0.01, 0.9), int(rng.integers(1, 40)), rng.uniform(0.2, 2))
                     for _ in range(6)]  # fmt: skip


def ball_variance(step, batch, curvature):
    """Return the variance that remains."""
    size = step * curvature
    return size / (batch * (2 - size))


BALL = {
    "the root of it: the variance is asked for": ("(2 - size))", "(2 - size)) ** 0.5",
        "size / (", "size**0.5 / ("),
    "this holds only for a small step: the 2 below is 2 - step * curvature": ("2 - size", "2"),
    "the batch is missing: its mean has the variance 1 / batch": ("batch * ", ""),
    "the root of the batch; variances fall like 1 / batch": ("batch *", "np.sqrt(batch) *"),
    "for curvature 1 only: step * curvature takes the place of step": ("step * curvature", "step"),
    "the curvature is missing above": ("return size", "return step"),
    "the curvature is missing below": ("2 - size", "2 - step"),
}  # fmt: skip

# 04.4, 04.6 to 04.8: walks on theta' Q theta / 2 - c' theta ---------------------------------------

HAND = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0]), np.array([2.0, -3.0])


def draw_bowls(rng):
    """Draw Q, c, start; one so flat that slopes are as small as what is added below a root."""
    Q, c, start = HAND
    bowls = [HAND, (1e-8 * Q, 1e-8 * c, start)]
    for p in (2, 3, 1, 4):
        A, *rest = normals(rng, (p, p), p, p)
        bowls.append((A @ A.T + np.eye(p), *rest))
    return bowls


def draw_momentum(rng):
    """Draw Q, c, start, step, beta, steps."""
    first, *more = draw_bowls(rng)
    return [(*first, 0.05, 0.9, 3)] + [
        (*bowl, rng.uniform(0.01, 0.1), rng.uniform(0.3, 0.95), int(rng.integers(4, 8)))
        for bowl in more
    ]


def draw_adaptive(rng):
    """Draw Q, c, start, step, steps."""
    return [(*bowl, step, steps) for *bowl, step, _, steps in draw_momentum(rng)]


def heavy_ball(Q, c, start, step, beta, steps):
    """Walk with momentum; return all points."""
    theta, v = np.array(start), np.zeros(len(start))
    path = [theta]
    for _ in range(steps):
        v = beta * v + (Q @ theta - c)
        theta = theta - step * v
        path.append(theta)
    return np.array(path)


def nesterov_path(Q, c, start, step, beta, steps):
    """Walk with a look ahead; return all points."""
    theta, v = np.array(start), np.zeros(len(start))
    path = [theta]
    for _ in range(steps):
        g = Q @ theta - c
        v = beta * v + g
        theta = theta - step * (g + beta * v)
        path.append(theta)
    return np.array(path)


WALKS = {
    "the sign: this walks up": ("- step", "+ step"),
    "the start is missing: row 0 is the start": ("(path)", "(path[1:])"),
    "the last point only; all of them are asked for": ("np.array(path)", "theta"),
    "all rows are one array: -= changes it in place": ("theta = theta -", "theta -="),
}
PUSHED = WALKS | {
    "the velocity is not kept: it must live longer than one step": ("v = beta * v +", "v ="),
}
HEAVY = PUSHED | {
    "the gradient enters with its full weight, not with 1 - beta":
        ("(Q @ theta - c)", "(1 - beta) * (Q @ theta - c)"),
    "this is Nesterov's step": nesterov_path,
    "c is missing in the gradient": (" - c", ""),
    "the gradient is Q theta - c, with no 2": ("(Q @ theta - c)", "2 * (Q @ theta - c)"),
    "the gradient is Q theta minus c": ("- c", "+ c"),
}  # fmt: skip
AHEAD = PUSHED | {
    "this is the heavy ball: it moves by v alone": ("(g + beta * v)", "v"),
    "the velocity instead of the gradient: g + beta v, not v + beta v": ("(g + beta", "(v + beta"),
    "beta before v is missing in the move": ("(g + beta * v)", "(g + v)"),
    "the gradient enters the velocity with its full weight": ("v + g", "v + (1 - beta) * g"),
}  # fmt: skip

# 04.5 ------------------------------------------------------------------------------------------


def rate(kappa, step, beta):
    """Return the factor by which momentum shrinks the error in the end."""
    half = (1 + beta - step * np.array([1 / kappa, 1.0])) / 2
    root = np.sqrt((half**2 - beta).astype(complex))
    return float(np.maximum(abs(half + root), abs(half - root)).max())


def best_spring(kappa, step, beta):
    """Say what is missing to a factor below 0.68."""
    if abs(kappa / 25 - 1) > 0.01:
        return f"Press the button for exercise 04.5 first: the condition number is {kappa:.0f}."
    mine = rate(kappa, step, beta)
    if mine > 1:
        return f"With step {step:.2f} and momentum {beta:.2f} it diverges."
    if mine >= 0.68:
        return f"The factor is {mine:.4f}; it can be below 0.68."
    return ""


# 04.7 ------------------------------------------------------------------------------------------


def adagrad_path(Q, c, start, step, steps):
    """Walk with AdaGrad; return all points."""
    theta, s = np.array(start), np.zeros(len(start))
    path = [theta]
    for _ in range(steps):
        g = Q @ theta - c
        s = s + g**2
        theta = theta - step * g / (np.sqrt(s) + 1e-10)
        path.append(theta)
    return np.array(path)


ADAGRAD = WALKS | {
    "add the squares of the slopes: a sum of slopes can be negative": ("g**2", "g"),
    "s is not kept: it must grow from step to step": ("s + g**2", "g**2"),
    "s needs one entry for each coordinate; yours is one number for all": ("g**2", "(g**2).sum()"),
    "divide by the root of s": ("np.sqrt(s)", "s"),
    "1e-10 is added outside of the root": ("np.sqrt(s) + 1e-10", "np.sqrt(s + 1e-10)"),
    "1e-10 is missing: it is added to the root": (" + 1e-10", ""),
    "1e-10 is asked for; yours is larger": [("1e-10", "1e-8"), ("1e-10", "1e-7")],
    "s must grow before you divide by it":
        ("        s = s + g**2\n", "", "(theta)\n", "(theta)\n        s = s + g**2\n"),
}  # fmt: skip

# 04.8 ------------------------------------------------------------------------------------------


def adam_path(Q, c, start, step, steps, beta=0.9, rho=0.999):
    """Walk with Adam; return all points."""
    theta = np.array(start, dtype=float)
    m, s, path = np.zeros(len(theta)), np.zeros(len(theta)), [theta]
    for t in range(1, steps + 1):
        g = Q @ theta - c
        m = beta * m + (1 - beta) * g
        s = rho * s + (1 - rho) * g**2
        theta = theta - step * (m / (1 - beta**t)) / (np.sqrt(s / (1 - rho**t)) + 1e-8)
        path.append(theta)
    return np.array(path)


ADAM_BUGS = {
    "the root is there; m still is too small at first": ("(m / (1 - beta**t))", "m"),
    "m is corrected; the root of s is missing": ("np.sqrt(s / (1 - rho**t))", "s / (1 - rho**t)"),
}
_KEPT_M = ("(m / (1 - beta**t))", "m",
           "theta = theta", "m = m / (1 - beta**t)\n        theta = theta")  # fmt: skip
_KEPT_S = ("s / (1 - rho**t)", "s", "theta = theta", "s = s / (1 - rho**t)\n        theta = theta")
ADAM = WALKS | {
    "neither mean is corrected at first": ("(m / (1 - beta**t))", "m", "s / (1 - rho**t)", "s"),
    "only m is corrected for its start at 0": ("s / (1 - rho**t)", "s"),
    "m or s is overwritten by its corrected value; the next step goes on from the other one":
        [_KEPT_M, _KEPT_S, _KEPT_M + _KEPT_S],
    "1e-8 is added outside of the root": (")) + 1e-8", ") + 1e-8)"),
    "1e-8 is missing: it is added to the root": (" + 1e-8", ""),
    "1e-8 was right": [("1e-8", "1e-10"), ("1e-8", "1e-7")],
    "the root is of the corrected s": ("sqrt(s / (1 - rho**t))", "sqrt(s) / (1 - rho**t)"),
    "the correction is 1 - beta**t, not 1 - beta": ("beta**t", "beta"),
    "t must begin at 1: 1 - beta**0 is 0": ("range(1, steps + 1)", "range(steps)"),
    "t begins at 1, not at 2": ("range(1, steps + 1)", "range(2, steps + 2)"),
}  # fmt: skip

# 04.9 ------------------------------------------------------------------------------------------


def draw_numbers(rng):
    """Draw numbers, with a mean that is not zero."""
    inputs = [(np.array([4.0, 2.0, 3.0]),), (np.array([5.0]),)]
    return inputs + [(rng.normal(3.0, 1.0, n),) for n in (4, 9, 30)]


def walk_mean(y):
    """Return the means of the first 1, 2, ... numbers."""
    theta, path = 0.0, []
    for k, number in enumerate(y, 1):
        theta = theta - (theta - number) / k
        path.append(theta)
    return np.array(path)


MEAN = {
    "the step begins at 1/2: count from 1 with the step 1 / k": ("/ k", "/ (k + 1)"),
    "the sign: this walks away from the numbers": ("- (theta", "+ (theta"),
    "the step is always 1: theta is the last number": (" / k", ""),
    "the step falls like 1 / k, not like its root": ("/ k", "/ np.sqrt(k)"),
    "the last point only; theta after each number is asked for": ("np.array(path)", "theta"),
    "the start does not belong to it": ("[]", "[0.0]"),
    "the slope of half a square is theta - y, with no 2": ("- (theta", "- 2 * (theta"),
}

# 04.11 -----------------------------------------------------------------------------------------


def draw_trades(rng):
    """Draw step, batch, new_step: a whole quotient, and others that are not."""
    inputs = [(0.5, 4, 0.9), (0.5, 4, 1.0), (0.8, 10, 0.25)]
    for step, batch in zip(rng.uniform(0.05, 1, 6), rng.integers(2, 40, 6).tolist(), strict=True):
        share = (rng.integers(60) + rng.uniform(0.1, 0.9)) * step / (batch * (2 - step))
        inputs.append((step, batch, 2 * share / (1 + share)))  # no rounding makes it whole
    return inputs


def batch_for(step, batch, new_step):
    """Return the smallest batch with which a new step leaves no more variance."""
    now = step / (batch * (2 - step))
    enough = new_step / (2 - new_step) / now
    return int(np.ceil(enough))


TRADES = {
    "in proportion to the step: that is right for short steps only; mind 2 - step":
        ("(2 - step)", "2", "(2 - new_step)", "2"),
    "rounded down: that batch is too small": ("np.ceil", "np.floor"),
    "rounded down, and one more: too many where it is whole": ("np.ceil(enough)", "enough + 1"),
    "rounded to the nearest; the smallest that is enough is rounded up": ("np.ceil", "np.round"),
    "the batch that there was is missing": ("batch * ", ""),
    "the quotient is upside down": ("np.ceil(enough)", "np.ceil(batch**2 / enough)"),
    "variances fall like 1 / batch, not its root": ("(enough)", "(enough**2 / batch)"),
    "not a whole number yet": ("int(np.ceil(enough))", "enough"),
}  # fmt: skip

# 04.12 -----------------------------------------------------------------------------------------


def draw_lives(rng):
    """Draw step, half_life."""
    drawn = [(rng.uniform(0.01, 2), rng.uniform(0.5, 60)) for _ in range(5)]
    return [(0.1, 1.0), (1.0, 10.0), *drawn]


def with_momentum(step, half_life):
    """Return beta for this half-life, and the step that is as fast on a constant slope."""
    beta = 0.5 ** (1 / half_life)
    return beta, step * (1 - beta)


LIVES = {
    "after half_life steps a push is worth beta**half_life, and that is 1/2":
        ("0.5 ** (1 / half_life)", "0.5 / half_life"),
    "1 - 1 / half_life is near e^(-1 / half_life), not near the half":
        ("0.5 ** (1 / half_life)", "1 - 1 / half_life"),
    "after half_life steps 1/e is left, not 1/2": ("0.5 **", "np.exp(-1) **"),
    "after one step 1/2**half_life is left: the root is missing": ("(1 / half_life)", "half_life"),
    "momentum makes a step 1 / (1 - beta) times as long; shorten it": ("step * (1", "step / (1"),
    "on a constant slope the velocity grows to g / (1 - beta), not to (1 + beta) g":
        ("* (1 - beta)", "/ (1 + beta)"),
    "the step is still the old one": (" * (1 - beta)", ""),
    "beta first, then the step": ("beta, step * (1 - beta)", "step * (1 - beta), beta"),
}  # fmt: skip

MODEL = """\
Gradient descent: the mean of the doubled samples is the old mean, so the path is the same step for
step, and epoch for epoch; but each step costs twice as many evaluations. SGD: a sample of the new
file is as good as one of the old, so per step and per evaluation nothing changes; an epoch now has
twice as many steps, so per epoch SGD looks twice as fast. Evaluations are the honest axis, since
they count work: by them SGD is as before, and gradient descent has become twice as slow."""

EXERCISES = {
    "04.1": FillIn(draw_batches, minibatches, BATCHES, accept=one_epoch, together=by_seed),
    "04.2": FillIn(draw_scatter, scatter, SCATTER),
    "04.3": FillIn(draw_ball, ball_variance, BALL),
    "04.4": FillIn(draw_momentum, heavy_ball, HEAVY),
    "04.5": Explore("spring", {"kappa": 100.0, "step": 1.0, "beta": 0.5}, best_spring),
    "04.6": FillIn(draw_momentum, nesterov_path, AHEAD),
    "04.7": FillIn(draw_adaptive, adagrad_path, ADAGRAD),
    "04.8": FillIn(draw_adaptive, adam_path, ADAM, ADAM_BUGS),
    "04.9": FillIn(draw_numbers, walk_mean, MEAN),
    "04.10": Explain(MODEL),
    "04.11": FillIn(draw_trades, batch_for, TRADES),
    "04.12": FillIn(draw_lives, with_momentum, LIVES),
}
