"""Figures of weighted sums with their intervals: resampled where customers are few, linearised where many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from leal.results import Estimate
from leal.statistics import bootstrap, fixed_order, squares_worth, t_quantile

Kind = TypeVar("Kind", bound=Estimate)
Floats = npt.NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
"""Takes sums (rows, sums), returns figures (rows, figures); a figure that cannot be had is not-a-number."""

RESAMPLED_UNITS = 4000
"""Up to so many customers the interval is a percentile bootstrap; beyond, linearised."""

REPLICATES = 2000


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one statistic: estimates and the limits of their intervals, and the method of these."""

    estimate: Floats
    low: Floats
    high: Floats
    method: str

    def of(self, kind: type[Kind], place: int, n: float, level: float, **more: Any) -> Kind:
        """Return one of the figures as an estimate."""
        return kind(
            estimate=float(self.estimate[place]),
            ci_low=float(self.low[place]),
            ci_high=float(self.high[place]),
            n=n,
            level=level,
            method=self.method,
            **more,
        )


def figures(
    moments: Floats,
    statistic: Statistic,
    *,
    strata: npt.NDArray[np.int64],
    level: float = 0.95,
    seed: int = 0,
) -> Figures:
    """Return figures of summed moments and how far they would move with other customers.

    Parameters
    ----------
    moments : array of shape (customers, sums)
        What each customer adds to each sum, weight included.
    statistic : callable
        From sums to figures, over rows.
    strata : array of shape (customers,)
        Cells within which customers stand for each other (post-strata).
    level, seed : float, int
        Confidence level; seed of the resamples.

    Notes
    -----
    Few customers: percentile bootstrap within strata. Many: u_i = sum_k (d figure / d sum_k) m_ik and
    Var = sum_h n_h/(n_h - 1) sum_i (u_i - mean_h u)^2 (Taylor linearisation, Woodruff 1971), which is what
    the bootstrap comes to. Where few customers make most of that variance it is itself unsure: both reach as
    far as Student's t with 2 (sum v^2)^2/sum v^4 degrees of freedom, v = u_i - mean_h u (expanded
    percentiles, Hesterberg 2015). Of the four figures of earned growth with lognormal money and 50 to 300
    customers, 95 % intervals held in .937 to .955 of 1,000 samples; plain percentiles of 50 in .903 to .924.
    """
    total = moments.sum(axis=0)
    away = _within(moments @ _gradient(statistic, total), strata)
    freedom = np.array([max(2 * squares_worth(values), 1.0) for values in away.T])
    if len(moments) <= RESAMPLED_UNITS:
        order = fixed_order(moments, strata)
        found = bootstrap(
            np.ones(len(moments)),
            statistic,
            moments=moments[order],
            replicates=REPLICATES,
            seed=seed,
            strata=strata[order],
        )
        low, high = found.limits(level, freedom)
        return Figures(found.estimate, low, high, "bootstrap")
    estimate = statistic(total[None, :])[0]
    reach = np.array([t_quantile(level, one) for one in freedom]) * np.sqrt((away**2).sum(axis=0))
    return Figures(estimate, estimate - reach, estimate + reach, "linearised")


def _gradient(statistic: Statistic, total: Floats) -> Floats:
    """Central differences of every figure in every sum: array of shape (sums, figures)."""
    step = np.maximum(np.abs(total), 1.0) * 1e-6
    shifts = np.diag(step)
    change = statistic(total + shifts) - statistic(total - shifts)
    return change / (2 * step[:, None])


def _within(influence: Floats, strata: npt.NDArray[np.int64]) -> Floats:
    """Return by how much each customer stands out of their stratum, so that squares add up to variances."""
    _, labels, n = np.unique(strata, return_inverse=True, return_counts=True)
    scale = np.sqrt(n / np.maximum(n - 1, 1))[labels]
    away = np.empty_like(influence)
    for column, values in enumerate(influence.T):
        away[:, column] = scale * (values - (np.bincount(labels, values) / n)[labels])
    return away
