"""Small linear algebra on stacks of moment matrices: correlations, slopes, percentiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NO_VARIANCE = 1e-12


def covariances(sums: Floats, columns: slice) -> Floats:
    """Return the covariances of some columns of a stack of moment matrices, column 0 being ones."""
    total = sums[:, 0, 0][:, None]
    means = sums[:, 0, columns] / total
    products = sums[:, columns, columns] / total[..., None]
    return products - means[:, :, None] * means[:, None, :]


def correlations(covariance: Floats) -> Floats:
    """Return covariance matrices as correlations; a column without variance correlates with nothing."""
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    alive = variance > _NO_VARIANCE
    scale = np.where(alive, 1 / np.sqrt(np.where(alive, variance, 1)), 0)
    correlation = covariance * scale[:, :, None] * scale[:, None, :]
    places = np.arange(covariance.shape[1])
    correlation[:, places, places] = 1.0
    return correlation


def inverse(matrices: Floats) -> Floats:
    """Return the (pseudo-)inverses of a stack of symmetric matrices."""
    return np.linalg.pinv(matrices, rcond=1e-9, hermitian=True).astype(np.float64, copy=False)


def percentiles(draws: Floats, level: float) -> tuple[float, float]:
    """Return the limits between which `level` of the draws lie."""
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return float(low), float(high)
