"""What it costs to collapse a scale of answers to a few groups: answers needed beside the plain mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from leal.errors import BadValue, Where
from leal.wording import Text

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollapsedScore:
    """How well a score sees a small change of what people feel.

    Attributes
    ----------
    effect : float
        Change of the score over its standard deviation.
    answers : float
        Answers needed for the same power, as a multiple of those that the mean needs.
    """

    effect: float
    answers: float


def collapse_cost(shares: npt.ArrayLike, *, lowest: int = 0, shift: float = 0.1) -> dict[str, CollapsedScore]:
    """Return how many times the answers of the mean NPS and shares of a scale need, for these answers.

    Parameters
    ----------
    shares : array of shape (points,)
        Answers (counts or shares) at each point of a scale that ends at 10, the lowest first.
    lowest : int
        Lowest point: 0 or 1.
    shift : float
        By how many standard deviations of feeling everybody changes; the answer hardly hangs on it.

    Returns
    -------
    dict of str to CollapsedScore
        ``mean``, ``nps`` (9 and up minus 6 and below), ``top2`` (9 and up), ``bottom6`` (6 and below).

    Raises
    ------
    BadValue
        Not as many shares as the scale has points, a negative one, or all in one point.

    Notes
    -----
    Answers are taken for a normal feeling cut at thresholds that give these shares; the feeling of all is
    raised by `shift`. Effect = (mean after - mean before) / root of the mean of both variances; answers =
    (effect of the mean / effect of the score)^2. It says what is lost where the whole distribution moves; a
    change that moves only the unhappy is seen better by the lowest groups.

    Examples
    --------
    >>> found = collapse_cost([5, 1, 2, 2, 3, 10, 8, 15, 24, 15, 15])
    >>> round(found["nps"].answers, 2)
    1.08
    """
    before = _checked(shares, lowest)
    points = np.arange(lowest, 11, dtype=np.float64)
    after = _raised(before, shift)
    top, bottom = (points >= 9).astype(np.float64), (points <= 6).astype(np.float64)
    worth = {"mean": points, "nps": top - bottom, "top2": top, "bottom6": bottom}
    effects = {name: _effect(before, after, value) for name, value in worth.items()}
    return {
        name: CollapsedScore(effect=one, answers=(effects["mean"] / one) ** 2 if one else float("inf"))
        for name, one in effects.items()
    }


def _raised(shares: Floats, shift: float) -> Floats:
    """Return the shares after the feeling behind all answers has risen."""
    from scipy.special import ndtr, ndtri

    below = np.concatenate([[0.0], ndtr(ndtri(np.cumsum(shares)[:-1]) - shift), [1.0]])
    return np.asarray(np.diff(below), dtype=np.float64)


def _effect(before: Floats, after: Floats, value: Floats) -> float:
    means = [float(shares @ value) for shares in (before, after)]
    variances = [
        float(shares @ value**2) - mean**2 for shares, mean in zip((before, after), means, strict=True)
    ]
    spread = float(np.sqrt(np.mean(variances)))
    return (means[1] - means[0]) / spread if spread > 0 else 0.0


def _checked(shares: npt.ArrayLike, lowest: int) -> Floats:
    given = np.asarray(shares, dtype=np.float64)
    right = lowest in (0, 1) and given.shape == (11 - lowest,) and bool(np.isfinite(given).all())
    if not right or (given < 0).any() or np.count_nonzero(given) < 2:
        raise BadValue(
            Text("These are not the answers at each point of a scale up to 10."),
            hint=Text("Give {points} counts, none negative, at least two above zero.", points=11 - lowest),
            where=Where(column="shares"),
        )
    return np.asarray(given / given.sum(), dtype=np.float64)
