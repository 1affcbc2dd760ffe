"""The three counts that an NPS rests on, and an interval around a figure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from leal.errors import BadValue, Where
from leal.statistics.numbers import UNKNOWN, checked_counts
from leal.wording import Text

HIGHEST_DETRACTOR = 6
HIGHEST_PASSIVE = 8
HIGHEST_SCORE = 10


@dataclass(frozen=True, slots=True)
class NpsCounts:
    """How many detractors (0-6), passives (7-8) and promoters (9-10) answered.

    Counts may be fractional: weighted answers, or effective numbers of answers.

    Attributes
    ----------
    detractors, passives, promoters : float
        Counts from zero up.

    Examples
    --------
    >>> counts = NpsCounts(15, 35, 50)
    >>> counts.n, counts.score, round(counts.standard_error, 5)
    (100, 0.35, 0.07263)
    """

    detractors: float
    passives: float
    promoters: float

    def __post_init__(self) -> None:
        checked_counts([self.detractors, self.passives, self.promoters], "counts")

    @classmethod
    def of_scores(cls, scores: Iterable[float]) -> Self:
        """Count answers to "how likely are you to recommend us?", whole numbers from 0 to 10.

        Raises
        ------
        BadValue
            When a score is not a whole number from 0 to 10: 6.5 falls in no group, 11 on no scale.
        """
        values = np.asarray(list(scores), dtype=np.float64)
        on_scale = (values >= 0) & (values <= HIGHEST_SCORE) & (values == np.floor(values))
        if not np.all(on_scale):
            raise BadValue(
                Text("The score {score} is not on the scale.", score=f"{values[~on_scale][0]:g}"),
                hint=Text("NPS takes whole numbers from 0 to 10."),
                where=Where(column="recommend"),
            )
        detractors = int(np.sum(values <= HIGHEST_DETRACTOR))
        promoters = int(np.sum(values > HIGHEST_PASSIVE))
        return cls(detractors, len(values) - detractors - promoters, promoters)

    @property
    def n(self) -> float:
        """Number of answers."""
        return self.detractors + self.passives + self.promoters

    @property
    def score(self) -> float:
        """NPS on the scale -1..1: promoters minus detractors over answers; not-a-number without answers."""
        return (self.promoters - self.detractors) / self.n if self.n else UNKNOWN

    @property
    def variance(self) -> float:
        """Variance of one answer (-1, 0, +1), the population form: (promoters + detractors)/n - score^2.

        Summed from squared distances, which loses no digits where nearly all answers are alike.
        """
        if not self.n:
            return UNKNOWN
        score = self.score
        squares = (
            self.detractors * (1 + score) ** 2 + self.passives * score**2 + self.promoters * (1 - score) ** 2
        )
        return squares / self.n

    @property
    def standard_error(self) -> float:
        """Standard error of the score on the scale -1..1."""
        return math.sqrt(self.variance / self.n) if self.n else UNKNOWN

    def __add__(self, other: NpsCounts) -> NpsCounts:
        return NpsCounts(
            self.detractors + other.detractors,
            self.passives + other.passives,
            self.promoters + other.promoters,
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure lies with the given confidence.

    Attributes
    ----------
    low, high : float
        Limits, in the unit of the figure; not-a-number where nothing is known.
    level : float
        Confidence level, .95 by default.
    method : str
        Stable name of the method.
    """

    low: float
    high: float
    level: float
    method: str

    @property
    def known(self) -> bool:
        """Whether there was enough to give an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def width(self) -> float:
        """Distance between the limits."""
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high
