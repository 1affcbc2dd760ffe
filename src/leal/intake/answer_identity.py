"""The identifier of an answer: the tool's own, else one made of the row; the last of equal ones wins.

Two equal rows without an identifier are one answer read twice if something in them tells who answered or when
to the second, or carries a comment; two bare scores of the same day are two answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from leal.intake.dates import read_times
from leal.intake.raw import blank_to_null
from leal.intake.surveys.survey import Survey, by_key

_SEPARATOR = "\x1f"
_ID_HEADERS = ("id", "ид", "identifier")


def identify(survey: Survey, columns: Mapping[str, str], table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with a column ``answer``, the same whenever the same file is read."""
    own = columns.get("answer")
    ids = None if own is None else _cells(survey, own)
    if own is None and survey.source in ("spreadsheet", "google_forms"):
        ids, table = _plain_id(survey, table)
    if ids is None or ids.null_count():
        made = _made(survey, table)
        ids = made if ids is None else ids.zip_with(ids.is_not_null(), made)
    return table.with_columns(ids.alias("answer"))


def last_of_each(
    survey: Survey, columns: Mapping[str, str], table: pl.DataFrame, accepted: pl.Series
) -> tuple[pl.DataFrame, int]:
    """Return the accepted rows, the last of each identifier, and how many a different later row replaced."""
    rows = table.filter(accepted)
    if rows["answer"].n_unique() == rows.height:
        return rows, 0
    content = survey.raw.frame.filter(accepted).hash_rows(seed=0)
    rows = rows.with_columns(pl.int_range(pl.len()).alias("_at"), content.alias("_content"))
    if "updated_at" in columns:
        updated = read_times(survey.raw.frame.get_column(columns["updated_at"]).filter(accepted)).values
        rows = rows.with_columns(updated.alias("_updated"))
        rows = rows.sort("_updated", nulls_last=False, maintain_order=True).drop("_updated")
    edited = rows.group_by("answer").agg(pl.col("_content").n_unique() - 1)["_content"].sum()
    last = rows.unique("answer", keep="last", maintain_order=True).sort("_at")
    return last.drop("_at", "_content"), int(edited)


def _cells(survey: Survey, column: str) -> pl.Series:
    return survey.raw.frame.select(blank_to_null(pl.col(column))).to_series()


def _plain_id(survey: Survey, table: pl.DataFrame) -> tuple[pl.Series | None, pl.DataFrame]:
    """Read a column headed just "id": the answer's where unique, the customer's where nothing else is."""
    keys = by_key(survey.raw)
    column = next((keys[name] for name in _ID_HEADERS if name in keys), None)
    if column is None or column not in table.columns:
        return None, table
    ids = _cells(survey, column)
    distinct = survey.raw.frame.unique().height
    is_answer = ids.null_count() == 0 and ids.n_unique() == distinct
    if "customer" not in table.columns:
        table = table.with_columns(ids.alias("customer"))
    return (ids if is_answer else None), table


def _made(survey: Survey, table: pl.DataFrame) -> pl.Series:
    """Return identifiers made of the rows' content; equal rows that may be different answers are numbered."""
    content = survey.raw.frame.select(
        pl.concat_str(pl.all().fill_null(""), separator=_SEPARATOR).alias("content")
    )
    told = [pl.col(name).is_not_null() for name in ("customer", "comment") if name in table.columns]
    if "answered_at" in table.columns:
        told.append((pl.col("answered_at") != pl.col("answered_at").dt.truncate("1d")).fill_null(value=False))
    telling = table.select(pl.any_horizontal(told) if told else pl.lit(value=False).repeat_by(1)).to_series()
    if not told:
        telling = pl.Series([False]).new_from_index(0, table.height)
    repeat = content.with_columns(telling.alias("telling")).with_columns(
        pl.int_range(pl.len()).over("content").alias("repeat")
    )
    numbered = (
        pl.when(pl.col("telling") | (pl.col("repeat") == 0))
        .then("content")
        .otherwise(pl.concat_str("content", pl.col("repeat").cast(pl.String), separator=_SEPARATOR))
    )
    texts = repeat.select(numbered).to_series().to_list()
    digest = hashlib.blake2b
    made = [digest(text.encode(errors="replace"), digest_size=9).hexdigest() for text in texts]
    return pl.Series("answer", made, dtype=pl.String)
