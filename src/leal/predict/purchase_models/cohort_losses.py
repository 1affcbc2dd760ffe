"""How many of some cohorts were asked to renew, and how many left, by tenure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from leal.errors import BadValue, Where
from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.purchase_model import TooLittleData
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortLosses:
    """Renewals by tenure, all cohorts together.

    Attributes
    ----------
    kept, left : array (renewals,)
        Customers who renewed at the first, second, ... renewal, and who left there.
    n : float
        Customers at the start.
    """

    kept: Floats
    left: Floats
    n: float

    def likelihood(self, logarithms: Floats) -> tuple[float, Floats, Floats]:
        """Return log-likelihood of the sBG model, gradient, second derivatives, by log alpha and log beta.

        A customer asked for the time j + 1 leaves with the chance alpha/(alpha + beta + j).
        """
        alpha, beta = np.exp(logarithms)
        j = np.arange(self.kept.size)
        total = alpha + beta + j
        asked = self.kept + self.left
        value = np.sum(self.left * np.log(alpha / total)) + np.sum(self.kept * np.log((beta + j) / total))
        by_alpha, by_beta, stays = alpha / total, beta / total, beta / (beta + j)
        gradient = np.array(
            [
                np.sum(self.left) - np.sum(asked * by_alpha),
                np.sum(self.kept * stays) - np.sum(asked * by_beta),
            ]
        )
        crossed = np.sum(asked * by_alpha * by_beta)
        hessian = np.array(
            [
                [-np.sum(asked * by_alpha * (1 - by_alpha)), crossed],
                [
                    crossed,
                    np.sum(self.kept * stays * (1 - stays)) - np.sum(asked * by_beta * (1 - by_beta)),
                ],
            ]
        )
        return float(value), gradient, hessian


def constant_fit(losses: CohortLosses) -> tuple[float, float]:
    """Return the one retention rate that fits best, and its log-likelihood."""
    kept, left = float(losses.kept.sum()), float(losses.left.sum())
    rate = kept / (kept + left)
    return rate, kept * float(np.log(rate)) + left * float(np.log1p(-rate))


def losses_of(survivors: Sequence[float] | Sequence[Sequence[float]]) -> CohortLosses:
    """Return losses by tenure of one cohort or several.

    Raises
    ------
    BadValue
        A count is missing, negative or greater than the one before.
    TooLittleData
        Fewer than two renewals, nobody left, or nobody stayed.
    """
    cohorts = [_cohort(row) for row in _rows(survivors)]
    longest = max((row.size for row in cohorts), default=0)
    kept, left = np.zeros(max(longest - 1, 0)), np.zeros(max(longest - 1, 0))
    for row in cohorts:
        kept[: row.size - 1] += row[1:]
        left[: row.size - 1] += row[:-1] - row[1:]
    asked = (kept + left) > 0
    losses = CohortLosses(kept=kept[asked], left=left[asked], n=float(sum(row[0] for row in cohorts)))
    _require_enough(losses)
    return losses


def _rows(survivors: Sequence[float] | Sequence[Sequence[float]]) -> list[object]:
    given: object = survivors
    rows: list[object] = list(given) if isinstance(given, Iterable) else [given]
    nested = any(isinstance(row, Sequence | np.ndarray) for row in rows)
    return rows if nested else [rows]


def _cohort(row: object) -> Floats:
    try:
        counts = np.asarray(row, dtype=np.float64)
    except (TypeError, ValueError):
        counts = np.array([np.nan])
    falling = counts.ndim == 1 and counts.size > 0 and bool(np.all(np.diff(counts) <= 0))
    if falling and np.isfinite(counts).all() and counts[-1] >= 0:
        return counts
    raise BadValue(
        Text("Customers left of a cohort are {counts}, which cannot be.", counts=_told(row)),
        hint=Text("Give counts from the start on, none missing, none greater than the one before."),
        where=Where(column="survivors"),
    )


def _told(row: object) -> str:
    words = repr(row)
    return words if len(words) <= 60 else words[:57] + "..."


def _require_enough(losses: CohortLosses) -> None:
    if losses.kept.size >= 2 and losses.left.sum() > 0 and losses.kept.sum() > 0:
        return
    raise TooLittleData(
        Text("These cohorts show fewer than two renewals, or nobody left, or nobody stayed."),
        hint=Text("Give the customers left after at least two renewals, with some leaving and some staying."),
    )
