"""How fast the playground is: its training against a bare loop, and what a browser shows of it.

In the page it trains an epoch a frame, batch 10, on 250 points, with the maps of all neurons.
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
from lecture_utils import playground, style
from lecture_utils.training_room.model import Model
from tests.helpers import lab

SETTING = dict(data="spirals", hidden=(8, 8), speed=1)
DEEP = dict(data="spirals", hidden=(8,) * 6, speed=1)
SAME = dict(data="plane", ratio=250 / 1200, hidden=(8, 8))  # a linear output, as the bare loop has
EPOCHS = 20
# Frames that were drawn and that came from Python, and epochs, each a second; bytes of a frame.
COUNT = """
milliseconds => new Promise(resolve => {
  const { dataset } = document.querySelector('.playroom canvas');
  const now = () => [dataset.drawn, dataset.told, parseInt(
    document.querySelector('.lecture-words').innerText.replace(/,/g, '').split(' ')[1])];
  const start = performance.now(), first = now();
  setTimeout(() => {
    const seconds = (performance.now() - start) / 1000;
    resolve(now().map((count, i) => (count - first[i]) / seconds));
  }, milliseconds);
})"""
# From a click on a button of the playground to the words that say it was answered.
ANSWER = """
label => new Promise((resolve, reject) => {
  const box = document.querySelector('.playroom').closest('.widget-vbox');
  const status = box.querySelector('[role=status]');
  const says = () => status.innerText.includes('playground(');
  const before = says(), start = performance.now();
  new MutationObserver((_, seen) => {
    if (says() === before) return;
    seen.disconnect();
    resolve(performance.now() - start);
  }).observe(status, { childList: true, subtree: true });
  setTimeout(() => reject(new Error(`no answer to ${label}`)), 30000);
  [...box.querySelectorAll('.jupyter-button')]
    .find(button => button.innerText.trim() === label).click();
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


def frame_bytes(setting):
    """Return how many bytes of numbers a frame has."""
    style.use(touch=True)
    play = playground(**setting)
    play.train(1)
    size = sum(length for *_, length in play._picture._news(everything=False)[0]["parts"])
    play.close()
    style.use()
    return size


def browser_times(setting, rounds=3, seconds=4, minutes=0):
    """Return frames drawn and delivered, epochs a second, milliseconds from click to answer, MB.

    The last is what the page and the kernel grow by while it is left running for some minutes.
    """
    show = f"from lecture_utils import playground\nplay = playground(**{setting})\nplay"
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(notebook(show), Path(folder) / "play.ipynb")
        with lab.jupyterlab(folder) as address, lab.browser() as context:
            page = context.new_page()
            lab.Notebook(page, address, "play.ipynb").run_all()
            page.locator(".playroom-play").click()
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
    return *map(statistics.median, zip(*rates, strict=True)), statistics.median(answers), grown


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    ours, bare, maps = kernel_times()
    small = "playground 2-8-8-1"
    found = [
        (f"{small}, update: {ours * 1e6:.0f} us / a bare loop", f"{ours / bare:.2f}", "<= 1.3",
         ours / bare <= 1.3),
        (f"{small}, maps of 100 x 100, all neurons, ms", f"{maps * 1e3:.2f}", "<= 1", maps <= 1e-3),
    ]  # fmt: skip
    for title, setting, shown, told, minutes in (
        (small, SETTING, 33, 60, 10), ("playground six layers of 8", DEEP, 28, 45, 0)):  # fmt: skip
        size = frame_bytes(setting) / 1000
        frames, delivered, epochs, answer, grown = browser_times(setting, minutes=minutes)
        found += [
            (f"{title}, frames shown a second in JupyterLab", f"{frames:.0f}", f">= {shown}",
             frames >= shown),
            (f"{title}, frames delivered a second", f"{delivered:.0f}", f">= {told}",
             delivered >= told),
            (f"{title}, epochs a second while it is shown", f"{epochs:.0f}", f">= {told}",
             epochs >= told),
            (f"{title}, a frame, kB", f"{size:.0f}", "<= 50", size <= 50),
            (f"{title}, click to answer while it runs, ms", f"{answer:.0f}", "<= 50", answer <= 50),
        ]  # fmt: skip
        if minutes:
            found.append((f"{title}, growth of page or kernel in {minutes} minutes, MB",
                          f"{grown:.0f}", "<= 50", grown <= 50))  # fmt: skip
    return found
