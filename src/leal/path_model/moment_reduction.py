"""The one pass over the answers: from rows to blocks of moments."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import (
    FrameLike,
    LazyFrame,
    PatternMoments,
    PatternMomentsKernel,
    collect,
    column_names,
    lazy,
    require_column,
    run_kernel,
)
from leal.errors import BadValue, MissingColumn, Where
from leal.path_model.moments import Floats, Moments, weights_of
from leal.wording import Listing, Text

_WEIGHT = "_weight of the answer"


def reduce_to_moments(
    frame: FrameLike, items: tuple[str, ...], groups: tuple[str, ...], weight: str | None
) -> Moments:
    """Return the moments of the items by group; see `Moments.from_frame`."""
    _refuse_no_list(items)
    rows = lazy(frame)
    _require(rows, (*items, *groups, *([weight] if weight else [])))
    _refuse_words(rows, items)
    _refuse_word_weights(rows, weight)
    kernel = PatternMomentsKernel(items=items, by=groups, weight=weight)
    return _moments(run_kernel(kernel, frame), groups, rows)


def _moments(found: PatternMoments, groups: tuple[str, ...], rows: LazyFrame | None) -> Moments:
    keys = pl.DataFrame()
    if groups and rows is not None:
        schema = {name: _dtype(rows, name) for name in groups}
        keys = pl.DataFrame(list(found.groups), schema=list(groups), orient="row", infer_schema_length=None)
        keys = keys.cast({name: kind for name, kind in schema.items() if kind is not None})
    return Moments(
        items=found.items,
        keys=keys,
        present=found.present,
        n=found.n,
        total=found.weights,
        squared=found.squared_weights,
        sums=found.sums,
        products=found.products,
    )


def _dtype(rows: LazyFrame, name: str) -> type[pl.DataType] | None:
    """Return the type of a column of keys where it is a plain one; others come back as their text."""
    kind = rows.collect_schema()[name]
    if kind.is_integer():
        return pl.Int64
    return pl.Boolean if kind == nw.Boolean else pl.Float64 if kind.is_float() else pl.String


def rows_of_frame(
    frame: FrameLike, items: tuple[str, ...], weight: str | None
) -> tuple[Floats, Floats | None]:
    """Return the answers as a matrix (rows x items, gaps are not-a-numbers) and their weights."""
    table = _numbers(lazy(frame), items, (), weight)
    weights = weights_of(table[weight].fill_null(np.nan).to_numpy(), weight) if weight else None
    return _answers_in(table, items), weights


BEYOND_ANSWERS = 1e100
"""No answer is as large; its square would have no end."""


def _answers_in(table: pl.DataFrame, items: tuple[str, ...]) -> Floats:
    """Return answers as a matrix (rows x items, gaps are not-a-numbers), refusing numbers without end."""
    answers = table.select(items).fill_null(np.nan).to_numpy()
    ends = np.fmin.reduce(answers, axis=None, initial=0.0), np.fmax.reduce(answers, axis=None, initial=0.0)
    if max(-ends[0], ends[1]) > BEYOND_ANSWERS:
        wrong = np.abs(answers) > BEYOND_ANSWERS
        place = int(np.flatnonzero(wrong.any(axis=0))[0])
        raise BadValue(
            Text("The item {item} holds a number without end.", item=items[place]),
            hint=Text("Leave the answer empty, or give it on the scale of the item."),
            where=Where(column=items[place], row=int(np.flatnonzero(wrong[:, place])[0]) + 1),
        )
    return answers


def rows_and_labels(
    frame: FrameLike, items: tuple[str, ...], by: str, weight: str | None
) -> tuple[Floats, NDArray[np.object_], Floats | None, int]:
    """Return answers (gaps are not-a-numbers), their groups, their weights, and how many had no group."""
    rows = lazy(frame)
    require_column(rows, by, table="answers")
    if by in items:
        raise BadValue(
            Text("The column {column} is an item of the model, so it cannot tell groups apart.", column=by),
            hint=Text("Choose another column of groups, or leave the item out of the model."),
            where=Where(column=by),
        )
    told = _numbers(rows, items, (by,), weight)
    grouped = _has_group(told[by])
    table = told.filter(grouped)
    weights = weights_of(table[weight].fill_null(np.nan).to_numpy(), weight) if weight else None
    labels = np.array(table[by].to_list(), dtype=object)
    answers = _answers_in(told, items)[grouped.to_numpy()]
    return answers, labels, weights, told.height - table.height


def _has_group(values: pl.Series) -> pl.Series:
    """Return whether each answer names a group; a number that is none is no group either."""
    return (values.fill_nan(None) if values.dtype.is_float() else values).is_not_null()


def _numbers(
    rows: LazyFrame, items: tuple[str, ...], groups: tuple[str, ...], weight: str | None
) -> pl.DataFrame:
    wanted = (*items, weight) if weight else items
    _require(rows, wanted)
    _refuse_words(rows, items)
    _refuse_word_weights(rows, weight)
    columns = [nw.col(name).cast(nw.Float64()) for name in wanted]
    return collect(rows.select(*(nw.col(name) for name in groups), *columns))


def moments_of_rows(answers: Floats, items: tuple[str, ...], weights: Floats | None) -> Moments:
    """Return the moments of a matrix of answers (rows x items, gaps are not-a-numbers)."""
    import pyarrow as pa

    # By way of Polars: PyArrow would load pandas, where it is installed, to look at an array of NumPy.
    columns = [pl.Series(np.ascontiguousarray(answers[:, place])).to_arrow() for place in range(len(items))]
    weight = None
    if weights is not None:
        columns.append(pl.Series(weights).to_arrow())
        weight = _WEIGHT
    names = [*items, *([_WEIGHT] if weight else [])]
    kernel = PatternMomentsKernel(items=items, weight=weight)
    return _moments(kernel.finish(kernel.partial(pa.record_batch(columns, names=names))), (), None)


def _require(rows: LazyFrame, columns: tuple[str, ...]) -> None:
    known = column_names(rows)
    for column in columns:
        if column not in known:
            raise MissingColumn(column, known, table="answers")


def _refuse_no_list(items: tuple[str, ...]) -> None:
    """Refuse items that are none, or that stand twice."""
    if items and len(set(items)) == len(items):
        return
    twice = [item for item in dict.fromkeys(items) if items.count(item) > 1]
    message = Text("No items are named.")
    if twice:
        message = Text("These items are named twice: {items}.", items=Listing.of(twice))
    raise BadValue(
        message,
        hint=Text("Name each column of an item once, as model.items does."),
        where=Where(column="items"),
    )


def _refuse_word_weights(rows: LazyFrame, weight: str | None) -> None:
    if weight is not None and not rows.collect_schema()[weight].is_numeric():
        raise BadValue(
            Text("The weights hold words, not numbers."),
            hint=Text("Give a column of numbers of zero or more."),
            where=Where(column=weight),
        )


def _holds_nothing(rows: LazyFrame, column: str, kind: nw.dtypes.DType) -> bool:
    """Tell whether a column without a type has no answer at all: it is then told as such, not as words."""
    if kind != nw.Unknown and kind != nw.Object:
        return False
    return bool(collect(rows.select(nw.col(column).count().alias("n")))["n"][0] == 0)


def _refuse_words(rows: LazyFrame, items: tuple[str, ...]) -> None:
    schema = rows.collect_schema()
    for item in items:
        kind = schema[item]
        if not (kind.is_numeric() or kind == nw.Boolean or _holds_nothing(rows, item, kind)):
            raise BadValue(
                Text("The item {item} holds words, not numbers.", item=item),
                hint=Text("Turn its answers into numbers on one scale, as 1 to 10."),
                where=Where(column=item),
            )
