"""Values that cannot be used: said once, with column, value, row and count. Runs only when there are some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import narwhals as nw

from leal.engine.frames import LazyFrame, collect
from leal.errors import BadValue, Where
from leal.wording import Count, Text

ROW, DOUBTED = "_row", "_doubted"
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """The first value of a column that cannot be used.

    Attributes
    ----------
    value : object
        The value itself.
    row : int or None
        Its row, the first being 1; None where the rows have no order (DuckDB, Spark).
    count : int
        How many such values there are.
    """

    value: object
    row: int | None
    count: int

    @property
    def shown(self) -> str:
        """The value as it is shown, cut where it is long."""
        written = "null" if self.value is None else repr(self.value)
        return written if len(written) <= _SHOWN else written[: _SHOWN - 1] + "…"


def first_doubt(frame: LazyFrame, column: str, doubtful: nw.Expr) -> Doubt | None:
    """Return the first value of `column` in a row that is `doubtful`; None where there is none."""
    numbered = _numbered(frame)
    rows = numbered.filter(doubtful)
    count = int(collect(rows.select(nw.len().alias(DOUBTED)))[DOUBTED][0])
    if not count:
        return None
    if ROW not in numbered.collect_schema().names():
        return Doubt(value=_any_value(rows, column), row=None, count=count)
    first = collect(rows.select(nw.col(ROW).min().alias(ROW)))[ROW][0]
    value = collect(numbered.filter(nw.col(ROW) == first).select(nw.col(column).alias(DOUBTED)))[DOUBTED][0]
    return Doubt(value=value, row=int(first) + 1, count=count)


def refuse(frame: LazyFrame, column: str, doubtful: nw.Expr, hint: Text) -> None:
    """Raise `BadValue` for the first doubtful value of a column; do nothing where there is none."""
    doubt = first_doubt(frame, column, doubtful)
    if doubt is not None:
        raise BadValue(
            Text(
                "The column {column} holds {value}, which cannot be used (such values: {count}).",
                column=repr(column),
                value=doubt.shown,
                count=Count(doubt.count),
            ),
            hint=hint,
            where=Where(column=column, row=doubt.row),
        )


def refuse_kind(column: str, kind: str, hint: Text) -> NoReturn:
    """Raise `BadValue` for a whole column that is of the wrong type."""
    raise BadValue(
        Text("The column {column} holds {kind}, not numbers.", column=repr(column), kind=kind),
        hint=hint,
        where=Where(column=column),
    )


def _any_value(rows: LazyFrame, column: str) -> object:
    """Return the least of the values, so that the answer does not hang on the order of the rows."""
    return collect(rows.select(nw.col(column).min().alias(DOUBTED)))[DOUBTED][0]


def _numbered(frame: LazyFrame) -> LazyFrame:
    """Return the frame with the row numbers, from 0, where its rows have an order."""
    engine = frame.implementation
    if engine.is_polars():
        numbered: LazyFrame = nw.from_native(frame.to_native().with_row_index(ROW))
        return numbered
    if engine.is_pandas_like() or engine.is_pyarrow():
        eagerly: LazyFrame = frame.collect().with_row_index(ROW).lazy()
        return eagerly
    return frame
