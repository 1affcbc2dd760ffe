"""Since when is it different: the date of a change, its interval, and whether there is one at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.results import Note, checked_seed
from leal.statistics.comparisons import Comparison, compared
from leal.statistics.numbers import UNKNOWN, Floats, checked_level, floats
from leal.wording import Text

_SHUFFLES = 4999
_FARTHEST = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoint:
    """One lasting change of level in a series.

    Attributes
    ----------
    index : int or None
        Number of values before the change, so that ``values[index]`` is the first after it; None where the
        series is too short.
    ci_low, ci_high : int or None
        Limits of the interval for `index`.
    p_value : float
        Of "there is no change at all"; not-a-number where the series is too short. Where it is large, the
        date means nothing.
    change : Comparison or None
        Mean after minus mean before. Its interval takes the date as known.
    mean_before, mean_after : float
        Levels.
    n : int
        Number of values.
    level : float
        Confidence level.
    method : str
        Stable name.
    notes : tuple of Note
        ``series_too_short``.
    """

    index: int | None
    ci_low: int | None
    ci_high: int | None
    p_value: float
    change: Comparison | None
    mean_before: float
    mean_after: float
    n: int
    level: float
    method: str = "bai_perron"
    notes: tuple[Note, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the series was long enough to look for a change."""
        return self.index is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segmentation:
    """Several lasting changes of level, as many as the information criterion supports.

    Attributes
    ----------
    indices : tuple of int
        Numbers of values before each change, in order; empty where no change pays for itself.
    means : tuple of float
        Level of each regime, one more than changes.
    criterion : tuple of float
        BIC for no change, one change, two ... : the smallest is chosen.
    """

    indices: tuple[int, ...]
    means: tuple[float, ...]
    criterion: tuple[float, ...]


def change_point(
    values: npt.ArrayLike,
    standard_errors: npt.ArrayLike | None = None,
    level: float = 0.95,
    *,
    minimum: int = 2,
    seed: int = 0,
) -> ChangePoint:
    """Return when the level of a series changed, how sure the date is, and whether it changed at all.

    Parameters
    ----------
    values : array of shape (waves,)
        Scores in order of time, without gaps (leave out waves without a score).
    standard_errors : array of shape (waves,), optional
        Standard error of each value, which weighs the waves; without them the scatter of the values
        themselves is used.
    level : float
        Confidence level of the interval for the date.
    minimum : int
        Fewest values on either side.
    seed : int
        Of the test.

    Returns
    -------
    ChangePoint

    Notes
    -----
    Date: the split with the smallest (weighted) sum of squares. Interval: the distribution of the place of
    the maximum of a two-sided Brownian motion with drift, with each side's own variance (Bai 1997, Bai and
    Perron 1998), widened to whole waves. Test: the gain of the best split against series without change,
    simulated from the normal distribution. Not for trends or seasons: a slope is found as a step in its
    middle.

    References
    ----------
    Bai (1997), Review of Economics and Statistics 79, 551-563; Bai and Perron (1998), Econometrica 66, 47-78.
    """
    series, errors = _series(values, standard_errors)
    n = len(series)
    checked_level(level)
    if n < 2 * minimum or n < 4:
        return _too_short(n, level)
    precision = 1 / errors**2
    gains = _gains(series[None, :], precision, minimum)[0]
    index = minimum + int(np.argmax(gains))
    before, after = _mean(series[:index], precision[:index]), _mean(series[index:], precision[index:])
    known = standard_errors is not None
    spread = _spread(series, precision, index, before, after, known=known)
    low, high = _date_limits(after - before, spread, level)
    return ChangePoint(
        index=index,
        ci_low=max(1, index - low),
        ci_high=min(n - 1, index + high),
        p_value=_p_value(gains.max(), series, precision, minimum, seed, known=known),
        change=_change(after - before, spread, n, level),
        mean_before=before,
        mean_after=after,
        n=n,
        level=level,
    )


def change_points(
    values: npt.ArrayLike,
    standard_errors: npt.ArrayLike | None = None,
    *,
    most: int = 5,
    minimum: int | None = None,
) -> Segmentation:
    """Return all lasting changes of level of a series, as many as the BIC supports.

    Parameters
    ----------
    values, standard_errors
        As in `change_point`.
    most : int
        Most changes looked for.
    minimum : int, optional
        Fewest values of a regime; 15 % of the series (at least 2) by default.

    Notes
    -----
    Optimal partition by dynamic programming, not one split after another. The criterion counts a level and a
    date for each regime.

    References
    ----------
    Bai and Perron (2003), Journal of Applied Econometrics 18, 1-22; Yao (1988), Statistics and Probability
    Letters 6, 181-189.
    """
    series, errors = _series(values, standard_errors)
    n, precision = len(series), 1 / errors**2
    shortest = max(2, int(0.15 * n)) if minimum is None else minimum
    if not n:
        return Segmentation(indices=(), means=(), criterion=())
    squares, last = _partitions(series, precision, shortest, min(most, max(n // shortest - 1, 0)))
    known = standard_errors is not None
    criterion = [_bic(square, changes + 1, n, known=known) for changes, square in enumerate(squares)]
    best = int(np.argmin(criterion))
    indices = _traced(last, best, n)
    regimes = pairwise([0, *indices, n])
    means = tuple(_mean(series[start:end], precision[start:end]) for start, end in regimes)
    return Segmentation(indices=tuple(indices), means=means, criterion=tuple(criterion))


def _series(values: npt.ArrayLike, standard_errors: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    series = floats(values)
    errors = np.ones(len(series)) if standard_errors is None else floats(standard_errors)
    if errors.shape != series.shape or not np.all(np.isfinite(series)) or not np.all(errors > 0):
        raise BadValue(
            Text("A value of the series is missing, or its standard error is not above zero."),
            hint=Text("Leave out the waves without a score."),
            where=Where(column="values"),
        )
    return series, errors


def _mean(values: Floats, precision: Floats) -> float:
    return float(precision @ values / precision.sum())


def _gains(series: Floats, precision: Floats, minimum: int) -> Floats:
    """Return by how much each split lowers the weighted sum of squares: shape (series, splits)."""
    n = series.shape[1]
    splits = np.arange(minimum, n - minimum + 1)
    weight = np.cumsum(precision)
    centred = series - (series @ precision / weight[-1])[:, None]
    sums = np.cumsum(centred * precision, axis=1)[:, splits - 1]
    left = weight[splits - 1]
    return np.asarray(sums**2 * weight[-1] / (left * (weight[-1] - left)))


def _p_value(
    gain: float, series: Floats, precision: Floats, minimum: int, seed: int, *, known: bool
) -> float:
    """Simulate series without change; with unknown scatter the gain is compared to what is left."""
    random = np.random.default_rng(checked_seed(seed))
    noise = random.standard_normal((_SHUFFLES, len(series))) / np.sqrt(precision)
    simulated = _gains(noise, precision, minimum).max(axis=1)
    if not known:
        gain = gain / _total(series[None, :], precision)[0]
        simulated = simulated / _total(noise, precision)
    return float((1 + np.sum(simulated >= gain)) / (1 + _SHUFFLES)) if math.isfinite(gain) else 1.0


def _total(series: Floats, precision: Floats) -> Floats:
    centred = series - (series @ precision / precision.sum())[:, None]
    with np.errstate(divide="ignore"):
        total = (centred**2) @ precision
    return np.where(total > 0, total, np.nan)


@dataclass(frozen=True, slots=True)
class _Spread:
    """Variance of one value before and after, and the squared standard errors of the two means."""

    before: float
    after: float
    of_means: float


def _spread(
    series: Floats, precision: Floats, index: int, before: float, after: float, *, known: bool
) -> _Spread:
    left, right = precision[:index], precision[index:]
    if known:
        return _Spread(len(left) / left.sum(), len(right) / right.sum(), 1 / left.sum() + 1 / right.sum())
    variance_before = float(np.mean((series[:index] - before) ** 2))
    variance_after = float(np.mean((series[index:] - after) ** 2))
    squares = index * variance_before + (len(series) - index) * variance_after
    pooled = squares / (len(series) - 2)
    return _Spread(variance_before, variance_after, pooled / index + pooled / (len(series) - index))


def _change(difference: float, spread: _Spread, n: int, level: float) -> Comparison:
    return compared(difference, math.sqrt(spread.of_means), float(n), level, "change_of_level")


def _date_limits(difference: float, spread: _Spread, level: float) -> tuple[int, int]:
    """Return how many values the date may lie earlier, and later."""
    if spread.before <= 0 or spread.after <= 0 or not difference:
        return (0, 0) if difference else (10**6, 10**6)
    ratio = spread.after / spread.before
    scale = difference**2 / spread.before
    tail = (1 - level) / 2
    # the place of the maximum minus the true date: a late estimate means an earlier date
    earlier = _quantile(1 - tail, ratio) / scale
    later = -_quantile(tail, ratio) / scale
    return math.ceil(earlier), math.ceil(later)


def _quantile(probability: float, ratio: float) -> float:
    low, high = -_FARTHEST * max(1.0, ratio), _FARTHEST * max(1.0, ratio)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if place_of_maximum(middle, ratio) < probability else (low, middle)
    return (low + high) / 2


def place_of_maximum(x: float, ratio: float) -> float:
    """Return the distribution of the place of the maximum of a two-sided Brownian motion with drift -|s|/2.

    `ratio` is the variance on the right over the variance on the left (Bai 1997, appendix B, equal moments of
    the regressors). For ratio 1 it is symmetric.
    """
    from scipy.special import log_ndtr

    p = ratio
    size = abs(x)
    root = math.sqrt(size)
    if x <= 0:
        a, b = (1 + 1 / p) / (2 * p), 0.5 + 1 / p
        c, d = p * (p + 2) / (p + 1), (p + 2) ** 2 / (p + 1)
        near = -root * math.exp(-size / 8) / math.sqrt(2 * math.pi)
        far = -c * math.exp(a * size + float(log_ndtr(-b * root)))
        return near + far + (d - 2 + size / 2) * math.exp(float(log_ndtr(-root / 2)))
    a, b = (p + 1) / 2, (2 * p + 1) / (2 * math.sqrt(p))
    c, d = (1 + 2 * p) / ((p + 1) * p), (1 + 2 * p) ** 2 / ((p + 1) * p)
    near = root * math.exp(-size / (8 * p)) / math.sqrt(2 * math.pi * p)
    far = c * math.exp(a * size + float(log_ndtr(-b * root)))
    return 1 + near + far + (2 - d - size / (2 * p)) * math.exp(float(log_ndtr(-root / (2 * math.sqrt(p)))))


def _partitions(
    series: Floats, precision: Floats, shortest: int, most: int
) -> tuple[list[float], list[npt.NDArray[np.intp]]]:
    """Return the least sum of squares for 0..most changes, and where the last change of each lies."""
    n = len(series)
    cost = _costs(series, precision, shortest)
    best = [cost[0, :]]
    last: list[npt.NDArray[np.intp]] = []
    for _ in range(most):
        sums = best[-1][:, None] + cost
        last.append(np.argmin(sums, axis=0))
        best.append(np.min(sums, axis=0))
    return [float(row[n]) for row in best], last


def _costs(series: Floats, precision: Floats, shortest: int) -> Floats:
    """Return the sum of squares of every stretch [start, end) around its mean; infinite where too short."""
    n = len(series)
    centred = series - series.mean()
    sums = [np.concatenate([[0.0], np.cumsum(precision * centred**power)]) for power in (0, 1, 2)]
    w, s, q = (total[None, :] - total[:, None] for total in sums)
    length = np.arange(n + 1)[None, :] - np.arange(n + 1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = np.maximum(q - s**2 / w, 0.0)
    allowed = length >= (shortest if n >= shortest else n)
    return np.where(allowed, squares, np.inf)


def _traced(last: list[npt.NDArray[np.intp]], changes: int, n: int) -> list[int]:
    indices, end = [], n
    for step in range(changes, 0, -1):
        end = int(last[step - 1][end])
        indices.append(end)
    return indices[::-1]


def _bic(squares: float, regimes: int, n: int, *, known: bool) -> float:
    if not math.isfinite(squares):
        return math.inf
    parameters = 2 * regimes - 1
    if known:
        return squares + parameters * math.log(n)
    floor = np.finfo(float).tiny
    return n * (math.log(max(squares / n, floor)) + 1 + math.log(2 * math.pi)) + (parameters + 1) * math.log(
        n
    )


def _too_short(n: int, level: float) -> ChangePoint:
    note = Note(
        code="series_too_short",
        text=Text("The series is too short to look for a lasting change: at least four values are needed."),
    )
    return ChangePoint(
        index=None,
        ci_low=None,
        ci_high=None,
        p_value=UNKNOWN,
        change=None,
        mean_before=UNKNOWN,
        mean_after=UNKNOWN,
        n=n,
        level=level,
        notes=(note,),
    )
