"""Sums of any numbers by group, from which means, shares and errors are made: one pass of any engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np

from leal.engine.counts import Floats, Group
from leal.engine.doubts import refuse
from leal.engine.frames import FrameLike, LazyFrame, collect, lazy, require_column
from leal.engine.values import as_number, is_finite, is_present, order_of_groups, plain_key
from leal.wording import Listing, Text

_VALUE, _WEIGHT, _TOP, _ALIEN, _LIGHT = "_value", "_weight", "_top", "_alien", "_light"
_ABSENT = "_absent"
_SUMS = ("n", "w", "ww", "wx", "wxx", "wwx", "wwxx", "top", "w_top")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSums:
    """Sums by group; every array has one entry a group.

    Attributes
    ----------
    groups : tuple of tuples
        One key a group, in order; one empty key where nothing is grouped.
    n : array
        Values.
    w, ww : array
        Sum of the weights, and of their squares; equal to `n` without weights.
    wx, wxx : array
        Weighted sums of the values less `shift`, and of their squares.
    wwx, wwxx : array
        The same with squared weights.
    top, w_top : array
        Values from the threshold up, and their weights.
    unanswered : array
        Rows without a value.
    shift : float
        What is subtracted from values before they are squared, so that digits are kept.
    """

    groups: tuple[Group, ...]
    n: Floats
    w: Floats
    ww: Floats
    wx: Floats
    wxx: Floats
    wwx: Floats
    wwxx: Floats
    top: Floats
    w_top: Floats
    unanswered: Floats
    shift: float

    @property
    def mean(self) -> Floats:
        """Weighted means; not-a-number for a group without values."""
        return self.shift + _ratio(self.wx, self.w)

    @property
    def standard_error(self) -> Floats:
        """Standard errors of the means: linearised, times n/(n - 1); not-a-number below two values."""
        centre = _ratio(self.wx, self.w)
        squares = self.wwxx - 2 * centre * self.wwx + centre**2 * self.ww
        spread = np.sqrt(np.maximum(_ratio(squares, self.w**2), 0.0))
        return spread * np.sqrt(_ratio(self.n, np.where(self.n > 1, self.n - 1, 0)))

    def total(self) -> ValueSums:
        """Return all groups as one: sums add."""
        sums: dict[str, Any] = {
            name: np.asarray([getattr(self, name).sum()]) for name in (*_SUMS, "unanswered")
        }
        return ValueSums(groups=((),), shift=self.shift, **sums)


def value_range(source: FrameLike, column: str, *, table: str = "answers") -> tuple[float, float] | None:
    """Return the least and the greatest value of a column; None where it has no value.

    Raises
    ------
    MissingColumn, BadValue
        The column is absent, or holds text or infinite numbers.
    """
    frame = lazy(source)
    require_column(frame, column, table=table)
    value, dtype = as_number(frame, column)
    known = frame.filter(is_present(value, dtype)).select(value.cast(nw.Float64).alias(_VALUE))
    found = collect(known.select(nw.col(_VALUE).min().alias("low"), nw.col(_VALUE).max().alias("high")))
    low, high = found.row(0)
    return None if low is None or high is None else (float(low), float(high))


def value_sums(
    source: FrameLike,
    column: str,
    *,
    scale: tuple[float, float],
    threshold: float,
    by: Sequence[str] = (),
    weight: str | None = None,
    table: str = "answers",
) -> ValueSums:
    """Add up the values of a column by group.

    Parameters
    ----------
    source : dataframe or path
        Anything `leal.engine.lazy` takes.
    column : str
        Numbers within `scale`; null and not-a-number are no answer, counted apart.
    scale : (low, high)
        Ends of the scale.
    threshold : float
        From which value on a value is counted as `top`.
    by : sequence of str
        Columns to group by; a row without a value forms the group ``None``.
    weight : str, optional
        Column of sampling weights, zero or more.
    table : str
        What the table is called in an error.

    Raises
    ------
    MissingColumn
        A column is not there.
    BadValue
        A value is text or off the scale; a weight is missing, below zero or not a number.
    """
    frame = lazy(source)
    for name in (column, *by, *([weight] if weight else [])):
        require_column(frame, name, table=table)
    low, high = scale
    shift = (low + high) / 2
    coded = _coded(frame, column, by, weight, scale, shift, threshold)
    rows = collect(
        coded.group_by(*(_key(place) for place in range(len(by)))).agg(*_aggregates())
        if by
        else coded.select(*_aggregates())
    )
    if rows[_ALIEN].sum():
        _refuse_values(frame, column, scale)
    if weight and rows[_LIGHT].sum():
        _refuse_weights(frame, column, weight)
    return _arranged(rows.rows(named=True), by, shift)


def _coded(
    frame: LazyFrame,
    column: str,
    by: Sequence[str],
    weight: str | None,
    scale: tuple[float, float],
    shift: float,
    threshold: float,
) -> LazyFrame:
    value, dtype = as_number(frame, column)
    present = is_present(value, dtype)
    number = nw.when(present).then(value.cast(nw.Float64)).otherwise(shift)
    weigh, proper = _weigher(frame, weight)
    keys = [nw.col(name).alias(_key(place)) for place, name in enumerate(by)]
    used = present.cast(nw.Float64)
    coded = frame.select(
        *keys,
        (number - shift).alias(_VALUE),
        used.alias("n"),
        (1 - used).alias(_ABSENT),
        (used * weigh).alias("w"),
        (used * (number >= threshold).cast(nw.Float64)).alias("top"),
        (~number.is_between(*scale)).cast(nw.Float64).alias(_ALIEN),
        (used * (1 - proper)).alias(_LIGHT),
    )
    w, x = nw.col("w"), nw.col(_VALUE)
    coded = coded.with_columns((w * w).alias("ww"), (w * x).alias("wx"), (w * nw.col("top")).alias("w_top"))
    wx = nw.col("wx")
    return coded.with_columns((wx * x).alias("wxx"), (w * wx).alias("wwx"), (wx * wx).alias("wwxx"))


def _weigher(frame: LazyFrame, weight: str | None) -> tuple[nw.Expr, nw.Expr]:
    """Return the weight, zero where it is improper, and one where it is proper."""
    if weight is None:
        return nw.lit(1.0), nw.lit(1.0)
    value, dtype = as_number(frame, weight)
    proper = is_present(value, dtype) & is_finite(value, dtype) & (value >= 0)
    return (
        nw.when(proper).then(value.cast(nw.Float64)).otherwise(0.0),
        nw.when(proper).then(nw.lit(1.0)).otherwise(0.0),
    )


def _aggregates() -> list[nw.Expr]:
    return [nw.col(name).sum() for name in (*_SUMS, _ABSENT, _ALIEN, _LIGHT)]


def _refuse_values(frame: LazyFrame, column: str, scale: tuple[float, float]) -> None:
    value, dtype = as_number(frame, column)
    hint = Text(
        "The scale is {scale}: name another with scale=(low, high), or leave out what is no answer.",
        scale=Listing.of(f"{end:g}" for end in scale),
    )
    refuse(frame, column, is_present(value, dtype) & ~value.is_between(*scale), hint)


def _refuse_weights(frame: LazyFrame, column: str, weight: str) -> None:
    value, dtype = as_number(frame, weight)
    answered = is_present(*as_number(frame, column))
    bad = value.is_null() | ~is_finite(value, dtype) | (value < 0)
    refuse(frame, weight, answered & bad, Text("Give every answer a weight, a number of zero or more."))


def _arranged(rows: Sequence[dict[str, Any]], by: Sequence[str], shift: float) -> ValueSums:
    keys = [tuple(plain_key(row[_key(place)]) for place in range(len(by))) for row in rows]
    groups = order_of_groups(set(keys)) if by else ((),)
    place_of = {group: place for place, group in enumerate(groups)}
    sums = {name: np.zeros(len(groups)) for name in (*_SUMS, _ABSENT)}
    for key, row in zip(keys, rows, strict=True):
        for name, array in sums.items():
            array[place_of[key]] += row[name] or 0.0
    unanswered = sums.pop(_ABSENT)
    return ValueSums(groups=groups, shift=shift, unanswered=unanswered, **sums)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    unknown = np.full(np.shape(denominator), np.nan)
    return np.asarray(np.divide(numerator, denominator, out=unknown, where=denominator > 0))


def _key(place: int) -> str:
    return f"_group_{place}"
