"""Scores as people and tools write them, and the scale that a column of them is on.

A likelihood to recommend is counted into NPS only on its own scale of eleven points, 0 to 10. A score on any
other scale (1-10, 1-5, stars, percent) is shown apart under its own name and never converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import polars as pl

from leal.intake.raw import blank_to_null, header_key

Meaning = Literal["recommend", "satisfaction", "effort", "rating", "stars"]
"""What a score is about; a rating does not say it."""

_LABELLED = r"^[\s\"'«]*([+-]?\d{1,6}(?:[.,]\d+)?)(?:\s*$|\s*[^\w\s.,+].*$|[.,]?\s+[^\d\s].*$)"
_LABEL_FIRST = r"^[^\d]*[^\d\s][^\d]*\s[-–—=:(\s]*(\d{1,2})\)?\s*$"
_A_RANGE = r"^\s*\d+\s*(?:[-–—.:]|to|до)\s*\d"
_FEW_VALUES, _MANY_VALUES = 10, 30


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale with whole ends."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


NPS_SCALE = Scale(0, 10)


def numeric(cells: pl.Series) -> pl.Series:
    """Return the numbers of cells such as ``9``, ``9.0``, ``9,5``, ``10 - Extremely likely``, ``9/10``.

    What is no number is null. A label may stand on either side ("Extremely likely - 10"); a range ("9-10") is
    no number.
    """
    frame = cells.to_frame("cell").select(blank_to_null(pl.col("cell")))
    plain = frame.to_series().str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    if plain.null_count() == frame.to_series().null_count():
        return plain.set(~plain.is_finite().fill_null(value=True), None)
    cell = pl.col("cell").str.replace_all("[\ufe0f\u20e3]", "")
    found = pl.coalesce(cell.str.extract(_LABELLED), cell.str.extract(_LABEL_FIRST))
    read = found.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    labelled = frame.select(pl.when(~cell.str.contains(_A_RANGE)).then(read).alias("cell")).to_series()
    both = plain.zip_with(plain.is_not_null(), labelled)
    return both.set(~both.is_finite().fill_null(value=True), None)


def judge_scores(cells: pl.Series, scale: Scale = NPS_SCALE, *, whole: bool = True) -> pl.DataFrame:
    """Return the scores of a column and why those that are none are none.

    Parameters
    ----------
    cells : polars.Series of text
        The column.
    scale : Scale
        The ends that a score may have.
    whole : bool
        Whether only whole numbers are scores.

    Returns
    -------
    polars.DataFrame
        Columns ``score`` (null where there is none) and ``reason`` (null where there is a score;
        ``"no_score"``, ``"not_a_number"``, ``"out_of_range"``, ``"not_whole"``).
    """
    filled = cells.to_frame("cell").select(blank_to_null(pl.col("cell")).is_not_null()).to_series()
    frame = pl.DataFrame({"filled": filled, "score": numeric(cells)})
    score = pl.col("score")
    reason = (
        pl.when(~pl.col("filled"))
        .then(pl.lit("no_score"))
        .when(score.is_null())
        .then(pl.lit("not_a_number"))
        .when(~score.is_between(scale.low, scale.high))
        .then(pl.lit("out_of_range"))
        .when(pl.lit(whole) & (score != score.floor()))
        .then(pl.lit("not_whole"))
    )
    judged = frame.select(score, reason.alias("reason"))
    return judged.with_columns(pl.when(pl.col("reason").is_null()).then(score).alias("score"))


def stated_scale(title: str) -> Scale | None:
    """Return the scale that a question states: "(0-10)", "from 1 to 5", "от 1 до 10"; None if none."""
    for low, high in re.findall(
        r"(?<![\d.,])([01])\s*(?:-|–|—|\.\.\.?|…|to|through|до|по|and|и)\s*(100|10|[3-79])(?![\d.,]*\d)",
        title.lower(),
    ):
        return Scale(int(low), int(high))
    if match := re.search(r"(\d{1,2})[\s-]*(?:ти\s*|и\s*)?балл|пяти\s*балл|десяти\s*балл", title.lower()):
        high = int(match[1]) if match[1] else 5 if match[0].startswith("пяти") else 10
        return Scale(1, high) if high in (3, 4, 5, 7) else None
    return None


def scale_of(values: pl.Series, title: str, meaning: Meaning, *, certain: bool = False) -> Scale:
    """Return the scale that a column of numbers is on: by the question's words first, by its values second.

    Parameters
    ----------
    values : polars.Series of float
        The numbers of the column, nulls left out.
    title : str
        The question or header.
    meaning : {"recommend", "satisfaction", "effort", "rating", "stars"}
        What the words of the question are about.
    certain : bool
        Whether the tool itself says that this is its NPS question.
    """
    if certain and meaning == "recommend":
        return NPS_SCALE
    if (stated := stated_scale(title)) is not None:
        return stated
    if values.is_empty():
        return NPS_SCALE if meaning in ("recommend", "rating") else Scale(1, 5)
    if meaning == "recommend":
        return _scale_of_recommend(values, title)
    return _scale_by_values(values, meaning)


def _scale_of_recommend(values: pl.Series, title: str) -> Scale:
    """Take the eleven points unless the values speak plainly for another scale."""
    named = re.search(r"\bnps\b|net promoter", header_key(title)) is not None
    if not named and (values > 10).mean() > 0.5 and (values <= 100).all():  # type: ignore[operator]
        return Scale(0, 100)
    if named or values.len() < _FEW_VALUES or not (values >= 1).all():
        return NPS_SCALE
    if (values <= 5).all():
        return Scale(1, 5)
    return Scale(1, 7) if values.len() >= _MANY_VALUES and (values <= 7).all() else NPS_SCALE


def _scale_by_values(values: pl.Series, meaning: Meaning) -> Scale:
    """Take the shortest usual scale that holds nearly all values."""
    if (values > 10).mean() <= 0.5:  # type: ignore[operator]
        values = values.filter(values <= 10)
    high = next((end for end in (1, 5, 7, 10, 100) if (values <= end).mean() >= 0.95), 100)  # type: ignore[operator]
    if high == 1 and not (values == 0).any():
        high = 5
    if meaning == "stars":
        return Scale(1, 10 if high == 10 else 5)
    if meaning == "effort" and high in (5, 7):
        high = 7 if (values > 5).any() or values.len() < _FEW_VALUES else 5
    if meaning == "rating" and high <= 7 and values.len() < 5:
        high = 10
    has_zero = bool((values == 0).any())
    assumed_eleven = meaning == "rating" and high == 10
    return Scale(0 if has_zero or assumed_eleven or high == 100 else 1, high)
