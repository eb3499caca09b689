"""A hand in the picture of the playground, in a real JupyterLab: with a mouse, and by keys."""

import re

import numpy as np

from lecture_utils.training_room.model import GRID, Model
from tests.browser.test_lab import ARTIFACTS
from tests.helpers.hand import Hand, eventually, middle
from tests.helpers.playroom import (
    FIRST,
    blocks,
    button,
    canvas,
    changes,
    epoch,
    painted,
    pixels,
    sets,
    setting,
    until,
)


def test_a_click_changes_data_features_layers_and_neurons(figure):
    def click(label):
        return figure.box.get_by_label(label, exact=True).click

    sets(figure, click("data xor"), data="xor")
    sets(figure, click("feature x₁ x₂"), data="xor", features=("x1", "x2", "x1 x2"))
    sets(figure, click("feature x₁"), data="xor", features=("x2", "x1 x2"))
    other = dict(data="xor", features=("x2", "x1 x2"))
    sets(figure, click("fewer hidden layers"), **other, hidden=(8,))
    sets(figure, click("fewer neurons in layer 1"), **other, hidden=(7,))
    sets(figure, click("more hidden layers"), **other, hidden=(7, 7))
    sets(figure, click("more neurons in layer 2"), **other, hidden=(7, 8))
    assert figure.box.get_by_label("more neurons in layer 2").is_disabled()
    box = figure.box.get_by_label("show test data")
    sets(figure, box.click, **other, hidden=(7, 8), test=True)
    noise = figure.box.locator("input[data-set=noise]")
    sets(figure, lambda: noise.press("ArrowRight"), **other, hidden=(7, 8), test=True, noise=0.15)
    assert figure.box.get_by_label("data xor").get_attribute("aria-pressed") == "true"


def test_what_the_keys_reach_has_names(figure):
    """Tab by tab through the picture: each stop has a name, and Enter does what a click does."""
    page, seen = figure.box.page, []
    button(figure, "play").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate("() => { const at = document.activeElement; return at.ariaLabel"
                             " || at.closest('label')?.innerText || at.innerText; }")  # fmt: skip
        seen.append(name)
        if name == "first setting":
            break
    assert all(seen)
    for name in ("step", "restart", "data spirals", "feature sin x₂", "layer 2, neuron 8",
                 "more hidden layers", "weights of the output", "show test data"):  # fmt: skip
        assert name in seen, seen
    figure.box.get_by_label("data spirals").focus()
    sets(figure, lambda: page.keyboard.press("Enter"), data="spirals")
    named = figure.box.get_by_role("img", name="playground: Epoch 0: loss")
    assert named.count() == 1


def test_a_neuron_under_the_hand_fills_the_output_and_says_what_it_computes(figure):
    model = Model(**FIRST)
    place, out = figure.box.get_by_label("layer 1, neuron 3"), figure.box.locator(".playroom-map")
    w, b = model.dense[0].W[:, 2], model.dense[0].b[2]
    wanted = blocks(painted(np.tanh(w[0] * GRID + w[1] * GRID[:, None] + b)))
    before = blocks(pixels(figure, out))
    assert np.median(np.abs(before - wanted)) > 0.05
    place.hover()
    words = figure.box.locator(".playroom-words")

    def shows(picture, in_words):  # points lie on some blocks
        far = np.median(np.abs(blocks(pixels(figure, out)) - picture))
        return far < 0.01 and ("tanh(" in words.inner_text()) == in_words

    assert eventually(figure.box.page, lambda: shows(wanted, in_words=True))
    assert f"{abs(w[0]):.2f} x₁" in words.inner_text()
    button(figure, "step").hover()
    assert eventually(figure.box.page, lambda: shows(before, in_words=False))


def test_a_weight_is_typed_slid_and_dragged(figure):
    page, hand = figure.box.page, Hand(figure.box.page)
    figure.box.get_by_label("layer 1, neuron 3").click()
    card = figure.box.get_by_role("dialog")
    page.keyboard.type("1.25")
    until(lambda: changes(figure) == ((0, (0, 0, 2), 1.25),))
    card.locator("input[type=range]").nth(2).press("ArrowRight")  # the bias, from 0
    until(lambda: changes(figure)[-1:] == ((0, (0, "bias", 2), 0.01),))
    figure.box.screenshot(path=ARTIFACTS / "playground-card.png")
    page.keyboard.press("Escape")
    assert not card.count()
    start = Model(**FIRST).dense[0].W[0, 0]
    x, y = middle(figure.box.get_by_label("feature x₁", exact=True))
    hand.at = x + 60, y  # the line to neuron 1 is straight
    page.mouse.move(*hand.at)
    words = figure.box.locator(".playroom-words")
    assert eventually(page, lambda: words.inner_text().startswith("x₁ to layer 1, neuron 1"))
    page.mouse.down()
    hand.move(0, -50)
    hand.release()
    until(lambda: changes(figure)[-1:] == ((0, (0, 0, 0), round(start + 1, 2)),))
    page.mouse.click(x + 60, y)
    assert card.get_by_text("layer 1, neuron 1").count() == 1
    page.keyboard.type("-0.5")
    until(lambda: changes(figure)[-1:] == ((0, (0, 0, 0), -0.5),))
    page.keyboard.press("Escape")


def test_the_weights_of_the_output_are_reached_by_keys(figure):
    """Where there is no hidden layer, they are all that there are."""
    page, end = figure.box.page, figure.box.get_by_label("weights of the output")
    for hidden in ((8,), ()):
        fewer = figure.box.get_by_label("fewer hidden layers")
        sets(figure, fewer.click, hidden=hidden)
        end.focus()
        page.keyboard.press("Enter")
        page.keyboard.type("1.5")
        wanted = ((0, (len(hidden), 0, 0), 1.5),)
        until(lambda wanted=wanted: changes(figure) == wanted)
        figure.box.screenshot(path=ARTIFACTS / "playground-output-card.png")
        page.keyboard.press("Escape")


def test_a_class_is_a_mark_as_well_as_a_colour(figure):
    """Its white edge goes further at the corners of a square: where the class is negative."""
    page, out = figure.box.page, figure.box.locator(".playroom-map")
    sets(figure, figure.box.get_by_label("data blobs").click, data="blobs")
    sets(figure, figure.box.get_by_label("discretise").click, data="blobs", discrete=True)
    box = out.bounding_box()
    x, y = round(box["width"] / 6), round(box["height"] / 6)  # at (-4, 4), where no others are

    def corner():
        page.mouse.click(box["x"] + x, box["y"] + y)
        number = len(seen)
        until(lambda: [row[3] for row in setting(figure).get("points", ())] == [1 - 2 * number])
        page.wait_for_timeout(200)
        seen.append(pixels(figure, out)[y - 7 : y + 8, x - 7 : x + 8].min(axis=2) > 0.7)
        return np.abs(np.argwhere(seen[-1]) - 7).sum(axis=1).max()

    seen = []
    circle, square = corner(), corner()
    assert square > circle, seen
    sets(figure, figure.box.get_by_label("data blobs").click, data="blobs", discrete=True)


def test_the_end_of_the_loss_curves_is_dragged_back(figure):
    """What is then shown is a network that was trained for so long and no longer."""
    page, back = figure.box.page, figure.box.get_by_label("epoch, to go back to")
    button(figure, "play").click()
    until(lambda: epoch(figure) > 40)
    button(figure, "pause").click()
    page.wait_for_timeout(1000)
    words = figure.box.locator(".playroom-words")
    back.hover()
    assert eventually(page, lambda: words.inner_text().startswith("The test loss was lowest"))
    best, least = re.search(r" epoch (\d+): (\d\.\d+)\. ", words.inner_text()).groups()
    assert f"{Model(**FIRST, epochs=int(best)).losses()[1]:.3f}" == least
    assert float(least) <= float(re.search(r"([\d.]+) on test data", figure.words())[1])
    last, hand, box = epoch(figure), Hand(page), back.bounding_box()
    hand.at = box["x"] + box["width"] - 5, box["y"] + box["height"] / 2
    page.mouse.move(*hand.at)
    page.mouse.down()
    hand.move(-(box["width"] - 10) / 2, 0)
    assert eventually(page, lambda: words.inner_text().startswith("Let go, and all is as it was"))
    figure.box.screenshot(path=ARTIFACTS / "playground-back.png")
    hand.release()
    until(lambda: 0 < epoch(figure) < last)
    assert abs(epoch(figure) - last / 2) <= 2
    train, test = Model(**FIRST, epochs=epoch(figure)).losses()
    assert f"loss {train:.3f} on training data, {test:.3f} on test data" in figure.words()
    back.press("Home")
    until(lambda: setting(figure) == FIRST)


def test_points_are_made_flipped_and_moved(figure):
    page, hand = figure.box.page, Hand(figure.box.page)
    sets(figure, figure.box.get_by_label("data blobs").click, data="blobs")
    out = figure.box.locator(".playroom-map")
    box = out.bounding_box()

    def at(x1, x2):
        unit = box["width"] / 12
        return box["x"] + (x1 + 6) * unit, box["y"] + (6 - x2) * unit

    def points():
        return setting(figure).get("points", ())

    def near(number, x1, x2, y):
        rows = [row for row in points() if row[0] == number]
        return rows and np.allclose(rows[0], (number, x1, x2, y), atol=0.06)

    page.mouse.click(*at(-4, 4))
    until(lambda: near(250, -4, 4, 1))
    page.mouse.click(*at(-4, 4))
    until(lambda: near(250, -4, 4, -1))
    hand.at = at(-4, 4)
    page.mouse.move(*hand.at)
    page.mouse.down()
    hand.move(2 * box["width"] / 12, -box["width"] / 12)
    hand.release()
    until(lambda: near(250, -2, 5, -1))
    page.mouse.move(*at(4, -4))
    hand.at = at(-2, 5)
    page.mouse.move(*hand.at)
    page.mouse.down()
    hand.move(60, 0)
    until(lambda: not near(250, -2, 5, -1))
    page.keyboard.press("Escape")
    until(lambda: near(250, -2, 5, -1))
    hand.release()
    out.focus()
    for key in ("ArrowRight", *["ArrowDown"] * 25, "Enter"):
        page.keyboard.press(key)
    until(lambda: near(251, 0.2, -5, 1))
    page.keyboard.press("Shift+ArrowRight")
    until(lambda: near(251, 0.4, -5, 1))
    page.keyboard.press("Enter")
    until(lambda: near(251, 0.4, -5, -1))
    figure.box.screenshot(path=ARTIFACTS / "playground-points.png")
    button(figure, "restart").click()
    until(lambda: len(points()) == 2)
    sets(figure, figure.box.get_by_label("data blobs").click, data="blobs")


def test_words_stand_to_be_read_while_it_plays_and_a_hand_is_answered_at_once(figure):
    page, told = figure.box.page, canvas(figure).get_attribute
    button(figure, "play").click()
    until(lambda: epoch(figure) > 3)
    page.evaluate("() => { window.real = performance.now; performance.now = () => 0; }")
    try:
        page.wait_for_timeout(300)  # what was under way is written
        words, frames = figure.words(), int(told("data-told"))
        until(lambda: int(told("data-told")) > frames + 20)
        assert figure.words() == words
        button(figure, "settings").click()
        until(lambda: figure.words() != words)
    finally:
        page.evaluate("() => { performance.now = window.real; }")
    until(lambda: epoch(figure) > 25)
    button(figure, "pause").click()
