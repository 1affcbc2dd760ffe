"""The 30-minute diagnosis as a document of one page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leal.checks import (
    SESSION_QUESTIONS,
    STAKE_FACTORS,
    Assumption,
    Check,
    Diagnosis,
    Scenarios,
    Step,
)
from leal.documents.document import Continued, Document, Judged, Paragraph, Table, TableColumn, Words
from leal.documents.strategy_material import grade_words
from leal.results import Grade
from leal.wording import Count, Day, Language, Listing, Percent, RoundAmount, Text

_AMOUNTS = {"yearly_spend", "loyalty_spend", "care_spend", "wishes_spend"}
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
        figures = (self.value.low, self.value.likely, self.value.high)
        return said_once([RoundAmount(number, self.currency).into(language) for number in figures])


def said_once(amounts: list[str]) -> str:
    """Return amounts side by side, the currency that all of them begin or end with written once.

    Examples
    --------
    >>> print(said_once(["EUR\u00a05", "EUR\u00a06", "EUR\u00a07"]).replace("\u00a0", " "))
    EUR 5 · 6 · 7
    """
    words = [amount.split("\u00a0") for amount in amounts]
    if min(map(len, words)) > 1 and len({each[0] for each in words}) == 1:
        words[1:] = [each[1:] for each in words[1:]]
    elif min(map(len, words)) > 1 and len({each[-1] for each in words}) == 1:
        words[:-1] = [each[:-1] for each in words[:-1]]
    return " · ".join("\u00a0".join(each) for each in words)


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
            _minutes(),
            *_potential(diagnosis),
            _mistakes(diagnosis),
            _agenda(diagnosis),
            *_assumptions(diagnosis),
            Paragraph(text=_grade(diagnosis), kind="quiet"),
        ),
        day=diagnosis.day,
    )


def _minutes() -> Paragraph:
    """Return the agenda of the half hour itself."""
    asked = [question.mistake is not None for question in SESSION_QUESTIONS]
    return Paragraph(
        text=Text(
            "The 30 minutes: 8 for the business ({business} questions), 12 for the ten mistakes ({mistakes}"
            " questions), 5 for the money, 5 for who does what next.",
            business=asked.count(False),
            mistakes=asked.count(True),
        ),
        kind="quiet",
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
            *_first(diagnosis),
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
    return (diagnosis.sentence(), money, *_first(diagnosis))


def _first(diagnosis: Diagnosis) -> tuple[Text, ...]:
    """Return the step that the agenda begins with, and until when."""
    if not diagnosis.agenda:
        return ()
    begun = diagnosis.agenda[0]
    step = Continued(begun.what)
    if diagnosis.day is None:
        return (Text("First: {step}", step=step),)
    return (Text("First, by {day}: {step}", day=_until(begun, diagnosis.day), step=step),)


def _potential(diagnosis: Diagnosis) -> tuple[Table, ...]:
    found = diagnosis.potential
    if found is None:
        return ()
    rows: list[tuple[Words, ...]] = [
        _amounts(Text("Passives moved up, a year"), found.passives, diagnosis),
        _amounts(Text("Customers kept, in the first year"), found.kept, diagnosis),
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
            TableColumn(title=Text("Mistake"), share=3.8),
            TableColumn(title=Text("Verdict"), share=1.35),
            TableColumn(title=Text("At stake a year: low · likely · high"), share=3.7),
            TableColumn(title=Text("Grade A-D"), share=1.15),
            TableColumn(title=Text("Guard, or evidence to bring"), share=6.6),
        ),
        rows=tuple(_mistake(check, diagnosis) for check in diagnosis.checks),
        remark=Text(
            "One amount may stand in several mistakes; they are not added up. Where an answer says that a"
            " mistake is guarded, nothing is at stake."
        ),
    )


def _mistake(check: Check, diagnosis: Diagnosis) -> tuple[Words, ...]:
    return (
        Text("{number}. {name}", number=check.number, name=check.name),
        Judged(check.verdict),
        _stake(check, diagnosis),
        grade_words(_grade_of_stake(check, diagnosis)),
        check.next_step,
    )


def _stake(check: Check, diagnosis: Diagnosis) -> Words:
    """Return low, likely and high of what a mistake may cost, or what it takes to reckon that."""
    if check.number in diagnosis.stakes:
        return _Amounts(diagnosis.stakes[check.number], diagnosis.currency)
    if check.number in diagnosis.needs:
        return Text("unknown: needs {figures}", figures=Listing.of(diagnosis.needs[check.number]))
    return "–"


def _grade_of_stake(check: Check, diagnosis: Diagnosis) -> Grade | None:
    """Return the grade of the verdict, and where there is none that of the money: an opinion."""
    return check.grade or ("D" if check.number in diagnosis.stakes else None)


def _agenda(diagnosis: Diagnosis) -> Table:
    return Table(
        title=Text("What to do next"),
        columns=(
            TableColumn(title=Text("Step"), share=6.4),
            TableColumn(title=Text("Why"), share=3.7),
            TableColumn(title=Text("Until"), share=1.6),
            TableColumn(title=Text("Owner"), share=1.5),
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
    """Return the inputs that the money shown is reckoned from, and where each is a factor."""
    reckoned = [number for number in diagnosis.stakes if number not in diagnosis.from_files]
    potential = diagnosis.potential
    growth = set() if potential is None else {one.key for one in potential.assumptions}
    rows = [
        (one, one.key in growth, _entered(one, reckoned))
        for one in diagnosis.inputs
        if one.key in growth or _entered(one, reckoned)
    ]
    if not rows:
        return ()
    return (
        Table(
            title=Text("What the money rests on (grade D)"),
            columns=(
                TableColumn(title=Text("Input"), share=4.0),
                *(TableColumn(title=name, numeric=True, share=1.15) for name in _HEADS),
                TableColumn(title=Text("From where"), share=1.1),
                TableColumn(title=Text("Used for (mistakes by number)"), share=2.3),
            ),
            rows=tuple(_assumption(one, grows, entered, diagnosis) for one, grows, entered in rows),
        ),
    )


def _entered(one: Assumption, reckoned: list[int]) -> list[int]:
    return [number for number in reckoned if one.key in STAKE_FACTORS[number]]


def _assumption(one: Assumption, grows: bool, entered: list[int], diagnosis: Diagnosis) -> tuple[Words, ...]:
    figures = [
        _input(one.key, x, diagnosis.currency) for x in (one.value.low, one.value.likely, one.value.high)
    ]
    uses: list[object] = [Text("repeat sales")] if grows else []
    return (one.name, *figures, _SOURCES[one.source], Listing.of([*uses, *entered]))


def _input(key: str, value: float, currency: str | None) -> Words:
    if key in _AMOUNTS:
        return RoundAmount(value, currency)
    if key == "customers":
        return Count(value)
    return Percent(value, 0 if round(100 * value, 6) % 1 == 0 else 1)


def _grade(diagnosis: Diagnosis) -> Text:
    words = Text(
        "The money of a mistake is the product of its inputs; of retention the part missing to 100 % counts."
        " Low takes every input at its least favourable end, high at the other: opinions (grade D), not an"
        " interval of confidence; no probability is claimed."
    )
    if not diagnosis.from_files:
        return words
    return Text("{words} Other grades: counted from your files, with their interval.", words=words)
