"""The languages that Leal speaks."""

from __future__ import annotations

import locale
import os
from typing import Literal, get_args

Language = Literal["en", "ru"]

LANGUAGES: tuple[Language, ...] = get_args(Language)


def to_language(code: str) -> Language:
    """Return `code` as a language of Leal, English where it is none.

    Parameters
    ----------
    code : str
        A language code or locale name: ``"ru"``, ``"ru_RU.UTF-8"``, ``"en-GB"``.
    """
    short = code.replace("-", "_").split("_")[0].split(".")[0].lower()
    return short if short in LANGUAGES else "en"


def language_of_locale() -> Language:
    """Return the language of the user's environment (LC_ALL, LC_MESSAGES, LANG, then the system's locale)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return to_language(value)
    return to_language(locale.getlocale()[0] or "en")
