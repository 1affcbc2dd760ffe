"""How well a number tells those to whom something happened from those to whom it did not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.results import Proportion
from leal.statistics.comparisons import Comparison, compared
from leal.statistics.numbers import UNKNOWN, Floats, floats, two_sided_z
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasUnderCurve:
    """Areas under the ROC curve of several numbers of the same people, with their covariance.

    Attributes
    ----------
    estimates : array of shape (numbers,)
        Probability that of one of each kind the one to whom it happened has the higher number, ties half.
    covariance : array of shape (numbers, numbers)
        Their covariance.
    n : int
        People.
    level : float
        Confidence level.
    """

    estimates: Floats
    covariance: Floats
    n: int
    level: float

    def area(self, place: int) -> Proportion:
        """Return one area with its interval, on the logit, so that it never leaves 0..1."""
        value, error = float(self.estimates[place]), math.sqrt(max(float(self.covariance[place, place]), 0.0))
        low, high = value, value
        if 0 < value < 1:
            reach = two_sided_z(self.level) * error / (value * (1 - value))
            logit = math.log(value / (1 - value))
            low, high = (1 / (1 + math.exp(-end)) for end in (logit - reach, logit + reach))
        return Proportion(
            estimate=value, ci_low=low, ci_high=high, n=self.n, level=self.level, method="delong"
        )

    def difference(self, one: int, other: int) -> Comparison:
        """Return by how much one area exceeds another, paired over people."""
        spread = self.covariance
        variance = float(spread[one, one] + spread[other, other] - 2 * spread[one, other])
        gap = float(self.estimates[one] - self.estimates[other])
        return compared(gap, math.sqrt(max(variance, 0.0)), self.n, self.level, "delong")


def areas_under_curve(
    numbers: npt.ArrayLike, happened: npt.ArrayLike, level: float = 0.95
) -> AreasUnderCurve:
    """Return how well each of several numbers tells two kinds of people apart.

    Parameters
    ----------
    numbers : array of shape (numbers, people)
        Higher where it is the more likely.
    happened : array of shape (people,)
        0 or 1.
    level : float
        Confidence level.

    Returns
    -------
    AreasUnderCurve
        Unknown (not-a-number) where there are fewer than two of either kind.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845; Sun and Xu (2014), IEEE Signal
    Processing Letters 21, 1389-1393.
    """
    values, outcome = np.atleast_2d(floats(numbers)), floats(happened)
    if values.shape[1] != len(outcome) or not np.isin(outcome, (0.0, 1.0)).all():
        raise BadValue(
            Text("What happened is coded otherwise than 0 and 1, or the lengths differ."),
            hint=Text("Give one 0 or 1 for each person."),
            where=Where(column="happened"),
        )
    yes = outcome == 1
    n_yes, n_no = int(yes.sum()), int((~yes).sum())
    if min(n_yes, n_no) < 2:
        nothing = np.full(len(values), UNKNOWN)
        return AreasUnderCurve(
            estimates=nothing,
            covariance=np.full((len(values),) * 2, UNKNOWN),
            n=len(outcome),
            level=level,
        )
    above, below = [], []
    for row in values:
        among_all = _midranks(row)
        above.append((among_all[yes] - _midranks(row[yes])) / n_no)
        below.append(1 - (among_all[~yes] - _midranks(row[~yes])) / n_yes)
    placed_yes, placed_no = np.stack(above), np.stack(below)
    covariance = np.atleast_2d(np.cov(placed_yes)) / n_yes + np.atleast_2d(np.cov(placed_no)) / n_no
    return AreasUnderCurve(
        estimates=placed_yes.mean(axis=1), covariance=covariance, n=len(outcome), level=level
    )


def _midranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    return floats(rankdata(values))
