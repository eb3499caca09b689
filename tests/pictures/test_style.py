"""The lecture's look: the same whatever was set before."""

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lecture_utils import style


@pytest.fixture(autouse=True)
def _leave_as_it_was():
    with mpl.rc_context():
        yield


def picture():
    figure = Figure(figsize=(4, 3), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], "o-", label="a line")
    axes.plot([0, 1], [1, 0])
    axes.imshow([[0, 1], [1, 0]], extent=(0.4, 0.6, 0.4, 0.6), aspect="auto")
    axes.set(title="$y = x^2$", xlabel="x", ylabel="y", xlim=(0, 1))
    axes.legend()
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


EARLIER = {
    **{name: lambda name=name: mpl.style.use(name)
       for name in ("dark_background", "seaborn-v0_8", "ggplot")},
    "usetex": lambda: mpl.rc("text", usetex=True),
    "xkcd": lambda: mpl.rcParams.update({"path.sketch": (1, 100, 2)}),
    "our own, larger": lambda: style.use(scale=2),
}  # fmt: skip


@pytest.mark.parametrize("name", EARLIER)
def test_a_picture_is_the_same_whatever_style_was_set_before(name):
    style.use()
    expected = picture()
    EARLIER[name]()
    style.use()
    assert np.array_equal(picture(), expected)


def test_nothing_is_left_of_any_style():
    style.use()
    expected = dict(mpl.rcParams)
    for name in mpl.style.available:
        mpl.style.use(name)
        style.use()
        assert dict(mpl.rcParams) == expected, name


def test_the_backend_stays():
    before = mpl.get_backend()
    mpl.rcParams["interactive"] = True
    style.use()
    assert mpl.get_backend() == before
    assert mpl.rcParams["interactive"]
