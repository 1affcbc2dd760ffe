"""The figures of a fit in each resample: a row a figure, in the order of its tables, a column a resample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadValue
from leal.path_model.consistency import made_consistent
from leal.path_model.estimation import Solution, aligned, total_effects
from leal.path_model.gap_resampling import MeanFilledAnswers, PairwiseAnswers, answers_by_expectation
from leal.path_model.index import (
    in_points,
    index_values,
    index_weights,
    rules_of_definition,
    spread_in_scale,
)
from leal.path_model.resampling import Answers, Sums, bootstrap_counts, jackknife_groups
from leal.results import checked_seed
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]
Usable = NDArray[np.bool_]

MOST_ANSWERS = 60_000
"""Answers up to which all are drawn from; of more, a part is, and its spread is brought to all."""

PART = 20_000

LEAST_USABLE = 0.1
"""Share of resamples that must give something: below it the others are no fair sample of what may happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What each resample gave; one row a figure, in the order of the fit's tables, one column a resample."""

    weights: Floats
    loadings: Floats
    paths: Floats
    total_effects: Floats
    r_squared: Floats
    index: Floats
    effects_in_points: Floats


def answers_of(fit: PathFit) -> Answers:
    """Return all answers of a fit."""
    return _answers(fit, slice(None))


def part_of(fit: PathFit, seed: int | None) -> Answers:
    """Return the answers to draw from: all, or a random part of so many that their draws need no more."""
    assert fit.rows is not None
    if len(fit.rows) <= MOST_ANSWERS:
        return answers_of(fit)
    chosen = np.sort(np.random.default_rng(checked_seed(seed)).choice(len(fit.rows), PART, replace=False))
    return _answers(fit, chosen)


def _answers(fit: PathFit, chosen: NDArray[np.intp] | slice) -> Answers:
    """Return some answers of a fit, their gaps treated as the fit treated them."""
    assert fit.rows is not None
    rows = fit.rows[chosen]
    weights = None if fit.row_weights is None else fit.row_weights[chosen]
    if fit.row_gaps is None:
        return Answers.of(rows, weights)
    gaps = fit.row_gaps[chosen]
    if fit.options.missing == "mean":
        return MeanFilledAnswers.of_gaps(rows, gaps, weights)
    if fit.options.missing == "pairwise":
        return PairwiseAnswers.of_gaps(rows, gaps, weights)
    matrix = fit.covariance.matrix * (1 - 1 / fit.n)
    return answers_by_expectation(rows, gaps, fit.covariance.means, matrix, weights)


def bootstrap_sums(answers: Answers, resamples: int, seed: int | None) -> Iterator[Sums]:
    """Yield the sums of bootstrap resamples, block by block."""
    return (answers.sums(counts) for counts in bootstrap_counts(answers.n, resamples, seed))


def jackknife_sums(answers: Answers, seed: int | None) -> Iterator[Sums]:
    """Yield the sums with each answer (or group of answers) left out, block by block."""
    return answers.sums_without(jackknife_groups(answers.n, seed))


def solved(fit: PathFit, sums: Sums) -> tuple[Solution, Usable]:
    """Return the solutions of resamples, and which of them are usable."""
    solution = sums.solve(fit.structure, fit.options.rules)
    if fit.options.rules.signs == "construct":
        solution = aligned(solution, fit.solution, fit.structure)
    usable = solution.usable & (solution.iterations > 0)
    if not fit.options.consistent:
        return solution, usable
    consistent, _ = made_consistent(solution, sums.correlations(), fit.structure)
    return consistent, usable & consistent.usable


def draw(fit: PathFit, blocks: Iterable[Sums]) -> tuple[Draws, int]:
    """Return the figures of every usable resample, and how many were not usable."""
    parts: list[dict[str, Floats]] = []
    unusable = 0
    for sums in blocks:
        figures, usable = figures_of(fit, sums)
        unusable += int((~usable).sum())
        parts.append(figures if usable.all() else {k: v[:, usable] for k, v in figures.items()})
    joined = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}
    return Draws(**joined), unusable


def enough_usable(usable: int, drawn: int) -> bool:
    """Tell whether enough resamples gave something for their spread to be told."""
    return usable >= max(3, LEAST_USABLE * drawn)


def usable_or_refuse(usable: int, drawn: int, missing: str = "casewise", *, settled: bool = True) -> None:
    """Refuse to tell a spread that hardly any resample gave, with a hint that fits the cause.

    Parameters
    ----------
    usable, drawn : int
        Resamples that gave something, and all.
    missing : str
        The rule for gaps, where there are any.
    settled : bool
        Whether the estimation of all answers came to rest.
    """
    if enough_usable(usable, drawn):
        return
    hint = Text("Drop items that hardly vary or repeat another, or collect more answers.")
    if not settled:
        hint = Text("The estimation does not settle: raise max_iterations, or drop weak items.")
    elif missing != "casewise":
        hint = Text(
            "Too many answers are missing for this: drop the items that most left out, collect more answers, "
            "or use complete answers only (missing='casewise')."
        )
    raise BadValue(
        Text(
            "Only {usable} of {drawn} resamples could be estimated: no interval can be told.",
            usable=Count(usable),
            drawn=Count(drawn),
        ),
        hint=hint,
    )


def fit_usable_or_refuse(fit: PathFit, usable: int, drawn: int) -> None:
    """Refuse to tell the spread of a fit that hardly any resample gave; see `usable_or_refuse`."""
    missing = "casewise" if fit.row_gaps is None else fit.options.missing
    usable_or_refuse(usable, drawn, missing, settled=bool(fit.solution.iterations[0] > 0))


def figures_of(fit: PathFit, sums: Sums) -> tuple[dict[str, Floats], Usable]:
    """Return every figure of one block of resamples, and which of them are usable."""
    structure = fit.structure
    solution, usable = solved(fit, sums)
    names = list(fit.model.names)
    sources = [names.index(source) for source, _ in fit.model.paths]
    targets = [names.index(target) for _, target in fit.model.paths]
    effects = total_effects(solution.paths, structure)
    spread = spread_in_scale(solution, structure, fit.options.rules.metric)
    pairs = fit.total_effects
    from_ = [names.index(name) for name in pairs["source"]]
    to = [names.index(name) for name in pairs["target"]]
    endogenous = [names.index(name) for name in fit.model.endogenous]
    return {
        "weights": solution.weights,
        "loadings": solution.loadings(structure),
        "paths": solution.paths[sources, targets],
        "total_effects": effects[from_, to],
        "r_squared": solution.r_squared[endogenous],
        "index": _index(fit, sums, solution),
        "effects_in_points": in_points(effects, spread, structure)[from_, to],
    }, usable


def _index(fit: PathFit, sums: Sums, solution: Solution) -> Floats:
    definition, rules = fit.options.index, fit.options.rules
    own = rules_of_definition(definition, rules)
    if own.metric != rules.metric:
        solution = sums.solve(fit.structure, own)
    weights = index_weights(definition, solution.weights, solution.deviations, fit.structure)
    return index_values(weights, solution.means, fit.options.scale, fit.structure)
