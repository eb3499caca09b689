"""Exercises of notebook 01: linear regression."""

import numpy as np

from lecture_utils.exercises.draws import nice, normals
from lecture_utils.exercises.judge import Explain, Explore, FillIn

X4, Y4 = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0, 5.0])


def inputs_of(rng, n):
    """Draw n inputs that are not all equal."""
    return rng.permutation(np.arange(n) + rng.integers(-2, 3)).astype(float)


# 01.1 ------------------------------------------------------------------------------------------


def least_area(b0, b1, best):
    """Say what is missing until the area is next to the least."""
    if best:
        return "Without a look at the best line: take the tick out and try by hand."
    S = np.sum((Y4 - (b0 + b1 * X4)) ** 2)
    return "" if S <= 2.75 else f"The sum of the areas is {S:.2f}; at most 2.75 is asked for."


# 01.2 and 01.4 ---------------------------------------------------------------------------------


def draw_line_and_points(rng):
    """Draw b0, b1, x, y; first an example to be worked by hand."""
    inputs = [(0.0, 1.0, X4, Y4)]
    inputs += [(*nice(rng, 2), inputs_of(rng, n), nice(rng, n)) for n in (2, 3, 5)]
    return inputs + [normals(rng, (), (), n, n) for n in (7, 40)]


def loss(b0, b1, x, y):
    """Return the mean squared error."""
    return np.mean((y - (b0 + b1 * x)) ** 2)


LOSS = {
    "the sum; the mean is asked for: divide by n": ("np.mean", "np.sum"),
    "half the mean; nobody asked for the half": ("** 2)", "** 2) / 2"),
    "the squares are missing: residuals above and below cancel": (" ** 2", ""),
    "each residual is squared first, then comes the mean":
        ("np.mean((y - (b0 + b1 * x)) ** 2)", "np.mean(y - (b0 + b1 * x)) ** 2"),
    "the distances; square them": ("(y - (b0 + b1 * x)) ** 2", "abs(y - (b0 + b1 * x))"),
    "the root of the mean; the mean itself is asked for": ("** 2)", "** 2) ** 0.5"),
    "every point is compared with every prediction: the shapes (n,) and (n, 1) make (n, n)":
        ("(b0 + b1 * x)", "(b0 + b1 * x)[:, None]"),
    "the whole line is taken off, with its slope: y - (b0 + b1 * x), in parentheses":
        ("(b0 + b1 * x)", "b0 + b1 * x"),
    "slope and intercept are swapped: b0 + b1 * x": ("b0 + b1 * x", "b1 + b0 * x"),
    "the intercept is missing": ("b0 + b1 * x", "b1 * x"),
    "one square for each point; their mean is asked for": ("np.mean", ""),
}  # fmt: skip


def slopes(b0, b1, x, y):
    """Return both derivatives of the mean squared error."""
    r = y - (b0 + b1 * x)
    return -2 * np.mean(r), -2 * np.mean(x * r)


SLOPES = {
    "the sign: r = y - f falls when b rises": ("-2", "2"),
    "the 2 of the square is missing": ("-2 * ", "-"),
    "the 2 is missing, and the sign": ("-2 * ", ""),
    "the inner derivative x is missing in the second one": ("x * r", "r"),
    "the sum; these are derivatives of S, those of the mean are asked for": ("np.mean", "np.sum"),
    "the whole line is taken off, with its slope: y - (b0 + b1 * x), in parentheses":
        ("(b0 + b1 * x)", "b0 + b1 * x"),
    "the order: the derivative by b0 first":
        ("-2 * np.mean(r), -2 * np.mean(x * r)", "-2 * np.mean(x * r), -2 * np.mean(r)"),
    "x times the mean of r; x belongs into the mean": ("np.mean(x * r)", "np.mean(x) * np.mean(r)"),
}  # fmt: skip

# 01.3 ------------------------------------------------------------------------------------------


def draw_points(rng):
    """Draw x, y; first an example to be worked by hand."""
    inputs = [(X4, Y4)] + [(inputs_of(rng, n), rng.permutation(7)[:n] - 3.0) for n in (2, 3, 5)]
    return inputs + [(5 + rng.normal(size=n), rng.normal(size=n)) for n in (6, 40)]


def line_fit(x, y):
    """Return intercept and slope of least squares."""
    dx = x - x.mean()
    b1 = (dx * y).sum() / (dx**2).sum()
    return y.mean() - b1 * x.mean(), b1


LINE_FIT = {
    "np.cov divides by n - 1, x.var() by n: take both from the same":
        ("(dx**2).sum()", "x.var() / (len(x) - 1)"),
    "this is the slope of a line through the origin: subtract the means":
        [("x - x.mean()", "x"), ("x - x.mean()", "x", "y.mean() - b1 * x.mean()", "0.0")],
    "the quotient is upside down":
        ("(dx * y).sum() / (dx**2).sum()", "(dx**2).sum() / (dx * y).sum()"),
    "the sign in the intercept: mean of y minus slope times mean of x": ("- b1 *", "+ b1 *"),
    "the intercept is the mean of y only if the mean of x is 0": (" - b1 * x.mean()", ""),
}  # fmt: skip

# 01.5 ------------------------------------------------------------------------------------------


def draw_slip(rng):
    """Draw x, k, d; first examples to be worked by hand."""
    ten = np.arange(10.0)
    inputs = [(ten, 9, 30.0), (ten, 4, 30.0), (ten, 0, 30.0)]
    more = [(3 + rng.normal(size=n), int(rng.integers(n)), rng.normal()) for n in (3, 8, 30)]
    return inputs + more


def slope_change(x, k, d):
    """Return by how much the slope moves when y[k] rises by d."""
    dx = x - x.mean()
    return d * dx[k] / (dx**2).sum()


SLOPE_CHANGE = {
    "d / n: the point's place in x counts": ("dx[k] / (dx**2).sum()", "1 / len(x)"),
    "this is the fit through the origin: subtract the mean of x": ("x - x.mean()", "x"),
    "above, too, the mean of x is subtracted": ("dx[k]", "x[k]"),
    "below stands the sum of squares, not their mean": (".sum()", ".mean()"),
    "the size of the change; it has a sign": ("d * dx[k]", "abs(d * dx[k])"),
}

# 01.6 ------------------------------------------------------------------------------------------


def draw_many(rng):
    """Draw X, y; first an example to be worked by hand."""
    shapes = ((6, 2), (12, 3), (40, 5))
    return [(X4[:, None], Y4)] + [(2 + rng.normal(size=s), rng.normal(size=s[0])) for s in shapes]


def fit_all(X, y):
    """Return all weights, then the bias."""
    A = np.column_stack([X, np.ones(len(X))])
    return np.linalg.lstsq(A, y, rcond=None)[0]


FIT_ALL = {
    "the column of ones is missing": ("[X, np.ones(len(X))]", "[X]"),
    "the column of ones comes last: the bias is the last entry":
        ("[X, np.ones(len(X))]", "[np.ones(len(X)), X]"),
    "lstsq gives back four things; weights and bias are the first": ("[0]", ""),
    "the weights only; the bias comes behind them": ("[0]", "[0][:-1]"),
    "the shape (d + 1,) is asked for, not a column": ("[0]", "[0][:, None]"),
}  # fmt: skip

# 01.7 ------------------------------------------------------------------------------------------


def draw_predictions(rng):
    """Draw X, y, theta; first an example to be worked by hand."""
    inputs = [(X4[:, None], Y4, np.array([1.0, 0.0]))]
    return inputs + [normals(rng, (n, d), n, d + 1) for n, d in ((3, 1), (5, 3), (30, 2))]


def rmse(X, y, theta):
    """Return the root of the mean squared error."""
    A = np.column_stack([X, np.ones(len(X))])
    prediction = A @ theta
    return np.sqrt(np.mean((y - prediction) ** 2))


RMSE_BUG = {
    "(n,) minus (n, 1) is (n, n): each point with each prediction": ("@ theta", "@ theta[:, None]")
}
RMSE = {
    "the shapes are right now, the root is missing": ("np.sqrt", ""),
    "the sum; the mean is asked for": ("np.mean", "np.sum"),
    "the column of ones is missing; the bias is theta[-1]": ("A @ theta", "X @ theta[:-1]"),
    "one number for each sample; their mean is asked for": ("np.mean", ""),
    "divide by n, not by n - 2": ("** 2)", "** 2) * len(y) / (len(y) - 2)"),
}  # fmt: skip

# 01.8 ------------------------------------------------------------------------------------------


def draw_measured(rng):
    """Draw y, f; first an example to be worked by hand, one worse than the mean."""
    inputs = [(Y4, 1.1 + 1.1 * X4), (Y4, Y4[::-1].copy()), (Y4, Y4)]
    for n in (3, 8, 40):
        y = 4 + rng.normal(size=n)
        inputs.append((y, y + 0.5 * rng.normal(size=n)))
    return inputs


def r_squared(y, f):
    """Return one minus the residuals' squares over those around the mean."""
    return 1 - ((y - f) ** 2).sum() / ((y - y.mean()) ** 2).sum()


R_SQUARED = {
    "below stand the squares around the mean of y, not those of y": ("(y - y.mean())", "y"),
    "one minus is missing": ("1 - ", ""),
    "the quotient is upside down": ("(y - f)", "(y - y.mean())", "/ ((y - y.mean())", "/ ((y - f)"),
    "below stand the squares of y around its mean, not of f": ("y - y.mean()", "f - f.mean()"),
    "a sum above and a mean below": ("((y - y.mean()) ** 2).sum()", "y.var()"),
    "this is the squared correlation; a constant error goes unseen by it":
        lambda y, f: np.corrcoef(y, f)[0, 1] ** 2,
    "negative values are right: worse than the mean": lambda y, f: max(0.0, r_squared(y, f)),
}  # fmt: skip

# 01.10 -----------------------------------------------------------------------------------------


def draw_levers(rng):
    """Draw x; first an example to be worked by hand."""
    return [(X4,)] + [(inputs_of(rng, n),) for n in (2, 5)] + [(3 + rng.normal(size=20),)]


def power(x):
    """Return for each point by how much the line there rises when it rises by 1."""
    dx = x - x.mean()
    return 1 / len(x) + dx**2 / (dx**2).sum()


POWER = {
    "the line turns, and it also rises as a whole, as the mean of y does": ("1 / len(x) + ", ""),
    "the line rises as a whole, and it also turns about the middle": ("+ dx**2", "+ 0 * dx**2"),
    "the slope moves by dx / Sxx; at x the line then moves by dx times that": ("+ dx**2", "+ dx"),
    "the line turns about the mean of x, not about 0": ("+ dx**2", "+ x * dx"),
    "this is the line through the origin": ("x - x.mean()", "x", "1 / len(x) + ", ""),
}

# 01.11 -----------------------------------------------------------------------------------------


def draw_copies(rng):
    """Draw x, y, times; first an example to be worked by hand, then parts of a point, too."""
    inputs = [(X4, Y4, np.array([1.0, 1.0, 1.0, 3.0]))]
    return inputs + [(inputs_of(rng, n), *normals(rng, n), rng.uniform(0.5, 4, n)) for n in (3, 30)]


def weighted(x, y, times):
    """Return intercept and slope of least squares when point i counts times[i] times."""
    middle, height = (times * x).sum() / times.sum(), (times * y).sum() / times.sum()
    dx = x - middle
    b1 = (times * dx * y).sum() / (times * dx**2).sum()
    return height - b1 * middle, b1


WEIGHTED = {
    "the means count copies, too: sum of times * x over the sum of times":
        ("(times * x).sum() / times.sum(), (times * y).sum() / times.sum()", "x.mean(), y.mean()"),
    "`times` is not used: each point counts once": lambda x, y, times: line_fit(x, y),
    "squared residuals count `times` times, so rows of A and y take its root":
        lambda x, y, times: weighted(x, y, times**2),
    "the order: intercept first, then slope":
        ("height - b1 * middle, b1", "b1, height - b1 * middle"),
    "`times` is missing below": ("(times * dx**2)", "(dx**2)"),
}  # fmt: skip

MODEL = """\
No, probably heavier, by about 369 g: that is the slope among Gentoos alone. The negative slope over
all birds compares species: Gentoos are heavy and have shallow bills. A line answers only for birds
that differ in the same way as those to which it was fitted."""

EXERCISES = {
    "01.1": Explore("squares", {"b0": 0.0, "b1": 1.0, "best": False}, least_area),
    "01.2": FillIn(draw_line_and_points, loss, LOSS),
    "01.3": FillIn(draw_points, line_fit, LINE_FIT),
    "01.4": FillIn(draw_line_and_points, slopes, SLOPES),
    "01.5": FillIn(draw_slip, slope_change, SLOPE_CHANGE),
    "01.6": FillIn(draw_many, fit_all, FIT_ALL),
    "01.7": FillIn(draw_predictions, rmse, RMSE, RMSE_BUG),
    "01.8": FillIn(draw_measured, r_squared, R_SQUARED),
    "01.9": Explain(MODEL),
    "01.10": FillIn(draw_levers, power, POWER),
    "01.11": FillIn(draw_copies, weighted, WEIGHTED),
}
