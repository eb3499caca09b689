"""How quickly the live figure answers, as ratios: against what else a course may use, in one run.

All contestants show the same figure in one JupyterLab; they take turns, and medians are compared.
The floor is a slider that changes one label: nothing that goes through the kernel can be quicker.
"""

import json
import statistics
import subprocess
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.helpers import lab

SETUP = """
%matplotlib inline
import ipywidgets as widgets, json, statistics, time
import matplotlib.pyplot as plt, numpy as np
from IPython.display import display
from lecture_utils import explore
rng = np.random.default_rng(0)
x = rng.normal(size=200)
y = x + rng.normal(size=200) / 2
ends = np.array([-3.0, 3.0])
height = np.add.outer(np.linspace(-1, 1, 100) ** 2, np.linspace(-1, 1, 100))
SIZE, SLOPE = (6, 4), (-3.0, 3.0, 0.01)
"""
OURS = """
@explore(slope=SLOPE, size=SIZE)
def ours(figure):
    axes = figure.subplots()
    axes.plot(x, y, "o")
    (line,) = axes.plot(ends, ends)
    axes.set(title="A line", ylim=(-9, 9))
    def update(slope=1.0):
        line.set_ydata(slope * ends)
        return f"rises by {slope:.2f}"
    return update
"""
INTERACT = """
def draw(slope=1.0):
    figure, axes = plt.subplots(figsize=SIZE)
    axes.plot(x, y, "o")
    axes.plot(ends, slope * ends)
    axes.set(title="A line", ylim=(-9, 9))
    plt.show()
theirs = widgets.interactive(draw, slope=SLOPE)
display(theirs)
"""
IPYMPL = """
from ipympl.backend_nbagg import Canvas, FigureManager
from matplotlib.figure import Figure
figure = Figure(figsize=SIZE)
canvas = Canvas(figure)
manager = FigureManager(canvas, 0)
axes = figure.subplots()
axes.plot(x, y, "o")
(line,) = axes.plot(ends, ends)
axes.set(title="A line", ylim=(-9, 9))
slider = widgets.FloatSlider(1, min=-3, max=3, step=0.01)
def move(change):
    line.set_ydata(change["new"] * ends)
    canvas.draw_idle()
slider.observe(move, "value")
display(widgets.VBox([slider, canvas]))
"""
FLOOR = """
knob, label = widgets.FloatSlider(1, min=-3, max=3, step=0.01), widgets.HTML()
knob.observe(lambda change: setattr(label, "value", f"<p>{change['new']}</p>"), "value")
display(widgets.VBox([knob, label]))
"""
HEAT = """
@explore(slope=SLOPE, size=SIZE)
def heat(figure):
    axes = figure.subplots()
    picture = axes.imshow(height, extent=(-3, 3, -3, 3), vmin=-9, vmax=9)
    axes.plot(x, y, "o")
    def update(slope=1.0):
        picture.set_data(slope * height)
        return f"times {slope:.2f}"
    return update
def draw_heat(slope=1.0):
    figure, axes = plt.subplots(figsize=SIZE)
    axes.imshow(slope * height, extent=(-3, 3, -3, 3), vmin=-9, vmax=9)
    axes.plot(x, y, "o")
    plt.show()
their_heat = widgets.interactive(draw_heat, slope=SLOPE)
display(their_heat)
"""
RACE = """
def race(live, other):
    controls, times = (live.controls["slope"], other.children[0]), ([], [])
    for turn in range(23):
        for control, own in zip(controls, times):
            start = time.perf_counter()
            control.value = round(-2 + turn / 8, 2)
            own.append(time.perf_counter() - start)
    return [statistics.median(own[3:]) for own in times]
print(json.dumps([race(ours, theirs), race(heat, their_heat)]))
"""

# New pixels: a changed label, a picture that is decoded or a canvas that was drawn on, and then
# the next time that the browser paints.
WATCH = """
() => {
  const draw = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...all) {
    draw.apply(this, all);
    if (this.canvas.isConnected) { window.strokes = (window.strokes ?? 0) + 1; window.drawn?.(); }
  };
}"""
PRESS = """
async ([index, times]) => {
  const cell = document.querySelectorAll('.jp-CodeCell')[index];
  const handle = cell.querySelector('.noUi-handle'), all = [];
  handle.focus();
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    const pixels = new Promise(resolve => {
      const done = () => {
        observer.disconnect();
        window.drawn = undefined;
        requestAnimationFrame(() => resolve(performance.now() - start));
      };
      const observer = new MutationObserver(async records => {
        for (const record of records)
          for (const node of [record.target, ...record.addedNodes]) {
            const image = node.tagName === 'IMG' ? node : node.querySelector?.('img');
            if (image && (node !== record.target || record.type === 'attributes')) {
              observer.disconnect();
              await image.decode().catch(() => {});
              return done();
            }
            if (node.tagName === 'P') return done();
          }
      });
      window.drawn = done;
      observer.observe(cell.querySelector('.jp-OutputArea'),
        {subtree: true, childList: true, attributes: true, attributeFilter: ['src']});
    });
    const key = i % 2 ? 'ArrowLeft' : 'ArrowRight';
    handle.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    all.push(await Promise.race([pixels, new Promise(end => setTimeout(() => end(null), 3000))]));
    await new Promise(end => setTimeout(end, 150 + 30 * Math.random()));
  }
  return all;
}"""
# A drag by events made in the page, so that the browser's driver takes no part in it. A busy page
# takes fewer moves.
DRAG = """
async ([index, seconds]) => {
  const area = document.querySelectorAll('.jp-CodeCell')[index].querySelector('.jp-OutputArea');
  const handle = area.querySelector('.noUi-touch-area'), box = handle.getBoundingClientRect();
  const x = box.x + box.width / 2, y = box.y + box.height / 2, root = document.documentElement;
  const point = (type, target, x) => target.dispatchEvent(new MouseEvent(type,
    {clientX: x, clientY: y, bubbles: true, cancelable: true, buttons: 1}));
  const shown = () => {
    const image = area.querySelector('img');
    return area.querySelector('canvas') ? window.strokes
      : area.querySelector('p') ? area.querySelector('p').innerText
      : image?.complete && image.naturalWidth ? image.src : last;
  };
  let last = null, frames = -1, start = performance.now(), now = start;
  point('mousedown', handle, x);
  for (; now < start + 1000 * seconds; now = performance.now()) {
    const way = Math.abs(((now - start) / 1000 + 1) % 2 - 1);  // 0 to 1 and back in 2 s
    point('mousemove', root, x + 60 * way - 30);
    if (shown() !== last) { last = shown(); frames += 1; }
    await new Promise(requestAnimationFrame);
  }
  point('mouseup', root, x);
  return 1000 * frames / (now - start);
}"""
CELLS = {"ours": 1, "floor": 2, "interact": 3, "ipympl": 4}  # contestant -> its cell


def notebook(*cells):
    """Make a notebook of these cells."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return made


def kernel_times():
    """Return seconds for a frame, ours and interact's: of the line plot and of the heat map."""
    race = notebook(SETUP, OURS, INTERACT, HEAT, RACE)
    NotebookClient(race, timeout=120).execute(stderr=subprocess.DEVNULL)
    return json.loads(race.cells[-1].outputs[0].text)


def browser_times(rounds=4, presses=12, drags=3):
    """Return, for each contestant, milliseconds to new pixels and frames a second in a drag."""
    latency, rates = ({name: [] for name in CELLS} for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(notebook(SETUP, OURS, FLOOR, INTERACT, IPYMPL), Path(folder) / "race.ipynb")
        with lab.jupyterlab(folder) as address, lab.browser() as context:
            page = context.new_page()
            opened = lab.Notebook(page, address, "race.ipynb")
            opened.run_all()
            page.evaluate(WATCH)
            for turn in range(rounds):
                for name, index in CELLS.items():
                    page.locator(".jp-CodeCell").nth(index).scroll_into_view_if_needed()
                    page.wait_for_timeout(500)
                    latency[name] += filter(None, page.evaluate(PRESS, [index, presses]))
                    if turn < drags:
                        rates[name].append(frames_in_a_drag(page, index))
                        opened.wait_idle()
    return (
        {name: statistics.median(all) for name, all in latency.items()},
        {name: statistics.median(all) for name, all in rates.items()},
    )


def frames_in_a_drag(page, index):
    """Drag a slider to and fro; return frames seen a second."""
    page.locator(".jp-CodeCell").nth(index).locator(".noUi-handle").scroll_into_view_if_needed()
    return page.evaluate(DRAG, [index, 2])


def rows():
    """Return (what, ratio, target, met) for the table of `make bench`."""
    (line, line_theirs), (heat, heat_theirs) = kernel_times()
    latency, rates = browser_times()
    ours = latency["ours"]
    table = [
        ("live figure, frame of a line plot: interact / ours", line_theirs / line, 15, True),
        ("live figure, frame of a heat map: interact / ours", heat_theirs / heat, 8, True),
        ("slider to new pixels: interact / ours", latency["interact"] / ours, 3, True),
        ("slider to new pixels: ipympl / ours", latency["ipympl"] / ours, None, True),
        ("slider to new pixels: ours / a label only", ours / latency["floor"], 1.5, False),
    ]
    found = [
        (what, f"{ratio:.1f}", "" if goal is None else f"{'>=' if more else '<='} {goal}",
         None if goal is None else (ratio >= goal if more else ratio <= goal))
        for what, ratio, goal, more in table
    ]  # fmt: skip
    found.append(("frames a second in a drag: ours", f"{rates['ours']:.0f}", ">= 20",
                  rates["ours"] >= 20))  # fmt: skip
    for name, what in ("interact", "interact"), ("ipympl", "ipympl"), ("floor", "a label only"):
        what = f"frames in a drag: ours / {what}"
        found.append((what, f"{rates['ours'] / max(rates[name], 0.5):.1f}", "", None))
    return found
