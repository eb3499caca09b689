"""What notebook 10 measures, and what its figures show first."""

from contextlib import contextmanager
from unittest.mock import MagicMock

import pytest

from tests.helpers.exercise_notebooks import parts


def made(*begins, **given):
    """Run the set-up and the cells that begin so, with what is given; return what they made."""
    path, cells, _ = parts("10")
    found, wanted = {"__name__": "__main__", **given}, ("# @title Set-up", "seed = ", *begins)
    for cell in cells:
        if cell.cell_type == "code" and cell.source.startswith(wanted):
            exec(compile(cell.source, path.name, "exec"), found)
    return found


def test_keras_is_measured_on_the_processor_and_waited_for():
    """As PyTorch beside it: TensorFlow would take a graphics card, and not wait for it."""
    here, seen = ["GPU:0"], []

    @contextmanager
    def device(name):
        here.append(name)
        yield
        here.pop()

    def noting(what, result=None):
        return lambda *_, **__: seen.append((what, here[-1])) or result or MagicMock()

    tf = MagicMock(device=device, constant=noting("data"), function=lambda f: f)
    keras, value = MagicMock(Sequential=noting("model")), MagicMock(numpy=noting("number"))
    keras.losses.SparseCategoricalCrossentropy.return_value = noting("loss", value)
    keras.optimizers.SGD.return_value.build = noting("optimizer")
    found = made("# @title For the figure sizes: the same step in Keras")
    found.update(tf=tf, keras=keras)
    found["keras_step"]("dense", 4, MagicMock(), MagicMock())()
    assert {what for what, _ in seen} == {"data", "model", "optimizer", "loss", "number"}
    assert {place for _, place in seen} == {"CPU:0"}
    assert seen[-1][0] == "number"


@pytest.fixture(scope="module")
def gpu():
    found = made("# @title For the figure gpu", "# @title Figure gpu",
                 LOCAL={"NumPy": [0.2, 0.5, 4.0, 50.0], "PyTorch": [0.5, 0.6, 3.0, 40.0]},
                 HUES={"NumPy": "model", "PyTorch": "error"})  # fmt: skip
    return found["gpu"]


def drawn(gpu):
    return {line.get_label(): line.get_xdata() for line in gpu.figure.axes[0].lines}


def test_the_figure_gpu_opens_with_all_processors_and_the_beginning_of_the_gpu(gpu):
    for name, across in drawn(gpu).items():
        assert len(across) == (4 if name.endswith("here") else 1 if "GPU" in name else 6), name
    assert gpu.caption == (
        "Width 16: a step takes NumPy 0.2 ms here and 0.127 ms on 16 cores, and the GPU 1.02 ms."
    )


@pytest.mark.parametrize(
    ("width", "count", "words"),
    [
        (1024, 4, "a step takes NumPy 50 ms here and 14 ms on 16 cores, and the GPU 0.866 ms."),
        (4096, 5, "a step takes NumPy 228 ms on 16 cores, and the GPU 1.23 ms."),
        (8192, 6, "the GPU takes 2.94 ms a step; on the processor nobody waited for it."),
    ],
)
def test_a_width_brings_the_gpu_s_times_up_to_it(gpu, width, count, words):
    gpu.set(width=width)
    assert {len(across) for name, across in drawn(gpu).items() if "GPU" in name} == {count}
    assert gpu.caption == f"Width {width}: {words}"
