"""The interval of a weighted mean of few and uneven amounts, such as the money of a group of customers."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from leal.statistics import straightened, t_quantile

Floats = npt.NDArray[np.float64]

FEWEST_AMOUNTS = 20
"""Amounts below which no interval of a mean of uneven money holds: with 10 those of 95 % hold in 88 to 94."""


def skewed_mean_interval(
    amounts: Floats, weights: Floats, strata: npt.NDArray[np.int64], level: float
) -> tuple[float, float]:
    """Return the limits of a weighted mean that lean towards the side on which rare large amounts lie.

    Parameters
    ----------
    amounts, weights : arrays (n,)
        One entry a customer; those of weight 0 belong to another group.
    strata : array (n,)
        Cells within which customers stand for each other.
    level : float
        Confidence level.

    Returns
    -------
    float, float
        Not-a-number with fewer than two customers; no lower than 0 where no amount is.

    Notes
    -----
    Where a few large amounts make the mean, a sample without them has too small a mean *and* too small a
    standard error, and a symmetric interval misses what is above it. Hall's cubic transformation of Student's
    ratio takes the skewness out; a t quantile of as many customers as the weights are worth stands for the
    normal one. In simulations 95 % intervals of lognormal (sigma .7 to 1), gamma and mostly-zero money held
    in .92 to .96 with 20 to 50 customers and in .93 to .95 with 100 (percentile bootstrap: .84 to .92 and
    .92 to .94).

    References
    ----------
    Hall (1992), Journal of the Royal Statistical Society B 54(1), 221-228.
    """
    total = float(weights.sum())
    members = weights > 0
    if members.sum() < 2:
        return math.nan, math.nan
    mean = float(weights @ amounts) / total
    worth = total**2 / float(weights @ weights)
    away = _from_stratum(weights * (amounts - mean) / total, strata)
    square = float(away @ away)
    if not square > 0:
        return mean, mean
    error = math.sqrt(square * worth / max(worth - 1, 1e-9))
    # each by the root first: cubes of tiny amounts are nothing in floating point
    skewness = float(np.sum((away / math.sqrt(square)) ** 3))
    reach = t_quantile(level, max(worth - 1, 1.0))
    low, high = (mean - error * straightened(side * reach, skewness) for side in (1, -1))
    return (max(low, 0.0) if (amounts[members] >= 0).all() else low), high


def _from_stratum(values: Floats, strata: npt.NDArray[np.int64]) -> Floats:
    """Return how far values lie from the mean of their stratum."""
    _, labels, n = np.unique(strata, return_inverse=True, return_counts=True)
    return np.asarray(values - (np.bincount(labels, values) / n)[labels])
