"""The arms of an experiment compared and judged: sizes first, then differences, then the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from leal.errors import BadOption, BadValue, Where
from leal.measure import FEWEST_IN_ARM, RATIO_ALARM, usual_split
from leal.prove.experiment_results import ArmEffect, ArmResult, Balance, Experiment, Unit, Verdict
from leal.prove.looks import Look
from leal.prove.noticing import NoticingEffect, noticing_effect
from leal.results import Basis, Estimate, Grade, Money, Note
from leal.statistics import (
    Comparison,
    CupedComparison,
    PairedSample,
    Sample,
    SignificanceTest,
    benjamini_hochberg,
    cuped_of_moments,
    fieller_limits,
    holm,
    mean_interval,
    sample_ratio_test,
    standardised_difference,
    two_proportions,
    welch,
)
from leal.wording import Listing, Percent, Text

Correction = Literal["holm", "benjamini_hochberg", "none"]

SMALL_ARM = 100
"""Customers of an arm up to which strongly skewed money shortens the interval beside a far larger one."""

FEW_CASES = 10
"""Yes or no answers below this count in an arm get the interval of Agresti and Caffo instead of Welch's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How the arms are to be judged."""

    control: str
    level: float
    unit: Unit
    value: float | None
    cost: float | None
    smallest: float
    currency: str | None
    basis: Basis
    expected_shares: Mapping[str, float] | None
    correction: Correction
    look: Look | None

    @property
    def nominal(self) -> float:
        """The level of the single interval that keeps `level` over all planned looks."""
        return self.level if self.look is None else self.look.nominal_level(self.level)

    @property
    def worth(self) -> float:
        """The effect a head below which the action does not pay, in the unit of the outcome."""
        return max(self.smallest, (self.cost or 0.0) / self.value if self.value else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm as moments, with its rows where there are any."""

    name: str
    assigned: int
    outcome: Sample
    pairs: PairedSample | None = None
    capped: Sample | None = None
    balance: Mapping[str, Sample] | None = None
    rows: pl.DataFrame | None = None


def judged(arms: list[Arm], question: Question, notes: tuple[Note, ...]) -> Experiment:
    """Return the experiment of these arms: split and balance looked at, effects compared, verdicts said."""
    control, treated = _sides(arms, question.control)
    split, split_notes = _split(control, treated, question)
    sound = not split.known or split.p_value >= RATIO_ALARM
    balance = tuple(one for arm in treated for one in _balance(arm, control, question.level))
    unlike = [one for one in balance if one.difference.known and one.difference.p_value < RATIO_ALARM]
    effects = [_compared(arm, control, question) for arm in treated]
    adjusted = _corrected([one.effect.p_value for one in effects], question.correction)
    odd = {one.arm for one in unlike}
    found = tuple(
        _verdict(
            replace(one, p_adjusted=p),
            question,
            min(arm.outcome.n, control.outcome.n),
            sound=sound and one.arm not in odd,
        )
        for arm, one, p in zip(treated, effects, adjusted, strict=True)
    )
    return Experiment(
        arms=tuple(_arm_result(arm, question.level) for arm in (control, *treated)),
        effects=found,
        split=split,
        balance=balance,
        look=question.look,
        n=int(sum(arm.outcome.n for arm in arms)),
        level=question.level,
        correction=question.correction if len(treated) > 1 else "none",
        basis=question.basis,
        notes=(*notes, *split_notes, *_remarks(question, unlike, found, arms)),
    )


def _sides(arms: list[Arm], control: str) -> tuple[Arm, list[Arm]]:
    names = [arm.name for arm in arms]
    if control not in names:
        raise BadOption("control", control, names or ["–"])
    if len(arms) < 2:
        raise BadValue(
            Text("There is one arm only: {arm}. Without a holdout nothing can be proved.", arm=names[0]),
            hint=Text("Hold a random part of the customers out: leal.prove.assign(customers, name=...)."),
            where=Where(column="arm"),
        )
    return next(arm for arm in arms if arm.name == control), [arm for arm in arms if arm.name != control]


def _split(control: Arm, treated: list[Arm], question: Question) -> tuple[SignificanceTest, tuple[Note, ...]]:
    """Test the sizes as assigned: what was left out later must not hide a broken lot."""
    arms = [control, *treated]
    sizes = [float(arm.assigned) for arm in arms]
    notes = []
    if question.expected_shares is None:
        total = sum(sizes)
        equal = sample_ratio_test(sizes)
        share = usual_split(sizes[0] / total) if total else 0.5
        usual = [share] + [(1 - share) / len(treated)] * len(treated)
        even = not equal.known or equal.p_value >= RATIO_ALARM
        shares = [1.0] * len(arms) if even else usual
        if not even:
            text = Text(
                "Nobody says what shares the arms were meant to have; {share} held out was assumed.",
                share=Percent(share),
            )
            notes.append(Note(code="split_assumed", text=text))
    else:
        absent = [arm.name for arm in arms if arm.name not in question.expected_shares]
        if absent:
            raise BadOption("expected_shares", absent[0], list(question.expected_shares))
        shares = [question.expected_shares[arm.name] for arm in arms]
    test = sample_ratio_test(sizes, shares)
    if test.known and test.p_value < RATIO_ALARM:
        text = Text(
            "The arms are not of the sizes that were meant (p < 0.001): find what lost or added customers"
            " before reading the outcome. Nothing is called proved."
        )
        notes.append(Note(code="sample_ratio", text=text))
    return test, tuple(notes)


def _balance(arm: Arm, control: Arm, level: float) -> list[Balance]:
    found = []
    for column, ours in (arm.balance or {}).items():
        theirs = (control.balance or {})[column]
        six = (ours.mean, ours.standard_deviation, ours.n, theirs.mean, theirs.standard_deviation, theirs.n)
        found.append(
            Balance(
                arm=arm.name,
                column=column,
                difference=welch(*six, level),
                standardised=standardised_difference(*six, level),
            )
        )
    return found


def _compared(arm: Arm, control: Arm, question: Question) -> ArmEffect:
    difference = _difference(arm.outcome, control.outcome, question)
    adjusted = _cuped(arm, control, question)
    capped = None
    if arm.capped is not None and control.capped is not None:
        capped = _named(_welch(arm.capped, control.capped, question.nominal), question)
    return ArmEffect(
        arm=arm.name,
        control=control.name,
        difference=difference,
        lift=_lift(arm.outcome, control.outcome, question),
        cuped=adjusted,
        winsorised=capped,
        p_adjusted=math.nan,
        per_thousand=None,
        noticers=_noticers(arm, control, question.level),
        proved=False,
        verdict="not_enough_data",
        unit=question.unit,
        currency=question.currency,
        grade="A",
        cost=question.cost,
    )


def _difference(arm: Sample, control: Sample, question: Question) -> Comparison:
    if question.unit == "share" and _few_cases(arm, control):
        found = two_proportions(
            round(arm.mean * arm.n), arm.n, round(control.mean * control.n), control.n, question.nominal
        )
    else:
        found = _welch(arm, control, question.nominal)
    return _named(found, question)


def _few_cases(*arms: Sample) -> bool:
    cases = [min(arm.mean, 1 - arm.mean) * arm.n for arm in arms if math.isfinite(arm.mean)]
    return bool(cases) and 0 <= min(cases) < FEW_CASES


def _welch(arm: Sample, control: Sample, level: float) -> Comparison:
    return welch(
        arm.mean,
        arm.standard_deviation,
        arm.n,
        control.mean,
        control.standard_deviation,
        control.n,
        level,
    )


def _cuped(arm: Arm, control: Arm, question: Question) -> CupedComparison | None:
    if arm.pairs is None or control.pairs is None:
        return None
    found = cuped_of_moments(arm.pairs, control.pairs, question.nominal)
    return replace(found, level=question.level, method=_method(found.method, question))


def _named(found: Comparison, question: Question) -> Comparison:
    """Return a comparison made at the nominal level of a look under the level that all looks keep."""
    return replace(found, level=question.level, method=_method(found.method, question))


def _method(name: str, question: Question) -> str:
    return name if question.look is None else f"repeated_{name}"


def _lift(arm: Sample, control: Sample, question: Question) -> Estimate:
    """Relative lift m1/m0 - 1 with Fieller's limits, by Student's t with Welch's degrees of freedom."""
    blank = Estimate(
        estimate=math.nan,
        ci_low=math.nan,
        ci_high=math.nan,
        n=arm.n + control.n,
        level=question.level,
        method=_method("fieller", question),
    )
    if not math.isfinite(arm.variance_of_mean + control.variance_of_mean) or not control.mean > 0:
        return blank
    ratio = arm.mean / control.mean
    # Welch's comparison of m1 with R m0 has the degrees of freedom that belong to the quotient
    scaled = Sample(control.mean * ratio, control.standard_deviation * abs(ratio), control.n)
    level_with = _welch(arm, scaled, question.nominal)
    if not level_with.standard_error:
        return blank
    reach = (level_with.ci_high - level_with.ci_low) / 2 / level_with.standard_error
    limits = fieller_limits(
        arm.mean, control.mean, arm.variance_of_mean, control.variance_of_mean, 0.0, reach
    )
    if limits is None:
        return blank
    return replace(blank, estimate=ratio - 1, ci_low=limits[0] - 1, ci_high=limits[1] - 1)


def _noticers(arm: Arm, control: Arm, level: float) -> NoticingEffect | None:
    if arm.rows is None or control.rows is None:
        return None
    return noticing_effect(arm.rows, control.rows, level=level)


def _corrected(p_values: list[float], correction: Correction) -> list[float]:
    if correction == "none" or len(p_values) < 2:
        return p_values
    return [float(p) for p in (holm if correction == "holm" else benjamini_hochberg)(p_values)]


def _verdict(one: ArmEffect, question: Question, fewest: float, *, sound: bool) -> ArmEffect:
    found = one.effect
    surely = found.known and one.p_adjusted < 1 - question.nominal
    enough = found.known and found.ci_high > found.ci_low and fewest >= FEWEST_IN_ARM
    verdict: Verdict = "not_enough_data"
    if not sound:
        verdict = "not_sound"
    elif not enough:
        verdict = "not_enough_data"
    elif surely and found.ci_low > question.worth:
        verdict = "works"
    elif surely and found.ci_high < 0:
        verdict = "harms"
    elif found.ci_high < question.worth:
        verdict = "does_not"
    grade: Grade = "A" if sound else "C"
    money = _per_thousand(one, question, grade)
    return replace(one, per_thousand=money, proved=verdict == "works", verdict=verdict, grade=grade)


def _per_thousand(one: ArmEffect, question: Question, grade: Grade) -> Money | None:
    found = one.effect
    if question.value is None or not found.known:
        return None
    each, cost = 1000 * question.value, 1000 * (question.cost or 0.0)
    ends = sorted((each * found.ci_low - cost, each * found.ci_high - cost))
    return Money(
        estimate=each * found.estimate - cost,
        ci_low=ends[0],
        ci_high=ends[1],
        n=found.n,
        level=found.level,
        method=found.method,
        currency=question.currency,
        basis=question.basis,
        period="period",
        grade=grade,
    )


def _arm_result(arm: Arm, level: float) -> ArmResult:
    own = arm.outcome
    limits = mean_interval(own.mean, own.standard_deviation, own.n, level)
    return ArmResult(
        arm=arm.name,
        n=int(own.n),
        assigned=arm.assigned,
        mean=Estimate(
            estimate=own.mean,
            ci_low=limits.low,
            ci_high=limits.high,
            n=own.n,
            level=level,
            method=limits.method,
        ),
        sd=own.standard_deviation,
        before=None if arm.pairs is None else arm.pairs.before.mean,
    )


def _short(arms: list[Arm]) -> bool:
    """Tell whether an arm is so small beside another that its few large amounts decide (by simulation)."""
    sizes = [arm.outcome.n for arm in arms]
    return min(sizes) <= SMALL_ARM and max(sizes) > 4 * min(sizes)


def _remarks(
    question: Question, unlike: list[Balance], effects: tuple[ArmEffect, ...], arms: list[Arm]
) -> tuple[Note, ...]:
    notes = []
    if unlike:
        text = Text(
            "The arms differed before the start in {columns} (p < 0.001): they do not look drawn by lot.",
            columns=Listing.of(sorted({one.column for one in unlike})),
        )
        notes.append(Note(code="unlike_before", text=text))
    if question.look is not None:
        text = Text(
            "Look {number} of {planned}: intervals hold over all looks together, and are wider for it.",
            number=question.look.number,
            planned=question.look.planned,
        )
        notes.append(Note(code="planned_look", text=text))
    if question.value is not None and question.cost is None:
        text = Text("No cost is given: what is earned is before its cost.")
        notes.append(Note(code="cost_not_counted", text=text))
    if question.unit == "money" and _short(arms):
        text = Text(
            "One arm is small beside the other: where a few customers spend most, the interval holds the"
            " truth in about 92 of 100 cases, not 95. Hold more customers out."
        )
        notes.append(Note(code="small_arm", text=text))
    saved = [one.variance_saved for one in effects if one.cuped is not None]
    if saved:
        text = Text("The value from before explains {share} of the variance.", share=Percent(max(saved), 1))
        notes.append(Note(code="variance_explained", text=text))
    return tuple(notes)
