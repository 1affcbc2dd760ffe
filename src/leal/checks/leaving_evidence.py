"""What the signs of leaving are read from, out of the tables of an audit."""

from __future__ import annotations

import narwhals as nw
import polars as pl

from leal.checks.book import Book
from leal.checks.contact_evidence import invitations_of
from leal.engine import collect, day_number
from leal.measure import DAYS_IN_YEAR, reweight
from leal.predict import LeavingEvidence, satisfied

CATEGORY, CONTRACT_END, CONTRACT_BEGIN = "category", "contract_ends_at", "contract_began_at"
RENEWED_AFTER = 30
"""Days as a customer after which a contract that begins is taken for the renewal of an earlier one."""


def evidence_of(book: Book) -> LeavingEvidence:
    """Return what is known of purchases, answers, surveys sent, categories, ranks, contracts, coded."""
    return LeavingEvidence(
        money_days=book.coded_days.select("customer", "day", "amount"),
        scored=book.coded_answers,
        segments=book.segments,
        categories=_categories(book),
        ranks=_ranks(book),
        invitations=_invitations(book),
        contracts=_contracts(book),
        past_contracts=book.evidence.has("customers", CONTRACT_BEGIN),
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
    known = named.drop_nulls("customer").join(book.names, on="customer")
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
    bought = frame.filter(nw.col("amount") > 0).select(*columns)
    kinds = collect(bought.group_by("customer", "day", "category").agg(nw.len().alias("rows"))).drop("rows")
    return _coded(book, kinds.drop_nulls())


def _ranks(book: Book) -> pl.DataFrame | None:
    """Return the places of our own brand with customers, and when they were told.

    Where no column says which respondents are customers, they are those who go by a customer's identifier.
    """
    frame = book.evidence.table("brands")
    if frame is None or not book.evidence.has("brands", "own", "rank"):
        return None
    who = next((name for name in ("customer", "respondent") if book.evidence.has("brands", name)), None)
    if who is None:
        return None
    columns = [nw.col(who).cast(nw.String()).alias("customer"), nw.col("own"), nw.col("rank")]
    dated = book.evidence.has("brands", "answered_at")
    columns += [day_number(frame, "answered_at", table="brands").alias("day")] if dated else []
    mine = pl.col("own").cast(pl.Boolean, strict=False).fill_null(False)
    own = collect(frame.select(*columns)).filter(mine).drop_nulls()
    by = ["customer", "day"] if dated else ["customer"]
    found = _coded(book, own.group_by(by).agg(pl.col("rank").cast(pl.Float64).min()))
    return None if found.is_empty() else found


def _invitations(book: Book) -> pl.DataFrame | None:
    sent = invitations_of(book)
    return None if sent is None else _coded(book, sent.select("customer", "day"))


def _contracts(book: Book) -> pl.DataFrame | None:
    """Return when contracts end; one that was renewed ended when the next began."""
    frame = book.evidence.table("customers")
    if frame is None or not book.evidence.has("customers", CONTRACT_END):
        return None
    columns = [
        nw.col("customer").cast(nw.String()),
        day_number(frame, CONTRACT_END, table="customers").alias("ends"),
    ]
    if book.evidence.has("customers", CONTRACT_BEGIN):
        columns.append(day_number(frame, CONTRACT_BEGIN, table="customers").alias("began"))
    terms = collect(frame.select(*columns))
    ends = terms.select("customer", "ends")
    if "began" in terms.columns:
        ends = pl.concat([ends, _renewals(book, terms)])
    return _coded(book, ends.drop_nulls())


def _renewals(book: Book, terms: pl.DataFrame) -> pl.DataFrame:
    """Return the days on which a contract began of somebody who had long been a customer."""
    since = book.register.select("customer", "joined_day").join(
        book.summary.select("customer", "first_day"), on="customer", how="full", coalesce=True
    )
    first = since.select("customer", first=pl.min_horizontal("joined_day", "first_day")).drop_nulls()
    old = terms.join(first, on="customer").filter(pl.col("began") - pl.col("first") > RENEWED_AFTER)
    return old.select("customer", ends="began")
