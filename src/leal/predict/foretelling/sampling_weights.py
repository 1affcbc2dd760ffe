"""Weights of customers to the whole base: which can be used."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from leal.engine import lazy, refuse, require_column
from leal.errors import BadValue, Where
from leal.wording import Text


def require_weights(people: pl.DataFrame, weight: str | None) -> None:
    """Raise where a column of weights holds one below zero, or none above; say nothing of empty cells."""
    if weight is None:
        return
    hint = Text("Give every customer a weight, a number of zero or more.")
    frame = lazy(people)
    require_column(frame, weight, table="people")
    refuse(frame, weight, nw.col(weight) < 0, hint)
    known = people[weight].cast(pl.Float64).fill_nan(None).drop_nulls()
    if known.len() and not known.sum() > 0:
        raise BadValue(Text("All weights are zero."), hint=hint, where=Where(column=weight))
