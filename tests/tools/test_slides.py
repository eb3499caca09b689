"""The slides: what a cell becomes, and decks on which nothing overflows and nothing is fetched."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.helpers.series import NOTEBOOKS, every_notebook
from tools import folding, slide_types, slides
from tools.pages import chromium

MEASURE = """() => Reveal.getSlides().map((slide) => {
  const {h, v} = Reveal.getIndices(slide);
  Reveal.slide(h, v, 100);
  const room = slide.getBoundingClientRect();
  const out = [...slide.querySelectorAll("p, li, img, pre, table, svg, h1, h2")].filter((part) => {
    const box = part.getBoundingClientRect();
    return !part.closest("aside") && (box.right > room.right + 1 || box.bottom > room.bottom + 1);
  });
  return {text: slide.innerText.slice(0, 60), size: parseFloat(slide.style.fontSize),
          empty: !slide.innerText.trim() && !slide.querySelector("img"),
          out: out.length + (slide.scrollHeight > 720) + (slide.scrollWidth > 1280)};
})"""


def types(*sources):
    notebook = new_notebook(cells=[
        new_code_cell(text[1:], outputs=[new_output("stream", text="said")] * (text[0] == ">"))
        if text[0] in ">=" else new_markdown_cell(text)
        for text in sources])  # fmt: skip
    list(slide_types.mend(notebook))
    return [cell.metadata.slideshow.slide_type for cell in notebook.cells]


def test_what_a_cell_becomes():
    assert types("# Why?", "## 1. Here", "Text.", ">print(1)", ">@explore(a=1)\ndef f(figure): ...",
                 "<details><summary>Hint 1</summary>x</details>",
                 "<details><summary>Answer</summary>x</details>") == [
        "slide", "slide", "subslide", "skip", "skip", "notes", "subslide"]  # fmt: skip
    folded = "# @title It is verified\nprint(1)"
    assert types(f">{folded}", f"={folded}") == ["subslide", "skip"]


def test_an_author_s_type_stays():
    cell = new_code_cell("x = 1", metadata={"slideshow": {"slide_type": "subslide"}})
    assert list(slide_types.mend(new_notebook(cells=[cell]))) == []
    assert cell.metadata.slideshow.slide_type == "subslide"


def test_steps_keep_formulas_whole_and_announcements_with_what_they_announce():
    text = "One.\n\n$$ a\n\n b $$\n\nSo:\n\n- x\n- y\n\nEnd."
    assert slides.steps(text) == ["One.", "$$ a\n\n b $$", "So:\n\n- x\n- y", "End."]


@every_notebook
def test_a_deck_says_nothing_less_than_its_cells(name):
    notebook = nbformat.read(slides.FOLDER / f"{name}.ipynb", as_version=4)
    deck = slides.deck(slides.FOLDER / f"{name}.ipynb")
    shown = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.slideshow.slide_type == "subslide"
    ]
    pictures = sum(
        "image/png" in output.get("data", {}) for cell in shown for output in cell.outputs
    )
    assert deck.count("<img") == deck.count("<figure>") == pictures
    assert deck.count("<figcaption>") == sum("@explore" in cell.source for cell in shown)
    assert "@explore" not in deck
    assert "<details" not in deck


@every_notebook
def test_a_folded_cell_leaves_out_its_code_and_never_its_output(name):
    notebook = nbformat.read(slides.FOLDER / f"{name}.ipynb", as_version=4)
    for cell in filter(folding.is_folded, notebook.cells):
        on = cell.metadata.slideshow.slide_type != "skip"
        for_programs = "json.dumps" in cell.source
        assert on == bool(cell.outputs and not for_programs), cell.source.partition("\n")[0]


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    slides.write(folder)
    with chromium() as browser:
        yield folder, browser.new_page(viewport={"width": 1280, "height": 720})


@pytest.mark.site
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_nothing_overflows_and_nothing_is_fetched(decks, name):
    folder, tab = decks
    asked, problems = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda problem: problems.append(str(problem)))
    tab.goto((folder / f"{name}.html").as_uri())
    tab.wait_for_function("window.Reveal && Reveal.isReady()")
    found = tab.evaluate(MEASURE)
    assert len(found) > 10
    assert [slide for slide in found if slide["out"] or slide["empty"]] == []
    assert [slide for slide in found if slide["size"] < 60] == []  # the back row reads it
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert problems == []
