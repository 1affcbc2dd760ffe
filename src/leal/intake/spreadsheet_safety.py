"""Cells that a spreadsheet would run as formulas are made harmless on the way out, and only there.

A comment such as ``=HYPERLINK(...)`` is kept as the customer wrote it; when a table is written for a
spreadsheet, an apostrophe before it makes it text (OWASP, CSV injection). Numbers are left alone.
"""

from __future__ import annotations

import re

import polars as pl

_DANGEROUS = r"^[\s\u00a0\ufeff]*[=+\-@\t\r|%＝＋－＠]"
_NUMBER = r"^\s*[+-]?[\d\s\u00a0\u202f]*[.,]?\d+(?:[eE][+-]?\d+)?\s*%?$"


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell("+7 916 123-45-67"), safe_cell("fine")
    ("'=1+1", '-5', "'+7 916 123-45-67", 'fine')
    """
    dangerous = re.match(_DANGEROUS, text) and not re.match(_NUMBER, text)
    return f"'{text}" if dangerous else text


def safe_for_spreadsheet(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame whose text cells and headers no spreadsheet takes for formulas."""
    text = pl.col(pl.String)
    dangerous = text.str.contains(_DANGEROUS) & ~text.str.contains(_NUMBER)
    escaped = pl.when(dangerous).then("'" + text).otherwise(text).name.keep()
    return frame.with_columns(escaped).rename(safe_cell)


def unescaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame as it was before an export made its cells harmless: ``'=1+1`` is ``=1+1``."""
    text = pl.col(pl.String)
    escaped = text.str.contains(_DANGEROUS.replace("^", "^'", 1))
    return frame.with_columns(pl.when(escaped).then(text.str.slice(1)).otherwise(text).name.keep())
