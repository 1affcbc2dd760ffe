"""Whom to treat and whom to leave alone, segment by segment, from the tables of an audit."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from leal.checks import Check, audit
from leal.checks.book import Book
from leal.checks.targeting_section import whom_to_treat
from leal.evidence import Evidence
from leal.measure import money_since_start
from leal.simulate import company
from leal.wording import Text

TITLE = "Whom to treat: the effect of each programme by segment"
START = dt.date(2025, 7, 1)


def evidence(effects: dict[str, float], seed: int = 1, arm: str = "treated") -> Evidence:
    """Return 800 customers a segment, half of them called; the call changes what they spend by so much."""
    source = np.random.default_rng(seed)
    people, actions, purchases = [], [], []
    for name, effect in effects.items():
        for number in range(800):
            customer, called = f"{name}{number}", number % 2 == 0
            people.append((customer, name))
            actions.append(("Call", customer, arm if called else "control", START, 1.0 if called else 0.0))
            for month in (-2, -1, 1, 2, 3):
                changed = effect / 3 if called and month > 0 else 0.0
                day = START + dt.timedelta(30 * month)
                purchases.append((customer, day, float(source.gamma(4, 5)) + 40 + changed))
    return Evidence(
        customers=pl.DataFrame(people, schema=["customer", "segment"], orient="row"),
        actions=pl.DataFrame(
            actions, schema=["action", "customer", "arm", "started_at", "cost"], orient="row"
        ),
        purchases=pl.DataFrame(purchases, schema=["customer", "bought_at", "amount"], orient="row"),
    )


def third(found: Evidence) -> Check:
    return audit(found)[3]


def shown(check: Check) -> pl.DataFrame | None:
    return next((one.frame for one in check.exhibits if one.title == TITLE), None)


def test_planted_effects_tell_whom_to_treat_and_whom_to_leave_alone() -> None:
    check = third(evidence({"young": 30.0, "old": -30.0, "other": 0.0}))
    frame = shown(check)
    assert frame is not None
    rows = {row["segment"]: row for row in frame.iter_rows(named=True)}
    assert rows["young"]["status"] == "act"
    assert rows["old"]["status"] == "do not disturb"
    assert rows["other"]["status"] == "test first"
    for name, effect in {"young": 30.0, "old": -30.0}.items():
        assert rows[name]["effect_low"] < effect < rows[name]["effect_high"]
    assert rows["young"]["per_thousand"] == pytest.approx(1000 * (rows["young"]["effect"] - 1.0))
    said = next(note for note in check.notes if note.code == "whom_to_treat")
    assert "Act: young. Do not disturb: old." in said.text
    assert isinstance(said.text, Text)
    assert "young" in said.text.into("ru")


def test_one_segment_or_few_customers_of_each_add_nothing() -> None:
    assert shown(third(evidence({"all": 10.0}))) is None
    few = evidence({"young": 10.0, "old": 10.0})
    customers = few.customers.collect().to_polars()  # type: ignore[union-attr]
    lone = customers.with_columns(
        segment=pl.when(pl.int_range(pl.len()) < 9).then(pl.lit("rare")).otherwise(pl.lit("rest"))
    )
    assert shown(third(Evidence(customers=lone, actions=few.actions, purchases=few.purchases))) is None


def test_customers_who_bought_nothing_count_with_nothing() -> None:
    found = evidence({"young": 0.0})
    days = pl.DataFrame(
        {"customer": ["young0", "young1", "young0"], "day": [20_300, 20_300, 20_000]}
    ).with_columns(amount=pl.lit(5.0), money=pl.lit(5.0), day=pl.col("day").cast(pl.Int32))
    money = money_since_start(found.actions, days, 20_400, "money")
    assert money.height == 800
    assert money.filter(pl.col("money") > 0)["customer"].to_list() == ["young0", "young1"]
    assert money["money"].sum() == 10.0


@pytest.mark.slow
def test_what_does_nothing_is_acted_on_in_at_most_7_of_100_companies() -> None:
    acted, disturbed = 0, 0
    for seed in range(1, 101):
        found = whom_to_treat(Book(evidence=company(2500, seed=seed, language="en").evidence))
        assert found is not None
        frame = found.exhibits[0].frame
        idle = frame.filter(pl.col("action").is_in(["Bonus points", "New packaging"]))
        acted += (idle["status"] == "act").any()
        disturbed += (idle["status"] == "do not disturb").any()
    print(f"acted on in {acted}, called harmful in {disturbed} of 100")
    assert acted <= 7
    assert disturbed <= 7
