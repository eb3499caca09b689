"""Exercises of notebook 01: linear regression."""

import numpy as np

from lecture_utils.exercises.judge import Explain, Explore, FillIn

X4, Y4 = np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0, 5.0])


def nice(rng, *shape):
    """Draw small whole numbers, as floats: easy to follow by hand."""
    return rng.integers(-3, 4, shape).astype(float)


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
    return inputs + [(*rng.normal(size=2), rng.normal(size=n), rng.normal(size=n)) for n in (7, 40)]


def _left(b0, b1, x, y):
    return y - (b0 + b1 * x)


def loss(b0, b1, x, y):
    """Return the mean squared error."""
    return np.mean(_left(b0, b1, x, y) ** 2)


LOSS = {
    "the sum; the mean is asked for: divide by n": lambda *a: np.sum(_left(*a) ** 2),
    "half the mean; nobody asked for the half": lambda *a: np.mean(_left(*a) ** 2) / 2,
    "the squares are missing: residuals above and below cancel": lambda *a: np.mean(_left(*a)),
    "the distances; their squares are asked for": lambda *a: np.mean(np.abs(_left(*a))),
    "the root of the mean; the mean itself is asked for":
        lambda *a: np.sqrt(np.mean(_left(*a) ** 2)),
    "the mean comes last: square first": lambda *a: np.mean(_left(*a)) ** 2,
    "every point is compared with every prediction: the shapes (n,) and (n, 1) make (n, n)":
        lambda b0, b1, x, y: np.mean((y - (b0 + b1 * x)[:, None]) ** 2),
    "slope and intercept are swapped: b0 + b1 * x": lambda b0, b1, x, y: loss(b1, b0, x, y),
    "the intercept is missing": lambda b0, b1, x, y: loss(0.0, b1, x, y),
    "one square for each point; their mean is asked for": lambda *a: _left(*a) ** 2,
}  # fmt: skip


def slopes(b0, b1, x, y):
    """Return both derivatives of the mean squared error."""
    r = _left(b0, b1, x, y)
    return -2 * np.mean(r), -2 * np.mean(x * r)


def _slopes(factor, of_x=True, together=np.mean):
    """Make wrong `slopes` of a wrong factor, of a missing x, of a sum."""

    def wrong(b0, b1, x, y):
        r = _left(b0, b1, x, y)
        return factor * together(r), factor * together(x * r if of_x else r)

    return wrong


SLOPES = {
    "the sign: r = y - f falls when b rises": _slopes(2),
    "the 2 of the square is missing": _slopes(-1),
    "the 2 is missing, and the sign": _slopes(1),
    "the inner derivative x is missing in the second one": _slopes(-2, of_x=False),
    "the sum; these are derivatives of S, those of the mean L are asked for":
        _slopes(-2, together=np.sum),
    "the order: the derivative by b0 first": lambda *a: slopes(*a)[::-1],
    "x times the mean of r; x belongs into the mean":
        lambda b0, b1, x, y: (slopes(b0, b1, x, y)[0],
                              -2 * np.mean(x) * np.mean(_left(b0, b1, x, y))),
}  # fmt: skip

# 01.3 ------------------------------------------------------------------------------------------


def draw_points(rng):
    """Draw x, y; first an example to be worked by hand."""
    inputs = [(X4, Y4)] + [(inputs_of(rng, n), nice(rng, n)) for n in (2, 3, 5)]
    return inputs + [(5 + rng.normal(size=n), rng.normal(size=n)) for n in (6, 40)]


def line_fit(x, y):
    """Return intercept and slope of least squares."""
    dx = x - x.mean()
    b1 = (dx * y).sum() / (dx**2).sum()
    return y.mean() - b1 * x.mean(), b1


def _with_slope(slope):
    """Make a wrong `line_fit` of a wrong slope."""
    return lambda x, y: (y.mean() - slope(x, y) * x.mean(), slope(x, y))


def _sxy(x, y):
    return ((x - x.mean()) * (y - y.mean())).sum()


LINE_FIT = {
    "np.cov divides by n - 1, x.var() by n: take both from the same":
        _with_slope(lambda x, y: _sxy(x, y) / (len(x) - 1) / x.var()),
    "this is the line through the origin: subtract the means":
        _with_slope(lambda x, y: (x * y).sum() / (x**2).sum()),
    "this is the slope through the origin, and its intercept 0":
        lambda x, y: (0.0, (x * y).sum() / (x**2).sum()),
    "you divide by the spread of y; that of x stands below":
        _with_slope(lambda x, y: _sxy(x, y) / ((y - y.mean()) ** 2).sum()),
    "the quotient is upside down":
        _with_slope(lambda x, y: ((x - x.mean()) ** 2).sum() / _sxy(x, y)),
    "this is the correlation; divide by the spread of x only":
        _with_slope(lambda x, y: _sxy(x, y) / len(x) / x.std() / y.std()),
    "the sign in the intercept: mean of y minus slope times mean of x":
        lambda x, y: (y.mean() + line_fit(x, y)[1] * x.mean(), line_fit(x, y)[1]),
    "the intercept is the mean of y only if the mean of x is 0":
        lambda x, y: (y.mean(), line_fit(x, y)[1]),
    "the order: intercept first, then slope (np.polyfit gives them the other way round)":
        lambda x, y: line_fit(x, y)[::-1],
}  # fmt: skip

# 01.5 ------------------------------------------------------------------------------------------


def draw_slip(rng):
    """Draw x, k, d; first examples to be worked by hand."""
    ten = np.arange(10.0)
    inputs = [(ten, 9, 30.0), (ten, 4, 30.0), (ten, 0, 30.0)]
    return inputs + [
        (3 + rng.normal(size=n), int(rng.integers(n)), rng.normal()) for n in (3, 8, 30)
    ]


def slope_change(x, k, d):
    """Return by how much the slope moves when y[k] rises by d."""
    dx = x - x.mean()
    return d * dx[k] / (dx**2).sum()


SLOPE_CHANGE = {
    "d / n: the point's place in x counts": lambda x, k, d: d / len(x),
    "this is the fit through the origin: subtract the mean of x":
        lambda x, k, d: d * x[k] / (x**2).sum(),
    "above, too, the mean of x is subtracted":
        lambda x, k, d: d * x[k] / ((x - x.mean()) ** 2).sum(),
    "below stands the sum of squares, not their mean":
        lambda x, k, d: d * (x - x.mean())[k] / x.var(),
    "the size of the change; it has a sign": lambda x, k, d: abs(slope_change(x, k, d)),
    "d is missing": lambda x, k, d: slope_change(x, k, 1.0),
    "the square of the lever; d times (x_k - mean) / S_xx":
        lambda x, k, d: d * (x - x.mean())[k] ** 2 / ((x - x.mean()) ** 2).sum(),
}  # fmt: skip

# 01.6 ------------------------------------------------------------------------------------------


def draw_many(rng):
    """Draw X, y; first an example to be worked by hand."""
    shapes = ((6, 2), (12, 3), (40, 5))
    return [(X4[:, None], Y4)] + [(2 + rng.normal(size=s), rng.normal(size=s[0])) for s in shapes]


def _ones(X):
    return np.column_stack([np.ones(len(X)), X])


def fit_all(X, y):
    """Return all coefficients, the intercept first."""
    return np.linalg.lstsq(_ones(X), y, rcond=None)[0]


def _twice(X, y):
    return np.linalg.lstsq(np.column_stack([np.ones(len(X)), _ones(X)]), y, rcond=None)[0]


FIT_ALL = {
    "the column of ones is missing": lambda X, y: np.linalg.lstsq(X, y, rcond=None)[0],
    "the column of ones comes first: the intercept is the first coefficient":
        lambda X, y: np.roll(fit_all(X, y), -1),
    "the column of ones stands there twice; the intercept is shared out": _twice,
    "lstsq gives back four things; the coefficients are the first":
        lambda X, y: np.linalg.lstsq(_ones(X), y, rcond=None),
    "these are the predictions; the coefficients are asked for":
        lambda X, y: _ones(X) @ fit_all(X, y),
    "the slopes only; the intercept comes first": lambda X, y: fit_all(X, y)[1:],
    "the shape (d + 1,) is asked for, not a column":
        lambda X, y: fit_all(X, y)[:, None],
}  # fmt: skip

# 01.7 ------------------------------------------------------------------------------------------


def draw_predictions(rng):
    """Draw X, y, b; first an example to be worked by hand."""
    inputs = [(X4[:, None], Y4, np.array([0.0, 1.0]))]
    return inputs + [(rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d + 1))
                     for n, d in ((3, 1), (5, 3), (30, 2))]  # fmt: skip


def root_mean_square(X, y, b):
    """Return the root of the mean squared error."""
    return np.sqrt(np.mean((y - _ones(X) @ b) ** 2))


def rmse(X, y, b):
    A = np.column_stack([np.ones(len(X)), X])
    prediction = A @ b[:, None]
    return np.sqrt(np.mean((y - prediction) ** 2))


RMSE = {
    "the shapes are right now, the root is missing":
        lambda X, y, b: np.mean((y - _ones(X) @ b) ** 2),
    "the sum; the mean is asked for": lambda X, y, b: np.sqrt(np.sum((y - _ones(X) @ b) ** 2)),
    "the column of ones is missing; the intercept is b[0]":
        lambda X, y, b: np.sqrt(np.mean((y - X @ b[1:]) ** 2)),
    "one number for each sample; their mean is asked for":
        lambda X, y, b: np.abs(y - _ones(X) @ b),
    "divide by n, not by n - 2":
        lambda X, y, b: np.sqrt(np.sum((y - _ones(X) @ b) ** 2) / (len(y) - 2)),
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
    "below stand the squares around the mean of y, not those of y":
        lambda y, f: 1 - ((y - f) ** 2).sum() / (y**2).sum(),
    "one minus is missing": lambda y, f: ((y - f) ** 2).sum() / ((y - y.mean()) ** 2).sum(),
    "the quotient is upside down":
        lambda y, f: 1 - ((y - y.mean()) ** 2).sum() / ((y - f) ** 2).sum(),
    "below stand the squares of y around its mean, not those of f":
        lambda y, f: 1 - ((y - f) ** 2).sum() / ((f - f.mean()) ** 2).sum(),
    "a sum above and a mean below": lambda y, f: 1 - ((y - f) ** 2).sum() / y.var(),
    "this is the correlation; R^2 compares with the mean of y":
        lambda y, f: np.corrcoef(y, f)[0, 1],
    "this is the squared correlation; a constant error goes unseen by it":
        lambda y, f: np.corrcoef(y, f)[0, 1] ** 2,
    "negative values are right: worse than the mean": lambda y, f: max(0.0, r_squared(y, f)),
}  # fmt: skip

MODEL = """\
No, probably heavier, by about 369 g: that is the slope among Gentoos alone. The negative slope over
all birds compares species: Gentoos are heavy and have flat bills. A line answers only for birds
that differ in the same way as those to which it was fitted."""

EXERCISES = {
    "01.1": Explore("squares", {"b0": 0.0, "b1": 1.0, "best": False}, least_area),
    "01.2": FillIn("b0 b1 x y", draw_line_and_points, loss, LOSS),
    "01.3": FillIn("x y", draw_points, line_fit, LINE_FIT),
    "01.4": FillIn("b0 b1 x y", draw_line_and_points, slopes, SLOPES),
    "01.5": FillIn("x k d", draw_slip, slope_change, SLOPE_CHANGE),
    "01.6": FillIn("X y", draw_many, fit_all, FIT_ALL),
    "01.7": FillIn("X y b", draw_predictions, root_mean_square, RMSE, given=rmse),
    "01.8": FillIn("y f", draw_measured, r_squared, R_SQUARED),
    "01.9": Explain(MODEL),
}
