"""One line of the ledger, and how lines are written to a file and read again."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import polars as pl

from leal.errors import BadFile, BadValue, Where
from leal.results import Estimate, Grade, Money, Proportion, known_or_none
from leal.wording import Text

Stage = Literal["promised", "noticed", "proved", "assumed", "learned"]

FORMAT = "leal-ledger"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One line of the ledger.

    Attributes
    ----------
    stage : {"promised", "noticed", "proved", "assumed", "learned"}
        Promised, noticed and proved are of an action; assumed and learned are of a link.
    action : str
        Name of the action; empty where a link was assumed for all.
    value : Estimate
        Money of the action in all (before its cost) where promised or proved, the extra share that noticed,
        or the link.
    on : datetime.date or None
        Its day.
    link : str or None
        Name of the link.
    grade : {"A", "B", "C", "D"}
    cost : float or None
        Cost of the action in all.
    customers : float or None
        Customers that the money is for.
    expected : float or None
        Where noticed: the share that the promise had counted on (1: everybody).
    verdict : str or None
        Where proved: what the experiment said.
    proved : bool or None
        Where proved: whether the lower limit of the effect was above zero.
    """

    stage: Stage
    action: str
    value: Estimate
    on: dt.date | None = None
    link: str | None = None
    grade: Grade = "D"
    cost: float | None = None
    customers: float | None = None
    expected: float | None = None
    verdict: str | None = None
    proved: bool | None = None


SCHEMA: dict[str, Any] = {
    "stage": pl.String,
    "action": pl.String,
    "on": pl.Date,
    "link": pl.String,
    "kind": pl.String,
    "estimate": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "n": pl.Float64,
    "level": pl.Float64,
    "method": pl.String,
    "currency": pl.String,
    "basis": pl.String,
    "period": pl.String,
    "grade": pl.String,
    "cost": pl.Float64,
    "customers": pl.Float64,
    "expected": pl.Float64,
    "verdict": pl.String,
    "proved": pl.Boolean,
}


def entries_frame(entries: Sequence[LedgerEntry]) -> pl.DataFrame:
    """Return one row an entry."""
    return pl.DataFrame([_row(one) for one in entries], schema=SCHEMA)


def _row(one: LedgerEntry) -> dict[str, Any]:
    value = one.value
    kind = "money" if isinstance(value, Money) else "share" if isinstance(value, Proportion) else "number"
    numbers = {
        name: known_or_none(getattr(value, name)) for name in ("estimate", "ci_low", "ci_high", "n", "level")
    }
    return {
        "stage": one.stage,
        "action": one.action,
        "on": one.on,
        "link": one.link,
        "kind": kind,
        **numbers,
        "method": value.method,
        "currency": value.currency if isinstance(value, Money) else None,
        "basis": value.basis if isinstance(value, Money) else None,
        "period": value.period if isinstance(value, Money) else None,
        "grade": one.grade,
        "cost": one.cost,
        "customers": one.customers,
        "expected": one.expected,
        "verdict": one.verdict,
        "proved": one.proved,
    }


def _entry(row: dict[str, Any]) -> LedgerEntry:
    def number(name: str) -> float:
        return math.nan if row[name] is None else float(row[name])

    shared: dict[str, Any] = {name: number(name) for name in ("estimate", "ci_low", "ci_high", "n")}
    shared |= {"level": row["level"], "method": row["method"]}
    value: Estimate
    if row["kind"] == "money":
        value = Money(
            **shared,
            currency=row["currency"],
            basis=row["basis"],
            period=row["period"],
            grade=row["grade"],
        )
    else:
        value = Proportion(**shared) if row["kind"] == "share" else Estimate(**shared)
    names = ("stage", "action", "on", "link", "grade", "cost", "customers", "expected", "verdict", "proved")
    return LedgerEntry(value=value, **{name: row[name] for name in names})


def write_entries(entries: Sequence[LedgerEntry], path: Path) -> None:
    """Write entries as JSON or Parquet, by the ending of the path."""
    frame = entries_frame(entries)
    if path.suffix.lower() == ".parquet":
        frame.with_columns(pl.lit(VERSION).alias("version")).write_parquet(path)
        return
    if path.suffix.lower() != ".json":
        raise _unknown_ending(path)
    rows = frame.with_columns(pl.col("on").cast(pl.String)).to_dicts()
    whole = {"format": FORMAT, "version": VERSION, "entries": rows}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")


def read_entries(path: Path) -> tuple[LedgerEntry, ...]:
    """Read what `write_entries` wrote."""
    if not path.exists():
        raise BadFile(
            Text("The file does not exist."),
            hint=Text("Check the spelling of the path."),
            where=Where(file=str(path)),
        )
    frame, version = _frame_of(path)
    if version != VERSION:
        raise BadFile(
            Text(
                "The ledger is of version {version}, this Leal reads {known}.", version=version, known=VERSION
            ),
            hint=Text("Read it with the Leal that wrote it, or with a later one."),
            where=Where(file=str(path)),
        )
    wrong = [name for name in SCHEMA if name not in frame.columns]
    if wrong or not set(frame["stage"].unique()) <= set(get_args(Stage)):
        raise _no_ledger(path)
    return tuple(_entry(row) for row in frame.select(list(SCHEMA)).to_dicts())


def _frame_of(path: Path) -> tuple[pl.DataFrame, object]:
    if path.suffix.lower() == ".parquet":
        frame = pl.read_parquet(path)
        if "version" not in frame.columns:
            raise _no_ledger(path)
        return frame, frame["version"][0] if frame.height else VERSION
    if path.suffix.lower() != ".json":
        raise _unknown_ending(path)
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _no_ledger(path) from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise _no_ledger(path)
    kinds = SCHEMA | {"on": pl.String}
    try:
        frame = pl.DataFrame(whole["entries"], schema=kinds).with_columns(pl.col("on").str.to_date())
    except (KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise _no_ledger(path) from error
    return frame, whole.get("version")


def _no_ledger(path: Path) -> BadFile:
    return BadFile(
        Text("This is no ledger of Leal."),
        hint=Text("Give a file that Ledger.save wrote."),
        where=Where(file=str(path)),
    )


def _unknown_ending(path: Path) -> BadFile:
    return BadFile(
        Text("A ledger is kept as .json or .parquet."),
        hint=Text("Give the path one of these endings."),
        where=Where(file=str(path)),
    )


def checked_day(on: dt.date | str | None) -> dt.date | None:
    """Return a day given as a date or in words (2026-03-01)."""
    if on is None or (isinstance(on, dt.date) and not isinstance(on, dt.datetime)):
        return on
    if isinstance(on, dt.datetime):
        return on.date()
    try:
        return dt.date.fromisoformat(on)
    except (TypeError, ValueError) as error:
        raise BadValue(
            Text("{day} is no day.", day=repr(on)),
            hint=Text("Give a date, or words like 2026-03-01."),
            where=Where(column="on"),
        ) from error
