"""How fast the playground is where Python runs in the page: on the site, without a server."""

import json
import tempfile
from pathlib import Path
from urllib.parse import quote

from benchmarks.bench_playground import ANSWER, COUNT, DEEP, SETTING
from tests import lab
from tools import site

PLAYGROUND = "pages/08_training_networks.html#playground="
PATIENCE = 400_000  # milliseconds until Python is there


def page_times(address, setting, seconds=8):
    """Return frames drawn and delivered and epochs, each a second, and ms from click to answer."""
    with lab.browser() as context:
        page = context.new_page()
        page.goto(f"{address}/{PLAYGROUND}{quote(json.dumps(setting))}")
        page.locator(".playroom-play").click(timeout=PATIENCE)
        page.wait_for_timeout(3000)
        return *page.evaluate(COUNT, 1000 * seconds), page.evaluate(ANSWER, "settings")


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    found = []
    with tempfile.TemporaryDirectory() as made:
        site.main(Path(made) / "site")
        with lab.served(Path(made) / "site") as address:
            for title, setting in (("2-8-8-1", SETTING), ("six layers of 8", DEEP)):
                *rates, answer = page_times(address, setting)
                where = f"playground {title} in a living page"
                names = ("frames shown", "frames delivered", "epochs")
                found += [(f"{where}, {name} a second", f"{rate:.0f}", ">= 20", rate >= 20)
                          for name, rate in zip(names, rates, strict=True)]  # fmt: skip
                found.append((f"{where}, click to answer while it runs, ms", f"{answer:.0f}",
                              "<= 50", answer <= 50))  # fmt: skip
    return found
