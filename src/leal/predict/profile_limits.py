"""Limits of a parameter by its profile likelihood: where the best fit with it fixed is surely worse."""

from __future__ import annotations

import math

import numpy as np

from leal.predict.newton import FARTHEST, Floats, Likelihood, maximise

CLOSE = 1e-3
"""Log-likelihood by which a limit may be off: less than a two-thousandth of its distance."""

_TRIES = 40


def profile_limits(
    likelihood: Likelihood, point: Floats, covariance: Floats, place: int, level: float
) -> tuple[float, float]:
    """Return the limits of the logarithm of a parameter; infinite where the data set none.

    Parameters
    ----------
    likelihood : callable
        Log-likelihood with its derivatives, in logarithms of the parameters.
    point, covariance : arrays
        Its maximum, and the covariance there: where the search begins.
    place : int
        Which parameter.
    level : float
        Confidence level.

    Notes
    -----
    The limits are where the likelihood, maximised over all other parameters, has fallen by half the quantile
    of chi square with one degree of freedom. They follow a lopsided likelihood, which plus-or-minus does not
    (Venzon and Moolgavkar 1988).
    """
    from scipy.special import ndtri

    reach = float(ndtri(0.5 + level / 2))
    target = likelihood(point)[0] - reach**2 / 2
    low, high = (_limit(likelihood, point, covariance, place, side * reach, target) for side in (-1, 1))
    return low, high


def _limit(
    likelihood: Likelihood, point: Floats, covariance: Floats, place: int, reach: float, target: float
) -> float:
    """Return one limit: steps by the slope of the profile, kept between what is near and what is too far."""
    slopes = covariance[:, place] / covariance[place, place]
    distance = reach * math.sqrt(covariance[place, place])
    near, far = 0.0, math.inf * np.sign(reach)
    start = point
    for _ in range(_TRIES):
        begin = start + slopes * (distance - (start[place] - point[place]))
        begin = np.clip(begin, point - FARTHEST, point + FARTHEST)
        height, slope, start = _profile(likelihood, begin, place)
        above = height - target
        if abs(above) < CLOSE:
            return float(point[place] + distance)
        if above > 0:
            near = distance
        else:
            far = distance
        step = distance - above / slope if slope * reach < 0 else 2 * distance
        distance = _between(step, near, far)
        if abs(distance) > FARTHEST:
            return math.inf * float(np.sign(reach))
    return float(point[place] + distance)


def _between(step: float, near: float, far: float) -> float:
    """Return a step that lies between the two, or not more than twice as far as the near one."""
    if math.isinf(far):
        most = 2 * near if near else step
        return math.copysign(min(abs(step), abs(most)), far) if abs(step) > abs(near) else most
    inside = min(near, far) < step < max(near, far)
    return step if inside else (near + far) / 2


def _profile(likelihood: Likelihood, begin: Floats, place: int) -> tuple[float, float, Floats]:
    """Return the greatest likelihood with one parameter fixed, its slope in that one, and where it is."""
    others = np.arange(begin.size) != place

    def fixed(rest: Floats) -> tuple[float, Floats, Floats]:
        whole = begin.copy()
        whole[others] = rest
        value, gradient, hessian = likelihood(whole)
        return value, gradient[others], hessian[np.ix_(others, others)]

    found = maximise(fixed, begin[others])
    whole = begin.copy()
    whole[others] = found.point
    value, gradient, _ = likelihood(whole)
    return value, float(gradient[place]), whole
