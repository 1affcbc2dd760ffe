"""Answers that stand for unequal numbers of customers: post-stratification, raking, what weights cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from leal.errors import BadOption, BadValue, Where
from leal.results import Estimate, Note
from leal.statistics.counts import Interval, NpsCounts
from leal.statistics.intervals import nps_interval
from leal.statistics.numbers import UNKNOWN, Floats, checked_counts, checked_level, two_sided_z
from leal.wording import Count, Listing, Percent, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedNps(Estimate):
    """An NPS of weighted answers, on the scale -1..1.

    Attributes
    ----------
    standard_error : float
        Standard error of the score.
    effective_n : float
        How many unweighted answers the weighted ones are worth.
    """

    standard_error: float
    effective_n: float

    @property
    def design_effect(self) -> float:
        """How many times the variance grew through the weights: n over the effective n."""
        return self.n / self.effective_n if self.effective_n else UNKNOWN


def effective_n(weights_sum: float, squared_weights_sum: float) -> float:
    """Return how many unweighted answers these weighted ones are worth: (sum w)^2 / sum w^2.

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
    An approximation that holds where the weights have little to do with the answers; `weighted_nps` gives the
    standard error that looks at both.

    References
    ----------
    Kish (1965), Survey Sampling.
    """
    return weights_sum**2 / squared_weights_sum if squared_weights_sum > 0 else 0.0


def weighted_nps(
    weights: NpsCounts, squared_weights: NpsCounts, n: float, level: float = 0.95
) -> WeightedNps:
    """Return the NPS of weighted answers from sums that any engine can make.

    Parameters
    ----------
    weights, squared_weights : NpsCounts
        Sums of the weights, and of their squares, of detractors, passives and promoters.
    n : float
        Number of answers.
    level : float
        Confidence level.

    Returns
    -------
    WeightedNps
        The interval is the score interval on effective n times the weighted shares. The standard error is
        linearised: sqrt(sum (w_i (x_i - s))^2)/sum w. Weights are sampling weights: doubling all of them
        changes nothing.
    """
    total = weights.n
    worth = effective_n(total, squared_weights.n)
    if not worth:
        return _unknown(n, level, "weighted_score")
    score = weights.score
    squares = (
        squared_weights.detractors * (1 + score) ** 2
        + squared_weights.passives * score**2
        + squared_weights.promoters * (1 - score) ** 2
    )
    found = nps_interval(_scaled(weights, worth), level)
    return WeightedNps(
        estimate=score,
        ci_low=found.low,
        ci_high=found.high,
        n=n,
        level=level,
        method="weighted_score",
        standard_error=math.sqrt(squares) / total,
        effective_n=worth,
    )


def post_stratify(
    strata: Mapping[str, NpsCounts],
    population: Mapping[str, float],
    level: float = 0.95,
    method: Literal["score", "wald"] = "score",
) -> WeightedNps:
    """Return the NPS of the whole base from groups that answered unequally.

    Parameters
    ----------
    strata : mapping of str to NpsCounts
        Answers by group.
    population : mapping of str to float
        Size (or share) of each group in the base.
    level : float
        Confidence level.
    method : {"score", "wald"}
        Interval: the score interval on the number of answers that gives the same variance, or score -+ z SE.

    Returns
    -------
    WeightedNps
        s = sum W_h s_h, variance sum W_h^2 v_h/n_h. A group of the base without answers is left out and named
        in a note with its share: the figure does not speak for it.

    References
    ----------
    Cochran (1977), Sampling Techniques, chapter 5A.
    """
    if method not in ("score", "wald"):
        raise BadOption("method", method, ["score", "wald"])
    sizes = _sizes(strata, population)
    n = sum(counts.n for counts in strata.values())
    answered = {name: counts for name, counts in strata.items() if counts.n and sizes.get(name, 0.0)}
    represented = sum(sizes[name] for name in answered)
    if not answered:
        return _unknown(n, level, "post_stratified")
    shares = {name: sizes[name] / represented for name in answered}
    score = sum(shares[name] * counts.score for name, counts in answered.items())
    variance = sum(shares[name] ** 2 * counts.variance / counts.n for name, counts in answered.items())
    weighted = sum(
        (_scaled(counts, shares[name]) for name, counts in answered.items()), start=NpsCounts(0, 0, 0)
    )
    squares = sum(shares[name] ** 2 / counts.n for name, counts in answered.items())
    worth = effective_n(1.0, squares)
    limits = _stratified_limits(score, variance, weighted, worth, level, method)
    return WeightedNps(
        estimate=score,
        ci_low=limits.low,
        ci_high=limits.high,
        n=n,
        level=level,
        method=f"post_stratified_{method}",
        notes=_unheard(sizes, answered, represented),
        standard_error=math.sqrt(variance),
        effective_n=worth,
    )


def _sizes(strata: Mapping[str, NpsCounts], population: Mapping[str, float]) -> dict[str, float]:
    checked_counts(list(population.values()), "population")
    strangers = [name for name in strata if name not in population]
    if strangers:
        raise BadValue(
            Text("The base has no size for: {names}.", names=Listing.of(strangers)),
            hint=Text("Give the number of customers of every group that has answers."),
            where=Where(column="population"),
        )
    return {name: float(size) for name, size in population.items()}


def _stratified_limits(
    score: float, variance: float, weighted: NpsCounts, worth: float, level: float, method: str
) -> Interval:
    if method == "wald":
        reach = two_sided_z(level) * math.sqrt(variance)
        return Interval(score - reach, score + reach, level, method)
    # the number of answers of a plain sample with this variance; without any spread what the weights leave
    same = weighted.variance / variance if variance > 0 else worth
    return nps_interval(_scaled(weighted, same), level)


def _unheard(
    sizes: dict[str, float], answered: Mapping[str, NpsCounts], represented: float
) -> tuple[Note, ...]:
    silent = [name for name, size in sizes.items() if size and name not in answered]
    if not silent:
        return ()
    share = 1 - represented / sum(sizes.values())
    text = Text(
        "No answers from {names}, {share} of the base: the figure does not speak for them.",
        names=Listing.of(silent),
        share=Percent(share),
    )
    return (Note(code="groups_without_answers", text=text),)


def _scaled(counts: NpsCounts, n: float) -> NpsCounts:
    """Return the same shares as `n` answers."""
    factor = n / counts.n
    return NpsCounts(counts.detractors * factor, counts.passives * factor, counts.promoters * factor)


def _unknown(n: float, level: float, method: str) -> WeightedNps:
    return WeightedNps(
        estimate=UNKNOWN,
        ci_low=UNKNOWN,
        ci_high=UNKNOWN,
        n=n,
        level=checked_level(level),
        method=method,
        standard_error=UNKNOWN,
        effective_n=0.0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Raking:
    """Weights that make a sample agree with several margins of the base.

    Attributes
    ----------
    weights : array
        Weight of an answer in each cell, mean 1 over the answers; 0 in cells without answers.
    rounds : int
        How many times all margins were gone through.
    largest_gap : float
        Largest difference between a margin reached and the one wanted, as a share of the base.
    effective_n : float
        How many unweighted answers the weighted ones are worth.
    notes : tuple of Note
        ``raking_not_converged`` where the margins cannot all be met, ``margin_without_answers``.
    """

    weights: Floats
    rounds: int
    largest_gap: float
    effective_n: float
    notes: tuple[Note, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether all margins were met."""
        return not self.notes


def rake(
    counts: npt.ArrayLike,
    margins: Sequence[npt.ArrayLike],
    *,
    rounds: int = 200,
    tolerance: float = 1e-8,
) -> Raking:
    """Return weights that make the sample agree with each margin of the base in turn, until all agree.

    For when the base is known by region and by segment, but not by region within segment.

    Parameters
    ----------
    counts : array with one axis a variable
        Answers by cell.
    margins : sequence of arrays
        For each axis the sizes (or shares) of its categories in the base.
    rounds : int
        Give up after so many.
    tolerance : float
        Largest difference allowed, as a share of the base.

    Returns
    -------
    Raking

    Notes
    -----
    Iterative proportional fitting (Deming and Stephan 1940). It cannot create answers: a category of the base
    without any leaves its margin unmet, and a note says so. Large weights are paid for: see `effective_n`.
    """
    sample = checked_counts(counts, "counts")
    wanted = _wanted(sample, margins)
    if not sample.sum():
        return Raking(weights=np.zeros_like(sample), rounds=0, largest_gap=1.0, effective_n=0.0)
    fitted = sample / sample.sum()
    done, gap = 0, _gap(fitted, wanted)
    while gap > tolerance and done < rounds:
        for axis, target in enumerate(wanted):
            fitted = fitted * _factors(fitted, target, axis)
        done, gap = done + 1, _gap(fitted, wanted)
    weights = np.divide(fitted, sample, out=np.zeros_like(sample), where=sample > 0)
    weights *= sample.sum() / max(float((weights * sample).sum()), np.finfo(float).tiny)
    worth = effective_n(float((weights * sample).sum()), float((weights**2 * sample).sum()))
    notes = _raking_notes(sample, wanted, gap, tolerance, done)
    return Raking(weights=weights, rounds=done, largest_gap=gap, effective_n=worth, notes=notes)


def _wanted(sample: Floats, margins: Sequence[npt.ArrayLike]) -> list[Floats]:
    wanted = [checked_counts(margin, "margins") for margin in margins]
    if tuple(len(margin) for margin in wanted) != sample.shape or any(not m.sum() for m in wanted):
        raise BadValue(
            Text("The margins do not fit the table of answers."),
            hint=Text("Give one margin for each axis, with one size above zero for its categories."),
            where=Where(column="margins"),
        )
    return [margin / margin.sum() for margin in wanted]


def _margin(table: Floats, axis: int) -> Floats:
    return np.asarray(table.sum(axis=tuple(other for other in range(table.ndim) if other != axis)))


def _factors(fitted: Floats, target: Floats, axis: int) -> Floats:
    reached = _margin(fitted, axis)
    factors = np.divide(target, reached, out=np.zeros_like(target), where=reached > 0)
    return factors.reshape([-1 if other == axis else 1 for other in range(fitted.ndim)])


def _gap(fitted: Floats, wanted: list[Floats]) -> float:
    return max(float(np.abs(_margin(fitted, axis) - target).max()) for axis, target in enumerate(wanted))


def _raking_notes(
    sample: Floats, wanted: list[Floats], gap: float, tolerance: float, rounds: int
) -> tuple[Note, ...]:
    if gap <= tolerance:
        return ()
    if any(np.any((target > 0) & (_margin(sample, axis) == 0)) for axis, target in enumerate(wanted)):
        text = Text("A group of the base has no answers, so the weights cannot make up for it.")
        return (Note(code="margin_without_answers", text=text),)
    text = Text(
        "The weights do not meet all margins after {rounds} rounds; the largest gap is {gap} of the base.",
        rounds=Count(rounds),
        gap=Percent(gap, 1),
    )
    return (Note(code="raking_not_converged", text=text),)


def finite_population_correction(n: float, population: float) -> float:
    """Return by what a standard error shrinks when much of a small base answered.

    Parameters
    ----------
    n, population : float
        Answers, and customers in the base.

    Returns
    -------
    float
        sqrt((N - n)/(N - 1)): 1 for a large base, 0 when everybody answered. It is about chance only: who
        chose to answer stays another question (`nonresponse_bounds`).
    """
    if not 0 <= n <= population:
        raise BadValue(
            Text(
                "More answers ({n}) than customers in the base ({size}).", n=Count(n), size=Count(population)
            ),
            hint=Text("Count each customer once, or give the whole base."),
            where=Where(column="population"),
        )
    return math.sqrt((population - n) / (population - 1)) if population > 1 else 0.0


def nonresponse_bounds(score: float, response_rate: float) -> Interval:
    """Return the range of the base's NPS whatever those who kept silent think.

    Parameters
    ----------
    score : float
        NPS of those who answered, -1..1.
    response_rate : float
        Share of the base that answered, 0..1.

    Returns
    -------
    Interval
        r s -+ (1 - r): sure (level 1), and usually wide. Show it once: it ends debates about one point.
    """
    if not 0 <= response_rate <= 1 or not -1 <= score <= 1:
        raise BadValue(
            Text("The response rate is a share from 0 to 1 and the score lies between -1 and 1."),
            hint=Text("Divide percent and points by 100."),
            where=Where(column="response_rate"),
        )
    silent = 1 - response_rate
    return Interval(response_rate * score - silent, response_rate * score + silent, 1.0, "nonresponse_bounds")
