"""What outcomes teach of an action past satisfaction, read from experiments and ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from leal.act import Action, DirectEffect, Quantity, effect_past_satisfaction
from leal.errors import BadValue, Where
from leal.prove.links import updated_link
from leal.prove.outcomes import outcome_of
from leal.results import Grade, Money
from leal.wording import Text


def direct_effect(
    action: Action,
    outcome: Any,
    *,
    years: float,
    without: Quantity | None = None,
    customers: float | None = None,
    arm: str | None = None,
    seed: int = 0,
) -> DirectEffect:
    """Tell from a pilot, or an earlier outcome, what an action does past satisfaction.

    Parameters
    ----------
    action : Action
        With `margin` and `retention`; with `noticed`, `satisfaction` and `retention_link` where known, so
        that what goes through satisfaction is not counted twice.
    outcome : Experiment, ProgrammeEffect, PanelEffect, Money, or a sequence of them
        Money that it brought, before cost; several outcomes are weighed by their precision.
    years : float
        Span in which it was measured, .25 for a quarter.
    without : quantity, optional
        Money a head in the same span without the action (the mean of those held out); by default what
        `margin` and `retention` say.
    customers : float, optional
        Customers that money in all is for; of experiments and programmes those treated.
    arm : str, optional
        The arm of an experiment with several.
    seed : int
        Seed of the draws.

    Returns
    -------
    DirectEffect
        ``found.on(action)`` is the action whose `leal.action_value` knows of it.

    Raises
    ------
    BadValue
        Margin or retention of the action are not known; the outcome is not; nothing was brought without it.

    Notes
    -----
    What was brought more, over what would have come without, is the whole change. An outcome over a short
    span does not tell whether customers spend more or stay longer, and it matters for longer forecasts. So in
    each draw the change of retention lies anywhere between none and all that could explain the outcome, but
    stops no more than half of all leaving, and spend explains the rest: over the span of the outcome the
    forecast is the outcome itself; the further ahead, the wider. That an effect may fade is not in it
    (`leal.prove.effects_by_path`).

    Not for other customers than those of the outcome: another region may react otherwise, which only a second
    outcome tells.

    Examples
    --------
    >>> calls = Action(name="Calls", customers=8_000, margin=120, retention=.8, cost=20_000)
    >>> pilot = Money(estimate=3., ci_low=1., ci_high=5., n=4_000, method="welch", grade="A")
    >>> found = direct_effect(calls, pilot, years=.25, customers=1)
    >>> [round(share, 3) for share in (found.estimate, found.ci_low, found.ci_high)]
    [0.104, 0.034, 0.174]
    >>> import leal
    >>> round(leal.action_value(found.on(calls), years=.25).gain.estimate, -3)
    24000.0
    """
    several = outcome if isinstance(outcome, Sequence) else [outcome]
    heads = [_of_outcome(one, customers, arm) for one in several]
    found = heads[0] if len(heads) == 1 else _joined(heads)
    return effect_past_satisfaction(action, found, years=years, without=without, seed=seed)


def _of_outcome(outcome: Any, customers: float | None, arm: str | None) -> Money:
    """Return an outcome as money a head."""
    found = outcome_of(outcome, arm=arm, customers=customers, grade=None)
    return money_a_head(found.money, found.customers, found.grade)


def money_a_head(money: Money, customers: float | None, grade: Grade) -> Money:
    """Return money in all as money a head; an error where it is not known for how many it came."""
    if customers is None or not customers > 0:
        raise BadValue(
            Text("For how many customers the money came is not known."),
            hint=Text("Give their number as customers=; 1 where it is money a head."),
            where=Where(column="customers"),
        )
    return replace(
        money,
        estimate=money.estimate / customers,
        ci_low=money.ci_low / customers,
        ci_high=money.ci_high / customers,
        grade=grade,
    )


def _joined(heads: list[Money]) -> Money:
    """Return several outcomes as one, weighed by their precision."""
    joined = updated_link(None, heads, grades=[one.grade for one in heads])
    return replace(
        heads[0],
        estimate=joined.estimate,
        ci_low=joined.ci_low,
        ci_high=joined.ci_high,
        n=joined.n,
        level=joined.level,
        method=joined.method,
        notes=joined.notes,
        grade=joined.grade,
    )
