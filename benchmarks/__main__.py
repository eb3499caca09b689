"""Print one table of ratios from the files ``bench_*.py`` beside this one.

``python -m benchmarks`` measures all, ``python -m benchmarks live touch`` some of them. Each has
``rows()``, which measures and returns (what, ratio, target, met) with texts and, for met, True,
False or None where there is no target.
"""

import sys
from importlib import import_module
from pathlib import Path

VERDICT = {True: "yes", False: "NO", None: ""}


def main(*names):
    """Measure everything, or what is named, then print."""
    table = [("what", "ratio", "target", "met")]
    there = [path.stem for path in sorted(Path(__file__).parent.glob("bench_*.py"))]
    wanted = [f"bench_{name}" for name in names] or there
    for name in wanted:
        if name not in there:
            raise SystemExit(f"a benchmark must be one of {', '.join(n[6:] for n in there)}, "
                             f"got {name[6:]}; try python -m benchmarks live")  # fmt: skip
    try:
        for name in wanted:
            print(f"measuring {name} ...", flush=True)
            for what, ratio, target, met in import_module(f"benchmarks.{name}").rows():
                table.append((what, ratio, target, VERDICT[met]))
    finally:  # what was measured for half an hour is not lost with what fails after it
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for what, ratio, target, met in table:
            print(f"{what:{widths[0]}}  {ratio:>{widths[1]}}  {target:{widths[2]}}  {met}".rstrip())


if __name__ == "__main__":
    main(*sys.argv[1:])
