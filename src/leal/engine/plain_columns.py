"""Columns as users hold them, made what the work expects: keys as text, objects as dates and numbers."""

from __future__ import annotations

from typing import Any, TypeAlias

import narwhals as nw

LazyFrame: TypeAlias = nw.LazyFrame[Any]

KEYS = ("account", "answer", "case", "customer", "respondent", "unit")
"""Columns by which tables are joined: the same person must be called the same in each."""

_WHOLE_UP_TO = 2.0**53
"""A fraction holds every whole number up to this one exactly."""


def plain_columns(frame: LazyFrame) -> LazyFrame:
    """Return the frame with columns that no engine would take for what they are turned into it.

    Parameters
    ----------
    frame : LazyFrame
        Any frame.

    Returns
    -------
    LazyFrame
        Keys that are fractions are text of whole numbers: pandas makes 12346 into 12346.0 as soon as one
        customer is missing, and nobody would be found in another table; what is no number is missing. In
        pandas, dates, numbers and keys that are Python objects are dates, numbers and text.
    """
    schema = frame.collect_schema()
    objects = [name for name, kind in schema.items() if kind == nw.Object]
    if objects and frame.implementation.is_pandas():
        frame = _typed_objects(frame, objects)
        schema = frame.collect_schema()
    fractions = [name for name in KEYS if name in schema and schema[name].is_float()]
    return frame.with_columns(*(_key(name) for name in fractions)) if fractions else frame


def _key(name: str) -> nw.Expr:
    value = nw.col(name).cast(nw.Float64())
    is_whole = value.is_finite() & (value.abs() < _WHOLE_UP_TO) & (value == value.round(0))
    whole = nw.when(is_whole).then(value).otherwise(nw.lit(0.0)).cast(nw.Int64()).cast(nw.String())
    text = nw.when(is_whole).then(whole).otherwise(value.cast(nw.String()))
    return nw.when(value.is_finite()).then(text).alias(name)


def _typed_objects(frame: LazyFrame, names: list[str]) -> LazyFrame:
    native = frame.collect("pandas").to_native()
    pandas = frame.implementation.to_native_namespace()
    turned = {name: _typed(pandas, native[name], name in KEYS) for name in names}
    typed: LazyFrame = nw.from_native(native.assign(**turned)).lazy()
    return typed


def _typed(pandas: Any, column: Any, key: bool) -> Any:
    kind = pandas.api.types.infer_dtype(column, skipna=True)
    if kind in ("date", "datetime"):
        return _dates(pandas, column)
    if kind == "decimal":
        return column.astype("float64")
    if not key and kind in ("floating", "integer", "mixed-integer-float"):
        return pandas.to_numeric(column)
    if key and kind not in ("string", "empty"):
        return column.map(_called, na_action="ignore")
    return column


def _dates(pandas: Any, column: Any) -> Any:
    """Return objects that are dates as dates; as they are where one lies beyond what pandas can hold."""
    try:
        return pandas.to_datetime(column)
    except (ValueError, OverflowError):
        return column


def _called(value: object) -> str:
    """Return what a person is called: whole numbers without a fraction."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
