"""Money at stake from plain estimates: scaled, added up, named in the currency of the audit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from leal.checks.book import Book
from leal.results import Basis, Estimate, Grade, Money, Note, recast


def stake(
    book: Book,
    estimate: Estimate,
    *,
    grade: Grade,
    factor: float = 1.0,
    basis: Basis | None = None,
    period: Literal["year", "period"] = "year",
    notes: Iterable[Note] = (),
) -> Money:
    """Return an estimate as money of the audit, a year's where nobody says, times `factor` (above zero)."""
    return recast(
        Money,
        estimate,
        factor,
        notes=(*estimate.notes, *notes),
        currency=book.currency,
        basis=basis or book.basis,
        period=period,
        grade=grade,
    )
