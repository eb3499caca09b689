"""The playground in a page: what it says and shows, and how a test waits for it."""

import io
import json
import re
import time

import numpy as np
import pytest
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.image import imread

from lecture_utils import playground, style
from tests.helpers import live_figures

COLOURS = LinearSegmentedColormap.from_list(
    "sides", [style.COLORS["minus"], "#fdf6e7", style.COLORS["plus"]]
)
FIRST = dict(hidden=(8, 8))
NEXT = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def made(**setting):
    pytest.importorskip("anywidget")
    style.use(touch=True)
    play = playground(**setting)
    style.use()
    return play


def told(play, do="look", **what):
    """Tell the playground what a page tells it; return the news, and the numbers by name."""
    rest = {"ratio": 1.0} if do == "look" else {}
    ((news, (numbers,)),) = live_figures.tell(play, do=do, to=1, **rest, **what)
    json.dumps(news, allow_nan=False)  # as it is sent
    assert news["to"] == 1
    return news, unpacked(news, numbers)


def unpacked(news, numbers):
    found, at = {}, 0
    for name, kind, length in news["parts"]:
        found[name] = np.frombuffer(numbers[at : at + length], np.dtype(kind))
        at += length
    assert at == len(numbers)
    return found


def button(figure, label):
    return figure.box.get_by_role("button", name=label, exact=True)


def until(so, timeout=15):
    end = time.monotonic() + timeout
    while not so():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.05)


def epoch(figure):
    return int(figure.words().split(":")[0].removeprefix("Epoch ").replace(",", ""))


def setting(figure):
    """Return what the line under the picture says, a dict."""
    line = re.search(r"playground\(.*\)", figure.words())
    return eval(line[0], {"playground": dict}) if line else {}


def changes(figure):
    """Return what was changed on the way, row by row."""
    return setting(figure).get("changes", ())


def sets(figure, action, **wanted):
    """Do something, and wait until the line says what must come of it, and the picture, too."""
    action()
    until(lambda: {**FIRST, **wanted} == setting(figure))
    figure.box.evaluate(NEXT)  # an answer is written before it is drawn


def canvas(figure):
    return figure.box.locator("canvas").first


def pixels(figure, place, picture=None):
    """Return what is drawn where something of the page is: (height, width, 3)."""
    picture = (imread(io.BytesIO(figure.png())) if picture is None else picture)[..., :3]
    left, top = (canvas(figure).bounding_box()[side] for side in "xy")
    box = place.bounding_box()
    rows = slice(round(box["y"] - top), round(box["y"] - top + box["height"]))
    return picture[rows, round(box["x"] - left) : round(box["x"] - left + box["width"])]


def blocks(picture, count=4):
    """Return the colours of so many by so many parts of a picture: (count, count, 3)."""
    parts = [np.array_split(row, count, axis=1) for row in np.array_split(picture, count)]
    return np.array([[np.median(part, axis=(0, 1)) for part in row] for row in parts])


def painted(values):
    """Return what a map, (100, 100), looks like, the top row first."""
    return COLOURS((np.clip(values[::-1], -1, 1) + 1) / 2)[..., :3]
