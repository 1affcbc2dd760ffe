"""Answers made ready for resampling by the rule for gaps."""

from __future__ import annotations

import numpy as np

from leal.path_model.gap_resampling import MeanFilledAnswers, PairwiseAnswers, answers_by_expectation
from leal.path_model.moments import Missing
from leal.path_model.resampling import Answers, Floats


def prepared_answers(rows: Floats, weights: Floats | None, missing: Missing) -> Answers:
    """Return answers ready for any counts, each resample treated by the rule for gaps as if it were the data.

    Parameters
    ----------
    rows : (n, p)
        Answers; gaps are not-a-numbers, and no row consists of them alone. Casewise: none has any.
    weights : (n,) or None
        Sampling weights.
    missing : {"casewise", "mean", "pairwise", "em"}
        The rule; expectation-maximisation is taken to first order about the fixed point of these rows.
    """
    gaps = np.isnan(rows)
    if not gaps.any():
        return Answers.of(rows, weights)
    if missing == "mean":
        return MeanFilledAnswers.of_gaps(rows, gaps, weights)
    if missing == "pairwise":
        return PairwiseAnswers.of_gaps(rows, gaps, weights)
    from leal.path_model.moment_reduction import moments_of_rows

    names = tuple(map(str, range(rows.shape[1])))
    found = moments_of_rows(rows, names, weights).covariance("em")
    return answers_by_expectation(rows, gaps, found.means, found.matrix * (1 - 1 / found.n), weights)
