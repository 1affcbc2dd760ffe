"""What a customer of each segment is worth, for check 7."""

from __future__ import annotations

import math

import polars as pl

from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, ranged
from leal.checks.passives import GROUP_WORDS
from leal.measure import DAYS_IN_YEAR, Kept
from leal.wording import Text

FEWEST_IN_SEGMENT = 30
MOST_SEGMENTS = 12

GROUP_NAMES = {name: str(words) for name, words in GROUP_WORDS.items()}

_SCHEMA = {
    "name": pl.String,
    "n": pl.Int64,
    "yearly": pl.Float64,
    "retention": pl.Float64,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
}


def segment_values(book: Book, kept: Kept, by_customer: pl.DataFrame) -> pl.DataFrame:
    """Return one row a segment (NPS group where there are no segments): customers, money, retention, value.

    Parameters
    ----------
    book : Book
        The audit.
    kept : Kept
        Customers of the last two periods.
    by_customer : DataFrame
        The same by customer: ``customer, before, after``.

    Notes
    -----
    Retention is that of the models where they tell who is still a customer, as for all customers together;
    else the observed one, compounded to a year.
    """
    groups = book.customers.select("customer", "segment", "group", "yearly_money", "last_day")
    column = "segment" if 1 < groups["segment"].drop_nulls().n_unique() <= MOST_SEGMENTS else "group"
    flags = groups.join(by_customer.select("customer", "before", "after"), on="customer", how="left")
    if book.alive_chances is not None:
        flags = flags.join(book.alive_chances, on="customer", how="left")
    named = flags.drop_nulls(column).sort(column)
    rows = [
        _row(book, kept, GROUP_NAMES.get(str(name), str(name)), part)
        for (name,), part in named.group_by(column, maintain_order=True)
    ]
    return pl.DataFrame([row for row in rows if row is not None], schema=_SCHEMA)


def _row(book: Book, kept: Kept, name: str, part: pl.DataFrame) -> dict[str, object] | None:
    active = part.filter(pl.col("last_day") > book.last_day - DAYS_IN_YEAR)
    if min(part["before"].sum(), active.height) < FEWEST_IN_SEGMENT:
        return None
    retention = _by_models(part) if "then" in part.columns else _observed(kept, part)
    worth = book.worth_of(active["yearly_money"], retention)
    return {
        "name": name,
        "n": active.height,
        "yearly": worth.yearly,
        "retention": worth.retention,
        "estimate": worth.value.estimate,
        "ci_low": worth.value.ci_low,
        "ci_high": worth.value.ci_high,
    }


def _by_models(part: pl.DataFrame) -> tuple[float, float]:
    """Return the share of the customers of a year ago who are still ones, and its standard error."""
    then, now = (float(part[name].sum()) for name in ("then", "now"))
    if then <= 0:
        return 0.0, 0.0
    share = min(now / then, 1.0)
    return share, math.sqrt(share * (1 - share) / then)


def _observed(kept: Kept, part: pl.DataFrame) -> tuple[float, float]:
    before = part.filter("before")
    rate, power = int(before["after"].sum()) / before.height, DAYS_IN_YEAR / kept.days
    error = math.sqrt(rate * (1 - rate) / before.height)
    return rate**power, power * rate ** (power - 1) * error if rate else 0.0


def segment_exhibit(segments: pl.DataFrame) -> Exhibit:
    """Return the table of `segment_values`."""
    return Exhibit(
        title=Text("What a customer of each group is worth"),
        frame=segments,
        headings=(
            Heading(name="name", title=Text("Group")),
            Heading(name="n", title=Text("Customers"), unit="count"),
            Heading(name="yearly", title=Text("Yearly money a head"), unit="amount"),
            Heading(name="retention", title=Text("Retention"), unit="percent"),
            *ranged("estimate", Text("Value of a customer"), "amount", "ci_"),
        ),
        remark=Text("Value: yearly money times retention / (1 + interest - retention)."),
    )
