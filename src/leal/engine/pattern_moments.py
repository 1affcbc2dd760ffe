"""Moments of items by group and by pattern of missing answers: every rule for gaps works on them alone.

One block a group and pattern holds n, the sums of weights and of their squares, the sums of the items and of
their products. Rows without gaps, usually most, are found by joining the bits of validity as bytes; the
others are sorted by their pattern. Products of whole answers are made in single precision, some hundred rows
at a time, as long as every sum stays below 2^24: then single precision is exact and twice as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from leal.engine.counts import Floats, Group, Integers
from leal.engine.kernels import Batch, State
from leal.engine.moments import _complete_rows, _groups, _unnamed, _validity, _values
from leal.engine.values import order_of_groups
from leal.errors import BadValue, Where
from leal.wording import Count, Text

Flags = npt.NDArray[np.bool_]
Design = npt.NDArray[np.floating[Any]]

CHUNK = 8_192
EXACT = 2.0**24
ALONE = 250_000
"""Multiplications in one product: with more, OpenBLAS starts threads, which cost more than they bring."""

MOST_BLOCKS = 200_000
"""Blocks of group and pattern that are held: 24 items take 2.6 kB each."""

_N, _SQUARES, _HEAD = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternMoments:
    """Moments in blocks of equal group and pattern of missing answers.

    Attributes
    ----------
    items : tuple of str
        Names of the items, p of them.
    groups : tuple of tuples
        The group of each block.
    present : (blocks, p) bool
        Which items are answered in the block.
    n : (blocks,)
        Rows.
    weights, squared_weights : (blocks,)
        Sums of the weights and of their squares; n without weights.
    sums : (blocks, p)
        Weighted sums of the items; 0 for those that are not answered.
    products : (blocks, p (p + 1) / 2)
        Weighted sums of products of items i <= k, row by row. Exact for whole answers without weights.
    """

    items: tuple[str, ...]
    groups: tuple[Group, ...]
    present: Flags
    n: Integers
    weights: Floats
    squared_weights: Floats
    sums: Floats
    products: Floats


class _Owned(dict[str, Floats]):
    """A state whose arrays belong to the merge that made it, and may be added to in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternMomentsKernel:
    """The kernel of `PatternMoments`.

    Attributes
    ----------
    items : tuple of str
        Columns of numbers; null and not-a-number are no answer.
    by : tuple of str
        Columns to group by.
    weight : str or None
        Column of weights, zero or more, in every row.

    Notes
    -----
    State of a block: n, sum w^2, then the products of one and the items, row by row. Its name is the pattern
    (a word of 1 and 0) and the group as JSON.
    """

    items: tuple[str, ...]
    by: tuple[str, ...] = ()
    weight: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a batch must have."""
        return (*self.items, *self.by, *((self.weight,) if self.weight else ()))

    def partial(self, batch: Batch) -> State:
        """Reduce one batch."""
        columns = [batch.column(name) for name in self.items]
        values = [_values(column) for column in columns]
        weights = self._weights(batch)
        names, codes = _groups([batch.column(name) for name in self.by], batch.num_rows)
        complete = _complete(columns, values, batch.num_rows)
        made = _Owned()
        full = "1" * len(values)
        for name, sums in _by_code(values, complete, codes, names, weights, self.by):
            made[f"{full}|{name}"] = sums
        if complete is not None and complete.size < batch.num_rows:
            made.update(_with_gaps(columns, values, complete, codes, names, weights))
        return made

    def merge(self, states: Iterable[State]) -> State:
        """Add states up; a state that an earlier merge made is added to in place."""
        total: _Owned | None = None
        for state in states:
            if total is None:
                total = state if isinstance(state, _Owned) else _Owned(_flat(state))
                continue
            for name, array in _flat(state).items():
                known = total.get(name)
                if known is None:
                    total[name] = array
                else:
                    known += array
            self._check(total)
        return total if total is not None else _Owned()

    def finish(self, state: State) -> PatternMoments:
        """Return the moments of a merged state, blocks sorted by group, complete answers last."""
        size = 1 + len(self.items)
        keyed: dict[tuple[Group, str], Floats] = {}
        for name, array in state.items():
            word, _, group = name.partition("|")
            keyed[(_unnamed(group), word)] = np.asarray(array, dtype=np.float64).ravel()
        order = {group: place for place, group in enumerate(order_of_groups({key for key, _ in keyed}))}
        blocks = sorted(keyed, key=lambda block: (order[block[0]], block[1]))
        rows = np.array([keyed[block] for block in blocks]).reshape(len(blocks), _HEAD + size * size)
        matrices = rows[:, _HEAD:].reshape(len(blocks), size, size)
        upper = np.triu_indices(size - 1)
        words = [[mark == "1" for mark in word] for _, word in blocks]
        return PatternMoments(
            items=self.items,
            groups=tuple(group for group, _ in blocks),
            present=np.array(words, dtype=bool).reshape(len(blocks), size - 1),
            n=rows[:, _N].astype(np.int64),
            weights=matrices[:, 0, 0],
            squared_weights=rows[:, _SQUARES],
            sums=matrices[:, 0, 1:],
            products=matrices[:, 1:, 1:][:, upper[0], upper[1]],
        )

    def _weights(self, batch: Batch) -> Floats | None:
        if self.weight is None:
            return None
        column = batch.column(self.weight)
        weights = _values(column).astype(np.float64)
        valid = np.zeros(batch.num_rows, dtype=bool)
        valid[_complete_rows([column], batch.num_rows)] = True
        bad = ~(valid & np.isfinite(weights) & (weights >= 0))
        if bad.any():
            raise BadValue(
                Text("{count} weights are missing or below zero.", count=Count(int(bad.sum()))),
                hint=Text("Give every answer a weight of zero or more."),
                where=Where(column=self.weight),
            )
        return weights

    def _check(self, state: _Owned) -> None:
        if len(state) > MOST_BLOCKS:
            raise BadValue(
                Text(
                    "There are more than {count} combinations of group and pattern of gaps.",
                    count=Count(MOST_BLOCKS),
                ),
                hint=Text("Group by fewer columns, or leave answers with gaps out before."),
            )


def _flat(state: State) -> dict[str, Floats]:
    if isinstance(state, _Owned):
        return state
    return {name: np.array(array, dtype=np.float64).ravel() for name, array in state.items()}


def _complete(columns: Sequence[Any], values: Sequence[npt.NDArray[Any]], size: int) -> Integers | None:
    """Return the rows without a gap; None where no row has one."""
    unsure = [column for column in columns if column.null_count]
    broken = [own for own in values if own.dtype.kind == "f" and np.isnan(own.sum())]
    if not unsure and not broken:
        return None
    rows = _complete_rows(columns, size)
    for own in broken:
        rows = rows[~np.isnan(own[rows])]
    return rows


def _by_code(
    values: Sequence[npt.NDArray[Any]],
    rows: Integers | None,
    codes: Integers,
    names: Sequence[str],
    weights: Floats | None,
    by: tuple[str, ...],
) -> Iterator[tuple[str, Floats]]:
    """Yield the sums of each group over the rows without gaps."""
    if not by:
        if rows is None or rows.size:
            yield names[0], _sums(values, rows, weights, len(codes))
        return
    own = codes if rows is None else codes[rows]
    kind = np.uint8 if len(names) <= 256 else np.uint16 if len(names) <= 65_536 else np.uint32
    order = np.argsort(own.astype(kind), kind="stable")
    bounds = np.searchsorted(own[order], np.arange(len(names) + 1)).tolist()
    chosen = order if rows is None else rows[order]
    design = _design(values, chosen)
    scaled = None if weights is None else weights[chosen]
    for place, name in enumerate(names):
        first, last = bounds[place], bounds[place + 1]
        if last > first:
            part = None if scaled is None else scaled[first:last]
            yield name, _product(design[:, first:last], part)


def _sums(
    values: Sequence[npt.NDArray[Any]], rows: Integers | None, weights: Floats | None, size: int
) -> Floats:
    """Return the sums over some rows (all, where None), a chunk at a time so that they stay in the cache."""
    total = np.zeros(_HEAD + (1 + len(values)) ** 2)
    count = size if rows is None else rows.size
    for first in range(0, count, CHUNK):
        chosen = slice(first, min(first + CHUNK, count)) if rows is None else rows[first : first + CHUNK]
        total += _product(_design(values, chosen), None if weights is None else weights[chosen])
    return total


def _design(values: Sequence[npt.NDArray[Any]], rows: Integers | slice) -> Design:
    """Return one and the items (1 + p, rows), in single precision where sums of a chunk are exact in it."""
    count = rows.stop - rows.start if isinstance(rows, slice) else rows.size
    whole = all(own.dtype.kind in "iu" and own.dtype.itemsize <= 2 for own in values)
    taken = [own[rows] for own in values]
    largest = max((_largest(own) for own in taken), default=0) if whole and count else 0
    exact = whole and largest**2 * _step(1 + len(values)) < EXACT
    design = np.empty((1 + len(values), count), dtype=np.float32 if exact else np.float64)
    design[0] = 1.0
    for place, own in enumerate(taken, start=1):
        design[place] = own
    return design


def _largest(values: npt.NDArray[Any]) -> int:
    return max(int(values.max()), -int(values.min()))


def _step(size: int) -> int:
    """Return how many rows one matrix product takes: few enough that the library does not start threads."""
    return max(32, ALONE // size**2)


def _product(design: Design, weights: Floats | None) -> Floats:
    """Return n, sum w^2 and the products of a design, a step of rows at a time, added in double precision."""
    size, count = design.shape
    out = np.empty(_HEAD + size * size)
    out[_N] = count
    out[_SQUARES] = count if weights is None else weights @ weights
    left = design if weights is None else design * weights
    step = _step(size)
    if count <= step:
        out[_HEAD:] = (left @ design.T).ravel()
        return out
    whole = count // step * step
    first, second = (side[:, :whole].reshape(size, -1, step).transpose(1, 0, 2) for side in (left, design))
    total = (first @ second.transpose(0, 2, 1)).sum(axis=0, dtype=np.float64)
    if whole < count:
        total += left[:, whole:] @ design[:, whole:].T
    out[_HEAD:] = total.ravel()
    return out


def _with_gaps(
    columns: Sequence[Any],
    values: Sequence[npt.NDArray[Any]],
    complete: Integers,
    codes: Integers,
    names: Sequence[str],
    weights: Floats | None,
) -> dict[str, Floats]:
    """Return the sums of the rows with gaps, by pattern and group."""
    size = len(codes)
    gap = np.ones(size, dtype=bool)
    gap[complete] = False
    rows = np.flatnonzero(gap)
    present = np.array([_present(column, own, rows) for column, own in zip(columns, values, strict=True)])
    packed = np.ascontiguousarray(np.packbits(present, axis=0).T)
    words = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    patterns, first, pattern = np.unique(words, return_index=True, return_inverse=True)
    own = codes[rows] * len(patterns) + pattern
    order = np.argsort(own, kind="stable")
    found, starts = np.unique(own[order], return_index=True)
    ends = [*starts[1:].tolist(), rows.size]
    design = np.zeros((1 + len(values), rows.size))
    design[0] = 1.0
    for place, column in enumerate(values, start=1):
        design[place] = np.where(present[place - 1], column[rows], 0.0)
    design = design[:, order]
    scaled = None if weights is None else weights[rows][order]
    made = {}
    for code, start, end in zip(found.tolist(), starts.tolist(), ends, strict=True):
        group, shape = divmod(code, len(patterns))
        word = "".join("1" if mark else "0" for mark in present[:, first[shape]])
        part = None if scaled is None else scaled[start:end]
        made[f"{word}|{names[group]}"] = _product(design[:, start:end], part)
    return made


def _present(column: Any, values: npt.NDArray[Any], rows: Integers) -> Flags:
    if column.null_count:
        bits = np.unpackbits(_validity(column, len(values)), count=len(values), bitorder="little")
        there = bits[rows].astype(bool)
    else:
        there = np.ones(rows.size, dtype=bool)
    if values.dtype.kind == "f":
        there &= ~np.isnan(values[rows])
    return there
