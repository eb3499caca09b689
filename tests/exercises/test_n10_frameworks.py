"""Exercises of notebook 10: the numbers worked by hand, and what SciPy's convolution says."""

import numpy as np
from scipy.signal import correlate

from lecture_utils import check
from lecture_utils.exercises.n10_frameworks import EXERCISES
from tests.helpers.oracles import torch

RIGHT = {number: e.right for number, e in EXERCISES.items() if hasattr(e, "right")}


def test_the_hand_worked_examples():
    x_squared = [("x", []), ("y", [("x", 3.0), ("x", 3.0)])]
    assert RIGHT["10.2"](x_squared) == [6.0, 1.0]
    branches = [("x", []), ("u", [("x", 2.0)]), ("y", [("u", 5.0), ("x", 1.0)])]
    assert RIGHT["10.2"](branches) == [11.0, 5.0, 1.0]
    assert np.isclose(RIGHT["10.3"](10), 1.4611500)
    assert np.isclose(RIGHT["10.3"](2), np.log1p(1 / np.e))


def test_a_turned_kernel_sees_the_same():
    rng = np.random.default_rng(0)
    kernel, picture = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(6, 7, 4))
    turned = RIGHT["10.1"](kernel)
    for out in range(5):
        mine = sum(correlate(picture[..., c], kernel[:, :, c, out], "valid") for c in range(4))
        theirs = sum(correlate(picture[..., c], turned[out, c], "valid") for c in range(4))
        assert np.allclose(mine, theirs)


def test_a_kernel_in_pytorch_is_the_layer_of_the_package():
    rng = np.random.default_rng(1)
    x, W = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    theirs = torch.nn.functional.linear(torch.tensor(x), torch.tensor(RIGHT["10.1"](W).copy()))
    assert np.allclose(theirs, x @ W)


def test_a_plain_transpose_of_a_square_kernel_is_caught():
    verdict = check("10.1", lambda kernel: kernel.T)
    assert verdict.state == "not yet"
    assert "height and width" in verdict.words
