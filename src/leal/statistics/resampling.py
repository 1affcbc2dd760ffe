"""The one resampling engine: counts x moments.

Whatever Leal resamples is a list of units (cells of a table, answers, customers, accounts), and whatever is
computed of a resample is a function of the counts drawn, or of sums weighted by them. So every bootstrap is
two steps: draw counts, multiply by moments.

Each block of replicates has a random stream of its own, made from the seed and the number of the block, and
is computed as one piece. Results depend on the data, the seed and the number of replicates, on nothing else:
not on the number of threads, and more replicates only add to the fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from leal.results import checked_count, checked_seed
from leal.statistics.numbers import (
    UNKNOWN,
    Floats,
    checked_counts,
    checked_level,
    floats,
    normal_quantile,
    normal_share,
    t_quantile,
)

Scheme = Literal["multinomial", "poisson"]
"""How counts are drawn: a total that is kept, or each unit by itself (for data that stream past)."""

Statistic = Callable[[Floats], Floats]
"""Takes counts or sums, one replicate a row; returns one value or one row of values a replicate."""

Labels = npt.NDArray[np.intp]

_CELLS_A_BLOCK = 2**21
_LARGEST_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Replicates:
    """A statistic on the data as they are, and on each resample.

    Attributes
    ----------
    estimate : array of shape (values,)
        The statistic on the data.
    draws : array of shape (replicates, values)
        The statistic on each resample; rows that could not be computed hold not-a-number and are left out.
    """

    estimate: Floats
    draws: Floats

    @property
    def usable(self) -> Labels:
        """How many resamples gave each value."""
        return np.asarray(np.isfinite(self.draws).sum(axis=0), dtype=np.intp)

    @property
    def standard_error(self) -> Floats:
        """Standard deviation of each value over the resamples; unknown with fewer than two of them."""
        return self._by_value(lambda values: float(np.std(values, ddof=1)))

    @property
    def covariance(self) -> Floats:
        """Covariance of the values over the resamples that gave all of them."""
        complete = self.draws[np.isfinite(self.draws).all(axis=1)]
        if len(complete) < 2:
            return np.full((self.draws.shape[1],) * 2, UNKNOWN)
        return np.atleast_2d(np.cov(complete, rowvar=False))

    def limits(self, level: float = 0.95, freedom: Floats | None = None) -> tuple[Floats, Floats]:
        """Return the percentile interval of each value: lower limits, upper limits.

        Parameters
        ----------
        level : float
            Confidence level.
        freedom : array of shape (values,), optional
            Degrees of freedom that the variance of each value has. Resamples of few units, or of few that
            matter, spread too little: the percentiles are then those at which the normal stands as far out
            as Student's t (expanded percentiles).

        References
        ----------
        Hesterberg (2015), The American Statistician 69(4), 371-386.
        """
        checked_level(level)
        found = [
            _percentiles(column[np.isfinite(column)], _tail(level, freedom, place))
            for place, column in enumerate(self.draws.T)
        ]
        return floats([low for low, _ in found]), floats([high for _, high in found])

    def bca_limits(
        self, left_out: Floats, counts: npt.ArrayLike | None = None, level: float = 0.95
    ) -> tuple[Floats, Floats]:
        """Return the bias-corrected and accelerated interval of each value (Efron 1987).

        Parameters
        ----------
        left_out : array of shape (units, values)
            The statistic without each unit, from `jackknife`.
        counts : array of shape (units,), optional
            How often each unit occurs, once by default.
        level : float
            Confidence level.
        """
        times = np.ones(len(left_out)) if counts is None else checked_counts(counts, "counts")
        tails = ((1 - checked_level(level)) / 2, (1 + level) / 2)
        found = [
            _bca_quantiles(float(self.estimate[k]), self.draws[:, k], left_out[:, k], times, tails)
            for k in range(len(self.estimate))
        ]
        return floats([low for low, _ in found]), floats([high for _, high in found])

    def _by_value(self, summary: Callable[[Floats], float]) -> Floats:
        columns = [column[np.isfinite(column)] for column in self.draws.T]
        return floats([summary(column) if len(column) > 1 else UNKNOWN for column in columns])


def resample_counts(
    counts: npt.ArrayLike,
    replicates: int = 2000,
    *,
    seed: int = 0,
    scheme: Scheme = "multinomial",
    strata: npt.ArrayLike | None = None,
) -> Iterator[Floats]:
    """Draw how often each unit occurs in each resample.

    Parameters
    ----------
    counts : array of shape (units,)
        How often each unit occurs in the data: cells of a table hold their counts, single answers hold 1.
        Fractional counts are drawn as the nearest whole total and scaled back to theirs.
    replicates : int
        Number of resamples.
    seed : int
        The same seed gives the same resamples.
    scheme : {"multinomial", "poisson"}
        Multinomial keeps the total, Poisson draws every unit by itself.
    strata : array of shape (units,), optional
        Labels of groups whose totals are kept (each wave resampled by itself). Multinomial only.

    Yields
    ------
    array of shape (replicates of the block, units)
    """
    units = checked_counts(counts, "counts")
    labels = _labels(strata)
    for block, size in _blocks(len(units), replicates):
        yield _draw(units, labels, scheme, seed, block, size)


def bootstrap(
    counts: npt.ArrayLike,
    statistic: Statistic,
    *,
    moments: npt.ArrayLike | None = None,
    replicates: int = 2000,
    seed: int = 0,
    scheme: Scheme = "multinomial",
    strata: npt.ArrayLike | None = None,
    threads: int = 1,
) -> Replicates:
    """Tell how far a figure would move if the survey were run again.

    Parameters
    ----------
    counts : array of shape (units,)
        How often each unit occurs; ones for single answers, customers or accounts.
    statistic : callable
        Takes resampled counts (replicates, units), or weighted sums (replicates, sums) when `moments` are
        given; returns (replicates,) or (replicates, values).
    moments : array of shape (units, sums), optional
        What each unit adds to the sums: 1, x, x y ... A row for a cluster holds the sums of its answers, so
        a cluster bootstrap is the same call.
    replicates, seed, scheme, strata
        As in `resample_counts`.
    threads : int
        Blocks computed side by side; the result is the same for any number.

    Returns
    -------
    Replicates

    Notes
    -----
    The units must be independent of each other: answers of one account are not, accounts are.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap.

    Examples
    --------
    >>> import numpy as np
    >>> spend = np.array([10.0, 20.0, 60.0, 30.0])
    >>> found = bootstrap(np.ones(4), lambda sums: sums[:, 1] / sums[:, 0],
    ...                   moments=np.column_stack([np.ones(4), spend]))
    >>> float(found.estimate[0])
    30.0
    """
    units, labels = checked_counts(counts, "counts"), _labels(strata)
    sums = None if moments is None else floats(moments)

    def on_block(task: tuple[int, int]) -> Floats:
        drawn = _draw(units, labels, scheme, seed, *task)
        return _as_rows(statistic(drawn if sums is None else drawn @ sums))

    tasks = list(_blocks(len(units), replicates))
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            draws = list(pool.map(on_block, tasks))
    else:
        draws = [on_block(task) for task in tasks]
    whole = units[None, :] if sums is None else units[None, :] @ sums
    return Replicates(_as_rows(statistic(whole))[0], np.concatenate(draws))


def jackknife(counts: npt.ArrayLike, statistic: Statistic, *, moments: npt.ArrayLike | None = None) -> Floats:
    """Return the statistic without each unit (one of its occurrences): array of shape (units, values).

    Parameters are those of `bootstrap`. A unit that occurs less than once is taken out as far as it goes.
    """
    units = checked_counts(counts, "counts")
    taken = np.minimum(units, 1.0)
    if moments is not None:
        sums = floats(moments)
        return _as_rows(statistic(units @ sums - taken[:, None] * sums))
    pieces, first = [], 0
    for _, size in _blocks(len(units), len(units)):
        left = np.tile(units, (size, 1))
        left[np.arange(size), first + np.arange(size)] -= taken[first : first + size]
        pieces.append(_as_rows(statistic(left)))
        first += size
    return np.concatenate(pieces)


def permute(
    moments: npt.ArrayLike,
    groups: npt.ArrayLike,
    statistic: Statistic,
    *,
    replicates: int = 1999,
    seed: int = 0,
) -> Replicates:
    """Return a figure of groups as they are, and with the labels shuffled: what chance alone would give.

    Parameters
    ----------
    moments : array of shape (units, sums)
        What each unit adds to the sums of its group.
    groups : array of shape (units,)
        Labels of the groups, shuffled over the units.
    statistic : callable
        Takes sums by group (replicates, groups, sums), groups sorted; returns (replicates,) or
        (replicates, values).
    replicates, seed : int
        As in `resample_counts`.

    Returns
    -------
    Replicates
    """
    sums = floats(moments)
    names, labels = np.unique(np.asarray(groups), return_inverse=True)
    belongs = np.eye(len(names))[labels]
    draws = []
    for block, size in _blocks(len(labels), replicates):
        random = _stream(seed, block)
        shuffled = np.stack([belongs[random.permutation(len(labels))].T @ sums for _ in range(size)])
        draws.append(_as_rows(statistic(shuffled)))
    return Replicates(_as_rows(statistic((belongs.T @ sums)[None]))[0], np.concatenate(draws))


def permutation_p_value(
    moments: npt.ArrayLike,
    groups: npt.ArrayLike,
    statistic: Statistic,
    *,
    replicates: int = 1999,
    seed: int = 0,
) -> float:
    """Tell how often chance alone sets the groups as far apart as the data do.

    Parameters are those of `permute`; the statistic is one value, larger where groups are further apart.

    Returns
    -------
    float
        (1 + shuffles at least as far apart) / (1 + shuffles): never zero (Phipson and Smyth 2010).
    """
    found = permute(moments, groups, statistic, replicates=replicates, seed=seed)
    return float(exceeded(found.draws, found.estimate)[0])


def exceeded(draws: Floats, observed: Floats) -> Floats:
    """Return the p value of each observed value: how many draws reach it, the data themselves counted."""
    reached = np.sum(draws >= observed - 1e-12 * np.abs(observed), axis=0)
    return floats((1 + reached) / (1 + len(draws)))


def _labels(strata: npt.ArrayLike | None) -> Labels | None:
    return None if strata is None else np.unique(np.asarray(strata), return_inverse=True)[1]


def _blocks(units: int, replicates: int) -> Iterator[tuple[int, int]]:
    """Yield the number and the size of each block; sizes follow from the data alone."""
    replicates = checked_count(replicates, "replicates", least=1)
    size = max(1, min(_LARGEST_BLOCK, _CELLS_A_BLOCK // max(units, 1)))
    for block in range(-(-replicates // size)):
        yield block, min(size, replicates - block * size)


def _stream(seed: int, block: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(checked_seed(seed), spawn_key=(block,)))


def _draw(units: Floats, labels: Labels | None, scheme: Scheme, seed: int, block: int, size: int) -> Floats:
    random = _stream(seed, block)
    if scheme == "poisson":
        return floats(random.poisson(units, size=(size, len(units))))
    if labels is None:
        return _multinomial(random, units, size)
    drawn = np.empty((size, len(units)))
    for label in range(labels.max() + 1):
        inside = labels == label
        drawn[:, inside] = _multinomial(random, units[inside], size)
    return drawn


def _multinomial(random: np.random.Generator, units: Floats, size: int) -> Floats:
    total = float(units.sum())
    if total <= 0:
        return np.zeros((size, len(units)))
    if np.all(units == 1):
        return _drawn_rows(random, len(units), size)
    whole = max(1, round(total))
    return floats(random.multinomial(whole, units / total, size=size) * (total / whole))


def _drawn_rows(random: np.random.Generator, rows: int, size: int) -> Floats:
    """Draw row numbers and count them: much quicker than a multinomial with as many cells as rows."""
    counted = partial(np.bincount, minlength=rows)
    return floats([counted(random.integers(0, rows, rows)) for _ in range(size)])


def _as_rows(values: Floats) -> Floats:
    return values[:, None] if values.ndim == 1 else values


def _tail(level: float, freedom: Floats | None, place: int) -> float:
    return (1 - level) / 2 if freedom is None else normal_share(-t_quantile(level, float(freedom[place])))


def _percentiles(draws: Floats, tail: float) -> tuple[float, float]:
    if len(draws) < 2:
        return UNKNOWN, UNKNOWN
    low, high = np.quantile(draws, [tail, 1 - tail])
    return float(low), float(high)


def _bca_quantiles(
    estimate: float, draws: Floats, left_out: Floats, times: Floats, tails: tuple[float, float]
) -> tuple[float, float]:
    draws, known = draws[np.isfinite(draws)], np.isfinite(left_out) & (times > 0)
    if len(draws) < 2 or not known.any():
        return UNKNOWN, UNKNOWN
    share = (np.sum(draws < estimate) + np.sum(draws == estimate) / 2) / len(draws)
    bias = normal_quantile(float(np.clip(share, 0.5 / len(draws), 1 - 0.5 / len(draws))))
    pull = np.average(left_out[known], weights=times[known]) - left_out[known]
    spread = float(times[known] @ pull**2) ** 1.5
    acceleration = float(times[known] @ pull**3) / (6 * spread) if spread else 0.0
    moved = [bias + normal_quantile(tail) for tail in tails]
    quantiles = [normal_share(bias + m / (1 - acceleration * m)) for m in moved]
    low, high = np.quantile(draws, quantiles)
    return float(low), float(high)
