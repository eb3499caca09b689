"""The site, built once for all tests of it, and a server for it."""

import functools
import http.server
import threading

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
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=built)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", ""
        server.shutdown()


@pytest.fixture
def page():
    with lab.browser() as context:  # a new one each time: nothing is kept, as for a new reader
        yield context.new_page()
