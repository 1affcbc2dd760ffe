"""Part 9 of a strategy: the rhythm of the year with its dates."""

from __future__ import annotations

import datetime as dt

from leal.documents.document import Bullets, Part, Subheading, Table, TableColumn, Words
from leal.documents.strategy_material import YEAR, Material
from leal.wording import Count, Day, Month, Text

_MONDAY, _TUESDAY = 0, 1
_MONTHS = 12


def calendar(material: Material) -> Part:
    """Return part 9: weekly huddle, monthly outer loop, quarterly wave, yearly strategy, with dates."""
    return Part(
        number=9,
        name=Text("Calendar"),
        finding=_finding(material),
        blocks=(
            _rhythm(material),
            _year(material),
            Subheading(text=Text("The huddle: 20 minutes")),
            Bullets(
                items=(
                    Text("New alarms: what moved, since when, who looks into it?"),
                    Text("Open cases older than 48 hours: who calls today?"),
                    Text("One customer's words, read aloud."),
                    Text("Actions: what is late, what does it need?"),
                ),
                numbered=True,
            ),
            Subheading(text=Text("The outer loop: 90 minutes")),
            Bullets(
                items=(
                    Text("Causes by money, from cases and comments; the first one gets an owner."),
                    Text("Tests that report this month: go on, widen, stop."),
                    Text("The leaving list: half of it to contact, drawn by lot."),
                    Text("The stop list: what was stopped, and where the money goes."),
                ),
                numbered=True,
            ),
        ),
    )


def _finding(material: Material) -> Text:
    if material.start is None:
        return Text("A huddle a week, an outer loop a month, a wave a quarter, a strategy a year.")
    return Text(
        "A huddle a week from {huddle}, an outer loop a month, a wave a quarter, a new strategy on {next}.",
        huddle=Day(_next(material.start, _MONDAY)),
        next=material.day(YEAR),
    )


def _next(day: dt.date, weekday: int) -> dt.date:
    """Return the first day of the week after a day."""
    return day + dt.timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def _loops(start: dt.date) -> list[dt.date]:
    """Return the first Tuesday of each of the next twelve months."""
    days = []
    for ahead in range(1, _MONTHS + 1):
        first = dt.date(start.year + (start.month - 1 + ahead) // 12, (start.month - 1 + ahead) % 12 + 1, 1)
        days.append(_next(first - dt.timedelta(days=1), _TUESDAY))
    return days


def _rhythm(material: Material) -> Table:
    owners = material.owners
    rows: tuple[tuple[Words, ...], ...] = (
        (Text("Every Monday"), Text("Huddle"), _first(material, 0), owners.of_role("service")),
        (
            Text("First Tuesday of the month"),
            Text("Outer loop"),
            _first(material, 1),
            owners.of_role("product"),
        ),
        (Text("Every quarter"), Text("Wave of the survey"), _first(material, 3), owners.of_role("research")),
        (Text("Every quarter"), Text("Ledger read aloud"), _first(material, 3), owners.of_role("finance")),
        (
            Text("Every year"),
            Text("Market study and strategy"),
            material.day(YEAR),
            owners.of_role("sponsor"),
        ),
    )
    return Table(
        title=Text("The rhythm"),
        columns=(
            TableColumn(title=Text("When"), share=1.6),
            TableColumn(title=Text("What is done"), share=1.6),
            TableColumn(title=Text("First"), share=1.6),
            TableColumn(title=Text("Owner"), share=1.4),
        ),
        rows=rows,
        slide=False,
    )


def _first(material: Material, months: int) -> Words:
    if material.start is None:
        return Text("day {number}", number=Count(7 if months == 0 else 30 * months))
    if months == 0:
        return Day(_next(material.start, _MONDAY))
    return Day(_loops(material.start)[months - 1])


def _year(material: Material) -> Table:
    rows: list[tuple[Words, ...]] = []
    loops: list[dt.date] | list[None] = _loops(material.start) if material.start else [None] * _MONTHS
    for at, day in enumerate(loops, start=1):
        month: Words = Month(day) if day else Text("month {number}", number=at)
        loop: Words = Day(day) if day else Text("first Tuesday")
        rows.append((month, loop, _event(at)))
    return Table(
        title=Text("The year"),
        columns=(
            TableColumn(title=Text("Month"), share=1.3),
            TableColumn(title=Text("Outer loop on"), share=1.5),
            TableColumn(title=Text("What else"), share=4),
        ),
        rows=tuple(rows),
    )


def _event(month: int) -> Text:
    if month == _MONTHS:
        return Text("Wave, ledger, market study; the strategy of the next year")
    if month == 6:
        return Text("Wave, ledger; tests decided: go on or stop")
    if month % 3 == 0:
        return Text("Wave, index and signals, ledger")
    if month == 1:
        return Text("Charter signed, owners named, missing evidence asked for")
    if month == 2:
        return Text("Tests running, holdouts drawn by lot")
    return Text("Cases by cause; the leaving list; the stop list")
