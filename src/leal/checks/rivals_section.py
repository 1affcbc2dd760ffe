"""Beside check 10: where each rival is open to attack, which newcomer grows, whether ranks tell wallets."""

from __future__ import annotations

import polars as pl

from leal.checks.book import Book
from leal.checks.brand_ratings import brand_ratings, driver_name
from leal.checks.findings import Exhibit, Heading, Named, ranged
from leal.checks.supplement import Supplement
from leal.engine import column_names
from leal.explain import RivalOpenings, rival_openings
from leal.measure import Newcomer, newcomers, wallet_validity
from leal.results import Note, Proportion, with_limits
from leal.wording import Text


def openings_of_rivals(book: Book) -> Supplement | None:
    """Return drivers on which rivals are weaker, reachable customers, cost limits; None without a study."""
    table = brand_ratings(book)
    if table is None or book.evidence.absent("brands", "respondent", "score", "own", "rank"):
        return None
    found = rival_openings(
        table,
        customers=book.active.height or None,
        value=book.customer_worth.value if book.customer_worth else None,
        level=book.level,
    )
    growing = newcomers(table, level=book.level)
    valid = _validity(book)
    return Supplement(
        estimates=_figures(found, valid),
        exhibits=tuple(_exhibits(found, growing)),
        notes=(*_said(found, growing), *found.notes),
    )


def _validity(book: Book) -> Proportion | None:
    table = book.evidence.table("brands")
    if table is None or "brand_spend" not in column_names(table):
        return None
    found = wallet_validity(table, level=book.level)
    return found if found.known else None


def _figures(found: RivalOpenings, valid: Proportion | None) -> tuple[Named, ...]:
    named = [
        Named(name=Text("Reachable dissatisfied customers of {rival}", rival=one.rival), value=one.reachable)
        for one in found.openings[:3]
        if one.reachable.known
    ]
    named += [
        Named(
            name=Text("Most that winning a customer of {rival} may cost", rival=one.rival),
            value=one.cost_limit,
        )
        for one in found.openings[:3]
        if one.cost_limit is not None
    ]
    if valid is not None:
        named.append(
            Named(name=Text("Share of a customer's wallet differences that ranks explain"), value=valid)
        )
    return tuple(named)


def _exhibits(found: RivalOpenings, growing: tuple[Newcomer, ...]) -> list[Exhibit]:
    exhibits = []
    if any(one.dissatisfied.known for one in found.openings):
        exhibits.append(_reachable(found))
    if any(one.weaknesses for one in found.openings):
        exhibits.append(_weaknesses(found))
    if growing:
        exhibits.append(_growth(growing))
    return exhibits


def _reachable(found: RivalOpenings) -> Exhibit:
    rows = [
        {
            "rival": one.rival,
            "users": one.users,
            **with_limits("dissatisfied", one.dissatisfied),
            **with_limits("reachable", one.reachable),
            **with_limits("limit", one.cost_limit),
            "weaker": ", ".join(driver_name(weak.item) for weak in one.sure_weaknesses) or None,
        }
        for one in found.openings
        if one.dissatisfied.known
    ]
    return Exhibit(
        title=Text("Whom each rival leaves open"),
        frame=pl.DataFrame(rows, infer_schema_length=None),
        headings=(
            Heading(name="rival", title=Text("Rival")),
            Heading(name="users", title=Text("Users asked"), unit="count"),
            *ranged("dissatisfied", Text("Dissatisfied"), "percent"),
            *ranged("reachable", Text("Customers in reach"), "count"),
            *ranged("limit", Text("Most that one may cost"), "amount"),
            Heading(name="weaker", title=Text("Surely weaker in")),
        ),
        remark=Text(
            "In reach: our customers of the last year x dissatisfied users of the rival / respondents who use"
            " ours, first or not. The cost limit takes a won customer for as loyal as ours: an upper bound."
        ),
    )


def _weaknesses(found: RivalOpenings) -> Exhibit:
    return Exhibit(
        title=Text("Drivers: users of each rival rate it, ours rate us"),
        frame=found.to_frame().with_columns(
            pl.Series("item", [driver_name(item) for item in found.to_frame()["item"]], dtype=pl.String)
        ),
        headings=(
            Heading(name="rival", title=Text("Rival")),
            Heading(name="item", title=Text("Driver")),
            *ranged("gap", Text("Its rating less ours"), "number"),
            Heading(name="p_value", title=Text("p, corrected"), unit="p_value"),
            Heading(name="importance", title=Text("Goes with the score"), unit="number"),
        ),
        remark=Text("On 0 to 100; below zero the rival is weaker. Different people rate: see where to look."),
    )


def _growth(growing: tuple[Newcomer, ...]) -> Exhibit:
    rows = [
        {
            "rival": one.rival,
            "before": one.before,
            "now": one.now,
            **with_limits("growth", one.growth),
            "p_value": one.p_value,
            "alarm": one.alarm,
        }
        for one in growing
    ]
    return Exhibit(
        title=Text("Which rivals grow"),
        frame=pl.DataFrame(rows, infer_schema_length=None),
        headings=(
            Heading(name="rival", title=Text("Rival")),
            Heading(name="before", title=Text("Users then"), unit="percent"),
            Heading(name="now", title=Text("Users now"), unit="percent"),
            *ranged("growth", Text("Growth"), "percent"),
            Heading(name="p_value", title=Text("p, corrected"), unit="p_value"),
            Heading(name="alarm", title=Text("Newcomer alarm")),
        ),
    )


def _said(found: RivalOpenings, growing: tuple[Newcomer, ...]) -> list[Note]:
    notes = [Note(code="rival_opening", text=one.sentence()) for one in found.openings if one.sure_weaknesses]
    notes += [
        Note(code="newcomer", text=Text("Newcomer alarm: {change}.", change=one.sentence()))
        for one in growing
        if one.alarm
    ]
    return notes
