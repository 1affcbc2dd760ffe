"""How many answers of each score each group gave: one pass, in the engine that holds the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt

from leal.engine.doubts import refuse
from leal.engine.frames import FrameLike, LazyFrame, collect, lazy, require_column
from leal.engine.values import DType, as_number, is_finite, is_present, order_of_groups, plain_key
from leal.wording import Text

Group: TypeAlias = tuple[object, ...]
"""The values of the grouping columns; ``None`` stands where a row has none."""

Integers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

VALUE, PRESENT, ROWS = "_value", "_present", "_rows"
WEIGHT, WEIGHTS, SQUARES, WEIGHED, LEAST = "_weight", "_weights", "_squares", "_weighed", "_least"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCounts:
    """Answers by group and score, with the sums of their weights.

    Attributes
    ----------
    groups : tuple of tuples
        One key a group, in order; one empty key where nothing is grouped.
    low : int
        Score of the first column of the arrays; the columns go up by one.
    n : array (groups, scores)
        Answers.
    weights, squares : array (groups, scores)
        Sum of the weights, and of their squares; equal to `n` without weights.
    unanswered : array (groups,)
        Rows without a score (null or not-a-number).
    weighted : bool
        Whether weights were given.
    """

    groups: tuple[Group, ...]
    low: int
    n: Integers
    weights: Floats
    squares: Floats
    unanswered: Integers
    weighted: bool

    def within(self, low: int, high: int) -> tuple[Integers, Floats, Floats]:
        """Return answers, weights and squared weights of the scores from `low` to `high`, one a group."""
        scores = slice(low - self.low, high - self.low + 1)
        return (
            self.n[:, scores].sum(axis=1),
            self.weights[:, scores].sum(axis=1),
            self.squares[:, scores].sum(axis=1),
        )

    def empty(self) -> ScoreCounts:
        """Return the counts of a group without any row."""
        none = np.zeros((1, self.n.shape[1]))
        return ScoreCounts(
            groups=((),),
            low=self.low,
            n=none.astype(np.int64),
            weights=none,
            squares=none,
            unanswered=np.zeros(1, dtype=np.int64),
            weighted=self.weighted,
        )

    def total(self) -> ScoreCounts:
        """Return all groups as one: counts add."""
        return ScoreCounts(
            groups=((),),
            low=self.low,
            n=self.n.sum(axis=0, keepdims=True),
            weights=self.weights.sum(axis=0, keepdims=True),
            squares=self.squares.sum(axis=0, keepdims=True),
            unanswered=self.unanswered.sum(keepdims=True),
            weighted=self.weighted,
        )


def score_counts(
    source: FrameLike,
    score: str,
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
    low: int = 0,
    high: int = 10,
    table: str = "answers",
) -> ScoreCounts:
    """Count the answers of each score that each group gave.

    One ``GROUP BY group, score`` in the engine of `source`; what comes back has at most one row a group and
    score, however many answers there are.

    Parameters
    ----------
    source : dataframe or path
        Anything `leal.engine.lazy` takes.
    score : str
        Column of whole scores from `low` to `high`; null and not-a-number are no answer, counted apart.
    by : sequence of str
        Columns to group by; a row without a value forms the group ``None``.
    weight : str, optional
        Column of sampling weights, zero or more.
    low, high : int
        Ends of the scale.
    table : str
        What the table is called in an error.

    Raises
    ------
    MissingColumn
        A column is not there.
    BadValue
        A score is text, off the scale or not whole; a weight is missing, below zero or not a number.
    """
    frame = lazy(source)
    for column in (score, *by, *([weight] if weight else [])):
        require_column(frame, column, table=table)
    rows = collect(_grouped(_coded(frame, score, by, weight, low, high), by, weight))
    if rows.filter((rows[PRESENT] > 0) & rows[VALUE].is_null()).height:
        _refuse_scores(frame, score, low, high)
    if weight and _bad_weights(rows):
        _refuse_weights(frame, weight, score)
    return _arranged(rows.rows(named=True), by, low, high, weighted=weight is not None)


def _on_scale(value: nw.Expr, dtype: DType, low: int, high: int) -> nw.Expr:
    within = value.is_between(low, high)
    return within if dtype.is_integer() else within & (value == value.round(0))


def _coded(
    frame: LazyFrame, score: str, by: Sequence[str], weight: str | None, low: int, high: int
) -> LazyFrame:
    value, dtype = as_number(frame, score)
    columns = [nw.col(name).alias(_key(place)) for place, name in enumerate(by)]
    columns.append(nw.when(_on_scale(value, dtype, low, high)).then(value).alias(VALUE))
    columns.append(is_present(value, dtype).cast(nw.Int64).alias(PRESENT))
    if weight:
        columns.append(as_number(frame, weight)[0].cast(nw.Float64).alias(WEIGHT))
    return frame.select(*columns)


def _grouped(frame: LazyFrame, by: Sequence[str], weight: str | None) -> LazyFrame:
    sums = [nw.len().alias(ROWS), nw.col(PRESENT).sum().alias(PRESENT)]
    if weight:
        frame = frame.with_columns((nw.col(WEIGHT) * nw.col(WEIGHT)).alias(SQUARES))
        sums += [
            nw.col(WEIGHT).sum().alias(WEIGHTS),
            nw.col(SQUARES).sum().alias(SQUARES),
            nw.col(WEIGHT).count().alias(WEIGHED),
            nw.col(WEIGHT).min().alias(LEAST),
        ]
    return frame.group_by(*(_key(place) for place in range(len(by))), VALUE).agg(*sums)


def _bad_weights(rows: Any) -> bool:
    """Tell whether a row that has a score lacks a proper weight; a sum shows what is not a number."""
    answered = rows.filter(rows[VALUE].is_not_null())
    proper = (answered[WEIGHED] == answered[ROWS]) & (answered[LEAST] >= 0) & answered[SQUARES].is_finite()
    return not proper.fill_null(False).all()


def _refuse_scores(frame: LazyFrame, score: str, low: int, high: int) -> None:
    value, dtype = as_number(frame, score)
    hint = Text(
        "Scores are whole numbers from {low} to {high}; leave a cell empty where there is no answer.",
        low=low,
        high=high,
    )
    refuse(frame, score, is_present(value, dtype) & ~_on_scale(value, dtype, low, high), hint)


def _refuse_weights(frame: LazyFrame, weight: str, score: str) -> None:
    value, dtype = as_number(frame, weight)
    answered = is_present(*as_number(frame, score))
    bad = value.is_null() | ~is_finite(value, dtype) | (value < 0)
    refuse(frame, weight, answered & bad, Text("Give every answer a weight, a number of zero or more."))


def _arranged(
    rows: Sequence[dict[str, Any]], by: Sequence[str], low: int, high: int, *, weighted: bool
) -> ScoreCounts:
    keys = [tuple(plain_key(row[_key(place)]) for place in range(len(by))) for row in rows]
    groups = order_of_groups(set(keys)) if by else ((),)
    place_of = {group: place for place, group in enumerate(groups)}
    shape = (len(groups), high - low + 1)
    n, unanswered = np.zeros(shape, dtype=np.int64), np.zeros(len(groups), dtype=np.int64)
    weights, squares = np.zeros(shape), np.zeros(shape)
    for key, row in zip(keys, rows, strict=True):
        group, value = place_of[key], row[VALUE]
        if value is None or math.isnan(value):
            unanswered[group] += row[ROWS]
            continue
        cell = group, int(value) - low
        n[cell] += row[ROWS]
        weights[cell] += row[WEIGHTS] if weighted else row[ROWS]
        squares[cell] += row[SQUARES] if weighted else row[ROWS]
    return ScoreCounts(
        groups=groups,
        low=low,
        n=n,
        weights=weights,
        squares=squares,
        unanswered=unanswered,
        weighted=weighted,
    )


def _key(place: int) -> str:
    return f"_group_{place}"
