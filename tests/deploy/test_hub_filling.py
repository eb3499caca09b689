"""What a home is filled with: the series, and nothing that the lecturer keeps hidden beside it."""

import os
import re
import subprocess

import pytest

from tests.helpers.hub import ROOT


@pytest.fixture
def start(tmp_path):
    """Give what fills a home and then starts nothing."""
    source = (ROOT / "deploy" / "students.py").read_text(encoding="utf-8")
    (program,) = re.findall(r'^FILL = """(.*?)"""', source, re.DOTALL | re.MULTILINE)
    series, home = tmp_path / "series", tmp_path / "home"
    for path in (series / "notebooks", series / ".git", home):
        path.mkdir(parents=True)
    (series / "notebooks" / "00.ipynb").write_text("ours", encoding="utf-8")
    (series / ".git" / "solutions").write_text("hidden", encoding="utf-8")
    known = {"HOME": str(home), "LECTURE_SERIES": str(series), "MEM_LIMIT": str(2**30),
             "JUPYTER_RUNTIME_DIR": str(tmp_path)}  # fmt: skip

    def fill():
        subprocess.run(["sh", "-c", program, "true"], env={**os.environ, **known}, check=True)
        return home / "neural-networks"

    return fill


def test_a_home_gets_the_series_and_nothing_hidden(start):
    assert sorted(path.name for path in start().iterdir()) == ["notebooks"]


def test_a_students_work_is_not_written_over(start):
    path = start() / "notebooks" / "00.ipynb"
    path.write_text("mine", encoding="utf-8")
    start()
    assert path.read_text(encoding="utf-8") == "mine"
