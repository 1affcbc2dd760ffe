"""Limits of bootstrap intervals: percentile, and bias-corrected and accelerated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST = 4


def percentile_limits(draws: Floats, level: float, n: float | None = None) -> tuple[Floats, Floats]:
    """Return the percentile limits of each figure (figures x resamples): quantiles of the draws (type 7).

    Parameters
    ----------
    draws : (figures, R)
        Figures of the resamples.
    level : float
        Confidence level.
    n : float or None
        (Effective) number of answers: with few, plain percentiles are too narrow, and the tails are cut at
        Phi(-sqrt(n / (n - 3)) t), t the quantile of Student's distribution with n - 3 degrees (after
        Hesterberg 2015): .0175 instead of .025 for 50 answers, .0235 for 250. None leaves them plain.
    """
    tail = (1 - level) / 2 if n is None else _tail(level, n)
    return _quantiles(draws, np.full(len(draws), tail)), _quantiles(draws, np.full(len(draws), 1 - tail))


def _tail(level: float, n: float) -> float:
    from scipy.special import ndtr, stdtrit

    if n <= FEWEST:
        return 0.0
    freedom = n - 3
    return float(ndtr(-np.sqrt(n / freedom) * stdtrit(freedom, (1 + level) / 2)))


def bca_limits(draws: Floats, estimates: Floats, jackknife: Floats, level: float) -> tuple[Floats, Floats]:
    """Return bias-corrected and accelerated limits (Efron 1987).

    z0 comes from the share of draws below the estimate; the acceleration is sum d^3 / (6 (sum d^2)^1.5), d
    being the mean of the leave-one-out figures less each of them.
    """
    from scipy.special import ndtr, ndtri

    share = (draws < estimates[:, None]).mean(axis=1) + 0.5 * (draws == estimates[:, None]).mean(axis=1)
    edge = 1 / (2 * draws.shape[1])
    bias = ndtri(np.clip(share, edge, 1 - edge))
    deviation = jackknife.mean(axis=1, keepdims=True) - jackknife
    spread = (deviation**2).sum(axis=1) ** 1.5
    acceleration = np.divide(
        (deviation**3).sum(axis=1), 6 * spread, out=np.zeros(len(draws)), where=spread > 0
    )
    limits = []
    for tail in ((1 - level) / 2, 1 - (1 - level) / 2):
        point = bias + ndtri(tail)
        limits.append(_quantiles(draws, ndtr(bias + point / (1 - acceleration * point))))
    return limits[0], limits[1]


def _quantiles(draws: Floats, shares: Floats) -> Floats:
    """Return one quantile of each row by linear interpolation, sorting no more than is needed."""
    last = draws.shape[1] - 1
    position = shares * last
    below = np.floor(position).astype(np.intp)
    if (below == below[0]).all():
        ranks = (int(below[0]), min(int(below[0]) + 1, last))
        ordered = np.partition(draws, ranks, axis=1)
    else:
        ordered = np.sort(draws, axis=1)
    rows = np.arange(len(draws))
    low, high = ordered[rows, below], ordered[rows, np.minimum(below + 1, last)]
    return np.asarray(low + (high - low) * (position - below))
