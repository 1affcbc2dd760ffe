"""The frame of the audit: ten checks in order, ranked by money, honest where evidence is missing."""

from __future__ import annotations

import json

import polars as pl
import pytest

import leal
from leal.checks import Audit, Check
from leal.errors import BadOption, BadValue
from leal.results import Money
from leal.wording import Text

BARE = leal.Evidence(answers=pl.DataFrame({"answer": ["a", "b"], "recommend": [9, 3]}))


def check(number: int, verdict: str = "exposed", stake: float | None = None) -> Check:
    money = None
    if stake is not None:
        money = Money(estimate=stake, ci_low=0, ci_high=2 * stake, n=10, method="normal")
    return Check(
        number=number,
        name=Text("Ignoring passives"),
        question=Text("What do passives bring, and what is moving them worth?"),
        verdict=verdict,  # type: ignore[arg-type]
        finding=Text("{number} found", number=number),
        next_step=Text("{number} first", number=number),
        money=money,
    )


def audit_of(*checks: Check, yearly: float = 1000.0) -> Audit:
    return Audit(
        checks=checks,
        headline=None,
        yearly_money=Money(estimate=yearly, ci_low=yearly, ci_high=yearly, n=1, method="normal"),
        basis="revenue",
        currency=None,
        as_of=None,
        level=0.95,
        margin=None,
        danger_share=0.05,
    )


def test_an_audit_gives_ten_checks_in_order() -> None:
    result = leal.audit(BARE)
    assert [one.number for one in result.checks] == list(range(1, 11))
    assert result[2].number == 2
    assert [check.number for check in result] == [*range(1, 11)]
    with pytest.raises(BadOption, match="number"):
        result[11]


def test_what_is_missing_names_table_and_columns() -> None:
    result = leal.audit(BARE)
    assert result[2].verdict == "unknown"
    assert list(result[2].missing) == ["answers: customer", "purchases: customer, bought_at, amount"]
    assert "purchases: customer, bought_at, amount" in result[2].finding
    assert "закупк" not in result[2].finding.into("ru")
    assert result[2].finding.into("ru").startswith("Пока неизвестно")


def test_no_unknown_check_is_silent_about_what_it_lacks() -> None:
    for one in leal.audit(leal.Evidence()).checks:
        assert one.verdict == "unknown"
        assert one.missing, one.number


def test_checks_are_ranked_by_money_and_the_unknown_come_last() -> None:
    result = audit_of(
        check(1, "unknown"), check(2, stake=10), check(3), check(4, "guarded", 5), check(5, stake=90)
    )
    assert [one.number for one in result.ranked] == [5, 2, 4, 3, 1]
    assert [one.number for one in result.dangerous] == [5]


def test_the_first_steps_are_of_what_is_exposed_then_of_what_is_unknown() -> None:
    result = audit_of(check(1, "unknown"), check(2, "guarded", 900), check(3, stake=5), check(4, stake=70))
    assert list(result.first_steps) == ["4 first", "3 first", "1 first"]


def test_an_audit_is_plain_json() -> None:
    told = json.loads(json.dumps(leal.audit(BARE, margin=0.3).to_dict()))
    assert told["margin"] == 0.3
    assert len(told["checks"]) == 10
    assert told["checks"][0]["verdict"] == "unknown"


def test_a_margin_in_percent_is_a_clear_error() -> None:
    with pytest.raises(BadValue, match="no share"):
        leal.audit(BARE, margin=30)
