"""What several readers of a book ask for is reckoned once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from leal.checks.book import Book

Found = TypeVar("Found")


def once(reckoned: Callable[[Book], Found]) -> Callable[[Book], Found]:
    """Return the same reckoning over a book, done when it is first asked for and kept in the book."""
    key = f"{reckoned.__module__}.{reckoned.__qualname__}"

    @wraps(reckoned)
    def asked(book: Book) -> Found:
        if key not in book.kept_results:
            book.kept_results[key] = reckoned(book)
        found: Found = book.kept_results[key]  # type: ignore[assignment]
        return found

    return asked
