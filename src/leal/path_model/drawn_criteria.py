"""The criteria of a fit in each resample: one row a figure, one column a resample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leal.path_model import criteria
from leal.path_model.consistency import rho_a
from leal.path_model.drawn_figures import solved
from leal.path_model.estimation import Solution, on_correlations
from leal.path_model.folding import Signed, without_folding
from leal.path_model.intervals import Bias
from leal.path_model.resampling import Sums
from leal.path_model.structure import Structure

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]
Criteria = dict[str, Floats]

CHUNK = 256
"""Resamples whose correlations are held at once: 24 x 24 of them stay in the processor's cache."""

BIASES: dict[str, Bias] = {
    "r_squared": "explained",
    "inflation": "inflation",
    "item_inflation": "inflation",
    "residual": "squares",
}

READINGS = (
    ("common factors", "saturated"),
    ("common factors", "estimated"),
    ("composites", "saturated"),
    ("composites", "estimated"),
)
"""Of SRMR: what the blocks are taken for, and how the constructs correlate."""


def criteria_of(matrix: Floats, solution: Solution, structure: Structure) -> Criteria:
    """Return every criterion that comes from moments, a row a figure, a column a resample.

    Beside the criteria stand what the limits of two of them come from (`signed_of`).

    Parameters
    ----------
    matrix : (items, items, R)
        Correlations of the items.
    solution : Solution
        Their solutions, consistent or plain, in standard units (`on_correlations`).
    structure : Structure
        The model.
    """
    loadings = np.ascontiguousarray(solution.loadings(structure))
    inflation = criteria.variance_inflation(solution, structure)
    effects = criteria.effect_sizes(solution, inflation)
    extracted = criteria.average_variance_extracted(loadings, structure)
    pairs = pairs_of(structure)
    htmt, mean, spread = criteria.heterotrait_parts(matrix, structure)
    one, other = (np.array(ends) for ends in zip(*pairs, strict=True))
    return {
        "alpha": criteria.cronbach_alpha(matrix, structure),
        "rho_A": rho_a(solution.weights, matrix, structure),
        "rho_C": criteria.composite_reliability(loadings, structure),
        "AVE": extracted,
        "heterotrait_monotrait": htmt[one, other],
        "heterotrait_mean": mean[one, other],
        "heterotrait_spread": spread[one, other],
        "correlations": solution.correlations[one, other],
        "root_of_variance_extracted": np.sqrt(np.maximum(extracted, 0.0)),
        "cross_loadings": solution.cross_loadings.reshape(-1, matrix.shape[2]),
        "inflation": _in_path_order(inflation, structure),
        "item_inflation": criteria.item_inflation(matrix, structure),
        "effect_sizes": _in_path_order(effects, structure),
        "signed_effects": _in_path_order(np.sign(solution.paths) * np.sqrt(np.fmax(effects, 0.0)), structure),
        "r_squared": solution.r_squared[np.flatnonzero(structure.counts)],
        "residual": _residuals(matrix, solution, structure),
    }


def signed_of(name: str, draws: Criteria, here: Criteria) -> Signed | None:
    """Return the signed figures behind a criterion that is a size (HTMT) or a square (f2)."""
    if name == "effect_sizes":
        return Signed(draws=draws["signed_effects"], estimates=here["signed_effects"][:, 0], power=2)
    if name != "heterotrait_monotrait":
        return None
    size, mean, spread = (
        (draws[part], here[part][:, 0]) for part in (name, "heterotrait_mean", "heterotrait_spread")
    )
    return without_folding(size, mean, spread)


def pairs_of(structure: Structure) -> list[tuple[int, int]]:
    """Return all pairs of constructs."""
    return [(i, k) for k in range(structure.constructs) for i in range(k)]


def draw_criteria(fit: PathFit, blocks: Iterable[Sums]) -> tuple[Criteria, int]:
    """Return the criteria of every usable resample, and how many were not usable."""
    parts: list[Criteria] = []
    unusable = 0
    for sums in blocks:
        solution, usable = solved(fit, sums)
        solution = on_correlations(solution, fit.options.rules)
        unusable += int((~usable).sum())
        for first in range(0, sums.totals.size, CHUNK):
            last = min(first + CHUNK, sums.totals.size)
            matrix = sums.part(first, last).correlations()
            figures = criteria_of(matrix, _part(solution, first, last), fit.structure)
            kept = usable[first:last]
            parts.append(figures if kept.all() else {k: v[:, kept] for k, v in figures.items()})
    return {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}, unusable


def _part(solution: Solution, first: int, last: int) -> Solution:
    cut = {one.name: getattr(solution, one.name)[..., first:last] for one in fields(solution)}
    return replace(solution, **cut)


def _in_path_order(values: Floats, structure: Structure) -> Floats:
    names = list(structure.model.names)
    return np.stack([values[names.index(s), names.index(t)] for s, t in structure.model.paths])


def _residuals(matrix: Floats, solution: Solution, structure: Structure) -> Floats:
    parts = {
        model: criteria.residual_parts(matrix, solution, structure, estimated=model == "estimated")
        for model in ("saturated", "estimated")
    }
    squares = [
        parts[model][1] + (parts[model][0] if reading == "common factors" else 0.0)
        for reading, model in READINGS
    ]
    return np.stack([criteria.mean_residual(square, structure) for square in squares])
