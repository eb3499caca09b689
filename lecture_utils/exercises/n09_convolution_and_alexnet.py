"""Exercises of notebook 09: convolution and AlexNet."""

import numpy as np

from lecture_utils.exercises.draws import nice, normals
from lecture_utils.exercises.judge import Explain, Explore, FillIn

# 09.1 ------------------------------------------------------------------------------------------


def draw_pictures(rng):
    """Draw a picture and a kernel: the ramp first, then square and oblong ones."""
    inputs = [(np.arange(16.0).reshape(4, 4), np.array([[1.0, 0.0], [0.0, -1.0]]))]
    inputs.append((nice(rng, 4, 4), np.array([[1.0, 2.0], [0.0, -1.0]])))
    return inputs + [normals(rng, shape, (k, k)) for *shape, k in ((5, 5, 3), (3, 6, 2), (7, 4, 4))]


def slide(x, w):
    """Return the weighted sum of each window."""
    k = len(w)
    rows, columns = x.shape[0] - k + 1, x.shape[1] - k + 1
    z = np.zeros((rows, columns))
    for r in range(k):
        for c in range(k):
            z += w[r, c] * x[r : r + rows, c : c + columns]
    return z


SLIDE = {
    "the kernel is flipped: that is convolution as mathematicians write it; w[r, c] meets "
    "x[i + r, j + c]": ("w[r, c]", "w[k - 1 - r, k - 1 - c]"),
    "the kernel is transposed: r counts rows in w and in x": ("w[r, c]", "w[c, r]"),
    "the last row and the last column of windows are missing: n - k + 1 of them fit":
        ("return z", "return z[:-1, :-1]"),
    "zeros were put around the picture; here only windows that fit are asked for":
        ("k = len(w)\n", "k = len(w)\n    x = np.pad(x, k - 1)\n"),
    "the windows lie side by side; they overlap, one pixel from one to the next":
        ("return z", "return z[::k, ::k]"),
    "the mean of the products; their sum is asked for": ("return z", "return z / k**2"),
    "the weights are missing: this is the sum of each window": ("w[r, c] * ", ""),
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
    inputs = [(5, 3, 1, 0), (5, 3, 2, 1), (10, 3, 2, 0), (8, 3, 3, 0), (227, 11, 4, 0)]
    for _ in range(8):
        k, s, p = (int(v) for v in rng.integers((2, 1, 0), (8, 5, 4)))
        inputs.append((int(rng.integers(k, 60)), k, s, p))
    return inputs


def size(n, k, s, p):
    """Return how many windows fit."""
    return (n + 2 * p - k) // s + 1


SIZE = {
    "the padding stands on both sides: 2 p": ("2 * p", "p"),
    "the padding is missing": (" + 2 * p", ""),
    "a window that hangs over the edge does not count: round down, //":
        [("(n + 2 * p - k) // s", "-(-(n + 2 * p - k) // s)"),
         ("(n + 2 * p - k) // s", "round((n + 2 * p - k) / s)")],
    "half a window does not count: round down, //": ("//", "/"),
    "the first window counts, too: + 1": (" // s + 1", " // s"),
    "the + 1 belongs behind the division": (") // s + 1", " + 1) // s"),
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
        ("weights + outputs", "weights + rows * columns * outputs"),
    "the weights are counted for every place; they are shared, that is the point":
        ("weights + outputs", "rows * columns * (weights + outputs)"),
    "the channels of the input are forgotten: a kernel has k k inputs weights": (" * inputs", ""),
    "the number of kernels is forgotten: outputs": (" * outputs", "", "+ outputs", "+ 1"),
    "the biases are missing: one for each kernel": (" + outputs", ""),
    "a bias belongs to a kernel: one for each output channel": ("+ outputs", "+ inputs"),
    "the multiply-adds happen at every place of the output: rows columns of them":
        (" rows * columns * weights", " weights"),
    "biases are added, not multiplied: they are not counted as multiply-adds":
        ("columns * weights", "columns * (weights + outputs)"),
}  # fmt: skip

# 09.5 ------------------------------------------------------------------------------------------


def draw_back(rng):
    """Draw a picture, a kernel and what comes back; whole numbers first."""
    inputs = [(nice(rng, 3, 3), np.array([[1.0, 2.0], [0.0, -1.0]]), nice(rng, 2, 2))]
    sizes = (4, 2), (5, 3), (6, 3)
    return inputs + [normals(rng, (n, n), (k, k), (n - k + 1, n - k + 1)) for n, k in sizes]


def conv_back(x, w, dz):
    """Return dw, dx."""
    k, m = len(w), len(dz)
    dw, dx = np.zeros_like(w), np.zeros_like(x)
    for r in range(k):
        for c in range(k):
            dw[r, c] = (x[r : r + m, c : c + m] * dz).sum()
            dx[r : r + m, c : c + m] += w[r, c] * dz
    return dw, dx


CONV_BUGS = {
    "dx is right now; dw is still a mean, and every window adds to it: a sum": ("sum()", "mean()"),
    "dw is right now; dx is still wrong: what w[r, c] took from x[i + r, j + c] goes back there":
        ("w[r, c] * dz", "w[k - 1 - r, k - 1 - c] * dz"),
}  # fmt: skip
CONV_BACK = {
    "dw is mirrored; it was right but for the mean": ("return dw", "return dw[::-1, ::-1]"),
    "dx has the kernel transposed": ("w[r, c] * dz", "w[c, r] * dz"),
    "dx takes only the last share of each pixel; all windows that saw it add up: +=": ("+=", "="),
}

# 09.6 ------------------------------------------------------------------------------------------


def draw_pools(rng):
    """Draw pictures of even size and what comes back; with ties first."""
    inputs = [(np.array([[1.0, 3.0, 0.0, 0.0], [2.0, 3.0, 0.0, 5.0]]), np.array([[4.0, 7.0]]))]
    inputs.append((np.array([[1.0, 3.0, -2.0, -1.0], [3.0, 2.0, -3.0, -4.0]]), np.ones((1, 2))))
    inputs.append((rng.integers(0, 3, (4, 4)).astype(float), nice(rng, 2, 2)))
    for rows, columns in ((1, 1), (3, 2), (2, 4)):
        inputs.append((rng.normal(size=(2 * rows, 2 * columns)), rng.normal(size=(rows, columns))))
    return inputs


def pool_back(x, dz):
    """Return dx: each window's gradient at its largest pixel, of equal ones the first."""
    dx = np.zeros_like(x)
    for i, j in np.ndindex(dz.shape):
        window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
        r, c = np.unravel_index(window.argmax(), (2, 2))
        dx[2 * i + r, 2 * j + c] = dz[i, j]
    return dx


_EACH = ("[2 * i + r, 2 * j + c]", "[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]")
_ALL = "(window == window.max())"
POOL_BACK = {
    "all four pixels get it; only the winner does, the others had no say": _EACH,
    "a quarter for each: the way back of a mean": (*_EACH, "= dz[i, j]", "= dz[i, j] / 4"),
    "of equal pixels each gets it all, so it is counted twice; the first takes it":
        (*_EACH, "= dz[i, j]", f"= dz[i, j] * {_ALL}"),
    "of equal pixels each gets a share; here the first takes it all":
        (*_EACH, "= dz[i, j]", f"= dz[i, j] * {_ALL} / {_ALL}.sum()"),
    "of equal pixels the last gets it; the first is agreed":
        ("window.argmax()", "3 - window[::-1, ::-1].argmax()"),
    "of equal pixels the first by rows, not columns": ("r, c", "c, r", "window.a", "window.T.a"),
    "a window may lie below 0: begin with its own pixel": ("window.a", "np.maximum(window, 0).a"),
    "the smallest of each window gets it; the largest does": ("argmax", "argmin"),
    "the winner gets what comes back, dz": [("= dz[i, j]", f"= {w}") for w in ("window.max()", 1)],
}  # fmt: skip

# 09.8 ------------------------------------------------------------------------------------------


def draw_stacks(rng):
    """Draw stacks of (k, s), the lowest layer first; AlexNet's beginning among them."""
    stacks = [((3, 1), (3, 1)), ((2, 2), (3, 1)), ((11, 4), (3, 2), (5, 1), (3, 2))]
    for depth in (3, 4, 5):
        pairs = rng.integers((2, 1), (6, 4), (depth, 2))
        stacks.append(tuple((int(k), int(min(k, s))) for k, s in pairs))  # no gaps
    return [(stack,) for stack in stacks]


def field(layers):
    """Return how many pixels, along a side, one neuron on top of the stack depends on."""
    seen, jump = 1, 1
    for k, s in layers:
        seen, jump = seen + (k - 1) * jump, jump * s
    return seen


FIELD = {
    "strides are forgotten: above a stride of 2 two neighbours are two pixels apart":
        ("jump * s", "jump"),
    "a stride counts for the layers above it, not for its own window":
        ("(k - 1) * jump", "(k - 1) * jump * s"),
    "the lowest layer comes first": ("in layers", "in layers[::-1]"),
    "strides multiply: 2 above 4 are 8 pixels": ("jump * s", "jump + s - 1"),
    "a window adds k - 1 steps to what one neuron sees, not k": ("(k - 1)", "k"),
    "without a layer one pixel is seen: begin with 1": ("seen, jump = 1, 1", "seen, jump = 0, 1"),
    "this is how far two neighbours on top are apart": ("return seen", "return jump"),
}  # fmt: skip

# 09.9 ------------------------------------------------------------------------------------------


def draw_two_kernels(rng):
    """Draw two square kernels; small whole numbers first."""
    inputs = [(nice(rng, 2, 2), np.array([[1.0, 2.0], [0.0, -1.0]]))]
    return inputs + [normals(rng, (n, n), (k, k)) for n, k in ((3, 3), (2, 4), (5, 2))]


def compose(w1, w2):
    """Return the kernel that does at once what w1 and then w2 do."""
    n, k = len(w1), len(w2)
    both = np.zeros((n + k - 1, n + k - 1))
    for r in range(k):
        for c in range(k):
            both[r : r + n, c : c + n] += w2[r, c] * w1
    return both


COMPOSE = {
    "shares that meet at one pixel add up: +=": ("+=", "="),
    "the second kernel is flipped": ("w2[r, c]", "w2[k - 1 - r, k - 1 - c]"),
    "the second kernel is transposed": ("w2[r, c]", "w2[c, r]"),
    "the first kernel is flipped": ("* w1", "* w1[::-1, ::-1]"),
    "the rim is missing: together they see n + k - 1 pixels":
        ("return both", "return both[1:-1, 1:-1]"),
}  # fmt: skip

MODEL = """\
A weight of a convolution is used at every place of the picture: in conv1 at 55 x 55 = 3025 of them.
So few weights make many multiply-adds. A weight of a dense layer is used once for a picture: as
many multiply-adds as weights. The dense layers see 9,216 and 4,096 inputs with 4,096 neurons, each
with weights of its own, so nearly all parameters are there, and nearly no work."""

EXERCISES = {
    "09.1": FillIn(draw_pictures, slide, SLIDE),
    "09.2": Explore("kernel", SOBEL, to_the_right),
    "09.3": FillIn(draw_sizes, size, SIZE),
    "09.4": FillIn(draw_layers, count, COUNT),
    "09.5": FillIn(draw_back, conv_back, CONV_BACK, CONV_BUGS),
    "09.6": FillIn(draw_pools, pool_back, POOL_BACK),
    "09.7": Explain(MODEL),
    "09.8": FillIn(draw_stacks, field, FIELD),
    "09.9": FillIn(draw_two_kernels, compose, COMPOSE),
}
