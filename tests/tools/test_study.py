"""What the first page of the site searches, and the links to report a mistake."""

import doctest
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.helpers.series import NOTEBOOKS
from tests.tools.test_pages import Reader
from tools import study
from tools.site import plan
from tools.study import sections, with_reports, with_terms

PAGE = """<h1 id="a-b">A &amp; b<a class="anchor-link" href="#a-b">¶</a></h1><p>One <em>two</em></p>
<pre>code</pre><aside>report</aside>
<h2 id="c">C</h2><p>three</p><script>hidden</script><h3 id="d">D</h3>"""


def test_each_section_is_found_with_its_words_and_without_code(tmp_path):
    path = tmp_path / "01_page.html"
    path.write_text(PAGE, encoding="utf-8")
    found = [tuple(section.values()) for section in sections(path)]
    there = ("a-b", "A & b", "One two"), ("c", "C", "three"), ("d", "D", "")
    assert found == [("01_page.html", "01 Page", *section) for section in there]


def test_each_term_of_the_glossary_is_found_by_itself_and_has_a_place(tmp_path):
    rows = """<tr>
<td><strong>step size</strong>, rate</td><td>step, $\\eta$</td><td>What.</td></tr><tr>
<td><strong>t</strong></td><td>u</td><td>What.</td></tr>"""
    path = tmp_path / "glossary.html"
    text = with_terms(f'<h1 id="Top">Top</h1><h2 id="S">S</h2><table>{rows}</table>')
    path.write_text(text, encoding="utf-8")
    assert {"term-step-size", "term-t"} <= Reader(text).names
    found = [(one["name"], one["id"], one["title"], one["text"]) for one in sections(path)]
    assert found == [("Glossary", "Top", "Top", ""),
                     ("Glossary", "term-step-size", "step size, rate", "step, η What."),
                     ("Glossary", "term-t", "t", "u What.")]  # fmt: skip


@pytest.mark.site
def test_no_formula_is_left_as_it_was_typed(built):
    every = json.loads((built / "sections.json").read_text(encoding="utf-8"))
    words = [f"{one['title']} {one['text']}".replace("env\\Scripts\\", "") for one in every]
    assert [text for text in words if "$" in text or "\\" in text] == []
    assert any("η" in text for text in words)


def test_the_examples_in_its_docstrings_hold():
    assert doctest.testmod(study).failed == 0


def test_a_mistake_is_reported_where_an_address_is_set_and_nowhere_else():
    assert with_reports(PAGE, None, "01_page") == PAGE
    (link,) = Reader(with_reports(PAGE, "https://example.org/a/b.git", "01_page")).links[1:]
    parts = urlsplit(link)
    assert parts.path == "/a/b/issues/new"
    assert parse_qs(parts.query)["title"] == ["01_page: c"]


def test_the_plan_of_a_term_names_every_notebook_and_links_to_its_page():
    page = Reader(plan())
    links = page.links
    assert links[0] == links[-1] == "index.html"
    assert "<title>A plan for a term</title>" in plan()
    assert page.loaded == ["style.css"]
    assert [f"pages/{name}.html" for name in NOTEBOOKS if f"pages/{name}.html" not in links] == []
