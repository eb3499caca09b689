"""What the site's first page searches: every section of the series, as text.

``sections(path)`` reads a page that ``tools.pages`` has written; code and formulas' signs stay out.
"""

import html
import re
from html.parser import HTMLParser
from urllib.parse import urlencode

HEADINGS = {"h1", "h2", "h3"}
SILENT = {"script", "style", "pre", "nav"}


class _Reader(HTMLParser):
    """Collects what stands under each heading that can be linked to."""

    def __init__(self):
        super().__init__()
        self.found, self._silent, self._heading = [], 0, False

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag in SILENT:
            self._silent += 1
        elif tag in HEADINGS and "id" in has:
            self.found.append({"id": has["id"], "title": "", "text": ""})
            self._heading = True
        elif tag == "a" and "anchor-link" in has.get("class", ""):
            self._heading = False

    def handle_endtag(self, tag):
        self._silent -= tag in SILENT
        self._heading = self._heading and tag not in HEADINGS

    def handle_data(self, data):
        if self.found and not self._silent:
            self.found[-1]["title" if self._heading else "text"] += data


def sections(path):
    """Return the sections of a page: where each is, its title and its text.

    Parameters
    ----------
    path : pathlib.Path
        A page.

    Returns
    -------
    list of dict of {str: str}
        Each with `page` (the file's name), `id` (of the heading), `title` and `text`.
    """
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return [
        {
            "page": path.name,
            "id": section["id"],
            "title": " ".join(section["title"].split()),
            "text": " ".join(section["text"].replace("¶", " ").split()),
        }
        for section in reader.found
    ]


def with_reports(text, repository, page):
    """Put a link to report a mistake behind each section's title, if there is an address for it."""
    if not repository:
        return text

    def link(match):
        where = html.unescape(match[1])
        asked = urlencode({"title": f"{page}: {where}", "body": "What I expected, and what I saw:"})
        address = html.escape(f"{repository.removesuffix('.git').rstrip('/')}/issues/new?{asked}")
        return f'{match[0]}<p class="report"><a href="{address}">report a mistake here</a></p>'

    return re.sub(r'<h2 id="([^"]+)">.*?</h2>', link, text, flags=re.DOTALL)
