"""The batched resampling engine of the path model: counts times moment columns, by one matrix product.

A resample is a vector of counts, how often each answer was drawn. Counts (R x n) times the columns of items
and their products (n x p + p (p + 1) / 2) are the sums from which every resample's covariances follow; a
bootstrap, a jackknife, a permutation of groups and a sub-group differ only in their counts. Draws are made in
blocks, each with a generator of its own, so that results do not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from leal.path_model.estimation import Rules, Solution, solve_sums
from leal.path_model.structure import Structure

Floats = NDArray[np.float64]
Reals = NDArray[np.floating[Any]]

BLOCK: Final = 1280
"""Resamples per block: counts and sums stay in the processor's cache."""

EXACT_LIMIT: Final = 2**24
"""Whole numbers below this are exact in single precision."""

CELLS_OF_COUNTS: Final = 2**25
"""Counts held at once: fewer resamples per block where there are many answers."""


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

    def solve(self, counts: NDArray[np.float32], structure: Structure, rules: Rules) -> Solution:
        """Return the solutions of the resamples that counts (R x n) describe."""
        weighted = self._weighted(counts)
        totals = weighted.sum(axis=1, dtype=np.float64)
        size = counts.sum(axis=1, dtype=np.float64)
        sums = self.columns @ weighted.T
        divisors = totals * (1 - 1 / size)
        return solve_sums(sums[: self.items], sums[self.items :], totals, divisors, structure, rules)

    def _weighted(self, counts: NDArray[np.float32]) -> Reals:
        weighted: Reals = counts if self.weights is None else counts * self.weights
        return weighted if weighted.dtype == self.columns.dtype else weighted.astype(np.float64)

    def correlations(self, counts: NDArray[np.float32]) -> Floats:
        """Return the correlations of the items in each resample (p, p, R)."""
        weighted = self._weighted(counts)
        totals = weighted.sum(axis=1, dtype=np.float64)
        sums = (self.columns @ weighted.T).astype(np.float64)
        rows, columns = np.triu_indices(self.items)
        centred = sums[self.items :] - sums[rows] * sums[columns] / totals
        matrix = np.empty((self.items, self.items, totals.size))
        matrix[rows, columns] = matrix[columns, rows] = centred
        deviations = np.sqrt(np.einsum("iir->ir", matrix))
        return np.asarray(matrix / (deviations[:, None] * deviations[None]))


def bootstrap_counts(n: int, resamples: int, seed: int | None) -> Iterator[NDArray[np.float32]]:
    """Yield blocks of counts (block x n) of a bootstrap; the same seed gives the same counts."""
    from leal.path_model.kernel import count_draws

    size = max(64, min(BLOCK, CELLS_OF_COUNTS // n // 64 * 64))
    starts = range(0, resamples, size)
    for start, source in zip(starts, np.random.SeedSequence(seed).spawn(len(starts)), strict=True):
        rows = min(size, resamples - start)
        generator = np.random.Generator(np.random.SFC64(source))
        if n <= 2**16:
            yield count_draws(generator.integers(0, n, size=(rows, n), dtype=np.uint16), n)
        else:
            yield count_draws(generator.integers(0, n, size=(rows, n), dtype=np.uint32), n)


def leave_one_out_counts(n: int) -> Iterator[NDArray[np.float32]]:
    """Yield blocks of counts that leave each answer out once."""
    size = max(64, min(BLOCK, CELLS_OF_COUNTS // n // 64 * 64))
    for start in range(0, n, size):
        rows = min(size, n - start)
        counts = np.ones((rows, n), dtype=np.float32)
        counts[np.arange(rows), np.arange(start, start + rows)] = 0.0
        yield counts
