"""The one pass over the answers: from rows to blocks of moments."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, LazyFrame, collect, lazy, require_column
from leal.errors import BadValue, Where
from leal.path_model.moments import Floats, Moments, weights_of
from leal.wording import Text


def reduce_to_moments(
    frame: FrameLike, items: tuple[str, ...], groups: tuple[str, ...], weight: str | None
) -> Moments:
    """Return the moments of the items by group; see `Moments.from_frame`."""
    rows = lazy(frame)
    for group in groups:
        require_column(rows, group, table="answers")
    table = _numbers(rows, items, groups, weight)
    weights = weights_of(table[weight].fill_null(np.nan).to_numpy(), weight) if weight else None
    answers = table.select(items).fill_null(np.nan).to_numpy()
    return moments_of_rows(answers, items, table.select(groups), weights)


def rows_of_frame(
    frame: FrameLike, items: tuple[str, ...], weight: str | None
) -> tuple[Floats, Floats | None]:
    """Return the answers as a matrix (rows x items, gaps are not-a-numbers) and their weights."""
    table = _numbers(lazy(frame), items, (), weight)
    weights = weights_of(table[weight].fill_null(np.nan).to_numpy(), weight) if weight else None
    return table.select(items).fill_null(np.nan).to_numpy(), weights


def rows_and_labels(
    frame: FrameLike, items: tuple[str, ...], by: str, weight: str | None
) -> tuple[Floats, NDArray[np.object_], Floats | None]:
    """Return the complete answers that have a group, their groups, and their weights."""
    rows = lazy(frame)
    require_column(rows, by, table="answers")
    table = _numbers(rows, items, (by,), weight).drop_nulls([by, *items])
    weights = weights_of(table[weight].fill_null(np.nan).to_numpy(), weight) if weight else None
    labels = np.array(table[by].to_list(), dtype=object)
    return table.select(items).to_numpy(), labels, weights


def _numbers(
    rows: LazyFrame, items: tuple[str, ...], groups: tuple[str, ...], weight: str | None
) -> pl.DataFrame:
    wanted = (*items, weight) if weight else items
    for column in wanted:
        require_column(rows, column, table="answers")
    _refuse_words(rows, items)
    columns = [nw.col(name).cast(nw.Float64()) for name in wanted]
    return collect(rows.select(*(nw.col(name) for name in groups), *columns))


def moments_of_rows(
    answers: Floats, items: tuple[str, ...], keys: pl.DataFrame, weights: Floats | None
) -> Moments:
    """Return the moments of a matrix of answers (rows x items, gaps are not-a-numbers)."""
    present = ~np.isnan(answers)
    words = pl.Series("present", [row.tobytes() for row in np.packbits(present, axis=1)], dtype=pl.Binary)
    table = keys.with_columns(words) if keys.width else pl.DataFrame([words])
    blocks = (
        table.with_row_index("row")
        .group_by(table.columns, maintain_order=True)
        .agg("row")
        .sort(table.columns)
    )
    members = [rows.to_numpy() for rows in blocks["row"]]
    first = np.array([rows[0] for rows in members], dtype=np.intp)
    filled = np.where(present, answers, 0.0)
    weight = np.ones(len(answers)) if weights is None else weights
    sums = np.array([weight[rows] @ filled[rows] for rows in members]).reshape(len(members), len(items))
    return Moments(
        items=items,
        keys=blocks.select(keys.columns),
        present=present[first],
        n=np.array([rows.size for rows in members], dtype=np.int64),
        total=np.array([weight[rows].sum() for rows in members]),
        squared=np.array([(weight[rows] ** 2).sum() for rows in members]),
        sums=sums,
        products=_products(filled, weight, members),
    )


def _products(filled: Floats, weight: Floats, members: list[NDArray[np.intp]]) -> Floats:
    size = filled.shape[1]
    upper = np.triu_indices(size)
    out = np.zeros((len(members), upper[0].size))
    for block, rows in enumerate(members):
        part = filled[rows]
        out[block] = ((part * weight[rows, None]).T @ part)[upper]
    return out


def _refuse_words(rows: LazyFrame, items: tuple[str, ...]) -> None:
    schema = rows.collect_schema()
    for item in items:
        if not (schema[item].is_numeric() or schema[item] == nw.Boolean):
            raise BadValue(
                Text("The item {item} holds words, not numbers.", item=item),
                hint=Text("Turn its answers into numbers on one scale, as 1 to 10."),
                where=Where(column=item),
            )
