"""The customers of a table of purchases as models of value take them, and what was left out on the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import narwhals as nw
import numpy as np
import polars as pl

from leal.engine import FrameLike, LazyFrame, as_date, collect, column_names, lazy
from leal.measure import (
    Until,
    customer_summary,
    daily_money,
    number_of_day,
    read_margins,
    refuse_several_currencies,
    require_margin,
    require_margin_of_days,
    summarise_customers,
)
from leal.predict.purchase_models.customer_columns import Floats, Rhythm
from leal.results import Basis, Note
from leal.wording import Count, Day, Text, plural

SILENT_WEEKS = 8
"""Weeks without any purchase before the day to look ahead from that are told."""


@dataclass(frozen=True, kw_only=True)
class PurchaseBase:
    """Net money by customer and day, until a day.

    Attributes
    ----------
    days : DataFrame
        ``customer, day, amount`` and, where a margin is known, ``margin``; days of refunds included.
    until : int
        Last day that is looked at (day number).
    given_margin : float or None
        Margin as a share of revenue, as the user gave it; None where a column tells the margin.
    currency : str or None
        ISO code, where the data say.
    count_free : bool
        Whether a day that comes to exactly zero is a purchase.
    notes : tuple of Note
        What was left out.
    """

    days: pl.DataFrame
    until: int
    given_margin: float | None = None
    currency: str | None = None
    count_free: bool = False
    notes: tuple[Note, ...] = ()

    @cached_property
    def summary(self) -> pl.DataFrame:
        """One row a customer: `leal.measure.summarise_customers`, in the order of the customers."""
        return collect(summarise_customers(self.days, until=self.until, count_free=self.count_free)).sort(
            "customer"
        )

    @property
    def customers(self) -> Rhythm:
        """Frequency, recency and age."""
        columns = (self._column(name) for name in ("frequency", "recency", "age"))
        frequency, recency, age = columns
        return Rhythm(frequency=frequency, recency=np.minimum(recency, age), age=age)

    @property
    def spend(self) -> Floats:
        """Mean amount of the repeat purchase days, 0 where there is none."""
        return self._column("spend")

    def _column(self, name: str) -> Floats:
        return np.ascontiguousarray(self.summary[name].cast(pl.Float64).to_numpy())

    @cached_property
    def purchases(self) -> pl.DataFrame:
        """Days with a purchase: `days` above zero, until the last day."""
        bought = pl.col("amount") >= 0 if self.count_free else pl.col("amount") > 0
        return self.days.filter(bought, pl.col("day") <= self.until)

    @cached_property
    def amounts(self) -> Floats:
        """Amounts of all purchase days."""
        return self.purchases["amount"].to_numpy()

    @property
    def repeaters(self) -> int:
        """Customers who bought again."""
        return int((self.summary["frequency"] > 0).sum())

    @property
    def first(self) -> int:
        """First day with a purchase."""
        day = self.purchases["day"].min()
        return int(day) if isinstance(day, int) else self.until

    @property
    def weeks(self) -> float:
        """Weeks from the first day with a purchase to the last that is looked at."""
        return (self.until - self.first) / 7

    @cached_property
    def margin(self) -> float:
        """What a unit of purchases leaves: of the margin as given, else that of all purchases; 1 if unknown.

        What was given back on days of its own is no purchase, and taken off here.
        """
        return self.margin_between(self.first, self.until)

    def margin_between(self, after: int, until: int) -> float:
        """Return what a unit of purchases of the days from `after` to `until` leaves, refunds taken off."""
        bought, left = self.left_of_purchases(after, until).select("bought", "left").sum().row(0)
        return float(left / bought) if bought > 0 else (self.given_margin or 1.0)

    def left_of_purchases(self, after: int, until: int) -> pl.DataFrame:
        """Return what customers bought from `after` to `until`, and what was left of it.

        One row a customer: ``customer``, ``bought`` (days above zero), ``left`` (the margin of all days,
        those of refunds too; the amounts where no margin is known).
        """
        left = pl.col("amount") * (1.0 if self.given_margin is None else self.given_margin)
        if self.given_margin is None and "margin" in self.days.columns:
            left = pl.col("margin")
        days = self.days.filter(pl.col("day").is_between(after, until))
        return days.group_by("customer").agg(
            bought=pl.col("amount").filter(pl.col("amount") > 0).sum(), left=left.sum()
        )

    @property
    def basis(self) -> Basis:
        """What money is counted in."""
        known = self.given_margin is not None or "margin" in self.days.columns
        return "margin" if known else "revenue"

    def before(self, until: int) -> PurchaseBase:
        """Return the base as it was known on an earlier day."""
        return PurchaseBase(
            days=self.days.filter(pl.col("day") <= until),
            until=until,
            given_margin=self.given_margin,
            currency=self.currency,
            count_free=self.count_free,
        )


def purchase_base(
    purchases: FrameLike,
    *,
    margin: float | None = None,
    until: Until | None = None,
    count_free: bool = False,
) -> PurchaseBase:
    """Return the customers of a table of purchases.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`: customer, bought_at, amount; margin and currency where known.
    margin : float, optional
        Margin as a share of revenue, above 0 and at most 1, of the purchases that a column `margin` does not
        tell it of.
    until : date, text or day number, optional
        Last day that is looked at; by default the last day with a purchase.
    count_free : bool
        Whether a day that comes to exactly zero (a gift) is a purchase.

    Raises
    ------
    BadValue
        Several currencies; a margin out of range.
    """
    frame = lazy(purchases)
    require_margin(margin)
    currency = _currency(frame)
    days = collect(daily_money(frame, margin=margin)).cast({"day": pl.Int32})
    column = read_margins(frame)
    if column is not None:
        column.refuse_rates()
        require_margin_of_days(days)
    told = column is not None and column.known > 0
    if not told and "margin" in days.columns:
        days = days.drop("margin")
    end = _last_day(days, until)
    return PurchaseBase(
        days=days.filter(pl.col("day") <= end),
        until=end,
        given_margin=None if told else margin,
        currency=currency,
        count_free=count_free,
        notes=(
            *_left_out(frame, days, end, count_free),
            *_silence(days, end),
            *_still_to_come(days, end),
            *(column.notes(margin) if column is not None else ()),
        ),
    )


def _currency(frame: LazyFrame) -> str | None:
    refuse_several_currencies(frame)
    if "currency" not in column_names(frame):
        return None
    found = collect(frame.select("currency").unique()).drop_nulls()["currency"].to_list()
    return str(found[0]) if found else None


def _last_day(days: pl.DataFrame, until: Until | None) -> int:
    """Return the day to look ahead from; dates far beyond all others are refused, not believed."""
    summary = customer_summary(days, until)
    if until is not None:
        return number_of_day(until)
    last = summary["last_day"].max()
    last = days["day"].max() if last is None else last
    return int(last) if isinstance(last, int) else 0


def _silence(days: pl.DataFrame, end: int) -> tuple[Note, ...]:
    """Tell where nobody bought for long before the day to look ahead from."""
    last = days.filter(pl.col("amount") > 0, pl.col("day") <= end)["day"].max()
    if not isinstance(last, int) or end - last < SILENT_WEEKS * 7:
        return ()
    text = Text(
        "Nobody bought in the {weeks} weeks before {day}. If the data end on {last}, look ahead from there"
        " (until={iso}): else hardly anyone counts as a customer any more.",
        weeks=Count((end - last) // 7),
        day=Day(as_date(end)),
        last=Day(as_date(last)),
        iso=as_date(last).isoformat(),
    )
    return (Note(code="silence_before", text=text),)


def _still_to_come(days: pl.DataFrame, end: int) -> tuple[Note, ...]:
    """Tell of purchases dated later than tomorrow: somewhere it is tomorrow already."""
    tomorrow = (dt.datetime.now(tz=dt.UTC).date() - as_date(0)).days + 1
    some = days.filter(pl.col("amount") > 0, pl.col("day") > tomorrow, pl.col("day") <= end).height
    if not some:
        return ()
    text = plural(
        "{count} day of purchases is still to come: mend its date, or give the last day that counts (until).",
        "{count} days of purchases are still to come: mend their dates, or give the last day that"
        " counts (until).",
        some,
    )
    return (Note(code="future_purchases", text=text),)


def _left_out(frame: LazyFrame, days: pl.DataFrame, end: int, count_free: bool) -> tuple[Note, ...]:
    notes = []
    asked = [name for name in ("customer", "bought_at", "amount") if name in column_names(frame)]
    schema = frame.collect_schema()
    empty = (_is_missing(name, schema[name]) for name in asked)
    gaps = nw.any_horizontal(*empty, ignore_nulls=True)
    rows = int(collect(frame.filter(gaps).select(nw.len().alias("rows")))["rows"][0])
    if rows:
        text = plural(
            "{count} purchase without customer, day or amount is left out.",
            "{count} purchases without customer, day or amount are left out.",
            rows,
        )
        notes.append(Note(code="gaps", text=text))
    if "currency" in column_names(frame):
        notes += _without_currency(frame)
    nothing = pl.col("amount") < 0 if count_free else pl.col("amount") <= 0
    refunds = days.filter(nothing, pl.col("day") <= end).height
    if refunds:
        text = plural(
            "{count} day of a customer came to zero or less (refunds, gifts) and is no purchase.",
            "{count} days of customers came to zero or less (refunds, gifts) and are no purchases.",
            refunds,
        )
        notes.append(Note(code="refunds", text=text))
        if refunds == days.filter(pl.col("day") <= end).height:
            text = Text(
                "No amount is above zero: if sales stand with a minus sign in the file, turn the signs round."
            )
            notes.append(Note(code="only_refunds", text=text))
    later = days.filter(pl.col("day") > end).height
    if later:
        text = Text(
            "{count} days of purchases after {day} are not looked at.",
            count=Count(later),
            day=Day(as_date(end)),
        )
        notes.append(Note(code="later_purchases", text=text))
    return tuple(notes)


def _is_missing(name: str, kind: nw.dtypes.DType) -> nw.Expr:
    """Return whether a value is missing; what is no finite number, or empty text, counts as such."""
    value = nw.col(name)
    if kind.is_float():
        return value.is_null() | ~value.is_finite()
    return value.is_null() | (value == "") if kind == nw.String else value.is_null()


def _without_currency(frame: LazyFrame) -> list[Note]:
    """Tell of amounts whose currency is not told beside others whose is: they are taken for the same."""
    known = ~nw.col("currency").is_null()
    counts = collect(
        frame.select(rows=nw.len(), known=nw.when(known).then(nw.lit(1)).otherwise(nw.lit(0)).sum())
    )
    rows, told = counts.row(0)
    if not told or told == rows:
        return []
    text = plural(
        "{count} purchase names no currency and is taken for one in that of all others.",
        "{count} purchases name no currency and are taken for such in that of all others.",
        int(rows - told),
    )
    return [Note(code="no_currency", text=text)]
