"""What linear predictions foretell of people not seen: cross-validated, compared on the same resamples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from leal.results import Proportion
from leal.statistics.numbers import Floats, floats, two_sided_z
from leal.statistics.resampling import resample_counts

FOLDS, BLOCKS_A_FOLD, REPLICATES = 5, 40, 500
_RIDGE = 1e-9


@dataclass(frozen=True, slots=True)
class Foretold:
    """How much of an outcome each of several sets of columns foretells out of sample.

    Attributes
    ----------
    shares : dict of arrays
        By set, R2 out of sample: of the data first, then of each resample of people.
    n : int
        People.
    """

    shares: Mapping[str, Floats]
    n: int

    def share(self, name: str, level: float) -> Proportion:
        """Return the share that one set of columns foretells."""
        return self._around(self.shares[name], level)

    def more(self, name: str, other: str, level: float) -> Proportion:
        """Return by how much more one set foretells than another, on the same resamples."""
        return self._around(self.shares[name] - self.shares[other], level)

    def _around(self, values: Floats, level: float) -> Proportion:
        reach = two_sided_z(level) * float(np.std(values[1:], ddof=1))
        estimate = float(values[0])
        return Proportion(
            estimate=estimate,
            ci_low=estimate - reach,
            ci_high=estimate + reach,
            n=self.n,
            level=level,
            method="block_bootstrap",
        )


def foretold_out_of_sample(
    columns: Mapping[str, npt.ArrayLike],
    sets: Mapping[str, Sequence[str]],
    outcomes: Mapping[str, npt.ArrayLike],
    units: npt.ArrayLike,
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> dict[str, Foretold]:
    """Tell how much of each outcome each set of columns foretells of people whom it has not seen.

    Parameters
    ----------
    columns : mapping of arrays of shape (people,) or (people, columns)
        What is known of each person, by name.
    sets : mapping of sequences of names
        Which of them are used together.
    outcomes : mapping of arrays of shape (people,)
        What is foretold; 0 and 1 for what happens or not.
    units : array of shape (people,)
        Whole numbers that place people in folds: a hash of their names, so that the order does not matter.
    replicates, seed : int
        Resamples and their seed.

    Returns
    -------
    dict of Foretold
        By outcome.

    Notes
    -----
    Five folds by people. Least squares learnt on four foretells the fifth; R2 = 1 - sum (y - foretold)^2 /
    sum (y - mean of the four)^2: 0 for a set without use, below 0 for one that fits noise. For an outcome of
    0 and 1 it is the Brier skill. All comes from sums of products by fold and block; the standard error is
    that over resamples of 40 blocks of people within each fold, each of which learns anew, the same for all
    sets, so that differences are paired; the interval is normal.
    """
    widths = {name: np.atleast_2d(floats(one).T).T for name, one in columns.items()}
    results = {name: floats(one) for name, one in outcomes.items()}
    n = len(next(iter(results.values())))
    parts = [_standardised(one) for one in widths.values()]
    rows = np.column_stack([np.ones(n), *parts, *results.values()])
    edges = np.cumsum([1, *(one.shape[1] for one in parts)])
    places = {name: list(range(edges[k], edges[k + 1])) for k, name in enumerate(widths)}
    by_fold = _by_fold(rows, np.asarray(units).astype(np.uint64), replicates, seed)
    ends = list(range(int(edges[-1]), rows.shape[1]))
    shares = {
        name: _shares(by_fold, [0, *(place for one in used for place in places[one])], ends)
        for name, used in sets.items()
    }
    return {
        outcome: Foretold({name: one[:, k] for name, one in shares.items()}, n)
        for k, outcome in enumerate(results)
    }


def _standardised(columns: Floats) -> Floats:
    spread = columns.std(axis=0)
    return floats((columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _by_fold(rows: Floats, units: npt.NDArray[np.uint64], replicates: int, seed: int) -> Floats:
    """Return sums of products of all columns by resample and fold, the first resample being the data."""
    sums = _sums(rows, units)
    weights = _weights(replicates, seed)
    width = rows.shape[1]
    folds = [
        (weights[:, fold] @ sums[fold].reshape(BLOCKS_A_FOLD, -1)).reshape(-1, width, width)
        for fold in range(FOLDS)
    ]
    return np.stack(folds, axis=1)


def _sums(rows: Floats, units: npt.NDArray[np.uint64]) -> Floats:
    """Return sums of products of all columns by fold and block: (folds, blocks, columns, columns)."""
    fold, block = units % np.uint64(FOLDS), units // np.uint64(FOLDS) % np.uint64(BLOCKS_A_FOLD)
    cell = (fold * np.uint64(BLOCKS_A_FOLD) + block).astype(np.intp)
    order = np.argsort(cell, kind="stable")
    edges = np.searchsorted(cell[order], np.arange(FOLDS * BLOCKS_A_FOLD + 1))
    sums = []
    for low, high in pairwise(edges):
        part = rows[order[low:high]]
        sums.append(part.T @ part)
    return np.stack(sums).reshape(FOLDS, BLOCKS_A_FOLD, rows.shape[1], rows.shape[1])


def _weights(replicates: int, seed: int) -> Floats:
    """Return how often each block counts: (1 + replicates, folds, blocks), the first row being the data."""
    ones = np.ones(FOLDS * BLOCKS_A_FOLD)
    strata = np.repeat(np.arange(FOLDS), BLOCKS_A_FOLD)
    drawn = np.concatenate(list(resample_counts(ones, replicates, seed=seed, strata=strata)))
    return floats(np.concatenate([ones[None], drawn]).reshape(-1, FOLDS, BLOCKS_A_FOLD))


def _shares(by_fold: Floats, used: list[int], ends: list[int]) -> Floats:
    """Return R2 out of sample by resample and outcome of a set of columns, the first being the ones."""
    others = by_fold.sum(axis=1, keepdims=True) - by_fold
    size = others[..., 0, 0]
    products = others[..., used, :][..., used]
    ridge = _RIDGE * size[..., None, None] * np.eye(len(used))
    beta = np.linalg.solve(products + ridge, others[..., used, :][..., ends])
    squares = by_fold[..., ends, ends]
    seen = by_fold[..., used, :]
    missed = squares - 2 * np.einsum("rfio,rfio->rfo", beta, seen[..., ends])
    missed = missed + np.einsum("rfio,rfio->rfo", beta, seen[..., used] @ beta)
    mean = others[..., 0, :][..., ends] / np.maximum(size, 1e-300)[..., None]
    count = by_fold[..., 0, 0][..., None]
    plain = squares - 2 * mean * by_fold[..., 0, :][..., ends] + mean**2 * count
    whole = plain.sum(axis=1)
    return floats(1 - missed.sum(axis=1) / np.where(whole > 0, whole, 1.0))
