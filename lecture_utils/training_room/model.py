"""The playground without a screen: data, network, training, and what is to be seen of them."""

import math
import time
from copy import deepcopy
from itertools import takewhile

import numpy as np

from lecture_utils.numbers.arguments import generator
from lecture_utils.numbers.datasets import split
from lecture_utils.numbers.layers import Activation, Dense, Dropout
from lecture_utils.numbers.losses import LOSSES, accuracy
from lecture_utils.numbers.network import Network
from lecture_utils.numbers.optimizers import OPTIMIZERS
from lecture_utils.numbers.training import steps
from lecture_utils.training_room import setting as room
from lecture_utils.training_room.past import Past
from lecture_utils.training_room.setting import AT_ONCE, DATA, DRAWN, FEATURES, LOOKS, REACH, TABLE

SIDE = 100  # points of a map along each axis
ROWS = 2500  # of a map at a time: so small a product NumPy gives to one thread, which is quicker
BLOCK = 25  # updates between two looks at the clock and at the loss
MOST = TABLE["epochs"].rule.high
KEPT = 600  # rows of the history; then every second one is let go
GRID = np.linspace(-REACH, REACH, SIDE)


class Model:
    """A setting, the data and the network that follow from it, and how far training has come.

    Parameters
    ----------
    **setting
        As for `playground`.

    Attributes
    ----------
    setting : dict
    network : Network
        In double precision; it is trained.
    dense : list of Dense
        Its layers with weights.
    X, y, X_test, y_test : ndarray
        Points (n, 2), and classes -1 and +1 or numbers, (n,).
    epoch : int
        Whole passes over the training data since the last restart.
    history : list of (int, float, float)
        Epoch, loss of the training data, loss of the test data.
    ended : bool
        Whether the loss of a batch is no longer a finite number: training waits for a restart.
    other : Model or None
        In a race the second network, which is trained on the same data for as many epochs.

    Examples
    --------
    >>> model = Model(data="blobs", hidden=())
    >>> model.advance(10)
    10
    >>> model.losses()[0] < 0.1
    True
    """

    def __init__(self, /, **setting):
        self.setting = room.checked(setting)
        self.begin(self.setting["epochs"], self.setting["changes"])

    @property
    def classes(self):
        """Whether the data has classes."""
        return DATA[self.setting["data"]][1]

    @property
    def racing(self):
        """The networks that are trained: this one and, in a race, the other."""
        return [self, self.other] if self.other else [self]

    def change(self, /, **setting):
        """Set something; training begins again unless it can go on."""
        before = self.setting
        fresh = room.checked(setting, {**before, "epochs": 0, "changes": (), "points": ()})
        if all(fresh[name] == before[name] for name in DRAWN):
            setting = {"points": before["points"], **setting}
        self.setting = room.checked(setting, fresh)
        changed = {name for name in TABLE if before[name] != self.setting[name]} - LOOKS
        if {"epochs", "changes"} & set(setting) or changed - AT_ONCE:
            self.begin(self.setting["epochs"], self.setting["changes"])
        else:
            for name in changed:
                self._go_on_with(name, self.setting[name])

    def restart(self):
        """Begin again: data, weights and history as at the start."""
        s = self.setting
        self._draw_data()
        self.network = Network(self._layers(), seed=s["seed"], init=s["init"])
        self.dense = [layer for layer in self.network.layers if isinstance(layer, Dense)]
        # Maps need no double precision. Dropout does nothing in them.
        self._quick = Network(self._layers(), init=s["init"], dtype="float32")
        self.epoch, self.history, self.ended = 0, [], False
        self._begun_with, self._changes = {name: s[name] for name in AT_ONCE}, {}
        self._done, self._past = 0, Past()
        self._train_on(new=True)
        common = {name: s[name] for name in (*DRAWN, "points")}
        self.other = None if s["race"] is None else Model(**common, **s["race"])
        self._note()

    def begin(self, epochs, changes=()):
        """Begin again and train for so many epochs, with changes on the way."""
        self.restart()
        self._repeat(epochs, changes)

    def go_back(self, epoch):
        """Take all back to how it was after so many epochs: train on from a state kept before."""
        end = min(epoch, self.epoch)
        changes = [*takewhile(lambda row: row[0] <= end, self.so_far["changes"])]
        last, states = self._past.last(end)
        if last:
            for one, state in zip(self.racing, states, strict=True):
                one._put_back(state)
        else:
            self.setting = {**self.setting, **self._begun_with}
            self.restart()
        self._repeat(end, [row for row in changes if row[0] >= last])

    def _repeat(self, epochs, changes):
        for when, what, value in changes:
            self._train(when, note=True)
            if isinstance(what, str):
                self.setting = {**self.setting, what: value}
                self._go_on_with(what, value)
            else:
                self.set_weight(*what, value)
        self._train(epochs, note=True)

    def _put_back(self, state):
        looks = {name: self.setting[name] for name in LOOKS}
        vars(self).update(state, setting={**state["setting"], **looks})
        self.history = [row for row in self.history if row[0] < self.epoch]
        self._draw_data()
        self._line_up()
        self._note()

    @property
    def so_far(self):
        """The setting that leads from the beginning to just here."""
        rows = self._changes.items()
        changes = tuple((when, what, value) for (_, what), (when, value) in rows)
        return {**self.setting, **self._begun_with, "epochs": self.time, "changes": changes}

    @property
    def time(self):
        """Epochs since the last restart, with the part of the one that is not at its end."""
        part = round(1 - self._left / self._an_epoch, 4)  # an epoch has some 1,000 updates at most
        return self.epoch + part if part else self.epoch

    def _go_on_with(self, name, value):
        self._remember(name, value)
        if name == "points":
            self._draw_data()
            if self.other:
                self.other.change(points=value)
        self._train_on(new=name == "optimizer")

    def _remember(self, what, value):
        """Note a change on the way, for `so_far`; of changes at one time the last one counts."""
        now = (self._done, self.epoch)
        if now == (0, 0) and what in AT_ONCE:
            self._begun_with[what] = value
        else:
            self._changes.setdefault((now, what), [self.time, value])[1] = value

    def _draw_data(self):
        s = self.setting
        X, y = room.drawn(s["data"], room.POINTS[self.classes], s["noise"], s["seed"])
        self.X, self.X_test, self.y, self.y_test = split(X, y, 1.0 - s["ratio"], s["seed"])
        new = max([0, *(row[0] + 1 - len(self.X) for row in s["points"])])
        self.X, self.y = np.pad(self.X, ((0, new), (0, 0))), np.pad(self.y, (0, new))
        for number, *place, side in s["points"]:
            self.X[number], self.y[number] = place, side
        self._inputs, self._inputs_test = self.features(self.X), self.features(self.X_test)
        plane = np.stack(np.meshgrid(GRID, GRID), axis=-1).reshape(-1, 2)
        self._plane = self.features(plane).astype(np.float32)  # (10000, features)

    def features(self, X):
        """Return what goes into the network for points X of shape (n, 2): (n, features)."""
        return np.column_stack([FEATURES[name][0](*X.T) for name in self.setting["features"]])

    def _layers(self):
        s, layers, before = self.setting, [], len(self.setting["features"])
        for size in s["hidden"]:
            layers += [Dense(before, size), Activation(s["activation"])]
            layers += [Dropout(s["dropout"])] if s["dropout"] else []
            before = size
        last = [Activation("tanh")] if self.classes and s["loss"] == "squared" else []
        return [*layers, Dense(before, 1), *last]

    @property
    def _loss(self):
        return "binary_cross_entropy" if self.setting["loss"] == "cross_entropy" else "squared"

    def _targets(self, y):
        return (y > 0).astype(float) if self._loss == "binary_cross_entropy" else y

    def _train_on(self, new):
        """Begin an epoch with the setting as it is now."""
        s = self.setting
        if new:
            self.optimizer = OPTIMIZERS[s["optimizer"]](s["step"])
        self._order = generator(s["seed"] + self.epoch)  # not the first order once more
        self._line_up()

    def _line_up(self):
        """Make the endless row of updates."""
        s = self.setting
        self._left = self._an_epoch = -(-len(self.X) // s["batch"])  # updates, rounded up
        self.optimizer.step = room.SCHEDULES[s["schedule"]](s["step"], room.SPAN * self._an_epoch)
        l1, l2 = (s["rate"] * (s["penalty"] == name) for name in ("L1", "L2"))
        self._updates = steps(self.network, self._inputs, self._targets(self.y), self._loss,
                              self.optimizer, s["batch"], self._order, l1, l2)  # fmt: skip

    def advance(self, epochs, seconds=math.inf):
        """Train for some epochs, or until the time is up; return how many whole ones it were."""
        before = self.epoch
        self._train(min(before + epochs, MOST), time.perf_counter() + seconds)
        return self.epoch - before

    def _train(self, when, stop=math.inf, note=False):
        """Train to an epoch, or to a part of it, or until time is up; `note` losses on the way.

        In a race both are trained an epoch in turn; one that has ended lets epochs pass.
        """
        often = max(int(when) // 200, 1) if note else MOST
        while self.epoch < int(when) and time.perf_counter() < stop:
            end, going = self.epoch + 1, [one for one in self.racing if not one.ended]
            if self in going:
                self._learn(self._left, stop)
            if self._left < self._an_epoch and not self.ended:
                break
            if self.other in going:
                self.other._learn(self.other._left)
            elif self.ended:
                break
            if self.ended:
                self.epoch = end
                self._train_on(new=False)
            self._past.keep(self.epoch, self.racing)
            if self.epoch % often == 0:
                self._note()
        if self.epoch == int(when):
            self._learn(self._left - self._an_epoch + round((when - self.epoch) * self._an_epoch))
        self._note()

    def _learn(self, updates, stop=math.inf):
        """Make some updates of an epoch, unless time is up."""
        end = self._left - updates
        while self._left > end and not self.ended:
            done = self._an_epoch - self._left
            # Always the same blocks, so that a network that diverges does so at the same update.
            some = min(BLOCK - done % BLOCK, self._left - end)
            for _ in range(some):
                value = next(self._updates)
            self._left, self._done = self._left - some, self._done + some
            whole_block = (done + some) % BLOCK == 0 or self._left == 0
            self.ended = whole_block and not math.isfinite(value)
            if time.perf_counter() >= stop:
                break
        if self._left == 0:
            self.epoch, self._left = self.epoch + 1, self._an_epoch

    @property
    def diverged(self):
        """Whether a loss is no longer a finite number."""
        return self.ended or not all(map(math.isfinite, self.history[-1][1:]))

    def _note(self):
        if self.other:
            self.other._note()
        if self.history and self.history[-1][0] == self.epoch:
            self.history.pop()
        self.history.append((self.epoch, *self.losses()))
        if len(self.history) > KEPT:  # the lowest test loss stays
            least = min(self.history, key=lambda row: row[2] if math.isfinite(row[2]) else math.inf)
            self.history = sorted({*self.history[:-1:2], least, self.history[-1]})

    def losses(self):
        """Return the loss of the training data and of the test data, without penalty."""
        return self._judged(LOSSES[self._loss].formula)

    def right(self):
        """Return the share of points whose side is right, of training and test data."""
        return self._judged(lambda outputs, targets: (accuracy(outputs, targets), None))

    @np.errstate(over="ignore", invalid="ignore")
    def _judged(self, formula):
        found = []  # a generator would run outside of errstate
        for inputs, y in ((self._inputs, self.y), (self._inputs_test, self.y_test)):
            outputs = self.network.forward(inputs, training=False)
            found.append(formula(outputs, self._targets(y)[:, None])[0])
        return tuple(found)

    @np.errstate(over="ignore", invalid="ignore")
    def maps(self):
        """Return what each neuron makes of the plane.

        Returns
        -------
        hidden : list of ndarray of shape (100, 100, neurons), float32
            For each hidden layer; the first axis is x2, from -6 up, the second x1.
        output : ndarray of shape (100, 100), float32
            From -1 to +1 where there are classes: with cross-entropy, ``2 p - 1``.
        """
        self._quick.parameters[:] = self.network.parameters
        parts = [self._outputs(self._plane[i : i + ROWS]) for i in range(0, SIDE * SIDE, ROWS)]
        *hidden, a = (np.concatenate(layer) for layer in zip(*parts, strict=True))
        hidden = [values.reshape(SIDE, SIDE, -1) for values in hidden]
        output = a.reshape(SIDE, SIDE)
        if self._loss == "binary_cross_entropy":
            output = np.tanh(0.5 * output)
        return hidden, output

    def _outputs(self, a):
        """Return what each hidden layer and the output make of some inputs."""
        found = []
        for layer in self._quick.layers:
            a = layer.forward(a, training=False)
            if isinstance(layer, Activation):
                found.append(a)
        return [*found[: len(self.setting["hidden"])], a]

    @np.errstate(over="ignore", invalid="ignore")
    def gradient_sizes(self):
        """Return the root mean square of each layer's last gradient by its weights, a list."""
        return [float(np.sqrt(np.square(layer.dW).mean())) for layer in self.dense]

    @property
    @np.errstate(over="ignore", invalid="ignore")
    def stuck(self):
        """Whether the loss of no training point has a gradient by any weight, and yet is not 0."""
        if any(self.gradient_sizes()):
            return False
        network, formula = deepcopy(self.network), LOSSES[self._loss].formula
        loss, slope = formula(network.up(self._inputs), self._targets(self.y)[:, None])
        network.down(slope)
        return loss > 0 and not any(layer.dW.any() for layer in network.layers if layer.shapes)

    def weight(self, layer, start, end):
        """Return the place of a weight: its array and index; `start` "bias" is the bias."""
        dense = self.dense[layer]
        return (dense.b, end) if start == "bias" else (dense.W, (start, end))

    def set_weight(self, layer, start, end, value):
        """Put a number in the place of one weight, or of a bias."""
        array, index = self.weight(layer, start, end)
        array[index] = value
        self._remember((layer, start, end), float(value))
        self.ended = False
        self._note()
        self.ended = self.diverged
