"""Parquet files that are tables of Leal already: passed on unread, checked by one pass over their columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from leal.intake.keys import clean_identifier
from leal.intake.recognition import NEEDS
from leal.intake.reconciliation import Reconciliation, Rejection
from leal.intake.table_reasons import TABLE_REASONS
from leal.results import Note
from leal.tables import TABLES, Column, Table
from leal.wording import Count, Text

_OF_OTHERS = {"amount", "recommend", "action", "bought_at", "contacted_at", "invited_at"}
"""Columns that the table of customers does not have, while others may have all of its own."""

_KEYS = ("customer", "answer", "purchase", "respondent")
_ABNORMAL = r"^\s|\s$|\s\s|\u00a0|@.*[A-Z]|[A-Z].*@|^\d+\.0+$|^'|^$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A table that stays in its file until it is computed, and what one pass told of it."""

    frame: pl.LazyFrame
    reconciliation: Reconciliation


def scan_canonical(path: Path, kind: str | None = None) -> Scanned | None:
    """Return a Parquet file (or folder) that is a table of the vocabulary, lazily; None where it is not.

    Nothing is loaded: one aggregated pass counts rows without a key, time or value, and values outside their
    range; a filter leaves those out. Integer keys become text, times lose their zone for UTC.
    """
    scan = _scan(path)
    if scan is None:
        return None
    schema = scan.collect_schema()
    table = next(
        (t for t in TABLES.values() if kind in {None, t.name} and _is(schema, t, said=kind is not None)), None
    )
    if table is None:
        return None
    frame = scan.with_columns(_conversions(schema, table))
    problems = _problems(frame.collect_schema(), table)
    facts = frame.select(pl.len().alias("rows"), *_facts(frame.collect_schema(), table, problems)).collect(
        engine="streaming"
    )
    told = facts.row(0, named=True)
    for name in _text_keys(schema, table):
        if told[f"abnormal {name}"]:
            frame = frame.with_columns(clean_identifier(pl.col(name)))
    wrong = {reason: told[reason] for reason in problems if told[reason]}
    if wrong:
        frame = frame.filter(~pl.any_horizontal([problems[reason] for reason in wrong]))
    return Scanned(frame=frame, reconciliation=_reconciled(path, table, told, wrong))


def _scan(path: Path) -> pl.LazyFrame | None:
    try:
        if path.is_dir():
            return pl.scan_parquet(path / "*.parquet") if any(path.glob("*.parquet")) else None
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                return None
        scan = pl.scan_parquet(path)
        scan.collect_schema()
    except (OSError, pl.exceptions.PolarsError):
        return None
    return scan


def _is(schema: pl.Schema, table: Table, *, said: bool) -> bool:
    """Tell whether a schema has the table's required columns, and every known column in its type."""
    if not all(name in schema for name in table.required if name != "answer"):
        return False
    if not said:
        others = _OF_OTHERS if table.name == "customers" else set()
        if others & set(schema) or not all(group & set(schema) for group in NEEDS[table.name]):
            return False
    return all(_typed(schema[column.name], column) for column in table if column.name in schema)


def _typed(dtype: pl.DataType, column: Column) -> bool:
    if column.kind == "time":
        return isinstance(dtype, pl.Datetime | pl.Date)
    if column.kind == "flag":
        return dtype == pl.Boolean
    if column.kind in {"number", "integer"}:
        return dtype.is_numeric()
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum) or dtype.is_integer() or dtype == pl.Null


def _conversions(schema: pl.Schema, table: Table) -> list[pl.Expr]:
    made = []
    for column in table:
        dtype = schema.get(column.name)
        if dtype is None:
            continue
        if column.kind == "text" and dtype != pl.String:
            made.append(pl.col(column.name).cast(pl.String))
        if isinstance(dtype, pl.Datetime) and dtype.time_zone:
            made.append(pl.col(column.name).dt.convert_time_zone("UTC").dt.replace_time_zone(None))
    return made


def _text_keys(schema: pl.Schema, table: Table) -> list[str]:
    return [name for name in _KEYS if name in table and schema.get(name) == pl.String]


def _problems(schema: pl.Schema, table: Table) -> dict[str, pl.Expr]:
    """Return, by reason, which rows are not accepted."""
    problems: dict[str, pl.Expr] = {}
    for name in ("customer", "bought_at", "amount") if table.name == "purchases" else ():
        reason = {"bought_at": "no_time"}.get(name, f"no_{name}")
        problems[reason] = pl.col(name).is_null()
    if table.name == "purchases" and schema["amount"].is_float():
        problems["bad_amount"] = ~pl.col("amount").is_finite().fill_null(True)
    for name, when in (("contacts", "contacted_at"), ("invitations", "invited_at")):
        if table.name == name:
            problems["no_customer"] = pl.col("customer").is_null()
            problems[f"no_{when}"] = pl.col(when).is_null()
    if table.name == "customers":
        problems["no_customer"] = pl.col("customer").is_null()
    if table.name == "answers":
        score = pl.col("recommend")
        whole = (score == score.round(0)) if schema["recommend"].is_float() else pl.lit(True)
        problems["out_of_range"] = ~(score.is_between(0, 10) & whole).fill_null(True)
    return problems


def _facts(schema: pl.Schema, table: Table, problems: dict[str, pl.Expr]) -> list[pl.Expr]:
    facts = [(problem.fill_null(True)).sum().alias(reason) for reason, problem in problems.items()]
    facts += [
        pl.col(name).str.contains(_ABNORMAL).any().alias(f"abnormal {name}")
        for name in _text_keys(schema, table)
    ]
    bad = pl.any_horizontal(list(problems.values())) if problems else pl.lit(False)
    facts.append((~bad).sum().alias("accepted") if problems else pl.len().alias("accepted"))
    if table.name == "purchases":
        facts.append(pl.col("amount").filter(~bad).sum().alias("amount"))
    if table.name == "answers":
        score = pl.col("recommend").filter(~bad)
        facts += [(score >= 9).sum().alias("promoters"), (score <= 6).sum().alias("detractors")]
        facts.append(score.count().alias("scores"))
    if "currency" in schema:
        facts.append(pl.col("currency").drop_nulls().n_unique().alias("currencies"))
    return facts


def _reconciled(path: Path, table: Table, told: dict[str, object], wrong: dict[str, int]) -> Reconciliation:
    rows, accepted = int(str(told["rows"])), int(str(told["accepted"]))
    notes: tuple[Note, ...] = ()
    if int(str(told.get("currencies", 0))) > 1:
        text = Text(
            "Amounts are in several currencies ({count}); they are never added up together.",
            count=Count(int(str(told["currencies"]))),
        )
        notes = (Note(code="several_currencies", text=text),)
    nps, scores = None, int(str(told.get("scores", 0)))
    if scores:
        nps = 100 * (int(str(told["promoters"])) - int(str(told["detractors"]))) / scores
    return Reconciliation(
        file=path.name,
        source="parquet",
        recognised_by=Text("the columns of Leal"),
        table=table.name,
        rows_read=rows,
        accepted=accepted,
        rejected=tuple(Rejection(line=0, reason=reason, text=TABLE_REASONS[reason]) for reason in wrong),
        rejected_by_reason=wrong,
        nps_before=nps,
        nps_after=nps,
        n_before=scores,
        n_after=scores,
        amount_accepted=float(str(told["amount"])) if "amount" in told else None,
        columns_used={column.name: column.name for column in table},
        notes=notes,
    )
