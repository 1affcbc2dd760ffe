"""Penalty and reward: what a low item costs in satisfaction beside what a high one brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from leal.explain.item_moments import Floats, Moments
from leal.explain.linear import inverse, percentiles
from leal.results import Estimate

Kind = Literal["basic", "excitement", "even", "unknown"]

_LEAST_SHARE = 0.02
"""Share of low (or of high) answers below which nothing is said about them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asymmetry:
    """What low and high scores of an item do to the outcome, the other items being held.

    Attributes
    ----------
    penalty : Estimate
        Change of the outcome (0 to 100) where the item is low (6 and below of 10); usually below zero.
    reward : Estimate
        Change of the outcome (0 to 100) where the item is high (9 and above of 10).
    kind : {"basic", "excitement", "even", "unknown"}
        ``basic``: being bad costs, and surely more than being good brings (must be right); ``excitement``:
        being good brings, and surely more than being bad costs; ``even``: no sure difference; ``unknown``:
        too few low or high answers.
    """

    penalty: Estimate
    reward: Estimate
    kind: Kind


def asymmetries(moments: Moments, resamples: Floats, level: float) -> tuple[Asymmetry, ...]:
    """Return penalty and reward of each item.

    Parameters
    ----------
    moments : Moments
        The moments of the items.
    resamples : array (draws, columns, columns)
        What `Moments.resampled` returned.
    level : float
        Level of the intervals.

    Notes
    -----
    Least squares of y = b0 + sum_j p_j [x_j <= 6] + r_j [x_j >= 9] on a scale of 1 to 10 (Brandt 1987;
    Mittal, Ross and Baldasare 1998); on other scales the same parts of their length. Correlation, not cause:
    grade C.
    """
    items = len(moments.items)
    point = _penalties_and_rewards(moments.total[None], items)[0]
    drawn = _penalties_and_rewards(resamples, items)
    shares = np.diagonal(moments.total)[2 + items :] / moments.total[0, 0]
    return tuple(
        _asymmetry(point, drawn, place, items, shares, moments.effective_n, level) for place in range(items)
    )


def _penalties_and_rewards(sums: Floats, items: int) -> Floats:
    """Slopes of the outcome (0 to 100) on the low and high flags: (draws, 2 items), penalties first."""
    flags = slice(2 + items, 2 + 3 * items)
    total = sums[:, 0, 0][:, None]
    means, mean_outcome = sums[:, 0, flags] / total, sums[:, 0, 1][:, None] / total
    spread = sums[:, flags, flags] / total[..., None] - means[:, :, None] * means[:, None, :]
    with_outcome = sums[:, flags, 1] / total - means * mean_outcome
    return 100 * np.einsum("bij,bj->bi", inverse(spread), with_outcome)  # type: ignore[no-any-return]


def _asymmetry(
    point: Floats, drawn: Floats, place: int, items: int, shares: Floats, n: float, level: float
) -> Asymmetry:
    columns = (place, items + place)
    enough = min(shares[column] for column in columns) >= _LEAST_SHARE
    penalty, reward = (_estimate(point[c], drawn[:, c], n, level) for c in columns)
    excess_low, excess_high = percentiles(-drawn[:, columns[0]] - drawn[:, columns[1]], level)
    kind: Kind = "even" if enough else "unknown"
    if enough and excess_low > 0 and penalty.ci_high < 0:
        kind = "basic"
    elif enough and excess_high < 0 and reward.ci_low > 0:
        kind = "excitement"
    return Asymmetry(penalty=penalty, reward=reward, kind=kind)


def _estimate(value: float, drawn: Floats, n: float, level: float) -> Estimate:
    low, high = percentiles(drawn, level)
    return Estimate(
        estimate=float(value), ci_low=low, ci_high=high, n=n, level=level, method="block_bootstrap"
    )
