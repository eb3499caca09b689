"""Exercises of notebook 09: convolution and AlexNet."""

import numpy as np

from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.exercises.n05_perceptron import nice

# 09.1 ------------------------------------------------------------------------------------------


def draw_pictures(rng):
    """Draw a picture and a kernel: the ramp first, then square and oblong ones."""
    inputs = [(np.arange(16.0).reshape(4, 4), np.array([[1.0, 0.0], [0.0, -1.0]]))]
    inputs.append((nice(rng, 4, 4), np.array([[1.0, 2.0], [0.0, -1.0]])))
    for height, width, k in ((5, 5, 3), (3, 6, 2), (7, 4, 4)):
        inputs.append((rng.normal(size=(height, width)), rng.normal(size=(k, k))))
    return inputs


def slide(x, w):
    """Return the weighted sum of each window."""
    k = len(w)
    rows, columns = x.shape[0] - k + 1, x.shape[1] - k + 1
    z = np.zeros((rows, columns))
    for a in range(k):
        for b in range(k):
            z += w[a, b] * x[a : a + rows, b : b + columns]
    return z


SLIDE = {
    "the kernel is flipped: that is convolution as mathematicians write it; w[a, b] meets "
    "x[i + a, j + b]": lambda x, w: slide(x, w[::-1, ::-1]),
    "the kernel is transposed: a counts rows in w and in x": lambda x, w: slide(x, w.T),
    "the last row and the last column of windows are missing: n - k + 1 of them fit":
        lambda x, w: slide(x, w)[:-1, :-1],
    "zeros were put around the picture; here only windows that fit are asked for":
        lambda x, w: slide(np.pad(x, len(w) - 1), w),
    "the windows lie side by side; they overlap, one pixel from one to the next":
        lambda x, w: slide(x, w)[:: len(w), :: len(w)],
    "the mean of the products; their sum is asked for": lambda x, w: slide(x, w) / w.size,
    "the weights are missing: this is the sum of each window":
        lambda x, w: slide(x, np.ones_like(w)),
}  # fmt: skip

# 09.2 ------------------------------------------------------------------------------------------

NINE = [f"w{a}{b}" for a in (1, 2, 3) for b in (1, 2, 3)]
SOBEL = dict(zip(NINE, [-1.0, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0], strict=True))


def to_the_right(**weights):
    """Say what is missing to a kernel that moves the picture by a pixel to the right."""
    w = np.array([weights[name] for name in NINE]).reshape(3, 3)
    places = np.argwhere(w)
    if len(places) == 0:
        return "All weights are 0: the picture is gone. Which one pixel should each window copy?"
    if len(places) > 1:
        return f"{len(places)} weights are not 0. A copy, only moved, needs a single one."
    (a, b), value = places[0], w[tuple(places[0])]
    moves = {(1, 1): "The picture stays where it is.", (1, 2): "The picture moves to the left. "
             "The weight on the right copies what lies to the right.",
             (0, 1): "The picture moves down.", (2, 1): "The picture moves up."}  # fmt: skip
    if (a, b) != (1, 0):
        return moves.get((int(a), int(b)), "The picture moves along a diagonal.")
    return "" if value == 1 else f"The place is right; the weight is {value:g}: a copy needs 1."


# 09.3 ------------------------------------------------------------------------------------------


def draw_sizes(rng):
    """Draw n, k, s, p that fit; the cases known by heart first."""
    inputs = [(5, 3, 1, 0), (5, 3, 2, 1), (8, 3, 2, 0), (32, 5, 1, 2), (227, 11, 4, 0)]
    for _ in range(8):
        k, s, p = (int(v) for v in rng.integers((2, 1, 0), (8, 5, 4)))
        inputs.append((int(rng.integers(k, 60)), k, s, p))
    return inputs


def size(n, k, s, p):
    """Return how many windows fit."""
    return (n + 2 * p - k) // s + 1


SIZE = {
    "the padding stands on both sides: 2 p": lambda n, k, s, p: (n + p - k) // s + 1,
    "the padding is missing": lambda n, k, s, p: (n - k) // s + 1,
    "a window that hangs over the edge does not count: round down, //":
        lambda n, k, s, p: -(-(n + 2 * p - k) // s) + 1,
    "half a window does not count: round down, //": lambda n, k, s, p: (n + 2 * p - k) / s + 1,
    "the first window counts, too: + 1": lambda n, k, s, p: (n + 2 * p - k) // s,
    "the + 1 belongs behind the division": lambda n, k, s, p: (n + 2 * p - k + 1) // s,
    "the stride is missing": lambda n, k, s, p: n + 2 * p - k + 1,
    "the kernel is missing: a window needs k pixels": lambda n, k, s, p: (n + 2 * p) // s + 1,
}  # fmt: skip

# 09.4 ------------------------------------------------------------------------------------------


def draw_layers(rng):
    """Draw rows, columns, k, inputs, outputs; AlexNet's first layer among them."""
    inputs = [(8, 8, 3, 1, 16), (8, 8, 3, 16, 32), (55, 55, 11, 3, 96)]
    return inputs + [tuple(int(v) for v in rng.integers(2, 30, 5)) for _ in range(4)]


def count(rows, columns, k, inputs, outputs):
    """Return parameters and multiply-adds of a convolution."""
    weights = k * k * inputs * outputs
    return weights + outputs, rows * columns * weights


COUNT = {
    "the bias is counted for every place; a kernel has one, wherever it looks":
        lambda r, c, k, i, o: (k * k * i * o + r * c * o, r * c * k * k * i * o),
    "the weights are counted for every place; they are shared, that is the point":
        lambda r, c, k, i, o: (r * c * (k * k * i * o + o), r * c * k * k * i * o),
    "the channels of the input are forgotten: a kernel has k k inputs weights":
        lambda r, c, k, i, o: (k * k * o + o, r * c * k * k * o),
    "the number of kernels is forgotten: there is one for each output":
        lambda r, c, k, i, o: (k * k * i + 1, r * c * k * k * i),
    "the biases are missing: one for each kernel":
        lambda r, c, k, i, o: (k * k * i * o, r * c * k * k * i * o),
    "a bias belongs to a kernel, and there is one for each output channel":
        lambda r, c, k, i, o: (k * k * i * o + i, r * c * k * k * i * o),
    "a kernel is as high as it is wide: k k":
        lambda r, c, k, i, o: (k * i * o + o, r * c * k * i * o),
    "the multiply-adds happen at every place of the output: rows columns of them":
        lambda r, c, k, i, o: (k * k * i * o + o, k * k * i * o),
    "multiply-adds first, parameters second: they are swapped":
        lambda *values: count(*values)[::-1],
}  # fmt: skip

# 09.5 ------------------------------------------------------------------------------------------


def draw_back(rng):
    """Draw a picture, a kernel and what comes back; whole numbers first."""
    inputs = [(nice(rng, 3, 3), np.array([[1.0, 2.0], [0.0, -1.0]]), nice(rng, 2, 2))]
    for n, k in ((4, 2), (5, 3), (6, 3)):
        inputs.append(tuple(rng.normal(size=(m, m)) for m in (n, k, n - k + 1)))
    return inputs


def conv_back(x, w, dz):
    """Return dw, dx with two bugs."""
    k, m = len(w), len(dz)
    dw, dx = np.zeros_like(w), np.zeros_like(x)
    for a in range(k):
        for b in range(k):
            dw[a, b] = (x[a : a + m, b : b + m] * dz).mean()
            dx[a : a + m, b : b + m] += w[k - 1 - a, k - 1 - b] * dz
    return dw, dx


def right_back(x, w, dz):
    """Return dw, dx."""
    return _back(x, w, dz)


def _back(x, w, dz, share=False, flip=False, mirrored=False):
    k, m = len(w), len(dz)
    dw, dx = np.zeros_like(w), np.zeros_like(x)
    for a in range(k):
        for b in range(k):
            dw[a, b] = (x[a : a + m, b : b + m] * dz).sum() / (dz.size if share else 1)
            dx[a : a + m, b : b + m] += (w[::-1, ::-1] if flip else w)[a, b] * dz
    return dw[::-1, ::-1] if mirrored else dw, dx


CONV_BACK = {
    "dx is right now; dw is still a mean, and every window adds to it: a sum":
        lambda *v: _back(*v, share=True),
    "dw is right now; dx is still wrong: what w[a, b] took from x[i + a, j + b] goes back there":
        lambda *v: _back(*v, flip=True),
    "dw is mirrored; it was right but for the mean": lambda *v: _back(*v, mirrored=True),
    "dx has the kernel transposed": lambda x, w, dz: (_back(x, w, dz)[0], _back(x, w.T, dz)[1]),
    "dx takes only the last share of each pixel; all windows that saw it add up: +=":
        lambda x, w, dz: (_back(x, w, dz)[0], _last(x, w, dz)),
    "dx first, dw second: they are swapped": lambda *v: _back(*v)[::-1],
}  # fmt: skip


def _last(x, w, dz):
    k, m, dx = len(w), len(dz), np.zeros_like(x)
    for a in range(k):
        for b in range(k):
            dx[a : a + m, b : b + m] = w[a, b] * dz
    return dx


# 09.6 ------------------------------------------------------------------------------------------


def draw_pools(rng):
    """Draw pictures of even size and what comes back; with ties first."""
    inputs = [(np.array([[1.0, 3.0, 0.0, 0.0], [2.0, 3.0, 0.0, 5.0]]), np.array([[4.0, 7.0]]))]
    inputs.append((rng.integers(0, 3, (4, 4)).astype(float), nice(rng, 2, 2)))
    for rows, columns in ((1, 1), (3, 2), (2, 4)):
        inputs.append((rng.normal(size=(2 * rows, 2 * columns)), rng.normal(size=(rows, columns))))
    return inputs


def pool_back(x, dz):
    """Return dx: each window's gradient at its largest pixel, of equal ones the first."""
    dx = np.zeros_like(x)
    for i, j in np.ndindex(dz.shape):
        window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        a, b = np.unravel_index(window.argmax(), (2, 2))
        dx[2 * i + a, 2 * j + b] = dz[i, j]
    return dx


def _wide(dz):
    return np.kron(dz, np.ones((2, 2)))


def _won(x):
    rows, columns = x.shape[0] // 2, x.shape[1] // 2
    return x == _wide(x.reshape(rows, 2, columns, 2).max(axis=(1, 3)))


def _least(x, dz):
    return pool_back(-x, dz)


POOL_BACK = {
    "all four pixels get it; only the winner does, the others had no say":
        lambda x, dz: _wide(dz),
    "each of the four gets a quarter: that is the way back of a mean":
        lambda x, dz: _wide(dz) / 4,
    "of equal pixels each gets it all, so it is counted twice; the first takes it":
        lambda x, dz: _won(x) * _wide(dz),
    "of equal pixels each gets a share; here the first takes it all":
        lambda x, dz: _won(x) * _wide(dz) / _wide(_won(x).reshape(
            dz.shape[0], 2, dz.shape[1], 2).sum(axis=(1, 3))),
    "of equal pixels the last gets it; the first is agreed":
        lambda x, dz: pool_back(x[::-1, ::-1], dz[::-1, ::-1])[::-1, ::-1],
    "the smallest of each window gets it; the largest does": _least,
    "the winner gets its own value; it gets what comes back, dz":
        lambda x, dz: pool_back(x, np.ones_like(dz)) * x,
    "the winner gets 1; it gets what comes back, dz":
        lambda x, dz: pool_back(x, np.ones_like(dz)),
    "the winner's value is multiplied in; the slope of a maximum is 1":
        lambda x, dz: pool_back(x, dz) * x,
}  # fmt: skip

MODEL = """\
A weight of a convolution is used at every place of the picture: in conv1 at 55 x 55 = 3025 of them.
So few weights make many multiply-adds. A weight of a dense layer is used once for a picture: as
many multiply-adds as weights. The dense layers see 9,216 and 4,096 inputs with 4,096 neurons, each
with weights of its own, so nearly all parameters are there, and nearly no work."""

EXERCISES = {
    "09.1": FillIn("x w", draw_pictures, slide, SLIDE),
    "09.2": Explore("kernel", SOBEL, to_the_right),
    "09.3": FillIn("n k s p", draw_sizes, size, SIZE),
    "09.4": FillIn("rows columns k inputs outputs", draw_layers, count, COUNT),
    "09.5": FillIn("x w dz", draw_back, right_back, CONV_BACK, given=conv_back),
    "09.6": FillIn("x dz", draw_pools, pool_back, POOL_BACK),
    "09.7": Explain(MODEL),
}  # fmt: skip
