"""First and second moments of items by group: what path models, drivers and regressions are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from leal.engine.counts import Floats, Group, Integers
from leal.engine.kernels import Batch, State, add_states
from leal.engine.values import order_of_groups, plain_key
from leal.errors import BadValue, Where
from leal.wording import Text

_COMPLETE, _INCOMPLETE, _SQUARES, _HEAD = 0, 1, 2, 3

_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMoments:
    """Moments of complete answers, by group.

    Attributes
    ----------
    items : tuple of str
        Names of the items.
    groups : tuple of tuples
        Keys of the groups; one empty key where nothing is grouped.
    n, incomplete : array (groups,)
        Rows in which every item is answered, and the others.
    squared_weights : array (groups,)
        Sum of the squared weights of the complete rows.
    products : array (groups, 1 + items, 1 + items)
        Weighted sums of products of one and the items: entry 00 is the sum of the weights, 0j that of item j,
        ij that of the products of items i and j. Exact for whole answers without weights.
    """

    items: tuple[str, ...]
    groups: tuple[Group, ...]
    n: Integers
    incomplete: Integers
    squared_weights: Floats
    products: Floats

    @property
    def weights(self) -> Floats:
        """Sum of the weights of each group."""
        return self.products[:, 0, 0]

    @property
    def n_effective(self) -> Floats:
        """Equally weighted answers that would say as much (Kish); 0 without answers."""
        return _divided(self.weights**2, self.squared_weights, 0.0)

    @property
    def means(self) -> Floats:
        """Weighted means (groups, items); not-a-number without answers."""
        return _divided(self.products[:, 0, 1:], self.weights[:, None], np.nan)

    @property
    def covariances(self) -> Floats:
        """Weighted covariances (groups, items, items) over the sum of weights; not-a-number if empty."""
        means = self.means
        squares = _divided(self.products[:, 1:, 1:], self.weights[:, None, None], np.nan)
        return squares - means[:, :, None] * means[:, None, :]

    def total(self) -> ItemMoments:
        """Return all groups as one: moments add."""
        return ItemMoments(
            items=self.items,
            groups=((),),
            n=self.n.sum(keepdims=True),
            incomplete=self.incomplete.sum(keepdims=True),
            squared_weights=self.squared_weights.sum(keepdims=True),
            products=self.products.sum(axis=0, keepdims=True),
        )

    def keep(self, items: Sequence[str]) -> ItemMoments:
        """Return the moments of some items; the complete rows stay those of all."""
        places = [0, *(1 + self.items.index(item) for item in items)]
        return ItemMoments(
            items=tuple(items),
            groups=self.groups,
            n=self.n,
            incomplete=self.incomplete,
            squared_weights=self.squared_weights,
            products=self.products[:, places][:, :, places],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentsKernel:
    """The kernel of `ItemMoments`: complete cases, weighted, float64.

    Attributes
    ----------
    items : tuple of str
        Columns of numbers; null and not-a-number make a row incomplete.
    by : tuple of str
        Columns to group by; keys come back as text, whole numbers, flags or None, anything else as its text.
    weight : str or None
        Column of weights, zero or more. A complete row whose weight is none is refused.

    Notes
    -----
    The validity bits of all items are joined as bytes and looked at once; complete rows are sorted
    by group and each group is one matrix product. State of a group: n, incomplete, sum w^2, then the products
    row by row.
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
        rows = _complete_rows([batch.column(name) for name in self.items], batch.num_rows)
        taken = np.array([_values(batch.column(name))[rows] for name in self.items], dtype=np.float64)
        finite = ~np.isnan(taken).any(axis=0)
        rows, taken = rows[finite], taken[:, finite]
        weights = self._weights(batch, rows)
        names, codes = _groups([batch.column(name) for name in self.by], batch.num_rows)
        counts = np.bincount(codes, minlength=len(names))
        order = np.argsort(codes[rows], kind="stable")
        ends = np.searchsorted(codes[rows][order], np.arange(len(names) + 1))
        design = np.vstack([np.ones(rows.size), taken])[:, order]
        weights = weights[order]
        return {
            name: _sums(design[:, part], weights[part], int(counts[place]))
            for place, name in enumerate(names)
            for part in (slice(ends[place], ends[place + 1]),)
        }

    def merge(self, states: Iterable[State]) -> State:
        """Add states up."""
        return add_states(states)

    def finish(self, state: State) -> ItemMoments:
        """Return the moments of a merged state."""
        size = 1 + len(self.items)
        keyed: Mapping[Group, Floats] = {_unnamed(name): array for name, array in state.items()}
        groups = order_of_groups(keyed) if self.by else ((),)
        empty = np.zeros(_HEAD + size * size)
        rows = np.array([keyed.get(group, empty) for group in groups]).reshape(len(groups), empty.size)
        return ItemMoments(
            items=self.items,
            groups=groups,
            n=rows[:, _COMPLETE].astype(np.int64),
            incomplete=rows[:, _INCOMPLETE].astype(np.int64),
            squared_weights=rows[:, _SQUARES],
            products=rows[:, _HEAD:].reshape(len(groups), size, size),
        )

    def _weights(self, batch: Batch, rows: Integers) -> Floats:
        if self.weight is None:
            return np.ones(rows.size)
        column = batch.column(self.weight)
        valid = np.zeros(batch.num_rows, dtype=bool)
        valid[_complete_rows([column], batch.num_rows)] = True
        weights = np.where(valid, _values(column), np.nan)[rows].astype(np.float64)
        if not np.all(np.isfinite(weights) & (weights >= 0)):
            raise BadValue(
                Text("A weight is missing, below zero or not a number."),
                hint=Text("Give every answer a weight, a number of zero or more."),
                where=Where(column=self.weight),
            )
        return weights


def _sums(design: Floats, weights: Floats, rows: int) -> Floats:
    products = (design * weights) @ design.T
    n = design.shape[1]
    return np.concatenate([[n, rows - n, weights @ weights], products.ravel()])


def _complete_rows(columns: Sequence[Any], size: int) -> Integers:
    """Return the rows in which no column is null, from the bits of validity joined as bytes."""
    joined: npt.NDArray[np.uint8] | None = None
    for column in columns:
        if column.null_count:
            bits = _validity(column, size)
            joined = bits if joined is None else joined & bits
    if joined is None:
        return np.arange(size, dtype=np.int64)
    return np.flatnonzero(np.unpackbits(joined, count=size, bitorder="little")).astype(np.int64)


def _validity(column: Any, size: int) -> npt.NDArray[np.uint8]:
    """Return the bits of validity of a column as bytes that begin at its first row."""
    bits = np.frombuffer(column.buffers()[0], dtype=np.uint8)
    first, shift = divmod(column.offset, 8)
    if not shift:
        return bits[first : first + (size + 7) // 8]
    flags = np.unpackbits(bits[first:], count=shift + size, bitorder="little")[shift:]
    return np.packbits(flags, bitorder="little")


def _values(column: Any) -> npt.NDArray[Any]:
    """Return the numbers of a column without looking at nulls, whose bytes mean nothing."""
    import pyarrow as pa

    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)) or pa.types.is_float16(kind):
        column = column.cast(pa.float64())
        kind = column.type
    values = np.frombuffer(column.buffers()[1], dtype=kind.to_pandas_dtype())
    return values[column.offset : column.offset + len(column)]


def _groups(columns: Sequence[Any], size: int) -> tuple[list[str], Integers]:
    """Return the names of the groups of a batch, and the number of each row's group."""
    if len(columns) == 1:
        codes, values = _encoded(columns[0])
        return [_named((value,)) for value in values], codes
    codes, names = np.zeros(size, dtype=np.int64), [()]
    for column in columns:
        own, found = _encoded(column)
        codes = codes * max(len(found), 1) + own
        used, codes = np.unique(codes, return_inverse=True)
        names = [(*names[code // len(found)], found[code % len(found)]) for code in used.tolist()]
    return [_named(name) for name in names], codes.astype(np.int64)


@lru_cache(maxsize=65_536, typed=True)
def _named(key: Group) -> str:
    return json.dumps(key)


def _encoded(column: Any) -> tuple[Integers, list[object]]:
    """Return each row's place in the list of values, and that list; null is a value."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.dictionary_encode(null_encoding="encode")
    values = [_plain(value) for value in encoded.dictionary.to_pylist()]
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64), values


def _plain(value: object) -> object:
    value = plain_key(value)
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _unnamed(name: str) -> Group:
    return tuple(json.loads(name))


def _divided(values: Floats, by: Floats, empty: float) -> Floats:
    shape = np.broadcast_shapes(values.shape, by.shape)
    return np.asarray(np.divide(values, by, out=np.full(shape, empty), where=np.broadcast_to(by > 0, shape)))
