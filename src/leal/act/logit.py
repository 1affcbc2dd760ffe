"""Logistic regression on cells of a table, many resamples at once."""

from __future__ import annotations

import numpy as np

from leal.act.uncertain import Floats

_STEPS = 60
_LONGEST = 5.0
_FAR = 40.0
_SMALL = 1e-10
_FLAT = 1e13


def fit_logit(design: Floats, outcome: Floats, counts: Floats) -> Floats:
    """Return the coefficients of a logit for each row of counts.

    Parameters
    ----------
    design : array of shape (cells, coefficients)
        The constant among them.
    outcome : array of shape (cells,)
        0 or 1.
    counts : array of shape (resamples, cells)
        How often each cell occurs; fractions are allowed.

    Returns
    -------
    array of shape (resamples, coefficients)
        Maximum likelihood by Newton's method; not-a-number where it does not exist (the outcome is told apart
        without error, or a column does not vary).
    """
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    fits = np.zeros((len(counts), design.shape[1]))
    done = np.zeros(len(counts), dtype=bool)
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(fits @ design.T, -_FAR, _FAR)))
        slope = (counts * (outcome - chances)) @ design
        curve = (counts * chances * (1 - chances)) @ products
        step = _solved(curve.reshape(len(counts), design.shape[1], -1), slope)
        length = np.abs(step).max(axis=1)
        fits = fits + step * np.minimum(1.0, _LONGEST / np.maximum(length, _LONGEST))[:, None]
        done = length < _SMALL * (1 + np.abs(fits).max(axis=1))
        if np.all(done | ~np.isfinite(length)):
            break
    exists = done & (np.abs(fits).max(axis=1) < _FAR)
    return np.where(exists[:, None], fits, np.nan)


def _solved(curves: Floats, slopes: Floats) -> Floats:
    """Return the Newton steps; not-a-number where a curve is flat in some direction."""
    whole = np.asarray(np.isfinite(curves).all(axis=(1, 2)))
    curves = np.where(whole[:, None, None], curves, 0.0)
    conditions = np.asarray(np.linalg.cond(curves), dtype=np.float64).reshape(-1)
    flat = np.logical_or(~whole, conditions > _FLAT)
    curves = np.where(flat[:, None, None], np.eye(curves.shape[1]), curves)
    steps = np.linalg.solve(curves, slopes[:, :, None])[:, :, 0]
    return np.where(flat[:, None], np.nan, steps)
