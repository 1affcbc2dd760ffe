"""Check 6: satisfied customers who are leaving, and whom to leave alone."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_leaving(book: Book) -> Check:
    """Answer check 6 from the evidence of `book`."""
    return mistake(6).unknown(
        book.lacking(answers=("customer", "recommend"), purchases=("customer", "bought_at", "amount"))
    )
