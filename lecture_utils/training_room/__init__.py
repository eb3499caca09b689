"""The playground: a small network trained before one's eyes, every number of it in reach."""

from IPython import get_ipython

from lecture_utils.live.screen import replace_earlier
from lecture_utils.training_room.panel import Playground


def playground(**setting):
    """Make a playground: data, a network and its training, all of it to be changed while it runs.

    Everything of TensorFlow Playground is here, and the choice of the optimiser, dropout,
    cross-entropy, the initial weights, the seed, the gradients by layer, and the network as NumPy
    code. Where the page takes the pointer, data and features are clicked, neurons and layers added
    above their columns, a neuron's map is seen large under the pointer, a line is dragged or
    clicked to be typed, points are made, moved and given the other class in the output, and the end
    of the loss curves is dragged back to an earlier epoch. Two settings can race on the same data.

    Parameters
    ----------
    **setting
        What is not named is as at first:

        - data: "circles", "xor", "blobs", "spirals" (classes), "plane", "bumps" (numbers)
        - noise: 0 to 0.5, how much the points are shaken; ratio: 0.1 to 0.9, the share of them
          that is trained on; seed: 0 to 999, of points, weights and order
        - features: some of "x1", "x2", "x1^2", "x2^2", "x1 x2", "sin x1", "sin x2"
        - hidden: sizes of up to 6 hidden layers, each 1 to 8, such as (4, 2)
        - activation: "tanh", "relu", "sigmoid", "identity", "leaky_relu", "elu", "softplus", "silu"
        - init: "xavier", "he", "plain"; dropout: 0 to 0.8
        - loss: "squared" or, for classes, "cross_entropy"
        - optimizer: a name in `OPTIMIZERS`; step: 0.00001 to 10, the learning rate; schedule:
          "constant", or "1/t" (half of it after 100 epochs) or "cosine" (0 after 100 epochs);
          batch: 1 to 30
        - penalty: "none", "L1", "L2"; rate: 0 to 10
        - points: those to train on that are not as drawn, a list of (number, x1, x2, y), counted
          from 0; the number after the last one makes a new point
        - race: the setting of a second network on the same data, a dict such as
          {"optimizer": "Adam"}; what it does not name is as at first
        - test, discrete: True or False, show the test data, and sides only
        - speed: epochs a frame, 1 to 100; epochs: how many to train for before it is shown
        - changes: what was changed on the way, a list of (epoch, what, value); what is
          "optimizer", "step", "schedule", "batch", "penalty", "rate" or "points", or a weight as
          (layer, start, end), counted from 0, where start may be "bias"

    Returns
    -------
    Playground
        Shows itself as the last line of a cell. Its ``settings`` is a line of Python that makes it
        again; ``train(epochs)``, ``set(...)``, ``set_weight(layer, start, end, value)``,
        ``restart()``, ``go_back(epoch)``, ``code()`` and ``save(path)`` do what its controls do.

    Raises
    ------
    ValueError
        For a setting that there is not, or a value out of its range.

    Notes
    -----
    Modelled on TensorFlow Playground (Smilkov and others 2017, arXiv:1708.03788). With classes and
    the squared loss the output passes through tanh, as there.

    Examples
    --------
    >>> play = playground(data="blobs", hidden=(), epochs=5)
    >>> play.settings
    "playground(data='blobs', hidden=(), epochs=5)"
    >>> play.set(step=0.1)
    >>> play.train(10)
    >>> play.caption.startswith("Epoch 15: loss 0.0")
    True
    >>> play.settings
    "playground(data='blobs', hidden=(), epochs=15, changes=((5, 'step', 0.1),))"
    """
    made, shell = Playground(setting), get_ipython()
    if shell:
        replace_earlier(shell, made)
    return made
