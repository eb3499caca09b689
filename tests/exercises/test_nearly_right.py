"""What is nearly right is not right: in a hundred of a hundred runs, and told how near it comes."""

import functools

import numpy as np
import pytest

from lecture_utils import check
from lecture_utils.exercises.slips import edited
from tests.helpers.exercise_notebooks import FUNCTIONS, solved


def five_points(x, w, b, h=1e-3):
    chain = functools.partial(functools.reduce, lambda a, layer: np.tanh(layer[0] * a + layer[1]))
    layers = list(zip(w, b, strict=True))
    near, far = (chain(layers, x + k) - chain(layers, x - k) for k in (h, 2 * h))
    return (8 * near - far) / (12 * h)


def adagrad(below):
    return edited(FUNCTIONS["04.7"].right, ("(np.sqrt(s) + 1e-10)", below))


WRONG = {  # nearly right: the telling input must be drawn every time
    "the root of s and 1e-10": ("04.7", adagrad("np.sqrt(s + 1e-10)"), "outside of the root"),
    "1e-10 is missing": ("04.7", adagrad("np.sqrt(s)"), "is missing"),
    "1e-8 for 1e-10": ("04.7", adagrad("(np.sqrt(s) + 1e-8)"), ""),
    "one more than rounded down": ("03.4", lambda kappa, small:
        int(np.log(small) / np.log(1 - 1 / kappa)) + 1, "one step too many"),
    "cut at 28": ("02.1", lambda z: 1 / (1 + np.exp(-np.clip(z, -28, 28))), "e-13 stands where"),
    "cut at 30": ("02.1", lambda z: 1 / (1 + np.exp(-np.clip(z, -30, 30))), "stands where"),
    "largest of the whole array": ("07.7", edited(FUNCTIONS["07.7"].right,
        ("max(axis=1, keepdims=True)", "max()")), "of the whole array"),
    "a threshold that is not 0": ("02.1", edited(FUNCTIONS["02.1"].right, ("z < 0", "z < 1")), ""),
    "a slope of 1 at the kink": ("06.2", edited(FUNCTIONS["06.2"].right, ("z > 0", "z >= 0")), ""),
    "a first try of 20": ("03.8", edited(FUNCTIONS["03.8"].right, ("10.0", "20.0")), ""),
    "begun at epoch 1": ("08.6", edited(FUNCTIONS["08.6"].right, ("best = 0", "best = 1")), ""),
    "a gain of just least": ("08.6", edited(FUNCTIONS["08.6"].right,
        ("value < losses", "value <= losses")), "an equal loss"),
    "a billionth too much": ("06.3", lambda z: np.logaddexp(0, z) * (1 + 1e-8),
        "right to"),
    "the lowest loss of all": ("08.6", edited(FUNCTIONS["08.6"].right, (
        "best = 0", "best, low = 0, losses[0]", "losses[best]", "low",
        "        if epoch -", "        low = min(low, value)\n        if epoch -")),
        "small gains add up"),
    "the last epoch unseen": ("08.6", lambda losses, patience, least:
        solved("08.6")(losses[:-1], patience, least), "the last epoch"),
    "ties by columns": ("09.6", edited(FUNCTIONS["09.6"].right, ("window.argmax(), (2, 2))",
        "window.T.argmax(), (2, 2))[::-1]")), "by rows"),
    "the largest, from 0 on": ("09.6", edited(FUNCTIONS["09.6"].right, ("window.argmax",
        "np.maximum(window, 0).argmax")), "below 0"),
    "square layers only": ("06.1", lambda W1, b1, W2, b2: (
        np.zeros_like(W1) + W1 @ W2, b1 @ W2 + b2), ""),
    "whole numbers of np.vectorize": ("06.2", lambda z: (
        np.vectorize(lambda t: max(0, t))(z), z > 0), "type of its first result"),
    "inf for 1000": ("06.3", lambda z: np.nan_to_num(np.log1p(np.exp(z)), posinf=1000.0), ""),
    "nothing below -25": ("06.3", lambda z: np.where(z < -25, 0, np.logaddexp(0, z)), ""),
    "a difference of five": ("06.10", five_points, "right to"),
    "right near the crease only": ("07.4", lambda c: (np.array([[1.0, -2.0]]), np.array(
        [1000 - c, 2 * c]), np.ones((2, 1)), np.array([-1000.0])), "at x = -10000 it gives"),
    "the first eigenvalue": ("03.6", lambda A:
        2 / np.linalg.eigvals(2 * A.T @ A / len(A))[0], "in no order"),
    "a seed of one's own": ("04.1", lambda n, batch, seed: solved("04.1")(n, batch, 42),
        "the same whatever the seed"),
    "no seed": ("04.1", lambda n, batch, seed: solved("04.1")(n, batch, None), "two orders"),
    "backwards": ("04.1", lambda n, batch, seed: [
        np.arange(n)[::-1][start : start + batch] for start in range(0, n, batch)], "shuffle"),
    "rolled": ("04.1", lambda n, batch, seed: [np.roll(np.arange(n), 1 + seed)[
        start : start + batch] for start in range(0, n, batch)], "shuffle"),
    "one more than the whole part": ("04.11", edited(FUNCTIONS["04.11"].right, (
        "int(np.ceil(enough))", "int(enough) + 1")), "and one more"),
    "weights alone": ("05.11", edited(FUNCTIONS["05.11"].right, ("states[i] != states[i - 1]",
        "(weights[i] != weights[i - 1]).any()")), "the bias alone moves"),
    "the root before the correction": ("04.8", edited(FUNCTIONS["04.8"].right, (
        "np.sqrt(s / (1 - rho**t))", "np.sqrt(s) / (1 - rho**t)")), "of the corrected s"),
    "a tiny result with the wrong size": ("10.3", lambda k: np.log(1 + (k - 1) / np.e) + 1e-8,
        "right to"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("number", "answer", "words"), WRONG.values(), ids=WRONG)
def test_a_nearly_right_answer_is_wrong_in_a_hundred_of_a_hundred_runs(number, answer, words):
    for seed in range(100):
        verdict = check(number, answer, seed)
        assert verdict.state == "not yet", seed
        assert words in verdict.words


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("01.4", lambda b0, b1, x, y: tuple(
            (np.mean((y - b0 - h - (b1 + k) * x) ** 2) - np.mean((y - b0 - b1 * x) ** 2)) / 1e-7
            for h, k in ((1e-7, 0.0), (0.0, 1e-7)))),
        ("02.2", lambda z: (np.tanh((z + 1e-5) / 2) - np.tanh((z - 1e-5) / 2)) / 4e-5),
    ],
)  # fmt: skip
def test_a_finite_difference_is_told_how_near_it_comes(number, answer):
    verdict = check(number, answer, 0)
    assert verdict.state == "not yet"
    assert "asked for exactly" in verdict.words
    assert int(verdict.words.split("right to ")[1].split()[0]) in range(4, 12)
