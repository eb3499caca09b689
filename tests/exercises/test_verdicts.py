"""What a verdict says: common slips by name, values in few lines."""

import warnings

import numpy as np
import pytest

from lecture_utils import check, sigmoid
from lecture_utils.exercises.showing import show
from lecture_utils.exercises.slips import edited
from tests.exercises.test_judge import Unseen
from tests.helpers.exercise_notebooks import EXERCISES, FUNCTIONS, solved


def patience(losses, patience, least):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best] - least:
            best = epoch
        else:
            waited += 1
        if waited >= patience:
            break
    return best


SLIPS = {
    "parentheses of the line": ("01.2", lambda b0, b1, x, y: np.mean((y - b0 + b1 * x) ** 2),
        "in parentheses"),
    "the 3 without its 2": ("03.1", lambda start, step, steps: np.array(
        [p := start] + [p := p - step * (2 * p - 3) for _ in range(steps)]), "2 * theta - 6"),
    "a derivative that goes round the bend": ("07.6", lambda dA, X, Z, W: (
        X.T @ (dA * (Z > 0)), dA.sum(0), dA * (Z > 0) @ W.T), "not dA"),
    "labels for rows": ("07.7", lambda Z, y: (solved("07.7")(Z, y)[0], (
        np.exp(Z - Z.max(1, keepdims=True)) / np.exp(Z - Z.max(1, keepdims=True)).sum(
            1, keepdims=True) - y) / len(y)), "a row of zeros and one 1"),
    "replaced first": ("08.1", lambda X, new: (
        lambda X: (X, (new - X.mean(axis=0)) / X.std(axis=0)))(
            (X - X.mean(axis=0)) / X.std(axis=0)), "replaced first"),
    "smallest and largest": ("08.1", lambda X, new: tuple(
        (A - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0)) for A in (X, new)), "smallest"),
    "plus the decay": ("08.2", lambda W, b, dW, db, step, lam: (
        W - step * dW + lam * W, b - step * db), "1 - step * lam"),
    "reshape": ("10.1", lambda kernel: kernel.T if kernel.ndim == 2 else kernel.reshape(
        kernel.shape[3], kernel.shape[2], *kernel.shape[:2]), "reshape"),
    "reshape all": ("10.1", lambda kernel: kernel.reshape(kernel.shape[::-1]), "reshape"),
    "entry by entry": ("06.1", lambda W1, b1, W2, b2: (W1 * W2, b1 * W2 + b2), "entry by entry"),
    "max of an array": ("06.2", lambda z: (max(0, z), z > 0), "np.maximum"),
    "if of an array": ("06.5", lambda z, leak: z if z > 0 else leak * z, "np.where"),
    "math of an array": ("06.3", lambda z: __import__("math").exp(z), "np.exp"),
    "shapes": ("07.1", lambda X, W, b: X @ W.T @ W.T @ np.ones(77), "the shapes do not fit"),
    "arguments": ("03.6", lambda X, y: 1.0, "what the task gives it: A."),
    "the first row is shared": ("03.7", edited(FUNCTIONS["03.7"].right,
        ("[theta.copy()]", "[theta]")), "the first row"),
    "the first weights are shared": ("05.9", edited(FUNCTIONS["05.9"].right,
        ("[w.copy()]", "[w]")), "the first row"),
    "kept from 0": ("02.5", lambda z, y: -(y * np.log(np.clip(sigmoid(z), 1e-9, 1 - 1e-9)) + (
        1 - y) * np.log(1 - np.clip(sigmoid(z), 1e-9, 1 - 1e-9))).mean(), "away from 0"),
    "moved from 0": ("02.5", lambda z, y: -(y * np.log(sigmoid(z) + 1e-10) + (
        1 - y) * np.log(1 - sigmoid(z) + 1e-10)).mean(), "away from 0"),
    "the mean squared": ("01.2", lambda b0, b1, x, y: np.mean(y - b0 - b1 * x) ** 2, "first"),
    "parentheses of the slopes": ("01.4", lambda b0, b1, x, y: (
        -2 * np.mean(y - b0 + b1 * x), -2 * np.mean(x * (y - b0 + b1 * x))), "in parentheses"),
    "the loss for its slope": ("03.1", lambda start, step, steps: np.array(
        [p := start] + [p := p - step * (p - 3) ** 2 for _ in range(steps)]), "off the loss"),
    "a bend on one way": ("07.6", lambda dA, X, Z, W: (
        X.T @ (dA * (Z > 0)), (dA * (Z > 0)).sum(0), dA @ W.T), "not dA"),
    "half a leak": ("08.1", lambda X, new: (
        (X - X.mean(0)) / X.std(0), (new - new.mean(0)) / X.std(0)), "a leak"),
    "patience without end": ("08.6", patience, "go on counting"),
    "half a window rounded": ("09.3", lambda n, k, s, p: round((n + 2 * p - k) / s) + 1, "//"),
    "the top layer first": ("09.8", lambda layers: solved("09.8")(layers[::-1]), "comes first"),
    "brackets about 1 - p": ("08.5", lambda A, u, p, training:
        A * (u >= p) / 1 - p if training else A, "needs brackets"),
    "the chance moved from 0": ("07.7", edited(FUNCTIONS["07.7"].right, (
        "np.log(total[:, 0]) - Z[rows, y]", "-np.log(P[rows, y] + 1e-12)")), "a guess"),
    "left of the crease only": ("07.4", lambda c: (np.array([[1.0, -1.0]]), np.array([-c, c]),
        np.array([[0.0], [1.0]]), np.zeros(1)), "one neuron is idle"),
    "e^-z on one side": ("02.5", lambda z, y: np.mean(
        np.log(1 + np.exp(-z)) + (1 - y) * z), "e^-z for very negative z"),
    "one array for all rows": ("04.4", edited(FUNCTIONS["04.4"].right, (
        "theta = theta -", "theta -=")), "one array"),
    "one array for all rows downhill": ("03.8", edited(FUNCTIONS["03.8"].right, (
        "theta = theta -", "theta -=")), "one array"),
    "beta for its power": ("04.8", edited(FUNCTIONS["04.8"].right, ("beta**t", "beta")),
        "not 1 - beta"),
    "Adam's m is lost": ("04.8", edited(FUNCTIONS["04.8"].right, (
        "m / (1 - beta**t)", "m", "theta = theta", "m = m / (1 - beta**t)\n        theta = theta")),
        "overwritten by its corrected value"),
}  # fmt: skip


@pytest.mark.parametrize(("number", "answer", "words"), SLIPS.values(), ids=SLIPS)
def test_a_common_slip_has_a_name(number, answer, words):
    for seed in range(3):
        verdict = check(number, answer, seed)
        assert verdict.state == "not yet"
        assert words in verdict.words.partition("Likely slip: ")[2]


def test_an_edit_that_changes_nothing_is_refused_and_told_what_there_is():
    with pytest.raises(ValueError, match=r"^edit must .*, got 'speed'; try some of: def walk"):
        edited(FUNCTIONS["03.1"].right, ("speed", "step"))


# --- what is shown ---


def test_the_verdict_shows_input_result_expectation_and_slip():
    first, *rest = repr(check("05.2", lambda w, b, x, label: (w, b), 0)).splitlines()
    assert first == "05.2: not yet. The first input that fails:"
    assert rest == [
        "w         [2. 1.]",
        "b         1",
        "x         [-1.  1.]",
        "label     -1",
        "got       ([2. 1.], 1)",
        "expected  ([3. 0.], 0)",
    ]
    shapes = check("05.1", lambda X, w, b: np.sign(X @ w + b)[None], 0).words
    assert "the shape must be (3,), got (1, 3)" in shapes
    assert "give back 2 things" in check("05.2", lambda w, b, x, label: 1.0).words
    assert "ZeroDivisionError in line" in check("05.1", lambda X, w, b: 1 / 0).words
    assert (
        "the sign: you have minus" in check("05.5", lambda *v: -EXERCISES["05.5"].right(*v)).words
    )


@pytest.mark.parametrize(
    ("number", "answer", "words"),
    [
        ("05.5", lambda w, X, y: print(end=""), "nothing is given back; is there a return, on"),
        ("05.5", lambda w, X, y: np.full(len(w), np.nan), "a result is nan"),
        ("05.5", lambda w, X, y: w > 9, "numbers are asked for, not True and False"),
        ("05.5", lambda w, X, y: w[None], "the shape must be (2,), got (1, 2)"),
        ("05.8", lambda w, b: (w.T[None], b[0]), "the shape must be (2,), got (1, 2, 4)"),
        (
            "05.9",
            lambda X, y: (X[[0, 0, 1, 2, 3]].T, y),
            "the shape must be (5, 2), got (2, 5); is",
        ),
        (
            "06.6",
            lambda *v: [1.0, (2.0, 3.0)],
            "give back real numbers, in one array; got 2",
        ),
        ("10.6", lambda *v: 1j, "give back real numbers, got complex"),
        ("10.2", lambda tape: dict(tape).values(), "give back real numbers, got dict_values"),
        ("05.11", lambda weights, bias: None, "None stands where a number is expected"),
        ("02.6", lambda *v: FUNCTIONS["02.6"].right(*v)[::-1], "the results are right, but in the"),
        (
            "07.2",
            lambda sizes: sizes.pop(0) and solved("07.2")(sizes),
            "your function changes what",
        ),
        ("04.1", lambda n, batch, seed: 3, "give back what the task names"),
    ],
)
def test_a_wrong_form_is_named(number, answer, words):
    assert f"Likely slip: {words}" in check(number, answer, 0).words


def test_values_are_shown_in_few_lines():
    assert show(np.zeros((2, 2))) == "[[0. 0.]\n [0. 0.]]"
    assert show(np.zeros((100, 9))).endswith("]]   shape (100, 9)")
    assert show(np.zeros((100, 9))).count("\n") == 4
    assert show((1.0, "a", None, Unseen())) == "(1, 'a', None, something of type Unseen)"
    assert show(list(range(99))).endswith("18, 19, ...]")
    assert show(np.array([1.0, 6.9e-13])) == "[1. 0.]"
    assert show(np.array([6.9e-13])) == "[6.9e-13]"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.int64(3), "3"),
        (np.float32(0.1), "0.1"),
        (np.True_, "True"),
        (np.str_("a"), "'a'"),
        ([np.int64(3), (np.float64(0.5), np.False_)], "[3, (0.5, False)]"),
        ({"n": np.int64(3)}, "{'n': 3}"),
        (np.array([np.int64(3), None], dtype=object), "[3, None]"),
        (np.array(3), "3"),
    ],
)
def test_numbers_of_numpy_are_shown_as_numbers(value, words):
    assert show(value) == words
    assert f"got       {words}\n" in check("05.1", lambda X, w, b: value, 0).words


def test_a_warning_of_the_readers_code_is_no_error():
    def predict(X, w, b):
        warnings.warn("old", DeprecationWarning, stacklevel=2)
        return np.sign(X @ w + b) + 0 * np.log(0 * w[0])

    assert "Likely slip: a result is nan" in check("05.1", predict).words


@pytest.mark.parametrize("more", [0.0, 0.1])
def test_a_function_that_changes_its_input_is_told(more):
    def see(w, b, x, label):
        if label * (w @ x + b) <= 0:
            w += label * x
            b += label
        return w, b + more  # also where the result is wrong and has no other name

    assert "changes what it is given" in check("05.2", see).words
