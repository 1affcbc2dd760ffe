"""What single cells and headers say: blanks, words for "nothing", the bare wording of a header."""

from __future__ import annotations

import re

import polars as pl

MISSING_WORDS = frozenset(
    {
        *("", "-", "--", "—", "–", ".", "?"),
        *("na", "n/a", "#n/a", "#н/д", "nan", "null", "none", "nil", "#null!", "#value!", "#ref!", "#div/0!"),
        *("н/д", "нд", "н.д.", "нет данных", "нет ответа", "не указано", "без ответа", "пусто", "no answer"),
        *("not answered", "no response", "not applicable", "did not answer", "(blank)", "(пусто)"),
    }
)
"""Cells that say "nothing is known here", in lower case."""

_SPACES = "  \u00a0\u202f\u2007\ufeff\u200b\t\r\n"


def blank_to_null(cell: pl.Expr) -> pl.Expr:
    """Return a text expression stripped, with blanks and words such as "n/a" or «н/д» as null."""
    stripped = cell.str.strip_chars(_SPACES)
    return pl.when(~stripped.str.to_lowercase().is_in(list(MISSING_WORDS))).then(stripped)


def present(cell: str | None) -> bool:
    """Tell whether a cell says anything."""
    return cell is not None and cell.strip(_SPACES).lower() not in MISSING_WORDS


def header_key(header: str) -> str:
    """Return the bare wording of a header: lower case, ё as е, punctuation and joints as one space.

    Examples
    --------
    >>> header_key("Created_At "), header_key("E-mail клиента:"), header_key("customerId")
    ('created at', 'e mail клиента', 'customer id')
    """
    apart = re.sub(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])", " ", header)
    bare = re.sub(r"(?:[^\w#%]|_)+", " ", apart.lower().replace("ё", "е"))
    return bare.strip()
