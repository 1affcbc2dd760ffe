"""Scores of answers on the constructs of a fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadOption

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]


def scores_of(fit: PathFit, rows: Floats, unit: str) -> Floats:
    """Return the scores of answers (n x items) on each construct (n x constructs); see `PathFit.scores`."""
    low, high = fit.options.scale
    if unit == "standardised":
        deviations = np.sqrt(np.diag(fit.covariance.matrix))
        shape = fit.solution.weights[:, 0]
        shape = shape / deviations if fit.options.rules.metric == "standardised" else shape
        return _sum_by_block(fit, (rows - fit.covariance.means) * shape)
    if unit not in ("scale", "index"):
        raise BadOption("unit", unit, ["standardised", "scale", "index"])
    scores = _sum_by_block(fit, rows * fit.index_weights(fit.options.index))
    return scores if unit == "scale" else (scores - low) / (high - low) * 100


def _sum_by_block(fit: PathFit, values: Floats) -> Floats:
    return np.asarray(np.add.reduceat(values, fit.structure.starts[:-1], axis=1))
