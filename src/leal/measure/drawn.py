"""Estimates whose interval comes from draws: resamples of customers, or a simulation."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from leal.results import Estimate

Kind = TypeVar("Kind", bound=Estimate)


def from_draws(
    kind: type[Kind], value: float, draws: NDArray[np.float64], *, n: float, level: float, method: str
) -> Kind:
    """Return an estimate with the percentiles of its draws as interval, unknown where there are none."""
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail]) if draws.size else (math.nan, math.nan)
    return kind(
        estimate=float(value), ci_low=float(low), ci_high=float(high), n=n, level=level, method=method
    )
