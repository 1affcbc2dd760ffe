"""Check 4: what drives satisfaction and loyalty."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_causes(book: Book) -> Check:
    """Answer check 4 from the evidence of `book`."""
    return mistake(4).unknown(book.lacking(answers=("satisfaction",)))
