"""Consistent partial least squares (PLSc): loadings and paths freed of measurement error.

rho_A = (w'w)^2 [w'(S - diag S)w] / [w'(ww' - diag ww')w] with w'Sw = 1, 1 for a single item.
Loadings = w sqrt(rho_A) / (w'w); construct correlations are divided by sqrt(rho_i rho_j) (Dijkstra and
Henseler 2015).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leal.path_model.estimation import Solution
from leal.path_model.structure import Structure

Floats = NDArray[np.float64]

MODE_A = 0


def rho_a(weights: Floats, correlations: Floats, structure: Structure) -> Floats:
    """Return rho_A of each construct (constructs, R); 1 for single items and blocks that are not Mode A.

    Parameters
    ----------
    weights : (items, R)
        Outer weights, each score of variance 1.
    correlations : (items, items, R)
        Correlations of the items.
    """
    out = np.ones((structure.constructs, weights.shape[1]))
    for j in range(structure.constructs):
        first, last = structure.starts[j], structure.starts[j + 1]
        if last - first == 1 or structure.modes[j] != MODE_A:
            continue
        w = weights[first:last]
        block = correlations[first:last, first:last]
        diagonal = np.einsum("ir,iir,ir->r", w, block, w)
        whole = np.einsum("ir,ikr,kr->r", w, block, w)
        square = np.einsum("ir,ir->r", w, w)
        off_diagonal = square**2 - np.einsum("ir->r", w**4)
        with np.errstate(invalid="ignore", divide="ignore"):
            out[j] = square**2 * (whole - diagonal) / off_diagonal
    return out


def made_consistent(
    solution: Solution, correlations: Floats, structure: Structure
) -> tuple[Solution, Floats]:
    """Return the consistent solution and rho_A (constructs, R)."""
    reliability = rho_a(solution.weights, correlations, structure)
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(reliability)
        freed = solution.correlations / (root[:, None] * root[None])
    diagonal = np.arange(structure.constructs)
    freed[diagonal, diagonal] = 1.0
    cross = solution.cross_loadings.copy()
    rows = np.arange(structure.block.size)
    cross[rows, structure.block] = _loadings(solution, root, structure)
    paths, r_squared = _regressions(freed, structure)
    consistent = replace(solution, cross_loadings=cross, correlations=freed, paths=paths, r_squared=r_squared)
    return consistent, reliability


def _loadings(solution: Solution, root: Floats, structure: Structure) -> Floats:
    own = solution.loadings(structure)
    for j in range(structure.constructs):
        first, last = structure.starts[j], structure.starts[j + 1]
        if last - first > 1 and structure.modes[j] == MODE_A:
            w = solution.weights[first:last]
            own[first:last] = w * root[j] / np.einsum("ir,ir->r", w, w)
    return own


def _slopes(among: Floats, towards: Floats) -> Floats:
    """Return regression slopes of a stack (R, s); not-a-number where sources cannot be told apart."""
    try:
        return np.asarray(np.linalg.solve(among, towards[:, :, None])[:, :, 0])
    except np.linalg.LinAlgError:
        singular = ~(np.abs(np.linalg.det(among)) > 0)
        safe = np.where(singular[:, None, None], np.eye(among.shape[1]), among)
        slopes = np.linalg.solve(safe, towards[:, :, None])[:, :, 0]
        return np.asarray(np.where(singular[:, None], np.nan, slopes))


def _regressions(correlations: Floats, structure: Structure) -> tuple[Floats, Floats]:
    paths = np.zeros_like(correlations)
    r_squared = np.zeros((structure.constructs, correlations.shape[2]))
    for target in range(structure.constructs):
        sources = structure.predictors[target, : structure.counts[target]]
        if sources.size == 0:
            continue
        among = np.moveaxis(correlations[np.ix_(sources, sources)], 2, 0)
        towards = np.moveaxis(correlations[sources, target], 1, 0)
        slopes = _slopes(among, towards)
        paths[sources, target] = slopes.T
        r_squared[target] = np.einsum("rs,rs->r", slopes, towards)
    return paths, r_squared
