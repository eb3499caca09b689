"""Figures of notebook 08: what they show before anything is moved, and what they say."""

import pytest

from tests.helpers.exercise_notebooks import made


@pytest.mark.parametrize(("name", "places", "so_far"), [("degree", 15, 2), ("ridge", 29, 1)])
def test_opens_with_the_whole_training_error_and_keeps_the_fresh_one_for_later(
    name, places, so_far, capsys
):
    live = made("08", name)[name]
    curves = {line.get_label(): line for line in live.figure.axes[1].lines}
    assert len(curves["training"].get_xdata()) == places
    assert len(curves["fresh points"].get_xdata()) == so_far


def test_a_penalty_is_told_in_a_sentence(capsys):
    ridge = made("08", "ridge")["ridge"]
    assert ridge.caption == (
        "With λ = 0.000001 the weights have length 50, and the error on fresh points is 303."
    )
    ridge.set(lam=0.001)
    assert ridge.caption.endswith("the error on fresh points is 0.237, the lowest so far.")
    ridge.set(lam=10.0)
    assert ridge.caption.endswith("is 0.613; it was lowest, 0.11, at λ = 0.0056.")


def test_the_sliders_of_the_square_are_called_what_the_square_is(capsys):
    ball = made("08", "ball")["ball"]
    assert [ball.controls[name].description for name in ("w1", "w2")] == ["ŵ₁", "ŵ₂"]
    assert "\\hat w_1" in ball.figure.axes[0].get_xlabel()


def test_all_useless_weights_are_gone_only_where_the_others_are_far_off(capsys):
    sparse = made("08", "sparse")["sparse"]
    for lam, zeros, far in ((0.1, 8, 0.46), (0.5, 15, 1.18)):
        sparse.set(way="L1, soft threshold", lam=lam)
        said = f"{zeros} weights exactly 0; the distance to the truth is {far}."
        assert sparse.caption.endswith(said)
    for way in ("L2", "L1, plain descent"):
        for lam in (0.05, 0.5, 1.0):
            sparse.set(way=way, lam=lam)
            assert " makes 0 weights exactly 0" in sparse.caption


def test_normalised_networks_learn_sooner_from_smaller_weights(capsys):
    normed = made("08", "normed")["normed"]
    for times, words, with_it in ((0.5, "10% of", "75% with it"), (1.0, "52% of", "63% with it"),
                                  (1.5, "64% of", "53% with it")):  # fmt: skip
        normed.set(times=times, normalise=True)
        assert words in normed.caption
        assert with_it in normed.caption
