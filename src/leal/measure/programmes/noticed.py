"""What was noticed, on counts: the exposed minus the unexposed, what it moved, what was in vain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from leal.results import Estimate, Note, Proportion
from leal.statistics import Comparison, fieller_limits, proportion_interval, welch
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The customers on one side of an action: those exposed to it, or those not.

    Attributes
    ----------
    customers : int
        All of them.
    asked, noticed : int
        Those asked whether they noticed it, and those who said yes.
    scored : int
        Those who gave a score after it started; `score_sum` and `score_squares` are sums over them.
    both : int
        Those asked and scored; `both_noticed` said yes, `both_score` is their sum of scores and
        `both_product` the sum of scores of those who said yes.
    paid : int
        Those whose money is known; `money_sum` and `money_squares` are sums of it since the action started.
    """

    customers: int = 0
    asked: int = 0
    noticed: int = 0
    scored: int = 0
    score_sum: float = 0.0
    score_squares: float = 0.0
    both: int = 0
    both_noticed: int = 0
    both_score: float = 0.0
    both_product: float = 0.0
    paid: int = 0
    money_sum: float = 0.0
    money_squares: float = 0.0

    @property
    def share(self) -> float:
        """The share of those asked who said that they noticed."""
        return self.noticed / self.asked if self.asked else math.nan

    @property
    def mean_score(self) -> float:
        """The mean score."""
        return self.score_sum / self.scored if self.scored else math.nan

    @property
    def _variance_of_mean_score(self) -> float:
        return _sd(self.scored, self.score_sum, self.score_squares) ** 2 / self.scored

    @property
    def _variance_of_share(self) -> float:
        # One yes and one no are added (Agresti and Caffo 2000), so that 0 of 20 is not taken for a certainty.
        share = (self.noticed + 1) / (self.asked + 2)
        return share * (1 - share) / (self.asked + 2)

    @property
    def _covariance(self) -> float:
        """Covariance of mean score and share, which rest in part on the same customers."""
        if not self.both:
            return 0.0
        product = self.both_product / self.both - self.both_score * self.both_noticed / self.both**2
        return self.both * product / (self.scored * self.asked)


def noticed_share(side: Side, level: float = 0.95) -> Proportion:
    """Return the share of those asked who noticed, with the interval of Wilson (1927)."""
    limits = proportion_interval(side.noticed, side.asked, level)
    return Proportion(
        estimate=side.share,
        ci_low=limits.low,
        ci_high=limits.high,
        n=side.asked,
        level=level,
        method=limits.method,
    )


def extra_noticed(exposed: Side, unexposed: Side, level: float = 0.95) -> Proportion:
    """Return what was really noticed: the share of the exposed who noticed minus that of the unexposed.

    Notes
    -----
    The unexposed say yes too (they confuse, or please); the difference removes that. Interval of Newcombe
    (1998, method 10), which joins two Wilson intervals.
    """
    first, second = noticed_share(exposed, level), noticed_share(unexposed, level)
    difference = first.estimate - second.estimate
    below = math.hypot(first.estimate - first.ci_low, second.ci_high - second.estimate)
    above = math.hypot(first.ci_high - first.estimate, second.estimate - second.ci_low)
    return Proportion(
        estimate=difference,
        ci_low=difference - below,
        ci_high=difference + above,
        n=first.n + second.n,
        level=level,
        method="newcombe",
    )


def moved_score(exposed: Side, unexposed: Side, level: float = 0.95) -> Comparison:
    """Return by how much the mean score of the exposed exceeds that of the unexposed (Welch 1947)."""
    return welch(*_moments(exposed), *_moments(unexposed), level)


def earned_money(exposed: Side, unexposed: Side, level: float = 0.95) -> Comparison:
    """Return the money per customer since the start, the exposed minus the unexposed (Welch 1947)."""
    sides = [
        (
            side.money_sum / side.paid if side.paid else math.nan,
            _sd(side.paid, side.money_sum, side.money_squares),
            side.paid,
        )
        for side in (exposed, unexposed)
    ]
    return welch(*sides[0], *sides[1], level)


def effect_on_noticers(exposed: Side, unexposed: Side, level: float = 0.95) -> Estimate:
    """Return what noticing did to the score of those who noticed because they were exposed.

    Notes
    -----
    Wald's estimator (1940): difference of mean scores / difference of shares, valid only where exposure works
    through noticing. The interval is Fieller's (1954), with the covariance of the two differences. Where it
    cannot be told from zero that more of the exposed noticed, no limit holds, and the effect is unknown.
    """
    n = exposed.scored + unexposed.scored
    if min(exposed.scored, unexposed.scored) < 2 or min(exposed.asked, unexposed.asked) < 1:
        return _unknown(n, level, "few_answers")
    score, share = exposed.mean_score - unexposed.mean_score, exposed.share - unexposed.share
    sides = (exposed, unexposed)
    limits = fieller_limits(
        score,
        share,
        sum(side._variance_of_mean_score for side in sides),
        sum(side._variance_of_share for side in sides),
        sum(side._covariance for side in sides),
        NormalDist().inv_cdf(0.5 + level / 2),
    )
    if limits is None:
        return _unknown(n, level, "nothing_noticed")
    return Estimate(
        estimate=score / share, ci_low=limits[0], ci_high=limits[1], n=n, level=level, method="fieller"
    )


def in_vain(cost: float, extra: Proportion) -> Estimate:
    """Return the part of a cost that was spent on what was not noticed: cost (1 - extra share)."""
    reach = [min(1.0, max(0.0, share)) for share in (extra.estimate, extra.ci_low, extra.ci_high)]
    return Estimate(
        estimate=cost * (1 - reach[0]),
        ci_low=cost * (1 - reach[2]),
        ci_high=cost * (1 - reach[1]),
        n=extra.n,
        level=extra.level,
        method=extra.method,
    )


def cost_per_extra_noticer(cost: float, customers: float, extra: Proportion) -> Estimate:
    """Return cost / (customers x extra share); unknown where the extra share may be zero."""
    if not extra.known or extra.ci_low <= 0 or customers <= 0:
        return _unknown(extra.n, extra.level, "nothing_noticed")
    each = cost / customers
    return Estimate(
        estimate=each / extra.estimate,
        ci_low=each / extra.ci_high,
        ci_high=each / extra.ci_low,
        n=extra.n,
        level=extra.level,
        method=extra.method,
    )


def _moments(side: Side) -> tuple[float, float, float]:
    return side.mean_score, _sd(side.scored, side.score_sum, side.score_squares), side.scored


def _sd(n: int, total: float, squares: float) -> float:
    return math.sqrt(max(0.0, (squares - total**2 / n) / (n - 1))) if n > 1 else math.nan


def _unknown(n: float, level: float, code: str) -> Estimate:
    texts = {
        "few_answers": Text("Too few answers on one of the two sides."),
        "nothing_noticed": Text("It is not sure that the exposed noticed it more often than the unexposed."),
    }
    note = Note(code=code, text=texts[code])
    nan = math.nan
    return Estimate(estimate=nan, ci_low=nan, ci_high=nan, n=n, level=level, method="unknown", notes=(note,))
