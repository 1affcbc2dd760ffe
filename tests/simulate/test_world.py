"""A simulated company: canonical tables, one seed one company, whatever the number of customers."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from leal.errors import BadOption
from leal.evidence import Evidence
from leal.simulate import Company, company
from leal.tables import TABLES

KINDS = {
    "text": (pl.String,),
    "integer": (pl.Int64, pl.Int32),
    "number": (pl.Float64, pl.Int64),
    "time": (pl.Datetime, pl.Date),
    "flag": (pl.Boolean,),
}


@pytest.fixture(scope="module")
def firm() -> Company:
    return company(600, seed=5)


def test_a_company_has_every_table_and_makes_an_evidence(firm: Company) -> None:
    assert set(firm.tables) == set(TABLES)
    assert isinstance(firm.evidence, Evidence)
    assert firm.tables["customers"].height == firm.hidden.height == 600


def test_every_column_of_the_vocabulary_has_its_kind_and_range(firm: Company) -> None:
    for name, frame in firm.tables.items():
        assert set(TABLES[name].required) <= set(frame.columns)
        for column in TABLES[name]:
            if column.name not in frame.columns:
                continue
            values = frame[column.name]
            assert values.dtype.base_type() in KINDS[column.kind], (name, column.name, values.dtype)
            if column.low is not None and values.len():
                assert float(values.min()) >= column.low, (name, column.name)  # type: ignore[arg-type]
            if column.high is not None and values.len():
                assert float(values.max()) <= column.high, (name, column.name)  # type: ignore[arg-type]
            if column.choices:
                assert set(values.drop_nulls()) <= set(column.choices)


def test_no_optional_column_of_answers_or_purchases_is_left_out(firm: Company) -> None:
    optional = {column.name for column in TABLES["answers"]} - {"wave"}
    assert optional <= set(firm.tables["answers"].columns)
    assert {column.name for column in TABLES["purchases"]} <= set(firm.tables["purchases"].columns)


def test_one_seed_makes_one_company_and_another_seed_another() -> None:
    first, again, other = company(80, seed=3), company(80, seed=3), company(80, seed=4)
    for name in first.tables:
        assert_frame_equal(first.tables[name], again.tables[name])
    assert not first.tables["purchases"].equals(other.tables["purchases"])


@settings(max_examples=10, deadline=None)
@given(few=st.integers(1, 60), more=st.integers(1, 60), seed=st.integers(0, 2**31))
def test_the_first_customers_do_not_depend_on_how_many_are_asked_for(few: int, more: int, seed: int) -> None:
    small, big = company(few, seed=seed), company(few + more, seed=seed)
    numbers = small.tables["customers"]["customer"].implode()
    # what is promised of a programme is money in all, and so depends on how many take part
    of_all = pl.selectors.starts_with("promised")
    for name in ("customers", "purchases", "actions", "contacts", "invitations"):
        same = big.tables[name].filter(pl.col("customer").is_in(numbers))
        assert_frame_equal(
            small.tables[name].drop(of_all, strict=False),
            same.drop(of_all, strict=False),
            check_row_order=False,
        )
    left = big.tables["answers"].filter(pl.col("customer").is_in(numbers)).drop("weight")
    assert_frame_equal(small.tables["answers"].drop("weight"), left)


def test_identifiers_are_unique_and_money_belongs_to_customers(firm: Company) -> None:
    tables = firm.tables
    assert tables["answers"]["answer"].is_unique().all()
    assert tables["purchases"]["purchase"].is_unique().all()
    known = tables["customers"]["customer"].implode()
    for name in ("answers", "purchases", "actions"):
        assert tables[name]["customer"].is_in(known).all()
    assert set(tables["customers"]["unit"]) <= set(tables["units"]["unit"])


def test_nothing_happens_before_joining_or_after_the_end(firm: Company) -> None:
    tables = firm.tables
    for name, column in (("purchases", "bought_at"), ("answers", "answered_at")):
        assert tables[name][column].dt.date().max() <= dt.date(2026, 6, 30)  # type: ignore[operator]
    bought = tables["purchases"].join(tables["customers"], on="customer")
    assert (bought["bought_at"].dt.date() >= bought["joined_at"]).all()
    left = bought.filter(pl.col("left_at") < pl.col("bought_at").dt.date(), pl.col("amount") > 0)
    assert left.is_empty()


def test_refunds_are_negative_rows_of_a_purchase(firm: Company) -> None:
    purchases = firm.tables["purchases"]
    refunds = purchases.filter(pl.col("amount") < 0).with_columns(pl.col("purchase").str.strip_suffix("-R"))
    assert refunds.height > 20
    both = refunds.join(purchases, on="purchase", suffix="_bought")
    assert both.height == refunds.height
    assert (both["amount"] + both["amount_bought"] >= -0.01).all()
    assert (both["bought_at"] > both["bought_at_bought"]).all()


@pytest.mark.parametrize(("language", "share"), [("ru", 1.0), ("en", 0.0), ("both", 0.6)])
def test_comments_are_in_the_language_asked_for(language: str, share: float) -> None:
    firm = company(1500, seed=2, language=language)
    comments = firm.tables["answers"]["comment"].drop_nulls()
    comments = comments.filter(comments.str.len_chars() > 12)
    russian = comments.str.contains("[а-яА-Я]").mean()
    assert russian == pytest.approx(share, abs=0.08)
    named_in_russian = firm.tables["brands"]["brand"].str.contains("[а-яА-Я]").all()
    assert named_in_russian == (language == "ru")


def test_comments_hold_the_traps_of_real_ones_and_few_repeat() -> None:
    comments = company(4000, seed=1).tables["answers"]["comment"].drop_nulls()
    assert comments.str.starts_with("=").any()
    assert comments.str.contains("\n", literal=True).any()
    assert comments.str.contains('"', literal=True).any()
    assert comments.str.contains("😊", literal=True).any()
    assert comments.n_unique() / comments.len() > 0.75


def test_money_is_in_the_currency_of_the_language_or_the_one_asked_for() -> None:
    def currencies(firm: Company) -> list[str]:
        return firm.tables["purchases"]["currency"].unique().to_list()

    assert currencies(company(30, language="ru")) == ["RUB"]
    assert currencies(company(30, language="en")) == ["USD"]
    assert currencies(company(30, language="ru", currency="EUR")) == ["EUR"]


def test_a_company_of_one_customer_is_a_company() -> None:
    tiny = company(1, seed=1)
    assert tiny.tables["customers"].height == 1
    assert tiny.tables["purchases"].height >= 1


@pytest.mark.parametrize("months", [1, 3, 30])
def test_the_survey_may_last_any_number_of_months(months: int) -> None:
    firm = company(400, seed=1, months=months)
    asked = firm.tables["answers"]["answered_at"].dt.truncate("1mo").n_unique()
    assert asked == months


@pytest.mark.parametrize(
    ("option", "value"),
    [("customers", 0), ("months", 0), ("language", "de"), ("end", dt.date(2026, 7, 2))],
)
def test_options_that_make_no_company_are_refused(option: str, value: object) -> None:
    with pytest.raises(BadOption, match=option):
        company(**{option: value})  # type: ignore[arg-type]
