"""Every reduction on Spark gives what it gives on Polars. In one file, so that Spark starts once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from leal.engine import MomentsKernel, collect, run_kernel, score_counts, validate
from leal.errors import BadValue
from leal.measure import (
    cohort_retention,
    compare_waves,
    csat,
    money_by_group,
    movement,
    nps,
    signals,
    summarise_customers,
)

pytestmark = pytest.mark.spark

Give = Callable[[pl.DataFrame, str], Any]

ANSWERS = pl.DataFrame(
    {
        "region": ["N", "S", "N", None, "S", "N", None] * 10,
        "recommend": [10, 9, 0, 7, None, 10, 8] * 10,
        "weight": [1.0, 2.0, 3.0, 4.0, None, 0.5, 1.5] * 10,
    }
)


def test_counts(give: Give) -> None:
    expected = score_counts(ANSWERS, "recommend", by=["region"], weight="weight")
    found = score_counts(give(ANSWERS, "spark"), "recommend", by=["region"], weight="weight")
    assert found.groups == expected.groups
    assert found.n.tolist() == expected.n.tolist()
    assert found.weights == pytest.approx(expected.weights)
    assert found.squares == pytest.approx(expected.squares)
    assert found.unanswered.tolist() == expected.unanswered.tolist()


def test_a_score_off_the_scale_is_named(give: Give) -> None:
    with pytest.raises(BadValue, match="11"):
        score_counts(give(pl.DataFrame({"recommend": [9, 11, 12]}), "spark"), "recommend")


def test_nps(give: Give) -> None:
    expected, found = nps(ANSWERS, by="region"), nps(give(ANSWERS, "spark"), by="region")
    assert found.to_dict() == expected.to_dict()


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_moments_of_items_in_spark_workers(give: Give) -> None:
    kernel = MomentsKernel(items=("recommend", "weight"), by=("region",), weight="weight")
    table = ANSWERS.drop_nulls("weight")
    expected, found = run_kernel(kernel, table), run_kernel(kernel, give(table, "spark"))
    assert found.groups == expected.groups
    assert found.n.tolist() == expected.n.tolist()
    assert found.products == pytest.approx(expected.products)


def test_satisfaction(give: Give) -> None:
    table = ANSWERS.with_columns(satisfaction=pl.col("recommend"))
    expected = csat(table, by="region", scale=(0, 10))
    found = csat(give(table, "spark"), by="region", scale=(0, 10))
    assert [str(one) for one in found.values()] == [str(one) for one in expected.values()]


def test_accounts(give: Give) -> None:
    table = ANSWERS.with_columns(account=pl.Series([f"a{row // 3}" for row in range(70)]))
    expected, found = nps(table, account="account"), nps(give(table, "spark"), account="account")
    assert (found.ci_low, found.ci_high) == pytest.approx((expected.ci_low, expected.ci_high))
    assert found.accounts == expected.accounts


def test_movement_with_days_and_waves(give: Give) -> None:
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=row) for row in range(70)]
    table = ANSWERS.with_columns(
        customer=pl.Series([row % 30 for row in range(70)]), answered_at=pl.Series(days)
    )
    assert movement(give(table, "spark")).to_frame().rows() == movement(table).to_frame().rows()
    assert str(compare_waves(give(table, "spark"), "2026-Q1", "2026-Q1", customer="customer")) == str(
        compare_waves(table, "2026-Q1", "2026-Q1", customer="customer")
    )


def test_signals(give: Give) -> None:
    rows = [(wave, score) for wave in "12345" for score in ([3, 9] if wave > "3" else [9, 9]) * 20]
    table = pl.DataFrame(rows, schema=["wave", "recommend"], orient="row")
    assert str(signals(give(table, "spark"))) == str(signals(table))


def test_validation(give: Give) -> None:
    validate(give(ANSWERS.with_columns(answer=pl.lit("x")), "spark"), "answers")
    with pytest.raises(BadValue, match="11"):
        validate(give(pl.DataFrame({"answer": ["a"], "recommend": [11]}), "spark"), "answers")


def test_purchases(give: Give) -> None:
    start = dt.date(2025, 1, 31)
    purchases = pl.DataFrame(
        {
            "customer": [f"c{place % 9}" for place in range(120)],
            "bought_at": [start + dt.timedelta(days=3 * place) for place in range(120)],
            "amount": [float(place % 7 - 1) for place in range(120)],
        }
    )
    expected = collect(summarise_customers(purchases, margin=0.5)).sort("customer")
    found = collect(summarise_customers(give(purchases, "spark"), margin=0.5)).sort("customer")
    assert_frame_equal(found.select(expected.columns).cast(dict(expected.schema)), expected)
    assert cohort_retention(give(purchases, "spark")).equals(cohort_retention(purchases))


def test_money_by_group(give: Give) -> None:
    answers = pl.DataFrame({"customer": ["a", "b", "c"], "recommend": [10, 8, 2]})
    days = [dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    purchases = pl.DataFrame(
        {"customer": list("aabbcc"), "bought_at": days * 3, "amount": [1.0, 60.0, 1.0, 30.0, 1.0, 10.0]}
    )
    found = money_by_group(give(answers, "spark"), give(purchases, "spark"))
    assert found == money_by_group(answers, purchases)
