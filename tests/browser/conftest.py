"""A JupyterLab on the folder of a module, a browser, a playground as at first for each test."""

import pytest

from tests.browser.test_lab import ARTIFACTS, write
from tests.helpers import lab
from tests.helpers.playroom import FIRST, button, setting, until

IMPORT = "from lecture_utils import playground"


@pytest.fixture(scope="module")
def address(folder):
    with lab.jupyterlab(folder) as address:
        yield address


@pytest.fixture(scope="module")
def context():
    with lab.browser() as context:
        yield context


@pytest.fixture(scope="module")
def opens(tmp_path_factory):
    """Return what opens and runs a notebook of some cells."""
    folder = tmp_path_factory.mktemp("playground")
    with lab.jupyterlab(folder) as address, lab.browser() as context:

        def run(name, *cells):
            write(folder / name, IMPORT, *cells)
            notebook = lab.Notebook(context.new_page(), address, name)
            notebook.run_all()
            return notebook

        yield run


@pytest.fixture(scope="module")
def opened(opens):
    return opens("play.ipynb", f"play = playground(**{FIRST})\nplay")


@pytest.fixture
def figure(opened):
    (figure,) = opened.figures()
    until(figure.drawn)
    if "playground(" in figure.words():
        button(figure, "settings").click()
    button(figure, "first setting").click()
    button(figure, "settings").click()
    until(lambda: setting(figure) == FIRST)
    ARTIFACTS.mkdir(exist_ok=True)
    figure.box.screenshot(path=ARTIFACTS / "playground.png")
    yield figure
    assert not opened.complaints()
