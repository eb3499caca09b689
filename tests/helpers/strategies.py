"""What the property tests draw from, and their common settings."""

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

# A slow machine is no bug, and a failure must be the same for everyone who runs the tests.
settings.register_profile(
    "lecture",
    deadline=None,
    derandomize=True,
    max_examples=40,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("lecture")

sizes = st.integers(1, 6)
seeds = st.integers(0, 10_000)


def floats(low=-10.0, high=10.0):
    """Numbers of ordinary size, no nan, no inf, nothing below round-off."""
    return st.floats(low, high, allow_nan=False).map(lambda x: round(x, 6))


def matrices(rows=sizes, columns=sizes, elements=floats()):  # noqa: B008 - a strategy is a value
    """Arrays (rows, columns) of float64."""
    shape = st.tuples(rows, columns)
    return shape.flatmap(lambda s: arrays(np.float64, s, elements=elements))


def normal(shape, seed=0):
    """An array of standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape)
