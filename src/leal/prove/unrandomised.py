"""What actions changed that held nobody out: the treated beside customers who did the same before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from leal.prove.comparable_customers import (
    FEWEST,
    LEAST_LOOKED_AT,
    MOST_TREATED,
    Compared,
    Floats,
    Reason,
    Window,
    compared_customers,
    first_purchases,
)
from leal.prove.entropy_balancing import BalancingWeights, entropy_balance
from leal.prove.histories import recent_traits, whole_traits
from leal.prove.panels import NEVER, Panel
from leal.prove.quasi_experiments import TREND_ALARM, PanelEffect, effect_of
from leal.results import Note
from leal.statistics import holm
from leal.wording import Text

Moved = Literal["rose", "fell", "doubtful", "not_told", "unknown"]

METHOD = "balanced_differences"

ALIKE = 0.02
"""Standard deviations that no mean of the others may lie from that of the treated."""

RIDGE = 1e-4
"""Added to the mean squares of the traits, which are near 1."""

MOST_LEVERAGE = 0.9
"""Where one other customer alone tells a slope, the rest is taken as ten times what is left of it."""

PLAIN_BASE = 4
"""Periods before the start that the plain comparison is made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrandomisedEffect:
    """What the treated of an action did more than customers like them, a customer and period of four weeks.

    Attributes
    ----------
    action, arm : str
    treated : int
        Customers in it; how many of them are compared is `effect.treated`.
    effect : PanelEffect or None
        Against others weighed so that they bought as the treated did in all time before the start. Grade C
        where `kept_distance` speaks against it. None where `reason` says why.
    kept_distance : PanelEffect or None
        Against others weighed to be alike in the last weeks alone, each side held to its own earlier periods.
    plain : PanelEffect or None
        Against all others as they are, the base being the last four periods: what one must not go by.
    picked : PanelEffect or None
        By how much the treated rose above their own base in the last weeks before the start, more than all
        others did: whether they were picked by what they had just done.
    others : float
        What the others are worth in customers of equal weight (Kish).
    window : Window or None
    left_out, every, joined_later
        As `Compared` has them.
    reason : str or None
        ``no_past``, ``no_time_after``, ``few_treated``, ``few_others``, ``not_comparable``.
    p_adjusted : float or None
        p value of `effect`, corrected for the number of actions (Holm).
    """

    action: str
    arm: str
    treated: int
    effect: PanelEffect | None = None
    kept_distance: PanelEffect | None = None
    plain: PanelEffect | None = None
    picked: PanelEffect | None = None
    others: float = 0.0
    window: Window | None = None
    left_out: int = 0
    every: int = 1
    joined_later: float = 0.0
    reason: Reason | None = None
    p_adjusted: float | None = None

    @property
    def moved(self) -> Moved:
        """What may be said: rose or fell for certain more than others alike, though not why; or less."""
        found = self.effect
        if found is None or not found.known:
            return "unknown"
        if found.ci_low <= 0 <= found.ci_high:
            return "not_told"
        if found.grade != "B" or self.p_adjusted is None or self.p_adjusted >= 1 - found.level:
            return "doubtful"
        return "rose" if found.estimate > 0 else "fell"

    @property
    def picked_by_recent(self) -> bool:
        """Whether the treated had just bought more, or less, than they used to, more than others did."""
        return self.picked is not None and self.picked.known and self.picked.p_value < TREND_ALARM


def unrandomised_effects(
    assigned: pl.DataFrame,
    money_days: pl.DataFrame,
    until: int,
    *,
    column: str = "amount",
    level: float = 0.95,
) -> tuple[UnrandomisedEffect, ...]:
    """Tell what actions changed that held nobody out: difference in differences beside customers alike.

    Parameters
    ----------
    assigned : polars.DataFrame
        What `leal.measure.customers_of_actions` gave, of the actions that are asked for: who was treated,
        since when. Who stands in two arms of an action is on neither side.
    money_days : polars.DataFrame
        ``customer``, ``day``, ``amount`` and the money column: net money by customer and day.
    until : int
        Last day of the data.
    column : str
        The money column.
    level : float
        Confidence level.

    Returns
    -------
    tuple of UnrandomisedEffect
        One an action and arm, by name; never graded A.

    Notes
    -----
    Customers who were picked because they had just bought much, or had just fallen silent, return to their
    usual by themselves, and who has left does not: plain differences in differences take both for an effect.
    So the others are weighed by entropy balancing until they did, before the start, what the treated did: in
    the last twelve weeks by period, in the base before these, and in all time before. What is left differs in
    nothing that the purchases show. Periods of the base one by one are not balanced, so that the test of
    trends can fail. Noise that the past explains is taken out: the weighted regression of each period on the
    same traits, which leaves the estimates as they are; errors as those of a jackknife (HC3). Of the others,
    everybody counts who was not in the action yet, whether they came into it later or not.

    References
    ----------
    Hainmueller (2012), Political Analysis 20; MacKinnon and White (1985), Journal of Econometrics 29; Ding
    and Li (2019), Political Analysis 27 (weighing by the past and differences in differences bracket the
    effect); Daw and Hatfield (2018), Health Services Research 53 (matching and the return to the mean);
    Hernán and Robins (2016), American Journal of Epidemiology 183.
    """
    first = first_purchases(money_days)
    alone = assigned.filter(pl.col("arms") == 1)
    groups = sorted(alone.group_by("action", "arm"), key=lambda group: group[0])
    most = max(MOST_TREATED // max(len(groups), 1), LEAST_LOOKED_AT)
    found = []
    for (action, arm), treated in groups:
        entered = assigned.filter(pl.col("action") == action).group_by("customer")
        who = compared_customers(
            treated.select("customer", "start"),
            entered.agg(entered=pl.col("start").min()),
            first,
            money_days,
            until,
            column,
            most,
        )
        name = UnrandomisedEffect(action=str(action), arm=str(arm or ""), treated=treated.height)
        found.append(_compared(name, who, level) if isinstance(who, Compared) else replace(name, reason=who))
    return _corrected(found)


def _compared(name: UnrandomisedEffect, who: Compared, level: float) -> UnrandomisedEffect:
    told = replace(
        name,
        window=who.window,
        left_out=who.left_out,
        every=who.every,
        joined_later=who.joined_later,
        plain=_plain(who, level),
        picked=_picked(who, level),
    )
    whole, recent = (_alike(traits, who) for traits in (whole_traits(who), recent_traits(who)))
    if whole is None or recent is None:
        return replace(told, reason="not_comparable")
    kept = _effect(who, recent, level)
    effect = _effect(who, whole, level)
    return replace(
        told,
        effect=_doubted(effect, kept) if _disagree(effect, kept) else effect,
        kept_distance=kept,
        others=whole.effective_n,
    )


def _alike(traits: Floats, who: Compared) -> BalancingWeights | None:
    """Return weights that make the others alike; None where none do, or too few would carry the weight."""
    balance = entropy_balance(traits, who.treated)
    enough = balance.effective_n >= max(FEWEST, 2 * (balance.traits.shape[1] + 1))
    return balance if enough and balance.farthest <= ALIKE else None


def _effect(who: Compared, balance: BalancingWeights, level: float) -> PanelEffect:
    rest, leverages = _unexplained(who, balance)
    panel = replace(_panel(who, rest, balance.weights), leverages=leverages)
    found = effect_of(panel, base=None, anticipation=who.window.recent, level=level)
    return replace(found, method=METHOD)


def _unexplained(who: Compared, balance: BalancingWeights) -> tuple[Floats, Floats]:
    """Return the money of each period less what the traits explain among the weighed others, and leverages.

    The others' own rest is too small by what the regression learnt from each of them (its leverage), and most
    where one bears much weight. A little ridge holds slopes of what hardly varies among them; whatever the
    slopes, they change no estimate where the means are equal.
    """
    design = np.column_stack([np.ones(len(who.treated)), balance.traits])
    others = ~who.treated
    weighed = design[others].T * balance.weights
    moments = weighed @ design[others] + RIDGE * np.eye(design.shape[1])
    slopes = np.linalg.solve(moments, weighed @ who.money[others])
    leverages = np.zeros(len(who.treated))
    leverages[others] = (weighed * np.linalg.solve(moments, design[others].T)).sum(axis=0)
    rest = np.asarray(who.money - design @ slopes, dtype=np.float64)
    return rest, np.minimum(leverages, MOST_LEVERAGE)


def _panel(who: Compared, outcomes: Floats, weights: Floats | None = None) -> Panel:
    share = np.ones(len(who.treated))
    if weights is not None:
        share[~who.treated] = weights * len(weights)
    return Panel(
        outcomes=outcomes,
        starts=np.where(who.treated, who.window.before, NEVER),
        clusters=who.customers,
        weights=share,
        leverages=np.zeros(len(who.treated)),
        times=tuple(range(outcomes.shape[1])),
        notes=(),
    )


def _plain(who: Compared, level: float) -> PanelEffect:
    return effect_of(_panel(who, who.money), base=min(PLAIN_BASE, who.window.before), level=level)


def _picked(who: Compared, level: float) -> PanelEffect:
    past = _panel(who, who.money[:, : who.window.before])
    starts = np.where(who.treated, who.window.early, NEVER)
    return effect_of(replace(past, starts=starts), base=None, level=level)


def _disagree(effect: PanelEffect, kept: PanelEffect) -> bool:
    """Whether the sign of what is told from zero depends on how the others are made alike."""
    if not (effect.known and kept.known):
        return True
    sure = [one for one in (effect, kept) if not one.ci_low <= 0 <= one.ci_high]
    return bool(sure) and effect.estimate * kept.estimate < 0


def _doubted(effect: PanelEffect, kept: PanelEffect) -> PanelEffect:
    text = Text(
        "Beside customers alike in the last weeks alone it would be {figure} ({low} to {high}): it depends on"
        " how they are compared.",
        figure=kept.figure(kept.estimate),
        low=kept.figure(kept.ci_low),
        high=kept.figure(kept.ci_high),
    )
    note = Note(code="depends_on_comparison", text=text)
    return replace(effect, grade="C", notes=(*effect.notes, note))


def _corrected(found: list[UnrandomisedEffect]) -> tuple[UnrandomisedEffect, ...]:
    p_values = [one.effect.p_value if one.effect is not None else float("nan") for one in found]
    if not found:
        return ()
    adjusted = holm(p_values)
    return tuple(
        replace(one, p_adjusted=float(p)) if one.effect is not None and one.effect.known else one
        for one, p in zip(found, adjusted, strict=True)
    )
