"""How many customers stay from one period to the next, and with them how much money."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leal.results import Proportion
from leal.statistics import Comparison, estimated_share, two_proportions

YEAR, HALF, QUARTER = 365, 182, 91


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of the customers of one period in the next one, as long.

    Attributes
    ----------
    days : int
        Length of each period.
    before, kept : int
        Customers who bought in the first period; of them, those who bought in the second.
    gained : int
        Customers who bought in the second period and not in the first.
    money_before, money_lost, money_kept, money_gained : float
        Money of the first period; that of the customers who then did not buy; what the kept and the gained
        brought in the second.
    retention : Proportion
        kept / before, Wilson interval.
    """

    days: int
    before: int
    kept: int
    gained: int
    money_before: float
    money_lost: float
    money_kept: float
    money_gained: float
    retention: Proportion

    @property
    def lost(self) -> int:
        """Customers who bought in the first period and not in the second."""
        return self.before - self.kept

    @property
    def net_revenue_retention(self) -> float | None:
        """What last period's customers bring now over what they brought then; None without money."""
        return self.money_kept / self.money_before if self.money_before > 0 else None


def kept_customers(
    money_days: pl.DataFrame, until: int, days: int, *, column: str = "amount", level: float = 0.95
) -> Kept:
    """Compare the last `days` days with as many before them.

    Parameters
    ----------
    money_days : polars.DataFrame
        What `daily_money` gave.
    until : int
        Last day of the second period (day number).
    days : int
        Length of each period.
    column : {"amount", "margin"}
        What money is counted from.
    level : float
        Confidence level.
    """
    by_customer = kept_by_customer(money_days, until, days, column=column)
    was = by_customer.filter("before")
    gained = by_customer.filter(~pl.col("before") & pl.col("after"))
    kept = int(was["after"].sum())
    return Kept(
        days=days,
        before=was.height,
        kept=kept,
        gained=gained.height,
        money_before=float(was["money_before"].sum()),
        money_lost=float(was.filter(~pl.col("after"))["money_before"].sum()),
        money_kept=float(was.filter("after")["money_after"].sum()),
        money_gained=float(gained["money_after"].sum()),
        retention=retention_of(kept, was.height, level),
    )


def kept_by_customer(
    money_days: pl.DataFrame, until: int, days: int, *, column: str = "amount"
) -> pl.DataFrame:
    """Return one row a customer seen in the last two periods: ``before, after`` (bought), money of each.

    Parameters are those of `kept_customers`; the money columns are ``money_before`` and ``money_after``.
    """
    span = money_days.filter(pl.col("day") <= until, pl.col("day") > until - 2 * days)
    later = pl.col("day") > until - days
    bought = pl.col("amount") > 0
    # Sums of columns made beforehand: a filter within each group would cost a hundred times as much.
    flags = span.select(
        "customer",
        before=bought & ~later,
        after=bought & later,
        money_before=pl.when(later).then(0.0).otherwise(pl.col(column)),
        money_after=pl.when(later).then(pl.col(column)).otherwise(0.0),
    )
    return flags.group_by("customer").agg(
        pl.col("before", "after").max(), pl.col("money_before", "money_after").sum()
    )


def retention_of(kept: int, before: int, level: float = 0.95) -> Proportion:
    """Return a retention rate with its Wilson interval; unknown without customers."""
    return estimated_share(kept, before, level)


def retention_change(now: Kept, then: Kept, level: float = 0.95) -> Comparison:
    """Tell whether retention differs between two pairs of periods (now minus then)."""
    return two_proportions(now.kept, now.before, then.kept, then.before, level)


def trend_days(span: int) -> int | None:
    """Return the longest of a year, a half and a quarter of which the data hold three; None for fewer."""
    return next((days for days in (YEAR, HALF, QUARTER) if span >= 3 * days), None)


def pair_days(span: int) -> int | None:
    """Return the longest of a year, a half and a quarter of which the data hold two; None for fewer."""
    return next((days for days in (YEAR, HALF, QUARTER) if span >= 2 * days), None)
