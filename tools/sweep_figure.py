"""Draw what many runs of a notebook found: every run a dot, the median of the seeds a line."""

import io
from collections import defaultdict

import numpy as np
from matplotlib.figure import Figure

from lecture_utils import style
from tools.sweep_records import write

COLORS = [style.COLORS[name] for name in ("model", "error", "path", "plus", "truth", "other")]
HUGE = 1e300  # what is larger, inf or nan has no place on an axis


def swept(records):
    """Return the parameters that took several values, the seed last: it is what is averaged over.

    Examples
    --------
    >>> swept([{"parameters": {"seed": s, "step": t}} for s in (0, 1) for t in (0.1, 0.3)])
    ['step', 'seed']
    """
    seen = defaultdict(set)
    for record in records:
        for name, value in record["parameters"].items():
            seen[name].add(str(value))
    return sorted((name for name in seen if len(seen[name]) > 1), key="seed".__eq__)


def draw(records, path):
    """Write a picture with one panel for each number that was found; without numbers remove it.

    Parameters
    ----------
    records : list of dict
        "parameters" and, if the run did not fail, "found": names and numbers.
    path : Path
        Of the picture.
    """
    good = [record for record in records if "found" in record]
    names = list(dict.fromkeys(name for record in good for name, value in record["found"].items()
                               if isinstance(value, int | float)))  # fmt: skip
    if not names:
        path.unlink(missing_ok=True)  # it shows other runs
        return
    axis, *others = swept(records) or ["run"]
    groups = [name for name in others if name != "seed"]
    figure = Figure(figsize=(6.4, 0.6 + 2.6 * len(names)), layout="constrained")
    panels = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    places = [record["parameters"].get(axis, number) for number, record in enumerate(good)]
    measured = all(isinstance(x, int | float) and abs(x) < HUGE for x in places)
    lines = defaultdict(list)
    for x, record in zip(places, good, strict=True):
        label = ", ".join(f"{name} {record['parameters'][name]}" for name in groups)
        lines[label].append((x if measured else str(x), record["found"]))
    for panel, name in zip(panels, names, strict=True):
        for place, (label, runs) in enumerate(lines.items()):
            points = [(x, found[name] if abs(found[name]) < HUGE else np.nan) for x, found in runs
                      if isinstance(found.get(name), int | float)]  # fmt: skip
            _line(panel, COLORS[place % len(COLORS)], label, points)
        panel.set_ylabel(name.replace("_", " "), wrap=True)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_title("dots: runs; line: their median", fontsize=9)
    panels[-1].set_xlabel(axis)
    if measured and min(places) > 0 and max(places) > 20 * min(places):
        panels[-1].set_xscale("log")
    if groups:
        panels[0].legend()
    picture = io.BytesIO()
    figure.savefig(picture, dpi=150)
    write(path, picture.getvalue())


def _line(panel, color, label, points):
    several = defaultdict(list)
    for x, y in points:
        several[x].append(y)
    panel.plot([x for x, _ in points], [y for _, y in points], "o",
               color=color, alpha=0.35, ms=5, mew=0)  # fmt: skip
    order = list(several) if any(isinstance(x, str) for x in several) else sorted(several)
    panel.plot(order, [np.median(several[x]) for x in order], "-_",
               color=color, ms=14, lw=1.5, label=label)  # fmt: skip
