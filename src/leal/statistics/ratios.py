"""The quotient of two estimated figures."""

from __future__ import annotations

import math


def fieller_limits(
    above: float, below: float, variance_above: float, variance_below: float, covariance: float, reach: float
) -> tuple[float, float] | None:
    """Return between what limits the quotient of two estimates lies.

    Parameters
    ----------
    above, below : float
        The two estimates.
    variance_above, variance_below, covariance : float
        Of the estimates.
    reach : float
        Standard errors that an interval of the wanted level reaches: a quantile of the normal, or of
        Student's t.

    Returns
    -------
    (float, float) or None
        None where the denominator cannot be told from zero: then no limit holds.

    Notes
    -----
    All r for which above - r below is not further from zero than `reach` standard errors. Unlike the delta
    method it is not symmetrical, and it stays right for skewed data where both sides are skewed alike.

    References
    ----------
    Fieller (1954), Journal of the Royal Statistical Society B 16, 175-185.

    Examples
    --------
    >>> low, high = fieller_limits(12, 10, 1, 1, 0, 1.96)
    >>> round(low, 3), round(high, 3)
    (0.932, 1.564)
    """
    if below**2 <= reach**2 * variance_below:
        return None
    of = (above, below, variance_above, variance_below, covariance, reach)
    low, high = fieller_limit(*of, upper=False), fieller_limit(*of, upper=True)
    return None if low is None or high is None else (low, high)


def fieller_limit(
    above: float,
    below: float,
    variance_above: float,
    variance_below: float,
    covariance: float,
    reach: float,
    *,
    upper: bool,
) -> float | None:
    """Return one limit of the quotient, each side having a reach of its own where the distribution leans.

    None where there is no such limit: an upper one needs a denominator that can be told from zero; a lower
    one of a positive quotient does not.
    """
    a = below**2 - reach**2 * variance_below
    b = above * below - reach**2 * covariance
    c = above**2 - reach**2 * variance_above
    if b**2 < a * c:
        return None
    width = math.sqrt(b**2 - a * c)
    if a > 0:
        return (b + width if upper else b - width) / a
    return c / (b + width) if b > 0 and not upper else None
