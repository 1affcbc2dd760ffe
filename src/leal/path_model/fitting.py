"""From answers or moments to a fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leal.engine import FrameLike
from leal.path_model.consistency import made_consistent
from leal.path_model.estimation import solve
from leal.path_model.fit_options import FitOptions
from leal.path_model.model_fit import PathFit
from leal.path_model.moment_reduction import moments_of_rows, rows_of_frame
from leal.path_model.moments import Covariance, Missing, Moments
from leal.path_model.refusals import (
    refuse_inconsistent,
    refuse_unanswered,
    refuse_unsolved,
    refuse_what_cannot_be_fitted,
)
from leal.path_model.specification import PathModel
from leal.path_model.structure import Structure

Floats = NDArray[np.float64]


def fit_model(model: PathModel, data: FrameLike | Moments, options: FitOptions) -> PathFit:
    """Fit a model on answers or moments; see `PathModel.fit`."""
    rows = row_weights = row_gaps = None
    if isinstance(data, Moments):
        moments = data.pooled().select(model.items)
    else:
        answers, weights = rows_of_frame(data, model.items, options.weight)
        moments = moments_of_rows(answers, model.items, weights)
    refuse_unanswered(moments)
    covariance = moments.covariance(options.missing)
    refuse_what_cannot_be_fitted(model, covariance)
    if not isinstance(data, Moments):
        rows, row_weights, row_gaps = _resampled_rows(answers, weights, options.missing, covariance)
    structure = Structure(model)
    solution = solve(covariance.matrix, structure, options.rules)
    refuse_unsolved(model, solution)
    reliability = None
    if options.consistent:
        deviations = np.sqrt(np.diag(covariance.matrix))
        correlations = covariance.matrix / np.outer(deviations, deviations)
        solution, reliability = made_consistent(solution, correlations[:, :, None], structure)
        refuse_inconsistent(model, solution, reliability)
    return PathFit(
        model=model,
        options=options,
        covariance=covariance,
        solution=solution,
        reliability=reliability,
        rows=rows,
        row_weights=row_weights,
        row_gaps=row_gaps,
    )


def _resampled_rows(
    answers: Floats, weights: Floats | None, missing: Missing, covariance: Covariance
) -> tuple[Floats, Floats | None, NDArray[np.bool_] | None]:
    """Return the rows that a bootstrap draws from, their weights, and where gaps were filled.

    Complete rows; or gaps filled by the mean, or (expectation-maximisation) by what the other answers of the
    row let expect.
    """
    gaps = np.isnan(answers)
    complete = ~gaps.any(axis=1)
    if missing == "casewise" or complete.all():
        return answers[complete], None if weights is None else weights[complete], None
    used = ~gaps.all(axis=1)
    rows, gaps = answers[used], gaps[used]
    if missing == "em":
        from leal.path_model.gap_resampling import expected_answers

        filled, _ = expected_answers(np.where(gaps, 0.0, rows), gaps, covariance.means, covariance.matrix)
    else:
        filled = np.where(gaps, covariance.means, rows)
    return filled, None if weights is None else weights[used], gaps
