"""What holds for every test: no screen, one thread, one notebook in one place, what it needs."""

import os
import re

# Two workers share two cores: products in several threads wait for each other, and training takes
# up to seven times as long (benchmarks/bench_threads.py). Read when they are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import matplotlib
import pytest
from xdist.scheduler import LoadScopeScheduling

# Not by MPLBACKEND: kernels would inherit it and lose their inline figures.
matplotlib.use("Agg")

# JupyterHub, and what its tests do as other users, is for Unix.
collect_ignore_glob = ["*hub*.py"] if os.name == "nt" else []
NOT_ANYWHERE = {"alone", "browser", "frameworks", "hub", "site"}


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items):
    """Mark what needs a browser by its room, and what runs wherever Python does."""
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker("browser")
        if NOT_ANYWHERE.isdisjoint(mark.name for mark in item.iter_markers()):
            item.add_marker("anywhere")


class OneNotebookOneWorker(LoadScopeScheduling):
    """As `--dist loadscope`, but the tests that are repeated for each notebook are spread."""

    def _split_scope(self, nodeid):
        repeated = re.match(r"tests/notebooks/\w+\.py::\w+\[(\d\d_\w+)", nodeid)
        return repeated.group(1) if repeated else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Hand our way of sharing out the tests to xdist."""
    if config.getvalue("dist") == "loadscope":
        return OneNotebookOneWorker(config, log)
    return None
