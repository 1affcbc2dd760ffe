"""Answers as the money floor needs them: typed, and the latest of each customer."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, day_number, lazy, refuse, require_column
from leal.wording import Text

GROUPS = ("promoter", "passive", "detractor")
"""The groups of NPS, best first."""

_KINDS = {
    "customer": pl.String,
    "day": pl.Int32,
    "answered_at": pl.Int32,
    "recommend": pl.Int8,
    "satisfaction": pl.Float64,
    "segment": pl.String,
    "unit": pl.String,
}


def scored_answers(answers: FrameLike) -> pl.DataFrame:
    """Return every answer with the columns that behaviour is joined to.

    Parameters
    ----------
    answers : dataframe or path
        The table `answers`; any of its columns may be absent.

    Returns
    -------
    polars.DataFrame
        ``customer`` (text), ``day`` (whole days since 1970-01-01), ``answered_at`` (as given), ``recommend``
        (whole, 0 to 10; anything else is null), ``satisfaction``, ``segment``, ``unit``; null where absent.
    """
    frame = lazy(answers)
    names = column_names(frame)
    wanted: list[nw.Expr] = [
        nw.col(n) for n in ("recommend", "satisfaction", "segment", "unit") if n in names
    ]
    if "customer" in names:
        wanted.append(nw.col("customer").cast(nw.String()))
    if "answered_at" in names:
        wanted += [day_number(frame, "answered_at", table="answers").alias("day"), nw.col("answered_at")]
    # A frame with none of these columns still has its rows.
    rows = collect(frame.select(*wanted)) if wanted else pl.DataFrame(schema={"customer": pl.String})
    return _typed(rows)


def require_recommendations(answers: FrameLike) -> None:
    """Raise where answers have no column `recommend`, or hold numbers in it that are no scores."""
    frame = lazy(answers)
    require_column(frame, "recommend", table="answers")
    kind = frame.collect_schema()["recommend"]
    if not kind.is_numeric():
        return
    score = nw.col("recommend").cast(nw.Float64())
    off_scale = (score < 0) | (score > 10) | (score != score.round(0))
    hint = Text("Give whole numbers from 0 to 10; leal.load(path) turns other scales where it can.")
    refuse(frame, "recommend", score.is_finite() & off_scale, hint)


def latest_answers(scored: pl.DataFrame) -> pl.DataFrame:
    """Return the latest scored answer of each known customer.

    Parameters
    ----------
    scored : polars.DataFrame
        What `scored_answers` returned.

    Returns
    -------
    polars.DataFrame
        One row a customer: ``customer, day, score, group, satisfaction, segment, unit``.

    Notes
    -----
    Answers of the same moment are told apart by their scores (the higher counts), never by the order of rows.
    """
    told = pl.col("recommend").is_not_null() | pl.col("satisfaction").is_not_null()
    known = scored.filter(pl.col("customer").is_not_null() & told)
    order = ("day", "answered_at", "recommend", "satisfaction", "segment", "unit")
    last = known.sort(order, nulls_last=False).unique("customer", keep="last", maintain_order=True)
    return last.drop("answered_at").rename({"recommend": "score"}).with_columns(group_of(pl.col("score")))


def group_of(score: pl.Expr) -> pl.Expr:
    """Return the NPS group of a score: promoter 9-10, passive 7-8, detractor 0-6, null without one."""
    return (
        pl.when(score.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(score >= 9)
        .then(pl.lit("promoter"))
        .when(score >= 7)
        .then(pl.lit("passive"))
        .otherwise(pl.lit("detractor"))
        .alias("group")
    )


def _typed(found: pl.DataFrame) -> pl.DataFrame:
    absent = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in _KINDS.items() if name not in found.columns
    ]
    score = pl.col("recommend").cast(pl.Float64, strict=False)
    satisfaction = pl.col("satisfaction").cast(pl.Float64, strict=False)
    return (
        found.with_columns(absent)
        .with_columns(
            pl.when(score.is_between(0, 10) & (score == score.floor()))
            .then(score)
            .cast(pl.Int8)
            .alias("recommend"),
            pl.when(satisfaction.is_finite()).then(satisfaction).alias("satisfaction"),
            pl.col("day").cast(pl.Int32),
            pl.col("segment", "unit").cast(pl.String),
        )
        .select(*_KINDS)
    )
