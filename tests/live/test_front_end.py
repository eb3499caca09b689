"""Which way of showing is chosen: by the platform, by what imports, and by the reader."""

import sys
from importlib.util import find_spec

import pytest

from lecture_utils import style
from lecture_utils.live.front_end import hears_the_pointer

HERE = find_spec("anywidget") is not None


@pytest.fixture(autouse=True)
def at_first(monkeypatch, way):
    monkeypatch.setattr(style, "touch", None)
    for name in ("COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"):
        monkeypatch.delenv(name, raising=False)


def test_a_picture_takes_the_pointer_where_there_is_anywidget():
    assert hears_the_pointer() == HERE


@pytest.mark.parametrize("name", ["COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"])
def test_not_on_pages_that_show_core_widgets_only(monkeypatch, name):
    monkeypatch.setenv(name, "release-colab")
    assert not hears_the_pointer()


def test_not_without_anywidget_and_asking_for_it_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.setattr(sys, "path", [])
    assert not hears_the_pointer()
    with pytest.raises(ValueError, match=r"touch must be False .* try pip install anywidget"):
        style.use(touch=True)
    style.use(touch=False)
    assert not hears_the_pointer()


def test_the_reader_overrules_it_until_the_style_is_set_again(monkeypatch):
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    if HERE:
        style.use(touch=True)
        assert hears_the_pointer()
    style.use()
    assert not hears_the_pointer()
