"""What is true of a simulated company: the planted quantities, each with its definition."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

GROUPS = ("detractor", "passive", "promoter")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTruth:
    """What is true of the scores, in points of NPS.

    Attributes
    ----------
    nps_base : float
        NPS if everybody who is asked answered; the weighted NPS of the answers estimates it.
    nps_answering : float
        NPS of those who answer; the unweighted NPS of the answers estimates it.
    shares_base : dict
        Shares of detractors, passives, promoters among all asked.
    nps_by_segment, nps_by_unit : dict
        NPS of the answering, by segment and by branch.
    nps_before, nps_after : float
        NPS of the answering before and from the day of the fall.
    nps_segment_before, nps_segment_after : float
        The same in the segment that the fall hit.
    response_rate : float
        Share of the asked who answer.
    """

    nps_base: float
    nps_answering: float
    shares_base: Mapping[str, float]
    nps_by_segment: Mapping[str, float]
    nps_by_unit: Mapping[str, float]
    nps_before: float
    nps_after: float
    nps_segment_before: float
    nps_segment_after: float
    response_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTruth:
    """What is true of purchases; a customer's group is that of their last answer.

    Those who answered stand for all who were asked: each weighs the inverse of the true chance to answer.

    Attributes
    ----------
    group_shares : dict
        Shares of customers in each group.
    repeat_shares : dict
        Shares of the groups in all repeat sales (after the first day of purchase, refunds off).
    repeat_per_head : dict
        Repeat sales per customer of the group, over the whole data.
    yearly_churn : dict
        Share of each group's customers active a year before the end who left within that year; ``"all"`` too.
    kept : float
        Of those who bought in the last but one 365 days, the share who bought in the last.
    satisfied_leavers : float
        Share of all customers who left for reasons of their own with a satisfaction above the mean.
    moving : dict of dict
        What moving is worth within customers: yearly margin a head in the window after the second of two
        successive answers minus that before the first, of those who moved, less the same of those who stayed.
        By movement (``"passive to promoter"``) and length of the windows in days.
    cohort_retention : tuple of float
        Share of customers who buy in the k-th 30 days after the first purchase, k = 1, 2, ... 12, of those
        whom the data cover for that long.
    retention_per_point : float
        What a point of satisfaction (1 to 10) does to yearly retention (a share): everybody a half point more
        content against a half point less, from the first day of the last twelve months on.
    """

    group_shares: Mapping[str, float]
    repeat_shares: Mapping[str, float]
    repeat_per_head: Mapping[str, float]
    yearly_churn: Mapping[str, float]
    kept: float
    satisfied_leavers: float
    moving: Mapping[str, Mapping[int, float]]
    cohort_retention: tuple[float, ...]
    retention_per_point: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTruth:
    """What is true of one action; effects are of being treated, whether or not it was noticed.

    Attributes
    ----------
    noticed : float
        Share of the exposed who truly notice it.
    noticed_above_unexposed : float
        Share who say so when exposed, minus the share who say so when not: what a survey can find.
    satisfaction : float
        Effect on mean satisfaction (1 to 10) in answers after the start.
    spend, margin : float
        Effect on the money per customer, from the start to the end of the data, refunds off.
    bought_after : float
        Effect on the share of customers with a purchase after the start.
    active_at_end : float
        Effect on the share of customers with a purchase in the last 90 days.
    cost : float
        Cost per treated customer (only the exposed cost anything).
    """

    noticed: float
    noticed_above_unexposed: float
    satisfaction: float
    spend: float
    margin: float
    bought_after: float
    active_at_end: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandTruth:
    """What is true of one brand.

    Attributes
    ----------
    score : float
        Mean of what all respondents think of it, 0 to 100, whether or not they rated it.
    share : float
        Share of the market a year ago.
    now : dict
        Where those who used it then are now.
    """

    score: float
    share: float
    now: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class WishTruth:
    """What is true of one wish.

    Attributes
    ----------
    reach : float
        Share of customers who have it.
    value : float
        Money a year per customer who has it.
    cost : float
        Money a year per customer of the whole base.
    feasibility : float
        Probability that it succeeds.
    payoff : float
        reach x value x feasibility - cost: money a year per customer of the whole base.
    """

    reach: float
    value: float
    cost: float
    feasibility: float
    payoff: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The planted quantities of a plan; they hold for every company made of it, whatever the seed.

    Attributes
    ----------
    scores : ScoreTruth
        NPS of the base and of the answering, by group, before and after the fall.
    money : MoneyTruth
        Repeat sales and churn by group, cohorts, satisfied leavers.
    actions : dict of ActionTruth
        By name.
    brands : dict of BrandTruth
        By name, our own first.
    wishes : dict of WishTruth
        By name.
    fall_date : date
        First day of the fall of mood.
    fall_segment : str
        The segment that it hit.
    version_date : date
        First day of the second version of the questionnaire.
    version_shift : float
        What that version adds to satisfaction before rounding; nothing to the likelihood to recommend.
    paths : dict
        Path coefficients between latents of variance 1, target to source to coefficient.
    loadings : dict
        Loadings of the items on latents.
    first_cause : str
        The item whose cause moves satisfaction most: it must lead the drivers.
    useless_segments, true_segments : str
        The column of customers that says nothing of money, and the one that does.
    loud_wish : str
        The wish that is heard most and pays nothing.
    ways : dict
        Mean share of each way to loyalty among those who answer: uniqueness, economic, emotional.
    """

    scores: ScoreTruth
    money: MoneyTruth
    actions: Mapping[str, ActionTruth]
    brands: Mapping[str, BrandTruth]
    wishes: Mapping[str, WishTruth]
    fall_date: dt.date
    fall_segment: str
    version_date: dt.date
    version_shift: float
    paths: Mapping[str, Mapping[str, float]]
    loadings: Mapping[str, Mapping[str, float]]
    first_cause: str
    useless_segments: str
    true_segments: str
    loud_wish: str
    ways: Mapping[str, float]

    def to_frame(self) -> pl.DataFrame:
        """Return one row a quantity: its name with dots (``actions.Bonus points.spend``) and its value."""
        rows = [(name, str(value)) for name, value in _flat("", self)]
        return pl.DataFrame(rows, schema=["quantity", "value"], orient="row")


def _flat(prefix: str, value: object) -> list[tuple[str, object]]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        value = {str(number): item for number, item in enumerate(value, start=1)}
    if not isinstance(value, Mapping):
        return [(prefix, value)]
    start = prefix + "." if prefix else ""
    return [row for name, item in value.items() for row in _flat(f"{start}{name}", item)]
