"""Criteria of measurement and structure, on one solution or on thousands: the last axis is the resample.

All are functions of the items' correlations (p, p, R) and of the solution; formulas and conventions are named
where each stands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leal.path_model.estimation import Solution
from leal.path_model.structure import Structure

Floats = NDArray[np.float64]


def cronbach_alpha(correlations: Floats, structure: Structure) -> Floats:
    """Return standardised alpha (constructs, R): k r / (1 + (k - 1) r), r the mean in the block."""
    from leal.path_model.kernel_criteria import block_sums

    size = np.diff(structure.starts).astype(float)[:, None]
    whole = block_sums(np.ascontiguousarray(correlations), structure.starts, False)
    diagonal = np.arange(structure.constructs)
    mean = (whole[diagonal, diagonal] - size) / np.maximum(size * (size - 1), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        alpha = size * mean / (1 + (size - 1) * mean)
    return np.where(size == 1, 1.0, alpha)


def composite_reliability(loadings: Floats, structure: Structure) -> Floats:
    """Return rho_C (constructs, R): (sum l)^2 / ((sum l)^2 + sum(1 - l^2))."""
    square = _sum_by_block(loadings, structure) ** 2
    return np.asarray(square / (square + _sum_by_block(1 - loadings**2, structure)))


def average_variance_extracted(loadings: Floats, structure: Structure) -> Floats:
    """Return AVE (constructs, R): the mean of squared loadings."""
    size = np.diff(structure.starts).astype(float)[:, None]
    return np.asarray(_sum_by_block(loadings**2, structure) / size)


def heterotrait_monotrait(correlations: Floats, structure: Structure, *, absolute: bool = True) -> Floats:
    """Return HTMT (constructs, constructs, R): mean correlation between, over the geometric mean within.

    Parameters
    ----------
    absolute : bool
        Whether correlations enter with their absolute values (HTMT+, seminr, SmartPLS) or as they are (cSEM).
    """
    from leal.path_model.kernel_criteria import block_sums

    sums = block_sums(np.ascontiguousarray(correlations), structure.starts, absolute)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums / _pairs(structure) / _within(sums, structure))


def heterotrait_parts(correlations: Floats, structure: Structure) -> tuple[Floats, Floats, Floats]:
    """Return HTMT with absolute values, and mean and standard deviation of the correlations it is made of.

    All are (constructs, constructs, R) and stand over the denominator of the first.
    """
    from leal.path_model.kernel_criteria import block_sums

    matrix, pairs = np.ascontiguousarray(correlations), _pairs(structure)
    sizes = block_sums(matrix, structure.starts, True)
    mean = block_sums(matrix, structure.starts, False) / pairs
    square = block_sums(matrix**2, structure.starts, False) / pairs
    within = _within(sizes, structure)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.maximum(square - mean**2, 0.0))
        return sizes / pairs / within, mean / within, spread / within


def _pairs(structure: Structure) -> Floats:
    """Return how many correlations two blocks have (constructs, constructs, 1)."""
    size = np.diff(structure.starts).astype(float)
    return np.asarray(size[:, None, None] * size[None, :, None])


def _within(sums: Floats, structure: Structure) -> Floats:
    """Return the geometric mean of two blocks' own mean correlations, from block sums; 1 for single items."""
    size = np.diff(structure.starts).astype(float)
    diagonal = np.arange(structure.constructs)
    count = np.where(size > 1, size * (size - 1), 1.0)
    own = (sums[diagonal, diagonal] - size[:, None]) / count[:, None]
    within = np.where((size == 1)[:, None], 1.0, own)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt(within[:, None] * within[None]))


def geometric_heterotrait_monotrait(correlations: Floats, structure: Structure) -> Floats:
    """Return HTMT2 (constructs, constructs, R), by geometric means; not-a-number with a correlation <= 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(np.where(correlations > 0, correlations, np.nan))
    size = np.diff(structure.starts).astype(float)
    sums = _block_sums(logs, structure)
    between = sums / (size[:, None, None] * size[None, :, None])
    diagonal = np.arange(structure.constructs)
    pairs = np.where(size > 1, size * (size - 1), 1.0)
    within = sums[diagonal, diagonal] / pairs[:, None]
    return np.asarray(np.exp(between - (within[:, None] + within[None]) / 2))


def variance_inflation(solution: Solution, structure: Structure) -> Floats:
    """Return the variance inflation factor of each path's source (constructs, constructs, R)."""
    from leal.path_model.kernel_criteria import inverse_diagonals

    correlations = np.ascontiguousarray(solution.correlations)
    return inverse_diagonals(correlations, structure.predictors, structure.counts)


def effect_sizes(solution: Solution, inflation: Floats) -> Floats:
    """Return f2 of each path (constructs, constructs, R), the scores held fixed (the usual definition, cSEM).

    f2 = (R2 - R2 without the path) / (1 - R2), and R2 falls by b^2 / VIF when a predictor is left out.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        fall = np.where(inflation > 0, solution.paths**2 / inflation, 0.0)
        return np.asarray(fall / (1 - solution.r_squared[None]))


def item_inflation(correlations: Floats, structure: Structure) -> Floats:
    """Return the variance inflation factor of each item in its block (items, R); 1 for single items.

    Not finite where items of a block hold the same answers.
    """
    from leal.path_model.kernel_criteria import inverse_diagonals_of_blocks

    return inverse_diagonals_of_blocks(np.ascontiguousarray(correlations), structure.starts)


def implied_correlations(solution: Solution, structure: Structure) -> Floats:
    """Return the correlations of the constructs that the paths imply (constructs, constructs, R).

    Causes first: an effect goes with what stands before it by the sum of path x covariance, and has the
    variance that its causes imply plus what they leave unexplained.
    """
    implied = solution.correlations.copy()
    done: list[int] = []
    for target in structure.causes_first:
        sources = structure.predictors[target, : structure.counts[target]]
        if sources.size:
            slopes = solution.paths[sources, target]
            with_earlier = (slopes[:, None] * implied[sources][:, done]).sum(axis=0)
            implied[target, done] = implied[done, target] = with_earlier
            explained = (slopes * implied[target, sources]).sum(axis=0)
            implied[target, target] = explained + 1 - solution.r_squared[target]
        done.append(target)
    return implied


def goodness_of_fit(loadings: Floats, r_squared: Floats, structure: Structure) -> Floats:
    """Return GoF (R,): root of mean communality (of items not alone in their block) x mean R2.

    Tenenhaus, Amato and Esposito Vinzi (2004); a description, not a test: plspm and cSEM still print it.
    """
    several = (np.diff(structure.starts) > 1)[structure.block]
    communality = (loadings[several] ** 2).mean(axis=0)
    return np.asarray(np.sqrt(communality * r_squared[structure.counts > 0].mean(axis=0)))


def root_mean_square_residual(
    correlations: Floats,
    solution: Solution,
    structure: Structure,
    *,
    common_factors: bool,
    estimated: bool = False,
    unit_variance: bool = False,
) -> Floats:
    """Return SRMR (R,): items' correlations against those that the model implies.

    Parameters
    ----------
    common_factors : bool
        Whether items correlate within a block only through their construct (reflective); else the block's own
        correlations are taken as they are (composite).
    estimated : bool
        Whether constructs correlate by the paths alone (estimated model) or freely (saturated model).
    unit_variance : bool
        Whether constructs of the estimated model count with variance 1 within their block (cSEM), or with the
        variance that the paths imply (ADANCO, the default).
    """
    within, between = residual_parts(
        correlations, solution, structure, estimated=estimated, unit_variance=unit_variance
    )
    return mean_residual(within + between if common_factors else between, structure)


def residual_parts(
    correlations: Floats,
    solution: Solution,
    structure: Structure,
    *,
    estimated: bool,
    unit_variance: bool = False,
) -> tuple[Floats, Floats]:
    """Return the squared residuals within blocks and between blocks (R,); see `root_mean_square_residual`."""
    from leal.path_model.kernel_criteria import residual_squares

    constructs = implied_correlations(solution, structure) if estimated else solution.correlations
    if unit_variance:
        constructs = constructs.copy()
        constructs[np.arange(structure.constructs), np.arange(structure.constructs)] = 1.0
    loadings = np.ascontiguousarray(solution.loadings(structure))
    within, between = residual_squares(
        np.ascontiguousarray(correlations), loadings, np.ascontiguousarray(constructs), structure.starts
    )
    return within, between


def mean_residual(squares: Floats, structure: Structure) -> Floats:
    """Return the root mean square of residuals, given both halves of the correlations' squares (R,)."""
    items = structure.block.size
    return np.asarray(np.sqrt(squares / 2 / (items * (items + 1) / 2)))


def _sum_by_block(values: Floats, structure: Structure) -> Floats:
    return np.asarray(np.add.reduceat(values, structure.starts[:-1], axis=0))


def _block_sums(matrix: Floats, structure: Structure) -> Floats:
    """Return the sums of a matrix (p, p, R) over pairs of blocks (constructs, constructs, R)."""
    rows = np.add.reduceat(matrix, structure.starts[:-1], axis=0)
    return np.asarray(np.add.reduceat(rows, structure.starts[:-1], axis=1))
