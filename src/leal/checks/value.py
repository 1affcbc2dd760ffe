"""Check 7: what customers are worth, and what moves it."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_value(book: Book) -> Check:
    """Answer check 7 from the evidence of `book`."""
    return mistake(7).unknown(book.lacking(purchases=("customer", "bought_at", "amount")))
