"""Run one handed-in notebook and judge its answers: the process that `tools.collect` starts.

It runs whatever a student wrote, so it promises nothing but this: what it finds out goes, a line of
JSON each, where no print of the notebook goes, and begins with a word that the notebook never saw.
"""

import ast
import json
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace

from lecture_utils.exercises.saved import ASKED

FAILS = "not yet. Its cell fails: "
MEMORY = 4 * 2**30  # bytes of addresses, where the system can limit them
FILE = 100 * 2**20  # bytes of any file that is written


def set_limits():
    """Keep a notebook from taking all memory, or a whole disk with one file."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))


def private_line(word):
    """Return the function that tells the parent something; all else that is printed is lost."""
    out, nowhere = os.dup(1), os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)

    def tell(write=os.write, dumps=json.dumps, **what):  # ours, whatever the notebook replaces
        write(out, f"\n{word} {dumps(what)}\n".encode())

    return tell


def exercises():
    """Return all exercises by number, with modules that the notebook cannot reach by their names.

    What it imports is loaded again: who writes over a function of the package changes their own.
    """
    from lecture_utils import exercises as ours

    table = {number: exercise for prefix in ours._files()
             for number, exercise in ours._exercises(prefix).items()}  # fmt: skip
    for name in [name for name in sys.modules if name.partition(".")[0] == "lecture_utils"]:
        del sys.modules[name]
    return table


def as_saved(exercise, number, texts):
    """Return the state and the words for a figure that was moved by hand, from its saved verdict.

    The move is lost, but the verdict names the setting: that is judged anew.
    """
    for line in re.findall(rf"^{re.escape(number)}: (right: .+|not yet\.)", texts, re.MULTILINE):
        try:
            call = ast.parse(f"dict({line.removeprefix('right: ').rstrip('.')})", mode="eval").body
            values = {one.arg: ast.literal_eval(one.value) for one in call.keywords}
        except (ValueError, SyntaxError, AttributeError):
            values = {}
        figure = SimpleNamespace(name=exercise.figure, values=exercise.start | values)
        state, words = exercise.judge(figure, None)
        if state == "right":
            return state, words
        return "not yet", "not yet. The figure was moved, but not to where the task asks."
    return None


class Judge(ast.NodeTransformer):
    """Puts our own judge where a cell calls ``check("05.1", answer)``, whatever `check` is there.

    It writes down what it finds by `tell`, in the order of the notebook.
    """

    def __init__(self, table, tell, rng):
        self.table, self.tell, self.rng = table, tell, rng
        self.name, self.judged, self.saved = "_lecture_utils_judge", set(), ""

    def visit_Call(self, node):
        """Replace a call of check with the number of an exercise."""
        self.generic_visit(node)
        called = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        number = getattr(node.args[0], "value", None) if node.args else None
        if called == "check" and isinstance(number, str) and number in self.table:
            node.func = ast.copy_location(ast.Name(self.name, ast.Load()), node.func)
        return node

    def __call__(self, number, answer=..., *_, **__):
        exercise = self.table[number]
        try:
            state, words = exercise.judge(answer, self.rng(0))  # for all the same inputs
            if hasattr(exercise, "figure") and state != "right":
                state, words = as_saved(exercise, number, self.saved) or (state, words)
        except BaseException as problem:  # of an answer that undermines its judge
            state, words = "not yet", f"{FAILS}{type(problem).__name__}"
        self.judged.add(number)
        self.tell(number=number, state=state, words=words)
        return SimpleNamespace(number=number, state=state, words=words)


def texts(cell):
    """Return what a cell's saved outputs say."""
    found = (output.get("data", {}).get("text/plain", "") for output in cell.get("outputs", []))
    return "\n".join(found)


def new_streams():
    """Return what a notebook reads, and where its prints go: nothing, and nowhere."""
    return (open(os.devnull, mode, encoding="utf-8") for mode in "rww")


def new_shell(judge):
    """Return a shell as the notebooks know it, without a page: nothing is shown."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            """Do nothing: ``%matplotlib inline`` asks for it."""

    config = Config()
    config.HistoryManager.enabled = False
    shell = Shell.instance(config=config)
    shell.display_formatter.format = lambda *_, **__: ({}, {})
    shell.ast_transformers.append(judge)
    return shell


def run(path, tell):
    """Run a notebook, and tell of each exercise in it what its answer is worth."""
    import numpy as np

    from tools import notebooks

    table = exercises()
    cells = [cell for cell in notebooks.read_clean(Path(path)).cells if cell.cell_type == "code"]
    asked = {number for cell in cells for number in ASKED.findall(cell.source)} & set(table)
    tell(asked=sorted(asked))
    judge = Judge(table, tell, np.random.default_rng)
    shell = new_shell(judge)
    for place, cell in enumerate(cells if asked else (), 1):
        tell(cell=place)
        shell.user_ns[judge.name] = judge
        sys.stdin, sys.stdout, sys.stderr = new_streams()  # a cell before may have closed them
        judge.judged, judge.saved = set(), texts(cell)
        result = shell.run_cell(cell.source, silent=True)
        problem = result.error_before_exec or result.error_in_exec
        for number in (set(ASKED.findall(cell.source)) & asked) - judge.judged:
            if problem is not None:
                said = " ".join(f"{type(problem).__name__}: {problem}".split())
                tell(number=number, state="not yet", words=FAILS + said)
    tell(done=True)


def main(leave=os._exit):  # bound before the notebook runs
    """Run the notebook that the first line of the input names."""
    path, word = json.loads(sys.stdin.readline())
    tell = private_line(word)
    set_limits()
    try:
        run(path, tell)
    except SystemExit as problem:  # no notebook
        tell(unreadable=str(problem))
    except Exception as problem:  # a shell that was broken on purpose
        tell(broken=f"{type(problem).__name__}: {problem}")
    leave(0)  # threads that were left behind do not hold it up


if __name__ == "__main__":
    main()
