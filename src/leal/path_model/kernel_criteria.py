"""The compiled parts of the criteria: correlations, sums over blocks, residuals, inflation; resamples inmost.

All take stacks of matrices whose last axis is the resample; callers hand over a few hundred at a time, so
that a stack stays in the processor's cache.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from leal.path_model.kernel import LANES, _factorise, _solve

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@njit(cache=True, error_model="numpy", nogil=True)
def correlations_of(
    sums: NDArray[np.floating[Any]], products: NDArray[np.floating[Any]], totals: Floats
) -> Floats:
    """Return the correlations of the items (items, items, R) from weighted sums; see `kernel.solve_sums`."""
    items, resamples = sums.shape
    out = np.empty((items, items, resamples))
    inverse = np.empty((items, resamples))
    row = 0
    for i in range(items):
        for k in range(i, items):
            for r in range(resamples):
                out[i, k, r] = products[row, r] - np.float64(sums[i, r]) * sums[k, r] / totals[r]
            row += 1
        for r in range(resamples):
            inverse[i, r] = 1.0 / np.sqrt(out[i, i, r])
    for i in range(items):
        for k in range(i, items):
            for r in range(resamples):
                out[i, k, r] *= inverse[i, r] * inverse[k, r]
            for r in range(resamples):
                out[k, i, r] = out[i, k, r]
    return out


@njit(cache=True, error_model="numpy", nogil=True)
def block_sums(matrix: Floats, starts: Integers, absolute: bool) -> Floats:
    """Return the sums of a symmetric matrix (or of its absolute values) over pairs of blocks (J, J, R)."""
    constructs, resamples = starts.size - 1, matrix.shape[2]
    out = np.zeros((constructs, constructs, resamples))
    for j in range(constructs):
        for m in range(j + 1):
            for i in range(starts[j], starts[j + 1]):
                for k in range(starts[m], starts[m + 1]):
                    if absolute:
                        for r in range(resamples):
                            out[j, m, r] += abs(matrix[i, k, r])
                    else:
                        for r in range(resamples):
                            out[j, m, r] += matrix[i, k, r]
            for r in range(resamples):
                out[m, j, r] = out[j, m, r]
    return out


@njit(cache=True, error_model="numpy", nogil=True)
def residual_squares(matrix: Floats, loadings: Floats, constructs: Floats, starts: Integers) -> Floats:
    """Return the squared residuals (2, R) within blocks, the diagonal left out, and between blocks.

    The implied correlation of items i and k is l_i l_k times that of their constructs.
    """
    blocks, resamples = starts.size - 1, matrix.shape[2]
    out = np.zeros((2, resamples))
    for j in range(blocks):
        for m in range(j + 1):
            place = 0 if j == m else 1
            for i in range(starts[j], starts[j + 1]):
                for k in range(starts[m], min(i, starts[m + 1])):
                    for r in range(resamples):
                        left = matrix[i, k, r] - loadings[i, r] * loadings[k, r] * constructs[j, m, r]
                        out[place, r] += 2.0 * left * left
    return out


@njit(cache=True, error_model="numpy", nogil=True)
def inverse_diagonals_of_blocks(matrix: Floats, starts: Integers) -> Floats:
    """Return the diagonal of the inverse of each block (items, R); not finite where a block is singular."""
    items, _, resamples = matrix.shape
    out = np.ones((items, resamples))
    factor = np.empty((items, items, LANES))
    right = np.empty((items, LANES))
    for begin in range(0, resamples, LANES):
        width = min(LANES, resamples - begin)
        for j in range(starts.size - 1):
            first, size = starts[j], starts[j + 1] - starts[j]
            if size == 1:
                continue
            for a in range(size):
                for b in range(a + 1):
                    for lane in range(width):
                        factor[a, b, lane] = matrix[first + a, first + b, begin + lane]
                    for lane in range(width, LANES):
                        factor[a, b, lane] = factor[a, b, 0]
            _factorise(factor, size)
            for a in range(size):
                for b in range(size):
                    for lane in range(LANES):
                        right[b, lane] = 1.0 if a == b else 0.0
                _solve(factor, right, size)
                for lane in range(width):
                    out[first + a, begin + lane] = right[a, lane]
    return out


@njit(cache=True, error_model="numpy", nogil=True)
def inverse_diagonals(correlations: Floats, predictors: Integers, counts: Integers) -> Floats:
    """Return for each path the diagonal of the inverse of its predictors' correlations.

    It is the variance inflation factor of source m among the predictors of target j: out[m, j, resample].
    """
    constructs, _, total = correlations.shape
    out = np.zeros((constructs, constructs, total))
    factor = np.empty((constructs, constructs, LANES))
    right = np.empty((constructs, LANES))
    for begin in range(0, total, LANES):
        width = min(LANES, total - begin)
        for j in range(constructs):
            size = counts[j]
            for a in range(size):
                for b in range(a + 1):
                    for lane in range(LANES):
                        factor[a, b, lane] = correlations[
                            predictors[j, a], predictors[j, b], begin + min(lane, width - 1)
                        ]
            _factorise(factor, size)
            for a in range(size):
                for b in range(size):
                    for lane in range(LANES):
                        right[b, lane] = 1.0 if a == b else 0.0
                _solve(factor, right, size)
                for lane in range(width):
                    out[predictors[j, a], j, begin + lane] = right[a, lane]
    return out
