"""What each customer of an experiment did: read, checked, one row each, ready to be averaged by arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from leal.engine import FrameLike, collect, column_names, lazy, require_column
from leal.errors import BadOption, BadValue, Where
from leal.prove.assignment import GLOBAL_HOLDOUT
from leal.results import Note, is_number
from leal.wording import Count, Listing, Text, plural

Missing = Literal["error", "zero", "leave_out"]

ARM, OUTCOME, BEFORE, PARTS, NOTICED, SIZE = "arm", "outcome", "before", "parts", "noticed", "size"


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The customers (or clusters) of an experiment.

    Attributes
    ----------
    frame : polars.DataFrame
        ``arm``, ``outcome`` and, where given, ``before``, ``noticed`` and each balance column; one row a
        unit. Ratios and clusters are linearised: the mean of ``outcome`` is the arm's ratio. Clusters have a
        ``size``: what their outcome is divided by.
    assigned : dict of str to int
        Units of each arm before anything was left out.
    capped : polars.DataFrame or None
        The same frame with outcomes cut at the quantile.
    share : bool
        Whether the outcome is yes or no.
    notes : tuple of Note
    """

    frame: pl.DataFrame
    assigned: dict[str, int]
    capped: pl.DataFrame | None
    share: bool
    notes: tuple[Note, ...]


def read_units(
    source: FrameLike,
    *,
    arm: str,
    outcome: str,
    before: str | None = None,
    denominator: str | None = None,
    cluster: str | None = None,
    noticed: str | None = None,
    balance: Sequence[str] = (),
    missing: Missing = "error",
    winsorise: float | None = None,
    customer: str | None = None,
) -> Units:
    """Return the units of an experiment, or say what is wrong with its table."""
    if missing not in ("error", "zero", "leave_out"):
        raise BadOption("missing", missing, ["error", "zero", "leave_out"])
    numbers = {OUTCOME: outcome, BEFORE: before, PARTS: denominator, NOTICED: noticed}
    numbers |= {f"balance {name}": name for name in balance}
    wanted = {name: column for name, column in numbers.items() if column is not None}
    table = _read(source, arm, wanted, cluster, customer)
    table, notes = _without_holdout(table)
    _refuse_two_arms(table, cluster is not None)
    table, gaps = _fill(table, wanted, missing)
    share = denominator is None and cluster is None and table[OUTCOME].is_in([0.0, 1.0]).all()
    assigned = _sizes(table, cluster is not None)
    kept = table.filter(pl.col(OUTCOME).is_not_null())
    capped = None if winsorise is None else _capped(kept, winsorise)
    return Units(
        frame=_linearised(kept, cluster is not None),
        assigned=assigned,
        capped=None if capped is None else _linearised(capped, cluster is not None),
        share=share,
        notes=(*notes, *gaps),
    )


def _read(
    source: FrameLike, arm: str, numbers: dict[str, str], cluster: str | None, customer: str | None
) -> pl.DataFrame:
    frame = lazy(source)
    names = column_names(frame)
    for column in (
        arm,
        *numbers.values(),
        *([cluster] if cluster else []),
        *([customer] if customer else []),
    ):
        require_column(frame, column, table="experiment")
    who = customer or ("customer" if "customer" in names else None)
    columns = dict.fromkeys([arm, *numbers.values(), *[one for one in (cluster, who) if one]])
    read = collect(frame.select(*columns))
    kept = [pl.col(arm).cast(pl.String).str.strip_chars().alias(ARM)]
    kept += [number_of(read, column).alias(name) for name, column in numbers.items()]
    if cluster:
        kept.append(pl.col(cluster).cast(pl.String).alias("cluster"))
    if who:
        kept.append(pl.col(who).cast(pl.String).alias("customer"))
    table = read.select(kept)
    if table[ARM].null_count():
        raise BadValue(
            plural("{count} row has no arm.", "{count} rows have no arm.", table[ARM].null_count()),
            hint=Text("Everyone who was assigned has an arm; leave out those who never were."),
            where=Where(column=arm),
        )
    if cluster and table["cluster"].null_count():
        raise BadValue(
            Text("A customer has no cluster."),
            hint=Text("Write down what was randomised for each of them, or leave the argument out."),
            where=Where(column=cluster),
        )
    return table


def number_of(read: pl.DataFrame, column: str) -> pl.Expr:
    """Return a column as numbers, NaN as a gap, or say that it holds none or an infinite one."""
    kind = read.schema[column]
    if not (kind.is_numeric() or kind in (pl.Boolean, pl.Null)):
        raise BadValue(
            Text("The column {column} holds no numbers, but {kind}.", column=column, kind=str(kind)),
            hint=Text(
                "Give numbers, or true and false; leal.read_table(path) reads numbers written as text."
            ),
            where=Where(column=column),
        )
    value = pl.col(column).cast(pl.Float64).fill_nan(None)
    endless = read.select(value.is_infinite().sum()).item()
    if endless:
        row = read.select(value.is_infinite().arg_true().first()).item() + 1
        raise BadValue(
            Text("A value of the column {column} is infinite.", column=column),
            hint=Text("Look for a division by zero, and leave such a value empty."),
            where=Where(column=column, row=row),
        )
    return value


def _without_holdout(table: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    out = table.filter(pl.col(ARM) == GLOBAL_HOLDOUT).height
    if not out:
        return table, ()
    text = plural(
        "{count} customer of the global holdout is in no arm of this experiment.",
        "{count} customers of the global holdout are in no arm of this experiment.",
        out,
    )
    return table.filter(pl.col(ARM) != GLOBAL_HOLDOUT), (Note(code="global_holdout", text=text),)


def _torn_customers(count: int, first: str) -> Text:
    return plural(
        "{count} customer is in two arms: {first}.",
        "{count} customers are in two arms, {first} for one.",
        count,
        first=first,
    )


def _torn_clusters(count: int, first: str) -> Text:
    return plural(
        "{count} cluster is in two arms: {first}.",
        "{count} clusters are in two arms, {first} for one.",
        count,
        first=first,
    )


_TORN = {"customer": _torn_customers, "cluster": _torn_clusters}


def _refuse_two_arms(table: pl.DataFrame, clustered: bool) -> None:
    for column in ("customer", *(["cluster"] if clustered else [])):
        if column not in table.columns:
            continue
        arms = table.drop_nulls(column).group_by(column).agg(pl.col(ARM).n_unique().alias("arms"), pl.len())
        torn = sorted(arms.filter(pl.col("arms") > 1)[column].to_list())
        if torn:
            raise BadValue(
                _TORN[column](len(torn), torn[0]),
                hint=Text(
                    "Keep the arm that was drawn first, before anything was sent; never choose by outcome."
                ),
                where=Where(column=column),
            )
        if column == "customer" and not clustered and arms.filter(pl.col("len") > 1).height:
            again = arms.filter(pl.col("len") > 1)
            raise BadValue(
                Text("Customer {customer} is there twice.", customer=sorted(again["customer"].to_list())[0]),
                hint=Text("Add up the rows of a customer, or say cluster='customer'."),
                where=Where(column="customer"),
            )


def _fill(
    table: pl.DataFrame, numbers: dict[str, str], missing: Missing
) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """Treat values that are not there as the user chose, and count them."""
    notes = []
    filled = table
    gaps = table[OUTCOME].null_count()
    if gaps and missing == "error":
        raise BadValue(
            plural("{count} customer has no outcome.", "{count} customers have no outcome.", gaps),
            hint=Text(
                "Say what that means: missing='zero' where no purchase was made (everyone assigned counts),"
                " missing='leave_out' where nobody knows (a survey not answered; it may differ by arm)."
            ),
            where=Where(column=numbers[OUTCOME]),
        )
    if gaps and missing == "zero":
        filled = filled.with_columns(pl.col(OUTCOME).fill_null(0.0))
        if PARTS in numbers:
            filled = filled.with_columns(pl.col(PARTS).fill_null(0.0))
        text = plural(
            "{count} customer without an outcome counts as zero.",
            "{count} customers without an outcome count as zero.",
            gaps,
        )
        notes.append(Note(code="missing_is_zero", text=text))
    if gaps and missing == "leave_out":
        by_arm = table.group_by(ARM).agg(pl.col(OUTCOME).null_count().alias("gaps")).sort(ARM)
        told = Listing.of(
            Text("{arm}: {count}", arm=name, count=Count(count)) for name, count in by_arm.rows()
        )
        text = Text(
            "Customers without an outcome are left out ({arms}); the arms may differ by it.", arms=told
        )
        notes.append(Note(code="missing_left_out", text=text))
    for name in (BEFORE, PARTS):
        if name in numbers and filled[name].null_count():
            gaps = filled[name].null_count()
            raise BadValue(
                plural(
                    "{count} customer has no value in {column}.",
                    "{count} customers have no value in {column}.",
                    gaps,
                    column=numbers[name],
                ),
                hint=Text("Write 0 where there was nothing before; else leave the argument out."),
                where=Where(column=numbers[name]),
            )
    return filled, tuple(notes)


def _sizes(table: pl.DataFrame, clustered: bool) -> dict[str, int]:
    count = pl.col("cluster").n_unique() if clustered else pl.len()
    return dict(table.group_by(ARM).agg(count.cast(pl.Int64)).sort(ARM).rows())


def _capped(table: pl.DataFrame, quantile: float) -> pl.DataFrame:
    if not (is_number(quantile) and 0.5 < quantile < 1):
        raise BadValue(
            Text("Outcomes cannot be cut at the quantile {quantile}.", quantile=str(quantile)),
            hint=Text("Give a fraction between 0.5 and 1, for example 0.99."),
            where=Where(column="winsorise"),
        )
    values = table[OUTCOME]
    top = values.quantile(quantile, "higher")
    least = values.min()
    bottom = values.quantile(1 - quantile, "lower") if isinstance(least, float) and least < 0 else None
    return table.with_columns(pl.col(OUTCOME).clip(bottom, top))


def _linearised(table: pl.DataFrame, clustered: bool) -> pl.DataFrame:
    """Return one row a unit whose mean outcome is the arm's mean, or its ratio by the delta method.

    With sums y and d of a unit and R = sum y/sum d of the arm, R + (y - R d)/mean d has the mean R, and its
    variance is the delta method's. Of clusters, which may be few and of very unequal size, each is spread by
    1/sqrt(1 - its share of the arm) (Bell and McCaffrey 2002): a large one draws the ratio to itself and
    seems to lie nearer than it does.
    """
    ratio = PARTS in table.columns
    if not (clustered or ratio):
        return table
    frame = table if ratio else table.with_columns(pl.lit(1.0).alias(PARTS))
    if clustered:
        named = [name for name in frame.columns if name not in (ARM, "cluster", "customer")]
        asked = [pl.col(name).count().cast(pl.Float64).alias("asked") for name in named if name == NOTICED]
        rows = pl.len().cast(pl.Float64).alias("rows")
        frame = frame.group_by(ARM, "cluster", maintain_order=True).agg(pl.col(named).sum(), *asked, rows)
    covariates = [name for name in frame.columns if name == BEFORE or name.startswith("balance ")]
    lines = [_line(OUTCOME, PARTS)]
    if not clustered:
        return frame.with_columns(lines)
    lines = [_line(OUTCOME, PARTS, spread=True), *[_line(name, "rows", spread=True) for name in covariates]]
    if NOTICED in frame.columns:
        lines.append(_line(NOTICED, "asked", spread=True))
    return frame.with_columns(*lines, pl.col(PARTS).alias(SIZE))


def _line(name: str, divisor: str, *, spread: bool = False) -> pl.Expr:
    size = pl.col(divisor)
    ratio = pl.col(name).sum().over(ARM) / size.sum().over(ARM)
    apart = (pl.col(name) - ratio * size) / size.mean().over(ARM)
    if spread:
        units = pl.len().over(ARM)
        # equal sizes are left as they are: the usual n - 1 is in the standard deviation already
        apart = apart * ((units - 1) / units / (1 - size / size.sum().over(ARM))).clip(0.0, 1e6).sqrt()
        apart = apart - apart.mean().over(ARM)
    return (ratio + apart).alias(name)
