"""From correlation matrices to weights, loadings, paths: one estimation, or thousands, by the same kernel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadOption
from leal.path_model.structure import Structure
from leal.wording import Text

Scheme = Literal["centroid", "factorial", "path"]
Floats = NDArray[np.float64]

Metric = Literal["standardised", "raw"]
Signs = Literal["none", "dominant", "construct"]

_SCHEMES: dict[Scheme, int] = {"centroid": 0, "factorial": 1, "path": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the algorithm runs.

    Attributes
    ----------
    scheme : {"path", "factorial", "centroid"}
        Inner weighting scheme.
    metric : {"standardised", "raw"}
        Correlations, or covariances (Lohmoeller's and Tenenhaus' convention for items of one scale).
    signs : {"none", "dominant", "construct"}
        Whether a construct most of whose items load negatively is turned (``dominant``), or, in resamples,
        one whose loadings are nearer to the fit's when turned (``construct``: semPLS, SmartPLS 2).
    tolerance : float
        The iteration stops where the absolute changes of all weights sum to less.
    max_iterations : int
        Iterations after which a matrix counts as not converged.
    """

    scheme: Scheme = "path"
    metric: Metric = "standardised"
    signs: Signs = "none"
    tolerance: float = 1e-7
    max_iterations: int = 300

    def __post_init__(self) -> None:
        for name, allowed in (("scheme", Scheme), ("metric", Metric), ("signs", Signs)):
            if getattr(self, name) not in get_args(allowed):
                raise BadOption(name, getattr(self, name), list(get_args(allowed)))
        if not self.tolerance > 0:
            raise BadOption("tolerance", self.tolerance, [Text("a small number above zero, as 1e-7")])
        if self.max_iterations < 1:
            raise BadOption(
                "max_iterations", self.max_iterations, [Text("a whole number above zero, as 300")]
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The fixed points of a stack of matrices; the last axis of every array is the matrix.

    Attributes
    ----------
    weights : (items, R)
        Outer weights; each score has variance 1.
    cross_loadings : (items, constructs, R)
        Covariance (correlation, where the matrices are) of each item with each score.
    correlations : (constructs, constructs, R)
        Correlations of the scores.
    paths : (constructs, constructs, R)
        Path coefficients, ``paths[source, target]``; zero where there is no path.
    r_squared : (constructs, R)
        Explained variance; zero for constructs that no path leads to.
    iterations : (R,)
        Iterations until the stop rule held, -1 where it never did (or the matrix was not usable).
    means, deviations : (items, R)
        Means and standard deviations of the items.
    """

    weights: Floats
    cross_loadings: Floats
    correlations: Floats
    paths: Floats
    r_squared: Floats
    iterations: NDArray[np.int64]
    means: Floats
    deviations: Floats

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which matrices gave finite results (R,)."""
        finite = np.isfinite(self.weights).all(axis=0) & np.isfinite(self.r_squared).all(axis=0)
        return np.asarray(finite)

    def loadings(self, structure: Structure) -> Floats:
        """Return the loading of each item on its own construct (items, R)."""
        return self.cross_loadings[np.arange(structure.block.size), structure.block]


def solve(matrix: Floats, structure: Structure, rules: Rules) -> Solution:
    """Run partial least squares on one covariance matrix (items, items), in the model's item order."""
    upper = np.triu_indices(matrix.shape[0])
    none = np.zeros((matrix.shape[0], 1))
    one = np.ones(1)
    return solve_sums(none, matrix[upper][:, None], one, one, structure, rules)


def solve_sums(
    sums: NDArray[np.floating], products: NDArray[np.floating], totals: Floats, divisors: Floats,
    structure: Structure, rules: Rules,
) -> Solution:  # fmt: skip
    """Run partial least squares on resamples given by their weighted sums.

    Parameters
    ----------
    sums : (items, R)
        Weighted sums of each item.
    products : (items (items + 1) / 2, R)
        Weighted sums of item_i item_k for i <= k, row by row.
    totals, divisors : (R,)
        Sums of the weights, and what centred products are divided by.
    structure : Structure
        The model.
    rules : Rules
        Scheme, metric and stop rule.
    """
    from leal.path_model import kernel

    found = kernel.solve_sums(
        np.ascontiguousarray(sums), np.ascontiguousarray(products), totals, divisors,
        rules.metric == "standardised",
        structure.starts, structure.modes, structure.sources, structure.needed, structure.wanted,
        structure.predictors, structure.counts, _SCHEMES[rules.scheme], rules.tolerance, rules.max_iterations,
    )  # fmt: skip
    solution = Solution(
        weights=found[0],
        cross_loadings=found[1],
        correlations=found[2],
        paths=found[3],
        r_squared=found[4],
        iterations=found[5],
        means=found[6],
        deviations=found[7],
    )
    return _turned(solution, structure) if rules.signs == "dominant" else solution


def _turned(solution: Solution, structure: Structure) -> Solution:
    """Turn each construct most of whose items load negatively (the rule of plspm)."""
    own = np.sign(solution.loadings(structure))
    majority = np.stack([own[structure.block == j].sum(axis=0) for j in range(structure.constructs)])
    return _with_signs(solution, np.where(majority < 0, -1.0, 1.0), structure)


def aligned(solution: Solution, fit: Solution, structure: Structure) -> Solution:
    """Turn each construct of a resample whose loadings differ less from those of the fit when turned.

    |sum(l - l*)| > |sum(l + l*)|: the construct-level change of signs (Tenenhaus et al. 2005).
    """
    here, there = solution.loadings(structure), fit.loadings(structure)
    apart, together = (
        np.abs(np.add.reduceat(there + way * here, structure.starts[:-1], axis=0)) for way in (-1, 1)
    )
    return _with_signs(solution, np.where(apart > together, -1.0, 1.0), structure)


def _with_signs(solution: Solution, sign: Floats, structure: Structure) -> Solution:
    return replace(
        solution,
        weights=solution.weights * sign[structure.block],
        cross_loadings=solution.cross_loadings * sign[None],
        correlations=solution.correlations * sign[:, None] * sign[None],
        paths=solution.paths * sign[:, None] * sign[None],
    )


def on_correlations(solution: Solution, rules: Rules) -> Solution:
    """Return a solution in standard units: what criteria of reliability and validity are defined on.

    Under the raw metric weights apply to raw answers and loadings are covariances; here they are those of
    standardised answers, for the same scores.
    """
    if rules.metric != "raw":
        return solution
    deviations = solution.deviations
    return replace(
        solution,
        weights=solution.weights * deviations,
        cross_loadings=solution.cross_loadings / deviations[:, None],
    )


def total_effects(paths: Floats, structure: Structure) -> Floats:
    """Return total effects (constructs, constructs, R): paths and all their products along the way.

    Causes first: what leads to the source of a path goes on along it.
    """
    total = np.zeros_like(paths)
    for target in structure.causes_first:
        for source in structure.predictors[target, : structure.counts[target]]:
            total[:, target] += total[:, source] * paths[source, target]
            total[source, target] += paths[source, target]
    return total
