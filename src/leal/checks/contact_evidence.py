"""Surveys sent and the one ledger of contacts, out of the tables of an audit."""

from __future__ import annotations

import polars as pl

from leal.checks.book import Book
from leal.checks.once import once
from leal.measure import survey_invitations
from leal.predict import contact_ledger


@once
def invitations_of(book: Book) -> pl.DataFrame | None:
    """Return every survey sent and whether it was answered; None where no table tells."""
    frame = book.evidence.table("invitations")
    if frame is None:
        return None
    told = book.evidence.has("answers", "customer", "answered_at")
    return survey_invitations(frame, book.answers if told else None)


@once
def ledger_of(book: Book) -> pl.DataFrame | None:
    """Return the one ledger of contacts up to the day from which the audit looks back.

    None without contacts and invitations: complaints alone are no ledger.
    """
    evidence = book.evidence
    if evidence.table("contacts") is None and evidence.table("invitations") is None:
        return None
    ledger = contact_ledger(
        evidence.table("contacts"),
        sent=invitations_of(book),
        cases=evidence.table("cases"),
        customers=evidence.table("customers"),
    )
    known = ledger.filter(pl.col("contacted_at") <= book.last_day)
    return None if known.is_empty() else known
