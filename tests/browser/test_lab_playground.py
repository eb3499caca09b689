"""The playground in a real JupyterLab: it runs, answers while it runs, and shows the model."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from lecture_utils import playground, style
from lecture_utils.training_room import view
from lecture_utils.training_room.model import Model
from tests.browser.test_lab import ARTIFACTS
from tests.helpers import lab
from tests.helpers.hand import contrast, eventually, middle, rested, wear
from tests.helpers.playroom import (
    COLOURS,
    FIRST,
    blocks,
    button,
    canvas,
    changes,
    epoch,
    painted,
    pixels,
    setting,
    until,
)


def test_all_that_moves_is_on_the_screen_of_a_laptop(figure):
    page = figure.box.page
    page.set_viewport_size({"width": 1366, "height": 768})
    rested(figure)
    room = page.locator(".jp-Notebook").bounding_box()["height"]
    high = figure.box.bounding_box()["height"]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert high <= room


def test_it_runs_and_pauses(figure):
    first = figure.picture()
    button(figure, "play").click()
    until(lambda: epoch(figure) > 20)
    assert figure.picture() != first
    button(figure, "pause").click()
    figure.box.page.wait_for_timeout(1000)
    stopped = epoch(figure)
    figure.box.page.wait_for_timeout(500)
    assert epoch(figure) == stopped
    button(figure, "step").click()
    until(lambda: epoch(figure) == stopped + 1)
    button(figure, "restart").click()
    until(lambda: epoch(figure) == 0)
    assert figure.picture() == first


def test_controls_answer_while_it_runs(figure):
    button(figure, "play").click()
    until(lambda: epoch(figure) > 5)
    button(figure, "more").click()
    menus = figure.box.locator("select")
    for option in ("relu", "Adam", "L2"):
        (index,) = [i for i in range(menus.count())
                    if option in menus.nth(i).locator("option").all_inner_texts()]  # fmt: skip
        menus.nth(index).select_option(label=option)
        until(lambda option=option: f"'{option}'" in figure.words())
    before = epoch(figure)
    until(lambda: epoch(figure) > before)
    button(figure, "pause").click()
    button(figure, "more").click()
    assert figure.error() is None


def test_page_and_stored_picture_show_the_same_model(figure):
    """Both are held to the model: the colours of maps, and the lines."""
    button(figure, "step").click()
    until(lambda: epoch(figure) == 1)
    model = Model(**FIRST, epochs=1)
    hidden, output = model.maps()
    play = playground(**FIRST, epochs=1)
    stored = play.frame()[..., :3] / 255
    left = [view.LEFT + (view.RIGHT - view.LEFT) * k / 2 for k in range(3)]
    seen = imread(io.BytesIO(figure.png()))
    for k, maps in enumerate(hidden):
        for i in range(8):
            wanted = blocks(painted(maps[:, :, i]))[:3, 1:]  # the bias is in the corner
            name = f"layer {k + 1}, neuron {i + 1}"
            tile = pixels(figure, figure.box.get_by_label(name), seen)
            bias = COLOURS((np.tanh(model.dense[k].b[i]) + 1) / 2)[:3]
            assert np.abs(tile[-6:-1, 1:6] - bias).max() < 0.03, name
            assert np.abs(blocks(tile)[:3, 1:] - wanted).max() < 0.12, name
            x, y = round(left[k + 1]), view.TOP + view.PITCH * i
            tile = stored[y : y + view.TILE, x : x + view.TILE]
            assert np.abs(blocks(tile)[:3, 1:] - wanted).max() < 0.12, name
    out = pixels(figure, figure.box.locator(".playroom-map"))
    x, y, side = view.MAP
    for picture in (out, stored[y : y + side, x : x + side]):
        assert np.median(np.abs(blocks(picture) - blocks(painted(output)))) < 0.03
    play.close()
    # The first line is straight: its colour is its side, and it is as wide as its weight is large.
    for value, name in ((3.0, "plus"), (-2.0, "minus")):
        figure.box.get_by_label("layer 1, neuron 1").click()
        figure.box.page.keyboard.type(f"{value}")
        until(lambda value=value: [row[2] for row in changes(figure)][-1:] == [value])
        figure.box.page.keyboard.press("Escape")
        figure.box.page.wait_for_timeout(200)
        tile = figure.box.get_by_label("feature x₁", exact=True)
        picture = imread(io.BytesIO(figure.png()))
        (x, y), box = middle(tile), canvas(figure).bounding_box()
        column = picture[:, round(x - box["x"]) + 26][round(y - box["y"]) - 8 :][:17]
        ink = np.abs(column[:, :3] - to_rgb(style.COLORS[name])).max(axis=1) < 0.1
        assert column[ink].size, name
        assert 0.85 * (0.25 + 1.8 * abs(value)) == pytest.approx(column[:, 3].sum(), abs=2)


def test_neurons_that_dropout_puts_to_sleep_are_pale(figure):
    button(figure, "more").click()
    slider = figure.box.locator(".noUi-handle")
    slider.wait_for()
    slider.press("End")
    until(lambda: setting(figure) == {**FIRST, "dropout": 0.8})
    button(figure, "more").click()
    button(figure, "step").click()
    until(lambda: epoch(figure) == 1)
    layers = Model(**FIRST, dropout=0.8, epochs=1).network.layers
    wanted = [layer.mask[0] == 0.0 for layer in layers if hasattr(layer, "mask")]
    opaque = imread(io.BytesIO(figure.png()))[..., [3, 3, 3]]
    for k, column in enumerate(wanted):
        tiles = [figure.box.get_by_label(f"layer {k + 1}, neuron {i + 1}") for i in range(8)]
        pale = [np.median(pixels(figure, tile, opaque)) < 0.5 for tile in tiles]
        assert pale == column.tolist()
        assert 0 < sum(pale) < 8


def test_two_settings_race_on_the_same_data(figure):
    def gap(one, other):  # points lie on some blocks
        return np.median(np.abs(one - blocks(painted(other.maps()[1]))))

    out = figure.box.locator(".playroom-map")
    wide = out.bounding_box()["width"]
    button(figure, "race").click()
    until(lambda: (out.bounding_box() or {"width": wide})["width"] < wide / 2)
    figure.box.locator("select[data-set=optimizer]").select_option("Adam")
    until(lambda: setting(figure).get("optimizer") == "Adam")
    assert setting(figure)["race"] == FIRST
    for k in range(3):
        button(figure, "step").click()
        until(lambda k=k: epoch(figure) == k + 1)
    models = Model(**FIRST, optimizer="Adam", epochs=3), Model(**FIRST, epochs=3)
    picture, box = imread(io.BytesIO(figure.png())), out.bounding_box()
    mine = pixels(figure, out, picture)
    left = round(box["x"] - canvas(figure).bounding_box()["x"] + box["width"] + 8)
    top = round(box["y"] - canvas(figure).bounding_box()["y"])
    other = picture[top : top + mine.shape[0], left : left + mine.shape[1], :3]
    seen = [[gap(blocks(one), model) for model in models] for one in (mine, other)]
    assert max(seen[0][0], seen[1][1]) < 0.03 < min(seen[0][1], seen[1][0]), seen
    assert f"The other network: {models[1].losses()[0]:.3f}" in figure.words()
    words = figure.box.locator(".playroom-words")
    button(figure, "step").hover()
    assert eventually(figure.box.page, lambda: ", SGD 0.03," in words.inner_text())
    figure.box.screenshot(path=ARTIFACTS / "playground-race.png")
    button(figure, "race").click()
    until(lambda: (out.bounding_box() or {"width": 0})["width"] == wide)


def test_in_a_page_that_is_hidden_nothing_goes_on(figure):
    """Such a page is not drawn: the browser calls nobody before the next frame."""
    page = figure.box.page
    page.evaluate("window.kept = [window.requestAnimationFrame, []]")
    button(figure, "play").click()
    until(lambda: epoch(figure) > 20)
    page.evaluate("() => { window.requestAnimationFrame = (draw) => window.kept[1].push(draw); }")
    told = "() => Number(document.querySelector('.playroom canvas').dataset.told)"
    page.wait_for_timeout(2000)
    stopped = page.evaluate(told)
    page.wait_for_timeout(6000)  # longer than it takes until one is told that Python is silent
    assert page.evaluate(told) == stopped
    page.evaluate("""() => { let late; [window.requestAnimationFrame, late] = window.kept;
                      late.forEach((draw) => window.requestAnimationFrame(draw)); }""")
    until(lambda: page.evaluate(told) > stopped + 20)
    assert figure.box.locator("[role=alert]").inner_text() == ""
    button(figure, "pause").click()


def test_a_network_that_diverges_is_told_stops_and_begins_again(figure):
    button(figure, "diverge").click()
    until(lambda: setting(figure).get("step") == 3.0)
    button(figure, "play").click()
    until(lambda: "no longer a finite number" in figure.words())
    until(lambda: button(figure, "play").count() == 1)
    figure.box.locator("select[data-set=step]").select_option("0.01")
    button(figure, "restart").click()
    until(lambda: figure.words().startswith("Epoch 0: loss"))
    button(figure, "step").click()
    until(lambda: epoch(figure) == 1)


def test_a_narrow_page_has_the_output_below(figure):
    page = figure.box.page
    out = figure.box.locator(".playroom-map")
    wide = out.bounding_box()
    page.set_viewport_size({"width": 800, "height": 1100})

    def is_below():
        now, box = (place.bounding_box() or wide for place in (out, figure.box))  # made anew: none
        inside = now["x"] + now["width"] <= box["x"] + box["width"]
        return inside and now["y"] > wide["y"] + 200

    assert eventually(page, is_below)
    page.set_viewport_size({"width": 768, "height": 1024})  # a tablet
    page.wait_for_timeout(500)
    figure.box.screenshot(path=ARTIFACTS / "playground-narrow.png")
    room = page.locator(".jp-Notebook").bounding_box()["height"]
    assert figure.box.bounding_box()["height"] <= room
    page.set_viewport_size({"width": 1280, "height": 900})
    assert eventually(page, lambda: (out.bounding_box() or {"width": 0})["width"] == wide["width"])


def test_on_a_dark_page_the_words_are_read(figure):
    page = figure.box.page
    wear(page, "Dark", "false")
    page.wait_for_timeout(300)
    figure.box.screenshot(path=ARTIFACTS / "playground-dark.png")
    seen = {what: contrast(figure.box.locator(what).first) for what in
            ("[role=status]", ".playroom-words", ".playroom-epoch", "select")}  # fmt: skip
    wear(page, "Light", "true")
    assert min(seen.values()) >= 4.5, seen


def test_the_code_is_shown(figure):
    button(figure, "more").click()
    program = figure.box.locator("pre")
    button(figure, "NumPy code").click()
    until(lambda: program.count() and "def predict" in program.inner_text())
    button(figure, "NumPy code").click()
    until(lambda: not program.count())
    button(figure, "more").click()


def test_a_second_view_shows_and_answers(figure, opened):
    page = figure.box.page
    button(figure, "step").click()
    page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("void jupyterapp.commands.execute('notebook:create-output-view')")
    page.wait_for_selector(".jp-LinkedOutputView canvas[data-drawn]")
    second = lab.Figure(page.locator(".jp-LinkedOutputView .widget-vbox:has(> .lecture)"))
    assert eventually(page, lambda: second.words() == figure.words())
    button(second, "step").click()
    until(lambda: epoch(figure) == epoch(second) == 2)
    page.click(".lm-TabBar-tab:has-text('Output View') .lm-TabBar-tabCloseIcon")


def test_two_on_one_page_play_and_pause_each_for_itself(opens):
    cells = [f"{name} = playground(data={data!r}, hidden=(2,))\n{name}"
             for name, data in (("play", "circles"), ("other", "xor"))]  # fmt: skip
    notebook = opens("two.ipynb", *cells)
    one, other = notebook.figures()
    for each in (one, other):
        until(each.drawn)
        button(each, "play").click()
    until(lambda: min(epoch(one), epoch(other)) > 20)
    button(one, "pause").click()
    notebook.page.wait_for_timeout(1000)
    paused, before = epoch(one), epoch(other)
    until(lambda: epoch(other) > before + 5)
    assert epoch(one) == paused
    assert not notebook.complaints()
    notebook.page.close()


def test_a_kernel_that_is_gone_is_told_and_nothing_goes_on(figure, opened):
    page = figure.box.page
    button(figure, "play").click()
    until(lambda: epoch(figure) > 5)
    page.evaluate("void jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    note = figure.box.locator("[role=alert]")
    assert eventually(page, lambda: note.inner_text(), seconds=20)
    assert note.inner_text().startswith("Python does not answer.")
    assert button(figure, "play").count() == 1
    opened.wait_idle()
    opened.run_all()
