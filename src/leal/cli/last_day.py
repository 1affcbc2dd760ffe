"""The last day of a file of purchases that is no typing error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leal.wording import plural

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl

    from leal.results import Note


def last_day_that_counts(purchases: pl.DataFrame) -> tuple[dt.date | None, tuple[Note, ...]]:
    """Return the last day where some rows stand far behind it, and a note of these; else None and no note."""
    from leal.checks.stray_days import day_range
    from leal.engine import as_date, collect, day_number, lazy
    from leal.results import Note

    frame = lazy(purchases)
    days = collect(frame.select(day_number(frame, "bought_at", table="purchases").alias("day")))["day"]
    last = day_range(days).last
    later = int((days > last).sum())
    if not later:
        return None, ()
    text = plural(
        "{count} row dated more than a year from all others is left out.",
        "{count} rows dated more than a year from all others are left out.",
        later,
    )
    return as_date(last), (Note(code="stray_days", text=text),)
