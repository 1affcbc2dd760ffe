"""The tables that a bootstrap and a jackknife share: every figure with standard error and interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from leal.path_model.drawn_figures import Draws
from leal.path_model.intervals import Bias, Drawn, with_limits

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit

BIASES: dict[str, Bias] = {"r_squared": "explained"}


@dataclass(frozen=True, kw_only=True, eq=False)
class FigureTables:
    """Every figure of a fit with its standard error and interval.

    Attributes
    ----------
    fit : PathFit
        What was resampled.
    draws : Draws
        The figures of each usable resample.
    unusable : int
        How many resamples gave nothing: an item without variation, no convergence.
    level : float
        Confidence level.
    method : str
        How the limits are found.
    """

    fit: PathFit
    draws: Draws
    unusable: int
    level: float
    method: str

    @property
    def left_out(self) -> Draws | None:
        """Figures with each answer left out, where the method needs them beside the draws."""
        return None

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
        definition = pl.Series("definition", [self.fit.options.index] * plain.height)
        return self._table(plain, "index").hstack([definition])

    @cached_property
    def effects_in_points(self) -> pl.DataFrame:
        """What a point more of each construct brings its targets, in points, with its interval."""
        return self._table(self.fit.effects_in_points, "effects_in_points")

    def _table(self, estimates: pl.DataFrame, name: str) -> pl.DataFrame:
        plain = pl.DataFrame([column for column in estimates.get_columns() if column.name != "adjusted"])
        drawn = Drawn(
            draws=getattr(self.draws, name),
            estimates=np.asarray(estimates["estimate"].to_numpy()),
            method=self.method,
            level=self.level,
            n=self.fit.covariance.effective_n,
            left_out=None if self.left_out is None else getattr(self.left_out, name),
            bias=BIASES.get(name, "none"),
        )
        return with_limits(plain, drawn, self.fit.n)
