"""Small units win and lose league tables by luck: estimates drawn towards the mean by their own noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.counts import NpsCounts
from leal.statistics.intervals import adjusted
from leal.statistics.numbers import UNKNOWN, Floats, floats
from leal.wording import Text

_ROUNDS = 200
_STEPS = 200


def shrink(estimates: npt.ArrayLike, variances: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return what each unit is most likely to be worth, given how all units differ.

    Parameters
    ----------
    estimates : array of shape (units,)
        Figures of branches, teams, segments.
    variances : array of shape (units,)
        Squared standard errors, above zero. A unit whose few answers all agree has no true zero: use
        `shrink_nps`, or add .75, 1.5 and .75 answers.

    Returns
    -------
    shrunk, variance : arrays of shape (units,)
        m + (1 - B_i)(y_i - m) with B_i = v_i/(v_i + t2), averaged over what the mean m and the variance
        between units t2 may be, and its variance, which knows that both are estimated. A unit without a
        figure gets the mean of the others.

    Notes
    -----
    Normal units with a flat prior for the mean and for t, t integrated over a grid: a single estimate of t2
    (`between_variance`) is often zero by chance for few units, and intervals would be too short. With one
    unit alone nothing is drawn anywhere. Not for units that are known to differ for a reason: shrink within
    groups that are alike.

    References
    ----------
    Efron and Morris (1975), JASA 70, 311-319; Rubin (1981), Journal of Educational Statistics 6, 377-401.
    """
    figures, noise = floats(estimates), floats(variances)
    known = np.isfinite(figures)
    if figures.shape != noise.shape or not np.all(noise[known] > 0):
        raise BadValue(
            Text("A variance is not above zero."),
            hint=Text("Add .75, 1.5 and .75 answers to detractors, passives and promoters of small groups."),
            where=Where(column="variances"),
        )
    units = int(known.sum())
    if units < 2:
        middle, doubt = (figures[known], noise[known]) if units else (UNKNOWN, UNKNOWN)
        return np.full(len(figures), middle), np.full(len(figures), doubt)
    # a unit without a figure is one whose noise is endless
    return _averaged(np.where(known, figures, 0.0), np.where(known, 1 / np.where(known, noise, 1.0), 0.0))


def _averaged(figures: Floats, certainty: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of each unit, averaged over the grid of t; certainty is 1/v, 0 if unknown."""
    between, weight = _grid(figures, certainty)
    precision = certainty / (1 + certainty * between[:, None])
    total = precision.sum(axis=1)
    mean = precision @ figures / total
    pull = 1 / (1 + certainty * between[:, None])
    drawn = figures + pull * (mean[:, None] - figures)
    own = between[:, None] * pull + pull**2 / total[:, None]
    misfit = np.sum(precision * (figures - mean[:, None]) ** 2, axis=1)
    told = certainty > 0
    fit = 0.5 * (np.log(precision[:, told]).sum(axis=1) - np.log(total) - misfit)
    chance = weight * np.exp(fit - fit.max())
    chance /= chance.sum()
    shrunk = chance @ drawn
    return floats(shrunk), floats(chance @ (own + (drawn - shrunk) ** 2))


def _grid(figures: Floats, certainty: Floats) -> tuple[Floats, Floats]:
    """Return values of t2 from zero to far beyond the spread of the units, and the step of t at each."""
    told = figures[certainty > 0]
    scale = float(np.std(told)) + float(np.sqrt(1 / certainty.max()))
    way = (np.arange(_STEPS) + 0.5) / _STEPS
    return (scale * way / (1 - way)) ** 2, 1 / (1 - way) ** 2


def between_variance(estimates: npt.ArrayLike, variances: npt.ArrayLike) -> float:
    """Return how much units truly differ: the variance between them beyond their own noise, from zero up.

    Paule and Mandel (1982): the t2 at which sum (y_i - m)^2/(v_i + t2) equals units - 1.
    """
    figures, noise = floats(estimates), floats(variances)
    if len(figures) < 2:
        return 0.0

    def excess(between: float) -> float:
        precision = 1 / (noise + between)
        mean = precision @ figures / precision.sum()
        return float(precision @ (figures - mean) ** 2) - (len(figures) - 1)

    low, high = 0.0, float(np.ptp(figures) ** 2) + 1e-300
    if excess(low) <= 0:
        return 0.0
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


def shrink_nps(groups: Sequence[NpsCounts]) -> tuple[Floats, Floats]:
    """Return the NPS of each unit (-1..1) drawn towards the mean of all, and the variance of each.

    `shrink` on the scores, with the variances of the counts with .75, 1.5 and .75 answers added, so that a
    unit of three promoters is not taken for a certainty.
    """
    smooth = [adjusted(counts) for counts in groups]
    shrunk, variance = shrink(
        [counts.score for counts in groups], [counts.variance / counts.n for counts in smooth]
    )
    return np.clip(shrunk, -1.0, 1.0), variance
