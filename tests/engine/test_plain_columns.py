"""Columns as users hold them: fractions for names of customers, Python objects for dates and money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest
from tests.engines import LOCAL

import leal
from leal.engine import collect, lazy
from leal.errors import BadValue

DAYS = [dt.date(2026, 1, 5), dt.date(2026, 1, 12)]


@pytest.mark.parametrize("engine", LOCAL)
def test_a_customer_is_called_the_same_whether_another_is_missing_or_not(
    give: Callable[[pl.DataFrame, str], Any], engine: str
) -> None:
    """Pandas turns whole numbers into fractions as soon as one is missing: 12346 becomes 12346.0."""
    customers = pl.Series("customer", [12346.0, None, float("nan"), 7.0, 2.5, 1e300])
    found = collect(lazy(give(customers.to_frame(), engine)))["customer"].to_list()
    assert found[:5] == ["12346", None, None, "7", "2.5"]
    assert float(found[5]) == 1e300


def test_answers_find_their_purchases_though_pandas_made_fractions_of_customers() -> None:
    people = range(1, 61)
    purchases = pd.DataFrame(
        {
            "customer": [*people, *people, None],
            "bought_at": pd.to_datetime(["2026-01-05"] * 60 + ["2026-02-05"] * 60 + ["2026-02-05"]),
            "amount": 10.0,
        }
    )
    assert purchases["customer"].dtype == "float64"
    answers = pd.DataFrame({"customer": list(people), "recommend": [9] * 30 + [5] * 30})
    found = leal.money_by_group(answers, purchases)
    assert found.n == 60


def test_dates_and_decimals_that_are_python_objects_in_pandas_are_read() -> None:
    purchases = pd.DataFrame(
        {"customer": ["a", "a"], "bought_at": DAYS, "amount": [Decimal("1.50"), Decimal("2.50")]}
    )
    assert (purchases.dtypes["bought_at"], purchases.dtypes["amount"]) == (object, object)
    found = leal.customer_summary(purchases)
    assert found.select("frequency", "recency", "spend").row(0) == (1, 1.0, 2.5)


def test_customers_of_mixed_kinds_in_pandas_are_text() -> None:
    frame = pd.DataFrame({"customer": ["a", 1, 2.0, None], "amount": 1.0})
    assert collect(lazy(frame))["customer"].to_list() == ["a", "1", "2", None]


def test_numbers_that_pandas_holds_as_objects_are_numbers() -> None:
    amounts = pd.Series([10.5, None, 3], dtype=object)
    found = collect(lazy(pd.DataFrame({"amount": amounts, "customer": ["a", "b", "c"]})))
    assert found["amount"].fill_nan(None).to_list() == [10.5, None, 3.0]


def test_two_columns_of_one_name_are_one_clear_error() -> None:
    with pytest.raises(BadValue, match="the same name: 'amount'"):
        lazy(pd.DataFrame([[1, 2, 3]], columns=["customer", "amount", "amount"]))
