"""What makes customers leave from one period to the next: attitude, behaviour, and the two together."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.errors import BadOption, BadValue, MissingColumn, Where
from leal.measure.programmes.noticing_counts import flag
from leal.predict.foretelling.sampling_weights import require_weights
from leal.predict.leaving.hazard_design import HazardDesign, design_of
from leal.predict.leaving.hazard_periods import PERIOD_DAYS, FollowedPeriods
from leal.results import Grade, Note, Proportion, Result, to_plain
from leal.statistics import LogisticFit, logistic_regression, proportion_interval, two_sided_z
from leal.wording import Count, Formatted, Percent, Points, Text

Floats = NDArray[np.float64]
AttitudeForm = Literal["linear", "groups", "spline"]
_FORMS: tuple[AttitudeForm, ...] = ("linear", "groups", "spline")

FEWEST_LEFT = 20
"""Customers who left below which nothing is said of what makes them leave."""

_DAYS_IN_YEAR = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionEffect(Proportion):
    """What one point of a score goes with in yearly retention (a share: .01 is one percentage point).

    Attributes
    ----------
    standard_error : float
        Clustered by customer.
    grade : {"C"}
        A correlation among customers who behaved alike; an experiment may replace it.
    """

    standard_error: float
    grade: Grade = "C"

    def figure(self, value: float) -> Formatted:
        """Return a change of retention as it is written, in percentage points."""
        return Points(100 * value, 2, signed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """Which columns of a table of periods move the risk of leaving, and how.

    Attributes
    ----------
    attitude : str
        Column of the score.
    form : {"linear", "groups", "spline"}
        How the risk follows it: by the point, by groups cut at `cuts`, or along a natural cubic spline.
    cuts : tuple of float
        Least scores of the groups above the lowest: 7 and 9 make detractors, passives, promoters.
    change : str or None
        Column of the change of the score; None, or a column that is absent, leaves it out.
    behaviour : tuple of str
        Columns of behaviour; those absent are left out.
    interaction : bool
        Whether attitude works differently with behaviour (each behaviour times the score, both centred).
    tenure : str or None
        Column of periods since the beginning, whose bands have risks of their own.
    period_days : int
        Length of a period, for yearly retention.
    """

    attitude: str = "score"
    form: AttitudeForm = "linear"
    cuts: tuple[float, ...] = (7.0, 9.0)
    change: str | None = "change"
    behaviour: tuple[str, ...] = ("recency", "trend", "contacts")
    interaction: bool = True
    tenure: str | None = "tenure"
    period_days: int = PERIOD_DAYS

    def fit(
        self, periods: FollowedPeriods | pl.DataFrame, *, weight: str | None = None, level: float = 0.95
    ) -> HazardFit:
        """Return the risk of leaving in a period as a function of what was known when it began.

        Parameters
        ----------
        periods : FollowedPeriods or DataFrame
            What `followed_periods` gave (whose length of a period holds), or a frame of your own with one row
            a customer and period: ``customer``, ``left``, and the columns that this specification names.
        weight : str, optional
            Column of sampling weights.
        level : float
            Confidence level.

        Returns
        -------
        HazardFit
            Unknown where fewer than 20 customers left or nobody stayed, where a column separates them
            perfectly, and where the score is the same in all rows or another column says the same.

        Notes
        -----
        log h/(1 - h) = a(tenure) + f(S) + b_d dS + b_B B + b_SB (S - mean)(B - mean), fitted by maximum
        likelihood over all periods in which a customer was there; standard errors clustered by customer. It
        is Cox's model in discrete time. A customer enters with the survey (left truncation), so that the time
        survived before it counts for nothing. All of it is correlation: content customers may differ in more
        than content.

        References
        ----------
        Bolton (1998), Marketing Science 17(1); Allison (1982), Sociological Methodology 13.
        """
        if self.form not in _FORMS:
            raise BadOption("form", self.form, list(_FORMS))
        if isinstance(periods, FollowedPeriods):
            found = replace(self, period_days=periods.period_days).fit(
                periods.frame, weight=weight, level=level
            )
            return replace(found, notes=(*periods.notes, *found.notes))
        for column in ("customer", "left", self.attitude, *([weight] if weight else [])):
            if column not in periods.columns:
                raise MissingColumn(column, periods.columns, table="periods")
        require_weights(periods, weight)
        rows = _complete(self, periods, weight)
        events, people = int(rows["left"].sum()), rows["customer"].n_unique()
        notes = _left_out(periods.height - rows.height)
        who_left = rows.filter("left")["customer"].n_unique()
        if who_left < FEWEST_LEFT:
            return _unknown(self, rows, level, (*notes, _few(who_left)))
        if events == rows.height:
            return _unknown(self, rows, level, (*notes, _nobody_stayed()))
        design = design_of(self, rows)
        if not design.tells_the_score_apart(rows):
            return _unknown(self, rows, level, (*notes, *design.notes, _same_score(self.attitude)))
        weights = None if weight is None else rows[weight].cast(pl.Float64).to_numpy()
        fit = logistic_regression(
            design.matrix(rows), rows["left"].to_numpy(), clusters=rows["customer"], weights=weights
        )
        if not fit.converged:
            return _unknown(self, rows, level, (*notes, *design.notes, _separated()))
        return HazardFit(
            model=self,
            design=design,
            n=people,
            rows=rows.height,
            events=events,
            level=level,
            notes=(*notes, *design.notes),
            _fit=fit,
            _frame=rows,
            _weights=weights,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardFit(Result):
    """A fitted risk of leaving.

    Attributes
    ----------
    model : Hazard
        What was fitted.
    design : HazardDesign or None
        How rows become columns; None where nothing could be fitted.
    n, rows, events : int
        Customers, their periods, and those of them who left.
    level : float
        Confidence level.
    notes : tuple of Note
        Doubts.
    """

    model: Hazard
    design: HazardDesign | None
    n: int
    rows: int
    events: int
    level: float
    notes: tuple[Note, ...] = ()
    _fit: LogisticFit | None = field(default=None, repr=False, compare=False)
    _frame: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False, compare=False)
    _weights: Floats | None = field(default=None, repr=False, compare=False)

    @property
    def known(self) -> bool:
        """Whether there was enough to fit anything."""
        return self._fit is not None

    @property
    def left(self) -> int:
        """Customers who left, each counted once though rows may say so twice."""
        return int(self._frame.filter("left")["customer"].n_unique()) if self._frame.height else 0

    @property
    def by_silence(self) -> bool:
        """Whether silence of a period was taken for leaving, as no dates of leaving are known."""
        return any(note.code == "silence_for_leaving" for note in self.notes)

    def who_leaves(self) -> Text:
        """Return how many leave in a period, or fall silent where that is all that is known."""
        risk, days = Percent(self.average_risk.estimate, 1), Count(self.model.period_days)
        if self.by_silence:
            return Text("{risk} of customers fall silent for {days} days.", risk=risk, days=days)
        return Text("{risk} of customers leave in {days} days.", risk=risk, days=days)

    @property
    def log_likelihood(self) -> float | None:
        """At the maximum; None where nothing was fitted."""
        return None if self._fit is None else self._fit.log_likelihood

    @property
    def coefficients(self) -> pl.DataFrame:
        """One row a term: term, estimate (log odds), standard_error, ci_low, ci_high, p_value."""
        if self._fit is None or self.design is None:
            return pl.DataFrame(schema={"term": pl.String} | dict.fromkeys(_FIGURES, pl.Float64))
        beta, error = self._fit.coefficients, self._fit.standard_errors
        z = two_sided_z(self.level)
        ratio = np.divide(beta, error, out=np.zeros_like(beta), where=error > 0)
        p_values = [math.erfc(abs(one) / math.sqrt(2)) for one in ratio]
        return pl.DataFrame(
            {
                "term": list(self.design.terms),
                "estimate": beta,
                "standard_error": error,
                "ci_low": beta - z * error,
                "ci_high": beta + z * error,
                "p_value": p_values,
            }
        )

    def risk(self, periods: pl.DataFrame) -> Floats:
        """Return the predicted risk of leaving in the next period, one value a row (0..1)."""
        if self._fit is None or self.design is None:
            return np.full(periods.height, math.nan)
        return self._fit.probabilities(self.design.matrix(periods))

    @property
    def average_risk(self) -> Proportion:
        """The mean predicted risk of a period, of the customers fitted; its interval is clustered."""
        if self._fit is None or self.design is None:
            return Proportion.unknown(self.n, self.level, notes=self.notes)
        design = self.design.matrix(self._frame)
        risk = self._fit.probabilities(design)
        error = self._fit.error_of_mean(risk, (risk * (1 - risk))[:, None] * design, self._weights)
        estimate = float(np.average(risk, weights=self._weights))
        # as a score interval on the customers that would have this error, it never leaves 0..1
        worth = estimate * (1 - estimate) / max(error**2, 1e-300)
        limits = proportion_interval(estimate * worth, worth, self.level)
        return Proportion(
            estimate=estimate,
            ci_low=limits.low,
            ci_high=limits.high,
            n=self.n,
            level=self.level,
            method="clustered",
            notes=self.notes,
        )

    def retention_effect(self, scale: tuple[float, float] | None = None) -> RetentionEffect:
        """Return what one point of the score goes with in yearly retention: dRetention/dSatisfaction.

        Parameters
        ----------
        scale : tuple of float, optional
            Least and greatest score; given, the point is one of 0 to 100 (the unit of the index), otherwise
            one of the score's own.

        Returns
        -------
        RetentionEffect
            Change of the share still there after a year.

        Notes
        -----
        The average over all periods fitted of (1 - h)^(365/days) half a point above the score minus half a
        point below; with groups a whole point above minus none, no score going beyond the highest. The
        standard error knows that other customers would have other coefficients and other scores (delta
        method, clustered). It holds behaviour fixed: what a better mood does by way of more frequent
        purchases is not in it.
        """
        if not self.known:
            return self._unknown_effect()
        half = (0.5, -0.5) if self.model.form != "groups" else (1.0, 0.0)
        up, down = (self._shifted(self.model.attitude, by) for by in half)
        return self._effect(up, down, 1.0 if scale is None else (scale[1] - scale[0]) / 100)

    def effect_of(self, column: str, step: float = 1.0) -> RetentionEffect:
        """Return what `step` more of a column of behaviour goes with in yearly retention.

        Parameters
        ----------
        column : str
            The change of the score, or one of the columns of behaviour that were fitted.
        step : float
            How much more, in the column's own unit; of a logarithm log(2) doubles what it is taken of.

        Returns
        -------
        RetentionEffect
            Reckoned as `retention_effect` is, all other columns held fixed.

        Raises
        ------
        MissingColumn
            The column was not fitted, for it was absent or the same in all rows.
        """
        if self.design is None:
            return self._unknown_effect()
        if column not in self.design.plain:
            raise MissingColumn(column, list(self.design.plain), table="periods")
        return self._effect(self._shifted(column, step / 2), self._shifted(column, -step / 2), 1.0)

    def _unknown_effect(self) -> RetentionEffect:
        return RetentionEffect.unknown(self.n, self.level, notes=self.notes, standard_error=math.nan)

    def _effect(self, up: Floats, down: Floats, unit: float) -> RetentionEffect:
        """Return `unit` times the mean of yearly retention at one design less that at another."""
        assert self._fit is not None
        values, gradients = np.zeros(len(up)), np.zeros_like(up)
        for sign, design in ((1.0, up), (-1.0, down)):
            kept, slope = _yearly(self._fit.probabilities(design), self.model.period_days)
            values += sign * kept
            gradients += sign * slope[:, None] * design
        estimate = unit * float(np.average(values, weights=self._weights))
        error = unit * self._fit.error_of_mean(values, gradients, self._weights)
        reach = two_sided_z(self.level) * error
        return RetentionEffect(
            estimate=estimate,
            ci_low=estimate - reach,
            ci_high=estimate + reach,
            n=self.n,
            level=self.level,
            method="clustered",
            notes=(*self.notes, _correlation()),
            standard_error=error,
        )

    def _shifted(self, column: str, by: float) -> Floats:
        """Return the columns of the rows fitted with one of their figures moved."""
        assert self.design is not None
        given = pl.col(column).cast(pl.Float64)
        moved = given + by
        if column == self.model.attitude and self.model.form == "groups":
            moved = pl.min_horizontal(moved, given.max())
        return self.design.matrix(self._frame.with_columns(moved.alias(column)))

    def sentence(self) -> Text:
        """Return in one sentence what a point of the score goes with, and the average risk."""
        if not self.known and self.left < FEWEST_LEFT:
            return Text(
                "unknown: needs {needed} customers who left, found {found}",
                needed=Count(FEWEST_LEFT),
                found=Count(self.left),
            )
        if not self.known:
            return self.notes[-1].text  # the reason
        effect = self.retention_effect()
        return Text(
            "One point more of {score} goes with {effect} points of yearly retention ({low} to {high});"
            " {leaving}",
            score=self.model.attitude,
            effect=effect.figure(effect.estimate),
            low=effect.figure(effect.ci_low),
            high=effect.figure(effect.ci_high),
            leaving=self.who_leaves(),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return the coefficients, one row a term."""
        return self.coefficients

    def to_dict(self) -> dict[str, Any]:
        """Return the fit as plain JSON values."""
        told = {
            "n": self.n,
            "rows": self.rows,
            "events": self.events,
            "coefficients": self.coefficients,
            "average_risk": self.average_risk,
            "retention_effect": self.retention_effect(),
            "notes": self.notes,
        }
        return to_plain(told)  # type: ignore[no-any-return]


_FIGURES = ("estimate", "standard_error", "ci_low", "ci_high", "p_value")


def _yearly(risk: Floats, period_days: int) -> tuple[Floats, Floats]:
    """Return retention over a year at this risk, and its derivative in the log odds."""
    power = _DAYS_IN_YEAR / period_days
    kept = (1 - risk) ** power
    return kept, -power * kept * risk


def _complete(model: Hazard, periods: pl.DataFrame, weight: str | None) -> pl.DataFrame:
    wanted = ["customer", "left", model.attitude, *model.behaviour]
    wanted += [name for name in (model.change, model.tenure, weight) if name]
    there = [name for name in dict.fromkeys(wanted) if name in periods.columns]
    numbers = [name for name in there if name not in ("customer", "left")]
    for name in numbers:
        _require_numbers(periods, name)
    rows = periods.select(
        pl.col("customer").cast(pl.String),
        flag(periods, "left").alias("left"),
        pl.col(numbers).cast(pl.Float64),
    )
    return rows.fill_nan(None).drop_nulls()


def _require_numbers(periods: pl.DataFrame, name: str) -> None:
    kind = periods.schema[name]
    if not (kind.is_numeric() or kind in (pl.Boolean, pl.Null)):
        raise BadValue(
            Text("The column {column} holds no numbers, but {kind}.", column=name, kind=str(kind)),
            hint=Text("Give numbers, or true and false; leave the column out where it has none."),
            where=Where(column=name),
        )
    if periods[name].cast(pl.Float64).is_infinite().any():
        raise BadValue(
            Text("A value of the column {column} is infinite.", column=name),
            hint=Text("Look for a division by zero, and leave such a value empty."),
            where=Where(column=name),
        )


def _left_out(count: int) -> tuple[Note, ...]:
    if not count:
        return ()
    text = Text("{count} periods with gaps are left out.", count=Count(count))
    return (Note(code="periods_with_gaps", text=text),)


def _few(events: int) -> Note:
    text = Text(
        "{needed} customers who left are needed to tell why; {found} found.",
        needed=Count(FEWEST_LEFT),
        found=Count(events),
    )
    return Note(code="few_left", text=text)


def _nobody_stayed() -> Note:
    text = Text("In all periods the customer left: without some that stayed nothing can be told of why.")
    return Note(code="nobody_stayed", text=text)


def _same_score(score: str) -> Note:
    text = Text(
        "What a point of {score} goes with cannot be told: it is alike in all rows, or another column says"
        " the same.",
        score=score,
    )
    return Note(code="score_not_told_apart", text=text)


def _separated() -> Note:
    text = Text("A column tells perfectly who leaves: look whether it was known only afterwards.")
    return Note(code="separated", text=text)


def _correlation() -> Note:
    text = Text(
        "A correlation among customers who behaved alike: only an experiment proves what a point does."
    )
    return Note(code="correlation", text=text)


def _unknown(model: Hazard, rows: pl.DataFrame, level: float, notes: tuple[Note, ...]) -> HazardFit:
    return HazardFit(
        model=model,
        design=None,
        n=rows["customer"].n_unique(),
        rows=rows.height,
        events=int(rows["left"].sum()),
        level=level,
        notes=notes,
        _frame=rows,
    )
