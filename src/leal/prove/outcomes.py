"""What was measured, as money in all: of an experiment, a panel, a programme of an audit, or money itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from leal.errors import BadValue, Where
from leal.measure import ProgrammeEffect
from leal.prove.experiment_results import Experiment
from leal.prove.quasi_experiments import PanelEffect
from leal.results import Estimate, Grade, Money, recast
from leal.statistics import proving_limit
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an action was measured to bring, before its cost."""

    money: Money
    grade: Grade
    proved: bool
    action: str | None = None
    verdict: str | None = None
    customers: float | None = None
    cost: float | None = None


def outcome_of(
    outcome: Any,
    *,
    arm: str | None,
    customers: float | None,
    grade: Grade | None,
    currency: str | None = None,
) -> Outcome:
    """Return an outcome as money in all."""
    found = _outcome_of(outcome, arm, customers, grade)
    if found.money.currency is not None or currency is None:
        return found
    return replace(found, money=replace(found.money, currency=currency))


def _outcome_of(outcome: Any, arm: str | None, customers: float | None, grade: Grade | None) -> Outcome:
    if isinstance(outcome, Experiment):
        return _of_experiment(outcome, arm, customers)
    if isinstance(outcome, PanelEffect):
        return _of_panel(outcome, customers)
    if isinstance(outcome, ProgrammeEffect):
        return _of_programme(outcome, customers)
    if isinstance(outcome, Estimate):
        own: Grade = outcome.grade if isinstance(outcome, Money) else "C"
        known = grade or own
        return Outcome(
            money=_money(outcome, 1.0, known),
            grade=known,
            proved=_positive(outcome, known),
            customers=customers,
        )
    raise BadValue(
        Text("What was measured is an experiment, or money with an interval."),
        hint=Text("Give the result of leal.experiment or leal.prove.panel_effect, or leal.results.Money."),
        where=Where(column="outcome"),
    )


def _positive(value: Estimate, grade: Grade) -> bool:
    return value.known and proving_limit(value) > 0 and grade in ("A", "B")


def _of_experiment(found: Experiment, arm: str | None, customers: float | None) -> Outcome:
    effect = found.only if arm is None else found[arm]
    gain = effect.gain_per_thousand
    if gain is None:
        raise BadValue(
            Text("The outcome of the experiment is not money."),
            hint=Text("Say what one unit of it is worth: leal.experiment(..., value=...)."),
            where=Where(column="value"),
        )
    treated = next(one.n for one in found.arms if one.arm == effect.arm)
    many = customers if customers is not None else float(treated)
    return Outcome(
        money=_money(gain, many / 1000, effect.grade),
        grade=effect.grade,
        proved=effect.proved,
        verdict=effect.verdict,
        customers=many,
        cost=None if effect.cost is None else effect.cost * many,
    )


def _of_panel(found: PanelEffect, customers: float | None) -> Outcome:
    many = customers if customers is not None else float(found.treated)
    after = sum(1 for one in found.periods if one.period >= 0)
    return Outcome(
        money=_money(found, many * after, found.grade),
        grade=found.grade,
        proved=found.proved,
        verdict="harms" if found.known and found.ci_high < 0 else None,
        customers=many,
    )


def _of_programme(found: ProgrammeEffect, customers: float | None) -> Outcome:
    effect = found.effect_a_head
    if effect is None:
        raise BadValue(
            Text("{action} has no holdout: nothing was measured.", action=found.action),
            hint=Text("Hold a random part of the customers out: leal.prove.assign(customers, name=...)."),
            where=Where(column="outcome"),
        )
    many = customers if customers is not None else float(found.treated)
    grade: Grade = "A" if found.sound else "C"
    return Outcome(
        money=_money(effect, many, grade),
        grade=grade,
        proved=found.proved,
        action=found.name,
        verdict=found.effect,
        customers=many,
        cost=found.cost_a_head * many,
    )


def _money(value: Estimate, factor: float, grade: Grade) -> Money:
    return recast(
        Money,
        value,
        factor,
        currency=getattr(value, "currency", None),
        basis=getattr(value, "basis", "revenue"),
        period=getattr(value, "period", "period"),
        grade=grade,
    )
