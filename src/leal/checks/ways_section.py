"""Beside check 10: what customers' loyalty rests on, for a unique offer is copied and a discount outbid."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import way_mix
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.supplement import Supplement
from leal.measure import (
    EMOTIONAL_PARTS,
    FEWEST_OF_EMPLOYEE,
    LOYALTY_ITEMS,
    MIXED,
    WAY_WORDS,
    WAYS,
    LoyaltyWays,
    WaysBehaviour,
    loyalty_ways,
    ways_behaviour,
)
from leal.results import Note
from leal.wording import Text


def ways_to_loyalty(book: Book) -> Supplement | None:
    """Return the mix of the three ways; None without the nine questions."""
    items = tuple(item for items in LOYALTY_ITEMS.values() for item in items)
    if not book.evidence.has("answers", *items):
        return None
    has = book.evidence.has
    by = "segment" if has("answers", "segment") else None
    weight = "weight" if has("answers", "weight") else None
    found = loyalty_ways(book.evidence.table("answers"), by=by, weight=weight, level=book.level)
    if not found.overall.known:
        return Supplement(notes=(Note(code="loyalty_ways", text=found.sentence()), *found.notes))
    behaviour = _behaviour(book)
    said = (behaviour.sentence(),) if behaviour is not None else ()
    return Supplement(
        estimates=_figures(found),
        exhibits=(_mix(found), _bond(found), *_employees(found), *_behaves(behaviour)),
        pictures=(_picture(found),),
        notes=(*(Note(code="ways_behaviour", text=text) for text in said), *found.notes),
    )


def _behaviour(book: Book) -> WaysBehaviour | None:
    if book.lacking(answers=("customer",), purchases=("customer", "bought_at", "amount")):
        return None
    return ways_behaviour(
        book.evidence.table("answers"),
        book.evidence.table("purchases"),
        book.evidence.table("brands"),
        level=book.level,
    )


def _behaves(behaviour: WaysBehaviour | None) -> tuple[Exhibit, ...]:
    return () if behaviour is None else (_deeds(behaviour), *_choices(behaviour))


def _figures(found: LoyaltyWays) -> tuple[Named, ...]:
    mix = found.overall
    return tuple(
        Named(name=Text("Loyalty that rests on: {way}", way=WAY_WORDS[way]), value=mix.shares[way])
        for way in WAYS
    )


def _mix(found: LoyaltyWays) -> Exhibit:
    frame = found.to_frame()
    words = {way: str(WAY_WORDS[way]) for way in WAYS}
    shown = frame.with_columns(
        pl.col("group").fill_null(str(Text("All"))), pl.col("way").replace_strict(words)
    )
    return Exhibit(
        title=Text("What loyalty rests on"),
        frame=shown,
        headings=(
            Heading(name="group", title=Text("Group")),
            Heading(name="way", title=Text("Way")),
            *ranged("share", Text("Share of loyalty"), "percent", "ci_"),
            Heading(name="leading", title=Text("Customers it leads"), unit="percent"),
            Heading(name="n", title=Text("Customers"), unit="count"),
        ),
        remark=Text("A unique offer holds until it is copied, a discount until a better one."),
    )


def _bond(found: LoyaltyWays) -> Exhibit:
    words = {part: str(text) for part, text in EMOTIONAL_PARTS.items()}
    return Exhibit(
        title=Text("What the emotional bond rests on"),
        frame=found.parts_to_frame().with_columns(
            pl.col("group").fill_null(str(Text("All"))), pl.col("part").replace_strict(words)
        ),
        headings=(
            Heading(name="group", title=Text("Group")),
            Heading(name="part", title=Text("Part of the bond")),
            *_level_headings(),
        ),
        remark=Text("From 0, disagree entirely, to 100, agree entirely. The lowest is where to begin."),
    )


def _employees(found: LoyaltyWays) -> tuple[Exhibit, ...]:
    if not found.employees:
        return ()
    return (
        Exhibit(
            title=Text("Professional staff, by the employee who served"),
            frame=found.employees_to_frame(),
            headings=(Heading(name="employee", title=Text("Employee")), *_level_headings()),
            remark=Text(
                "Employees with fewer than {fewest} answers are not shown. Different customers come to"
                " different people, and of many one is lowest by chance: a reason to talk, not to judge.",
                fewest=FEWEST_OF_EMPLOYEE,
            ),
        ),
    )


def _level_headings() -> tuple[Heading, ...]:
    return (
        *ranged("level", Text("Level, of 100"), "points"),
        Heading(name="n", title=Text("Customers"), unit="count"),
    )


def _way_words() -> dict[str, str]:
    return {way: str(WAY_WORDS[way]) for way in WAYS} | {MIXED: str(Text("no way leads"))}


def _choices(behaviour: WaysBehaviour) -> tuple[Exhibit, ...]:
    """Return whom customers of each way would go to; nothing where nobody ranked brands."""
    choices = behaviour.choices_to_frame()
    if choices.is_empty():
        return ()
    considered = behaviour.to_frame().select("way", pl.col("^considered.*$"))
    first = choices.unique("way", keep="first", maintain_order=True)
    return (
        Exhibit(
            title=Text("The second choice, by the way that leads customers"),
            frame=first.join(considered, on="way", how="left").with_columns(
                pl.col("way").replace_strict(_way_words())
            ),
            headings=(
                Heading(name="way", title=Text("Way")),
                Heading(name="n", title=Text("Customers who rank us first"), unit="count"),
                Heading(name="brand", title=Text("Second choice of most")),
                *ranged("share", Text("Share who name it"), "percent"),
                *ranged("considered", Text("Brands that they use"), "number"),
            ),
            remark=Text("The fewer brands and the less sure the second choice, the safer the bond."),
        ),
    )


def _deeds(behaviour: WaysBehaviour) -> Exhibit:
    frame = behaviour.to_frame().with_columns(pl.col("way").replace_strict(_way_words()))
    return Exhibit(
        title=Text("What customers do, by the way that leads them"),
        frame=frame,
        headings=(
            Heading(name="way", title=Text("Way")),
            Heading(name="customers", title=Text("Customers"), unit="count"),
            *ranged("on_discount", Text("Money spent on discount"), "percent"),
            *ranged("after_discount", Text("Spend after a discount ends"), "percent"),
        ),
        remark=Text("Spend in the 90 days after a discount against the 90 days before it."),
    )


def _picture(found: LoyaltyWays) -> Picture:
    return Picture(
        title=found.sentence(), draw=partial(way_mix, found.to_frame()), description=found.sentence()
    )
