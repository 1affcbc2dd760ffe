"""Waves and groups, where nobody says: calendar months (quarters where they are thin); segment, else unit."""

from __future__ import annotations

import re

import narwhals as nw

from leal.engine import FrameLike, LazyFrame, collect, column_names, day_number, lazy, with_month

WAVE = "wave"
FEW_ANSWERS_IN_A_MONTH = 30

_DAY, _MONTH, _FIRST = "_day", "_month", "_first"


def group_column(answers: FrameLike) -> str | None:
    """Return the column to group by where nobody says: `segment`, else `unit`, else none."""
    names = column_names(lazy(answers))
    return next((name for name in ("segment", "unit") if name in names), None)


def with_wave(answers: FrameLike, *, wave: str = WAVE, answered_at: str = "answered_at") -> LazyFrame:
    """Give every answer its wave, as text in the column `wave`.

    Parameters
    ----------
    answers : dataframe or path
        With a column `wave`, which is kept, or with the time of the answer.
    wave, answered_at : str
        Columns.

    Returns
    -------
    LazyFrame
        The answers with ``2026-03`` (March 2026); where any month from the first to the last that has answers
        has fewer than 30, with ``2026-Q1`` (the quarter). An answer without a time has no wave (null).

    Raises
    ------
    MissingColumn
        There is neither a wave nor a time.
    """
    frame = lazy(answers)
    if wave in column_names(frame):
        return frame.with_columns(nw.col(wave).cast(nw.String).alias(WAVE))
    months = with_month(frame, answered_at, _MONTH, table="answers")
    label = _month_label() if _months_are_full(months) else _quarter_label()
    return months.with_columns(label.alias(WAVE)).drop(_MONTH)


def wave_order(answers: LazyFrame, *, answered_at: str = "answered_at") -> list[str]:
    """Return the waves in time: by their first answer where times are there, else by the numbers in them."""
    timed = answered_at in column_names(answers)
    day = day_number(answers, answered_at, table="answers") if timed else nw.lit(0)
    waves = answers.select(nw.col(WAVE), day.alias(_DAY)).filter(~nw.col(WAVE).is_null())
    rows = collect(waves.group_by(WAVE).agg(nw.col(_DAY).min().alias(_FIRST)))
    first = dict(zip(rows[WAVE].to_list(), rows[_FIRST].to_list(), strict=True))
    return sorted(first, key=lambda wave: (first[wave] is None, first[wave] or 0, numbers_in(wave)))


def numbers_in(name: str) -> list[tuple[int, int, str]]:
    """Return a name as a sort key that puts wave 2 before wave 10."""
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def _months_are_full(months: LazyFrame) -> bool:
    known = months.select(_MONTH).filter(~nw.col(_MONTH).is_null())
    least = collect(known.group_by(_MONTH).agg(nw.len().alias(_FIRST)))[_FIRST].min()
    return not isinstance(least, int) or least >= FEW_ANSWERS_IN_A_MONTH


def _month_label() -> nw.Expr:
    number = nw.col(_MONTH) % 12 + 1
    zero = nw.when(number < 10).then(nw.lit("0")).otherwise(nw.lit(""))
    return nw.concat_str([_year(), nw.lit("-"), zero, number.cast(nw.String)])


def _quarter_label() -> nw.Expr:
    quarter = nw.col(_MONTH) % 12 // 3 + 1
    return nw.concat_str([_year(), nw.lit("-Q"), quarter.cast(nw.String)])


def _year() -> nw.Expr:
    return (nw.col(_MONTH) // 12 + 1970).cast(nw.String)
