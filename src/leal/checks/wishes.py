"""Check 8: which wish pays, for how many customers, after its cost."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_wishes(book: Book) -> Check:
    """Answer check 8 from the evidence of `book`."""
    return mistake(8).unknown(book.lacking(wishes=("wish", "asked", "value", "cost")))
