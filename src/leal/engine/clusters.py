"""What the answers of each account or customer add up to, where several of one are alike."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import polars as pl

from leal.engine.counts import Floats, Group
from leal.engine.frames import FrameLike, LazyFrame, collect, lazy, require_column
from leal.engine.values import as_number, is_present, plain_key

_CLUSTER, _WEIGHT, _VALUE = "_cluster", "_weight", "_value"


def cluster_counts(
    source: FrameLike,
    score: str,
    cluster: str,
    ranges: Sequence[tuple[int, int]],
    *,
    by: Sequence[str] = (),
    weight: str | None = None,
    table: str = "answers",
) -> dict[Group, Floats]:
    """Add up the answers of each cluster (account, customer) whose score lies in each of some ranges.

    Parameters
    ----------
    source : dataframe or path
        Anything `leal.engine.lazy` takes, its scores checked already (`score_counts`).
    score, cluster : str
        Columns; a row without a cluster is a cluster of its own.
    ranges : sequence of (low, high)
        Ranges of scores, ends included.
    by : sequence of str
        Columns to group by.
    weight : str, optional
        Column of weights.
    table : str
        What the table is called in an error.

    Returns
    -------
    dict
        Of each group an array (clusters, ranges): sums of weights, of ones without weights.
    """
    frame = lazy(source)
    require_column(frame, cluster, table=table)
    value, dtype = as_number(frame, score)
    weigh = as_number(frame, weight)[0].cast(nw.Float64) if weight else nw.lit(1.0)
    keys = [nw.col(name).alias(_group(place)) for place, name in enumerate(by)]
    answered = frame.filter(is_present(value, dtype)).select(
        *keys, nw.col(cluster).alias(_CLUSTER), value.alias(_VALUE), weigh.alias(_WEIGHT)
    )
    known = nw.col(_CLUSTER).is_null()
    alone = collect(_ranged(answered.filter(known), ranges).drop(_CLUSTER))
    together = collect(_added(_ranged(answered.filter(~known), ranges), by, ranges))
    return _by_group(
        pl.concat([together, alone.select(together.columns)], how="vertical_relaxed"), by, ranges
    )


def _ranged(frame: LazyFrame, ranges: Sequence[tuple[int, int]]) -> LazyFrame:
    parts = [
        nw.when(nw.col(_VALUE).is_between(low, high))
        .then(nw.col(_WEIGHT))
        .otherwise(0.0)
        .alias(_range(place))
        for place, (low, high) in enumerate(ranges)
    ]
    return frame.with_columns(*parts).drop(_VALUE, _WEIGHT)


def _added(frame: LazyFrame, by: Sequence[str], ranges: Sequence[tuple[int, int]]) -> LazyFrame:
    keys = [_group(place) for place in range(len(by))]
    sums = [nw.col(_range(place)).sum() for place in range(len(ranges))]
    return frame.group_by(*keys, _CLUSTER).agg(*sums).drop(_CLUSTER)


def _by_group(
    rows: pl.DataFrame, by: Sequence[str], ranges: Sequence[tuple[int, int]]
) -> dict[Group, Floats]:
    columns = [_range(place) for place in range(len(ranges))]
    if not by:
        return {(): _array(rows, columns)}
    parts = rows.partition_by([_group(place) for place in range(len(by))], as_dict=True)
    return {tuple(plain_key(part) for part in key): _array(part, columns) for key, part in parts.items()}


def _array(rows: pl.DataFrame, columns: list[str]) -> Floats:
    return np.ascontiguousarray(rows.select(pl.col(columns).cast(pl.Float64)).to_numpy())


def _group(place: int) -> str:
    return f"_group_{place}"


def _range(place: int) -> str:
    return f"_range_{place}"
