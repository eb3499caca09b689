"""What is seen of a model on the plane, as levels of one table of colours."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from lecture_utils.pictures.style import COLORS
from lecture_utils.training_room.model import GRID, SIDE
from lecture_utils.training_room.setting import FEATURES

TABLE = (LinearSegmentedColormap.from_list(
    "sides", [COLORS["minus"], "#fdf6e7", COLORS["plus"]])(np.linspace(0, 1, 255)) * 255
).astype(np.uint8)  # fmt: skip


def levels(values):
    """Turn numbers from -1 to +1 into rows of `TABLE`, uint8; what lies beyond is cut, nan is 0.

    >>> levels(np.array([-1.0, np.nan, np.inf])).tolist()
    [0, 127, 254]
    """
    places = np.nan_to_num(values, nan=0.0).clip(-1.0, 1.0)
    return (places * 127.0 + 127.5).astype(np.uint8)


def spread(side):
    """Return the rows of a map that stand in the middle of a picture's pixels: ndarray (side,).

    >>> spread(25)[[0, 24]].tolist()
    [2, 98]
    """
    return (2 * np.arange(side) + 1) * SIDE // (2 * side)


def from_above(maps, places):
    """Return maps, (100, 100, ...), as pictures have them: the top row first, these places."""
    return maps[places[::-1]][:, places]


def tiles(maps, places):
    """Return the maps of a layer, (100, 100, neurons), as levels (side, side, neurons).

    Each is shown by its own largest value, if that is above 1.
    """
    small = from_above(maps, places)
    return levels(small / np.maximum(np.abs(small).max(axis=(0, 1)), 1.0))


def feature_map(name):
    """Return a feature on the plane, ndarray of shape (100, 100), scaled to at most 1.

    >>> feature_map("x1")[0, [0, 99]].tolist()
    [-1.0, 1.0]
    """
    values = FEATURES[name][0](*np.meshgrid(GRID, GRID))
    return values / np.abs(values).max()


def feature_tiles(places):
    """Return all features as levels, (side, side, features)."""
    return tiles(np.stack([feature_map(name) for name in FEATURES], axis=-1), places)


@np.errstate(over="ignore", invalid="ignore")
def seen(model, discrete):
    """Return the maps of the hidden layers and of the output, of both sides only if `discrete`."""
    hidden, output = model.maps()
    if discrete:
        hidden, output = [np.where(a > 0, 1, -1) for a in hidden], np.where(output > 0, 1, -1)
    return hidden, output
