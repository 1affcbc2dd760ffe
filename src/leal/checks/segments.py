"""Check 9: which segmentation predicts money for customers not yet seen."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_segments(book: Book) -> Check:
    """Answer check 9 from the evidence of `book`."""
    return mistake(9).unknown(
        book.lacking(customers=("customer", "segment"), purchases=("customer", "bought_at", "amount"))
    )
