"""The index from 0 to 100: a construct's score on the scale of its items.

index = (sum w_i mean_i / sum w_i - low) / (high - low) * 100, for answers from `low` to `high`. The four
definitions differ only in the weights w: see `Definition`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadOption
from leal.path_model.estimation import Metric, Rules, Solution
from leal.path_model.structure import Structure

Floats = NDArray[np.float64]

Definition = Literal["A", "B", "C", "D"]
"""Weights of the index.

A : raw-metric PLS weights, summing to 1 (classic ECSI: Tenenhaus et al. 2005).
B : standardised PLS weights over the item's standard deviation, summing to 1 (SmartPLS, cSEM; the default).
C : standardised PLS weights on raw answers (plspm's ``rescale`` after ``scaled = TRUE``): for comparison.
D : equal weights (simple customer-satisfaction index).
"""


def index_weights(
    definition: Definition, weights: Floats, deviations: Floats, structure: Structure
) -> Floats:
    """Return the weights of the index (items, R), summing to 1 in each construct.

    Parameters
    ----------
    definition : {"A", "B", "C", "D"}
        See `Definition`; for A the weights must be those of the raw metric.
    weights, deviations : (items, R)
        Outer weights and standard deviations of the items.
    """
    refuse_unknown_definition(definition)
    # Resamples without variation have no weights; they are counted and left out later.
    with np.errstate(invalid="ignore", divide="ignore"):
        shape = {"A": weights, "B": weights / deviations, "C": weights, "D": np.ones_like(weights)}[
            definition
        ]
        totals = np.add.reduceat(shape, structure.starts[:-1], axis=0)
        return np.asarray(shape / totals[structure.block])


def refuse_unknown_definition(definition: str) -> None:
    """Refuse a definition of the index that is none."""
    if definition not in get_args(Definition):
        raise BadOption("index", definition, list(get_args(Definition)))


def rules_of_definition(definition: Definition, rules: Rules) -> Rules:
    """Return the rules by which the weights of a definition are estimated: equal weights take any."""
    metrics: dict[Definition, Metric] = {"A": "raw", "B": "standardised", "C": "standardised"}
    return replace(rules, metric=metrics.get(definition, rules.metric))


def index_values(weights: Floats, means: Floats, scale: tuple[float, float], structure: Structure) -> Floats:
    """Return the index of each construct (constructs, R) from weights that sum to 1 and item means."""
    low, high = scale
    position = np.add.reduceat(weights * means, structure.starts[:-1], axis=0)
    return np.asarray((position - low) / (high - low) * 100)


def spread_in_scale(solution: Solution, structure: Structure, metric: Metric) -> Floats:
    """Return the standard deviation of each construct on the scale of its items (constructs, R).

    The standardised score is sum w_i (x_i - mean_i) / sd_i; the same score with weights that sum to 1 has
    the standard deviation 1 / sum(w_i / sd_i).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        shape = solution.weights if metric == "raw" else solution.weights / solution.deviations
        return np.asarray(1 / np.add.reduceat(shape, structure.starts[:-1], axis=0))


def in_points(effects: Floats, spread: Floats, structure: Structure) -> Floats:
    """Return effects in points of the target for a point of the source (constructs, constructs, R).

    The unstandardised total effect: the importance of importance-performance analysis (cSEM, SmartPLS).
    """
    assert effects.shape[0] == structure.constructs
    with np.errstate(invalid="ignore"):
        return np.asarray(effects * spread[None] / spread[:, None])
