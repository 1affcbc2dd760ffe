"""The batched resampling engine of the path model: counts times moment columns, by one matrix product.

A resample is a vector of counts, how often each answer was drawn. Counts (R x n) times the columns of items
and their products (n x p + p (p + 1) / 2) are the sums from which every resample's covariances follow; a
bootstrap, a jackknife, a permutation of groups and a sub-group differ only in their counts. Draws are made in
blocks, each with a generator of its own, so that results do not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from leal.path_model.estimation import Rules, Solution, solve_sums
from leal.path_model.structure import Structure
from leal.results import checked_seed

Floats = NDArray[np.float64]
Reals = NDArray[np.floating[Any]]

BLOCK: Final = 256
"""Resamples per block: counts, sums and solutions fit the cache, and their memory is used again.

Arrays of larger blocks go back to the system each time, and new pages cost a fifth of the whole time."""

EXACT_LIMIT: Final = 2**24
"""Whole numbers below this are exact in single precision."""

CELLS_OF_COUNTS: Final = 2**25
"""Counts held at once: fewer resamples per block where there are many answers."""

MOST_ALONE: Final = 5_000
"""Answers up to which a jackknife leaves out one at a time; of more, groups."""

JACKKNIFE_GROUPS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Weighted sums of some resamples: all that each of them is solved from.

    Attributes
    ----------
    items : (p, R)
        Sums of the items.
    products : (p (p + 1) / 2, R)
        Sums of item_i item_k for i <= k, row by row.
    totals, divisors : (R,)
        Sums of the weights, and what centred products are divided by.
    """

    items: Reals
    products: Reals
    totals: Floats
    divisors: Floats

    def solve(self, structure: Structure, rules: Rules) -> Solution:
        """Return the solution of each resample."""
        return solve_sums(self.items, self.products, self.totals, self.divisors, structure, rules)

    def correlations(self) -> Floats:
        """Return the correlations of the items in each resample (p, p, R)."""
        from leal.path_model.kernel_criteria import correlations_of

        items, products = np.ascontiguousarray(self.items), np.ascontiguousarray(self.products)
        return correlations_of(items, products, self.totals)

    def part(self, first: int, last: int) -> Sums:
        """Return the resamples from `first` up to `last`."""
        return Sums(
            items=self.items[:, first:last],
            products=self.products[:, first:last],
            totals=self.totals[first:last],
            divisors=self.divisors[first:last],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """Complete answers, ready for resampling.

    Attributes
    ----------
    columns : (p + p (p + 1) / 2, n)
        Items, then their products, one answer a column; single precision where that is exact.
    weights : (n,) or None
        Sampling weights.
    items : int
        p, the number of items.
    """

    columns: Reals
    weights: Floats | None
    items: int

    @property
    def n(self) -> int:
        """The number of answers."""
        return int(self.columns.shape[1])

    @classmethod
    def of(cls, rows: Floats, weights: Floats | None) -> Answers:
        """Prepare a matrix of complete answers (n x p)."""
        upper = np.triu_indices(rows.shape[1])
        columns = np.concatenate([rows.T, rows.T[upper[0]] * rows.T[upper[1]]])
        whole = weights is None and bool(np.all(rows == np.rint(rows)))
        exact = whole and len(rows) * float(np.abs(columns).max(initial=0.0)) < EXACT_LIMIT
        ready: Reals = np.ascontiguousarray(columns, dtype=np.float32 if exact else np.float64)
        return cls(columns=ready, weights=weights, items=rows.shape[1])

    def sums(self, counts: NDArray[np.float32]) -> Sums:
        """Return the sums of the resamples that counts (R x n) describe."""
        weighted: Reals = counts if self.weights is None else counts * self.weights
        if weighted.dtype != self.columns.dtype:
            weighted = weighted.astype(np.float64)
        totals = weighted.sum(axis=1, dtype=np.float64)
        return self._sums(self.columns @ weighted.T, totals, counts.sum(axis=1, dtype=np.float64))

    def means(self, counts: NDArray[np.float32]) -> Floats:
        """Return the means of the items (p, R) in the resamples that counts (R x n) describe."""
        weighted = counts if self.weights is None else counts * self.weights
        sums = self.columns[: self.items].astype(np.float64) @ weighted.T.astype(np.float64)
        return np.asarray(sums / weighted.sum(axis=1, dtype=np.float64))

    def chosen(self, places: NDArray[np.intp]) -> Self:
        """Return some of the answers, in the order of the places."""
        weights = None if self.weights is None else self.weights[places]
        return replace(self, columns=np.ascontiguousarray(self.columns[:, places]), weights=weights)

    def sums_without(self, groups: NDArray[np.int64]) -> Iterator[Sums]:
        """Yield the sums of all answers but those of one group after another, in blocks.

        Parameters
        ----------
        groups : (n,)
            Group of each answer, 0, 1, ...; none is empty.
        """
        order = np.argsort(groups, kind="stable")
        starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
        weights = np.ones(self.n) if self.weights is None else self.weights
        columns = self.columns if self.weights is None else self.columns * self.weights
        whole, total = columns.sum(axis=1, dtype=np.float64)[:, None], weights.sum()
        sizes = np.diff(starts, append=self.n)
        for first in range(0, starts.size, BLOCK):
            here = starts[first : first + BLOCK]
            last = int(here[-1] + sizes[first + here.size - 1])
            chosen, at = order[here[0] : last], here - here[0]
            left_out = np.add.reduceat(columns[:, chosen].astype(np.float64), at, axis=1)
            totals = total - np.add.reduceat(weights[chosen], at)
            yield self._sums(whole - left_out, totals, self.n - sizes[first : first + here.size])

    def _sums(self, sums: Reals, totals: Floats, size: NDArray[Any]) -> Sums:
        with np.errstate(divide="ignore"):
            divisors = totals * (1 - 1 / size)
        return Sums(items=sums[: self.items], products=sums[self.items :], totals=totals, divisors=divisors)

    def solve(self, counts: NDArray[np.float32], structure: Structure, rules: Rules) -> Solution:
        """Return the solutions of the resamples that counts (R x n) describe."""
        return self.sums(counts).solve(structure, rules)

    def correlations(self, counts: NDArray[np.float32]) -> Floats:
        """Return the correlations of the items in each resample (p, p, R)."""
        return self.sums(counts).correlations()


def bootstrap_counts(n: int, resamples: int, seed: int | None) -> Iterator[NDArray[np.float32]]:
    """Yield blocks of counts (block x n) of a bootstrap; the same seed gives the same counts."""
    from leal.path_model.kernel_counts import count_draws

    size = max(64, min(BLOCK, CELLS_OF_COUNTS // n // 64 * 64))
    starts = range(0, resamples, size)
    sources = np.random.SeedSequence(checked_seed(seed)).spawn(len(starts))
    for start, source in zip(starts, sources, strict=True):
        rows = min(size, resamples - start)
        generator = np.random.Generator(np.random.SFC64(source))
        if n <= 2**16:
            yield count_draws(generator.integers(0, n, size=(rows, n), dtype=np.uint16), n)
        else:
            yield count_draws(generator.integers(0, n, size=(rows, n), dtype=np.uint32), n)


def jackknife_groups(n: int, seed: int | None) -> NDArray[np.int64]:
    """Return which answers are left out together: each alone, or 1,000 random groups of many."""
    if n <= MOST_ALONE:
        return np.arange(n, dtype=np.int64)
    dealt = np.arange(n, dtype=np.int64) % JACKKNIFE_GROUPS
    np.random.default_rng(checked_seed(seed)).shuffle(dealt)
    return dealt
