from __future__ import annotations

import datetime as dt

import pytest

from leal.checks import Unit
from leal.documents.cells import DASH, cell, column_digits, figure, interval, range_words
from leal.results import Money, Proportion


def money(estimate: float, low: float, high: float, currency: str | None = "RUB") -> Money:
    return Money(estimate=estimate, ci_low=low, ci_high=high, n=10, method="bootstrap", currency=currency)


@pytest.mark.parametrize(
    ("value", "unit", "english", "russian"),
    [
        (1234, "count", "1,234", "1\u202f234"),
        (0.3456, "percent", "34.6\u00a0%", "34,6\u00a0%"),
        (-12.5, "points", "−12.5", "−12,5"),
        (-12.0, "points", "−12", "−12"),
        (1234.5, "amount", "RUB\u00a01,234", "1\u202f234\u00a0₽"),
        (0.00001, "p_value", "<\u202f0.001", "<\u202f0,001"),
        (0.04, "p_value", "0.040", "0,040"),
        (3.14159, "number", "3.14", "3,14"),
        (314.159, "number", "314", "314"),
        (dt.date(2026, 3, 2), "day", "2 March 2026", "2 марта 2026\u00a0г."),
        (dt.date(2026, 3, 2), "month", "March 2026", "март 2026"),
        ("passive", "text", "Passives", "Нейтралы"),
        ("Казань", "text", "Казань", "Казань"),
        (True, "text", "yes", "да"),
        (None, "amount", "–", "–"),
        (float("nan"), "points", "–", "–"),
        (float("inf"), "number", "–", "–"),
        ("", "text", "", ""),
    ],
)
def test_cells_are_written_by_unit_and_language(
    value: object, unit: Unit, english: str, russian: str
) -> None:
    assert cell(value, unit, "en", "RUB") == english
    assert cell(value, unit, "ru", "RUB") == russian


def test_small_amounts_keep_their_hundredths_and_large_ones_do_not() -> None:
    assert column_digits([0.5, 3.0], "amount") == 2
    assert cell(0.5, "amount", "en", "GBP", column_digits([0.5, 3.0], "amount")) == "GBP\u00a00.50"
    assert column_digits([3.0, 4.0, None], "amount") == 0
    assert column_digits([0.5, 250.25], "amount") == 0


@pytest.mark.parametrize(
    ("wave", "english", "russian"),
    [
        ("2026-01", "Jan 2026", "янв 2026"),
        ("2026-Q3", "Q3 2026", "3 кв. 2026"),
        (dt.date(2025, 12, 5), "Dec 2025", "дек 2025"),
        ("Spring", "Spring", "Spring"),
        ("2026-01 – 2026-05", "Jan 2026 – May 2026", "янв 2026 – май 2026"),
        ("North – South", "North – South", "North – South"),
        ("2026-13", "2026-13", "2026-13"),
        (None, DASH, DASH),
    ],
)
def test_a_wave_is_written_as_the_language_does(wave: object, english: str, russian: str) -> None:
    assert cell(wave, "wave", "en") == english
    assert cell(wave, "wave", "ru") == russian


def test_all_cells_of_a_column_have_the_same_decimals() -> None:
    assert column_digits([35.2, -4.0, None], "points") == 1
    assert column_digits([35.0, -4.0], "points") == 0
    assert column_digits([0.5, 120.0], "number") == 0
    assert column_digits([None, "x"], "number") == 0
    assert column_digits([0.37, 1.0], "number") == 2
    assert column_digits([3.0, 1.0], "number") == 0
    assert column_digits([0.5], "percent") is None


def test_money_has_three_digits_and_says_its_currency_once() -> None:
    amount = money(12_345_678, 7_900_000, 18_300_000)
    assert figure(amount, amount.estimate, "en") == "RUB\u00a012.3\u00a0million"
    assert interval(amount, "en") == "RUB\u00a07.90 to 18.3\u00a0million"
    assert interval(amount, "ru") == "от 7,90 до 18,3\u00a0млн\u00a0₽"
    assert interval(money(0, -200_000, 1_200_000), "en") == "RUB\u00a0−200,000 to 1.20\u00a0million"
    assert interval(money(0, -200_000, 1_200_000), "ru") == "от −200\u202f000 до 1,20\u00a0млн\u00a0₽"
    assert interval(money(5, 1, 9, None), "en") == "1.00 to 9.00"
    assert range_words("41.0\u00a0%", "50.0\u00a0%", "en") == "41.0 to 50.0\u00a0%"
    assert range_words("0\u00a0$", "0\u00a0$", "ru") == "от 0 до 0\u00a0$"


def test_an_interval_that_is_not_known_is_nothing() -> None:
    share = Proportion(estimate=0.5, ci_low=float("nan"), ci_high=float("nan"), n=1, method="wilson")
    assert interval(share, "en") == ""
