"""The arms of an experiment compared and judged: sizes first, then differences, then the verdict."""

from __future__ import annotations

import math
from dataclasses import replace

from leal.errors import BadOption
from leal.measure import FEWEST_IN_ARM, RATIO_ALARM, usual_split
from leal.prove.control_arm import one_arm_only
from leal.prove.experiment_arms import Arm, Correction, Question
from leal.prove.experiment_doubts import remarks_on
from leal.prove.experiment_results import ArmEffect, ArmResult, Balance, Experiment, Verdict
from leal.prove.experiment_units import SIZE
from leal.prove.noticing import NoticingEffect, noticing_effect, noticing_of_clusters
from leal.results import Estimate, Grade, Money, Note, checked_number
from leal.statistics import (
    Comparison,
    CupedComparison,
    Sample,
    SignificanceTest,
    benjamini_hochberg,
    cuped_of_moments,
    estimated_mean,
    fieller_limit,
    holm,
    lean_of_difference,
    p_of_distance,
    sample_ratio_test,
    standardised_difference,
    two_proportions,
    welch,
)
from leal.wording import Percent, Text

FEW_CASES = 10
"""Yes or no answers below this count in an arm get the interval of Agresti and Caffo instead of Welch's."""


def judged(arms: list[Arm], question: Question, notes: tuple[Note, ...]) -> Experiment:
    """Return the experiment of these arms: split and balance looked at, effects compared, verdicts said."""
    control, treated = _sides(arms, question.control)
    split, split_notes = _split(control, treated, question)
    sound = not split.known or split.p_value >= RATIO_ALARM
    balance = tuple(one for arm in treated for one in _balance(arm, control, question.level))
    # among many columns one is below .001 by chance alone
    odds = holm([one.difference.p_value for one in balance])
    unlike = [one for one, p in zip(balance, odds, strict=True) if p < RATIO_ALARM]
    effects = [_compared(arm, control, question) for arm in treated]
    adjusted = _corrected([one.effect.p_value for one in effects], question.correction)
    from_worth = _corrected(
        [_p_from_worth(one, arm, control, question) for one, arm in zip(effects, treated, strict=True)],
        question.correction,
    )
    odd = {one.arm for one in unlike}
    found = tuple(
        _verdict(
            replace(one, p_adjusted=p),
            question,
            min(arm.outcome.n, control.outcome.n),
            surely=p_worth < 1 - question.nominal,
            provably=p_worth < 1 - question.proving,
            sound=sound and one.arm not in odd,
        )
        for arm, one, p, p_worth in zip(treated, effects, adjusted, from_worth, strict=True)
    )
    return Experiment(
        arms=tuple(_arm_result(arm, question.level) for arm in (control, *treated)),
        effects=found,
        split=split,
        balance=balance,
        look=question.look,
        n=sum(arm.units for arm in arms),
        level=question.level,
        correction=question.correction if len(treated) > 1 else "none",
        basis=question.basis,
        notes=(*notes, *split_notes, *remarks_on(question, unlike, found, arms)),
    )


def _sides(arms: list[Arm], control: str) -> tuple[Arm, list[Arm]]:
    names = [arm.name for arm in arms]
    if len(arms) < 2:
        raise one_arm_only(names[0])
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
        shares = [checked_number(question.expected_shares[arm.name], "expected_shares") for arm in arms]
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
        six = (*ours.moments, *theirs.moments)
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
    n = float(arm.units + control.units)
    difference = replace(_difference(arm.outcome, control.outcome, question), n=n)
    adjusted = None if _too_thin(arm, control, question) else _cuped(arm, control, question)
    capped = None
    if arm.capped is not None and control.capped is not None:
        capped = replace(_named(_welch(arm.capped, control.capped, question.nominal), question), n=n)
    return ArmEffect(
        arm=arm.name,
        control=control.name,
        difference=difference,
        lift=replace(_lift(arm.outcome, control.outcome, question), n=n),
        cuped=None if adjusted is None else replace(adjusted, n=n),
        winsorised=capped,
        p_adjusted=math.nan,
        per_thousand=None,
        noticers=_noticers(arm, control, question),
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


def _too_thin(arm: Arm, control: Arm, question: Question) -> bool:
    """Tell whether the past is of no use: few cases in an arm, or an arm whose customers all did the same."""
    if question.unit == "share":
        return _few_cases(arm.outcome, control.outcome)
    return not (arm.outcome.standard_deviation > 0 and control.outcome.standard_deviation > 0)


def _p_from_worth(one: ArmEffect, arm: Arm, control: Arm, question: Question) -> float:
    """Return the p value of "the effect is just what makes it worth while".

    It is that of an arm whose customers each brought so much less.
    """
    effect = one.effect
    if not effect.known or not effect.standard_error > 0 or question.worth == 0:
        return effect.p_value
    if question.unit == "share" and _few_cases(arm.outcome, control.outcome):
        return _p_by_interval(effect, question)
    less = arm.less(question.worth)
    found = None if one.cuped is None else _cuped(less, control, question)
    return (found or _welch(less.outcome, control.outcome, question.nominal)).p_value


def _p_by_interval(effect: Comparison, question: Question) -> float:
    """Return the same from an interval of centre -+ quantile x standard error."""
    centre = (effect.ci_low + effect.ci_high) / 2
    reach = (effect.ci_high - effect.ci_low) / 2 / effect.standard_error
    return p_of_distance((centre - question.worth) / effect.standard_error, reach, question.nominal)


def _welch(arm: Sample, control: Sample, level: float) -> Comparison:
    arm, control = _spread_of_the_other(arm, control), _spread_of_the_other(control, arm)
    lean = lean_of_difference([(one.skewness, one.n) for one in (arm, control)])
    return welch(*arm.moments, *control.moments, level, lean=lean)


def _cuped(arm: Arm, control: Arm, question: Question) -> CupedComparison | None:
    if arm.pairs is None or control.pairs is None:
        return None
    found = cuped_of_moments(arm.pairs, control.pairs, question.nominal)
    return replace(found, level=question.level, method=_method(found.method, question))


def _named(found: Comparison, question: Question) -> Comparison:
    """Return a comparison made at the nominal level of a look under the level that all looks keep."""
    return replace(found, level=question.level, method=_method(found.method, question))


def _method(name: str, question: Question) -> str:
    return name if question.look is None else f"repeated_{name.removesuffix('_hall')}"


def _lift(arm: Sample, control: Sample, question: Question) -> Estimate:
    """Relative lift m1/m0 - 1 with Fieller's limits, by Student's t with Welch's degrees of freedom."""
    blank = Estimate.unknown(arm.n + control.n, question.level, _method("fieller", question))
    if not math.isfinite(arm.variance_of_mean + control.variance_of_mean) or not control.mean > 0:
        return blank
    ratio = arm.mean / control.mean
    # Welch's comparison of m1 with R m0 has the degrees of freedom that belong to the quotient
    scaled = Sample(
        control.mean * ratio, control.standard_deviation * abs(ratio), control.n, control.skewness
    )
    level_with = _welch(arm, scaled, question.nominal)
    if not level_with.standard_error:
        return blank
    ends = (level_with.estimate - level_with.ci_low, level_with.ci_high - level_with.estimate)
    means = (arm.mean, control.mean, arm.variance_of_mean, control.variance_of_mean, 0.0)
    below, above = (
        fieller_limit(*means, end / level_with.standard_error, upper=upper)
        for end, upper in zip(ends, (False, True), strict=True)
    )
    if below is None or above is None:
        return blank
    return replace(blank, estimate=ratio - 1, ci_low=below - 1, ci_high=above - 1)


def _noticers(arm: Arm, control: Arm, question: Question) -> NoticingEffect | None:
    if arm.rows is None or control.rows is None:
        return None
    clustered = SIZE in arm.rows.columns
    found = (noticing_of_clusters if clustered else noticing_effect)(
        arm.rows, control.rows, level=question.nominal
    )
    parts = {name: replace(getattr(found, name), level=question.level) for name in _NOTICED_PARTS}
    return replace(found, **parts)


_NOTICED_PARTS = ("treated", "control", "extra", "effect")


def _corrected(p_values: list[float], correction: Correction) -> list[float]:
    if correction == "none" or len(p_values) < 2:
        return p_values
    return [float(p) for p in (holm if correction == "holm" else benjamini_hochberg)(p_values)]


def _verdict(
    one: ArmEffect, question: Question, fewest: float, *, surely: bool, provably: bool, sound: bool
) -> ArmEffect:
    """Say the verdict; `surely` is the corrected test against what makes the action worth while.

    `provably` is the same at 95 % where intervals of a lower level were asked for.
    """
    verdict: Verdict = _said(one, question, fewest, surely=surely) if sound else "not_sound"
    grade: Grade = "A" if sound else "C"
    money = _per_thousand(one, question, grade)
    proved = verdict == "works" and provably
    return replace(one, per_thousand=money, proved=proved, verdict=verdict, grade=grade)


def _said(one: ArmEffect, question: Question, fewest: float, *, surely: bool) -> Verdict:
    """Return the verdict on an effect of sound arms."""
    found = one.effect
    if not found.known or found.ci_high <= found.ci_low or fewest < FEWEST_IN_ARM:
        return "not_enough_data"
    if surely and found.ci_low > question.worth:
        return "works"
    if one.p_adjusted < 1 - question.nominal and found.ci_high < 0:
        return "harms"
    return "does_not" if surely and found.ci_high < question.worth else "not_enough_data"


def _per_thousand(one: ArmEffect, question: Question, grade: Grade) -> Money | None:
    found = one.effect
    if question.unit_value is None or not found.known:
        return None
    each, cost = 1000 * question.unit_value, 1000 * (question.cost or 0.0)
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
    return ArmResult(
        arm=arm.name,
        n=arm.units,
        assigned=arm.assigned,
        mean=replace(estimated_mean(Estimate, *own.moments, level), n=float(arm.units)),
        sd=own.standard_deviation,
        before=None if arm.pairs is None else arm.pairs.before.mean,
    )


def _spread_of_the_other(own: Sample, other: Sample) -> Sample:
    """Return an arm whose customers all did the same with the spread of the other: theirs is not known."""
    if own.standard_deviation == 0 and other.standard_deviation > 0:
        return replace(own, standard_deviation=other.standard_deviation)
    return own
