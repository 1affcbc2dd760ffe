"""Contacts, invitations, categories and contracts from tables, as the audit shows them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from tests.checks.companies import audit
from tests.checks.test_leaving import company

from leal.charts import Style, to_svg
from leal.checks import Check
from leal.checks.findings import Exhibit
from leal.errors import BadValue
from leal.simulate import company as simulated

NOT_BEFORE = "Who of the customers of the last year may be written to"


def exhibit(check: Check, title: str) -> Exhibit:
    return next(one for one in check.exhibits if one.title.message.startswith(title))


def last_day(tables: dict[str, pl.DataFrame]) -> dt.date:
    found = tables["purchases"]["bought_at"].max()
    assert isinstance(found, dt.date)
    return found.date() if isinstance(found, dt.datetime) else found


def log(tables: dict[str, pl.DataFrame], **ago: int) -> pl.DataFrame:
    day = last_day(tables)
    return pl.DataFrame(
        {
            "customer": list(ago),
            "contacted_at": [day - dt.timedelta(days=days) for days in ago.values()],
            "kind": ["marketing"] * len(ago),
            "unsubscribed": [False] * len(ago),
        }
    )


def test_who_was_contacted_lately_is_left_in_peace_until_the_rules_allow() -> None:
    tables = company(20)
    check = audit(**tables, contacts=log(tables, c5=3, c6=40))[6]
    listed = exhibit(check, "Satisfied customers who may be leaving").frame
    told = {row["customer"]: row for row in listed.iter_rows(named=True)}
    assert told["c5"]["advice"] == "leave in peace: contacted lately"
    assert told["c5"]["free_from"] == last_day(tables) + dt.timedelta(days=11)
    assert told["c6"]["advice"] != "leave in peace: contacted lately"
    assert told["c6"]["free_from"] is None
    allowed = exhibit(check, NOT_BEFORE).frame
    assert dict(allowed.select("kind", "after_any_contact").rows())["marketing"] == 1
    assert "contact_ledger" in {note.code for note in check.notes}
    held = next(one.value for one in check.estimates if one.name.startswith("Customers who may not"))
    assert held.estimate == pytest.approx(1 / 100)
    assert "NaN" not in str(check.to_dict())


def test_without_the_new_tables_nothing_is_said_of_them() -> None:
    found = audit(**company(20))
    assert not [one for one in found[6].exhibits if one.title.message == NOT_BEFORE]
    assert "survey_response" not in {note.code for note in found[5].notes}
    listed = exhibit(found[6], "Satisfied customers who may be leaving")
    assert "free_from" not in listed.frame.columns


def test_a_contract_without_its_beginning_is_shown_and_not_tried() -> None:
    tables = company(20)
    ends = last_day(tables) + dt.timedelta(days=30)
    names = [f"c{place}" for place in range(50)]
    customers = pl.DataFrame({"customer": names, "contract_ends_at": [ends] * 50})
    check = audit(**tables, customers=customers)[6]
    signs = {row["sign"]: row for row in exhibit(check, "Signs of leaving").frame.iter_rows(named=True)}
    sign = signs["Contract ends within 90 days"]
    assert sign["customers"] == 50
    assert sign["validated"] == "not known yet"
    assert "sign_not_tried" in {note.code for note in check.notes}
    began = customers.with_columns(contract_began_at=pl.lit(ends - dt.timedelta(days=365)))
    tried = audit(**tables, customers=began)[6]
    assert "sign_not_tried" not in {note.code for note in tried.notes}


def test_a_kind_that_is_none_is_one_clear_error() -> None:
    tables = company(20)
    wrong = log(tables, c5=3).with_columns(kind=pl.lit("pigeon"))
    with pytest.raises(BadValue, match="contacts"):
        audit(**tables, contacts=wrong)


@pytest.fixture(scope="module")
def found() -> dict[int, Check]:
    from leal.checks.book import Book
    from leal.checks.registry import CHECKS

    book = Book(evidence=simulated(4000, seed=28, language="en").evidence)
    return {number: CHECKS[number - 1](book) for number in (5, 6)}


def test_attention_is_counted_from_the_log_where_customers_have_no_number() -> None:
    """The simulated company has as many rows in its log as its customers say."""
    from leal.checks.book import Book
    from leal.evidence import Evidence

    tables = simulated(500, seed=6).tables
    told = Book(evidence=Evidence(**tables)).register.sort("customer")
    bare = tables | {"customers": tables["customers"].drop("contacts")}
    assert Book(evidence=Evidence(**bare)).register.sort("customer").equals(told)
    # a number that is told is kept, whatever the log holds
    other = tables | {"customers": tables["customers"].with_columns(contacts=pl.lit(7))}
    assert Book(evidence=Evidence(**other)).register["contacts"].unique().to_list() == [7.0]
    nobody = {name: table for name, table in bare.items() if name != "customers"}
    register = Book(evidence=Evidence(**nobody)).register
    assert register["contacts"].sum() == tables["contacts"].height


def test_the_simulated_company_shows_all_eight_signs(found: dict[int, Check]) -> None:
    signs = exhibit(found[6], "Signs of leaving").frame
    assert signs.height == 8
    assert signs["customers"].min() > 0  # type: ignore[operator]
    judged = dict(signs.select("sign", "validated").rows())
    assert judged["Buys from fewer categories than before"] == "tells leavers from stayers"
    assert judged["Contract ends within 90 days"] == "tells leavers from stayers"


def test_the_planted_unsubscribing_and_response_are_in_their_intervals(found: dict[int, Check]) -> None:
    """`simulate.contact_records`: .01, and .05 more for each contact before; no fatigue in the response."""
    load = exhibit(found[6], "Answers and unsubscribing").frame
    assert load["unsubscribed"].is_sorted()
    assert load["unsubscribed_low"][5] > load["unsubscribed_high"][1]
    quiet = load.row(0, named=True)
    assert quiet["unsubscribed_low"] < 0.01 < quiet["unsubscribed_high"]
    rate = next(one.value for one in found[5].estimates if one.name == "Invitations that were answered")
    assert 0.28 < rate.estimate < 0.36
    assert "nonresponse_bounds" in {note.code for note in found[5].notes}


@pytest.mark.parametrize("number", [5, 6])
def test_the_pictures_draw_in_russian(found: dict[int, Check], number: int) -> None:
    drawn = [to_svg(one.draw(Style(language="ru"))) for one in found[number].pictures]
    assert any(word in one for one in drawn for word in ("5+", "май 2026"))
