"""Training: batches of shuffled samples, one update each, and a history of how it went."""

import math
from dataclasses import dataclass

import numpy as np

from lecture_utils.numbers.arguments import choice, generator, number, refuse, shown, whole
from lecture_utils.numbers.arrays import finite, numbers, quiet, same_rows
from lecture_utils.numbers.losses import LOSSES, accuracy
from lecture_utils.numbers.optimizers import SGD, bookmark, usable
from lecture_utils.numbers.progress import Progress
from lecture_utils.numbers.records import Record

CLASSIFIERS = ("cross_entropy", "binary_cross_entropy", "hinge", "perceptron")


def steps(network, X, y, loss="cross_entropy", optimizer=None, batch=32, seed=0, l1=0.0, l2=0.0):
    """Train for ever, one update at a time, for figures that show it live.

    Takes the parameters of `fit`. Every epoch has all samples in a new order, in batches of
    `batch`; the last may be smaller.

    Yields
    ------
    float
        Mean loss of the batch before the update it caused, without the penalties. Not finite
        once the training has diverged.

    Examples
    --------
    >>> from lecture_utils import Dense, Network
    >>> updates = steps(Network([Dense(1, 1)]), [[1.0], [2.0]], [2.0, 4.0], loss="squared", batch=2)
    >>> losses = [next(updates) for _ in range(100)]
    >>> losses[-1] < 0.01 * losses[0]
    True
    """
    updates = _updates(network, *_checked(network, X, y, loss), optimizer, batch, seed, l1, l2)
    return _alone(updates)


def _alone(updates):
    """Yield what comes, and leave NumPy's settings outside as they were between two updates."""
    one = quiet(updates.__next__)
    while True:
        yield one()


def _updates(network, X, targets, formula, optimizer, batch, seed, l1, l2):
    optimizer = usable(SGD(0.1) if optimizer is None else optimizer)
    batch = min(whole("batch", batch, 1, 32, np.inf), len(X))
    penalty = _penalty(network, number("l1", l1, 0.0), number("l2", l2, 0.0))
    return _endless(network, X, targets, formula, optimizer, batch, generator(seed), penalty)


def _endless(network, X, targets, formula, optimizer, batch, rng, penalty):
    parameters, gradient = network.parameters, network.gradient
    while True:
        order = rng.permutation(len(X))
        shuffled, matching = X.take(order, axis=0), targets.take(order, axis=0)  # once an epoch
        for start in range(0, len(X), batch):
            rows = slice(start, start + batch)
            outputs = network.up(shuffled[rows])
            value, dout = formula(outputs, matching[rows])
            network.down(dout)
            if penalty is not None:
                gradient += penalty(parameters)
            optimizer.update(parameters, gradient)
            yield value


def _penalty(network, l1, l2):
    """Return the gradient of ``l1 * sum |w| + l2 / 2 * sum w**2``, over weights but not biases."""
    if l1 == l2 == 0.0:
        return None
    weights = np.concatenate(
        [np.full(math.prod(s), len(s) > 1) for layer in network.layers for s in layer.shapes]
    ).astype(network.parameters.dtype)  # 1 for a weight, 0 for a bias
    return lambda parameters: weights * (l1 * np.sign(parameters) + l2 * parameters)


def _checked(network, X, y, loss):
    """Return samples, targets of the outputs' shape, and the formula of the loss."""
    choice("loss", loss, LOSSES)
    if not hasattr(network, "parameters"):
        refuse("network must be a Network", shown(network), "Network([Dense(2, 1)])")
    dtype, shape = network.parameters.dtype, network.shapes[-1]
    X, y = network.fitting(finite("X", X, dtype)), numbers("y", y)
    same_rows(X, y)
    return X, LOSSES[loss].targets(y, (len(X), *shape), dtype), LOSSES[loss].formula


@dataclass(eq=False)
class History(Record):
    """How a training went: arrays with one row an epoch.

    Attributes
    ----------
    loss : ndarray of shape (epochs,)
        Mean over the epoch's samples, each at the moment its batch was used, without penalties.
    validation_loss, validation_accuracy : ndarray of shape (epochs,)
        At the end of the epoch; nan without validation data, accuracy nan for regression.
    stopped : str
        Why it stopped early, in words; empty if it did not.
    """

    loss: np.ndarray
    validation_loss: np.ndarray
    validation_accuracy: np.ndarray
    stopped: str = ""

    def __post_init__(self):
        for name in ("loss", "validation_loss", "validation_accuracy"):
            setattr(self, name, np.ravel(numbers(name, getattr(self, name))))

    def __repr__(self):
        parts = [f"History of {len(self.loss)} epochs"]
        for name in ("loss", "validation_loss", "validation_accuracy"):
            values = getattr(self, name)
            if len(values) and not np.isnan(values[-1]):
                parts.append(f"{name.replace('_', ' ')} {values[-1]:.4g}")
        return ", ".join(parts) + (f"; {self.stopped}" if self.stopped else "")


def fit(network, X, y, loss="cross_entropy", optimizer=None, batch=32, epochs=20, seed=0,
        validation=None, l1=0.0, l2=0.0, on_epoch=None):  # fmt: skip
    """Train a network, in place.

    Parameters
    ----------
    network : Network
    X : array_like of shape (n, *input)
        Finite numbers, one sample a row.
    y : array_like of shape (n,) or (n, *output)
        What `loss` asks for: class labels 0 to k - 1 (cross_entropy), 0 and 1
        (binary_cross_entropy), -1 and +1 (hinge, perceptron), any numbers (the others).
    loss : str, default="cross_entropy"
        A name in `LOSSES`.
    optimizer : optimizer, default=None
        It goes on from where it was. None means ``SGD(0.1)``.
    batch : int, default=32
        Samples an update; n or more means all.
    epochs : int, default=20
        Passes over all samples.
    seed : int, default=0
        Of the shuffling. The same seed gives the same training.
    validation : tuple (X, y), default=None
        Data to judge by after each epoch, never learned from.
    l1, l2 : float, default=0.0
        Penalties ``l1 * sum |w|`` and ``l2 / 2 * sum w**2`` on the weights, not on the biases.
    on_epoch : callable, default=None
        Called with the History so far after each epoch, for figures and for words.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If data and network do not fit, or an argument is out of its range.

    Notes
    -----
    If the loss stops being finite the training ends with one printed line, and parameters and
    optimizer are as they were when the last good epoch began. An interrupt from the keyboard ends
    it too, and the history so far is returned. A training of more than a second shows its
    progress, in a notebook and in a terminal, and takes it away at the end: nothing is stored.

    Examples
    --------
    >>> from lecture_utils import Activation, Dense, Network, digits
    >>> X, y = digits()
    >>> network = Network([Dense(64, 32), Activation("relu"), Dense(32, 10)])
    >>> history = fit(network, X[:1000], y[:1000], epochs=5, validation=(X[1000:], y[1000:]))
    >>> bool(history.validation_accuracy[-1] > 0.85), history.loss.shape
    (True, (5,))
    """
    data = _checked(network, X, y, loss)
    optimizer = SGD(0.1) if optimizer is None else optimizer
    pair = isinstance(validation, (tuple, list)) and len(validation) == 2
    if validation is not None and not pair:
        refuse("validation must be two arrays", type(validation), "(X, y)")
    judge = None if validation is None else _checked(network, *validation, loss)
    updates = _updates(network, *data, optimizer, batch, seed, l1, l2)
    sizes = [len(data[0][i : i + batch]) for i in range(0, len(data[0]), batch)]
    epochs = whole("epochs", epochs, 1, 20)
    if not (on_epoch is None or callable(on_epoch)):
        refuse("on_epoch must be a function of a History", shown(on_epoch), "print")
    rows, stopped, progress = [], "", Progress(epochs)
    before = network.parameters.copy(), bookmark(optimizer)
    try:
        for epoch in range(1, epochs + 1):
            earlier, before = before, (network.parameters.copy(), bookmark(optimizer))
            mean = _mean_loss(updates, sizes, epoch, progress)
            if not (math.isfinite(mean) and np.isfinite(network.parameters).all()):
                why = "the parameters are off to infinity; try a smaller step"
                network.parameters[:], put_back = before
                if not math.isfinite(_judged(network, data, loss)[0]):
                    network.parameters[:], put_back = earlier
                    if not rows:  # no step was made that could be too large
                        why = "was so before the first update; try smaller numbers in X and y"
                put_back()
                stopped = f"stopped in epoch {epoch}: the loss is {mean:g} and {why}"
                break
            rows.append((mean, *_judged(network, judge, loss)))
            if on_epoch is not None:
                on_epoch(_history(rows))
    except KeyboardInterrupt:
        stopped = f"interrupted after {len(rows)} of {epochs} epochs"
    finally:
        progress.end()
    if stopped:
        print(stopped)
    return _history(rows, stopped)


@quiet
def _mean_loss(updates, sizes, epoch, progress):
    """Make one update for each batch; stop at a loss that is not finite and return it."""
    total = 0.0
    for i, size in enumerate(sizes, start=1):
        value = next(updates)
        if not math.isfinite(value):
            return value
        total += value * size
        progress.show(epoch - 1 + i / len(sizes))
    return total / sum(sizes)


@quiet
def _judged(network, data, loss):
    if data is None:
        return np.nan, np.nan
    X, targets, formula = data
    outputs = network.predict(X)
    value = formula(outputs, targets)[0]
    if loss not in CLASSIFIERS or targets.ndim != 2:
        return value, np.nan
    classes = targets.argmax(axis=1) if targets.shape[1] > 1 else targets > 0.5
    return value, accuracy(outputs, classes)


def _history(rows, stopped=""):
    return History(*np.array(rows, dtype=float).reshape(-1, 3).T.copy(), stopped)
