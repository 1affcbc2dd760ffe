"""Customers whose pause since the last purchase is longer than their own rhythm explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leal.results import Proportion
from leal.statistics import Comparison, estimated_share, two_proportions

QUANTILE = 0.95
OWN_INTERVALS = 3
FEWEST_INTERVALS = 30
ACTIVE_DAYS = 365
HORIZONS = (182, 91)


def pauses(purchase_days: pl.DataFrame, until: int, segments: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the pause of each customer who bought in the last year, beside their usual longest one.

    Parameters
    ----------
    purchase_days : polars.DataFrame
        Columns customer, day: one row a day with a purchase.
    until : int
        Day from which the pause is looked at (day number); later purchases are not seen.
    segments : polars.DataFrame, optional
        Columns customer, segment: whose rhythm stands in for a customer's own.

    Returns
    -------
    polars.DataFrame
        ``customer, last_day, pause`` (days), ``intervals``, ``usual`` (days; null where nothing is known),
        ``rhythm`` (own, segment, base), ``late`` (pause > usual).

    Notes
    -----
    `usual` is the 95 % quantile of the customer's own intervals between purchase days where there are three
    or more; else that of the intervals in their segment (30 or more), else in the base, each customer
    counting once however often they buy. With few intervals a quantile is rough, so `late` also flags some
    who will be back; `late_outcome` measures how many do not.
    """
    rows = _rhythms(purchase_days.filter(pl.col("day") <= until))
    named = _with_segment(rows, segments)
    own = pl.col("intervals") >= OWN_INTERVALS
    found = named.join(_segment_quantiles(named), on="segment", how="left")
    base = _weighted_quantile(named)
    return (
        found.with_columns(
            pause=until - pl.col("last_day"),
            usual=pl.when(own).then("own").otherwise(pl.coalesce("segment_usual", pl.lit(base))),
            rhythm=pl.when(own)
            .then(pl.lit("own"))
            .when(pl.col("segment_usual").is_not_null())
            .then(pl.lit("segment"))
            .otherwise(pl.lit("base")),
        )
        .filter(pl.col("pause") < ACTIVE_DAYS)
        .with_columns(late=(pl.col("pause") > pl.col("usual")).fill_null(False))
        .select("customer", "last_day", "pause", "intervals", "usual", "rhythm", "late")
    )


def _rhythms(seen: pl.DataFrame) -> pl.DataFrame:
    """One row a customer: last_day, intervals, own (95 % quantile of the intervals), gaps (list, sorted)."""
    days = seen.group_by("customer").agg(pl.col("day").cast(pl.Int64).sort())
    gaps = days.select(
        "customer", last_day=pl.col("day").list.last(), gaps=pl.col("day").list.diff(1, "drop")
    )
    return gaps.with_columns(pl.col("gaps").list.sort(), intervals=pl.col("gaps").list.len()).with_columns(
        own=_quantile(pl.col("gaps"), pl.col("intervals").cast(pl.Int64))
    )


def _quantile(gaps: pl.Expr, count: pl.Expr) -> pl.Expr:
    """Quantile of a sorted list, straight between its two neighbours (type 7 of Hyndman and Fan)."""
    place = QUANTILE * (count - 1)
    low = place.floor().cast(pl.Int64)
    below = gaps.list.get(low, null_on_oob=True)
    above = gaps.list.get(pl.min_horizontal(low + 1, count - 1), null_on_oob=True)
    return pl.when(count > 0).then(below + (place - low) * (above - below))


def _with_segment(rows: pl.DataFrame, segments: pl.DataFrame | None) -> pl.DataFrame:
    if segments is None:
        return rows.with_columns(segment=pl.lit(None, dtype=pl.String))
    return rows.join(segments.select("customer", "segment"), on="customer", how="left")


def _segment_quantiles(named: pl.DataFrame) -> pl.DataFrame:
    rows = [
        {"segment": name, "segment_usual": _weighted_quantile(part)}
        for (name,), part in named.filter(pl.col("segment").is_not_null()).group_by("segment")
        if part["intervals"].sum() >= FEWEST_INTERVALS
    ]
    return pl.DataFrame(rows, schema={"segment": pl.String, "segment_usual": pl.Float64})


def _weighted_quantile(named: pl.DataFrame) -> float | None:
    """Quantile of all intervals, in which every customer weighs the same."""
    repeat = named.filter(pl.col("intervals") > 0)
    counts = repeat["intervals"].to_numpy()
    if counts.sum() < FEWEST_INTERVALS:
        return None
    gaps = repeat["gaps"].explode(empty_as_null=False).to_numpy()
    by_length = np.bincount(gaps, weights=np.repeat(1 / counts, counts))
    return float(np.searchsorted(np.cumsum(by_length), QUANTILE * by_length.sum() * (1 - 1e-12)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOutcome:
    """What became of customers who were late some time ago, and of those who were not.

    Attributes
    ----------
    horizon : int
        Days that they were followed.
    late, other : Proportion
        Share without a single purchase in that time.
    excess : Comparison
        The difference: the probability of leaving that being late adds.
    """

    horizon: int
    late: Proportion
    other: Proportion
    excess: Comparison


def late_outcome(
    purchase_days: pl.DataFrame,
    until: int,
    segments: pl.DataFrame | None = None,
    of: pl.DataFrame | None = None,
    level: float = 0.95,
) -> LateOutcome | None:
    """Tell how many of those who were late half a year ago have not bought since.

    Parameters
    ----------
    purchase_days, until, segments
        As in `pauses`.
    of : polars.DataFrame, optional
        Column customer: only these are followed.
    level : float
        Confidence level.

    Returns
    -------
    LateOutcome or None
        None where the data reach back less than twice the shortest horizon (91 days), or nobody was late.
    """
    first = purchase_days["day"].min()
    if not isinstance(first, int):
        return None
    horizon = next((days for days in HORIZONS if until - first >= 2 * days), None)
    if horizon is None:
        return None
    then = pauses(purchase_days, until - horizon, segments)
    if of is not None:
        then = then.join(of.select("customer"), on="customer", how="semi")
    later = (
        purchase_days.filter(pl.col("day") > until - horizon, pl.col("day") <= until)
        .select("customer")
        .unique()
    )
    gone = then.join(later, on="customer", how="anti")
    late, gone_late = int(then["late"].sum()), int(gone["late"].sum())
    other, gone_other = then.height - late, gone.height - gone_late
    if not late or not other:
        return None
    return LateOutcome(
        horizon=horizon,
        late=estimated_share(gone_late, late, level),
        other=estimated_share(gone_other, other, level),
        excess=two_proportions(gone_late, late, gone_other, other, level),
    )
