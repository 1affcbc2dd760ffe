"""Every figure of a fit with its standard error and interval, from resampled answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.errors import BadOption
from leal.path_model.consistency import made_consistent
from leal.path_model.estimation import Rules, Solution, total_effects
from leal.path_model.index import in_points, index_values, index_weights, spread_in_scale
from leal.path_model.intervals import bca_limits, percentile_limits
from leal.path_model.resampling import Answers, bootstrap_counts, leave_one_out_counts
from leal.results import Note
from leal.wording import Count, Text

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

Floats = NDArray[np.float64]

METHODS = ("percentile", "bca", "plain_percentile")

MOST_ANSWERS = 60_000
"""Answers up to which all are drawn from; of more, a part is, and its spread is brought to all."""

PART = 20_000


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Bootstrap:
    """Standard errors and intervals of a fit.

    Attributes
    ----------
    fit : PathFit
        What was resampled.
    draws : Draws
        The figures of each usable resample.
    resamples, unusable : int
        How many were drawn, and how many of them gave nothing: an item without variation, no convergence.
    level : float
        Confidence level.
    method : {"percentile", "bca", "plain_percentile"}
        How the limits are found.
    jackknife : Draws or None
        Figures with each answer left out, where the method needs them.
    """

    fit: PathFit
    draws: Draws
    resamples: int
    unusable: int
    level: float
    method: str
    jackknife: Draws | None = None

    @cached_property
    def weights(self) -> pl.DataFrame:
        """Outer weights with standard error and interval."""
        return self._table(self.fit.weights, "weights")

    @cached_property
    def loadings(self) -> pl.DataFrame:
        """Loadings with standard error and interval."""
        return self._table(self.fit.loadings, "loadings")

    @cached_property
    def paths(self) -> pl.DataFrame:
        """Path coefficients with standard error and interval."""
        return self._table(self.fit.paths, "paths")

    @cached_property
    def total_effects(self) -> pl.DataFrame:
        """Total effects with standard error and interval."""
        return self._table(self.fit.total_effects, "total_effects")

    @cached_property
    def r_squared(self) -> pl.DataFrame:
        """Explained variance with standard error and interval."""
        return self._table(self.fit.r_squared, "r_squared")

    @cached_property
    def index(self) -> pl.DataFrame:
        """The index from 0 to 100 with standard error and interval; weights are estimated anew each time."""
        values = self.fit.index_values(self.fit.options.index)
        plain = pl.DataFrame({"construct": self.fit.model.names, "estimate": values})
        return self._table(plain, "index").with_columns(pl.lit(self.fit.options.index).alias("definition"))

    @cached_property
    def effects_in_points(self) -> pl.DataFrame:
        """What a point more of each construct brings its targets, in points, with its interval."""
        return self._table(self.fit.effects_in_points, "effects_in_points")

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The doubts of the fit, and how many resamples gave nothing."""
        if not self.unusable:
            return self.fit.notes
        text = Text(
            "{count} of {resamples} resamples gave nothing (an item without variation, or no convergence) "
            "and were left out.",
            count=Count(self.unusable),
            resamples=Count(self.resamples),
        )
        return (*self.fit.notes, Note(code="unusable_resamples", text=text))

    def _table(self, estimates: pl.DataFrame, name: str) -> pl.DataFrame:
        values = getattr(self.draws, name)
        centre = estimates["estimate"].to_numpy()
        if self.jackknife is None:
            n = None if self.method == "plain_percentile" else self.fit.covariance.effective_n
            low, high = percentile_limits(values, self.level, n)
        else:
            low, high = bca_limits(values, centre, getattr(self.jackknife, name), self.level)
        return estimates.select(pl.exclude("adjusted")).with_columns(
            pl.Series("standard_error", values.std(axis=1, ddof=1)),
            pl.Series("ci_low", low),
            pl.Series("ci_high", high),
            pl.lit(self.fit.n).alias("n"),
            pl.lit(self.level).alias("level"),
            pl.lit(self.method).alias("method"),
        )


def bootstrap_fit(fit: PathFit, resamples: int, seed: int | None, level: float, method: str) -> Bootstrap:
    """Resample a fit; see `PathFit.bootstrap`."""
    if method not in METHODS:
        raise BadOption("method", method, list(METHODS))
    assert fit.rows is not None
    chosen = _chosen(len(fit.rows), seed)
    weights = fit.row_weights
    answers = Answers.of(fit.rows[chosen], None if weights is None else weights[chosen])
    draws, unusable = _draw(fit, answers, bootstrap_counts(answers.n, resamples, seed))
    if answers.n < len(fit.rows):
        draws = _scaled(fit, answers, draws)
    jackknife = None
    if method == "bca" and answers.n == len(fit.rows):
        jackknife, _ = _draw(fit, answers, leave_one_out_counts(answers.n))
    return Bootstrap(
        fit=fit,
        draws=draws,
        resamples=resamples,
        unusable=unusable,
        level=level,
        method=method,
        jackknife=jackknife,
    )


def _chosen(n: int, seed: int | None) -> NDArray[np.intp] | slice:
    """Return the answers to draw from: all, or a random part of so many that their draws need no more."""
    if n <= MOST_ANSWERS:
        return slice(None)
    return np.sort(np.random.default_rng(seed).choice(n, PART, replace=False))


def _scaled(fit: PathFit, part: Answers, draws: Draws) -> Draws:
    """Return draws of a part brought to the spread of all answers, about the estimates of all.

    The m-out-of-n bootstrap: spread falls with the root of the number of answers (Bickel, Goetze and van Zwet
    1997).
    """
    assert fit.rows is not None
    own, _ = _figures(fit, part, np.ones((1, part.n), dtype=np.float32))
    shrink = np.sqrt(part.n / len(fit.rows))
    estimates = {
        "weights": fit.weights["estimate"],
        "loadings": fit.loadings["estimate"],
        "paths": fit.paths["estimate"],
        "total_effects": fit.total_effects["estimate"],
        "r_squared": fit.r_squared["estimate"],
        "index": fit.index_values(fit.options.index),
        "effects_in_points": fit.effects_in_points["estimate"],
    }
    return Draws(
        **{
            name: np.asarray(centre)[:, None] + (getattr(draws, name) - own[name]) * shrink
            for name, centre in estimates.items()
        }
    )


def _draw(fit: PathFit, answers: Answers, blocks: Iterator[NDArray[np.float32]]) -> tuple[Draws, int]:
    parts: list[dict[str, Floats]] = []
    unusable = 0
    for counts in blocks:
        figures, usable = _figures(fit, answers, counts)
        unusable += int((~usable).sum())
        parts.append(figures if usable.all() else {k: v[:, usable] for k, v in figures.items()})
    joined = {name: np.concatenate([part[name] for part in parts], axis=1) for name in parts[0]}
    return Draws(**joined), unusable


def _figures(
    fit: PathFit, answers: Answers, counts: NDArray[np.float32]
) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
    """Return every figure of one block of resamples, and which of them are usable."""
    structure, rules = fit.structure, fit.options.rules
    solution = answers.solve(counts, structure, rules)
    index = _index(fit, answers, counts, solution)
    usable = solution.usable & (solution.iterations > 0)
    if fit.options.consistent:
        solution, _ = made_consistent(solution, answers.correlations(counts), structure)
        usable &= solution.usable
    names = list(fit.model.names)
    sources = [names.index(source) for source, _ in fit.model.paths]
    targets = [names.index(target) for _, target in fit.model.paths]
    effects = total_effects(solution.paths)
    spread = spread_in_scale(solution, structure, rules.metric)
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
        "index": index,
        "effects_in_points": in_points(effects, spread, structure)[from_, to],
    }, usable


def _index(fit: PathFit, answers: Answers, counts: NDArray[np.float32], solution: Solution) -> Floats:
    definition, rules = fit.options.index, fit.options.rules
    metric = {"A": "raw", "B": "standardised"}.get(definition, rules.metric)
    if metric != rules.metric:
        other = Rules(scheme=rules.scheme, metric=metric, tolerance=rules.tolerance)  # type: ignore[arg-type]
        solution = answers.solve(counts, fit.structure, other)
    weights = index_weights(definition, solution.weights, solution.deviations, fit.structure)
    return index_values(weights, solution.means, fit.options.scale, fit.structure)
