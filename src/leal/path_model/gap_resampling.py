"""Answers with gaps, made ready for resampling, so that resamples are centred on what was estimated.

Expectation-maximisation: each answer counts with its influence on the fixed point, so that a resample costs
no iteration of its own.
Pairwise, and filled by the mean: sums are kept of each pair of items over the answers that have both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadValue
from leal.path_model.resampling import Answers, Floats, Reals, Sums
from leal.wording import Text

Gaps = NDArray[np.bool_]

LEAST_EIGENVALUE = 1e-5
"""Least eigenvalue of correlations that gaps leave open below."""

STEP = 1e-5
"""Step of the differences, in standard deviations."""


def expected_answers(rows: Floats, gaps: Gaps, means: Floats, matrix: Floats) -> tuple[Floats, Floats]:
    """Return rows with gaps filled by their expectation (n x p), and what to add to their products.

    Parameters
    ----------
    rows : (n, p)
        Answers; what stands in gaps is not looked at.
    gaps : (n, p)
        Where there is no answer.
    means, matrix : (p,), (p, p)
        Means and covariances (divisor n) of the fixed point.

    Returns
    -------
    filled : (n, p)
    spread : (p (p + 1) / 2, n)
        Expected products of gaps less the products of their expectations.
    """
    filled = rows.copy()
    upper = np.triu_indices(rows.shape[1])
    spread = np.zeros((upper[0].size, len(rows)))
    patterns, places = np.unique(gaps, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        here = np.flatnonzero(places.ravel() == number)
        missing, answered = np.flatnonzero(pattern), np.flatnonzero(~pattern)
        if not missing.size:
            continue
        cross = matrix[np.ix_(answered, missing)]
        slope = np.linalg.solve(matrix[np.ix_(answered, answered)], cross)
        filled[np.ix_(here, missing)] = (
            means[missing] + (rows[np.ix_(here, answered)] - means[answered]) @ slope
        )
        left = np.zeros_like(matrix)
        left[np.ix_(missing, missing)] = matrix[np.ix_(missing, missing)] - slope.T @ cross
        spread[:, here] = left[upper][:, None]
    return filled, spread


def leave_open(matrix: Floats) -> bool:
    """Tell whether covariances have no inverse: the answers given fit items that follow from each other."""
    deviations = np.sqrt(np.diag(matrix))
    return not np.linalg.eigvalsh(matrix / np.outer(deviations, deviations))[0] > LEAST_EIGENVALUE


def refuse_open_correlations(matrix: Floats) -> None:
    """Refuse to tell a spread about a fixed point of expectation-maximisation that has no inverse."""
    if leave_open(matrix):
        raise BadValue(
            Text(
                "Intervals are unknown: so many answers are missing that they leave the correlations of some "
                "items open. This needs more people who answered the same items."
            ),
            hint=Text(
                "Drop the items that most left out, collect more answers, or choose missing='pairwise' or "
                "'mean' instead of 'em'."
            ),
        )


def answers_by_expectation(
    rows: Floats, gaps: Gaps, means: Floats, matrix: Floats, weights: Floats | None
) -> Answers:
    """Return answers whose weighted sums are, to first order, the fixed points of their resamples.

    With M the step of expectation-maximisation, t its fixed point for all answers and J the slope of M there,
    the fixed point of a resample is near t + (1 - J)^-1 (M* (t) - t). M* (t) is a mean over answers, so that
    the matrix can be put on the answers once (their influence on the fixed point).

    Raises
    ------
    BadValue
        So much is missing that the fixed point has no inverse.
    """
    refuse_open_correlations(matrix)
    filled, spread = expected_answers(rows, gaps, means, matrix)
    plain = Answers.of(filled, weights)
    columns = plain.columns.astype(np.float64)
    columns[plain.items :] += spread
    fixed = np.concatenate([means, (matrix + np.outer(means, means))[np.triu_indices(means.size)]])
    lasting = np.eye(fixed.size) - _slope_of_step(rows, gaps, fixed, weights)
    moved = fixed[:, None] + np.linalg.solve(lasting, columns - fixed[:, None])
    return Answers(columns=np.ascontiguousarray(moved), weights=weights, items=plain.items)


def _slope_of_step(rows: Floats, gaps: Gaps, fixed: Floats, weights: Floats | None) -> Floats:
    """Return the derivative of the step at its fixed point (means, then second moments), by differences."""
    from leal.path_model.missing_answers import expectation_step, square
    from leal.path_model.moment_reduction import moments_of_rows

    size = rows.shape[1]
    upper = np.triu_indices(size)
    moments = moments_of_rows(np.where(gaps, np.nan, rows), tuple(map(str, range(size))), weights)
    spread = np.sqrt(np.maximum(np.diag(square(fixed[size:], size)) - fixed[:size] ** 2, 1e-12))
    reach = STEP * np.concatenate([spread, spread[upper[0]] * spread[upper[1]]])
    guesses = np.concatenate([fixed[None], fixed[None] + np.diag(reach)])
    means = guesses[:, :size]
    matrices = square(guesses[:, size:], size) - means[:, :, None] * means[:, None, :]
    next_means, second = expectation_step(moments, means, matrices)
    stepped = np.concatenate([next_means, second[:, upper[0], upper[1]]], axis=1)
    return np.asarray(((stepped[1:] - stepped[0]) / reach[:, None]).T)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairwiseAnswers(Answers):
    """Answers of which each pair of items is summed over those that have both.

    The columns are, for i <= k: whether both are answered; then x_i where k is answered, for all i and k;
    then x_i x_k where both are.
    """

    @classmethod
    def of_gaps(cls, rows: Floats, gaps: Gaps, weights: Floats | None) -> PairwiseAnswers:
        """Prepare a matrix of answers (n x p); what stands in gaps is not looked at."""
        present = (~gaps).astype(np.float64)
        known = np.where(gaps, 0.0, rows)
        size = rows.shape[1]
        upper = np.triu_indices(size)
        both = present[:, upper[0]] * present[:, upper[1]]
        alone = (known[:, :, None] * present[:, None, :]).reshape(len(rows), -1)
        products = known[:, upper[0]] * known[:, upper[1]]
        columns = np.ascontiguousarray(np.concatenate([both, alone, products], axis=1).T)
        return cls(columns=columns, weights=weights, items=size)

    def means(self, counts: NDArray[np.float32]) -> Floats:
        """Return the means of the items (p, R) over those who answered them."""
        return np.asarray(self.sums(counts).items, dtype=np.float64)

    def _sums(self, sums: Reals, totals: Floats, size: NDArray[np.float64]) -> Sums:
        """Return covariances as sums of one answer, so that the kernel reads them as any others."""
        upper = np.triu_indices(self.items)
        pairs = upper[0].size
        both, products = sums[:pairs], sums[-pairs:]
        alone = sums[pairs:-pairs].reshape(self.items, self.items, -1)
        own = np.arange(self.items)
        with np.errstate(invalid="ignore", divide="ignore"):
            count = both * (size / totals)
            centred = products - alone[upper] * alone[upper[1], upper[0]] / both
            covariances = centred / (both * (1 - 1 / count))
            means = alone[own, own] / both[upper[0] == upper[1]]
        one = np.ones(totals.size)
        return Sums(
            items=means, products=covariances + means[upper[0]] * means[upper[1]], totals=one, divisors=one
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanFilledAnswers(PairwiseAnswers):
    """Answers whose gaps are filled, in each resample anew, by the mean of the item in it.

    A filled gap deviates by nothing, so sums of pairs over those who answered both are all that is needed.
    """

    def _sums(self, sums: Reals, totals: Floats, size: NDArray[np.float64]) -> Sums:
        upper = np.triu_indices(self.items)
        pairs = upper[0].size
        both, products = sums[:pairs], sums[-pairs:]
        alone = sums[pairs:-pairs].reshape(self.items, self.items, -1)
        own = np.arange(self.items)
        with np.errstate(invalid="ignore", divide="ignore"):
            means = alone[own, own] / both[upper[0] == upper[1]]
            first, second = means[upper[0]], means[upper[1]]
            centred = products - second * alone[upper] - first * alone[upper[1], upper[0]]
            covariances = (centred + first * second * both) / (totals * (1 - 1 / size))
        one = np.ones(totals.size)
        return Sums(items=means, products=covariances + first * second, totals=one, divisors=one)
