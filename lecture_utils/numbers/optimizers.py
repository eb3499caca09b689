"""Optimisers: what to do with a gradient, in order of what they remember.

``update(parameters, gradient)`` changes the parameters in place. Every formula is that of
PyTorch: the velocity of momentum does not contain the step, so a cut of it works at once.
"""

import math
from copy import deepcopy

import numpy as np

from lecture_utils.numbers.arguments import number, positive, refuse, shown, whole
from lecture_utils.numbers.arrays import numbers, quiet


def one_over_t(step, half=1):
    """Return the schedule ``step / (1 + t / half)``, where t = 0, 1, 2, ... (Robbins, Monro 1951).

    `half` is the number of updates after which the step is halved. With step 1 and half 1, and
    the loss ``(x - a)**2 / 2`` of one number a time, x is the mean of the numbers so far.

    >>> [round(one_over_t(1.0)(t), 3) for t in (0, 1, 2)]
    [1.0, 0.5, 0.333]
    """
    step, half = positive("step", step, 0.1), positive("half", half, 100)
    return lambda t: step / (1.0 + t / half)


def cosine(step, steps):
    """Return the schedule that goes from `step` to 0 in `steps` updates, along half a cosine.

    >>> [round(cosine(1.0, 4)(t), 3) for t in (0, 1, 2, 3, 4, 5)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    step, steps = positive("step", step, 0.1), whole("steps", steps, 1, 1000)
    return lambda t: 0.5 * step * (1.0 + math.cos(math.pi * min(t / steps, 1.0)))


def usable(optimizer):
    """Return an optimizer; a class is none before it has a step, a set only has such a method."""
    if isinstance(optimizer, (type, dict, set)) or not hasattr(optimizer, "update"):
        refuse("optimizer must be an optimizer", shown(optimizer), "SGD(0.1)")
    return optimizer


def bookmark(optimizer):
    """Return a function that puts an optimizer back to where it is now, velocity and all."""
    parts = [optimizer]
    while hasattr(parts[-1], "optimizer"):  # as Averaged holds another
        parts.append(parts[-1].optimizer)
    held = [getattr(part, "__dict__", {}) for part in parts]
    kept = [{key: value if callable(value) else deepcopy(value) for key, value in state.items()
             if key != "optimizer"} for state in held]  # fmt: skip

    def put_back():
        for now, then in zip(held, kept, strict=True):
            for key in set(now) - set(then) - {"optimizer"}:
                del now[key]
            now.update(then)

    return put_back


class SGD:
    """Step against the gradient: ``p -= step * g`` (Cauchy 1847; with samples, 1951).

    Parameters
    ----------
    step : float > 0 or callable
        Size of a step, or a schedule: a function of the number of updates made so far. It may be
        changed at any time, as ``optimizer.step = 0.01``.

    Examples
    --------
    >>> parameters = np.array([1.0, 2.0])
    >>> SGD(0.1).update(parameters, np.array([10.0, -10.0]))
    >>> parameters
    array([0., 3.])
    """

    memory = ()  # names of the vectors, as long as the parameters, that begin at 0

    def __init__(self, step):
        self.step = step if callable(step) else positive("step", step, 0.1)
        self.t = 0

    @quiet
    def update(self, parameters, gradient):
        """Change `parameters`, float array of any shape, by `gradient` of the same shape."""
        if numbers("parameters", parameters) is not parameters or not parameters.flags.writeable:
            got = getattr(parameters, "dtype", type(parameters))
            rule = "parameters must be floats in an array, to be changed in place"
            refuse(rule, got, "np.array(parameters, dtype=float)")
        gradient = numbers("gradient", gradient)
        if self.t == 0:
            self.shape = parameters.shape
            for name in self.memory:
                setattr(self, name, np.zeros_like(parameters))
        if not parameters.shape == gradient.shape == self.shape:
            rule = f"parameters and gradient must have the shape {self.shape} of the first update"
            refuse(rule, f"{parameters.shape} and {gradient.shape}", "a new optimizer")
        step = number("step", self.step(self.t), 0.1) if callable(self.step) else self.step
        self.t += 1
        self.change(parameters, gradient, step)

    def change(self, p, g, step):
        p -= step * g

    def __repr__(self):
        options = {k: v for k, v in vars(self).items() if k not in ("t", "shape", *self.memory)}
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in options.items())})"


class Momentum(SGD):
    """Keep some of the speed: ``v = beta v + g; p -= step v`` (Polyak 1964)."""

    memory = ("v",)

    def __init__(self, step, beta=0.9):
        super().__init__(step)
        self.beta = number("beta", beta, 0.9, below=1.0)

    def change(self, p, g, step):
        self.v *= self.beta
        self.v += g
        p -= step * self.v


class Nesterov(Momentum):
    """Look ahead along the speed: ``v = beta v + g; p -= step (g + beta v)`` (Nesterov 1983).

    In the form of Sutskever and others (2013), p is the point from which one looks.
    """

    def change(self, p, g, step):
        self.v *= self.beta
        self.v += g
        p -= step * (g + self.beta * self.v)


class AdaGrad(SGD):
    """Step less where it was steep: ``s += g**2; p -= step g / sqrt(s)`` (Duchi et al. 2011)."""

    memory = ("s",)
    tiny = 1e-10  # against division by 0

    def change(self, p, g, step):
        self.s += g * g
        p -= step * g / (np.sqrt(self.s) + self.tiny)


class RMSProp(SGD):
    """AdaGrad that forgets: ``s = rho s + (1 - rho) g**2`` (Hinton's lecture, 2012).

    `step` > 0 is as in `SGD`; `rho` (default 0.99, below 1) is the part of s that is kept.
    """

    memory = ("s",)
    tiny = 1e-8

    def __init__(self, step, rho=0.99):
        super().__init__(step)
        self.rho = number("rho", rho, 0.99, below=1.0)

    def change(self, p, g, step):
        self.s *= self.rho
        self.s += (1.0 - self.rho) * g * g
        p -= step * g / (np.sqrt(self.s) + self.tiny)


class Adam(SGD):
    """Momentum over RMSProp, both freed of their start at 0 (Kingma and Ba 2015).

    ``m = beta m + (1 - beta) g;  s = rho s + (1 - rho) g**2``;
    ``p -= step (m / (1 - beta**t)) / (sqrt(s / (1 - rho**t)) + 1e-8)``.
    """

    memory = ("m", "s")
    tiny = 1e-8

    def __init__(self, step=0.001, beta=0.9, rho=0.999):
        super().__init__(step)
        self.beta = number("beta", beta, 0.9, below=1.0)
        self.rho = number("rho", rho, 0.999, below=1.0)

    def change(self, p, g, step):
        self.m *= self.beta
        self.m += (1.0 - self.beta) * g
        self.s *= self.rho
        self.s += (1.0 - self.rho) * g * g
        root = np.sqrt(self.s / (1.0 - self.rho**self.t))
        p -= step / (1.0 - self.beta**self.t) * self.m / (root + self.tiny)


class AdamW(Adam):
    """Adam with the decay of the weights apart: first ``p -= step * decay * p``.

    Every parameter decays, biases too, as in PyTorch (Loshchilov and Hutter 2019). `step`, `beta`
    and `rho` are as in `Adam`.
    """

    def __init__(self, step=0.001, beta=0.9, rho=0.999, decay=0.01):
        super().__init__(step, beta, rho)
        self.decay = number("decay", decay, 0.01)

    def change(self, p, g, step):
        p *= 1.0 - step * self.decay
        super().change(p, g, step)


class Averaged:
    """Let another optimiser run, and keep the mean of where it has been (Polyak, Ruppert).

    Parameters
    ----------
    optimizer : SGD or any other
        What changes the parameters.
    start : int, default=0
        How many updates to wait before the mean begins.

    Attributes
    ----------
    average : ndarray
        Mean of the parameters after each update since `start`: put it in their place with
        ``network.parameters[:] = optimizer.average``.

    Notes
    -----
    Polyak and Juditsky (1992), "Acceleration of stochastic approximation by averaging", SIAM
    Journal on Control and Optimization 30(4).

    Examples
    --------
    >>> walk, x = Averaged(SGD(1.0)), np.array([0.0])
    >>> for gradient in (-2.0, -2.0, 1.0):
    ...     walk.update(x, np.array([gradient]))  # x is 2, 4, 3
    >>> walk.average
    array([3.])
    """

    def __init__(self, optimizer, start=0):
        self.optimizer, self.start, self.t = usable(optimizer), whole("start", start, 0, 0), 0

    @quiet
    def update(self, parameters, gradient):
        """Let the optimiser change `parameters`, then take them into the mean."""
        self.optimizer.update(parameters, gradient)
        self.t += 1
        if self.t <= self.start + 1:
            self.average = parameters.copy()
        else:
            self.average += (parameters - self.average) / (self.t - self.start)

    def __repr__(self):
        return f"Averaged({self.optimizer!r}, start={self.start})"


_ALL = (SGD, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW)
OPTIMIZERS = {optimizer.__name__: optimizer for optimizer in _ALL}  # made with a step
