"""Check 3: what each programme changed against its holdout."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_programmes(book: Book) -> Check:
    """Answer check 3 from the evidence of `book`."""
    return mistake(3).unknown(
        book.lacking(actions=("action", "customer", "arm"), purchases=("customer", "bought_at", "amount"))
    )
