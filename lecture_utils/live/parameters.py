"""A notebook's parameters, refused in one line when they cannot work."""


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
        whole = isinstance(low, int) and isinstance(high, int)
        kinds = int if whole else (int, float)
        if isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high:
            continue
        near = high if isinstance(value, kinds) and value > high else low
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{name} must be {kind} from {low:g} to {high:g}, got {value!r}; "
                         f"try {near:g}")  # fmt: skip
