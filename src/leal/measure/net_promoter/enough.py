"""Whether there are enough answers for the margin of error that one needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from leal.measure.net_promoter.nps_result import POINTS, NpsResult
from leal.results import to_plain
from leal.statistics import nps_sample_size
from leal.wording import Count, Points, Text

CAUTIOUS_VARIANCE = 0.65
"""Variance of one answer assumed where too few answers tell it; surveys are mostly between .5 and .8."""

_TELLING = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Enough:
    """Whether an NPS rests on enough answers.

    Attributes
    ----------
    enough : bool
        Whether the margin is reached.
    n, needed : int
        Answers there are, and answers that the margin takes (with the weights and clusters that there are).
    margin, reached : float
        Wanted and present half width of the interval, in points; `reached` is unknown without answers.
    """

    enough: bool
    n: int
    needed: int
    margin: float
    reached: float

    @property
    def missing(self) -> int:
        """How many more answers are needed."""
        return 0 if self.enough else max(self.needed - self.n, 1)

    def sentence(self) -> Text:
        """Return the verdict in one sentence."""
        if self.enough:
            return Text(
                "{n} answers are enough: the margin is {reached} points, {margin} were asked for.",
                n=Count(self.n),
                reached=Points(self.reached, 1),
                margin=Points(self.margin, 1),
            )
        return Text(
            "{n} answers are not enough for a margin of {margin} points: {missing} more are needed.",
            n=Count(self.n),
            margin=Points(self.margin, 1),
            missing=Count(self.missing),
        )

    def __str__(self) -> str:
        return self.sentence()

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain JSON values."""
        return to_plain(self) | {"missing": self.missing, "sentence": str(self)}  # type: ignore[no-any-return]


def enough_answers(result: NpsResult, margin: float = 10.0) -> Enough:
    """Tell whether an NPS rests on enough answers.

    Parameters
    ----------
    result : NpsResult
        What `nps` found.
    margin : float
        Half the width of the interval that is good enough, in points.

    Notes
    -----
    n = z^2 v/e^2 independent answers with the variance found (.65 where fewer than 30 answers tell it), times
    the design effect n/n_effective of weights and clusters.

    Examples
    --------
    >>> from leal.measure import nps_of_counts
    >>> from leal.statistics import NpsCounts
    >>> print(enough_answers(nps_of_counts(NpsCounts(15, 35, 50)), margin=10))
    100 answers are not enough for a margin of 10.0 points: 103 more are needed.
    """
    telling = result.known and result.n_effective >= _TELLING and result.variance > 0
    variance = result.variance if telling else CAUTIOUS_VARIANCE
    design = result.n / result.n_effective if result.known and result.n_effective > 0 else 1.0
    needed = math.ceil(nps_sample_size(margin / POINTS, variance, result.level) * design)
    return Enough(
        enough=telling and result.n >= needed,
        n=int(result.n),
        needed=needed,
        margin=margin,
        reached=(result.ci_high - result.ci_low) / 2,
    )
