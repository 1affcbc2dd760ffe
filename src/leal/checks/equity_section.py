"""Beside check 7: what made the value of all customers change, and how few hold most of it."""

from __future__ import annotations

from functools import partial

import polars as pl

from leal.charts import value_concentration, waterfall
from leal.checks.book import Book
from leal.checks.findings import Exhibit, Heading, Named, Picture, ranged
from leal.checks.once import once
from leal.checks.supplement import Supplement
from leal.predict import EquityBridge, LifetimeValue, value_of_base
from leal.results import Note
from leal.wording import Text


def customer_equity(book: Book) -> Supplement | None:
    """Return the bridge of a year and the value of the year to come; None where purchases are too short."""
    if book.lacking(purchases=("customer", "bought_at", "amount")):
        return None
    bridge = book.equity
    if bridge is None or not bridge.known:
        return None
    worth = value_of_all(book)
    if worth is None or not worth.known:
        return None
    of_bridge = bridge_supplement(bridge)
    return Supplement(
        estimates=(
            Named(name=Text("What all customers will bring within a year"), value=worth.total),
            Named(name=Text("Share of it that the most valuable tenth holds"), value=worth.top_share),
            *of_bridge.estimates,
        ),
        exhibits=of_bridge.exhibits,
        pictures=(*of_bridge.pictures, _concentration(worth)),
        notes=(*_held(worth), *of_bridge.notes),
    )


@once
def value_of_all(book: Book) -> LifetimeValue | None:
    """Return what all customers will bring; None without purchases of known customers."""
    if book.lacking(purchases=("customer", "bought_at", "amount")):
        return None
    fit = (book.purchase_fits or {}).get("Pareto/NBD")
    return value_of_base(
        book.purchase_base,
        discount=book.discount,
        level=book.level,
        fit=fit,
        beyond=None if fit is None else book.past_errors,
    )


def bridge_supplement(bridge: EquityBridge) -> Supplement:
    """Return a bridge that is known, dressed: its change, its steps as a table and as a chart."""
    return Supplement(
        estimates=(
            Named(name=Text("Change of the value of all customers within the year"), value=bridge.change),
        ),
        exhibits=(_table(bridge),),
        pictures=(_bridge_picture(bridge),),
        notes=(Note(code="equity_bridge", text=bridge.sentence()),),
    )


def _held(worth: LifetimeValue) -> tuple[Note, ...]:
    codes = {"holdout_held", "holdout_missed", "model_error", "no_holdout"}
    return tuple(note for note in worth.notes if note.code in codes)


def _table(bridge: EquityBridge) -> Exhibit:
    return Exhibit(
        title=Text("What made the value of all customers change within a year"),
        frame=bridge.to_frame().drop("kind"),
        headings=(
            Heading(name="name", title=Text("Step")),
            *ranged("estimate", Text("Money"), "amount", "ci_"),
        ),
        remark=Text(
            "Expected money of ten years, discounted; both days measured by one model. Lost: who was a"
            " customer and is probably none any more."
        ),
    )


def _bridge_picture(bridge: EquityBridge) -> Picture:
    frame = bridge.to_frame().filter(pl.col("estimate") != 0)
    return Picture(
        title=Text("What made the value of all customers change within a year"),
        draw=partial(waterfall, frame, currency=bridge.change.currency),
        description=bridge.sentence(),
    )


def _concentration(worth: LifetimeValue) -> Picture:
    return Picture(
        title=Text("How few customers hold most of the value of the year to come"),
        draw=partial(value_concentration, worth.concentration()),
        description=worth.sentence(),
    )
