"""What to know of the programmes without a holdout that are compared with customers like the treated."""

from __future__ import annotations

from collections.abc import Callable

from leal.checks.book import Book
from leal.measure import ProgrammeEffect
from leal.prove import UnrandomisedEffect
from leal.results import Note
from leal.wording import Count, Formatted, Listing, Percent, RoundAmount, Text

Told = tuple[ProgrammeEffect, UnrandomisedEffect]
"""A programme, and what is told of it without a holdout."""

WORTH_SAYING = 0.05
"""Share of the others who came into it later, or of the treated left out, from which on it is told."""


def unrandomised_notes(
    book: Book, found: list[Told], not_looked_at: list[ProgrammeEffect]
) -> tuple[Note, ...]:
    """Return the notes: how periods are counted, who was picked, which trends differ, who is left out."""
    return (
        *_periods(found),
        *_picked(book, found),
        *(note for one, it in found for note in _of_effect(one, it)),
        *_left_out(found),
        *_joined_later(found),
        *_every(found),
        *_not_looked_at(not_looked_at),
    )


def _programmes(found: list[Told], figure_of: Callable[[UnrandomisedEffect], Formatted | None]) -> list[Text]:
    """Return the programmes with a figure worth telling, which stands in brackets."""
    figures = [(one.name, figure_of(it)) for one, it in found]
    return [Text("{action} ({figure})", action=name, figure=it) for name, it in figures if it is not None]


def _periods(found: list[Told]) -> list[Note]:
    if all(it.window is None for _, it in found):
        return []
    text = Text(
        "Without a holdout a period is four weeks (28 days), counted from each customer's own start; the last"
        " ones before it, at most three, are made alike, and so are no base and not drawn."
    )
    return [Note(code="periods_of_four_weeks", text=text)]


def _picked(book: Book, found: list[Told]) -> list[Note]:
    def change(it: UnrandomisedEffect) -> Formatted | None:
        if it.picked is None or not it.picked_by_recent:
            return None
        return RoundAmount(it.picked.estimate, book.currency, signed=True)

    picked = _programmes(found, change)
    text = Text(
        "In the last weeks before the start the treated spent more or less a period than they used to, beyond"
        " others: {actions}. They may have been picked by it, and then go back by themselves.",
        actions=Listing.of(picked),
    )
    return [Note(code="picked_by_recent", text=text)] if picked else []


def _of_effect(one: ProgrammeEffect, it: UnrandomisedEffect) -> list[Note]:
    """Return what the comparison itself says, under the name of the programme."""
    said = () if it.effect is None else it.effect.notes
    return [
        Note(code=note.code, text=Text("{action}: {words}", action=one.name, words=note.text))
        for note in said
        if note.code != "not_randomised"
    ]


def _left_out(found: list[Told]) -> list[Note]:
    parts = _programmes(found, lambda it: _worth_saying(it.left_out / it.treated))
    text = Text(
        "Left out of the treated is who was no customer long enough before the start, or has no whole time"
        " after it: {actions}.",
        actions=Listing.of(parts),
    )
    return [Note(code="treated_left_out", text=text)] if parts else []


def _joined_later(found: list[Told]) -> list[Note]:
    parts = _programmes(found, lambda it: _worth_saying(it.joined_later))
    text = Text(
        "Part of the others came into the programme later and stays among them, which understates an effect:"
        " {actions}.",
        actions=Listing.of(parts),
    )
    return [Note(code="others_joined_later", text=text)] if parts else []


def _worth_saying(share: float) -> Percent | None:
    return Percent(share) if share >= WORTH_SAYING else None


def _every(found: list[Told]) -> list[Note]:
    parts = _programmes(found, lambda it: Count(it.every) if it.every > 1 else None)
    text = Text(
        "Of so many customers only one in so many is looked at: {actions}.", actions=Listing.of(parts)
    )
    return [Note(code="every_so_many", text=text)] if parts else []


def _not_looked_at(rest: list[ProgrammeEffect]) -> list[Note]:
    text = Text(
        "Of so many purchases only the costliest programmes without a holdout are looked at, not {actions}.",
        actions=Listing.of(one.name for one in rest),
    )
    return [Note(code="not_looked_at", text=text)] if rest else []
