# ruff: noqa: DTZ001 - times are UTC without a zone here, by design
"""Dates and times of any spreadsheet as UTC: ISO, day or month first, AM/PM, zones, epochs, Excel serials.

Whether 03/04/2026 is the third of April or the fourth of March is decided once for a column, over all of its
values. The formats are read off the column itself and applied to the whole column at once; what is left over
(months in words, rare shapes) is read value by value.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import polars as pl

from leal.intake.raw import blank_to_null
from leal.results import Note
from leal.wording import Listing, Text

_TIME = pl.Datetime("us")
_FIRST, _LAST = dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1)
_EPOCH_OF_EXCEL = dt.datetime(1899, 12, 30)

_SHAPE = re.compile(
    r"""^(?:(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?
        |(?P<one>\d{1,2})(?P<join>[-/.])(?P<two>\d{1,2})(?P=join)(?P<last>\d{4}|\d{2})(?:\ ?г\.?)?)
        (?:(?P<gap>T|,?\s+|\s+в\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>[.,]\d{1,9})?)?
        (?P<apgap>\s?)(?P<ap>[AaPp]\.?[Mm]\.?)?)?
        (?P<zgap>\s*)(?P<zone>\(?(?:Z|[A-Za-zА-Я]{2,5}(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}(?::?\d{2})?)\)?)?$""",
    re.VERBOSE,
)
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp])?(?:\.?[Mm]\.?)?\s*(.*)$", re.DOTALL
)
_IN_WORDS = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<word>[^\W\d_]{3,})\.?,?[\s.-]+(?P<year>\d{4}|\d{2})"
    r"|(?P<word2>[^\W\d_]{3,})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{4})"
)
_MONTH_STEMS = (
    *("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    *("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
)
_MONTHS = {stem: i % 12 + 1 for i, stem in enumerate(_MONTH_STEMS)} | {"мая": 5}
_ZONES = {
    **dict.fromkeys(("z", "utc", "gmt", "ut"), 0),
    **{"msk": 180, "мск": 180, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "bst": 60, "ist": 330},
    **{"est": -300, "edt": -240, "cst": -360, "cdt": -300},
    **{"mst": -420, "mdt": -360, "pst": -480, "pdt": -420},
}
"""Minutes east of Greenwich of the abbreviations that exports use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """A column of times.

    Attributes
    ----------
    values : polars.Series
        ``Datetime("us")`` without a zone, in UTC; null where the cell is empty or unreadable.
    unread : polars.Series
        True where there was something in the cell that is no time.
    notes : tuple of Note
        How an ambiguous order was decided, and that zones were turned to UTC.
    """

    values: pl.Series
    unread: pl.Series
    notes: tuple[Note, ...] = ()


def read_times(cells: pl.Series, *, month_first: bool | None = None, zone: str | None = None) -> Times:
    """Read a column of text as times in UTC.

    Parameters
    ----------
    cells : polars.Series of text
        ISO 8601, ``02.03.2026 9:00``, ``3/2/2026 9:00 AM``, ``2026/03/02 9:00:00 AM GMT+3``,
        ``2 марта 2026``, seconds to nanoseconds since 1970, days of Excel, ``20260302``.
    month_first : bool, optional
        What to take where no value of the column tells (02/03/2026); by default day first
        with points, else the reading under which the column spans less time, else month first.
    zone : str, optional
        IANA name of the zone of times that name none (a vendor may say it); by default they are taken as UTC.

    Returns
    -------
    Times
    """
    text = cells.to_frame("t").select(blank_to_null(pl.col("t"))).to_series()
    day_first, order_note = _order(text, month_first)
    local = pl.Series("t", [None], dtype=_TIME).new_from_index(0, len(text))
    offsets: set[int] = set()
    tried: set[tuple[str, int | None]] = set()
    while new := _formats(text.filter(local.is_null() & text.is_not_null()), day_first=day_first) - tried:
        for form, offset in sorted(new, key=str):
            found = _by_format(text, form, offset, zone)
            offsets |= {offset} if offset is not None and found.null_count() < len(found) else set()
            local = local.zip_with(local.is_not_null(), found)
        tried |= new
    local = _numbers(text, local)
    local, more = _one_by_one(text, local, day_first=day_first, zone=zone)
    unread = (text.is_not_null() & local.is_null()).alias("unread")
    return Times(values=local, unread=unread, notes=(*order_note, *_zone_note(offsets | more)))


def _formats(left: pl.Series, *, day_first: bool) -> set[tuple[str, int | None]]:
    """Return the formats that the first values of a column are written in, with offsets in minutes."""
    values = left.head(500).unique().to_list()
    return {form for value in values if (form := _format(value, day_first=day_first)) is not None}


def _format(value: str, *, day_first: bool) -> tuple[str, int | None] | None:
    shape = _SHAPE.match(value)
    if shape is None or (shape["year"] and not shape["day"]):
        return None
    known, offset = _offset(shape["zone"])
    if not known:
        return None
    if shape["year"]:
        form = "%Y{0}%m{0}%d".format(shape["sep"])
    else:
        year = "%Y" if len(shape["last"]) == 4 else "%y"
        one, two = ("%d", "%m") if day_first else ("%m", "%d")
        form = f"{one}{shape['join']}{two}{shape['join']}{year}"
    if "г" in value[: (shape.start("gap") if shape["gap"] else len(value))]:
        return None
    if shape["hour"]:
        clock = "%H:%M" if not shape["ap"] else "%I:%M"
        clock += ":%S" if shape["second"] else ""
        clock += "%.f" if shape["part"] and shape["part"][0] == "." else ""
        if shape["part"] and shape["part"][0] == ",":
            return None
        form += shape["gap"] + clock + shape["apgap"] + ("%p" if shape["ap"] else "")
        if shape["ap"] and "." in shape["ap"]:
            return None
    form += shape["zgap"] + (shape["zone"] or "")
    return form, offset


def _offset(zone: str | None) -> tuple[bool, int | None]:
    """Return whether a zone is known, and its offset in minutes (None where there is no zone)."""
    if not zone:
        return True, None
    bare = zone.strip("() ").lower()
    if bare in _ZONES:
        return True, _ZONES[bare]
    match = re.fullmatch(r"(?:utc|gmt|мск|msk)?([+-])(\d{1,2}):?(\d{2})?", bare)
    if match is None or int(match[2]) > 14:
        return False, None
    base = 180 if bare.startswith(("мск", "msk")) else 0
    minutes = 60 * int(match[2]) + int(match[3] or 0)
    return True, base + (minutes if match[1] == "+" else -minutes)


def _by_format(text: pl.Series, form: str, offset: int | None, zone: str | None) -> pl.Series:
    if "%H" in form or "%I" in form:
        times = text.str.to_datetime(form, strict=False, time_unit="us", ambiguous="earliest")
    else:
        times = text.str.to_date(form, strict=False).cast(_TIME)
    inside = (times >= _FIRST) & (times < _LAST)
    times = times.set(~inside.fill_null(value=False), None)
    return _to_utc(times, offset, zone if "%H" in form or "%I" in form else None)


def _to_utc(times: pl.Series, offset: int | None, zone: str | None) -> pl.Series:
    if offset is not None:
        return times - dt.timedelta(minutes=offset)
    if zone is None:
        return times
    placed = times.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    moved = placed.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    # An hour that the clocks skipped does not exist: it is kept as it stands.
    return moved.zip_with(moved.is_not_null(), times)


def _numbers(text: pl.Series, known: pl.Series) -> pl.Series:
    """Fill in epochs (seconds to nanoseconds), days of Excel and compact dates."""
    if known.null_count() == text.null_count():
        return known
    number = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    frame = pl.DataFrame({"t": text, "x": number, "known": known})
    x = pl.col("x")
    micros = (
        pl.when(x.is_between(1e8, 1e10))
        .then(x * 1e6)
        .when(x.is_between(1e11, 1e13))
        .then(x * 1e3)
        .when(x.is_between(1e14, 1e16))
        .then(x)
        .when(x.is_between(1e17, 1e19))
        .then(x / 1e3)
        .otherwise(None)
    )
    excel = pl.lit(_EPOCH_OF_EXCEL) + pl.duration(
        milliseconds=pl.when(x.is_between(15000, 80000)).then((x * 86_400_000).round(0)).otherwise(None)
    )
    compact = (
        pl.when(pl.col("t").str.contains(r"^(19|20|21)\d{6}$"))
        .then(pl.col("t"))
        .otherwise(None)
        .str.to_date("%Y%m%d", strict=False)
        .cast(_TIME)
    )
    filled = pl.coalesce("known", compact, micros.round(0).cast(pl.Int64).cast(_TIME), excel.cast(_TIME))
    return frame.select(filled.alias("t")).to_series()


def _one_by_one(
    text: pl.Series, known: pl.Series, *, day_first: bool, zone: str | None
) -> tuple[pl.Series, set[int]]:
    left = text.filter(known.is_null() & text.is_not_null()).unique().to_list()
    read = {value: _read_one(value, day_first=day_first) for value in left}
    found = {value: one for value, one in read.items() if one is not None}
    if not found:
        return known, set()
    local = {value: when for value, (when, offset) in found.items() if offset is None}
    fixed = {value: when for value, (when, offset) in found.items() if offset is not None}
    for part, its_zone in ((local, zone), (fixed, None)):
        if part:
            old = pl.Series(list(part), dtype=pl.String)
            new = pl.Series(list(part.values()), dtype=_TIME)
            times = _to_utc(text.replace_strict(old, new, default=None, return_dtype=_TIME), None, its_zone)
            known = known.zip_with(known.is_not_null(), times)
    return known, {offset for _, offset in found.values() if offset is not None}


def _read_one(value: str, *, day_first: bool) -> tuple[dt.datetime, int | None] | None:
    """Read one rare value: months in words, a.m., a month without a day, fractions after a comma."""
    day = _day(value, day_first=day_first)
    if day is None:
        return None
    date, rest = day
    clock = _CLOCK.search(rest)
    try:
        if clock is None:
            return dt.datetime(*date), None
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        if clock[5]:
            hour = hour % 12 + (12 if clock[5].lower() == "p" else 0)
        part = int((clock[4] or "0").ljust(6, "0")[:6])
        known, offset = _offset(clock[6].strip())
        when = dt.datetime(*date, hour, minute, second, part)
    except ValueError:
        return None
    if not known or not _FIRST <= when < _LAST:
        return None
    return when - dt.timedelta(minutes=offset or 0), offset


def _day(value: str, *, day_first: bool) -> tuple[tuple[int, int, int], str] | None:
    """Return year, month, day of a value and what stands behind them."""
    if shape := _SHAPE.match(value):
        if shape["year"]:
            return (int(shape["year"]), int(shape["month"]), int(shape["day"] or 1)), value
        one, two = int(shape["one"]), int(shape["two"])
        day, month = (one, two) if day_first else (two, one)
        return (_full_year(shape["last"]), month, day), value
    words = _IN_WORDS.search(value)
    if words is None:
        return None
    month_in_words = _MONTHS.get((words["word"] or words["word2"]).lower()[:3])
    if month_in_words is None:
        return None
    year, day_of = _full_year(words["year"] or words["year2"]), int(words["day"] or words["day2"])
    return (year, month_in_words, day_of), value[words.end() :]


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits) if int(digits) < 69 else 1900 + int(digits)


def _order(text: pl.Series, month_first: bool | None) -> tuple[bool, tuple[Note, ...]]:
    """Decide whether the day or the month stands first in dates that end with the year."""
    parts = (
        text.to_frame("t")
        .lazy()
        .select(pl.col("t").str.extract_groups(r"^(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})(?:\D|$)"))
        .unnest("t")
        .drop_nulls()
        .group_by("1", "2", "3", "4")
        .len()
        .collect()
    )
    if parts.is_empty():
        return True, ()
    one, two = parts["1"].cast(pl.Int32), parts["3"].cast(pl.Int32)
    days, months = int(parts.filter(one > 12)["len"].sum()), int(parts.filter(two > 12)["len"].sum())
    if days or months:
        return days >= months, ()
    if bool((one == two).all()):
        return True, ()
    if month_first is None and bool((parts["2"] == ".").all()):
        return True, ()  # nobody writes the month first with points, so a short column is no riddle
    if month_first is None:
        month_first = _shorter_span(one, two, parts["4"].cast(pl.Int32))
    if month_first is None:
        month_first = _usually_month_first(text, parts["2"])
    return not month_first, (_ambiguous(text, month_first=month_first),)


def _ambiguous(text: pl.Series, *, month_first: bool) -> Note:
    known = text.drop_nulls()
    example = str(known.filter(known.str.contains(r"^\d{1,2}[./-]\d{1,2}[./-]")).item(0))
    if month_first:
        said = Text(
            "Dates such as {example} were read with the month first: no value of the column tells.",
            example=example,
        )
    else:
        said = Text(
            "Dates such as {example} were read with the day first: no value of the column tells.",
            example=example,
        )
    return Note(code="ambiguous_dates", text=said)


def _shorter_span(one: pl.Series, two: pl.Series, year: pl.Series) -> bool | None:
    """Return whether the column spans less time with the month first, None where it is the same."""

    def span(month: pl.Series, day: pl.Series) -> int:
        days = (year * 372 + month * 31 + day).to_list()
        return int(max(days) - min(days))

    month_is_first, day_is_first = span(one, two), span(two, one)
    return None if month_is_first == day_is_first else month_is_first < day_is_first


def _usually_month_first(text: pl.Series, separators: pl.Series) -> bool:
    """Return whether dates written so have the month first more often: slashes, or AM and PM."""
    if bool((separators == "/").all()):
        return True
    return bool(text.drop_nulls().head(50).str.contains(r"(?i)\d\s*[ap]m\b").any())


def _zone_note(offsets: set[int]) -> tuple[Note, ...]:
    moved = sorted(offsets - {0})
    if not moved:
        return ()
    names = [_zone_name(offset) for offset in moved]
    text = Text("Times of other zones ({zones}) were turned to UTC.", zones=Listing.of(names))
    return (Note(code="zones_to_utc", text=text),)


def _zone_name(offset: int) -> str:
    hours, minutes = divmod(abs(offset), 60)
    return f"UTC{'+' if offset >= 0 else '-'}{hours}" + (f":{minutes:02}" if minutes else "")
