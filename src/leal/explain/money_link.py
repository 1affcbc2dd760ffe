"""What a point of satisfaction goes with in later money, among customers who spent alike before."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from leal.explain.items import Item
from leal.results import Estimate, Note
from leal.statistics import mean_interval
from leal.wording import Count, Text

WINDOWS = (365, 182, 91)
"""Days before and after an answer, the longest first that enough customers have."""

_ENOUGH, _LEAST, _PLENTY = 200, 50, 100_000
_DAYS_IN_YEAR = 365


def money_per_point(
    answers: pl.DataFrame,
    money_days: pl.DataFrame,
    scale: Item,
    *,
    money: str = "amount",
    level: float = 0.95,
) -> Estimate:
    """Return the yearly money per customer that goes with one point more of a score (on 0 to 100).

    Parameters
    ----------
    answers : DataFrame
        ``customer``, ``day`` and the score.
    money_days : DataFrame
        ``customer``, ``day`` and the money column.
    scale : Item
        The score with the ends of its scale.
    money : str
        Column of the money.
    level : float
        Level of the interval.

    Returns
    -------
    Estimate
        Unknown where fewer than 50 customers have purchases recorded for 91 days before and after an answer.

    Notes
    -----
    Least squares of the money in the window after a customer's first answer on the score, the money in the
    window before it being held; robust standard error (HC1). Those who were content already spent more
    before they answered: holding that money takes this part of the gap away. It remains a correlation (grade
    C). Of more than 100,000 customers a sample is taken, by a hash of their names.
    """
    scored = answers.filter(pl.col("customer").is_not_null() & pl.col("day").is_not_null())
    scored = scored.filter(pl.col(scale.name).is_not_null())
    if scored.is_empty() or money_days.is_empty():
        return _unknown(0, level)
    pairs, window = _windows(scored.select("customer", "day", scale.name), money_days, money)
    if pairs.height < _LEAST:
        return _unknown(pairs.height, level)
    score = 100 * (pairs[scale.name].cast(pl.Float64).to_numpy() - scale.low) / (scale.high - scale.low)
    yearly = _DAYS_IN_YEAR / window
    before, after = (yearly * pairs[name].to_numpy() for name in ("before", "after"))
    return _slope(score, before, after, level)


def _windows(scored: pl.DataFrame, money_days: pl.DataFrame, money: str) -> tuple[pl.DataFrame, int]:
    """Return one row a customer: score, money before and after their first answer with both windows."""
    since, until = (int(np.asarray(edge)) for edge in (money_days["day"].min(), money_days["day"].max()))
    scored, money_days = _thinned(scored, money_days)
    buyers = scored.join(money_days.select("customer").unique(), on="customer", how="semi")
    inside, window = buyers.clear(), WINDOWS[-1]
    for window in WINDOWS:
        inside = buyers.filter(pl.col("day").is_between(since + window, until - window))
        if inside["customer"].n_unique() >= _ENOUGH:
            break
    first = inside.sort("customer", "day", *inside.columns[2:]).unique(
        "customer", keep="first", maintain_order=True
    )
    dated = money_days.join(first.select("customer", answered=pl.col("day")), on="customer", how="inner")
    gap, paid = pl.col("day") - pl.col("answered"), pl.col(money)
    sums = (
        dated.select(
            "customer",
            before=pl.when(gap.is_between(1 - window, 0)).then(paid),
            after=pl.when(gap.is_between(1, window)).then(paid),
        )
        .group_by("customer")
        .agg(pl.col("before", "after").sum())
    )
    joined = first.join(sums, on="customer", how="left").with_columns(
        pl.col("before", "after").fill_null(0.0)
    )
    return joined.sort("customer"), window


def _thinned(scored: pl.DataFrame, money_days: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep a sample of the customers, by a hash of their names, where there are more than enough."""
    every = math.ceil(scored["customer"].n_unique() / _PLENTY)
    if every <= 1:
        return scored, money_days
    chosen = pl.col("customer").hash(seed=3) % every == 0
    return scored.filter(chosen), money_days.filter(chosen)


def _slope(score: np.ndarray, before: np.ndarray, after: np.ndarray, level: float) -> Estimate:
    n = len(score)
    # The score is cleared of what the earlier money foretells of it (Frisch and Waugh 1933).
    design = np.column_stack([np.ones(n), before])
    cleared = score - design @ np.linalg.lstsq(design, score, rcond=None)[0]
    rest = after - design @ np.linalg.lstsq(design, after, rcond=None)[0]
    square = float(cleared @ cleared)
    if square <= 1e-9 * n:
        return _unknown(n, level)
    slope = float(cleared @ rest) / square
    residual = rest - slope * cleared
    error = math.sqrt(n / (n - 3) * float((cleared * residual) @ (cleared * residual))) / square
    limits = mean_interval(slope, error * math.sqrt(n), n, level)
    return Estimate(
        estimate=slope, ci_low=limits.low, ci_high=limits.high, n=n, level=level, method="least_squares_hc1"
    )


def _unknown(n: int, level: float) -> Estimate:
    note = Note(
        code="few_windows",
        text=Text(
            "Needs {needed} customers with purchases recorded for {days} days before and after an answer; "
            "found {count}.",
            needed=Count(_LEAST),
            days=Count(WINDOWS[-1]),
            count=Count(n),
        ),
    )
    nan = math.nan
    return Estimate(estimate=nan, ci_low=nan, ci_high=nan, n=n, level=level, method="unknown", notes=(note,))
