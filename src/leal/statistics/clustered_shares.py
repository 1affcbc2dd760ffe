"""The share of a sum that comes several parts from one customer: cases that return, money on discount."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.statistics.counts import Interval
from leal.statistics.means import wilson_limits
from leal.statistics.numbers import UNKNOWN, Floats, checked_level, floats, t_quantile
from leal.statistics.skewness import squares_worth
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
    The customers are drawn, not the cases: variance of the ratio by leaving out one customer after the
    other, sum_c r_c^2 with r_c = (y_c - p x_c)/(X - x_c). Wilson's limits are taken on as many independent
    parts as have that variance, with Student's t in place of z: a variance that rests on few customers is
    itself unsure. Its degrees of freedom are the customers that the wholes are worth less one,
    (sum x)^2/sum x^2 - 1, or, where fewer, twice those that the squares are worth, 2 (sum r^2)^2/sum r^4.
    Where no or every part counts, the worth alone says how sure that is.

    In simulations of 50 to 300 customers 95 % intervals held in .95 to .97 of cases that return (Wilson's on
    the cases: .82 to .95), .95 to .96 of money on discount (linearised and symmetrical: .87 to .94; with
    hardly any discount, 3 %, and 50 customers .915), .95 to .98 of losses weighted by uneven spending (.88
    to .93).

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
    freedom = worth - 1 if certain else min(worth - 1, 2 * squares_worth(left_out))
    low, high = wilson_limits(share, independent, t_quantile(level, max(freedom, 1.0)))
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
