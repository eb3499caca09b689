"""A JupyterLab on the folder of a module, a browser, a playground as at first for each test."""

import pytest

from tests import lab
from tests.browser.test_lab import ARTIFACTS, write
from tests.playroom import FIRST, button, setting, until


@pytest.fixture(scope="module")
def address(folder):
    with lab.jupyterlab(folder) as address:
        yield address


@pytest.fixture(scope="module")
def context():
    with lab.browser() as context:
        yield context


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    folder = tmp_path_factory.mktemp("playground")
    show = "from lecture_utils import playground", f"play = playground(**{FIRST})\nplay"
    write(folder / "play.ipynb", *show)
    with lab.jupyterlab(folder) as address, lab.browser() as context:
        notebook = lab.Notebook(context.new_page(), address, "play.ipynb")
        notebook.run_all()
        yield notebook


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
