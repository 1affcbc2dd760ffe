"""Page one of a strategy: what to do first, and the table of the ten mistakes."""

from __future__ import annotations

from leal.checks import GUARDS, Check
from leal.documents.document import Block, Bullets, Judged, Paragraph, Subheading, Table, TableColumn, Words
from leal.documents.strategy_material import Material, Ranged, at_stake, grade_words
from leal.wording import Day, Text

_FIRST_DAYS = (14, 30, 45, 60, 75, 90)
_EVIDENCE_DAYS, _REVIEW_DAYS = 45, 91


def front(material: Material) -> tuple[Block, ...]:
    """Return what page one holds below its first sentences."""
    return (
        Subheading(text=Text("What to do first")),
        Bullets(items=first_steps(material), numbered=True),
        mistakes_table(material),
        Paragraph(
            text=Text(
                "Grades of evidence: A an experiment with a control group drawn by lot, B change within the"
                " same customers, C correlation, D opinion or assumption. Amounts of different checks overlap"
                " and are never added up."
            ),
            kind="quiet",
        ),
    )


def first_steps(material: Material) -> tuple[Text, ...]:
    """Return the first steps, each with the mistake it is taken against, the money at stake and its date."""
    return tuple(_first_step(material, step) for step in material.audit.first_steps)


def _first_step(material: Material, step: Text) -> Text:
    check = next(one for one in material.audit.ranked if one.next_step == step)
    day = due(material, check)
    if check.money is None or not check.money.known:
        return Text("{step} Against mistake {number}; by {day}.", step=step, number=check.number, day=day)
    return Text(
        "{step} Against mistake {number}, which puts {money} a year at stake; by {day}.",
        step=step,
        number=check.number,
        money=Ranged(check.money),
        day=day,
    )


def mistakes_table(material: Material) -> Table:
    """Return the ten mistakes: verdict, money at stake, grade, guard, owner, date."""
    return Table(
        title=Text("The ten mistakes: where we stand, what stands guard, who answers, until when"),
        columns=(
            TableColumn(title=Text("Mistake"), share=2.6),
            TableColumn(title=Text("Verdict"), share=1.55),
            TableColumn(title=_stake_title(material), share=2.8),
            TableColumn(title=Text("Grade A-D"), share=1.05),
            TableColumn(title=Text("Guard"), share=4.8),
            TableColumn(title=Text("Owner"), share=1.8),
            TableColumn(title=Text("Date"), share=1.9),
        ),
        rows=tuple(_row(material, check) for check in material.audit.checks),
        remark=Text(
            "Dates are proposed by money at stake, evidence to bring comes within {days} days; owners and"
            " dates are yours to fill in.",
            days=_EVIDENCE_DAYS,
        ),
    )


def _stake_title(material: Material) -> Text:
    if material.audit.basis == "margin":
        return Text("Money at stake a year (margin)")
    return Text("Money at stake a year (revenue, not margin)")


def _row(material: Material, check: Check) -> tuple[Words, ...]:
    return (
        Text("{number}. {name}", number=check.number, name=check.name),
        Judged(check.verdict),
        at_stake(check),
        grade_words(check.grade),
        GUARDS[check.number],
        material.owners.of_mistake(check.number),
        due(material, check),
    )


def due(material: Material, check: Check) -> Words:
    """Return until when a mistake is dealt with: as given, else by its verdict and its money."""
    if check.number in material.owners.dates:
        return Day(material.owners.dates[check.number])
    if check.verdict == "unknown":
        return material.day(_EVIDENCE_DAYS)
    if check.verdict == "guarded":
        return material.day(_REVIEW_DAYS)
    exposed = [one.number for one in material.audit.ranked if one.verdict == "exposed"]
    place = exposed.index(check.number)
    return material.day(_FIRST_DAYS[min(place, len(_FIRST_DAYS) - 1)])
