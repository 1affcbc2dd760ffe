"""One ledger of all contacts: of the log of contacts, of surveys sent, of complaints opened."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, day_number, lazy

_LEDGER = {
    "customer": pl.String,
    "contacted_at": pl.Int32,
    "kind": pl.String,
    "answered": pl.Boolean,
    "unsubscribed": pl.Boolean,
}
NOT_SAID = "other"


def contact_ledger(
    contacts: FrameLike = None,
    *,
    sent: pl.DataFrame | None = None,
    cases: FrameLike = None,
    customers: FrameLike = None,
) -> pl.DataFrame:
    """Return the one ledger that rules of contact, load and hazards are read from.

    Parameters
    ----------
    contacts : dataframe or path, optional
        The table `contacts`; a contact without a kind is of the kind ``other``.
    sent : DataFrame, optional
        What `leal.measure.survey_invitations` gave; without a kind a survey is one of all dealings, after
        which the rules wait longest.
    cases : dataframe or path, optional
        The table `cases`: each was a complaint on the day on which it was opened.
    customers : dataframe or path, optional
        The table `customers`, for the account that each belongs to.

    Returns
    -------
    DataFrame
        ``customer``, ``contacted_at`` (day number), ``kind``, ``answered``, ``unsubscribed`` (null where not
        known) and, where any customer has one, ``account``; by customer and day. The same customer, day and
        kind in two tables counts once.

    Raises
    ------
    MissingColumn
        A table has no column of customers or of times.
    """
    parts = [pl.DataFrame(schema=_LEDGER)]
    if contacts is not None:
        parts.append(_contacts(lazy(contacts)))
    if sent is not None:
        kind = pl.col("kind").fill_null("relationship_survey")
        parts.append(sent.select("customer", kind, "answered", "unsubscribed", contacted_at="day"))
    if cases is not None:
        parts.append(_complaints(lazy(cases)))
    ledger = pl.concat([part.select(*_LEDGER).cast(_LEDGER) for part in parts])  # type: ignore[arg-type]
    once = ledger.group_by("customer", "contacted_at", "kind").agg(pl.col("answered", "unsubscribed").max())
    ordered = once.select(*_LEDGER).sort("customer", "contacted_at", "kind")
    return ordered if customers is None else _with_accounts(ordered, lazy(customers))


def _contacts(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    names = column_names(frame)
    columns = [nw.col("customer").cast(nw.String()), day_number(frame, "contacted_at", table="contacts")]
    columns[1] = columns[1].alias("contacted_at")
    columns += [nw.col("kind").cast(nw.String())] if "kind" in names else []
    columns += [nw.col("unsubscribed")] if "unsubscribed" in names else []
    rows = collect(frame.select(*columns)).drop_nulls(["customer", "contacted_at"])
    kind = pl.col("kind").fill_null(NOT_SAID) if "kind" in names else pl.lit(NOT_SAID)
    gone = pl.col("unsubscribed") if "unsubscribed" in names else pl.lit(None, dtype=pl.Boolean)
    unanswered = pl.lit(None, dtype=pl.Boolean)
    return rows.with_columns(kind=kind, unsubscribed=gone, answered=unanswered)


def _complaints(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    day = day_number(frame, "opened_at", table="cases").alias("contacted_at")
    rows = collect(frame.select(nw.col("customer").cast(nw.String()), day)).drop_nulls()
    nothing = pl.lit(None, dtype=pl.Boolean)
    return rows.with_columns(kind=pl.lit("complaint"), answered=nothing, unsubscribed=nothing)


def _with_accounts(ledger: pl.DataFrame, frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    if "account" not in column_names(frame):
        return ledger
    columns = [nw.col(name).cast(nw.String()) for name in ("customer", "account")]
    accounts = (
        collect(frame.select(*columns)).drop_nulls().unique("customer", keep="first", maintain_order=True)
    )
    if accounts.is_empty():
        return ledger
    return ledger.join(accounts, on="customer", how="left", maintain_order="left")
