"""Who stopped buying after an answer: what a score says about behaviour later."""

from __future__ import annotations

import polars as pl

from leal.measure.money.scored_answers import group_of

WINDOWS = (182, 91, 30)
ENOUGH_ANSWERS = 100


def silent_after(scored: pl.DataFrame, purchase_days: pl.DataFrame, until: int) -> tuple[pl.DataFrame, int]:
    """Return whether each customer bought again after an answer, and the days that they were given for it.

    Parameters
    ----------
    scored : polars.DataFrame
        What `scored_answers` returned.
    purchase_days : polars.DataFrame
        Columns customer, day.
    until : int
        Last day that is known (day number).

    Returns
    -------
    polars.DataFrame
        One row a customer who bought within the window before the answer: ``customer, day, score, group,
        satisfaction, segment, unit, silent`` (no purchase within the window after it).
    int
        The window in days: the longest of 182, 91 and 30 for which 100 such customers are there, else the
        last.

    Notes
    -----
    Of each customer the latest answer that has the whole window behind it counts. Silence is not leaving:
    those who buy seldom are silent often. Compare groups, do not read the level.
    """
    rows = purchase_days.select("customer", pl.col("day").cast(pl.Int32))
    followed = scored.clear().with_columns(silent=pl.lit(False))
    window = WINDOWS[-1]
    for window in WINDOWS:
        followed = _followed(scored, rows, until, window)
        if followed.height >= ENOUGH_ANSWERS:
            break
    return followed, window


def _followed(scored: pl.DataFrame, rows: pl.DataFrame, until: int, window: int) -> pl.DataFrame:
    known = scored.drop_nulls(["customer", "day", "recommend"]).filter(pl.col("day") <= until - window)
    order = ("day", "recommend", "satisfaction", "segment", "unit")
    last = known.sort(order).unique("customer", keep="last", maintain_order=True)
    since = pl.col("day") - pl.col("asked")
    bought = rows.join(last.select("customer", asked="day"), on="customer", how="inner").select(
        "customer", before=(since <= 0) & (since >= -window), after=(since > 0) & (since <= window)
    )
    told = bought.group_by("customer").agg(pl.col("before", "after").max())
    return (
        last.join(told.filter("before"), on="customer", how="inner")
        .with_columns(group_of(pl.col("recommend")), silent=~pl.col("after"))
        .rename({"recommend": "score"})
        .select("customer", "day", "score", "group", "satisfaction", "segment", "unit", "silent")
    )
