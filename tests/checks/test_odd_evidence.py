"""Odd evidence never ends in a traceback, a NaN or a silent number."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest
from tests.checks.companies import answers, audit, grouped, purchases
from tests.measure.test_programme_effects import trial

import leal
from leal.errors import BadValue

SAID, BOUGHT = grouped()
ACTIONS, _ = trial(0.0)
A, P = answers(SAID), purchases(BOUGHT)

CASES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "one customer": {"answers": A.head(1), "purchases": P.head(1)},
    "all the same score": {"answers": A.with_columns(recommend=pl.lit(10)), "purchases": P},
    "no dates in answers": {"answers": A.drop("answered_at"), "purchases": P},
    "empty dates": {"answers": A.with_columns(answered_at=pl.lit(None)), "purchases": P},
    "no customers in answers": {"answers": A.drop("customer"), "purchases": P},
    "empty customers": {"answers": A.with_columns(customer=pl.lit(None, dtype=pl.String)), "purchases": P},
    "zero money": {"answers": A, "purchases": P.with_columns(amount=pl.lit(0.0))},
    "negative money": {"answers": A, "purchases": P.with_columns(amount=-pl.col("amount"))},
    "no money": {"answers": A, "purchases": P.with_columns(amount=pl.lit(None, dtype=pl.Float64))},
    "no rows": {"answers": A.head(0), "purchases": P.head(0), "actions": ACTIONS.head(0)},
    "duplicates": {"answers": pl.concat([A, A]), "purchases": P},
    "whole numbers for customers": {
        "answers": A.with_columns(customer=pl.col("customer").rank("dense").cast(pl.Int64)),
        "purchases": P.with_columns(customer=pl.col("customer").rank("dense").cast(pl.Int64)),
    },
    "one day": {"answers": A, "purchases": P.with_columns(bought_at=pl.lit(P["bought_at"][0]))},
    "actions of strangers": {"answers": A, "purchases": P, "actions": ACTIONS},
    "empty customers table": {"answers": A, "purchases": P, "customers": pl.DataFrame({"customer": []})},
    "a segment each": {"answers": A.with_columns(segment=pl.col("customer")), "purchases": P},
    "satisfaction only": {
        "answers": A.drop("recommend").with_columns(satisfaction=pl.lit(8.0)),
        "purchases": P,
    },
}


@pytest.mark.parametrize("name", CASES)
def test_odd_evidence_gives_ten_honest_answers(name: str) -> None:
    result = audit(**CASES[name])
    told = json.dumps(result.to_dict())
    assert "NaN" not in told
    assert len(result.checks) == 10
    for check in result.checks:
        assert check.finding
        assert check.finding.into("ru")
        assert check.next_step.into("ru")
        assert "nan" not in check.finding.lower().split()
        if check.verdict == "unknown":
            assert check.missing, check.number
        elif check.money is not None:
            assert check.money.known, check.number
            assert check.money.ci_low <= check.money.estimate <= check.money.ci_high


def test_rows_in_another_order_give_the_same_audit() -> None:
    one = audit(answers=A, purchases=P).to_dict()
    other = audit(answers=A.reverse(), purchases=P.sample(fraction=1.0, shuffle=True, seed=4)).to_dict()
    for before, after in zip(one["checks"], other["checks"], strict=True):
        assert before["verdict"] == after["verdict"]
        assert before["finding"] == after["finding"]


def test_money_of_another_currency_is_left_out_and_counted() -> None:
    mixed = P.with_columns(currency=pl.lit("RUB"))
    foreign = P.head(5).with_columns(currency=pl.lit("EUR"), amount=pl.lit(1e9))
    result = audit(answers=A, purchases=pl.concat([mixed, foreign]))
    clean = audit(answers=A, purchases=mixed)
    assert result.currency == "RUB"
    assert result.yearly_money is not None
    assert clean.yearly_money is not None
    assert result.yearly_money.estimate == clean.yearly_money.estimate
    assert "5 purchases in other currencies are left out (EUR)." in [note.text for note in result.notes]


def test_a_column_of_margins_without_any_is_revenue() -> None:
    empty = P.with_columns(margin=pl.lit(None, pl.Float64))
    found, plain = (audit(answers=A, purchases=table) for table in (empty, P))
    assert found.basis == "revenue"
    assert found.yearly_money.estimate == plain.yearly_money.estimate
    assert "margin_empty" in {note.code for note in found.notes}


def test_margins_that_look_like_shares_are_refused() -> None:
    rates = P.with_columns(margin=pl.lit(0.3))
    with pytest.raises(BadValue, match="looks like shares"):
        audit(answers=A, purchases=rates)


def test_a_share_of_margin_is_for_the_purchases_without_one() -> None:
    table = P.with_columns(margin=pl.col("amount") * 0.4)
    found = leal.audit(leal.Evidence(answers=A, purchases=table), margin=0.2)
    plain = audit(answers=A, purchases=table)
    assert found.yearly_money.estimate == pytest.approx(plain.yearly_money.estimate)
    assert "margin_of_column" in {note.code for note in found.notes}


def test_yearly_money_has_the_interval_of_the_level_asked_for() -> None:
    uneven = P.with_columns(amount=pl.col("amount") * (1 + pl.int_range(pl.len()) % 7))
    given = leal.Evidence(answers=A, purchases=uneven)
    usual, wide = (leal.audit(given, level=level).yearly_money for level in (0.95, 0.99))
    assert usual is not None
    assert wide is not None
    reach = (wide.ci_high - wide.ci_low) / (usual.ci_high - usual.ci_low)
    assert reach == pytest.approx(2.575829 / 1.959964, rel=1e-6)
