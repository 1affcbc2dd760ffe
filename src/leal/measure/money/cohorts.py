"""Retention by cohort: which share of customers still buys, period by period after the first purchase."""

from __future__ import annotations

from typing import Literal, get_args

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, lazy
from leal.errors import BadOption
from leal.measure.money.purchases import is_by_day, purchase_days
from leal.measure.money.summaries import Until, number_of_day
from leal.statistics import proportion_interval

DAYS_IN_PERIOD = 30
ALL_COHORTS = "all"
MOST_COHORTS = 12

CohortSize = Literal["month", "quarter", "year"]


def cohort_retention(
    purchases: FrameLike, *, cohort: CohortSize | None = None, until: Until | None = None, level: float = 0.95
) -> pl.DataFrame:
    """Tell which share of each cohort buys in the k-th 30 days after its first purchase.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`, or what `purchase_days` returned.
    cohort : {"month", "quarter", "year"}, optional
        How first purchases are put together; by default the shortest that makes at most twelve cohorts.
    until : int, str, date or datetime, optional
        Last day that is known; by default the last with a purchase.
    level : float
        Confidence level of the intervals (Wilson).

    Returns
    -------
    polars.DataFrame
        ``cohort`` (2025-Q3, or ``all``), ``period`` (0 is that of the first purchase), ``customers`` (those
        whom the data cover for the whole period), ``active`` (of them, those with a purchase day in it),
        ``retention`` (0..1), ``ci_low``, ``ci_high``; sorted, ``all`` first.

    Notes
    -----
    A customer counts in a period only where all its 30 days are in the data, so that young cohorts do not
    look unfaithful. Who does not buy in a period may come back: this is activity, not survival. Customers
    older than the data begin, for it, with the data: their cohort, the first, looks more faithful than it is.

    Raises
    ------
    BadOption
        `cohort` is none of the three.
    BadValue
        `until` is no day.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if cohort is not None and cohort not in get_args(CohortSize):
        raise BadOption("cohort", cohort, list(get_args(CohortSize)))
    frame = lazy(purchases)
    days = frame if is_by_day(frame) else purchase_days(frame)
    sizes, active = _counts(days)
    if sizes.is_empty():
        return _table(pl.DataFrame(schema=_COUNTED), level)
    last = number_of_day(until) if until is not None else _last_day(days)
    by_day = _covered(sizes, active, last)
    width = cohort or _cohort_size(sizes)
    label = _label(pl.col("first_day").cast(pl.Int32).cast(pl.Date), width)
    cohorts = by_day.group_by(label.alias("cohort"), "period").agg(pl.col("customers", "active").sum())
    whole = by_day.group_by("period").agg(pl.col("customers", "active").sum())
    whole = whole.select(pl.lit(ALL_COHORTS).alias("cohort"), "period", "customers", "active")
    return _table(pl.concat([whole.sort("period"), cohorts.sort("cohort", "period")]), level)


_COUNTED = {"cohort": pl.String, "period": pl.Int64, "customers": pl.Int64, "active": pl.Int64}


def _counts(days: nw.LazyFrame[pl.LazyFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Count customers by first day, and those active by first day and period, in the engine."""
    first = days.group_by("customer").agg(nw.col("day").min().alias("first_day"))
    sizes = collect(first.group_by("first_day").agg(nw.len().alias("customers")))
    period = ((nw.col("day") - nw.col("first_day")) // DAYS_IN_PERIOD).alias("period")
    periods = days.select("customer", "day").join(first, on="customer", how="inner")
    visits = periods.select("customer", "first_day", period).unique()
    active = collect(visits.group_by("first_day", "period").agg(nw.len().alias("active")))
    return sizes.cast(pl.Int64), active.cast(pl.Int64)


def _last_day(days: nw.LazyFrame[pl.LazyFrame]) -> int:
    return int(collect(days.select(nw.col("day").max()))["day"][0])


def _covered(sizes: pl.DataFrame, active: pl.DataFrame, last: int) -> pl.DataFrame:
    """One row a first day and period that lies in the data whole, with those who were active in it."""
    whole = (last + 1 - pl.col("first_day")) // DAYS_IN_PERIOD
    grid = sizes.with_columns(period=pl.int_ranges(0, whole)).explode("period").drop_nulls("period")
    found = grid.join(active, on=["first_day", "period"], how="left")
    return found.with_columns(pl.col("active").fill_null(0))


def _cohort_size(sizes: pl.DataFrame) -> CohortSize:
    dates = sizes["first_day"].cast(pl.Int32).cast(pl.Date)
    widths: tuple[CohortSize, ...] = ("month", "quarter")
    for width in widths:
        if pl.select(_label(pl.lit(dates), width)).to_series().n_unique() <= MOST_COHORTS:
            return width
    return "year"


def _label(date: pl.Expr, width: CohortSize) -> pl.Expr:
    year = date.dt.year().cast(pl.String)
    if width == "year":
        return year
    if width == "quarter":
        return pl.format("{}-Q{}", year, date.dt.quarter())
    return date.dt.strftime("%Y-%m")


def _table(counted: pl.DataFrame, level: float) -> pl.DataFrame:
    pairs = zip(counted["active"], counted["customers"], strict=True)
    limits = [proportion_interval(active, customers, level) for active, customers in pairs]
    return counted.with_columns(
        retention=pl.col("active") / pl.col("customers"),
        ci_low=pl.Series([limit.low for limit in limits], dtype=pl.Float64),
        ci_high=pl.Series([limit.high for limit in limits], dtype=pl.Float64),
    )
