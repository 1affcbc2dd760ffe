"""Outcomes of experiments and of the ledger, read as what an action does past satisfaction."""

from __future__ import annotations

import doctest
import importlib

import pytest
from tests.prove.test_ledger import money

import leal
from leal.act import Action
from leal.errors import BadValue
from leal.prove import Ledger, direct_effect, experiment
from leal.results import Money

CALLS = Action(name="Calls", customers=8_000, margin=120.0, retention=0.8, cost=20_000)


def test_an_experiment_becomes_the_next_forecast() -> None:
    """500 treated and 500 held out, 24 and 20 a head: 20 % more than without."""
    import polars as pl

    rows = pl.DataFrame(
        {
            "customer": range(1_000),
            "arm": ["treated", "control"] * 500,
            "margin": [24.0 + (i % 7 - 3) if i % 2 == 0 else 20.0 + (i % 5 - 2) for i in range(1_000)],
        }
    )
    found = experiment(rows, arm="arm", outcome="margin", unit="money")
    learnt = direct_effect(CALLS, found, years=0.25, without=found.arms[0].mean)
    effect = found.only.effect.estimate
    assert learnt.estimate == pytest.approx(effect / found.arms[0].mean.estimate, rel=1e-6)
    gain = leal.action_value(learnt.on(CALLS), years=0.25).gain
    assert gain.estimate > 0
    assert gain.grade == "A"


def test_money_in_all_needs_its_customers() -> None:
    with pytest.raises(BadValue, match="how many customers"):
        direct_effect(CALLS, money(24_000, 8_000, "A"), years=0.25)
    whole = direct_effect(CALLS, money(24_000, 8_000, "A"), years=0.25, customers=8_000)
    a_head = direct_effect(CALLS, money(3, 1, "A"), years=0.25, customers=1)
    assert whole.estimate == pytest.approx(a_head.estimate)
    assert (whole.ci_low, whole.ci_high) == pytest.approx((a_head.ci_low, a_head.ci_high))


def test_several_outcomes_are_weighed_by_their_precision() -> None:
    """By hand: 3 +- 1 and 6 +- 2 weigh 4 to 1: 3.6 a head."""
    pair = [money(3, 1, "A"), money(6, 2, "A")]
    learnt = direct_effect(CALLS, pair, years=0.25, customers=1)
    single = direct_effect(CALLS, money(3.6, 0.9, "A"), years=0.25, customers=1)
    assert learnt.estimate == pytest.approx(single.estimate)


def test_the_ledger_teaches_from_its_outcomes() -> None:
    treated = 2_000
    outcome = Money(estimate=6_000, ci_low=2_000, ci_high=10_000, n=4_000, method="welch", grade="A")
    ledger = Ledger().promise(CALLS, years=0.25).prove(outcome, action="Calls", customers=treated)
    assert ledger["Calls"].customers == treated
    learnt = ledger.direct_effect(CALLS, years=0.25)
    assert learnt is not None
    expected = direct_effect(CALLS, outcome, years=0.25, customers=treated)
    assert learnt.estimate == pytest.approx(expected.estimate)
    next_time = leal.action_value(learnt.on(CALLS), years=0.25).gain
    assert next_time.estimate == pytest.approx(8_000 * 3, rel=0.03)
    assert Ledger().direct_effect(CALLS, years=0.25) is None


def test_a_promise_may_be_of_the_span_that_it_is_held_to() -> None:
    action = Action(
        name="Lobby",
        customers=10_000,
        noticed=0.4,
        satisfaction=4.0,
        retention_link=0.004,
        margin=120.0,
        retention=0.8,
        cost=60_000,
    )
    year, life = Ledger().promise(action, years=1.0), Ledger().promise(action)
    assert year.promised is not None
    assert life.promised is not None
    assert year.promised.estimate == pytest.approx(leal.action_value(action, years=1.0).gain.estimate)
    assert year.promised.estimate < life.promised.estimate


def test_what_was_not_measured_teaches_nothing() -> None:
    nan = float("nan")
    unknown = Money(estimate=nan, ci_low=nan, ci_high=nan, n=0, method="none")
    with pytest.raises(BadValue, match="nothing to learn"):
        direct_effect(CALLS, unknown, years=0.25, customers=1)


def test_examples_run() -> None:
    assert doctest.testmod(importlib.import_module("leal.prove.outcome_lessons")).failed == 0
