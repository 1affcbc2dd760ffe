"""Which drivers carry the explained variance: Shapley values of R2 (LMG) and Johnson's relative weights.

All functions take stacks of correlation matrices, so a bootstrap is one call.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from leal.errors import BadOption, BadValue, Where
from leal.results import checked_seed
from leal.statistics.numbers import UNKNOWN, Floats, checked_counts, checked_level, floats
from leal.statistics.resampling import bootstrap
from leal.wording import Text

ImportanceMethod = Literal["lmg", "johnson"]

MOST_FOR_LMG = 15
_NUMBERS_AT_ONCE = 2**22
_SINGULAR = 1e-10
_ROWS_AS_UNITS = 20_000
_UNITS_OF_MANY_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RelativeImportance:
    """How the explained variance is divided among the drivers.

    Attributes
    ----------
    importance : array of shape (drivers,)
        Part of the variance of the outcome that each driver carries; they add to `r_squared`.
    r_squared : float
        Share of the variance of the outcome explained by all drivers; not-a-number where nothing varies.
    method : {"lmg", "johnson"}
        What divided it. Never compare the two with each other: they may order drivers differently.
    ci_low, ci_high : array of shape (drivers,), or None
        Limits of the intervals, where answers were given and not only correlations.
    rank_low, rank_high : array of shape (drivers,), or None
        Best and worst place (1 is most important) over the resamples.
    n : float or None
        Number of answers.
    level : float
        Confidence level.
    """

    importance: Floats
    r_squared: float
    method: ImportanceMethod
    ci_low: Floats | None = None
    ci_high: Floats | None = None
    rank_low: Floats | None = None
    rank_high: Floats | None = None
    n: float | None = None
    level: float = 0.95

    @property
    def known(self) -> bool:
        """Whether there was anything to explain."""
        return math.isfinite(self.r_squared)

    @property
    def shares(self) -> Floats:
        """Importance as shares of what is explained, adding to 1."""
        return self.importance / self.r_squared if self.r_squared else np.zeros_like(self.importance)


def relative_importance(
    correlations: npt.ArrayLike,
    outcome_correlations: npt.ArrayLike,
    method: ImportanceMethod | None = None,
) -> RelativeImportance:
    """Return how much of the outcome's variance each driver carries, from correlations.

    Parameters
    ----------
    correlations : array of shape (drivers, drivers)
        Between the drivers.
    outcome_correlations : array of shape (drivers,)
        Of each driver with the outcome.
    method : {"lmg", "johnson"}, optional
        LMG up to 15 drivers, Johnson's weights beyond, by default.

    Notes
    -----
    Correlation, not cause (evidence grade C). Leave out drivers that restate the outcome ("overall",
    "value"): a correlation above .85 is a warning. Halo makes all shares alike.

    References
    ----------
    Lindeman, Merenda, Gold (1980); Groemping (2006), Journal of Statistical Software 17(1); Johnson (2000),
    Multivariate Behavioral Research 35, 1-19.
    """
    among, outcome = _checked(correlations, outcome_correlations)
    chosen = chosen_method(method, len(outcome))
    parts = (lmg if chosen == "lmg" else johnson_weights)(among, outcome)
    return RelativeImportance(importance=parts, r_squared=float(parts.sum()), method=chosen)


def lmg(correlations: npt.ArrayLike, outcome_correlations: npt.ArrayLike) -> Floats:
    """Return the Shapley value of R2 of each driver: its mean gain over all orders of entering.

    Parameters
    ----------
    correlations : array of shape (..., drivers, drivers)
    outcome_correlations : array of shape (..., drivers)

    Returns
    -------
    array of shape (..., drivers)
        Adds to R2. The work doubles with each driver; more than 15 are refused.
    """
    among, outcome = _checked(correlations, outcome_correlations)
    drivers = outcome.shape[-1]
    if drivers > MOST_FOR_LMG:
        raise BadValue(
            Text("LMG takes at most {most} drivers, not {given}.", most=MOST_FOR_LMG, given=drivers),
            hint=Text("Use Johnson's relative weights for more, or leave drivers out."),
            where=Where(column="correlations"),
        )
    flat = among.reshape(-1, drivers, drivers), outcome.reshape(-1, drivers)
    step = max(1, _NUMBERS_AT_ONCE // (8 * 2**drivers))
    pieces = [
        _shapley(_r_squared_of_subsets(flat[0][first : first + step], flat[1][first : first + step]))
        for first in range(0, len(flat[1]), step)
    ]
    return np.concatenate(pieces).reshape(outcome.shape)


def johnson_weights(correlations: npt.ArrayLike, outcome_correlations: npt.ArrayLike) -> Floats:
    """Return Johnson's relative weights: through the closest uncorrelated stand-ins of the drivers.

    With L the symmetric root of the correlation matrix and r the correlations with the outcome, the weights
    are L^2 (L^-1 r)^2, squares taken element by element. Shapes as in `lmg`; any number of drivers. Equal to
    Genizi's decomposition (1993).
    """
    among, outcome = _checked(correlations, outcome_correlations)
    values, vectors = np.linalg.eigh(among)
    values = np.maximum(values, 0.0)
    roots = np.sqrt(values)
    inverse = np.divide(1.0, roots, out=np.zeros_like(roots), where=values > _SINGULAR)
    transposed = np.swapaxes(vectors, -1, -2)
    root = vectors * roots[..., None, :] @ transposed
    stand_ins = vectors * inverse[..., None, :] @ transposed @ outcome[..., None]
    return np.asarray((root**2 @ stand_ins**2)[..., 0])


def driver_importance(
    drivers: npt.ArrayLike,
    outcome: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    method: ImportanceMethod | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
    threads: int = 1,
) -> RelativeImportance:
    """Return how much of the outcome's variance each driver carries, with intervals, from answers.

    Parameters
    ----------
    drivers : array of shape (answers, drivers)
        Complete answers only.
    outcome : array of shape (answers,)
    weights : array of shape (answers,), optional
        Sampling weights.
    method : {"lmg", "johnson"}, optional
        As in `relative_importance`.
    level, replicates, seed, threads
        Of the bootstrap intervals (percentile).

    Returns
    -------
    RelativeImportance

    Notes
    -----
    Resamples sums and cross products, not answers: each answer adds the products of its values. Above 20,000
    answers they are first added up in 2,000 groups at random, which changes intervals by about one percent.
    """
    values = np.column_stack([floats(drivers), floats(outcome)])
    chosen = chosen_method(method, values.shape[1] - 1)
    checked_level(level)
    weight = np.ones(len(values)) if weights is None else checked_counts(weights, "weights")
    if not np.all(np.isfinite(values)):
        raise BadValue(
            Text("An answer of a driver or of the outcome is missing."),
            hint=Text("Give complete answers only, or fill the gaps first."),
            where=Where(column="drivers"),
        )
    if len(values) <= values.shape[1]:
        return _nothing(values.shape[1] - 1, chosen, float(len(values)), level)
    centred = values - values.mean(axis=0)
    few = len(values) <= _ROWS_AS_UNITS
    products = products_of(centred, weight) if few else _products_of_groups(centred, weight, seed)
    size = values.shape[1]

    def statistic(sums: Floats) -> Floats:
        among, with_outcome = correlations_of(sums, size)
        return (lmg if chosen == "lmg" else johnson_weights)(among, with_outcome)

    found = bootstrap(
        np.ones(len(products)), statistic, moments=products, replicates=replicates, seed=seed, threads=threads
    )
    low, high = found.limits(level)
    usable = found.draws[np.isfinite(found.draws).all(axis=1)]
    if not len(usable) or not np.isfinite(found.estimate).all():
        return _nothing(size - 1, chosen, float(len(values)), level)
    places = np.argsort(np.argsort(-usable, axis=1), axis=1) + 1.0
    tail = (1 - level) / 2
    return RelativeImportance(
        importance=found.estimate,
        r_squared=float(found.estimate.sum()),
        method=chosen,
        ci_low=low,
        ci_high=high,
        rank_low=np.quantile(places, tail, axis=0, method="lower"),
        rank_high=np.quantile(places, 1 - tail, axis=0, method="higher"),
        n=float(len(values)),
        level=level,
    )


def chosen_method(method: ImportanceMethod | None, drivers: int) -> ImportanceMethod:
    """Return the method asked for, or the one that suits the number of drivers."""
    if method is None:
        return "lmg" if drivers <= MOST_FOR_LMG else "johnson"
    if method not in ("lmg", "johnson"):
        raise BadOption("method", method, ["lmg", "johnson"])
    return method


def _checked(correlations: npt.ArrayLike, outcome_correlations: npt.ArrayLike) -> tuple[Floats, Floats]:
    among, outcome = floats(correlations), floats(outcome_correlations)
    if outcome.ndim < 1 or among.shape != (*outcome.shape, outcome.shape[-1]) or not outcome.shape[-1]:
        raise BadValue(
            Text("The correlations of the drivers do not fit those with the outcome."),
            hint=Text("Give a square matrix of the drivers and one correlation for each of them."),
            where=Where(column="correlations"),
        )
    return among, outcome


def _r_squared_of_subsets(among: Floats, outcome: Floats) -> Floats:
    """Return R2 of every subset of drivers: shape (matrices, 2^drivers), driver j is bit j.

    Driver by driver, each matrix of covariances left to explain is kept once as it is and once with the
    driver swept out; the last element left is the outcome's unexplained variance.
    """
    matrices, drivers = outcome.shape
    left = np.ones((matrices, 1, drivers + 1, drivers + 1))
    left[:, 0, :-1, :-1] = among
    left[:, 0, :-1, -1] = left[:, 0, -1, :-1] = outcome
    for _ in range(drivers):
        pivot, row = left[:, :, :1, :1], left[:, :, :1, 1:]
        column = left[:, :, 1:, :1]
        rest = left[:, :, 1:, 1:]
        # a driver that the others already determine adds nothing
        scaled = np.divide(row, pivot, out=np.zeros_like(row), where=pivot > _SINGULAR)
        left = np.concatenate([rest, rest - column * scaled], axis=1)
    return np.asarray(1.0 - left[:, :, 0, 0])


def _shapley(r_squared: Floats) -> Floats:
    """Return the mean gain of each driver over all orders."""
    subsets = np.arange(r_squared.shape[1])
    drivers = r_squared.shape[1].bit_length() - 1
    sizes = np.array([int(subset).bit_count() for subset in subsets])
    orders = np.array(
        [
            math.factorial(k) * math.factorial(drivers - k - 1) / math.factorial(drivers)
            for k in range(drivers)
        ]
    )
    gains = []
    for driver in range(drivers):
        without = subsets[(subsets >> driver) & 1 == 0]
        gain = r_squared[:, without | (1 << driver)] - r_squared[:, without]
        gains.append(gain @ orders[sizes[without]])
    return np.stack(gains, axis=1)


def products_of(values: Floats, weights: Floats) -> Floats:
    """Return what each answer adds to the sums of 1, of the values and of their cross products."""
    with_one = np.column_stack([np.ones(len(values)), values])
    first, second = np.triu_indices(with_one.shape[1])
    return np.asarray(with_one[:, first] * with_one[:, second] * weights[:, None])


def _products_of_groups(values: Floats, weights: Floats, seed: int) -> Floats:
    """Return the same for groups of answers put together at random."""
    group = np.random.default_rng(checked_seed(seed)).permutation(len(values)) % _UNITS_OF_MANY_ROWS
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(_UNITS_OF_MANY_ROWS))
    with_one = np.column_stack([np.ones(len(values)), values])[order]
    ordered = weights[order]
    sums = [
        np.add.reduceat(with_one[:, i] * with_one[:, j] * ordered, starts)
        for i, j in zip(*np.triu_indices(with_one.shape[1]), strict=True)
    ]
    return np.stack(sums, axis=1)


def correlations_of(sums: Floats, size: int) -> tuple[Floats, Floats]:
    """Return correlations among drivers and with the outcome from summed products: stacks of matrices."""
    moments = np.empty((len(sums), size + 1, size + 1))
    first, second = np.triu_indices(size + 1)
    moments[:, first, second] = moments[:, second, first] = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        means = moments[:, 0, 1:] / moments[:, :1, 0]
        covariance = moments[:, 1:, 1:] / moments[:, :1, :1] - means[:, :, None] * means[:, None, :]
        deviation = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 0.0))
        scale = deviation[:, :, None] * deviation[:, None, :]
        correlation = np.divide(covariance, scale, out=np.zeros_like(covariance), where=scale > 0)
    diagonal = np.arange(size)
    correlation[:, diagonal, diagonal] = 1.0
    # an outcome that never varies leaves nothing to explain
    outcome = np.where(deviation[:, -1:] > 0, correlation[:, :-1, -1], UNKNOWN)
    return correlation[:, :-1, :-1], outcome


def _nothing(drivers: int, method: ImportanceMethod, n: float, level: float) -> RelativeImportance:
    unknown = np.full(drivers, UNKNOWN)
    return RelativeImportance(
        importance=unknown,
        r_squared=UNKNOWN,
        method=method,
        ci_low=unknown,
        ci_high=unknown,
        rank_low=unknown,
        rank_high=unknown,
        n=n,
        level=level,
    )
