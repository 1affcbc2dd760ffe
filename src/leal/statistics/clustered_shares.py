"""The share of a sum that comes several parts from one customer: cases that return, money on discount."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.counts import Interval
from leal.statistics.means import t_quantile, wilson_limits
from leal.statistics.numbers import UNKNOWN, Floats, checked_level, floats
from leal.wording import Text

_NAME = "clustered_wilson"


def clustered_share(parts: npt.ArrayLike, wholes: npt.ArrayLike, level: float = 0.95) -> Interval:
    """Return where the share sum(parts)/sum(wholes) lies, one entry of each a customer.

    Parameters
    ----------
    parts, wholes : array of shape (customers,)
        What counts (cases that returned, money spent on discount) of how much (cases, money) of each
        customer; 0 <= part <= whole.
    level : float
        Confidence level.

    Returns
    -------
    Interval
        On the scale 0..1; unknown below two customers with a whole above zero.

    Notes
    -----
    The customers are drawn, not the cases: variance of the ratio by leaving out one customer after the other,
    sum_c ((y_c - p x_c)/(1 - x_c/X))^2/X^2. Wilson's limits are taken on as many independent parts as have
    that variance, with Student's t in place of z; its degrees of freedom are those of the customers that the
    wholes are worth, (sum x)^2/sum x^2, less one, for few large ones tell as little as few. Where no
    or every part counts, the worth alone says how sure that is.

    In simulations of 50 to 300 customers whose cases return, 95 % intervals held in .945 to .965 (Wilson's on
    the cases: .82 to .95), of money spent on discount by uneven spenders in .93 to .945 (linearised and
    symmetrical: .87 to .94), below that where hardly any money is (.87 with 3 % and 50 customers).

    References
    ----------
    Cochran (1977), Sampling Techniques, chapter 6; Wilson (1927).

    Examples
    --------
    >>> found = clustered_share([0, 1, 2, 0, 1], [1, 2, 2, 1, 3])
    >>> round(found.low, 2), round(found.high, 2)
    (0.1, 0.85)
    """
    checked_level(level)
    counted, of = _checked(parts, wholes)
    counted, of = counted[of > 0], of[of > 0]
    if len(of) < 2:
        return Interval(UNKNOWN, UNKNOWN, level, _NAME)
    total = float(of.sum())
    share = min(float(counted.sum()) / total, 1.0)
    worth = total**2 / float(of @ of)
    left_out = (counted - share * of) / (total - of)
    variance = float(left_out @ left_out)
    certain = share * (1 - share) <= 0 or variance <= 0
    independent = worth if certain else share * (1 - share) / variance
    low, high = wilson_limits(share, independent, t_quantile(level, max(worth - 1, 1.0)))
    return Interval(low, high, level, _NAME)


def _checked(parts: npt.ArrayLike, wholes: npt.ArrayLike) -> tuple[Floats, Floats]:
    counted, of = np.ravel(floats(parts)), np.ravel(floats(wholes))
    slack = 1e-9 * np.maximum(np.abs(of), 1.0) if counted.shape == of.shape else 0.0
    if counted.shape != of.shape or not ((counted >= -slack) & (counted <= of + slack)).all():
        raise BadValue(
            Text("A part must lie between zero and its whole."),
            hint=Text("Give one part and one whole a customer."),
            where=Where(column="parts"),
        )
    return counted, of
