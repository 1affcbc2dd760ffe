"""Adding up estimates that know nothing of one another."""

from __future__ import annotations

import math
from collections.abc import Iterable

from leal.results import Estimate


def sum_independent(estimates: Iterable[Estimate]) -> Estimate:
    """Return the sum of independent estimates; its limits add up in squares, each side by itself.

    Parameters
    ----------
    estimates : iterable of Estimate
        One at least, of one level and unit.

    Notes
    -----
    Sum -+ sqrt(sum of squared reaches): the method of variance estimates recovery (Zou and Donner 2008),
    which keeps the intervals lopsided where they were.

    References
    ----------
    Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
    """
    parts = list(estimates)
    total = math.fsum(part.estimate for part in parts)
    return Estimate(
        estimate=total,
        ci_low=total - math.hypot(*(part.estimate - part.ci_low for part in parts)),
        ci_high=total + math.hypot(*(part.ci_high - part.estimate for part in parts)),
        n=math.fsum(part.n for part in parts),
        level=parts[0].level,
        method="mover",
    )
