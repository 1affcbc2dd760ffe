"""Days far from all others are typing errors."""

from __future__ import annotations

import datetime as dt

import polars as pl
from tests.checks.companies import answers, audit, grouped, purchases

from leal.checks.stray_days import DayRange, day_range


def test_a_few_days_far_from_all_others_are_stray() -> None:
    usual = pl.Series(range(20_000, 22_000))
    found = day_range(usual, pl.Series([1, 99_999]), pl.Series([None], dtype=pl.Int32))
    assert found == DayRange(first=20_000, last=21_999, stray=2)


def test_a_day_far_away_in_few_data_is_not_stray() -> None:
    assert day_range(pl.Series([1, 5, 4000])) == DayRange(first=1, last=4000, stray=0)


def test_no_days_at_all() -> None:
    assert day_range(pl.Series([], dtype=pl.Int32)) == DayRange(first=0, last=0, stray=0)


def test_a_purchase_of_the_year_2099_does_not_make_everyone_a_leaver() -> None:
    said, bought = grouped()
    table = purchases(bought)
    wrong = table.head(1).with_columns(bought_at=pl.lit(dt.date(2099, 1, 1)))
    clean = audit(answers=answers(said), purchases=table)
    odd = audit(answers=answers(said), purchases=pl.concat([table, wrong]))
    assert odd.as_of == clean.as_of
    assert "stray_days" in {note.code for note in odd.notes}
    assert odd[6].verdict == clean[6].verdict
