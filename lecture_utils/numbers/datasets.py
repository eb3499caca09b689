"""Data sets of the lecture: made from a seed, or shipped with the package (`data/README.md`)."""

import csv
from importlib.resources import files

import numpy as np

from lecture_utils.numbers.arguments import choice, generator, number, refuse, whole
from lecture_utils.numbers.arrays import array, same_rows


def income_debt(n=100, seed=0):
    """Draw people by income and debt, and say who gets a loan.

    The rule behind the labels is ``sign(2 * income - debt - 30000)``.

    Parameters
    ----------
    n : int, default=100
        Number of people, at least 1.
    seed : int, default=0
        The same seed gives the same people.

    Returns
    -------
    X : ndarray of shape (n, 2), float64
        Income and debt, each uniform on [0, 100000].
    y : ndarray of shape (n,), float64
        +1.0 where the loan is granted, -1.0 where it is not.

    Raises
    ------
    ValueError
        If `n` is not a whole number of at least 1.

    Examples
    --------
    >>> X, y = income_debt(n=3)
    >>> X.round()
    array([[63696., 26979.],
           [ 4097.,  1653.],
           [81327., 91276.]])
    >>> y
    array([ 1., -1.,  1.])
    """
    n = whole("n", n, 1, 100)
    X = generator(seed).uniform(0.0, 100_000.0, size=(n, 2))
    score = X @ np.array([2.0, -1.0]) - 30_000.0
    return X, np.where(score > 0, 1.0, -1.0)


def penguins():
    """Read the Palmer penguins: 344 birds of three species, with their gaps.

    Returns
    -------
    ndarray of shape (344,), structured
        Fields ``species`` (Adelie, Chinstrap, Gentoo), ``island``, ``bill_length`` (mm),
        ``bill_depth`` (mm), ``flipper_length`` (mm), ``body_mass`` (g) and ``sex``.
        A missing measure is nan (2 birds), a missing sex the empty string (11 birds).

    Notes
    -----
    Collected at Palmer Station, Antarctica, by Gorman, Williams and Fraser (2014), PLoS ONE
    9(3): e90081; prepared by Horst, Hill and Gorman (2020); CC0.

    Examples
    --------
    >>> birds = penguins()
    >>> gentoo = birds[birds["species"] == "Gentoo"]
    >>> len(gentoo), round(float(np.nanmean(gentoo["flipper_length"])), 1)
    (124, 217.2)
    """
    text = files("lecture_utils").joinpath("data/penguins.csv").read_text(encoding="utf8")
    fields = [("species", "U9"), ("island", "U9"), ("bill_length", float), ("bill_depth", float),
              ("flipper_length", float), ("body_mass", float), ("sex", "U6")]  # fmt: skip
    rows = []
    for species, island, *measures, sex, _ in list(csv.reader(text.splitlines()))[1:]:
        measures = [np.nan if value == "NA" else float(value) for value in measures]
        rows.append((species, island, *measures, "" if sex == "NA" else sex))
    return np.array(rows, dtype=fields)


def penguins_xy():
    """Read flipper length and body mass of the 342 penguins that have both.

    Returns
    -------
    x : ndarray of shape (342,), float64
        Flipper length in mm.
    y : ndarray of shape (342,), float64
        Body mass in g.

    Notes
    -----
    Source as in `penguins`.

    Examples
    --------
    >>> x, y = penguins_xy()
    >>> float(x[0]), float(y[0]), len(x)
    (181.0, 3750.0, 342)
    """
    birds = penguins()
    x, y = birds["flipper_length"], birds["body_mass"]
    complete = np.isfinite(x) & np.isfinite(y)
    return x[complete], y[complete]


def digits():
    """Read 1797 handwritten digits, 8 by 8 pixels each.

    Returns
    -------
    X : ndarray of shape (1797, 64), float64
        Ink of each pixel, 0 to 1 in steps of 1/16, row by row. ``X.reshape(-1, 8, 8, 1)`` makes
        pictures of them, of one channel.
    y : ndarray of shape (1797,), int64
        The digit, 0 to 9.

    Notes
    -----
    Test set of Alpaydin and Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI
    Machine Learning Repository, doi 10.24432/C50P49, CC BY 4.0.

    Examples
    --------
    >>> X, y = digits()
    >>> X.shape, y[:5], float(X.max())
    ((1797, 64), array([0, 1, 2, 3, 4]), 1.0)
    """
    with files("lecture_utils").joinpath("data/digits.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        return stored["X"] / 16.0, stored["y"].astype(np.int64)


def photograph(kind="grey"):
    """Read a photograph, a pagoda above a lake: small and grey, or larger and in color.

    Parameters
    ----------
    kind : {'grey', 'color'}, default='grey'

    Returns
    -------
    ndarray of shape (107, 160) or, in color, (160, 240, 3), float64
        Brightness of each pixel, 0 (black) to 1 (white), row by row; in color that of its red,
        green and blue.

    Raises
    ------
    ValueError
        If `kind` is neither of the two.

    Notes
    -----
    By danielbuechele on Flickr, CC BY 2.0, as it ships with scikit-learn; made smaller.

    Examples
    --------
    >>> picture = photograph()
    >>> picture.shape, float(picture.max())
    ((107, 160), 1.0)
    >>> photograph("color").shape
    (160, 240, 3)
    """
    choice("kind", kind, ("grey", "color"))
    with files("lecture_utils").joinpath("data/photograph.npz").open("rb") as file:
        return np.load(file, allow_pickle=False)[kind] / 255.0


def split(X, y, test=0.25, seed=0):
    """Shuffle samples and put some aside, to judge by what was never learned from.

    Parameters
    ----------
    X, y : array_like with the same number of rows, n >= 2
    test : float, default=0.25
        Share to put aside, between 0 and 1; each part gets at least one sample.
    seed : int, default=0

    Returns
    -------
    X_train, X_test, y_train, y_test : ndarray

    Examples
    --------
    >>> X_train, X_test, y_train, y_test = split([[1], [2], [3], [4]], [1, 2, 3, 4])
    >>> X_train.ravel(), y_train, X_test, y_test
    (array([1, 2, 4]), array([1, 2, 4]), array([[3]]), array([3]))
    """
    X, y, share = array("X", X), array("y", y), number("test", test, 0.25, below=1.0)
    if X.ndim == 0 or len(X) < 2:
        refuse("X must have at least 2 rows to be split", f"shape {X.shape}", "two or more")
    same_rows(X, y)
    order = generator(seed).permutation(len(X))
    aside = min(max(round(share * len(X)), 1), len(X) - 1)
    return X[order[aside:]], X[order[:aside]], y[order[aside:]], y[order[:aside]]
