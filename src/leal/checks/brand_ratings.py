"""The study of brands with its ratings as numbers, and what its usual drivers are called."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from leal.checks.book import Book
from leal.checks.once import once
from leal.engine import collect
from leal.tables import BRANDS
from leal.wording import Text

DRIVER_WORDS: Mapping[str, Text] = {
    "quality": Text("Quality"),
    "product_quality": Text("Product quality"),
    "service": Text("Service"),
    "value": Text("Value"),
    "value_for_money": Text("Value for money"),
    "price": Text("Price"),
    "image": Text("Image"),
    "expectations": Text("Expectations"),
    "range": Text("Range of goods"),
    "speed": Text("Speed"),
    "staff": Text("Staff"),
    "delivery": Text("Delivery"),
    "reliability": Text("Reliability"),
    "convenience": Text("Convenience"),
}
"""The usual names of drivers in words that speak Russian, too; the columns themselves keep their names."""


def driver_name(column: str) -> str:
    """Return what a driver is called: in words of Leal where it is a usual one, else as you call it."""
    key = column.strip().lower().replace(" ", "_")
    return str(DRIVER_WORDS.get(key) or column.replace("_", " "))


@once
def brand_ratings(book: Book) -> pl.DataFrame | None:
    """Return the table of brands, its columns beyond the vocabulary as numbers where all their words are.

    Files hold text; a rating that stays text would be no rating. None without a table of brands.
    """
    table = book.evidence.table("brands")
    if table is None:
        return None
    frame = collect(table)
    words = [name for name, kind in frame.schema.items() if kind == pl.String and name not in BRANDS]
    numbers = {name: _numbers(frame[name]) for name in words}
    return frame.with_columns(**{name: found for name, found in numbers.items() if found is not None})


def _numbers(words: pl.Series) -> pl.Series | None:
    """Return words as numbers, None where one of them is none."""
    stripped = words.str.strip_chars().str.replace(",", ".", literal=True)
    empty = stripped.is_null() | (stripped == "")
    found = stripped.cast(pl.Float64, strict=False)
    return None if empty.all() or (found.is_null() & ~empty).any() else found
