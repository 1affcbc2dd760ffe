"""Limits of a figure by its profile likelihood: where the best fit with it fixed is surely worse."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from leal.predict.purchase_models.newton import Floats, Likelihood, Maximum
from leal.predict.purchase_models.pair_steps import maximise_pairs

CLOSE = 0.02
"""How far from a limit the last step is taken, in standard errors; its own error is of the square of that."""

GAIN = 1e-5
"""Log-likelihood that a point on the way may lack: a five-hundredth of a thousandth of a limit's distance."""

FARTHEST = 7.0
"""Logarithms of parameters stay within this of the start, a factor of 1,100: little changes beyond."""

_TRIES = 25
_STIFF = 4.0  # how much firmer the figure is pulled to its place than the data hold it
_VAGUE = 5.0  # standard deviation that a logarithm is given where the data give none
_WIDTH = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A figure of a model, on the logarithm, by the logarithms of the parameters.

    Attributes
    ----------
    value : callable
        The figure's logarithm at a point; not-a-number where there is none.
    slopes : callable
        The same with gradient and second derivatives.
    """

    value: Callable[[Floats], float]
    slopes: Callable[[Floats], tuple[float, Floats, Floats]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A figure of a model, and what the data say of the model's parameters.

    Attributes
    ----------
    likelihood : callable
        Log-likelihood with its derivatives, in logarithms of the parameters.
    curve : Curve
        The figure.
    start : array (p,)
        Where to begin: the maximum, or a point inside where that lies on the boundary.
    best : float
        The greatest log-likelihood.
    middle : float
        The figure's logarithm there.
    far : float
        How far from `middle` a limit is looked for: what lies beyond is none.
    """

    likelihood: Likelihood
    curve: Curve
    start: Floats
    best: float
    middle: float
    far: float

    def pulled(self, begin: Floats, aim: float, firmness: float) -> Maximum:
        """Return the best fit with the figure pulled towards a place: the best of all with its figure."""

        def both(point: Floats) -> tuple[float, Floats, Floats]:
            value, gradient, hessian = self.likelihood(point)
            if not math.isfinite(value):
                return value, gradient, hessian
            figure, slope, bend = self.curve.slopes(point)
            off = figure - aim
            value = value - firmness / 2 * off**2
            gradient = gradient - firmness * off * slope
            return value, gradient, hessian - firmness * (np.outer(slope, slope) + off * bend)

        return maximise_pairs(both, begin, around=self.start, reach=FARTHEST, least=GAIN)


@dataclass(frozen=True, slots=True)
class _Place:
    """A point of the profile: how far the figure is from the middle, and how much worse the fit is there."""

    distance: float = 0.0
    root: float = 0.0


def profile_limits(profile: Profile, level: float) -> tuple[float, float] | None:
    """Return the limits of the figure's logarithm; infinite where the data set none, None if not found.

    Parameters
    ----------
    profile : Profile
        The figure and the likelihood.
    level : float
        Confidence level.

    Notes
    -----
    The limits are where the likelihood, maximised over all parameters that give the same figure, has fallen
    by half the quantile of chi square with one degree of freedom (Venzon and Moolgavkar 1988). They follow a
    lopsided likelihood, which plus-or-minus does not, and they take in parameters that the data do not
    determine. A point of the profile is found by pulling the figure to a place with a force of a known size:
    wherever it comes to rest, no other parameters with the same figure are likelier.
    """
    from scipy.special import ndtri

    reach = float(ndtri(0.5 + level / 2))
    first = _first_step(profile)
    if first is None:
        return None
    low = _limit(profile, *first, -1.0, reach)
    high = math.nan if math.isnan(low) else _limit(profile, *first, 1.0, reach)
    return None if math.isnan(high) else (low, high)


def _first_step(profile: Profile) -> tuple[float, Floats] | None:
    """Return the standard error of the figure's logarithm, and how the parameters go along with it."""
    value, _, hessian = profile.likelihood(profile.start)
    figure, slope, _ = profile.curve.slopes(profile.start)
    if not (math.isfinite(value) and np.isfinite(hessian).all() and math.isfinite(figure)):
        return None
    curvature, axes = np.linalg.eigh(-hessian)
    covariance = (axes / np.maximum(curvature, _VAGUE**-2)) @ axes.T
    variance = float(slope @ covariance @ slope)
    if not variance > 0:
        return None
    return math.sqrt(variance), covariance @ slope / variance


def _limit(profile: Profile, spread: float, along: Floats, side: float, reach: float) -> float:
    """Return one limit by Newton's steps on the root of twice the likelihood ratio: it is nearly straight."""
    wanted = min(reach * spread, profile.far / 2)
    point = profile.start + side * wanted * along
    if not _possible(profile, point):
        point = profile.start
    near, beyond = _Place(), math.inf
    root, slope = reach, 1 / spread
    for _ in range(_TRIES):
        firmness = _STIFF * (root / wanted) ** 2
        pull = wanted + slope * root / firmness
        found = profile.pulled(point, profile.middle + side * pull, firmness)
        point = found.point
        here = _place(profile, point, side)
        if here.distance >= profile.far:
            return side * math.inf
        if here.root < reach and here.distance < near.distance + 1e-3 * (wanted - near.distance):
            return profile.middle + side * near.distance  # the figure itself goes no farther
        force = firmness * (pull - here.distance)
        slope = max(force / here.root, 1e-9) if here.root > 0 else 1 / spread
        if abs(reach - here.root) < CLOSE:
            return profile.middle + side * (here.distance + (reach - here.root) / slope)
        if here.root < reach:
            near = max(near, here, key=lambda place: place.distance)
        else:
            beyond = min(beyond, here.distance)
        if beyond < CLOSE * spread:
            return math.nan  # the start itself is beyond the limit: it was no maximum
        step = here.distance + (reach - here.root) / slope
        wanted = min(_between(step, near.distance, beyond, wanted), 1.2 * profile.far)
        root = max(here.root + slope * (wanted - here.distance), 0.1)
    return math.nan


def _possible(profile: Profile, point: Floats) -> bool:
    value = profile.likelihood(point)[0]
    return math.isfinite(value) and math.isfinite(profile.curve.value(point))


def _place(profile: Profile, point: Floats, side: float) -> _Place:
    value = profile.likelihood(point)[0]
    distance = side * (profile.curve.value(point) - profile.middle)
    return _Place(distance, math.sqrt(2 * max(profile.best - value, 0.0)))


def _between(step: float, near: float, beyond: float, before: float) -> float:
    """Return a step between what is near and what is beyond, and not more than twice as far as before."""
    if math.isinf(beyond):
        return min(max(step, near + 0.05 * before), 2 * max(before, near))
    return step if near < step < beyond else (near + beyond) / 2


def parameter_curve(place: int, size: int) -> Curve:
    """Return the logarithm of a parameter itself as a figure."""
    slope, bend = np.zeros(size), np.zeros((size, size))
    slope[place] = 1.0

    def curve(point: Floats) -> tuple[float, Floats, Floats]:
        return float(point[place]), slope, bend

    return Curve(value=lambda point: float(point[place]), slopes=curve)


def figure_curve(figure: Callable[[Floats], float]) -> Curve:
    """Return the logarithm of a figure with derivatives by central differences."""

    def logarithm(point: Floats) -> float:
        value = figure(point)
        return math.log(value) if 0 < value < math.inf else math.nan

    def curve(point: Floats) -> tuple[float, Floats, Floats]:
        size = point.size
        shifts = np.eye(size) * _WIDTH
        middle = logarithm(point)
        up = np.array([logarithm(point + shift) for shift in shifts])
        down = np.array([logarithm(point - shift) for shift in shifts])
        bend = np.diag(up + down - 2 * middle)
        for i in range(size):
            for j in range(i):
                both = shifts[i] + shifts[j]
                corner = logarithm(point + both) + logarithm(point - both) + 2 * middle
                bend[i, j] = bend[j, i] = (corner - up[i] - down[i] - up[j] - down[j]) / 2
        return middle, (up - down) / (2 * _WIDTH), bend / _WIDTH**2

    return Curve(value=logarithm, slopes=curve)
