"""Check 10: where we stand, surely, and who takes customers from whom."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_rivals(book: Book) -> Check:
    """Answer check 10 from the evidence of `book`."""
    return mistake(10).unknown(book.lacking(brands=("brand", "score", "respondent")))
