"""What outcomes teach of a link: the first opinion and each measured outcome, weighed by their precision."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from leal.results import Estimate, Grade, Note
from leal.statistics import between_variance, standard_error_of, two_sided_z
from leal.wording import Percent, Text, plural

LINKS = ("satisfaction", "retention_per_point", "movement", "negative_weight", "noticed")
"""Usual names of links: dS of those who notice, dr/dS, tau, w of word of mouth, the share that notices."""

FEWEST_TO_DISAGREE = 3
"""Outcomes from which it can be told how much they differ beyond their own noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEstimate(Estimate):
    """What is believed of a link after all outcomes.

    Attributes
    ----------
    standard_error : float
        Of the belief.
    outcomes : int
        Measured outcomes that it rests on.
    prior_weight : float
        Share of the belief that is still the first opinion, 0..1.
    between : float
        Standard deviation of the true link between outcomes, beyond their noise; 0 below three outcomes.
    grade : {"A", "B", "C", "D"}
        The weakest grade of what carries it; D as long as the first opinion has most weight.
    """

    standard_error: float
    outcomes: int
    prior_weight: float
    between: float
    grade: Grade


def updated_link(
    prior: Estimate | None,
    outcomes: Sequence[Estimate],
    *,
    grades: Sequence[Grade] = (),
    level: float = 0.95,
) -> LinkEstimate:
    """Return a link after its outcomes: normal prior, normal outcomes, each weighed by 1/SE^2.

    Parameters
    ----------
    prior : Estimate or None
        The first opinion with its interval, None for none.
    outcomes : sequence of Estimate
        What experiments measured, with intervals.
    grades : sequence of {"A", "B", "C", "D"}
        Of the outcomes; A where nobody says.
    level : float
        Level of the interval.

    Returns
    -------
    LinkEstimate
        Unknown without any of both.

    Notes
    -----
    m = sum w_i y_i/sum w_i, SE = 1/sqrt(sum w_i), w = 1/SE_i^2; standard errors are read from the intervals.
    From three outcomes on, the variance between them beyond their noise (Paule and Mandel) is added to each,
    so that experiments that disagree are not averaged into a false certainty.

    References
    ----------
    Gelman and others (2013), Bayesian Data Analysis, chapter 2; Paule and Mandel (1982).

    Examples
    --------
    >>> opinion = Estimate(estimate=.004, ci_low=0, ci_high=.008, n=0, method="opinion")
    >>> found = Estimate(estimate=.001, ci_low=-.001, ci_high=.003, n=4000, method="welch")
    >>> belief = updated_link(opinion, [found])
    >>> round(belief.estimate, 5), round(belief.prior_weight, 2)
    (0.0016, 0.2)
    """
    known = [one for one in outcomes if one.known and standard_error_of(one) > 0]
    parts = [(one.estimate, standard_error_of(one) ** 2) for one in known]
    between = 0.0
    if len(parts) >= FEWEST_TO_DISAGREE:
        between = between_variance([y for y, _ in parts], [v for _, v in parts])
    weights = [1 / (v + between) for _, v in parts]
    values = [y for y, _ in parts]
    first = 0.0
    if prior is not None and prior.known and standard_error_of(prior) > 0:
        first = 1 / standard_error_of(prior) ** 2
    total = math.fsum(weights) + first
    if not total:
        return _unknown(level)
    opinion = prior.estimate * first if prior is not None and first else 0.0
    middle = (math.fsum(w * y for w, y in zip(weights, values, strict=True)) + opinion) / total
    error = 1 / math.sqrt(total)
    reach = two_sided_z(level) * error
    share = first / total
    return LinkEstimate(
        estimate=middle,
        ci_low=middle - reach,
        ci_high=middle + reach,
        n=math.fsum(one.n for one in known),
        level=level,
        method="precision_weighting",
        notes=_notes(len(known), share, between),
        standard_error=error,
        outcomes=len(known),
        prior_weight=share,
        between=math.sqrt(between),
        grade=_grade(known, grades, share),
    )


def _grade(known: list[Estimate], grades: Sequence[Grade], share: float) -> Grade:
    if not known or share > 0.5:
        return "D"
    return max(grades, default="A")


def _notes(outcomes: int, share: float, between: float) -> tuple[Note, ...]:
    if not outcomes:
        return (Note(code="opinion_only", text=Text("No outcome yet: this is the first opinion.")),)
    text = plural(
        "{count} outcome; the first opinion still has {share} of the weight.",
        "{count} outcomes; the first opinion still has {share} of the weight.",
        outcomes,
        share=Percent(share),
    )
    notes = [Note(code="learnt", text=text)]
    if between > 0:
        text = Text("The outcomes differ by more than their noise: the link is not the same everywhere.")
        notes.append(Note(code="outcomes_differ", text=text))
    return tuple(notes)


def _unknown(level: float) -> LinkEstimate:
    text = Text("Nothing is known of this link: assume something, or measure it.")
    return LinkEstimate.unknown(
        0,
        level,
        "precision_weighting",
        notes=(Note(code="nothing_known", text=text),),
        standard_error=math.nan,
        outcomes=0,
        prior_weight=0.0,
        between=0.0,
        grade="D",
    )
