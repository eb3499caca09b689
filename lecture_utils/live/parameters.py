"""A notebook's parameters, refused in one line when they cannot work."""

from numbers import Integral, Real

from lecture_utils.numbers.arguments import NO_NUMBERS, refuse, shown


def check_parameters(**rules):
    """Refuse parameters that are out of range.

    Parameters
    ----------
    **rules : tuple (value, low, high)
        For each parameter its value and the ends of its range, both allowed. Where both ends are
        whole numbers, so must the value be.

    Raises
    ------
    ValueError
        For the first parameter that breaks its rule; the message says what is allowed.

    Examples
    --------
    >>> check_parameters(n=(100, 10, 400), step=(0.1, 0.0, 1.0))
    >>> check_parameters(n=(5, 10, 400))
    Traceback (most recent call last):
    ValueError: n must be a whole number from 10 to 400, got 5; try 10
    """
    for name, (value, low, high) in rules.items():
        whole = isinstance(low, Integral) and isinstance(high, Integral)
        fits = isinstance(value, Integral if whole else Real) and not isinstance(value, NO_NUMBERS)
        if not (fits and low <= value <= high):
            near = high if fits and value > high else low
            rule = f"{name} must be a {'whole ' if whole else ''}number from {low} to {high}"
            refuse(rule, shown(value), near)
