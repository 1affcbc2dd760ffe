from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from tests.engines import LOCAL

from leal.engine import collect, lazy
from leal.errors import MissingColumn
from leal.measure import group_column, wave_order, with_wave

DAYS = pl.DataFrame({"answered_at": pl.date_range(dt.date(1999, 1, 1), dt.date(2004, 12, 31), eager=True)})


def test_thin_months_become_quarters_and_full_ones_stay() -> None:
    quarters = collect(with_wave(DAYS))  # February has 28 days: fewer than 30 answers
    assert quarters["wave"].unique().sort().to_list()[:2] == ["1999-Q1", "1999-Q2"]
    months = collect(with_wave(pl.concat([DAYS, DAYS])))
    assert months["wave"].to_list() == months["answered_at"].dt.strftime("%Y-%m").to_list()


@pytest.mark.parametrize("engine", LOCAL)
@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime("us"), pl.Datetime("us", "UTC"), pl.String, pl.Int32])
def test_every_engine_and_kind_of_day_gives_the_same_waves(
    engine: str, kind: Any, give: Callable[[pl.DataFrame, str], Any]
) -> None:
    twice = pl.concat([DAYS, DAYS])
    found = collect(with_wave(give(twice.cast(kind), engine)))["wave"]
    assert sorted(found) == sorted(twice["answered_at"].dt.strftime("%Y-%m"))


def test_a_wave_that_is_told_is_kept() -> None:
    table = pl.DataFrame({"wave": [2, 10, 1]})
    told = with_wave(table)
    assert collect(told)["wave"].to_list() == ["2", "10", "1"]
    assert wave_order(told) == ["1", "2", "10"]


def test_waves_follow_their_first_answer_where_times_are_there() -> None:
    days = [dt.date(2026, 3, 1), dt.date(2025, 9, 1), dt.date(2026, 1, 5)]
    table = pl.DataFrame({"wave": ["spring", "autumn", "winter"], "answered_at": days})
    assert wave_order(with_wave(table)) == ["autumn", "winter", "spring"]


def test_an_answer_without_a_time_has_no_wave() -> None:
    table = pl.DataFrame({"answered_at": [dt.date(2026, 3, 1), None]})
    assert collect(with_wave(table))["wave"].to_list() == ["2026-Q1", None]
    assert wave_order(with_wave(table)) == ["2026-Q1"]


def test_neither_wave_nor_time_is_an_error() -> None:
    with pytest.raises(MissingColumn):
        with_wave(pl.DataFrame({"recommend": [9]}))


def test_groups_are_segment_then_unit_then_none() -> None:
    assert group_column(pl.DataFrame({"unit": [1], "segment": [1]})) == "segment"
    assert group_column(lazy(pl.DataFrame({"unit": [1]}))) == "unit"
    assert group_column(pl.DataFrame({"recommend": [1]})) is None
