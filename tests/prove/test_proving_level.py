"""Proved means that the lower 95 % limit is above zero, whatever level intervals were asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import leal
from leal.measure import programme_effects
from leal.predict import justified_cost
from leal.prove import experiment_of_moments, panel_effect
from leal.results import Estimate, Money
from leal.statistics import proving_limit

CLOSE = {"control": (100.0, 20.0, 1000.0), "mail": (101.65, 20.0, 1000.0)}
"""p = .065: above zero with 90 %, not with 95 %."""


@pytest.mark.parametrize("level", [0.8, 0.9])
def test_a_lower_level_does_not_prove_more(level: float) -> None:
    found = experiment_of_moments(CLOSE, level=level)
    assert found.difference.ci_low > 0
    assert found.verdict == "works"
    assert not found.proved
    ledger = leal.Ledger().prove(found, action="mail")
    assert ledger.proved is None
    assert not ledger["mail"].is_proved


def test_a_higher_level_asks_for_more_and_a_clear_effect_is_proved_at_any() -> None:
    clear = {"control": (100.0, 20.0, 1000.0), "mail": (102.0, 20.0, 1000.0)}  # p = .026
    assert [experiment_of_moments(clear, level=level).proved for level in (0.8, 0.9, 0.95, 0.99)] == [
        True,
        True,
        True,
        False,
    ]


def test_looks_keep_95_of_100_over_all_of_them() -> None:
    """At the second of five looks the bound is 3.23, not the 1.04 that 80 % would ask for."""
    early = {"control": (100.0, 20.0, 1000.0), "mail": (102.5, 20.0, 1000.0)}  # z = 2.8
    assert not experiment_of_moments(early, looks=(2, 5), level=0.8).proved
    assert experiment_of_moments(early, looks=(5, 5), level=0.8).proved


def test_money_of_a_narrow_interval_is_not_proved_by_being_written_down() -> None:
    narrow = Money(estimate=100, ci_low=20, ci_high=180, n=500, level=0.8, method="welch", grade="A")
    assert proving_limit(narrow) == pytest.approx(100 - 80 * 1.959964 / 1.281552, rel=1e-5)
    assert not leal.Ledger().prove(narrow, action="call")["call"].is_proved
    wide = Money(estimate=100, ci_low=60, ci_high=140, n=500, level=0.8, method="welch", grade="A")
    assert leal.Ledger().prove(wide, action="call")["call"].is_proved


def test_actions_programmes_panels_and_costs_ask_the_same() -> None:
    narrow = Money(estimate=1.0, ci_low=0.2, ci_high=1.8, n=500, level=0.8, method="welch", grade="A")
    measured = leal.Action("call", customers=1000, measured=narrow, cost=0)
    assert not leal.action_value(measured, level=0.8).proved
    kept = Estimate(estimate=0.02, ci_low=0.004, ci_high=0.036, n=500, level=0.8, method="welch")
    worth = Money(estimate=300, ci_low=290, ci_high=310, n=500, method="delta")
    assert justified_cost(kept, worth, grade="A").decision == "do_not_pay"


def test_a_programme_just_above_zero_at_80_is_not_proved() -> None:
    random = np.random.default_rng(2)
    people = [(f"{arm}{k}", arm) for arm in ("control", "treated") for k in range(400)]
    spent = {who: 100 + 20 * random.standard_normal() for who, _ in people}
    gap = np.mean([spent[who] for who, arm in people if arm == "treated"]) - np.mean(
        [spent[who] for who, arm in people if arm == "control"]
    )
    shift = 2.4 - gap  # the difference is 2.4 with a standard error of 1.4: z about 1.7
    days = pl.DataFrame(
        [(who, 10, spent[who] + shift * (arm == "treated")) for who, arm in people],
        schema={"customer": pl.String, "day": pl.Int32, "amount": pl.Float64},
        orient="row",
    )
    actions = pl.DataFrame(
        [("mail", who, arm, 0.0) for who, arm in people],
        schema=["action", "customer", "arm", "cost"],
        orient="row",
    )
    (loose,) = programme_effects(actions, days, 100, level=0.8)
    assert loose.effect == "works"
    assert not loose.proved


def test_a_panel_at_80_is_not_proved_where_95_would_not_be() -> None:
    random = np.random.default_rng(5)
    rows = [
        (who, time, 10 + random.normal(0, 3), 4 if who < 60 else None)
        for who in range(120)
        for time in range(8)
    ]
    panel = pl.DataFrame(rows, schema=["customer", "time", "y", "start"], orient="row")
    plain = panel_effect(panel, outcome="y", start="start", base=None)
    error = (plain.ci_high - plain.ci_low) / 2 / 1.98
    treated = pl.col("start").is_not_null() & (pl.col("time") >= 4)
    moved = panel.with_columns(pl.col("y") + (1.6 * error - plain.estimate) * treated)
    loose = panel_effect(moved, outcome="y", start="start", base=None, level=0.8)
    assert loose.ci_low > 0
    assert not loose.proved
