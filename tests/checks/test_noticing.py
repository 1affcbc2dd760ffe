"""Check 1: which spending was noticed."""

from __future__ import annotations

import polars as pl
import pytest
from scipy.stats import binom
from tests.checks.companies import audit, day, purchases
from tests.measure.test_programme_effects import trial

import leal
from leal.checks import Check
from leal.checks.book import Book
from leal.checks.noticing import check_noticing
from leal.measure.programmes.noticed import Side, extra_noticed
from leal.simulate import Company, Truth


def check(**tables: pl.DataFrame) -> Check:
    return check_noticing(Book(evidence=leal.Evidence(**tables)))


def actions(
    exposed_noticed: int, unexposed_noticed: int | None, *, cost: float | None = 10.0
) -> pl.DataFrame:
    """100 exposed customers, and 100 unexposed where they were asked."""
    sides = [(True, exposed_noticed)] + ([] if unexposed_noticed is None else [(False, unexposed_noticed)])
    rows = [
        {
            "action": "lobby",
            "customer": f"{exposed}{place}",
            "exposed": exposed,
            "noticed": place < noticed,
            "cost": cost if exposed else 0.0,
        }
        for exposed, noticed in sides
        for place in range(100)
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def test_spending_that_nobody_noticed_is_exposed() -> None:
    found = check(actions=actions(20, 10))
    assert found.verdict == "exposed"
    assert found.money is not None
    assert found.money.estimate == pytest.approx(1_000 * 0.9)
    assert found.money.ci_low < 900 < found.money.ci_high
    assert found.money.basis == "margin"
    assert "lobby" in found.finding
    assert "lobby" in found.next_step
    assert found.grade == "C"
    assert found.exhibits[0].frame["extra"].to_list() == pytest.approx([0.1])


def test_an_action_that_has_just_begun_is_not_stopped_for_what_it_has_not_brought_yet() -> None:
    bought = purchases([(f"{side}{place}", 20, 50.0) for side in (True, False) for place in range(100)])
    arm = pl.when("exposed").then(pl.lit("treated")).otherwise(pl.lit("control"))
    begun = actions(80, 10).with_columns(started_at=pl.lit(day(10)), arm=arm)
    decided = {
        start: check(actions=begun.with_columns(started_at=pl.lit(day(start))), purchases=bought).next_step
        for start in (-60, 10, 40)
    }
    assert "Stop" in decided[-60]
    assert "Stop" not in decided[10] + decided[40]


def test_an_arm_without_customers_held_out_is_no_experiment() -> None:
    both = actions(20, 10).with_columns(
        arm=pl.when("exposed").then(pl.lit("treated")).otherwise(pl.lit("control"))
    )
    everyone = both.filter("exposed")
    asked = pl.DataFrame(
        {
            "customer": [f"False{place}" for place in range(100)],
            "noticed": [place < 10 for place in range(100)],
        }
    ).with_columns(action=pl.lit("lobby"), answer=pl.col("customer"))
    assert check(actions=both.drop("exposed")).grade == "A"
    found = check(actions=everyone.drop("exposed"), answers=asked)
    assert found.exhibits[0].frame["extra"].to_list() == pytest.approx([0.1])
    assert found.grade == "C"


def test_what_those_spend_who_answer_is_no_measure_of_what_an_action_earned() -> None:
    everyone = actions(80, None).with_columns(started_at=pl.lit(day(0)))
    asked = pl.DataFrame({"customer": [f"other{place}" for place in range(100)], "noticed": [False] * 100})
    keen = [(f"other{place}", 60, 500.0) for place in range(100)]  # they answer, and buy much
    bought = purchases([*keen, *((f"True{place}", 60, 50.0) for place in range(100))])
    found = check(
        actions=everyone,
        purchases=bought,
        answers=asked.with_columns(action=pl.lit("lobby"), answer=pl.col("customer")),
    )
    assert found.exhibits[0].frame["earned"].to_list() == [None]
    assert "Stop" not in found.next_step


def test_what_an_action_earned_is_what_the_check_of_programmes_measured() -> None:
    table, bought = trial(15.0, cost=3.0)
    alike = bought.with_columns(amount=pl.col("amount") + 3.0 * (pl.col("customer").hash(seed=1) % 100))
    found = audit(actions=table.with_columns(noticed=pl.col("arm") == "treated"), purchases=alike)
    measured = next(one.value for one in found[3].estimates if one.name.startswith("offer"))
    earned = next(one.value for one in found[1].estimates if one.name.startswith("Money since the start"))
    assert measured.method == "cuped"
    assert earned.estimate == pytest.approx(200 * measured.estimate)
    assert earned.ci_low == pytest.approx(200 * measured.ci_low)


def test_spending_that_was_noticed_is_guarded() -> None:
    found = check(actions=actions(80, 10))
    assert found.verdict == "guarded"
    assert found.money is not None
    assert found.money.estimate == pytest.approx(300)


def test_without_an_unexposed_group_the_grade_is_opinion() -> None:
    found = check(actions=actions(30, None))
    assert found.grade == "D"
    assert found.verdict == "exposed"
    assert [note.code for note in found.notes] == ["no_unexposed"]
    assert "actions: noticed, from customers who were not exposed" in found.missing


def test_without_costs_it_says_so() -> None:
    found = check(actions=actions(20, 10).drop("cost"))
    assert found.verdict == "exposed"
    assert found.money is None
    assert "actions: cost" in found.missing
    assert "not known" in found.finding


def test_actions_of_two_years_are_brought_to_one() -> None:
    two = pl.concat(
        [
            actions(20, 10).with_columns(started_at=pl.lit("2024-01-01")),
            actions(20, 10).with_columns(action=pl.lit("app"), started_at=pl.lit("2025-12-30")),
        ]
    )
    found = check(actions=two)
    assert found.money is not None
    assert found.money.estimate == pytest.approx(1_800 * 365 / 729, rel=0.01)


@pytest.mark.parametrize(
    "tables",
    [
        {"answers": pl.DataFrame({"answer": ["a"], "recommend": [9]})},
        {"actions": pl.DataFrame({"action": ["lobby"], "cost": [10.0]})},
        {"actions": actions(20, 10).head(10)},
        {"actions": actions(20, 10).with_columns(noticed=pl.lit(None, dtype=pl.Boolean))},
        {"actions": actions(20, 10).clear()},
    ],
)
def test_too_little_is_unknown_and_names_what_is_missing(tables: dict[str, pl.DataFrame]) -> None:
    found = check(**tables)
    assert found.verdict == "unknown"
    assert found.missing
    assert found.money is None


def test_planted_noticing_is_found(simulated: Company, truth: Truth) -> None:
    found = check(**simulated.tables)
    assert found.verdict == "exposed"
    for row in found.exhibits[0].frame.iter_rows(named=True):
        planted = truth.actions[row["action"]]
        assert row["extra_low"] - 0.06 < planted.noticed_above_unexposed < row["extra_high"] + 0.06
    least = min(truth.actions, key=lambda name: truth.actions[name].noticed)
    assert least in found.finding
    assert found.grade == "A"


def test_what_surely_loses_is_on_the_stop_list_and_what_pays_is_kept(
    simulated: Company, truth: Truth
) -> None:
    found = check(**simulated.tables)
    stops = next(shown.frame for shown in found.exhibits if "decision" in shown.frame.columns)
    decided = dict(zip(stops["action"], stops["decision"], strict=True))
    for name, decision in decided.items():
        # no action whose planted effect is above zero is stopped, none below zero is kept
        assert (decision, truth.actions[name].margin < 0) != ("keep", True)
        assert (decision, truth.actions[name].margin > 0) != ("stop", True)
    assert set(decided) == set(truth.actions)
    assert all(stops["words"].to_list())


def test_three_thresholds_are_shown_apart(simulated: Company) -> None:
    found = check(**simulated.tables)
    table = next(shown.frame for shown in found.exhibits if "visible" in shown.frame.columns)
    for row in table.iter_rows(named=True):
        assert row["visible"] > 0  # what the survey would find
        assert row["noticed_low"] < row["noticed"] <= 1  # what is noticed
        assert row["needed"] > 0  # what pays
        assert row["brought_low"] < row["brought"] < row["brought_high"]
    assert sum(named.name.startswith("Return on the cost") for named in found.estimates) == table.height


def test_return_of_revenue_says_that_it_is_not_of_margin(simulated: Company) -> None:
    tables = dict(simulated.tables)
    tables["purchases"] = tables["purchases"].drop("margin")
    codes = [note.code for note in check(**tables).notes]
    assert "return_of_revenue" in codes
    assert "return_of_revenue" not in [note.code for note in check(**simulated.tables).notes]


def test_the_interval_of_what_was_noticed_holds_the_truth_as_often_as_it_says() -> None:
    """Every outcome of 60 exposed and 70 unexposed, for the shares planted for bonus points (.45 and .12)."""
    exposed, unexposed, claimed = 60, 70, 0.12
    share = 0.45 + 0.55 * claimed
    weights = [
        {count: weight for count in range(n + 1) if (weight := binom.pmf(count, n, p)) > 1e-6}
        for n, p in ((exposed, share), (unexposed, claimed))
    ]
    held = sum(
        first * second
        for yes, first in weights[0].items()
        for no, second in weights[1].items()
        if _holds(share - claimed, Side(asked=exposed, noticed=yes), Side(asked=unexposed, noticed=no))
    )
    assert 0.94 < held < 0.96


def _holds(truth: float, exposed: Side, unexposed: Side) -> bool:
    found = extra_noticed(exposed, unexposed)
    return found.ci_low <= truth <= found.ci_high


def test_it_speaks_russian_and_draws(simulated: Company) -> None:
    from leal.charts import Style, to_svg

    found = check(**simulated.tables)
    assert "клиенты не заметили" in found.finding.into("ru")
    assert "<svg" in to_svg(found.pictures[0].draw(Style(language="ru")))
