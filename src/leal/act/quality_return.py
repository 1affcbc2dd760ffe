"""Return on quality: profit of some years against the cost, and the effect at which it breaks even."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from leal.act.actions import Action
from leal.act.spine_parts import (
    Look,
    cost_draws,
    direct_retention,
    direct_spend,
    factor_draws,
    factor_grades,
    form_of,
    gain_parts,
    middles,
    missing_factors,
    present_cost,
    retention_gained,
)
from leal.act.uncertain import DRAWS, Floats, JointDraws, weakest
from leal.errors import BadValue, Where
from leal.results import Estimate, Grade, Money, Note, Proportion
from leal.statistics import around_middle, detectable_change
from leal.wording import Formatted, Listing, Percent, Points, Text

_HALVINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOnQuality(Proportion):
    """(Profit of the years - cost)/cost; -.6 means that 60 of 100 spent do not come back.

    Attributes
    ----------
    action : str
        Its name.
    gain, cost : Money
        Profit of the years, and the cost, both discounted to now.
    break_even : Estimate
        Points of satisfaction for those who notice at which the return is zero; unknown where no effect is
        large enough, or the action does not work by satisfaction.
    break_even_mean : Estimate
        The same as the mean over all exposed: what a survey of them would have to show.
    chance : float or None
        Probability that it earns more than it costs within the years.
    years : int
        How many years count.
    grade : {"A", "B", "C", "D"}
        Of the weakest factor.
    missing : tuple of str
        Factors without which it is unknown.
    """

    action: str
    gain: Money
    cost: Money
    break_even: Estimate
    break_even_mean: Estimate
    chance: float | None
    years: int
    grade: Grade
    missing: tuple[str, ...] = ()

    def sentence(self) -> Text:
        """Return the result in one sentence: return, interval, what it would need."""
        if not self.known:
            return Text(
                "{action}: unknown, needs {missing}", action=self.action, missing=Listing.of(self.missing)
            )
        figures: dict[str, Formatted] = {
            "roq": Percent(self.estimate, 1, signed=True),
            "level": Percent(self.level),
            "low": Percent(self.ci_low, 1, signed=True),
            "high": Percent(self.ci_high, 1, signed=True),
        }
        if not self.break_even.known:
            return Text("{action}: return {roq} ({level} {low} to {high})", action=self.action, **figures)
        return Text(
            "{action}: return {roq} ({level} {low} to {high}); it pays from {points} points of satisfaction"
            " for those who notice",
            action=self.action,
            points=Points(self.break_even.estimate, 1),
            **figures,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The three thresholds of an action, each its own question, in points of satisfaction where they compare.

    Attributes
    ----------
    statistical : float or None
        The smallest change of the mean score that the survey would find with 80 % power.
    perceptual : float or None
        Share of the exposed who notice: below it nothing else happens.
    economic : float or None
        The change of the mean score of the exposed at which the return is zero.
    """

    statistical: float | None
    perceptual: float | None
    economic: float | None

    def sentence(self) -> Text:
        """Say whether the survey can see what the action needs to pay."""
        if self.statistical is None or self.economic is None:
            return Text("Whether the survey can see an effect that pays is not known.")
        figures = {"seen": Points(self.statistical, 2), "needed": Points(self.economic, 2)}
        if self.statistical <= self.economic:
            return Text(
                "The survey sees changes from {seen} points, and the action pays from {needed}: it can be"
                " judged.",
                **figures,
            )
        return Text(
            "The survey sees changes from {seen} points only, and the action pays from {needed}: an effect"
            " that pays may stay unseen; ask more customers.",
            **figures,
        )


def return_on_quality(
    action: Action, *, years: int = 3, level: float = 0.95, draws: int = DRAWS, seed: int = 0
) -> ReturnOnQuality:
    """Tell what comes back of the money spent on an action within some years.

    Parameters
    ----------
    action : Action
        With customers, noticed, satisfaction, retention_link, margin, retention and cost; or `measured`.
    years : int
        Years whose profit counts, 3 by default.
    level, draws, seed
        Level of the intervals; draws of the simulation and their seed.

    Returns
    -------
    ReturnOnQuality
        Unknown, naming what is missing, where a factor is not known.

    Notes
    -----
    Profit of year t is N m (r'^t - r^t)/(1 + i)^t, r' the mean retention with the action; cost of year 0, 1,
    ... is discounted alike; return = (profit - cost)/cost. What is known or supposed past satisfaction
    (`Action.direct_spend`, `direct_retention`, `other_ways`) is in r' and m. `measured`, repeat sales and
    word of mouth come in whole. A cohort view: the customers of today, no new ones. The frame is Rust,
    Zahorik and Keiningham's; the plain net present value is ours.

    Unlike `action_value` it stops counting after `years`: an action may be worth its cost over the lives of
    customers and still not return it in three years.

    References
    ----------
    Rust, Zahorik and Keiningham (1995), Journal of Marketing 59(2), 58-70.

    Examples
    --------
    >>> lobby = Action(name="Lobby", customers=10_000, noticed=1, satisfaction=2, retention_link=.004,
    ...                margin=120, retention=.8, cost=60_000, later_costs=(20_000, 20_000))
    >>> found = return_on_quality(lobby)
    >>> round(found.estimate, 4), round(found.break_even.estimate, 2)
    (-0.6255, 5.29)
    """
    if years < 1:
        raise BadValue(
            Text("{years} years cannot return anything.", years=years),
            hint=Text("Give one year or more."),
            where=Where(column="years"),
        )
    form = form_of(action, "exact")
    missing = missing_factors(action, form)
    if form == "linear":  # the value link says nothing of single years
        missing = (*missing, *(name for name in ("margin", "retention") if action.factor(name) is None))
    joint = JointDraws(draws, seed)
    grades = factor_grades([action], {form})
    shared: dict[str, Any] = {"n": float(middles(action)("customers")[0]), "level": level}
    if missing:
        return _unknown(action, years, missing, weakest(list(grades.values())), shared)
    middle, drawn = middles(action), factor_draws(action, joint)
    cost = present_cost(action, [part.central for part in action.costs])
    costs = cost_draws(action, joint)
    gain, gains = (float(_gain(action, years, middle)[0]), _gain(action, years, drawn))
    needed = [
        _break_even(action, years, look, np.atleast_1d(spent))
        for look, spent in ((middle, cost), (drawn, costs))
    ]
    money: dict[str, Any] = {
        "basis": "margin",
        "period": "once",
        "currency": action.currency,
        "grade": weakest(list(grades.values())),
    }
    returns = np.divide(gains - costs, costs, out=np.full_like(costs, math.inf), where=costs > 0)
    back = (gain - cost) / cost if cost > 0 else math.nan
    return around_middle(
        ReturnOnQuality,
        back,
        returns,
        **shared,
        action=action.name,
        gain=around_middle(Money, gain, gains, **shared, **money),
        cost=around_middle(Money, cost, costs, **shared, **money),
        break_even=_effect(needed[0][0], needed[1][0], shared),
        break_even_mean=_effect(needed[0][1], needed[1][1], shared),
        chance=float(np.mean(gains > costs)),
        years=years,
        grade=weakest(list(grades.values())),
        missing=() if cost > 0 else ("cost",),
    )


def thresholds(
    action: Action,
    *,
    asked: tuple[float, float] | None = None,
    spread: float | None = None,
    years: int = 3,
    level: float = 0.95,
) -> Thresholds:
    """Return what a survey could see, what customers notice and what would pay: never one for another.

    Parameters
    ----------
    action : Action
        As for `return_on_quality`.
    asked : (float, float), optional
        How many exposed and unexposed customers give a score.
    spread : float, optional
        Standard deviation of one score, in points of satisfaction.
    years, level
        Years whose profit counts; level of the test.
    """
    seen = None
    if asked is not None and spread is not None:
        seen = detectable_change(*asked, variance=spread**2, level=level)
    found = return_on_quality(action, years=years, level=level, draws=100)
    noticed = action.factor("noticed")
    return Thresholds(
        statistical=seen if seen is not None and math.isfinite(seen) else None,
        perceptual=None if noticed is None else noticed.central,
        economic=found.break_even_mean.estimate if found.break_even_mean.known else None,
    )


def _gain(action: Action, years: int, look: Look) -> Floats:
    form = form_of(action, "exact")
    parts = gain_parts(action, form, look)
    rest = sum((part for name, part in parts.items() if name not in ("retention", "direct")), np.zeros(1))
    if "retention" not in parts and "direct" not in parts:
        return np.asarray(rest)
    before = np.clip(look("retention"), 0, 1)
    after = np.clip(before + retention_gained(look), 0, 1) if "retention" in parts else before
    if "direct" in parts:
        after = np.clip(after + direct_retention(action, look), 0, 1)
    spend = np.maximum(direct_spend(action, look), -1)
    kept = (1 + spend) * _years_kept(after, years, action.discount)
    own = look("customers") * look("margin") * (kept - _years_kept(before, years, action.discount))
    return np.asarray(own + rest)


def _years_kept(retention: Floats, years: int, discount: float) -> Floats:
    """Return for how many discounted years customers stay: the sum of (r/(1 + i))^t."""
    return np.asarray(sum(((retention / (1 + discount)) ** t for t in range(1, years + 1)), np.zeros(1)))


def _more_years(before: Floats, after: Floats, years: int, discount: float) -> Floats:
    return _years_kept(after, years, discount) - _years_kept(before, years, discount)


def _break_even(action: Action, years: int, look: Look, cost: Floats) -> tuple[Floats, Floats]:
    """Return the effect on noticers, and as a mean of the exposed, at which the gain is the cost."""
    if form_of(action, "exact") not in ("exact", "linear"):
        return np.full(cost.shape, math.nan), np.full(cost.shape, math.nan)
    before = np.clip(look("retention"), 0, 1)
    gained = look("customers") * look("margin")
    others = _gain(action, years, look) - gained * _more_years(
        before, np.clip(before + retention_gained(look), 0, 1), years, action.discount
    )
    needed = _retention_needed(before, gained, cost - others, years, action.discount)
    exposed, noticed = np.clip(look("exposed"), 0, 1), np.clip(look("noticed"), 0, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = needed / (exposed * look("retention_link"))
        return np.asarray(mean / noticed), np.asarray(mean)


def _retention_needed(before: Floats, gained: Floats, cost: Floats, years: int, discount: float) -> Floats:
    """Return the rise of retention whose profit is the cost, by halving; infinite where none is enough."""
    low, high = -before, 1 - before
    low, high = np.broadcast_to(low, cost.shape).copy(), np.broadcast_to(high, cost.shape).copy()
    reachable = gained * _more_years(before, np.ones_like(before), years, discount) >= cost
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = gained * _more_years(before, before + middle, years, discount) < cost
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(np.where(reachable, high, math.inf))


def _effect(central: Floats, drawn: Floats, shared: dict[str, Any]) -> Estimate:
    """Return an effect needed; unknown where none is large enough, or more than a few draws have none."""
    middle = float(central[0])
    tail = (1 - shared["level"]) / 2
    if not math.isfinite(middle) or np.mean(~np.isfinite(drawn)) > tail:
        note = Note(
            code="never_pays", text=Text("It is not sure that any effect would be large enough to pay.")
        )
        return Estimate.unknown(**shared, notes=(note,))
    finite = np.isfinite(drawn)
    return around_middle(Estimate, middle, np.where(finite, drawn, np.max(drawn[finite])), **shared)


def _unknown(
    action: Action, years: int, missing: tuple[str, ...], grade: Grade, shared: dict[str, Any]
) -> ReturnOnQuality:
    money = Money.unknown(**shared, currency=action.currency, grade=grade)
    return ReturnOnQuality.unknown(
        **shared,
        action=action.name,
        gain=money,
        cost=money,
        break_even=Estimate.unknown(**shared),
        break_even_mean=Estimate.unknown(**shared),
        chance=None,
        years=years,
        grade=grade,
        missing=missing,
    )
