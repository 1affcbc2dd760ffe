"""Arms compared: money, shares, scores, the sample ratio."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.checks.companies import answers, day, purchases

from leal.engine import collect
from leal.measure import daily_money, programme_effects, scored_answers
from leal.prove import experiment

UNTIL = 19723 + 500


def trial(
    effect: float,
    *,
    treated: int = 200,
    control: int = 200,
    seed: int = 1,
    cost: float = 0.0,
    shift: float = 0.0,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One action from day 300: everyone pays about 100 in its time, the treated `effect` more."""
    random = np.random.default_rng(seed)
    assigned, bought = [], []
    for arm, size in (("treated", treated), ("control", control)):
        for place in range(size):
            who = f"{arm}{place}"
            assigned.append(("offer", who, arm, cost if arm == "treated" else 0.0, day(300)))
            before = 100 + 20 * random.standard_normal() + (shift if arm == "treated" else 0.0)
            after = 100 + 20 * random.standard_normal() + (effect if arm == "treated" else 0.0)
            bought += [(who, 200, before), (who, 450, after)]
    columns = ["action", "customer", "arm", "cost", "started_at"]
    return pl.DataFrame(assigned, schema=columns, orient="row"), purchases(bought)


def effects(actions: pl.DataFrame, bought: pl.DataFrame, **options: Any) -> Any:
    return programme_effects(actions, collect(daily_money(bought)), UNTIL, **options)


@pytest.mark.parametrize(
    ("effect", "cost", "verdict"),
    [
        (15.0, 3.0, "works"),
        (15.0, 40.0, "does_not"),
        (-15.0, 0.0, "harms"),
        (0.0, 1.0, "not_proved"),
        (15.0, 14.0, "not_proved"),
    ],
)
def test_an_action_is_judged_by_what_it_earns_beyond_its_cost(
    effect: float, cost: float, verdict: str
) -> None:
    found = effects(*trial(effect, cost=cost))[0]
    assert found.effect == verdict
    assert (found.treated, found.held_out, found.days) == (200, 200, 201)
    assert found.cost == pytest.approx(200 * cost)


def test_the_money_is_the_welch_difference_since_the_start() -> None:
    actions, bought = trial(15.0)
    after = bought.filter(pl.col("bought_at") == day(450)).with_columns(arm=pl.col("customer").str.head(7))
    means = dict(after.group_by("arm").agg(pl.col("amount").mean()).rows())
    found = effects(actions, bought)[0]
    assert found.money.estimate == pytest.approx(means["treated"] - means["control"])
    assert found.money.ci_low < 15 < found.money.ci_high
    assert found.p_adjusted == pytest.approx(found.money.p_value)


def test_arms_are_judged_by_the_shares_that_were_planned() -> None:
    actions, bought = trial(15.0, treated=2_328, control=72)  # 3 % of 2,400
    usual = effects(actions, bought)[0]
    assert (usual.sound, usual.split_planned) == (False, False)

    def planned(held_out: float) -> Any:
        share = pl.when(pl.col("arm") == "control").then(held_out).otherwise(1 - held_out)
        return effects(actions.with_columns(planned_share=share), bought)[0]

    assert (planned(0.03).sound, planned(0.03).split_planned) == (True, True)
    assert planned(0.03).split_p == pytest.approx(1.0)
    assert not planned(0.06).sound
    assert not planned(0.0).split_planned  # nobody was to be held out: no plan that could be tested
    two = actions.with_columns(planned_share=pl.col("customer").str.len_chars() / 10)
    assert not effects(two, bought)[0].split_planned  # several shares in one arm


def test_a_share_of_three_arms_is_that_of_both_compared() -> None:
    actions, bought = trial(15.0, treated=450, control=100)
    shares = {"treated": 0.45, "control": 0.1}
    planned = actions.with_columns(planned_share=pl.col("arm").replace_strict(shares))
    assert effects(planned, bought)[0].split_p == pytest.approx(1.0)


def test_a_start_that_is_not_told_is_known_to_be_missing() -> None:
    actions, bought = trial(15.0)
    assert effects(actions, bought)[0].started
    assert not effects(actions.drop("started_at"), bought)[0].started


def test_hillstrom_visits_and_spend(golden: Any) -> None:
    """Source: ten-methods.md 3, key hillstrom: spend +.770 (SE .145) and +.424 (SE .130)."""
    import json

    from leal.statistics import sample_ratio_test, welch

    arms = json.loads((golden / "methods" / "expected.json").read_text())["hillstrom"]
    none = arms["No E-Mail"]["spend"]
    for name, spend, error in (("Mens E-Mail", 0.770, 0.145), ("Womens E-Mail", 0.424, 0.130)):
        one = arms[name]["spend"]
        found = welch(one["mean"], one["sd"], one["n"], none["mean"], none["sd"], none["n"])
        assert (round(found.estimate, 3), round(found.standard_error, 3)) == (spend, error)
    sizes = [arms[name]["spend"]["n"] for name in ("Mens E-Mail", "Womens E-Mail", "No E-Mail")]
    assert sample_ratio_test(sizes, [1 / 3] * 3).p_value == pytest.approx(0.904, abs=5e-4)


def test_arms_that_no_lot_would_draw_are_not_sound() -> None:
    assert effects(*trial(5.0))[0].sound
    assert effects(*trial(5.0, treated=400, control=100))[0].sound
    assert not effects(*trial(5.0, shift=30.0))[0].sound
    assert not effects(*trial(5.0, treated=1110, control=890))[0].sound


def test_an_action_without_a_holdout_says_so() -> None:
    actions, bought = trial(5.0, cost=2.0)
    alone = actions.filter(pl.col("arm") == "treated")
    assert [one.effect for one in effects(alone, bought)] == ["no_holdout"]
    poster = pl.DataFrame(
        {"action": ["poster"], "customer": [None], "arm": [None], "cost": [500.0], "started_at": [day(300)]}
    )
    both = effects(pl.concat([actions, poster.cast(actions.schema)]), bought)  # type: ignore[arg-type]
    assert [(one.action, one.effect, one.cost) for one in both][1] == ("poster", "no_holdout", 500.0)


def test_the_held_out_are_one_arm_however_they_are_called() -> None:
    actions, bought = trial(15.0)
    mixed = actions.with_columns(
        arm=pl.when(pl.col("arm") == "treated")
        .then("arm")
        .otherwise(
            pl.when(pl.col("customer").str.ends_with("1"))
            .then(pl.lit("Holdout "))
            .otherwise(pl.lit("контроль"))
        )
    )
    found = effects(mixed, bought)
    assert [(one.arm, one.held_out) for one in found] == [("treated", 200)]


def test_who_is_in_both_arms_is_left_out() -> None:
    actions, bought = trial(15.0)
    twice = pl.concat([actions, actions.head(1).with_columns(arm=pl.lit("control"))])
    assert effects(twice, bought)[0].treated == 199


def test_many_actions_without_effect_do_not_make_one_that_works() -> None:
    parts = [trial(0.0, seed=seed) for seed in range(20)]
    actions = pl.concat(
        [actions.with_columns(action=pl.lit(f"a{i:02}")) for i, (actions, _) in enumerate(parts)]
    )
    renamed = [
        (a.with_columns(customer=pl.lit(f"{i}-") + pl.col("customer"), action=pl.lit(f"a{i:02}")),
         b.with_columns(customer=pl.lit(f"{i}-") + pl.col("customer")))
        for i, (a, b) in enumerate(parts)
    ]  # fmt: skip
    assert actions.height == 20 * 400
    found = effects(pl.concat([a for a, _ in renamed]), pl.concat([b for _, b in renamed]))
    assert {one.effect for one in found} <= {"not_proved"}
    assert all(one.p_adjusted >= one.money.p_value for one in found)


def test_scores_after_the_start_are_compared_too() -> None:
    actions, bought = trial(0.0)
    rows = [(who, 400, 10 if who.startswith("treated") else 3) for who in actions["customer"]]
    found = effects(actions, bought, scored=scored_answers(answers(rows)))[0]
    assert found.score.estimate == 2.0
    early = [(who, 100, score) for who, _, score in rows]
    assert effects(actions, bought, scored=scored_answers(answers(early)))[0].score is None


def test_the_order_of_rows_does_not_matter() -> None:
    actions, bought = trial(15.0)
    one, other = effects(actions, bought)[0], effects(actions.reverse(), bought.reverse())[0]
    assert one.money.estimate == pytest.approx(other.money.estimate)
    assert one.effect == other.effect


def test_a_small_holdout_of_uneven_money_leans_as_in_an_experiment() -> None:
    """The sums of the arms hold what the amounts say: `leal.experiment` of the same customers agrees."""
    random = np.random.default_rng(5)
    assigned, bought, rows = [], [], []
    for place in range(600):
        arm, who = ("control" if place < 50 else "treated"), f"c{place}"
        before, after = random.lognormal(3, 1), random.lognormal(3, 1)
        assigned.append(("offer", who, arm, 0.0, day(300)))
        bought += [(who, 200, before), (who, 450, after + before / 2)]
        rows.append((arm, before, after + before / 2))
    columns = ["action", "customer", "arm", "cost", "started_at"]
    found = effects(pl.DataFrame(assigned, schema=columns, orient="row"), purchases(bought))[0]
    table = pl.DataFrame(rows, schema=["arm", "past", "money"], orient="row")
    asked = experiment(table, arm="arm", outcome="money", before="past").only
    assert found.money is not None
    assert found.money.method == "welch_hall"
    for ours, theirs in ((found.money, asked.difference), (found.cuped, asked.cuped)):
        limits = (theirs.ci_low, theirs.ci_high, theirs.p_value)
        assert (ours.ci_low, ours.ci_high, ours.p_value) == pytest.approx(limits, rel=1e-6)


def test_customers_whom_no_purchase_names_are_not_told_to_have_brought_nothing() -> None:
    actions, bought = trial(15.0, cost=3.0)
    strangers = actions.with_columns(customer=pl.lit("crm-") + pl.col("customer"))
    found = effects(strangers, bought)[0]
    assert found.money is None
    assert found.effect == "not_proved"
    assert effects(actions, bought)[0].effect == "works"
