"""What each action changed: the treated against those held out, money first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from leal.engine import FrameLike
from leal.measure.programmes.noticing_counts import FEWEST_DAYS_SINCE_START
from leal.measure.programmes.programme_arms import Arm, ArmSums, arm_sums
from leal.statistics import (
    PROVING_LEVEL,
    Comparison,
    CupedComparison,
    NpsCounts,
    PairedSample,
    Sample,
    benjamini_hochberg,
    cuped_of_moments,
    lean_of_difference,
    nps_difference,
    proving_limit,
    sample_ratio_test,
    two_proportions,
    welch,
)

Effect = Literal["works", "does_not", "harms", "not_proved", "no_holdout", "too_early"]

FEWEST_IN_ARM = 10
RATIO_ALARM = 0.001
BALANCE_ALARM = 0.01
PAST_HELPS = 0.02
"""Share of the variance that past spend must explain for its noise to be taken out."""

USUAL_SPLITS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.5, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEffect:
    """What one action (or one arm of it) changed since it started, a head of those treated.

    Attributes
    ----------
    action, arm : str
        Name of the action, and of the treated arm where there are several.
    treated, held_out : int
        Customers in each arm, as assigned.
    days : int
        Days from the start to the end of the data.
    cost, cost_a_head : float
        What it cost in all, and a treated customer.
    money : Comparison or None
        Money a head since the start, treated minus held out (Welch, with limits that lean where one arm is
        small and money is uneven); None without a holdout.
    bought, active : Comparison or None
        The same of the shares with a purchase since the start, and in the last 90 days.
    score : Comparison or None
        The same of the NPS (-1..1) of answers since the start, where both arms have ten.
    cuped : CupedComparison or None
        `money` with the noise that spend of the half year before explains taken out; None where that is less
        than 2 % of the variance, or where no time before the start is known.
    before : Comparison or None
        Money a head in the half year before the start: what the arms differed in already.
    split_p : float or None
        p value of the sample ratio test against the planned shares, or the nearest usual split.
    split_planned : bool
        Whether the shares that were planned are known (column ``planned_share``).
    started : bool
        Whether it is known when the action started; if not, money counts from the first purchase on.
    p_adjusted : float or None
        p value of the money, corrected for the number of actions (Benjamini and Hochberg 1995).
    effect : {"works", "does_not", "harms", "not_proved", "no_holdout", "too_early"}
        Works: it surely earned more than it cost; does not: it surely earned less than it cost; harms: the
        treated surely brought less than those held out; too early: it has not begun, or less than 28 days
        before the end of the data.
    """

    action: str
    arm: str
    treated: int
    held_out: int
    days: int
    cost: float
    cost_a_head: float
    money: Comparison | None = None
    bought: Comparison | None = None
    active: Comparison | None = None
    score: Comparison | None = None
    cuped: CupedComparison | None = None
    before: Comparison | None = None
    split_p: float | None = None
    split_planned: bool = False
    started: bool = True
    p_adjusted: float | None = None
    effect: Effect = "no_holdout"

    @property
    def name(self) -> str:
        """The action, and the arm where it has a name of its own."""
        usual = {"", "treated", "treatment", "test"}
        return self.action if self.arm.strip().lower() in usual else f"{self.action} ({self.arm})"

    @property
    def effect_a_head(self) -> Comparison | None:
        """The effect that the verdict rests on: `cuped` where past spend helps, else `money`."""
        return self.money if self.cuped is None else self.cuped

    @property
    def proved(self) -> bool:
        """Whether it surely earned more than it cost, and the arms look drawn by lot."""
        found = self.effect_a_head
        if found is None or self.effect != "works" or self.p_adjusted is None:
            return False
        sure = self.p_adjusted < 1 - PROVING_LEVEL and proving_limit(found) > self.cost_a_head
        return sure and self.sound

    @property
    def sound(self) -> bool:
        """Whether the arms look drawn by lot: a usual split, and alike before the start."""
        split = self.split_p is None or self.split_p >= RATIO_ALARM
        alike = self.before is None or not self.before.known or self.before.p_value >= BALANCE_ALARM
        return split and alike


def programme_effects(
    actions: FrameLike,
    money_days: pl.DataFrame,
    until: int,
    *,
    scored: pl.DataFrame | None = None,
    column: str = "amount",
    level: float = 0.95,
) -> tuple[ProgrammeEffect, ...]:
    """Tell what each action changed in the money of those it was meant for.

    Parameters
    ----------
    actions : dataframe or path
        Table `actions`: action, and where known customer, arm, cost, started_at, planned_share.
    money_days : polars.DataFrame
        What `daily_money` gave.
    until : int
        Last day of the data (day number).
    scored : polars.DataFrame, optional
        What `scored_answers` gave, for the effect on scores.
    column : {"amount", "margin"}
        What money is counted from.
    level : float
        Confidence level.

    Returns
    -------
    tuple of ProgrammeEffect
        One for each action and treated arm, by name.

    Notes
    -----
    Where spend of the half year before the start explains at least 2 % of the variance, its noise is taken
    out (CUPED), which changes the width of the interval, not what is estimated. Customers count in the arm
    that they were assigned to, whether or not they were reached (intention to treat); who is listed in two
    arms of an action is left out. The sample ratio is tested against the shares that were planned where the
    actions tell them (``planned_share``, one value an arm), else against the usual split (5 to 95 %) that is
    nearest. Where nobody of either arm has a purchase, before or since, nothing is compared. "Works" needs
    the interval of effect minus cost a head above zero and a p value below 1 - level after correction for the
    number of actions.

    References
    ----------
    Welch (1947), Biometrika 34, 28-35; Deng, Xu, Kohavi, Walker (2013), WSDM; Benjamini and Hochberg (1995),
    JRSS B 57, 289-300.
    """
    sums = arm_sums(actions, money_days, until, scored, column)
    found = [_compared(one, level) for one in sums]
    effects = [one.effect_a_head for one in found]
    p_values = [one.p_value for one in effects if one is not None and one.known]
    adjusted = iter(benjamini_hochberg(p_values)) if p_values else iter(())
    return tuple(
        _judged(replace(one, p_adjusted=float(next(adjusted))), effect, level)
        if effect is not None and effect.known
        else one
        for one, effect in zip(found, effects, strict=True)
    )


def _compared(one: ArmSums, level: float) -> ProgrammeEffect:
    plain = ProgrammeEffect(
        action=one.action,
        arm=one.arm,
        treated=int(one.treated.n),
        held_out=int(one.control.n) if one.control else 0,
        days=one.days,
        cost=one.cost,
        cost_a_head=one.cost / one.treated.n if one.treated.n else 0.0,
        started=one.started,
    )
    treated, control = one.treated, one.control
    if control is None or min(treated.n, control.n) < FEWEST_IN_ARM:
        return plain if control is None else replace(plain, effect="not_proved")
    if one.days < FEWEST_DAYS_SINCE_START:
        return replace(plain, effect="too_early")
    if not (_seen(treated) or _seen(control)):
        return replace(plain, effect="not_proved")
    return replace(
        plain,
        money=_money(treated, control, level),
        bought=two_proportions(treated.bought, treated.n, control.bought, control.n, level),
        active=two_proportions(treated.active, treated.n, control.active, control.n, level),
        score=_score(one, level),
        cuped=_cuped(one, level),
        before=_before(one, level),
        split_p=_split(treated.n, control.n, one.planned),
        split_planned=one.planned is not None,
    )


def _seen(arm: Arm) -> bool:
    """Tell whether anybody of an arm is among those who bought, since the start or before it.

    Where nobody of either arm is, purchases and actions may name customers differently, and a difference of
    nothing with limits of nothing would be made up.
    """
    return bool(arm.bought or arm.mean or arm.before_mean)


def _money(treated: Arm, control: Arm, level: float) -> Comparison:
    """Return the difference a head; its limits lean where one arm is small and money is uneven."""
    lean = lean_of_difference([(one.skewness, one.n) for one in (treated, control)])
    return welch(treated.mean, treated.sd, treated.n, control.mean, control.sd, control.n, level, lean=lean)


def _before(one: ArmSums, level: float) -> Comparison | None:
    a, b = one.treated, one.control
    if b is None or not one.has_before:
        return None
    return welch(a.before_mean, a.before_sd, a.n, b.before_mean, b.before_sd, b.n, level)


def _cuped(one: ArmSums, level: float) -> CupedComparison | None:
    """Return the effect without what the past explains, None where it explains next to nothing."""
    if one.control is None or not one.has_before:
        return None
    found = cuped_of_moments(_pairs(one.treated), _pairs(one.control), level)
    return found if found.known and found.correlation**2 >= PAST_HELPS else None


def _pairs(arm: Arm) -> PairedSample:
    n = float(arm.n)
    return PairedSample(
        Sample(arm.mean, arm.sd, n, arm.skewness),
        Sample(arm.before_mean, arm.before_sd, n, arm.before_skewness),
        arm.covariance,
        arm.third,
    )


def _score(one: ArmSums, level: float) -> Comparison | None:
    if one.control is None or min(sum(one.treated.scores), sum(one.control.scores)) < FEWEST_IN_ARM:
        return None
    return nps_difference(NpsCounts(*one.treated.scores), NpsCounts(*one.control.scores), level)


def _split(treated: float, control: float, planned: float | None) -> float:
    share = usual_split(treated / (treated + control)) if planned is None else planned
    return float(sample_ratio_test([treated, control], [share, 1 - share]).p_value)


def usual_split(share: float) -> float:
    """Return the usual share of an arm (5 to 95 %) that is nearest to the one found."""
    return min(USUAL_SPLITS, key=lambda split: abs(split - share))


def _judged(one: ProgrammeEffect, money: Comparison, level: float) -> ProgrammeEffect:
    surely = one.p_adjusted is not None and one.p_adjusted < 1 - level
    if money.ci_high < 0 and surely:
        return replace(one, effect="harms")
    if money.ci_low > one.cost_a_head and surely:
        return replace(one, effect="works")
    if money.ci_high < one.cost_a_head:
        return replace(one, effect="does_not")
    return replace(one, effect="not_proved")
