"""Beside check 8: what kind of wish each is by a Kano survey, and which prices customers accept."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.act import CATEGORY_WORDS, KanoSurvey, PriceSensitivity, kano_survey, price_sensitivity
from leal.charts import kano_map, price_curves
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.supplement import Supplement
from leal.wording import Listing, Text


def kinds_of_wishes(book: Book) -> Supplement | None:
    """Return the kinds of wishes, undecided ones shown as such; None without a Kano survey."""
    table = book.evidence.table("kano")
    if table is None:
        return None
    weight = "weight" if book.evidence.has("kano", "weight") else None
    survey = kano_survey(table, weight=weight, level=book.level)
    if not any(one.better.known for one in survey):
        return Supplement(notes=survey.notes)
    return Supplement(
        exhibits=(_kinds_exhibit(survey),),
        pictures=(_kinds_picture(survey),),
        notes=(*survey.notes, *(note for one in survey for note in one.notes)),
    )


def _kinds_exhibit(survey: KanoSurvey) -> Exhibit:
    most = [str(CATEGORY_WORDS[one.candidates[0]]) for one in survey]
    kinds = [str(CATEGORY_WORDS[one.category] if one.category else Text("undecided")) for one in survey]
    frame = survey.to_frame().with_columns(kind=pl.Series(kinds), most=pl.Series(most))
    return Exhibit(
        title=Text("What kind of wish each is, by the Kano survey"),
        frame=frame,
        headings=(
            Heading(name="wish", title=Text("Wish")),
            Heading(name="kind", title=Text("Kind")),
            Heading(name="most", title=Text("Most answers")),
            *ranged("better", Text("Having it pleases"), "percent"),
            *ranged("worse", Text("Lacking it displeases"), "percent"),
            Heading(name="reach", title=Text("Matters to"), unit="percent"),
            Heading(name="n", title=Text("Answers"), unit="count"),
        ),
        remark=Text("Must-be wishes come first: nobody praises them, but many leave without them."),
    )


def _kinds_picture(survey: KanoSurvey) -> Picture:
    return Picture(
        title=Text("What having a wish pleases against what lacking it displeases; a ring is undecided"),
        draw=partial(kano_map, survey.to_frame()),
        description=Text("{words}", words=Listing.of(one.sentence() for one in survey)),
    )


def acceptable_prices(book: Book) -> Supplement | None:
    """Return the prices that customers accept; None without a price survey."""
    table = book.evidence.table("prices")
    if table is None:
        return None
    asked = book.evidence.has("prices", "intention_cheap", "intention_expensive")
    names = ("intention_cheap", "intention_expensive") if asked else (None, None)
    found = price_sensitivity(
        table,
        intention_cheap=names[0],
        intention_expensive=names[1],
        currency=book.currency,
        level=book.level,
    )
    if not found.known:
        return Supplement(notes=found.notes)
    return Supplement(estimates=_prices(found), pictures=(_prices_picture(found),), notes=found.notes)


def _prices(found: PriceSensitivity) -> tuple[Named, ...]:
    named = [
        (Text("Lowest acceptable price"), found.least),
        (Text("Price felt to be usual"), found.indifference),
        (Text("Price that fewest object to"), found.optimal),
        (Text("Highest acceptable price"), found.most),
        (Text("Price at which most would try"), found.trial),
        (Text("Price that would bring most"), found.revenue),
    ]
    return tuple(Named(name=name, value=point) for name, point in named if point is not None)


def _prices_picture(found: PriceSensitivity) -> Picture:
    return Picture(
        title=found.sentence(),
        draw=partial(price_curves, found.curves, acceptable=(found.least.estimate, found.most.estimate)),
        description=found.sentence(),
    )
