"""Who may be compared where nobody was held out: chosen by what was known before the start, never by later.

Everyone who was not in the action yet stands beside the treated, those who came into it later included: who
never came into it is known only from later, and where purchases bring customers into an action they would be
those who stopped buying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Reason = Literal["no_past", "no_time_after", "few_treated", "few_others", "not_comparable"]

PERIOD = 28
"""Days of a period: four weeks have the same days of the week, months have not."""

MOST_BEFORE, LEAST_BEFORE, MOST_RECENT, MOST_AFTER = 7, 3, 3, 6
"""Periods before the start, those right before it by which customers may have been picked, and after it."""

FEWEST = 30
"""Customers of a side below which nothing is told."""

MOST_TREATED, LEAST_LOOKED_AT = 6_000, 1_500
"""Treated customers of all actions together, and of each, above which only every second, third ... is looked
at; of the others twice as many."""

SEED = 20_140_301
"""Of the days from which the others are looked at, where the treated began on several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Periods before the start, how many of them are the last weeks before it, and periods after it."""

    before: int
    recent: int
    after: int

    @property
    def early(self) -> int:
        """Periods before the last weeks: the base."""
        return self.before - self.recent


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The treated and the others, one row each, and what they did before and after their start.

    Attributes
    ----------
    window : Window
    treated : array of bool
    customers : array of int
        Number of the customer of each row; who came into it later may have a row of each kind.
    starts, first : array
        Day of the start (of the others: from which they are looked at), and of the first purchase.
    money, bought : array of shape (rows, periods)
        Money and purchase days by period of four weeks.
    pause : array
        Days from the last purchase before the start; the days of the window where there is none in it.
    older_money, older_bought : array
        Money and purchase days before the window.
    left_out : int
        Treated who were no customers long enough, or whose time after the start is too short.
    every : int
        One of how many of the larger side is looked at.
    joined_later : float
        Share of the others who came into the action later.
    """

    window: Window
    treated: npt.NDArray[np.bool_]
    customers: npt.NDArray[np.int64]
    starts: Floats
    first: Floats
    money: Floats
    bought: Floats
    pause: Floats
    older_money: Floats
    older_bought: Floats
    left_out: int
    every: int
    joined_later: float


def first_purchases(money_days: pl.DataFrame) -> pl.DataFrame:
    """Return the day of each customer's first purchase: customer, first; in the order of customers."""
    bought = money_days.lazy().filter(pl.col("amount") > 0).drop_nulls("customer")
    return bought.group_by("customer").agg(first=pl.col("day").min()).sort("customer").collect()


def compared_customers(
    treated: pl.DataFrame,
    entered: pl.DataFrame,
    first: pl.DataFrame,
    money_days: pl.DataFrame,
    until: int,
    column: str,
    most: int = MOST_TREATED,
) -> Compared | Reason:
    """Return the treated beside those who were not in the action yet, or why they cannot be compared.

    Parameters
    ----------
    treated : DataFrame
        ``customer``, ``start``: those whose effect is asked for.
    entered : DataFrame
        ``customer``, ``entered``: when each came into the action, by any arm.
    first : DataFrame
        What `first_purchases` gave.
    money_days : DataFrame
        ``customer``, ``day``, ``amount`` and the money column.
    until : int
        Last day of the data.
    column : str
        The money column.
    most : int
        Treated customers that are looked at; of the others twice as many.

    Notes
    -----
    Both sides by one rule: a first purchase before the window begins, and the whole window within the data.
    Where the treated began on several days each other customer is looked at from one of these days, drawn
    once, so that both sides are looked at through the same seasons.
    """
    known = treated.join(first, on="customer", how="left")
    window = _window(known, until)
    if not isinstance(window, Window):
        return window
    mine = known.filter(_inside(window, until))
    if mine.height < FEWEST:
        return "few_treated"
    theirs = _others(mine, entered, first).filter(_inside(window, until))
    if theirs.height < FEWEST:
        return "few_others"
    some, step = _thinned(mine, most)
    rest, other_step = _thinned(theirs, 2 * most)
    return _laid_out(
        pl.concat([one.select("customer", "start", "first") for one in (some, rest)]),
        some.height,
        money_days,
        column,
        window=window,
        left_out=treated.height - mine.height,
        every=max(step, other_step),
        joined_later=float(rest["entered"].is_not_null().sum()) / rest.height,
    )


def _window(known: pl.DataFrame, until: int) -> Window | Reason:
    """Return the longest window that at least half of the treated can be seen in."""
    past = ((known["start"] - known["first"] - 1) // PERIOD).fill_null(0).to_numpy()
    time = ((until - known["start"] + 1) // PERIOD).to_numpy()
    before = _half_have(past, MOST_BEFORE)
    after = _half_have(time, MOST_AFTER)
    if after < 1:
        return "no_time_after"
    if before < LEAST_BEFORE:
        return "no_past"
    return Window(before=before, recent=min(MOST_RECENT, before - 2), after=after)


def _half_have(counts: npt.NDArray[np.int64], most: int) -> int:
    """Return the largest number up to `most` that at least half reach."""
    reached = [number for number in range(1, most + 1) if 2 * np.sum(counts >= number) >= len(counts)]
    return max(reached, default=0)


def _inside(window: Window, until: int) -> pl.Expr:
    begin = pl.col("start") - PERIOD * window.before
    end = pl.col("start") + PERIOD * window.after - 1
    return (pl.col("first") < begin) & (end <= until)


def _others(mine: pl.DataFrame, entered: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """Return who was not in the action on a day drawn from those on which the treated began."""
    days = mine["start"].sort().to_numpy()
    drawn = np.random.default_rng(SEED).choice(days, first.height)
    looked_at = first.with_columns(start=pl.Series(drawn, dtype=pl.Int32))
    known = looked_at.join(entered, on="customer", how="left", maintain_order="left")
    return known.filter(pl.col("entered").is_null() | (pl.col("entered") > pl.col("start")))


def _thinned(rows: pl.DataFrame, most: int) -> tuple[pl.DataFrame, int]:
    step = -(-rows.height // most)
    return rows.sort("customer").gather_every(step), step


def _laid_out(
    rows: pl.DataFrame,
    treated: int,
    money_days: pl.DataFrame,
    column: str,
    *,
    window: Window,
    left_out: int,
    every: int,
    joined_later: float,
) -> Compared:
    numbered = rows.with_row_index("row")
    events = _events(numbered, money_days, column)
    count, periods = rows.height, window.before + window.after
    inside = events.filter(pl.col("period").is_between(-window.before, window.after - 1))
    older = events.filter(pl.col("period") < -window.before)
    place = inside["row"].cast(pl.Int64).to_numpy() * periods + inside["period"].to_numpy() + window.before

    def table(values: pl.Series) -> Floats:
        return _sums(place, values, count * periods).reshape(count, periods)

    def sums(values: pl.Series) -> Floats:
        return _sums(older["row"].to_numpy(), values, count)

    return Compared(
        window=window,
        treated=np.arange(count) < treated,
        customers=rows["customer"].rank("dense").cast(pl.Int64).to_numpy() - 1,
        starts=rows["start"].cast(pl.Float64).to_numpy(),
        first=rows["first"].cast(pl.Float64).to_numpy(),
        money=table(inside["money"]),
        bought=table(inside["bought"]),
        pause=_pauses(inside, count, window),
        older_money=sums(older["money"]),
        older_bought=sums(older["bought"]),
        left_out=left_out,
        every=every,
        joined_later=joined_later,
    )


def _events(numbered: pl.DataFrame, money_days: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the days of each row: row, since (days from its start), period, money, bought."""
    days = money_days.lazy().select("customer", "day", bought=pl.col("amount") > 0, money=pl.col(column))
    joined = days.join(numbered.lazy(), on="customer", how="inner")
    since = pl.col("day").cast(pl.Int64) - pl.col("start").cast(pl.Int64)
    return (
        joined.select(
            "row",
            since=since,
            period=since.floordiv(PERIOD),
            money=pl.col("money").cast(pl.Float64).fill_null(0.0),
            bought=pl.col("bought").cast(pl.Float64),
        )
        .sort("row", "since")
        .collect()
    )


def _sums(places: npt.NDArray[Any], values: pl.Series, count: int) -> Floats:
    return np.asarray(np.bincount(places, weights=values.to_numpy(), minlength=count), dtype=np.float64)


def _pauses(inside: pl.DataFrame, count: int, window: Window) -> Floats:
    found = np.full(count, float(PERIOD * window.before))
    bought = inside.filter((pl.col("since") < 0) & (pl.col("bought") > 0))
    np.minimum.at(found, bought["row"].to_numpy(), -bought["since"].cast(pl.Float64).to_numpy())
    return found
