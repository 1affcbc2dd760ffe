"""Money whose interval adds up what each customer, or each cluster of them, moved it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from leal.results import Basis, Money
from leal.statistics import mean_interval

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def error_of(influence: Floats, clusters: Integers | None = None) -> float:
    """Return the standard error of a figure from what each customer moved it; not-a-number for one unit."""
    sums = influence if clusters is None else np.bincount(clusters, weights=influence)
    count = len(sums)
    return math.sqrt(count / (count - 1) * float(sums @ sums)) if count > 1 else math.nan


def money_of(
    point: float,
    influence: Floats,
    *,
    effective: float,
    clusters: Integers | None = None,
    method: str,
    level: float,
    currency: str | None,
    basis: Basis,
) -> Money:
    """Return an amount with the limits of Student's t on the number of customers that it rests on.

    `influence` is what each customer moved the amount (its sum of squares is the variance); an amount that
    rests on fewer than two customers or clusters is unknown.
    """
    units = effective if clusters is None else min(effective, float(clusters.max(initial=-1) + 1))
    error = error_of(influence, clusters)
    shared: dict[str, Any] = {"currency": currency, "basis": basis, "period": "period", "grade": "A"}
    limits = mean_interval(point, error * math.sqrt(max(units, 0.0)), units, level)
    if not (math.isfinite(point) and limits.known):
        return Money.unknown(len(influence), level, method, **shared)
    return Money(
        estimate=point,
        ci_low=limits.low,
        ci_high=limits.high,
        n=len(influence),
        level=level,
        method=method,
        **shared,
    )
