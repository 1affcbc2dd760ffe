"""The public summary of customers: days, refunds, currencies, mistaken dates, a part kept back."""

from __future__ import annotations

import datetime as dt
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leal
from leal.errors import BadValue, MissingColumn
from leal.measure import calibration_and_holdout, number_of_day

D = dt.date
PURCHASES = pl.DataFrame(
    {
        "customer": ["a", "a", "a", "a", "b", "b", "c"],
        "bought_at": [
            D(2026, 1, 1), D(2026, 1, 1), D(2026, 1, 15), D(2026, 2, 1),
            D(2026, 1, 3), D(2026, 1, 3), D(2026, 1, 29),
        ],
        "amount": [60.0, 40.0, 30.0, -10.0, 50.0, -50.0, 7.0],
    }
)  # fmt: skip


def test_the_plain_use() -> None:
    summary = leal.customer_summary(PURCHASES, "2026-02-05")
    assert summary.columns[:5] == ["customer", "frequency", "recency", "age", "spend"]
    assert summary.select("customer", "frequency", "recency", "age", "spend").rows() == [
        ("a", 1, 2.0, 5.0, 30.0),
        ("c", 0, 0.0, 1.0, 0.0),
    ]


@pytest.mark.parametrize(
    "until",
    [
        20489,
        D(2026, 2, 5),
        dt.datetime(2026, 2, 5, 23, 59),  # noqa: DTZ001
        "2026-02-05",
        "2026-02-05T10:00:00",
        " 2026-02-05 ",
        np.datetime64("2026-02-05"),
        np.datetime64("2026-02-05T10:00:00"),
        pd.Timestamp("2026-02-05 10:00", tz="UTC"),
    ],
)
def test_the_last_day_is_a_number_a_date_or_text(until: Any) -> None:
    assert number_of_day(until) == 20489
    assert leal.customer_summary(PURCHASES, until)["age"].to_list() == [5.0, 1.0]


@pytest.mark.parametrize("until", ["5.2.2026", "soon", 1.5, True, None, pd.NaT, np.datetime64("NaT")])
def test_what_is_no_day_is_one_clear_error(until: Any) -> None:
    with pytest.raises(BadValue, match="no day"):
        number_of_day(until)


@pytest.mark.parametrize("engine", ["polars", "polars lazy", "duckdb", "pandas", "pyarrow"])
@pytest.mark.parametrize("kind", ["text", "number"])
def test_every_engine_gives_the_same_table(give: Any, engine: str, kind: str) -> None:
    table = PURCHASES.with_columns(currency=pl.lit("EUR"), margin=pl.col("amount") * 0.3)
    if kind == "number":
        table = table.with_columns(customer=pl.col("customer").replace_strict({"a": 1, "b": 2, "c": 3}))
    wanted = leal.customer_summary(table)
    assert {"margin", "repeat_margin"} <= set(wanted.columns)
    found = leal.customer_summary(give(table, engine))
    assert found.schema == wanted.schema
    assert found.equals(wanted)


def test_several_currencies_are_refused_with_what_to_do() -> None:
    table = PURCHASES.with_columns(currency=pl.Series(["EUR"] * 5 + ["USD", None]))
    with pytest.raises(BadValue, match=r"EUR \(5\), USD \(1\)") as error:
        leal.customer_summary(table)
    assert error.value.where.column == "currency"
    assert leal.customer_summary(table.with_columns(currency=pl.lit("EUR"))).height == 2


def test_dates_far_after_all_others_are_refused_unless_a_last_day_is_given() -> None:
    many = pl.DataFrame(
        {
            "customer": [f"c{n}" for n in range(2000)],
            "bought_at": [D(2026, 1, 1 + n % 28) for n in range(2000)],
        }
    ).with_columns(amount=pl.lit(5.0))
    typo = pl.DataFrame({"customer": ["z"], "bought_at": [D(2062, 1, 1)], "amount": [5.0]})
    with pytest.raises(BadValue, match="1 January 2062"):
        leal.customer_summary(pl.concat([many, typo]))
    assert leal.customer_summary(pl.concat([many, typo]), "2026-02-01").height == 2000
    assert leal.customer_summary(many)["age"].max() == pytest.approx(27 / 7)


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
def test_a_day_whose_refund_cancels_all_is_no_purchase_in_any_order(give: Any, engine: str) -> None:
    """0.1 + 0.2 - 0.3 is not zero in floating point, and which it is hangs on the order."""
    amounts = [0.1, 0.2, -0.3, 10.0]
    table = pl.DataFrame(
        {"customer": ["a"] * 4, "bought_at": [D(2026, 1, 1)] * 3 + [D(2026, 1, 8)], "amount": amounts}
    )
    for order in ([0, 1, 2, 3], [2, 1, 0, 3], [0, 2, 1, 3]):
        found = leal.customer_summary(give(table[order], engine))
        assert found["frequency"].to_list() == [0]
        assert leal.customer_summary(give(table[order], engine), count_free=True)["frequency"].to_list() == [
            1
        ]


def test_zero_prices_are_no_purchases_unless_asked_for() -> None:
    table = pl.DataFrame(
        {"customer": ["a", "a"], "bought_at": [D(2026, 1, 1), D(2026, 1, 8)], "amount": [5.0, 0.0]}
    )
    assert leal.customer_summary(table)["frequency"].to_list() == [0]
    free = leal.customer_summary(table, count_free=True)
    assert (free["frequency"][0], free["spend"][0]) == (1, 0.0)


def test_rows_that_lack_something_are_left_out_and_text_is_refused() -> None:
    gaps = PURCHASES.with_columns(
        amount=pl.Series([60.0, 40.0, None, float("nan"), 50.0, -50.0, float("inf")])
    )
    assert leal.customer_summary(gaps)["customer"].to_list() == ["a"]
    with pytest.raises(BadValue, match="not numbers") as error:
        leal.customer_summary(PURCHASES.with_columns(pl.col("amount").cast(pl.String)))
    assert error.value.where.column == "amount"
    with pytest.raises(MissingColumn, match="bought_at"):
        leal.customer_summary(PURCHASES.drop("bought_at"))


def test_without_a_purchase_the_table_is_empty_but_has_its_columns() -> None:
    refunds = PURCHASES.with_columns(amount=-1.0)
    summary = leal.customer_summary(refunds)
    assert summary.is_empty()
    assert summary.columns[:5] == ["customer", "frequency", "recency", "age", "spend"]


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(PURCHASES.height)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    assert leal.customer_summary(PURCHASES[order]).equals(leal.customer_summary(PURCHASES))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.integers(0, 60), st.integers(-20, 50)), min_size=1, max_size=40
    )
)
def test_the_summary_is_what_a_count_by_hand_gives(rows: list[tuple[str, int, int]]) -> None:
    table = pl.DataFrame(rows, schema=["customer", "bought_at", "amount"], orient="row")
    days: dict[str, dict[int, int]] = {}
    for customer, day, amount in rows:
        own = days.setdefault(customer, {})
        own[day] = own.get(day, 0) + amount
    bought = {who: sorted(day for day in own if own[day] > 0) for who, own in days.items()}
    bought = {who: own for who, own in bought.items() if own}
    last = max((own[-1] for own in bought.values()), default=0)
    wanted = [
        (
            who,
            len(own) - 1,
            (own[-1] - own[0]) / 7,
            (last - own[0]) / 7,
            sum(days[who][day] for day in own[1:]) / (len(own) - 1) if len(own) > 1 else 0.0,
            sum(days[who].values()),
        )
        for who, own in sorted(bought.items())
    ]
    columns = ["customer", "frequency", "recency", "age", "spend", "amount"]
    found = leal.customer_summary(table).select(columns).rows()
    assert [row[0] for row in found] == [row[0] for row in wanted]
    assert [row[1:] for row in found] == [pytest.approx(row[1:]) for row in wanted]


def test_what_is_kept_back_is_counted_from_the_next_day_on() -> None:
    table = pl.DataFrame(
        {
            "customer": ["a", "a", "a", "a", "b", "c"],
            "bought_at": [D(2026, 1, d) for d in (1, 10, 11, 20, 5, 25)],
            "amount": [10.0, 20.0, 30.0, -5.0, 8.0, 9.0],
        }
    )
    found = calibration_and_holdout(table, D(2026, 1, 10), D(2026, 1, 24))
    columns = ["customer", "frequency", "age", "holdout_frequency", "holdout_amount", "holdout_weeks"]
    assert found.select(columns).rows() == [("a", 1, 9 / 7, 1, 25.0, 2.0), ("b", 0, 5 / 7, 0, 0.0, 2.0)]
    assert calibration_and_holdout(table, D(2026, 1, 10))["holdout_weeks"][0] == 15 / 7
    for split, last in ((D(2026, 1, 30), None), (D(2026, 1, 10), D(2026, 1, 10)), (D(2025, 1, 1), None)):
        with pytest.raises(BadValue, match="nothing to"):
            calibration_and_holdout(table, split, last)


@pytest.mark.reference
def test_a_day_before_all_purchases_is_one_clear_error() -> None:
    bought = pl.DataFrame({"customer": ["a"], "bought_at": ["2026-01-08"], "amount": [3.0]})
    with pytest.raises(BadValue, match=r"later than 1 January 2020: the first is of 8 January 2026") as error:
        leal.customer_summary(bought, "2020-01-01")
    assert error.value.where.column == "until"
    assert leal.customer_summary(bought.head(0), "2020-01-01").is_empty()  # nothing at all is an answer
    with pytest.raises(BadValue, match="nothing to learn from"):
        calibration_and_holdout(bought, "2020-01-01")


def test_cdnow_calibration_and_holdout_as_published(golden: Path) -> None:
    """Source: golden/value/cdnow_cbs.csv: days that cost nothing count there; 1,882 purchases in 273 days."""
    log = pl.read_csv(lzma.decompress((golden / "value" / "cdnow_sample_customer_day.csv.xz").read_bytes()))
    purchases = log.select(customer="id", bought_at="date", amount="amt")
    found = calibration_and_holdout(purchases, "1997-09-30", "1998-06-30", count_free=True)
    known = pl.read_csv(golden / "value" / "cdnow_cbs.csv").with_columns(
        customer=pl.col("id").cast(pl.String)
    )
    both = found.join(known, on="customer")
    assert both.height == found.height == known.height == 2357
    assert both["frequency"].to_list() == both["x"].to_list()
    assert (both["recency"] * 7).to_list() == pytest.approx(both["tx_days"].to_list())
    assert (both["age"] * 7).to_list() == pytest.approx(both["T_days"].to_list())
    assert both["spend"].to_list() == pytest.approx(both["mbar"].to_list(), abs=1e-4)
    assert both["holdout_frequency"].to_list() == both["x_holdout_273d"].to_list()
    assert found["holdout_frequency"].sum() == 1882
    assert found["holdout_weeks"][0] == 39


def test_dates_far_before_all_others_are_refused() -> None:
    """1900-01-01 is what an empty cell becomes on its way through a spreadsheet."""
    many = pl.DataFrame({"customer": [f"c{n}" for n in range(200)]}).with_columns(
        bought_at=pl.lit(D(2026, 1, 5)), amount=pl.lit(5.0)
    )
    empty_cell = pl.DataFrame({"customer": ["z"], "bought_at": [D(1900, 1, 1)], "amount": [5.0]})
    with pytest.raises(BadValue, match="1 January 1900 or earlier"):
        leal.customer_summary(pl.concat([many, empty_cell]))
    assert leal.customer_summary(pl.concat([many.head(5), empty_cell])).height == 6


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pandas", "pyarrow"])
def test_dates_in_words_of_another_order_are_refused(give: Any, engine: str) -> None:
    table = pl.DataFrame(
        {"customer": ["a", "b"], "bought_at": ["2026-01-05", "05.01.2026"], "amount": [1.0, 2]}
    )
    with pytest.raises(BadValue, match=r"'05\.01\.2026'") as error:
        leal.customer_summary(give(table, engine))
    assert "2026-03-31" in str(error.value.hint)


@pytest.mark.parametrize("margin", [0, -0.2, 1.5, float("nan"), "0.3", True])
def test_a_margin_that_is_no_share_is_refused(margin: Any) -> None:
    with pytest.raises(BadValue, match="no share of revenue"):
        leal.customer_summary(PURCHASES, margin=margin)


def test_a_column_called_day_is_left_alone_beside_the_dates() -> None:
    """Day of the month, or of the week: `bought_at` is when it was bought."""
    more = PURCHASES.with_columns(day=pl.col("bought_at").dt.day().cast(pl.Int64))
    assert leal.customer_summary(more).equals(leal.customer_summary(PURCHASES))
    assert leal.cohort_retention(more).equals(leal.cohort_retention(PURCHASES))


def test_sales_without_a_name_are_not_those_of_one_customer() -> None:
    """An empty text is what files have where nobody is named."""
    rows = [("", D(2026, 1, day), 9.0) for day in range(1, 9)]
    nobody = pl.DataFrame(rows, schema=PURCHASES.schema, orient="row")
    both = pl.concat([PURCHASES, nobody])
    assert leal.customer_summary(both).equals(leal.customer_summary(PURCHASES))
    for source in (both.to_pandas(), both.to_arrow()):
        assert leal.customer_summary(source).equals(leal.customer_summary(PURCHASES))
    told = [note for note in leal.lifetime_value(both).notes if note.code == "gaps"]
    assert "8 purchases without customer" in str(told[0].text)


def test_customers_that_are_lists_are_refused() -> None:
    lists = PURCHASES.with_columns(customer=pl.concat_list(pl.col("customer")))
    with pytest.raises(BadValue, match="not names"):
        leal.customer_summary(lists)
