"""One thread at a time.

JupyterLab 4.4 and later hands messages of widgets to a second thread of the kernel, so that
controls answer while a cell runs; others of the same notebook still arrive in the first. Matplotlib
cannot draw in two threads at once: letters come out wrong, or FreeType fails ("raster overflow"):
https://github.com/jupyterlab/jupyterlab/issues/19719

Which thread it is: ipykernel 7.4 hands a control's message to the thread in which that control was
last changed (https://github.com/ipython/ipykernel/blob/main/ipykernel/comm/comm.py). So the first
move after a cell has made or set a control waits until the cell that runs has ended; from then on
the control answers at once. Older kernels have one thread, and every move waits.
"""

import functools
import threading

import numpy as np

_TURN = threading.RLock()  # of all figures together: fonts are shared


def in_turn(function):
    """Let a function wait until no other thread is in one of its kind."""

    @functools.wraps(function)
    def waiting(*arguments, **settings):
        # What NumPy is told by a reader is not for pictures: there, too small to hold is 0.
        with _TURN, np.errstate(under="ignore"):
            return function(*arguments, **settings)

    return waiting
