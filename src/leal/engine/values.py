"""Columns as numbers, and groups in an order: what the engines store in different ways."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

import narwhals as nw

from leal.engine.doubts import refuse, refuse_kind
from leal.engine.frames import LazyFrame
from leal.wording import Text

DType: TypeAlias = Any
"""A narwhals data type."""

_AS_NUMBERS = Text(
    "Give numbers; leal.read_answers(path) reads the exports of survey tools and leaves out the rest."
)


def as_number(frame: LazyFrame, column: str) -> tuple[nw.Expr, DType]:
    """Return a column as a number, and the type that it then has.

    Raises
    ------
    BadValue
        The column holds text, dates or flags.
    """
    dtype = frame.collect_schema()[column]
    value = nw.col(column)
    if dtype.is_integer() or dtype.is_float():
        return value, dtype
    if not (dtype.is_decimal() or dtype == nw.Unknown):
        _refuse_others(frame, column, dtype)
    return value.cast(nw.Float64), nw.Float64()


def is_present(value: nw.Expr, dtype: DType) -> nw.Expr:
    """Return whether a value is there: neither null nor not-a-number."""
    return ~(value.is_null() | value.is_nan()) if dtype.is_float() else ~value.is_null()


def is_finite(value: nw.Expr, dtype: DType) -> nw.Expr:
    """Return whether a value is a finite number; null where it is null."""
    return value.is_finite() if dtype.is_float() else ~value.is_null()


def plain_key(value: object) -> object:
    """Return the value of a grouping column, ``None`` where there is none."""
    return None if isinstance(value, float) and math.isnan(value) else value


def order_of_groups(groups: Iterable[tuple[object, ...]]) -> tuple[tuple[object, ...], ...]:
    """Return groups sorted by their values, those without a value last; mixed types by their text."""
    listed: list[tuple[Any, ...]] = list(groups)
    try:
        return tuple(sorted(listed, key=lambda key: [(part is None, part or 0) for part in key]))
    except TypeError:
        return tuple(sorted(listed, key=lambda key: [(part is None, str(part)) for part in key]))


def _refuse_others(frame: LazyFrame, column: str, dtype: DType) -> None:
    """Raise where a column holds anything but numbers; a column without a value holds none of any type."""
    if dtype == nw.Object:
        frame = _objects_as_text(frame, column)
    elif dtype != nw.String:
        refuse_kind(column, str(dtype), _AS_NUMBERS)
    refuse(frame, column, ~nw.col(column).is_null(), _AS_NUMBERS)


def _objects_as_text(frame: LazyFrame, column: str) -> LazyFrame:
    """Return the text of those Python objects in a pandas column that are no numbers, null for the rest."""
    values = frame.select(column).collect("pandas").to_native()
    is_number = values[column].map(
        lambda value: isinstance(value, int | float) and not isinstance(value, bool)
    )
    texts = values[column].where(~is_number).astype("string")
    lazily: LazyFrame = nw.from_native(texts.to_frame(column)).lazy()
    return lazily
