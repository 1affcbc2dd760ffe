"""Customers as they were known at one day, in every division, and the money they brought after it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from leal.measure.segments.label_agreement import Agreement, agreement
from leal.measure.segments.segment_bench import quantile_groups

NPS_GROUPS, RFM, DECILES = "nps_groups", "rfm", "value_deciles"

LATER_SHARE = 1 / 3
"""The last part of the time, over which the later money is counted."""

LEAST_DAYS = 90
"""Days of purchases below which there is no earlier and later."""

_SMALL = 1_000
_LEAST_TWICE = 50
_SCORES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFrame:
    """Customers known before a day, in their divisions, with the money they brought after it.

    Attributes
    ----------
    frame : DataFrame
        ``customer``, ``later_money``, and one column a division.
    divisions : tuple of str
        The divisions there are: those given, `NPS_GROUPS`, `RFM`, `DECILES`.
    given : tuple of str
        Those of them that the company made itself.
    cut : int
        The day (number) on which the earlier part ends.
    later_days : int
        Days of the later part.
    money : str
        The column that money was counted from.
    answered_late : bool
        Whether most scores were given after the cut, so that the NPS groups know a part of the future.
    """

    frame: pl.DataFrame
    divisions: tuple[str, ...]
    given: tuple[str, ...]
    cut: int
    later_days: int
    money: str
    answered_late: bool


def segment_frame(
    days: pl.DataFrame,
    labels: pl.DataFrame,
    answers: pl.DataFrame,
    *,
    last_day: int,
    money: str = "amount",
) -> SegmentFrame | None:
    """Return the customers of the earlier part of the purchases with the money of the later part.

    Parameters
    ----------
    days : DataFrame
        ``customer``, ``day``, ``amount`` and the money column: net money by customer and day.
    labels : DataFrame
        ``customer`` and one column a division that the company made (segment, unit, tariff ...).
    answers : DataFrame
        ``customer``, ``day`` (may be null), ``recommend``.
    last_day : int
        The last day (number) to look at.
    money : str
        Column that money is counted from.

    Returns
    -------
    SegmentFrame or None
        None where the purchases cover fewer than 90 days.

    Notes
    -----
    RFM: fifths (thirds below 1,000 customers) by the days since the last purchase, crossed with those by the
    number of purchase days. Deciles: by earlier money. NPS groups: the last score before the cut; where most
    customers scored only later, the first score that they gave.
    """
    if days.is_empty():
        return None
    first = int(days["day"].min())  # type: ignore[arg-type]
    span = last_day - first + 1
    if span < LEAST_DAYS:
        return None
    later_days = round(span * LATER_SHARE)
    cut = last_day - later_days
    known = _earlier_and_later(days, cut, last_day, money)
    scores, answered_late = _groups_at(answers, cut)
    given = tuple(name for name in labels.columns if name != "customer" and _divides(labels, name))
    frame = (
        known.join(labels.select("customer", *given), on="customer", how="left")
        .join(scores, on="customer", how="left")
        .with_columns(_rfm(known.height).alias(RFM), quantile_groups(pl.col("earlier"), 10).alias(DECILES))
    )
    asked = (NPS_GROUPS,) if scores.height else ()
    return SegmentFrame(
        frame=frame.select("customer", "later_money", *given, *asked, RFM, DECILES),
        divisions=(*given, *asked, RFM, DECILES),
        given=given,
        cut=cut,
        later_days=later_days,
        money=money,
        answered_late=answered_late,
    )


def agreements(
    found: SegmentFrame, days: pl.DataFrame, answers: pl.DataFrame, *, level: float = 0.95
) -> dict[str, Agreement]:
    """Return how far each division agrees with itself at another time, where that can be told.

    Divisions from answers (segment, unit, NPS groups) are compared between the first and the last answer of a
    customer; those from purchases between the middle of the earlier part and its end.
    """
    compared: dict[str, pl.DataFrame] = {
        name: _first_and_last(answers, name) for name in ("segment", "unit") if name in found.given
    }
    compared[NPS_GROUPS] = _first_and_last_score(answers)
    first = int(days["day"].min())  # type: ignore[arg-type]
    half = _earlier_and_later(days, (first + found.cut) // 2, found.cut, found.money)
    half = half.with_columns(
        _rfm(half.height).alias(RFM), quantile_groups(pl.col("earlier"), 10).alias(DECILES)
    )
    for name in (RFM, DECILES):
        both = half.select("customer", before=name).join(
            found.frame.select("customer", after=name), on="customer", how="inner"
        )
        compared[name] = both
    return {
        name: agreement(both["before"].to_numpy(), both["after"].to_numpy(), level=level)
        for name, both in compared.items()
        if both.height >= _LEAST_TWICE
    }


def _earlier_and_later(days: pl.DataFrame, cut: int, last_day: int, money: str) -> pl.DataFrame:
    earlier, bought = pl.col("day") <= cut, pl.col("amount") > 0
    later = (pl.col("day") > cut) & (pl.col("day") <= last_day)
    sums = (
        days.lazy()
        .filter(pl.col("customer").is_not_null())
        .select(
            "customer",
            frequency=(earlier & bought).cast(pl.Int32),
            last=pl.when(earlier & bought).then(pl.col("day")),
            earlier=pl.when(earlier).then(pl.col(money)),
            later_money=pl.when(later).then(pl.col(money)),
        )
        .group_by("customer")
        .agg(pl.col("frequency").sum(), pl.col("last").max(), pl.col("earlier", "later_money").sum())
        .filter(pl.col("frequency") > 0)
        .collect(engine="streaming")
    )
    return sums.with_columns((cut - pl.col("last")).alias("since")).drop("last")


def _rfm(customers: int) -> pl.Expr:
    groups = 5 if customers >= _SMALL else 3
    recent = quantile_groups(-pl.col("since"), groups).cast(pl.String)
    return recent + pl.lit("-") + quantile_groups(pl.col("frequency"), groups).cast(pl.String)


def _groups_at(answers: pl.DataFrame, cut: int) -> tuple[pl.DataFrame, bool]:
    """Return the NPS group of each customer at the cut, and whether most scores came only later.

    Day and score are packed into one number, so that the last (or first) score is a plain maximum (minimum).
    """
    packed = _packed(answers)
    before = packed.filter(pl.col("packed") < (cut + 1) * _SCORES)
    last = before.group_by("customer").agg(pl.col("packed").max())
    late = 2 * last.height < packed["customer"].n_unique()
    chosen = packed.group_by("customer").agg(pl.col("packed").min()) if late else last
    return chosen.select("customer", _nps_group(_score()).alias(NPS_GROUPS)), late and chosen.height > 0


def _packed(answers: pl.DataFrame) -> pl.DataFrame:
    """Return customer and day x 16 + score of every score; one without a day stands before all others."""
    scored = answers.filter(pl.col("customer").is_not_null() & pl.col("recommend").is_not_null())
    day = pl.col("day").cast(pl.Int64).fill_null(0)
    return scored.select("customer", (day * _SCORES + pl.col("recommend").cast(pl.Int64)).alias("packed"))


def _score(column: str = "packed") -> pl.Expr:
    return pl.col(column) % _SCORES


def _nps_group(score: pl.Expr) -> pl.Expr:
    words = pl.when(score >= 9).then(pl.lit("promoters")).when(score >= 7).then(pl.lit("passives"))
    return words.otherwise(pl.lit("detractors"))


def _divides(labels: pl.DataFrame, name: str) -> bool:
    return labels[name].drop_nulls().n_unique() > 1


def _first_and_last(answers: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the group of each customer in the first and in the last answer that names one."""
    if name not in answers.columns or answers[name].null_count() == answers.height:
        return pl.DataFrame(schema={"before": pl.String, "after": pl.String})
    told = answers.select("customer", "day", pl.col(name).cast(pl.String).alias("group")).drop_nulls()
    ends = told.group_by("customer").agg(
        pl.col("day").min().alias("first"), pl.col("day").max().alias("last")
    )
    moved = ends.filter(pl.col("first") < pl.col("last"))
    found = [
        told.join(moved.select("customer", day=end), on=["customer", "day"], how="semi")
        .group_by("customer", "day")
        .agg(pl.col("group").min())
        .select("customer", "group")
        for end in ("first", "last")
    ]
    both = found[0].join(found[1], on="customer", suffix="_after")
    return both.select(before="group", after="group_after")


def _first_and_last_score(answers: pl.DataFrame) -> pl.DataFrame:
    """Return the NPS group of each customer in the first and in the last answer."""
    ends = (
        _packed(answers.filter(pl.col("day").is_not_null()))
        .group_by("customer")
        .agg(pl.col("packed").min().alias("first"), pl.col("packed").max().alias("last"))
        .filter(pl.col("first") // _SCORES < pl.col("last") // _SCORES)
    )
    return ends.select(before=_nps_group(_score("first")), after=_nps_group(_score("last")))
