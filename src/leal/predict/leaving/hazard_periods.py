"""Customers followed period by period from a survey on: what was known at its start, who left in it."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, day_number, lazy, require_column
from leal.errors import BadOption
from leal.measure import customer_register, daily_money, scored_answers
from leal.results import Note
from leal.wording import Count, Percent, Text

PERIOD_DAYS = 91
MOST_UNDATED = 0.2
"""Share of the silent without a date of leaving above which a register of dates is told to be partial."""
_HALF_YEAR, _CONTACT_DAYS, _DAYS_IN_WEEK = 182, 90, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedPeriods:
    """One row a customer and period, with what was known when the period began.

    Attributes
    ----------
    frame : DataFrame
        ``customer``, ``period`` (0 is the first after the survey), ``start`` (day number), ``tenure``
        (periods since the first purchase), ``left`` (in this period), ``score`` (the last one given),
        ``change`` (to it from the score before; 0 where there is one only), ``recency`` (log of 1 + weeks
        since the last purchase), ``trend`` (log of purchase days in the last half year over those of the half
        year before, one half added to each), and where contacts were given ``contacts`` (in the 90 days
        before).
    period_days : int
        Length of a period.
    by_date : bool
        Whether leaving is a date that the company knows; otherwise a whole period without a purchase.
    notes : tuple of Note
        What was left out, and why.
    """

    frame: pl.DataFrame
    period_days: int
    by_date: bool
    notes: tuple[Note, ...] = ()


def followed_periods(
    answers: FrameLike,
    purchases: FrameLike,
    *,
    customers: FrameLike = None,
    contacts: FrameLike = None,
    score: str = "recommend",
    period_days: int = PERIOD_DAYS,
    until: int | None = None,
) -> FollowedPeriods:
    """Follow every customer who answered from the day of the first answer on, period by period.

    Parameters
    ----------
    answers : dataframe or path
        Table `answers` with customer, answered_at and the score.
    purchases : dataframe or path
        Table `purchases`.
    customers : dataframe or path, optional
        Table `customers`; where its column left_at has a date, leaving is that date.
    contacts : dataframe or path, optional
        ``customer``, ``contacted_at``: one row a contact. The yearly count of the table `customers` is not
        used: it knows of contacts that came after the period began.
    score : {"recommend", "satisfaction"}
        Which answer is the attitude.
    period_days : int
        Length of a period.
    until : int, optional
        Last day that is known (day number); by default the last with a purchase.

    Returns
    -------
    FollowedPeriods

    Notes
    -----
    A customer enters on the day of the answer (left truncation): the time before, in which who left could not
    have answered, counts for nobody. What a row knows is from its first day or before. Without dates of
    leaving only those count who bought in the period before their answer, and leaving is the first period
    without a purchase: falling silent, from which some return. Periods that the data do not cover whole are
    left out.
    """
    if score not in ("recommend", "satisfaction"):
        raise BadOption("score", score, ["recommend", "satisfaction"])
    scored = scored_answers(answers).select("customer", "day", score=pl.col(score).cast(pl.Float64))
    scored = scored.drop_nulls().group_by("customer", "day").agg(pl.col("score").mean())
    days = collect(daily_money(purchases)).filter(pl.col("amount") > 0).select("customer", "day")
    days = days.with_columns(pl.col("day").cast(pl.Int32)).sort("day")
    register = customer_register(customers).select("customer", "left_day").drop_nulls()
    by_date = register.height > 0
    last = until if until is not None else _last(days)
    rows = _rows(scored, last, period_days)
    known = _known_at_start(rows, scored, days.filter(pl.col("day") <= last), contacts)
    told = _with_leaving(known, days, register if by_date else None, period_days)
    notes = _notes(scored, told, by_date, period_days)
    if not by_date:
        notes += _pauses(days.filter(pl.col("day") <= last), last, period_days)
    else:
        notes += _undated(told, days, register, last, 2 * period_days)
    return FollowedPeriods(frame=told, period_days=period_days, by_date=by_date, notes=notes)


def _undated(
    told: pl.DataFrame, days: pl.DataFrame, register: pl.DataFrame, last: int, silence: int
) -> tuple[Note, ...]:
    """Return a note where many of the silent have no date of leaving: who left unseen counts as staying."""
    bought = days.group_by("customer").agg(pl.col("day").max())
    followed = bought.join(told.select("customer").unique(), on="customer", how="semi")
    silent = followed.filter(pl.col("day") < last - silence)
    undated = silent.join(register, on="customer", how="anti").height
    if silent.is_empty() or undated <= MOST_UNDATED * silent.height:
        return ()
    text = Text(
        "{share} of those silent for {days} days have no date of leaving and count as staying: what makes"
        " customers leave shows too weakly. Without the column left_at silence is taken for leaving.",
        share=Percent(undated / silent.height),
        days=Count(silence),
    )
    return (Note(code="undated_leaving", text=text),)


def _pauses(days: pl.DataFrame, last: int, silence: int) -> tuple[Note, ...]:
    """Say how many pauses that long ended with a purchase: how far silence is from leaving."""
    pauses = days.sort("customer", "day").select(pl.col("day").diff().over("customer"))
    ended = int((pauses["day"] > silence).sum())
    still = days.group_by("customer").agg(pl.col("day").max()).filter(last - pl.col("day") > silence).height
    if not ended:
        return ()
    text = Text(
        "Of the pauses of more than {days} days, {share} have ended with a purchase: not all who fall silent"
        " are gone, so compare risks and do not read their level.",
        days=Count(silence),
        share=Percent(ended / (ended + still)),
    )
    return (Note(code="silence_ends", text=text),)


def _last(days: pl.DataFrame) -> int:
    day = days["day"].max()
    return int(day) if isinstance(day, int) else 0


def _rows(scored: pl.DataFrame, last: int, period_days: int) -> pl.DataFrame:
    first = scored.group_by("customer").agg(asked=pl.col("day").min())
    whole = ((last - pl.col("asked")) // period_days).clip(0)
    counted = first.with_columns(period=pl.int_ranges(0, whole)).explode("period").drop_nulls("period")
    return counted.select(
        "customer",
        pl.col("period").cast(pl.Int32),
        start=(pl.col("asked") + pl.col("period") * period_days).cast(pl.Int32),
    ).sort("start", "customer")


def _known_at_start(
    rows: pl.DataFrame, scored: pl.DataFrame, days: pl.DataFrame, contacts: FrameLike
) -> pl.DataFrame:
    said = scored.sort("customer", "day").with_columns(
        change=(pl.col("score") - pl.col("score").shift(1).over("customer")).fill_null(0.0)
    )
    said = said.select("customer", start=pl.col("day").cast(pl.Int32), score="score", change="change")
    known = rows.join_asof(said.sort("start"), on="start", by="customer", check_sortedness=False)
    first = days.group_by("customer").agg(first=pl.col("day").min())
    known = known.join(first, on="customer", how="inner").filter(pl.col("first") <= pl.col("start"))
    bought = days.select("customer", start="day", bought="day")
    known = known.join_asof(bought, on="start", by="customer", check_sortedness=False)
    counts = _counted(known, days)
    known = known.join(counts, on=["customer", "start"], how="left")
    if contacts is not None:
        known = known.join(_contacts(known, contacts), on=["customer", "start"], how="left").with_columns(
            pl.col("contacts").fill_null(0.0)
        )
    return known


def _counted(known: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    gap = pl.col("start") - pl.col("day")
    pairs = known.select("customer", "start").join(days, on="customer")
    late, early = gap.is_between(0, _HALF_YEAR - 1), gap.is_between(_HALF_YEAR, 2 * _HALF_YEAR - 1)
    flags = pairs.select("customer", "start", late=late, early=early)
    sums = flags.group_by("customer", "start").agg(pl.col("late", "early").sum())
    trend = ((pl.col("late") + 0.5) / (pl.col("early") + 0.5)).log()
    return sums.select("customer", "start", trend=trend)


def _contacts(known: pl.DataFrame, contacts: FrameLike) -> pl.DataFrame:
    frame = lazy(contacts)
    for column in ("customer", "contacted_at"):
        require_column(frame, column, table="contacts")
    day = day_number(frame, "contacted_at", table="contacts").alias("day")
    made = collect(frame.select(nw.col("customer").cast(nw.String()), day)).drop_nulls()
    pairs = known.select("customer", "start").join(made, on="customer")
    inside = (pl.col("start") - pl.col("day")).is_between(1, _CONTACT_DAYS)
    counted = pairs.filter(inside).group_by("customer", "start").agg(contacts=pl.len().cast(pl.Float64))
    return counted


def _with_leaving(
    known: pl.DataFrame, days: pl.DataFrame, register: pl.DataFrame | None, period_days: int
) -> pl.DataFrame:
    after = days.select("customer", start="day", next="day")
    ahead = known.join_asof(
        after,
        left_on=pl.col("start"),
        right_on=pl.col("start"),
        by="customer",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    )
    end = pl.col("start") + period_days
    if register is None:
        gone = pl.col("next").is_null() | (pl.col("next") > end)
        there = pl.col("start") - pl.col("bought") < period_days
        entered = ahead.with_columns(left=gone, there=there)
        entered = entered.filter((pl.col("period") > 0) | pl.col("there"))
    else:
        dated = ahead.join(register, on="customer", how="left")
        entered = dated.filter(pl.col("left_day").is_null() | (pl.col("left_day") > pl.col("start")))
        entered = entered.with_columns(left=(pl.col("left_day") <= end).fill_null(False))
    began = entered.group_by("customer").agg(from_period=pl.col("period").min())
    ends = entered.filter("left").group_by("customer").agg(until_period=pl.col("period").min())
    inside = (
        entered.join(began, on="customer")
        .join(ends, on="customer", how="left")
        .filter(
            (pl.col("from_period") == 0),
            pl.col("until_period").is_null() | (pl.col("period") <= pl.col("until_period")),
        )
    )
    columns = ["contacts"] if "contacts" in inside.columns else []
    return inside.select(
        "customer",
        "period",
        "start",
        ((pl.col("start") - pl.col("first")) // period_days).cast(pl.Float64).alias("tenure"),
        "left",
        "score",
        "change",
        ((pl.col("start") - pl.col("bought")) / _DAYS_IN_WEEK).log1p().alias("recency"),
        pl.col("trend").fill_null(0.0),
        *columns,
    ).sort("customer", "period")


def _notes(scored: pl.DataFrame, told: pl.DataFrame, by_date: bool, period_days: int) -> tuple[Note, ...]:
    notes = []
    out = scored["customer"].n_unique() - told["customer"].n_unique()
    if out:
        text = Text(
            "{count} customers who answered are not followed: no purchase shortly before the answer, or no"
            " whole period of {days} days after it.",
            count=Count(out),
            days=Count(period_days),
        )
        notes.append(Note(code="not_followed", text=text))
    if not by_date:
        text = Text(
            "No dates of leaving are known: leaving is the first {days} days without a purchase.",
            days=Count(period_days),
        )
        notes.append(Note(code="silence_for_leaving", text=text))
    return tuple(notes)
