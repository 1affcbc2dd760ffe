"""Figures as a report writes them: by the unit of their column, in the reader's language."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from leal.charts import spoken, wave_words
from leal.checks import Unit
from leal.results import Estimate, Grade, Money
from leal.wording import (
    Amount,
    Count,
    Day,
    Decimal,
    Formatted,
    Language,
    Month,
    Percent,
    Points,
    RoundAmount,
    Text,
)

DASH = "–"
_BETWEEN = "\u00a0"
_SMALLEST_P = 0.001
_SMALL_AMOUNT, _HUNDREDTHS = 100, 2
"""Where no amount of a column reaches it, whole units would hide what there is: a cost of 0.50 is not 0."""

GRADES: dict[Grade, tuple[Text, Text]] = {
    "A": (Text("proved"), Text("An experiment with a randomly chosen control group.")),
    "B": (Text("seen within customers"), Text("The same customers before and after; no control group.")),
    "C": (Text("a correlation"), Text("Things that go together; which one is the cause is not proved.")),
    "D": (
        Text("an opinion"),
        Text("What people say or what was assumed; nothing in behaviour confirms it yet."),
    ),
}
"""The grades of evidence in words, and what each means."""


def cell(
    value: object, unit: Unit, language: Language, currency: str | None = None, digits: int | None = None
) -> str:
    """Return a table's value as written in the unit of its column; what is not known is a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return DASH
    if isinstance(value, bool):
        return (Text("yes") if value else Text("no")).into(language)
    if unit == "wave":
        return wave_words(value, language)
    if isinstance(value, dt.date):
        return (Month(value) if unit == "month" else Day(value)).into(language)
    if isinstance(value, int | float) and unit != "text":
        return _figure(float(value), unit, language, currency, digits)
    return value.into(language) if isinstance(value, Text) else _spoken(value, language)


def _spoken(value: object, language: Language) -> str:
    """Return a name, or several with commas between, in the reader's language where it is Leal's."""
    whole = spoken(value, language)
    if whole != str(value) or ", " not in whole:
        return whole
    return ", ".join(spoken(part, language) for part in whole.split(", "))


def _figure(value: float, unit: Unit, language: Language, currency: str | None, digits: int | None) -> str:
    if unit == "p_value" and value < _SMALLEST_P:
        return f"<\u202f{Decimal(_SMALLEST_P, 3).into(language)}"
    written: dict[Unit, Formatted] = {
        "count": Count(value),
        "points": Points(value, _whole(value) if digits is None else digits),
        "percent": Percent(value, 1),
        "amount": Amount(value, currency, digits=digits or 0),
        "p_value": Decimal(value, 3),
    }
    alone = 0 if value == round(value) else _digits(value)
    plain = Decimal(value, alone if digits is None else digits)
    return written.get(unit, plain).into(language)


def column_digits(values: Iterable[object], unit: Unit) -> int | None:
    """Return how many decimals all values of a column get, so that they stand under one another."""
    known = [float(v) for v in values if isinstance(v, int | float) and math.isfinite(v)]
    if unit == "points":
        return max((_whole(value) for value in known), default=0)
    if unit == "number":
        return _digits(max(map(abs, known))) if any(map(_whole, known)) else 0
    if unit == "amount":
        small = bool(known) and max(map(abs, known)) < _SMALL_AMOUNT
        return _HUNDREDTHS if small and any(value != round(value) for value in known) else 0
    return None


def _whole(value: float) -> int:
    return 0 if value == round(value) else 1


def _digits(value: float) -> int:
    """Return how many decimals a plain number needs to show about three digits."""
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def figure(estimate: Estimate, value: float, language: Language) -> str:
    """Return a value of an estimate; money with three digits, for its interval makes more an illusion."""
    if isinstance(estimate, Money):
        return RoundAmount(value, estimate.currency).into(language)
    return estimate.figure(value).into(language)


def interval(estimate: Estimate, language: Language) -> str:
    """Return the interval of an estimate in words; empty where it has none."""
    if not (math.isfinite(estimate.ci_low) and math.isfinite(estimate.ci_high)):
        return ""
    low, high = (figure(estimate, value, language) for value in (estimate.ci_low, estimate.ci_high))
    return range_words(low, high, language)


def range_words(low: str, high: str, language: Language) -> str:
    """Return "7.90 to 18.3 million" of two figures as written, without what they share said twice."""
    first, second = _said_once(low, high)
    return Text("{low} to {high}", low=first, high=second).into(language)


def _said_once(low: str, high: str) -> tuple[str, str]:
    """Return two figures, the currency before, the size and the sign behind them only once."""
    lows, highs = low.split(_BETWEEN), high.split(_BETWEEN)
    if lows[0] == highs[0] and len(lows) > 1 and not any(map(str.isdigit, lows[0])):
        highs = highs[1:]
    shared = 0
    while shared < min(len(lows), len(highs)) - 1 and lows[-1 - shared] == highs[-1 - shared]:
        shared += 1
    return _BETWEEN.join(lows[: len(lows) - shared]), _BETWEEN.join(highs)


def period(money: Money) -> Text:
    """Return what time an amount belongs to."""
    words = {
        "year": Text("a year"),
        "period": Text("in the time that the data cover"),
        "once": Text("once"),
    }
    return words[money.period]


def basis(money: Money) -> Text:
    """Return what an amount counts."""
    return Text("margin") if money.basis == "margin" else Text("revenue, not margin")
