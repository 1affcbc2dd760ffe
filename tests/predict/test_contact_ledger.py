"""One ledger out of three tables, what the rules would have held back, and the load with gaps."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import polars as pl
import pytest

from leal.measure import survey_invitations
from leal.predict import CONTACT_RULES, ContactKind, broken_rules, contact_ledger, contact_load, contactable
from leal.tables import CONTACT_KINDS

DAY = (dt.date(2026, 6, 1) - dt.date(1970, 1, 1)).days


def day(ago: int) -> dt.date:
    return dt.date(2026, 6, 1) - dt.timedelta(days=ago)


def test_the_vocabulary_and_the_rules_know_the_same_kinds() -> None:
    assert get_args(ContactKind) == CONTACT_KINDS


def test_contacts_surveys_and_complaints_stand_in_one_ledger_and_count_once() -> None:
    contacts = pl.DataFrame(
        {
            "customer": ["a", "a", "b", None],
            "contacted_at": [day(10), day(10), day(5), day(4)],
            "kind": ["marketing", "event_survey", None, "marketing"],
            "unsubscribed": [False, None, True, False],
        }
    )
    sent = survey_invitations(
        pl.DataFrame(
            {"customer": ["a", "c"], "invited_at": [day(10), day(3)], "kind": ["event_survey", None]}
        )
    )
    cases = pl.DataFrame({"customer": ["a"], "opened_at": [day(2)], "reason": ["late"]})
    customers = pl.DataFrame({"customer": ["a", "b"], "account": ["firm", None]})
    ledger = contact_ledger(contacts, sent=sent, cases=cases, customers=customers)
    assert ledger.select("customer", "kind").rows() == [
        ("a", "event_survey"),
        ("a", "marketing"),
        ("a", "complaint"),
        ("b", "other"),
        ("c", "relationship_survey"),
    ]
    assert ledger["account"].to_list() == ["firm", "firm", "firm", None, None]
    assert dict(ledger.select("customer", "unsubscribed").tail(2).rows()) == {"b": True, "c": None}
    told = contactable(ledger, "marketing", DAY, customers=["b", "z"]).frame
    assert dict(told.select("customer", "rule").rows()) == {"b": "after_any_contact", "z": None}


def test_a_log_without_kinds_still_holds_back_for_14_days() -> None:
    log = pl.DataFrame({"customer": ["a", "b"], "contacted_at": [day(13), day(14)]})
    told = contactable(contact_ledger(log), "marketing", DAY).frame
    assert dict(told.select("customer", "allowed").rows()) == {"a": False, "b": True}


def test_contacts_made_while_a_rule_held_are_counted_by_hand() -> None:
    rows = [("a", 40, "marketing"), ("a", 30, "marketing"), ("a", 16, "marketing"), ("b", 30, "complaint")]
    rows += [("b", 24, "marketing"), ("c", 100, "relationship_survey"), ("c", 11, "relationship_survey")]
    ledger = pl.DataFrame(
        [(who, day(ago), kind) for who, ago, kind in rows],
        schema=["customer", "contacted_at", "kind"],
        orient="row",
    )
    found = {row["rule"]: row for row in broken_rules(ledger, DAY).iter_rows(named=True)}
    # a: 10 days after day 40, then 14 after day 30; b: 6 days after a complaint; c: 89 days
    assert found["after_any_contact"] == {
        "rule": "after_any_contact",
        "restricted": 6,
        "broken": 2,
        "customers": 2,
    }
    assert found["complaint_open"]["broken"] == 1
    assert found["between_relationship_surveys"]["broken"] == 1
    assert found["after_any_survey"]["broken"] == 0
    assert broken_rules(ledger, DAY, days=20)["broken"].to_list() == [0, 0, 0, 1]
    assert broken_rules(ledger.head(0), DAY)["broken"].to_list() == [0] * len(CONTACT_RULES)


def test_the_load_asks_only_contacts_that_can_be_answered() -> None:
    ledger = pl.DataFrame(
        {
            "customer": ["a", "a", "a", "b"],
            "contacted_at": [day(50), day(20), day(10), day(5)],
            "kind": ["marketing", "event_survey", "event_survey", "event_survey"],
            "answered": [None, True, False, False],
        }
    )
    table = contact_load(ledger, DAY, most=1)
    assert table["contacts"].to_list() == [2, 2]
    assert table["answered"].to_list() == [0.0, 0.5]
    unknown = contact_load(ledger.with_columns(answered=pl.lit(None, dtype=pl.Boolean)), DAY)
    assert unknown["answered"].null_count() == unknown.height


@pytest.mark.parametrize("table", ["contacts", "cases"])
def test_without_any_row_the_ledger_is_empty(table: str) -> None:
    empty = {
        "contacts": pl.DataFrame(schema={"customer": pl.String, "contacted_at": pl.Date}),
        "cases": pl.DataFrame(schema={"customer": pl.String, "opened_at": pl.Date}),
    }[table]
    found = contact_ledger(empty) if table == "contacts" else contact_ledger(cases=empty)
    assert found.is_empty()
    assert contactable(found, "marketing", DAY).frame.is_empty()
