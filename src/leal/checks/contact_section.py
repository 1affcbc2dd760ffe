"""Beside check 6: the one ledger of contacts: who may be written to, what broke a rule, what is the load."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import interval_bars
from leal.checks.book import Book
from leal.checks.contact_evidence import ledger_of
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.supplement import Supplement
from leal.measure import DAYS_IN_YEAR
from leal.predict import (
    CONTACT_RULES,
    LOAD_DAYS,
    RESTRICTED,
    ContactKind,
    broken_rules,
    contact_load,
    contactable,
)
from leal.results import Note
from leal.statistics import estimated_share
from leal.wording import Count, Day, Decimal, Text

MOST_BEFORE = 5
"""Contacts in the days before from which on all stand in one row."""

KIND_WORDS: dict[ContactKind, Text] = {
    "relationship_survey": Text("relationship survey"),
    "event_survey": Text("survey of an event"),
    "marketing": Text("marketing"),
}

RULE_NAMES: dict[str, Text] = {
    "complaint_open": Text("anything sent after a complaint was opened"),
    "after_any_contact": Text("anything sent after any contact"),
    "after_any_survey": Text("a survey after any survey"),
    "between_relationship_surveys": Text("a relationship survey after the last"),
}
"""What each rule lets wait; the days stand beside it."""


def contacts_in_one_ledger(book: Book) -> Supplement | None:
    """Return what the ledger of contacts says; None without contacts, invitations or customers who bought."""
    ledger = ledger_of(book)
    if ledger is None or book.active.is_empty():
        return None
    people = book.active["customer"].sort()
    allowed = {kind: contactable(ledger, kind, book.last_day, customers=people) for kind in RESTRICTED}
    load = contact_load(ledger, book.last_day, most=MOST_BEFORE, level=book.level)
    held = estimated_share(allowed["marketing"].held_back, len(people), book.level)
    return Supplement(
        estimates=(Named(name=Text("Customers who may not be sent marketing now"), value=held),),
        exhibits=(
            _now(book, {kind: one.frame for kind, one in allowed.items()}),
            _kept(ledger, book),
            *_load(load),
        ),
        pictures=_picture(load),
        notes=(_counted(ledger, people, book),),
    )


def _now(book: Book, told: dict[ContactKind, pl.DataFrame]) -> Exhibit:
    rows = [
        {
            "kind": str(KIND_WORDS[kind]),
            "allowed": int(frame["allowed"].sum()),
            **{rule.name: int((frame["rule"] == rule.name).sum()) for rule in CONTACT_RULES},
        }
        for kind, frame in told.items()
    ]
    return Exhibit(
        title=Text("Who of the customers of the last year may be written to"),
        frame=pl.DataFrame(rows),
        headings=(
            Heading(name="kind", title=Text("What would be sent")),
            Heading(name="allowed", title=Text("May be written to"), unit="count"),
            *(Heading(name=rule.name, title=rule.words, unit="count") for rule in CONTACT_RULES),
        ),
        remark=Text(
            "On {day}; each held back by the rule that holds longest. Keep the rows that are held back, or"
            " answers cannot be weighted.",
            day=Day(book.as_of) if book.as_of is not None else "–",
        ),
    )


def _kept(ledger: pl.DataFrame, book: Book) -> Exhibit:
    found = broken_rules(ledger, book.last_day)
    words = {name: str(text) for name, text in RULE_NAMES.items()}
    days = {rule.name: rule.days for rule in CONTACT_RULES}
    frame = found.with_columns(
        share=pl.when(pl.col("restricted") > 0).then(pl.col("broken") / pl.col("restricted")),
        days=pl.col("rule").replace_strict(days),
        rule=pl.col("rule").replace_strict(words),
    )
    return Exhibit(
        title=Text("Contacts of the last year that a rule would have held back"),
        frame=frame.select("rule", "days", "restricted", "broken", "share", "customers"),
        headings=(
            Heading(name="rule", title=Text("Rule of contact")),
            Heading(name="days", title=Text("Days to wait"), unit="count"),
            Heading(name="restricted", title=Text("Contacts that it is about"), unit="count"),
            Heading(name="broken", title=Text("Made while it held"), unit="count"),
            Heading(name="share", title=Text("Share"), unit="percent"),
            Heading(name="customers", title=Text("Customers"), unit="count"),
        ),
    )


def _load(load: pl.DataFrame) -> tuple[Exhibit, ...]:
    flags = _flags(load)
    if not flags:
        return ()
    titles = {"answered": Text("Surveys answered"), "unsubscribed": Text("Asked for no more")}
    headings = [heading for flag in flags for heading in ranged(flag, titles[flag], "percent")]
    return (
        Exhibit(
            title=Text("Answers and unsubscribing by the contacts of the days before"),
            frame=_named(load),
            headings=(
                Heading(
                    name="contacts_before", title=Text("Contacts in the {days} days before", days=LOAD_DAYS)
                ),
                Heading(name="contacts", title=Text("Contacts"), unit="count"),
                *headings,
            ),
            remark=Text("A correlation: who is contacted often may be another kind of customer."),
        ),
    )


def _flags(load: pl.DataFrame) -> tuple[str, ...]:
    there = (name for name in ("answered", "unsubscribed") if name in load.columns)
    return tuple(name for name in there if load[name].null_count() < load.height)


def _named(load: pl.DataFrame) -> pl.DataFrame:
    """Write the number of contacts before in words, the last row as so many or more."""
    number = pl.col("contacts_before").cast(pl.String)
    last = pl.when(pl.col("contacts_before") == MOST_BEFORE).then(pl.lit(f"{MOST_BEFORE}+"))
    return load.with_columns(contacts_before=last.otherwise(number))


def _picture(load: pl.DataFrame) -> tuple[Picture, ...]:
    flags = _flags(load)
    if not flags:
        return ()
    flag = flags[-1]
    rows = _named(load).drop_nulls(flag)
    frame = rows.select(name="contacts_before", estimate=flag, ci_low=f"{flag}_low", ci_high=f"{flag}_high")
    titles = {
        "answered": Text("Share of surveys answered, by contacts in the {days} days before", days=LOAD_DAYS),
        "unsubscribed": Text(
            "Share who ask for no more, by contacts in the {days} days before", days=LOAD_DAYS
        ),
    }
    return (
        Picture(
            title=titles[flag],
            draw=partial(interval_bars, frame, measure="percent"),
            description=Text("A correlation: who is contacted often may be another kind of customer."),
        ),
    )


def _counted(ledger: pl.DataFrame, people: pl.Series, book: Book) -> Note:
    recent = ledger.filter(pl.col("contacted_at") > book.last_day - DAYS_IN_YEAR)
    of_active = recent.filter(pl.col("customer").is_in(people.implode())).height
    text = Text(
        "The ledger of contacts has {contacts} of the last year, {each} with each customer who bought in it.",
        contacts=Count(recent.height),
        each=Decimal(of_active / len(people), 1),
    )
    return Note(code="contact_ledger", text=text)
