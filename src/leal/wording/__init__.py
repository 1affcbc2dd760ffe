"""Sentences in English and Russian: what every error, note, finding, report and screen is said with."""

from leal.wording.formats import (
    Amount,
    Count,
    Currency,
    Day,
    Decimal,
    Formatted,
    Month,
    Percent,
    Points,
    RoundAmount,
    format_value,
    month_names,
)
from leal.wording.languages import LANGUAGES, Language, language_of_locale, to_language
from leal.wording.text import Listing, Text, in_a_row, plural, quoted

__all__ = [
    "LANGUAGES",
    "Amount",
    "Count",
    "Currency",
    "Day",
    "Decimal",
    "Formatted",
    "Language",
    "Listing",
    "Month",
    "Percent",
    "Points",
    "RoundAmount",
    "Text",
    "format_value",
    "in_a_row",
    "language_of_locale",
    "month_names",
    "plural",
    "quoted",
    "to_language",
]
