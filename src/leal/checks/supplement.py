"""What stands below a check's answer without changing its verdict: further tables, pictures, figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from leal.checks.book import Book
from leal.checks.findings import Check, Exhibit, Named, Picture
from leal.results import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """Further evidence on the subject of a check.

    Attributes
    ----------
    estimates, exhibits, pictures, notes
        What is added to the check's own.
    """

    estimates: tuple[Named, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    pictures: tuple[Picture, ...] = ()
    notes: tuple[Note, ...] = ()


def beside(
    check: Callable[[Book], Check], *supplements: Callable[[Book], Supplement | None]
) -> Callable[[Book], Check]:
    """Return the check with supplements below its answer; one whose evidence is missing adds nothing."""

    def answered(book: Book) -> Check:
        answer = check(book)
        for supplement in supplements:
            found = supplement(book)
            if found is not None:
                answer = _added(answer, found)
        return answer

    return answered


def _added(answer: Check, found: Supplement) -> Check:
    return replace(
        answer,
        estimates=(*answer.estimates, *found.estimates),
        exhibits=(*answer.exhibits, *found.exhibits),
        pictures=(*answer.pictures, *found.pictures),
        notes=(*answer.notes, *found.notes),
    )
