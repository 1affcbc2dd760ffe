"""Purchases to come, week by week, discounted to today."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from leal.predict.purchase_models.checked_arguments import require_discount
from leal.predict.purchase_models.customer_columns import Floats

WEEKS_IN_YEAR = 52
"""Weeks of a year wherever money is discounted in this floor, and of the horizon of a year: 364 days."""


def weekly_factor(discount: float) -> float:
    """Return what a purchase of one week later is worth today, at a yearly rate of interest.

    Raises
    ------
    BadValue
        The rate is below zero or no number.
    """
    require_discount(discount)
    return float((1 + discount) ** (-1 / WEEKS_IN_YEAR))


def discounted(expected: Callable[[float], Floats], *, weeks: float, discount: float) -> Floats:
    """Return what is expected in the next weeks, each week's part discounted to today from its end.

    Parameters
    ----------
    expected : callable
        Purchases expected within a number of weeks, one value a customer.
    weeks : float
        How far ahead; the last week may be a part of one.
    discount : float
        Rate of interest a year, as a fraction.

    Notes
    -----
    The sum over weeks w of (E(w) - E(w-1)) f^w is rearranged so that only one array is added to at a time.
    """
    factor = weekly_factor(discount)
    whole = math.ceil(weeks)
    if whole <= 0:
        return np.zeros_like(expected(0.0))
    total = expected(float(weeks)) * factor**whole
    for week in range(1, whole):
        total = total + expected(float(week)) * (factor**week - factor ** (week + 1))
    return total
