"""Draw what many runs of a notebook found: every run a dot, the median of the seeds a line."""

from collections import defaultdict

import numpy as np
from matplotlib.figure import Figure

from lecture_utils import style

COLORS = [style.COLORS[name] for name in ("model", "error", "path", "plus", "truth", "other")]


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
    """Write a picture with one panel for each number that was found; nothing without numbers.

    Parameters
    ----------
    records : list of dict
        "parameters" and, if the run did not fail, "found": names and numbers.
    path : Path
        Of the picture.
    """
    good = [record for record in records if "found" in record]
    names = list(dict.fromkeys(name for record in good for name in record["found"]))
    if not names:
        return
    axis, *others = swept(records) or ["run"]
    groups = [name for name in others if name != "seed"]
    figure = Figure(figsize=(6.4, 0.6 + 2.6 * len(names)), layout="constrained")
    panels = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    lines = defaultdict(list)
    for number, record in enumerate(good):
        label = ", ".join(f"{name} {record['parameters'][name]}" for name in groups)
        lines[label].append((record["parameters"].get(axis, number), record["found"]))
    for panel, name in zip(panels, names, strict=True):
        for place, (label, runs) in enumerate(lines.items()):
            _line(panel, COLORS[place % len(COLORS)], label,
                  [(x, found[name]) for x, found in runs if name in found])  # fmt: skip
        panel.set_ylabel(name.replace("_", " "), wrap=True)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_title("dots: runs; line: their median", fontsize=9)
    panels[-1].set_xlabel(axis)
    places = [x for runs in lines.values() for x, _ in runs]
    if all(isinstance(x, int | float) and x > 0 for x in places) and max(places) > 20 * min(places):
        panels[-1].set_xscale("log")
    if groups:
        panels[0].legend()
    figure.savefig(path, dpi=150)


def _line(panel, color, label, points):
    several = defaultdict(list)
    for x, y in points:
        several[x].append(y)
    panel.plot(*zip(*points, strict=True), "o", color=color, alpha=0.35, ms=5, mew=0)
    medians = sorted((x, np.median(ys)) for x, ys in several.items())
    panel.plot(*zip(*medians, strict=True), "-_", color=color, ms=14, lw=1.5, label=label)
