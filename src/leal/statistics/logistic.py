"""Logistic regression whose standard errors know that rows of one customer resemble each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.numbers import Floats, floats
from leal.wording import Text

_PASSES, _TOLERANCE = 60, 1e-10
_LARGEST_STEP, _FARTHEST = 5.0, 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogisticFit:
    """Coefficients of a logistic regression with their covariance.

    Attributes
    ----------
    coefficients : array of shape (columns,)
        Of each column of the design, on the scale of log odds.
    covariance : array of shape (columns, columns)
        Clustered where clusters were given, else heteroscedasticity-robust.
    bread : array of shape (columns, columns)
        Inverse of the information: the covariance were all rows independent and the model right.
    scores : array of shape (clusters, columns)
        What each cluster adds to the gradient.
    clusters : array of shape (rows,)
        Number of the cluster of each row, from 0.
    log_likelihood : float
        At the maximum.
    converged : bool
        False where a column separates the outcomes perfectly, so that no finite coefficient is best.
    """

    coefficients: Floats
    covariance: Floats
    bread: Floats
    scores: Floats
    clusters: npt.NDArray[np.intp]
    log_likelihood: float
    converged: bool

    @property
    def standard_errors(self) -> Floats:
        """Standard errors of the coefficients."""
        return floats(np.sqrt(np.maximum(np.diag(self.covariance), 0.0)))

    def probabilities(self, design: npt.ArrayLike) -> Floats:
        """Return the probability of the outcome for each row of a design."""
        return _probability(floats(design) @ self.coefficients)

    def error_of_mean(self, values: Floats, gradients: Floats, weights: Floats | None = None) -> float:
        """Return the standard error of a mean of values that depend on the coefficients.

        Parameters
        ----------
        values : array of shape (rows,)
            One value a row of the data that were fitted, in their order.
        gradients : array of shape (rows, columns)
            Derivative of each value in the coefficients.
        weights : array of shape (rows,), optional
            Weights of the mean.

        Notes
        -----
        Two sources, in one sum by cluster: other customers would have other coefficients, and other values.
        """
        w = np.ones(len(values)) if weights is None else weights
        mean = float(np.sum(w * values) / w.sum())
        slope = (w[:, None] * gradients).sum(axis=0) / w.sum()
        clusters = len(self.scores)
        own = np.bincount(self.clusters, w * (values - mean), minlength=clusters) / w.sum()
        moved = own + self.scores @ (self.bread @ slope)
        return float(np.sqrt(np.sum(moved**2) * clusters / max(clusters - 1, 1)))


def logistic_regression(
    design: npt.ArrayLike,
    outcome: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
) -> LogisticFit:
    """Return what moves the probability of an outcome, on the scale of log odds.

    Parameters
    ----------
    design : array of shape (rows, columns)
        The columns, among them one of ones for the level.
    outcome : array of shape (rows,)
        0 or 1.
    clusters : array of shape (rows,), optional
        Labels of customers with several rows; by default each row is one.
    weights : array of shape (rows,), optional
        Sampling weights.

    Returns
    -------
    LogisticFit

    Raises
    ------
    BadValue
        The outcome is neither 0 nor 1, or the design has a value that is not a number.

    Notes
    -----
    Maximum likelihood by Newton's method; covariance B (sum_c u_c u_c') B C/(C - 1) with B the inverse of the
    information and u_c the gradient of a cluster. Where columns are linearly dependent the shortest
    solution is taken.

    References
    ----------
    Liang and Zeger (1986), Biometrika 73, 13-22.
    """
    x, y = floats(design), floats(outcome)
    if not np.isfinite(x).all() or not np.isin(y, (0.0, 1.0)).all():
        raise BadValue(
            Text("The design holds values that are not numbers, or the outcome others than 0 and 1."),
            hint=Text("Leave out rows with gaps, and code the outcome as 0 and 1."),
            where=Where(column="outcome"),
        )
    w = np.ones(len(y)) if weights is None else floats(weights)
    beta, converged = _newton(x, y, w)
    p = _probability(x @ beta)
    bread = _inverse_information(x, p, w)
    labels = (
        np.arange(len(y)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    )
    scores = _summed(labels, (w * (y - p))[:, None] * x)
    count = len(scores)
    meat = scores.T @ scores * (count / max(count - 1, 1))
    return LogisticFit(
        coefficients=beta,
        covariance=bread @ meat @ bread,
        bread=bread,
        scores=scores,
        clusters=labels.astype(np.intp),
        log_likelihood=_log_likelihood(x @ beta, y, w),
        converged=converged,
    )


def _newton(x: Floats, y: Floats, w: Floats) -> tuple[Floats, bool]:
    beta = np.zeros(x.shape[1])
    reached = _log_likelihood(x @ beta, y, w)
    for _ in range(_PASSES):
        p = _probability(x @ beta)
        step = _inverse_information(x, p, w) @ (x.T @ (w * (y - p)))
        step *= min(1.0, _LARGEST_STEP / max(float(np.abs(x @ step).max(initial=0.0)), 1e-12))
        value = _log_likelihood(x @ (beta + step), y, w)
        while value < reached - 1e-9 * abs(reached) and np.abs(step).max() > 1e-12:
            step = step / 2
            value = _log_likelihood(x @ (beta + step), y, w)
        beta, gained, reached = beta + step, value - reached, value
        if np.abs(x @ beta).max(initial=0.0) > _FARTHEST:
            return beta, False
        if abs(gained) <= _TOLERANCE * (1 + abs(reached)) and np.abs(step).max() < 1e-6:
            return beta, True
    return beta, False


def _probability(linear: Floats) -> Floats:
    return floats(0.5 * (1 + np.tanh(linear / 2)))


def _log_likelihood(linear: Floats, y: Floats, w: Floats) -> float:
    return float(np.sum(w * (y * linear - np.logaddexp(0.0, linear))))


def _inverse_information(x: Floats, p: Floats, w: Floats) -> Floats:
    return floats(np.linalg.pinv(x.T @ ((w * p * (1 - p))[:, None] * x), hermitian=True))


def _summed(labels: npt.NDArray[np.intp], rows: Floats) -> Floats:
    count = int(labels.max(initial=-1)) + 1
    return floats(np.column_stack([np.bincount(labels, column, minlength=count) for column in rows.T]))
