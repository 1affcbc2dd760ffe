"""The moments of the items and their outcome, in blocks of respondents, so that they can be resampled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from leal.explain.items import Item
from leal.results import checked_seed

if TYPE_CHECKING:
    import polars as pl

Batch: TypeAlias = Any
"""A PyArrow record batch or table; PyArrow has no types of its own."""

Floats = NDArray[np.float64]

BLOCKS_OF_RESPONDENTS = 200
"""Blocks that respondents fall into at random; resampling them costs the same at any number of rows."""

_LOW_FROM, _HIGH_FROM = 5 / 9, 8 / 9
"""Where a score is low (6 and below) and high (9 and above) on a scale of 1 to 10, as parts of its length."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sums of products over complete answers, one matrix a block of respondents.

    The rows and columns of a matrix are: one, the outcome, the items, the items scored low (0 or 1), the
    items scored high (0 or 1). Outcome and items are on 0 to 1 of their scales.

    Attributes
    ----------
    items : tuple of Item
        The items, in the order of the columns.
    sums : array (blocks, columns, columns)
        Weighted sums of products.
    n : int
        Complete answers.
    incomplete : int
        Answers left out, because the outcome or an item was empty.
    squared_weights : float
        Sum of the squared weights.
    """

    items: tuple[Item, ...]
    sums: Floats
    n: int
    incomplete: int
    squared_weights: float

    @property
    def total(self) -> Floats:
        """The matrix of all respondents."""
        total: Floats = self.sums.sum(axis=0)
        return total

    @property
    def effective_n(self) -> float:
        """Answers that the weights leave (Kish): the count itself where there are none."""
        return float(self.total[0, 0] ** 2 / self.squared_weights) if self.squared_weights else 0.0

    def keep(self, names: Iterable[str]) -> Moments:
        """Return the moments of some of the items; the complete answers stay those of all."""
        wanted = set(names)
        kept = [place for place, item in enumerate(self.items) if item.name in wanted]
        p = len(self.items)
        columns = [0, 1, *(2 + part * p + place for part in range(3) for place in kept)]
        return Moments(
            items=tuple(self.items[place] for place in kept),
            sums=self.sums[:, columns][:, :, columns],
            n=self.n,
            incomplete=self.incomplete,
            squared_weights=self.squared_weights,
        )

    def resampled(self, draws: int, seed: int) -> Floats:
        """Return the matrices of `draws` resamples of the blocks: (draws, columns, columns)."""
        blocks = self.sums.shape[0]
        random = np.random.default_rng(checked_seed(seed))
        counts = random.multinomial(blocks, np.full(blocks, 1 / blocks), size=draws)
        columns = self.sums.shape[1]
        drawn: Floats = (counts @ self.sums.reshape(blocks, -1)).reshape(draws, columns, columns)
        return drawn


State = Mapping[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKernel:
    """The Arrow-batch kernel of `Moments`: complete cases, weighted, in blocks of respondents.

    Attributes
    ----------
    items : tuple of Item
        The items.
    outcome : Item
        The score that they may drive.
    weight : str or None
        Column of sampling weights.
    respondent : str or None
        Column that says whose answer it is: answers of one customer stay in one block, so that the intervals
        know they are not independent. Without one, rows are dealt to blocks at random.
    """

    items: tuple[Item, ...]
    outcome: Item
    weight: str | None = None
    respondent: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a batch must have."""
        extra = tuple(name for name in (self.weight, self.respondent) if name is not None)
        return (self.outcome.name, *(item.name for item in self.items), *extra)

    def partial(self, batch: Batch) -> State:
        """Reduce one batch."""
        import polars as pl

        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)
        scores = np.column_stack([_on_unit_scale(frame, item) for item in (self.outcome, *self.items)])
        weights = np.ones(frame.height) if self.weight is None else _floats(frame, self.weight)
        complete = np.isfinite(scores).all(axis=1) & np.isfinite(weights) & (weights > 0)
        blocks = self._blocks(frame)[complete]
        kept, weights = scores[complete], weights[complete]
        return {
            "sums": _sums_by_block(design_of(kept), weights, blocks),
            "counts": np.array([complete.sum(), (~complete).sum(), (weights**2).sum()], dtype=float),
        }

    def merge(self, states: Iterable[State]) -> State:
        """Add states up."""
        size = 2 + 3 * len(self.items)
        sums, counts = np.zeros((BLOCKS_OF_RESPONDENTS, size, size)), np.zeros(3)
        for state in states:
            sums, counts = sums + state["sums"].reshape(sums.shape), counts + state["counts"]
        return {"sums": sums, "counts": counts}

    def finish(self, state: State) -> Moments:
        """Return the moments of a merged state."""
        n, incomplete, squared_weights = state["counts"]
        return Moments(
            items=self.items,
            sums=state["sums"],
            n=int(n),
            incomplete=int(incomplete),
            squared_weights=float(squared_weights),
        )

    def _blocks(self, frame: pl.DataFrame) -> NDArray[np.int64]:
        import polars as pl

        dealt = np.random.default_rng(frame.height).integers(0, BLOCKS_OF_RESPONDENTS, frame.height)
        if self.respondent is None:
            return dealt
        names = frame[self.respondent].cast(pl.String)
        hashed = (names.hash(seed=1) % BLOCKS_OF_RESPONDENTS).cast(pl.Int64).to_numpy()
        return np.where(names.is_null().to_numpy(), dealt, hashed)


def _on_unit_scale(frame: pl.DataFrame, item: Item) -> Floats:
    values = (_floats(frame, item.name) - item.low) / (item.high - item.low)
    return np.where((values >= 0) & (values <= 1), values, np.nan)


def _floats(frame: pl.DataFrame, name: str) -> Floats:
    import polars as pl

    return frame[name].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()


def design_of(scores: Floats) -> Floats:
    """Return the columns of `Moments` from scores on 0 to 1, the outcome first (rows x columns)."""
    items = scores[:, 1:]
    low = items <= _LOW_FROM + _ROUNDING
    high = items >= _HIGH_FROM - _ROUNDING
    return np.column_stack([np.ones(len(scores)), scores, low, high])


def _sums_by_block(design: Floats, weights: Floats, blocks: NDArray[np.int64]) -> Floats:
    order = np.argsort(blocks, kind="stable")
    design, weights = design[order], weights[order]
    ends = np.searchsorted(blocks[order], np.arange(BLOCKS_OF_RESPONDENTS + 1))
    sums = np.zeros((BLOCKS_OF_RESPONDENTS, design.shape[1], design.shape[1]))
    design *= np.sqrt(weights)[:, None]
    for block in range(BLOCKS_OF_RESPONDENTS):
        part = design[ends[block] : ends[block + 1]]
        sums[block] = part.T @ part  # the same array twice: half the work (syrk)
    return sums
