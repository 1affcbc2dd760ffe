"""The most that keeping a customer may cost, beside check 7."""

from __future__ import annotations

import polars as pl
import pytest
from tests.checks.companies import audit, day, purchases

from leal.checks import Audit
from leal.measure import CustomerValue

TITLE = "The most that keeping a customer may cost"


def programme(kept: dict[str, float], *, arms: int = 400) -> Audit:
    """All buy each month; from day 400 on the held-out leave in half of cases, the treated by programme."""
    assigned, bought = [], []
    for action, stays in kept.items():
        for arm, share in (("treated", stays), ("control", 0.5)):
            for place in range(arms):
                who = f"{action}{arm}{place}"
                assigned.append((action, who, arm, 2.0 if arm == "treated" else 0.0, day(400)))
                last = 800 if place < share * arms else 430
                bought += [(who, when, 20.0) for when in range(place % 30, last, 30)]
    columns = ["action", "customer", "arm", "cost", "started_at"]
    return audit(actions=pl.DataFrame(assigned, schema=columns, orient="row"), purchases=purchases(bought))


def table(found: Audit) -> pl.DataFrame | None:
    return next((one.frame for one in found[7].exhibits if one.title == TITLE), None)


def test_a_proved_effect_times_the_value_of_a_customer_may_be_paid() -> None:
    found = programme({"calls": 0.7})
    (row,) = table(found).iter_rows(named=True)  # type: ignore[union-attr]
    worth: CustomerValue = found.book.customer_worth  # type: ignore[union-attr, assignment]
    assert row["decision"] == "pay at most this"
    assert row["kept"] == pytest.approx(0.2, abs=0.07)
    assert row["limit"] == pytest.approx(row["kept"] * worth.value.estimate, rel=1e-12)
    assert 0 < row["limit_low"] < row["limit"] < row["limit_high"]
    assert row["cost_a_head"] == 2.0
    named = {str(one.name): one.value for one in found[7].estimates}
    assert named["calls: the most that keeping a customer may cost"].estimate == row["limit"]


def test_what_keeps_nobody_is_not_to_be_paid_for() -> None:
    found = programme({"gifts": 0.5})
    (row,) = table(found).iter_rows(named=True)  # type: ignore[union-attr]
    assert (row["decision"], row["limit"], row["limit_low"]) == ("do not pay", 0.0, 0.0)
    assert row["limit_high"] >= 0
    assert not any("may cost" in str(one.name) for one in found[7].estimates)


def test_of_several_programmes_one_must_be_surer() -> None:
    alone = programme({"a": 0.575})
    among = programme({"a": 0.575, "b": 0.5, "c": 0.5, "d": 0.5, "e": 0.5})
    (first,) = table(alone).iter_rows(named=True)  # type: ignore[union-attr]
    then = table(among).row(by_predicate=pl.col("action") == "a", named=True)  # type: ignore[union-attr]
    assert first["kept"] == pytest.approx(then["kept"])
    assert 0 < first["kept_low"] < 0.03, "the case must be a close one"
    assert (first["decision"], then["decision"]) == ("pay at most this", "do not pay")


def test_without_a_holdout_nothing_is_said() -> None:
    found = audit(
        purchases=purchases([(f"c{k}", when, 5.0) for k in range(50) for when in (1, 200, 400, 600)])
    )
    assert table(found) is None
