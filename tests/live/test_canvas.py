"""What passes between a picture and its page: answers, pictures, echoes of sliders."""

import gc

import numpy as np
import pytest

from lecture_utils import explore, handle
from lecture_utils.live import figure as live_module
from tests.helpers.live_figures import View, canvas_of, living, shown_widgets, tell

pytest.importorskip("anywidget")


@pytest.fixture(params=["touch"])
def way(monkeypatch, request):
    """Take the pointer: the core way has no page that tells anything."""
    from lecture_utils import style

    monkeypatch.setattr(style, "touch", True)


@pytest.fixture
def live():
    made = make()
    tell(made, do="look", ratio=1)  # as every view does
    yield made
    made.close()


def make():
    @explore(size=(2, 1.5), x=(-1.0, 1.0, 0.1), y=(-1.0, 1.0, 0.1))
    def held(figure):
        axes = figure.subplots()
        axes.set(xlim=(-1, 1), ylim=(-1, 1))
        (dot,) = axes.plot([0], [0], "o")
        handle(axes, "x", "y")
        calls.clear()

        def update(x=0.0, y=0.0):
            calls.append((x, y))
            dot.set_data([x], [y])
            if x == -1:
                raise RuntimeError("too far")
            return f"{x:g} {y:g}"

        return update

    calls.clear()
    return held


calls = []


def moves(live, x, y=0.0, do="move", **more):
    """Let the hand go to a place in the data; return what the page is answered."""
    to = live.figure.axes[0].transData.transform((x, y)) / live.figure.bbox.size
    return tell(live, do=do, handle=0, number=0, x=to[0], y=to[1], **more)


def echoes(live, **values):
    """Let sliders in the page say what they are."""
    for name, value in values.items():
        live.controls[name].set_state({"value": value})


def test_each_message_is_answered_once_with_its_number(live):
    for to, x in enumerate((0.3, 0.3, 0.5, -1.0, 0.5)):
        ((answer, pictures),) = moves(live, x, to=to)
        assert answer["to"] == to
        assert len(pictures) == (x != -1 and to != 1), "a picture only if it is another one"
    for message in (dict(do="key", right=1, up=0), dict(do="press"), dict(do="hold", x=0, y=0)):
        ((answer, _),) = tell(live, handle=0, number=0, to=7, **message)
        assert answer["to"] == 7
    ((answer, _),) = tell(live, do="back", handle=0, to=8)
    assert answer["to"] == 8


def test_an_error_is_told_and_the_next_move_works(live):
    ((answer, pictures),) = moves(live, -1.0, to=1)
    assert "RuntimeError: too far" in answer["words"]
    assert pictures == []
    ((answer, pictures),) = moves(live, 0.5, to=2)
    assert "too far" not in answer["words"]
    assert len(pictures) == 1


def test_a_slider_that_is_moved_tells_the_page(live):
    sent, canvas = [], canvas_of(live)
    canvas.send = lambda content, buffers=None: sent.append((content, buffers))
    live.set(x=0.4)
    ((news, pictures),) = sent
    assert "0.4 0" in news["words"]
    assert (len(pictures), "to" in news) == (1, False)
    live.set(x=0.4)
    assert len(sent) == 1


def test_when_the_hand_rests_the_newest_is_kept_once(live):
    canvas = canvas_of(live)
    changes = []
    canvas.observe(lambda change: changes.append(change["name"]), ["picture", "about"])
    for x in (0.1, 0.2, 0.7):
        moves(live, x)
    assert changes == []
    for _ in range(2):
        assert tell(live, do="rest") == []
        assert sorted(changes) == ["about", "picture"]
    assert "0.7 0" in canvas.about["words"]
    assert canvas.about["marks"] == [live.handles[0].marks]


def test_what_no_page_has_shown_is_kept_at_once():
    live = make()
    before = canvas_of(live).picture
    live.set(x=0.7)
    canvas = canvas_of(live)
    assert (canvas.about["words"], canvas.picture != before) == ("0.7 0", True)
    live.close()


def test_a_view_that_is_made_later_gets_the_newest(live):
    ((_, (before,)),) = tell(live, do="look", ratio=1)
    moves(live, 0.6)
    for _ in range(2):
        ((answer, (picture,)),) = tell(live, do="look", ratio=1)
        assert "0.6 0" in answer["words"]
        assert answer["marks"] == [live.handles[0].marks]
        assert picture != before


def test_pictures_have_the_pixels_of_the_screen(live):
    ratios = ((2, 400), (1.25, 250), (1, 200), (100, 800), (0, 100))
    for number, (ratio, width) in enumerate(ratios, 1):
        view = View(live, ratio)
        assert view.pixels.shape[1] == width
        view.hear(*moves(live, number / 10)[0])
        assert view.pixels.shape[1] == width
        assert view.is_right()


def test_what_is_sent_makes_the_picture(live):
    """A dot moves, a map changes as a whole, a screen is another one: views show each frame."""
    sky = live.figure.axes[0].imshow(np.zeros((9, 9)), extent=(-1, 1, -1, 1), vmin=0, vmax=1)
    rng, views, sizes = np.random.default_rng(0), [View(live)], set()
    for number in range(30):
        if number % 7 == 3:
            sky.set_data(np.full((9, 9), rng.random()))
        if number % 10 == 9:  # a second view, on another screen
            message = dict(do="look", ratio=[2, 1, 1.5][number // 10])
            views.append(View(live, 1))
            answers = tell(live, **message)
        else:
            answers = moves(live, *rng.uniform(-0.9, 0.9, 2), to=number)
        for view in views:
            for answer in answers:
                assert view.hear(*answer)
            assert view.is_right()
        sizes |= {news["whole"] for news, _ in answers}
        assert np.abs(live.frame().astype(int) - live.redraw()).max() <= 2
    assert sizes == {True, False}


def test_a_mark_that_moves_costs_less_than_a_picture(live):
    view = View(live, 2)
    ((_, (whole,)),) = tell(live, do="look", ratio=2)
    for x in (0.3, 0.4, -0.5):
        ((news, (change,)),) = moves(live, x)
        assert not news["whole"]
        assert len(change) < 8 * live.frame()[..., 0].size / 16
    assert whole[1:4] == b"PNG"
    assert not view.hear(news, [change]), "what was missed is not noticed"


def test_changed_to_the_same_pixels_is_no_harm(live):
    view = View(live)
    (dot,) = live.figure.axes[0].lines
    dot.set_color(dot.get_color())
    for x in (0.3, 0.300001, 0.3):
        for answer in moves(live, x):
            assert view.hear(*answer)
        assert view.is_right()


def test_what_a_slider_says_later_does_not_move_the_figure(live):
    moves(live, 0.9, do="hold")
    moves(live, 0.3)
    moves(live, 0.9)
    calls.clear()
    echoes(live, x=0.30000000000000004)
    assert live.values == {"x": 0.9, "y": 0.0}
    ((answer, pictures),) = moves(live, 0.9, do="hold")
    assert (answer["marks"], pictures) == ([live.handles[0].marks], [])
    echoes(live, x=0.8999999999999999, y=1e-17)
    assert live.values == {"x": 0.9, "y": 0.0}
    tell(live, do="rest")
    echoes(live, x=0.8999999999999999)
    assert calls == []
    assert live.settings == "held.set(x=0.9, y=0.0)"
    assert live.controls["x"].value == pytest.approx(0.9)
    assert live.caption == "0.9 0"


def test_what_a_slider_says_of_a_setting_before_does_not_move_the_figure(live):
    for x in (0.3, 0.6, 0.9):
        live.set(x=x)
    calls.clear()
    echoes(live, x=0.30000000000000004)
    echoes(live, x=0.6000000000000001)
    assert (calls, live.values["x"], live.controls["x"].value) == ([], 0.9, 0.9)


def test_a_mark_stays_where_the_hand_left_it_when_another_control_moves(live):
    for x in (0.3, 0.9):
        moves(live, x, 0.3)
    (mark,) = live.handles[0].marks
    echoes(live, x=0.30000000000000004)
    live.set(y=0.3)
    assert live.handles[0].marks == [mark]


def test_a_slider_leads_as_soon_as_the_reader_moves_it(live):
    moves(live, 0.9)
    echoes(live, x=0.2)
    assert (live.values["x"], live.caption) == (0.2, "0.2 0")
    tell(live, do="rest")
    assert (live.values["x"], live.controls["x"].value) == (0.2, 0.2)


def test_a_slider_leads_again_where_it_was_a_while_ago(live, monkeypatch):
    for x in (0.3, 0.9):
        moves(live, x)
    now = live_module.time.monotonic()
    monkeypatch.setattr(live_module.time, "monotonic", lambda: now + live_module.ECHO + 0.1)
    echoes(live, x=0.30000000000000004)
    assert (live.values["x"], live.caption) == (0.3, "0.3 0")


def test_sliders_follow_when_the_page_shows_the_picture_of_a_move(live, monkeypatch):
    order, canvas = [], canvas_of(live)
    send = type(canvas).send
    monkeypatch.setattr(type(canvas), "send", lambda *sent: [order.append("picture"), send(*sent)])
    for name, slider in live.controls.items():
        monkeypatch.setattr(slider, "send_state", lambda key=None, name=name: order.append(name))
    for x in (0.3, 0.5):
        to = live.figure.axes[0].transData.transform((x, x)) / live.figure.bbox.size
        canvas._handle_custom_msg(dict(do="move", handle=0, number=0, x=to[0], y=to[1]), [])
    assert order == ["picture", "picture"]
    canvas._handle_custom_msg(dict(do="slide"), [])
    assert sorted(order[2:]) == ["x", "y"]
    canvas._handle_custom_msg(dict(do="slide"), [])
    assert len(order) == 4


def test_where_the_reader_stops_what_runs_the_page_is_answered(live):
    def stopped(**values):
        raise KeyboardInterrupt

    update, live._update = live._update, stopped
    sent, canvas = [], canvas_of(live)
    canvas.send = lambda content, buffers=None: sent.append(content)
    to = dict(handle=0, number=0, x=0.5, y=0.5, to=1)
    with pytest.raises(KeyboardInterrupt):
        canvas._handle_custom_msg(dict(do="move", **to), [])
    live._update = update
    del canvas.send
    assert [answer["to"] for answer in sent] == [1]
    assert "KeyboardInterrupt" in sent[0]["words"]
    moves(live, 0.7, to=2)
    assert (live.error, live.caption) == (None, "0.7 0")


def test_the_code_is_one_widget_and_is_made_again_when_it_was_closed():
    figures = [make() for _ in range(2)]
    code = {canvas_of(live).code for live in figures}
    assert len(code) == 1
    for live in figures:
        live.close()
    (first,) = code
    assert first.comm is not None
    first.close()  # as Widget.close_all does, which would take those of other tests, too
    live = make()
    assert canvas_of(live).code.comm is not None
    assert "export function render" in canvas_of(live).code.source
    assert "export function render" not in canvas_of(live)._esm
    assert len(moves(live, 0.5)) == 1
    live.close()


@pytest.mark.slow
def test_ten_thousand_moves_leave_nothing_behind(live):
    rng = np.random.default_rng(0)

    def many(count):
        for x, y in rng.uniform(-1, 1, (count, 2)):
            moves(live, x, y, to=1)
        tell(live, do="rest")
        gc.collect()

    many(500)
    before, parts, objects = living(), shown_widgets(live), len(gc.get_objects())
    many(10_000)
    assert living() == before
    assert shown_widgets(live) == parts
    assert len(gc.get_objects()) - objects < 500
