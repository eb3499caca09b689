"""Print one table of ratios from every ``bench_*.py`` beside this file: ``python -m benchmarks``.

Each has ``rows()``, which measures and returns (what, ratio, target, met) with texts and, for met,
True, False or None where there is no target.
"""

from importlib import import_module
from pathlib import Path

VERDICT = {True: "yes", False: "NO", None: ""}


def main():
    """Measure everything, then print."""
    table = [("what", "ratio", "target", "met")]
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"measuring {path.stem} ...", flush=True)
        for what, ratio, target, met in import_module(f"benchmarks.{path.stem}").rows():
            table.append((what, ratio, target, VERDICT[met]))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for what, ratio, target, met in table:
        print(f"{what:{widths[0]}}  {ratio:>{widths[1]}}  {target:{widths[2]}}  {met}".rstrip())


if __name__ == "__main__":
    main()
