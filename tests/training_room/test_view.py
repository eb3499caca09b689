"""The stored picture of the playground, held to the model."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from lecture_utils import playground, style
from lecture_utils.training_room.setting import FEATURES
from tests.helpers.playroom import COLOURS


def test_the_stored_picture_shows_weights_biases_and_gradients():
    """Each where it belongs: line by line, square by square, dot by dot."""
    style.use()
    play = playground(hidden=(3, 2), features=("x1", "x1 x2"), step=0.3, epochs=4)
    model, view, pixels = play.model, play._view, play.frame()[..., :3]
    drawn = zip(view._edges.get_segments(), view._edges.get_colors(), view._edges.get_linewidths(),
                strict=True)  # fmt: skip
    rows, columns = [[0, 4], [0, 1, 2], [0, 1]], [60, 295, 530, 640]
    assert min(np.abs(layer.W).max() for layer in model.dense) > 0.3
    for k, layer in enumerate(model.dense):
        for (i, j), weight in np.ndenumerate(layer.W):
            (begin, end), colour, wide = next(drawn)
            wanted = 58 + 44 * j + 18 if k < 2 else 176 + 134
            assert begin.tolist() == [columns[k] + 36, 58 + 44 * rows[k][i] + 18]
            assert end.tolist() == [columns[k + 1], wanted]
            name = "plus" if weight > 0 else "minus"
            assert colour[:3] == pytest.approx(to_rgb(style.COLORS[name]))
            assert wide == pytest.approx(0.25 + 1.8 * abs(weight))
        for j, bias in enumerate(layer.b if k < 2 else ()):
            square = pixels[58 + 44 * j + 30 :, columns[k + 1] + 2 :][:4, :3]
            wanted = 255 * np.array(COLOURS((np.tanh(bias) + 1) / 2)[:3])
            assert np.abs(bias) > 1e-3
            assert np.abs(square - wanted).max() < 4
    sizes = [np.sqrt((layer.dW**2).mean()) for layer in model.dense]
    assert view._gradients.get_ydata() == pytest.approx(sizes)
    assert len(set(sizes)) == 3
    play.close()


def test_words_lie_on_no_other_words():
    style.use()
    most = dict(hidden=(8,) * 6, features=list(FEATURES), activation="leaky_relu", batch=30)
    long = dict(loss="cross_entropy", optimizer="Momentum", step=0.0001, dropout=0.8, speed=100)
    play = playground(**most, **long, penalty="L2", rate=0.0001)
    texts = [text for text in play.figure.findobj(Text) if text.get_text() and text.get_visible()]
    boxes = {text.get_text(): text.get_window_extent() for text in texts}
    (head,) = (box for words, box in boxes.items() if words.startswith("7-8-8"))
    assert 0 <= head.x0 < head.x1 <= 960
    for box in boxes.values():
        assert box is head or not head.overlaps(box), (head, box)
    play.close()
