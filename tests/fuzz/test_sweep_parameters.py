"""Whatever is typed after ``tools.sweep``: the runs that it means, or one line, and no trace."""

import contextlib
import csv
import io
import itertools
import json
import re
import tempfile
from pathlib import Path

import nbformat
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook

from tools import sweep
from tools.sweep_values import MOST, combinations, values

KNOWN = ["seed", "step", "word"]
finite = st.floats(allow_nan=False, allow_infinity=False)
simple = st.none() | st.booleans() | st.integers() | finite | st.text(max_size=8)
nested = st.recursive(
    simple,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
    | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip
words = st.from_regex(r"[a-zA-Z_][\w ./+-]{0,8}", fullmatch=True)
typed = st.text("0123:,.()[]{}'\" -+eab_#\\\u00e9\ud800\n", max_size=14) | st.text(max_size=10)


def one_line(problem):
    """Check that a refusal is one line that names rule and value; return what it says to try."""
    (said,) = str(problem).splitlines()
    assert re.search(r"must .*[,;] got .*; try \S", said)
    return said.rpartition("; try ")[2]


def tried(text):
    """Return the values of a text, None if it is refused with advice that works."""
    try:
        return values(text)
    except ValueError as problem:
        advice = one_line(problem).split(" or ")
        assert [values(words) for words in advice] == [[1, 2], list(range(20))]
        return None


def once(found):
    """Return the reprs of values, each once."""
    return list(dict.fromkeys(map(repr, found)))


@given(st.lists(nested, min_size=1, max_size=5))
def test_what_python_writes_is_read_as_it_was(wanted):
    assert [*map(repr, values(",".join(map(repr, wanted))))] == once(wanted)


@given(st.lists(words, min_size=1, max_size=5))
def test_words_are_themselves(wanted):
    wanted = [word.strip() for word in wanted]
    assume(not {"True", "False", "None"} & set(wanted))
    assert values(",".join(wanted)) == list(dict.fromkeys(wanted))


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_a_range_goes_upwards_without_its_end(first, end):
    assert tried(f"{first}:{end}") == (list(range(first, end)) or None)
    assert tried(f"{first}:{end},{end}") == ([*range(first, end), end] if first < end else None)


@given(typed)
@example("(" * 500)
@example("-" * 5000 + "1")
@example("1e999")
@example("'\\ud800'")
@example("{1,2}")
@example("[" + "9" * 5000 + "]")
@example("'\\d'")
@example("0:99999999999")
@example("1,,2")
@example("seed")
def test_any_text_has_values_that_can_be_kept_or_is_refused(text):
    found = tried(text)
    if found is None:
        return
    assert 0 < len(found) == len(once(found))
    assert json.dumps(found, allow_nan=False, ensure_ascii=False).encode()
    assert values(",".join(map(repr, found))) == found


@given(
    st.dictionaries(st.sampled_from(KNOWN), st.lists(nested, min_size=1, max_size=3), min_size=1)
)
def test_every_combination_is_there_once(lists):
    settings = [f"{name}={','.join(map(repr, some))}" for name, some in lists.items()]
    rows = itertools.product(*({repr(v): v for v in some}.values() for some in lists.values()))
    assert combinations(settings, KNOWN) == [dict(zip(lists, row, strict=True)) for row in rows]


@given(st.lists(st.builds("{}{}{}".format, st.sampled_from([*KNOWN, "", "sed", "seed "]),
                          st.sampled_from(["=", "==", ""]), typed), max_size=4))  # fmt: skip
def test_any_settings_are_combined_or_refused(settings):
    try:
        found = combinations(settings, KNOWN)
    except ValueError as problem:
        one_line(problem)
        return
    assert 0 < len(found) <= MOST
    assert len(once(found)) == len(found)
    for chosen in found:
        assert set(chosen) == {setting.partition("=")[0] for setting in settings} <= set(KNOWN)


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook with three parameters."""
    cells = [
        new_code_cell("seed = 0\nstep = 0.1\nword = ''", metadata={"tags": ["parameters"]}),
        new_code_cell("print('{}')", metadata={"tags": ["results"]}),
    ]
    about = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    path = tmp_path_factory.mktemp("notebooks") / "toy.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=about), path)
    return path


@pytest.fixture(scope="module")
def asked():
    """What reaches the workers; here each run finds its own parameters as text at once."""
    asked = []

    def share(client, notebook, missing):
        for chosen in missing:
            asked.append(chosen)
            yield chosen, {"found": {"got": repr(chosen)}, "seconds": 0.0}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "_client", lambda scheduler, workers: contextlib.nullcontext())
        patch.setattr(sweep, "_share", share)
        yield asked


def run(*arguments):
    """Return the exit code of a sweep, or the line that refuses it."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            return sweep.main([*map(str, arguments)])
        except SystemExit as refusal:
            return refusal.code


settings = st.builds("{}={}".format, st.sampled_from([*KNOWN, "sed"]),
                     typed | nested.map(repr) | st.sampled_from(["0:3", "1,1", "a,b"]))  # fmt: skip
options = st.sampled_from([[], ["--workers", "2"], ["--workers", "0"], ["--workers", "x"],
                           ["--nonsense"], ["--scheduler"]])  # fmt: skip


@given(st.lists(settings, max_size=3), options)
def test_a_command_line_is_run_once_or_leaves_no_trace(notebook, asked, settings, options):
    wanted = []
    with contextlib.suppress(ValueError):
        wanted = combinations(settings, KNOWN)
        assume(len(wanted) < 50)
    with tempfile.TemporaryDirectory() as folder:
        folder, asked[:] = Path(folder) / "out", []
        arguments = [notebook, *(f"--set={setting}" for setting in settings), *options]
        code = run(*arguments, "--folder", folder)
        if not settings or not wanted or options not in ([], ["--workers", "2"]):
            assert len(code.splitlines()) == 1
            assert "; try " in code
            assert (folder.exists(), asked) == (False, [])
            return
        assert not code
        assert asked == wanted
        with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
            assert [row["got"] for row in csv.DictReader(file)] == [*map(repr, wanted)]
        before = {path: path.read_bytes() for path in folder.rglob("*.*")}
        assert not run(*arguments, "--folder", folder)
        assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before
        assert asked == wanted, "run a second time"
