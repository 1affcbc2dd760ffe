"""Each answer foretold from the answers of other folds: by the model, by averages, by plain regressions.

Sampling weights enter whatever is learnt from the other folds: the moments that the model is solved from, the
averages, the regressions (weighted least squares). A fold learns from its own training answers only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadValue
from leal.path_model.consistency import made_consistent
from leal.path_model.estimation import Solution
from leal.path_model.resampling import Answers
from leal.path_model.structure import Structure
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit
    from leal.path_model.prediction import Antecedents, Benchmark

Floats = NDArray[np.float64]

SOLE_ANSWER = 1 - 1e-9
"""Leverage from which an answer alone decides a slope: without it the regression is another one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownAnswers:
    """Answers to be foretold.

    Attributes
    ----------
    rows : (n, items)
        Answers; gaps filled as the fit filled them.
    weights : (n,)
        Sampling weights; 1 where there are none, or all are equal.
    given : (n, items)
        Whether somebody gave the answer: what was filled in is no answer to be foretold.
    whole : bool
        Whether no weight differs from another (so that sums of whole answers stay exact).
    """

    rows: Floats
    weights: Floats
    given: NDArray[np.bool_]
    whole: bool

    @classmethod
    def of(cls, fit: PathFit) -> KnownAnswers:
        """Take the answers that a model was fitted on."""
        assert fit.rows is not None
        weights = np.ones(len(fit.rows)) if fit.row_weights is None else fit.row_weights
        whole = bool(np.all(weights == weights[0]))
        return cls(
            rows=fit.rows,
            weights=np.ones(len(fit.rows)) if whole else weights,
            given=np.ones(fit.rows.shape, dtype=bool) if fit.row_gaps is None else ~fit.row_gaps,
            whole=whole,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Division:
    """A division of answers into folds: `places` (n,) is the fold of each, 0 to `folds` - 1."""

    places: NDArray[np.int64]
    folds: int

    @classmethod
    def drawn(cls, n: int, folds: int, generator: np.random.Generator) -> Division:
        """Deal answers to folds; with as many folds as answers, each its own."""
        places = np.arange(n, dtype=np.int64) % folds
        if folds < n:
            generator.shuffle(places)
        return cls(places=places, folds=folds)

    def training(self) -> NDArray[np.float32]:
        """Return which answers each fold learns from (folds, n)."""
        return np.asarray(np.arange(self.folds)[:, None] != self.places[None], dtype=np.float32)


def by_model(
    fit: PathFit,
    known: KnownAnswers,
    division: Division,
    antecedents: Antecedents,
    targets: NDArray[np.intp],
) -> Floats:
    """Return what the model foretells (n, targets), all folds solved in one batch."""
    structure, places = fit.structure, division.places
    solution = _solved(fit, known, division)
    raw = fit.options.rules.metric == "raw"
    scale = np.ones_like(solution.deviations) if raw else solution.deviations
    standard = (known.rows - solution.means[:, places].T) / scale[:, places].T
    scores = np.add.reduceat(standard * solution.weights[:, places].T, structure.starts[:-1], axis=1)
    driven = _driven(scores, solution, structure, places, antecedents)
    own = structure.block[targets]
    loadings = solution.loadings(structure)[targets][:, places].T
    centred = loadings * driven[:, own] * scale[targets][:, places].T
    return np.asarray(centred + solution.means[targets][:, places].T)


def _solved(fit: PathFit, known: KnownAnswers, division: Division) -> Solution:
    """Return the model of each fold's training answers, refusing folds that leave none."""
    sums = Answers.of(known.rows, None if known.whole else known.weights).sums(division.training())
    solution = sums.solve(fit.structure, fit.options.rules)
    settled = solution.usable & (solution.iterations > 0)
    _refuse_lost(settled, False)
    if not fit.options.consistent:
        return solution
    consistent, _ = made_consistent(solution, sums.correlations(), fit.structure)
    sound = consistent.usable & np.isfinite(consistent.loadings(fit.structure)).all(axis=0)
    _refuse_lost(sound, True)
    return consistent


def _refuse_lost(settled: NDArray[np.bool_], consistent: bool) -> None:
    lost = int((~settled).sum())
    if not lost:
        return
    counts = {"lost": Count(lost), "folds": Count(settled.size)}
    if consistent:
        raise BadValue(
            Text(
                "Consistent PLS is not possible without {lost} of the {folds} folds: reliability rho_A of a "
                "construct is not above zero in the other answers.",
                **counts,
            ),
            hint=Text("Fit without consistent=True, or drop items that do not belong together."),
        )
    raise BadValue(
        Text(
            "The model cannot be estimated without {lost} of the {folds} folds: an item has no variation "
            "in the other answers, or the estimation does not settle.",
            **counts,
        ),
        hint=Text("Leave out items that hardly vary, choose more folds, or collect more answers."),
    )


def _driven(
    scores: Floats,
    solution: Solution,
    structure: Structure,
    places: NDArray[np.int64],
    antecedents: Antecedents,
) -> Floats:
    """Return predicted construct scores, each construct after those that lead to it."""
    driven = scores.copy()
    for target in _in_order(structure):
        sources = structure.predictors[target, : structure.counts[target]]
        if sources.size:
            base = scores if antecedents == "direct" else driven
            driven[:, target] = (base[:, sources] * solution.paths[sources, target][:, places].T).sum(axis=1)
    return driven


def _in_order(structure: Structure) -> list[int]:
    """Return the constructs so that causes come first."""
    order: list[int] = []
    while len(order) < structure.constructs:
        for target in range(structure.constructs):
            sources = np.flatnonzero(structure.sources[:, target])
            if target not in order and set(sources.tolist()) <= set(order):
                order.append(target)
    return order


def by_averages(known: KnownAnswers, division: Division, targets: NDArray[np.intp]) -> Floats:
    """Return the averages of the training answers (n, targets)."""
    shares = known.weights[:, None] * known.given[:, targets]
    training = division.training().astype(np.float64)
    means = training @ (shares * known.rows[:, targets]) / (training @ shares)
    return np.asarray(means[division.places])


def by_regressions(
    known: KnownAnswers,
    structure: Structure,
    division: Division,
    benchmark: Benchmark,
    targets: NDArray[np.intp],
) -> Floats:
    """Return what ordinary regressions of each item foretell (n, targets)."""
    rows = known.rows
    exogenous = np.flatnonzero(structure.counts[structure.block] == 0)
    out = np.empty((len(rows), targets.size))
    for own in np.unique(structure.block[targets]):
        items = np.flatnonzero(structure.block[targets] == own)
        drivers = np.flatnonzero(structure.block != own) if benchmark == "other_blocks" else exogenous
        design = rows[:, drivers]
        if benchmark != "exogenous_no_constant":
            design = np.concatenate([np.ones((len(rows), 1)), design], axis=1)
        out[:, items] = _cross_fitted(design, rows[:, targets[items]], known.weights, division)
    return out


def _cross_fitted(design: Floats, outcome: Floats, weights: Floats, division: Division) -> Floats:
    """Return predictions of each fold from weighted regressions on the others."""
    if division.folds == len(design):
        return _each_left_out(design, outcome, weights)
    out = np.empty_like(outcome)
    for fold in range(division.folds):
        inside = division.places != fold
        out[~inside] = design[~inside] @ _slopes(design[inside], outcome[inside], weights[inside])
    return out


def _each_left_out(design: Floats, outcome: Floats, weights: Floats) -> Floats:
    """Return predictions of each answer from all others: residual / (1 - leverage), no regression anew."""
    root = np.sqrt(weights)[:, None]
    inverse = np.linalg.pinv(design * root)
    residual = outcome - design @ (inverse @ (outcome * root))
    leverage = np.einsum("ij,ji->i", design * root, inverse)
    sole = leverage > SOLE_ANSWER
    out = outcome - residual / np.where(sole, 1.0, 1 - leverage)[:, None]
    for row in np.flatnonzero(sole):
        others = np.arange(len(design)) != row
        out[row] = design[row] @ _slopes(design[others], outcome[others], weights[others])
    return np.asarray(out)


def _slopes(design: Floats, outcome: Floats, weights: Floats) -> Floats:
    root = np.sqrt(weights)[:, None]
    return np.asarray(np.linalg.lstsq(design * root, outcome * root, rcond=None)[0])
