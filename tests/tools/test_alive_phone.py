"""Pages of the site on a phone: what is seen, and what a finger does."""

from urllib.parse import quote

import pytest

from tests.helpers import lab
from tests.helpers.hand import Hand, all_differ, eventually, look, middle
from tests.helpers.living_pages import FIGURE, PATIENCE
from tests.helpers.series import every_notebook

pytestmark = pytest.mark.site
TOO_WIDE = """() => [...document.querySelectorAll("main *")].filter(node =>
  node.getBoundingClientRect().right > innerWidth + 1 && !node.closest("pre, table, mjx-container"))
  .map(node => node.outerHTML.slice(0, 80))"""
SMALL = """() => [...document.querySelectorAll(".playroom :is(button, select)")]
  .filter(node => node.checkVisibility({ visibilityProperty: true }))
  .map(node => [node, node.getBoundingClientRect()])
  .filter(([, { left, right, width, height }]) =>
    Math.min(width, height) < 22 || left < 0 || right > innerWidth)
  .map(([node]) => node.outerHTML.slice(0, 80))"""
PHONE = {"width": 390, "height": 844}


def finger(page):
    """Return the browser's session in which a finger touches the page."""
    touched = page.context.new_cdp_session(page)
    touched.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 5})
    return touched


@every_notebook
def test_on_a_phone_nothing_is_wider_than_the_screen(name, living):
    page = living(name)
    page.page.set_viewport_size(PHONE)
    assert page.page.evaluate(TOO_WIDE) == []
    page.wake()
    assert page.page.evaluate(TOO_WIDE) == []
    assert page.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    assert page.page.evaluate("document.querySelector('#alive').offsetHeight") <= 100


def test_a_finger_moves_a_figure_of_a_living_page(living):
    page = living("01_linear_regression")
    page.page.set_viewport_size(PHONE)
    page.wake()
    touched, hand = finger(page.page), Hand(page.page)
    figure = lab.Figure(page.page.locator(FIGURE).first)
    mark = figure.box.locator(".lecture-mark").first
    mark.scroll_into_view_if_needed()
    page.page.evaluate("scrollBy(0, -200)")  # the bar is above
    before = look(figure)
    hand.swipe(touched, mark, 48)
    assert eventually(page.page, lambda: all_differ(look(figure), before))


def test_a_thumb_uses_the_playground(living):
    """All of it stands on the screen, large enough; with more layers it is drawn smaller."""
    page = living(f"08_training_networks.html#playground={quote('{}')}")
    page.page.set_viewport_size(PHONE)
    touched = finger(page.page)
    room = page.page.locator(".playroom")
    room.wait_for(timeout=PATIENCE)
    assert page.page.evaluate(TOO_WIDE) == []
    assert page.page.evaluate(SMALL) == []

    def tap(place):
        place.scroll_into_view_if_needed()
        page.page.evaluate("y => scrollBy(0, y - 300)", middle(place)[1])
        x, y = middle(place)
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            touched.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for count in (3, 4, 5):
        tap(room.get_by_label("more hidden layers"))
        room.get_by_text(f"{count} hidden layers").wait_for()
        assert page.page.evaluate(TOO_WIDE) == []
    tap(room.locator(".playroom-play"))
    epoch = room.locator(".playroom-epoch")
    assert eventually(page.page, lambda: epoch.inner_text() != "epoch 0", 60)
