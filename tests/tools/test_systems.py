"""What differs between Linux, macOS and Windows, and must not: the bytes of text files."""

import ast

import pytest

from tools.navigation import ROOT

FOLDERS = ("benchmarks", "deploy", "docs", "lecture_utils", "notebooks", "tests", "tools")
TEXTS = (".css", ".html", ".ipynb", ".j2", ".json", ".md", ".py", ".pyi", ".svg", ".yaml")


def unencoded(source):
    """Yield the line of each call that reads or writes a text in whatever encoding a system has."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or "encoding" in {word.arg for word in call.keywords}:
            continue
        values = [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
        modes = {value.value for value in values if isinstance(value, ast.Constant)}
        modes = {mode for mode in modes if isinstance(mode, str) and set(mode) <= set("rwaxbt+")}
        if isinstance(call.func, ast.Name):
            texts = call.func.id == "open" and not any("b" in mode for mode in modes)
        elif isinstance(call.func, ast.Attribute):  # a browser's page also has an `open`
            named, ends = call.func.attr, "newline" in {word.arg for word in call.keywords}
            text_mode = (ends or modes) and not any("b" in mode for mode in modes)
            texts = named in ("read_text", "write_text") or (named == "open" and text_mode)
        else:
            texts = False
        if texts:
            yield call.lineno


def test_every_text_is_read_and_written_as_utf_8():
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(paths) > 100
    found = {path.relative_to(ROOT).as_posix(): [*unencoded(path.read_text(encoding="utf-8"))]
             for path in paths}  # fmt: skip
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("open(path)", True),
        ("open(path, 'w', newline='')", True),
        ("open(path, mode='a')", True),
        ("path.open('w')", True),
        ("path.open(newline='')", True),
        ("(folder / 'a').read_text()", True),
        ("path.write_text('b')", True),
        ("open(path, 'rb')", False),
        ("path.open(mode='wb')", False),
        ("open(path, encoding='utf-8')", False),
        ("path.write_text('b', encoding='utf-8')", False),
        ("page.open()", False),
        ("tarfile.open(path)", False),
    ],
)
def test_a_call_without_an_encoding_is_seen(source, seen):
    assert [*unencoded(source)] == [1] * seen


def test_lines_end_alike_on_every_system():
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    texts = [path for path in paths if path.suffix in TEXTS and path.is_file()]
    assert len(texts) > 150
    assert [path for path in texts if b"\r" in path.read_bytes()] == []
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")
