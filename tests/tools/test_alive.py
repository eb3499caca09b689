"""Pages of the site that come alive where they stand: figures, exercises, answers that are kept."""

import gzip
import json
import re
import time
from urllib.parse import quote

import pytest

from tests.helpers import lab
from tests.helpers.hand import Hand, all_differ, equal, eventually, look
from tests.helpers.living_pages import FIGURE, PATIENCE, Living
from tests.helpers.series import every_notebook, read

pytestmark = pytest.mark.site
ANSWER = 'def predict(X, w, b):\n    return np.sign(X @ w + b)\n\ncheck("05.1", predict)'


CUT = """() => [...document.querySelectorAll("mjx-container[display]")].filter(
  node => node.scrollWidth > node.clientWidth + 1).map(node => node.innerText)"""
FORMULAS = """() => ({
  drawn: document.querySelectorAll("mjx-container").length,
  left: [...document.querySelectorAll("main p, main li, main td, main th")].filter(
    (node) => /[$]/.test(node.innerText) && !node.closest("details")).length,
})"""


@every_notebook
def test_every_page_comes_alive(name, living):
    page = living(name)
    begun = time.perf_counter()
    page.wake()
    print(f"{name}: alive in {time.perf_counter() - begun:.1f} s")
    assert page.page.locator(".code_cell pre.stderr").all_inner_texts() == []
    code = [cell.source for cell in read(name).cells if cell.cell_type == "code"]
    made = sum(source.count("@explore(") for source in code)
    assert page.page.locator(FIGURE).count() >= made
    figure = lab.Figure(page.page.locator(FIGURE).first)
    before, slider = look(figure), figure.box.locator(".noUi-handle").last

    def moves(key):
        slider.press(key)
        return eventually(page.page, lambda: not equal(look(figure), before))

    assert any(map(moves, ("Home", "End")))  # at one of its ends it may be already
    rooms = page.page.locator(".playroom")
    assert rooms.count() == any("playground(" in source for source in code)
    for room in rooms.all():
        room.get_by_role("button", name="play", exact=True).click()
        epoch = room.locator(".playroom-epoch")
        assert eventually(page.page, lambda epoch=epoch: epoch.inner_text() != "epoch 0", 60)
    assert page.wrong == []


@every_notebook
def test_what_a_page_loads_to_be_read_is_small(name, page, address):
    """As a site sends it: packed, Python not before it is asked for."""
    loaded = []
    page.on("response", lambda response: loaded.append(response))
    page.goto(f"{address[0]}/pages/{name}.html")
    page.evaluate("MathJax.startup.promise")
    page.wait_for_load_state("networkidle")
    packed = {one.url: len(gzip.compress(one.body())) for one in loaded
              if not one.url.startswith("data:")}  # fmt: skip
    assert any(url.endswith("mathjax.js") for url in packed)
    assert sum(packed.values()) < 1_500_000, packed


@every_notebook
def test_formulas_that_are_seen_at_first_come_first_and_all_come(name, page, address):
    page.add_init_script(f"performance.mark = () => {{ window.first = ({FORMULAS})(); }}")
    page.goto(f"{address[0]}/pages/{name}.html")
    page.evaluate("MathJax.startup.promise")
    first, in_the_end = page.evaluate("window.first"), page.evaluate(FORMULAS)
    assert in_the_end["left"] == 0
    if in_the_end["drawn"] > 20:
        assert first["drawn"] < in_the_end["drawn"]
        assert first["left"] > 0


@every_notebook
def test_all_of_a_page_is_seen(name, page, address):
    """Every formula where there is room for it; on a phone, nothing but it scrolls sideways."""
    page.goto(f"{address[0]}/pages/{name}.html")
    page.evaluate("MathJax.startup.promise")
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    cut = page.evaluate(CUT)
    page.set_viewport_size({"width": 390, "height": 844})
    assert (cut, page.evaluate("document.documentElement.scrollWidth")) == ([], 390)


def drag_from_the_first_page(page, address):
    """Do what a new reader does; return the figure and the seconds until a point was dragged.

    How long it may take is measured by `make bench`, on a machine that does nothing else.
    """
    page.goto(f"{address}/index.html")
    begun = time.perf_counter()
    page.click("a[href='pages/01_linear_regression.html']")
    cell = page.locator(".code_cell").filter(has_text="def outlier(figure)")
    picture = cell.locator(".output img")
    picture.scroll_into_view_if_needed()
    above = picture.bounding_box()["y"]
    picture.click()
    found = cell.locator(FIGURE)
    found.wait_for(timeout=PATIENCE)
    assert abs(found.bounding_box()["y"] - above) < 150, "the page stays where it was read"
    figure = lab.Figure(found)
    before, hand = look(figure), Hand(page)
    hand.drag(found.locator(".lecture-mark").first, 30, 60)
    assert eventually(page, lambda: all_differ(look(figure), before))
    return figure, time.perf_counter() - begun


def test_from_the_first_page_to_a_point_that_is_dragged(page, address):
    drag_from_the_first_page(page, address[0])


def test_the_first_page_finds_what_one_searches(page, address):
    page.goto(f"{address[0]}/index.html")
    page.fill("#asked", "Condition NUMBER")
    link = page.locator("#found a").first
    link.wait_for()
    assert link.inner_text() == "Glossary: condition number"
    assert page.locator("#found a", has_text="03 Gradient descent: ").count()
    for words in page.locator("#found li", has_text="…").all_inner_texts():
        assert re.search(r"… \S|\S …", words), words
    assert all("condition number" in words.lower() or "condition" in words.lower()
               for words in page.locator("#found li").all_inner_texts())  # fmt: skip
    link.click()
    assert "condition number" in page.inner_text("main").lower()
    assert page.evaluate("document.querySelector(':target').tagName") == "TR"
    page.go_back()
    page.fill("#asked", "η")
    page.locator("#found li", has_text="η").first.wait_for()
    page.fill("#asked", "zebra crossing")
    page.wait_for_function("() => document.querySelector('#said').innerText === 'no sections'")


def test_an_answer_is_checked_in_the_page_kept_and_taken_along(living):
    page = living("05_perceptron")
    page.wake()
    cell = page.cell('check("05.1"')
    code = cell.locator("pre[contenteditable]")
    code.fill(ANSWER)
    code.press("Shift+Enter")
    cell.locator(".output", has_text="05.1: right").wait_for()
    index = page.page.context.new_page()
    index.goto(f"{page.page.url.partition('/pages/')[0]}/index.html")
    index.get_by_text("solved in this browser: 05.1; open: 05.2, 05.3").wait_for()
    index.get_by_text("open: 06.1 to 06.").wait_for()
    index.close()
    with page.page.expect_download() as taken:
        page.page.get_by_text("download as a notebook").click()
    notebook = json.loads(taken.value.path().read_text(encoding="utf-8"))
    sources = ["".join(one["source"]) for one in notebook["cells"]]
    assert sum(source == ANSWER for source in sources) == 1
    assert sum('check("05.1"' in source for source in sources) == 1, "in another cell's place"
    page.page.reload()
    assert page.cell('check("05.1"').locator("pre").first.inner_text() == ANSWER
    assert page.wrong == []


def test_what_is_solved_is_listed_elsewhere_and_the_page_says_where(living):
    page = living("00_start_here")
    page.wake()
    words = page.cell("solved()").locator(".output").inner_text()
    assert "the first page" in words
    assert "Colab" not in words


def test_a_page_comes_alive_from_another_machine_without_https(page, address):
    """Of what a browser keeps for https and for its own machine, nothing is needed."""
    place = address[0].replace("127.0.0.1", lab.ELSEWHERE)
    living = Living(page, [place], "00_start_here")
    assert not page.evaluate("isSecureContext")
    living.wake()
    figure = lab.Figure(page.locator(FIGURE).first)
    before, hand = look(figure), Hand(page)
    hand.drag(figure.box.locator(".lecture-mark").first, 40, -20)
    assert eventually(page, lambda: all_differ(look(figure), before))
    assert living.wrong == []


def endless(page, last="pass"):
    """Let an exercise run a loop without end; return its cell and the number of it."""
    number = page.page.locator(".code_cell").evaluate_all(
        "cells => cells.findIndex(cell => cell.innerText.includes('check(\"00.2\"'))"
    )
    cell = page.page.locator(".code_cell").nth(number)
    code = cell.locator("pre[contenteditable]")
    code.fill(f"while True:\n    {last}")
    code.press("Shift+Enter")
    return cell, number + 1


def says(page, text):
    told = "text => document.querySelector('#alive [role=status]').innerText.includes(text)"
    page.page.wait_for_function(told, arg=text, timeout=PATIENCE)


def test_a_loop_without_end_is_seen_and_stopped(living):
    page = living("00_start_here")
    assert page.page.locator("#alive button").all_inner_texts() == ["Bring this page to life"]
    page.wake()
    cell, number = endless(page)
    says(page, f"Cell {number} of")
    page.cell('check("00.1"').get_by_role("button", name="run").click()
    says(page, "is running, 1 more to come")
    page.page.get_by_role("button", name="stop Python").click()
    says(page, "Python is stopped")
    cell.locator("pre.stderr", has_text="Stopped.").wait_for()
    assert cell.locator("pre").first.inner_text().startswith("while True")
    page.page.get_by_role("button", name="start Python again").click()
    says(page, "This page is alive. What you wrote was not run")
    figure = lab.Figure(page.page.locator(FIGURE).first)
    before = look(figure)
    figure.box.locator(".noUi-handle").first.press("End")
    assert eventually(page.page, lambda: not equal(look(figure), before))
    cell.locator("pre[contenteditable]").fill('check("00.2", lambda y, t: np.abs(y - t).mean())')
    cell.get_by_role("button", name="run").click()
    cell.locator(".output", has_text="00.2: right").wait_for()
    says(page, "This page is alive: move")
    assert page.wrong == []


def test_code_that_did_not_end_is_not_run_by_itself_after_a_reload(living):
    page = living("00_start_here")
    page.wake()
    cell, _ = endless(page, "print('on and on')")
    cell.get_by_text("and more, which is not shown").wait_for(state="attached")
    page.page.reload()
    assert "begin afresh" in page.page.locator("#alive button").all_inner_texts()
    page.page.click("#alive button")
    says(page, "This page is alive. What you wrote was not run")
    assert cell.locator("pre").first.inner_text().startswith("while True")
    page.page.get_by_role("button", name="begin afresh").click()
    page.page.get_by_role("button", name="Bring this page to life").wait_for()
    assert cell.locator("pre").first.inner_text().startswith("def distance")


def test_a_start_that_fails_can_be_tried_again(living):
    page = living("00_start_here")
    page.page.route("**/pyodide.js", lambda route: route.abort())
    page.page.click("#alive button")
    says(page, "This page stays as it is")
    page.page.unroute("**/pyodide.js")
    page.page.get_by_role("button", name="try again").click()
    says(page, "This page is alive")


def test_a_link_brings_a_setting_of_the_playground(living):
    setting = {"data": "xor", "hidden": [3], "changes": [[0, [0, "bias", 0], 0.5]]}
    page = living(f"08_training_networks.html#playground={quote(json.dumps(setting))}")
    room = page.page.locator(".playroom")
    room.wait_for(timeout=PATIENCE)
    page.page.get_by_role("button", name="settings", exact=True).click()
    line = "playground(data='xor', hidden=(3,), changes=((0, (0, 'bias', 0), 0.5),))"
    page.page.get_by_text(line).wait_for()
    assert page.page.get_by_text("Bring the rest to life").count() == 1
    assert room.count() == 1
    room.get_by_role("button", name="play", exact=True).click()
    told = "() => Number(document.querySelector('.playroom canvas').dataset.told)"
    page.page.wait_for_function(f"{told.partition('=> ')[2]} > 30")
    room.get_by_role("button", name="pause", exact=True).click()
    room.get_by_role("button", name="restart", exact=True).click()
    room.get_by_label("more hidden layers").click()
    page.page.get_by_text("hidden=(3, 3)").wait_for()
    page.page.get_by_text("a link to this setting").click()
    page.page.get_by_text("Bring the rest to life").wait_for(timeout=PATIENCE)
    page.page.get_by_role("button", name="settings", exact=True).click()
    page.page.get_by_text("hidden=(3, 3)").wait_for()
    assert page.wrong == []


def test_what_a_link_brings_is_no_code(living):
    code = json.dumps({'"}))\nprint("got in")#': 1})
    page = living(f"08_training_networks.html#playground={quote(code)}")
    page.page.locator(".code_cell pre.stderr").first.wait_for(timeout=PATIENCE)
    words = page.page.locator(".code_cell pre.stderr").first.inner_text()
    assert words.startswith("ValueError: playground has no setting")
    assert page.page.locator(".output pre.stdout").count() == 0
