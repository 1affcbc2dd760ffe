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
        m + (1 - B_i)(y_i - m) with B_i = v_i/(v_i + t2), and its variance, which includes that the mean m and
        the variance between units t2 are estimated. A unit without a figure gets the mean of the others.

    Notes
    -----
    t2 by Paule and Mandel (1982). With one unit alone nothing is drawn anywhere. Not for units that are known
    to differ for a reason: shrink within groups that are alike.

    References
    ----------
    Efron and Morris (1975), JASA 70, 311-319; Morris (1983), JASA 78, 47-65.
    """
    figures, noise = floats(estimates), floats(variances)
    known = np.isfinite(figures)
    if figures.shape != noise.shape or not np.all(noise[known] > 0):
        raise BadValue(
            Text("A variance is not above zero."),
            hint=Text("Add .75, 1.5 and .75 answers to detractors, passives and promoters of small groups."),
            where=Where(column="variances"),
        )
    shrunk, variance = np.full((2, len(figures)), UNKNOWN)
    if not known.any():
        return shrunk, variance
    between = between_variance(figures[known], noise[known])
    precision = 1 / (noise[known] + between)
    mean, mean_variance = float(precision @ figures[known] / precision.sum()), 1 / float(precision.sum())
    shrunk[:], variance[:] = mean, between + mean_variance
    pull = noise[known] * precision
    distance = figures[known] - mean
    units = int(known.sum())
    if units == 1:
        return np.where(known, figures, mean), np.where(known, noise, noise[known][0])
    shrunk[known] = mean + (1 - pull) * distance
    doubt = 2 / max(units - 3, 1) * pull**2 * precision * (noise[known].mean() + between) * distance**2
    variance[known] = np.minimum(noise[known] * (1 - pull) + pull**2 * mean_variance + doubt, noise[known])
    return shrunk, variance


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
