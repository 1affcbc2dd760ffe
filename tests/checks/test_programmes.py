"""Check 3: programmes against their holdout."""

from __future__ import annotations

import polars as pl
import pytest
from tests.checks.companies import audit, day, purchases
from tests.measure.test_programme_effects import trial

from leal.charts import Style, to_svg


def test_a_programme_that_surely_earns_more_than_it_cost_guards() -> None:
    actions, bought = trial(15.0, cost=3.0)
    check = audit(actions=actions, purchases=bought)[3]
    assert (check.verdict, check.grade, check.money) == ("guarded", "A", None)
    assert check.finding == "1 programme has a holdout, and surely earned more than it cost."


def test_what_was_spent_without_proof_is_at_stake() -> None:
    actions, bought = trial(0.0, cost=5.0)
    check = audit(actions=actions, purchases=bought)[3]
    assert check.verdict == "exposed"
    assert check.money is not None
    assert check.money.estimate == pytest.approx(1000.0)
    assert 0 <= check.money.ci_low < 1000.0 < check.money.ci_high
    assert "offer (not proved)" in check.finding or "offer (does not earn its cost)" in check.finding


def test_harm_is_added_to_what_it_cost_and_the_first_step_is_to_stop() -> None:
    actions, bought = trial(-20.0, cost=5.0)
    check = audit(actions=actions, purchases=bought)[3]
    assert check.money is not None
    assert check.money.estimate == pytest.approx(1000 + 200 * 20, rel=0.2)
    assert check.next_step.startswith("Stop “offer”")
    note = next(
        note
        for note in audit(actions=actions, purchases=bought)[3].notes
        if note.code == "revenue_against_cost"
    )
    assert "margin" in note.text


def test_a_programme_without_a_holdout_leaves_the_check_unknown() -> None:
    actions, bought = trial(5.0)
    check = audit(actions=actions.filter(pl.col("arm") == "treated"), purchases=bought)[3]
    assert check.verdict == "unknown"
    assert "none found for offer" in check.missing[0]


def test_identifiers_that_do_not_match_stop_no_programme() -> None:
    actions, bought = trial(15.0, cost=3.0)
    strangers = actions.with_columns(customer=pl.lit("crm-") + pl.col("customer"))
    check = audit(actions=strangers, purchases=bought)[3]
    assert check.verdict == "unknown"
    assert "none of them is found" in check.finding
    assert "identifier" in check.next_step


def test_the_missing_columns_are_named() -> None:
    actions = pl.DataFrame({"action": ["offer"], "cost": [5.0]})
    check = audit(actions=actions, purchases=purchases([("a", 1, 1.0)]))[3]
    assert list(check.missing) == ["actions: customer, arm"]


def test_arms_not_drawn_by_lot_lower_the_grade() -> None:
    actions, bought = trial(15.0, cost=3.0, shift=30.0)
    check = audit(actions=actions, purchases=bought)[3]
    assert check.grade == "C"
    assert "not_randomised" in {note.code for note in check.notes}


def test_the_picture_and_the_table_tell_the_same() -> None:
    actions, bought = trial(15.0, cost=3.0)
    check = audit(actions=actions, purchases=bought)[3]
    assert check.exhibits[0].frame["effect"].to_list() == ["works"]
    assert "offer" in to_svg(check.pictures[0].draw(Style(language="ru")))


@pytest.mark.parametrize("start", [430, 451, 900])
def test_a_programme_that_has_not_run_for_four_weeks_is_not_judged(start: int) -> None:
    actions, bought = trial(15.0, cost=9.0)
    late = actions.with_columns(started_at=pl.lit(day(start)))
    check = audit(actions=late, purchases=bought)[3]
    assert (check.verdict, check.money) == ("unknown", None)
    assert list(check.missing) == ["purchases: 28 days since the start of offer"]
    assert "Stop" not in check.next_step
    assert "NaN" not in str(check.to_dict())


def test_a_programme_that_is_only_drawn_costs_nothing_yet_beside_one_that_is_judged() -> None:
    actions, bought = trial(15.0, cost=3.0)
    drawn = actions.with_columns(action=pl.lit("next"), started_at=pl.lit(day(451)), cost=pl.lit(9.0))
    people = actions.select(
        "customer",
        segment=pl.when(pl.col("customer").hash(seed=1) % 2 == 0).then(pl.lit("A")).otherwise(pl.lit("B")),
    )
    found = audit(actions=pl.concat([actions, drawn]), purchases=bought, customers=people.unique("customer"))
    check = found[3]
    assert check.verdict == "guarded"
    assert check.money is None
    assert check.finding.endswith("Too early to tell: next.")
    assert check.next_step.startswith("Leave the customers held out of “next” alone")
    assert "too early to tell" in check.exhibits[0].frame["effect"].to_list()


def test_promises_make_a_ledger_with_its_waterfall() -> None:
    actions, bought = trial(15.0, cost=3.0)
    check = audit(actions=actions.with_columns(promised=pl.lit(9_000.0)), purchases=bought)[3]
    named = {one.name: one.value for one in check.estimates}
    assert named["Promised in all"].estimate == 9_000
    assert named["Proved in all, before cost"].estimate == pytest.approx(200 * 15, rel=0.3)
    table = next(one for one in check.exhibits if one.title == "The ledger: promised, noticed, proved")
    assert table.frame["proved"].to_list() == ["proved"]
    assert "Proved is what surely brought more than it cost." in str(table.remark)
    pictures = [to_svg(one.draw(Style())) for one in check.pictures]
    assert any("Promised" in one for one in pictures)
    assert "wrong_about" in {note.code for note in check.notes}


def test_actions_with_a_way_to_loyalty_show_how_long_effects_last() -> None:
    actions, bought = trial(15.0, cost=3.0)
    check = audit(actions=actions.with_columns(path=pl.lit("emotional")), purchases=bought)[3]
    table = next(one for one in check.exhibits if one.title.startswith("How long the effect"))
    assert table.frame["actions"].to_list() == ["offer"]
    assert "looked_at_again" in {note.code for note in check.notes}


def test_past_spend_that_helps_narrows_the_interval() -> None:
    actions, bought = trial(15.0, cost=3.0)
    own = pl.col("customer").hash(seed=1) % 100
    alike = bought.with_columns(amount=pl.col("amount") + 3.0 * own)
    check = audit(actions=actions, purchases=alike)[3]
    effect = next(one.value for one in check.estimates if one.name.startswith("offer"))
    assert effect.method == "cuped"
    assert effect.ci_low < 15 < effect.ci_high
    assert effect.ci_high - effect.ci_low < 15
    assert "variance_explained" in {note.code for note in check.notes}
