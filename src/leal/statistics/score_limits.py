"""The score interval of Tango (1998) for an NPS, for many groups at once."""

from __future__ import annotations

import numpy as np

from leal.statistics.numbers import Floats

_HALVINGS = 62


def tango_limits(detractors: Floats, passives: Floats, promoters: Floats, z: float) -> tuple[Floats, Floats]:
    """Return the ends d at which |Z(d)| = z, by bisection between the score and the ends of the scale.

    Z(d) = (s - d) sqrt(n) / sqrt(2 q + d (1 - d)), where q is the most likely share of detractors if the NPS
    were d: the positive root of 2 q^2 + B q + C = 0, B = -D - M + (2 - M + D) d, C = -D d (1 - d), with D and
    M as shares. All groups must have answers.
    """
    n = detractors + passives + promoters
    share_d, share_m = detractors / n, promoters / n
    score = (promoters - detractors) / n
    low = _bisect(share_d, share_m, n, score, np.full_like(score, -1.0), z)
    high = _bisect(share_d, share_m, n, score, np.full_like(score, 1.0), z)
    return low, high


def _bisect(share_d: Floats, share_m: Floats, n: Floats, score: Floats, end: Floats, z: float) -> Floats:
    """Halve the way from the score (inside) to the end of the scale (outside) until the limit is found."""
    inside, outside = score.copy(), end.copy()
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        within = _distance(share_d, share_m, n, score, middle) <= z
        inside = np.where(within, middle, inside)
        outside = np.where(within, outside, middle)
    return np.clip(inside, -1.0, 1.0)


def _distance(share_d: Floats, share_m: Floats, n: Floats, score: Floats, d: Floats) -> Floats:
    """Return |Z(d)|; infinite where d leaves no variance (the ends of the scale)."""
    b = -share_d - share_m + (2 - share_m + share_d) * d
    c = -share_d * d * (1 - d)
    root = np.sqrt(np.maximum(b * b - 8 * c, 0.0))
    # the form of the root without cancellation: for b > 0 both terms of root - b are nearly equal
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(b > 0, -2 * c / (root + b), (root - b) / 4)
        variance = 2 * q + d * (1 - d)
        z = np.abs(score - d) * np.sqrt(n / variance)
    return np.where(score == d, 0.0, np.where(variance > 0, z, np.inf))
