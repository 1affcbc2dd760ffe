"""The ten mistakes, in their order: name and question of each check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leal.checks.findings import Check, Verdict
from leal.results import Note
from leal.wording import Listing, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One of the ten mistakes that a business makes which steers by a single score."""

    number: int
    name: Text
    question: Text

    def answered(self, *, verdict: Verdict, finding: Text, next_step: Text, **more: Any) -> Check:
        """Return the answer of a check; `more` are further fields of `Check`: money, grade, exhibits ..."""
        return Check(
            number=self.number,
            name=self.name,
            question=self.question,
            verdict=verdict,
            finding=finding,
            next_step=next_step,
            **more,
        )

    def unknown(
        self,
        missing: tuple[Text, ...],
        *,
        finding: Text | None = None,
        next_step: Text | None = None,
        notes: tuple[Note, ...] = (),
    ) -> Check:
        """Return the answer of a check whose evidence is missing: what is absent, and how to get it."""
        listing = Listing.of(missing)
        return self.answered(
            verdict="unknown",
            finding=finding or Text("Not known yet. It needs {missing}.", missing=listing),
            missing=missing,
            next_step=next_step or Text("Bring this evidence: {missing}.", missing=listing),
            notes=notes,
        )


_PAIRS = (
    (
        Text("Paying for what customers do not notice"),
        Text("Which spending was noticed, what did it move, what did it earn?"),
    ),
    (Text("Ignoring passives"), Text("What do passives bring, and what is moving them worth?")),
    (Text("Programmes that do not work"), Text("What did each programme change against its holdout?")),
    (
        Text("Treating symptoms, not causes"),
        Text("What drives satisfaction and loyalty, and with what certainty?"),
    ),
    (
        Text("Missing a change of mood"),
        Text("Did the scores of customers move, since when, and how sure is it?"),
    ),
    (
        Text("Losing fairly satisfied customers"),
        Text("Who is satisfied and leaving, and whom should we leave alone?"),
    ),
    (
        Text("Lowering lifetime value"),
        Text("What is each customer and group worth, and what moves it?"),
    ),
    (
        Text("Building wishes that earn nothing"),
        Text("Which wish pays, for how many customers, after its cost?"),
    ),
    (
        Text("The wrong segmentation"),
        Text("Which segmentation predicts money for customers not yet seen?"),
    ),
    (
        Text("Weak protection against competitors"),
        Text("Where do we stand, surely, and who takes customers from whom?"),
    ),
)

MISTAKES: tuple[Mistake, ...] = tuple(
    Mistake(number=number, name=name, question=question) for number, (name, question) in enumerate(_PAIRS, 1)
)


def mistake(number: int) -> Mistake:
    """Return the mistake of that number, 1 to 10."""
    return MISTAKES[number - 1]
