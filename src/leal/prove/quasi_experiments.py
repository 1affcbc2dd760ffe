"""What an action changed that nobody drew by lot: difference in differences, never called randomised."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.engine import FrameLike
from leal.errors import BadValue, Where
from leal.measure import PValue
from leal.prove.panel_gaps import Gaps, Sides, joint_covariance
from leal.prove.panels import NEVER, Panel, PanelGaps, read_panel
from leal.results import Estimate, Grade, Note, checked_count
from leal.statistics import SignificanceTest
from leal.wording import Count, Percent, Text

if TYPE_CHECKING:
    from leal.charts import Style
    from leal.wording import Formatted

Floats = npt.NDArray[np.float64]

TREND_ALARM = 0.05
FEW_CLUSTERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCoefficient(Estimate):
    """The gap between treated and others some periods from the start, against the base before it.

    Attributes
    ----------
    period : int
        Periods since the start: -2, -1, 0 (the first treated one), 1, ...
    base : bool
        Whether it is one of the periods that the others are compared with; a single one is always 0.
    """

    period: int
    base: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelEffect(Estimate):
    """What the treated changed more than the others, a customer and period; not randomised.

    Attributes
    ----------
    standard_error, p_value : float
        By cluster.
    grade : {"B", "C"}
        B where both moved alike before the start, as far as the data can tell; C where they did not or where
        it cannot be looked at. Never A.
    periods : tuple of EventCoefficient
        The effect by periods since the start, those before it included.
    trend : SignificanceTest
        Test that the gap was the same in all periods before the start.
    slope : Estimate
        By how much the gap grew from one period to the next before the start.
    if_trend_went_on : Estimate
        What is left of the effect if that slope had gone on by itself: wide, and unknown below two periods
        before the start.
    treated, untreated, clusters : int
        Customers of each kind; clusters that the standard error rests on.
    """

    standard_error: float
    p_value: float
    grade: Grade
    periods: tuple[EventCoefficient, ...]
    trend: SignificanceTest
    slope: Estimate
    if_trend_went_on: Estimate
    treated: int
    untreated: int
    clusters: int

    @property
    def randomised(self) -> bool:
        """Whether customers were drawn by lot: never here."""
        return False

    @property
    def proved(self) -> bool:
        """Whether it proves that the action worked: never, for only a lot does.

        Who was chosen for what purchases do not show (staff know who will buy more) moves apart after a like
        past: of an action that does nothing 88 of 100 panels told a sure rise so, at grade B.
        """
        return False

    def sentence(self) -> Text:
        """Return the effect in one sentence, with the label that it is not randomised."""
        if not self.known:
            return Text("Not randomised; unknown: too few customers on one side (n = {n}).", n=Count(self.n))
        return Text(
            "Not randomised, grade {grade}: {figure} per customer and period ({level} {low} to {high},"
            " n = {n}); trends before: {trends}.",
            grade=self.grade,
            figure=self.figure(self.estimate),
            level=Percent(self.level),
            low=self.figure(self.ci_low),
            high=self.figure(self.ci_high),
            n=Count(self.n),
            trends=self._trends(),
        )

    def _trends(self) -> Text | Formatted:
        if not self.trend.known:
            return Text("not to be seen")
        if self.trend.p_value < TREND_ALARM:
            return Text("different (p {p})", p=PValue(self.trend.p_value))
        return Text("alike (p {p})", p=PValue(self.trend.p_value))

    def to_frame(self) -> pl.DataFrame:
        """Return one row a period since the start: period, base, estimate, ci_low, ci_high, n."""
        kinds = dict.fromkeys(("estimate", "ci_low", "ci_high", "n"), pl.Float64)
        names = ("period", "base", *kinds)
        return pl.DataFrame(
            [{name: getattr(one, name) for name in names} for one in self.periods],
            schema={"period": pl.Int64, "base": pl.Boolean, **kinds},
        )

    def chart(self, style: Style | None = None) -> Any:
        """Return the effect by periods since the start (an event study) as a Vega-Altair chart."""
        from leal.charts import Style, event_study

        return event_study(self.to_frame(), style or Style())


def panel_effect(
    panel: FrameLike,
    *,
    outcome: str,
    customer: str = "customer",
    time: str = "time",
    treated: str | None = None,
    start: Any = None,
    base: int | None = 1,
    anticipation: int = 0,
    cluster: str | None = None,
    missing: PanelGaps = "error",
    level: float = 0.95,
) -> PanelEffect:
    """Tell what an action changed where nobody was drawn by lot: how much more the treated changed.

    Parameters
    ----------
    panel : dataframe or path
        One row a customer and period.
    outcome, customer, time : str
        Columns: what is to be changed, the customer, the period (a number, a date, a text that sorts).
    treated : str, optional
        Column (true or false) with who was treated; `start` is then the first treated period.
    start : value or str
        The first treated period of all treated; or, without `treated`, the column with each customer's first
        treated period (empty: never treated), where they began at different times.
    base : int, optional
        Periods before the start whose mean is the base: the last one by default, None for all of them. More
        periods are less noise where the gap stood still, and reach further back where it moved.
    anticipation : int
        Periods right before the start that are no base and take no part in the test of trends: those in which
        it was known already, or by which customers were picked.
    cluster : str, optional
        Column of what was treated together (a branch); the customer by default.
    missing : {"error", "zero", "leave_out"}
        What a period without a row means: refuse, no purchase, or leave the customer out (and count them).
    level : float
        Confidence level.

    Returns
    -------
    PanelEffect
        Unknown where fewer than two customers, or clusters, are on one side.

    Raises
    ------
    BadValue
        Nobody was never treated, no period before the start, a customer twice in a period.

    Notes
    -----
    For each beginning g and period t: mean of Y_t - (mean of Y over the base before g) of those who began at
    g minus that of the never treated (Callaway and Sant'Anna 2021), averaged over periods from g on and over
    the treated; with one beginning and one period each this is the plain difference in differences. Each
    treated customer's own gap is what varies, so that when customers began is part of the noise and a
    beginning of few customers does not count as certain. Errors add up by cluster, apart for treated and
    untreated with Welch's degrees of freedom (together where a cluster has both; of a side below five
    clusters only its own). The trend test is Wald's: all gaps before the start, as far as half of the treated
    show them, equal that of the last period before it, whatever the base. The effect holds only if both would
    have moved alike: the trend test can refute that, never show it; `slope` and `if_trend_went_on` say what a
    trend too small to be seen could do. Prefer a holdout (`assign`, `experiment`).

    References
    ----------
    Callaway and Sant'Anna (2021), Journal of Econometrics 225; Bertrand, Duflo, Mullainathan (2004), QJE 119;
    Roth (2022), AER: Insights 4 (what pre-trend tests cannot do); Rambachan and Roth (2023), Review of
    Economic Studies 90 (trends that go on).
    """
    table = read_panel(
        panel,
        outcome=outcome,
        customer=customer,
        time=time,
        treated=treated,
        start=start,
        cluster=cluster,
        missing=missing,
    )
    return effect_of(table, base=base, anticipation=anticipation, level=level)


def effect_of(table: Panel, *, base: int | None, anticipation: int = 0, level: float = 0.95) -> PanelEffect:
    """Return the effect of a panel that is laid out; see `panel_effect`."""
    checked_count(anticipation, "anticipation")
    _require_a_comparison(table, base, anticipation)
    gaps = Gaps(table, base, anticipation)
    trend = _trend(gaps, table)
    effect = gaps.overall()
    grade: Grade = "B" if trend.known and trend.p_value >= TREND_ALARM else "C"
    figures = effect.estimate(level)
    if not figures.known:
        grade = "C"
    went_on = gaps.if_trend_went_on().estimate(level)
    return PanelEffect(
        estimate=figures.estimate,
        ci_low=figures.ci_low,
        ci_high=figures.ci_high,
        n=figures.n,
        level=level,
        method=figures.method,
        notes=(*table.notes, *_doubts(trend, went_on, gaps.sides)),
        standard_error=figures.standard_error,
        p_value=figures.p_value,
        grade=grade,
        periods=tuple(_coefficient(gaps, place, level) for place in gaps.places),
        trend=trend,
        slope=gaps.slope().estimate(level),
        if_trend_went_on=went_on,
        treated=table.treated,
        untreated=table.untreated,
        clusters=table.cluster_count,
    )


def _require_a_comparison(table: Panel, base: int | None, anticipation: int) -> None:
    if base is not None and base < 1:
        raise BadValue(
            Text("The base needs at least one period before the start."),
            hint=Text("Give base=1 for the last period before the start, or None for all before it."),
            where=Where(column="base"),
        )
    if not table.treated or not table.untreated:
        raise BadValue(
            Text("All customers were treated, or none."),
            hint=Text("A change is told from the times only beside customers who were never treated."),
            where=Where(column="treated"),
        )
    first = int(table.starts[table.starts != NEVER].min())
    if first < 1 + anticipation:
        raise BadValue(
            Text("No period lies before the start."),
            hint=Text("Give at least one period before the first treated one, better three."),
            where=Where(column="start"),
        )


def _coefficient(gaps: Gaps, place: int, level: float) -> EventCoefficient:
    found = gaps.of(place).estimate(level)
    last = -1 - gaps.anticipation
    exact = gaps.base == 1 and place == last
    return EventCoefficient(
        estimate=found.estimate,
        ci_low=found.estimate if exact else found.ci_low,
        ci_high=found.estimate if exact else found.ci_high,
        n=found.n,
        level=level,
        method=found.method,
        period=place,
        base=place <= last and (gaps.base is None or place > last - gaps.base),
    )


def _trend(gaps: Gaps, table: Panel) -> SignificanceTest:
    from scipy.special import fdtrc

    before = [gaps.before(place) for place in gaps.places if place < -1 - gaps.anticipation]
    # what few of the treated show, whose starts differ, says too little of its own noise to be tested
    found = [one for one in before if one.shown_by >= max(2, gaps.sides.fewest / 2)]
    count, n = len(found), float(table.outcomes.shape[0])
    blank = SignificanceTest(
        statistic=math.nan, degrees_of_freedom=count, p_value=math.nan, n=n, method="trend_before"
    )
    clusters = len(gaps.sides.parts) * min((one.shown_by for one in found), default=0)
    if not count or clusters <= count + 1:
        return blank
    covariance = joint_covariance(found)
    if np.linalg.matrix_rank(covariance) < count:
        return blank
    heights = np.array([one.gap for one in found])
    wald = float(heights @ np.linalg.solve(covariance, heights))
    statistic = wald * (clusters - count) / (count * (clusters - 1))
    return SignificanceTest(
        statistic=statistic,
        degrees_of_freedom=count,
        p_value=float(fdtrc(count, clusters - count, statistic)),
        n=n,
        method="trend_before",
    )


def _doubts(trend: SignificanceTest, went_on: Estimate, sides: Sides) -> tuple[Note, ...]:
    notes = [
        Note(
            code="not_randomised",
            text=Text(
                "Not randomised: who was treated was not drawn by lot; it holds only if both would have moved"
                " alike."
            ),
        )
    ]
    if not trend.known:
        text = Text("Whether both moved alike before the start cannot be looked at: too few periods.")
        notes.append(Note(code="no_trend_test", text=text))
    elif trend.p_value < TREND_ALARM:
        text = Text("Treated and others moved differently before the start: the gap may be that trend.")
        notes.append(Note(code="trend_before", text=text))
    if went_on.known and trend.known and trend.p_value < TREND_ALARM:
        text = Text(
            "Had the trend before the start gone on, {figure} ({low} to {high}) would be left.",
            figure=went_on.figure(went_on.estimate),
            low=went_on.figure(went_on.ci_low),
            high=went_on.figure(went_on.ci_high),
        )
        notes.append(Note(code="if_trend_went_on", text=text))
    if len(sides.parts) * sides.fewest < FEW_CLUSTERS:
        text = Text(
            "Only {count} clusters on the smaller side: the interval is rough.", count=Count(sides.fewest)
        )
        notes.append(Note(code="few_clusters", text=text))
    return tuple(notes)
