"""What it takes to call an effect proved, whatever level its interval was asked for."""

from __future__ import annotations

from leal.results import Estimate
from leal.statistics.numbers import two_sided_z

PROVING_LEVEL = 0.95
"""Proved means that the lower limit of the interval of this level, or of a higher one, lies above zero."""


def proving_limit(found: Estimate) -> float:
    """Return the lower limit that decides whether an effect is proved.

    Parameters
    ----------
    found : Estimate
        The effect with its interval.

    Returns
    -------
    float
        The lower limit where the level is 95 % or more; else the limit drawn out to 95 % as that of a normal
        distribution, so that nobody proves anything by asking for narrower intervals.

    Examples
    --------
    >>> found = Estimate(estimate=1.0, ci_low=0.1, ci_high=1.9, n=100, level=0.8, method="welch")
    >>> round(proving_limit(found), 2)
    -0.38
    """
    if found.level >= PROVING_LEVEL:
        return found.ci_low
    stretch = two_sided_z(PROVING_LEVEL) / two_sided_z(found.level)
    return found.estimate - (found.estimate - found.ci_low) * stretch
