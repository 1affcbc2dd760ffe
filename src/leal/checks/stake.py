"""Money at stake from plain estimates: scaled, added up, named in the currency of the audit."""

from __future__ import annotations

from collections.abc import Iterable

from leal.checks.book import Book
from leal.results import Basis, Estimate, Grade, Money, Note
from leal.statistics import sum_independent


def stake(
    book: Book,
    estimate: Estimate,
    *,
    grade: Grade,
    factor: float = 1.0,
    basis: Basis | None = None,
    notes: Iterable[Note] = (),
) -> Money:
    """Return an estimate as money a year, times `factor` (above zero)."""
    return Money(
        estimate=estimate.estimate * factor,
        ci_low=estimate.ci_low * factor,
        ci_high=estimate.ci_high * factor,
        n=estimate.n,
        level=estimate.level,
        method=estimate.method,
        notes=(*estimate.notes, *notes),
        currency=book.currency,
        basis=basis or book.basis,
        period="year",
        grade=grade,
    )


def together(estimates: Iterable[Estimate]) -> Estimate:
    """Return the sum of independent estimates (`leal.statistics.sum_independent`)."""
    return sum_independent(estimates)
