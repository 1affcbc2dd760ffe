"""The logarithm of a sum with its derivatives, from those of the logarithms of what is added up."""

from __future__ import annotations

import math

import numpy as np

from leal.predict.purchase_models.customer_columns import Floats


def log_of_sum(parts: Floats, slopes: Floats, bends: Floats) -> tuple[float, Floats, Floats]:
    """Return the logarithm of a sum, its gradient and second derivatives.

    Parameters
    ----------
    parts : array (n,)
        What is added up, not below zero.
    slopes : array (n, p)
        Gradient of the logarithm of each part.
    bends : array (n, p (p + 1) / 2)
        Its second derivatives, the upper triangle by rows.
    """
    total = float(parts.sum())
    if not 0 < total < math.inf:
        size = slopes.shape[1]
        return math.nan, np.full(size, math.nan), np.full((size, size), math.nan)
    shares = parts / total
    gradient = shares @ slopes
    hessian = (slopes * shares[:, None]).T @ slopes - np.outer(gradient, gradient)
    return math.log(total), gradient, hessian + symmetric(shares @ bends)


def symmetric(upper: Floats) -> Floats:
    """Return the matrix whose upper triangle is given by rows."""
    size = int((math.sqrt(8 * upper.size + 1) - 1) / 2)
    matrix = np.zeros((size, size))
    matrix[np.triu_indices(size)] = upper
    return matrix + np.triu(matrix, 1).T
