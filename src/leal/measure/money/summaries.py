"""The summary of customers as a table at hand: of all purchases, or of a part to learn from."""

from __future__ import annotations

import datetime as dt
from numbers import Integral
from typing import TypeAlias

import narwhals as nw
import numpy as np
import polars as pl

from leal.engine import FrameLike, LazyFrame, as_date, collect, lazy
from leal.errors import BadValue, Where
from leal.measure.money.customer_sums import bought_on
from leal.measure.money.purchases import (
    DAYS_IN_WEEK,
    daily_money,
    is_by_day,
    refuse_several_currencies,
    summarise_stored,
)
from leal.wording import Day, Percent, Text, plural

Until: TypeAlias = int | str | dt.date | np.datetime64
"""A day: its number since 1970-01-01, a date, a date with time (pandas' and NumPy's too), or ISO text."""

FAR_DAYS = 366
STRAY_SHARE = 0.001
FEWEST_CUSTOMERS = 100
"""Days more than a year from all others are mistaken where at most one in a thousand customers has them, or a
single one; of fewer than a hundred customers nobody is few."""

_FIRST, _LAST = ((day - as_date(0)).days for day in (dt.date.min, dt.date.max))

COLUMNS: dict[str, type[pl.DataType]] = {
    "customer": pl.String,
    "frequency": pl.Int64,
    "recency": pl.Float64,
    "age": pl.Float64,
    "spend": pl.Float64,
    "first_day": pl.Int32,
    "last_day": pl.Int32,
    "amount": pl.Float64,
    "repeat_amount": pl.Float64,
}


def customer_summary(
    purchases: FrameLike,
    until: Until | None = None,
    *,
    margin: float | None = None,
    count_free: bool = False,
) -> pl.DataFrame:
    """Return what each customer's purchases come to: one row a customer, what the models of value need.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`: customer, bought_at, amount, and where known margin; one row a purchase, an
        order or a line of one; refunds are negative.
    until : int, str, date or datetime, optional
        Last day that is looked at (its number since 1970-01-01, a date, or text such as ``2026-03-31``); by
        default the last day with a purchase. Purchases after it are left out.
    margin : float, optional
        Margin as a share of the amount, used where there is no column `margin`.
    count_free : bool
        Whether a day that comes to exactly zero (a gift) is a purchase.

    Returns
    -------
    polars.DataFrame
        ``customer`` (text; in the order of the customers as they are stored); ``frequency`` (repeat purchase
        days); ``recency`` (weeks from first to last purchase); ``age`` (weeks from first purchase to
        `until`); ``spend`` (mean amount of the repeat days, zero where there is none); ``first_day``,
        ``last_day`` (day numbers); ``amount`` and ``repeat_amount`` (money net of every refund, in all and
        after the first purchase day); where a margin
        is known ``margin`` and ``repeat_margin``. Customers without a purchase day are not in it.

    Raises
    ------
    MissingColumn
        A column is absent.
    BadValue
        Amounts of several currencies; purchases dated more than a year before or after all others by hardly
        anybody (after them, unless `until` is given); `until` before all purchases, or a day that is none; a
        margin that is no share.

    Notes
    -----
    All purchases of a customer on a day are one; refunds of the day are netted, a day that comes to zero or
    less is no purchase. The first purchase day counts neither in the frequency nor in the spend. Weeks are
    days / 7, not rounded (Fader, Hardie and Lee 2005). Rows without customer, day or amount are left out;
    `leal.lifetime_value` counts them, and the days that came to nothing, in its notes. For logs of 50 million
    rows and more give a DuckDB relation: it needs the least time and memory.

    References
    ----------
    Fader, Hardie and Lee (2005), Marketing Science 24(2), 275-284.

    Examples
    --------
    >>> import leal, polars as pl
    >>> purchases = pl.DataFrame(
    ...     {
    ...         "customer": ["a", "a", "a", "b"],
    ...         "bought_at": ["2026-01-01", "2026-01-15", "2026-01-29", "2026-01-08"],
    ...         "amount": [50.0, 20.0, 30.0, 10.0],
    ...     }
    ... )
    >>> leal.customer_summary(purchases, "2026-02-05").select("customer", "frequency", "age", "spend").rows()
    [('a', 2, 5.0, 25.0), ('b', 0, 4.0, 0.0)]
    """
    frame = lazy(purchases)
    last = None if until is None else number_of_day(until)
    found = _summary(frame, last, margin, count_free)
    if last is not None and found.is_empty():
        _refuse_day_before_all(frame, last)
    return found


def _summary(frame: LazyFrame, last: int | None, margin: float | None, count_free: bool) -> pl.DataFrame:
    require_margin(margin)
    refuse_several_currencies(frame)
    found = collect(summarise_stored(frame, until=last, margin=margin, count_free=count_free))
    _refuse_early_days(found)
    if last is None:
        _refuse_late_days(found)
    kinds = {} if is_by_day(frame) else COLUMNS
    cast = {name: kind for name, kind in kinds.items() if found.schema[name] != kind}
    ordered = found.sort("customer")
    return ordered.cast(cast) if cast else ordered  # type: ignore[arg-type]


def calibration_and_holdout(
    purchases: FrameLike,
    calibration_until: Until,
    until: Until | None = None,
    *,
    margin: float | None = None,
    count_free: bool = False,
) -> pl.DataFrame:
    """Return the summary of customers up to one day, and what they bought from then to another.

    Parameters
    ----------
    purchases : dataframe or path
        The table `purchases`.
    calibration_until : int, str, date or datetime
        Last day to learn from.
    until : int, str, date or datetime, optional
        Last day to test on; by default the last with a purchase.
    margin, count_free
        As in `customer_summary`.

    Returns
    -------
    polars.DataFrame
        The columns of `customer_summary` as of `calibration_until`, of the customers who had bought by then;
        ``holdout_frequency`` (purchase days after it, up to `until`), ``holdout_amount`` (their money net of
        refunds) and ``holdout_weeks`` (the same for all).

    Raises
    ------
    BadValue
        `until` is not after `calibration_until`, or nobody had bought by then.

    Examples
    --------
    >>> import polars as pl
    >>> from leal.measure import calibration_and_holdout
    >>> purchases = pl.DataFrame(
    ...     {
    ...         "customer": ["a", "a", "a", "b"],
    ...         "bought_at": ["2026-01-01", "2026-01-15", "2026-01-29", "2026-01-08"],
    ...         "amount": [50.0, 20.0, 30.0, 10.0],
    ...     }
    ... )
    >>> found = calibration_and_holdout(purchases, "2026-01-22", "2026-02-05")
    >>> found.select("customer", "frequency", "holdout_frequency", "holdout_weeks").rows()
    [('a', 1, 1, 2.0), ('b', 0, 0, 2.0)]
    """
    frame = lazy(purchases)
    split = number_of_day(calibration_until)
    summary = _summary(frame, split, margin, count_free)
    days = (frame if is_by_day(frame) else daily_money(frame, margin=margin)).filter(nw.col("day") > split)
    last = _last_purchase(days) if until is None else number_of_day(until)
    if summary.is_empty() or last is None or last <= split:
        raise BadValue(
            Text(
                "Up to {day} there is nothing to learn from, or after it nothing to test on.",
                day=Day(as_date(split)),
            ),
            hint=Text("Choose a day between the first and the last purchase, such as two thirds of the way."),
            where=Where(column="calibration_until"),
        )
    later = collect(_bought_later(days.filter(nw.col("day") <= last), count_free))
    later = later.with_columns(pl.col("customer").cast(summary.schema["customer"]))
    return summary.join(later, on="customer", how="left", maintain_order="left").with_columns(
        pl.col("holdout_frequency").fill_null(0).cast(pl.Int64),
        pl.col("holdout_amount").fill_null(0.0),
        pl.lit((last - split) / DAYS_IN_WEEK).alias("holdout_weeks"),
    )


def _bought_later(days: LazyFrame, count_free: bool) -> LazyFrame:
    bought = bought_on(count_free)
    flagged = days.select("customer", "amount", bought.cast(nw.Int64()).alias("holdout_frequency"))
    return flagged.group_by("customer").agg(
        nw.col("holdout_frequency").sum(), nw.col("amount").sum().alias("holdout_amount")
    )


def _last_purchase(days: LazyFrame) -> int | None:
    last = collect(days.filter(bought_on(False)).select(nw.col("day").max()))["day"][0]
    return None if last is None else int(last)


def _refuse_day_before_all(frame: LazyFrame, last: int) -> None:
    days = frame if is_by_day(frame) else daily_money(frame)
    first = collect(days.select(nw.col("day").min()))["day"][0]
    if first is None or int(first) <= last:
        return
    raise BadValue(
        Text(
            "All purchases are later than {day}: the first is of {first}.",
            day=Day(as_date(last)),
            first=Day(as_date(int(first))),
        ),
        hint=Text("Give a day between the first and the last purchase, or leave until= out."),
        where=Where(column="until"),
    )


def number_of_day(day: Until) -> int:
    """Return the day number of a date, a date with time, ISO text or a day number.

    Raises
    ------
    BadValue
        It is none of these.
    """
    if isinstance(day, Integral) and not isinstance(day, bool) and _FIRST <= int(day) <= _LAST:
        return int(day)
    found = _as_day(day)
    if found is None:
        raise BadValue(
            Text("{value} is no day.", value=repr(day)),
            hint=Text("Give a date, text such as 2026-03-31, or whole days since 1970-01-01."),
            where=Where(column="until"),
        )
    return (found - as_date(0)).days


def _as_day(day: object) -> dt.date | None:
    if isinstance(day, np.datetime64):
        day = day.astype("datetime64[D]").item()
    if day != day:  # a missing time of pandas, which is a datetime by its type
        return None
    if isinstance(day, dt.datetime):
        return day.date()
    if isinstance(day, dt.date):
        return day
    try:
        return dt.datetime.fromisoformat(day.strip()).date() if isinstance(day, str) else None
    except ValueError:
        return None


def require_margin(margin: object) -> None:
    """Raise `BadValue` where a margin is given that is no share of revenue."""
    is_number = isinstance(margin, int | float) and not isinstance(margin, bool)
    if margin is None or (isinstance(margin, int | float) and is_number and 0 < margin <= 1):
        return
    raise BadValue(
        Text("A margin of {margin} is no share of revenue.", margin=margin if is_number else repr(margin)),
        hint=Text("Give it as a fraction above 0, at most 1: .3 for 30 %."),
        where=Where(column="margin"),
    )


def require_margin_of_days(days: pl.DataFrame) -> None:
    """Raise `BadValue` where the margin of all days is less than nothing or more than they came to."""
    if "margin" not in days.columns:
        return
    amount, margin = days.select(pl.col("amount", "margin").sum()).row(0)
    if amount <= 0 or 0 <= margin <= amount * (1 + 1e-9):
        return
    raise BadValue(
        Text("The column margin comes to {share} of all amounts.", share=Percent(margin / amount)),
        hint=Text(
            "Give the margin of a purchase in money, not in per cent, no more than its amount; or leave the"
            " column out and give margin= as a share."
        ),
        where=Where(column="margin"),
    )


def _refuse_late_days(summary: pl.DataFrame) -> None:
    """Raise where the last purchases stand so far from all others that their dates must be mistaken."""
    counted = summary["last_day"].value_counts(name="n").sort("last_day")
    far = _far_steps(counted["last_day"].to_list(), counted["n"].to_list(), summary.height)
    if far is None:
        return
    day, some = far
    raise BadValue(
        plural(
            "Purchases of {count} customer are dated {day} or later, more than a year after all others.",
            "Purchases of {count} customers are dated {day} or later, more than a year after all others.",
            some,
            day=Day(as_date(day)),
        ),
        hint=Text("Mend these dates, or give until=, the last day that counts; what is later is left out."),
        where=Where(column="bought_at"),
    )


def _refuse_early_days(summary: pl.DataFrame) -> None:
    """Raise where the first purchases stand so far from all others that their dates must be mistaken."""
    counted = summary["first_day"].value_counts(name="n").sort("first_day", descending=True)
    far = _far_steps(counted["first_day"].to_list(), counted["n"].to_list(), summary.height)
    if far is None:
        return
    day, some = far
    raise BadValue(
        plural(
            "Purchases of {count} customer are dated {day} or earlier, more than a year before all others.",
            "Purchases of {count} customers are dated {day} or earlier, more than a year before all others.",
            some,
            day=Day(as_date(day)),
        ),
        hint=Text("Mend these dates, or leave these rows out: 1900-01-01 and 1970-01-01 are empty cells."),
        where=Where(column="bought_at"),
    )


def _far_steps(days: list[int], counts: list[int], customers: int) -> tuple[int, int] | None:
    """Return the first of the days that stand apart at the end, and how many customers have them."""
    most = max(1, STRAY_SHARE * customers) if customers >= FEWEST_CUSTOMERS else 0
    left = customers
    for place in range(1, len(days)):
        left -= counts[place - 1]
        if left <= most and abs(days[place] - days[place - 1]) > FAR_DAYS:
            return days[place], left
    return None
