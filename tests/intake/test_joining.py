# ruff: noqa: DTZ001 - times are UTC without a zone, by design
"""Tables joined by customer: all the ways in which keys differ, and what is said of it."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd
import polars as pl
import pytest

from leal.engine import collect
from leal.evidence import Evidence
from leal.intake import join_customers, join_report
from leal.wording import Text

DAY = dt.datetime(2026, 3, 2)


def answers(*customers: str | None, **more: list[str | None]) -> pl.DataFrame:
    count = len(customers) or len(next(iter(more.values())))
    columns: dict[str, object] = {"answer": [str(i) for i in range(count)], "recommend": [9] * count}
    if customers:
        columns["customer"] = pl.Series(customers, dtype=pl.String)
    return pl.DataFrame(columns | {name: pl.Series(cells, dtype=pl.String) for name, cells in more.items()})


def purchases(spent: dict[str, float], **more: list[str | None]) -> pl.DataFrame:
    columns = {"customer": list(spent), "bought_at": [DAY] * len(spent), "amount": list(spent.values())}
    return pl.DataFrame(columns | {name: pl.Series(cells, dtype=pl.String) for name, cells in more.items()})


def customers_of(evidence: Evidence, table: str) -> list[str | None]:
    frame = evidence.table(table)
    assert frame is not None
    return collect(frame)["customer"].to_list()


CUSTOMERS = pl.DataFrame(
    {
        "customer": ["1", "2", "123", "4", "5"],
        "email": ["ann@x.ru", None, None, "dup@x.ru", "dup@x.ru"],
        "phone": [None, "+79161234567", None, None, None],
        "name": [None, None, "ООО «Ромашка»", None, None],
        "segment": ["a", "a", "b", "b", "b"],
    }
)


@pytest.mark.parametrize(
    ("key", "customer"),
    [
        ("1", "1"),
        (" ANN@x.ru ", "1"),
        ("mailto:ann@X.RU", "1"),
        ("8 (916) 123-45-67", "2"),
        ("79161234567", "2"),
        ("79161234567.0", "2"),
        ("7.9161234567E+10", "2"),
        ("007 916 123 45 67", "2"),
        ("00123", "123"),
        ("123.0", "123"),
        ('ооо "Ромашка"', "123"),
        ("dup@x.ru", "dup@x.ru"),
        ("7.9E+10", None),
    ],
)
def test_a_key_in_any_writing_finds_its_customer(key: str, customer: str | None) -> None:
    evidence = Evidence(answers=answers(key), customers=CUSTOMERS, purchases=purchases({"1": 5.0}))
    joined, report = join_customers(evidence)
    assert customers_of(joined, "answers") == [customer]
    assert report.matched == (customer in set(CUSTOMERS["customer"]))
    assert report.ambiguous == (customer == "dup@x.ru")


def test_answers_by_mail_find_purchases_by_number_through_the_customers() -> None:
    evidence = Evidence(
        answers=answers("ann@x.ru", "nobody@x.ru", None),
        customers=CUSTOMERS,
        purchases=purchases({"0001": 30.0, "2": 70.0}),
    )
    joined, report = join_customers(evidence)
    assert customers_of(joined, "answers") == ["1", "nobody@x.ru", None]
    assert customers_of(joined, "purchases") == ["1", "2"]
    assert (report.matched, report.unmatched, report.answers_without_customer) == (1, 1, 1)
    assert (report.money_total, report.money_covered, report.money_share) == (100, 30, 0.3)
    assert report.matched_share == 0.5
    assert "few_matched" in {note.code for note in report.notes}


def test_purchases_that_know_mail_and_number_need_no_table_of_customers() -> None:
    evidence = Evidence(
        answers=answers(email=["ANN@x.ru", "bob@x.ru"]),
        purchases=purchases({"17": 5.0, "18": 6.0}, email=["ann@x.ru", "bob@x.ru"]),
    )
    joined, report = join_customers(evidence)
    assert customers_of(joined, "answers") == ["17", "18"]
    assert report.matched == 2


def test_an_exact_identifier_wins_over_a_loose_one() -> None:
    evidence = Evidence(answers=answers("007", "7", "0007"), purchases=purchases({"7": 5.0, "007": 6.0}))
    joined, report = join_customers(evidence)
    assert customers_of(joined, "answers") == ["007", "7", "0007"]
    assert (report.matched, report.ambiguous) == (2, 1)


def test_a_mail_of_two_customers_is_ambiguous_whatever_else_matches() -> None:
    report = join_report(Evidence(answers=answers("dup@x.ru"), customers=CUSTOMERS))
    assert (report.matched, report.ambiguous) == (0, 1)
    assert "ambiguous_customers" in {note.code for note in report.notes}


def test_a_first_name_is_no_key() -> None:
    base = pl.DataFrame({"customer": ["1"], "name": ["Анна"], "joined_at": [DAY]})
    report = join_report(Evidence(answers=answers("Анна"), customers=base))
    assert report.unmatched == 1


def test_a_customer_without_purchases_is_matched_and_brings_nothing() -> None:
    report = join_report(
        Evidence(answers=answers("2"), customers=CUSTOMERS, purchases=purchases({"1": 10.0}))
    )
    assert (report.matched, report.money_covered, report.base) == (1, 0, 5)


def test_money_that_names_nobody_counts_in_the_total() -> None:
    evidence = Evidence(answers=answers("1"), purchases=purchases({"1": 60.0}))
    report = join_report(evidence, money_without_customer=40.0)
    assert report.money_share == 0.6


def test_currencies_are_never_added_up() -> None:
    bought = purchases({"1": 60.0, "2": 5.0, "3": 9.0}, currency=["RUB", "USD", "RUB"])
    report = join_report(Evidence(answers=answers("1"), purchases=bought))
    assert (report.money_total, report.currency) == (69, "RUB")
    assert "several_currencies" in {note.code for note in report.notes}


def test_how_the_matched_differ_is_said_with_an_interval() -> None:
    spent = {str(i): (300.0 + i % 7 if i < 50 else 100.0 + i % 5) for i in range(200)}
    segments = pl.DataFrame({"customer": list(spent), "segment": ["a" if i % 2 else "b" for i in range(200)]})
    evidence = Evidence(
        answers=answers(*(str(i) for i in range(50))), customers=segments, purchases=purchases(spent)
    )
    report = join_report(evidence)
    by_name = {str(found.quantity): found for found in report.differences}
    assert by_name["Spend per customer"].verdict == "a large difference"
    assert by_name["Purchases per customer"].verdict == "they are alike"
    assert by_name["Share of the segment a"].matched == 0.5
    assert by_name["Spend per customer"].difference.ci_low > 0
    assert all(isinstance(text, Text) and text.into("ru") != str(text) for text in report.sentences())


def test_nothing_to_join_is_said() -> None:
    report = join_report(Evidence(answers=answers("1")))
    assert math.isnan(report.matched_share)
    assert not report.few_matched
    assert [note.code for note in report.notes] == ["nothing_to_join"]
    assert report.to_dict()["matched_share"] is None
    assert join_report(Evidence(purchases=purchases({"1": 5.0}))).base == 1


def test_joining_twice_changes_nothing() -> None:
    evidence = Evidence(
        answers=answers("ann@x.ru", "00123", "zz"), customers=CUSTOMERS, purchases=purchases({"001": 5.0})
    )
    once, first = join_customers(evidence)
    twice, second = join_customers(once)
    for table in ("answers", "purchases", "customers"):
        assert customers_of(once, table) == customers_of(twice, table)
    assert (first.matched, first.money_covered) == (second.matched, second.money_covered)


def test_frames_of_other_engines_are_joined_or_reported() -> None:
    tables = {"answers": answers("ann@x.ru"), "customers": CUSTOMERS, "purchases": purchases({"001": 5.0})}
    for convert in (lambda f: f.to_pandas(), lambda f: f.to_arrow(), lambda f: f.lazy()):
        joined, report = join_customers(Evidence(**{name: convert(frame) for name, frame in tables.items()}))
        assert customers_of(joined, "purchases") == ["1"]
        assert report.matched == 1


def test_whole_numbers_as_floats_are_identifiers() -> None:
    bought = pd.DataFrame({"customer": [17850.0, 3.0], "bought_at": [DAY, DAY], "amount": [5.0, 6.0]})
    report = join_report(Evidence(answers=answers("17850", "3"), purchases=bought))
    assert report.matched == 2


def test_duckdb_frames_are_reported_and_left_as_they_are() -> None:
    duckdb = pytest.importorskip("duckdb")
    asked, bought = answers("ann@x.ru"), purchases({"001": 5.0})
    connection = duckdb.connect()
    evidence = Evidence(
        answers=connection.from_arrow(asked.to_arrow()),
        purchases=connection.from_arrow(bought.to_arrow()),
        customers=connection.from_arrow(CUSTOMERS.to_arrow()),
    )
    joined, report = join_customers(evidence)
    assert report.matched == 1
    assert "keys_not_rewritten" in {note.code for note in report.notes}
    assert customers_of(joined, "purchases") == ["001"]
