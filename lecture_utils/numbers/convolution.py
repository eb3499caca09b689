"""Layers that look at a picture through a small window: convolution and pooling.

Pictures are arrays of shape (batch, height, width, channels). What every library of neural
networks calls convolution is correlation: the kernel is not flipped.
"""

import numpy as np

from lecture_utils.numbers.arguments import whole
from lecture_utils.numbers.layers import Dense, Layer, ones


def _shifts(size, stride, rows, columns):
    """Name each place (i, j) in a window, with the pixels that lie there in all the windows."""
    for i in range(size):
        for j in range(size):
            yield (
                (i, j),
                np.s_[:, i : i + stride * rows : stride, j : j + stride * columns : stride],
            )


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

    options = "{inputs}, {outputs}, kernel={kernel}, stride={stride}, padding={padding}"

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
        x, k = self._padded(x), self.kernel
        windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
        windows = windows[:, :: self.stride, :: self.stride].transpose(0, 1, 2, 4, 5, 3)
        seen = windows.reshape(-1, k * k * self.inputs)  # one row for each window
        if training:
            self.seen, self.shape = seen, x.shape
        z = np.dot(seen, self.W.reshape(-1, self.outputs))  # (windows, outputs)
        z += self.b
        return z.reshape(*windows.shape[:3], self.outputs)

    def _padded(self, x):
        p, (batch, height, width, channels) = self.padding, x.shape
        if p == 0:
            return x
        padded = np.zeros((batch, height + 2 * p, width + 2 * p, channels), x.dtype)
        padded[:, p:-p, p:-p] = x
        return padded

    def collect(self, dz):
        dz = dz.reshape(-1, self.outputs)  # (windows, outputs)
        np.dot(self.seen.T, dz, out=self.dW.reshape(-1, self.outputs))
        np.dot(ones(len(dz), dz.dtype), dz, out=self.db)

    def backward(self, dz):
        rows, columns = dz.shape[1:3]
        dx, flat = np.zeros(self.shape, dz.dtype), dz.reshape(-1, self.outputs)
        for place, pixels in _shifts(self.kernel, self.stride, rows, columns):
            share = np.dot(flat, self.W[place].T)  # (windows, inputs), of that place's weights
            dx[pixels] += share.reshape(*dz.shape[:3], self.inputs)
        p = self.padding
        return dx[:, p : self.shape[1] - p, p : self.shape[2] - p]


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

    options = "{size}, stride={stride}"

    def __init__(self, size=2, stride=None):
        self.size = whole("size", size, 1, 2)
        self.stride = self.size if stride is None else whole("stride", stride, 1, 2)

    def output_shape(self, shape):
        return (*_fitting(self, shape, None, self.size, self.stride, 0), shape[2])

    def forward(self, x, training=True):
        rows, columns, _ = self.output_shape(x.shape[1:])
        shifts = _shifts(self.size, self.stride, rows, columns)
        seen = np.stack([x[pixels] for _, pixels in shifts])  # (places, batch, rows, columns, c)
        top = seen.max(axis=0)
        if training:
            self.seen, self.top, self.shape = seen, top, x.shape
        return top

    def backward(self, dout):
        dx, free = np.zeros(self.shape, dout.dtype), np.ones(dout.shape, bool)
        shifts = _shifts(self.size, self.stride, *dout.shape[1:3])
        for seen, (_, pixels) in zip(self.seen, shifts, strict=True):
            won = free & (seen == self.top)  # of equal ones the first takes it all
            free &= ~won
            dx[pixels] += dout * won
        return dx
