"""Exercises: right answers pass, slips are named, nothing that a reader gives raises."""

import ast
import inspect
import re
import warnings
from importlib import import_module

import nbformat
import numpy as np
import pytest

from lecture_utils import check, exercises
from lecture_utils.exercises.judge import Explain, Explore, FillIn, _run, show
from tests.live_figures import NOTEBOOKS

EXERCISES = {
    number: exercise
    for file in exercises._files().values()
    for number, exercise in import_module(f"lecture_utils.exercises.{file}").EXERCISES.items()
}
FUNCTIONS = {number: e for number, e in EXERCISES.items() if isinstance(e, FillIn)}
SEEDS = range(5)


def changes_its_input(*values):
    for value in values:
        if isinstance(value, np.ndarray):
            value += 1.0


class Rude:
    name = "scale"
    values = property(lambda self: {"ratio": Rude()})

    def __repr__(self):
        raise RuntimeError("no")

    def __eq__(self, other):
        raise RuntimeError("no")

    __hash__ = None

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no")


class Unseen:
    def __repr__(self):
        raise RuntimeError("no")


class RudeError(BaseException):
    def __str__(self):
        raise RuntimeError("no")


def raises(problem):
    def function(*values):
        raise problem

    return function


GARBAGE = {
    "none": None, "text": "nine words that say nothing of any use here", "number": 3, "nan": np.nan,
    "list": [], "dict": {}, "array": np.zeros((3, 3, 3)), "class": Rude, "object": Rude(),
    "no argument": lambda: 1, "exit": raises(SystemExit()), "zero": lambda *_: 1 / 0,
    "deep": raises(RecursionError("deep")), "rude error": raises(RudeError()),
    "gives none": lambda *_: None, "gives many": lambda *_: tuple(range(100_000)),
    "gives objects": lambda *_: np.array([Unseen(), Unseen()]),
    "gives text": lambda *_: "text", "gives a dict": lambda *_: {},
    "gives itself": lambda *values: values,
    "gives an object": lambda *_: Rude(), "gives ragged": lambda *_: [[1], [1, 2]],
    "gives complex": lambda *_: 1j, "gives nan": lambda *_: np.full(3, np.nan),
    "gives a cube": lambda *_: np.zeros((2, 2, 2)), "gives a pair": lambda *_: (None, "x"),
    "gives a generator": lambda *_: (i for i in range(3)), "changes its input": changes_its_input,
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("number", FUNCTIONS)
def test_what_is_right_is_right(number, seed):
    verdict = check(number, FUNCTIONS[number].right, seed)
    assert verdict.state == "right", verdict
    assert "drawn afresh" in verdict.words


@pytest.mark.parametrize(
    ("number", "words"), [(number, words) for number, e in FUNCTIONS.items() for words in e.slips]
)
def test_a_slip_is_caught_and_named(number, words):
    for seed in SEEDS:
        verdict = check(number, FUNCTIONS[number].slips[words], seed)
        assert verdict.state == "not yet"
        assert re.search(r"Likely slip: .*" + re.escape(words), verdict.words), verdict


@pytest.mark.parametrize("number", EXERCISES)
@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE)
def test_no_answer_raises_and_none_of_these_is_right(number, answer, recwarn, capsys):
    verdict = check(number, answer)
    assert verdict.state in ("not yet", "compare")
    assert verdict.words in repr(verdict)
    assert len(verdict.words) < 1500
    assert not recwarn
    assert not any(capsys.readouterr())


@pytest.mark.parametrize("number", EXERCISES)
def test_what_was_not_begun_is_not_yet_tried(number):
    assert check(number, ...).state == "not yet tried"
    if number in FUNCTIONS:
        assert check(number, lambda *_: ...).state == "not yet tried"
        assert check(number, lambda *_: (..., ...)).state == "not yet tried"


def test_inputs_are_drawn_afresh():
    seen = []
    for _ in range(2):
        check("05.1", lambda X, w, b: seen.append(X.sum()) or np.sign(X @ w + b))
    half = len(seen) // 2
    assert seen[:half] != seen[half:]


def test_the_verdict_shows_input_result_expectation_and_slip():
    first, *rest = repr(check("05.2", lambda w, b, x, label: (w, b), 0)).splitlines()
    assert first == "05.2: not yet. The first input that fails:"
    assert rest == [
        "w         [2. 1.]",
        "b         1",
        "x         [-1.  1.]",
        "label     -1",
        "got       ([2. 1.], 1)",
        "expected  ([3. 0.], 0)",
    ]
    shapes = check("05.1", lambda X, w, b: np.sign(X @ w + b)[None], 0).words
    assert "the shape must be (3,), got (1, 3)" in shapes
    assert "give back 2 things" in check("05.2", lambda w, b, x, label: 1.0).words
    assert "ZeroDivisionError in line" in check("05.1", lambda X, w, b: 1 / 0).words
    assert (
        "the sign: you have minus" in check("05.5", lambda *v: -EXERCISES["05.5"].right(*v)).words
    )


@pytest.mark.parametrize(
    ("number", "answer", "words"),
    [
        ("05.5", lambda w, X, y: print(end=""), "nothing is given back; is there a return?"),
        ("05.5", lambda w, X, y: np.full(len(w), np.nan), "a result is nan"),
        ("05.5", lambda w, X, y: w > 9, "numbers are asked for, not True and False"),
        ("05.5", lambda w, X, y: w[None], "the shape must be (2,), got (1, 2)"),
        ("05.8", lambda w, b: (w.T[None], b[0]), "the shape must be (2,), got (1, 2, 4)"),
        (
            "05.9",
            lambda X, y: (X[[0, 0, 1, 2, 3]].T, y),
            "the shape must be (5, 2), got (2, 5); is",
        ),
    ],
)
def test_a_wrong_form_is_named(number, answer, words):
    assert f"Likely slip: {words}" in check(number, answer, 0).words


def test_values_are_shown_in_few_lines():
    assert show(np.zeros((2, 2))) == "[[0. 0.]\n [0. 0.]]"
    assert show(np.zeros((100, 9))).endswith("]]   shape (100, 9)")
    assert show(np.zeros((100, 9))).count("\n") == 4
    assert show((1.0, "a", None, Unseen())) == "(1, 'a', None, something of type Unseen)"


def test_a_warning_of_the_readers_code_is_no_error():
    def predict(X, w, b):
        warnings.warn("old", DeprecationWarning, stacklevel=2)
        return np.sign(X @ w + b) + 0 * np.log(0 * w[0])

    assert "Likely slip: a result is nan" in check("05.1", predict).words


@pytest.mark.parametrize("more", [0.0, 0.1])
def test_a_function_that_changes_its_input_is_told(more):
    def see(w, b, x, label):
        if label * (w @ x + b) <= 0:
            w += label * x
            b += label
        return w, b + more  # also where the result is wrong and has no other name

    assert "changes the arrays it is given" in check("05.2", see).words


def test_only_the_reader_stops_a_check():
    with pytest.raises(KeyboardInterrupt):
        check("05.1", raises(KeyboardInterrupt()))


@pytest.mark.parametrize("number", [n for n, e in FUNCTIONS.items() if not e.accept])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_slips_are_the_same_on_what_is_drawn(number, seed):
    exercise = FUNCTIONS[number]
    inputs = exercise.draw(np.random.default_rng(seed))
    for words, slip in exercise.slips.items():
        got = [_run(slip, values) for values in inputs]
        same = [w for w, other in exercise.slips.items() if exercise._does_as(other, inputs, got)]
        assert same == [words]


@pytest.mark.parametrize("number", ["05.99", "99.1", "", None, 7, [], ["05.1"]])
def test_an_unknown_number_is_refused_in_one_line(number):
    with pytest.raises(ValueError, match=r"^number must be that of an exercise, got .+; try .+$"):
        check(number, None)


def test_an_explanation_is_given_an_answer_to_compare_with():
    assert (
        check("05.10", "No, it does not matter at all.").words
        == "not yet. Write a sentence or two."
    )
    verdict = check("05.10", "No, because every state is only multiplied by a number.")
    assert verdict.state == "compare"
    assert EXERCISES["05.10"].model in verdict.words


def parts(prefix):
    """Map the number of each exercise of a notebook to its text, stub cell, and hints."""
    (path,) = NOTEBOOKS.glob(f"{prefix}_*.ipynb")
    cells, found = nbformat.read(path, as_version=4).cells, {}
    for text, stub, help_ in zip(cells, cells[1:], cells[2:], strict=False):
        for number in re.findall(r"^### Exercise (\d\d\.\d+): ", text.source, re.MULTILINE):
            found[number] = text.source, stub, help_.source
    return path, cells, found


@pytest.mark.parametrize("prefix", exercises._files())
def test_a_notebook_has_all_its_exercises_in_order_each_with_its_parts(prefix):
    _, _, found = parts(prefix)
    mine = [number for number in EXERCISES if number.startswith(prefix)]
    assert list(found) == mine
    assert len(mine) >= {"00": 2, "10": 3}.get(prefix, 5)
    for number, (task, stub, help_) in found.items():
        kind = re.search(r"\((fill in|explain|explore|bug hunt)\)", task).group(1)
        expected = {FillIn: ("fill in", "bug hunt"), Explore: ("explore",), Explain: ("explain",)}
        assert kind in expected[type(EXERCISES[number])]
        assert (kind == "bug hunt") == bool(getattr(EXERCISES[number], "given", None))
        assert f'check("{number}", ' in stub.source
        (output,) = stub.outputs
        assert output["data"]["text/plain"].startswith(f"{number}: not yet tried")
        hints = re.findall(r"<summary>Hint (\d)</summary>", help_)
        assert hints == ["1", "2", "3"]
        assert help_.count("<details>") == help_.count("</details>") == 4
        assert "</details></details></details>" in help_  # the hints are inside of each other
        assert "<summary>Solution</summary>" in help_


@pytest.mark.parametrize("prefix", exercises._files())
def test_each_solution_passes_in_its_notebook(prefix, monkeypatch):
    path, cells, found = parts(prefix)
    monkeypatch.chdir(path.parent)
    names = {"__name__": "__main__"}
    for cell in cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, path.name, "exec"), names)
    for number, (_, stub, help_) in found.items():
        (solution,) = re.findall(r"Solution</summary>.*?```python\n(.*?)```", help_, re.DOTALL)
        exec(compile(solution, f"solution of {number}", "exec"), names)
        asked = ast.unparse(ast.parse(stub.source).body[-1])
        verdict = eval(asked, names)
        wanted = "compare" if isinstance(EXERCISES[number], Explain) else "right"
        assert verdict.state == wanted, verdict


@pytest.mark.parametrize("number", [n for n, e in FUNCTIONS.items() if e.given])
def test_the_function_of_a_bug_hunt_is_the_one_in_the_notebook(number):
    given = ast.parse(inspect.getsource(EXERCISES[number].given)).body[0]
    stub = ast.parse(parts(number[:2])[2][number][1].source).body[0]
    assert ast.dump(stub) == ast.dump(given)
    assert check(number, EXERCISES[number].given).state == "not yet tried"
