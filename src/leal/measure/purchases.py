"""Purchases reduced: one row a customer and day, then one row a customer, on any engine."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from leal.engine import FrameLike, LazyFrame, column_names, day_number, lazy, require_column

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
    less is no purchase (a refund, an exchange), and is left out; `customer_summary` still nets its money.
    Rows without customer, day or amount are left out as well. Where the column `margin` is empty in a row,
    that row earned no known margin: it counts as zero unless a rate is given, which then fills it.
    """
    return daily_money(purchases, margin=margin).filter(_is_purchase(count_free))


def _is_purchase(count_free: bool) -> nw.Expr:
    return nw.col("amount") >= 0 if count_free else nw.col("amount") > 0


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
    """
    frame = lazy(purchases)
    require_column(frame, "customer", table="purchases")
    require_column(frame, "amount", table="purchases")
    rows = frame.select(*_row_columns(frame, margin)).drop_nulls(["customer", "day", "amount"])
    money = ["amount"] if margin is None and "margin" not in column_names(frame) else ["amount", "margin"]
    return rows.group_by("customer", "day").agg(*(nw.col(name).sum() for name in money))


def _row_columns(frame: LazyFrame, margin: float | None) -> list[nw.Expr]:
    amount = nw.col("amount").cast(nw.Float64())
    columns = [
        nw.col("customer").cast(nw.String()),
        day_number(frame, "bought_at", table="purchases").alias("day"),
        amount,
    ]
    rate = amount * (0.0 if margin is None else margin)
    if "margin" in column_names(frame):
        given = nw.col("margin").cast(nw.Float64())
        columns.append(nw.when(given.is_null()).then(rate).otherwise(given).alias("margin"))
    elif margin is not None:
        columns.append(rate.alias("margin"))
    return columns


def customer_summary(
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
    days = frame if "day" in column_names(frame) else daily_money(frame, margin=margin)
    if until is not None:
        days = days.filter(nw.col("day") <= until)
    money = [name for name in ("amount", "margin") if name in column_names(days)]
    bought = days.filter(_is_purchase(count_free))
    summary = _reduce_customers(days, bought, money)
    if until is not None:
        return _with_rhythm(summary.with_columns(nw.lit(until).alias("until")), money)
    last = bought.select(nw.col("day").max().alias("until"))
    return _with_rhythm(summary.join(last, how="cross"), money)


def _reduce_customers(days: LazyFrame, bought: LazyFrame, money: Sequence[str]) -> LazyFrame:
    """Sum by customer; the money of the first day is joined back, for no engine needs a window for that."""
    visits = bought.group_by("customer").agg(
        nw.len().alias("days"),
        nw.col("day").min().alias("first_day"),
        nw.col("day").max().alias("last_day"),
        nw.col("amount").sum().alias("gross"),
    )
    net = days.group_by("customer").agg(*(nw.col(name).sum() for name in money))
    first = bought.select(
        "customer", nw.col("day").alias("first_day"), *(nw.col(name).alias(f"first_{name}") for name in money)
    )
    return visits.join(net, on="customer", how="inner").join(first, on=["customer", "first_day"], how="inner")


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
