"""Exercises of notebook 04: gradient descent variants."""

import numpy as np

from lecture_utils.exercises.judge import Explain, Explore, FillIn

# 04.1 ------------------------------------------------------------------------------------------


def draw_batches(rng):
    """Draw n, batch, seed; at first one with a rest, one without, batches larger than n."""
    inputs = [(10, 3, 0), (12, 4, 1), (5, 9, 2), (40, 1, 3)]
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
    if n > 9 and (rows == np.arange(n)).all():
        return "the order is the old one: shuffle"
    if n > 19 and (rows == np.random.default_rng(0).permutation(n)).all() and seed != 0:
        return "the same order whatever the seed: use the seed that is given"
    return ""


BATCHES = {
    "some samples are missing": lambda n, b, s: minibatches(n, b, s)[: n // b],
    "some samples come twice":
        lambda n, b, s: np.array_split(np.random.default_rng(s).integers(n, size=n), -(-n // b)),
    "the order is the old one": lambda n, b, s: [np.arange(i, min(i + b, n))
                                                 for i in range(0, n, b)],
    "the same order whatever the seed": lambda n, b, s: minibatches(n, b, 0),
    "all batches but the last hold":
        lambda n, b, s: np.array_split(np.random.default_rng(s).permutation(n), max(n // b, 1)),
    "row numbers go from 0": lambda n, b, s: [part + 1 for part in minibatches(n, b, s)],
    "give back a list of arrays": lambda n, b, s: [p[:, None] for p in minibatches(n, b, s)],
}  # fmt: skip

# 04.2 ------------------------------------------------------------------------------------------


def draw_scatter(rng):
    """Draw sigma, n, batch."""
    inputs = [(1.0, 1000, 64), (2.0, 1000, 1000), (3.0, 50, 1)]
    return inputs + [(rng.uniform(0.2, 4), int(n), int(rng.integers(2, n)))
                     for n in rng.integers(5, 500, 6)]  # fmt: skip


def scatter(sigma, n, batch):
    """Return the standard deviation of a batch's mean, drawn without putting back."""
    return sigma * np.sqrt((n - batch) / (batch * (n - 1)))


SCATTER = {
    "this is for draws that are put back: (n - batch) / (n - 1) is missing":
        lambda s, n, b: s / np.sqrt(b),
    "this is the variance; the standard deviation is its root":
        lambda s, n, b: scatter(s, n, b) ** 2,
    "sigma is a standard deviation already: do not take its root":
        lambda s, n, b: scatter(np.sqrt(s), n, b),
    "the root of the batch size is missing":
        lambda s, n, b: s / b * np.sqrt((n - b) / (n - 1)),
    "take the root of the factor, too": lambda s, n, b: s / np.sqrt(b) * (n - b) / (n - 1),
    "below stands n - 1, not n": lambda s, n, b: s * np.sqrt((n - b) / (b * n)),
    "sigma is missing": lambda s, n, b: scatter(1.0, n, b),
    "the batch size is missing: this is not yet a mean":
        lambda s, n, b: s * np.sqrt((n - b) / (n - 1)),
}  # fmt: skip

# 04.3 ------------------------------------------------------------------------------------------


def draw_ball(rng):
    """Draw step, batch, curvature."""
    inputs = [(0.1, 1, 1.0), (0.1, 4, 1.0), (0.5, 1, 1.0), (0.1, 1, 3.0)]
    return inputs + [(rng.uniform(0.01, 0.9), int(rng.integers(1, 40)), rng.uniform(0.2, 2))
                     for _ in range(6)]  # fmt: skip


def ball_variance(step, batch, curvature):
    """Return the variance that remains."""
    return step * curvature / (batch * (2 - step * curvature))


BALL = {
    "the root of it: the variance is asked for": lambda e, b, c: np.sqrt(ball_variance(e, b, c)),
    "this holds only for a small step: the 2 below is 2 - step * curvature":
        lambda e, b, c: e * c / (2 * b),
    "the batch is missing: its mean has the variance 1 / batch":
        lambda e, b, c: ball_variance(e, 1, c),
    "the root of the batch; variances fall like 1 / batch":
        lambda e, b, c: ball_variance(e, 1, c) / np.sqrt(b),
    "this is for curvature 1: step * curvature takes the place of step":
        lambda e, b, c: ball_variance(e, b, 1.0),
    "the curvature is missing above": lambda e, b, c: e / (b * (2 - e * c)),
    "the curvature is missing below": lambda e, b, c: e * c / (b * (2 - e)),
    "1 - (1 - x)**2 is x (2 - x), not x (1 - x)": lambda e, b, c: e * c / (b * (1 - e * c)),
    "the square of step * curvature: one factor cancels":
        lambda e, b, c: e * c * ball_variance(e, b, c),
}  # fmt: skip

# 04.4, 04.6 to 04.8: walks on theta' Q theta / 2 - c' theta ---------------------------------------

HAND = np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0]), np.array([2.0, -3.0])


def _draw(*more):
    """Make a draw of Q, c, start and what follows."""

    def draw(rng):
        inputs = [(*HAND, *[value(None) for value in more])]
        for p in (2, 3, 1, 4):
            A = rng.normal(size=(p, p))
            inputs.append((A @ A.T + np.eye(p), rng.normal(size=p), rng.normal(size=p),
                           *[value(rng) for value in more]))  # fmt: skip
        return inputs

    return draw


def _step(rng):
    return 0.05 if rng is None else rng.uniform(0.01, 0.1)


def _beta(rng):
    return 0.9 if rng is None else rng.uniform(0.3, 0.95)


def _steps(rng):
    return 3 if rng is None else int(rng.integers(4, 8))


def _momentum(kind="heavy", share=None, keep=True, sign=-1.0, memory=True):
    """Make `heavy_ball` or `nesterov_path`, right or with a slip."""

    def path(Q, c, start, step, beta, steps):
        theta, v, points = np.array(start), np.zeros(len(start)), [np.array(start)]
        for _ in range(steps):
            g = Q @ theta - c
            v = (beta * v if memory else 0 * v) + (1 - beta if share else 1) * g
            move = {"heavy": v, "ahead": g + beta * v, "both": v + beta * v,
                    "no beta": g + v}[kind]  # fmt: skip
            theta = theta + sign * step * move
            points.append(theta)
        return np.array(points) if keep else theta

    return path


def _inside(Q, c, start, step, beta, steps):
    """Momentum whose velocity contains the step: the same for a constant step."""
    theta, v, points = np.array(start), np.zeros(len(start)), [np.array(start)]
    for _ in range(steps):
        v = beta * v - (Q @ theta - c)
        theta = theta + step * v
        points.append(theta + step * beta * v)
    return np.array(points)


heavy_ball, nesterov_path = _momentum(), _momentum("ahead")
HEAVY = {
    "the gradient enters with its full weight, not with 1 - beta": _momentum(share=True),
    "the velocity is not kept: it must live longer than one step": _momentum(memory=False),
    "the sign: this walks up": _momentum(sign=1.0),
    "the start is missing: row 0 is the start": lambda *v: heavy_ball(*v)[1:],
    "the last point only; all of them are asked for": _momentum(keep=False),
    "this is Nesterov's step": nesterov_path,
    "c is missing in the gradient": lambda Q, c, *v: heavy_ball(Q, 0 * c, *v),
    "the gradient is Q theta - c, with no 2": lambda Q, c, s, e, b, k:
        heavy_ball(2 * Q, 2 * c, s, e, b, k),
    "the gradient is Q theta minus c": lambda Q, c, *v: heavy_ball(Q, -c, *v),
}  # fmt: skip
AHEAD = {
    "this is the heavy ball: it moves by v alone": heavy_ball,
    "the velocity once more instead of the gradient: g + beta v, not v + beta v":
        _momentum("both"),
    "beta before v is missing in the move": _momentum("no beta"),
    "the gradient enters the velocity with its full weight": _momentum("ahead", share=True),
    "the velocity is not kept: it must live longer than one step":
        _momentum("ahead", memory=False),
    "the sign: this walks up": _momentum("ahead", sign=1.0),
    "the start is missing: row 0 is the start": lambda *v: nesterov_path(*v)[1:],
    "the last point only; all of them are asked for": _momentum("ahead", keep=False),
    "the heavy ball, seen from ahead: take the slope at the point that you report":
        _inside,
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


def _adagrad(square=True, grow=True, each=True, root=True, sign=-1.0, late=False):
    """Make `adagrad_path`, right or with a slip."""

    def path(Q, c, start, step, steps):
        theta, s, points = np.array(start), np.zeros(len(start)), [np.array(start)]
        for _ in range(steps):
            g = Q @ theta - c
            new = g**2 if square else g
            new = new if each else np.full(len(g), new.sum())
            before, s = s, s + new if grow else new
            below = before if late else s
            theta = theta + sign * step * g / ((np.sqrt(below) if root else below) + 1e-10)
            points.append(theta)
        return np.array(points)

    return path


adagrad_path = _adagrad()
ADAGRAD = {
    "add the squares of the slopes: a sum of slopes can be negative": _adagrad(square=False),
    "s is not kept: it must grow from step to step": _adagrad(grow=False),
    "s needs one entry for each coordinate; yours is one number for all": _adagrad(each=False),
    "divide by the root of s": _adagrad(root=False),
    "the sign: this walks up": _adagrad(sign=1.0),
    "s must grow before you divide by it": _adagrad(late=True),
    "the start is missing: row 0 is the start": lambda *v: adagrad_path(*v)[1:],
    "the last point only; all of them are asked for": lambda *v: adagrad_path(*v)[-1],
}

# 04.8 ------------------------------------------------------------------------------------------


def _adam(first=True, second=True, root=True, since=1, sign=-1.0, square=True):
    """Make `adam_path`, right or with a slip."""

    def path(Q, c, start, step, steps, beta=0.9, rho=0.999):
        theta = np.array(start, dtype=float)
        m, s, points = np.zeros(len(theta)), np.zeros(len(theta)), [theta]
        for t in range(since, steps + since):
            g = Q @ theta - c
            m = beta * m + (1 - beta) * g
            s = rho * s + (1 - rho) * (g**2 if square else np.abs(g))
            above = m / (1 - beta**t) if first else m
            below = s / (1 - rho**t) if second else s
            theta = theta + sign * step * above / ((np.sqrt(below) if root else below) + 1e-8)
            points.append(theta)
        return np.array(points)

    return path


right_adam = _adam()


def adam_path(Q, c, start, step, steps, beta=0.9, rho=0.999):
    theta = np.array(start, dtype=float)
    m, s, path = np.zeros(len(theta)), np.zeros(len(theta)), [theta]
    for t in range(1, steps + 1):
        g = Q @ theta - c
        m = beta * m + (1 - beta) * g
        s = rho * s + (1 - rho) * g**2
        theta = theta - step * m / (s / (1 - rho**t) + 1e-8)
        path.append(theta)
    return np.array(path)


ADAM = {
    "the root is there; m still is too small at first": _adam(first=False),
    "m is made good; the root of s is missing": _adam(root=False),
    "neither mean is made good for its start at 0": _adam(first=False, second=False),
    "only m is made good for its start at 0": _adam(second=False),
    "t must begin at 1: 1 - beta**0 is 0": _adam(since=0),
    "t begins at 1, not at 2": _adam(since=2),
    "the sign: this walks up": _adam(sign=1.0),
    "the start is missing: row 0 is the start": lambda *v: right_adam(*v)[1:],
}

# 04.9 ------------------------------------------------------------------------------------------


def draw_numbers(rng):
    """Draw numbers, with a mean that is not zero."""
    inputs = [(np.array([4.0, 2.0, 3.0]),), (np.array([5.0]),)]
    return inputs + [(rng.normal(3.0, 1.0, n),) for n in (4, 9, 30)]


def walk_mean(a):
    """Return the means of the first 1, 2, ... numbers."""
    return np.cumsum(a) / np.arange(1, len(a) + 1)


def _walk(rule):
    def path(a):
        theta, points = 0.0, []
        for k, number in enumerate(a, 1):
            theta = theta - rule(k) * (theta - number)
            points.append(theta)
        return np.array(points)

    return path


MEAN = {
    "the step begins at 1/2: count from 1 with the step 1 / k": _walk(lambda k: 1 / (k + 1)),
    "the sign: this walks away from the numbers": _walk(lambda k: -1 / k),
    "the step is always 1: theta is the last number": lambda a: np.asarray(a),
    "the step falls like 1 / k, not like its root": _walk(lambda k: 1 / np.sqrt(k)),
    "the step falls like 1 / k, not like 1 / k**2": _walk(lambda k: 1 / k**2),
    "the last point only; theta after each number is asked for": lambda a: walk_mean(a)[-1],
    "the start does not belong to it": lambda a: np.append(0.0, walk_mean(a)),
    "the slope of half a square is theta - a, with no 2": _walk(lambda k: 2 / k),
}

MODEL = """\
Gradient descent: the mean of the doubled samples is the old mean, so the path is the same step for
step, and epoch for epoch; but each step costs twice as many evaluations. SGD: a sample of the new
file is as good as one of the old, so per step and per evaluation nothing changes; an epoch now has
twice as many steps, so per epoch SGD looks twice as fast. Evaluations are the honest axis, since
they count work: by them SGD is as before, and gradient descent has become twice as slow."""

EXERCISES = {
    "04.1": FillIn("n batch seed", draw_batches, minibatches, BATCHES, accept=one_epoch),
    "04.2": FillIn("sigma n batch", draw_scatter, scatter, SCATTER),
    "04.3": FillIn("step batch curvature", draw_ball, ball_variance, BALL),
    "04.4": FillIn("Q c start step beta steps", _draw(_step, _beta, _steps), heavy_ball, HEAVY),
    "04.5": Explore("spring", {"kappa": 100.0, "step": 1.0, "beta": 0.5}, best_spring),
    "04.6": FillIn("Q c start step beta steps", _draw(_step, _beta, _steps), nesterov_path, AHEAD),
    "04.7": FillIn("Q c start step steps", _draw(_step, _steps), adagrad_path, ADAGRAD),
    "04.8": FillIn("Q c start step steps", _draw(_step, _steps), right_adam, ADAM, adam_path),
    "04.9": FillIn("a", draw_numbers, walk_mean, MEAN),
    "04.10": Explain(MODEL),
}
