"""Figures that are the size of something signed: HTMT, f2, variance inflation near their lowest value.

The size of noise is never zero. A mean of absolute correlations is too high where constructs hardly
correlate, and higher still in resamples, so that percentiles leave the truth below. Their limits are those of
the signed figure, folded at zero: from -.1 to .2 becomes 0 to .2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signed:
    """The signed figures behind sizes or squares.

    Attributes
    ----------
    draws, estimates : (figures, R), (figures,)
        Signed figures of the resamples and of the sample.
    power : {1, 2}
        Whether the figures are their sizes or their squares.
    """

    draws: Floats
    estimates: Floats
    power: int = 1


def folded(low: Floats, high: Floats, power: int) -> tuple[Floats, Floats]:
    """Return limits of the size (or square) of a figure from the limits of the figure itself."""
    least, most = np.minimum(np.abs(low), np.abs(high)), np.maximum(np.abs(low), np.abs(high))
    return np.asarray(np.where(low * high < 0, 0.0, least) ** power), np.asarray(most**power)


def mirrored(low: Floats, high: Floats, estimates: Floats) -> Floats:
    """Return lower limits of explained variance no further from the estimate than the upper ones.

    Compared on the scale of the multiple correlation, its root, where the mirrored limit of sources that do
    not correlate is 0; percentiles are always above it.
    """
    middle, top = (np.sqrt(np.maximum(share, 0.0)) for share in (estimates, high))
    return np.asarray(np.fmin(low, np.maximum(2 * middle - top, 0.0) ** 2))


def without_folding(
    sizes: tuple[Floats, Floats], means: tuple[Floats, Floats], spreads: tuple[Floats, Floats]
) -> Signed:
    """Return means of absolute values freed of what noise adds by folding, with the sign of the plain mean.

    Parameters
    ----------
    sizes, means, spreads : two arrays each, (figures, R) of the resamples and (figures,) of the sample
        Mean of the absolute correlations between two blocks, their plain mean, their standard deviation (all
        over the same denominator).

    Notes
    -----
    With m(mean, spread) the mean of a folded normal distribution, the size is freed by
    size - m(mean, spread) + m(mean, spread without noise). Noise adds to the variance within the block pair;
    what resampling adds to it (median of the draws less the sample) the sample had added to the truth, so it
    is taken off once in the sample and twice in the draws. With many answers nothing is taken off.
    """
    drawn, here = spreads[0] ** 2, spreads[1] ** 2
    turn = np.where(means[1] < 0, -1.0, 1.0)[:, None]
    with np.errstate(invalid="ignore"):  # a draw whose blocks hold nothing together has no end, and no size
        noise = np.maximum(np.median(drawn, axis=1) - here, 0.0)
        draws = _freed(sizes[0], means[0], drawn, 2 * noise[:, None]) * np.sign(means[0]) * turn
        return Signed(draws=draws, estimates=_freed(sizes[1], means[1], here, noise))


def _freed(size: Floats, mean: Floats, variance: Floats, noise: Floats) -> Floats:
    kept = np.sqrt(np.maximum(variance - noise, 0.0))
    return np.asarray(
        np.maximum(size - folded_normal_mean(mean, np.sqrt(variance)) + folded_normal_mean(mean, kept), 0.0)
    )


def folded_normal_mean(mean: Floats, spread: Floats) -> Floats:
    """Return the mean of |x| for normal x (Leone, Nelson and Nottingham 1961)."""
    from scipy.special import ndtr

    safe = np.maximum(spread, 1e-12)
    ratio = np.abs(mean) / safe
    return np.asarray(
        safe * np.sqrt(2 / np.pi) * np.exp(-(ratio**2) / 2) + np.abs(mean) * (1 - 2 * ndtr(-ratio))
    )
