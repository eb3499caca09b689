"""What the first page of the site searches, and the links to report a mistake."""

from urllib.parse import parse_qs, urlsplit

from tests.series import NOTEBOOKS
from tests.tools.test_pages import Reader
from tools.site import plan
from tools.study import sections, with_reports

PAGE = """<h1 id="a-b">A &amp; b<a class="anchor-link" href="#a-b">¶</a></h1><p>One <em>two</em></p>
<pre>code</pre><h2 id="c">C</h2><p>three</p><script>hidden</script><h3 id="d">D</h3>"""


def test_each_section_is_found_with_its_words_and_without_code(tmp_path):
    path = tmp_path / "01_page.html"
    path.write_text(PAGE, encoding="utf-8")
    found = [tuple(section.values()) for section in sections(path)]
    there = ("a-b", "A & b", "One two"), ("c", "C", "three"), ("d", "D", "")
    assert found == [("01_page.html", *section) for section in there]


def test_a_mistake_is_reported_where_an_address_is_set_and_nowhere_else():
    assert with_reports(PAGE, None, "01_page") == PAGE
    (link,) = Reader(with_reports(PAGE, "https://example.org/a/b.git", "01_page")).links[1:]
    parts = urlsplit(link)
    assert parts.path == "/a/b/issues/new"
    assert parse_qs(parts.query)["title"] == ["01_page: c"]


def test_the_plan_of_a_term_names_every_notebook_and_links_to_its_page():
    links = Reader(plan()).links
    assert [f"pages/{name}.html" for name in NOTEBOOKS if f"pages/{name}.html" not in links] == []
