"""Exercises of notebook 03: gradient descent."""

from functools import cache

import numpy as np

from lecture_utils.exercises.comparing import as_numbers, precision
from lecture_utils.exercises.draws import nice, normals
from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.numbers.datasets import penguins_xy


def data(rng, n, p):
    """Draw A, its last column all ones, and y."""
    A, y = normals(rng, (n, p), n)
    A[:, -1] = 1.0
    return A, y


# 03.1 ------------------------------------------------------------------------------------------


def draw_walk(rng):
    """Draw start, step, steps."""
    inputs = [(0.0, 0.1, 3), (5.0, 0.25, 2), (0.0, 0.1, 0), (3.0, 0.4, 1), (0.0, 1.2, 4)]
    return inputs + [(rng.normal(), rng.uniform(0.01, 0.9), int(rng.integers(1, 9)))
                     for _ in range(6)]  # fmt: skip


def walk(start, step, steps):
    """Walk down (theta - 3)**2; return all points."""
    points = [start]
    for _ in range(steps):
        points.append(points[-1] - step * 2 * (points[-1] - 3))
    return np.array(points)


WALK = {
    "the sign: plus the slope leads up": ("- step", "+ step"),
    "the 2 is missing: the slope of (theta - 3)**2 is 2 * (theta - 3)": ("step * 2", "step"),
    "the 2 multiplies the 3, too: 2 * (theta - 3) is 2 * theta - 6":
        ("2 * (points[-1] - 3)", "(2 * points[-1] - 3)"),
    "the start is missing: the first entry is the start": ("(points)", "(points[1:])"),
    "one point too few: a loop of `steps` turns, and the start": ("(points)", "(points[:-1])"),
    "one point too many": ("range(steps)", "range(steps + 1)"),
    "the last point only; all of them are asked for": ("(points)", "(points[-1])"),
    "the slope is always that of the start": ("(points[-1] - 3)", "(start - 3)"),
    "this takes off the loss; its slope is 2 * (theta - 3)":
        ("2 * (points[-1] - 3)", "(points[-1] - 3) ** 2"),
    "the 3 is missing: this walks down theta**2": ("(points[-1] - 3)", "points[-1]"),
}  # fmt: skip

# 03.2 ------------------------------------------------------------------------------------------


def draw_quadratic(rng):
    """Draw Q, theta; Q is not symmetric, else nobody is caught."""
    inputs = [(np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([1.0, -1.0])),
              (np.array([[2.0]]), np.array([3.0]))]  # fmt: skip
    return inputs + [(rng.normal(size=(p, p)), rng.normal(size=p)) for p in (2, 3, 4, 7)]


def gradient(Q, theta):
    """Return the gradient of theta' Q theta."""
    return (Q + Q.T) @ theta


QUADRATIC = {
    "2 Q theta is right only for a symmetric Q": ("(Q + Q.T)", "2 * Q"),
    "2 Q' theta is right only for a symmetric Q": ("(Q + Q.T)", "2 * Q.T"),
    "Q theta: theta_k occurs twice, as first and as second factor": ("(Q + Q.T)", "Q"),
    "Q' theta: theta_k occurs twice, as first and as second factor": ("(Q + Q.T)", "Q.T"),
    "half of it: no 1/2 stands before this form": ("@ theta", "@ theta / 2"),
    "twice too much": ("@ theta", "@ theta * 2"),
    "* multiplies entry by entry; a product with a matrix is @": ("@", "*"),
    "this is the form itself, not its gradient": ("(Q + Q.T)", "theta @ Q"),
}

# 03.3 ------------------------------------------------------------------------------------------


def draw_mse(rng):
    """Draw A, y, theta: at first square, where a forgotten transpose has the right shape."""
    line = np.column_stack([np.arange(5.0), np.ones(5)])
    inputs = [(np.array([[2.0, 1.0], [-1.0, 1.0]]), np.array([1.0, 3.0]), np.array([1.0, 1.0])),
              (line, np.array([1.0, 3.0, 2.0, 5.0, 4.0]), np.zeros(2)),
              (np.ones((3, 1)), nice(rng, 3), nice(rng, 1))]  # fmt: skip
    return inputs + [(*data(rng, n, p), rng.normal(size=p)) for n, p in ((6, 3), (3, 6), (40, 5))]


def gradient_mse(A, y, theta):
    """Return the gradient of the mean squared error."""
    return -2 * A.T @ (y - A @ theta) / len(y)


MSE = {
    "the sum over the samples; divide by their number": (" / len(y)", ""),
    "A @ r instead of A.T @ r: only a square A lets it pass": ("A.T @", "A @"),
    "the 2 is missing": ("-2 * ", "-"),
    "divide by the number of samples, not of columns": ("len(y)", "len(theta)"),
    "this is the gradient at theta = 0; A @ theta is missing": ("(y - A @ theta)", "y"),
    "the transposed A is missing: these are the residuals": ("A.T @ ", ""),
    "a column of shape (p, 1) instead of (p,)": ("(y - A @ theta)", "(y - A @ theta)[:, None]"),
    "this is the loss, not its gradient": lambda A, y, theta: np.mean((y - A @ theta) ** 2),
}

# 03.4 ------------------------------------------------------------------------------------------


def draw_steps(rng):
    """Draw kappa, small: a whole quotient, and others that no rounding takes over a whole one."""
    inputs = [(10.0, 1e-6), (100.0, 1e-6), (1.5, 0.1), (2.0, 0.3), (2.0, 0.125), (1e6, 1e-3)]
    for _ in range(8):
        kappa, small = 1 + 10 ** rng.uniform(-1, 4), 10 ** rng.uniform(-9, -0.5)
        whole = np.floor(np.log(small) / np.log(1 - 1 / kappa))
        inputs.append((kappa, (1 - 1 / kappa) ** (whole + rng.uniform(0.1, 0.9))))
    return inputs


def steps_needed(kappa, small):
    """Return the smallest k with (1 - 1 / kappa)**k <= small."""
    ratio = np.log(small) / np.log(1 - 1 / kappa)
    return int(np.ceil(ratio))


STEPS = {
    "the minus in 1 - 1 / kappa is lost; a number of steps is not negative": ("1 - 1", "1 + 1"),
    "rounded down: that is one step too few": ("np.ceil(ratio)", "ratio"),
    "rounded to the nearest; the smallest number that is enough is rounded up": ("ceil", "round"),
    "rounded down, and one more: where the quotient is whole, that is one step too many":
        ("np.ceil(ratio)", "ratio + 1"),
    "not a whole number yet": ("int(np.ceil(ratio))", "ratio"),
    "this is for the best step, with the factor (kappa - 1) / (kappa + 1)":
        ("1 - 1 / kappa", "(kappa - 1) / (kappa + 1)"),
    "both logarithms must have the same base": ("np.log(small)", "np.log10(small)"),
    "one step too many": ("np.ceil(ratio)", "np.ceil(ratio) + 1"),
    "kappa times ln(1 / small) is only near it; take the logarithm of 1 - 1 / kappa":
        ("np.ceil(ratio)", "np.ceil(-kappa * np.log(small))"),
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
    """Draw A; never 4 samples, where two slips look alike."""
    line = np.column_stack([np.arange(5.0), np.ones(5)])
    drawn = (data(rng, n, p)[0] for n, p in ((7, 3), (6, 4), (30, 6), (9, 2)))
    return [(A,) for A in (line, 10 * line, np.diag([1.0, 3.0]), *drawn)]


def largest_step(A):
    """Return the limit of the step for the mean squared error."""
    H = 2 * A.T @ A / len(A)
    return 2 / np.linalg.eigvalsh(H)[-1]


LARGEST = {
    "this is 1 over the largest curvature, the safe step; the limit is twice that":
        ("return 2", "return 1"),
    "the Hessian has a factor 2": ("2 * A.T", "A.T"),
    "the Hessian of a mean is divided by n": (" / len(A)", ""),
    "this is the largest eigenvalue itself": ("2 / np", "np"),
    "the smallest eigenvalue; the largest sets the limit": ("[-1]", "[0]"),
    "eigvals gives them in no order; take the largest": ("eigvalsh(H)[-1]", "eigvals(H)[0]"),
    "the trace is the sum of all eigenvalues": ("[-1]", ".sum()"),
    "the Frobenius norm is near the largest eigenvalue, but not it": ("eigvalsh(H)[-1]", "norm(H)"),
    "singular values of A must be squared":
        ("np.linalg.eigvalsh(H)[-1]", "(2 * np.linalg.norm(A, 2) / len(A))"),
    "this is the best step, 2 / (largest + smallest)": ("[-1]", "[[0, -1]].sum()"),
}  # fmt: skip

# 03.7 ------------------------------------------------------------------------------------------


def draw_line(rng):
    """Draw x, y, step, steps."""
    inputs = [(np.arange(4.0), np.array([1.0, 3.0, 2.0, 5.0]), 0.1, 2)]
    return inputs + [(rng.normal(size=n), rng.normal(size=n), rng.uniform(0.01, 0.3), 4)
                     for n in (3, 7, 20)]  # fmt: skip


def walk_broken(x, y, step, steps):
    """Walk down the mean squared error of a line, from zero; return all points."""
    theta = np.zeros(2)
    path = [theta.copy()]
    for _ in range(steps):
        r = theta[0] * x + theta[1] - y
        theta[0] -= step * 2 * (r * x).mean()
        theta[1] -= step * 2 * r.mean()
        path.append(theta.copy())
    return np.array(path)


WALK_BUGS = {
    "the gradient is mended; but all rows are the same array, changed in place":
        ("theta.copy()", "theta"),
    "the rows are mended; but the slope of b still sees the w that has moved already":
        ("        r = theta[0] * x + theta[1] - y\n", "",
         "r.mean()", "(theta[0] * x + theta[1] - y).mean()",
         "(r * x)", "((theta[0] * x + theta[1] - y) * x)"),
}  # fmt: skip
BROKEN = {
    "the first row is still the array that is changed: copy the start, too":
        ("[theta.copy()]", "[theta]"),
    "the sum instead of the mean of the samples": ("mean()", "sum()"),
    "the 2 is lost: this walks down half the loss": ("step * 2", "step"),
    "the sign: this walks up": ("-=", "+="),
    "the slope of w has a factor x": ("(r * x)", "r"),
    "the start is missing": ("np.array(path)", "np.array(path[1:])"),
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
    """Draw loss, gradient, start, steps."""
    inputs = []
    for bends, centre, steps in (([1.0], [2.0], 2), ([0.04], [1.0], 1), ([1.0, 4.0], [0.0, 0.0], 2),
                                 ([0.3, 7.0], [1.0, -1.0], 3),
                                 ([0.05, 1.0], [0.0, 1.0], 4)):  # fmt: skip
        start = np.array(centre) + 3.0 * np.arange(1, len(bends) + 1)
        inputs.append((Valley(bends, centre), Slope(bends, centre), start, steps))
    inputs.append((Valley([1.0], [2.0]), Slope([1.0], [2.0]), np.array([2.0]), 1))  # the bottom
    for p in (2, 3, 5):
        bends, centre = 10 ** rng.uniform(-2, 1.5, p), rng.normal(size=p)
        inputs.append((Valley(bends, centre), Slope(bends, centre), rng.normal(size=p) * 3, 5))
    return inputs


def descend_armijo(loss, gradient, start, steps):
    """Walk down the loss with backtracking; return all points."""
    theta = np.array(start, dtype=float)
    path = [theta]
    for _ in range(steps):
        g, step = gradient(theta), 10.0
        while loss(theta - step * g) > loss(theta) - 0.5 * step * (g @ g):
            step = step / 2
        theta = theta - step * g
        path.append(theta)
    return np.array(path)


ARMIJO = {
    "that the loss falls is not enough: by half of the promise": (" - 0.5 * step * (g @ g)", ""),
    "the step must begin at 10 again in every step":
        ("g, step = gradient(theta), 10.0", "g = gradient(theta)", "path =", "step, path = 10.0,"),
    "the length of g is not squared in the promise": ("(g @ g)", "np.linalg.norm(g)"),
    "the 1/2 before the promise is missing": ("0.5 * ", ""),
    "halve as long as it is too large: while, not if": ("while", "if"),
    "halve the step; you divide it by 10": ("step / 2", "step / 10"),
    "the first try is 10, not 1": ("10.0", "1.0"),
    "the start is missing: row 0 is the start": ("(path)", "(path[1:])"),
    "the last point only; all of them are asked for": ("np.array(path)", "theta"),
    "all rows are one array: -= changes it in place": ("theta = theta -", "theta -="),
}  # fmt: skip

# 03.9 ------------------------------------------------------------------------------------------


def draw_column(rng):
    """Draw columns of measures, the penguins' flippers first."""
    sizes = rng.integers(5, 40, 6)
    return [(penguins_xy()[0],)] + [(rng.normal(rng.uniform(-50, 50), rng.uniform(0.1, 20), n),)
                                    for n in sizes]  # fmt: skip


def one_step(column, x):
    """Say what is wrong with a column; the empty string if one step is enough."""
    column = as_numbers(column)
    if column is None or column.shape != x.shape:
        return f"give back numbers, one a measure: shape {x.shape}"
    lost = 1 + np.abs(x).max() / x.std()  # digits, where the mean is taken off
    exact, column = lost * precision(column), column.astype(float)
    if not np.isfinite(column).all() or np.ptp(column) == 0:
        return "the column must hold finite numbers, not all the same"
    spread = np.corrcoef(column, x)[0, 1]
    if abs(spread) < 1 - exact:
        return "this is not x with another zero and another unit: other lines than before"
    A = np.column_stack([column, np.ones(len(x))])
    small, large = np.linalg.eigvalsh(2 * A.T @ A / len(x))
    kappa = large / max(small, 1e-300)
    if kappa < 1 + exact:
        return ""
    steps = np.ceil(np.log(1e-3) / np.log((kappa - 1) / (kappa + 1)))
    return (f"the condition number must be 1, got {kappa:,.10g}; with the best step it takes about "
            f"{steps:,.3g} steps to a thousandth{_why(column, exact)}")  # fmt: skip


def _why(column, exact):
    """Name the reason for a long valley."""
    if abs(column.mean()) > exact * np.abs(column).max():
        return "; the mean of the column is not 0 yet"
    if np.isclose(column.std(ddof=1), 1):
        return "; divide by the root of the mean square, with n, not n - 1"
    return "; the mean of its squares is not 1 yet"


def prepare(x):
    """Standardise a column."""
    return (x - x.mean()) / x.std()


COLUMN = {
    "the mean of the column is not 0 yet": ("(x - x.mean()) / x.std()", "x"),
    "the mean of its squares is not 1 yet": (" / x.std()", ""),
    "with n, not n - 1": ("std()", "std(ddof=1)"),
    "this is not x with another zero": ("(x - x.mean()) / x.std()", "x**3"),
    "give back numbers, one a measure": ("(x - x.mean())", "(x - x.mean())[:, None]"),
    "finite numbers, not all the same": ("(x - x.mean())", "0 * x"),
}

# 03.11 -----------------------------------------------------------------------------------------


def draw_seen(rng):
    """Draw three points of a walk in a valley along the axes, and the step that was taken."""
    inputs = [(np.array([[4.0, 1.0], [3.0, -1.0], [2.5, 0.0]]), 0.5)]
    for p in (1, 2, 3, 6):
        bends, centre, start = *rng.uniform(0.2, 4, (1, p)), *rng.normal(size=(2, p))
        step = rng.uniform(0.1, 0.4)
        powers = (1 - step * bends) ** np.arange(3)[:, None]
        inputs.append((centre + 3 * powers * start, step))
    return inputs


def limit(path, step):
    """Return the step from which on a walk in this valley diverges."""
    moves = np.diff(path, axis=0)
    bends = (1 - moves[1] / moves[0]) / step
    return 2 / bends.max()


LIMIT = {
    "the bottom need not be at 0: compare moves, not places":
        ("moves[1] / moves[0]", "path[1] / path[0]"),
    "a move may change its sign: then it jumped over the bottom":
        ("moves[1] / moves[0]", "abs(moves[1] / moves[0])"),
    "each coordinate has a factor of its own":
        ("moves[1] / moves[0]", "np.linalg.norm(moves[1]) / np.linalg.norm(moves[0])"),
    "the quotient is upside down: the later move over the earlier one":
        ("moves[1] / moves[0]", "moves[0] / moves[1]"),
    "the largest curvature sets the limit, not the smallest": ("max", "min"),
    "this is 1 over the largest curvature; the limit is twice that": ("return 2", "return 1"),
    "1 minus the factor is step times curvature; divide by the step": (" / step", ""),
    "this is the largest curvature itself": ("2 / bends", "bends"),
}  # fmt: skip

# 03.12 -----------------------------------------------------------------------------------------


def draw_designs(rng):
    """Draw A."""
    line = np.column_stack([np.arange(4.0), np.ones(4)])
    return [(line,)] + [(data(rng, *size)[0],) for size in ((3, 2), (7, 3), (30, 4), (9, 2))]


def steps_home(A):
    """Return the steps with which a walk is at the minimum, the shortest first."""
    bends = np.linalg.eigvalsh(2 * A.T @ A / len(A))
    return 1 / bends[::-1]


HOME = {
    "twice too long: 1 over a curvature lands, and the Hessian has a factor 2":
        ("1 / bends", "2 / bends"),
    "the shortest step first": ("[::-1]", ""),
    "these are the curvatures; a step that lands is 1 over one": ("1 / bends[::-1]", "bends"),
    "the Hessian of a mean is divided by n": (" / len(A)", ""),
    "this is the best fixed step; here each step may have a length of its own":
        ("1 / bends[::-1]", "np.full(len(bends), 2 / (bends[0] + bends[-1]))"),
    "singular values of A must be squared":
        ("np.linalg.eigvalsh(2 * A.T @ A / len(A))", "np.linalg.svd(A)[1][::-1] * 2 / len(A)"),
}  # fmt: skip

MODEL = """\
Make the step ten times smaller, again and again. If only the step was too large, the loss falls as
soon as it is below the limit; with a wrong sign it rises at every step size, only more slowly. A
loss that falls proves little: half of the right gradient, a tenth of it, or one with entries
missing leads down, too. Only a comparison with finite differences tells."""

EXERCISES = {
    "03.1": FillIn(draw_walk, walk, WALK),
    "03.2": FillIn(draw_quadratic, gradient, QUADRATIC),
    "03.3": FillIn(draw_mse, gradient_mse, MSE),
    "03.4": FillIn(draw_steps, steps_needed, STEPS),
    "03.5": Explore("valley", {"kappa": 10.0, "step": 0.5}, best_step),
    "03.6": FillIn(draw_largest, largest_step, LARGEST),
    "03.7": FillIn(draw_line, walk_broken, BROKEN, WALK_BUGS),
    "03.8": FillIn(draw_armijo, descend_armijo, ARMIJO),
    "03.9": FillIn(draw_column, prepare, COLUMN, accept=one_step),
    "03.10": Explain(MODEL),
    "03.11": FillIn(draw_seen, limit, LIMIT),
    "03.12": FillIn(draw_designs, steps_home, HOME),
}
