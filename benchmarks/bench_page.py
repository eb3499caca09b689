"""How fast the playground is where Python runs in the page: on the site, without a server."""

import json
import tempfile
from pathlib import Path
from urllib.parse import quote

from benchmarks.bench_playground import COUNT, DEEP, SETTING
from tests import lab
from tools import site

PLAYGROUND = "pages/08_training_networks.html#playground="
PATIENCE = 400_000  # milliseconds until Python is there


def page_times(address, setting, seconds=8):
    """Return frames drawn and delivered, and epochs, each a second."""
    with lab.browser() as context:
        page = context.new_page()
        page.goto(f"{address}/{PLAYGROUND}{quote(json.dumps(setting))}")
        page.locator(".playroom-play").click(timeout=PATIENCE)
        page.wait_for_timeout(3000)
        return page.evaluate(COUNT, 1000 * seconds)


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    found = []
    with tempfile.TemporaryDirectory() as made:
        site.main(Path(made) / "site")
        with lab.served(Path(made) / "site") as address:
            for title, setting in (("2-8-8-1", SETTING), ("six layers of 8", DEEP)):
                measured = page_times(address, setting)
                for what, value in zip(("shown", "delivered"), measured, strict=False):
                    found.append((f"playground {title} in a living page, frames {what} a second",
                                  f"{value:.0f}", ">= 20", value >= 20))  # fmt: skip
    return found
