"""The site, built once for all tests of it, and a server for it."""

import pytest

from tests import lab
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
    with lab.browser() as context:  # a new one each time: nothing is kept, as for a new reader
        yield context.new_page()
