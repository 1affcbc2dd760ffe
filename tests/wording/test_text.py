from __future__ import annotations

import datetime as dt
import pickle

from leal.wording import (
    Amount,
    Count,
    Currency,
    Day,
    Decimal,
    Month,
    Percent,
    Points,
    RoundAmount,
    Text,
    in_a_row,
    plural,
)


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
    assert Currency("RUB").into("en") == "RUB"
    assert Currency("RUB").into("ru") == "₽"
    assert Currency("XXX").into("ru") == "XXX"


def test_rounded_money_keeps_three_digits() -> None:
    assert RoundAmount(4_567_890, "RUB").into("ru") == "4,57\u00a0млн\u00a0₽"
    assert RoundAmount(4_567_890, "RUB").into("en") == "RUB\u00a04.57\u00a0million"
    assert RoundAmount(-45_678, "RUB").into("ru") == "−45\u202f700\u00a0₽"
    assert RoundAmount(999_960).into("en") == "1.00\u00a0million"
    assert RoundAmount(456_789_000).into("en") == "457\u00a0million"
    assert RoundAmount(float("nan"), "RUB").into("en") == "unknown"
    assert RoundAmount(0, "RUB").into("en") == "RUB\u00a00"


def test_what_is_not_finite_is_unknown() -> None:
    assert Decimal(float("nan")).into("ru") == "неизвестно"


def test_plural_forms() -> None:
    assert plural("{count} row", "{count} rows", 1) == "1 row"
    assert plural("{count} row", "{count} rows", 2) == "2 rows"


def test_a_text_survives_pickling() -> None:
    text = pickle.loads(pickle.dumps(Text("row {row}", row="7")))
    assert text.into("ru") == "строка 7"


def test_sentences_in_a_row_are_one_text_in_either_language() -> None:
    assert in_a_row([Text("A."), Text("B."), Text("C.")]) == "A. B. C."
    assert in_a_row([Text("A.")]) == "A."
    told = in_a_row([Text("unknown"), plural("{count} row", "{count} rows", 3)])
    assert told.into("ru").startswith(Text("unknown").into("ru") + " 3")
