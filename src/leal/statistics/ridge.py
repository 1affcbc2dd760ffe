"""Linear regression that shrinks its slopes as far as the data ask: the small learner of whom to treat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.statistics.numbers import Floats, floats

_PENALTIES = np.concatenate([np.geomspace(1e-4, 1e3, 36), [1e9]])
"""Tried as multiples of the mean square of a column a row; the last one leaves the mean alone."""


@dataclass(frozen=True, slots=True)
class RidgeFit:
    """A level and slopes.

    Attributes
    ----------
    level : float
        Foretold where every column is zero.
    slopes : array of shape (columns,)
    penalty : float
        What was chosen, per row and in units of the mean square of a column.
    """

    level: float
    slopes: Floats
    penalty: float

    def foretold(self, design: npt.ArrayLike) -> Floats:
        """Return what is foretold for each row of a design."""
        return floats(self.level + floats(design) @ self.slopes)


def ridge_regression(design: npt.ArrayLike, outcome: npt.ArrayLike) -> RidgeFit:
    """Return a linear regression with slopes drawn to zero by a penalty that the data choose.

    Parameters
    ----------
    design : array of shape (rows, columns)
        Columns of about the same spread, without a column of ones.
    outcome : array of shape (rows,)

    Returns
    -------
    RidgeFit
        The mean alone where the columns are of no use.

    Notes
    -----
    Minimises sum (y - a - x b)^2 + l sum b^2, l by generalised cross-validation: the least of
    RSS/(n - df)^2 with df = 1 + sum d/(d + l) over the eigenvalues d of the centred X'X. Not for telling
    which column matters: slopes are drawn to zero on purpose.

    References
    ----------
    Hoerl and Kennard (1970), Technometrics 12; Golub, Heath, Wahba (1979), Technometrics 21.

    Examples
    --------
    >>> fit = ridge_regression([[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0])
    >>> fit.foretold([[4.0]]).round(2)
    array([9.])
    """
    x, y = floats(design), floats(outcome)
    rows = np.column_stack([np.ones(len(y)), x, y])
    return ridge_of_products(rows.T @ rows)


def ridge_of_products(products: Floats) -> RidgeFit:
    """Return `ridge_regression` from sums of products of the rows (1, columns, outcome): they add up."""
    n = float(products[0, 0])
    columns = len(products) - 2
    if n < 1:
        return RidgeFit(0.0, np.zeros(columns), float(_PENALTIES[-1]))
    means = products[0] / n
    centred = products - n * np.outer(means, means)
    spread, turned = np.linalg.eigh(centred[1:-1, 1:-1])
    spread = np.maximum(spread, 0.0)
    shadow = turned.T @ centred[1:-1, -1]
    unit = max(float(spread.mean()) if columns else 0.0, 1e-12)
    penalties = _PENALTIES * unit
    chosen = int(np.argmin([_misfit(spread, shadow, centred[-1, -1], n, one) for one in penalties]))
    slopes = turned @ (shadow / (spread + penalties[chosen]))
    return RidgeFit(float(means[-1] - means[1:-1] @ slopes), floats(slopes), float(_PENALTIES[chosen]))


def _misfit(spread: Floats, shadow: Floats, square: float, n: float, penalty: float) -> float:
    kept = spread / (spread + penalty)
    rest = square - float(np.sum(shadow**2 * (2 - kept) / (spread + penalty)))
    left = n - 1 - float(kept.sum())
    return max(rest, 0.0) / left**2 if left > 0 else np.inf
