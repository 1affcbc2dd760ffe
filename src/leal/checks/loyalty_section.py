"""Beside check 6: kinds of loyalty by attitude and behaviour; beside check 7: what each group is worth."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import loyalty_cells
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.leaving_evidence import active_people
from leal.checks.once import once
from leal.checks.passives import GROUP_WORDS
from leal.checks.supplement import Supplement
from leal.measure import DAYS_IN_YEAR, kept_by_customer, pair_days, reweight
from leal.predict import (
    LOYALTY_WORDS,
    LoyaltyGrid,
    PromoterEconomics,
    loyalty_grid,
    promoter_economics,
)
from leal.wording import Percent, Text


def kinds_of_loyalty(book: Book) -> Supplement | None:
    """Return the grid of attitude and behaviour, dressed; None where it has no cells."""
    found = loyalty_of_all(book)
    return grid_supplement(found) if found is not None and found.cells else None


@once
def loyalty_of_all(book: Book) -> LoyaltyGrid | None:
    """Return the grid of attitude and behaviour; None without scores or purchases of known customers."""
    if book.lacking(answers=("customer", "recommend"), purchases=("customer", "bought_at", "amount")):
        return None
    recent = book.purchase_days.filter(pl.col("day") > book.last_day - DAYS_IN_YEAR)
    counted = recent.group_by("customer").agg(purchases=pl.len())
    people = active_people(book).drop_nulls("score").join(counted, on="customer").sort("customer")
    return loyalty_grid(
        people,
        weight="weight",
        cell="cell",
        level=book.level,
        currency=book.currency,
        basis=book.basis,
    )


def grid_supplement(found: LoyaltyGrid) -> Supplement:
    """Return a grid with cells, dressed: the share of each kind, its table and its chart."""
    currency = found["true"].per_head.currency
    return Supplement(
        estimates=tuple(
            Named(name=Text("Customers: {kind}", kind=cell.words), value=cell.share) for cell in found
        ),
        exhibits=(_grid(found),),
        pictures=(
            Picture(
                title=Text("Who is loyal, who would be, who only seems so"),
                draw=partial(loyalty_cells, found.to_frame(), currency=currency),
                description=found.sentence(),
            ),
        ),
        notes=found.notes,
    )


def _grid(found: LoyaltyGrid) -> Exhibit:
    words = {name: str(text) for name, text in LOYALTY_WORDS.items()}
    return Exhibit(
        title=Text("Attitude and behaviour together"),
        frame=found.to_frame().with_columns(pl.col("loyalty").replace_strict(words)),
        headings=(
            Heading(name="loyalty", title=Text("Kind of loyalty")),
            Heading(name="customers", title=Text("Customers"), unit="count"),
            *ranged("share", Text("Share"), "percent"),
            *ranged("share_of_money", Text("Share of money"), "percent"),
            Heading(name="per_head", title=Text("Yearly money a head"), unit="amount"),
        ),
        remark=found.notes[0].text,
    )


def group_worth(book: Book) -> Supplement | None:
    """Return what a promoter, a passive and a detractor is worth beside the average customer, dressed."""
    found = worth_of_groups(book)
    if found is None or not found.groups:
        return None
    return Supplement(exhibits=(_worth(found),), notes=found.notes)


@once
def worth_of_groups(book: Book) -> PromoterEconomics | None:
    """Return what each group is worth; None without scores, or purchases of two periods."""
    if book.lacking(answers=("customer", "recommend"), purchases=("customer", "bought_at", "amount")):
        return None
    found = _there_then_and_now(book)
    if found is None:
        return None
    kept, days = found
    people = reweight(book.customers).frame.join(kept, on="customer", how="left").sort("customer")
    return promoter_economics(
        people,
        years=days / DAYS_IN_YEAR,
        weight="weight",
        cell="cell",
        discount=book.discount,
        level=book.level,
        currency=book.currency,
        basis=book.basis,
    )


def _there_then_and_now(book: Book) -> tuple[pl.DataFrame, int] | None:
    """Return who was a customer before and who still is, and the days between; None for too short data.

    By the models where they tell who is still a customer, as everywhere in check 7; else by purchases.
    """
    if book.alive_retention is not None and book.alive_chances is not None:
        chances = book.alive_chances.rename({"then": "before", "now": "after"})
        return chances, book.alive_retention.days
    days = pair_days(book.span)
    if days is None:
        return None
    coded = kept_by_customer(book.coded_days, book.last_day, days, column=book.money_column)
    return book.named(coded).select("customer", "before", "after"), days


def _worth(found: PromoterEconomics) -> Exhibit:
    words = {name: str(text) for name, text in GROUP_WORDS.items()}
    return Exhibit(
        title=Text("What a customer of each group is worth beside the average one"),
        frame=found.to_frame().with_columns(pl.col("group").replace_strict(words)),
        headings=(
            Heading(name="group", title=Text("Group")),
            Heading(name="customers", title=Text("Customers"), unit="count"),
            Heading(name="yearly", title=Text("Yearly money a head"), unit="amount"),
            Heading(name="retention", title=Text("Yearly retention"), unit="percent"),
            *ranged("value", Text("Value over the years to come"), "amount"),
            *ranged("relative", Text("Of the average (1 is average)"), "number"),
        ),
        remark=Text(
            "Future money is discounted by {rate} a year. The gap between groups is not what moving a"
            " customer earns.",
            rate=Percent(found.discount),
        ),
    )
