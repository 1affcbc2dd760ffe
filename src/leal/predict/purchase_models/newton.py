"""Damped Newton on a smooth log-likelihood of a few parameters: few passes over the data, errors for free."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

Likelihood: TypeAlias = Callable[[Floats], tuple[float, Floats, Floats]]
"""Log-likelihood, its gradient and its matrix of second derivatives at a point (logarithms of parameters)."""

PASSES = 100
GAIN = 1e-7
"""The last step is taken where it would raise the log-likelihood by less: a hundredth of a thousandth."""

LONGEST = 1.5
"""No step changes a logarithm by more, which is a factor of 4.5."""

FARTHEST = 14.0
"""Logarithms stay within this of the start, a factor of a million: what lies beyond is on the boundary."""

UNDETERMINED = 5.0
"""Standard error of a logarithm above which the data do not determine the parameter: a factor of 150."""

_HALVINGS = 30
_FLATTEST = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """Where a log-likelihood is greatest.

    Attributes
    ----------
    point : array (p,)
        Logarithms of the parameters.
    value : float
        The log-likelihood there.
    hessian : array (p, p)
        Second derivatives, at a distance of less than `GAIN` in the log-likelihood.
    passes : int
        How often the data were gone through.
    converged : bool
        Whether the last step was as small as promised.
    """

    point: Floats
    value: float
    hessian: Floats
    passes: int
    converged: bool


def maximise(
    likelihood: Likelihood,
    start: Floats,
    *,
    around: Floats | None = None,
    reach: float = FARTHEST,
    least: float = GAIN,
) -> Maximum:
    """Return the maximum that Newton's steps lead to from `start`.

    Parameters
    ----------
    likelihood : callable
        Gives value, gradient and second derivatives at a point.
    start : array (p,)
        Where to begin.
    around : array (p,), optional
        What the logarithms stay near: the start, unless another point is given.
    reach : float
        How near, that is.
    least : float
        The last step is taken where it would raise the log-likelihood by less.

    Notes
    -----
    Where the surface is not concave, curvatures are taken by their size (so that every step goes uphill);
    steps are cut to `LONGEST` and halved until the value rises. Near the maximum the error is squared by each
    step: after the last one, not evaluated again, it is far below the gain that was left.
    """
    middle = np.asarray(start if around is None else around, dtype=np.float64)
    lowest, highest = middle - reach, middle + reach
    point = np.clip(np.asarray(start, dtype=np.float64), lowest, highest)
    value, gradient, hessian = likelihood(point)
    passes = 1
    while passes < PASSES:
        step, concave = _step(gradient, hessian, _held(point, lowest, highest, gradient))
        gain = 0.5 * float(gradient @ step)
        if gain < least:
            end = point + step if concave else point
            reached = value + gain if concave else value
            return Maximum(point=end, value=reached, hessian=hessian, passes=passes, converged=True)
        for _ in range(_HALVINGS):
            tried = np.clip(point + step, lowest, highest)
            found = likelihood(tried)
            passes += 1
            if found[0] > value and all(np.isfinite(part).all() for part in found):
                break
            step = step / 2
        else:
            return Maximum(point=point, value=value, hessian=hessian, passes=passes, converged=gain < 1e-3)
        point, (value, gradient, hessian) = tried, found
    return Maximum(point=point, value=value, hessian=hessian, passes=passes, converged=False)


def _held(point: Floats, lowest: Floats, highest: Floats, gradient: Floats) -> Flags:
    """Tell which logarithms are as far out as they may be, and would go farther."""
    return np.asarray(((point >= highest) & (gradient > 0)) | ((point <= lowest) & (gradient < 0)))


def _step(gradient: Floats, hessian: Floats, held: Flags) -> tuple[Floats, bool]:
    """Return the uphill Newton step, no longer than allowed, and whether the surface was concave there."""
    step = np.zeros_like(gradient)
    if held.all():
        return step, True
    curvature, axes = np.linalg.eigh(hessian[np.ix_(~held, ~held)])
    flattest = _FLATTEST * max(float(np.abs(curvature).max()), 1e-300)
    along = (axes.T @ gradient[~held]) / np.maximum(np.abs(curvature), flattest)
    step[~held] = axes @ along
    longest = float(np.abs(step).max())
    if longest > LONGEST:
        step = step * (LONGEST / longest)
    return step, bool((curvature < 0).all())


def covariance_of(hessian: Floats) -> Floats:
    """Return the covariance of the logarithms: the inverse of minus the second derivatives.

    Rows and columns of parameters that the data do not determine (they are on the boundary, or on a ridge
    that leads there) are zero: they are taken as known, the others are given them.
    """
    free = np.ones(hessian.shape[0], dtype=bool)
    while free.any():
        inner = np.ix_(free, free)
        curvature, axes = np.linalg.eigh(-hessian[inner])
        spread = np.sqrt(np.sum(axes**2 / np.maximum(curvature, _FLATTEST), axis=1))
        if spread.max() <= UNDETERMINED:
            out = np.zeros_like(hessian)
            out[inner] = (axes / curvature) @ axes.T
            return out
        free[np.flatnonzero(free)[int(np.argmax(spread))]] = False
    return np.zeros_like(hessian)
