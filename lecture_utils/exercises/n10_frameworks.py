"""Exercises of notebook 10: frameworks."""

import numpy as np

from lecture_utils.exercises.judge import Explain, FillIn

# 10.1 ------------------------------------------------------------------------------------------


def draw_kernel(rng):
    """Draw kernels of dense layers and of convolutions, square ones and others."""
    shapes = ((2, 3), (3, 3), (2, 3, 1, 2), (3, 3, 2, 2), (3, 2, 4, 3))
    return [(rng.normal(size=shape).round(2),) for shape in shapes]


def to_torch(kernel):
    """Return a Keras kernel as PyTorch keeps it."""
    return kernel.T if kernel.ndim == 2 else kernel.transpose(3, 2, 0, 1)


TO_TORCH = {
    "for four axes .T swaps height and width, too": ("kernel.transpose(3, 2, 0, 1)", "kernel.T"),
    "in and out are swapped: out comes first": ("(3, 2, 0, 1)", "(2, 3, 0, 1)"),
    "the numbers are laid out anew, not turned: reshape keeps their order; take transpose":
        [("transpose(3, 2, 0, 1)", "reshape(*kernel.shape[:1:-1], *kernel.shape[:2])"),
         lambda kernel: kernel.reshape(to_torch(kernel).shape),
         lambda kernel: kernel.reshape(kernel.shape[::-1])],
    "a dense weight must be turned, too: (in, out) to (out, in)": ("kernel.T", "kernel"),
    "nothing is turned": lambda kernel: kernel,
    "height and width belong last": ("(3, 2, 0, 1)", "(3, 0, 1, 2)"),
}  # fmt: skip

# 10.2 ------------------------------------------------------------------------------------------


def draw_tape(rng):
    """Draw tapes: x x at 3, a chain, a value used twice far apart, many of both."""
    x = ("x", ())
    tapes = [
        (x, ("y", (("x", 3.0), ("x", 3.0)))),
        (x, ("u", (("x", 2.0),)), ("y", (("u", 5.0),))),
        (x, ("u", (("x", 2.0),)), ("v", (("u", 3.0),)), ("y", (("v", 1.0), ("x", 4.0)))),
    ]
    for n in (5, 8):
        tape = [("u0", ())]
        for k in range(1, n):
            used = sorted({k - 1, *rng.integers(0, k, 2).tolist()})
            tape.append((f"u{k}", tuple((f"u{j}", float(rng.integers(1, 4))) for j in used)))
        tapes.append(tuple(tape))
    return [(tape,) for tape in tapes]


def slopes_of(tape):
    """Return the derivative of the last entry by each, in the order of the tape."""
    slopes = {name: 0.0 for name, _ in tape}
    slopes[tape[-1][0]] = 1.0
    for name, parts in reversed(tape):
        for other, factor in parts:
            slopes[other] += slopes[name] * factor
    return list(slopes.values())


TAPE_BUGS = {
    "shares add up now; the tape still begins with its first entry": ("reversed(tape)", "tape"),
    "the order is right now; shares of what is used twice still overwrite each other": ("+=", "="),
}  # fmt: skip
SLOPES = {
    "the result's own slope is 1": ("= 1.0", "= 0.0"),
    "the slopes are asked for in the order of the tape": ("values())", "values())[::-1]"),
    "a share is the slope times the factor, not their sum": ("[name] * factor", "[name] + factor"),
}

# 10.3 ------------------------------------------------------------------------------------------


def draw_classes(rng):
    """Draw a number of classes."""
    return [(2,), (10,), (1000,), *((int(k),) for k in rng.integers(3, 200, 4))]


def least_loss(k):
    """Return the least loss."""
    return np.log(1 + (k - 1) / np.e)


LEAST = {
    "the loss is minus the logarithm": ("np.log", "-np.log"),
    "the other scores are 0, and e to the 0 is 1, not 0": lambda k: 0.0,
    "this is the loss of equal chances, ln k; the right class has score 1, the others 0":
        ("1 + (k - 1) / np.e", "k"),
    "k - 1 others, not k": ("(k - 1)", "k"),
    "this is the chance; the loss is minus its logarithm": ("np.log", "1 / "),
    "the loss takes the natural logarithm": [("log", "log10"), ("log", "log2")],
}  # fmt: skip

# 10.5 ------------------------------------------------------------------------------------------


def draw_parts(rng):
    """Draw mean gradients of parts of a batch, one a row, and how many samples each part has."""
    inputs = [(np.array([[6.0, 0.0], [0.0, 4.0]]), np.array([1, 3]))]
    for parts, length in ((2, 3), (3, 1), (4, 5)):
        sizes = np.cumsum(rng.integers(1, 20, parts))  # no two alike
        inputs.append((rng.normal(size=(parts, length)), sizes))
    return inputs


def whole_gradient(gradients, sizes):
    """Return the gradient of the mean loss of the whole batch."""
    return sum(n * g for n, g in zip(sizes, gradients, strict=True)) / sum(sizes)


WHOLE = {
    "here each part counts alike; one of 3 samples weighs less than one of 30":
        ("n * g", "g", "sum(sizes)", "len(sizes)"),
    "this is their plain sum, as .grad has it without a division":
        ("n * g", "g", " / sum(sizes)", ""),
    "this is the gradient of the sum of all losses; their mean is asked for": (" / sum(sizes)", ""),
    "divide by the number of samples, not by that of the parts": ("sum(sizes)", "len(sizes)"),
    "the parts are not weighted by their sizes": ("n * g", "g"),
}  # fmt: skip

# 10.6 ------------------------------------------------------------------------------------------


def draw_costs(rng):
    """Draw what the calls and the products cost in two libraries; whole numbers first."""
    inputs = [(1.0, 0.5, 9.0, 0.0), (2.0, 3.0, 77.0, 0.0)]
    for _ in range(4):
        few, more, fast, slower = (float(v) for v in rng.uniform(0.1, 5.0, 4))
        inputs.append((few, fast + slower, few + more, fast))
    return inputs


def crossing(calls_a, product_a, calls_b, product_b):
    """Return the width from which on library b is faster."""
    return np.sqrt((calls_b - calls_a) / (product_a - product_b))


CROSSING = {
    "this is the width squared, or half of it: ** 0.5": [("np.sqrt", ""), ("np.sqrt", "0.5 * ")],
    "it need not be whole": ("np.sqrt", "np.ceil(np.sqrt", "product_b))", "product_b)))"),
    "a's own calls are forgotten: only the difference has to be made up for":
        ("(calls_b - calls_a)", "calls_b"),
    "b's products are forgotten, they take time, too": ("(product_a - product_b)", "product_a"),
    "upside down: the more the calls differ, the later they cross": lambda *v: 1 / crossing(*v),
}  # fmt: skip

MODEL = """\
(a) NumPy: every line is to be read, and nothing takes time. (b) NumPy, or the bare products: for
one sample the calls cost more than the products, and a framework makes more of them. (c) A
framework on graphics cards: 0.7 billion multiply-adds a picture, a million pictures, many epochs;
convolutions are its home ground."""

EXERCISES = {
    "10.1": FillIn(draw_kernel, to_torch, TO_TORCH),
    "10.2": FillIn(draw_tape, slopes_of, SLOPES, TAPE_BUGS),
    "10.3": FillIn(draw_classes, least_loss, LEAST),
    "10.4": Explain(MODEL),
    "10.5": FillIn(draw_parts, whole_gradient, WHOLE),
    "10.6": FillIn(draw_costs, crossing, CROSSING),
}
