"""Days that stand far from all others: typing errors, not history and not the future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

FAR_DAYS = 366
STRAY_SHARE = 0.001
FEWEST_ROWS = 100
"""Of fewer than a thousand rows one may be a mistake, of fewer than these it may be all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """The days that the data are about.

    Attributes
    ----------
    first, last : int
        Day numbers; 0 where there are no days.
    stray : int
        Rows outside: at most one in a thousand (or one), more than a year from all others.
    """

    first: int
    last: int
    stray: int


def day_range(*columns: pl.Series) -> DayRange:
    """Return the range of the days in `columns`, without stray ones at either end."""
    days = pl.concat([column.cast(pl.Int64).drop_nulls().alias("day") for column in columns])
    if days.is_empty():
        return DayRange(first=0, last=0, stray=0)
    counted = days.value_counts().sort("day")
    numbers, rows = counted["day"].to_numpy(), counted["count"].to_numpy().astype(np.int64)
    total = int(rows.sum())
    most = max(1.0, STRAY_SHARE * total) if total >= FEWEST_ROWS else 0.0
    start, stop = _inner(numbers, rows, most), len(numbers) - _inner(-numbers[::-1], rows[::-1], most)
    return DayRange(
        first=int(numbers[start]),
        last=int(numbers[stop - 1]),
        stray=int(rows[:start].sum() + rows[stop:].sum()),
    )


def _inner(numbers: np.ndarray, rows: np.ndarray, most: float) -> int:
    """Return how many of the first days stand apart: the last far step with few enough rows before it."""
    before = np.cumsum(rows)[:-1]
    far = np.flatnonzero((np.diff(numbers) > FAR_DAYS) & (before <= most))
    return int(far[-1]) + 1 if len(far) else 0
