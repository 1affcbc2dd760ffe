"""How much weighted answers are worth."""

from __future__ import annotations

from leal.statistics.numbers import UNKNOWN


def effective_n(weights_sum: float, squared_weights_sum: float) -> float:
    """How many unweighted answers are these weighted ones worth? (sum w)^2 / sum w^2.

    Parameters
    ----------
    weights_sum, squared_weights_sum : float
        Sum of the weights and of their squares.

    Returns
    -------
    float
        Between 1 and the number of answers; 0 without answers.

    Notes
    -----
    An approximation that holds where the weights have little to do with the answers; `post_stratify` and
    `weighted_nps` use the answers themselves.

    References
    ----------
    Kish (1965), Survey Sampling.
    """
    if squared_weights_sum <= 0:
        return 0.0 if weights_sum == 0 else UNKNOWN
    return weights_sum**2 / squared_weights_sum
