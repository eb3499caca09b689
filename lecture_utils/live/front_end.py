"""Which way of showing the page can be expected to know; Python cannot see the page."""

import os
from importlib.util import find_spec

from lecture_utils.pictures import style


def hears_the_pointer():
    """Tell whether a figure is shown as a canvas that takes the pointer.

    Not on Colab, where widgets of third parties need another widget manager, which replaces the
    built-in one and is of an earlier version (googlecolab/colabtools#3020); not on Kaggle, whose
    page shows core widgets only (Kaggle/docker-python#1190); not where there is no anywidget.
    ``style.use(touch=...)`` overrules it.
    """
    if style.touch is not None:
        return style.touch
    elsewhere = {"COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"} & os.environ.keys()
    return not elsewhere and find_spec("anywidget") is not None
