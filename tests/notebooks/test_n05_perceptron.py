"""Figures of notebook 05 in the hand."""

from tests.helpers.exercise_notebooks import made


def test_a_click_flips_the_label_that_is_clicked_and_a_second_one_flips_it_back(capsys):
    names = made("05", "remedies, noisy_bank")
    live, (X, *_) = names["remedies"], names["noisy_bank"](0.0, 3)
    (board,) = live.handles
    to_figure = board.axes.transData - live.figure.transFigure
    for customer, flipped in ((7, 1), (60, 2), (7, 1), (60, 0)):
        x, y = to_figure.transform(X[customer])
        board.answer("hold", number=0, x=x, y=y)
        live.set(**board.answer("move", number=0, x=x, y=y))
        assert live.caption.startswith(f"{flipped} of 100 labels are flipped")
