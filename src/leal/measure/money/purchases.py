"""Purchases reduced: one row a customer and day, then one row a customer, on any engine."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, LazyFrame, collect, column_names, day_number, lazy, require_column
from leal.errors import BadValue, Where
from leal.measure.money.customer_sums import ROUNDING, bought_on, customer_sums
from leal.wording import Listing, Text

DAYS_IN_WEEK = 7


def purchase_days(
    purchases: FrameLike, *, margin: float | None = None, count_free: bool = False
) -> LazyFrame:
    """Return what each customer bought on each day, lazily: one row a customer and day.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`: customer, bought_at, amount, and where known margin.
    margin : float, optional
        Margin as a share of the amount, used where there is no column `margin`.
    count_free : bool
        Whether a day that comes to exactly zero (a gift) is a purchase.

    Returns
    -------
    LazyFrame
        ``customer`` (text), ``day`` (whole days since 1970-01-01), ``amount`` and, where a margin is known,
        ``margin`` (both in money).

    Notes
    -----
    Lines and orders of one day are one purchase; refunds of the day are netted. A day that comes to zero or
    less is no purchase (a refund, an exchange), and is left out; `summarise_customers` still nets its money.
    Rows without customer, day or amount are left out as well. Where the column `margin` is empty in a row,
    that row earned no known margin: it counts as zero unless a rate is given, which then fills it.
    """
    return daily_money(purchases, margin=margin).filter(bought_on(count_free))


def daily_money(purchases: FrameLike, *, margin: float | None = None) -> LazyFrame:
    """Return the net money of each customer and day, lazily, days of refunds included.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`: customer, bought_at, amount, and where known margin.
    margin : float, optional
        Margin as a share of the amount, used where there is no column `margin`.

    Returns
    -------
    LazyFrame
        ``customer``, ``day``, ``amount`` and, where a margin is known, ``margin``.

    Raises
    ------
    BadValue
        Amounts of several currencies: they cannot be added.
    """
    frame = lazy(purchases)
    refuse_several_currencies(frame)
    days = _daily(frame, margin, nw.col("customer").cast(nw.String()))
    # what is left of sums that cancel is nothing: whether a day is a purchase must not hang on their order
    nothing = nw.col("amount").abs() < ROUNDING
    return days.with_columns(nw.when(nothing).then(nw.lit(0.0)).otherwise(nw.col("amount")).alias("amount"))


def is_by_day(frame: LazyFrame) -> bool:
    """Tell whether a table is money by customer and day already, and not purchases with a column `day`."""
    names = column_names(frame)
    return "day" in names and "bought_at" not in names


def _daily(frame: LazyFrame, margin: float | None, customer: nw.Expr) -> LazyFrame:
    require_column(frame, "customer", table="purchases")
    require_column(frame, "amount", table="purchases")
    customer = _named(frame, customer)
    rows = frame.select(customer, *_row_columns(frame, margin)).drop_nulls(["customer", "day", "amount"])
    money = ["amount"] if margin is None and "margin" not in column_names(frame) else ["amount", "margin"]
    return rows.group_by("customer", "day").agg(*(nw.col(name).sum() for name in money))


def _named(frame: LazyFrame, customer: nw.Expr) -> nw.Expr:
    """Return customers with empty text as missing: sales without a name are not those of one customer."""
    kind = frame.collect_schema()["customer"]
    if kind.is_nested():
        raise BadValue(
            Text("The column {column} holds {kind}, not names.", column="'customer'", kind=str(kind)),
            hint=Text("Give each customer one name or number."),
            where=Where(column="customer"),
        )
    return nw.when(customer != "").then(customer).alias("customer") if kind == nw.String else customer


def _row_columns(frame: LazyFrame, margin: float | None) -> list[nw.Expr]:
    amount = _money(frame, "amount")
    columns = [
        day_number(frame, "bought_at", table="purchases").alias("day"),
        amount,
    ]
    rate = amount * (0.0 if margin is None else margin)
    if "margin" in column_names(frame):
        given = _money(frame, "margin")
        columns.append(nw.when(given.is_null()).then(rate).otherwise(given).alias("margin"))
    elif margin is not None:
        columns.append(rate.alias("margin"))
    return columns


def _money(frame: LazyFrame, column: str) -> nw.Expr:
    """Return a column of money; what is no finite number (not-a-number, infinite) counts as missing."""
    kind = frame.collect_schema()[column]
    if not (kind.is_numeric() or kind == nw.Unknown):
        raise BadValue(
            Text("The column {column} holds {kind}, not numbers.", column=repr(column), kind=str(kind)),
            hint=Text("Give money as numbers; leal.read_table(path) reads the exports of shops and tills."),
            where=Where(column=column),
        )
    value = nw.col(column).cast(nw.Float64())
    return nw.when(value.is_finite()).then(value) if kind.is_float() else value


def refuse_several_currencies(frame: LazyFrame) -> None:
    """Raise `BadValue` where a table has amounts of several currencies: they cannot be added."""
    if "currency" not in column_names(frame):
        return
    counts = frame.group_by("currency").agg(nw.len().alias("rows"))
    found = (
        collect(counts)
        .drop_nulls("currency")
        .cast({"currency": pl.String})
        .sort("rows", "currency", descending=[True, False])
    )
    if found.height > 1:
        named = [f"{currency} ({rows})" for currency, rows in found.select("currency", "rows").head(5).rows()]
        raise BadValue(
            Text(
                "Purchases in several currencies cannot be added: {named}.",
                named=Listing.of(named),
            ),
            hint=Text("Convert the amounts to one currency, or summarise the rows of each apart."),
            where=Where(column="currency"),
        )


def summarise_customers(
    purchases: FrameLike,
    *,
    until: int | None = None,
    margin: float | None = None,
    count_free: bool = False,
) -> LazyFrame:
    """Return what each customer's purchases come to, lazily: one row a customer.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`, or what `purchase_days` or `daily_money` returned.
    until : int, optional
        Last day that is looked at (day number); by default the last day with a purchase.
    margin : float, optional
        Margin as a share of the amount, used where there is no column `margin`.
    count_free : bool
        Whether a day that comes to exactly zero (a gift) is a purchase.

    Returns
    -------
    LazyFrame
        ``customer``; ``frequency`` (repeat purchase days); ``recency`` (weeks from first to last purchase);
        ``age`` (weeks from first purchase to `until`); ``spend`` (mean amount of the repeat days, zero where
        there is none); ``first_day``, ``last_day`` (day numbers); ``amount`` and ``repeat_amount`` (money
        net of every refund, in all and after the first purchase day); where a margin is known ``margin`` and
        ``repeat_margin``. Customers without a single purchase day are not in it.

    Notes
    -----
    Weeks are days / 7, not rounded. The first purchase day counts neither in the frequency nor in the spend
    (Fader, Hardie and Lee 2005).
    """
    frame = lazy(purchases)
    found = summarise_stored(frame, until=until, margin=margin, count_free=count_free)
    if is_by_day(frame):
        return found
    return found.with_columns(nw.col("customer").cast(nw.String()))


def summarise_stored(
    frame: LazyFrame, *, until: int | None, margin: float | None, count_free: bool
) -> LazyFrame:
    """Return the same with customers as they are stored: numbers are cheaper to sort than text."""
    if is_by_day(frame):
        return _summarised(frame, until, count_free)
    return _summarised(_daily(frame, margin, nw.col("customer")), until, count_free)


def _summarised(days: LazyFrame, until: int | None, count_free: bool) -> LazyFrame:
    if until is not None:
        days = days.filter(nw.col("day") <= until)
    money = [name for name in ("amount", "margin") if name in column_names(days)]
    found = customer_sums(days, money, count_free=count_free)
    if until is not None:
        return _with_rhythm(found.with_columns(nw.lit(until).alias("until")), money)
    last = found.select(nw.col("last_day").max().alias("until"))
    return _with_rhythm(found.join(last, how="cross"), money)


def _with_rhythm(summary: LazyFrame, money: Sequence[str]) -> LazyFrame:
    frequency = nw.col("days").cast(nw.Int64()) - 1
    once = nw.col("days") == 1
    repeat_days = nw.col("gross") - nw.col("first_amount")
    return summary.select(
        "customer",
        frequency.alias("frequency"),
        ((nw.col("last_day") - nw.col("first_day")) / DAYS_IN_WEEK).alias("recency"),
        ((nw.col("until") - nw.col("first_day")) / DAYS_IN_WEEK).alias("age"),
        nw.when(once).then(nw.lit(0.0)).otherwise(repeat_days / frequency).alias("spend"),
        "first_day",
        "last_day",
        *money,
        *((nw.col(name) - nw.col(f"first_{name}")).alias(f"repeat_{name}") for name in money),
    )
