"""The EPSI-type index in check 10: where the study of brands holds its items, brands are ranked by it."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import index_levels
from leal.checks.book import Book
from leal.checks.brand_ratings import brand_ratings
from leal.checks.findings import Exhibit, Heading, Picture
from leal.engine import lazy
from leal.errors import BadValue
from leal.explain import common_scale
from leal.measure import IndexRanking, index_ranking, template_held
from leal.wording import Points, Text

LEAST_RATINGS = 30

_PERMUTATIONS = 300


def index_of_brands(book: Book) -> IndexRanking | None:
    """Return the brands ranked by the index; None where the table of brands does not hold its items."""
    table = brand_ratings(book)
    if table is None:
        return None
    held = template_held(table.columns)
    if held is None:
        return None
    model = held[1]
    rated = table.select("brand", *model.items).drop_nulls("brand")
    rows = rated.filter(~pl.all_horizontal(pl.col(model.items).is_null()))
    used = rows.drop_nulls() if book.missing == "casewise" else rows
    counted = used.group_by("brand").agg(n=pl.len()).filter(pl.col("n") >= LEAST_RATINGS)
    if counted.height < 2:
        return None
    kept = rows.filter(pl.col("brand").is_in(counted["brand"].to_list()))
    try:
        scale = common_scale(lazy(kept), model.items)
        return index_ranking(
            model,
            kept,
            "brand",
            missing=book.missing,
            scale=scale,
            permutations=_PERMUTATIONS,
            level=book.level,
        )
    except BadValue:  # words in an item, or one that everybody answered alike: the scores still speak
        return None


def index_exhibits(ranking: IndexRanking | None) -> tuple[Exhibit, ...]:
    """Return the ranking sheet."""
    if ranking is None:
        return ()
    return (
        Exhibit(
            title=Text("Brands by the EPSI-type index of satisfaction"),
            frame=ranking.to_frame(),
            headings=(
                Heading(name="name", title=Text("Brand")),
                Heading(name="estimate", title=Text("Index"), unit="points"),
                Heading(name="ci_low", title=Text("Interval from"), unit="points"),
                Heading(name="ci_high", title=Text("Interval to"), unit="points"),
                Heading(name="n", title=Text("n"), unit="count"),
                Heading(name="rank_low", title=Text("Best place"), unit="count"),
                Heading(name="rank_high", title=Text("Worst place"), unit="count"),
                Heading(name="relative", title=Text("In percent of the average"), unit="points"),
            ),
            remark=ranking.sentence(),
        ),
    )


def index_pictures(ranking: IndexRanking | None) -> tuple[Picture, ...]:
    """Return the picture of the ranking."""
    if ranking is None:
        return ()
    average = Text("average {points}", points=Points(ranking.average.estimate, 1))
    return (
        Picture(
            title=Text("Brands by the EPSI-type index of satisfaction"),
            draw=partial(
                index_levels,
                ranking.to_frame(),
                reference=ranking.average.estimate,
                reference_words=average,
            ),
            description=ranking.sentence(),
        ),
    )
