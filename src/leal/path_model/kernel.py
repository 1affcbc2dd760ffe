"""The partial least squares algorithm on many correlation matrices at once, compiled.

One implementation serves a single fit (one matrix), a bootstrap (thousands) and a jackknife (n). The matrices
lie with the resamples as the innermost axis, `LANES` at a time, so that the compiler turns each inner loop
into vector instructions. A lane that has converged is frozen, so that its result does not depend on its
neighbours.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

LANES: Final = 64
"""Resamples per batch: fewer are not vectorised (alias checks dominate), more leave the fast cache."""

CENTROID: Final = 0
FACTORIAL: Final = 1
PATH: Final = 2

MODE_A: Final = 0
MODE_B: Final = 1
UNIT_WEIGHTS: Final = 2

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@njit(cache=True, error_model="numpy")
def _multiply_rows(
    matrix: Floats, weights: Floats, starts: Integers, needed: NDArray[np.bool_], out: Floats
) -> None:
    """Fill out[item, construct] = sum over the block of matrix[item, k] weights[k], where needed."""
    constructs = starts.size - 1
    for item in range(matrix.shape[0]):
        for construct in range(constructs):
            if not needed[item, construct]:
                continue
            first, last = starts[construct], starts[construct + 1]
            # Up to four terms in one pass over the lanes: the sum stays in registers.
            k = first + (last - first) % 4
            if k == first + 1:
                for lane in range(LANES):
                    out[item, construct, lane] = matrix[item, first, lane] * weights[first, lane]
            elif k == first + 2:
                for lane in range(LANES):
                    out[item, construct, lane] = (
                        matrix[item, first, lane] * weights[first, lane]
                        + matrix[item, first + 1, lane] * weights[first + 1, lane]
                    )
            elif k == first + 3:
                for lane in range(LANES):
                    out[item, construct, lane] = (
                        matrix[item, first, lane] * weights[first, lane]
                        + matrix[item, first + 1, lane] * weights[first + 1, lane]
                        + matrix[item, first + 2, lane] * weights[first + 2, lane]
                    )
            else:
                for lane in range(LANES):
                    out[item, construct, lane] = 0.0
            while k < last:
                for lane in range(LANES):
                    out[item, construct, lane] += (
                        matrix[item, k, lane] * weights[k, lane]
                        + matrix[item, k + 1, lane] * weights[k + 1, lane]
                        + matrix[item, k + 2, lane] * weights[k + 2, lane]
                        + matrix[item, k + 3, lane] * weights[k + 3, lane]
                    )
                k += 4


@njit(cache=True, error_model="numpy")
def _score_correlations(
    products: Floats, weights: Floats, starts: Integers, wanted: NDArray[np.bool_], out: Floats
) -> None:
    """Fill the symmetric out[j, m] = w_j' S_jm w_m for the pairs wanted."""
    constructs = starts.size - 1
    for j in range(constructs):
        for m in range(constructs):
            if not wanted[j, m] or (wanted[m, j] and m < j):
                continue
            first = starts[j]
            for lane in range(LANES):
                out[j, m, lane] = weights[first, lane] * products[first, m, lane]
            for i in range(first + 1, starts[j + 1]):
                for lane in range(LANES):
                    out[j, m, lane] += weights[i, lane] * products[i, m, lane]
            for lane in range(LANES):
                out[m, j, lane] = out[j, m, lane]


@njit(cache=True, error_model="numpy")
def _factorise(matrix: Floats, size: int) -> None:
    """Replace the lower triangle of matrix[:size, :size] by its Cholesky factor, lane by lane."""
    for i in range(size):
        for j in range(i + 1):
            for k in range(j):
                for lane in range(LANES):
                    matrix[i, j, lane] -= matrix[i, k, lane] * matrix[j, k, lane]
            if i == j:
                for lane in range(LANES):
                    matrix[i, i, lane] = np.sqrt(matrix[i, i, lane])
            else:
                for lane in range(LANES):
                    matrix[i, j, lane] /= matrix[j, j, lane]


@njit(cache=True, error_model="numpy")
def _solve(factor: Floats, right: Floats, size: int) -> None:
    """Replace right[:size] by the solution of (factor factor') x = right."""
    for i in range(size):
        for k in range(i):
            for lane in range(LANES):
                right[i, lane] -= factor[i, k, lane] * right[k, lane]
        for lane in range(LANES):
            right[i, lane] /= factor[i, i, lane]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            for lane in range(LANES):
                right[i, lane] -= factor[k, i, lane] * right[k, lane]
        for lane in range(LANES):
            right[i, lane] /= factor[i, i, lane]


@njit(cache=True, error_model="numpy")
def _regress(
    correlations: Floats, target: int, predictors: Integers, factor: Floats, coefficients: Floats
) -> None:
    """Fill coefficients[:k] with the regression of the target on its k predictors."""
    size = predictors.size
    for a in range(size):
        for lane in range(LANES):
            coefficients[a, lane] = correlations[predictors[a], target, lane]
        for b in range(a + 1):
            for lane in range(LANES):
                factor[a, b, lane] = correlations[predictors[a], predictors[b], lane]
    _factorise(factor, size)
    _solve(factor, coefficients, size)


@njit(cache=True, error_model="numpy")
def _inner_weights(
    correlations: Floats,
    sources: NDArray[np.bool_],
    predictors: Integers,
    counts: Integers,
    scheme: int,
    factor: Floats,
    coefficients: Floats,
    out: Floats,
) -> None:
    """Fill out[m, j], the weight that construct m has in the inner proxy of construct j."""
    constructs = counts.size
    for j in range(constructs):
        for m in range(constructs):
            if sources[m, j] or sources[j, m]:
                for lane in range(LANES):
                    correlation = correlations[m, j, lane]
                    out[m, j, lane] = np.sign(correlation) if scheme == CENTROID else correlation
    if scheme != PATH:
        return
    for j in range(constructs):
        if counts[j] == 0:
            continue
        chosen = predictors[j, : counts[j]]
        _regress(correlations, j, chosen, factor, coefficients)
        for a in range(counts[j]):
            for lane in range(LANES):
                out[chosen[a], j, lane] = coefficients[a, lane]


@njit(cache=True, error_model="numpy")
def _normalise(matrix: Floats, weights: Floats, first: int, last: int, total: Floats) -> None:
    """Scale the weights of one block so that its score has variance 1."""
    for lane in range(LANES):
        total[lane] = 0.0
    for i in range(first, last):
        for lane in range(LANES):
            total[lane] += weights[i, lane] * matrix[i, i, lane] * weights[i, lane]
        for k in range(i + 1, last):
            for lane in range(LANES):
                total[lane] += 2.0 * weights[i, lane] * matrix[i, k, lane] * weights[k, lane]
    for lane in range(LANES):
        total[lane] = 1.0 / np.sqrt(total[lane])
    for i in range(first, last):
        for lane in range(LANES):
            weights[i, lane] *= total[lane]


@njit(cache=True, error_model="numpy")
def solve_lanes(
    matrix: Floats,
    starts: Integers,
    modes: Integers,
    sources: NDArray[np.bool_],
    needed: NDArray[np.bool_],
    wanted: NDArray[np.bool_],
    predictors: Integers,
    counts: Integers,
    scheme: int,
    tolerance: float,
    max_iterations: int,
    weights: Floats,
    correlations: Floats,
    products: Floats,
    iterations: Integers,
) -> None:
    """Iterate `LANES` matrices to their fixed points.

    Parameters
    ----------
    matrix : (items, items, LANES)
        Correlation or covariance matrices.
    starts : (constructs + 1,)
        First item of each construct's block; items are in block order.
    modes : (constructs,)
        `MODE_A`, `MODE_B` or `UNIT_WEIGHTS`.
    sources : (constructs, constructs)
        sources[m, j] tells whether a path leads from m to j.
    needed, wanted
        Which products and which construct correlations the iteration reads.
    predictors, counts
        For each construct the constructs that lead to it, and how many.
    weights, correlations, products, iterations
        Results: (items, LANES), (constructs, constructs, LANES), (items, constructs, LANES), (LANES,);
        an iteration count of -1 says that a lane did not converge.
    """
    items, constructs = matrix.shape[0], starts.size - 1
    inner = np.zeros((constructs, constructs, LANES))
    factor = np.empty((constructs, constructs, LANES))
    coefficients = np.empty((constructs, LANES))
    block = np.empty((items, items, LANES))
    fresh = np.empty((items, LANES))
    total = np.empty(LANES)
    change = np.empty(LANES)
    iterations[:] = -1
    weights[:] = 1.0
    for j in range(constructs):
        first, last = starts[j], starts[j + 1]
        _normalise(matrix, weights, first, last, total)
        if modes[j] == MODE_B:
            _copy_block(matrix, first, last, block)
            _factorise(block[first:last, first:last], last - first)
    for iteration in range(1, max_iterations + 1):
        _multiply_rows(matrix, weights, starts, needed, products)
        _score_correlations(products, weights, starts, wanted, correlations)
        _inner_weights(correlations, sources, predictors, counts, scheme, factor, coefficients, inner)
        for j in range(constructs):
            first, last = starts[j], starts[j + 1]
            if modes[j] == UNIT_WEIGHTS or last - first == 1:
                fresh[first:last] = weights[first:last]
                continue
            _outer_proxy(products, inner, sources, j, first, last, fresh)
            if modes[j] == MODE_B:
                _solve(block[first:last, first:last], fresh[first:last], last - first)
            _normalise(matrix, fresh, first, last, total)
        change[:] = 0.0
        for i in range(items):
            for lane in range(LANES):
                change[lane] += abs(fresh[i, lane] - weights[i, lane])
        running = 0
        for lane in range(LANES):
            if iterations[lane] < 0:
                for i in range(items):
                    weights[i, lane] = fresh[i, lane]
                if change[lane] < tolerance:
                    iterations[lane] = iteration
                elif change[lane] == change[lane]:
                    running += 1
        if running == 0:
            break


@njit(cache=True, error_model="numpy")
def _copy_block(matrix: Floats, first: int, last: int, out: Floats) -> None:
    for i in range(first, last):
        for k in range(first, last):
            for lane in range(LANES):
                out[i, k, lane] = matrix[i, k, lane]


@njit(cache=True, error_model="numpy")
def _outer_proxy(
    products: Floats, inner: Floats, sources: NDArray[np.bool_], j: int, first: int, last: int, out: Floats
) -> None:
    """Fill out[item] with the covariance of the item and the inner proxy of its construct."""
    for i in range(first, last):
        for lane in range(LANES):
            out[i, lane] = 0.0
        for m in range(sources.shape[0]):
            if sources[m, j] or sources[j, m]:
                for lane in range(LANES):
                    out[i, lane] += products[i, m, lane] * inner[m, j, lane]


@njit(cache=True, error_model="numpy")
def _finish_lanes(
    matrix: Floats,
    starts: Integers,
    predictors: Integers,
    counts: Integers,
    everything: NDArray[np.bool_],
    pairs: NDArray[np.bool_],
    weights: Floats,
    correlations: Floats,
    products: Floats,
    coefficients: Floats,
    r_squared: Floats,
) -> None:
    """Fill cross-loadings (products), construct correlations, path coefficients and R2 at the fixed point."""
    constructs = starts.size - 1
    factor = np.empty((constructs, constructs, LANES))
    solution = np.empty((constructs, LANES))
    _multiply_rows(matrix, weights, starts, everything, products)
    _score_correlations(products, weights, starts, pairs, correlations)
    for j in range(constructs):
        if counts[j] == 0:
            continue
        chosen = predictors[j, : counts[j]]
        _regress(correlations, j, chosen, factor, solution)
        for a in range(counts[j]):
            for lane in range(LANES):
                coefficients[chosen[a], j, lane] = solution[a, lane]
                r_squared[j, lane] += solution[a, lane] * correlations[chosen[a], j, lane]


@njit(cache=True, error_model="numpy")
def _fill_from_sums(
    sums: NDArray[np.floating[Any]], products: NDArray[np.floating[Any]], totals: Floats, divisors: Floats,
    begin: int, width: int, standardised: bool,
    lanes: Floats, means: Floats, deviations: Floats,
) -> None:  # fmt: skip
    """Fill the lanes with the correlations (or covariances) of resamples begin ... begin + width."""
    items = lanes.shape[0]
    inverse = np.empty((items, LANES))
    row = 0
    for i in range(items):
        for k in range(i, items):
            for lane in range(width):
                r = begin + lane
                total = totals[r]
                centred = products[row, r] - np.float64(sums[i, r]) * sums[k, r] / total
                lanes[i, k, lane] = centred / divisors[r]
            for lane in range(width, LANES):
                lanes[i, k, lane] = lanes[i, k, 0]
            row += 1
    for i in range(items):
        for lane in range(LANES):
            inverse[i, lane] = 1.0 / np.sqrt(lanes[i, i, lane])
        for lane in range(width):
            means[i, begin + lane] = sums[i, begin + lane] / totals[begin + lane]
            deviations[i, begin + lane] = np.sqrt(lanes[i, i, lane])
    for i in range(items):
        for k in range(i, items):
            if standardised:
                for lane in range(LANES):
                    lanes[i, k, lane] = lanes[i, k, lane] * inverse[i, lane] * inverse[k, lane]
            if k > i:
                for lane in range(LANES):
                    lanes[k, i, lane] = lanes[i, k, lane]
        if standardised:
            for lane in range(LANES):
                # A constant item has no correlations: its not-a-number marks the resample.
                lanes[i, i, lane] = 1.0 + 0.0 * inverse[i, lane]


@njit(cache=True, error_model="numpy", nogil=True)
def solve_sums(
    sums: NDArray[np.floating[Any]], products: NDArray[np.floating[Any]], totals: Floats, divisors: Floats,
    standardised: bool,
    starts: Integers, modes: Integers, sources: NDArray[np.bool_], needed: NDArray[np.bool_],
    wanted: NDArray[np.bool_], predictors: Integers, counts: Integers,
    scheme: int, tolerance: float, max_iterations: int,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Integers, Floats, Floats]:  # fmt: skip
    """Solve resamples given by their weighted sums; a single fit is one resample.

    Parameters
    ----------
    sums : (items, resamples)
        Weighted sums of each item.
    products : (items (items + 1) / 2, resamples)
        Weighted sums of item_i item_k for i <= k, row by row.
    totals, divisors : (resamples,)
        Sums of the weights, and what centred products are divided by.
    standardised : bool
        Whether to solve correlations (the usual) or covariances (the raw metric).
    starts, modes, sources, needed, wanted, predictors, counts
        The model: see `solve_lanes`.

    Returns
    -------
    weights (items, resamples), cross-loadings (items, constructs, resamples), correlations and coefficients
    (constructs, constructs, resamples; coefficients[source, target]), r_squared (constructs, resamples),
    iterations (resamples; -1: not converged), means and standard deviations (items, resamples).
    """
    items, total = sums.shape
    constructs = starts.size - 1
    all_weights = np.empty((items, total))
    all_products = np.empty((items, constructs, total))
    all_correlations = np.empty((constructs, constructs, total))
    all_coefficients = np.zeros((constructs, constructs, total))
    all_r_squared = np.zeros((constructs, total))
    all_iterations = np.empty(total, dtype=np.int64)
    means = np.empty((items, total))
    deviations = np.empty((items, total))
    everything = np.ones((items, constructs), dtype=np.bool_)
    pairs = np.ones((constructs, constructs), dtype=np.bool_)
    lanes = np.empty((items, items, LANES))
    weights = np.empty((items, LANES))
    scores = np.zeros((items, constructs, LANES))
    correlations = np.zeros((constructs, constructs, LANES))
    coefficients = np.zeros((constructs, constructs, LANES))
    r_squared = np.zeros((constructs, LANES))
    iterations = np.empty(LANES, dtype=np.int64)
    for begin in range(0, total, LANES):
        width = min(LANES, total - begin)
        _fill_from_sums(
            sums, products, totals, divisors, begin, width, standardised, lanes, means, deviations
        )
        solve_lanes(
            lanes, starts, modes, sources, needed, wanted, predictors, counts,
            scheme, tolerance, max_iterations, weights, correlations, scores, iterations,
        )  # fmt: skip
        coefficients[:] = 0.0
        r_squared[:] = 0.0
        _finish_lanes(
            lanes, starts, predictors, counts, everything, pairs,
            weights, correlations, scores, coefficients, r_squared,
        )  # fmt: skip
        all_weights[:, begin : begin + width] = weights[:, :width]
        all_products[:, :, begin : begin + width] = scores[:, :, :width]
        all_correlations[:, :, begin : begin + width] = correlations[:, :, :width]
        all_coefficients[:, :, begin : begin + width] = coefficients[:, :, :width]
        all_r_squared[:, begin : begin + width] = r_squared[:, :width]
        all_iterations[begin : begin + width] = iterations[:width]
    return (
        all_weights, all_products, all_correlations, all_coefficients, all_r_squared,
        all_iterations, means, deviations,
    )  # fmt: skip
