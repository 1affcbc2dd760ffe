"""Figures dressed as estimates: shares, means, and what comes with draws."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from leal.results import Estimate, Proportion, checked_level
from leal.statistics.means import mean_interval, proportion_interval
from leal.statistics.numbers import UNKNOWN, Floats, two_sided_z

Kind = TypeVar("Kind", bound=Estimate)


def estimated_share(successes: float, n: float, level: float = 0.95) -> Proportion:
    """Return a share with Wilson's interval (`proportion_interval`); unknown for n = 0."""
    limits = proportion_interval(min(successes, n), n, level)
    return Proportion(
        estimate=successes / n if n else UNKNOWN,
        ci_low=limits.low,
        ci_high=limits.high,
        n=n,
        level=level,
        method=limits.method,
    )


def estimated_mean(
    kind: type[Kind], mean: float, sd: float, n: float, level: float = 0.95, method: str = "t", **more: Any
) -> Kind:
    """Return a mean with Student's interval (`mean_interval`); without limits below two values.

    Parameters
    ----------
    kind : type
        The kind of estimate wanted.
    mean, sd, n : float
        As in `mean_interval`.
    level : float
        Confidence level.
    method : str
        Name of the method where `sd` is not simply that of the values.
    **more
        Fields that the kind has beyond an estimate.
    """
    limits = mean_interval(mean, sd, n, level)
    return kind(
        estimate=mean, ci_low=limits.low, ci_high=limits.high, n=n, level=level, method=method, **more
    )


def limits_of_draws(draws: Floats, level: float = 0.95) -> tuple[float, float]:
    """Return the percentiles that hold `level` of the draws between them; unknown for none."""
    tail = (1 - checked_level(level)) / 2
    if not draws.size:
        return UNKNOWN, UNKNOWN
    low, high = np.quantile(draws, [tail, 1 - tail])
    return float(low), float(high)


def from_draws(
    kind: type[Kind], value: float, draws: Floats, *, n: float, level: float, method: str, **more: Any
) -> Kind:
    """Return an estimate with the percentiles of its draws as interval, unknown where there are none."""
    low, high = limits_of_draws(draws, level)
    return kind(estimate=float(value), ci_low=low, ci_high=high, n=n, level=level, method=method, **more)


def around_middle(
    kind: type[Kind],
    middle: float,
    draws: Floats,
    *,
    n: float,
    level: float,
    method: str = "simulation",
    **more: Any,
) -> Kind:
    """Return a figure at the middle of what is known, its limits from joint draws and never beyond it.

    The figure of the middles need not lie where the draws do (a product of skewed factors): limits that left
    it out would contradict it. Unknown where the middle is.
    """
    if not math.isfinite(middle):
        return kind.unknown(n, level, **more)
    low, high = limits_of_draws(draws, level)
    return kind(
        estimate=middle,
        ci_low=min(low, middle),
        ci_high=max(high, middle),
        n=n,
        level=level,
        method=method,
        **more,
    )


def standard_error_of(estimate: Estimate) -> float:
    """Return the standard error that an interval speaks of, read as a normal one; unknown as the figure."""
    reach = estimate.ci_high - estimate.ci_low
    return reach / (2 * two_sided_z(estimate.level)) if estimate.known else UNKNOWN
