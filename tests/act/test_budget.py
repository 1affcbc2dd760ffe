"""What a budget funds, and what comes back of it."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import leal
from leal.act import allocate_budget, fund_actions, return_on_quality, thresholds
from leal.errors import BadValue
from leal.results import Estimate

LOBBY = leal.Action(
    name="Lobby",
    customers=10_000,
    noticed=1.0,
    satisfaction=2.0,
    retention_link=0.004,
    margin=120,
    retention=0.8,
    cost=60_000,
    later_costs=(20_000, 20_000),
)


def test_a_budget_is_dealt_out_until_the_last_unit_brings_alike() -> None:
    found = allocate_budget({"lobby": 10, "app": 6, "gifts": 2}, 10, 100)
    amounts = {share.action: share.amount for share in found.shares}
    assert sum(amounts.values()) == pytest.approx(100)
    assert amounts["lobby"] > amounts["app"] > amounts["gifts"] > 0
    assert "lobby 62" in found.sentence()


@pytest.mark.parametrize(
    ("budget", "amounts", "price", "value"),
    [
        (100, (62.222222, 33.333333, 4.444444), 0.13846154, 29.30509890),
        (20, (15.0, 5.0, 0.0), 0.4, 11.59569797),
    ],
)
def test_the_allocations_of_the_reference(
    budget: float, amounts: tuple[float, ...], price: float, value: float
) -> None:
    """ten-methods.md 1, expected.json allocation_log: b (10, 6, 2), c 10 each, budgets 100 and 20."""
    found = allocate_budget([10, 6, 2], [10, 10, 10], budget)
    assert [share.amount for share in found.shares] == pytest.approx(amounts, abs=1e-6)
    assert found.marginal == pytest.approx(price)
    assert found.value == pytest.approx(value)


@pytest.mark.reference
def test_golden_allocation_log(golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["allocation_log"]
    full = expected["max sum b ln(1+x/c), sum x=100"]
    for budget, wanted in ((100, full), (20, expected["budget20"])):
        found = allocate_budget(full["b"], full["c"], budget)
        assert [share.amount for share in found.shares] == pytest.approx(wanted["x"], abs=1e-9)
        assert found.marginal == pytest.approx(wanted["lambda"], rel=1e-12)
        assert found.value == pytest.approx(wanted["value"], rel=1e-12)


positive = st.floats(0.1, 100)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=5), positive)
def test_no_other_split_brings_more(actions: list[tuple[float, float]], budget: float) -> None:
    b, c = (np.array(column) for column in zip(*actions, strict=True))
    found = allocate_budget(list(b), list(c), budget)
    x = np.array([share.amount for share in found.shares])
    assert x.sum() == pytest.approx(budget)
    peer = minimize(
        lambda y: -np.sum(b * np.log1p(y / c)) / b.sum(),
        np.full(len(b), budget / len(b)),
        bounds=[(0, budget)] * len(b),
        constraints={"type": "eq", "fun": lambda y: y.sum() / budget - 1},
        method="SLSQP",
    )
    assert found.value >= -peer.fun * b.sum() - 1e-6 * b.sum()


def test_draws_give_the_probability_of_being_funded() -> None:
    random = np.random.default_rng(1)
    draws = np.column_stack([random.normal(10, 1, 2_000), random.normal(4.2, 1, 2_000)])
    found = allocate_budget({"a": 10, "b": 4.2}, 10, 12, draws=draws)
    assert found.shares[0].chance == 1
    # b is funded where b/c exceeds the price that a alone leaves: b > 10 a/(12 + 10)
    assert found.shares[1].chance == pytest.approx(np.mean(draws[:, 1] > draws[:, 0] * 10 / 22))
    assert found.shares[1].low == 0
    assert found.shares[1].high > 0


def test_nothing_worth_anything_gets_nothing() -> None:
    found = allocate_budget([0.0, 0.0], 1.0, 5)
    assert [share.funded for share in found.shares] == [False, False]


@pytest.mark.parametrize(
    ("returns", "saturation", "budget"),
    [([], 1, 1), ([1.0], 0, 1), ([-1.0], 1, 1), ([1.0, 2.0], [1.0], 1), ([1.0], 1, 0), ({"a": 1.0}, {}, 1)],
)
def test_what_cannot_be_dealt_out_is_refused(returns: object, saturation: object, budget: float) -> None:
    with pytest.raises(BadValue):
        allocate_budget(returns, saturation, budget)  # type: ignore[arg-type]


def test_no_draws_at_all_are_refused() -> None:
    with pytest.raises(BadValue, match="draws"):
        allocate_budget([1.0, 2.0], 1, 1, draws=np.ones((0, 2)))


def candidates() -> list[leal.Action]:
    rows = zip("abcde", (20e3, 30e3, 45e3, 50e3, 65e3), (2, 3, 5, 3, 7), strict=True)
    sure = replace(LOBBY, later_costs=(), noticed=0.4)
    return [replace(sure, name=name, cost=cost, satisfaction=points) for name, cost, points in rows]


def test_whole_actions_are_chosen_so_that_none_other_set_is_worth_more() -> None:
    values = leal.action_value(candidates(), draws=200)
    for budget in (0, 25_000, 70_000, 115_000, 500_000):
        found = fund_actions(values, budget, choices=5)
        best = max(
            sum(values[name].estimate for name in chosen)
            for size in range(6)
            for chosen in itertools.combinations("abcde", size)
            if sum(values[name].cost.estimate for name in chosen) <= budget
        )
        assert found.value == pytest.approx(best)
        assert found.spent <= budget


def test_a_toss_up_shows_as_one() -> None:
    one = replace(LOBBY, name="one", later_costs=(), cost=20_000, noticed=(0.3, 0.5))
    other = replace(one, name="other")
    found = fund_actions(leal.action_value([one, other], draws=2_000), 20_000)
    chances = [share.chance or 0.0 for share in found.shares]
    assert sum(chances) == pytest.approx(1, abs=0.01)
    assert all(0.4 < chance < 0.6 for chance in chances)
    assert "20,000" in found.sentence()


def test_what_may_only_be_a_pilot_is_named() -> None:
    ready = replace(LOBBY, name="ready", cost=20_000, owner="Ann", noticing_question="Seen it?", holdout=0.1)
    found = fund_actions(leal.action_value([ready, replace(ready, name="loose", owner=None)]), 1e6, choices=5)
    assert found.funded == ("ready", "loose")
    assert [note.code for note in found.notes] == ["pilots"]
    assert "loose" in found.notes[0].text
    assert "ready" not in found.notes[0].text


def test_what_loses_money_is_not_funded_and_what_is_unknown_is_said() -> None:
    losing = replace(LOBBY, name="losing", noticed=0.01)
    found = fund_actions(leal.action_value([losing, leal.Action(name="Idea")], draws=200), 1e6)
    assert found.funded == ()
    assert found.notes[0].code == "unknown_left_out"
    assert "None" in found.sentence()
    with pytest.raises(BadValue):
        fund_actions(leal.action_value([losing], draws=200), -1)


def test_a_sensible_looking_action_that_loses_money() -> None:
    found = return_on_quality(LOBBY)
    assert found.estimate == pytest.approx(-0.625468710138)
    assert found.gain.estimate == pytest.approx(35_472.1370398)
    assert found.cost.estimate == pytest.approx(94_710.7438017)
    assert found.chance == 0
    assert "pays from 5.3 points" in found.sentence()


@pytest.mark.reference
def test_golden_roq_own(golden: Path) -> None:
    """ten-methods.md 1: 10,000 customers, margin 120, r .80, 2 points at .004, 60k + 20k + 20k, i .10."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["roq_own"]
    found = return_on_quality(LOBBY, years=3)
    assert found.estimate == pytest.approx(expected["roq"], rel=1e-12)
    assert found.gain.estimate == pytest.approx(expected["d_npv"], rel=1e-12)
    assert found.cost.estimate == pytest.approx(expected["pv_cost"], rel=1e-12)


def test_at_the_break_even_effect_the_return_is_zero() -> None:
    noticed = replace(LOBBY, noticed=0.6)
    needed = return_on_quality(noticed)
    assert return_on_quality(replace(noticed, satisfaction=needed.break_even.estimate)).estimate == (
        pytest.approx(0, abs=1e-9)
    )
    assert needed.break_even_mean.estimate == pytest.approx(0.6 * needed.break_even.estimate)


def test_the_interval_of_a_return_is_that_of_its_factors() -> None:
    found = return_on_quality(replace(LOBBY, noticed=(0.2, 1.0), satisfaction=(2.0, 8.0)))
    assert found.ci_low < found.estimate < found.ci_high
    assert 0 < (found.chance or 0) < 1
    assert found.break_even.known


def test_where_no_effect_is_enough_the_break_even_is_unknown_and_says_so() -> None:
    found = return_on_quality(replace(LOBBY, cost=1e9))
    assert found.known
    assert not found.break_even.known
    assert found.break_even.notes[0].code == "never_pays"
    assert not return_on_quality(leal.Action(name="Idea")).known


def test_the_three_thresholds_are_three_questions() -> None:
    found = thresholds(LOBBY, asked=(400, 400), spread=20)
    assert found.statistical == pytest.approx(2.8016 * 20 * np.sqrt(2 / 400), rel=1e-3)
    assert found.perceptual == 1
    assert found.economic == pytest.approx(5.29, abs=0.01)
    assert "can be judged" in found.sentence()
    assert "ask more customers" in thresholds(LOBBY, asked=(50, 50), spread=20).sentence()
    assert thresholds(leal.Action(name="Idea")).economic is None


def test_what_was_measured_returns_what_it_returned() -> None:
    measured = Estimate(estimate=12.0, ci_low=8.0, ci_high=16.0, n=900, method="welch")
    found = return_on_quality(replace(LOBBY, later_costs=(), measured=measured))
    assert found.estimate == pytest.approx(1.0)
    assert (found.ci_low, found.ci_high) == pytest.approx((1 / 3, 5 / 3), abs=0.03)
    assert not found.break_even.known
