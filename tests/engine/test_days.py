"""Day numbers are the same on every engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest

from leal.engine import as_date, collect, day_number, lazy
from leal.errors import BadValue, MissingColumn

DAYS = [dt.date(1899, 12, 31) + dt.timedelta(days=37 * step) for step in range(2000)] + [
    dt.date(2000, 2, 29),
    dt.date(2024, 2, 29),
    dt.date(1970, 1, 1),
]
FRAME = pl.DataFrame({"day": DAYS})
EXPECTED = FRAME["day"].cast(pl.Int32).to_list()


def numbers(frame: Any) -> list[int]:
    source = lazy(frame)
    return sorted(collect(source.select(x=day_number(source, "day", table="answers")))["x"].to_list())


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.with_columns(pl.col("day").cast(pl.Datetime("us")) + pl.duration(hours=23)),
        FRAME.with_columns(pl.col("day").cast(pl.String) + "T08:00:00"),
        FRAME.with_columns(pl.col("day").cast(pl.Int32)),
        FRAME.to_arrow(),
        pd.DataFrame({"day": pd.to_datetime(DAYS)}),
        duckdb.from_arrow(FRAME.to_arrow()),
    ],
    ids=["dates", "times", "text", "numbers", "pyarrow", "pandas", "duckdb"],
)
def test_a_day_is_the_same_number_on_every_engine(frame: Any) -> None:
    assert numbers(frame) == sorted(EXPECTED)


def test_a_day_number_turns_back_into_its_day() -> None:
    assert [as_date(number) for number in EXPECTED] == DAYS


def test_a_column_without_values_has_no_days() -> None:
    assert collect_days(pl.DataFrame({"day": [None, None]})) == [None, None]


def collect_days(frame: pl.DataFrame) -> list[int | None]:
    source = lazy(frame)
    return collect(source.select(x=day_number(source, "day", table="answers")))["x"].to_list()


def test_what_is_no_day_is_a_clear_error() -> None:
    with pytest.raises(BadValue, match="not dates"):
        numbers(pl.DataFrame({"day": [1.5]}))
    with pytest.raises(MissingColumn):
        numbers(pl.DataFrame({"date": [1]}))


@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime("us"), pl.String])
def test_gaps_stay_gaps_on_pandas(kind: Any) -> None:
    days = pl.Series("at", [dt.date(2026, 3, 1), None, dt.date(1969, 12, 31)]).cast(kind)
    frame = lazy(pl.DataFrame({"at": days}).to_pandas())
    found = collect(frame.select(day_number(frame, "at", table="answers").alias("day")))
    assert found["day"].cast(pl.Int32).to_list() == [20513, None, -1]


@pytest.mark.parametrize("number", [20260301, 1772323200, 1772323200000])
def test_seconds_and_days_written_as_one_number_are_refused(number: int) -> None:
    frame = pl.DataFrame({"at": [20513, None, number]})
    for source in (frame, frame.to_arrow(), duckdb.from_arrow(frame.to_arrow())):
        with pytest.raises(BadValue, match="days since 1970"):
            day_number(lazy(source), "at", table="answers")
