"""What the signs of leaving are read from, out of the tables of an audit."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from leal.checks.book import Book
from leal.engine import collect, day_number
from leal.measure import DAYS_IN_YEAR, reweight
from leal.predict import LeavingEvidence, satisfied

CATEGORY, CONTRACT_END = "category", "contract_ends_at"
"""Columns beyond the vocabulary that are read where they stand: of purchases, and of customers."""


def evidence_of(book: Book) -> LeavingEvidence:
    """Return what is known of purchases, answers, categories, ranks and contracts, with coded customers."""
    return LeavingEvidence(
        money_days=book.coded_days.select("customer", "day", "amount"),
        scored=book.coded_answers,
        segments=book.segments,
        categories=_categories(book),
        ranks=_ranks(book),
        contracts=_contracts(book),
    )


def active_people(book: Book) -> pl.DataFrame:
    """Return everyone who bought in the last year and has not left: the base, satisfied, weight, cell."""
    base = book.customers
    there = pl.col("left_day").is_null() | (pl.col("left_day") > book.last_day)
    active = base.filter(there, pl.col("last_day") > book.last_day - DAYS_IN_YEAR)
    weights = reweight(active).frame.select("customer", "weight", "cell")
    return active.join(weights, on="customer", how="left").with_columns(
        pl.col("weight").fill_null(1.0),
        pl.col("cell").fill_null(-1),
        satisfied=satisfied(base["satisfaction"].drop_nulls()).fill_null(False),
    )


def _coded(book: Book, named: pl.DataFrame) -> pl.DataFrame:
    known = named.drop_nulls().join(book.names, on="customer")
    return known.drop("customer").rename({"code": "customer"})


def _categories(book: Book) -> pl.DataFrame | None:
    frame = book.evidence.table("purchases")
    if frame is None or not book.evidence.has("purchases", CATEGORY):
        return None
    day = day_number(frame, "bought_at", table="purchases").alias("day")
    columns = [
        nw.col("customer").cast(nw.String()),
        day,
        nw.col(CATEGORY).cast(nw.String()).alias("category"),
    ]
    return _coded(book, collect(frame.filter(nw.col("amount") > 0).select(*columns)))


def _ranks(book: Book) -> pl.DataFrame | None:
    """Return the place of our own brand, where respondents of the brand study are known as customers."""
    frame = book.evidence.table("brands")
    if frame is None or not book.evidence.has("brands", "respondent", "own", "rank"):
        return None
    columns = [nw.col("respondent").cast(nw.String()).alias("customer"), nw.col("own"), nw.col("rank")]
    own = collect(frame.select(*columns)).filter(
        pl.col("own").cast(pl.Boolean, strict=False).fill_null(False)
    )
    ranks = own.group_by("customer").agg(pl.col("rank").cast(pl.Float64).min())
    found = _coded(book, ranks)
    return None if found.is_empty() else found


def _contracts(book: Book) -> pl.DataFrame | None:
    frame = book.evidence.table("customers")
    if frame is None or not book.evidence.has("customers", CONTRACT_END):
        return None
    ends = day_number(frame, CONTRACT_END, table="customers").alias("ends")
    return _coded(book, collect(frame.select(nw.col("customer").cast(nw.String()), ends)))
