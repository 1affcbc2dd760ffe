"""Limits of intervals: percentiles (shifted or freed of bias by default), bias-corrected, jackknife."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from leal.path_model.folding import Signed, folded, mirrored
from leal.statistics import t_quantile, two_sided_z
from leal.statistics.numbers import normal_share

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]

METHODS = ("shifted_percentile", "bca", "percentile")

Bias = Literal["none", "explained", "inflation", "squares"]
"""How a figure that is biased in small samples is freed of it, by the default method; see `without_bias`."""

FEWEST = 4

ENDLESS: Final = 2.0
"""How many times what the interval implies a standard deviation may be before a few draws have made it."""

SHIFT: Final = 1.5
"""How much of z0 the default shifts the tails by; the full 2 z0 of Efron overshoots in weights."""

MOST_SHIFT: Final = 0.3
"""Limit of the shift, in standard deviations: a large z0 tells of one odd sample more than of bias."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Draws of some figures, their estimates, and how their intervals are to be found.

    Attributes
    ----------
    draws : (figures, R)
        Figures of the resamples; of a jackknife, with each answer (or group) left out.
    estimates : (figures,)
        Figures of all answers.
    method : {"shifted_percentile", "bca", "percentile", "jackknife"}
        See `leal.path_model.PathFit.bootstrap` and `jackknife`.
    level : float
        Confidence level.
    n : float
        (Effective) number of answers.
    left_out : (figures, G) or None
        Figures of the jackknife, where the method needs them beside the draws.
    bias : Bias
        How the figures are freed of bias.
    signed : Signed or None
        Of figures that are the size or the square of signed ones: those, which the default takes limits of.
    """

    draws: Floats
    estimates: Floats
    method: str
    level: float
    n: float
    left_out: Floats | None = None
    bias: Bias = "none"
    signed: Signed | None = None

    def columns(self) -> dict[str, Floats]:
        """Return standard error and limits, ready for a table."""
        with np.errstate(invalid="ignore"):  # an infinite draw (items that repeat each other) has no spread
            alone = self.method == "jackknife"
            error = jackknife_errors(self.draws) if alone else self.draws.std(axis=1, ddof=1)
        low, high = self._limits(error)
        if not alone and self.bias == "none" and self.signed is None:
            error = without_endless_draws(error, low, high, self.level)
        return {"standard_error": error, "ci_low": low, "ci_high": high}

    def _limits(self, error: Floats) -> tuple[Floats, Floats]:
        if self.method == "jackknife":
            from scipy.special import stdtrit

            reach = stdtrit(self.draws.shape[1] - 1, (1 + self.level) / 2) * error
            return self.estimates - reach, self.estimates + reach
        if self.method == "percentile":
            return percentile_limits(self.draws, self.level)
        if self.method == "bca":
            assert self.left_out is not None
            return bca_limits(self.draws, self.estimates, self.left_out, self.level)
        if self.bias == "inflation":
            return inflation_limits(self.draws, self.estimates, self.level, self.n)
        low, high = self._default_limits()
        return np.fmin(low, self.estimates), np.fmax(high, self.estimates)

    def _default_limits(self) -> tuple[Floats, Floats]:
        if self.signed is not None:
            low, high = shifted_limits(self.signed.draws, self.signed.estimates, self.level, self.n)
            return folded(low, high, self.signed.power)
        if self.bias == "none":
            return shifted_limits(self.draws, self.estimates, self.level, self.n)
        return percentile_limits(without_bias(self.draws, self.estimates, self.bias), self.level, self.n)


def with_limits(table: pl.DataFrame, drawn: Drawn, n: int) -> pl.DataFrame:
    """Return a table of estimates with standard error, limits, n, level and method."""
    import polars as pl

    rows = table.height
    figures = [pl.Series(name, values) for name, values in drawn.columns().items()]
    # Columns are set side by side: an expression would wake the threads of Polars for each small table.
    return table.hstack(
        [
            *figures,
            pl.Series("n", [n] * rows, dtype=pl.Int64),
            pl.Series("level", [drawn.level] * rows, dtype=pl.Float64),
            pl.Series("method", [drawn.method] * rows, dtype=pl.String),
        ]
    )


def without_bias(draws: Floats, estimates: Floats, bias: Bias) -> Floats:
    """Return draws freed of bias: what resampling added to the sample, the sample had added to the truth.

    Parameters
    ----------
    draws, estimates : (figures, R), (figures,)
        Figures of the resamples and of the sample.
    bias : Bias
        ``explained``: R2. The unexplained share 1 - R2 is smaller in resamples than in the sample by a factor
        f (median of the draws over the estimate), and by as much in the sample than in the population; draws
        are divided by it twice: 1 - (1 - R2*) / f^2. For a regression f is about (n - k - 1) / (n - 1), that
        of the adjusted R2; here it also holds what fitting the weights adds. ``squares``: root mean squares
        (SRMR), to whose squares noise adds a constant, taken off twice. Variance inflation is freed as R2 is,
        by `inflation_limits`.
    """
    if bias == "none":
        return draws
    middle = np.median(draws, axis=1)[:, None]
    centre = estimates[:, None]
    if bias == "explained":
        sound = (centre < 1) & (middle < 1)
        factor = np.where(sound, (1 - centre) / np.where(sound, 1 - middle, 1.0), 1.0)
        return np.asarray(np.maximum(1 - (1 - draws) * factor**2, 0.0))
    return np.asarray(np.sqrt(np.maximum(draws**2 - 2 * (middle**2 - centre**2), 0.0)))


def inflation_limits(draws: Floats, estimates: Floats, level: float, n: float) -> tuple[Floats, Floats]:
    """Return the default limits of variance inflation 1 / (1 - R2), found as those of its R2.

    Of consistent PLS an R2 may exceed 1, beyond which inflation is negative: on the scale of R2 such draws
    lie above the others, where they belong, and an upper limit there is infinite.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        explained, here = 1 - 1 / draws, 1 - 1 / estimates
        low, high = percentile_limits(without_bias(explained, here, "explained"), level, n)
        low, high = np.fmin(mirrored(low, high, here), here), np.fmax(high, here)
        return _inflation_of(np.maximum(low, 0.0)), _inflation_of(high)


def _inflation_of(explained: Floats) -> Floats:
    return np.where(explained < 1, 1 / (1 - explained), np.inf)


def without_endless_draws(error: Floats, low: Floats, high: Floats, level: float) -> Floats:
    """Return standard errors, those of draws without end replaced by what the interval implies.

    An index is a ratio: in a resample whose weights nearly cancel it may be thousands, and the standard
    deviation of the draws tells of those few. Where it is more than twice as large as the interval's width
    lets a normal distribution have, that is told: (high - low) / (2 x normal quantile).
    """
    implied = (high - low) / (2 * two_sided_z(level))
    with np.errstate(invalid="ignore"):
        return np.where((implied > 0) & (error > ENDLESS * implied), implied, error)


def jackknife_errors(left_out: Floats) -> Floats:
    """Return standard errors from figures with each answer or equal group left out (figures, G).

    sqrt((G - 1) / G sum (figure - mean)^2).
    """
    groups = left_out.shape[1]
    squares = ((left_out - left_out.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return np.asarray(np.sqrt((groups - 1) / groups * squares))


def percentile_limits(draws: Floats, level: float, n: float | None = None) -> tuple[Floats, Floats]:
    """Return the percentile limits of each figure (figures x resamples): quantiles of the draws (type 7).

    Parameters
    ----------
    draws : (figures, R)
        Figures of the resamples.
    level : float
        Confidence level.
    n : float or None
        (Effective) number of answers: with few, plain percentiles are too narrow, and the tails are cut at
        Phi(-sqrt(n / (n - 3)) t), t the quantile of Student's distribution with n - 3 degrees (after
        Hesterberg 2015): .0175 instead of .025 for 50 answers, .0235 for 250. None leaves them plain.
    """
    tail = (1 - level) / 2 if n is None else _tail(level, n)
    return _quantiles(draws, np.full(len(draws), tail), np.full(len(draws), 1 - tail))


def shifted_limits(draws: Floats, estimates: Floats, level: float, n: float) -> tuple[Floats, Floats]:
    """Return the default limits: percentiles, widened for few answers and shifted against the bias.

    Parameters
    ----------
    draws, estimates : (figures, R), (figures,)
        Figures of the resamples and of the sample.
    level : float
        Confidence level.
    n : float
        (Effective) number of answers.

    Notes
    -----
    The tails are cut at Phi(s - t) and Phi(s + t), t as in `percentile_limits`. With z0 = Phi^-1 (share of
    draws below the estimate), s is 1.5 z0, at most .3 either way. The bias-corrected percentile (Efron 1981)
    has s = 2 z0 without a limit: it holds paths as well, but weights of weakly related constructs in .80 to
    .92 of samples, for which z0 is large and says nothing; see decision 0011.
    """
    from scipy.special import ndtr, ndtri

    shift = np.clip(SHIFT * ndtri(_share_below(draws, estimates)), -MOST_SHIFT, MOST_SHIFT)
    reach = ndtri(1 - _tail(level, n))
    return _quantiles(draws, ndtr(shift - reach), ndtr(shift + reach))


def _share_below(draws: Floats, estimates: Floats) -> Floats:
    """Return the share of draws below the estimate, half of the equal ones included; never 0 or 1."""
    share = (draws < estimates[:, None]).mean(axis=1) + 0.5 * (draws == estimates[:, None]).mean(axis=1)
    edge = 1 / (2 * draws.shape[1])
    return np.asarray(np.clip(share, edge, 1 - edge))


def _tail(level: float, n: float) -> float:
    if n <= FEWEST:
        return 0.0
    freedom = n - 3
    return normal_share(-math.sqrt(n / freedom) * t_quantile(level, freedom))


def bca_limits(draws: Floats, estimates: Floats, jackknife: Floats, level: float) -> tuple[Floats, Floats]:
    """Return bias-corrected and accelerated limits (Efron 1987).

    z0 comes from the share of draws below the estimate; the acceleration is sum d^3 / (6 (sum d^2)^1.5), d
    being the mean of the leave-one-out figures less each of them.
    """
    from scipy.special import ndtr, ndtri

    bias = ndtri(_share_below(draws, estimates))
    deviation = jackknife.mean(axis=1, keepdims=True) - jackknife
    spread = (deviation**2).sum(axis=1) ** 1.5
    acceleration = np.divide(
        (deviation**3).sum(axis=1), 6 * spread, out=np.zeros(len(draws)), where=spread > 0
    )
    points = (bias + ndtri(tail) for tail in ((1 - level) / 2, 1 - (1 - level) / 2))
    low, high = (ndtr(bias + point / (1 - acceleration * point)) for point in points)
    return _quantiles(draws, low, high)


def _quantiles(draws: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return two quantiles of each row by linear interpolation, partly sorted once for both."""
    ends = [_between(shares, draws.shape[1]) for shares in (low, high)]
    partly = np.partition(draws, sorted({place for pair in ends for place in pair}), axis=1)
    below, above = (
        _interpolated(partly[:, first : last + 1], shares * (draws.shape[1] - 1) - first)
        for shares, (first, last) in zip((low, high), ends, strict=True)
    )
    return below, above


def _between(shares: Floats, resamples: int) -> tuple[int, int]:
    """Return the first and last place in sorted draws that quantiles at these shares need."""
    places = np.floor(shares * (resamples - 1)).astype(np.intp)
    return int(places.min()), min(int(places.max()) + 1, resamples - 1)


def _interpolated(draws: Floats, places: Floats) -> Floats:
    """Return the draw of each row at a place of its sorted draws, which may lie between two."""
    needed = np.sort(draws, axis=1)
    below, rows = np.floor(places).astype(np.intp), np.arange(len(draws))
    low, high = needed[rows, below], needed[rows, np.minimum(below + 1, draws.shape[1] - 1)]
    with np.errstate(invalid="ignore"):  # between infinite draws (items that repeat each other) lies none
        return np.asarray(low + (high - low) * (places - below))
