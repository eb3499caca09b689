"""How fast a page is that comes alive: to be read, to be moved, and its playground at play."""

import json
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.parse import quote

from benchmarks.bench_live import WATCH
from benchmarks.bench_playground import ANSWER, COUNT, DEEP, SETTING
from benchmarks.bench_touch import HEAR, STORM
from tests.helpers import lab
from tests.helpers.living_pages import ALIVE, FIGURE
from tests.tools.test_alive import drag_from_the_first_page
from tests.tools.test_site import Page, drag
from tools import site

PLAYGROUND = "pages/08_training_networks.html#playground="
READING = (  # what, digits, unit, the most
    ("a page, until what is seen at first is there, formulas and pictures too", 1, "s", 1),
    ("a page, from a touch to the first figure that can be moved", 1, "s", 10),
    ("the site, from the first page to a dragged point", 1, "s", 20),
    ("a living page, from the pointer to the picture", 0, "ms", 40),
)
PATIENCE = 400_000  # milliseconds until Python is there
TAKEN = """() => [...document.querySelectorAll(".jp-CodeCell")].findIndex(
  cell => cell.querySelector(".lecture-mark"))"""


def page_times(address, setting, seconds=8):
    """Return frames drawn and delivered and epochs, each a second, and ms from click to answer."""
    with lab.browser() as context:
        page = context.new_page()
        page.goto(f"{address}/{PLAYGROUND}{quote(json.dumps(setting))}")
        page.locator(".playroom-play").click(timeout=PATIENCE)
        page.wait_for_timeout(3000)
        return *page.evaluate(COUNT, 1000 * seconds), page.evaluate(ANSWER, "settings")


def pictures_of_the_notebook(address, seconds=4):
    """Return how many pictures a second a drag gives where JupyterLite shows the notebook."""
    with lab.browser() as context:
        page = context.new_page()
        Page(page, (address, ""), "05_perceptron.ipynb").run_all(timeout=PATIENCE / 1000)
        page.evaluate(WATCH)
        page.evaluate(HEAR)
        index = page.evaluate(TAKEN)
        page.locator(".jp-CodeCell").nth(index).scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        return page.evaluate(STORM, [index, seconds])[0]


def reading_times(address):
    """Return the seconds until a page is read, until a figure can be moved, and of a reader's way.

    And the milliseconds from a move of the pointer to its picture.
    """
    with lab.browser() as context:
        page = context.new_page()
        page.goto(f"{address}/pages/01_linear_regression.html")
        page.evaluate("MathJax.startup.promise")
        read = page.evaluate("performance.getEntriesByName('first view')[0].startTime") / 1000
        begun = time.perf_counter()
        page.locator(".code_cell .output img").first.click()
        page.locator(FIGURE).first.wait_for(timeout=PATIENCE)
        movable = time.perf_counter() - begun
    with lab.browser() as context:
        page = context.new_page()
        figure, way = drag_from_the_first_page(page, address)
        page.wait_for_function(ALIVE, timeout=PATIENCE)
        return read, movable, way, median(drag(page, figure))


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    found = []
    with tempfile.TemporaryDirectory() as made:
        site.main(Path(made) / "site")
        with lab.served(Path(made) / "site") as address:
            times = zip(READING, reading_times(address), strict=True)
            found += [(what, f"{value:.{digits}f} {unit}", f"< {most} {unit}", value < most)
                      for (what, digits, unit, most), value in times]  # fmt: skip
            pictures = pictures_of_the_notebook(address)
            found.append(("pictures a second in a drag of a notebook in JupyterLite, delivered",
                          f"{pictures:.0f}", ">= 25", pictures >= 25))  # fmt: skip
            for title, setting in (("2-8-8-1", SETTING), ("six layers of 8", DEEP)):
                *rates, answer = page_times(address, setting)
                where = f"playground {title} in a living page"
                names = ("frames shown", "frames delivered", "epochs")
                found += [(f"{where}, {name} a second", f"{rate:.0f}", ">= 20", rate >= 20)
                          for name, rate in zip(names, rates, strict=True)]  # fmt: skip
                found.append((f"{where}, click to answer while it runs, ms", f"{answer:.0f}",
                              "<= 50", answer <= 50))  # fmt: skip
    return found
