"""The columns of answers that are no scores: who, where, in what words; and what is kept as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from leal.intake.keys import KeyKind, clean_key
from leal.intake.raw import blank_to_null, header_key
from leal.intake.surveys.survey import Survey
from leal.tables import ANSWERS

_TEXTS = tuple(
    c.name for c in ANSWERS if c.kind == "text" and c.name not in ("answer", "customer", "comment")
)
_ADDRESSES: Mapping[str, KeyKind] = {"email": "email", "phone": "phone"}
_YES, _NO = ("yes", "true", "1", "y", "да", "истина"), ("no", "false", "0", "n", "нет", "ложь")
_NAMES_OF_IDENTIFIERS = re.compile(
    r"\bid\b|\bcode\b|\bkey\b|№|номер|\bкод\b|карт|token|\bzip\b|индекс|phone|телефон"
)
_LEADING_ZERO = r"^[+-]?0\d"
_LONGEST_NUMBER = 15


def customer_columns(survey: Survey, columns: Mapping[str, str]) -> pl.DataFrame:
    """Return who answered: ``customer``, ``email``, ``phone``.

    The customer is the identifier, else the e-mail, else the telephone, else the tool's own person. Columns
    that the file does not have are left out.
    """
    found: dict[str, pl.Expr | pl.Series] = {}
    if "customer" in columns:
        found["customer"] = blank_to_null(pl.col(columns["customer"]))
    for name in _ADDRESSES:
        if name in columns:
            found[name] = clean_key(survey.raw.frame.get_column(columns[name]), _ADDRESSES[name])
    if "person" in columns:
        found["person"] = blank_to_null(pl.col(columns["person"]))
    if not found:
        return pl.DataFrame()
    keys = survey.raw.frame.select(cells.alias(name) for name, cells in found.items())
    keys = keys.with_columns(pl.coalesce(*found).alias("customer"))
    return keys.select("customer", *(name for name in ("email", "phone") if name in found))


def text_columns(survey: Survey, columns: Mapping[str, str]) -> pl.DataFrame:
    """Return the comment as it was written, and the other columns of the vocabulary without blanks."""
    found: list[pl.Expr] = []
    if "comment" in columns:
        comment = pl.col(columns["comment"])
        found.append(pl.when(comment.str.strip_chars() != "").then(comment).alias("comment"))
    for name in _TEXTS:
        if name in columns:
            cell = blank_to_null(pl.col(columns[name]))
            found.append((cell.str.to_lowercase() if name == "language" else cell).alias(name))
    if "weight" in columns:
        weight = blank_to_null(pl.col(columns["weight"])).str.replace(",", ".", literal=True)
        found.append(weight.cast(pl.Float64, strict=False).alias("weight"))
    if "noticed" in columns:
        word = blank_to_null(pl.col(columns["noticed"])).str.to_lowercase()
        flag = (
            pl.when(word.is_in(_YES)).then(pl.lit(value=True)).when(word.is_in(_NO)).then(pl.lit(value=False))
        )
        found.append(flag.alias("noticed"))
    return survey.raw.frame.select(found) if found else pl.DataFrame()


def extra_columns(survey: Survey, kept: Sequence[str], taken: Sequence[str]) -> pl.DataFrame:
    """Return the columns that keep their own names; numbers become numbers, identifiers stay text."""
    names: dict[str, str] = {}
    for column in kept:
        name, count = column, 1
        while name in taken or name in names.values() or name == "answer":
            count += 1
            name = f"{column} ({count})"
        names[column] = name
    columns = [_typed(survey.raw.frame.get_column(column)).alias(name) for column, name in names.items()]
    return pl.DataFrame(columns)


def _typed(cells: pl.Series) -> pl.Series:
    """Return a column as numbers where every cell is one and none is an identifier with leading zeros."""
    text = cells.to_frame("cell").select(blank_to_null(pl.col("cell"))).to_series()
    known = text.drop_nulls()
    if known.is_empty() or _NAMES_OF_IDENTIFIERS.search(header_key(cells.name)):
        return cells
    if known.str.contains(_LEADING_ZERO).any() or bool((known.str.len_chars() > _LONGEST_NUMBER).any()):
        return cells
    numbers = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    if numbers.null_count() > text.null_count() or not numbers.drop_nulls().is_finite().all():
        return cells
    whole = numbers.drop_nulls()
    return numbers.cast(pl.Int64) if (whole == whole.floor()).all() else numbers
