"""Intervals around an NPS: score (default), adjusted Wald, Wald, bootstrap, Jeffreys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from leal.errors import BadOption
from leal.statistics.counts import Interval, NpsCounts
from leal.statistics.numbers import UNKNOWN, Floats, checked_counts, checked_level, floats, two_sided_z
from leal.statistics.posterior import nps_posterior
from leal.statistics.resampling import bootstrap
from leal.statistics.score_limits import tango_limits

IntervalMethod = Literal["score", "adjusted_wald", "wald", "bootstrap", "jeffreys"]
"""How an interval around an NPS is made."""

ADDED_TO_ENDS = 0.75
ADDED_TO_PASSIVES = 1.5
_ADDED = np.array([ADDED_TO_ENDS, ADDED_TO_PASSIVES, ADDED_TO_ENDS])
_REPLICATES = 2000


def nps_interval(
    counts: NpsCounts, level: float = 0.95, method: IntervalMethod = "score", seed: int = 0
) -> Interval:
    """Return where the NPS behind these answers lies.

    Parameters
    ----------
    counts : NpsCounts
        Detractors, passives, promoters; fractional counts (weights) are allowed.
    level : float
        Confidence level.
    method : {"score", "adjusted_wald", "wald", "bootstrap", "jeffreys"}
        ``"score"`` keeps its level best and is the default; ``"adjusted_wald"`` is the quick one. ``"wald"``
        and ``"bootstrap"`` collapse for small samples near the ceiling and are there for comparison.
        ``"jeffreys"`` is the equal-tailed Dirichlet posterior.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Interval
        On the scale -1..1; unknown (``known`` is false) without answers.

    References
    ----------
    Tango (1998), Statistics in Medicine 17, 891-908 (score); Rocks (2016), The American Statistician 70,
    365-372 (adjusted Wald for NPS); Brown, Cai, DasGupta (2001), Statistical Science 16, 101-133 (Jeffreys).

    Examples
    --------
    >>> found = nps_interval(NpsCounts(15, 35, 50))
    >>> round(found.low, 5), round(found.high, 5)
    (0.19925, 0.48289)
    """
    low, high = nps_intervals(
        [counts.detractors], [counts.passives], [counts.promoters], level=level, method=method, seed=seed
    )
    return Interval(float(low[0]), float(high[0]), level, method)


def nps_intervals(
    detractors: npt.ArrayLike,
    passives: npt.ArrayLike,
    promoters: npt.ArrayLike,
    level: float = 0.95,
    method: IntervalMethod = "score",
    seed: int = 0,
) -> tuple[Floats, Floats]:
    """Return where the NPS of many groups lie: `nps_interval` for arrays of counts.

    Returns
    -------
    tuple of arrays
        Lower and upper limits on the scale -1..1, in the order of the groups; not-a-number for a group
        without answers.
    """
    checked_level(level)
    if method not in get_args(IntervalMethod):
        raise BadOption("method", method, list(get_args(IntervalMethod)))
    groups = np.stack(
        np.broadcast_arrays(
            checked_counts(detractors, "detractors"),
            checked_counts(passives, "passives"),
            checked_counts(promoters, "promoters"),
        )
    )
    answered = groups.sum(axis=0) > 0
    low, high = np.full((2, groups.shape[1]), UNKNOWN)
    if answered.any():
        low[answered], high[answered] = _limits(groups[:, answered], level, method, seed)
    return low, high


def _limits(groups: Floats, level: float, method: IntervalMethod, seed: int) -> tuple[Floats, Floats]:
    if method == "jeffreys":
        return _by_group(groups, lambda counts: _jeffreys(counts, level))
    if method == "bootstrap":
        return _by_group(groups, lambda counts: _bootstrap(counts, level, seed))
    z = two_sided_z(level)
    if method == "score":
        return tango_limits(groups[0], groups[1], groups[2], z)
    if method == "adjusted_wald":
        low, high = _wald(groups + _ADDED[:, None], z)
        score = (groups[2] - groups[0]) / groups.sum(axis=0)
        # where everybody says the same the shrunk interval ends just short of the score itself
        return np.maximum(np.minimum(low, score), -1.0), np.minimum(np.maximum(high, score), 1.0)
    return _wald(groups, z)


def adjusted(counts: NpsCounts) -> NpsCounts:
    """Return the counts with .75, 1.5 and .75 answers added, which repairs Wald intervals (Rocks 2016)."""
    return counts + NpsCounts(ADDED_TO_ENDS, ADDED_TO_PASSIVES, ADDED_TO_ENDS)


def _wald(groups: Floats, z: float) -> tuple[Floats, Floats]:
    n = groups.sum(axis=0)
    score = (groups[2] - groups[0]) / n
    distances = np.stack([1 + score, score, 1 - score])
    reach = z * np.sqrt((groups * distances**2).sum(axis=0) / n / n)
    return floats(score - reach), floats(score + reach)


def _by_group(groups: Floats, limits: Callable[[NpsCounts], tuple[float, float]]) -> tuple[Floats, Floats]:
    found = floats([limits(NpsCounts(*map(float, group))) for group in groups.T])
    return found[:, 0], found[:, 1]


def _jeffreys(counts: NpsCounts, level: float) -> tuple[float, float]:
    low, high = nps_posterior(counts).limits(level)
    # equal tails would leave out a score at the very end of the scale (Brown, Cai, DasGupta 2001)
    return (
        -1.0 if counts.detractors == counts.n else low,
        1.0 if counts.promoters == counts.n else high,
    )


def _bootstrap(counts: NpsCounts, level: float, seed: int) -> tuple[float, float]:
    cells = np.array([counts.detractors, counts.passives, counts.promoters])
    draws = bootstrap(cells, _scores, replicates=_REPLICATES, seed=seed)
    low, high = draws.limits(level)
    return float(low[0]), float(high[0])


def _scores(counts: Floats) -> Floats:
    return floats((counts[:, 2] - counts[:, 0]) / counts.sum(axis=1))
