"""What check 3 shows beside its table: the ledger of promised and proved, and how long effects last."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from leal.charts import effect_curves, ledger_steps
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.words import told
from leal.measure import ActionNoticing, ProgrammeEffect, noticing
from leal.prove import PATH_WORDS, PROMISES, EffectsByPath, Ledger, effects_by_path, programme_ledger
from leal.results import Note, estimate_of, with_limits
from leal.wording import Percent, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The ledger and the effects over time, dressed for the report."""

    book: Book
    ledger: Ledger
    lasting: EffectsByPath | None

    @property
    def has_promises(self) -> bool:
        """Whether any action bears a promise."""
        return self.ledger.promised is not None

    def estimates(self) -> tuple[Named, ...]:
        """Return the totals of the ledger."""
        pairs = (
            (Text("Promised in all"), self.ledger.promised),
            (Text("Proved in all, before cost"), self.ledger.proved),
            (Text("Harm done in all"), self.ledger.harmed),
        )
        return tuple(Named(name=name, value=value) for name, value in pairs if value is not None)

    def exhibits(self) -> tuple[Exhibit, ...]:
        """Return the tables: the ledger, and how long effects last."""
        return tuple(
            exhibit for exhibit in (self._ledger_table(), self._lasting_table()) if exhibit is not None
        )

    def pictures(self) -> tuple[Picture, ...]:
        """Return the charts of the same."""
        found = []
        if self.has_promises:
            found.append(
                Picture(
                    title=Text("From what was promised to what is proved"),
                    draw=partial(ledger_steps, self.ledger.steps(), currency=self.book.currency),
                    description=self.ledger.sentence(),
                )
            )
        if self.lasting is not None and self.lasting.paths:
            found.append(
                Picture(
                    title=Text("How the effect goes on, by the way to loyalty that actions take"),
                    draw=partial(
                        effect_curves,
                        self.lasting.to_frame(),
                        currency=self.book.currency,
                        names={
                            one.path: PATH_WORDS[one.path] for one in self.lasting if one.path in PATH_WORDS
                        },
                    ),
                    description=self.lasting.sentence(),
                )
            )
        return tuple(found)

    def notes(self) -> tuple[Note, ...]:
        """Return what to know of looking again, and what we were wrong about."""
        look = Note(
            code="looked_at_again",
            text=Text(
                "Each audit is a look at programmes that still run: who stops one at the first good look is"
                " fooled more often than in 5 of 100. Plan the looks, and judge each by its own bound."
            ),
        )
        unseen = [
            Note(
                code="noticed_less",
                text=Text(
                    "{action} was noticed by {noticed}, and {expected} were to notice it: that much of its"
                    " promise could come at most.",
                    action=line.action,
                    noticed=told(line.noticed),
                    expected=Percent(line.expected),
                ),
            )
            for line in self.ledger
            if line.promised is not None and line.noticed is not None and line.noticed.ci_high < line.expected
        ]
        surprises = [
            Note(code="wrong_about", text=Text("We were wrong: {words}", words=one.sentence()))
            for one in self.ledger.wrong()
        ]
        return (look, *unseen, *surprises)

    def _ledger_table(self) -> Exhibit | None:
        if not self.has_promises:
            return None
        rows = []
        for line in self.ledger:
            asked = line.noticed is not None and line.noticed.known
            rows.append(
                {
                    "action": line.action,
                    "promised": estimate_of(line.promised),
                    "expected": line.expected if asked else None,
                    **with_limits("noticed", line.noticed),
                    "left": estimate_of(line.noticed_money),
                    **with_limits("measured", line.proved),
                    "proved": str(Text("proved") if line.is_proved else Text("not proved")),
                    "grade": line.grade,
                }
            )
        shares = ("expected", "noticed", "noticed_low", "noticed_high")
        numbers = ("promised", *shares, "left", "measured", "measured_low", "measured_high")
        schema = {"action": pl.String, **dict.fromkeys(numbers, pl.Float64)}
        schema |= {"proved": pl.String, "grade": pl.String}
        return Exhibit(
            title=Text("The ledger: promised, noticed, proved"),
            frame=pl.DataFrame(rows, schema=schema),
            headings=(
                Heading(name="action", title=Text("Programme")),
                Heading(name="promised", title=Text("Promised"), unit="amount"),
                Heading(name="expected", title=Text("Were to notice"), unit="percent"),
                *ranged("noticed", Text("Noticed"), "percent"),
                Heading(name="left", title=Text("Left of the promise"), unit="amount"),
                *ranged("measured", Text("Measured"), "amount"),
                Heading(name="proved", title=Text("Proved")),
                Heading(name="grade", title=Text("Grade A-D")),
            ),
            remark=Text(
                "{money} {proved} {left}",
                money=Text("Money in all since the start, before cost."),
                proved=Text("Proved is what surely brought more than it cost."),
                left=Text(
                    "Left of the promise is what those who noticed can bring at most; where it is not told"
                    " how many were to notice, everybody was."
                ),
            ),
        )

    def _lasting_table(self) -> Exhibit | None:
        if self.lasting is None or not self.lasting.paths:
            return None
        rows = [
            {
                "path": str(PATH_WORDS.get(one.path, one.path)),
                "actions": ", ".join(one.actions),
                "months": len(one.months),
                "half_life": one.half_life.estimate if one.half_life.decays else None,
                "low": one.half_life.ci_low if math.isfinite(one.half_life.ci_low) else None,
                "high": one.half_life.ci_high if math.isfinite(one.half_life.ci_high) else None,
                "p_value": one.half_life.decay.p_value if one.half_life.decay.known else None,
            }
            for one in self.lasting
        ]
        numbers = ("half_life", "low", "high", "p_value")
        schema = {"path": pl.String, "actions": pl.String, "months": pl.Int64}
        return Exhibit(
            title=Text("How long the effect of each way to loyalty lasts"),
            frame=pl.DataFrame(rows, schema=schema | dict.fromkeys(numbers, pl.Float64)),
            headings=(
                Heading(name="path", title=Text("Way to loyalty")),
                Heading(name="actions", title=Text("Programmes")),
                Heading(name="months", title=Text("Months seen"), unit="count"),
                *ranged("half_life", Text("Months until half is left"), "number", ""),
                Heading(name="p_value", title=Text("p of a decay"), unit="p_value"),
            ),
            remark=self.lasting.sentence(),
        )


def proof_of(book: Book, effects: Sequence[ProgrammeEffect]) -> Proof:
    """Return the ledger and the effects over time of the programmes of an audit."""
    actions = book.evidence.table("actions")
    promised = book.evidence.has("actions", PROMISES[0])
    noticed: tuple[ActionNoticing, ...] = ()
    if promised and book.evidence.has("actions", "customer"):
        with_answers = book.evidence.has("answers", "customer")
        noticed = noticing(
            actions, book.evidence.table("answers") if with_answers else None, level=book.level
        )
    ledger = programme_ledger(
        actions,
        effects,
        noticed=noticed,
        currency=book.currency,
        basis=book.basis,
        level=book.level,
    )
    lasting = None
    if book.evidence.has("actions", "customer", "arm", "started_at", "path"):
        lasting = effects_by_path(
            actions,
            book.money_days,
            column=book.money_column,
            currency=book.currency,
            basis=book.basis,
            level=book.level,
        )
    return Proof(book=book, ledger=ledger, lasting=lasting)


def proved_words(ledger: Ledger) -> Text | None:
    """Return what is proved in all, in words; None where nothing is."""
    proved = ledger.proved
    return None if proved is None else Text("Proved in all: {money} before cost.", money=told(proved))
