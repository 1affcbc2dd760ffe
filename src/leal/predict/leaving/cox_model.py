"""Cox's proportional hazards: what multiplies the risk of leaving, whatever its course over time."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadValue, MissingExtra, Where
from leal.measure.programmes.noticing_counts import flag
from leal.results import Note, Result
from leal.wording import Count, Decimal, Listing, Percent, Text

if TYPE_CHECKING:
    from lifelines import CoxPHFitter

FEWEST_EVENTS_A_TERM = 10
"""Customers who left, for each term, below which coefficients are rough."""

_VIOLATED = 0.01
_BOUNDLESS = 20.0
"""Standard error of a standardised coefficient from which the data set it no limit: a term separates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionalHazards(Result):
    """A Cox model.

    Attributes
    ----------
    coefficients : DataFrame
        One row a term: ``term``, ``estimate`` (log of the factor), ``standard_error``, ``ci_low``,
        ``ci_high``, ``factor`` (what the term multiplies the risk by), ``factor_low``, ``factor_high``,
        ``p_value``, ``proportional_p`` (of the factor being the same at all times; null with late entry).
    log_likelihood : float
        Partial log-likelihood at the maximum (Efron's handling of ties).
    concordance : float
        Of pairs that can be ordered, the share in which the customer with the higher risk left first.
    n, events : int
        Customers, and those of them who left.
    level : float
        Confidence level.
    notes : tuple of Note
        Doubts.
    """

    coefficients: pl.DataFrame
    log_likelihood: float
    concordance: float
    n: int
    events: int
    level: float
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return the term that multiplies the risk most surely, and how well the order is foretold."""
        strongest = self.coefficients.sort("p_value").row(0, named=True)
        return Text(
            "{term} multiplies the risk of leaving by {factor} ({low} to {high}); of two customers the one at"
            " higher risk left first in {concordance} of cases ({events} of {n} left).",
            term=strongest["term"],
            factor=Decimal(strongest["factor"], 2),
            low=Decimal(strongest["factor_low"], 2),
            high=Decimal(strongest["factor_high"], 2),
            concordance=Percent(self.concordance, 1),
            events=Count(self.events),
            n=Count(self.n),
        )

    def to_frame(self) -> pl.DataFrame:
        """Return the coefficients, one row a term."""
        return self.coefficients


def proportional_hazards(
    frame: FrameLike,
    covariates: Sequence[str],
    *,
    time: str = "time",
    event: str = "left",
    entry: str | None = None,
    weight: str | None = None,
    cluster: str | None = None,
    level: float = 0.95,
) -> ProportionalHazards:
    """Return what multiplies the risk of leaving: Cox's model, by the package lifelines.

    Parameters
    ----------
    frame : dataframe or path
        One row a customer (or, with `entry`, a stretch of a customer's time).
    covariates : sequence of str
        Columns: numbers as they are, words as one term for each but the first by alphabet.
    time, event : str
        Columns: how long the customer was watched, and whether they left then (true, 1).
    entry : str, optional
        Column: when the watching began (left truncation), as the day of the survey.
    weight : str, optional
        Column of sampling weights; standard errors are robust then.
    cluster : str, optional
        Column of customers with several rows; standard errors are clustered then.
    level : float
        Confidence level.

    Returns
    -------
    ProportionalHazards

    Raises
    ------
    MissingExtra
        The extra `survival` is not installed.
    MissingColumn, BadValue
        A column is absent; nobody left; a covariate does not vary.

    Notes
    -----
    h(t|x) = h0(t) exp(b'x); ties by Efron's method. Rows with gaps are left out and counted in a note. A term
    whose factor surely changes with time (p < .01 on ranks of time) is named in a note. Correlation, not
    cause. `Hazard` needs no extra and takes what changes with time.

    References
    ----------
    Cox (1972), JRSS B 34, 187-220; Efron (1977), JASA 72, 557-565; Grambsch and Therneau (1994), Biometrika
    81, 515-526.
    """
    lifelines = _lifelines()
    source = lazy(frame)
    named = [name for name in (entry, weight, cluster) if name]
    wanted = tuple(dict.fromkeys(covariates))
    for column in (time, event, *wanted, *named):
        require_column(source, column, table="frame")
    read = collect(source.select(*dict.fromkeys([time, event, *wanted, *named])))
    rows = read.fill_nan(None).drop_nulls()
    _refuse_covariates(rows, wanted)
    design, terms = _design(rows, wanted)
    table = pl.DataFrame(
        {"_time": rows[time].cast(pl.Float64), "_left": rows.select(flag(rows, event)).to_series()}
    ).with_columns(
        pl.col("_left").cast(pl.Float64), *design, *(rows[name].alias(f"_{name}") for name in named)
    )
    events = int(table["_left"].sum())
    _refuse(table, events, time, event)
    fitted = _fitted(lifelines, table, entry, weight, cluster, level)
    coefficients = _coefficients(fitted, terms, _proportional(lifelines, fitted, table))
    return ProportionalHazards(
        coefficients=coefficients,
        log_likelihood=float(fitted.log_likelihood_),
        concordance=float(fitted.concordance_index_),
        n=rows.height,
        events=events,
        level=level,
        notes=_notes(coefficients, read.height - rows.height, events),
    )


def _notes(coefficients: pl.DataFrame, gaps: int, events: int) -> tuple[Note, ...]:
    notes = []
    if gaps:
        text = Text("{count} rows with gaps are left out.", count=Count(gaps))
        notes.append(Note(code="rows_with_gaps", text=text))
    if events < FEWEST_EVENTS_A_TERM * coefficients.height:
        text = Text(
            "{events} who left are few for {terms} terms: the coefficients are rough.",
            events=Count(events),
            terms=Count(coefficients.height),
        )
        notes.append(Note(code="few_left", text=text))
    changing = coefficients.filter(pl.col("proportional_p") < _VIOLATED)["term"].to_list()
    if changing:
        text = Text(
            "The factor of these terms changes with time: {names}. Read it as an average.",
            names=Listing.of(changing),
        )
        notes.append(Note(code="not_proportional", text=text))
    return tuple(notes)


def _lifelines() -> ModuleType:
    try:
        import lifelines
        import lifelines.statistics
    except ImportError as missing:
        raise MissingExtra(Text("Cox's proportional hazards"), "survival") from missing
    found: ModuleType = lifelines
    return found


def _design(rows: pl.DataFrame, covariates: tuple[str, ...]) -> tuple[list[pl.Series], list[str]]:
    columns = []
    for name in covariates:
        values = rows[name]
        if values.dtype.is_numeric() or values.dtype == pl.Boolean:
            columns.append(values.cast(pl.Float64).alias(name))
            continue
        words = values.cast(pl.String)
        others = sorted(words.unique().to_list())[1:]
        columns += [(words == word).cast(pl.Float64).alias(f"{name}: {word}") for word in others]
    return columns, [column.name for column in columns]


def _refuse_covariates(rows: pl.DataFrame, covariates: tuple[str, ...]) -> None:
    if rows.is_empty():
        raise BadValue(
            Text("Each row has a gap in one of the columns."),
            hint=Text("Leave out a column that is hardly ever filled in."),
        )
    if not covariates:
        raise BadValue(
            Text("No covariate is named: there is nothing to tell who leaves by."),
            hint=Text("Name one or more columns that were known before."),
            where=Where(column="covariates"),
        )
    still = [name for name in covariates if rows[name].n_unique() < 2]
    if still:
        raise BadValue(
            Text("These covariates do not vary: {names}.", names=Listing.of(still)),
            hint=Text("Leave them out."),
            where=Where(column=still[0]),
        )


def _refuse(table: pl.DataFrame, events: int, time: str, event: str) -> None:
    if table["_left"].has_nulls() or not 0 < events < table.height:
        raise BadValue(
            Text("{column} does not tell those who left from those who did not.", column=event),
            hint=Text("Code it as 1 where the customer left, and 0 where the customer is still there."),
            where=Where(column=event),
        )
    if not (table["_time"] > 0).all():
        raise BadValue(
            Text("{column} is zero or below in some rows.", column=time),
            hint=Text("Leave out customers who were not watched at all."),
            where=Where(column=time),
        )


def _fitted(
    lifelines: ModuleType,
    table: pl.DataFrame,
    entry: str | None,
    weight: str | None,
    cluster: str | None,
    level: float,
) -> CoxPHFitter:
    fitter = lifelines.CoxPHFitter(alpha=1 - level)
    pandas = _pandas(table)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its warnings come back as notes, or as no convergence
        try:
            fitter.fit(
                pandas,
                "_time",
                "_left",
                entry_col=f"_{entry}" if entry else None,
                weights_col=f"_{weight}" if weight else None,
                cluster_col=f"_{cluster}" if cluster else None,
                robust=weight is not None,
            )
        except lifelines.exceptions.ConvergenceError as failed:
            raise _no_fit() from failed
    spread = pandas[list(fitter.params_.index)].std()
    if (fitter.standard_errors_ * spread > _BOUNDLESS).any():
        raise _no_fit()
    return fitter


def _no_fit() -> BadValue:
    return BadValue(
        Text("The covariates do not allow a fit: one tells perfectly who leaves, or two say the same."),
        hint=Text("Leave out what was known only afterwards, and one of each two that are alike."),
    )


def _pandas(table: pl.DataFrame) -> Any:
    import pandas

    return pandas.DataFrame({name: table[name].to_numpy() for name in table.columns})


def _proportional(lifelines: ModuleType, fitted: CoxPHFitter, table: pl.DataFrame) -> np.ndarray:
    if fitted.entry_col is not None:  # lifelines has no residuals for late entry
        return np.full(len(fitted.params_), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tested = lifelines.statistics.proportional_hazard_test(fitted, _pandas(table), time_transform="rank")
    return np.atleast_1d(np.asarray(tested.p_value, dtype=float))


def _coefficients(fitted: CoxPHFitter, terms: list[str], proportional: np.ndarray) -> pl.DataFrame:
    summary = fitted.summary.loc[terms]
    estimate = summary["coef"].to_numpy()
    limits = fitted.confidence_intervals_.loc[terms].to_numpy()
    return pl.DataFrame(
        {
            "term": terms,
            "estimate": estimate,
            "standard_error": summary["se(coef)"].to_numpy(),
            "ci_low": limits[:, 0],
            "ci_high": limits[:, 1],
            "factor": np.exp(estimate),
            "factor_low": np.exp(limits[:, 0]),
            "factor_high": np.exp(limits[:, 1]),
            "p_value": summary["p"].to_numpy(),
            "proportional_p": proportional,
        }
    ).with_columns(pl.col("proportional_p").fill_nan(None))
