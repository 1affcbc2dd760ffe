"""Numbers and money of any spreadsheet, read by the column."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.intake.numbers import currencies_in, parse_numbers


def read(*cells: str | None, mark: str | None = None) -> list[float | None]:
    return parse_numbers(pl.Series(cells, dtype=pl.String), mark).values.to_list()  # type: ignore[arg-type]


def test_money_of_both_worlds_is_read() -> None:
    assert read("1 234,56", "1\u00a0234,56", "1\u202f234,5 ₽", "12 руб.", "7р.") == [
        1234.56,
        1234.56,
        1234.5,
        12,
        7,
    ]
    assert read("1,234.56", "$1,200", "US$ 3", "EUR 12.30") == [1234.56, 1200, 3, 12.3]
    assert read("1.234,56", "1.234.567") == [1234.56, 1234567]


def test_negatives_are_read_as_accountants_write_them() -> None:
    assert read("(123)", "-123", "\u2212123", "123-", "- 123,00", "($1,234.00)") == [-123] * 5 + [-1234]


def test_powers_of_ten_are_numbers() -> None:
    assert read("7.9E+10", "7,9E+10", "1e3") == [7.9e10, 7.9e10, 1000]


@pytest.mark.parametrize(
    "cell", ["abc", "12 34", "1,2,3", "10%", "2026-03-02", "02.03.2026", "nan", "inf", "--", "1.2.3"]
)
def test_what_is_no_number_is_unreadable(cell: str) -> None:
    read_numbers = parse_numbers(pl.Series(["5", cell]))
    assert read_numbers.values.to_list() == [5, None]
    assert read_numbers.unreadable.to_list() == [False, True]


def test_an_empty_cell_is_not_unreadable() -> None:
    assert not parse_numbers(pl.Series(["", " ", None, "1 0"], dtype=pl.String)).unreadable.head(3).any()


def test_the_column_decides_an_ambiguous_cell() -> None:
    assert read("1,234", "0,5") == [1.234, 0.5]
    assert read("1,234", "1,234.50") == [1234, 1234.5]
    assert read("1.234", "2.345,6") == [1234, 2345.6]


def test_the_file_decides_where_the_column_does_not() -> None:
    assert read("1,000", "2,000", mark=",") == [1, 2]
    undecided = parse_numbers(pl.Series(["1,000", "2,000"]))
    assert undecided.values.to_list() == [1000, 2000]
    assert undecided.guessed
    assert undecided.ambiguous == 2


def test_a_column_of_two_marks_says_so() -> None:
    both = parse_numbers(pl.Series(["12.5", "13,5"]))
    assert both.values.to_list() == [12.5, 13.5]
    assert both.mixed


def test_numbers_stay_numbers_and_infinity_is_unreadable() -> None:
    typed = parse_numbers(pl.Series([1.5, float("nan"), float("inf"), None]))
    assert typed.values.to_list() == [1.5, None, None, None]
    assert typed.unreadable.to_list() == [False, True, True, False]


def test_the_sign_of_money_tells_the_currency() -> None:
    cells = pl.Series(["120 ₽", "R$ 5", "$5", "5 €", "12,5 руб.", "7", None])
    assert currencies_in(cells).to_list() == ["RUB", "BRL", "USD", "EUR", "RUB", None, None]


MONEY = st.integers(-(10**12), 10**12)
GROUPS = st.sampled_from(
    [("", "."), (",", "."), ("", ","), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("'", ".")]
)


@settings(deadline=None)
@given(st.lists(MONEY, min_size=1, max_size=20), GROUPS)
def test_what_a_locale_writes_is_read_back(cents: list[int], marks: tuple[str, str]) -> None:
    group, mark = marks
    written = [f"{c / 100:,.2f}".replace(",", "g").replace(".", mark).replace("g", group) for c in cents]
    assert read(*written) == [float(f"{c / 100:.2f}") for c in cents]


@settings(deadline=None)
@given(st.lists(st.text(max_size=12), max_size=10))
def test_no_text_breaks_the_reading(cells: list[str]) -> None:
    numbers = parse_numbers(pl.Series(cells, dtype=pl.String))
    assert len(numbers.values) == len(cells)
    assert not (numbers.values.is_not_null() & numbers.unreadable).any()
