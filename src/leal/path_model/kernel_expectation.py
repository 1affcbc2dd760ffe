"""The step of expectation-maximisation, compiled: what answers with gaps let expect, pattern by pattern."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SMALLEST: Final = 1e-14
"""Part of a variance below which nothing of it is left: the matrix is singular."""


@njit(cache=True, error_model="numpy", nogil=True)
def _factorise(matrix: Floats, chosen: Integers, factor: Floats) -> bool:
    """Fill the lower Cholesky factor of matrix[chosen, chosen]; tell whether there is one."""
    for a in range(chosen.size):
        for b in range(a + 1):
            left = matrix[chosen[a], chosen[b]]
            for k in range(b):
                left -= factor[a, k] * factor[b, k]
            if a != b:
                factor[a, b] = left / factor[b, b]
            elif left > _SMALLEST * matrix[chosen[a], chosen[a]]:
                factor[a, a] = np.sqrt(left)
            else:
                return False
    return True


@njit(cache=True, error_model="numpy", nogil=True)
def _slopes(matrix: Floats, answered: Integers, gaps: Integers, factor: Floats, out: Floats) -> None:
    """Fill out[g, o]: the regression of each gap on what is answered."""
    size = answered.size
    for g in range(gaps.size):
        for a in range(size):
            value = matrix[answered[a], gaps[g]]
            for k in range(a):
                value -= factor[a, k] * out[g, k]
            out[g, a] = value / factor[a, a]
        for a in range(size - 1, -1, -1):
            value = out[g, a]
            for k in range(a + 1, size):
                value -= factor[k, a] * out[g, k]
            out[g, a] = value / factor[a, a]


@njit(cache=True, error_model="numpy", nogil=True)
def expected_sums(
    present: NDArray[np.bool_],
    totals: Floats,
    sums: Floats,
    products: Floats,
    places: NDArray[np.signedinteger[Any]],
    means: Floats,
    matrices: Floats,
) -> tuple[Floats, Floats]:
    """Return expected sums (T, p) and products (T, p, p) of all answers, for each of T guesses.

    Parameters
    ----------
    present : (patterns, p)
        Which items are answered.
    totals, sums, products : (patterns,), (patterns, p), (patterns, p (p + 1) / 2)
        Weights, sums and products of what is answered.
    places : (p, p)
        Where the products of each pair of items stand.
    means, matrices : (T, p), (T, p, p)
        Guesses of means and covariances; one that has no inverse gives not-a-numbers.
    """
    guesses, items = means.shape
    all_sums, all_products = np.zeros((guesses, items)), np.zeros((guesses, items, items))
    factor, slope, through = np.empty((items, items)), np.empty((items, items)), np.empty((items, items))
    base, told = np.empty(items), np.empty(items)
    for t in range(guesses):
        matrix, mean = matrices[t], means[t]
        for block in range(totals.size):
            answered, gaps = np.flatnonzero(present[block]), np.flatnonzero(~present[block])
            if gaps.size and not _factorise(matrix, answered, factor):
                all_sums[t] = np.nan
                all_products[t] = np.nan
                break
            weight = totals[block]
            for a in range(answered.size):
                o = answered[a]
                all_sums[t, o] += sums[block, o]
                for b in range(answered.size):
                    all_products[t, o, answered[b]] += products[block, places[o, answered[b]]]
            if gaps.size == 0:
                continue
            _slopes(matrix, answered, gaps, factor, slope)
            for g in range(gaps.size):
                base[g], told[g] = mean[gaps[g]], 0.0
                for a in range(answered.size):
                    base[g] -= slope[g, a] * mean[answered[a]]
                    told[g] += slope[g, a] * sums[block, answered[a]]
                all_sums[t, gaps[g]] += weight * base[g] + told[g]
                for a in range(answered.size):
                    value = 0.0
                    for k in range(answered.size):
                        value += slope[g, k] * products[block, places[answered[k], answered[a]]]
                    through[g, a] = value
                    value += base[g] * sums[block, answered[a]]
                    all_products[t, gaps[g], answered[a]] += value
                    all_products[t, answered[a], gaps[g]] += value
            for g in range(gaps.size):  # symmetric: each pair of gaps once
                for h in range(g + 1):
                    value = weight * (base[g] * base[h] + matrix[gaps[g], gaps[h]])
                    value += base[g] * told[h] + told[g] * base[h]
                    for a in range(answered.size):
                        value += slope[h, a] * (through[g, a] - weight * matrix[answered[a], gaps[g]])
                    all_products[t, gaps[g], gaps[h]] += value
                    if g != h:
                        all_products[t, gaps[h], gaps[g]] += value
    return all_sums, all_products
