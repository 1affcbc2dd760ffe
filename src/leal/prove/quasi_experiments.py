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
from leal.prove.panels import NEVER, Panel, PanelGaps, read_panel
from leal.results import Estimate, Grade, Note
from leal.statistics import SignificanceTest, mean_interval
from leal.wording import Count, Decimal, Percent, Text

if TYPE_CHECKING:
    from leal.charts import Style
    from leal.wording import Formatted

Floats = npt.NDArray[np.float64]

TREND_ALARM = 0.05
FEW_CLUSTERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCoefficient(Estimate):
    """The gap between treated and others some periods from the start, against the last period before it.

    Attributes
    ----------
    period : int
        Periods since the start: -2, -1 (the base, always 0), 0 (the first treated one), 1, ...
    """

    period: int


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
        Test that all gaps before the start are zero.
    treated, untreated, clusters : int
        Customers of each kind; clusters that the standard error rests on.
    """

    standard_error: float
    p_value: float
    grade: Grade
    periods: tuple[EventCoefficient, ...]
    trend: SignificanceTest
    treated: int
    untreated: int
    clusters: int

    @property
    def randomised(self) -> bool:
        """Whether customers were drawn by lot: never here."""
        return False

    @property
    def proved(self) -> bool:
        """Whether the lower limit is above zero and the trends before the start do not speak against it."""
        return self.known and self.ci_low > 0 and self.grade == "B"

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
        """Return one row a period since the start."""
        return pl.DataFrame(
            [
                {
                    "period": one.period,
                    "estimate": one.estimate,
                    "ci_low": one.ci_low,
                    "ci_high": one.ci_high,
                    "n": one.n,
                }
                for one in self.periods
            ],
            schema={
                "period": pl.Int64,
                "estimate": pl.Float64,
                "ci_low": pl.Float64,
                "ci_high": pl.Float64,
                "n": pl.Float64,
            },
        )

    def chart(self, style: Style | None = None) -> Any:
        """Return the effect by periods since the start as a Vega-Altair chart."""
        from leal.charts import Style, interval_bars

        names = [Decimal(one.period, 0, signed=True) for one in self.periods]
        chosen = style or Style()
        table = self.to_frame().with_columns(
            name=pl.Series([name.into(chosen.language) for name in names], dtype=pl.String)
        )
        return interval_bars(
            table.drop("n"),
            chosen,
            measure="number",
            reference=0.0,
            reference_words=Text("no effect"),
            axis_title=Text("not randomised; periods since the start, against the last one before it"),
        )


def panel_effect(
    panel: FrameLike,
    *,
    outcome: str,
    customer: str = "customer",
    time: str = "time",
    treated: str | None = None,
    start: Any = None,
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
    cluster : str, optional
        Column of what was treated together (a branch); the customer by default.
    missing : {"error", "zero", "leave_out"}
        What a period without a row means: refuse, no purchase, or leave the customer out (and count them).
    level : float
        Confidence level.

    Returns
    -------
    PanelEffect
        Unknown where fewer than two customers are on one side.

    Raises
    ------
    BadValue
        Nobody was never treated, no period before the start, a customer twice in a period.

    Notes
    -----
    For each beginning g and period t: mean of Y_t - Y_{g-1} of those who began at g minus that of the never
    treated (Callaway and Sant'Anna 2021), averaged over periods from g on and over beginnings by their
    customers; with one beginning and one period each this is the plain difference in differences. Standard
    errors add influences by cluster, with C/(C - 1) and Student's t of C - 1 degrees of freedom. The trend
    test is Wald's over all periods before g - 1. It holds only if both would have moved alike: the trend test
    can refute that, never show it. Prefer a holdout (`assign`, `experiment`).

    References
    ----------
    Callaway and Sant'Anna (2021), Journal of Econometrics 225; Bertrand, Duflo, Mullainathan (2004), QJE 119;
    Roth (2022), AER: Insights 4 (what pre-trend tests cannot do).
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
    _require_a_comparison(table)
    gaps = _Gaps(table)
    coefficients = tuple(_coefficient(gaps, table, place, level) for place in gaps.places)
    effect, influence = gaps.overall()
    error = _error(influence, table.clusters)
    trend = _trend(gaps, table)
    grade: Grade = "B" if trend.known and trend.p_value >= TREND_ALARM else "C"
    low, high, p_value = _limits(effect, error, table.cluster_count, level)
    few = table.treated < 2 or table.untreated < 2
    if few:
        effect, low, high, error, p_value, grade = math.nan, math.nan, math.nan, math.nan, math.nan, "C"
    return PanelEffect(
        estimate=effect,
        ci_low=low,
        ci_high=high,
        n=table.outcomes.shape[0],
        level=level,
        method="difference_in_differences",
        notes=(*table.notes, *_doubts(trend, table)),
        standard_error=error,
        p_value=p_value,
        grade=grade,
        periods=coefficients,
        trend=trend,
        treated=table.treated,
        untreated=table.untreated,
        clusters=table.cluster_count,
    )


def _require_a_comparison(table: Panel) -> None:
    if not table.treated or not table.untreated:
        raise BadValue(
            Text("All customers were treated, or none."),
            hint=Text("A change is told from the times only beside customers who were never treated."),
            where=Where(column="treated"),
        )
    first = int(table.starts[table.starts != NEVER].min())
    if first < 1:
        raise BadValue(
            Text("No period lies before the start."),
            hint=Text("Give at least one period before the first treated one, better three."),
            where=Where(column="start"),
        )


class _Gaps:
    """The gaps of treated and untreated by periods since the start, and each customer's influence on them."""

    def __init__(self, table: Panel) -> None:
        self.table = table
        self.never = table.starts == NEVER
        self.begins = sorted(set(table.starts[~self.never].tolist()))
        periods = table.outcomes.shape[1]
        reach = {t - g for g in self.begins for t in range(periods)}
        self.places = sorted(reach)

    def of(self, place: int) -> tuple[float, Floats]:
        """Return the gap `place` periods from the start, averaged over the beginnings that show it."""
        pairs = [(g, g + place) for g in self.begins if 0 <= g + place < self.table.outcomes.shape[1]]
        return self._average([[pair] for pair in pairs])

    def overall(self) -> tuple[float, Floats]:
        """Return the gap over all periods from the start on."""
        periods = self.table.outcomes.shape[1]
        return self._average([[(g, t) for t in range(g, periods)] for g in self.begins])

    def _average(self, groups: list[list[tuple[int, int]]]) -> tuple[float, Floats]:
        sizes = [float(np.sum(self.table.starts == pairs[0][0])) for pairs in groups]
        gap, influence = 0.0, np.zeros(len(self.never))
        for pairs, size in zip(groups, sizes, strict=True):
            weight = size / sum(sizes)
            change = np.mean([self._change(g, t) for g, t in pairs], axis=0)
            mine = self.table.starts == pairs[0][0]
            ours, theirs = change[mine].mean(), change[self.never].mean()
            gap += weight * float(ours - theirs)
            influence[mine] += weight * (change[mine] - ours) / mine.sum()
            influence[self.never] -= weight * (change[self.never] - theirs) / self.never.sum()
        return gap, influence

    def _change(self, begin: int, period: int) -> Floats:
        return np.asarray(self.table.outcomes[:, period] - self.table.outcomes[:, begin - 1])


def _summed(influence: Floats, clusters: npt.NDArray[np.int64]) -> Floats:
    return np.asarray(np.bincount(clusters, weights=influence), dtype=np.float64)


def _error(influence: Floats, clusters: npt.NDArray[np.int64]) -> float:
    sums = _summed(influence, clusters)
    count = len(sums)
    return math.sqrt(count / (count - 1) * float(sums @ sums)) if count > 1 else math.nan


def _limits(gap: float, error: float, clusters: int, level: float) -> tuple[float, float, float]:
    from scipy.special import stdtr

    limits = mean_interval(gap, error * math.sqrt(clusters), clusters, level)
    if not limits.known:
        return math.nan, math.nan, math.nan
    if error == 0:
        return limits.low, limits.high, 0.0 if gap else 1.0
    return limits.low, limits.high, float(2 * stdtr(clusters - 1, -abs(gap / error)))


def _coefficient(gaps: _Gaps, table: Panel, place: int, level: float) -> EventCoefficient:
    gap, influence = gaps.of(place)
    low, high = gap, gap
    if place != -1:
        low, high, _ = _limits(gap, _error(influence, table.clusters), table.cluster_count, level)
    return EventCoefficient(
        estimate=gap,
        ci_low=low,
        ci_high=high,
        n=table.outcomes.shape[0],
        level=level,
        method="difference_in_differences",
        period=place,
    )


def _trend(gaps: _Gaps, table: Panel) -> SignificanceTest:
    from scipy.special import fdtrc

    before = [place for place in gaps.places if place < -1]
    found = [gaps.of(place) for place in before]
    clusters, count = table.cluster_count, len(before)
    n = float(table.outcomes.shape[0])
    blank = SignificanceTest(
        statistic=math.nan, degrees_of_freedom=count, p_value=math.nan, n=n, method="trend_before"
    )
    if not count or clusters <= count + 1:
        return blank
    sums = np.column_stack([_summed(influence, table.clusters) for _, influence in found])
    covariance = sums.T @ sums * clusters / (clusters - 1)
    if np.linalg.matrix_rank(covariance) < count:
        return blank
    heights = np.array([gap for gap, _ in found])
    wald = float(heights @ np.linalg.solve(covariance, heights))
    statistic = wald * (clusters - count) / (count * (clusters - 1))
    return SignificanceTest(
        statistic=statistic,
        degrees_of_freedom=count,
        p_value=float(fdtrc(count, clusters - count, statistic)),
        n=n,
        method="trend_before",
    )


def _doubts(trend: SignificanceTest, table: Panel) -> tuple[Note, ...]:
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
    if table.cluster_count < FEW_CLUSTERS:
        text = Text("Only {count} clusters: the interval is rough.", count=Count(table.cluster_count))
        notes.append(Note(code="few_clusters", text=text))
    return tuple(notes)
