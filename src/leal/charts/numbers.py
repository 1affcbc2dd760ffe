"""Numbers and dates in charts, written in the reader's language."""

from __future__ import annotations

from typing import Any, Literal

from leal.wording import (
    Count,
    Decimal,
    Formatted,
    Language,
    Percent,
    Points,
    RoundAmount,
    month_names,
)

Measure = Literal["points", "percent", "amount", "number", "count"]
"""What the figures of a chart are; a percent is given as a fraction."""

_NARROW_SPACE = "\u202f"
_NO_BREAK_SPACE = "\u00a0"
_MINUS = "\u2212"
_DAYS = {
    "en": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    "ru": ["воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"],
}
_SHORT_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "ru": ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
}

_FINE, _FEW = 0.05, 10
_SHORT_SIZES: dict[Language, dict[float, str]] = {
    "en": {1e9: "bn", 1e6: "m", 1e3: "k"},
    "ru": {1e9: "млрд", 1e6: "млн", 1e3: "тыс."},
}


def written(
    value: float, measure: Measure, language: Language, currency: str | None = None, digits: int = 0
) -> str:
    """Return a figure as the chart writes it beside its mark; `digits` are those of points and percent."""
    return _formatted(value, measure, currency, digits).into(language)


def fine_digits(largest: float, measure: Measure) -> int:
    """Return how many decimals points and percent need where the largest figure is small."""
    return int((measure == "percent" and largest < 0.1) or (measure == "points" and largest < 10))


def _formatted(value: float, measure: Measure, currency: str | None, digits: int) -> Formatted:
    if measure == "points":
        return Points(value, digits)
    if measure == "percent":
        return Percent(value, digits)
    if measure == "amount":
        return RoundAmount(value, currency)
    if measure == "count":
        return Count(value)
    return Decimal(value)


def number_locale(language: Language) -> dict[str, Any]:
    """Return the number locale of d3: decimal comma and thin space in Russian."""
    return {
        "decimal": "," if language == "ru" else ".",
        "thousands": _NARROW_SPACE if language == "ru" else ",",
        "grouping": [3],
        "currency": ["", ""],
        "percent": f"{_NO_BREAK_SPACE}%",
        "minus": _MINUS,
    }


def time_locale(language: Language) -> dict[str, Any]:
    """Return the time locale of d3: the names of months and days."""
    days = _DAYS[language]
    return {
        "dateTime": "%d.%m.%Y %H:%M" if language == "ru" else "%d %B %Y, %H:%M",
        "date": "%d.%m.%Y" if language == "ru" else "%d %B %Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": days,
        "shortDays": [day[:2] for day in days],
        "months": list(month_names(language)),
        "shortMonths": _SHORT_MONTHS[language],
    }


def axis_words(measure: Measure, largest: float, language: Language) -> str:
    """Return the Vega expression that writes an axis label: percent, or money in thousands or millions."""
    if measure == "percent":
        return f"format(datum.value, '.{1 if largest < _FINE else 0}%')"
    if measure == "number" and largest < _FEW:
        return f"format(datum.value, ',.{2 if largest < 1 else 1}f')"
    if measure != "amount":
        return "format(datum.value, ',~f')"
    for size in (1e9, 1e6, 1e3):
        if largest >= size:
            word = _SHORT_SIZES[language][size]
            figure = f"format(datum.value / {size:.0f}, ',~f') + '{_NO_BREAK_SPACE}{word}'"
            return f"datum.value == 0 ? '0' : {figure}"
    return "format(datum.value, ',~f')"
