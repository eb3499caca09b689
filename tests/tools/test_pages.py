"""The notebooks as pages: links that lead somewhere, pictures with words, nothing from outside."""

import functools
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from tests.helpers.series import NOTEBOOKS, every_notebook
from tools import navigation, pages
from tools.study import sections

OUTSIDE = ("http", "https", "mailto")


class Reader(HTMLParser):
    """Collects links, places to link to, pictures and scripts."""

    def __init__(self, text):
        super().__init__()
        self.links, self.names, self.images, self.loaded = [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        self.names.update(filter(None, (has.get("id"), has.get("name"))))
        if tag == "a" and has.get("href"):
            self.links.append(has["href"])
        if tag == "img":
            self.images.append(has)
        if tag in ("script", "img", "link"):
            self.loaded += filter(None, (has.get("src"), has.get("href")))


@functools.cache
def reader(path):
    """Read a page once, however many links lead to it."""
    return Reader(path.read_text(encoding="utf-8"))


def broken_links(path, root=None):
    """Yield a line for each link of a page that leads to no file or no place in it."""
    for link in reader(path).links:
        parts = urlsplit(link)
        if parts.scheme in OUTSIDE:
            continue
        target = path.parent / unquote(parts.path) if parts.path else path
        if not target.exists() or (root and root.resolve() not in target.resolve().parents):
            yield f"{path.name}: {link} leads to no file"
        elif parts.fragment and target.suffix == ".html":
            # As a browser does: the name as it stands, then as it is meant.
            found = {parts.fragment, unquote(parts.fragment)} & reader(target).names
            yield from [f"{path.name}: {link} leads to no place"] * (not found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("html")
    (folder / "mathjax.js").write_text("// not fetched for this test", encoding="utf-8")
    pages.write(folder)
    return folder


@every_notebook
def test_a_page_has_all_that_it_needs_beside_it(name, folder):
    page = reader(folder / f"{name}.html")
    assert list(broken_links(folder / f"{name}.html")) == []
    assert {link for link in page.loaded if not link.startswith("data:")} == {
        "style.css", "mathjax.js"}  # fmt: skip
    assert page.images
    assert all(len(image.get("alt", "")) > 10 for image in page.images)


def test_the_glossary_is_a_page_and_its_links_lead_to_sections(folder):
    page = reader(folder / "glossary.html")
    assert list(broken_links(folder / "glossary.html")) == []
    assert len({link for link in page.links if "#" in link}) > 50


def test_the_road_and_what_is_beside_it_lead_to_each_other(folder):
    first = [link for link in reader(folder / "00_start_here.html").links if "#" not in link]
    assert first[:3] == ["linear_algebra.html", "glossary.html", "01_linear_regression.html"]
    last = reader(folder / "10_frameworks.html").links
    assert last[:3] == ["09_convolution_and_alexnet.html", "linear_algebra.html", "glossary.html"]
    beside = reader(folder / "linear_algebra.html").links
    assert beside[:2] == ["00_start_here.html", "glossary.html"]


def test_a_link_that_leads_nowhere_is_seen(tmp_path):
    (tmp_path / "there.html").write_text('<h1 id="top">Here</h1>', encoding="utf-8")
    links = [
        "there.html#top",
        "#here",
        "https://example.org",
        "gone.html",
        "there.html#gone",
        "#no",
    ]
    text = '<p id="here">' + "".join(f'<a href="{link}">x</a>' for link in links)
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    found = [line.split(": ")[1].split()[0] for line in broken_links(tmp_path / "page.html")]
    assert found == links[3:]


def test_formulas_and_folded_parts_come_through(folder):
    text = (folder / "05_perceptron.html").read_text(encoding="utf-8")
    assert re.search(r"<details>\s*<summary>Solution</summary>", text)
    assert r"\begin{aligned}" in text
    assert "\\operatorname" in text or "\\top" in text
    assert "jupyter-widget" not in text


def test_a_page_leaves_out_the_cell_that_brings_the_package():
    text = pages.page(NOTEBOOKS["00_start_here"], "")
    assert "Is everything here?" in text
    assert "Needs the package" not in text


@pytest.mark.browser
def test_the_pdf_has_the_pictures_and_unfolds_the_answers(tmp_path):
    small = tmp_path / "page.html"
    small.write_text(
        "<script>MathJax = {startup: {promise: Promise.resolve()}}</script>"
        "<p>seen</p><details><summary>Answer</summary>folded words</details>",
        encoding="utf-8",
    )
    pages.print_pdf([small], tmp_path / "pdf")
    shut = tmp_path / "shut.html"
    shut.write_text(
        small.read_text(encoding="utf-8").replace("<details>", '<details class="code">'),
        encoding="utf-8",
    )
    pages.print_pdf([shut], tmp_path / "pdf")
    sizes = [(tmp_path / "pdf" / f"{name}.pdf").stat().st_size for name in ("page", "shut")]
    assert sizes[0] > sizes[1]


def test_a_kind_of_page_that_there_is_not_is_refused_in_one_line():
    with pytest.raises(
        SystemExit, match=r"^kind must be html or pdf, got '--help'; try make html$"
    ):
        pages.main("--help")


def test_names_of_notebooks_in_words():
    names = {path.stem: navigation.title(path) for path in NOTEBOOKS.values()}
    assert names["05_perceptron"] == "05 Perceptron"
    assert names["linear_algebra"] == "Linear algebra"
    assert all(re.fullmatch(r"(\d\d )?[A-Z].*", name) for name in names.values())


@every_notebook
def test_every_heading_is_a_section_that_is_found_and_linked_to(folder, name):
    path = folder / f"{name}.html"
    found = sections(path)
    assert {section["id"] for section in found} <= reader(path).names
    assert len(found) >= 5
    assert all(section["title"] and "¶" not in section["title"] for section in found)
