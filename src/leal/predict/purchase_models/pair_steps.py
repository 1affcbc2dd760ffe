"""Newton's steps for parameters that come in pairs, of which the ratio is known best."""

from __future__ import annotations

import numpy as np

from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.newton import FARTHEST, GAIN, Likelihood, Maximum, covariance_of, maximise


def _steps(size: int) -> Floats:
    """Return the matrix from logarithms (a, b, c, d, ...) to those of (a, a/b, c, c/d, ...).

    The mean of a Gamma or beta distribution, a/b, is known well even where its spread is not: steps along it
    do not run up the ridge on which only the ratio counts. Of three (p, q, v of the Gamma-Gamma model) it is
    p v/q that is known best.
    """
    if size == 3:
        return np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, -1.0, 1.0]])
    return np.kron(np.eye(size // 2), np.array([[1.0, 0.0], [1.0, -1.0]]))


def maximise_pairs(
    likelihood: Likelihood,
    start: Floats,
    *,
    around: Floats | None = None,
    reach: float = FARTHEST,
    least: float = GAIN,
) -> Maximum:
    """Return the maximum from a start (see `maximise`); all is by the logarithms themselves."""
    steps = _steps(start.size)
    back = np.linalg.inv(steps)

    def stepped(place: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, hessian = likelihood(back @ place)
        return value, back.T @ gradient, back.T @ hessian @ back

    middle = None if around is None else steps @ around
    found = maximise(stepped, steps @ start, around=middle, reach=reach, least=least)
    return Maximum(
        point=back @ found.point,
        value=found.value,
        hessian=steps.T @ found.hessian @ steps,
        passes=found.passes,
        converged=found.converged,
    )


def covariance_of_pairs(hessian: Floats) -> Floats:
    """Return the covariance of the logarithms; where only the ratio of a pair is known, its first is held."""
    back = np.linalg.inv(_steps(hessian.shape[0]))
    return np.asarray(back @ covariance_of(back.T @ hessian @ back) @ back.T)
