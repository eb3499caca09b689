"""The measured gradient against calculus; the checker against gradients with planted bugs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_utils.numbers.activations import sigmoid
from lecture_utils.numbers.differences import check_gradient, numerical
from tests.helpers.strategies import matrices, normal, seeds, sizes


@given(matrices())
def test_gradient_of_a_sum_of_cubes(x):
    given_x = x.copy()
    np.testing.assert_allclose(numerical(lambda x: (x**3).sum(), x), 3 * x**2, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(x, given_x)  # put back to the last bit


@given(sizes, seeds)
def test_central_and_complex_step_agree(n, seed):
    A, x = normal((n, n), seed), normal(n, seed + 1)

    def f(x):
        return x @ A @ x + np.exp(x / 3.0).sum()

    exact = (A + A.T) @ x + np.exp(x / 3.0) / 3.0
    np.testing.assert_allclose(numerical(f, x, method="complex"), exact, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(numerical(f, x), exact, rtol=1e-7, atol=1e-7)


def test_error_of_the_central_difference_at_a_known_step():
    # sigma'(2) = 0.104994, with h = 0.1 the central difference gives 0.105058
    assert float(numerical(lambda z: sigmoid(z), 2.0, step=0.1)) == pytest.approx(
        0.105058, abs=5e-7
    )


def test_complex_step_is_exact_where_the_central_one_is_not():
    exact = np.exp(1.0)
    assert float(numerical(np.exp, 1.0, method="complex")) == pytest.approx(exact, rel=1e-15)
    assert abs(float(numerical(np.exp, 1.0, step=1e-12)) - exact) > 1e-6


@pytest.mark.parametrize("reason", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("calls", [1, 2, 4])
def test_x_is_put_back_when_the_function_raises_or_is_interrupted(reason, method, calls):
    x, seen = np.array([1.0, 2.0, 3.0, 4.0]), []

    def f(x):
        seen.append(x)
        if len(seen) == calls:
            raise reason
        return (x**2).sum()

    with pytest.raises(reason):
        numerical(f, x, method=method)
    np.testing.assert_array_equal(x, [1.0, 2.0, 3.0, 4.0])
    seen.clear()
    with pytest.raises(reason):
        check_gradient(f, 2 * x, x)
    np.testing.assert_array_equal(x, [1.0, 2.0, 3.0, 4.0])


def test_a_refused_result_leaves_x_as_it_was():
    x = np.array([1.0, 2.0])
    for result in (None, "a", 1j, [1.0, 2.0]):
        with pytest.raises(ValueError, match="f must return one number"):
            numerical(lambda x, result=result: result, x)
        np.testing.assert_array_equal(x, [1.0, 2.0])


@pytest.mark.parametrize("step", [1e-300, 1e308])
def test_a_step_that_leads_nowhere_is_refused(step):
    with pytest.raises(ValueError, match=r"step must move 1 to a number beside it.*try None"):
        numerical(quartic, [1.0, 1e308 if step > 1 else 1.0], step)


def test_a_function_may_read_the_array_by_itself():
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(numerical(lambda _: (x**2).sum(), x), [2.0, 4.0], rtol=1e-9)


def test_whole_numbers_lists_float32_and_read_only_arrays():
    for x in ([1, 2], np.array([1, 2]), np.float32([1, 2])):
        np.testing.assert_allclose(numerical(lambda x: (x**2).sum(), x), [2, 4], rtol=1e-2)
    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    np.testing.assert_allclose(numerical(lambda x: (x**2).sum(), x), [2, 4], rtol=1e-8)


def quartic(x):
    return (x**4).sum()


@pytest.mark.parametrize("factor", [1.001, 0.999, 0.5, 2.0, -1.0, 0.0])
def test_the_checker_finds_a_planted_factor_in_one_entry(factor):
    x = normal((3, 4)) + 3.0
    right = 4 * x**3
    assert check_gradient(quartic, right, x).error < 1e-6
    wrong = right.copy()
    wrong[1, 2] *= factor
    found = check_gradient(quartic, wrong, x)
    assert found.where == (1, 2)
    assert found.error > 0.9 * abs(factor - 1.0) / max(1.0, abs(factor))
    assert found.given == wrong[1, 2]
    assert found.measured == pytest.approx(right[1, 2], rel=1e-7)


@given(st.integers(0, 4), st.sampled_from([1e-3, 1e-2, 1.0]))
def test_the_checker_finds_an_error_in_a_small_entry(i, size):
    x = np.array([1.0, 2.0, 0.3, 4.0, 10.0])  # slopes from 0.1 to 4000
    wrong = 4 * x**3
    wrong[i] *= 1.0 + size
    assert check_gradient(quartic, wrong, x).error > 1e-5


def test_the_checker_finds_nan_transposed_and_swapped():
    x = normal((2, 2))
    right = 4 * x**3
    assert check_gradient(quartic, right * [[1.0, np.nan], [1.0, 1.0]], x).error == np.inf
    assert check_gradient(quartic, right.T, x).error > 0.1
    assert check_gradient(quartic, right[::-1], x).error > 0.1


def test_a_gradient_of_zero_is_right_for_a_constant_only():
    assert check_gradient(lambda x: 3.0, [0.0], [1.0]).error == 0.0
    assert check_gradient(lambda x: float(x[0]), [0.0], [1.0]).error == pytest.approx(1.0)


def test_the_report_is_one_line():
    found = check_gradient(quartic, lambda x: 4 * x**3, np.array([1.0, 2.0]))
    assert repr(found).startswith("largest relative error ")
    assert "\n" not in repr(found)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((quartic, [1.0, np.nan]), "x must hold finite numbers"),
        ((quartic, []), "x must hold finite numbers"),
        ((quartic, ["a"]), "x must hold numbers"),
        ((quartic, np.full((3, 3), np.nan)), "x must hold finite numbers"),
        ((quartic, [1.0], -1.0), r"step must be >= 0 and finite, got -1.0; try 1e-5"),
        ((quartic, [1.0], 0.0), r"step must be > 0, got 0.0; try 1e-5"),
        ((quartic, [1.0], None, "forward"), "method must be one of central, complex; got "),
        ((lambda x: x**2, [1.0, 2.0]), r"f must return one number, got shape \(2,\)"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, message):
    with pytest.raises(ValueError, match=message) as refused:
        numerical(*arguments)
    assert "\n" not in str(refused.value)


def test_a_single_number_is_checked():
    assert check_gradient(lambda x: x**2, 2.0, 1.0).error < 1e-6
    assert check_gradient(lambda x: x**2, 2.002, 1.0).where == ()


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape of x \(2,\), got \(2, 1\); try np.reshape"):
        check_gradient(quartic, [[1.0], [2.0]], [1.0, 2.0])
