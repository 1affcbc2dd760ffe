"""The mean of an amount over customers, with its standard error."""

from __future__ import annotations

import math

import polars as pl


def mean_of(values: pl.Series) -> tuple[float, float]:
    """Return the mean and its standard error; zero customers bring nothing."""
    if values.is_empty():
        return 0.0, 0.0
    spread = values.std()
    error = float(spread) / math.sqrt(len(values)) if isinstance(spread, float) else 0.0
    return float(values.sum()) / len(values), error
