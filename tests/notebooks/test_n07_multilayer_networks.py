"""Figures of notebook 07 say what its text says of them."""

import re

from tests.helpers.exercise_notebooks import made, parts


def test_a_thin_three_and_an_empty_sheet_are_read_as_the_text_says(capsys):
    names = made("07", "draw, readers, forward, softmax, MEAN")
    draw, said = names["draw"], []
    assert draw.caption == "The network says 3, and is 100% sure."
    for preset in ("thin", "empty"):
        draw.set(**draw.presets[preset])
        said.append(draw.caption)
    assert said == [f"The network says {d}, and is {p}% sure." for d, p in ((3, 62), (4, 69))]
    nothing = [names["forward"](net, -names["MEAN"][None])[0][-1] for net in names["readers"]]
    assert [int(scores.argmax()) for scores in nothing] == [4, 7, 0, 4, 0]
    (text,) = (cell.source for cell in parts("07")[1] if "Press `thin`" in cell.source)
    assert re.search("only 62 % sure of its 3", text)
    assert re.search("(?s)69 % sure.*other four networks say 7, 0, 4 and 0", text)


def test_slopes_that_are_to_come_have_their_frames_from_the_first_step_on():
    blocks = made("07", "blocks")["blocks"]
    for step in (0, 8):
        blocks.set(step=step)
        words = [text.get_text() for text in blocks.figure.axes[0].texts]
        for name in ("W_1", "Z_1", "A_1", "W_2", "Z_2"):
            assert any(word.startswith(rf"$\bar {name}$") for word in words), (step, name)
