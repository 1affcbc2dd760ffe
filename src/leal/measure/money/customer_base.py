"""The whole base, one row a customer: what they said, what they bought, what attention they got."""

from __future__ import annotations

import re

import narwhals as nw
import polars as pl

from leal.engine import FrameLike, collect, column_names, day_number, lazy
from leal.measure.money.purchases import summarise_customers

DAYS_IN_YEAR = 365

_SUMMARY = {
    "frequency": pl.Int64,
    "recency": pl.Float64,
    "age": pl.Float64,
    "spend": pl.Float64,
    "first_day": pl.Int32,
    "last_day": pl.Int32,
    "amount": pl.Float64,
    "repeat_amount": pl.Float64,
    "margin": pl.Float64,
    "repeat_margin": pl.Float64,
    "yearly_amount": pl.Float64,
    "yearly_margin": pl.Float64,
}
_WORDS = ("segment", "unit")
_LOADS = ("contacts", "cases")


def money_summary(money_days: pl.DataFrame, until: int, to_year: float = 1.0) -> pl.DataFrame:
    """Return one row a customer who bought, with the money of the last year.

    Parameters
    ----------
    money_days : polars.DataFrame
        What `leal.measure.daily_money` gave: customer, day, amount and, where known, margin.
    until : int
        Last day that is looked at (day number).
    to_year : float
        Factor to a year's money, above 1 where the data cover less than a year.

    Returns
    -------
    polars.DataFrame
        The columns of `summarise_customers`, ``yearly_amount`` and ``yearly_margin`` (money of the 365 days
        up to `until`, times `to_year`); the margins are null where none is known.
    """
    days = money_days.filter(pl.col("day") <= until)
    if days.is_empty():
        return pl.DataFrame(schema={"customer": money_days.schema["customer"], **_SUMMARY})
    money = [name for name in ("amount", "margin") if name in days.columns]
    recent = (
        days.filter(pl.col("day") > until - DAYS_IN_YEAR)
        .group_by("customer")
        .agg((pl.col(name).sum() * to_year).alias(f"yearly_{name}") for name in money)
    )
    summary = collect(summarise_customers(days, until=until)).join(recent, on="customer", how="left")
    filled = summary.with_columns(pl.col([f"yearly_{name}" for name in money]).fill_null(0.0))
    absent = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in _SUMMARY.items() if name not in filled.columns
    ]
    return filled.with_columns(absent).select("customer", *_SUMMARY)


def customer_register(customers: FrameLike | None) -> pl.DataFrame:
    """Return the table `customers` as one row each.

    Returns
    -------
    polars.DataFrame
        ``customer, segment, unit, joining_reason, joined_day, left_day, contacts, cases``; null where absent.
        Of a customer who is listed twice the first word of the alphabet, the earliest day and the greatest
        count are kept, so that the order of the rows does not matter.
    """
    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(
        ("customer", "segment", "unit", "joining_reason"), pl.String
    )
    kinds |= {"joined_day": pl.Int32, "left_day": pl.Int32, "contacts": pl.Float64, "cases": pl.Float64}
    if customers is None:
        return pl.DataFrame(schema=kinds)
    frame = lazy(customers)
    names = column_names(frame)
    columns = [nw.col("customer").cast(nw.String())]
    columns += [nw.col(name).cast(nw.String()) for name in (*_WORDS, "joining_reason") if name in names]
    columns += [nw.col(name).cast(nw.Float64()) for name in _LOADS if name in names]
    for source, name in (("joined_at", "joined_day"), ("left_at", "left_day")):
        if source in names:
            columns.append(day_number(frame, source, table="customers").alias(name))
    found = collect(frame.select(*columns)).drop_nulls("customer")
    absent = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in kinds.items() if name not in found.columns
    ]
    rows = found.with_columns(absent).select(*kinds).cast(kinds)  # type: ignore[arg-type]
    if rows["customer"].n_unique() == rows.height:
        return rows
    least = ("segment", "unit", "joining_reason", "joined_day", "left_day")
    return rows.group_by("customer").agg(pl.col(*least).min(), pl.col(*_LOADS).max()).select(*kinds)


def with_counted_contacts(register: pl.DataFrame, contacts: FrameLike | None, until: int) -> pl.DataFrame:
    """Return the register with the contacts of the last year counted from their log, where it has no number.

    Parameters
    ----------
    register : polars.DataFrame
        What `customer_register` gave.
    contacts : dataframe or path, or None
        The table `contacts`.
    until : int
        Last day that is looked at (day number).

    Returns
    -------
    polars.DataFrame
        The register, with customers of the log whom it does not list. Where any customer of the register has
        a number of contacts it stays as it is; else who is not in the log had none.
    """
    return _with_counted(register, contacts, until, "contacts", "contacted_at")


def with_counted_cases(register: pl.DataFrame, cases: FrameLike | None, until: int) -> pl.DataFrame:
    """Return the register with the cases of the last year counted from the table `cases`.

    The same as `with_counted_contacts`, of complaints, questions and other cases.
    """
    return _with_counted(register, cases, until, "cases", "opened_at")


def _with_counted(
    register: pl.DataFrame, log: FrameLike | None, until: int, column: str, time: str
) -> pl.DataFrame:
    if log is None or register[column].null_count() < register.height:
        return register
    frame = lazy(log)
    day = day_number(frame, time, table=column).alias("day")
    rows = collect(frame.select(nw.col("customer").cast(nw.String()), day)).drop_nulls()
    recent = rows.filter(pl.col("day").is_between(until - DAYS_IN_YEAR + 1, until))
    counted = recent.group_by("customer").agg(pl.len().cast(pl.Float64).alias(column))
    listed = register.drop(column).join(counted, on="customer", how="full", coalesce=True)
    return listed.with_columns(pl.col(column).fill_null(0.0)).select(register.columns)


def action_spending(actions: FrameLike | None) -> pl.DataFrame:
    """Return what was spent on each customer by actions that they were exposed to: ``customer, action_cost``.

    Notes
    -----
    The cost in a row with a customer is what was spent on that customer; rows without a customer (the cost of
    the action in all) cannot be given to anyone and are left out. Where a row does not say who was exposed,
    the treated arm was; where there is no arm either, everyone listed was.
    """
    empty = pl.DataFrame(schema={"customer": pl.String, "action_cost": pl.Float64})
    if actions is None:
        return empty
    frame = lazy(actions)
    names = column_names(frame)
    if not {"customer", "cost"} <= set(names):
        return empty
    columns = [nw.col("customer").cast(nw.String()), nw.col("cost").cast(nw.Float64()).alias("action_cost")]
    columns += [nw.col(name) for name in ("exposed", "arm") if name in names]
    rows = collect(frame.select(*columns)).drop_nulls(["customer", "action_cost"])
    told = [pl.col("exposed").cast(pl.Boolean, strict=False)] if "exposed" in names else []
    told += [~is_control(pl.col("arm"))] if "arm" in names else []
    rows = rows.filter(pl.coalesce(*told, pl.lit(True)))
    return rows.group_by("customer").agg(pl.col("action_cost").sum())


_CONTROL_WORDS = (
    *("control", "control group", "holdout", "hold out", "held out", "0", "0.0", "false", "no"),
    *("контроль", "контрольная", "контрольная группа", "без воздействия", "нет"),
)


def is_control(arm: pl.Expr) -> pl.Expr:
    """Tell whether an arm is the one held out, by the words that people write for it."""
    words = arm.cast(pl.String).str.to_lowercase().str.replace_all("[_-]", " ").str.strip_chars()
    return words.is_in(list(_CONTROL_WORDS))


def is_control_word(arm: str) -> bool:
    """Tell whether a name is one that people write for the arm held out."""
    return re.sub("[_-]", " ", arm.lower()).strip() in _CONTROL_WORDS


def customer_base(
    latest: pl.DataFrame, summary: pl.DataFrame, register: pl.DataFrame, spending: pl.DataFrame
) -> pl.DataFrame:
    """Join what is known of every customer of any table: one row each.

    Parameters
    ----------
    latest, summary, register, spending : polars.DataFrame
        From `latest_answers`, `money_summary`, `customer_register` and `action_spending`.

    Returns
    -------
    polars.DataFrame
        ``customer, answered_day, score, group`` (null: did not answer)``, satisfaction, segment, unit``, the
        columns of the summary (money is 0 for those who never bought), ``contacts, cases, action_cost``.
        Segment and unit are those of the latest answer, else of the register.
    """
    said = latest.rename({"day": "answered_day"})
    base = register.join(summary, on="customer", how="full", coalesce=True)
    base = base.join(said, on="customer", how="full", coalesce=True)
    base = base.with_columns(pl.coalesce(f"{name}_right", name).alias(name) for name in _WORDS)
    base = base.drop([f"{name}_right" for name in _WORDS]).join(spending, on="customer", how="left")
    money = [name for name in _SUMMARY if name.endswith("amount")]
    if summary["margin"].null_count() < summary.height:
        money += [name for name in _SUMMARY if name.endswith("margin")]
    return base.with_columns(pl.col(*money, "action_cost").fill_null(0.0))
