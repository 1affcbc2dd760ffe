"""Customers by periods: a panel read, checked and laid out as a table of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from leal.engine import FrameLike, collect, lazy, require_column
from leal.errors import BadOption, BadValue, Where
from leal.measure.programmes.noticing_counts import flag
from leal.prove.experiment_units import number_of
from leal.results import Note
from leal.wording import Text, plural

PanelGaps = Literal["error", "zero", "leave_out"]

NEVER = -1
"""Start of a customer who was never treated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A panel without gaps.

    Attributes
    ----------
    outcomes : array of shape (customers, periods)
    starts : array of shape (customers,)
        Place of the first treated period, `NEVER` for none.
    clusters : array of shape (customers,)
        Number of each customer's cluster, from 0.
    weights : array of shape (customers,)
        What each untreated customer counts for; those of the treated are not asked.
    leverages : array of shape (customers,)
        How much of each customer's outcomes was taken out by what was learnt from themselves, 0 to 1.
    times : tuple
        The periods, in their order.
    notes : tuple of Note
    """

    outcomes: npt.NDArray[np.float64]
    starts: npt.NDArray[np.int64]
    clusters: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    leverages: npt.NDArray[np.float64]
    times: tuple[Any, ...]
    notes: tuple[Note, ...]

    @property
    def treated(self) -> int:
        """Customers who were treated at some time."""
        return int(np.sum(self.starts != NEVER))

    @property
    def untreated(self) -> int:
        """Customers who never were."""
        return int(np.sum(self.starts == NEVER))

    @property
    def cluster_count(self) -> int:
        """Clusters."""
        return int(self.clusters.max()) + 1 if len(self.clusters) else 0


def read_panel(
    source: FrameLike,
    *,
    outcome: str,
    customer: str,
    time: str,
    treated: str | None,
    start: Any,
    cluster: str | None,
    missing: PanelGaps,
) -> Panel:
    """Return a panel laid out, or say what is wrong with it."""
    if missing not in ("error", "zero", "leave_out"):
        raise BadOption("missing", missing, ["error", "zero", "leave_out"])
    if start is None:
        raise BadValue(
            Text("Nobody says when it started."),
            hint=Text("Give start: the first treated period, or the column with each customer's own."),
            where=Where(column="start"),
        )
    table = _columns(source, outcome, customer, time, treated, start, cluster)
    _refuse_twice(table)
    times = table["time"].unique().sort().to_list()
    laid, notes = _without_gaps(table, missing, outcome)
    people = laid.group_by("customer", maintain_order=True).agg(
        pl.col("outcome"),
        pl.col("start").n_unique().alias("starts"),
        pl.col("start").first(),
        pl.col("cluster").first(),
    )
    if people.filter(pl.col("starts") > 1).height:
        who = people.filter(pl.col("starts") > 1)["customer"][0]
        raise BadValue(
            Text("Customer {customer} is said to be treated and not treated.", customer=who),
            hint=Text("Say the same in every row of a customer: whether and since when."),
            where=Where(column=treated or str(start)),
        )
    return Panel(
        outcomes=np.array(people["outcome"].to_list(), dtype=np.float64).reshape(people.height, len(times)),
        starts=_places(people["start"].to_list(), times),
        clusters=people["cluster"].rank("dense").cast(pl.Int64).to_numpy() - 1,
        weights=np.ones(people.height),
        leverages=np.zeros(people.height),
        times=tuple(times),
        notes=notes,
    )


def _columns(
    source: FrameLike,
    outcome: str,
    customer: str,
    time: str,
    treated: str | None,
    start: Any,
    cluster: str | None,
) -> pl.DataFrame:
    frame = lazy(source)
    names = [outcome, customer, time, start if treated is None else treated, *([cluster] if cluster else [])]
    for name in names:
        require_column(frame, name, table="panel")
    read = collect(frame.select(*dict.fromkeys(names)))
    number = number_of(read, outcome)
    begin = pl.col(start) if treated is None else pl.when(flag(read, treated)).then(pl.lit(start))
    told = read.select(
        customer=pl.col(customer).cast(pl.String),
        time=pl.col(time),
        outcome=number,
        start=begin,
        cluster=pl.col(cluster or customer).cast(pl.String),
    )
    return _on_one_clock(told, time, start).drop_nulls(["customer", "time", "cluster"])


def _on_one_clock(told: pl.DataFrame, time: str, start: Any) -> pl.DataFrame:
    """Return periods and starts as values that can be compared: numbers, days, or words."""
    kinds = [told.schema[name] for name in ("time", "start")]
    if all(kind.is_temporal() for kind in kinds):
        moments = [
            pl.col(name).cast(pl.Datetime("us")).dt.replace_time_zone(None) for name in ("time", "start")
        ]
        return told.with_columns(moments)
    if all(kind.is_numeric() for kind in kinds) or kinds[0] == kinds[1] or kinds[1] == pl.Null:
        return told
    raise BadValue(
        Text(
            "Periods and the start cannot be compared: {time} holds {kind}, the start is {other}.",
            time=time,
            kind=str(kinds[0]),
            other=str(kinds[1]),
        ),
        hint=Text("Give both as numbers, or both as days."),
        where=Where(column=str(start)),
    )


def _refuse_twice(table: pl.DataFrame) -> None:
    twice = table.filter(pl.struct("customer", "time").is_duplicated())
    if twice.height:
        raise BadValue(
            Text(
                "Customer {customer} is there twice in period {time}.",
                customer=twice["customer"][0],
                time=str(twice["time"][0]),
            ),
            hint=Text("Add up the rows of a customer and period."),
            where=Where(column="customer"),
        )


def _without_gaps(
    table: pl.DataFrame, missing: PanelGaps, outcome: str
) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    people = table.group_by("customer").agg(pl.col("start").first(), pl.col("cluster").first())
    grid = people.select("customer").join(pl.DataFrame({"time": table["time"].unique()}), how="cross")
    # a customer's start is looked at in every row that is there, and filled in where none is
    own = table.select("customer", "time", "outcome", pl.col("start").alias("said"), there=pl.lit(True))
    full = grid.join(own, on=["customer", "time"], how="left").join(people, on="customer", how="left")
    full = full.with_columns(start=pl.when(pl.col("there")).then("said").otherwise("start"))
    full = full.sort("customer", "time")
    gaps = full["outcome"].null_count()
    if not gaps:
        return full, ()
    if missing == "error":
        raise BadValue(
            plural(
                "{count} period of a customer has no outcome.",
                "{count} periods of customers have no outcome.",
                gaps,
            ),
            hint=Text(
                "Say what that means: missing='zero' where no purchase was made, missing='leave_out' to keep"
                " only customers seen in all periods."
            ),
            where=Where(column=outcome),
        )
    if missing == "zero":
        text = plural(
            "{count} period without a row counts as zero.",
            "{count} periods without a row count as zero.",
            gaps,
        )
        return full.with_columns(pl.col("outcome").fill_null(0.0)), (Note(code="missing_is_zero", text=text),)
    lost = full.filter(pl.col("outcome").is_null())["customer"].n_unique()
    text = plural(
        "{count} customer not seen in all periods is left out.",
        "{count} customers not seen in all periods are left out.",
        lost,
    )
    kept = full.filter(~pl.col("outcome").is_null().any().over("customer"))
    return kept, (Note(code="missing_left_out", text=text),)


def _places(starts: list[Any], times: list[Any]) -> npt.NDArray[np.int64]:
    """Return the place of each start among the periods; a start after the last one is none."""
    places = []
    for start in starts:
        later = [place for place, time in enumerate(times) if start is not None and time >= start]
        places.append(later[0] if later else NEVER)
    return np.array(places, dtype=np.int64)
