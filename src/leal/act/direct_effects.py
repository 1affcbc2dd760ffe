"""What an outcome teaches of an action past satisfaction, in the terms of the next forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from leal.act.actions import Action
from leal.act.horizons import require_years, years_worth
from leal.act.spine_parts import factor_draws, retention_gained
from leal.act.uncertain import Floats, JointDraws, Quantity, Uncertain, as_uncertain
from leal.errors import BadValue, Where
from leal.results import Estimate, Grade, Money, Note
from leal.statistics import around_middle
from leal.wording import Percent, Text

DRAWS = 4_000

STOPPED = 0.5
"""Part of all leaving that an action is held to stop at most; how much it may cause is not bounded."""

_HALVINGS = 50
_NEEDED = ("margin", "retention")
_BY_SATISFACTION = ("exposed", "noticed", "satisfaction", "retention_link")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectEffect(Estimate):
    """By what share an action changed the money of those it was for, and how much of it is past satisfaction.

    `estimate` is the whole change within the span of the outcome: .1 is 10 % more.

    Attributes
    ----------
    spend, retention : Uncertain
        What `leal.Action` takes as `direct_spend` and `direct_retention`, drawn together.
    years : float
        Span of the outcome.
    grade : {"A", "B", "C", "D"}
        Of the outcome.
    """

    spend: Uncertain
    retention: Uncertain
    years: float
    grade: Grade

    def on(self, action: Action) -> Action:
        """Return the action with what was found of it, for the next forecast."""
        return replace(action, direct_spend=self.spend, direct_retention=self.retention, other_ways=True)

    def sentence(self) -> Text:
        """Return the change in one sentence."""
        return Text(
            "It changed the money of those it was for by {change} ({level} {low} to {high}).",
            change=Percent(self.estimate, 1, signed=True),
            level=Percent(self.level),
            low=Percent(self.ci_low, 1, signed=True),
            high=Percent(self.ci_high, 1, signed=True),
        )


def effect_past_satisfaction(
    action: Action, outcome: Money, *, years: float, without: Quantity | None = None, seed: int = 0
) -> DirectEffect:
    """Return what money that an action brought a head says of it past satisfaction.

    Parameters
    ----------
    action : Action
        With `margin` and `retention`; with `noticed`, `satisfaction` and `retention_link` where known, so
        that what goes through satisfaction is not counted twice.
    outcome : Money
        A head of those it was for, before cost.
    years : float
        Span in which it was measured.
    without : quantity, optional
        Money a head in the same span without the action; by default what `margin` and `retention` say.
    seed : int
        Seed of the draws.

    Notes
    -----
    `leal.prove.direct_effect` takes experiments, and says more.
    """
    require_years(years)
    _require(action, outcome)
    joint = JointDraws(DRAWS, seed)
    look = factor_draws(action, joint)
    retention = np.clip(look("retention"), 0, 1)
    own = look("margin") * years_worth(retention, action.discount, years)
    base = as_uncertain(without, "without")
    money = own if base is None else joint.of(base, "without")
    middle = float(np.median(own)) if base is None else base.central
    if not middle > 0:
        raise BadValue(
            Text("Without the action nothing came: a change in percent says nothing."),
            hint=Text("Give the money a head of those held out as without=."),
            where=Where(column="without"),
        )
    change = joint.of(Uncertain.normal(outcome), "outcome") / np.where(money > 0, money, middle)
    through = retention_gained(look) if _by_satisfaction(action) else np.zeros(1)
    before = np.clip(retention + through, 0, 1)
    spend, staying = _divided(change, retention, before, action.discount, years, joint)
    return _told(action, outcome, middle, change, spend, staying, years)


def _require(action: Action, outcome: Money) -> None:
    if not outcome.known:
        raise BadValue(
            Text("What was measured is not known: there is nothing to learn from."),
            hint=Text("Give an outcome with an interval."),
            where=Where(column="outcome"),
        )
    missing = [name for name in _NEEDED if action.factor(name) is None]
    if missing:
        raise BadValue(
            Text("Of the action {action} margin and retention must be known.", action=repr(action.name)),
            hint=Text("Give both: what a customer brings a year, and the share who stay a year."),
            where=Where(column=missing[0]),
        )


def _by_satisfaction(action: Action) -> bool:
    return all(action.factor(name) is not None for name in _BY_SATISFACTION)


def _divided(
    change: Floats, retention: Floats, before: Floats, discount: float, years: float, joint: JointDraws
) -> tuple[Floats, Floats]:
    """Return how spend and retention may have made a change together, in each draw another way."""
    wanted = np.maximum((1 + change) * years_worth(retention, discount, years), 0)
    most = np.minimum(_retention_for(wanted, discount, years) - before, STOPPED * (1 - before))
    staying = joint.random("how much of it is staying").random(change.size) * most
    spend = wanted / years_worth(before + staying, discount, years) - 1
    return spend, staying


def _retention_for(wanted: Floats, discount: float, years: float) -> Floats:
    """Return the retention at which a customer is worth so many years' money, as near as there is one."""
    low, high = np.zeros_like(wanted), np.ones_like(wanted)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = years_worth(middle, discount, years) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray((low + high) / 2)


def _told(
    action: Action,
    found: Money,
    middle: float,
    change: Floats,
    spend: Floats,
    staying: Floats,
    years: float,
) -> DirectEffect:
    drawn = [
        Uncertain.drawn(
            values,
            grade=found.grade,
            name=f"{action.name}|{action.segment or ''}|{name} as measured",
            together=f"{action.name}|{action.segment or ''}|as measured",
        )
        for name, values in (("direct spend", spend), ("direct retention", staying))
    ]
    return around_middle(
        DirectEffect,
        found.estimate / middle,
        change,
        n=found.n,
        level=found.level,
        method=found.method,
        notes=(*found.notes, _shared_out(years)),
        spend=drawn[0],
        retention=drawn[1],
        years=years,
        grade=found.grade,
    )


def _shared_out(years: float) -> Note:
    text = Text(
        "Whether customers spend more or stay longer is not known from an outcome alone: forecasts over more"
        " than {months} months are wider.",
        months=max(math.floor(12 * years + 0.5), 1),
    )
    return Note(code="spend_or_staying", text=text)
