"""The symptom meter: whether work goes into symptoms that return, or into their causes."""

from __future__ import annotations

import math
from typing import Any

import narwhals as nw
import polars as pl

from leal.act.contact_growth import contacts_by_quarter, rate_growth
from leal.act.symptom_results import FEWEST_CASES, QUARTER, RETURN_WITHIN, ReasonOfCases, SymptomMeter
from leal.act.symptom_spending import symptom_spending
from leal.engine import FrameLike, as_date, collect, column_names, day_number, lazy, require_column
from leal.results import Note, Proportion
from leal.statistics import clustered_share
from leal.wording import Count, Text

_QUARTERS = {
    "quarter": pl.Date,
    "cases": pl.Int64,
    "customers": pl.Int64,
    "rate": pl.Float64,
    "squares": pl.Float64,
    "rules": pl.Int64,
}


def symptom_meter(
    cases: FrameLike,
    *,
    actions: FrameLike = None,
    purchases: FrameLike = None,
    rules: FrameLike = None,
    contacts: FrameLike = None,
    within: int = RETURN_WITHIN,
    until: int | None = None,
    level: float = 0.95,
) -> SymptomMeter:
    """Tell whether work goes into symptoms that return, or into their causes.

    Parameters
    ----------
    cases : dataframe or path
        The table `cases`: customer, opened_at, reason, and where known cost.
    actions : dataframe or path, optional
        The table `actions`; its column `driver` names the cause that an action works on. A reason is treated
        where a driver holds the reason's words, or the other way round.
    purchases : dataframe or path, optional
        The table `purchases`: cases are counted per customer who bought in the year before.
    rules : dataframe or path, optional
        The table `rules`: how many are in force.
    contacts : dataframe or path, optional
        The table `contacts`: how many there are for each customer who bought in the year before, in the
        quarters that it covers.
    within : int
        Days within which a case of the same reason counts as returned.
    until : int, optional
        Last day of the data (day number); by default that of the last case.
    level : float
        Level of the intervals.

    Returns
    -------
    SymptomMeter

    Raises
    ------
    MissingColumn
        A column is not there.

    Notes
    -----
    A returning reason means that the last case was closed and its cause was not. Cases of the last `within`
    days cannot have returned yet and are left out of that share. Who complains much makes most cases and most
    returns, so that customers and not cases are taken as independent, in shares (`clustered_share`) and in
    changes a customer.

    When not to use: where customers are told to call again, or one matter is booked as several cases.
    """
    frame = lazy(cases)
    for column in ("customer", "reason"):
        require_column(frame, column, table="cases")
    rows = _rows(frame)
    last = until if until is not None else int(rows["day"].max() or 0)  # type: ignore[arg-type]
    told = _with_return(rows.filter(pl.col("day") <= last), within, last)
    drivers = _drivers(actions)
    reasons = _reasons(told, drivers, "cost" in column_names(frame), level)
    quarters = _quarters(told, purchases, rules, last)
    touches = contacts_by_quarter(contacts, quarters)
    quarters = quarters.join(touches.select("quarter", "contacts", "contacts_rate"), on="quarter", how="left")
    spending = symptom_spending(told["cost"] if "cost" in column_names(frame) else None, actions)
    enough = told if told.height >= FEWEST_CASES else told.head(0)
    treated = [one.reason for one in reasons if one.treated]
    return SymptomMeter(
        returned=_returned(enough, level),
        untreated=_share(enough, ~pl.col("reason").is_in(treated), level),
        spending=spending,
        reasons=reasons,
        quarters=quarters.drop("squares").sort("quarter"),
        growth=rate_growth(quarters.sort("quarter"), "cases", level),
        contacts_growth=rate_growth(touches, "contacts", level),
        notes=_notes(rows, frame, actions),
    )


def _rows(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    cost = nw.col("cost").cast(nw.Float64()) if "cost" in column_names(frame) else nw.lit(None, nw.Float64())
    rows = frame.select(
        nw.col("customer").cast(nw.String()),
        day_number(frame, "opened_at", table="cases").alias("day"),
        nw.col("reason").cast(nw.String()).str.strip_chars().alias("reason"),
        cost.alias("cost"),
    )
    return collect(rows).fill_nan(None).drop_nulls(["customer", "day", "reason"])


def _with_return(rows: pl.DataFrame, within: int, last: int) -> pl.DataFrame:
    """Add whether each case returned; empty for those too young to tell."""
    ordered = rows.sort("customer", "reason", "day")
    following = pl.col("day").shift(-1).over("customer", "reason")
    came = (following - pl.col("day") <= within).fill_null(False)
    return ordered.with_columns(returned=pl.when(pl.col("day") <= last - within).then(came).otherwise(None))


def _returned(told: pl.DataFrame, level: float) -> Proportion:
    return _share(told.drop_nulls("returned"), pl.col("returned"), level)


def _share(cases: pl.DataFrame, counts: pl.Expr, level: float) -> Proportion:
    """Return the share of cases that count; those of one customer are alike."""
    each = cases.group_by("customer", maintain_order=True).agg(
        parts=counts.cast(pl.Float64).sum(), wholes=pl.len().cast(pl.Float64)
    )
    ends = clustered_share(each["parts"].to_numpy(), each["wholes"].to_numpy(), level)
    return Proportion(
        estimate=float(each["parts"].sum()) / cases.height if cases.height else math.nan,
        ci_low=ends.low,
        ci_high=ends.high,
        n=cases.height,
        level=level,
        method=ends.method,
    )


def _drivers(actions: FrameLike) -> tuple[str, ...]:
    if actions is None:
        return ()
    frame = lazy(actions)
    if "driver" not in column_names(frame):
        return ()
    named = collect(frame.select(nw.col("driver").cast(nw.String())).drop_nulls())
    words = named["driver"].str.strip_chars().str.to_lowercase()
    return tuple(words.filter(words != "").unique(maintain_order=True).to_list())


def _reasons(
    told: pl.DataFrame, drivers: tuple[str, ...], has_cost: bool, level: float
) -> tuple[ReasonOfCases, ...]:
    found = []
    for (reason,), part in told.group_by("reason"):
        words = str(reason).lower()
        found.append(
            ReasonOfCases(
                reason=str(reason),
                cases=part.height,
                customers=part["customer"].n_unique(),
                returned=_returned(part, level),
                cost=float(part["cost"].sum()) if has_cost else None,
                treated=any(driver in words or words in driver for driver in drivers),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.cases, one.reason)))


def _quarters(told: pl.DataFrame, purchases: FrameLike, rules: FrameLike, last: int) -> pl.DataFrame:
    """Return cases, customers, rate and rules of each whole quarter of 91 days, back from the last day."""
    if told.is_empty():
        return pl.DataFrame(schema=_QUARTERS)
    first = int(told["day"].min())  # type: ignore[arg-type]
    count = max((last - first + 1) // QUARTER, 0)
    bought = _bought(purchases)
    in_force = _in_force(rules)
    rows = []
    for back in reversed(range(count)):
        end = last - back * QUARTER
        each = told.filter(pl.col("day").is_between(end - QUARTER + 1, end)).group_by("customer").len()["len"]
        cases = int(each.sum())
        active = (
            bought.filter(pl.col("day").is_between(end - 364, end))["customer"].n_unique()
            if bought.height
            else 0
        )
        rows.append(
            {
                "quarter": as_date(end),
                "cases": cases,
                "customers": active or None,
                "rate": cases / active if active else None,
                "squares": float((each.cast(pl.Float64) ** 2).sum()),
                "rules": in_force(end),
            }
        )
    return pl.DataFrame(rows, schema=_QUARTERS)


def _bought(purchases: FrameLike) -> pl.DataFrame:
    if purchases is None:
        return pl.DataFrame(schema={"customer": pl.String, "day": pl.Int32})
    frame = lazy(purchases)
    day = day_number(frame, "bought_at", table="purchases").alias("day")
    pairs = frame.select(nw.col("customer").cast(nw.String()), day).drop_nulls()
    return collect(pairs.group_by("customer", "day").agg(nw.len())).select("customer", "day")


def _in_force(rules: FrameLike) -> Any:
    """Return the function that counts the rules in force on a day; it gives None without rules."""
    if rules is None:
        return lambda _day: None
    frame = lazy(rules)
    columns = [day_number(frame, "introduced_at", table="rules").alias("begun")]
    if "retired_at" in column_names(frame):
        columns.append(day_number(frame, "retired_at", table="rules").alias("ended"))
    table = collect(frame.select(*columns))
    ended = pl.col("ended").is_null() if "ended" in table.columns else pl.lit(True)

    def count(day: int) -> int:
        late = (pl.col("ended") > day) if "ended" in table.columns else pl.lit(False)
        return table.filter((pl.col("begun") <= day) & (ended | late)).height

    return count


def _notes(rows: pl.DataFrame, frame: nw.LazyFrame[Any], actions: FrameLike) -> tuple[Note, ...]:
    notes = []
    lost = int(collect(frame.select(nw.len().alias("n")))["n"][0]) - rows.height
    if lost:
        text = Text("{count} cases without customer, day or reason are left out.", count=Count(lost))
        notes.append(Note(code="cases_with_gaps", text=text))
    if actions is None or "driver" not in column_names(lazy(actions)):
        text = Text("No action says which cause it works on (column driver): all count as treating symptoms.")
        notes.append(Note(code="no_drivers_named", text=text))
    return tuple(notes)
