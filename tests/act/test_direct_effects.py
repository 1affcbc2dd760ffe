"""What an action does past satisfaction: given, supposed, or read from an outcome; and horizons."""

from __future__ import annotations

import doctest
import importlib
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leal
from leal.act import Action, Uncertain, effect_past_satisfaction, return_on_quality, value_by_factor
from leal.errors import BadValue
from leal.measure import margin_multiple
from leal.results import Money

CALLS = Action(
    name="Calls",
    customers=10_000,
    noticed=0.4,
    satisfaction=4.0,
    retention_link=0.004,
    margin=120.0,
    retention=0.8,
    cost=60_000,
)
THROUGH = 95_912.8065395
"""Gain through satisfaction over lives: ten-methods.md 6, expected.json spine_equation."""


def money(estimate: float, reach: float) -> Money:
    return Money(
        estimate=estimate,
        ci_low=estimate - reach,
        ci_high=estimate + reach,
        n=4_000,
        method="welch",
        grade="A",
    )


def test_spend_past_satisfaction_is_a_part_of_its_own() -> None:
    """By hand: after satisfaction 10,000 x 120 x V(.8064) a year's worth is there; 5 % more of it."""
    found = leal.action_value(replace(CALLS, direct_spend=0.05))
    assert found.parts["retention"].estimate == pytest.approx(THROUGH)
    assert found.parts["direct"].estimate == pytest.approx(0.05 * 1_200_000 * margin_multiple(0.8064))
    assert found.gain.estimate == pytest.approx(sum(part.estimate for part in found.parts.values()))
    assert found.grades["direct_spend"] == "D"


def test_staying_past_satisfaction_adds_to_what_satisfaction_does() -> None:
    found = leal.action_value(replace(CALLS, direct_retention=0.01))
    both = 1_200_000 * (margin_multiple(0.8164) - margin_multiple(0.8))
    assert found.gain.estimate == pytest.approx(both)


def test_an_action_may_act_past_satisfaction_only() -> None:
    calls = Action(
        name="Price cut", customers=1_000, margin=100, retention=0.8, direct_spend=0.02, cost=1_000
    )
    found = leal.action_value(calls)
    assert found.known
    assert found.form == "other"
    assert set(found.parts) == {"direct"}
    assert found.estimate == pytest.approx(0.02 * 100_000 * margin_multiple(0.8) - 1_000)


def test_without_margin_and_retention_what_is_direct_is_unknown() -> None:
    linked = replace(CALLS, margin=None, retention=None, value_link=1_466.7, direct_spend=0.05)
    found = leal.action_value(linked)
    assert not found.known
    assert found.missing == ("margin", "retention")


def test_known_to_act_otherwise_and_not_measured_widens_and_says_so() -> None:
    plain, told = leal.action_value(CALLS), leal.action_value(replace(CALLS, other_ways=True))
    assert told.ci_low < plain.ci_low
    assert told.ci_high > plain.ci_high
    assert told.gain.estimate == pytest.approx(plain.gain.estimate)
    assert [note.code for note in told.notes] == ["other_ways_supposed"]
    assert told.grade == "D"
    assert {"supposed_spend", "supposed_leaving"} <= set(told.weakest)
    # who does not notice is not moved: a twentieth as many are moved a twentieth as far
    few = leal.action_value(replace(CALLS, noticed=0.02, other_ways=True)).gain
    assert few.ci_high - few.ci_low < 0.1 * (told.gain.ci_high - told.gain.ci_low)


def test_a_measured_direct_effect_takes_the_place_of_what_is_supposed() -> None:
    known = leal.action_value(replace(CALLS, other_ways=True, direct_spend=money(0.05, 0.02)))
    assert not known.notes
    assert "supposed_spend" not in known.grades


def test_what_is_supposed_moves_the_value_most_and_is_to_be_measured_first() -> None:
    rows = value_by_factor(replace(CALLS, other_ways=True, satisfaction=(3, 4, 5)))
    assert rows["factor"].to_list()[0] in ("supposed_spend", "supposed_leaving")
    assert {"supposed_spend", "supposed_leaving", "satisfaction"} == set(rows["factor"])


def test_within_a_horizon_money_comes_steadily() -> None:
    """By numbers: the integral of q^t over half a year, at the new retention less at the old one."""
    steps = (np.arange(200_000) + 0.5) / 400_000
    worth = {r: float(np.mean((r / 1.1) ** steps)) / 2 for r in (0.8, 0.8064)}
    found = leal.action_value(replace(CALLS, discount=0.1), years=0.5)
    assert found.gain.estimate == pytest.approx(1_200_000 * (worth[0.8064] - worth[0.8]), rel=1e-4)
    assert found.years == 0.5
    assert found.sentence().endswith("; within 6 months")


@pytest.mark.parametrize("years", [0.25, 1.0, 3.0])
def test_along_the_tangent_a_small_gain_is_the_same(years: float) -> None:
    small = replace(CALLS, satisfaction=0.01)
    exact, linear = (leal.action_value(small, form=form, years=years).gain.estimate for form in FORMS)
    assert linear == pytest.approx(exact, rel=1e-3)


FORMS = ("exact", "linear")


@settings(deadline=None, max_examples=40)
@given(st.floats(0.05, 20), st.floats(0.1, 0.95), st.sampled_from([-0.5, -0.01, 0.0, 0.02, 1.0]))
def test_the_longer_the_horizon_the_more_comes(years: float, retention: float, spend: float) -> None:
    action = replace(CALLS, satisfaction=0.0, retention=retention, direct_spend=spend, cost=0)
    short, long = (
        leal.action_value(action, years=span, draws=100).gain.estimate for span in (years, years + 1)
    )
    assert abs(long) >= abs(short)
    assert np.sign(long) == np.sign(spend)


def test_a_horizon_of_nothing_is_refused() -> None:
    with pytest.raises(BadValue, match="years"):
        leal.action_value(CALLS, years=0)


@pytest.mark.parametrize(("factor", "value"), [("direct_retention", 1.5), ("direct_spend", -2.0)])
def test_impossible_direct_effects_are_refused(factor: str, value: float) -> None:
    with pytest.raises(BadValue):
        replace(CALLS, **{factor: value})  # type: ignore[arg-type]


def test_return_on_quality_counts_what_is_direct() -> None:
    """By hand: 10 % more spend, nothing by satisfaction: .1 x N m sum of (.8/1.1)^t over three years."""
    action = replace(CALLS, satisfaction=0.0, direct_spend=0.1, discount=0.1)
    gain = 0.1 * 1_200_000 * sum((0.8 / 1.1) ** t for t in (1, 2, 3))
    assert return_on_quality(action).gain.estimate == pytest.approx(gain)


def test_over_its_own_span_the_forecast_is_the_outcome() -> None:
    pilot = money(3.0, 1.0)
    learnt = effect_past_satisfaction(CALLS, pilot, years=0.25)
    again = leal.action_value(learnt.on(CALLS), years=0.25).gain
    assert again.estimate == pytest.approx(30_000, rel=0.03)
    assert (again.ci_low, again.ci_high) == pytest.approx((20_000, 40_000), rel=0.06)
    assert learnt.grade == "A"


def test_the_further_ahead_the_wider() -> None:
    learnt = effect_past_satisfaction(CALLS, money(3.0, 0.5), years=0.25).on(CALLS)
    gains = [leal.action_value(learnt, years=years).gain for years in (0.25, 1.0, 3.0)]
    relative = [(one.ci_high - one.ci_low) / one.estimate for one in gains]
    assert relative[0] < relative[1] < relative[2]


@settings(deadline=None, max_examples=30)
@given(st.floats(-25.0, 60.0), st.floats(0.1, 2.0), st.floats(0.3, 0.95))
def test_spend_and_staying_together_are_the_outcome(head: float, years: float, retention: float) -> None:
    action = replace(CALLS, retention=retention)
    learnt = effect_past_satisfaction(action, money(head, 1e-6), years=years)
    again = leal.action_value(learnt.on(action), years=years, draws=500).gain
    # nobody can bring less than nothing
    least = -leal.action_value(
        replace(action, satisfaction=0, direct_spend=-1.0), years=years, draws=100
    ).gain.estimate
    assert again.ci_low == pytest.approx(max(10_000 * head, -least), rel=0.01, abs=50)
    assert again.ci_high == pytest.approx(max(10_000 * head, -least), rel=0.01, abs=50)


def test_what_is_not_known_is_asked_for() -> None:
    with pytest.raises(BadValue, match="margin and retention"):
        effect_past_satisfaction(replace(CALLS, margin=None), money(3.0, 1.0), years=0.25)
    with pytest.raises(BadValue, match="nothing came"):
        effect_past_satisfaction(CALLS, money(3.0, 1.0), years=0.25, without=0.0)


def test_a_draw_of_spend_goes_with_its_draw_of_staying() -> None:
    learnt = effect_past_satisfaction(CALLS, money(3.0, 1.0), years=0.25)
    assert isinstance(learnt.spend, Uncertain)
    assert learnt.spend.together == learnt.retention.together


def test_the_register_is_read_with_its_other_ways() -> None:
    rows = pl.DataFrame(
        {
            "name": ["Manager", "Package", "Calls"],
            "other_ways": ["yes", None, "нет"],
            "direct_spend": [None, None, 0.1],
            "direct_spend_low": [None, None, 0.05],
            "direct_spend_high": [None, None, 0.15],
        }
    )
    manager, package, calls = leal.read_actions(rows)
    assert (manager.other_ways, package.other_ways, calls.other_ways) == (True, False, False)
    spend = calls.factor("direct_spend")
    assert spend is not None
    assert spend.limits() == pytest.approx((0.05, 0.15))
    with pytest.raises(BadValue, match="neither yes nor no"):
        leal.read_actions(pl.DataFrame({"name": ["Manager"], "other_ways": ["perhaps"]}))


def test_examples_run() -> None:
    for name in ("leal.act.direct_effects", "leal.act.horizons", "leal.act.spine"):
        assert doctest.testmod(importlib.import_module(name)).failed == 0
