"""What a lot is drawn from and written to: customers, one row each; the table `actions` that comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from leal.cli.last_day import last_day_that_counts
from leal.errors import BadOption, BadValue, MissingColumn, Where
from leal.results import Note
from leal.wording import Text, plural

if TYPE_CHECKING:
    from leal.evidence import Evidence
    from leal.intake import Reconciliation

ARMS = ("treated", "control")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotCustomers:
    """Customers to draw, one row each, with their purchases where given, and what became of the rows."""

    frame: pl.DataFrame
    purchases: pl.DataFrame | None
    reconciliations: tuple[Reconciliation, ...]
    notes: tuple[Note, ...]

    def column(self, name: str, file: Path) -> str:
        """Return the column of the frame that a person names by its header in the file, or by Leal's name."""
        headers = _of_customers(self.reconciliations).columns_used
        used = {header.strip().casefold(): column for header, column in headers.items()}
        known = {column.casefold(): column for column in self.frame.columns}
        told = name.strip().casefold()
        found = used.get(told) or known.get(told)
        if found is None or found not in self.frame.columns or found == "customer":
            others = [column for column in self.frame.columns if column != "customer"]
            raise MissingColumn(name, others, table="customers", file=str(file))
        return found


def read_lot_customers(file: Path, purchases: Path | None, mapping: Path | None) -> LotCustomers:
    """Read who may be drawn, and what they bought, with the same identifiers in both."""
    from leal.intake import load

    loaded = load(customers=file, purchases=purchases, mapping=mapping)
    told = _of_customers(loaded.reconciliations)
    people = _frame(loaded.evidence, "customers")
    assert people is not None
    named = people.drop_nulls("customer")
    single = named.unique("customer", keep="last", maintain_order=True)
    bought = _frame(loaded.evidence, "purchases")
    stray: tuple[Note, ...] = ()
    if bought is not None:
        last, stray = last_day_that_counts(bought)
        bought = bought if last is None else bought.filter(pl.col("bought_at").cast(pl.Date) <= last)
    notes = _notes_on(single, repeated=told.duplicates + named.height - single.height)
    return LotCustomers(
        frame=single,
        purchases=bought,
        reconciliations=loaded.reconciliations,
        notes=(*notes, *stray, *(() if bought is None else _strangers(single, bought))),
    )


def _of_customers(reconciliations: Iterable[Reconciliation]) -> Reconciliation:
    return next(told for told in reconciliations if told.table == "customers")


def _frame(evidence: Evidence, name: str) -> pl.DataFrame | None:
    from leal.engine import collect

    table = evidence.table(name)
    return None if table is None else collect(table)


def _notes_on(people: pl.DataFrame, repeated: int) -> tuple[Note, ...]:
    notes = []
    if repeated:
        text = plural(
            "{count} row names a customer again: everybody is drawn once, as the last of their rows says.",
            "{count} rows name a customer again: everybody is drawn once, as the last of their rows says.",
            repeated,
        )
        notes.append(Note(code="repeated", text=text))
    shared = [pl.col(key).is_duplicated() & pl.col(key).is_not_null() for key in _addresses(people)]
    alike = people.filter(pl.any_horizontal(shared)).height if shared else 0
    if alike:
        text = plural(
            "{count} customer has the e-mail address or telephone of another one: if they are one person,"
            " that person may be both treated and held out.",
            "{count} customers have the e-mail address or telephone of another one: if they are one person,"
            " that person may be both treated and held out.",
            alike,
        )
        notes.append(Note(code="shared_address", text=text))
    gone = people["left_at"].count() if "left_at" in people.columns else 0
    if gone:
        text = plural(
            "{count} customer has left, as the file says, and is drawn like the others: take out whom the"
            " action is not for before you draw.",
            "{count} customers have left, as the file says, and are drawn like the others: take out whom the"
            " action is not for before you draw.",
            gone,
        )
        notes.append(Note(code="left_already", text=text))
    return tuple(notes)


def _addresses(people: pl.DataFrame) -> list[str]:
    return [key for key in ("email", "phone") if key in people.columns]


def _strangers(people: pl.DataFrame, purchases: pl.DataFrame) -> tuple[Note, ...]:
    """Say so where the purchases hardly know these customers: power would be told from nothing."""
    known = people.join(purchases.select("customer").unique(), on="customer", how="semi").height
    if known:
        return ()
    text = Text("None of these customers is in the purchases: look whether both files call them alike.")
    return (Note(code="nobody_known", text=text),)


def read_earlier(file: Path, action: str, mapping: Path | None) -> pl.DataFrame:
    """Read the rows of an action that were drawn before, as rows of the table `actions`."""
    from leal.intake import read_table

    rows, _ = read_table(file, "actions", mapping)
    for column in ("customer", "arm"):
        if column not in rows.columns:
            raise MissingColumn(column, rows.columns, table="actions", file=str(file))
    own = rows.filter(pl.col("action") == action)
    if own.is_empty():
        raise BadValue(
            Text("There is no action {action} in the file.", action=action),
            hint=Text("Give the file that this command wrote, and the same --action."),
            where=Where(file=str(file), column="action"),
        )
    other = own.filter(~pl.col("arm").is_in(ARMS).fill_null(value=False))
    if other.height:
        raise BadOption("arm", other["arm"][0], list(ARMS))
    return _as_actions(own.drop_nulls("customer").unique("customer", keep="first", maintain_order=True))


def as_actions(
    drawn: pl.DataFrame, starts: dt.date | None, cost: float | None, held_out: float
) -> pl.DataFrame:
    """Return arms as rows of the table `actions`; who is held out costs nothing."""
    is_held_out = pl.col("arm") == "control"
    each = None if cost is None else pl.when(is_held_out).then(0.0).otherwise(cost)
    return _as_actions(
        drawn.with_columns(
            started_at=pl.lit(starts, dtype=pl.Date),
            cost=pl.lit(None, dtype=pl.Float64) if each is None else each,
            planned_share=pl.when(is_held_out).then(held_out).otherwise(1 - held_out).round(9),
        )
    )


def _as_actions(rows: pl.DataFrame) -> pl.DataFrame:
    kinds = {"action": pl.String, "customer": pl.String, "arm": pl.String}
    whole = kinds | {"started_at": pl.Date, "cost": pl.Float64, "planned_share": pl.Float64}
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in whole.items() if name not in rows]
    return rows.with_columns(absent).select(pl.col(name).cast(kind) for name, kind in whole.items())


def counts_by(drawn: pl.DataFrame, strata: Sequence[str]) -> pl.DataFrame:
    """Return how many customers of each stratum are treated and held out, in the order of strata."""
    return (
        drawn.group_by(strata)
        .agg(
            treated=(pl.col("arm") == "treated").sum().cast(pl.Int64),
            control=(pl.col("arm") == "control").sum().cast(pl.Int64),
        )
        .sort(strata, nulls_last=True)
    )
