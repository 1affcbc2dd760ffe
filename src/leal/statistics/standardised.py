"""How far two groups are apart in standard deviations: the measure of whether one stands for the other."""

from __future__ import annotations

import math

from leal.statistics.comparisons import Comparison, compared, unknown_comparison
from leal.statistics.numbers import checked_level


def standardised_difference(
    mean_a: float,
    sd_a: float,
    n_a: float,
    mean_b: float,
    sd_b: float,
    n_b: float,
    level: float = 0.95,
) -> Comparison:
    """Tell how far the means of two groups are apart, in standard deviations.

    Parameters
    ----------
    mean_a, sd_a, n_a, mean_b, sd_b, n_b : float
        Mean, standard deviation and number of each group; of a share p its standard deviation is
        sqrt(p (1 - p)).
    level : float
        Confidence level.

    Returns
    -------
    Comparison
        d = (mean_a - mean_b)/sqrt((sd_a^2 + sd_b^2)/2), with the interval d -+ z sqrt((n_a + n_b)/(n_a n_b) +
        d^2/(2 (n_a + n_b))). Unknown below two values a group, and where neither group varies but they
        differ.

    Notes
    -----
    It does not grow with the number of customers as a test does, and so tells whether two groups are *alike
    enough*; beyond .1 they are commonly called unlike (Austin 2009). Not for the effect of an action: money
    has a unit, and `welch` keeps it.

    References
    ----------
    Hedges and Olkin (1985), Statistical Methods for Meta-Analysis. Austin (2009), Balance diagnostics,
    Statistics in Medicine 28.

    Examples
    --------
    >>> round(standardised_difference(102, 15, 400, 100, 15, 400).estimate, 3)
    0.133
    """
    checked_level(level)
    spread = math.sqrt((sd_a**2 + sd_b**2) / 2) if min(n_a, n_b) >= 2 else math.nan
    if not math.isfinite(spread) or (spread == 0 and mean_a != mean_b):
        return unknown_comparison(n_a + n_b, level, "standardised")
    difference = (mean_a - mean_b) / spread if spread else 0.0
    error = math.sqrt((n_a + n_b) / (n_a * n_b) + difference**2 / (2 * (n_a + n_b)))
    return compared(difference, error, n_a + n_b, level, "standardised")
