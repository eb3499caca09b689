"""What the inputs of several exercises are drawn with."""


def nice(rng, *shape):
    """Draw small whole numbers, as floats: easy to follow by hand."""
    return rng.integers(-3, 4, shape).astype(float)


def normals(rng, *shapes):
    """Draw an array of normal numbers for each shape, a number for ()."""
    return tuple(rng.normal() if shape == () else rng.normal(size=shape) for shape in shapes)


def rounded(rng, *shapes):
    """Draw arrays of normal numbers with few digits, none of them zero."""
    return tuple(array.round(1) + 0.03 for array in normals(rng, *shapes))
