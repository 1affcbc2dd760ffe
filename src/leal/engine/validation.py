"""Whether a table holds what its vocabulary says: every column looked at in one pass of the engine."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from leal.engine.days import ISO_DAY
from leal.engine.doubts import first_doubt
from leal.engine.frames import FrameLike, LazyFrame, collect, column_names, lazy, require_column
from leal.errors import BadValue, Where
from leal.tables import Column, Table
from leal.tables import table as table_of
from leal.wording import Count, Decimal, Listing, Text


def validate(source: FrameLike, table: Table | str) -> None:
    """Raise the first problem of a table; do nothing where it holds what it should.

    Parameters
    ----------
    source : dataframe or path
        The table.
    table : Table or str
        Its vocabulary (`leal.tables`), or the name of it. Columns that are not in the vocabulary are free.

    Raises
    ------
    MissingColumn
        A column without which the table is of no use is not there.
    BadValue
        A column is of the wrong type, or holds a value off its scale, not whole, not among its choices, or
        none where one is required: named with column, value, row (where rows have an order) and count.
    """
    vocabulary = table_of(table) if isinstance(table, str) else table
    for column in vocabulary.required:
        require_column(lazy(source), column, table=vocabulary.name)
    for problem in problems(source, vocabulary):
        raise problem


def problems(source: FrameLike, table: Table | str, *, gaps: bool = True) -> tuple[BadValue, ...]:
    """Return all problems of a table, one a column, in the order of the vocabulary.

    Parameters
    ----------
    source, table
        As in `validate`.
    gaps : bool
        Whether an empty cell of a required column is a problem; where not, `count_gaps` counts them.
    """
    frame = _typed(lazy(source))
    vocabulary = table_of(table) if isinstance(table, str) else table
    names, schema = set(column_names(frame)), frame.collect_schema()
    present = [column for column in vocabulary if column.name in names]
    wrong = {
        column.name: problem for column in present if (problem := _wrong_kind(column, schema[column.name]))
    }
    checked = {
        column.name: (column, doubtful)
        for column in present
        if column.name not in wrong
        and (doubtful := _doubtful(column, schema[column.name], gaps=gaps)) is not None
    }
    counts = _counts(frame, {name: doubtful for name, (_, doubtful) in checked.items()})
    for name, (column, doubtful) in checked.items():
        if counts[name]:
            wrong[name] = _told(frame, column, doubtful)
    return tuple(wrong[column.name] for column in present if column.name in wrong)


def count_gaps(source: FrameLike, table: Table | str) -> dict[str, int]:
    """Return how many cells of each required column are empty; columns without gaps are not named."""
    frame = lazy(source)
    vocabulary = table_of(table) if isinstance(table, str) else table
    names = set(column_names(frame))
    empty = {name: nw.col(name).is_null() for name in vocabulary.required if name in names}
    return {name: count for name, count in _counts(frame, empty).items() if count}


def _typed(frame: LazyFrame) -> LazyFrame:
    """Return a pandas frame with the types that its columns of Python objects turn out to have."""
    objects = [name for name, dtype in frame.collect_schema().items() if dtype == nw.Object]
    if not objects or not frame.implementation.is_pandas_like():
        return frame
    native = frame.collect().to_native()
    typed: LazyFrame = nw.from_native(native.assign(**native[objects].convert_dtypes())).lazy()
    return typed


def _counts(frame: LazyFrame, doubtful: dict[str, nw.Expr]) -> dict[str, int]:
    if not doubtful:
        return {}
    flags = frame.select(*(flag.cast(nw.Int64).alias(name) for name, flag in doubtful.items()))
    sums = collect(flags.select(*(nw.col(name).sum() for name in doubtful)))
    return {name: int(sums[name][0] or 0) for name in doubtful}


def _wrong_kind(column: Column, dtype: Any) -> BadValue | None:
    fits = {
        "text": True,
        "integer": dtype.is_numeric(),
        "number": dtype.is_numeric(),
        "time": isinstance(dtype, nw.Date | nw.Datetime) or dtype == nw.String or dtype.is_integer(),
        "flag": dtype == nw.Boolean or dtype.is_numeric(),
    }
    if fits[column.kind] or dtype == nw.Unknown:
        return None
    return BadValue(
        Text(
            "The column {column} holds {found}; it should hold {wanted}.",
            column=repr(column.name),
            found=str(dtype),
            wanted=_kind_name(column),
        ),
        hint=_hint(column),
        where=Where(column=column.name),
    )


def _doubtful(column: Column, dtype: Any, *, gaps: bool) -> nw.Expr | None:
    """Return which rows cannot be right; None where every value is."""
    value = nw.col(column.name)
    empty = value.is_null() | value.is_nan() if dtype.is_float() else value.is_null()
    found = [empty] if column.required and gaps else []
    if column.kind == "time" and dtype == nw.String:
        found.append(~empty & ~value.str.contains(ISO_DAY))
    if dtype.is_numeric() and column.kind in ("integer", "number"):
        found += [~empty & test for test in _off_scale(column, value, dtype)]
    if dtype.is_numeric() and column.kind == "flag":
        found.append(~empty & (value != 0) & (value != 1))
    if column.choices and dtype == nw.String:
        found.append(~value.is_null() & ~value.is_in(list(column.choices)))
    if not found:
        return None
    doubtful = found[0]
    for test in found[1:]:
        doubtful = doubtful | test
    return nw.when(doubtful).then(nw.lit(True)).otherwise(nw.lit(False))


def _off_scale(column: Column, value: nw.Expr, dtype: Any) -> list[nw.Expr]:
    tests = []
    if column.low is not None:
        tests.append(value < column.low)
    if column.high is not None:
        tests.append(value > column.high)
    if not dtype.is_integer():
        number = value.cast(nw.Float64)
        tests.append(~number.is_finite())
        if column.kind == "integer":
            tests.append(number != number.round(0))
    return tests


def _told(frame: LazyFrame, column: Column, doubtful: nw.Expr) -> BadValue:
    doubt = first_doubt(frame, column.name, doubtful)
    value = "null" if doubt is None else doubt.shown
    return BadValue(
        Text(
            "The column {column} holds {value}, which cannot be used (such values: {count}).",
            column=repr(column.name),
            value=value,
            count=Count(0 if doubt is None else doubt.count),
        ),
        hint=_hint(column),
        where=Where(column=column.name, row=None if doubt is None else doubt.row),
    )


def _kind_name(column: Column) -> Text:
    names = {
        "text": Text("text"),
        "integer": Text("whole numbers"),
        "number": Text("numbers"),
        "time": Text("dates"),
        "flag": Text("true or false"),
    }
    return names[column.kind]


def _hint(column: Column) -> Text:
    if column.choices:
        return Text(
            "{meaning}: one of {choices}.", meaning=column.meaning, choices=Listing.of(column.choices)
        )
    if column.low is not None and column.high is not None:
        return Text(
            "{meaning}: {kind} from {low} to {high}.",
            meaning=column.meaning,
            kind=_kind_name(column),
            low=Decimal(column.low, 0),
            high=Decimal(column.high, 0),
        )
    if column.low is not None:
        return Text(
            "{meaning}: {kind} from {low} up.",
            meaning=column.meaning,
            kind=_kind_name(column),
            low=Decimal(column.low, 0),
        )
    return Text("{meaning}: {kind}.", meaning=column.meaning, kind=_kind_name(column))
