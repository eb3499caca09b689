"""Exercises of notebook 03: gradient descent."""

from functools import cache

import numpy as np

from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.numbers.datasets import penguins_xy


def nice(rng, *shape):
    """Draw small whole numbers, as floats: easy to follow by hand."""
    return rng.integers(-3, 4, shape).astype(float)


def data(rng, n, p):
    """Draw X with a column of ones, and y."""
    X = rng.normal(size=(n, p))
    X[:, 0] = 1.0
    return X, rng.normal(size=n)


# 03.1 ------------------------------------------------------------------------------------------


def draw_walk(rng):
    """Draw start, step, steps."""
    inputs = [(0.0, 0.1, 3), (5.0, 0.25, 2), (0.0, 0.1, 0), (3.0, 0.4, 1), (0.0, 1.2, 4)]
    return inputs + [(rng.normal(), rng.uniform(0.01, 0.9), int(rng.integers(1, 9)))
                     for _ in range(6)]  # fmt: skip


def walk(start, step, steps):
    """Walk down (theta - 3)**2; return all points."""
    return 3.0 + (start - 3.0) * (1.0 - 2.0 * step) ** np.arange(steps + 1)


WALK = {
    "the sign: plus the slope leads up": lambda s, t, k: walk(s, -t, k),
    "the 2 is missing: the slope of (theta - 3)**2 is 2 * (theta - 3)":
        lambda s, t, k: walk(s, t / 2, k),
    "the start is missing: the first entry is the start": lambda s, t, k: walk(s, t, k)[1:],
    "one point too few: a loop of `steps` turns, and the start": lambda s, t, k: walk(s, t, k)[:-1],
    "one point too many": lambda s, t, k: walk(s, t, k + 1),
    "the last point only; all of them are asked for": lambda s, t, k: walk(s, t, k)[-1],
    "the slope is always that of the start": lambda s, t, k: s - t * 2 * (s - 3) * np.arange(k + 1),
    "the step is missing": lambda s, t, k: walk(s, 1.0, k),
    "the 3 is missing: this walks down theta**2":
        lambda s, t, k: s * (1 - 2 * t) ** np.arange(k + 1),
    "these are the values of the function, not the points":
        lambda s, t, k: (walk(s, t, k) - 3) ** 2,
}  # fmt: skip

# 03.2 ------------------------------------------------------------------------------------------


def draw_quadratic(rng):
    """Draw A, theta; A is not symmetric, else nobody is caught."""
    inputs = [(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([1.0, -1.0])),
              (np.array([[2.0]]), np.array([3.0]))]  # fmt: skip
    return inputs + [(rng.normal(size=(p, p)), rng.normal(size=p)) for p in (2, 3, 4, 7)]


QUADRATIC = {
    "2 A theta is right only for a symmetric A": lambda A, t: 2 * A @ t,
    "2 A' theta is right only for a symmetric A": lambda A, t: 2 * A.T @ t,
    "A theta: theta_k occurs twice, as first and as second factor": lambda A, t: A @ t,
    "A' theta: theta_k occurs twice, as first and as second factor": lambda A, t: A.T @ t,
    "half of it: no 1/2 stands before this form": lambda A, t: (A + A.T) @ t / 2,
    "twice too much": lambda A, t: 2 * (A + A.T) @ t,
    "A - A' instead of A + A'": lambda A, t: (A - A.T) @ t,
    "* multiplies entry by entry; a product with a matrix is @": lambda A, t: (A + A.T) * t,
    "this is the form itself, not its gradient": lambda A, t: t @ A @ t,
}

# 03.3 ------------------------------------------------------------------------------------------


def draw_mse(rng):
    """Draw X, y, b: at first square, where a forgotten transpose has the right shape."""
    x5 = np.column_stack([np.ones(5), np.arange(5.0)])
    inputs = [(np.array([[1.0, 2.0], [1.0, -1.0]]), np.array([1.0, 3.0]), np.array([1.0, 1.0])),
              (x5, np.array([1.0, 3.0, 2.0, 5.0, 4.0]), np.zeros(2)),
              (np.ones((3, 1)), nice(rng, 3), nice(rng, 1))]  # fmt: skip
    return inputs + [(*data(rng, n, p), rng.normal(size=p)) for n, p in ((6, 3), (3, 6), (40, 5))]


def gradient_mse(X, y, b):
    """Return the gradient of the mean squared error."""
    return -2.0 * X.T @ (y - X @ b) / len(y)


MSE = {
    "the sum over the samples; divide by their number":
        lambda X, y, b: len(y) * gradient_mse(X, y, b),
    "X @ r instead of X.T @ r: only a square X lets it pass":
        lambda X, y, b: -2.0 * X @ (y - X @ b) / len(y),
    "the 2 is missing": lambda X, y, b: gradient_mse(X, y, b) / 2,
    "divide by the number of samples, not of columns":
        lambda X, y, b: gradient_mse(X, y, b) * len(y) / len(b),
    "this is the gradient at b = 0; X @ b is missing": lambda X, y, b: -2.0 * X.T @ y / len(y),
    "the transposed X is missing: these are the residuals":
        lambda X, y, b: -2.0 * (y - X @ b) / len(y),
    "a column of shape (p, 1) instead of (p,)": lambda X, y, b: gradient_mse(X, y, b)[:, None],
    "this is the loss, not its gradient": lambda X, y, b: np.mean((y - X @ b) ** 2),
}  # fmt: skip

# 03.4 ------------------------------------------------------------------------------------------


def draw_steps(rng):
    """Draw kappa, small."""
    inputs = [(10.0, 1e-6), (100.0, 1e-6), (1.5, 0.1), (2.0, 0.3), (1e6, 1e-3)]
    return inputs + [(1 + 10 ** rng.uniform(-1, 4), 10 ** rng.uniform(-9, -0.5)) for _ in range(8)]


def steps_needed(kappa, small):
    """Return the smallest k with (1 - 1 / kappa)**k <= small."""
    return int(np.ceil(np.log(small) / np.log(1 - 1 / kappa)))


def _ceil(count):
    return int(np.ceil(count))


STEPS = {
    "the minus in 1 - 1 / kappa is lost; a number of steps is not negative":
        lambda k, e: _ceil(np.log(e) / np.log(1 + 1 / k)),
    "rounded down: that is one step too few": lambda k, e: int(np.log(e) / np.log(1 - 1 / k)),
    "rounded to the nearest; the smallest number that is enough is rounded up":
        lambda k, e: round(np.log(e) / np.log(1 - 1 / k)),
    "not a whole number yet": lambda k, e: np.log(e) / np.log(1 - 1 / k),
    "this is for the best step, with the factor (kappa - 1) / (kappa + 1)":
        lambda k, e: _ceil(np.log(e) / np.log((k - 1) / (k + 1))),
    "both logarithms must have the same base": lambda k, e: _ceil(np.log10(e) / np.log(1 - 1 / k)),
    "one step too many": lambda k, e: steps_needed(k, e) + 1,
    "the quotient of the two logarithms is turned round":
        lambda k, e: _ceil(np.log(1 - 1 / k) / np.log(e)),
    "minus the number of steps": lambda k, e: _ceil(-np.log(e) / np.log(1 - 1 / k)),
    "kappa times ln(1 / small) is only near it; take the logarithm of 1 - 1 / kappa":
        lambda k, e: _ceil(-k * np.log(e)),
}  # fmt: skip

# 03.5 ------------------------------------------------------------------------------------------

VALLEY = 50.0  # the condition number for which the best step is asked


def count_steps(step, kappa=VALLEY):
    """Count steps until the distance from (2.5, 1) has shrunk to a millionth; inf if never."""
    factors = np.abs(1 - step * np.array([1 / kappa, 1.0]))
    if factors.max() >= 1:
        return np.inf
    powers = factors ** np.arange(40_001)[:, None]  # enough for every step of the slider
    far = np.linalg.norm(powers * [2.5, 1.0], axis=1) > 1e-6 * np.hypot(2.5, 1.0)
    return int(far.sum())


@cache
def fewest_steps():
    """Return the least number that a step of the slider, 0.02 to 2.2, needs."""
    return min(count_steps(i / 50) for i in range(1, 111))


def best_step(kappa, step):
    """Say what is missing to the fewest steps that the slider allows."""
    if abs(kappa / VALLEY - 1) > 0.01:
        return f"Press the button for exercise 03.5 first: the condition number is {kappa:.0f}."
    mine = count_steps(step)
    if mine > fewest_steps():
        words = "it never gets there" if np.isinf(mine) else f"it takes {mine} steps"
        return f"With step {step:.2f} {words}; there is a better one."
    return ""


# 03.6 ------------------------------------------------------------------------------------------


def draw_largest(rng):
    """Draw X; never 4 samples, where two slips look alike."""
    x5 = np.column_stack([np.ones(5), np.arange(5.0)])
    return [(x5,), (10 * x5,)] + [
        (data(rng, n, p)[0],) for n, p in ((7, 3), (6, 4), (30, 6), (9, 2))
    ]


def _curvatures(X):
    return np.linalg.eigvalsh(X.T @ X)


def largest_step(X):
    """Return 2 / L of the mean squared error."""
    return len(X) / _curvatures(X)[-1]


LARGEST = {
    "this is 1 / L, the safe step; the limit is 2 / L": lambda X: largest_step(X) / 2,
    "the Hessian has a factor 2": lambda X: 2 * largest_step(X),
    "the Hessian of a mean is divided by n": lambda X: largest_step(X) / len(X),
    "this is L itself": lambda X: 2 / largest_step(X),
    "the smallest eigenvalue; the largest sets the limit": lambda X: len(X) / _curvatures(X)[0],
    "the trace is the sum of all eigenvalues": lambda X: len(X) / np.trace(X.T @ X),
    "the Frobenius norm is near the largest eigenvalue, but not it":
        lambda X: len(X) / np.linalg.norm(X.T @ X),
    "the largest entry of the Hessian is not its largest eigenvalue":
        lambda X: len(X) / np.abs(X.T @ X).max(),
    "singular values of X must be squared": lambda X: len(X) / np.linalg.norm(X, 2),
    "this is the best step, 2 / (L + mu)":
        lambda X: len(X) / (_curvatures(X)[0] + _curvatures(X)[-1]),
}  # fmt: skip

# 03.7 ------------------------------------------------------------------------------------------


def draw_line(rng):
    """Draw x, y, step, steps."""
    inputs = [(np.arange(4.0), np.array([1.0, 3.0, 2.0, 5.0]), 0.1, 2)]
    return inputs + [(rng.normal(size=n), rng.normal(size=n), rng.uniform(0.01, 0.3), 4)
                     for n in (3, 7, 20)]  # fmt: skip


def _line(factor=2.0, mean=True, sequential=False, slope=True, keep=True):
    """Make `walk_line`, right or with a slip."""

    def walk_line(x, y, step, steps):
        b = np.zeros(2)
        path = [b]
        for _ in range(steps):
            new = b.copy()
            size = step * factor * (1 if mean else len(x))
            new[0] = b[0] - size * (b[0] + b[1] * x - y).mean()
            first = new[0] if sequential else b[0]
            new[1] = b[1] - size * ((first + b[1] * x - y) * (x if slope else 1)).mean()
            b = new
            path.append(b)
        return np.array(path) if keep else np.array([b] * len(path))

    return walk_line


walk_line = _line()


def walk_broken(x, y, step, steps):
    b = np.zeros(2)
    path = [b]
    for _ in range(steps):
        b[0] -= step * 2 * (b[0] + b[1] * x - y).mean()
        b[1] -= step * 2 * ((b[0] + b[1] * x - y) * x).mean()
        path.append(b)
    return np.array(path)


BROKEN = {
    "the rows are mended; but b[1] still sees the b[0] that has moved already":
        _line(sequential=True),
    "the gradient is mended; but all rows are the same array, changed in place": _line(keep=False),
    "the sum instead of the mean of the samples": _line(mean=False),
    "the 2 is lost: this walks down half the loss": _line(factor=1.0),
    "the sign: this walks up": _line(factor=-2.0),
    "the slope of b[1] has a factor x": _line(slope=False),
    "the start is missing": lambda x, y, step, steps: walk_line(x, y, step, steps)[1:],
}  # fmt: skip

# 03.8 ------------------------------------------------------------------------------------------


class Valley:
    """A valley about a point; its loss and its gradient can be read in a verdict."""

    def __init__(self, bends, centre):
        self.bends, self.centre = np.array(bends), np.array(centre)

    def __call__(self, theta):
        return float(0.5 * (self.bends * (theta - self.centre) ** 2).sum())

    def __deepcopy__(self, memo):  # nothing in it changes, so a copy is the same
        return self

    def __repr__(self):
        terms = zip(self.bends / 2, self.centre, strict=True)
        return " + ".join(f"{b:.3g} (θ{i} - {c:.3g})²" for i, (b, c) in enumerate(terms, 1))


class Slope(Valley):
    """The gradient of a `Valley`."""

    def __call__(self, theta):
        return self.bends * (theta - self.centre)

    def __repr__(self):
        return "its gradient"


def draw_armijo(rng):
    """Draw f, gradient, start, steps."""
    inputs = []
    for bends, centre, steps in (([1.0], [2.0], 2), ([1.0, 4.0], [0.0, 0.0], 2),
                                 ([0.3, 7.0], [1.0, -1.0], 3),
                                 ([0.05, 1.0], [0.0, 1.0], 4)):  # fmt: skip
        start = np.array(centre) + 3.0 * np.arange(1, len(bends) + 1)
        inputs.append((Valley(bends, centre), Slope(bends, centre), start, steps))
    for p in (2, 3, 5):
        bends, centre = 10 ** rng.uniform(-2, 1.5, p), rng.normal(size=p)
        inputs.append((Valley(bends, centre), Slope(bends, centre), rng.normal(size=p) * 3, 5))
    return inputs


def _armijo(share=0.5, again=True, power=2, sign=-1.0, shrink=0.5, first=10.0, every=False):
    """Make `descend_armijo`, right or with a slip."""

    def descend_armijo(f, gradient, start, steps):
        theta = np.array(start, dtype=float)
        path, step = [theta], first
        for _ in range(steps):
            g = gradient(theta)
            step = first if again else step
            promise = np.linalg.norm(g) ** power
            for _ in range(60):
                if not f(theta + sign * step * g) > f(theta) - share * step * promise:
                    break
                step *= shrink
                if every:
                    break
            theta = theta + sign * step * g
            path.append(theta)
        return np.array(path)

    return descend_armijo


descend_armijo = _armijo()
ARMIJO = {
    "you only ask that the loss falls; it must fall by half of the promise": _armijo(share=0.0),
    "the step must begin at 10 again in every step": _armijo(again=False),
    "the length of g is not squared in the promise": _armijo(power=1),
    "the 1/2 before the promise is missing": _armijo(share=1.0),
    "halve as long as it is too large: while, not if": _armijo(every=True),
    "halve the step; you divide it by 10": _armijo(shrink=0.1),
    "the first try is 10, not 1": _armijo(first=1.0),
    "the start is missing: row 0 is the start": lambda *v: descend_armijo(*v)[1:],
    "the last point only; all of them are asked for": lambda *v: descend_armijo(*v)[-1],
}

# 03.9 ------------------------------------------------------------------------------------------


def draw_column(rng):
    """Draw columns of measures, the penguins' flippers first."""
    sizes = rng.integers(5, 40, 6)
    return [(penguins_xy()[0],)] + [(rng.normal(rng.uniform(-50, 50), rng.uniform(0.1, 20), n),)
                                    for n in sizes]  # fmt: skip


def one_step(column, x):
    """Say what is wrong with a column; the empty string if one step is enough."""
    column = np.asarray(column)
    if column.dtype.kind not in "biuf" or column.shape != x.shape:
        return f"give back numbers, one a measure: shape {x.shape}"
    column = column.astype(float)
    if not np.isfinite(column).all() or np.ptp(column) == 0:
        return "the column must hold finite numbers, not all the same"
    spread = np.corrcoef(column, x)[0, 1]
    if abs(spread) < 1 - 1e-9:
        return "this is not x with another zero and another unit: other lines than before"
    X = np.column_stack([np.ones(len(x)), column])
    small, large = np.linalg.eigvalsh(2 * X.T @ X / len(x))
    kappa = large / max(small, 1e-300)
    if kappa < 1 + 1e-9:
        return ""
    steps = np.ceil(np.log(1e-3) / np.log((kappa - 1) / (kappa + 1)))
    return (f"the condition number is {kappa:,.4g}; with the best step it takes about {steps:,.3g} "
            f"steps to a thousandth{_why(column)}")  # fmt: skip


def _why(column):
    """Name the reason for a long valley."""
    if abs(column.mean()) > 1e-9 * np.abs(column).max():
        return "; the mean of the column is not 0 yet"
    if np.isclose(column.std(ddof=1), 1):
        return "; divide by the root of the mean square, with n, not n - 1"
    return "; the mean of its squares is not 1 yet"


COLUMN = {
    "the mean of the column is not 0 yet": lambda x: x,
    "the mean of its squares is not 1 yet": lambda x: x - x.mean(),
    "with n, not n - 1": lambda x: (x - x.mean()) / x.std(ddof=1),
    "this is not x with another zero": lambda x: x**3,
    "give back numbers, one a measure": lambda x: x[:, None],
    "finite numbers, not all the same": lambda x: x * 0,
}

MODEL = """\
Make the step ten times smaller, again and again. If only the step was too large, the loss falls as
soon as it is below 2 / L; with a wrong sign it rises at every step size, only more slowly. A loss
that falls proves little: half of the right gradient, a tenth of it, or one with entries missing
leads down, too. Only a comparison with finite differences tells."""

EXERCISES = {
    "03.1": FillIn("start step steps", draw_walk, walk, WALK),
    "03.2": FillIn("A theta", draw_quadratic, lambda A, theta: (A + A.T) @ theta, QUADRATIC),
    "03.3": FillIn("X y b", draw_mse, gradient_mse, MSE),
    "03.4": FillIn("kappa small", draw_steps, steps_needed, STEPS),
    "03.5": Explore("valley", {"kappa": 10.0, "step": 0.5}, best_step),
    "03.6": FillIn("X", draw_largest, largest_step, LARGEST),
    "03.7": FillIn("x y step steps", draw_line, walk_line, BROKEN, given=walk_broken),
    "03.8": FillIn("f gradient start steps", draw_armijo, descend_armijo, ARMIJO),
    "03.9": FillIn("x", draw_column, lambda x: (x - x.mean()) / x.std(), COLUMN, accept=one_step),
    "03.10": Explain(MODEL),
}
