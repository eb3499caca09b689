"""Print one table of ratios from every ``bench_*.py`` beside this file."""

from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    print(f"{'what':60} {'ratio':>22} {'target':>14}  met")
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        for what, ratio, target, met in import_module(f"benchmarks.{path.stem}").rows():
            word = {True: "yes", False: "NO", None: ""}[met]
            print(f"{what:60} {ratio:>22} {target:>14}  {word}", flush=True)
