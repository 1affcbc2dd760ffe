"""Whether a way of dividing customers finds the same groups in other samples of them: bootstrap Jaccard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, collect, lazy
from leal.errors import BadValue, Where
from leal.measure.segments.label_agreement import DOUBTFUL, STABLE
from leal.results import Proportion, checked_count
from leal.statistics import from_draws
from leal.wording import Percent, Text

Floats = NDArray[np.float64]
Divide = Callable[[pl.DataFrame], npt.ArrayLike]
"""Gives each row of a table the label of its group; called anew for every sample."""

Stability = Literal["stable", "doubtful", "unstable"]

STABILITY_WORDS: dict[Stability, Text] = {
    "stable": Text("stable"),
    "doubtful": Text("doubtful"),
    "unstable": Text("unstable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StableGroup:
    """How surely one group is found again.

    Attributes
    ----------
    group : str
        Its label in the whole table.
    customers : int
        How many it has.
    jaccard : Proportion
        Mean over the samples of the Jaccard index with the group most like it there; the limits hold the
        middle of the samples.
    stability : {"stable", "doubtful", "unstable"}
        Above .75, from .60 on, below (Hennig 2007).
    """

    group: str
    customers: int
    jaccard: Proportion
    stability: Stability

    def sentence(self) -> Text:
        """Return how surely the group is found again."""
        return Text(
            "{group}: {stability}, found again to {share} (between {low} and {high}).",
            group=self.group,
            stability=STABILITY_WORDS[self.stability],
            share=Percent(self.jaccard.estimate),
            low=Percent(self.jaccard.ci_low),
            high=Percent(self.jaccard.ci_high),
        )

    def __str__(self) -> str:
        return self.sentence()


def bootstrap_jaccard(
    customers: FrameLike,
    divide: Divide,
    *,
    replicates: int = 100,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[StableGroup, ...]:
    """Tell which groups of a division are there, and which the next sample of customers would not show.

    Parameters
    ----------
    customers : dataframe or path
        One row a customer, with whatever `divide` needs.
    divide : callable
        Takes a table of customers and returns the label of each: a clustering, quantiles, rules learnt from
        the table. Labels that were given once and for all are stable by definition: compare those of two
        times instead (`agreement`).
    replicates : int
        Samples of customers.
    level : float
        Share of the samples between the limits.
    seed : int
        Of the samples.

    Returns
    -------
    tuple of StableGroup
        One a group, the most stable first; none where there is no customer.

    Raises
    ------
    BadValue
        `divide` does not give each customer a label.

    Notes
    -----
    Customers are drawn with replacement, each drawn one counts once, and are divided anew. For each group of
    the whole table, as far as it was drawn, the most like among the new groups counts: both / either.

    When not to use: to choose how many groups there are by the highest index alone; two halves of one cloud
    may be stable. Whether a division is of use, money of customers not yet seen tells (`segmentations`).

    References
    ----------
    Hennig (2007), Computational Statistics and Data Analysis 52, 258-271.
    """
    checked_count(replicates, "replicates", 1)
    table = collect(lazy(customers))
    if table.is_empty():
        return ()
    whole = _labels(divide, table)
    names, codes = np.unique(whole, return_inverse=True)
    source = np.random.default_rng(seed)
    draws = np.full((replicates, len(names)), np.nan)
    for replicate in range(replicates):
        drawn = np.unique(source.integers(0, table.height, table.height))
        draws[replicate] = _likeness(codes[drawn], len(names), _labels(divide, table[drawn]))
    found = [_group(str(name), codes == place, draws[:, place], level) for place, name in enumerate(names)]
    return tuple(sorted(found, key=lambda one: (-one.jaccard.estimate, one.group)))


def _labels(divide: Divide, table: pl.DataFrame) -> NDArray[np.str_]:
    labels = np.asarray(divide(table))
    if labels.shape != (table.height,):
        raise BadValue(
            Text("The division does not give each customer one label."),
            hint=Text("Let it take a table and return one label for each of its rows."),
            where=Where(column="divide"),
        )
    return labels.astype(str)


def _likeness(codes: NDArray[np.int64], groups: int, labels: NDArray[np.str_]) -> Floats:
    """Return for each group the highest Jaccard index with a group of the new division."""
    _, others = np.unique(labels, return_inverse=True)
    both = np.zeros((groups, int(others.max()) + 1))
    np.add.at(both, (codes, others), 1)
    sizes = both.sum(axis=1)
    either = sizes[:, None] + both.sum(axis=0)[None, :] - both
    return np.where(sizes > 0, (both / either).max(axis=1), np.nan)


def _group(name: str, members: NDArray[np.bool_], draws: Floats, level: float) -> StableGroup:
    seen = draws[np.isfinite(draws)]
    n = int(members.sum())
    mean = float(seen.mean())
    jaccard = from_draws(Proportion, mean, seen, n=n, level=level, method="bootstrap")
    return StableGroup(group=name, customers=n, jaccard=jaccard, stability=stability_of(mean))


def stability_of(jaccard: float) -> Stability:
    """Return what a Jaccard index says of a group: stable above .75, doubtful from .60 on (Hennig 2007)."""
    return "stable" if jaccard > STABLE else "doubtful" if jaccard >= DOUBTFUL else "unstable"
