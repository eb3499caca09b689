"""How many cases each fuzz test draws: FUZZ=quick, the same few for everyone, or FUZZ=long."""

import os

import pytest
from hypothesis import HealthCheck, settings

import tests.helpers.strategies  # noqa: F401 - the profile of all other tests

COMMON = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=25, derandomize=True, **COMMON)
settings.register_profile("long", max_examples=1000, **COMMON)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Import the tests of this folder under their profile: @given takes what then holds."""
    settings.load_profile(os.environ.get("FUZZ", "quick"))
    try:
        return (yield)
    finally:
        settings.load_profile("lecture")
