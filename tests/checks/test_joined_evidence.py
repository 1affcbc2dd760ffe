"""Audits of tables whose keys differ, or hardly meet."""

from __future__ import annotations

import polars as pl
from tests.checks.companies import answers, audit, grouped, purchases


def test_answers_by_mail_find_purchases_by_number() -> None:
    said, bought = grouped()
    who = sorted({customer for customer, _, _ in bought})
    customers = pl.DataFrame({"customer": who, "email": [f"{customer}@x.ru" for customer in who]})
    by_mail = answers([(f"{customer.upper()}@X.RU", at, score) for customer, at, score in said])
    found = audit(answers=by_mail, purchases=purchases(bought), customers=customers)
    plain = audit(answers=answers(said), purchases=purchases(bought), customers=customers)
    assert found.joining.matched_share == 1
    assert found[2].finding == plain[2].finding
    assert "few_matched" not in {note.code for check in found.checks for note in check.notes}


def test_money_checks_say_when_few_customers_were_found() -> None:
    said, bought = grouped()
    strangers = [(f"stranger{place}", 300, 9) for place in range(len(said))]
    found = audit(answers=answers([*said, *strangers]), purchases=purchases(bought))
    assert found.joining.matched_share == 0.5
    with_money = [check for check in found.checks if check.money is not None]
    assert with_money
    assert all("few_matched" in {note.code for note in check.notes} for check in with_money)
