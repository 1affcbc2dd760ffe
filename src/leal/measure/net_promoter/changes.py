"""Whether an NPS moved by more than noise: against an earlier one, or against a target."""

from __future__ import annotations

import math
from dataclasses import dataclass

from leal.measure.net_promoter.nps_result import POINTS, NpsResult
from leal.measure.p_values import PValue
from leal.results import Estimate
from leal.statistics import Comparison, nps_difference
from leal.wording import Formatted, Points, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NpsChange(Estimate):
    """The change of an NPS, in points, with its verdict.

    Attributes
    ----------
    estimate : float
        NPS after less NPS before.
    before, after : float
        The two, in points.
    standard_error : float
        In points.
    p_value : float
        Two-sided, of "no change".
    """

    before: float
    after: float
    standard_error: float
    p_value: float

    @property
    def clear(self) -> bool:
        """Whether it is more than noise."""
        return self.known and self.p_value < 1 - self.level

    def figure(self, value: float) -> Formatted:
        """Return points with their sign."""
        return Points(value, signed=True)

    def sentence(self) -> Text:
        """Return the verdict in words."""
        if not self.known:
            return Text("change unknown: one of the two sides has no answers")
        values: dict[str, object] = {
            "points": Points(abs(self.estimate)),
            "change": self.figure(self.estimate),
            "low": self.figure(self.ci_low),
            "high": self.figure(self.ci_high),
            "p": PValue(self.p_value),
        }
        if not self.clear:
            return Text("no clear change: {change} points ({low} to {high}, p {p})", **values)
        if self.estimate > 0:
            return Text("up by {points} points ({low} to {high}, p {p})", **values)
        return Text("down by {points} points ({low} to {high}, p {p})", **values)


def nps_change(after: NpsResult, before: NpsResult | float) -> NpsChange:
    """Tell whether an NPS differs from an earlier one, or from a target, by more than noise.

    Parameters
    ----------
    after : NpsResult
        What was measured now.
    before : NpsResult or float
        What was measured earlier on other people, or a target in points. For the same people, or waves that
        share some, use `compare_waves`: this test would call too much of their change noise.

    Notes
    -----
    Two results: adjusted Wald (Rocks 2016) on their effective numbers of answers. A target: the interval of
    `after`, moved by it; p from the standard error of the score at hand.
    """
    if isinstance(before, NpsResult):
        found = nps_difference(after.counts, before.counts, after.level)
        return change_of(found, before.estimate, after.estimate)
    return _against_target(after, before)


def change_of(found: Comparison, before: float, after: float) -> NpsChange:
    """Return a comparison on the scale -2..2 as a change in points."""
    return NpsChange(
        estimate=POINTS * found.estimate,
        ci_low=POINTS * found.ci_low,
        ci_high=POINTS * found.ci_high,
        n=found.n,
        level=found.level,
        method=found.method,
        notes=found.notes,
        before=before,
        after=after,
        standard_error=POINTS * found.standard_error,
        p_value=found.p_value,
    )


def _against_target(after: NpsResult, target: float) -> NpsChange:
    low, high = after.ci_low - target, after.ci_high - target
    error = after.standard_error
    return NpsChange(
        estimate=after.estimate - target,
        ci_low=low,
        ci_high=high,
        n=after.n,
        level=after.level,
        method=after.method,
        notes=after.notes,
        before=target,
        after=after.estimate,
        standard_error=error,
        p_value=_p_value(after, target),
    )


def _p_value(after: NpsResult, target: float) -> float:
    """Return the p value at which the interval of `after` would just touch the target."""
    from scipy.optimize import brentq

    from leal.statistics import nps_interval

    if not after.known:
        return math.nan

    def gap(log_p: float) -> float:
        found = nps_interval(after.counts, 1 - math.exp(log_p))
        return POINTS * found.low - target if after.estimate > target else target - POINTS * found.high

    least, most = math.log(1e-12), math.log(1 - 1e-9)
    if math.isclose(after.estimate, target, abs_tol=1e-9) or gap(most) < 0:
        return 1.0
    return 0.0 if gap(least) > 0 else math.exp(float(brentq(gap, least, most)))
