"""A release: one version, a citation as the schema has it, a wheel that holds the package."""

import re
import subprocess
import sys
import tomllib
import zipfile

import pytest

import lecture_utils
from tools import release
from tools.navigation import ROOT

CITATION = ROOT / "CITATION.cff"


def refused(path):
    """Return what the schema's checker says against a citation; nothing if all is well."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema",
         "vendor.citation-file-format", str(path)],
        capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    return done.stdout + done.stderr if done.returncode else ""


def test_the_version_is_in_one_place_and_its_changes_are_told():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert "version" not in project["project"]
    source = (ROOT / project["tool"]["hatch"]["version"]["path"]).read_text(encoding="utf-8")
    (found,) = re.findall(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    assert found == lecture_utils.__version__
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)", changes, re.MULTILINE).group(1) == found


def test_the_citation_is_what_the_schema_allows():
    assert refused(CITATION) == ""


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("cff-version: 1.2.0", "cff-version: first"),
        ("type: software", "type: notebooks"),
        ("  - BSD-3-Clause", "  - BSD"),
        ("authors:", "author:"),
    ],
)
def test_a_mistake_in_the_citation_is_seen(line, instead, tmp_path):
    text = CITATION.read_text(encoding="utf-8")
    assert text.count(line) == 1
    path = tmp_path / "CITATION.cff"
    path.write_text(text.replace(line, instead), encoding="utf-8")
    assert refused(path)


def test_a_wheel_without_a_file_of_the_package_is_not_released(tmp_path, monkeypatch, capsys):
    wheel = tmp_path / "lecture_utils-0-py3-none-any.whl"
    names = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lecture_utils").rglob("*")
             if path.is_file()}  # fmt: skip
    left_out = "lecture_utils/data/penguins.csv"
    with zipfile.ZipFile(wheel, "w") as packed:
        for name in names - {left_out}:
            packed.write(ROOT / name, name)
    assert release.lacking(wheel) == [left_out]
    monkeypatch.setattr(release, "build", lambda folder: (wheel, wheel))
    monkeypatch.setattr(release, "try_out", lambda wheel: pytest.fail("is not tried"))
    assert release.main(str(tmp_path)) == 1
    assert f"{left_out} is not in it" in capsys.readouterr().out
