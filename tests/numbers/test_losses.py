"""Each loss against PyTorch and scikit-learn, its gradient measured, its labels checked."""

import numpy as np
import pytest
from hypothesis import given
from sklearn.metrics import accuracy_score, hinge_loss, log_loss

from lecture_utils.numbers.differences import check_gradient
from lecture_utils.numbers.losses import LOSSES, accuracy
from tests.helpers.oracles import torch
from tests.helpers.strategies import matrices, normal, seeds, sizes

Z = normal((7, 3))
NUMBERS = normal((7, 3), seed=1)
LABELS = np.array([0, 1, 2, 2, 1, 0, 1])
CHANCES = np.round(np.random.default_rng(2).random((7, 3)), 2)
SIGNS = np.where(NUMBERS > 0, 1.0, -1.0)
CASES = {
    "squared": NUMBERS,
    "absolute": NUMBERS,
    "huber": NUMBERS,
    "cross_entropy": LABELS,
    "binary_cross_entropy": CHANCES,
    "hinge": SIGNS,
    "perceptron": SIGNS,
}
TORCH = {
    "squared": lambda z: torch.nn.functional.mse_loss(z, torch.tensor(NUMBERS)),
    "absolute": lambda z: torch.nn.functional.l1_loss(z, torch.tensor(NUMBERS)),
    "huber": lambda z: torch.nn.functional.huber_loss(z, torch.tensor(NUMBERS)),
    "cross_entropy": lambda z: torch.nn.functional.cross_entropy(z, torch.tensor(LABELS)),
    "binary_cross_entropy": lambda z: torch.nn.functional.binary_cross_entropy_with_logits(
        z, torch.tensor(CHANCES)
    ),
    "hinge": lambda z: torch.relu(1.0 - torch.tensor(SIGNS) * z).mean(),
    "perceptron": lambda z: torch.relu(-torch.tensor(SIGNS) * z).mean(),
}


def test_every_loss_is_tested():
    assert list(LOSSES) == list(CASES) == list(TORCH)


@pytest.mark.parametrize("name", list(LOSSES))
@pytest.mark.parametrize("scale", [1.0, 5.0])
def test_value_and_gradient_equal_pytorch(name, scale):
    z = torch.tensor(scale * Z, requires_grad=True)
    expected = TORCH[name](z)
    expected.backward()
    value, gradient = LOSSES[name](scale * Z, CASES[name])
    assert value == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(gradient, z.grad, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("name", list(LOSSES))
def test_gradient_is_the_measured_gradient(name):
    loss = LOSSES[name]
    found = check_gradient(
        lambda z: loss(z, CASES[name])[0], lambda z: loss(z, CASES[name])[1], Z.copy()
    )
    assert found.error < 1e-6, found


@pytest.mark.parametrize("name", list(LOSSES))
def test_float32_is_kept_and_value_is_a_float(name):
    value, gradient = LOSSES[name](Z.astype(np.float32), CASES[name])
    assert type(value) is float
    assert gradient.dtype == np.float32
    assert value == pytest.approx(LOSSES[name](Z, CASES[name])[0], rel=1e-5)


@pytest.mark.parametrize("name", list(LOSSES))
def test_nan_in_nan_out(name):
    z = Z.copy()
    z[2, 1] = np.nan
    value, gradient = LOSSES[name](z, CASES[name])
    assert np.isnan(value)
    assert np.isnan(gradient[2, 1])


def test_equal_to_scikit_learn():
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    assert LOSSES["cross_entropy"](Z, LABELS)[0] == pytest.approx(log_loss(LABELS, p))
    expected = hinge_loss(SIGNS[:, 0], Z[:, 0])
    assert LOSSES["hinge"](Z[:, :1], SIGNS[:, 0])[0] == pytest.approx(expected)


def test_far_out_scores_give_the_right_loss():
    # -log p of the wrong class is the distance of the scores; of the right one it is 0.
    assert LOSSES["cross_entropy"]([[1e3, -1e3]], [0])[0] == 0.0
    assert LOSSES["cross_entropy"]([[1e3, -1e3]], [1])[0] == 2000.0
    assert LOSSES["binary_cross_entropy"]([-1000.0], [1])[0] == 1000.0
    assert LOSSES["binary_cross_entropy"]([0.0], [1])[0] == pytest.approx(np.log(2))
    assert LOSSES["binary_cross_entropy"]([-40.0], [0])[0] == pytest.approx(np.exp(-40.0), rel=1e-9)


def test_the_notebooks_example_of_a_squared_loss_is_not_broadcast():
    x, y = np.array([0.0, 1, 2, 3]), np.array([1.0, 3, 2, 5])
    assert LOSSES["squared"](x, y)[0] == 2.25
    assert LOSSES["squared"](x[:, None], y)[0] == 2.25  # (4, 1) minus (4,) would give 5.0


def test_a_score_on_the_line_is_a_mistake_of_the_perceptron():
    assert LOSSES["perceptron"]([0.0], [1])[1][0] == -1.0
    assert LOSSES["hinge"]([1.0], [1])[1][0] == 0.0


@given(sizes, seeds)
def test_a_batch_has_the_mean_of_its_samples(n, seed):
    z, labels = normal((n, 3), seed), np.random.default_rng(seed).integers(0, 3, n)
    parts = [LOSSES["cross_entropy"](z[i : i + 1], labels[i : i + 1]) for i in range(n)]
    value, gradient = LOSSES["cross_entropy"](z, labels)
    assert value == pytest.approx(np.mean([part[0] for part in parts]))
    np.testing.assert_allclose(gradient, np.vstack([part[1] for part in parts]) / n, atol=1e-15)


@given(matrices(columns=sizes.map(lambda k: k + 1)), seeds)
def test_labels_and_one_hot_rows_are_the_same(z, seed):
    labels = np.random.default_rng(seed).integers(0, z.shape[1], len(z))
    value, gradient = LOSSES["cross_entropy"](z, labels)
    again = LOSSES["cross_entropy"](z, np.eye(z.shape[1])[labels])
    assert value == again[0]
    np.testing.assert_array_equal(gradient, again[1])
    np.testing.assert_allclose(gradient.sum(axis=1), 0.0, atol=1e-15)


BAD = [
    ("cross_entropy", [[0.0, 1.0]], [2], r"y must hold whole numbers 0 to 1, got 2; try"),
    ("cross_entropy", [[0.0, 1.0]], [-1], r"got -1"),
    ("cross_entropy", [[0.0, 1.0]], [0.5], r"got 0.5"),
    ("cross_entropy", [[0.0, 1.0]], [[0.7, 0.7]], r"probabilities that sum to 1"),
    ("cross_entropy", [[0.0], [1.0]], [0, 1], r"at least 2 classes.*try binary_cross_entropy"),
    ("cross_entropy", [0.0, 1.0], [0, 1], r"got \(2,\)"),
    ("binary_cross_entropy", [0.0, 1.0], [-1, 1], r"from 0 to 1, got -1; try np.where"),
    ("hinge", [0.0, 1.0], [0, 1], r"y must hold -1 and \+1, got 0; try np.where"),
    ("perceptron", [0.0, 1.0], [0, 1], r"y must hold -1 and \+1"),
    ("squared", [[0.0], [1.0]], [1, 2, 3], r"each output \(2, 1\), got shape \(3,\)"),
    ("squared", [[0.0, 1.0]], [1.0, 2.0], r"each output \(1, 2\), got shape \(2,\)"),
    ("squared", [0.0, 1.0], [1.0, np.nan], r"y must be finite, row 1 holds nan"),
    ("squared", [0.0], [np.inf], r"y must be finite"),
    ("squared", [], [], r"outputs must have at least one row"),
    ("squared", 1.0, 1.0, r"outputs must have at least one row, got shape \(\)"),
    ("squared", ["a"], [1.0], r"outputs must hold numbers"),
    ("squared", [1.0], 1.0, r"y must have at least one row, got shape \(\)"),
    ("squared", [1.0], ["a"], r"y must hold numbers"),
    ("squared", [1.0, 2.0], [[1.0], [2.0, 3.0]], r"y must hold numbers in rows of one length"),
]


@pytest.mark.parametrize(("name", "outputs", "y", "message"), BAD)
def test_bad_targets_are_refused_in_one_line(name, outputs, y, message):
    with pytest.raises(ValueError, match=message) as refused:
        LOSSES[name](outputs, y)
    assert "\n" not in str(refused.value)


@given(sizes, seeds)
def test_accuracy_equals_scikit_learn(n, seed):
    z, labels = normal((n, 4), seed), np.random.default_rng(seed).integers(0, 4, n)
    assert accuracy(z, labels) == accuracy_score(labels, z.argmax(axis=1))
    signs = np.where(normal(n, seed + 1) > 0, 1, -1)
    assert accuracy(z[:, 0], signs) == accuracy_score(signs, np.where(z[:, 0] > 0, 1, -1))
    assert accuracy(z[:, :1], (signs > 0).astype(int)) == accuracy(z[:, 0], signs)


@pytest.mark.parametrize(
    ("outputs", "y", "right"),
    [
        ([[np.nan, 1.0], [0.0, 1.0]], [0, 1], 0.5),
        ([[np.nan, 1.0], [0.0, 1.0]], [1, 1], 0.5),
        ([[np.nan], [np.nan]], [0, 0], 0.0),
        ([[np.nan], [np.nan]], [-1, 1], 0.0),
        ([np.nan, -1.0, 1.0], [0, 0, 1], 2 / 3),
        ([np.inf, -np.inf], [1, 0], 1.0),
        ([[np.inf, 0.0], [-np.inf, 0.0]], [0, 1], 1.0),
        ([[2.0, 2.0], [2.0, 2.0]], [0, 1], 0.5),  # of equal scores the first
        ([0.0, 0.0], [-1, 1], 0.5),  # on the line: not class 1
    ],
)
def test_accuracy_of_nan_of_infinity_and_of_ties(outputs, y, right):
    assert accuracy(outputs, y) == right


@pytest.mark.parametrize(
    ("outputs", "y", "message"),
    [
        (np.eye(3), [1, 2, 3], r"whole numbers 0 to 2, got 3; try np.unique"),
        (np.eye(3), [0, 1, 0.5], r"whole numbers 0 to 2, got 0.5"),
        ([1.0, 2.0], [0, 2], r"0 and 1, got 2; try np.where"),
        ([1.0, 2.0, 3.0], [-1, 0, 1], r"-1 and 1, got 0; try np.where"),
    ],
)
def test_accuracy_refuses_labels_that_no_output_can_name(outputs, y, message):
    with pytest.raises(ValueError, match=message):
        accuracy(outputs, y)


def test_accuracy_names_shapes():
    with pytest.raises(ValueError, match=r"got shapes \(3,\) and \(2, 2\)"):
        accuracy([[0.0, 1.0], [1.0, 0.0]], [0, 1, 1])
    with pytest.raises(ValueError, match=r"outputs must hold numbers"):
        accuracy([["a", "b"]], [0])
