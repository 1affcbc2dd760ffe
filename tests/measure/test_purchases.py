"""Purchases reduced to customer-days and customers."""

from __future__ import annotations

import datetime as dt
import lzma
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leal.engine import collect
from leal.measure import daily_money, purchase_days, summarise_customers

D = dt.date
PURCHASES = pl.DataFrame(
    {
        "customer": ["a", "a", "a", "a", "b", "b", "c", None],
        "bought_at": [
            D(2026, 1, 1), D(2026, 1, 1), D(2026, 1, 15), D(2026, 2, 1),
            D(2026, 1, 3), D(2026, 1, 3), D(2026, 1, 29), D(2026, 1, 1),
        ],
        "amount": [60.0, 40.0, 30.0, -10.0, 50.0, -50.0, 7.0, 99.0],
    }
)  # fmt: skip


def rows(frame: Any) -> pl.DataFrame:
    return collect(frame).sort("customer", "day" if "day" in frame.collect_schema() else "customer")


def test_lines_of_a_day_are_one_purchase_and_a_refunded_day_is_none() -> None:
    days = rows(purchase_days(PURCHASES))
    assert days["customer"].to_list() == ["a", "a", "c"]
    assert days["amount"].to_list() == [100.0, 30.0, 7.0]
    assert rows(daily_money(PURCHASES))["amount"].to_list() == [100.0, 30.0, -10.0, 0.0, 7.0]


def test_the_summary_nets_refunds_and_leaves_the_first_day_out_of_the_repeat() -> None:
    summary = collect(summarise_customers(PURCHASES)).sort("customer")
    assert summary["customer"].to_list() == ["a", "c"]
    assert summary["frequency"].to_list() == [1, 0]
    assert summary["recency"].to_list() == [2.0, 0.0]
    assert summary["age"].to_list() == [4.0, 0.0]
    assert summary["spend"].to_list() == [30.0, 0.0]
    assert summary["amount"].to_list() == [120.0, 7.0]
    assert summary["repeat_amount"].to_list() == [20.0, 0.0]


def test_a_margin_rate_fills_what_the_column_leaves_open() -> None:
    frame = PURCHASES.with_columns(margin=pl.Series([1.0, None, None, None, None, None, 2.0, None]))
    assert rows(purchase_days(frame, margin=0.5))["margin"].to_list() == [21.0, 15.0, 2.0]
    assert rows(purchase_days(frame))["margin"].to_list() == [1.0, 0.0, 2.0]
    assert rows(purchase_days(PURCHASES, margin=0.1))["margin"].to_list() == pytest.approx([10.0, 3.0, 0.7])


def test_every_engine_gives_the_same_summary() -> None:
    expected = collect(summarise_customers(PURCHASES)).sort("customer")
    arrow = PURCHASES.to_arrow()
    pandas = PURCHASES.with_columns(pl.col("bought_at").cast(pl.Datetime("us"))).to_pandas()
    for frame in (duckdb.from_arrow(arrow), arrow, pandas):
        found = collect(summarise_customers(frame)).sort("customer")
        assert found.cast(dict(expected.schema)).equals(expected), type(frame)


def test_looking_back_from_a_day_forgets_what_came_after() -> None:
    until = (D(2026, 1, 16) - D(1970, 1, 1)).days
    summary = collect(summarise_customers(PURCHASES, until=until)).sort("customer")
    assert summary["customer"].to_list() == ["a"]
    assert summary["amount"].to_list() == [130.0]
    assert summary["age"].to_list() == [pytest.approx(15 / 7)]


@pytest.mark.reference
def test_cdnow_customers_as_published_in_btyd(golden: Path) -> None:
    """Source: golden/value/cdnow_cbs.csv, equal in x to the published file of Fader and Hardie.

    That file counts the days on which a customer got everything for nothing."""
    packed = (golden / "value" / "cdnow_sample_customer_day.csv.xz").read_bytes()
    log = pl.read_csv(lzma.decompress(packed))
    known = pl.read_csv(golden / "value" / "cdnow_cbs.csv")
    purchases = log.select(
        customer=pl.col("id").cast(pl.String),
        bought_at=pl.col("date").cast(pl.String),
        amount="amt",
    )
    until = (D(1997, 9, 30) - D(1970, 1, 1)).days
    found = collect(summarise_customers(purchases, until=until, count_free=True))
    both = found.join(known.with_columns(customer=pl.col("id").cast(pl.String)), on="customer")
    assert both.height == found.height == known.height == 2357
    assert both["frequency"].to_list() == both["x"].to_list()
    assert (both["recency"] * 7).round(6).to_list() == both["tx_days"].to_list()
    assert (both["age"] * 7).round(6).to_list() == both["T_days"].to_list()
    assert both["spend"].to_list() == pytest.approx(both["mbar"].to_list(), abs=1e-4)


@settings(deadline=None)
@given(st.permutations(range(PURCHASES.height)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    shuffled = collect(summarise_customers(PURCHASES[order])).sort("customer")
    assert shuffled.equals(collect(summarise_customers(PURCHASES)).sort("customer"))


def test_a_day_whose_refunds_cancel_is_no_purchase_whatever_the_order_of_rows() -> None:
    day = dt.date(2025, 1, 1)
    amounts = [0.1, 0.2, -0.3]
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        rows = pl.DataFrame(
            {"customer": ["a"] * 3, "bought_at": [day] * 3, "amount": [amounts[place] for place in order]}
        )
        assert collect(daily_money(rows))["amount"].to_list() == [0.0]
