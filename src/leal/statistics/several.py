"""Several questions at once: adjusted p values, and ranks with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from leal.errors import BadOption, BadValue, Where
from leal.results import checked_seed
from leal.statistics.numbers import Floats, checked_level, floats
from leal.wording import Text

Ranks = npt.NDArray[np.float64]


def benjamini_hochberg(p_values: npt.ArrayLike) -> Floats:
    """Adjust p values so that, of what is called a finding, only the stated share is expected to be false.

    For looking over many segments or topics; `holm` is for few questions where one false alarm is too many.

    Parameters
    ----------
    p_values : array of shape (tests,)
        Not-a-number (nothing to test) stays so and does not count as a test.

    Returns
    -------
    array of shape (tests,)
        Adjusted p values in the order given: min over j >= i of p_(j) m/j.

    References
    ----------
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """

    def step_up(ordered: Floats) -> Floats:
        raised = ordered * len(ordered) / np.arange(1, len(ordered) + 1)
        return np.minimum.accumulate(raised[::-1])[::-1]

    return _adjusted(p_values, step_up)


def holm(p_values: npt.ArrayLike) -> Floats:
    """Adjust p values so that the chance of even one false finding stays below the stated level.

    Parameters
    ----------
    p_values : array of shape (tests,)
        Not-a-number (nothing to test) stays so and does not count as a test.

    Returns
    -------
    array of shape (tests,)
        Adjusted p values in the order given: max over j <= i of p_(j) (m - j + 1).

    References
    ----------
    Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
    """

    def step_down(ordered: Floats) -> Floats:
        return np.maximum.accumulate(ordered * np.arange(len(ordered), 0, -1))

    return _adjusted(p_values, step_down)


def _adjusted(p_values: npt.ArrayLike, steps: Callable[[Floats], Floats]) -> Floats:
    given = floats(p_values)
    tested = np.flatnonzero(np.isfinite(given))
    if np.any((given[tested] < 0) | (given[tested] > 1)):
        raise BadValue(
            Text("A p value is not between 0 and 1."),
            hint=Text("Give the p values of the tests, one each."),
            where=Where(column="p_values"),
        )
    order = tested[np.argsort(given[tested], kind="stable")]
    adjusted = np.full(given.shape, np.nan)
    adjusted[order] = np.minimum(steps(given[order]), 1.0)
    return adjusted


def rank_intervals(
    estimates: npt.ArrayLike,
    standard_errors: npt.ArrayLike,
    level: float = 0.95,
    method: Literal["simulated", "joint"] = "simulated",
    *,
    draws: int = 20_000,
    seed: int = 0,
) -> tuple[Ranks, Ranks, Ranks]:
    """Return which places of a league table each brand or branch could really hold.

    Parameters
    ----------
    estimates, standard_errors : array of shape (units,)
        Scores (higher is better) and their standard errors, independent of each other.
    level : float
        Confidence level.
    method : {"simulated", "joint"}
        ``"simulated"``: the places that each unit takes when all scores are drawn again, cut at both tails,
        unit by unit. It is narrow for units that are nearly equal. ``"joint"``: all places hold together with
        `level`: a unit is placed above another only where their gap exceeds the largest gap that chance
        shows among all pairs.
    draws, seed : int
        Of the simulation.

    Returns
    -------
    rank, low, high : arrays of shape (units,)
        Place (1 is best, ties share the mean place), best and worst place. A unit without a score or
        standard error has not-a-number for all three and takes no place.

    References
    ----------
    Goldstein and Spiegelhalter (1996), Journal of the Royal Statistical Society A 159, 385-443 (simulated);
    Klein, Wright, Wieczorek (2020), JRSS A 183, 589-606 (joint).
    """
    if method not in ("simulated", "joint"):
        raise BadOption("method", method, ["simulated", "joint"])
    scores, errors = floats(estimates), floats(standard_errors)
    rank, low, high = np.full((3, len(scores)), np.nan)
    known = np.isfinite(scores) & np.isfinite(errors)
    if known.any():
        rank[known] = _places(scores[known][None])[0]
        limits = _simulated_places if method == "simulated" else _joint_places
        low[known], high[known] = limits(scores[known], errors[known], checked_level(level), draws, seed)
    return rank, np.fmin(low, np.floor(rank)), np.fmax(high, np.ceil(rank))


def _places(scores: Floats) -> Ranks:
    """Return places (1 is best) along the last axis; ties share the mean place."""
    from scipy.stats import rankdata

    return rankdata(-scores, axis=-1)


def _simulated_places(
    scores: Floats, errors: Floats, level: float, draws: int, seed: int
) -> tuple[Ranks, Ranks]:
    noise = np.random.default_rng(checked_seed(seed)).standard_normal((draws, len(scores)))
    places = np.argsort(np.argsort(-(scores + noise * errors), axis=1), axis=1) + 1.0
    tail = (1 - level) / 2
    return (
        np.quantile(places, tail, axis=0, method="lower"),
        np.quantile(places, 1 - tail, axis=0, method="higher"),
    )


def _joint_places(scores: Floats, errors: Floats, level: float, draws: int, seed: int) -> tuple[Ranks, Ranks]:
    noise = np.random.default_rng(checked_seed(seed)).standard_normal((draws, len(scores))) * errors
    gap_error = np.hypot.outer(errors, errors)
    usual = np.where(gap_error > 0, gap_error, 1.0)
    largest = np.zeros(draws)
    for unit in range(len(scores) - 1):
        gaps = np.abs(noise[:, unit + 1 :] - noise[:, [unit]]) / usual[unit, unit + 1 :]
        largest = np.maximum(largest, gaps.max(axis=1))
    surely_above = np.subtract.outer(scores, scores) > np.quantile(largest, level) * gap_error
    return 1.0 + surely_above.sum(axis=0), len(scores) - 1.0 * surely_above.sum(axis=1)
