"""Numbers and money as people write them, a whole column at a time.

The decimal mark is a property of the column, not of the cell: `1,234` alone says nothing, beside `0,5` it is
one and a bit, beside `1,234.50` it is a thousand. A cell that can be read in one way only is read that way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

DecimalMark = Literal[".", ","]

CURRENCY_WORDS: dict[str, str] = {
    "RUB": r"₽|руб(?:л(?:ей|я|ь))?\.?|р\.?\s*$|rub\.?|rur",
    "USD": r"us\$|\$|usd|дол(?:л(?:аров|ара|ар)?)?\.?",
    "EUR": r"€|eur|евро",
    "GBP": r"£|gbp",
    "KZT": r"₸|kzt|тенге|тг\.?",
    "BYN": r"byn|br\s*$",
    "UAH": r"₴|uah|грн\.?",
    "CNY": r"cn¥|cny|¥|юан(?:ей|я|ь)",
    "BRL": r"r\$|brl",
}
"""Signs and words of money, as regular expressions, by ISO code."""

_ORDER = ("BRL", "RUB", "EUR", "GBP", "KZT", "BYN", "UAH", "CNY", "USD")
_ANY_CURRENCY = "(?i)" + "|".join(f"(?:{CURRENCY_WORDS[code]})" for code in _ORDER)
_SPACES = r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000\ufeff'’`_]+"
_MINUS = r"[\u2212\u2010-\u2015]"
_SHAPE = r"^-?\d[\d.,]*(?:[eE][+-]?\d+)?$|^-?[.,]\d+$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column read as numbers.

    Attributes
    ----------
    values : polars.Series
        Float64, null where the cell is empty or no number.
    unreadable : polars.Series
        Boolean: the cell holds something that is no number.
    decimal_mark : {".", ","} or None
        What the column's own cells say, None where no cell has decimals.
    ambiguous : int
        Cells such as ``1,234`` that only the column (or the file, or the default) decides.
    guessed : bool
        Whether ambiguous cells were read by the default, nothing having decided.
    mixed : bool
        Whether some cells can only have a decimal point and others only a decimal comma.
    """

    values: pl.Series
    unreadable: pl.Series
    decimal_mark: DecimalMark | None = None
    ambiguous: int = 0
    guessed: bool = False
    mixed: bool = False


def parse_numbers(cells: pl.Series, decimal_mark: DecimalMark | None = None) -> Numbers:
    """Read a column of cells as numbers: ``1 234,56``, ``1,234.56``, ``(123)``, ``123 ₽``, ``7.9E+10``.

    Parameters
    ----------
    cells : polars.Series
        Text as it stands in the file, or numbers already.
    decimal_mark : {".", ","}, optional
        What decides ambiguous cells where the column itself does not: the mark of the file's other columns.
        Without it a lone comma before three digits groups thousands, a lone point before them is decimal.

    Returns
    -------
    Numbers
        The values, which cells are no numbers, and what was decided how.

    Examples
    --------
    >>> parse_numbers(pl.Series(["1 234,56", "(12)", "n/a", None])).values.to_list()
    [1234.56, -12.0, None, None]
    """
    if cells.dtype.is_numeric() or cells.dtype == pl.Null:
        return _typed(cells)
    text = cells.cast(pl.String)
    plain = text.cast(pl.Float64, strict=False)
    if _settled(text, plain):
        return _finish(plain, text, decimal_mark=_mark_of_plain(text))
    if not text.str.contains(".", literal=True).any():
        swapped = text.str.replace(",", ".", literal=True)
        plain = swapped.cast(pl.Float64, strict=False)
        if _settled(swapped, plain):
            return _finish(plain, text, decimal_mark=",")
    return _by_shape(text, decimal_mark)


def currencies_in(cells: pl.Series) -> pl.Series:
    """Return the ISO code of the money sign in each cell (``"120 ₽"`` is RUB), null where there is none."""
    if cells.dtype != pl.String:
        return pl.Series(cells.name, [None] * len(cells), dtype=pl.String)
    column = pl.col("cells")
    if not cells.str.contains(r"[^\d\s.,()+\-]").any():
        return pl.Series(cells.name, [None], dtype=pl.String).new_from_index(0, len(cells))
    code = pl.lit(None, dtype=pl.String)
    for currency in reversed(_ORDER):
        holds = column.str.contains("(?i)" + CURRENCY_WORDS[currency])
        code = pl.when(holds).then(pl.lit(currency)).otherwise(code)
    return pl.DataFrame({"cells": cells}).select(code.alias(cells.name)).to_series()


def _typed(cells: pl.Series) -> Numbers:
    values = cells.cast(pl.Float64, strict=False)
    bad = (values.is_nan() | values.is_infinite()).fill_null(False)
    return Numbers(values=values.set(bad, None), unreadable=bad)


def _settled(text: pl.Series, plain: pl.Series) -> bool:
    """Tell whether the computer's own notation reads every cell, and none could be thousands instead."""
    empty = text.is_null() | (text == "")
    if not (plain.is_not_null() | empty).all():
        return False
    return not text.str.contains(r"^[+-]?[1-9]\d{0,2}\.\d{3}$").any()


def _mark_of_plain(text: pl.Series) -> DecimalMark | None:
    return "." if text.str.contains(".", literal=True).any() else None


def _finish(
    values: pl.Series,
    text: pl.Series,
    *,
    decimal_mark: DecimalMark | None = None,
    ambiguous: int = 0,
    guessed: bool = False,
    mixed: bool = False,
) -> Numbers:
    finite = values.is_finite().fill_null(False)
    filled = (text.str.strip_chars(" \t\r\n\u00a0\u202f") != "").fill_null(False)
    return Numbers(
        values=values.set(~finite, None),
        unreadable=filled & ~finite,
        decimal_mark=decimal_mark,
        ambiguous=ambiguous,
        guessed=guessed,
        mixed=mixed,
    )


def _by_shape(text: pl.Series, given: DecimalMark | None) -> Numbers:
    """Read distinct cells once: columns of money repeat themselves."""
    distinct = pl.DataFrame({"cell": text.unique()}).with_columns(**_cleaned(pl.col("cell")))
    distinct = distinct.with_columns(mark=pl.when(_WELL_FORMED).then(_MARK))
    counts = pl.DataFrame({"cell": text}).group_by("cell").len()
    seen = distinct.join(counts, on="cell", nulls_equal=True).group_by("mark").agg(pl.col("len").sum())
    tally = dict(seen.iter_rows())
    points, commas = tally.get(".", 0), tally.get(",", 0)
    unclear = {mark: tally.get(name, 0) for mark, name in ((".", "point?"), (",", "comma?"))}
    own: DecimalMark | None = None if points == commas == 0 else ("." if points >= commas else ",")
    decided = own or given
    values = distinct.with_columns(value=_value(decided))
    read = pl.DataFrame({"cell": text}).join(
        values.select("cell", "value"), on="cell", how="left", nulls_equal=True, maintain_order="left"
    )
    return _finish(
        read["value"].rename(text.name),
        text,
        decimal_mark=own,
        ambiguous=sum(unclear.values()),
        guessed=decided is None and sum(unclear.values()) > 0,
        mixed=points > 0 and commas > 0,
    )


def _cleaned(cell: pl.Expr) -> dict[str, pl.Expr]:
    """Take off money signs, spaces and signs of the minus; tell whether spaces grouped the digits."""
    bare = cell.str.replace_all(_MINUS, "-").str.replace_all(_ANY_CURRENCY, "").str.strip_chars()
    negative = bare.str.contains(r"^\(.*\)$") | bare.str.contains(r"\d\s*-$")
    unsigned = bare.str.replace(r"^\((.*)\)$", "${1}").str.replace(r"\s*-$", "").str.strip_chars()
    signed = pl.when(negative).then(pl.lit("-") + unsigned).otherwise(unsigned)
    grouped = signed.str.contains(r"\d" + _SPACES + r"\d{3}(?:\D|$)")
    torn = signed.str.contains(r"\d" + _SPACES + r"(?:\d{1,2}|\d{4,})(?:\D|$)")
    clean = signed.str.replace_all(_SPACES, "").str.replace(r"^\+", "").str.replace("^--", "-")
    return {"clean": pl.when(~torn & clean.str.contains(_SHAPE)).then(clean), "grouped": grouped}


def _mark_of_cell(clean: pl.Expr, grouped: pl.Expr) -> pl.Expr:
    """Tell which decimal mark a cell can only have, or that it may have either: ``point?``, ``comma?``."""
    points, commas = clean.str.count_matches(r"\."), clean.str.count_matches(",")
    last = clean.str.extract(r"([.,])[^.,]*$")
    thousands = clean.str.contains(r"^-?[1-9]\d{0,2}[.,]\d{3}$") & ~grouped
    both = (points > 0) & (commas > 0)
    one = (points + commas) == 1
    return (
        pl.when(both)
        .then(last)
        .when(points > 1)
        .then(pl.lit(","))
        .when(commas > 1)
        .then(pl.lit("."))
        .when(one & ~thousands)
        .then(last)
        .when(one)
        .then(pl.when(last == ".").then(pl.lit("point?")).otherwise(pl.lit("comma?")))
    )


def _value(decided: DecimalMark | None) -> pl.Expr:
    """Read each cell by its own mark, unclear ones by the decided mark."""
    clean, mark = pl.col("clean"), pl.col("mark")
    point = clean.str.replace_all(",", "", literal=True)
    comma = clean.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    unclear_comma = comma if decided == "," else point
    unclear_point = comma if decided == "," else point
    chosen = (
        pl.when(mark == ",")
        .then(comma)
        .when(mark == "comma?")
        .then(unclear_comma)
        .when(mark == "point?")
        .then(unclear_point)
        .otherwise(point)
    )
    return pl.when(_WELL_FORMED).then(chosen.cast(pl.Float64, strict=False))


_MARK = _mark_of_cell(pl.col("clean"), pl.col("grouped"))
_WELL_FORMED = pl.col("clean").str.contains(
    r"^-?\d+(?:[.,]\d*)?(?:[eE][+-]?\d+)?$|^-?[.,]\d+$"
    r"|^-?\d{1,3}(?:\.\d{3})+(?:,\d*)?$|^-?\d{1,3}(?:,\d{3})+(?:\.\d*)?$"
    r"|^-?\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d*)?$"
)
"""One mark, or groups of three with the other mark last, or Indian groups (12,34,567.8)."""
