"""The law of the live figure: a fast frame is the full redraw, whatever an update does."""

import gc

import numpy as np
import pytest
from matplotlib import patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle, ConnectionPatch, Rectangle

from lecture_utils.pictures import changed_artists
from lecture_utils.pictures import painter as painting
from lecture_utils.pictures.painter import TOLERANCE, Painter

X = np.linspace(-1, 1, 60)
FAST, RIGHT = {}, {}  # name -> set-up: without any full draw; right, in whatever time


def case(where):
    """Register a set-up, which draws into a figure and returns a step that takes random numbers."""

    def register(setup):
        where[setup.__name__] = setup
        return setup

    return register


def off(painter):
    """Return the largest difference between the frame and the full redraw."""
    frame = painter.frame()
    return np.abs(frame.astype(int) - painter.redraw()).max()


def start(setup, seed=0, **figure):
    figure = Figure(**{"figsize": (2.4, 1.8), "dpi": 100, "layout": "constrained", **figure})
    rng = np.random.default_rng(seed)
    step = setup(figure, rng)
    return Painter(figure), lambda: step(rng)


@pytest.fixture
def full_draws(monkeypatch):
    """Count full draws."""
    count, draw = [], FigureCanvasAgg.draw
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda self: (count.append(1), draw(self))[1])
    return count


@case(FAST)
def lines(figure, rng):
    axes = figure.subplots()
    axes.plot(X, X**2, "o", alpha=0.3)
    moving = axes.plot(X, X, X, -X, "--")
    axes.grid(alpha=0.5)
    axes.legend(["data", "a", "b"], loc="best")

    def step(rng):
        moving[rng.integers(2)].set_ydata(rng.normal() * X)

    return step


@case(FAST)
def overlapping_points(figure, rng):
    axes = figure.subplots()
    axes.set(xlim=(-1, 1), ylim=(-1, 1))
    below = axes.scatter(*rng.uniform(-1, 1, (2, 300)), s=300, alpha=0.3)
    axes.scatter(*rng.uniform(-1, 1, (2, 300)), s=300, alpha=0.2, color="C1", zorder=3)
    (above,) = axes.plot([0], [0], "k*", ms=20, alpha=0.5, zorder=4)

    def step(rng):
        below.set_offsets(rng.uniform(-1, 1, (300, 2)))
        above.set_data(*rng.uniform(-1, 1, (2, 1)))

    return step


@case(FAST)
def colors_and_sizes(figure, rng):
    axes = figure.subplots()
    points = axes.scatter(*rng.normal(size=(2, 50)), c=rng.random(50), s=40)

    def step(rng):
        points.set_array(rng.random(50))
        points.set_sizes(rng.uniform(10, 200, 50))
        points.set_clim(rng.uniform(-1, 0), rng.uniform(0.5, 2))

    return step


@case(FAST)
def words(figure, rng):
    axes = figure.subplots()
    axes.plot(X, X)
    title, text = axes.set_title("t"), axes.text(0, 0, "text", bbox={"facecolor": "y"})
    over = figure.suptitle("above")
    under = figure.text(0.5, 0.01, "below", ha="center")

    def step(rng):
        number = rng.normal()
        title.set_text(f"loss {number:.3f}")
        text.set_text("wide " * rng.integers(1, 4))
        text.set_position(rng.uniform(-1, 0, 2))
        over.set_text(f"$x_{rng.integers(9)}$")
        under.set_color(rng.random(3))

    return step


@case(FAST)
def title_by_axes(figure, rng):
    axes = figure.subplots()
    axes.plot(X, X)
    return lambda rng: axes.set_title(f"step {rng.integers(1000)}", loc="left")


@case(FAST)
def images(figure, rng):
    left, right = figure.subplots(1, 2)
    pictures = [left.imshow(rng.random((10, 10)), vmin=0, vmax=1, interpolation=kind)
                for kind in ("nearest", "bilinear")]  # fmt: skip
    pictures[1].set_alpha(0.5)
    left.plot(rng.uniform(0, 9, 40), rng.uniform(0, 9, 40), "o", alpha=0.5)
    mesh = right.pcolormesh(rng.random((8, 8)), vmin=0, vmax=1)
    right.plot([1, 7], [1, 7], "w", lw=4, alpha=0.5)
    right.text(4, 4, "over the mesh", ha="center", alpha=0.7)

    def step(rng):
        pictures[rng.integers(2)].set_data(rng.random((10, 10)))
        mesh.set_array(rng.random((8, 8)))

    return step


@case(FAST)
def several_axes(figure, rng):
    grid = figure.subplots(2, 2)
    drawn = [axes.plot(X, X)[0] for axes in grid.flat]
    return lambda rng: drawn[rng.integers(4)].set_ydata(rng.uniform(-1, 1, 60))


@case(FAST)
def twin_axes(figure, rng):
    axes = figure.subplots()
    twin = axes.twinx()
    drawn = [*axes.plot(X, X), *twin.plot(X, -5 * X, "r")]
    return lambda rng: drawn[rng.integers(2)].set_ydata(rng.uniform(-1, 1, 60))


@case(FAST)
def inset_axes(figure, rng):
    axes = figure.subplots()
    inset = axes.inset_axes([0.5, 0.1, 0.4, 0.4])
    axes.indicate_inset([-0.5, -0.5, 0.5, 0.5], inset)
    drawn = [*axes.plot(X, X), *inset.plot(X, X)]
    return lambda rng: drawn[rng.integers(2)].set_ydata(rng.uniform(-1, 1, 60))


@case(FAST)
def polar_axes(figure, rng):
    axes = figure.subplots(subplot_kw={"projection": "polar"})
    (line,) = axes.plot(X, np.abs(X))
    return lambda rng: line.set_ydata(rng.uniform(0, 1, 60))


@case(FAST)
def colorbars_picture(figure, rng):
    axes = figure.subplots()
    picture = axes.imshow(rng.random((5, 5)), vmin=0, vmax=1)
    figure.colorbar(picture)
    return lambda rng: picture.set_data(rng.random((5, 5)))


@case(FAST)
def patches(figure, rng):
    axes = figure.subplots()
    bars = axes.bar(range(5), np.ones(5))
    circle = axes.add_patch(Circle((2, 0.5), 0.2, alpha=0.5, color="r"))
    hatched = axes.add_patch(Rectangle((0, 0), 1, 1, hatch="//", fill=False))

    def step(rng):
        bars[rng.integers(5)].set_height(rng.random())
        circle.center = rng.uniform(0, 4, 2)
        hatched.set_width(rng.uniform(1, 4))

    return step


@case(FAST)
def collections(figure, rng):
    axes = figure.subplots()
    band = axes.fill_between(X, X - 1, X + 1, alpha=0.3)
    sticks = axes.add_collection(LineCollection([[(0, 0), (1, 1)]]))
    arrows = axes.quiver([0, 0.5], [0, 0.5], [1, 0], [0, 1])

    def step(rng):
        band.set_alpha(rng.random())
        sticks.set_segments(rng.uniform(-1, 1, (5, 2, 2)))
        arrows.set_UVC(*rng.normal(size=(2, 2)))

    return step


@case(FAST)
def unmarked_changes(figure, rng):
    axes = figure.subplots()
    axes.plot(X, X)
    slanted = axes.axline((0, 0), slope=1)
    arrow = axes.arrow(0, 0, 0.5, 0.5, width=0.02)
    note = axes.annotate("here", (0, 0), (0.5, -0.5), arrowprops={"arrowstyle": "->"})
    label, box = axes.text(-1, 0, "plain"), axes.text(-1, 0.5, "boxed", bbox={"fc": "y"})
    points = axes.scatter(X[::9], X[::9], s=90, facecolor="w", edgecolor="k")

    def step(rng):
        which = rng.integers(6)
        if which == 0:
            slanted.set_slope(rng.normal())
        elif which == 1:
            arrow.set_data(dx=rng.normal(), dy=rng.normal())
        elif which == 2:
            note.xy = rng.uniform(-1, 1, 2)
        elif which == 3:
            label.set_bbox({"facecolor": rng.random(3)})
        elif which == 4:
            box.get_bbox_patch().set_facecolor(rng.random(3))
        else:
            points.set_linestyle(rng.choice(["-", ":", "--"]))

    return step


@case(FAST)
def followers(figure, rng):
    left, right = figure.subplots(1, 2)
    curtain = Rectangle((0, 0), 5, 5)  # in no axes; clips the picture
    picture = left.imshow(rng.random((10, 10)))
    curtain.set_transform(left.transData)
    picture.set_clip_path(curtain)
    hole = right.add_patch(Circle((0, 0), 1, alpha=0.2))
    (line,) = right.plot(2 * X, np.sin(9 * X))
    line.set_clip_path(hole)
    (point,) = right.plot([0], [0], "ko")
    note = right.annotate("follows", (1, 1), xycoords=point)
    assert note.axes is right

    def step(rng):
        which = rng.integers(3)
        if which == 0:
            curtain.set_width(rng.uniform(1, 10))
        elif which == 1:
            hole.set_radius(rng.uniform(0.1, 2))
        else:
            point.set_data(*rng.uniform(-1, 1, (2, 1)))

    return step


@case(FAST)
def special_drawing(figure, rng):
    axes = figure.subplots()
    halo = [patheffects.withStroke(linewidth=6, foreground="y")]
    (line,) = axes.plot(X, X, path_effects=halo)
    text = axes.text(0, 0, "halo", path_effects=halo)
    axes.text(0.5, 0.5, "over", path_effects=halo, zorder=9)
    axes.plot(X, X**3, rasterized=True)
    (soft,) = axes.plot(X, -X, agg_filter=lambda image, dpi: (image * 0.5, 0, 0))
    (rough,) = axes.plot(X, X**2, snap=True)
    rough.set_sketch_params(2, 10, 5)

    def step(rng):
        line.set_ydata(rng.normal() * X)
        soft.set_ydata(rng.normal() * X)
        text.set_x(rng.uniform(-1, 1))

    return step


@case(FAST)
def not_finite(figure, rng):
    axes = figure.subplots()
    (line,) = axes.plot(X, X)
    picture = axes.imshow(rng.random((4, 4)), extent=(-1, 1, -1, 1), vmin=0, vmax=1)
    points = axes.scatter(X, X)

    def step(rng):
        bad = rng.choice([np.nan, np.inf, -np.inf, 0.5], 60)
        line.set_ydata(bad)
        picture.set_data(np.where(rng.random((4, 4)) < 0.5, np.nan, 0.5))
        points.set_offsets(np.column_stack([X, bad]))

    return step


@case(FAST)
def seen_and_unseen(figure, rng):
    axes = figure.subplots()
    drawn = [*axes.plot(X, X), axes.text(0, 0, "text"), axes.legend(["a"])]
    figure.legend(axes.lines, ["line"], loc="upper right")
    return lambda rng: drawn[rng.integers(3)].set_visible(bool(rng.integers(2)))


@case(FAST)
def legend_entries(figure, rng):
    axes = figure.subplots()
    (line,) = axes.plot(X, X, label="loss")
    legend = axes.legend(loc="upper right")

    def step(rng):
        legend.get_texts()[0].set_text(f"loss {10 ** rng.integers(9)}")
        line.set_ydata(rng.uniform(-1, 1, 60))

    return step


@case(FAST)
def connected_axes(figure, rng):
    left, right = figure.subplots(1, 2)
    link = figure.add_artist(ConnectionPatch((0.5, 0.5), (0.5, 0.5), "data", "data",
                                             axesA=left, axesB=right))  # fmt: skip

    def step(rng):
        link.xy1 = rng.random(2)

    return step


@case(RIGHT)
def axes_in_space(figure, rng):
    axes = figure.add_subplot(projection="3d")
    grid = np.meshgrid(X[::10], X[::10])
    axes.plot_surface(*grid, grid[0] ** 2)
    (line,) = axes.plot(X, X, X)

    def step(rng):
        if rng.random() < 0.5:
            axes.view_init(elev=rng.uniform(0, 90), azim=rng.uniform(0, 360))
        else:
            line.set_data_3d(X, X, rng.random(60))

    return step


@case(RIGHT)
def limits(figure, rng):
    left, right = figure.subplots(1, 2, sharex=True)
    left.scatter(X, X)
    (line,) = left.plot(X, X)
    right.plot(X, X)

    def step(rng):
        which = rng.integers(5)
        line.set_ydata(rng.normal() * X)
        if which == 0:
            left.set_xlim(-rng.uniform(1, 3), 1)
        elif which == 1:
            left.relim()
            left.autoscale_view()
        elif which == 2:
            left.margins(rng.uniform(0, 0.5))

    return step


@case(RIGHT)
def autoscale_alone(figure, rng):
    axes = figure.subplots()
    axes.plot(X, X)
    (line,) = axes.plot(X, X)

    def step(rng):
        line.set_ydata(rng.normal() * X)
        axes.relim()
        axes.autoscale()

    return step


@case(RIGHT)
def ticks_and_scales(figure, rng):
    axes = figure.subplots()
    axes.plot(X + 2, X + 2)

    def step(rng):
        which = rng.integers(9)
        if which == 0:
            axes.set_yscale(rng.choice(["linear", "log"]))
        elif which == 1:
            axes.set_xticks(rng.uniform(1, 3, 4))
        elif which == 2:
            axes.set_aspect(rng.choice(["auto", "equal"]))
        elif which == 3:
            axes.axis(rng.choice(["on", "off"]))
        elif which == 4:
            axes.spines["left"].set_position(("data", rng.uniform(1, 3)))
        elif which == 5:
            axes.spines["top"].set_visible(bool(rng.integers(2)))
        elif which == 6:
            axes.set_facecolor(rng.random(3))
        elif which == 7:
            axes.tick_params(labelrotation=rng.uniform(0, 90))
        else:
            axes.set_xlabel("x" * rng.integers(1, 9))

    return step


@case(RIGHT)
def come_and_go(figure, rng):
    axes = figure.subplots()
    axes.plot(X, X)
    axes.set(xlim=(-1, 1), ylim=(-1, 1))

    def step(rng):
        if len(axes.lines) > 3:
            axes.lines[rng.integers(len(axes.lines))].remove()
        axes.plot(X, rng.normal() * X, label=str(rng.integers(9)))
        if rng.random() < 0.5:
            axes.legend(loc="best")

    return step


@case(RIGHT)
def drawn_anew(figure, rng):
    left, right = figure.subplots(1, 2)
    grid = np.meshgrid(X[::6], X[::6])
    kept = {"band": left.fill_between(X, -1, 1), "levels": right.contourf(*grid, grid[0])}

    def step(rng):
        for artist in kept.values():
            artist.remove()
        kept["band"] = left.fill_between(X, -1, rng.normal() * X, color="C0")
        kept["levels"] = right.contourf(*grid, rng.normal(size=grid[0].shape))

    return step


@case(RIGHT)
def colorbars_limits(figure, rng):
    axes = figure.subplots()
    picture = axes.imshow(rng.random((5, 5)))
    figure.colorbar(picture, label="height")

    def step(rng):
        picture.set_data(rng.random((5, 5)) * 10)
        picture.set_clim(0, rng.uniform(1, 10))

    return step


@case(RIGHT)
def orders(figure, rng):
    axes = figure.subplots()
    drawn = [*axes.plot(X, X, X, -X, lw=9), axes.text(0, 0, "text")]

    def step(rng):
        if rng.random() < 0.5:
            drawn[rng.integers(3)].set_zorder(rng.uniform(0, 5))
        elif rng.random() < 0.5:
            drawn[0].zorder = rng.uniform(0, 5)
        else:
            drawn[1].set_ydata(rng.normal() * X)

    return step


@case(RIGHT)
def whole_axes(figure, rng):
    left, right = figure.subplots(1, 2)
    (line,) = right.plot(X, X)
    left.plot(X, X)

    def step(rng):
        left.set_visible(bool(rng.integers(2)))
        line.set_ydata(rng.normal() * X)
        if rng.random() < 0.3:
            left.set_position([0.1, 0.2, rng.uniform(0.1, 0.4), 0.6])
        if rng.random() < 0.3:
            figure.patch.set_facecolor(rng.random(3))

    return step


@case(RIGHT)
def axes_replaced(figure, rng):
    def step(rng):
        figure.clear()
        axes = figure.subplots(1, rng.integers(1, 3), squeeze=False)[0, 0]
        axes.plot(X, rng.normal() * X, label="new")
        axes.legend()

    step(rng)
    return step


@case(RIGHT)
def titles_that_give_way(figure, rng):
    left, right = figure.subplots(1, 2)
    left.xaxis.tick_top()
    right.plot(X, 1e9 * X)  # an offset text at the top left
    words = ["low", "$\\frac{x^2}{\\sum_{i}\\frac{a}{b}}$", "two\nlines", ""]

    def step(rng):
        left.set_title(rng.choice(words))
        right.set_title(rng.choice(words), loc="left").set_visible(rng.random() < 0.7)

    return step


@case(RIGHT)
def inset_limits(figure, rng):
    axes = figure.subplots()
    inset = axes.inset_axes([0.4, 0.4, 0.5, 0.5])
    inset.plot(X, X)
    inset.set_aspect("equal")
    return lambda rng: inset.set_xlim(-rng.uniform(0.1, 2), rng.uniform(0.1, 2))


@case(RIGHT)
def subfigures(figure, rng):
    left, right = figure.subfigures(1, 2)
    (line,) = left.subplots().plot(X, X)
    axes = right.subplots()

    def step(rng):
        line.set_ydata(rng.normal() * X)
        if rng.random() < 0.3:
            axes.set_xlim(0, rng.uniform(1, 5))
        if rng.random() < 0.3:
            axes.plot(X, X)

    return step


@case(RIGHT)
def transparent_ground(figure, rng):
    figure.set_facecolor((1, 1, 1, 0.5))
    (line,) = figure.subplots().plot(X, X)
    return lambda rng: line.set_ydata(rng.normal() * X)


@case(RIGHT)
def another_size(figure, rng):
    axes = figure.subplots()
    (line,) = axes.plot(X, X)

    def step(rng):
        line.set_ydata(rng.normal() * X)
        if rng.random() < 0.3:
            figure.set_size_inches(rng.uniform(2, 3), 2)

    return step


@pytest.mark.parametrize(
    "name", [*FAST, *(pytest.param(name, marks=pytest.mark.slow) for name in RIGHT)]
)
def test_law_a_frame_is_the_full_redraw(name):
    """Steps and comparisons alternate at random: a comparison must not hide what it compares."""
    painter, step = start({**FAST, **RIGHT}[name])
    rng = np.random.default_rng(1)
    for _ in range(6):
        step()
        if rng.random() < 0.3:
            painter.frame()
            step()
        assert off(painter) <= TOLERANCE


@pytest.mark.slow
@pytest.mark.parametrize("name", FAST)
def test_frames_without_a_full_draw(name, full_draws):
    painter, step = start(FAST[name])
    for _ in range(25):  # until everything has been touched once
        step()
        painter.frame()
    full_draws.clear()
    for _ in range(10):
        step()
        painter.frame()
    assert not full_draws
    assert off(painter) <= TOLERANCE


def test_law_at_twice_the_pixels():
    for name in ("lines", "overlapping_points", "images", "words"):
        painter, step = start(FAST[name], dpi=200)
        for _ in range(4):
            step()
            assert off(painter) <= TOLERANCE
        assert painter.frame().shape == (360, 480, 4)


@pytest.mark.parametrize("name", ["lines", "images", "twin_axes", "unmarked_changes", "followers"])
def test_law_while_limits_and_artists_change_in_turn(name):
    painter, step = start(FAST[name])
    for turn in range(8):
        step()
        if turn % 3 == 0:
            axes = painter._figure.axes[0]
            low, high = axes.get_xlim()
            axes.set_xlim(low, high + 0.1)
        assert off(painter) <= TOLERANCE


def test_nothing_touched_draws_nothing(full_draws):
    painter, step = start(lines)
    step()
    before = painter.frame()
    full_draws.clear()
    assert np.array_equal(painter.frame(), before)
    assert not full_draws


def test_a_comparison_between_touch_and_frame_loses_nothing():
    painter, step = start(several_axes)
    for _ in range(8):
        step()
        expected = painter.redraw()
        step_seen = painter.frame()
        assert np.abs(step_seen.astype(int) - expected).max() <= TOLERANCE


def test_saving_the_figure_elsewhere_changes_nothing(tmp_path):
    painter, step = start(lines)
    for _ in range(4):
        step()
        painter.frame()
        painter._figure.savefig(tmp_path / "figure.png", dpi=50)
        assert off(painter) <= TOLERANCE


def test_a_drawing_that_fails_leaves_the_last_frame():
    painter, _ = start(words)
    axes = painter._figure.axes[0]
    for _ in range(3):
        axes.texts[0].set_text("good")
        good = painter.frame().copy()
        axes.lines[0].set_ydata(-X)
        axes.texts[0].set_text(r"$\nonsense$")
        with pytest.raises(ValueError, match="nonsense"):
            painter.frame()
        axes.lines[0].set_ydata(X)
        axes.texts[0].set_text("good")
        assert np.abs(painter.frame().astype(int) - good).max() <= TOLERANCE
        assert off(painter) <= TOLERANCE


def test_a_legend_stays_where_it_is():
    figure = Figure(figsize=(3, 2.2), dpi=100)
    axes = figure.subplots()
    (line,) = axes.plot(X, X, label="line")
    legend = axes.legend(loc="best")
    painter = Painter(figure)
    before = legend.get_window_extent().bounds
    line.set_ydata(-X)
    painter.frame()
    axes.set_ylim(-1, 1)
    assert off(painter) <= TOLERANCE
    assert np.allclose(legend.get_window_extent().bounds, before)


def test_a_legend_that_grows_keeps_to_its_corner():
    painter, step = start(legend_entries)
    legend = painter._figure.axes[0].get_legend()
    right = legend.get_window_extent().x1
    for _ in range(5):
        step()
        painter.frame()
        assert legend.get_window_extent().x1 == pytest.approx(right, abs=1)


def test_frames_are_independent_of_each_other():
    painter, step = start(lines)
    step()
    first = painter.frame()
    kept = first.copy()
    step()
    painter.frame()
    assert np.array_equal(first, kept)


@pytest.mark.slow
def test_artists_that_are_gone_are_let_go():
    painter, step = start(come_and_go)
    sizes = []
    for turn in range(30):
        step()
        painter.frame()
        if turn in (9, 29):
            gc.collect()
            sizes.append((len(painter._moving), len(painter._placed)))
    assert sizes[1] <= sizes[0]


@pytest.mark.parametrize(
    ("module", "name", "bug", "caught_by"),
    [
        (changed_artists, "Axis", type("Nothing", (), {}), "limits"),
        (changed_artists, "_follows", lambda *_: False, "followers"),
        (changed_artists, "_gives_way", lambda *_: False, "titles_that_give_way"),
        (changed_artists, "is_", lambda *_: True, "unmarked_changes"),
        (painting, "_place", lambda *_: None, "lines"),
        (painting.Painter, "_compose", lambda self, layers: layers[0].copy(), "lines"),
    ],
)
def test_the_law_can_be_broken(monkeypatch, module, name, bug, caught_by):
    """Plant a bug; the law must see it."""
    monkeypatch.setattr(module, name, bug)
    monkeypatch.setattr(painting, "TOLERANCE", 255)  # nothing is given up for being off
    painter, step = start({**FAST, **RIGHT}[caught_by])

    def worst():
        step()
        return off(painter)

    assert any(worst() > TOLERANCE for _ in range(30))


def test_layers_that_are_off_are_given_up(monkeypatch):
    """Hundreds of translucent points as one overlay would be off by more than the law allows."""
    monkeypatch.setattr(painting, "FRAME", (object,))
    painter, step = start(overlapping_points)
    for _ in range(4):
        step()
        assert off(painter) <= TOLERANCE
