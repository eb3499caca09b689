"""A finger in the picture of the playground, in a real JupyterLab, and a phone's width."""

import numpy as np
import pytest

from lecture_utils.training_room.model import Model
from tests.browser.test_lab import ARTIFACTS
from tests.helpers.hand import Hand, eventually, middle, rested
from tests.helpers.playroom import FIRST, changes, sets, setting, until


@pytest.fixture
def touch(figure):
    """Give the page a touch screen, and afterwards the size it had."""
    page = figure.box.page
    browser = page.context.new_cdp_session(page)
    browser.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    yield browser
    browser.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    browser.detach()
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_finger_drags_a_line_and_not_the_page(figure, touch):
    page = figure.box.page
    page.set_viewport_size({"width": 1280, "height": 600})  # there is more than fits
    figure.box.evaluate("box => box.scrollIntoView({block: 'start'})")
    rested(figure)
    tile, start = figure.box.get_by_label("feature x₁", exact=True), Model(**FIRST).dense[0].W[0, 0]
    x, y = middle(tile)
    Hand(page).swipe(touch, (x + 60, y), 54)
    until(lambda: changes(figure) == ((0, (0, 0, 0), round(start + 1.08, 2)),))
    assert middle(tile) == (x, y), "the page has moved, too"
    Hand(page).swipe(touch, (x - 100, y + 240), 54)  # where there is no line
    assert eventually(page, lambda: middle(tile)[1] < y - 30), "this page cannot be moved at all"


def test_many_layers_on_a_phone_are_drawn_smaller_and_touched_where_they_are_seen(figure, touch):
    page, wide = figure.box.page, figure.box.get_by_label("feature x₁", exact=True).bounding_box()
    page.set_viewport_size({"width": 480, "height": 700})
    hidden = FIRST["hidden"]
    while len(hidden) < 6:
        hidden = (*hidden, 8)
        sets(figure, figure.box.get_by_label("more hidden layers").click, hidden=hidden)
    figure.box.evaluate("box => box.scrollIntoView({block: 'start'})")
    rested(figure)
    tile = figure.box.get_by_label("feature x₁", exact=True)
    until(lambda: tile.bounding_box()["width"] < 0.9 * wide["width"])
    start, (x, y) = Model(hidden=hidden).dense[0].W[0, 0], middle(tile)
    Hand(page).swipe(touch, (x + 0.9 * tile.bounding_box()["width"], y), 54)
    until(lambda: changes(figure) == ((0, (0, 0, 0), round(start + 1.08, 2)),))
    assert middle(tile) == (x, y), "the page has moved, too"
    out = figure.box.locator(".playroom-map")
    out.scroll_into_view_if_needed()
    box = out.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 6, box["y"] + box["height"] / 3)
    until(lambda: "points" in setting(figure))
    ((_, x1, x2, _),) = setting(figure)["points"]
    assert np.allclose((x1, x2), (-4, 2), atol=0.1)
    figure.box.screenshot(path=ARTIFACTS / "playground-phone.png")
