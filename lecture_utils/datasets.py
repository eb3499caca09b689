"""Data sets of the lecture: made from a seed, or shipped with the package (`data/README.md`)."""

import csv
from importlib.resources import files

import numpy as np


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

    Notes
    -----
    Used in ``notebooks/05_perceptron.ipynb``.

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
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
        raise ValueError(f"n must be a whole number >= 1, got {n!r}; try 100")
    X = np.random.default_rng(seed).uniform(0.0, 100_000.0, size=(n, 2))
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
    9(3): e90081; prepared by Horst, Hill and Gorman (2020); CC0. Used in
    ``notebooks/05_perceptron.ipynb``.

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
