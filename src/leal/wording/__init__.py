"""Sentences in English and Russian: what every error, note, finding, report and screen is said with."""

from leal.wording.formats import (
    Amount,
    Count,
    Day,
    Decimal,
    Formatted,
    Month,
    Percent,
    Points,
    format_value,
)
from leal.wording.languages import LANGUAGES, Language, language_of_locale, to_language
from leal.wording.text import Listing, Text, plural

__all__ = [
    "LANGUAGES",
    "Amount",
    "Count",
    "Day",
    "Decimal",
    "Formatted",
    "Language",
    "Listing",
    "Month",
    "Percent",
    "Points",
    "Text",
    "format_value",
    "language_of_locale",
    "plural",
    "to_language",
]
