"""The tables of a fit: weights, loadings, paths, effects, explained variance."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.path_model.estimation import Solution, total_effects
from leal.path_model.fit_options import FitOptions
from leal.path_model.index import in_points, spread_in_scale
from leal.path_model.moments import Covariance
from leal.path_model.specification import PathModel
from leal.path_model.structure import Structure

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class FitTables:
    """What was fitted, how, and its figures as tables; see `PathFit`."""

    model: PathModel
    options: FitOptions
    covariance: Covariance
    solution: Solution

    @cached_property
    def structure(self) -> Structure:
        """The model as arrays."""
        return Structure(self.model)

    @property
    def n(self) -> int:
        """Answers used."""
        return self.covariance.n

    @cached_property
    def weights(self) -> pl.DataFrame:
        """Outer weights: construct, item, estimate; scores have variance 1 (raw metric: of raw answers)."""
        return self._by_item(self.solution.weights[:, 0])

    @cached_property
    def loadings(self) -> pl.DataFrame:
        """Loadings: construct, item, estimate; correlations of item and score (raw metric: covariances)."""
        return self._by_item(self.solution.loadings(self.structure)[:, 0])

    @cached_property
    def paths(self) -> pl.DataFrame:
        """Path coefficients: source, target, estimate."""
        return self._by_path(self.solution.paths[:, :, 0])

    @cached_property
    def total_effects(self) -> pl.DataFrame:
        """Total effects of each construct on those it leads to, directly or not: source, target, estimate."""
        effects = total_effects(self.solution.paths, self.structure)[:, :, 0]
        names = self.model.names
        sources, targets = self.structure.effect_places
        return pl.DataFrame(
            {
                "source": [names[place] for place in sources],
                "target": [names[place] for place in targets],
                "estimate": effects[sources, targets],
            }
        )

    @cached_property
    def effects_in_points(self) -> pl.DataFrame:
        """What a point more of each index brings its targets, in points: source, target, estimate.

        The unstandardised total effect: the importance of importance-performance analysis.
        """
        spread = spread_in_scale(self.solution, self.structure, self.options.rules.metric)
        effects = in_points(total_effects(self.solution.paths, self.structure), spread, self.structure)[
            :, :, 0
        ]
        names = list(self.model.names)
        pairs = self.total_effects
        values = [
            float(effects[names.index(s), names.index(t)])
            for s, t in zip(pairs["source"], pairs["target"], strict=True)
        ]
        return pairs.with_columns(pl.Series("estimate", values))

    @cached_property
    def r_squared(self) -> pl.DataFrame:
        """Explained variance of each construct that paths lead to: construct, estimate, adjusted."""
        names = self.model.endogenous
        places = [self.model.names.index(name) for name in names]
        values = self.solution.r_squared[places, 0]
        predictors = self.structure.counts[places]
        adjusted = 1 - (1 - values) * (self.n - 1) / np.maximum(self.n - predictors - 1, 1)
        return pl.DataFrame({"construct": names, "estimate": values, "adjusted": adjusted})

    @cached_property
    def correlations(self) -> pl.DataFrame:
        """Correlations of the constructs: construct, then one column a construct."""
        matrix = self.solution.correlations[:, :, 0]
        columns = {name: matrix[:, j] for j, name in enumerate(self.model.names)}
        return pl.DataFrame({"construct": self.model.names, **columns})

    def _by_item(self, values: Floats) -> pl.DataFrame:
        constructs = [self.model.names[j] for j in self.structure.block]
        return pl.DataFrame({"construct": constructs, "item": self.model.items, "estimate": values})

    def _by_path(self, values: Floats) -> pl.DataFrame:
        names = list(self.model.names)
        sources, targets = zip(*self.model.paths, strict=True)
        estimates = [float(values[names.index(s), names.index(t)]) for s, t in self.model.paths]
        return pl.DataFrame({"source": sources, "target": targets, "estimate": estimates})
