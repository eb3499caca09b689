"""What holds for every test: no screen, one thread, and tests of one notebook stay together."""

import os
import re

# Two workers share two cores: products in several threads wait for each other, and training takes
# up to seven times as long (benchmarks/bench_threads.py). Read when they are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import matplotlib
from xdist.scheduler import LoadScopeScheduling

# Not by MPLBACKEND: kernels would inherit it and lose their inline figures.
matplotlib.use("Agg")


class OneNotebookOneWorker(LoadScopeScheduling):
    """As `--dist loadscope`, but the tests that are repeated for each notebook are spread."""

    def _split_scope(self, nodeid):
        repeated = re.match(r"tests/test_notebooks\.py::\w+\[(\d\d_\w+)", nodeid)
        return repeated.group(1) if repeated else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Hand our way of sharing out the tests to xdist."""
    if config.getvalue("dist") == "loadscope":
        return OneNotebookOneWorker(config, log)
    return None
