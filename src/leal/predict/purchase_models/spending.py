"""What purchases to come bring: the mean of each customer, and how far single purchases lie from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.purchase_models.gamma_gamma import GammaGammaFit

_LEAST_TAIL = 0.1
"""What is left of a shape less 2 at least: below 2 a variance is infinite, and no interval could be given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Amounts of purchases to come, one entry a customer.

    Attributes
    ----------
    mean : array of float
        Expected amount of a purchase.
    square : array of float
        Expected square of the amount of one purchase.
    product : array of float
        Expected product of the amounts of two purchases of the same customer, whose own mean is not known for
        certain.
    """

    mean: Floats
    square: Floats
    product: Floats


def spending_of(fit: GammaGammaFit, frequency: Floats, spend: Floats) -> Spending:
    """Return what a Gamma-Gamma fit expects of each customer's purchases.

    Notes
    -----
    The amounts z of a customer are Gamma(p, rate nu), and nu given x purchases of mean m is Gamma(Q, v + x m)
    with Q = q + p x. So E z = p (v + x m)/(Q - 1), E z z' = (E z)^2 (Q - 1)/(Q - 2), and E z^2 is (1 + 1/p)
    times that.
    """
    p, q, _ = np.exp(fit.log_parameters).tolist()
    mean = fit.expected_spend({"frequency": frequency, "spend": spend})
    shape = q + p * frequency
    spread = np.maximum(shape - 1, _LEAST_TAIL) / np.maximum(shape - 2, _LEAST_TAIL)
    product = mean**2 * np.maximum(spread, 1.0)
    return Spending(mean=mean, square=product * (1 + 1 / p), product=product)


def same_spending(amounts: Floats, customers: int) -> Spending:
    """Return the spending where nothing tells customers apart: everyone's purchases as those seen so far."""
    mean, square = float(np.mean(amounts)), float(np.mean(amounts**2))
    whole = np.ones(customers)
    return Spending(mean=mean * whole, square=square * whole, product=mean**2 * whole)
