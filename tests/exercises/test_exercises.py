"""The tables of exercises: right is right, slips are named, and the notebooks agree with them."""

import ast
import re
from itertools import combinations

import numpy as np
import pytest

from lecture_utils import check, exercises
from lecture_utils.exercises.comparing import same
from lecture_utils.exercises.judge import Explain, Explore, FillIn
from lecture_utils.exercises.running import run
from lecture_utils.exercises.slips import edited_source
from tests.helpers.exercise_notebooks import (
    EXERCISES,
    FUNCTIONS,
    parts,
    solution,
    solved,
    what_it_needs,
)

SEEDS = range(3)


@pytest.mark.parametrize("number", FUNCTIONS)
def test_the_solution_that_the_notebook_shows_is_right_whatever_is_drawn(number):
    for seed in range(5):
        verdict = check(number, solved(number), seed)
        assert verdict.state == "right", verdict
        assert "drawn afresh" in verdict.words


@pytest.mark.parametrize("number", FUNCTIONS)
def test_a_slip_is_caught_and_named(number):
    exercise = FUNCTIONS[number]
    for words, wrong in exercise.named():
        for seed in SEEDS:
            verdict = check(number, wrong, seed)
            if list(exercise.bugs) == [words]:  # one bug alone: nothing is mended yet
                assert verdict.state == "not yet tried"
                continue
            assert verdict.state == "not yet", words
            assert re.search(r"Likely slip: .*" + re.escape(words), verdict.words), verdict


@pytest.mark.slow
@pytest.mark.parametrize("number", [n for n, e in FUNCTIONS.items() if not e.accept])
def test_a_slip_is_caught_in_a_hundred_of_a_hundred_runs(number):
    exercise = FUNCTIONS[number]
    for seed in range(100):
        inputs = exercise.draw(np.random.default_rng(seed))
        expected = [run(exercise.right, *values) for values in inputs]
        for words, wrong in exercise.named():
            if words == exercise.quiet:
                continue  # right values
            pairs = zip(inputs, expected, strict=True)
            assert not all(same(run(wrong, *values), e) for values, e in pairs), (seed, words)


@pytest.mark.slow
@pytest.mark.parametrize("number", [n for n, e in FUNCTIONS.items() if not e.accept])
def test_no_two_slips_are_the_same_on_what_is_drawn(number):
    exercise = FUNCTIONS[number]
    for seed in range(40):  # of four draws in a row, one may be alike by chance
        inputs = exercise.draw(np.random.default_rng(seed))
        results = [(words, [run(slip, *values, ours=True) for values in inputs])
                   for words, slip in exercise.named()]  # fmt: skip
        for (words, got), (others, outputs) in combinations(results, 2):
            assert words == others or not all(map(same, got, outputs)), (seed, words, others)


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


def test_an_explanation_is_given_an_answer_to_compare_with():
    assert (
        check("05.10", "No, it does not matter at all.").words
        == "not yet. Write a sentence or two."
    )
    verdict = check("05.10", "No, because every state is only multiplied by a number.")
    assert verdict.state == "compare"
    assert EXERCISES["05.10"].model in verdict.words


@pytest.mark.parametrize("number", ["05.99", "99.1", "", None, 7, [], ["05.1"], np.zeros((9, 9))])
def test_an_unknown_number_is_refused_in_one_line(number):
    with pytest.raises(ValueError, match=r"^number must be that of an exercise, got .+; try .+$"):
        check(number, None)


@pytest.mark.parametrize("prefix", exercises._files())
def test_a_notebook_has_all_its_exercises_each_with_its_parts(prefix):
    _, _, found = parts(prefix)
    mine = [number for number in EXERCISES if number.startswith(prefix)]
    assert sorted(found) == sorted(mine)  # "Going deeper" has some at its end
    assert len(mine) >= {"00": 2, "10": 3}.get(prefix, 5)
    for number, (task, stub, help_) in found.items():
        kind = re.search(r"\((fill in|explain|explore|bug hunt)\)", task).group(1)
        expected = {FillIn: ("fill in", "bug hunt"), Explore: ("explore",), Explain: ("explain",)}
        assert kind in expected[type(EXERCISES[number])]
        assert (kind == "bug hunt") == bool(getattr(EXERCISES[number], "bugs", None))
        assert f'check("{number}", ' in stub.source
        (output,) = stub.outputs
        assert output["data"]["text/plain"].startswith(f"{number}: not yet tried")
        hints = re.findall(r"<summary>Hint (\d)</summary>", help_)
        assert hints == ["1", "2", "3"]
        assert help_.count("<details>") == help_.count("</details>") == 4
        assert "</details></details></details>" in help_  # the hints are inside of each other
        assert "<summary>Solution</summary>" in help_


@pytest.mark.slow
@pytest.mark.parametrize("prefix", exercises._files())
def test_each_solution_passes_in_its_notebook(prefix, monkeypatch):
    path, cells, found = parts(prefix)
    monkeypatch.chdir(path.parent)
    answers = [f"{solution(number)}\n{stub.source.splitlines()[-1]}"
               for number, (_, stub, _) in found.items()]  # fmt: skip
    names = {"__name__": "__main__"}
    for source in what_it_needs(cells, "\n".join(answers)):
        exec(compile(source, path.name, "exec"), names)
    for number, answer in zip(found, answers, strict=True):
        *before, asked = ast.parse(answer).body
        exec(compile(ast.Module(before, []), f"solution of {number}", "exec"), names)
        verdict = eval(ast.unparse(asked), names)
        wanted = "compare" if isinstance(EXERCISES[number], Explain) else "right"
        assert verdict.state == wanted, verdict


@pytest.mark.parametrize("number", [n for n, e in FUNCTIONS.items() if e.bugs])
def test_the_function_of_a_bug_hunt_is_the_one_in_the_notebook(number):
    def code(source):
        function = ast.parse(source).body[0]
        if ast.get_docstring(function):
            del function.body[0]
        return ast.dump(function)

    exercise = FUNCTIONS[number]
    stub = parts(number[:2])[2][number][1].source
    assert code(stub) == code(edited_source(exercise.right, exercise.all_bugs))
    assert check(number, exercise.given).state == "not yet tried"
