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
    if min(n_a, n_b) <= 0:
        return 0.0
    shape = (shape_a * n_a + shape_b * n_b) / (n_a + n_b)
    lean = shape * (1 / n_a**2 - 1 / n_b**2) / (1 / n_a + 1 / n_b) ** 1.5
    return lean if abs(lean) >= LEAST_LEAN else 0.0


def straightened(quantile: float, lean: float) -> float:
    """Return Student's ratio of a mean so skew whose transform, without skewness, is the quantile.

    Notes
    -----
    3/lean ((1 + lean u)^(1/3) - 1) with u = quantile - lean/6. It is for a skewness that a few values show of
    themselves: such a one is too small, and the root, which runs away where 1 + lean u is near zero, makes up
    for it. For one that is known better see `leaning_quantile`.

    References
    ----------
    Hall (1992), Journal of the Royal Statistical Society B 54(1), 221-228.
    """
    if abs(lean) < _NONE:
        return quantile
    return 3 / lean * (math.cbrt(1 + lean * (quantile - lean / 6)) - 1)


def leaning_quantile(quantile: float, lean: float) -> float:
    """Return the same where the skewness is known from many values: of the difference with a small arm.

    Notes
    -----
    Hall's root on the side where the limit comes nearer. On the other one the root runs away: of 50 uneven
    amounts beside 950 a ratio of 2.6 to 3.6 is reached in 2.5 of 100 samples, and the root says 7, so that
    next to no gain could ever be shown. There it is expanded to the second order,
    u (1 - lean u/3 + 5 (lean u)^2/27), which rises with u whatever the lean: the truth lies beyond it in 1 to
    3 of 100 samples (beyond the root in 0 to 3, beyond Student's own limit in 3 to 14).

    References
    ----------
    Hall (1992), Journal of the Royal Statistical Society B 54(1), 221-228.
    """
    u = quantile - lean / 6
    leaning = lean * u
    if leaning >= 0 or abs(lean) < _NONE:
        return straightened(quantile, lean)
    return u * (1 - leaning / 3 + 5 * leaning**2 / 27)


def transformed(ratio: float, lean: float) -> float:
    """Return what a ratio of a mean so skew is worth without skewness: the inverse of `leaning_quantile`."""
    if abs(lean) < _NONE:
        return ratio
    leaning = lean * ratio
    if leaning >= 0:
        return ((1 + leaning / 3) ** 3 - 1) / lean + lean / 6
    return _expansion_undone(leaning) / lean + lean / 6


def _expansion_undone(value: float) -> float:
    """Return the one real x with 5 x^3/27 - x^2/3 + x = value."""
    # x = y + 3/5 leaves y^3 + 4.32 y + q = 0, whose root is a hyperbolic sine (Cardano)
    q, third = 2.808 - 5.4 * value, 1.2
    return 0.6 - 2 * third * math.sinh(math.asinh(q / (2 * third**3)) / 3)
