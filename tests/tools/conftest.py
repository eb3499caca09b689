"""The site, built once for all tests of it, and a server for it."""

import pytest

from tests.helpers import lab
from tests.helpers.living_pages import Living
from tools import site


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    site.main(folder)
    return folder


@pytest.fixture(scope="session")
def address(built):
    with lab.served(built) as address:
        yield address, ""


@pytest.fixture
def page():
    """A page in a browser that is new each time, so that nothing is kept, as for a new reader.

    Whatever it does, it asks the site and nobody else.
    """
    own = ("http://127.0.0.1:", f"http://{lab.ELSEWHERE}:", "data:", "blob:")
    outside = []
    with lab.browser() as context:
        context.on("request", lambda asked: asked.url.startswith(own) or outside.append(asked.url))
        yield context.new_page()
    assert outside == []


@pytest.fixture
def living(page, address):
    return lambda name: Living(page, address, name)
