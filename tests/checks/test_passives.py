"""Check 2: passives, their share of repeat sales and of attention, the value of moving them."""

from __future__ import annotations

import polars as pl
import pytest
from tests.checks.companies import answers, audit, day, grouped, purchases

from leal.charts import Style, flow_money, to_svg
from leal.checks.passives import flow_frame
from leal.measure import MovementValue
from leal.results import Money

SAID, BOUGHT = grouped()


def customers(load: dict[str, float]) -> pl.DataFrame:
    people = [who for who, _, _ in SAID]
    return pl.DataFrame({"customer": people, "contacts": [load[who.rstrip("0123456789")] for who in people]})


def test_passives_who_bring_more_than_they_get_expose() -> None:
    loads = customers({"promoter": 2.0, "passive": 0.2, "detractor": 5.0})
    check = audit(answers=answers(SAID), purchases=purchases(BOUGHT), customers=loads)[2]
    assert check.verdict == "exposed"
    assert "Passives bring 33.3\u00a0%" in check.finding
    assert "get 3.2\u00a0%" in check.finding


def test_a_table_of_cases_and_the_cost_of_treated_arms_are_attention() -> None:
    people = [who for who, _, _ in SAID]
    cases = pl.DataFrame(
        {"customer": people * 2, "opened_at": [day(650)] * 2 * len(people), "reason": "late"}
    ).filter(pl.col("customer").str.starts_with("detractor"))
    gifts = pl.DataFrame(
        {"action": "gift", "customer": people, "exposed": None, "arm": "treated", "cost": 2.0},
        schema_overrides={"exposed": pl.Boolean},
    ).filter(~pl.col("customer").str.starts_with("passive"))
    tables = {"answers": answers(SAID), "purchases": purchases(BOUGHT)}
    for more in ({"cases": cases}, {"actions": gifts}, {"actions": gifts.drop("arm")}):
        check = audit(**tables, **more)[2]
        assert "get 0.0\u00a0%" in check.finding
        assert check.verdict == "exposed"


def test_attention_in_line_with_sales_guards() -> None:
    loads = customers({"promoter": 1.0, "passive": 1.0, "detractor": 1.0})
    check = audit(answers=answers(SAID), purchases=purchases(BOUGHT), customers=loads)[2]
    assert check.verdict == "guarded"


@pytest.mark.parametrize(("passive", "verdict"), [(10.0, "exposed"), (0.5, "guarded")])
def test_unrecorded_attention_with_a_large_share_of_sales_exposes(passive: float, verdict: str) -> None:
    said, bought = grouped(passive=passive)
    check = audit(answers=answers(said), purchases=purchases(bought))[2]
    assert check.verdict == verdict
    assert "not recorded" in check.finding


def test_the_stake_is_what_moving_every_fifth_passive_changes_within_customers() -> None:
    """40 passives answer twice, 20 become promoters and buy for 4 more a month: 48 or so a year."""
    said, bought = [], []
    for place in range(40):
        who = f"c{place}"
        moves = place < 20
        said += [(who, 300, 8), (who, 400, 9 if moves else 8)]
        bought += [(who, 5 + 30 * month, 14.0 if moves and month > 13 else 10.0) for month in range(28)]
    check = audit(answers=answers(said), purchases=purchases(bought))[2]
    assert check.grade == "B"
    assert check.money is not None
    # 20 passives are left, every fifth of them moves: 4 customers.
    change = next(one.value for one in check.estimates if "Yearly change" in one.name)
    assert change.estimate == pytest.approx(4 * 12.17, rel=0.05)
    assert check.money.estimate == pytest.approx(4 * change.estimate)


def test_without_a_panel_the_stake_is_the_silence_beyond_that_of_promoters() -> None:
    said, bought = grouped(promoters=60, passives=60, detractors=10)
    gone = {f"passive{place}" for place in range(20)}
    bought = [row for row in bought if row[0] not in gone or row[1] <= 300]
    check = audit(answers=answers(said), purchases=purchases(bought))[2]
    assert check.grade == "C"
    assert check.money is not None
    assert check.money.notes[0].code == "silence"
    passives_yearly = 40 * 12 * 10.0 + 20 * 0.0
    assert check.money.estimate == pytest.approx(passives_yearly / 3, rel=0.2)


def test_the_document_s_figure_stands_beside_research_and_your_own() -> None:
    claim = audit(answers=answers(SAID), purchases=purchases(BOUGHT))[2].claims[0]
    assert "30 to 50 %" in claim.document
    assert "No source" in claim.research
    assert "33.3\u00a0%" in claim.yours


def test_two_names_for_the_same_customers_are_unknown_and_say_so() -> None:
    others = purchases([(f"x{who}", at, amount) for who, at, amount in BOUGHT])
    check = audit(answers=answers(SAID), purchases=others)[2]
    assert check.verdict == "unknown"
    assert "0 found, 30 needed" in check.missing[0]


def test_flows_are_held_against_those_who_stayed_in_the_same_group() -> None:
    money = Money(estimate=12.0, ci_low=2.0, ci_high=22.0, n=50, method="bootstrap", grade="B")
    moved = MovementValue(origin="passive", target="promoter", moved=20, stayed=30, window=91, change=money)
    rows = flow_frame((moved,)).to_dicts()
    assert [(row["before"], row["after"], row["n"], row["change"]) for row in rows] == [
        ("passive", "passive", 30, None),
        ("passive", "promoter", 20, 12.0),
    ]
    words = to_svg(flow_money(flow_frame((moved,)), Style(), currency="EUR"))
    assert "EUR +240" in words.replace("\u00a0", " ")


def test_every_picture_draws_in_both_languages() -> None:
    check = audit(answers=answers(SAID), purchases=purchases(BOUGHT))[2]
    for picture in check.pictures:
        assert to_svg(picture.draw(Style())).startswith("<svg")
        assert "Нейтралы" in to_svg(picture.draw(Style(language="ru")))


def test_without_a_margin_the_money_says_revenue() -> None:
    check = audit(answers=answers(SAID), purchases=purchases(BOUGHT))[2]
    assert "revenue_not_margin" in {note.code for note in check.notes}
