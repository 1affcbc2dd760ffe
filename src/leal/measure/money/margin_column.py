"""The column `margin` of a table of purchases: whether it is there, complete, and money."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from leal.engine import LazyFrame, collect, column_names
from leal.errors import BadValue, Where
from leal.results import Note
from leal.wording import Decimal, Percent, Text, plural

MOST_AS_RATES = 0.05
"""Share of all amounts below which margins that all lie between 0 and 1 are taken for shares, not money."""

FEWEST_ROWS = 10
"""Purchases below which nothing is told from how their margins look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginColumn:
    """How the margins of purchases look.

    Attributes
    ----------
    rows, known : int
        Purchases with an amount, and those of them with a margin.
    least, most : float
        The smallest and the largest margin, 0 where none is known.
    margin, amount : float
        Sums over the purchases with a margin.
    alike : bool
        Whether all margins are the same while the amounts differ.
    """

    rows: int
    known: int
    least: float
    most: float
    margin: float
    amount: float
    alike: bool

    def refuse_rates(self) -> None:
        """Raise `BadValue` where the margins look like shares of the amounts and not like money."""
        between = self.least >= 0 and 0 < self.most <= 1
        if self.known < FEWEST_ROWS or not between or self.margin > MOST_AS_RATES * self.amount:
            return
        raise BadValue(
            Text(
                "The column margin holds {least} to {most}, {share} of all amounts: that looks like shares,"
                " not like money.",
                least=Decimal(self.least, 2),
                most=Decimal(self.most, 2),
                share=Percent(self.margin / self.amount, 1),
            ),
            hint=Text(
                "Give the margin of each purchase in money (amount x share), or leave the column out and give"
                " margin= as a share of all."
            ),
            where=Where(column="margin"),
        )

    def notes(self, share: float | None = None) -> tuple[Note, ...]:
        """Return what is to be said of the column; `share` is the margin given for rows without one."""
        if not self.known:
            text = Text("The column margin is empty: money is revenue.")
            return (Note(code="margin_empty", text=text),) if self.rows and share is None else ()
        notes = []
        if self.known < self.rows:
            notes.append(Note(code="without_margin", text=_without_margin(self.rows - self.known, share)))
        if share is not None:
            text = Text(
                "Margins are those of the column margin; the share given is for purchases without one."
            )
            notes.append(Note(code="margin_of_column", text=text))
        if self.alike:
            text = Text(
                "Every purchase has the same margin of {margin}, whatever its amount: if that is per cent,"
                " leave the column out and give margin= as a share.",
                margin=Decimal(self.most, 2),
            )
            notes.append(Note(code="margin_alike", text=text))
        return tuple(notes)


def _without_margin(rows: int, share: float | None) -> Text:
    if share is None:
        return plural(
            "{count} purchase without a margin counts as if it had earned none.",
            "{count} purchases without a margin count as if they had earned none.",
            rows,
        )
    return plural(
        "{count} purchase without a margin is taken to have earned {share} of its amount.",
        "{count} purchases without a margin are taken to have earned {share} of their amounts.",
        rows,
        share=Percent(share),
    )


def read_margins(frame: LazyFrame) -> MarginColumn | None:
    """Return how the margins of a table of purchases look; None where it has no such column."""
    if not {"margin", "amount"} <= set(column_names(frame)):
        return None
    schema = frame.collect_schema()
    amount, margin = (_finite(name, schema[name].is_float()) for name in ("amount", "margin"))
    both = frame.select(amount=amount, margin=margin).filter(~nw.col("amount").is_null())
    of_known = nw.when(~nw.col("margin").is_null()).then(nw.col("amount"))
    found = collect(
        both.select(
            rows=nw.len(),
            known=nw.col("margin").count(),
            least=nw.col("margin").min(),
            most=nw.col("margin").max(),
            margin=nw.col("margin").sum(),
            amount=of_known.sum(),
            small=of_known.min(),
            large=of_known.max(),
        )
    ).row(0, named=True)
    known, least, most = int(found["known"]), float(found["least"] or 0), float(found["most"] or 0)
    return MarginColumn(
        rows=int(found["rows"]),
        known=known,
        least=least,
        most=most,
        margin=float(found["margin"] or 0),
        amount=float(found["amount"] or 0),
        alike=known >= FEWEST_ROWS and least == most and found["small"] != found["large"],
    )


def _finite(column: str, fraction: bool) -> nw.Expr:
    value = nw.col(column).cast(nw.Float64())
    return nw.when(value.is_finite()).then(value) if fraction else value
