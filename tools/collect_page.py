"""The page of what a class got wrong most: slips by how many made them, exercises by how many can.

No names are on it, so that it can be shown to the class.
"""

import re
from collections import Counter, defaultdict
from functools import cache
from html import escape

from tools import notebooks
from tools.navigation import ROOT

STATES = ["right", "compare", "not yet", "open", "not run"]
MEANS = {"right": "right", "compare": "to be read", "not yet": "not yet right",
         "open": "not tried", "not run": "not run"}  # fmt: skip
STYLE = """
.bar { display: flex; width: 16rem; height: 1rem; background: var(--pale); }
.right { background: #009e73; }
.compare { background: #56b4e9; }
.not-yet { background: #d55e00; }
.open { background: #d8d8d2; }
.not-run { background: #1a1a1a; }
td.number { text-align: right; }
"""


@cache
def exercises():
    """Map the number of each exercise of the series to its title, in the order of the series."""
    found = {}
    for path in notebooks.series():
        text = "\n".join(cell.source for cell in notebooks.read_clean(path).cells
                         if cell.cell_type == "markdown")  # fmt: skip
        titles = re.findall(r"^### Exercise (\d\d\.\d+): (.+) \(", text, re.MULTILINE)
        found |= dict(sorted(titles, key=lambda one: int(one[0][3:])))
    return found


def page(rows):
    """Return the page as HTML, in one file.

    Parameters
    ----------
    rows : list of tools.collect.Row
        The verdicts.
    """
    style = (ROOT / "tools" / "pages" / "style.css").read_text(encoding="utf-8")
    asked = [row for row in rows if row.exercise]
    students = len({row.student for row in rows})
    lost = len(rows) - len(asked)
    unread = f" {_count(lost, 'file')} could not be judged." if lost else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What the class got wrong</title>
<style>
{style}{STYLE}</style>
</head>
<body>
<main>
<h1>What the class got wrong</h1>
<p>{_count(students, "student")}, all judged on the same inputs.{unread}</p>
<h2>Slips, the commonest first</h2>
{_slips(asked)}
<h2>Exercises</h2>
{_exercises(asked)}
</main>
</body>
</html>
"""


def slips(rows):
    """Return the slips, the commonest first: (exercise, slip), and the rows of all who made it."""
    made = defaultdict(list)
    for row in rows:
        if row.state == "not yet":
            made[row.exercise, re.sub(r"^(Its cell fails: \w+).*", r"\1", row.why)].append(row)
    return sorted(made.items(), key=lambda one: (-len(one[1]), one[0]))


def _slips(rows):
    found = slips(rows)
    if not found:
        return "<p>None.</p>"
    lines = []
    for (number, slip), made in found:
        example = min((row.input for row in made if row.input), key=len, default="")
        shown = escape(re.sub(r", (got|expected) ", r"\n\1 ", example))
        more = f"<details><summary>an input that fails</summary><pre>{shown}</pre></details>"
        lines.append(f"<tr><td class='number'>{len(made)}</td><td>{_name(number)}</td>"
                     f"<td>{escape(slip)}{more if example else ''}</td></tr>")  # fmt: skip
    return _table(["students", "exercise", "slip"], lines)


def _exercises(rows):
    counts = defaultdict(Counter)
    for row in rows:
        counts[row.exercise][row.state] += 1
    lines = []
    for number in sorted(counts, key=list(exercises()).index):
        count = counts[number]
        bar = "".join(f"<i class='{state.replace(' ', '-')}' style='flex: {count[state]}'></i>"
                      for state in STATES if count[state])  # fmt: skip
        said = ", ".join(f"{count[state]} {MEANS[state]}" for state in STATES if count[state])
        lines.append(f"<tr><td>{_name(number)}</td><td><div class='bar'>{bar}</div></td>"
                     f"<td>{said}</td></tr>")  # fmt: skip
    return _table(["exercise", "", "students"], lines)


def _count(number, what):
    return f"{number} {what}{'s' * (number != 1)}"


def _name(number):
    return f"<b>{number}</b> {escape(exercises().get(number, ''))}"


def _table(heads, lines):
    head = "".join(f"<th>{one}</th>" for one in heads)
    return "\n".join(["<table>", f"<tr>{head}</tr>", *lines, "</table>"])
