"""The share of each item in the explained variance, for many correlation matrices at once."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EXACT_UP_TO = 15
"""Items up to which all subsets are run through; beyond it Johnson's weights stand in."""

_CELLS_AT_ONCE = 1 << 22
_NO_VARIANCE = 1e-10


def shapley_shares(correlations: Floats, outcome: Floats) -> Floats:
    """Return the Shapley value of R2 (LMG) of each item, for a stack of correlation matrices.

    Parameters
    ----------
    correlations : array (draws, items, items)
        Correlations of the items.
    outcome : array (draws, items)
        Correlations of the items with the outcome.

    Returns
    -------
    array (draws, items)
        Shares that add up to R2.

    Notes
    -----
    The share of an item is the average, over all orders of entering, of what R2 gains by it (Lindeman,
    Merenda and Gold 1980; Grömping 2006). R2 of all subsets comes from one tree of Schur complements: each
    level takes one item in or leaves it out, so that the matrices shrink while their number doubles.
    """
    draws, items = outcome.shape
    at_once = max(1, _CELLS_AT_ONCE >> (items + 2))
    shares = [
        _shares(_explained_by_subset(correlations[start : start + at_once], outcome[start : start + at_once]))
        for start in range(0, draws, at_once)
    ]
    return np.concatenate(shares) if shares else np.zeros((0, items))


def johnson_shares(correlations: Floats, outcome: Floats) -> Floats:
    """Return Johnson's relative weights of each item, for a stack of correlation matrices.

    Parameters and returns are those of `shapley_shares`.

    Notes
    -----
    With L = R^(1/2), weights = L^2 (L^-1 r)^2, squares element by element (Johnson 2000; the same as Genizi
    1993). They resemble Shapley values closely, but do not equal them: never mix the two in one ranking.
    """
    values, vectors = np.linalg.eigh(correlations)
    values = np.clip(values, 0, None)
    roots = np.sqrt(values)
    inverse = np.where(roots > np.sqrt(_NO_VARIANCE), 1 / np.where(roots > 0, roots, 1), 0)
    root = (vectors * roots[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    loadings = np.einsum("bij,bj,bkj,bk->bi", vectors, inverse, vectors, outcome)
    return np.einsum("bij,bj->bi", root**2, loadings**2)  # type: ignore[no-any-return]


def _explained_by_subset(correlations: Floats, outcome: Floats) -> Floats:
    """R2 of every subset of items: (subsets, draws), bit j of the subset's number being item j."""
    draws, items = outcome.shape
    full = np.empty((1, draws, items + 1, items + 1))
    full[0, :, :items, :items] = correlations
    full[0, :, items, :items] = full[0, :, :items, items] = outcome
    full[0, :, items, items] = 1.0
    for _ in range(items):
        rest, column, pivot = full[..., 1:, 1:], full[..., 1:, 0], full[..., 0, 0]
        scale = np.where(pivot > _NO_VARIANCE, 1 / np.where(pivot > _NO_VARIANCE, pivot, 1), 0)
        taken = rest - column[..., :, None] * (column * scale[..., None])[..., None, :]
        full = np.concatenate([rest, taken])
    return 1 - full[..., 0, 0]


def _shares(explained: Floats) -> Floats:
    subsets, draws = explained.shape
    items = subsets.bit_length() - 1
    sizes = np.bitwise_count(np.arange(subsets))
    weights = np.array([1 / (items * comb(items - 1, size)) for size in range(items)])
    shares = np.empty((draws, items))
    for item in range(items):
        paired = explained.reshape(-1, 2, 1 << item, draws)
        gain = (paired[:, 1] - paired[:, 0]).reshape(-1, draws)
        size = sizes.reshape(-1, 2, 1 << item)[:, 0].ravel()
        shares[:, item] = weights[size] @ gain
    return shares
