"""Beside check 4: whether work goes into symptoms that return, or into their causes."""

from __future__ import annotations

import polars as pl

from leal.act import SymptomMeter, symptom_meter
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, ranged
from leal.checks.supplement import Supplement
from leal.results import Note
from leal.wording import Percent, Text

_KINDS = {
    "handling": Text("Handling of cases"),
    "without_cause": Text("Actions that name no cause"),
    "on_cause": Text("Actions that work on a cause"),
}


def symptoms(book: Book) -> Supplement | None:
    """Return the symptom meter; None without cases."""
    table = book.evidence.table("cases")
    if table is None:
        return None
    meter = symptom_meter(
        table,
        actions=book.evidence.table("actions"),
        purchases=book.evidence.table("purchases"),
        rules=book.evidence.table("rules"),
        contacts=book.evidence.table("contacts"),
        level=book.level,
    )
    said = Note(code="symptom_meter", text=meter.sentence())
    if not meter.known:
        return Supplement(notes=(said, *meter.notes))
    return Supplement(
        estimates=_figures(meter),
        exhibits=(_reasons(meter), *_spent(meter), *_growth(meter)),
        notes=(said, *meter.notes),
    )


def _figures(meter: SymptomMeter) -> tuple[Named, ...]:
    named = [
        Named(name=Text("Cases that came again for the same reason"), value=meter.returned),
        Named(name=Text("Cases on whose cause no action works"), value=meter.untreated),
    ]
    if meter.growth.known:
        named.append(Named(name=Text("Cases a customer, last quarter minus first"), value=meter.growth))
    if meter.contacts_growth.known:
        named.append(
            Named(name=Text("Contacts a customer, last quarter minus first"), value=meter.contacts_growth)
        )
    return tuple(named)


def _reasons(meter: SymptomMeter) -> Exhibit:
    return Exhibit(
        title=Text("Reasons of cases, and how many come again"),
        frame=meter.to_frame(),
        headings=(
            Heading(name="reason", title=Text("Reason")),
            Heading(name="cases", title=Text("Cases"), unit="count"),
            Heading(name="customers", title=Text("Customers"), unit="count"),
            *ranged("returned", Text("Came again"), "percent"),
            Heading(name="cost", title=Text("Cost of handling"), unit="amount"),
            Heading(name="treated", title=Text("Its cause is worked on")),
        ),
        remark=Text("A reason that returns was closed as a case and left as a cause."),
    )


def _spent(meter: SymptomMeter) -> tuple[Exhibit, ...]:
    spent = meter.spend_on_symptoms
    if spent is None:
        return ()
    words = {kind: str(text) for kind, text in _KINDS.items()}
    return (
        Exhibit(
            title=Text("What is spent on symptoms, and what on causes"),
            frame=meter.spending.with_columns(pl.col("kind").replace_strict(words)),
            headings=(
                Heading(name="kind", title=Text("Spent on")),
                Heading(name="cost", title=Text("Cost"), unit="amount"),
                Heading(name="share", title=Text("Share"), unit="percent"),
            ),
            remark=Text("{share} of what is recorded goes into symptoms.", share=Percent(spent)),
        ),
    )


def _growth(meter: SymptomMeter) -> tuple[Exhibit, ...]:
    if meter.quarters.height < 2:
        return ()
    return (
        Exhibit(
            title=Text("Is the work growing ever more complicated?"),
            frame=meter.quarters,
            headings=(
                Heading(name="quarter", title=Text("Quarter up to"), unit="day"),
                Heading(name="cases", title=Text("Cases"), unit="count"),
                Heading(name="customers", title=Text("Customers of the year before"), unit="count"),
                Heading(name="rate", title=Text("Cases a customer"), unit="number"),
                Heading(name="rules", title=Text("Rules in force"), unit="count"),
                *_touches(meter),
            ),
        ),
    )


def _touches(meter: SymptomMeter) -> tuple[Heading, ...]:
    """Return the column of contacts, where a log of them covers a quarter."""
    if meter.quarters["contacts"].null_count() == meter.quarters.height:
        return ()
    return (Heading(name="contacts_rate", title=Text("Contacts a customer"), unit="number"),)
