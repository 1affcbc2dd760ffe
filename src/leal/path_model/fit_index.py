"""The index of a fit without its answers, and the weights that other definitions of it need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from leal.path_model.estimation import Solution, solve
from leal.path_model.index import Definition, rules_of_definition

if TYPE_CHECKING:
    from leal.path_model.model_fit import PathFit


def index_of_moments(fit: PathFit, level: float = 0.95) -> pl.DataFrame:
    """Return the index of a fit on moments, its interval that of a mean by fixed weights."""
    from scipy.stats import t as student

    low, high = fit.options.scale
    shape = fit.index_weights(fit.options.index)
    values = fit.index_values(fit.options.index)
    own = np.where(fit.structure.block[:, None] == np.arange(len(values)), shape[:, None], 0.0)
    variances = np.einsum("ij,ik,kj->j", own, fit.covariance.of_means, own)
    errors = np.sqrt(np.maximum(variances, 0.0)) / (high - low) * 100
    reach = student.ppf((1 + level) / 2, max(fit.covariance.least_effective_n - 1, 1)) * errors
    return pl.DataFrame(
        {
            "construct": fit.model.names,
            "estimate": values,
            "standard_error": errors,
            "ci_low": values - reach,
            "ci_high": values + reach,
        }
    ).with_columns(
        pl.lit(fit.n).alias("n"),
        pl.lit(level).alias("level"),
        pl.lit("fixed_weights").alias("method"),
        pl.lit(fit.options.index).alias("definition"),
    )


def solution_by_definition(fit: PathFit, definition: Definition) -> Solution:
    """Return the solution in the metric of a definition: raw for A, standardised for B and C."""
    rules = rules_of_definition(definition, fit.options.rules)
    if rules.metric == fit.options.rules.metric:
        return fit.solution
    return solve(fit.covariance.matrix, fit.structure, rules)
