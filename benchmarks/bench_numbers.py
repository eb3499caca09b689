"""How fast the numbers are, as ratios: against the peers on the same work in the same run.

All contestants of a race take turns, several times, and their medians are compared; so what else
the machine is doing falls on all of them. Everyone may use 2 threads: without a limit a library
that asks for all cores wins or loses by the machine it is on.
"""

import itertools
import statistics
import time
import warnings

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Perceptron
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from lecture_utils import (
    SGD,
    Activation,
    Conv2D,
    Dense,
    Flatten,
    MaxPool2D,
    Network,
    circles,
    digits,
    fit,
    least_squares,
)
from lecture_utils.numbers.perceptron import train

THREADS = 2


def race(*contestants, seconds=1.5):
    """Return the median time of each, who take turns for `seconds`; a first turn warms up."""
    times, end = [[] for _ in contestants], None
    while end is None or time.perf_counter() < end or len(times[0]) < 6:
        for contestant, kept in zip(contestants, times, strict=True):
            time.sleep(0.01)  # threads of the one before may go on spinning, idle, for a while
            start = time.perf_counter()
            contestant()
            kept.append(time.perf_counter() - start)
        end = end or time.perf_counter() + seconds
    return [statistics.median(kept[1:]) for kept in times]


def samples(n):
    X, y = digits()
    return np.resize(X, (n, 64)).astype(np.float32), np.resize(y, n)


def ours(width, batch, epochs, X, y):
    layers = [Dense(64, width), Activation("relu"), Dense(width, width), Activation("relu"),
              Dense(width, 10)]  # fmt: skip
    network = Network(layers, dtype="float32")  # drawing weights is no training
    return lambda: fit(network, X, y, batch=batch, epochs=epochs)


def scikit_learn(width, batch, epochs, X, y):
    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # it shall stop after the epochs
            MLPClassifier((width, width), solver="sgd", alpha=0.0, batch_size=batch, momentum=0.0,
                          learning_rate_init=0.1, max_iter=epochs, tol=0.0,
                          n_iter_no_change=epochs + 1, random_state=0).fit(X, y)  # fmt: skip

    return run


def trained_by_pytorch(make, X, y, batch, epochs):
    X, y, network = torch.from_numpy(X), torch.from_numpy(y), make()

    def run():
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
        for _ in range(epochs):
            order = torch.randperm(len(X))
            X_new, y_new = X[order], y[order]
            for start in range(0, len(X), batch):
                outputs = network(X_new[start : start + batch])
                loss = torch.nn.functional.cross_entropy(outputs, y_new[start : start + batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

    return run


def pytorch(width, batch, epochs, X, y):
    nn = torch.nn
    return trained_by_pytorch(
        lambda: nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
                              nn.Linear(width, 10)), X, y, batch, epochs)  # fmt: skip


def products(width, batch, epochs, X, y):
    """The eight matrix products of an update and nothing else: what no NumPy can do without."""
    rng = np.random.default_rng(0)
    sizes = [64, width, width, 10]
    a = [rng.standard_normal((batch, size), dtype=np.float32) for size in sizes]
    d = [rng.standard_normal((batch, size), dtype=np.float32) for size in sizes]
    W = [rng.standard_normal(pair, dtype=np.float32) for pair in itertools.pairwise(sizes)]
    dW = [np.empty_like(w) for w in W]

    def run():
        for _ in range(epochs * -(-len(X) // batch)):
            for i in (0, 1, 2):
                np.dot(a[i], W[i])
            for i in (2, 1, 0):
                np.dot(a[i].T, d[i + 1], out=dW[i])
                if i:
                    np.dot(d[i + 1], W[i].T)

    return run


def network_rows(width, batch, epochs, n, targets):
    work = (width, batch, epochs, *samples(n))
    mine, title = ours(*work), f"64-{width}-{width}-10, batch {batch}"
    found = []
    for name, make in (("scikit-learn", scikit_learn), ("PyTorch", pytorch)):
        here, there = race(mine, make(*work))
        found.append(faster(f"{title}: {name} / ours", there / here, targets.get(name)))
    here, there = race(mine, products(*work))
    what = f"{title}: ours / bare products"
    return [*found, slower(what, here / there, targets.get("products"))]


def faster(what, ratio, target=None):
    return row(what, ratio, target, ">=", target is None or ratio >= target)


def slower(what, ratio, target=None):
    return row(what, ratio, target, "<=", target is None or ratio <= target)


def row(what, ratio, target, sign, met):
    text = "" if target is None else f"{sign} {target:g}"
    return what, f"{ratio:.2f}", text, None if target is None else met


def bare_loop(X, y, epochs):
    """2-8-8-1 with nothing around it: what a loop written for this one network takes."""
    rng = np.random.default_rng(0)
    parameters, gradient = rng.uniform(-0.5, 0.5, 105), np.zeros(105)

    def views(vector):
        edges, shapes = [0, 16, 24, 88, 96, 104, 105], [(2, 8), 8, (8, 8), 8, (8, 1), 1]
        return [
            vector[i:j].reshape(s)
            for (i, j), s in zip(itertools.pairwise(edges), shapes, strict=True)
        ]

    W1, b1, W2, b2, W3, b3 = views(parameters)
    dW1, db1, dW2, db2, dW3, db3 = views(gradient)

    def run():
        for _ in range(epochs):
            order = rng.permutation(len(X))
            X_new, y_new = X.take(order, axis=0), y.take(order, axis=0)
            for start in range(0, len(X), 10):
                x = X_new[start : start + 10]
                a1 = np.tanh(x @ W1 + b1)
                a2 = np.tanh(a1 @ W2 + b2)
                d = (a2 @ W3 + b3 - y_new[start : start + 10]) * 0.2
                np.matmul(a2.T, d, out=dW3)
                d.sum(axis=0, out=db3)
                d = (d @ W3.T) * (1.0 - a2 * a2)
                np.matmul(a1.T, d, out=dW2)
                d.sum(axis=0, out=db2)
                d = (d @ W2.T) * (1.0 - a1 * a1)
                np.matmul(x.T, d, out=dW1)
                d.sum(axis=0, out=db1)
                parameters[:] -= 0.03 * gradient

    return run


def playground_rows():
    X, y = circles(250)
    y, epochs = y.reshape(-1, 1).astype(float), 20
    layers = [Dense(2, 8), Activation("tanh"), Dense(8, 8), Activation("tanh"), Dense(8, 1)]
    network = Network(layers)
    mine, bare = race(
        lambda: fit(network, X, y, "squared", SGD(0.03), batch=10, epochs=epochs),
        bare_loop(X, y, epochs),
    )
    steps = epochs * 25
    title = f"2-8-8-1, batch 10: {mine / steps * 1e6:.0f} us a step"
    rows = [slower(f"{title}, ours / a bare loop ({bare / steps * 1e6:.0f} us)", mine / bare)]
    grid = np.linspace(-6.0, 6.0, 100)
    points = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    nn = torch.nn
    theirs = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
    theirs, tensor = theirs.double(), torch.from_numpy(points)
    with torch.no_grad():
        mine, torch_ = race(lambda: network.predict(points), lambda: theirs(tensor))
    title = f"its map of 100 x 100 outputs: {mine * 1e3:.2f} ms"
    return [*rows, faster(f"{title}, PyTorch / ours", torch_ / mine)]


def convolution_rows():
    X, y = samples(640)
    pictures = X.reshape(-1, 8, 8, 1)
    layers = [Conv2D(1, 16, padding=1), Activation("relu"), Conv2D(16, 32, padding=1),
              Activation("relu"), MaxPool2D(2), Flatten(), Dense(512, 64), Activation("relu"),
              Dense(64, 10)]  # fmt: skip

    network = Network(layers, input_shape=(8, 8, 1), dtype="float32")
    nn = torch.nn
    theirs = trained_by_pytorch(
        lambda: nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
                              nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                              nn.Flatten(), nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, 10)),
        X.reshape(-1, 1, 8, 8), y, 32, 2)  # fmt: skip
    mine, torch_ = race(lambda: fit(network, pictures, y, epochs=2), theirs)
    return [faster("convolutional network on digits, batch 32: PyTorch / ours", torch_ / mine)]


def linear_rows():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((100_000, 2))
    y = np.where(X @ [2.0, -1.0] > 0.3, 1, -1)
    mine, sklearn = race(
        lambda: train(X, y), lambda: Perceptron(shuffle=False, max_iter=1, tol=None).fit(X, y)
    )
    rows = [
        slower("perceptron, 100,000 points, all states kept: ours / scikit-learn", mine / sklearn)
    ]
    X = rng.standard_normal((20_000, 10))
    y = X.sum(axis=1) + rng.standard_normal(len(X))
    A = np.column_stack([np.ones(len(X)), X])
    contestants = [lambda: least_squares(X, y), lambda: least_squares(X, y, "normal")]
    qr, normal, lstsq = race(*contestants, lambda: np.linalg.lstsq(A, y))
    rows.append(slower("least squares, 20,000 x 10, by QR: ours / lstsq", qr / lstsq))
    rows.append(slower("least squares by normal equations: ours / lstsq", normal / lstsq))
    return rows


def rows():
    """Return what was compared, the ratio, the target, and whether it was met (None: no target)."""
    torch.set_num_threads(THREADS)
    with threadpool_limits(THREADS):
        found = network_rows(64, 32, 20, 1797, {"scikit-learn": 3, "PyTorch": 6, "products": 3})
        for width in (16, 256, 1024):
            for batch, updates in ((1, 300), (32, 100), (512, 6)):
                updates = max(updates // 5, 4) if width == 1024 else updates
                targets = {"products": 1.3} if width == 1024 else {}
                found += network_rows(width, batch, 1, batch * updates, targets)
        return found + playground_rows() + convolution_rows() + linear_rows()
