"""Answers, purchases, actions and customers joined: one identifier each, and a report of how well it went."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import polars as pl

from leal.engine import LazyFrame, collect, column_names
from leal.evidence import Evidence
from leal.intake.identities import KEY_COLUMNS, Register, resolve, with_normal_keys
from leal.intake.join_findings import JoinReport, make_join_report

_LOOKED_UP = ("answers", "actions", "cases", "contacts", "invitations", "brands")
"""Tables whose customers are looked up among customers and purchases."""

_JOINED = ("customers", "purchases", *_LOOKED_UP)
_HELD_ROWS = 20_000_000


def join_customers(evidence: Evidence, *, money_without_customer: float = 0.0) -> tuple[Evidence, JoinReport]:
    """Give every table the same identifier of each customer, and report how well the tables fit together.

    Answers may know their customers by e-mail, purchases by a number, and the table `customers` (or the
    purchases themselves) may know both: then the answers get the number. Writings are of no account: case and
    spaces of addresses, +7 and 8 before telephones, leading zeros, what a spreadsheet did to long numbers.

    Parameters
    ----------
    evidence : Evidence
        Tables of any engine. Frames of Polars, pandas and PyArrow are rewritten where keys differ; of other
        engines only the report is made (note ``keys_not_rewritten``).
    money_without_customer : float
        Money of purchases that were rejected for want of a customer: it counts in the money that is not
        covered.

    Returns
    -------
    evidence : Evidence
        The same tables, column `customer` alike in all of them.
    report : JoinReport

    Notes
    -----
    One pass over each table counts its distinct keys; all matching is done on those. A key that leads to two
    customers is matched with neither.
    """
    rows = {name: found for name in _JOINED if (found := _key_rows(evidence, name)) is not None}
    resolved = _resolved(rows)
    report = make_join_report(evidence, resolved, money_without_customer=money_without_customer)
    tables, left = {}, []
    for name, told in resolved.items():
        frame = evidence.table(name)
        if frame is None:
            continue
        changes = told.filter(~pl.col("resolved").eq_missing(pl.col("raw customer")))
        if changes.height:
            rewritten = _rewritten(frame, changes, rows=int(told["rows"].sum()))
            left += [name] if rewritten is None else []
            tables[name] = frame if rewritten is None else rewritten
    joined = replace(evidence, **tables) if tables else evidence
    return joined, report.with_unwritten(left) if left else report


def join_report(evidence: Evidence, *, money_without_customer: float = 0.0) -> JoinReport:
    """Report how well answers and actions find their customers among customers and purchases.

    Parameters
    ----------
    evidence, money_without_customer
        As of `join_customers`.

    Returns
    -------
    JoinReport
        Customers who answered and were found, were not, could be several; the share of all money that those
        found bring; how they differ from the other customers.
    """
    rows = {name: found for name in _JOINED if (found := _key_rows(evidence, name)) is not None}
    return make_join_report(evidence, _resolved(rows), money_without_customer=money_without_customer)


def _key_rows(evidence: Evidence, name: str) -> pl.DataFrame | None:
    """Return a table's distinct keys in normal form, with their rows, purchases and money by currency."""
    frame = evidence.table(name)
    if frame is None:
        return None
    columns = column_names(frame)
    keys = [column for column in KEY_COLUMNS if column in columns]
    if not keys:
        return None
    by = [*keys, *(["currency"] if name == "purchases" and "currency" in columns else [])]
    counted = [nw.len().alias("rows")]
    needed = by
    if name == "purchases":
        lines = "item" in columns and "purchase" in columns
        counted.append(nw.col("amount").sum().alias("amount"))
        counted += [nw.col("purchase").n_unique().alias("purchases")] if lines else []
        needed = [*by, "amount", *(["purchase"] if lines else [])]
    text = [nw.col(column).cast(nw.String) for column in by]
    grouped = collect(frame.select(needed).with_columns(text).group_by(by).agg(counted))
    if "purchases" not in grouped.columns:
        grouped = grouped.with_columns(purchases=pl.col("rows"))
    if "customer" not in grouped.columns:
        grouped = grouped.with_columns(customer=pl.lit(None, dtype=pl.String))
    return with_normal_keys(grouped)


def _resolved(rows: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Resolve the keys of all tables: purchases among customers, all others among both."""
    told: dict[str, pl.DataFrame] = {}
    register = Register.empty()
    if (customers := rows.get("customers")) is not None:
        register = Register.of([customers, *_known_links(rows, customers)])
        told["customers"] = customers.with_columns(resolved=pl.col("own"), how=pl.lit("identifier"))
    if (purchases := rows.get("purchases")) is not None:
        told["purchases"] = resolve(purchases, register)
        own = told["purchases"].with_columns(own=pl.col("resolved"))
        base = [own] if customers is None else [customers, own, *_known_links(rows, customers)]
        register = Register.of(base)
        if customers is None:
            told["purchases"] = told["purchases"].with_columns(how=pl.lit("identifier"))
    for name in _LOOKED_UP:
        if (found := rows.get(name)) is not None:
            told[name] = resolve(found, register)
    return told


def _known_links(rows: dict[str, pl.DataFrame], customers: pl.DataFrame) -> list[pl.DataFrame]:
    """Return rows of other tables that tell a known customer's e-mail or telephone."""
    links = []
    for name in ("purchases", "answers", "actions", "cases", "contacts", "invitations"):
        found = rows.get(name)
        if found is not None and {"email", "phone", "name"} & set(found.columns):
            links.append(found.join(customers.select("own").unique(), on="own", how="semi"))
    return links


def _rewritten(frame: LazyFrame, changes: pl.DataFrame, *, rows: int) -> LazyFrame | None:
    """Return a frame with the resolved customers; None for an engine whose frames Polars cannot join."""
    engine = frame.implementation
    if not (engine.is_polars() or engine.is_pandas_like() or engine.is_pyarrow()):
        return None
    native: pl.LazyFrame = frame.to_native() if engine.is_polars() else collect(frame).lazy()
    keys = [name for name in KEY_COLUMNS if f"raw {name}" in changes.columns and name in column_names(frame)]
    renamed = changes.select(
        *(pl.col(f"raw {name}").alias(f"_{name}") for name in keys), _new="resolved", _changed=True
    )
    to = renamed.unique([f"_{name}" for name in keys]).lazy()
    text = native.with_columns(pl.col(name).cast(pl.String).alias(f"_{name}") for name in keys)
    joined = text.join(
        to, on=[f"_{name}" for name in keys], how="left", nulls_equal=True, maintain_order="left"
    )
    own = pl.col("_customer") if "customer" in keys else pl.lit(None, dtype=pl.String)
    whole = joined.with_columns(customer=pl.when("_changed").then("_new").otherwise(own)).drop(
        *("_new", "_changed"), *(f"_{name}" for name in keys), strict=False
    )
    # A join in every later pass would cost more than the memory of a table of this size.
    return nw.from_native(whole.collect(engine="streaming").lazy() if rows <= _HELD_ROWS else whole)
