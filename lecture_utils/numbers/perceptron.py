"""The perceptron (Rosenblatt 1958): correct the weights on a mistake, else leave them."""

from dataclasses import dataclass

import numpy as np

from lecture_utils.numbers.arguments import MOST, positive, refuse, whole
from lecture_utils.numbers.arrays import finite, holding, quiet
from lecture_utils.numbers.records import Record


@dataclass(frozen=True, eq=False)
class Trajectory(Record):
    """What a perceptron went through, one row a sample seen.

    Attributes
    ----------
    weights : ndarray of shape (t + 1, d)
        Row i holds the weights before sample i was seen; the last row the final ones.
    bias : ndarray of shape (t + 1,)
        The same for the bias.
    predictions : ndarray of shape (t,)
        ``sign(w'x + b)`` of each sample when it was seen: -1.0, +1.0, or 0.0 on the line itself.
    mistakes : ndarray of shape (t,), bool
        Where the prediction was not the label. 0.0 is never a label, so it is a mistake.
    """

    weights: np.ndarray
    bias: np.ndarray
    predictions: np.ndarray
    mistakes: np.ndarray

    def __repr__(self):
        w = ", ".join(f"{value:.6g}" for value in self.weights[-1])
        return (
            f"Trajectory of {len(self.mistakes)} samples, {int(self.mistakes.sum())} mistakes, "
            f"final w = ({w}), b = {self.bias[-1]:.6g}"
        )


@quiet
def train(X, y, step=1.0, bias_step=None, passes=1):
    """Show a perceptron the samples in order and keep every state it was in.

    Weights and bias start at zero. A sample (x, y) with ``sign(w'x + b) != y`` changes them to
    ``w + step * y * x`` and ``b + bias_step * y``; any other leaves them.

    Parameters
    ----------
    X : array_like of shape (n, d)
        One sample a row, finite numbers.
    y : array_like of shape (n,)
        Labels, each -1 or +1.
    step : float, default=1.0
        Size of a correction of the weights, > 0.
    bias_step : float, default=None
        Size of a correction of the bias, > 0. None means `step`.
    passes : int, default=1
        How often the samples are gone through, at least 1; t = passes * n.

    Returns
    -------
    Trajectory
        `weights` (t + 1, d), `bias` (t + 1,), `predictions` (t,), `mistakes` (t,).

    Raises
    ------
    ValueError
        For shapes that do not fit, labels other than -1 and +1, values that are not finite, steps
        that are not > 0 and passes that are not a whole number >= 1.

    Notes
    -----
    Rosenblatt (1958), "The perceptron: a probabilistic model for information storage and
    organization in the brain", Psychological Review 65(6). Built from scratch in
    ``notebooks/05_perceptron.ipynb``.

    Examples
    --------
    >>> run = train([[2, 1], [-1, 1], [1, -2], [-2, -1]], [1, -1, 1, -1])
    >>> run.weights[-1], run.mistakes
    (array([3., 0.]), array([ True,  True, False, False]))
    >>> run
    Trajectory of 4 samples, 2 mistakes, final w = (3, 0), b = 0
    """
    X, y, step, bias_step, passes = _checked(X, y, step, bias_step, passes)
    n, d = X.shape
    t = passes * n
    weights, bias = np.zeros((t + 1, d)), np.zeros(t + 1)
    predictions = np.zeros(t)
    for i in range(t):
        x, label = X[i % n], y[i % n]
        predictions[i] = np.sign(weights[i] @ x + bias[i])
        weights[i + 1], bias[i + 1] = weights[i], bias[i]
        if predictions[i] != label:
            weights[i + 1] += step * label * x
            bias[i + 1] += bias_step * label
    return Trajectory(weights, bias, predictions, predictions != np.resize(y, t))


def _checked(X, y, step, bias_step, passes):
    X, y = finite("X", X), finite("y", y)
    if X.ndim != 2:
        refuse("X must have shape (n, d) with n, d >= 1", X.shape, "np.reshape(X, (len(X), -1))")
    if y.shape != (len(X),):
        way = "np.ravel(y)" if y.size == len(X) else "one label a row"
        refuse(f"y must have one label for each row of X {X.shape}", f"shape {y.shape}", way)
    holding(y, abs(y) == 1, "-1 and +1 only", "np.where(np.array(y) > 0, 1, -1)")
    step = positive("step", step, 1.0)
    bias_step = step if bias_step is None else positive("bias_step", bias_step, 1.0)
    return X, y, step, bias_step, whole("passes", passes, 1, 1, MOST // len(X))
