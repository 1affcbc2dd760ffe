"""What actions would bring, from noticing to money."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leal
from leal.act import ActionValue, Uncertain, value_by_factor
from leal.errors import BadOption, BadValue
from leal.measure import margin_multiple, multiple_sensitivity
from leal.results import Money

LINK = Uncertain.lognormal(0.004, 0.4, grade="C")
LOBBY = leal.Action(
    name="New lobby",
    owner="Operations",
    customers=10_000,
    noticed=Uncertain.share(40, 100),
    satisfaction=(2.0, 4.0, 6.0),
    retention_link=LINK,
    margin=120,
    retention=0.8,
    cost=60_000,
    noticing_question="Have you noticed the new lobby?",
    holdout=0.1,
)
SURE = replace(LOBBY, noticed=0.4, satisfaction=4.0, retention_link=0.004)


def test_an_action_is_worth_what_it_gains_less_what_it_costs() -> None:
    found = leal.action_value(LOBBY)
    assert found.ci_low < found.estimate < found.ci_high
    assert found.estimate == pytest.approx(found.gain.estimate - 60_000)
    assert 0.2 < (found.chance or 0) < 0.9
    assert found.grade == "D"
    assert found.weakest == ("satisfaction",)
    assert not found.proved
    assert "not proved" in found.sentence()
    assert found.status == "approved"


@pytest.mark.reference
def test_golden_spine_equation(golden: Path) -> None:
    """ten-methods.md 6, expected.json spine_equation: linear 93,866.67 and exact 95,912.81."""
    expected = json.loads((golden / "methods" / "expected.json").read_text())["spine_equation"]
    linear = leal.action_value(SURE, form="linear")
    exact = leal.action_value(SURE, form="exact")
    assert linear.gain.estimate == pytest.approx(expected["linear_gain"], rel=1e-12)
    assert exact.gain.estimate == pytest.approx(expected["exact_gain"], rel=1e-12)
    assert exact.cost.estimate == expected["cost"]
    assert (exact.gain.ci_low, exact.gain.ci_high) == pytest.approx((expected["exact_gain"],) * 2)


def test_the_two_forms_of_the_reference() -> None:
    """The same numbers, kept here: N 10,000, noticed .4, 4 points, .004 a point, m 120, i .1, r .8."""
    assert leal.action_value(SURE, form="linear").gain.estimate == pytest.approx(93_866.6666667)
    assert leal.action_value(SURE).gain.estimate == pytest.approx(95_912.8065395)


def test_the_value_link_may_stand_for_margin_and_retention() -> None:
    link = 120 * multiple_sensitivity(0.8)
    found = leal.action_value(replace(SURE, margin=None, retention=None, value_link=link))
    assert found.form == "linear"
    assert found.gain.estimate == pytest.approx(93_866.6666667)
    assert [note.code for note in found.notes] == ["linear_link"]


def test_what_is_not_known_is_named_and_is_no_error() -> None:
    found = leal.action_value(leal.Action(name="Idea"))
    assert not found.known
    assert found.chance is None
    assert {"customers", "noticed", "satisfaction", "retention_link", "margin", "cost"} <= set(found.missing)
    assert found.sentence().startswith("Idea: unknown, needs customers")
    assert found.to_dict()["estimate"] is None


def test_without_a_cost_the_gain_is_known_and_the_value_is_not() -> None:
    found = leal.action_value(replace(SURE, cost=None))
    assert found.gain.known
    assert not found.known
    assert found.missing == ("cost",)
    assert found.status == "pilot"


def test_what_was_measured_replaces_the_forecast() -> None:
    measured = Money(estimate=14.0, ci_low=6.0, ci_high=22.0, n=4_000, method="welch", grade="A")
    found = leal.action_value(replace(LOBBY, measured=measured))
    assert found.form == "measured"
    assert found.estimate == pytest.approx(10_000 * 14 - 60_000)
    assert (found.gain.ci_low, found.gain.ci_high) == pytest.approx((60_000, 220_000), rel=0.03)
    assert found.grade == "A"
    assert found.proved
    assert found.sentence().endswith(", proved")
    wide = replace(measured, ci_low=-3.0, ci_high=31.0)
    assert not leal.action_value(replace(LOBBY, measured=wide)).proved


def test_a_link_that_actions_share_moves_them_together() -> None:
    other = replace(LOBBY, name="Faster answers", cost=20_000)
    sure = {"noticed": 0.4, "satisfaction": 4.0}
    both = leal.action_value([replace(LOBBY, **sure), replace(other, **sure)])  # type: ignore[arg-type]
    assert np.corrcoef(both.gains.T)[0, 1] == pytest.approx(1)
    apart = replace(other, **sure, retention_link=Uncertain.lognormal(0.004, 0.4, name="theirs"))  # type: ignore[arg-type]
    two = leal.action_value([replace(LOBBY, **sure), apart])  # type: ignore[arg-type]
    assert abs(np.corrcoef(two.gains.T)[0, 1]) < 0.05
    assert both.total.ci_high - both.total.ci_low > two.total.ci_high - two.total.ci_low


def test_the_order_of_actions_changes_nothing() -> None:
    actions = [replace(LOBBY, name=name) for name in ("a", "b", "c")]
    forward, backward = leal.action_value(actions), leal.action_value(actions[::-1])
    assert all(forward[name] == backward[name] for name in "abc")
    assert forward["a"] == leal.action_value(actions[0])
    assert forward.total.estimate == pytest.approx(backward.total.estimate)


def test_segments_of_one_action_are_summed() -> None:
    young = replace(SURE, segment="young", customers=4_000, cost=24_000)
    old = replace(SURE, segment="old", customers=6_000, cost=36_000)
    found = leal.action_value([young, old])
    assert len(found) == 1
    assert found["New lobby"].segments == ("young", "old")
    assert found["New lobby"].estimate == pytest.approx(leal.action_value(SURE).estimate)


def test_the_same_entry_twice_is_refused() -> None:
    with pytest.raises(BadValue, match="twice"):
        leal.action_value([LOBBY, LOBBY])


def test_other_gains_are_added_and_referrals_not_counted_twice() -> None:
    talking = replace(SURE, repeat_sales=5_000, word_of_mouth=10_000, referrals_counted=0.25)
    found = leal.action_value(talking)
    assert found.parts["repeat_sales"].estimate == 5_000
    assert found.parts["word_of_mouth"].estimate == 7_500
    assert found.estimate == pytest.approx(leal.action_value(SURE).estimate + 12_500)
    assert "referrals_counted" in [note.code for note in found.notes]
    whole = leal.action_value(replace(talking, referrals_counted=1.0))
    assert whole.parts["word_of_mouth"].estimate == 0


def test_all_actions_together_win_no_more_than_there_is_to_win() -> None:
    actions = [replace(SURE, name=name, word_of_mouth=won) for name, won in (("a", 30_000), ("b", 10_000))]
    found = leal.action_value(actions, referral_limit=20_000)
    assert [found[name].parts["word_of_mouth"].estimate for name in "ab"] == pytest.approx([15_000, 5_000])
    assert "referrals_capped" in [note.code for note in found["a"].notes]
    free = leal.action_value(actions, referral_limit=90_000)
    assert [free[name].parts["word_of_mouth"].estimate for name in "ab"] == pytest.approx([30_000, 10_000])


def test_an_action_that_works_by_repeat_sales_alone_needs_no_links() -> None:
    found = leal.action_value(leal.Action(name="Tips", repeat_sales=(8_000, 12_000), cost=5_000))
    assert found.form == "other"
    assert found.estimate == pytest.approx(5_000)
    assert found.chance == 1


def test_retention_never_passes_all_customers() -> None:
    found = leal.action_value(replace(SURE, retention=0.99, satisfaction=10.0, retention_link=0.05))
    most = 10_000 * 120 * (margin_multiple(1.0) - margin_multiple(0.99))
    assert found.gain.estimate == pytest.approx(most)
    assert "retention_capped" in [note.code for note in found.notes]


def test_later_costs_are_discounted() -> None:
    found = leal.action_value(replace(SURE, later_costs=(20_000, 20_000)))
    assert found.cost.estimate == pytest.approx(60_000 + 20_000 / 1.1 + 20_000 / 1.21)


def test_unknown_actions_are_not_in_the_total_and_that_is_said() -> None:
    found = leal.action_value([SURE, leal.Action(name="Idea")])
    assert found.total.estimate == pytest.approx(found["New lobby"].estimate)
    assert found.total.notes[0].code == "unknown_left_out"
    assert found.to_frame()["missing"].to_list()[1].startswith("customers")
    nothing = leal.action_value([leal.Action(name="Idea")])
    assert not nothing.total.known


def test_results_are_plain_json_and_speak_russian() -> None:
    found = leal.action_value([LOBBY, leal.Action(name="Idea")])
    json.dumps(found.to_dict(), allow_nan=False)
    json.dumps(LOBBY.to_dict(), allow_nan=False)
    assert "не доказано" in found["New lobby"].sentence().into("ru")


def test_each_factor_alone_shows_what_to_measure_first() -> None:
    found = value_by_factor(LOBBY)
    assert set(found["factor"]) == {"noticed", "satisfaction", "retention_link"}
    widths = (found["at_high"] - found["at_low"]).abs()
    assert widths.is_sorted(descending=True)
    middle = leal.action_value(LOBBY).estimate
    assert found["middle"].to_list() == pytest.approx([middle] * 3)
    row = found.filter(factor="satisfaction").row(0, named=True)
    at_low = leal.action_value(replace(LOBBY, satisfaction=row["low"])).estimate
    assert row["at_low"] == pytest.approx(at_low)
    assert value_by_factor(leal.Action(name="Idea")).is_empty()


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(BadOption):
        leal.action_value(LOBBY, form="cubic")  # type: ignore[call-overload]
    with pytest.raises(BadValue, match="no action"):
        leal.action_value([])


effects = st.floats(-5, 5)
shares = st.floats(0, 1)


@settings(max_examples=40, deadline=None)
@given(effects, effects, shares)
def test_more_satisfaction_is_never_worth_less(one: float, other: float, noticed: float) -> None:
    def gain(points: float) -> float:
        found: ActionValue = leal.action_value(replace(SURE, satisfaction=points, noticed=noticed), draws=100)
        return found.gain.estimate

    low, high = sorted((one, other))
    assert gain(low) <= gain(high) + 1e-6


@settings(max_examples=40, deadline=None)
@given(effects, st.floats(1, 1e4))
def test_twice_the_customers_bring_twice_the_gain(points: float, customers: float) -> None:
    once, twice = (
        leal.action_value(replace(LOBBY, satisfaction=points, customers=count), draws=500)
        for count in (customers, 2 * customers)
    )
    assert twice.gain.estimate == pytest.approx(2 * once.gain.estimate)
    assert twice.gain.ci_high == pytest.approx(2 * once.gain.ci_high)
