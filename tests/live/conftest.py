"""Whatever holds for a live figure holds on both ways of showing it."""

from importlib.util import find_spec

import pytest

from lecture_utils import style

WAYS = {"core": False} | ({"touch": True} if find_spec("anywidget") else {})


@pytest.fixture(autouse=True, params=WAYS)
def way(request, monkeypatch):
    """Show the figures of a test in one way, then in the other."""
    monkeypatch.setattr(style, "touch", WAYS[request.param])
    return request.param
