"""Layers that look at a picture through a small window: convolution and pooling.

Pictures are arrays of shape (batch, height, width, channels). What every library of neural
networks calls convolution is correlation: the kernel is not flipped.
"""

import numpy as np

from lecture_utils._checks import whole
from lecture_utils.layers import Dense, Layer


def _windows(x, size, stride):
    """Return a view (batch, rows, columns, channels, size, size) of all windows of pictures."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride]


def _put_back(parts, shape, stride):
    """Add up parts (batch, rows, columns, size, size, channels) where their windows lay."""
    x = np.zeros(shape, parts.dtype)
    rows, columns, size = parts.shape[1:4]
    for i in range(size):
        for j in range(size):
            down, right = (
                slice(i, i + stride * rows, stride),
                slice(j, j + stride * columns, stride),
            )
            x[:, down, right] += parts[:, :, :, i, j]
    return x


def _fitting(layer, shape, channels, size, stride, padding):
    """Return rows and columns of windows: ``(n + 2 * padding - size) // stride + 1``."""
    if len(shape) != 3 or channels not in (None, shape[2]):
        raise ValueError(
            f"{layer} takes samples of shape (height, width, {channels or 'channels'})"
        )
    rows, columns = ((n + 2 * padding - size) // stride + 1 for n in shape[:2])
    if rows < 1 or columns < 1:
        raise ValueError(f"{layer} takes pictures of at least {size} x {size} with their padding")
    return rows, columns


class Conv2D(Dense):
    """Slide `outputs` kernels over a picture: a Dense layer that sees one window at a time.

    Parameters
    ----------
    inputs, outputs : int
        Channels before and after. W has shape (kernel, kernel, inputs, outputs), b (outputs,).
    kernel : int, default=3
        Height and width of a kernel.
    stride : int, default=1
        Pixels from one window to the next.
    padding : int, default=0
        Rows and columns of zeros put around the picture.

    Examples
    --------
    >>> Conv2D(3, 96, kernel=11, stride=4).output_shape((227, 227, 3))
    (55, 55, 96)
    """

    def __init__(self, inputs, outputs, kernel=3, stride=1, padding=0):
        super().__init__(inputs, outputs)
        self.kernel = whole("kernel", kernel, 1, 3)
        self.stride = whole("stride", stride, 1, 1)
        self.padding = whole("padding", padding, 0, 1)
        self.shapes = ((self.kernel, self.kernel, self.inputs, self.outputs), (self.outputs,))

    def output_shape(self, shape):
        size = _fitting(self, shape, self.inputs, self.kernel, self.stride, self.padding)
        return (*size, self.outputs)

    def forward(self, x, training=True):
        p = self.padding
        x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0))) if p else x
        windows = _windows(x, self.kernel, self.stride).transpose(0, 1, 2, 4, 5, 3)
        rows = windows.reshape(-1, self.kernel**2 * self.inputs)  # one row for each window
        if training:
            self.rows, self.shape = rows, x.shape
        z = rows @ self.W.reshape(-1, self.outputs)  # (batch * height * width, outputs)
        z += self.b
        return z.reshape(*windows.shape[:3], self.outputs)

    def collect(self, dz):
        dz = dz.reshape(-1, self.outputs)  # (batch * height * width, outputs)
        np.matmul(self.rows.T, dz, out=self.dW.reshape(-1, self.outputs))
        np.add.reduce(dz, axis=0, out=self.db)

    def backward(self, dz):
        parts = dz @ self.W.reshape(-1, self.outputs).T  # (batch, height, width, k * k * inputs)
        parts = parts.reshape(*dz.shape[:3], self.kernel, self.kernel, self.inputs)
        dx, p = _put_back(parts, self.shape, self.stride), self.padding
        return dx[:, p : self.shape[1] - p, p : self.shape[2] - p]

    def __repr__(self):
        options = (self.inputs, self.outputs, self.kernel, self.stride, self.padding)
        return "Conv2D({}, {}, kernel={}, stride={}, padding={})".format(*options)


class MaxPool2D(Layer):
    """Keep the largest number of each window, channel by channel; of equal ones the first.

    Parameters
    ----------
    size : int, default=2
        Height and width of a window.
    stride : int, default=None
        Pixels from one window to the next. None means `size`: windows side by side.

    Examples
    --------
    >>> MaxPool2D(3, stride=2).output_shape((55, 55, 96))
    (27, 27, 96)
    """

    def __init__(self, size=2, stride=None):
        self.size = whole("size", size, 1, 2)
        self.stride = self.size if stride is None else whole("stride", stride, 1, 2)

    def output_shape(self, shape):
        return (*_fitting(self, shape, None, self.size, self.stride, 0), shape[2])

    def forward(self, x, training=True):
        windows = _windows(x, self.size, self.stride)  # (batch, rows, columns, channels, s, s)
        windows = windows.reshape(*windows.shape[:4], self.size**2)
        if training:
            self.winner, self.shape = windows.argmax(axis=-1), x.shape
        return windows.max(axis=-1)

    def backward(self, dout):
        places = np.arange(self.size**2).reshape(self.size, self.size, 1)
        won = self.winner[:, :, :, None, None] == places  # (batch, rows, columns, s, s, channels)
        return _put_back(dout[:, :, :, None, None] * won, self.shape, self.stride)

    def __repr__(self):
        return f"MaxPool2D({self.size}, stride={self.stride})"
