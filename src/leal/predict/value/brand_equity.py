"""What a buyer is worth where customers switch between brands, and the return of a change of that."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.wording import Text


def switching_value(
    first: npt.ArrayLike,
    matrix: npt.ArrayLike,
    brand: int,
    *,
    periods: int,
    spend: float,
    margin: float = 1.0,
    discount: float = 0.1,
) -> float:
    """Return what a customer is worth to a brand over some periods of choice.

    Parameters
    ----------
    first : array of shape (brands,)
        Probabilities of the brand used now, 1 for a known user.
    matrix : array of shape (brands, brands)
        Probabilities of going from the brand of the row to that of the column in a period; rows add up to 1.
    brand : int
        The brand whose value is asked for, its place in `matrix`.
    periods : int
        Number of choices, the first after one switch.
    spend : float
        Money a period.
    margin : float
        Share of it that is margin.
    discount : float
        Rate of interest a period; the first choice is not discounted.

    Returns
    -------
    float
        sum over t = 1..T of (1 + d)^-(t - 1) x spend x margin x P(brand at choice t), in money.

    Notes
    -----
    Customers who left may come back, which a margin multiple cannot see. Switching probabilities are taken as
    constant.

    References
    ----------
    Rust, Lemon and Zeithaml (2004), Journal of Marketing 68(1), 109-127.

    Examples
    --------
    >>> moves = [[.8, .15, .05], [.1, .8, .1], [.05, .15, .8]]
    >>> round(switching_value([1, 0, 0], moves, 0, periods=5, spend=100, margin=.3), 3)
    75.367
    """
    moves = np.asarray(matrix, dtype=np.float64)
    if moves.ndim != 2 or moves.shape[0] != moves.shape[1] or not np.allclose(moves.sum(axis=1), 1):
        raise BadValue(
            Text("The rows of the switching matrix do not add up to 1."),
            hint=Text("Each row holds where the users of one brand are a period later, as shares."),
            where=Where(column="matrix"),
        )
    chance = np.asarray(first, dtype=np.float64)
    value = 0.0
    for period in range(periods):
        chance = chance @ moves
        value += float(chance[brand]) * spend * margin / (1 + discount) ** period
    return value


def equity_return(change: float, cost: float) -> float:
    """Return what a change of customer equity brought on its cost: (change - cost) / cost.

    Rust, Lemon and Zeithaml (2004): 101.3 million for 70 million is .447.
    """
    return (change - cost) / cost
