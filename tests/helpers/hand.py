"""A hand on the picture of a figure, with real events of a pointer, and what is then seen."""

import io
import time

import numpy as np
from matplotlib.image import imread


def middle(place):
    """Return where the middle of something is in the page."""
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class Hand:
    """A hand with a mouse, or a finger.

    Parameters
    ----------
    page : playwright.sync_api.Page
    """

    def __init__(self, page):
        self.page, self.at = page, (0.0, 0.0)

    def press(self, place):
        """Press the button in the middle of something."""
        place.scroll_into_view_if_needed()
        self.at = middle(place)
        self.page.mouse.move(*self.at)
        self.page.mouse.down()

    def move(self, right, down, steps=10):
        """Move on, as a hand does: in small steps, a screen's frame each."""
        x, y = self.at
        self.at = x + right, y + down
        for step in range(1, steps + 1):
            self.page.mouse.move(x + right * step / steps, y + down * step / steps)
            self.page.wait_for_timeout(16)

    def release(self):
        """Let go."""
        self.page.mouse.up()

    def drag(self, place, right, down):
        """Press, move, release."""
        self.press(place)
        self.move(right, down)
        self.release()

    def swipe(self, browser, place, up=66):
        """Put a finger on the middle of something, move it up, and lift it.

        Parameters
        ----------
        browser : playwright.sync_api.CDPSession
            Of the page, with touch switched on.
        place : playwright.sync_api.Locator or (float, float)
        up : int, default=66
            How far, in pixels.
        """
        x, y = place if isinstance(place, tuple) else middle(place)
        for moved in range(0, up + 1, 6):
            kind, finger = "touchMove" if moved else "touchStart", {"x": x, "y": y - moved}
            browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [finger]})
            self.page.wait_for_timeout(16)
        browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def eventually(page, holds, seconds=8):
    """Wait until something holds, and tell whether it does."""
    end = time.monotonic() + seconds
    while not (well := holds()) and time.monotonic() < end:
        page.wait_for_timeout(50)
    return well


def controls(figure):
    """Return what the controls of a figure say."""
    return figure.box.evaluate(
        "box => [...box.querySelectorAll('.widget-readout')].map(node => node.innerText).concat("
        "[...box.querySelectorAll('select')].map(menu => menu.selectedOptions[0].label))"
    )


def look(figure):
    """Return all that a reader sees of a figure: picture, words, controls."""
    return imread(io.BytesIO(figure.png())), figure.words(), controls(figure)


def rested(figure, seconds=20):
    """Return what a reader sees of a figure once it has looked the same for half a second."""
    page, seen, since = figure.box.page, look(figure), time.monotonic()
    end = since + seconds
    while time.monotonic() < min(since + 0.5, end):
        page.wait_for_timeout(50)
        if not equal(now := look(figure), seen):
            seen, since = now, time.monotonic()
    return seen


def equal(one, other):
    """Tell whether a figure looks the same: a fast frame may differ by 2 of 255 from a slow one."""
    return one[1:] == other[1:] and np.allclose(one[0], other[0], rtol=0, atol=2.5 / 255)


def all_differ(one, other):
    """Tell whether nothing is as it was: picture, words and controls."""
    return one[1] != other[1] and one[2] != other[2] and not np.array_equal(one[0], other[0])


def contrast(place):
    """Return the contrast of words on what is behind them, as WCAG 2 defines it."""
    front, *behind = place.evaluate("""node => {
        const colours = [getComputedStyle(node).color];
        for (let one = node; one; one = one.parentElement)
            colours.push(getComputedStyle(one).backgroundColor);
        return colours.map(text => text.match(/[\\d.]+/g).map(Number));
    }""")  # fmt: skip
    ground = next(colour for colour in behind if colour[3:] != [0])
    assert not ground[3:], "half transparent"
    light = []
    for colour in (front, ground):
        part = np.array(colour[:3]) / 255
        linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        light.append(linear @ [0.2126, 0.7152, 0.0722])
    return (max(light) + 0.05) / (min(light) + 0.05)


def wear(page, theme, light):
    """Let JupyterLab have another theme, "Light" or "Dark", `light` or not: "true", "false"."""
    command = "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
    page.evaluate(command, f"JupyterLab {theme}")
    splash = ":has(#jupyterlab-splash)"  # it would take the pointer
    page.wait_for_selector(f"body[data-jp-theme-light={light}]:not({splash})", state="attached")
