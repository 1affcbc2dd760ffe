"""Numbers, money and days as a reader of each language writes them.

English: 1,234.5, 35 %, RUB 1,234, 2 March 2026. Russian: 1 234,5 (narrow no-break space, decimal comma),
35 %, 1 234 ₽, 2 марта 2026 г. A minus is U+2212 in both.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from leal.wording.languages import Language

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"

_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "BYN": "Br", "UAH": "₴", "CNY": "¥"}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "ru": (
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
}
_MONTHS_OF_DAY_RU = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
_SIZES: tuple[tuple[float, dict[Language, str]], ...] = (
    (1e9, {"en": "billion", "ru": "млрд"}),
    (1e6, {"en": "million", "ru": "млн"}),
)
_UNKNOWN: dict[Language, str] = {"en": "unknown", "ru": "неизвестно"}


@runtime_checkable
class Formatted(Protocol):
    """A value that knows how to write itself in a language."""

    def into(self, language: Language) -> str:
        """Return the value as written in `language`."""
        ...


def format_number(value: float, language: Language, digits: int = 0, *, signed: bool = False) -> str:
    """Write a number with `digits` decimals, grouped thousands and the minus and comma of the language."""
    if not math.isfinite(value):
        return _UNKNOWN[language]
    written = f"{abs(value):,.{digits}f}"
    if language == "ru":
        written = written.replace(",", NARROW_SPACE).replace(".", ",")
    is_zero = not any(character in "123456789" for character in written)
    sign = MINUS if value < 0 and not is_zero else "+" if signed and not is_zero else ""
    return sign + written


@dataclass(frozen=True, slots=True)
class Decimal:
    """A plain number with a fixed count of decimals."""

    value: float
    digits: int = 2
    signed: bool = False

    def into(self, language: Language) -> str:
        """Return the number as written in `language`."""
        return format_number(self.value, language, self.digits, signed=self.signed)


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of things."""

    value: float

    def into(self, language: Language) -> str:
        """Return the count as written in `language`."""
        return format_number(self.value, language)


@dataclass(frozen=True, slots=True)
class Points:
    """Points of a scale (NPS, index): whole by default, signed where it is a change."""

    value: float
    digits: int = 0
    signed: bool = False

    def into(self, language: Language) -> str:
        """Return the points as written in `language`."""
        return format_number(self.value, language, self.digits, signed=self.signed)


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, given as a fraction (.35) and written in percent (35 %)."""

    value: float
    digits: int = 0
    signed: bool = False

    def into(self, language: Language) -> str:
        """Return the share in percent as written in `language`."""
        written = format_number(100 * self.value, language, self.digits, signed=self.signed)
        return written if not math.isfinite(self.value) else f"{written}{NO_BREAK_SPACE}%"


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in whole units of its currency; without a currency a plain number."""

    value: float
    currency: str | None = None
    signed: bool = False
    digits: int = 0

    def into(self, language: Language) -> str:
        """Return the amount as written in `language`."""
        written = format_number(self.value, language, self.digits, signed=self.signed)
        return _with_currency(written, self.currency, language) if math.isfinite(self.value) else written


@dataclass(frozen=True, slots=True)
class RoundAmount:
    """Money to three significant digits, for figures whose interval makes more digits an illusion."""

    value: float
    currency: str | None = None
    signed: bool = False

    def into(self, language: Language) -> str:
        """Return the amount as written in `language`: RUB 4.57 million, 4,57 млн ₽, RUB 45,700."""
        if not math.isfinite(self.value) or self.value == 0:
            return Amount(self.value, self.currency).into(language)
        rounded = float(f"{self.value:.3g}")
        for size, words in _SIZES:
            if abs(rounded) >= size:
                digits = max(0, 2 - math.floor(math.log10(abs(rounded) / size)))
                number = format_number(rounded / size, language, digits, signed=self.signed)
                return _with_currency(f"{number}{NO_BREAK_SPACE}{words[language]}", self.currency, language)
        number = format_number(rounded, language, 0 if abs(rounded) >= 10 else 2, signed=self.signed)
        return _with_currency(number, self.currency, language)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency beside an axis or a column: its code, in Russian its sign where it has one."""

    code: str

    def into(self, language: Language) -> str:
        """Return the currency as written in `language`."""
        return _SIGNS.get(self.code, self.code) if language == "ru" else self.code


def _with_currency(number: str, currency: str | None, language: Language) -> str:
    if not currency:
        return number
    if language == "ru":
        return f"{number}{NO_BREAK_SPACE}{Currency(currency).into(language)}"
    return f"{currency}{NO_BREAK_SPACE}{number}"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar, written out."""

    value: dt.date

    def into(self, language: Language) -> str:
        """Return the day as written in `language`."""
        if language == "ru":
            month = _MONTHS_OF_DAY_RU[self.value.month - 1]
            return f"{self.value.day} {month} {self.value.year}{NO_BREAK_SPACE}г."
        return f"{self.value.day} {_MONTHS['en'][self.value.month - 1]} {self.value.year}"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, written out."""

    value: dt.date

    def into(self, language: Language) -> str:
        """Return the month as written in `language`."""
        return f"{_MONTHS[language][self.value.month - 1]} {self.value.year}"


def month_names(language: Language) -> tuple[str, ...]:
    """Return the names of the twelve months as they stand alone."""
    return _MONTHS[language]


def format_value(value: object, language: Language) -> str:
    """Write any value that a sentence may hold: formatted values, whole numbers, floats, days, words."""
    if isinstance(value, Formatted):
        return value.into(language)
    if isinstance(value, bool) or not isinstance(value, int | float | dt.date):
        return str(value)
    if isinstance(value, dt.date):
        return Day(value).into(language)
    return format_number(value, language, 0 if isinstance(value, int) else 2)
