"""How fast the playground is: its training against a bare loop, and what a browser shows of it.

The network is 2-8-8-1, batch 10, on 250 points, with the maps of all neurons.
"""

import statistics
import tempfile
import time
from pathlib import Path

import nbformat
import psutil
from threadpoolctl import threadpool_limits

from benchmarks.bench_live import notebook
from benchmarks.bench_numbers import THREADS, bare_loop, race
from lecture_utils.training_room.model import Model
from tests import lab

SETTING = dict(data="spirals", hidden=(8, 8))
SAME = dict(data="plane", ratio=250 / 1200, hidden=(8, 8))  # a linear output, as the bare loop has
SHOW = f"from lecture_utils import playground\nplay = playground(**{SETTING})\nplay"
EPOCHS = 20
# Pictures that were decoded, one an animation frame at most, for the given milliseconds.
COUNT = """
milliseconds => new Promise(resolve => {
  const image = document.querySelector('.jp-OutputArea img.widget-image');
  const epoch = () => parseInt(document.querySelector('[role=status]').innerText
    .replace(/,/g, '').split(' ')[1]);
  const start = performance.now(), first = epoch();
  let last = image.src, frames = 0;
  const look = () => {
    if (image.complete && image.src !== last) { last = image.src; frames += 1; }
    const passed = performance.now() - start;
    if (passed < milliseconds) requestAnimationFrame(look);
    else resolve([1000 * frames / passed, 1000 * (epoch() - first) / passed]);
  };
  look();
})"""
# From a click on a button to the words that say it was answered.
ANSWER = """
label => new Promise(resolve => {
  const says = () => document.querySelector('[role=status]').innerText.includes('playground(');
  const before = says(), start = performance.now();
  [...document.querySelectorAll('.jp-OutputArea button')]
    .find(button => button.innerText.trim() === label).click();
  const look = () => says() !== before ? resolve(performance.now() - start)
    : requestAnimationFrame(look);
  look();
})"""


def kernel_times():
    """Return seconds: of an update, of one of a bare loop, and of all maps."""
    model = Model(**SAME)
    inputs, targets = model.features(model.X), model.y[:, None]
    with threadpool_limits(THREADS):
        ours, bare = race(lambda: model.advance(EPOCHS), bare_loop(inputs, targets, EPOCHS))
        (maps,) = race(Model(**SETTING).maps)
    updates = EPOCHS * -(-len(model.X) // 10)
    return ours / updates, bare / updates, maps


def megabytes(page, kernel):
    """Return what the page's objects and the kernel hold, in MB, after what is left is let go."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    return tools.send("Runtime.getHeapUsage")["usedSize"] / 2**20, kernel.memory_info().rss / 2**20


def browser_times(rounds=3, seconds=4, minutes=3):
    """Return frames a second, epochs a second, milliseconds from a click to its answer, and MB.

    The last is what the page and the kernel grow by while it is left running for some minutes.
    """
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(notebook(SHOW), Path(folder) / "play.ipynb")
        with lab.jupyterlab(folder) as address, lab.browser() as context:
            page = context.new_page()
            lab.Notebook(page, address, "play.ipynb").run_all()
            page.locator(".widget-play button").first.click()
            time.sleep(2)
            rates, answers = [], []
            for _ in range(rounds):
                rates.append(page.evaluate(COUNT, 1000 * seconds))
                for _ in range(4):
                    page.wait_for_timeout(150)
                    answers.append(page.evaluate(ANSWER, "settings"))
            (kernel,) = (p for p in psutil.Process().children(recursive=True)
                         if "ipykernel_launcher" in p.cmdline())  # fmt: skip
            before = megabytes(page, kernel)
            page.wait_for_timeout(60_000 * minutes)
            page.evaluate(ANSWER, "settings")  # it still answers
            grown = max(b - a for a, b in zip(before, megabytes(page, kernel), strict=True))
    frames, epochs = (statistics.median(column) for column in zip(*rates, strict=True))
    return frames, epochs, statistics.median(answers), grown


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    ours, bare, maps = kernel_times()
    frames, epochs, answer, grown = browser_times()
    title = "playground 2-8-8-1"
    return [
        (f"{title}, update: {ours * 1e6:.0f} us / a bare loop", f"{ours / bare:.2f}", "<= 1.3",
         ours / bare <= 1.3),
        (f"{title}, maps of 100 x 100, all neurons, ms", f"{maps * 1e3:.2f}", "<= 1", maps <= 1e-3),
        (f"{title}, frames a second in JupyterLab", f"{frames:.0f}", ">= 20", frames >= 20),
        (f"{title}, epochs a second while it is shown", f"{epochs:.0f}", ">= 60", epochs >= 60),
        (f"{title}, click to answer while it runs, ms", f"{answer:.0f}", "<= 150", answer <= 150),
        (f"{title}, growth of page or kernel in 3 minutes, MB", f"{grown:.0f}", "<= 50",
         grown <= 50),
    ]  # fmt: skip
