"""Exercises of notebook 00: start here."""

import numpy as np

from lecture_utils.exercises.judge import Explore, FillIn


def match_the_wave(frequency, height):
    """Say what is missing until both waves are one."""
    if abs(frequency - 1.5) > 0.01:
        more = "fewer" if frequency > 1.5 else "more"
        return f"{frequency:.1f} waves in a turn are not those of the target; it has {more}."
    if abs(height - 1.0) > 0.01:
        return f"The height is {height:.1f}; look where the target turns."
    return ""


def draw_waves(rng):
    """Draw two arrays of one shape, several times."""
    above = (np.array([1.0, 2.0, 4.0]), np.array([2.0, 2.0, 0.0]))  # on the whole
    below = (np.array([0.0, 1.0]), np.array([2.0, 1.5]))
    return [above, below, *(tuple(rng.normal(size=(2, n))) for n in (1, 5, 40))]


def distance(y, t):
    """Return the mean distance of two waves."""
    return np.abs(y - t).mean()


DISTANCE = {
    "the signs: differences above and below cancel; take np.abs of each": ("np.abs", ""),
    "the sum; a mean is asked for": (".mean()", ".sum()"),
    "the squares of the distances; not asked for": ("np.abs(y - t)", "((y - t) ** 2)"),
    "the root of the mean square; the mean distance is asked for":
        ("np.abs(y - t).mean()", "np.sqrt(((y - t) ** 2).mean())"),
    "the mean comes last": ("np.abs(y - t).mean()", "abs(y.mean() - t.mean())"),
    "one distance for each point; their mean is asked for": (".mean()", ""),
}  # fmt: skip

EXERCISES = {
    "00.1": Explore("wave", {"frequency": 1.0, "height": 1.0}, match_the_wave),
    "00.2": FillIn(draw_waves, distance, DISTANCE),
}
