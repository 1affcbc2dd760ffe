"""Check 1: which spending was noticed, what it moved, what it earned."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl

from leal.act import StopList
from leal.charts import noticing_bars
from leal.checks.book import Book
from leal.checks.catalogue import mistake
from leal.checks.findings import Check, Exhibit, Heading, Named, Picture, Verdict, missing_evidence, ranged
from leal.checks.noticing_money import returns, revenue_note, stop_exhibit, stopping, threshold_exhibit
from leal.checks.stake import stake
from leal.checks.words import told
from leal.engine import lazy
from leal.measure import DAYS_IN_YEAR, ActionNoticing, noticing, read_columns
from leal.results import Estimate, Grade, Note, estimate_of, recast, with_limits
from leal.statistics import Comparison, sum_independent
from leal.wording import Count, Listing, Percent, RoundAmount, Text, plural

NUMBER = 1
LEAST_ASKED = 30
IN_VAIN = 0.5
"""The check is exposed where at least this share of the spending went on what was not noticed."""

_GRADES: tuple[Grade, ...] = ("A", "B", "C", "D")


def check_noticing(book: Book) -> Check:
    """Answer check 1 from the evidence of `book`.

    Notes
    -----
    Exposed where half or more of the spending (without costs: of the exposed customers) went on what
    customers did not notice because of it; guarded otherwise; unknown where fewer than 30 exposed customers
    were asked. Money at stake: the sum of cost x (1 - extra noticed share), a year.
    """
    actions = book.evidence.table("actions")
    if actions is None:
        return mistake(NUMBER).unknown(
            book.lacking(actions=("action", "customer", "cost", "exposed", "noticed"))
        )
    found = [one for one in _noticing(book) if one.exposed.asked >= LEAST_ASKED]
    if not found:
        return _too_few(book)
    unnoticed = _share_in_vain(found)
    verdict: Verdict = "exposed" if unnoticed >= IN_VAIN else "guarded"
    grade = max((one.grade for one in found), key=_GRADES.index)
    priced = [one for one in found if one.in_vain is not None]
    stops = stopping(book, found)
    money = None
    if priced:
        money = stake(book, _in_vain(priced), grade=grade, factor=_to_year(book), basis="margin")
    return mistake(NUMBER).answered(
        verdict=verdict,
        finding=_finding(book, found, priced),
        money=money,
        missing=_missing(found),
        next_step=_next_step(found, verdict, stops),
        grade=grade,
        estimates=(*_estimates(book, found), *returns(found)),
        exhibits=(_exhibit(found), stop_exhibit(stops), threshold_exhibit(found, book.level)),
        pictures=(_picture(found),),
        notes=(*_notes(found), *revenue_note(book, found)),
    )


def _noticing(book: Book) -> tuple[ActionNoticing, ...]:
    answers = book.evidence.table("answers")
    score = next((name for name in ("satisfaction", "recommend") if book.evidence.has("answers", name)), None)
    has_customers = book.evidence.has("answers", "customer")
    money = None
    if book.evidence.has("purchases"):
        money = book.money_days.select("customer", "day", pl.col(book.money_column).alias("money"))
    found = noticing(
        book.evidence.table("actions"),
        answers if has_customers else None,
        score=score,
        money=money,
        level=book.level,
    )
    effects = _effects(book)
    return tuple(
        replace(one, earned=effects[one.action, one.exposed.customers])
        if one.earned.known and (one.action, one.exposed.customers) in effects
        else one
        for one in found
    )


def _effects(book: Book) -> dict[tuple[str, float], Comparison]:
    """Return what check 3 measured a head, by action and customers treated: the same money, told once."""
    if book.lacking(actions=("action", "customer", "arm"), purchases=("customer", "bought_at", "amount")):
        return {}
    arms = Counter(one.action for one in book.programmes)
    return {
        (one.action, one.treated): one.effect_a_head
        for one in book.programmes
        if one.effect_a_head is not None and one.effect_a_head.known and arms[one.action] == 1
    }


def _too_few(book: Book) -> Check:
    missing = book.lacking(actions=("customer", "exposed", "noticed"))
    if book.evidence.has("answers", "action", "noticed") or not missing:
        missing = (
            Text("answers: action, noticed, from {count} exposed customers or more", count=LEAST_ASKED),
        )
    step = Text("Ask exposed and unexposed customers alike in the next survey: have you noticed this?")
    return mistake(NUMBER).unknown(missing, next_step=step)


def _share_in_vain(found: list[ActionNoticing]) -> float:
    """Share of the spending (else of the exposed customers) that went unnoticed."""
    priced = all(one.cost for one in found)
    weights = [float(one.cost or 0) if priced else float(one.exposed.customers) for one in found]
    seen = [min(1.0, max(0.0, one.really_noticed.estimate)) for one in found]
    return 1 - math.fsum(w * s for w, s in zip(weights, seen, strict=True)) / math.fsum(weights)


def _to_year(book: Book) -> float:
    """Actions that started over more than a year are brought down to a year's spending."""
    if not book.evidence.has("actions", "started_at"):
        return 1.0
    days = read_columns(lazy(book.evidence.table("actions")), ("started_at",), "actions")["day"].drop_nulls()
    span = int(np.ptp(days.to_numpy())) + 1 if days.len() else 0
    return DAYS_IN_YEAR / max(span, DAYS_IN_YEAR)


def _finding(book: Book, found: list[ActionNoticing], priced: list[ActionNoticing]) -> Text:
    least = min(found, key=lambda one: (one.really_noticed.estimate, one.action))
    worst = Text(
        "Noticed least: {action}, by {share} of those exposed.",
        action=least.action,
        share=told(least.really_noticed),
    )
    if not priced:
        return Text(
            "Customers did not notice {share} of what was done for them; what it cost is not known. {worst}",
            share=Percent(_share_in_vain(found)),
            worst=worst,
        )
    return Text(
        "Of {spent} spent on {actions}, {vain} went on what customers did not notice. {worst}",
        spent=RoundAmount(math.fsum(one.cost or 0 for one in priced), book.currency),
        actions=plural("{count} action", "{count} actions", len(priced)),
        vain=told(stake(book, _in_vain(priced), grade="C")),
        worst=worst,
    )


def _in_vain(priced: list[ActionNoticing]) -> Estimate:
    return sum_independent(one.in_vain for one in priced if one.in_vain is not None)


def _missing(found: list[ActionNoticing]) -> tuple[Text, ...]:
    missing = []
    if any(one.cost is None for one in found):
        missing.append(missing_evidence("actions", ("cost",)))
    if any(one.extra is None for one in found):
        missing.append(Text("actions: noticed, from customers who were not exposed"))
    return tuple(missing)


def _next_step(found: list[ActionNoticing], verdict: Verdict, stops: StopList) -> Text:
    if any(one.extra is None for one in found):
        names = Listing.of(one.action for one in found if one.extra is None)
        return Text("Ask customers who were not exposed as well whether they noticed: {names}.", names=names)
    if stops.of("stop"):
        return Text(
            "{stop} It surely brought less than it cost; keep watching a held-out group.",
            stop=stops.sentence(),
        )
    # What surely earns money is not to be stopped, noticed or not.
    doubtful = [one for one in found if not (one.earned.known and one.earned.ci_low > 0)]
    worst = max(doubtful or found, key=_money_in_vain)
    if verdict == "exposed" and doubtful:
        return Text(
            "Make {action} visible, or stop it and watch a held-out group: it was not noticed, nor does it"
            " surely earn money.",
            action=worst.action,
        )
    return Text(
        "Ask the noticing question before paying for the next action; raise {action} first.",
        action=worst.action,
    )


def _money_in_vain(one: ActionNoticing) -> tuple[float, float]:
    return (one.in_vain.estimate if one.in_vain else 0.0, -one.really_noticed.estimate)


def _estimates(book: Book, found: list[ActionNoticing]) -> tuple[Named, ...]:
    named = []
    for one in found:
        named.append(
            Named(name=Text("Really noticed: {action}", action=one.action), value=one.really_noticed)
        )
        if one.on_noticers.known:
            name = Text("Change of the score of those who noticed: {action}", action=one.action)
            named.append(Named(name=name, value=one.on_noticers))
        if one.earned.known:
            name = Text("Money since the start, for all exposed: {action}", action=one.action)
            earned = stake(book, one.earned, grade=one.grade, factor=one.exposed.customers)
            named.append(Named(name=name, value=earned))
    return tuple(named)


def _exhibit(found: list[ActionNoticing]) -> Exhibit:
    rows = [_row(one) for one in found]
    return Exhibit(
        title=Text("Spent, noticed, moved, earned"),
        frame=pl.DataFrame(rows, infer_schema_length=None),
        headings=(
            Heading(name="action", title=Text("Action")),
            Heading(name="cost", title=Text("Cost"), unit="amount"),
            Heading(name="exposed", title=Text("Exposed customers"), unit="count"),
            Heading(name="noticed", title=Text("Exposed who noticed"), unit="percent"),
            Heading(name="claimed", title=Text("Unexposed who say so"), unit="percent"),
            *ranged("extra", Text("Really noticed"), "percent"),
            *ranged("moved", Text("Score moved by"), "number"),
            *ranged("earned", Text("Earned since the start"), "amount"),
            Heading(name="in_vain", title=Text("Spent in vain"), unit="amount"),
            Heading(name="per_noticer", title=Text("Cost per customer who noticed"), unit="amount"),
            Heading(name="grade", title=Text("Grade")),
        ),
        remark=Text(
            "Really noticed: the share of the exposed who noticed minus that of the unexposed, who say yes"
            " too. Earned: the money of the exposed since the start above that of the unexposed."
        ),
    )


def _row(one: ActionNoticing) -> dict[str, object]:
    return {
        "action": one.action,
        "cost": one.cost,
        "exposed": one.exposed.customers,
        "noticed": one.noticed.estimate,
        "claimed": None if one.claimed is None else one.claimed.estimate,
        **with_limits("extra", one.extra),
        **with_limits("moved", one.moved),
        **with_limits("earned", recast(Estimate, one.earned, one.exposed.customers)),
        "in_vain": None if one.in_vain is None else one.in_vain.estimate,
        "per_noticer": estimate_of(one.cost_per_noticer),
        "grade": one.grade,
    }


def _picture(found: list[ActionNoticing]) -> Picture:
    rows = [
        {
            "action": one.action,
            **with_limits("exposed", one.noticed),
            **with_limits("unexposed", one.claimed),
            "n": one.exposed.asked,
        }
        for one in found
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"unexposed": pl.Float64})
    return Picture(
        title=Text("Who noticed each action: those exposed to it beside those who were not"),
        draw=partial(noticing_bars, frame),
        description=Text("One row an action; the distance between the two dots is what was really noticed."),
    )


def _notes(found: list[ActionNoticing]) -> tuple[Note, ...]:
    notes = {note.code: note for one in found for note in one.notes}
    if any(one.on_noticers.known for one in found):
        text = Text(
            "What noticing moved holds only where an action works by being noticed ({count} were asked).",
            count=Count(sum(one.exposed.asked + one.unexposed.asked for one in found)),
        )
        notes["works_by_noticing"] = Note(code="works_by_noticing", text=text)
    return tuple(notes.values())
