"""Contacts a customer, quarter by quarter: whether customers and company need each other ever more often."""

from __future__ import annotations

import math

import narwhals as nw
import polars as pl

from leal.act.symptom_results import QUARTER, Rate
from leal.engine import FrameLike, collect, day_number, lazy
from leal.statistics import two_sided_z

_SCHEMA = {
    "quarter": pl.Date,
    "contacts": pl.Int64,
    "contacts_rate": pl.Float64,
    "customers": pl.Int64,
    "squares": pl.Float64,
}


def contacts_by_quarter(contacts: FrameLike, quarters: pl.DataFrame) -> pl.DataFrame:
    """Return the contacts of each quarter that the log covers from its first day to its last.

    Parameters
    ----------
    contacts : dataframe or path, or None
        The table `contacts`.
    quarters : DataFrame
        ``quarter`` (its last day), ``customers`` (who bought in the year before).

    Returns
    -------
    DataFrame
        ``quarter``, ``contacts``, ``contacts_rate`` (a customer), ``customers``, ``squares`` (sum over
        customers of the squared number of contacts); nothing without contacts or customers.
    """
    if contacts is None or quarters.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    counted = _counted(contacts)
    begins = counted["day"].min()
    rows = []
    for quarter, customers in quarters.select("quarter", "customers").iter_rows():
        end = int(pl.select(pl.lit(quarter).cast(pl.Int32)).item())
        if not customers or not isinstance(begins, int) or begins > end - QUARTER + QUARTER // 10:
            continue
        inside = counted.filter(pl.col("day").is_between(end - QUARTER + 1, end))
        each = inside.group_by("customer").agg(pl.col("contacts").sum())["contacts"]
        total = int(each.sum())
        rows.append((quarter, total, total / customers, customers, float((each.cast(pl.Float64) ** 2).sum())))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _counted(contacts: FrameLike) -> pl.DataFrame:
    frame = lazy(contacts)
    day = day_number(frame, "contacted_at", table="contacts").alias("day")
    pairs = frame.select(nw.col("customer").cast(nw.String()), day).drop_nulls()
    return collect(pairs.group_by("customer", "day").agg(nw.len().alias("contacts")))


def rate_growth(quarters: pl.DataFrame, count: str, level: float) -> Rate:
    """Return the change of a number a customer from the first known quarter to the last.

    Parameters
    ----------
    quarters : DataFrame
        The count, ``customers``, ``squares`` (sum over customers of the squared count), in order of time.
    count : str
        Column of what is counted: cases or contacts.
    level : float
        Level of the interval.

    Notes
    -----
    The variance is that of the mean over customers, of whom some have many and most none; that some stand in
    both quarters makes the interval wider than need be.
    """
    known = quarters.drop_nulls(["customers", count])
    if known.height < 2:
        blank = math.nan
        return Rate(
            estimate=blank, ci_low=blank, ci_high=blank, n=known.height, level=level, method="unknown"
        )
    first, last = known.row(0, named=True), known.row(-1, named=True)
    change = last[count] / last["customers"] - first[count] / first["customers"]
    reach = two_sided_z(level) * math.sqrt(_variance(first, count) + _variance(last, count))
    return Rate(
        estimate=change,
        ci_low=change - reach,
        ci_high=change + reach,
        n=int(known[count].sum()),
        level=level,
        method="normal",
    )


def _variance(row: dict[str, float], count: str) -> float:
    """Return the squared standard error of the count a customer; that of one where none was counted."""
    n = row["customers"]
    return max(max(row["squares"], 1.0) / n - (row[count] / n) ** 2, 0.0) / n
