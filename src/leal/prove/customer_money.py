"""What customers brought before a lot is drawn: the money that power and balance are told from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, LazyFrame, collect, column_names, lazy, require_column
from leal.measure import BEFORE_DAYS, daily_money, read_margins
from leal.results import Basis, checked_count


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedMoney:
    """The money of each customer and day (``customer, day, amount, margin``), and which counts."""

    days: pl.DataFrame
    basis: Basis
    currency: str | None

    @property
    def column(self) -> Literal["amount", "margin"]:
        """The column that money is counted from."""
        return "margin" if self.basis == "margin" else "amount"

    @property
    def last(self) -> int | None:
        """The last day (number) with a purchase; None without purchases."""
        day = self.days["day"].max()
        return int(day) if isinstance(day, int) else None

    def since(self, first: int, until: int) -> pl.Expr:
        """Return a customer's money from the day `first` to the day `until`, for a group_by."""
        return pl.col(self.column).filter(pl.col("day").is_between(first, until)).sum()


def counted_money(
    purchases: FrameLike, margin: float | None = None, currency: str | None = None
) -> CountedMoney:
    """Return the money of purchases in one currency: margin where it is known, else revenue."""
    frame = lazy(purchases)
    frame, currency = _of_currency(frame, currency)
    margins = read_margins(frame)
    known = margins is not None and margins.known > 0
    if margins is not None and known:
        margins.refuse_rates()
    days = collect(daily_money(frame, margin=margin)).cast({"customer": pl.String, "day": pl.Int64})
    return CountedMoney(
        days=days, basis="margin" if known or margin is not None else "revenue", currency=currency
    )


def _of_currency(frame: LazyFrame, currency: str | None) -> tuple[LazyFrame, str | None]:
    """Return the purchases in the currency told, or as they are with the only one that they have."""
    if "currency" not in column_names(frame):
        return frame, currency
    if currency is not None:
        return frame.filter((nw.col("currency") == currency) | nw.col("currency").is_null()), currency
    said = collect(frame.select("currency").unique())["currency"].drop_nulls().to_list()
    return frame, str(said[0]) if len(said) == 1 else None


def with_recent_money(
    customers: FrameLike,
    purchases: FrameLike,
    *,
    days: int = BEFORE_DAYS,
    margin: float | None = None,
    currency: str | None = None,
) -> pl.DataFrame:
    """Return customers with ``recent_money``, what each brought in the last days of the purchases.

    Parameters
    ----------
    customers : dataframe or path
        One row each; column ``customer``.
    purchases : dataframe or path
        The table `purchases`.
    days : int
        Days up to the last purchase in the data; half a year by default.
    margin, currency
        As in `money_power`.
    """
    frame = lazy(customers)
    require_column(frame, "customer", table="customers")
    people = collect(frame).with_columns(pl.col("customer").cast(pl.String))
    money = counted_money(purchases, margin, currency)
    last = money.last or 0
    first = last - checked_count(days, "days", least=1) + 1
    recent = money.days.group_by("customer").agg(recent_money=money.since(first, last))
    joined = people.join(recent, on="customer", how="left", maintain_order="left")
    return joined.with_columns(pl.col("recent_money").cast(pl.Float64).fill_null(0.0))
