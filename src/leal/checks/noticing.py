"""Check 1: which spending was noticed, what it moved, what it earned."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_noticing(book: Book) -> Check:
    """Answer check 1 from the evidence of `book`."""
    return mistake(1).unknown(book.lacking(actions=("action", "customer", "cost", "exposed", "noticed")))
