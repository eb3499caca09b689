"""Print how many lines of code each room of the package has, beside what it may have.

``python -m tools.budget``. Docstrings, comments and empty lines are free. Ends with 1 if a room has
grown too large.
"""

import ast
import io
import sys
import tokenize

from tools.navigation import ROOT

PACKAGE = ROOT / "lecture_utils"
MOST = {"numbers": 1205, "pictures": 381, "live": 950, "training_room": 1278, "exercises": 2910}
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
          tokenize.ENDMARKER, tokenize.ENCODING}  # fmt: skip


def lines(source):
    """Return the numbers of the lines of a program that hold code.

    Examples
    --------
    >>> sorted(lines('def f():\\n    "What."\\n\\n    # why\\n    return 1  # how\\n'))
    [1, 5]
    """
    held = {
        number
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in SILENT
        for number in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            node
        ):
            held -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return held


def rooms():
    """Map each room of the package to its lines of code."""
    return {
        room: sum(
            len(lines(path.read_text(encoding="utf-8"))) for path in (PACKAGE / room).rglob("*.py")
        )
        for room in MOST
    }


def main():
    """Print the table; return the exit code."""
    counted = rooms()
    for room, count in counted.items():
        print(f"{room:15} {count:5} of {MOST[room]:5}")
    print(f"{'all':15} {sum(counted.values()):5} of {sum(MOST.values()):5}")
    return int(any(count > MOST[room] for room, count in counted.items()))


if __name__ == "__main__":
    sys.exit(main())
