"""How quickly a picture follows the hand, against a slider that changes a label, and others.

The pointer is a real one, moved by the browser's driver; what it is compared with shares the page.
"""

import statistics
import tempfile
import time
from pathlib import Path

import nbformat

from benchmarks.bench_live import FLOOR, PRESS, SETUP, WATCH, notebook
from lecture_utils.live.canvas import LOADER, Canvas
from tests.helpers import lab

OURS = """
from lecture_utils import handle
@explore(height=(-3.0, 3.0, 0.01), place=(-3.0, 3.0, 0.01), size=(6.8, 4.2))
def ours(figure):
    axes = figure.subplots()
    axes.set(xlim=(-3, 3), ylim=(-3, 3))
    axes.plot(x, y, "o")
    (line,) = axes.plot([-3, 0, 3], [0, 0, 0])
    handle(axes, "place", "height")
    def update(place=0.0, height=0.0):
        line.set_data([-3, place, 3], [0, height, 0])
        return f"{place:.2f}, {height:.2f}"
    return update
"""
HEAVY = """
fine = np.linspace(-3, 3, 200)
@explore(height=(-3.0, 3.0, 0.01), place=(-3.0, 3.0, 0.01), size=(9.6, 4.9))
def heavy(figure):
    left, right = figure.subplots(1, 2)
    picture = left.imshow(np.zeros((200, 200)), extent=(-3, 3, -3, 3), vmin=0, vmax=9)
    lines = [right.plot(fine, fine)[0] for _ in range(12)]
    right.set(xlim=(-3, 3), ylim=(-3, 3))
    handle(left, "place", "height")
    def update(place=0.0, height=0.0):
        picture.set_data(np.hypot(fine - place, fine[:, None] - height))
        for k, line in enumerate(lines):
            line.set_ydata(np.sin(fine * (k + 1) / 3 + place) * height)
        return f"{place:.2f}, {height:.2f}"
    return update
"""
IPYMPL = """
from ipympl.backend_nbagg import Canvas, FigureManager
from matplotlib.figure import Figure
figure = Figure(figsize=(6.8, 4.2))
canvas = Canvas(figure)
manager = FigureManager(canvas, 0)
axes = figure.subplots()
axes.set(xlim=(-3, 3), ylim=(-3, 3))
axes.plot(x, y, "o")
(line,) = axes.plot([-3, 0, 3], [0, 0, 0])
def move(event):
    if event.xdata is not None:
        line.set_data([-3, event.xdata, 3], [0, event.ydata, 0])
        canvas.draw_idle()
canvas.mpl_connect("motion_notify_event", move)
display(canvas)
"""
INTERACT = """
def draw(place=0.0):
    figure, axes = plt.subplots(figsize=(6.8, 4.2))
    axes.set(xlim=(-3, 3), ylim=(-3, 3))
    axes.plot(x, y, "o")
    axes.plot([-3, place, 3], [0, 1, 0])
    plt.show()
display(widgets.interactive(draw, place=(-3.0, 3.0, 0.01)))
"""
CELLS = {"ours": 1, "floor": 2, "interact": 3, "ipympl": 4, "heavy": 5}
# Each move of the pointer, until what is drawn after it is painted; and how many pictures came.
HEAR = """
() => {
  window.times = [];
  window.came = 0;
  addEventListener('pointermove', () => {
    const start = performance.now();
    window.drawn = () => {
      window.drawn = undefined;
      requestAnimationFrame(() => times.push(performance.now() - start));
    };
  }, true);
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  kernel.anyMessage.connect((_, {msg, direction}) => {
    const picture = msg.header.msg_type === 'comm_msg' && msg.buffers?.length;
    if (direction === 'recv' && picture) came += 1;
  });
}"""
# The page's own hand, which no driver slows down: pictures that came and were drawn a second.
STORM = """
async ([index, seconds]) => {
  const mark = document.querySelectorAll('.jp-CodeCell')[index].querySelector('.lecture-mark');
  mark.setPointerCapture = () => {};  // there is no such pointer
  const { left, top } = mark.getBoundingClientRect();
  const fire = (kind, right, down) => mark.dispatchEvent(new PointerEvent(
    kind, { clientX: left + 12 + right, clientY: top + 12 + down, bubbles: true }));
  fire('pointerdown', 0, 0);
  came = strokes = 0;
  const begun = performance.now(), passed = () => (performance.now() - begun) / 1000;
  while (passed() < seconds) {
    fire('pointermove', 60 * Math.sin(3 * passed()), 40 * Math.cos(3 * passed()));
    await new Promise(done => setTimeout(done, 8));
  }
  const found = [came / passed(), strokes / passed()];
  fire('pointerup', 0, 0);
  return found;
}"""


def middle(page, index):
    """Return the place of a picture to be dragged, in the page."""
    cell = page.locator(".jp-CodeCell").nth(index)
    cell.locator("canvas").first.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    mark = cell.locator(".lecture-mark")
    box = (mark if mark.count() else cell.locator("canvas").first).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def latency(page, index, moves=25):
    """Move the pointer now and then; return milliseconds to the new pixels of each move."""
    x, y = middle(page, index)
    page.mouse.move(x, y)
    page.mouse.down()
    page.wait_for_timeout(300)
    page.evaluate("() => { times.length = 0; }")
    for i in range(moves):
        page.mouse.move(x + 20 + i % 7 * 5, y - 10 - i % 5 * 5)
        page.wait_for_timeout(150)
    page.mouse.up()
    page.wait_for_timeout(600)
    return page.evaluate("() => times")


def drag(page, index, seconds):
    """Drag to and fro; return pictures that came and that were drawn a second, and the backlog."""
    x, y = middle(page, index)
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { came = 0; strokes = 0; window.begun = performance.now(); }")
    end = time.monotonic() + seconds
    while time.monotonic() < end:  # nothing is asked of the page meanwhile
        for to in (40, 0):
            page.mouse.move(x + to, y - to / 2, steps=20)
    came, strokes, took = page.evaluate("() => [came, strokes, (performance.now() - begun) / 1000]")
    backlog = page.evaluate(
        "async () => { const end = performance.now(); let last = end, before = strokes;"
        " while (performance.now() < end + 1500) {"
        " if (strokes !== before) { before = strokes; last = performance.now(); }"
        " await new Promise(done => setTimeout(done, 5)); } return last - end; }"
    )
    page.mouse.up()
    return came / took, strokes / took, backlog


def measure(ratio):
    """Return milliseconds to new pixels, and what a drag gives, at a screen's pixel ratio."""
    with tempfile.TemporaryDirectory() as folder:
        cells = notebook(SETUP, OURS, FLOOR, INTERACT, IPYMPL, HEAVY)
        nbformat.write(cells, Path(folder) / "race.ipynb")
        with (
            lab.jupyterlab(folder) as address,
            lab.browser(device_scale_factor=ratio) as context,
        ):
            page = context.new_page()
            lab.Notebook(page, address, "race.ipynb").run_all()
            page.evaluate(WATCH)
            page.evaluate(HEAR)
            found = {"ours": [], "ipympl": [], "floor": [], "interact": []}
            for _ in range(3):
                for name, all in found.items():
                    cell = page.locator(".jp-CodeCell").nth(CELLS[name])
                    cell.scroll_into_view_if_needed()
                    page.wait_for_timeout(300)
                    if name in ("floor", "interact"):
                        all += filter(None, page.evaluate(PRESS, [CELLS[name], 12]))
                    else:
                        all += latency(page, CELLS[name])
            drags = {name: drag(page, CELLS[name], 4) for name in ("ours", "ipympl")}
            drags["heavy"] = drag(page, CELLS["heavy"], 10)
            page.wait_for_timeout(500)
            drags["storm"] = page.evaluate(STORM, [CELLS["ours"], 4])
    return {name: statistics.median(all) for name, all in found.items()}, drags


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    table = []
    for ratio in (1, 2):
        times, drags = measure(ratio)
        at = f"at {ratio} pixel{'s' if ratio > 1 else ''} to a pixel of the page"
        slower = times["ours"] / times["floor"]
        came, shown = drags["storm"]
        backlog = drags["heavy"][2]
        first = ratio == 1
        table += [
            (f"pointer to new pixels: ours / a slider's label, {at}", f"{slower:.2f}",
             "<= 1.5" if first else "", slower <= 1.5 if first else None),
            (f"pointer to new pixels: ipympl / ours, {at}",
             f"{times['ipympl'] / times['ours']:.1f}", "", None),
            (f"pointer to new pixels: interact's slider / ours, {at}",
             f"{times['interact'] / times['ours']:.1f}", "", None),
            (f"pictures a second in a drag, delivered, {at}", f"{came:.0f}",
             ">= 40" if first else "", came >= 40 if first else None),
            (f"pictures a second in a drag, drawn, {at}", f"{shown:.0f}", "", None),
            (f"pictures a second, a driver's hand, drawn: ours / ipympl, {at}",
             f"{drags['ours'][1] / max(drags['ipympl'][1], 0.1):.1f}", "", None),
            (f"seconds behind the hand after ten of the heaviest, {at}", f"{backlog / 1000:.2f}",
             "<= 0.2" if first else "", backlog <= 200 if first else None),
        ]  # fmt: skip
    size = len(f"{Canvas.code}{LOADER}".encode())
    table.append(("bytes of JavaScript, once a notebook", f"{size:,}", "", None))
    return table
