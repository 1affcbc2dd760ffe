# ruff: noqa: DTZ001 - times are UTC without a zone here, by design
"""Times of any spreadsheet become UTC; the order of day and month is decided over the whole column."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.intake.dates import read_times

NOON = dt.datetime(2026, 3, 12, 12, 30, 5)


def one(value: str, **options: object) -> dt.datetime | None:
    return read_times(pl.Series([value]), **options).values.item(0)  # type: ignore[arg-type, no-any-return]


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-12 12:30:05",
        "2026-03-12T12:30:05Z",
        "2026-03-12T12:30:05.000Z",
        "2026-03-12 12:30:05 UTC",
        "2026-03-12T15:30:05+03:00",
        "2026-03-12T15:30:05+0300",
        "2026-03-12 15:30:05+03",
        "2026/03/12 3:30:05 PM GMT+3",
        "2026-03-12 15:30:05 MSK",
        "12.03.2026 12:30:05",
        "12.3.26 12:30:05",
        "12.03.2026, 12:30:05",
        "12/03/2026 12:30:05 PM",
        "12 марта 2026 г., 12:30:05",
        "12 Mar 2026 12:30:05",
        "Thu, 12 Mar 2026 15:30:05 +0300",
        "March 12, 2026 12:30:05 p.m.",
        "12-Mar-26 12:30:05",
        "2026-03-12 12:30:05,000",
        "1773318605",
        "1773318605.0",
        "1773318605000",
        "1773318605000000",
    ],
)
def test_every_way_to_write_a_time(written: str) -> None:
    assert one(written, month_first=False) == NOON


@pytest.mark.parametrize("written", ["2026-03-12", "12.03.2026", "20260312", "46093", "12.03.2026 г."])
def test_every_way_to_write_a_day(written: str) -> None:
    assert one(written, month_first=False) == dt.datetime(2026, 3, 12)


def test_days_of_excel_have_hours() -> None:
    assert one("46093,521") == dt.datetime(2026, 3, 12, 12, 30, 14, 400000)


@pytest.mark.parametrize(
    "wrong", ["32.13.2026", "yesterday", "12:30", "2026-02-30", "5", "99999999999999999999"]
)
def test_what_is_no_time_is_told(wrong: str) -> None:
    times = read_times(pl.Series([wrong, "2026-03-12", None, "н/д"]))
    assert times.unread.to_list() == [True, False, False, False]
    assert times.values.to_list() == [None, dt.datetime(2026, 3, 12), None, None]


def test_one_value_decides_the_order_for_the_column() -> None:
    american = read_times(pl.Series(["03/02/2026", "03/13/2026"])).values
    european = read_times(pl.Series(["03/02/2026", "13/02/2026"])).values
    assert [value.month for value in american.to_list()] == [3, 3]
    assert [value.month for value in european.to_list()] == [2, 2]


def test_where_no_value_tells_the_shorter_span_is_taken_and_said() -> None:
    days = read_times(pl.Series([f"{day:02}/02/2026" for day in range(1, 13)]))
    assert {value.month for value in days.values.to_list()} == {2}
    assert [note.code for note in days.notes] == ["ambiguous_dates"]
    assert one("02/03/2026") == dt.datetime(2026, 2, 3)
    assert one("02.03.2026") == dt.datetime(2026, 3, 2)
    assert one("02/03/2026", month_first=False) == dt.datetime(2026, 3, 2)


def test_dates_with_points_have_the_day_first_even_where_the_months_would_lie_closer() -> None:
    times = read_times(pl.Series(["01.09.2025", "01.10.2025", "01.11.2025"]))
    assert [value.month for value in times.values.to_list()] == [9, 10, 11]
    assert read_times(pl.Series(["01.09.2025"]), month_first=True).values.to_list()[0].month == 1


def test_mixed_zones_are_turned_to_utc_and_said() -> None:
    times = read_times(
        pl.Series(["2026-03-12T15:30:05+03:00", "2026-03-12T12:30:05Z", "2026-03-12 12:30:05"])
    )
    assert set(times.values.to_list()) == {NOON}
    assert [note.code for note in times.notes] == ["zones_to_utc"]
    assert "UTC+3" in times.notes[0].text


def test_a_zone_that_the_vendor_names_is_honoured() -> None:
    assert one("2026-03-12 06:30:05", zone="America/Denver") == NOON
    assert one("2026-03-12T12:30:05Z", zone="America/Denver") == NOON


def test_a_column_of_many_formats_is_read() -> None:
    cells = ["2026-03-12 12:30:05"] * 600 + ["12.03.2026 12:30:05"] * 600 + ["12 марта 2026 12:30:05", "x"]
    times = read_times(pl.Series(cells))
    assert set(times.values.drop_nulls().to_list()) == {NOON}
    assert times.unread.sum() == 1


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=20), st.integers().map(str)), max_size=10))
def test_random_cells_never_fail(cells: list[str | None]) -> None:
    times = read_times(pl.Series(cells, dtype=pl.String))
    assert times.values.len() == len(cells)


@settings(deadline=None)
@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)))
def test_iso_times_come_back(when: dt.datetime) -> None:
    assert one(when.isoformat()) == when
