"""A network: layers one after the other, their parameters in one long vector."""

import math
from copy import copy
from itertools import zip_longest
from pathlib import Path
from uuid import uuid4

import numpy as np

from lecture_utils.numbers.arguments import MOST, choice, generator, refuse, shown, whole
from lecture_utils.numbers.arrays import array, finite, numbers, quiet
from lecture_utils.numbers.layers import INITS, Dense, Layer


class Network:
    """Put layers one after the other, check that they fit, and draw their weights.

    Parameters
    ----------
    layers : list of Layer
        Each is copied, so a layer can be named twice and a list be used again.
    seed : int, default=0
        The same seed draws the same weights, and the same dropout.
    input_shape : tuple of int, default=None
        Shape of one sample. None means what a first Dense layer takes.
    init : {"he", "xavier", "plain"}, default="he"
        Weights normal with variance 2 / inputs, normal with 2 / (inputs + outputs), or uniform
        on [-0.5, 0.5]. Biases are 0.
    dtype : {"float64", "float32"}, default="float64"
        Double precision for gradient checks and for the same digits everywhere, single for speed.

    Attributes
    ----------
    parameters, gradient : ndarray of shape (p,)
        All weights and biases, and the gradient the last `backward` left. The layers' ``W``,
        ``b``, ``dW`` and ``db`` are views of them: change one and you change the other.
    layers : list of Layer
    shapes : list of tuple
        Shape of one sample as it comes in, and after each layer.

    Raises
    ------
    ValueError
        If a layer does not fit onto the one before it; both are named, with their shapes.

    Notes
    -----
    Built from scratch in ``notebooks/07_multilayer_networks.ipynb``.

    Examples
    --------
    >>> from lecture_utils import Activation, Dense, Network
    >>> network = Network([Dense(2, 3), Activation("relu"), Dense(3, 1)], seed=0)
    >>> network
    Network of 13 parameters, float64
      input                (2,)
      Dense(2, 3)          (3,)  9
      Activation("relu")   (3,)
      Dense(3, 1)          (1,)  4
    >>> network.predict([[1.0, 2.0], [0.0, 0.0]]).shape
    (2, 1)
    """

    sent = None  # the shape of the last outputs in training

    def __init__(self, layers, seed=0, input_shape=None, init="he", dtype="float64"):
        choice("init", init, INITS)
        choice("dtype", dtype, ("float64", "float32"))
        self.layers = [copy(layer) for layer in _checked_layers(layers)]
        self.shapes = _fitted(self.layers, input_shape)
        size = sum(_size(layer) for layer in self.layers)
        if size > MOST:
            rule = f"layers must have at most {MOST:,} parameters together"
            refuse(rule, f"{size:,}", "fewer outputs")
        self.parameters, self.gradient = np.zeros(size, dtype), np.zeros(size, dtype)
        self._bind()
        rng = generator(seed)
        for layer in self.layers:
            layer.initialise(init, rng)

    def _bind(self):
        views = (_views(vector, self.layers) for vector in (self.parameters, self.gradient))
        for layer, parameters, gradient in zip(self.layers, *views, strict=True):
            layer.bind(parameters, gradient)

    def __setstate__(self, state):
        """Give the layers of a copy, or of an unpickled network, its own vectors to view."""
        self.__dict__.update(state)
        self._bind()

    @quiet
    def forward(self, X, training=True):
        """Send samples up through all layers, (n, *input) to (n, *output).

        In training, dropout is drawn and each layer remembers what `backward` will need: in
        arrays of its own, so X and the outputs are yours to change.
        """
        X = self.fitting(X)
        return self.up(X.copy()).copy() if training else self.up(X, training)

    def up(self, X, training=True):
        """Do the work of `forward` for samples that are known to fit, and that stay as they are."""
        for layer in self.layers:
            X = layer.forward(X, training)  # (n, *shape of a sample after this layer)
        if training:
            self.sent = X.shape
        return X

    @quiet
    def backward(self, dout):
        """Send the gradient of the loss, (n, *output), down again, and fill `gradient`.

        It belongs to the last `forward` in training.
        """
        dout = numbers("dout", dout, self.parameters.dtype)
        if dout.shape != self.sent:
            last = f"the last outputs in training, {self.sent}" if self.sent else "outputs"
            way = "forward first, and the gradient a loss gives"
            refuse(f"dout must have the shape of {last}", dout.shape, way)
        self.down(dout)

    def down(self, dout):
        """Do the work of `backward` for a gradient of the right shape."""
        for layer in reversed(self.layers):
            layer.collect(dout)  # with respect to the layer's W and b, (inputs, outputs)
            if layer is not self.layers[0]:  # nobody asks for the gradient of the data
                dout = layer.backward(dout)  # with respect to what came in, (n, inputs)

    def fitting(self, X):
        """Return samples as an array, or refuse those that do not fit the first layer."""
        X, shape = numbers("X", X, self.parameters.dtype), self.shapes[0]
        if X.shape[1:] != shape:
            size = math.prod(shape)  # of a sample; what is one already is not cut in pieces
            fits = X.size and X.size % size == 0 and (X.ndim <= len(shape) or X[0].size == size)
            way = f"np.reshape(X, {(-1, *shape)})" if fits else "samples of that shape"
            rule = f"X must have shape (n, {str(shape)[1:]} for {self.layers[0]}"
            refuse(rule, X.shape, way)
        return X

    @quiet
    def predict(self, X, rows=1000):
        """Return the outputs, (n, *output), without dropout, `rows` samples at a time."""
        X, rows = finite("X", X, self.parameters.dtype), whole("rows", rows, 1, 1000, np.inf)
        X = self.fitting(X)
        parts = [self.up(X[i : i + rows], training=False) for i in range(0, len(X), rows)]
        return np.concatenate(parts)

    def save(self, path):
        """Write the parameters, and what the layers are, to an ``.npz`` file: all, or nothing."""
        path = _path(path).resolve()
        aside = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with open(aside, "wb") as file:  # given a name alone, NumPy might change it
                np.savez(file, parameters=self.parameters, layers=repr(self))
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)

    def load(self, path):
        """Read the parameters back from a file that a network of the same layers saved."""
        lines, parameters = _saved(_path(path))
        for there, here in zip_longest(lines, repr(self).splitlines(), fillvalue="nothing"):
            if there != here:
                rule = f"{path} must hold the network that is to be filled"
                refuse(rule, f"{there.strip()!r} for {here.strip()!r}", "to build that one")
        if parameters.shape != self.parameters.shape:
            rule = f"{path} must hold parameters of shape {self.parameters.shape}"
            refuse(rule, parameters.shape, "network.save(path)")
        self.parameters[:] = parameters

    def __repr__(self):
        head = f"Network of {self.parameters.size:,} parameters, {self.parameters.dtype}"
        rows = [("input", self.shapes[0], "")]
        for layer, shape in zip(self.layers, self.shapes[1:], strict=True):
            rows.append((repr(layer), shape, f"{_size(layer):,}" if layer.shapes else ""))
        rows = [(name, str(shape), count) for name, shape, count in rows]
        name, shape, count = (max(map(len, column)) for column in zip(*rows, strict=True))
        lines = [f"  {r[0]:<{name}}   {r[1]:<{shape}}  {r[2]:>{count}}".rstrip() for r in rows]
        return "\n".join([head, *lines])


def _path(path):
    try:
        path = Path(path)
    except TypeError:
        path = None
    if path is None or "\0" in str(path):
        refuse("path must be the name of a file", "something else", "'network.npz'")
    return path


def _saved(path):
    """Return the lines and the parameters that a network saved."""
    with open(path, "rb") as file:
        try:
            with np.load(file, allow_pickle=False) as saved:
                return str(saved["layers"]).splitlines(), numbers("", saved["parameters"])
        except Exception:  # an empty, torn or foreign one: zip, zlib and NumPy raise all kinds
            raise ValueError(
                f"{path} must be a file that a network saved; try network.save(path)"
            ) from None


def _checked_layers(layers):
    if not (isinstance(layers, (list, tuple)) and layers
            and all(isinstance(layer, Layer) for layer in layers)):  # fmt: skip
        refuse("layers must be a list of layers", shown(layers), "[Dense(64, 10)]")
    return layers


def _fitted(layers, shape):
    """Return the shape of a sample before and after each layer, or refuse what does not fit."""
    if shape is None and type(layers[0]) is not Dense:
        rule = f"input_shape must be given when the first layer is {layers[0]}"
        raise ValueError(f"{rule}; try input_shape=(8, 8, 1)")
    shape = layers[0].inputs if shape is None else shape
    shape = np.atleast_1d(array("input_shape", shape))
    shapes = [tuple(whole("input_shape", n, 1, "(8, 8, 1)") for n in shape.tolist())]
    before = "the input"
    for i, layer in enumerate(layers, start=1):
        try:
            shapes.append(layer.output_shape(shapes[-1]))
        except ValueError as refusal:
            raise ValueError(
                f"layer {i} must fit onto {before}, which gives shape {shapes[-1]}, "
                f"but {refusal}; try {_remedy(layer, shapes[-1])}"
            ) from None
        before = f"layer {i}, {layer}"
    return shapes


def _remedy(layer, shape):
    if type(layer) is Dense:
        return f"Dense({shape[0]}, {layer.outputs})" if len(shape) == 1 else "Flatten() between"
    return "another size, or a larger picture"


def _size(layer):
    return sum(map(math.prod, layer.shapes))


def _views(vector, layers):
    """Return, for each layer, its parts of a long vector, in its shapes."""
    cuts = np.cumsum([math.prod(shape) for layer in layers for shape in layer.shapes])
    parts = iter(np.split(vector, cuts))
    return [[next(parts).reshape(shape) for shape in layer.shapes] for layer in layers]
