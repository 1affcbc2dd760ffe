"""Money at stake from plain estimates: scaled, added up, named in the currency of the audit."""

from __future__ import annotations

import math
from collections.abc import Iterable

from leal.checks.book import Book
from leal.results import Basis, Estimate, Grade, Money, Note


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
    """Return the sum of independent estimates; its limits add up in squares, each side by itself.

    Notes
    -----
    Sum -+ sqrt(sum of squared reaches): the method of variance estimates recovery (Zou and Donner 2008),
    which keeps the intervals lopsided where they were.
    """
    parts = list(estimates)
    total = math.fsum(part.estimate for part in parts)
    return Estimate(
        estimate=total,
        ci_low=total - math.hypot(*(part.estimate - part.ci_low for part in parts)),
        ci_high=total + math.hypot(*(part.ci_high - part.estimate for part in parts)),
        n=math.fsum(part.n for part in parts),
        level=parts[0].level,
        method="mover",
    )
