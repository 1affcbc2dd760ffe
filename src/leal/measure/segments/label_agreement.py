"""How far two divisions of the same customers agree: adjusted Rand index, Jaccard index of each group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

from leal.errors import BadValue, Where
from leal.results import Estimate, Proportion
from leal.statistics import bootstrap, from_draws
from leal.statistics.estimates import Kind
from leal.wording import Text

Floats = NDArray[np.float64]

STABLE, DOUBTFUL = 0.75, 0.60
"""Jaccard indices above which a group is stable, and below which it is unstable (Hennig 2007)."""

_REPLICATES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two divisions of the same customers agree.

    Attributes
    ----------
    rand : Estimate
        Adjusted Rand index: 1 is the same division, 0 what chance would give.
    jaccard : dict of str to Proportion
        For each group of the first division: customers in it both times / customers in it at either time.
    """

    rand: Estimate
    jaccard: dict[str, Proportion]

    @property
    def unstable(self) -> tuple[str, ...]:
        """The groups whose Jaccard index is surely not above .75."""
        return tuple(name for name, index in self.jaccard.items() if index.ci_high < STABLE)


def adjusted_rand(table: npt.ArrayLike) -> float:
    """Return the adjusted Rand index of a table of counts (groups of one division by groups of the other).

    Notes
    -----
    (pairs together in both - expected) / (mean of the two divisions' pairs - expected), Hubert and Arabie
    (1985). One for two divisions that each put all in one group.
    """
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or not (np.isfinite(counts) & (counts >= 0)).all():
        raise BadValue(
            Text("This is no table of counts of two divisions."),
            hint=Text("Give a row for each group of one division, a column for each of the other."),
            where=Where(column="table"),
        )
    return float(_rand(counts[None])[0])


def agreement(
    before: npt.ArrayLike, after: npt.ArrayLike, *, level: float = 0.95, seed: int = 0
) -> Agreement:
    """Return how far two divisions of the same customers agree.

    Parameters
    ----------
    before, after : array of labels
        The group of each customer in the one and in the other division, in the same order.
    level : float
        Level of the intervals (percentiles of resampled customers).
    seed : int
        Seed of the resamples.
    """
    _require_pairs(np.shape(before), np.shape(after))
    names, first = np.unique(np.asarray(before, dtype=str), return_inverse=True)
    others, second = np.unique(np.asarray(after, dtype=str), return_inverse=True)
    shape = (len(names), len(others))
    table = np.zeros(shape)
    np.add.at(table, (first, second), 1)
    matches = [list(others).index(name) if name in others else -1 for name in names]

    def statistic(counts: Floats) -> Floats:
        tables = counts.reshape(-1, *shape)
        return np.column_stack([_rand(tables), _jaccard(tables, matches)])

    found = bootstrap(table.ravel(), statistic, replicates=_REPLICATES, seed=seed)
    n = float(table.sum())

    def told(kind: type[Kind], at: int) -> Kind:
        return from_draws(
            kind, float(found.estimate[at]), found.draws[:, at], n=n, level=level, method="bootstrap"
        )

    return Agreement(
        rand=told(Estimate, 0),
        jaccard={str(name): told(Proportion, at) for at, name in enumerate(names, 1)},
    )


def _require_pairs(before: tuple[int, ...], after: tuple[int, ...]) -> None:
    if len(before) == 1 and before == after and before[0] > 0:
        return
    raise BadValue(
        Text("Two divisions of the same customers give each one label in each; none here, or not as many."),
        hint=Text("Give two lists of labels of one length, customers in the same order."),
        where=Where(column="after"),
    )


def _rand(tables: Floats) -> Floats:
    def pairs(counts: Floats) -> Floats:
        return counts * (counts - 1) / 2

    together = pairs(tables).sum(axis=(1, 2))
    rows, columns = pairs(tables.sum(axis=2)).sum(axis=1), pairs(tables.sum(axis=1)).sum(axis=1)
    everybody = pairs(tables.sum(axis=(1, 2)))
    expected = rows * columns / np.where(everybody > 0, everybody, 1)
    gap = (rows + columns) / 2 - expected
    alike = np.abs(gap) < 1e-12
    return np.where(alike, 1.0, (together - expected) / np.where(alike, 1.0, gap))


def _jaccard(tables: Floats, matches: list[int]) -> Floats:
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    indices = np.zeros(rows.shape)
    for row, column in enumerate(matches):
        if column < 0:
            continue
        both = tables[:, row, column]
        either = rows[:, row] + columns[:, column] - both
        indices[:, row] = both / np.where(either > 0, either, 1)
    return indices
