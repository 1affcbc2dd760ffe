"""The 30-minute diagnosis as a document of one page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leal.checks import Assumption, Check, Diagnosis, Scenarios, Step
from leal.documents.document import Document, Judged, Paragraph, Table, TableColumn, Words
from leal.documents.strategy_material import grade_words
from leal.wording import Count, Day, Language, Percent, RoundAmount, Text

_SHARES = {
    "margin",
    "repeat_share",
    "retention",
    "passives",
    "moved",
    "more",
    "kept",
    "unnoticed",
    "discount",
}
_SOURCES = {
    "answer": Text("your answer"),
    "data": Text("your files"),
    "assumption": Text("assumed"),
}


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Low, likely and high of an amount in one cell."""

    value: Scenarios
    currency: str | None

    def into(self, language: Language) -> str:
        low, likely, high = (
            RoundAmount(number, self.currency).into(language)
            for number in (self.value.low, self.value.likely, self.value.high)
        )
        return f"{low} · {likely} · {high}"


def session_of(diagnosis: Diagnosis) -> Document:
    """Return a diagnosis as a document of one page for any writer.

    Parameters
    ----------
    diagnosis : Diagnosis
        As `leal.checks.diagnose` returns it.

    Returns
    -------
    Document
        The ten mistakes, repeat-sales potential as low, likely and high, every assumption, an agenda.
    """
    return Document(
        title=_title(diagnosis),
        kicker=_kicker(diagnosis),
        deck=_deck(diagnosis),
        front=(
            *_potential(diagnosis),
            _mistakes(diagnosis),
            _agenda(diagnosis),
            *_assumptions(diagnosis),
            Paragraph(text=_grade(diagnosis), kind="quiet"),
        ),
        day=diagnosis.day,
    )


def _title(diagnosis: Diagnosis) -> Text:
    if diagnosis.company is None:
        return Text("Loyalty diagnosis")
    return Text("Loyalty diagnosis: {company}", company=diagnosis.company)


def _kicker(diagnosis: Diagnosis) -> Text:
    answered = Text(
        "{answered} of {asked} questions answered", answered=diagnosis.answered, asked=diagnosis.asked
    )
    if diagnosis.day is None:
        return Text("30 minutes; {answered}", answered=answered)
    return Text("30 minutes; {answered}; {day}", answered=answered, day=Day(diagnosis.day))


def _deck(diagnosis: Diagnosis) -> tuple[Text, ...]:
    potential = diagnosis.potential
    if potential is None:
        return (
            diagnosis.sentence(),
            Text("What repeat sales could bring is unknown: it needs customers and their spending."),
        )
    words = {
        "low": RoundAmount(potential.first_year.low, diagnosis.currency),
        "likely": RoundAmount(potential.first_year.likely, diagnosis.currency),
        "high": RoundAmount(potential.first_year.high, diagnosis.currency),
    }
    if potential.basis == "margin":
        money = Text(
            "More repeat sales could bring {low} to {high} of margin a year, likely {likely}.", **words
        )
    else:
        money = Text(
            "More repeat sales could bring {low} to {high} of revenue a year, likely {likely}.", **words
        )
    return (diagnosis.sentence(), money)


def _potential(diagnosis: Diagnosis) -> tuple[Table, ...]:
    found = diagnosis.potential
    if found is None:
        return ()
    rows: list[tuple[Words, ...]] = [
        _amounts(Text("Passives moved up, a year"), found.passives, diagnosis),
        _amounts(Text("Customers kept, in the first year"), found.kept, diagnosis),
        _amounts(Text("Both, in the first year"), found.first_year, diagnosis),
        _amounts(Text("Customers kept, over the years to come"), found.years, diagnosis),
        _amounts(Text("For comparison: money of a year now"), found.yearly_money, diagnosis),
    ]
    return (
        Table(
            title=Text("What more repeat sales could bring (grade D)"),
            columns=(
                TableColumn(title=Text("Source"), share=2.4),
                *(TableColumn(title=name, numeric=True) for name in _HEADS),
            ),
            rows=tuple(rows),
        ),
    )


_HEADS = (Text("Low"), Text("Likely"), Text("High"))


def _amounts(name: Text, value: Scenarios, diagnosis: Diagnosis) -> tuple[Words, ...]:
    return (name, *(RoundAmount(x, diagnosis.currency) for x in (value.low, value.likely, value.high)))


def _mistakes(diagnosis: Diagnosis) -> Table:
    return Table(
        title=Text("The ten mistakes"),
        columns=(
            TableColumn(title=Text("Mistake"), share=2.5),
            TableColumn(title=Text("Verdict"), share=1.45),
            TableColumn(title=Text("Grade A-D"), share=1.05),
            TableColumn(title=Text("At stake a year: low · likely · high"), share=2.8),
            TableColumn(title=Text("Guard, or evidence to bring"), share=4.6),
        ),
        rows=tuple(_mistake(check, diagnosis) for check in diagnosis.checks),
        remark=Text("One amount may stand in several mistakes; they are not added up."),
    )


def _mistake(check: Check, diagnosis: Diagnosis) -> tuple[Words, ...]:
    stake: Words = Text("not counted")
    if check.number in diagnosis.stakes:
        stake = _Amounts(diagnosis.stakes[check.number], diagnosis.currency)
    return (
        Text("{number}. {name}", number=check.number, name=check.name),
        Judged(check.verdict),
        grade_words(check.grade),
        stake,
        check.next_step,
    )


def _agenda(diagnosis: Diagnosis) -> Table:
    return Table(
        title=Text("Agenda"),
        columns=(
            TableColumn(title=Text("Step"), share=4.4),
            TableColumn(title=Text("Why"), share=3.2),
            TableColumn(title=Text("Until"), share=1.5),
            TableColumn(title=Text("Owner"), share=1.7),
        ),
        rows=tuple(
            (step.what, step.why, _until(step, diagnosis.day), "_________") for step in diagnosis.agenda
        ),
    )


def _until(step: Step, day: dt.date | None) -> Words:
    if day is None:
        return Text("day {number}", number=Count(step.days))
    return Day(day + dt.timedelta(days=step.days))


def _assumptions(diagnosis: Diagnosis) -> tuple[Table, ...]:
    found = diagnosis.potential
    if found is None:
        return ()
    return (
        Table(
            title=Text("What the money rests on"),
            columns=(
                TableColumn(title=Text("Input"), share=2.6),
                *(TableColumn(title=name, numeric=True) for name in _HEADS),
                TableColumn(title=Text("From where"), share=1.3),
            ),
            rows=tuple(_assumption(one, diagnosis) for one in found.assumptions),
        ),
    )


def _assumption(one: Assumption, diagnosis: Diagnosis) -> tuple[Words, ...]:
    figures = [
        _input(one.key, x, diagnosis.currency) for x in (one.value.low, one.value.likely, one.value.high)
    ]
    return (one.name, *figures, _SOURCES[one.source])


def _input(key: str, value: float, currency: str | None) -> Words:
    if key in _SHARES:
        return Percent(value, 0 if round(100 * value, 6) % 1 == 0 else 1)
    return Count(value) if key == "customers" else RoundAmount(value, currency)


def _grade(diagnosis: Diagnosis) -> Text:
    words = Text(
        "Passives: customers x money x repeat share x passives' share x moved x more. Kept: customers x"
        " (1 - retention) x kept x money. Low takes every input at its least favourable end, high at the"
        " other: opinions (grade D), not an interval of confidence; no probability is claimed."
    )
    if not diagnosis.from_files:
        return words
    return Text("{words} Verdicts with other grades come from your files.", words=words)
