"""Check 5: did scores move, since when, how sure."""

from __future__ import annotations

from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check


def check_mood(book: Book) -> Check:
    """Answer check 5 from the evidence of `book`."""
    return mistake(5).unknown(book.lacking(answers=("recommend", "answered_at")))
