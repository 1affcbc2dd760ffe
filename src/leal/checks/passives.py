"""Check 2: what passives bring, and what moving them is worth."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_passives(book: Book) -> Check:
    """Answer check 2 from the evidence of `book`."""
    return mistake(2).unknown(
        book.lacking(answers=("customer", "recommend"), purchases=("customer", "bought_at", "amount"))
    )
