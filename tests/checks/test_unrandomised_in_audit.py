"""Programmes without a holdout, from the tables of an audit: shown, never called proved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from tests.checks.companies import audit
from tests.measure.test_programme_effects import trial
from tests.prove.picked_customers import customers, starts, tables

from leal.charts import Style, to_svg
from leal.checks import Check, unrandomised_section
from leal.wording import Text

TITLE = "Programmes without a holdout: not drawn by lot"


def files(pick: str, effect: float = 0.0, seed: int = 2) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the tables actions and purchases of a company whose programme has no holdout."""
    who = customers(2000, seed)
    people, days = tables(who, starts(who, pick, seed), effect)
    name = pl.lit("c") + pl.col("customer").cast(pl.String)
    actions = people.select(
        "action",
        customer=name,
        arm=pl.lit(None, dtype=pl.String),
        started_at=_date("start"),
        cost=pl.lit(1.0),
    )
    return actions, days.select(customer=name, bought_at=_date("day"), amount="amount")


def _date(column: str) -> pl.Expr:
    return pl.lit(dt.date(1970, 1, 1)) + pl.duration(days=pl.col(column).cast(pl.Int64))


def third(actions: pl.DataFrame, bought: pl.DataFrame) -> Check:
    return audit(actions=actions, purchases=bought)[3]


def shown(check: Check) -> dict[str, Any]:
    table = next(one.frame for one in check.exhibits if one.title == TITLE)
    return table.row(0, named=True)


def test_a_planted_effect_is_shown_and_the_check_stays_unknown() -> None:
    check = third(*files("lot", 0.5))
    assert check.verdict == "unknown"
    assert check.next_step.startswith("Hold a random part")
    row = shown(check)
    assert row["money_low"] > 0
    assert row["grade"] == "B"
    assert row["moved"].startswith("rose more than customers like them; why is not proved")
    named = {one.name: one.value for one in check.estimates}
    assert list(named) == ["offer: money a customer and four weeks, not drawn by lot"]
    assert {one.method for one in named.values()} == {"balanced_differences"}
    assert "works" not in check.finding
    words = [note.text for note in check.notes]
    assert any(isinstance(one, Text) and "28 дн" in one.into("ru") for one in words)
    drawing = to_svg(check.pictures[0].draw(Style(language="ru")))
    assert "без жребия" in drawing
    assert "NaN" not in str(check.to_dict())


def test_customers_picked_by_what_they_bought_are_told_so() -> None:
    check = third(*files("bought_much_lately"))
    row = shown(check)
    assert row["moved"] == "not told from customers like them"
    assert row["plain"] < row["money_low"]
    assert "offer (+" in picked(check)
    assert "offer (−" in picked(third(*files("fell_silent")))


def picked(check: Check) -> str:
    return next(str(note.text) for note in check.notes if note.code == "picked_by_recent")


def test_nobody_to_compare_with_is_an_answer_without_a_picture() -> None:
    check = third(*files("all_who_bought_much_lately"))
    row = shown(check)
    assert row["moved"].endswith("nobody to compare with")
    assert (row["money"], row["grade"], check.pictures) == (None, None, ())


def test_a_programme_with_a_holdout_is_not_in_it_and_goes_into_the_ledger_alone() -> None:
    actions, bought = trial(15.0, cost=3.0)
    assert TITLE not in {one.title for one in third(actions, bought).exhibits}
    other = actions.filter(pl.col("arm") == "treated").with_columns(action=pl.lit("letter"))
    both = pl.concat([actions, other.select(actions.columns)]).with_columns(promised=pl.lit(9_000.0))
    check = third(both, bought)
    assert shown(check)["action"] == "letter"
    ledger = next(one.frame for one in check.exhibits if one.title.startswith("The ledger"))
    measured = dict(ledger.select("action", "measured").rows())
    assert measured["offer"] is not None
    assert measured["letter"] is None
    assert "letter (no holdout)" in check.finding


def test_no_column_of_arms_is_no_hindrance_and_no_start_an_answer() -> None:
    actions, bought = files("lot", 0.5)
    check = third(actions.drop("arm"), bought)
    assert check.missing == ("actions: arm",)
    assert shown(check)["grade"] == "B"
    never = third(actions.drop("started_at"), bought)
    assert "not told when it was" in shown(never)["moved"]


def test_of_many_purchases_only_the_costliest_programmes_are_looked_at(monkeypatch: Any) -> None:
    actions, bought = files("lot")
    dear = actions.with_columns(action=pl.lit("dear"), cost=pl.lit(9.0))
    monkeypatch.setattr(unrandomised_section, "MOST_LOOKED_THROUGH", bought.height)
    check = third(pl.concat([actions, dear]), bought)
    assert shown(check)["action"] == "dear"
    said = next(note.text for note in check.notes if note.code == "not_looked_at")
    assert said.endswith("not offer.")
