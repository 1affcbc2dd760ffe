"""Which parameters of the sBG model the data do not contradict: the region of a likelihood interval."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from leal.predict.purchase_models.cohort_losses import CohortLosses
from leal.predict.purchase_models.customer_columns import Floats

FARTHEST = 14.0
"""Logarithm of alpha + beta beyond which customers are alike; below minus this they are all or nothing."""

_POINTS = 100
_ROUNDS = 3
_HALVINGS = 45
_ENDS = 40.0  # log odds that are as good as certainty


def likelihood_region(losses: CohortLosses, point: Floats, level: float) -> tuple[Floats, bool]:
    """Return points along the edge of the region of `level`, and whether alpha + beta is bounded above.

    Parameters
    ----------
    losses : CohortLosses
        The data.
    point : array (2,)
        Logarithms of alpha and beta where the likelihood is greatest.
    level : float
        Of the interval of one figure.

    Returns
    -------
    array (points, 2)
        Logarithms of alpha and beta. A figure's greatest and least value on them are the limits of its
        profile likelihood interval.
    bool
        False where customers who are all alike are not contradicted.

    Notes
    -----
    The region holds the parameters whose log-likelihood is at most half the quantile of chi-squared (one
    degree of freedom) below the greatest. For each alpha + beta its two ends in the log odds of leaving are
    found by halving; the likelihood has one maximum along both.
    """
    return _region(tuple(losses.kept.tolist()), tuple(losses.left.tolist()), tuple(point.tolist()), level)


@lru_cache(maxsize=16)
def _region(
    kept: tuple[float, ...], left: tuple[float, ...], point: tuple[float, ...], level: float
) -> tuple[Floats, bool]:
    from scipy.special import chdtri

    losses = CohortLosses(kept=np.array(kept), left=np.array(left), n=1.0)
    least = losses.likelihood(np.array(point))[0] - float(chdtri(1, 1 - level)) / 2
    middle = float(np.logaddexp(point[0], point[1]))
    low, high = min(-FARTHEST, middle), max(FARTHEST, middle)
    begin, end = (_end(losses, least, middle, outer) for outer in (low, high))
    size = np.linspace(begin, end, _POINTS)
    best = _best_odds(losses, size)

    def gain(odds: Floats) -> Floats:
        return _values(losses, size, odds) - least

    edges = [_cross(gain, np.full(_POINTS, outer), best) for outer in (-_ENDS, _ENDS)]
    points = [np.stack([size - np.logaddexp(0, -odds), size - np.logaddexp(0, odds)], 1) for odds in edges]
    return np.concatenate(points), end < high


def _end(losses: CohortLosses, least: float, middle: float, outer: float) -> float:
    """Return the alpha + beta (logarithm) at which the likelihood falls to `least`, or `outer`."""
    for _ in range(_ROUNDS):
        size = np.linspace(middle, outer, _POINTS)
        below = np.flatnonzero(_values(losses, size, _best_odds(losses, size)) < least)
        if not below.size:
            return outer
        place = max(int(below[0]), 1)
        middle, outer = float(size[place - 1]), float(size[place])
    return middle


def _values(losses: CohortLosses, size: Floats, odds: Floats) -> Floats:
    """Return log-likelihoods at logarithms of alpha + beta and log odds of leaving, one a pair."""
    total = np.exp(size)[:, None] + np.arange(losses.kept.size)
    alpha = np.exp(size - np.logaddexp(0, -odds))[:, None]
    beta = np.exp(size - np.logaddexp(0, odds))[:, None] + np.arange(losses.kept.size)
    return np.asarray(np.log(alpha / total) @ losses.left + np.log(beta / total) @ losses.kept)


def _best_odds(losses: CohortLosses, size: Floats) -> Floats:
    """Return the log odds of leaving that are likeliest at each alpha + beta: there the slope is zero."""

    def slope(odds: Floats) -> Floats:
        alpha = np.exp(size - np.logaddexp(0, -odds))[:, None]
        beta = np.exp(size - np.logaddexp(0, odds))[:, None] + np.arange(losses.kept.size)
        return np.asarray(losses.left.sum() - (alpha / beta) @ losses.kept)

    return _cross(slope, np.full(size.size, _ENDS), np.full(size.size, -_ENDS))


def _cross(function: Callable[[Floats], Floats], outside: Floats, inside: Floats) -> Floats:
    """Return where a function changes from positive (inside) to negative; the outside where it does not."""
    out, inner = outside.copy(), inside.copy()
    for _ in range(_HALVINGS):
        middle = (out + inner) / 2
        positive = function(middle) >= 0
        inner, out = np.where(positive, middle, inner), np.where(positive, out, middle)
    return inner
