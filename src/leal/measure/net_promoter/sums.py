"""What a group's answers add up to: the whole of what an NPS is made of. Groups add and subtract."""

from __future__ import annotations

from dataclasses import dataclass

from leal.results import Note
from leal.statistics import NpsCounts, effective_n

_SMALLEST_REST = 1e-4
"""The least share of a base that counts as silent: an interval of no width would say too much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The sums of one group.

    Attributes
    ----------
    answers : tuple of int
        Detractors, passives, promoters, unweighted.
    weights : tuple of float
        Sums of their weights.
    squares : float
        Sum of the squared weights.
    unanswered : int
        Rows without a score.
    design_effect : float
        Variance over that of independent answers with the same weights; 1 without clusters.
    base : int or None
        Customers in the whole base.
    notes : tuple of Note
        Remarks that are known already.
    """

    answers: tuple[int, ...]
    weights: tuple[float, ...]
    squares: float
    unanswered: int = 0
    design_effect: float = 1.0
    base: int | None = None
    notes: tuple[Note, ...] = ()

    @property
    def n(self) -> int:
        """Answers with a score."""
        return sum(self.answers)

    @property
    def weight(self) -> float:
        """Sum of the weights."""
        return sum(self.weights)

    @property
    def shares(self) -> NpsCounts:
        """Weighted shares of detractors, passives and promoters; all zero without answers."""
        total = self.weight
        return (
            NpsCounts(*(weight / total for weight in self.weights)) if total > 0 else NpsCounts(0.0, 0.0, 0.0)
        )

    @property
    def kish(self) -> float:
        """Effective number of answers by their weights alone."""
        return effective_n(self.weight, self.squares) if self.weight > 0 else 0.0

    @property
    def n_effective(self) -> float:
        """Independent, equally weighted answers of an endless base that would say as much."""
        return self.kish / self.design_effect * _gain_of_base(self.n, self.base)

    @property
    def counts(self) -> NpsCounts:
        """Shares times the effective number of answers."""
        shares, n = self.shares, self.n_effective
        return NpsCounts(shares.detractors * n, shares.passives * n, shares.promoters * n)

    def __add__(self, other: Sums) -> Sums:
        """Return two groups of different people as one; without a design effect, a base or notes."""
        return Sums(
            answers=tuple(own + its for own, its in zip(self.answers, other.answers, strict=True)),
            weights=tuple(own + its for own, its in zip(self.weights, other.weights, strict=True)),
            squares=self.squares + other.squares,
            unanswered=self.unanswered + other.unanswered,
        )

    def rest(self, group: Sums) -> Sums:
        """Return the sums of all but one of the groups that these are the sums of."""
        return Sums(
            answers=tuple(all_ - own for all_, own in zip(self.answers, group.answers, strict=True)),
            weights=tuple(
                max(all_ - own, 0.0) for all_, own in zip(self.weights, group.weights, strict=True)
            ),
            squares=max(self.squares - group.squares, 0.0),
            unanswered=self.unanswered - group.unanswered,
            design_effect=self.design_effect,
        )


def _gain_of_base(n: float, base: int | None) -> float:
    """Return by what factor answers of a finite base are worth more: (N - 1)/(N - n)."""
    if base is None or base <= 1 or n <= 0:
        return 1.0
    return (base - 1) / max(base - n, base * _SMALLEST_REST)
