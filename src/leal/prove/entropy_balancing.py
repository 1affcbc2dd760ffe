"""Weights under which some customers are, in the mean, like others: entropy balancing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEPS = 80
CLOSE = 1e-6
"""Standard deviations from which on the means are taken as equal."""

SAME = 1e-4
"""Below this part of the largest a column tells nothing that those before it do not tell."""


@dataclass(frozen=True, slots=True)
class BalancingWeights:
    """Weights that add up to 1, and how well they do.

    Attributes
    ----------
    weights : array of shape (others,)
    farthest : float
        The mean that is missed by most, in standard deviations of the others.
    traits : array of shape (treated + others, traits)
        What was balanced, standardised, without what other columns tell already; in the order given.
    """

    weights: Floats
    farthest: float
    traits: Floats

    @property
    def effective_n(self) -> float:
        """How many customers of equal weight these are worth (Kish)."""
        return float(1 / np.sum(self.weights**2))


def entropy_balance(traits: Floats, treated: npt.NDArray[np.bool_]) -> BalancingWeights:
    """Weigh the others so that the mean of each trait is that of the treated.

    Parameters
    ----------
    traits : array of shape (customers, traits)
        What was known of each before the start.
    treated : array of shape (customers,)
        Who was treated; the others are weighed.

    Returns
    -------
    BalancingWeights
        Of all weights that make the means equal those nearest to equal weights; where no weights do,
        `farthest` is not near zero.

    Notes
    -----
    Newton's steps on the convex dual: the least of log(sum exp(x l)) - l m over l, m being the means of the
    treated.

    References
    ----------
    Hainmueller (2012), Political Analysis 20.
    """
    others = traits[~treated]
    spread = others.std(axis=0)
    varies = spread > 0
    gap = np.abs(traits[treated].mean(axis=0) - others.mean(axis=0))
    if np.any(~varies & (gap > CLOSE)):
        return BalancingWeights(_equal(len(others)), float("inf"), traits[:, varies])
    scaled = _independent((traits[:, varies] - others[:, varies].mean(axis=0)) / spread[varies], treated)
    means = scaled[treated].mean(axis=0)
    weights = _nearest_weights(scaled[~treated], means)
    missed = np.abs(weights @ scaled[~treated] - means)
    return BalancingWeights(weights, float(missed.max(initial=0.0)), scaled)


def _equal(count: int) -> Floats:
    return np.full(count, 1 / count)


def _independent(scaled: Floats, treated: npt.NDArray[np.bool_]) -> Floats:
    """Leave out columns that follow from those before them."""
    if not scaled.shape[1]:
        return scaled
    heights = np.abs(np.diag(np.linalg.qr(scaled[~treated], mode="r")))
    return np.asarray(scaled[:, : len(heights)][:, heights > SAME * heights.max()])


def _nearest_weights(others: Floats, means: Floats) -> Floats:
    slopes = np.zeros(len(means))
    height, weights = _dual(others, means, slopes)
    for _ in range(STEPS):
        missed = weights @ others - means
        if np.abs(missed).max(initial=0.0) < CLOSE:
            break
        own = weights @ others
        curvature = (others * weights[:, None]).T @ others - np.outer(own, own)
        step = np.asarray(np.linalg.solve(curvature + 1e-8 * np.eye(len(means)), missed), dtype=np.float64)
        lower = _lower(others, means, slopes, step, height)
        if lower is None:
            break
        slopes, height, weights = lower
    return weights


def _lower(
    others: Floats, means: Floats, slopes: Floats, step: Floats, height: float
) -> tuple[Floats, float, Floats] | None:
    """Return the first point along a step, halved as often as needed, that lies lower."""
    for halved in range(20):
        tried = slopes - step / 2**halved
        found, weights = _dual(others, means, tried)
        if found < height:
            return tried, found, weights
    return None


def _dual(others: Floats, means: Floats, slopes: Floats) -> tuple[float, Floats]:
    exponents = others @ slopes
    top = float(exponents.max())
    parts = np.exp(exponents - top)
    total = float(parts.sum())
    return top + float(np.log(total)) - float(slopes @ means), np.asarray(parts / total)
