from __future__ import annotations

import datetime as dt
import pickle

from leal.wording import Amount, Count, Day, Decimal, Month, Percent, Points, Text, plural


def test_a_text_is_its_english_sentence() -> None:
    assert Text("row {row}", row="7") == "row 7"
    assert isinstance(Text("x"), str)


def test_a_text_says_itself_in_russian() -> None:
    assert Text("row {row}", row="7").into("ru") == "строка 7"


def test_numbers_follow_the_language() -> None:
    assert Decimal(-1234.5, 1).into("en") == "−1,234.5"
    assert Decimal(-1234.5, 1).into("ru") == "−1\u202f234,5"
    assert Amount(1234.4, "RUB").into("ru") == "1\u202f234\u00a0₽"
    assert Amount(1234.4, "RUB").into("en") == "RUB\u00a01,234"
    assert Percent(0.355, 1).into("ru") == "35,5\u00a0%"
    assert Points(-0.2).into("en") == "0"
    assert Points(3, signed=True).into("en") == "+3"
    assert Count(1204).into("en") == "1,204"
    assert Day(dt.date(2026, 3, 2)).into("ru") == "2 марта 2026\u00a0г."
    assert Month(dt.date(2026, 3, 2)).into("en") == "March 2026"


def test_what_is_not_finite_is_unknown() -> None:
    assert Decimal(float("nan")).into("ru") == "неизвестно"


def test_plural_forms() -> None:
    assert plural("{count} row", "{count} rows", 1) == "1 row"
    assert plural("{count} row", "{count} rows", 2) == "2 rows"


def test_a_text_survives_pickling() -> None:
    text = pickle.loads(pickle.dumps(Text("row {row}", row="7")))
    assert text.into("ru") == "строка 7"
