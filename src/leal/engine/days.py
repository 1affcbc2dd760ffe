"""Days as whole numbers since 1970-01-01: the one form of a date that every engine subtracts alike."""

from __future__ import annotations

import datetime as dt

import narwhals as nw

from leal.engine.doubts import refuse
from leal.engine.frames import LazyFrame, require_column
from leal.errors import BadValue, Where
from leal.wording import Text

EPOCH = dt.date(1970, 1, 1)

ISO_DAY = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
"""How a date in words begins; dates of other orders are read by `leal.load` and `leal.read_answers`."""

_LESS_THAN_A_PART = 1e-9
_YEAR_DIGITS = (0, 4)
_MONTH_DIGITS = (5, 2)
_DAY_DIGITS = (8, 2)
_SOME_DAY = "1970-01-01"


def day_number(frame: LazyFrame, column: str, *, table: str) -> nw.Expr:
    """Return an expression for the whole days from 1970-01-01 to `column`.

    Parameters
    ----------
    frame : LazyFrame
        The frame that has the column; its type decides how the day is read.
    column : str
        A date, a date with time (its calendar day where it was recorded), ISO text (``2026-03-01``, with or
        without a time), or whole numbers that are such day numbers already.
    table : str
        Name of the table, for the error.

    Raises
    ------
    MissingColumn
        There is no such column.
    BadValue
        The column holds something that is no day, or dates in words of another order (one pass finds them).

    Notes
    -----
    Only year, month and day of the calendar are asked of the engine; the rest is whole-number arithmetic
    (days from civil, H. Hinnant 2013). So it runs alike on Polars, DuckDB, pandas, PyArrow and Spark, none of
    which agrees with another on what one date minus another is. Polars and DuckDB keep dates as such numbers
    and are asked for them, which costs them a fifth.
    """
    require_column(frame, column, table=table)
    kind = frame.collect_schema()[column]
    value = nw.col(column)
    # A column without a single value has no type of its own.
    if kind == nw.Unknown:
        return value.cast(nw.Int32())
    if kind.is_integer():
        _refuse_other_numbers(frame, column)
        return value.cast(nw.Int32())
    # pandas makes whole numbers with gaps into fractions, and cannot turn a gap into a whole number again.
    gaps = frame.implementation.is_pandas_like()
    if isinstance(kind, nw.Date | nw.Datetime):
        date = value.dt.date() if isinstance(kind, nw.Datetime) else value
        if frame.implementation.is_polars():
            return date.cast(nw.Int32())
        if frame.implementation.is_duckdb():
            return (date - nw.lit(EPOCH)).cast(nw.Int32())
        parts = [value.dt.year(), value.dt.month(), value.dt.day()]
    elif kind == nw.String:
        _refuse_other_text(frame, column)
        text = value.fill_null(_SOME_DAY) if gaps else value
        parts = [text.str.slice(*digits) for digits in (_YEAR_DIGITS, _MONTH_DIGITS, _DAY_DIGITS)]
    else:
        raise _no_dates(column, kind)
    if not gaps:
        return _from_parts(*parts)
    filled = parts if kind == nw.String else [part.fill_null(1) for part in parts]
    return nw.when(~value.is_null()).then(_from_parts(*filled))


def _refuse_other_text(frame: LazyFrame, column: str) -> None:
    """Raise where a date in words does not begin with year, month, day: no guess is made."""
    value = nw.col(column)
    hint = Text(
        "Write days as 2026-03-31; leal.read_table(path) and leal.load(path) read the exports of shops, with"
        " dates of any order."
    )
    refuse(frame, column, ~value.is_null() & ~value.str.contains(ISO_DAY), hint)


def _refuse_other_numbers(frame: LazyFrame, column: str) -> None:
    """Raise where a whole number is no day that a calendar has: seconds since 1970, 20260331."""
    value = nw.col(column)
    first, last = ((day - EPOCH).days for day in (dt.date.min, dt.date.max))
    hint = Text(
        "Whole numbers are taken for days since 1970-01-01. Give dates instead: seconds and 20260331 are"
        " none."
    )
    refuse(frame, column, (value < first) | (value > last), hint)


def _no_dates(column: str, kind: object) -> BadValue:
    return BadValue(
        Text("{column} holds {kind}, not dates.", column=column, kind=str(kind)),
        hint=Text("Give dates, dates with time, or text such as 2026-03-01."),
        where=Where(column=column),
    )


def with_month(frame: LazyFrame, column: str, name: str, *, table: str) -> LazyFrame:
    """Return the frame with the months from January 1970 to `column` (as `day_number` takes it) as `name`.

    Notes
    -----
    Day numbers are turned into months in steps, a column each: one expression would repeat its parts, and
    engines that guard divisions by repeating their operands (DuckDB) would not come to an end.
    """
    require_column(frame, column, table=table)
    kind = frame.collect_schema()[column]
    if isinstance(kind, nw.Date | nw.Datetime):
        return frame.with_columns(_months(nw.col(column).dt.year(), nw.col(column).dt.month()).alias(name))
    if kind == nw.String:
        _refuse_other_text(frame, column)
        year, month = (nw.col(column).str.slice(*digits) for digits in (_YEAR_DIGITS, _MONTH_DIGITS))
        return frame.with_columns(_months(year, month).alias(name))
    return _month_of_number(frame, day_number(frame, column, table=table), name)


def as_date(day: float) -> dt.date:
    """Return the calendar day of a day number."""
    return EPOCH + dt.timedelta(days=int(day))


def _months(year: nw.Expr, month: nw.Expr) -> nw.Expr:
    return (year.cast(nw.Int32()) - EPOCH.year) * 12 + month.cast(nw.Int32()) - 1


def _month_of_number(frame: LazyFrame, day: nw.Expr, name: str) -> LazyFrame:
    """Return the frame with the month of a day number: civil from days (H. Hinnant 2013)."""
    era, rest, year = f"{name}_era", f"{name}_rest", f"{name}_year"
    since, left, years = nw.col(name), nw.col(rest), nw.col(year)
    frame = frame.with_columns((day.cast(nw.Float64()) + 719468).alias(name))
    frame = frame.with_columns(_whole(since, 146097).alias(era))
    frame = frame.with_columns((since - nw.col(era) * 146097).alias(rest))
    frame = frame.with_columns(
        (left - _whole(left, 1460) + _whole(left, 36524) - _whole(left, 146096)).alias(year)
    )
    frame = frame.with_columns(_whole(years, 365).alias(year))
    frame = frame.with_columns((left - 365 * years - _whole(years, 4) + _whole(years, 100)).alias(rest))
    from_march = _whole(5 * left + 2, 153)
    months = (years + nw.col(era) * 400 - EPOCH.year) * 12 + from_march + 2
    return frame.with_columns(months.cast(nw.Int32()).alias(name)).drop(era, rest, year)


def _whole(value: nw.Expr, divisor: int) -> nw.Expr:
    """Return the whole part of a small number divided."""
    return (value * (1 / divisor) + _LESS_THAN_A_PART).floor()


def _from_parts(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Days from the civil calendar; the year is made to start in March, so that a leap day is its last."""
    year, month, day = (part.cast(nw.Int32()) for part in (year, month, day))
    before_march = (14 - month) // 12
    march_year = year - before_march
    from_march = month + 12 * before_march - 3
    leap_days = march_year // 4 - march_year // 100 + march_year // 400
    return day + (153 * from_march + 2) // 5 + 365 * march_year + leap_days - 719469


def seconds(frame: LazyFrame, column: str, *, table: str) -> nw.Expr:
    """Return the seconds from 1970-01-01 to `column`, of a date or text to its midnight."""
    day = day_number(frame, column, table=table).cast(nw.Int64()) * 86_400
    if not isinstance(frame.collect_schema()[column], nw.Datetime):
        return day
    time = nw.col(column).dt
    hours, minutes = time.hour().cast(nw.Int64()), time.minute().cast(nw.Int64())
    return day + hours * 3600 + minutes * 60 + time.second().cast(nw.Int64())
