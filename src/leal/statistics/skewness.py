"""Uneven values: how far a few large ones lean the distribution of a mean, and of a difference of means."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from leal.statistics.numbers import Floats

LEAST_LEAN = 0.1
"""Skewness of a difference below which Welch's own limits miss their level by under a point on each side."""

_NONE = 1e-6


def skewness_of(values: Floats) -> float:
    """Return the third central moment of values over the cube of their deviation; 0 where all are equal."""
    if len(values) < 3:
        return 0.0
    away = values - values.mean()
    square = float(away @ away) / len(values)
    # the root first: cubes of tiny amounts are nothing in floating point
    return float(((away / math.sqrt(square)) ** 3).mean()) if square > 0 else 0.0


def squares_worth(values: Floats) -> float:
    """Return how many equal squares would tell as much of a variance: fewer where few are large.

    Notes
    -----
    (sum v^2)^2/sum v^4. Twice that are the degrees of freedom that a variance from these squares has, as it
    varies by their fourth moment (Satterthwaite 1946). Nothing for values that are all zero.
    """
    largest = float(np.abs(values).max(initial=0.0))
    if not largest:
        return 0.0
    squares = (values / largest) ** 2  # scaled, for fourth powers of small numbers are nothing
    return float(squares.sum() ** 2 / (squares @ squares))


def lean_of_difference(skewnesses: Sequence[tuple[float, float]]) -> float:
    """Return the skewness of the difference of two means; 0 where it is too small to matter.

    Parameters
    ----------
    skewnesses : two pairs of float
        Skewness of the values of each group, and their number.

    Notes
    -----
    Groups drawn by lot from the same people have values of about the same shape: its skewness is the mean of
    both by their numbers, g, for a small group does not show its own. That of the difference of the means is
    g (1/n_a^2 - 1/n_b^2)/(1/n_a + 1/n_b)^1.5: nothing where the groups are equal, most where one is small.
    """
    (shape_a, n_a), (shape_b, n_b) = skewnesses
    shape = (shape_a * n_a + shape_b * n_b) / (n_a + n_b)
    lean = shape * (1 / n_a**2 - 1 / n_b**2) / (1 / n_a + 1 / n_b) ** 1.5
    return lean if abs(lean) >= LEAST_LEAN else 0.0


def straightened(quantile: float, lean: float) -> float:
    """Return Student's ratio of a mean so skew whose transform, without skewness, is the quantile.

    References
    ----------
    Hall (1992), Journal of the Royal Statistical Society B 54(1), 221-228.
    """
    if abs(lean) < _NONE:
        return quantile
    inside = 1 + lean * (quantile - lean / 6)
    return 3 / lean * (math.copysign(abs(inside) ** (1 / 3), inside) - 1)


def transformed(ratio: float, lean: float) -> float:
    """Return what a ratio of a mean so skew is worth without skewness: the inverse of `straightened`."""
    if abs(lean) < _NONE:
        return ratio
    return ((1 + lean * ratio / 3) ** 3 - 1) / lean + lean / 6
