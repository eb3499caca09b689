"""How long a notebook takes is counted, and stands where a reader looks."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import minutes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One, two; it's three $a + b$ and", 6),
        ("$$a + b$$\n\n| a | table |\n\n[a link](https://example.org) <b>two</b>", 3),
        ("## 3. Down (7 minutes)\n\nWalk (2 minutes) on.", 6),
    ],
)
def test_a_formula_in_a_line_is_a_word(text, count):
    assert minutes.words(text) == count


def test_the_minutes_are_written_and_then_stay():
    word = "word " * 118
    cells = [
        new_markdown_cell("# Why?\n\n**It takes** 90 minutes, or more.\n\n" + word),
        new_markdown_cell("## 1. First (9 minutes)\n\n" + word),
        new_code_cell("@explore(a=(0, 1))\ndef figure(figure): ..."),
        new_markdown_cell("$$a = b$$\n\nso\n\n$$b = c$$"),
        new_markdown_cell(f"{word}\n\n### Exercise 01.1: try (fill in)\n\n{word}"),
        new_markdown_cell(f"<details><summary>Hint 1</summary>{word}</details>"),
        new_markdown_cell("## 2. Last\n\nOne."),
        new_markdown_cell(2 * r"$$\begin{aligned} a &= b \end{aligned}$$ "),
        new_markdown_cell("## Going deeper\n\n" + 9 * word),
        new_markdown_cell("## 3. Deeper still (4 minutes)\n\n" + word),
    ]
    notebook = new_notebook(cells=cells)
    assert [number for number, _ in minutes.mend(notebook)] == [1, 2, 7]
    assert cells[0].source.startswith("# Why?\n\n**It takes** 15 minutes, or more.")
    assert cells[1].source.startswith("## 1. First (7 minutes)\n")
    assert cells[6].source.startswith("## 2. Last (6 minutes)\n")
    assert list(minutes.mend(notebook)) == []
