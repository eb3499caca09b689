"""What GitHub runs: what its schema allows, what the documents say, nobody else's code."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.tools.test_ground import PROJECT, commands, read
from tools.navigation import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
TESTS = ROOT / ".github" / "workflows" / "tests.yml"
BROWSER = ("lab.browser(", "chromium()", "print_pdf(", "browser.found()")


def refused(*paths):
    """Return what the schema's checker says against workflows; nothing if all is well."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows",
         *map(str, paths)], capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    return done.stdout + done.stderr if done.returncode else ""


def steps(path):
    """Yield each step of a workflow."""
    for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
        yield from job["steps"]


def test_the_workflows_are_what_the_schema_allows():
    assert {path.name for path in WORKFLOWS} == {"pages.yml", "tests.yml"}
    assert refused(*WORKFLOWS) == ""


def test_a_mistake_in_a_workflow_is_seen(tmp_path):
    text = TESTS.read_text(encoding="utf-8")
    mistakes = {
        "runs_on": ("runs-on: ubuntu-latest", "runs_on: ubuntu-latest"),
        "runs": ("- run: make test", "- runs: make test"),
        "hour": ("timeout-minutes: 60", "timeout-minutes: hour"),
        "none-of-it": ("contents: read", "contents: none-of-it"),
    }
    for word, (line, instead) in mistakes.items():
        assert text.count(line) == 1
        (tmp_path / f"{word}.yml").write_text(text.replace(line, instead), encoding="utf-8")
    said = refused(*tmp_path.iterdir())
    for word in mistakes:
        assert re.search(rf"{word}\.yml::.*'{word}'", said), said


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_action_is_a_strangers(path):
    used = {step["uses"].partition("@")[0] for step in steps(path) if "uses" in step}
    assert used == {"actions/checkout", "actions/setup-python"}


def test_the_tests_are_run_as_the_documents_say():
    bin_ = {"$BIN": "env/bin", "$VERSIONS": "-c lock.txt"}
    run = [re.sub(r"\$\w+", lambda name: bin_[name[0]], step["run"])
           for step in steps(TESTS) if "run" in step and "if" not in step]  # fmt: skip
    said = commands(read("CONTRIBUTING.md"))
    assert run == said[said.index("make test") :][:4]


def test_every_week_all_is_tested_with_the_newest_a_browser_too():
    jobs = yaml.safe_load(TESTS.read_text(encoding="utf-8"))["jobs"]
    assert ["if" in job for job in jobs.values()] == [False, False]
    weekly = "github.event_name == 'schedule'"
    newest, test = jobs["make"]["steps"][-2:]
    assert (newest, test) == ({"if": weekly, "run": "make lock"}, {"run": "make test"})
    assert "`make lock`" in read("CONTRIBUTING.md")
    versions = jobs["anywhere"]["env"]["VERSIONS"]
    assert versions == f"${{{{ {weekly} && '--upgrade' || '-c lock.txt' }}}}"


def test_every_python_and_system_of_the_series_is_there():
    jobs = yaml.safe_load(TESTS.read_text(encoding="utf-8"))["jobs"]
    (setup,) = [step["with"] for step in jobs["make"]["steps"] if "with" in step]
    matrix = jobs["anywhere"]["strategy"]["matrix"]
    assert PROJECT["requires-python"] == f">={setup['python-version']}" == ">=3.11"
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert matrix["system"] == ["ubuntu", "macos", "windows"]
    assert matrix["exclude"] == [{"system": "ubuntu", "python": setup["python-version"]}]
    words = " ".join(read("CONTRIBUTING.md").split())
    assert "macOS, Windows and Ubuntu with Python 3.11 to 3.14" in words


def open_a_browser(*texts):
    """Name the tests that open one, by themselves or by a fixture, and say so by no mark."""
    found, fixtures = [], set()
    for text in texts:
        lines = text.splitlines()
        of_all = [line for line in lines if line.startswith("pytestmark = ")]
        for node in ast.parse(text).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            given = {argument.arg for argument in node.args.args}
            code = "\n".join(lines[node.lineno - 1 : node.end_lineno])
            if not (any(word in code for word in BROWSER) or given & fixtures) or "bare" in given:
                continue  # that is a machine without one
            marks = " ".join([*map(ast.unparse, node.decorator_list), *of_all])
            if "fixture" in marks:
                fixtures.add(node.name)
            elif node.name.startswith("test_") and not re.search(r"mark\.(browser|site)", marks):
                found.append(node.name)
    return found


def test_what_is_run_anywhere_opens_no_browser():
    page = "@pytest.fixture\ndef page():\n    yield lab.browser()\n"
    tests = "def test_a(page): ...\ndef test_b():\n    browser.found()\ndef test_c(): ...\n"
    assert open_a_browser(page, tests) == ["test_a", "test_b"]
    for path in (ROOT / "tests").rglob("test_*.py"):
        if path.parent.name != "browser" and path != Path(__file__):
            shared = [one for one in [path.with_name("conftest.py")] if one.exists()]
            texts = [one.read_text(encoding="utf-8") for one in [*shared, path]]
            assert (path.name, open_a_browser(*texts)) == (path.name, [])


def test_the_marker_leaves_out_what_needs_a_browser():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider",
               "-m", "anywhere", "tests/tools/test_pages.py",
               "tests/browser/test_lab_playground.py"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    found = set(re.findall(r"::(\w+)", done.stdout))
    assert "test_formulas_and_folded_parts_come_through" in found
    assert "test_the_pdf_has_the_pictures_and_unfolds_the_answers" not in found
    assert "test_it_runs_and_pauses" not in found
