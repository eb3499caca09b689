"""What the site's first page searches: every section of the series and every term, as text.

``sections(path)`` reads a page that ``tools.pages`` has written; code stays out, and of a formula
its signs are left.
"""

import html
import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urlencode

from tools.navigation import title

HEADINGS = {"h1", "h2", "h3"}
SILENT = {"script", "style", "pre", "nav", "aside"}
TERM = "term-"  # how the place of a term in the glossary begins
ROW = re.compile(r"<tr>(?=\s*<td><strong>(.*?)</strong>)")
SIGNS = {
    "approx": "≈ ", "cdot": "· ", "cdots": "…", "dots": "…", "ell": "ℓ", "ge": "≥ ", "in": "∈ ",
    "infty": "∞", "lambda": "λ", "ldots": "…", "le": "≤ ", "leftarrow": "← ", "lVert": "‖",
    "lvert": "|", "mapsto": "↦ ", "nabla": "∇", "ne": "≠ ", "odot": "⊙ ", "partial": "∂", "pm": "±",
    "prod": "∏", "Rightarrow": "⇒ ", "rVert": "‖", "rvert": "|", "sim": "~ ", "sqrt": "√",
    "sum": "∑", "times": "× ", "to": "→ ", "top": "ᵀ", "varepsilon": "ε", "varphi": "φ",
}  # fmt: skip
WORDS = ("cos", "det", "exp", "ln", "log", "max", "min", "sin", "tanh")  # read as they are written


class _Reader(HTMLParser):
    """Collects what stands under each heading, and in each row, that can be linked to."""

    def __init__(self):
        super().__init__()
        self.found, self._silent, self._title = [], 0, False

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag in SILENT:
            self._silent += 1
        elif "id" in has and (tag in HEADINGS or has["id"].startswith(TERM)):
            self.found.append({"id": has["id"], "title": "", "text": ""})
            self._title = True
        elif tag == "a" and "anchor-link" in has.get("class", ""):
            self._title = False
        elif tag == "td":
            self.handle_data(" ")

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT
        self._title = self._title and tag not in {*HEADINGS, "td"}

    def handle_data(self, data):
        if self.found and not self._silent:
            self.found[-1]["title" if self._title else "text"] += data


def signs(text):
    r"""Return a text with its formulas as signs; of one on lines of its own a dot is left.

    Examples
    --------
    >>> signs(r"With $\eta$ above $2 / \lambda_{\max}$ it ends: $$ \frac{1}{2} $$ Always.")
    'With η above 2 / λmax it ends: … Always.'
    >>> signs(r"$\Delta w = -\eta\, \nabla \ell(w)$, $\frac{\partial S}{\partial b} \le x^2$")
    'Δw = -η ∇ℓ(w), ∂S/∂b ≤ x²'
    """
    text = re.sub(r"\$\$.*?\$\$", "…", text, flags=re.DOTALL)
    return re.sub(r"\$([^$]*)\$", lambda found: _formula(found[1]), text)


def _formula(tex):
    tex = re.sub(r"\\[td]?frac\s*{([^{}]*)}\s*{([^{}]*)}", r"\1/\2", tex)
    tex = re.sub(r"\\(begin|end){\w+\*?}|\\[,;:! \\]", " ", tex)
    tex = re.sub(r"\\([A-Za-z]+)(?: (?![=+<>/-]))?", _sign, tex)
    return " ".join(re.sub(r"[{}_^&\\]", "", tex.replace("^2", "²")).split())


def _sign(found):
    name = found[1]
    if name in SIGNS:
        return SIGNS[name]
    if name in WORDS:
        return f"{name} "
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")
    except KeyError:
        return ""  # says how something looks


def sections(path):
    """Return the sections of a page, and the terms of the glossary: where each is, and its text.

    Parameters
    ----------
    path : pathlib.Path
        A page.

    Returns
    -------
    list of dict of {str: str}
        Each with `page` (the file's name), `name` (the notebook's, in words), `id` (of the heading,
        or of the term's row), `title` and `text`.
    """
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return [
        {
            "page": path.name,
            "name": title(path),
            "id": section["id"],
            "title": " ".join(signs(section["title"]).split()),
            "text": " ".join(signs(section["text"].replace("¶", " ")).split()),
        }
        for section in reader.found
        if path.stem != "glossary" or len(section["id"]) > 1  # its letters
    ]


def with_terms(text):
    """Give each term of the glossary's page a place to link to."""

    def row(match):
        name = re.sub(r"\W+", "-", html.unescape(match[1]))
        return f'<tr id="{TERM}{name}">'

    return ROW.sub(row, text)


def with_reports(text, repository, page):
    """Put a link to report a mistake behind each section's title, if there is an address for it."""
    if not repository:
        return text

    def link(match):
        where = html.unescape(match[1])
        asked = urlencode({"title": f"{page}: {where}", "body": "What I expected, and what I saw:"})
        address = html.escape(f"{repository.removesuffix('.git').rstrip('/')}/issues/new?{asked}")
        return (
            f'{match[0]}<aside class="report"><a href="{address}">report a mistake here</a></aside>'
        )

    return re.sub(r'<h2 id="([^"]+)">.*?</h2>', link, text, flags=re.DOTALL)
