"""The picture of the playground: one figure whose artists are made once and then only changed."""

from itertools import pairwise

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection

from lecture_utils.pictures.style import COLORS
from lecture_utils.training_room import maps
from lecture_utils.training_room.setting import FEATURES, LAYERS, NEURONS, REACH, in_words

WIDTH, HEIGHT = 960, 470  # of the screen's pixels
TILE, PITCH, TOP = 36, 44, 58  # a small map, from one to the next, and where the first begins
LEFT, RIGHT = 60, 530  # left edges of the features' and of the last column of small maps
MAP = (640, 176, 268)  # left, top and side of the output's map
INSET = 84  # side of the other's map in a race, in the corner of the output's
HIGHEST = 100.0  # loss that is still drawn
INK = np.array([[*(int(COLORS[name][i : i + 2], 16) / 255 for i in (1, 3, 5)), 0.85]
                for name in ("minus", "plus")])  # fmt: skip


class Bitmap(Artist):
    """Pixels laid on a figure as they are, for which an ``imshow`` would ask ten times the time.

    Parameters
    ----------
    left, bottom : float
        Corner, in pixels of the figure.
    zorder : float
        What is drawn over what.
    """

    def __init__(self, left, bottom, zorder):
        super().__init__()
        self.set_zorder(zorder)
        self.left, self.bottom, self.pixels = left, bottom, np.zeros((1, 1, 4), np.uint8)

    def draw(self, renderer):
        gc = renderer.new_gc()
        renderer.draw_image(gc, self.left, self.bottom, self.pixels[::-1])
        gc.restore()
        self.stale = False

    def set_pixels(self, pixels):
        """Show other pixels, (height, width, 4) uint8, the top row first."""
        self.pixels, self.stale = pixels, True


class View:
    """Draw a `Model` into a figure, and draw it again as it changes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Empty, of WIDTH by HEIGHT pixels times a scale.
    """

    def __init__(self, figure):
        self.scale = figure.dpi / 100
        sides = [round(side * self.scale) for side in (MAP[2], TILE)]
        self._fine, self._coarse = map(maps.spread, sides)
        self._features = maps.feature_tiles(self._coarse)
        ground = self._panel(figure, (0, 0, WIDTH, HEIGHT))
        ground.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))  # as on a screen, from the top down
        ground.set_axis_off()
        self._edges = ground.add_collection(LineCollection([], capstyle="round"))
        (self._chosen,) = ground.plot([], [], ":", color=COLORS["model"], linewidth=2)
        self._names = [ground.text(0, 0, "", ha="center", fontsize=11) for _ in range(LAYERS + 1)]
        ground.text(MAP[0] + MAP[2] / 2, MAP[1] - 8, "output", ha="center", fontsize=11)
        self._head = ground.text(LEFT - 46, 18, "", fontsize=10)
        self._inputs = [ground.text(LEFT - 8, _y(i), name, ha="right", va="center", fontsize=9)
                        for i, name in enumerate(FEATURES)]  # fmt: skip
        self._net = figure.add_artist(Bitmap(0, 0, zorder=2))
        left, top, size = MAP
        place = left * self.scale, (HEIGHT - top - size) * self.scale
        self._map = figure.add_artist(Bitmap(*place, zorder=3))
        self._other = figure.add_artist(Bitmap(*place, zorder=5))
        self._prepare_map(figure)
        self._prepare_curves(figure)
        self._places = self._points = self._all = None

    def _panel(self, figure, box, **looks):
        left, top, width, height = box
        place = (left / WIDTH, (HEIGHT - top - height) / HEIGHT, width / WIDTH, height / HEIGHT)
        return figure.add_axes(place, facecolor="none", **looks)

    def _prepare_map(self, figure):
        axes = self._panel(figure, (*MAP, MAP[2]), zorder=4)
        axes.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), xticks=[-6, 0, 6], yticks=[-6, 0, 6])
        axes.tick_params(labelsize=9, length=3, labelright=True, right=True,
                         labelleft=False, left=False)  # fmt: skip
        # Squares below 0, circles above: not told apart by their colours alone.
        self._marks = [(which, above, axes.scatter([], [], size, linewidths=0.8, edgecolors=edge,
                                                   marker="so"[above]))
                       for which, size, edge in (("test", 9, "black"), ("train", 36, "white"))
                       for above in (False, True)]  # fmt: skip

    def _prepare_curves(self, figure):
        self._losses = axes = self._panel(figure, (MAP[0], 46, MAP[2], 92), zorder=4)
        axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[])
        axes.tick_params(labelsize=9, length=3)
        self._curves = [axes.plot([], [], line, color=COLORS[name], linewidth=1.8, alpha=alpha)[0]
                        for alpha in (1.0, 0.4)
                        for line, name in (("-", "model"), ("--", "error"))]  # fmt: skip
        place = dict(transform=axes.transAxes, ha="right", va="top", fontsize=10)
        axes.text(1.0, 1.16, "training", color=COLORS["model"], **place)
        axes.text(0.72, 1.16, "test", color=COLORS["error"], **place)
        axes.text(1.0, -0.04, "epochs so far", **place)
        axes.text(0.0, 1.16, "loss", **{**place, "ha": "left"})
        self._slopes = axes = self._panel(figure, (LEFT, 416, MAP[0] - LEFT - 10, 34))
        axes.set(xlim=(LEFT, MAP[0] - 10), yscale="log", ylim=(1e-6, 10), xticks=[],
                 yticks=[1e-6, 1e-3, 1])  # fmt: skip
        axes.minorticks_off()
        axes.tick_params(labelsize=8, length=3)
        axes.text(0.0, -0.12, "size of the gradient of a weight, by layer",
                  transform=axes.transAxes, va="top", fontsize=10)  # fmt: skip
        (self._gradients,) = axes.plot([], [], "o", color=COLORS["path"], markersize=8)

    def _columns(self, model):
        """Return the left edge of each column of small maps: the features', the hidden layers'."""
        return np.linspace(LEFT, RIGHT, len(model.setting["hidden"]) + 1).tolist()

    def show(self, model, chosen=None):
        """Draw a model; `chosen` is (layer, start, end) of a weight to be pointed at."""
        s = model.setting
        places = (s["features"], s["hidden"])
        if places != self._places:
            self._places = places
            self._place_columns(model)
        if model.X is not self._points or s["test"] != self._all:
            self._points, self._all = model.X, s["test"]
            self._show_points(model)
        self._head.set_text(in_words(s))
        with np.errstate(over="ignore", invalid="ignore"):
            self._show_maps(model)
            self._show_edges(model, chosen)
            self._show_curves(model)

    def _place_columns(self, model):
        """Put lines and words to where the layers are."""
        columns = self._columns(model)
        places = [*columns, MAP[0]]
        self._gaps = [(a + TILE + b) / 2 for a, b in pairwise(places)]
        for k, name in enumerate(self._names):
            name.set_visible(k < len(columns))
            if k < len(columns):
                name.set_text("features" if k == 0 else f"layer {k}")
                name.set_position((columns[k] + TILE / 2, TOP - 12))
        both = [self._ends(model, k) for k in range(len(model.dense))]
        self._edges.set_segments([(a, b) for starts, ends in both for a in starts for b in ends])

    def _show_maps(self, model):
        hidden, output = maps.seen(model, model.setting["discrete"])
        s, scale, tile = model.setting, self.scale, len(self._coarse)
        top, bottom = round((TOP - 4) * scale), round((TOP + PITCH * NEURONS) * scale)
        canvas = np.zeros((bottom - top, round((RIGHT + TILE + 4) * scale), 4), np.uint8)
        columns = [round(x * scale) for x in self._columns(model)]
        for i, name in enumerate(FEATURES):
            block = maps.TABLE[self._features[:, :, i]]
            if name not in s["features"]:  # pale: not in use
                block = (block // 4 + 191).astype(np.uint8)
            _put(canvas, block, columns[0], round((_y(i) - TILE / 2) * scale) - top)
        for k, layer in enumerate(hidden):
            small = maps.TABLE[maps.tiles(layer, self._coarse)]
            biases = maps.TABLE[maps.levels(np.tanh(model.dense[k].b))]
            for i in range(layer.shape[2]):
                row = round((_y(i) - TILE / 2) * scale) - top
                _put(canvas, small[:, :, i], columns[k + 1], row)
                edge = round(9 * scale)  # the bias: a little square at the lower left
                canvas[row + tile - edge : row + tile, columns[k + 1] : columns[k + 1] + edge] = 255
                _put(canvas, np.broadcast_to(biases[i], (edge - 2, edge - 2, 4)),
                     columns[k + 1], row + tile - edge + 2)  # fmt: skip
        self._net.bottom = HEIGHT * scale - bottom
        self._net.set_pixels(canvas)
        self._map.set_pixels(maps.TABLE[maps.levels(maps.from_above(output, self._fine))])
        self._other.set_visible(model.other is not None)
        if model.other:
            _, output = maps.seen(model.other, s["discrete"])
            place = maps.spread(round(INSET * scale))
            inset = maps.TABLE[maps.levels(maps.from_above(output, place))]
            edge = ((2, 2), (2, 2), (0, 0))  # white
            self._other.set_pixels(np.pad(inset, edge, constant_values=255))

    def _ends(self, model, k):
        """Return the points from which the lines of a layer start, and to which they go."""
        s, columns = model.setting, self._columns(model)
        rows = range(s["hidden"][k - 1]) if k else [*map([*FEATURES].index, s["features"])]
        starts = [(columns[k] + TILE, _y(i)) for i in rows]
        if k == len(s["hidden"]):
            return starts, [(MAP[0], MAP[1] + MAP[2] / 2)]
        return starts, [(columns[k + 1], _y(i)) for i in range(s["hidden"][k])]

    def _show_edges(self, model, chosen):
        weights = np.concatenate([layer.W.ravel() for layer in model.dense])
        self._edges.set_color(INK[(weights > 0).astype(int)])
        self._edges.set_linewidth(np.nan_to_num(0.25 + 1.8 * np.abs(weights)).clip(0, 7))
        if chosen is None:
            self._chosen.set_data([], [])
            return
        layer, start, end = chosen
        starts, ends = self._ends(model, layer)
        (x, y), to = ends[end], ends[end]
        begin = (x - 20, y + TILE / 2 + 8) if start == "bias" else starts[start]
        self._chosen.set_data(*zip(begin, to, strict=True))

    def _show_curves(self, model):
        rows = [np.array(one.history).T for one in model.racing]
        losses = np.concatenate([np.ravel(some[1:]) for some in rows])
        top = _above(losses[np.isfinite(losses)].max(initial=1e-3).clip(max=HIGHEST))
        if top != self._losses.get_ylim()[1]:
            self._losses.set_ylim(0, top)
        last = max(model.epoch, 1)
        curves = [(epochs / last, each) for epochs, *both in rows for each in both]
        curves += [([], [])] * (len(self._curves) - len(curves))
        for line, (across, loss) in zip(self._curves, curves, strict=True):
            line.set_data(across, loss)
        sizes = np.nan_to_num(model.gradient_sizes())
        self._gradients.set_data(self._gaps, sizes.clip(2e-6, 5))

    def _show_points(self, model):
        shown = {"train": (model.X, model.y), "test": (model.X_test, model.y_test)}
        for which, above, marks in self._marks:
            X, y = shown[which]
            here = (y > 0) == above
            marks.set_offsets(X[here])
            marks.set_facecolor(maps.TABLE[maps.levels(y[here])] / 255)
            marks.set_visible(which == "train" or model.setting["test"])


def _y(i):
    return TOP + PITCH * i + TILE / 2


def _put(canvas, block, left, top):
    height, width = block.shape[:2]
    canvas[top : top + height, left : left + width] = block


def _above(value):
    """Return the least of 1, 2 and 5 times a power of ten that is not below a number.

    >>> [_above(value) for value in (0.3, 0.7, 1.2)]
    [0.5, 1.0, 2.0]
    """
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(power * k for k in (1, 2, 5, 10) if power * k >= value))
