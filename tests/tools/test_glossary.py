"""The glossary: made of the notebooks' tables, complete, each link to where a term is taught."""

import re
from urllib.parse import unquote

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.helpers.series import NOTEBOOKS, read
from tools import glossary, notebooks

MUST = """learning rate, hyperparameter, regularization, generalization, feature, label,
design matrix, epoch, batch, momentum, logit, softmax, cross-entropy, backpropagation, convolution,
cross-correlation, kernel, stride, padding, pooling, dropout, weight decay, early stopping,
batch normalization, overfitting, underfitting, vanishing gradient, dead ReLU, residual connection,
autodiff, tape, eigenvector, condition number, covariance, training set, validation set, test set"""
LINE = re.compile(r"^\| \*\*(.+?)\*\*(.*?) \| (.+) \| (.+) \| \[.+\]\((\S+?)#(\S+)\) \|$", re.M)


def written():
    """Give (term, other names, our word, file, heading) of each line of the committed glossary."""
    text = "\n".join(cell.source for cell in nbformat.read(glossary.PATH, as_version=4).cells)
    for term, also, here, _, file, heading in LINE.findall(text):
        names = [term, *(name for name in also.split(", ") if name)]
        yield names, here, file.removesuffix(".ipynb"), unquote(heading).replace("-", " ")


def section(name, heading):
    """Return the text of a section of a notebook, of which the heading has spaces for hyphens."""
    texts = [cell.source for cell in read(name).cells if cell.cell_type == "markdown"]
    for part in re.split(r"^## ", "\n".join(texts), flags=re.MULTILINE):
        if part.partition("\n")[0].replace("-", " ") == heading:
            return part
    return ""


def test_it_is_the_one_that_the_notebooks_make():
    assert notebooks.faults(glossary.PATH) == []
    made = notebooks._as_bytes(glossary.glossary())
    assert glossary.PATH.read_bytes() == made, "stale; python -m tools.glossary writes it anew"


def test_it_is_in_order_and_has_what_a_newcomer_looks_up():
    terms = [names[0] for names, *_ in written()]
    assert terms == sorted(terms, key=str.lower)
    assert len(terms) == len(set(terms)) == len(glossary.entries())
    known = {name.lower() for names, *_ in written() for name in names}
    wanted = {term.strip().lower() for term in MUST.split(",")}
    assert wanted - known == set()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_word_of_a_notebooks_table_is_in_it(name):
    known = [word for names, *_ in written() for word in names]
    text = "\n\n".join(cell.source for cell in read(name).cells)
    for table in re.findall(r"\| here \| elsewhere \|\n\|[-|]+\n((?:\|.*\n?)+)", text):
        for line in table.splitlines():
            elsewhere = re.sub(r"`.*?`|\$.*?\$|\(.*?\)", "", line.strip("| ").split(" | ")[1])
            for piece in filter(str.strip, re.split("[,;:]", elsewhere)):
                assert any(glossary.names(piece, word) for word in known), (piece, line)


def test_every_link_leads_to_the_section_that_teaches_the_term():
    for names, here, name, heading in written():
        text = section(name, heading)
        assert text, (names, heading)
        ours = re.findall(r"[^\W\d]{4,}", re.sub(r"`.*?`|\$.*?\$", "", here))
        ours = [] if here == "the same" else ours
        found = [word for word in [*names, *ours] if word.lower() in text.lower()]
        assert found, f"{names[0]} is not taught in {name}, {heading}"


def series(tmp_path, monkeypatch, table):
    """Make two notebooks, the second with a table, and a glossary of two terms."""
    texts = {"01_first": "# One?\n\n## 1. Steps (2 minutes)\n\nA step.",
             "02_second": f"# Two?\n\n## 1. More (2 minutes)\n\n{table}"}  # fmt: skip
    for name, text in texts.items():
        cells = [new_markdown_cell(text)]
        nbformat.write(new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    (tmp_path / "words.toml").write_text(
        '["step size"]\nalso = ["rate"]\nsays = "How far."\ntaught = "01 1"\n'
        '["Batch"]\nsays = "Some."\ntaught = "02 1"\n', encoding="utf-8")  # fmt: skip
    paths = [tmp_path / f"{name}.ipynb" for name in texts]
    monkeypatch.setattr(glossary.notebooks, "series", lambda: paths)
    monkeypatch.setattr(glossary, "SOURCE", tmp_path / "words.toml")
    monkeypatch.setattr(glossary, "PATH", tmp_path / "glossary.ipynb")


def test_a_line_has_our_word_from_the_table_and_the_link(tmp_path, monkeypatch):
    table = (
        "| here | elsewhere |\n|---|---|\n| noise; step $\\eta$ | scatter; rates, `lr` (old) |\n"
    )
    series(tmp_path, monkeypatch, table)
    lines = dict(glossary.lines())
    assert list(lines) == ["Batch", "step size"]
    link = "[01, section 1](01_first.ipynb#1.-Steps-(2-minutes))"
    assert lines["step size"] == f"| **step size**, rate | step $\\eta$ | How far. | {link} |"
    assert "| the same |" in lines["Batch"]


def test_a_section_that_is_gone_is_named(tmp_path, monkeypatch):
    series(tmp_path, monkeypatch, "")
    text = glossary.SOURCE.read_text(encoding="utf-8").replace("01 1", "01 7")
    glossary.SOURCE.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match="'step size' must be taught in a section that is there"):
        glossary.glossary()
