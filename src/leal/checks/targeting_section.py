"""Beside check 3: whom to treat and whom to leave alone, segment by segment, by effect and never by risk."""

from __future__ import annotations

import polars as pl

from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading
from leal.checks.supplement import Supplement
from leal.measure import FEWEST_IN_ARM, ProgrammeEffect, money_since_start
from leal.prove import STATUS_WORDS, SegmentEffects, segment_effects
from leal.results import Note
from leal.wording import Text


def whom_to_treat(book: Book) -> Supplement | None:
    """Return the effect of each programme by segment; None without segments, arms and purchases.

    Notes
    -----
    Only programmes whose arms look drawn by lot. Intervals are of the audit's level corrected for the number
    of programmes (Bonferroni), since the best of many segments of many programmes is partly luck; within a
    programme the effects of segments are drawn towards their mean.
    """
    told = [one for one in book.programmes if one.money is not None and one.sound]
    if not told or book.lacking(actions=("customer", "arm"), purchases=("customer", "bought_at", "amount")):
        return None
    people = _people(book)
    level = 1 - (1 - book.level) / len(told)
    found = [(one, effects) for one in told if (effects := _effects(one, people, book, level)) is not None]
    if not found:
        return None
    notes = tuple(
        Note(code="whom_to_treat", text=Text("{action}: {words}", action=one.name, words=effects.sentence()))
        for one, effects in found
        if effects.of("act") or effects.of("do_not_disturb")
    )
    return Supplement(exhibits=(_exhibit(found),), notes=notes)


def _people(book: Book) -> pl.DataFrame:
    """Return action, customer, arm, money since the start, segment; customers without a segment left out."""
    money = money_since_start(
        book.evidence.table("actions"), book.money_days, book.last_day, book.money_column
    )
    segments = book.customers.select("customer", "segment").drop_nulls()
    return money.join(segments, on="customer", how="inner")


def _effects(one: ProgrammeEffect, people: pl.DataFrame, book: Book, level: float) -> SegmentEffects | None:
    """Return the effects of a programme by segment; None where fewer than two have enough in both arms."""
    arms = people.filter(pl.col("action") == one.action)
    treated = one.arm or next((arm for arm in arms["arm"].unique().sort() if arm != "control"), None)
    arms = arms.filter(pl.col("arm").is_in(["control", treated]))
    enough = arms.group_by("segment", "arm").len().filter(pl.col("len") >= FEWEST_IN_ARM)
    segments = enough.group_by("segment").len().filter(pl.col("len") == 2)["segment"]
    if segments.len() < 2:
        return None
    return segment_effects(
        arms.filter(pl.col("segment").is_in(segments.to_list())),
        arm="arm",
        outcome="money",
        segment="segment",
        control="control",
        cost=one.cost_a_head,
        currency=book.currency,
        basis=book.basis,
        level=level,
    )


def _exhibit(found: list[tuple[ProgrammeEffect, SegmentEffects]]) -> Exhibit:
    words = {status: str(text) for status, text in STATUS_WORDS.items()}
    frames = [effects.to_frame().with_columns(action=pl.lit(one.name)) for one, effects in found]
    return Exhibit(
        title=Text("Whom to treat: the effect of each programme by segment"),
        frame=pl.concat(frames).with_columns(pl.col("status").replace_strict(words)),
        headings=(
            Heading(name="action", title=Text("Programme")),
            Heading(name="segment", title=Text("Segment")),
            Heading(name="n", title=Text("Customers"), unit="count"),
            Heading(name="effect", title=Text("Effect a head"), unit="amount"),
            Heading(name="effect_low", title=Text("from"), unit="amount"),
            Heading(name="effect_high", title=Text("to"), unit="amount"),
            Heading(name="per_thousand", title=Text("After cost, per 1,000 customers"), unit="amount"),
            Heading(name="status", title=Text("Decision")),
        ),
        remark=Text(
            "By effect, never by risk of leaving. Effects of segments are drawn towards that of all, and"
            " intervals corrected for the number of programmes. Name segments before the start."
        ),
    )
