"""Whether ranks tell wallets here, asked within persons: across persons chance alone looks like fit."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, lazy, require_column
from leal.measure.drawn import from_draws
from leal.measure.programmes.noticing_counts import read_columns
from leal.measure.rivals.wallet_ranks import rank_based_shares
from leal.results import Note, Proportion, checked_level
from leal.statistics import fixed_order, resample_counts
from leal.wording import Text

Floats = NDArray[np.float64]

FEWEST_RESPONDENTS = 30
_REPLICATES = 500


def wallet_validity(brands: FrameLike, *, level: float = 0.95, seed: int = 0) -> Proportion:
    """Return how much of the differences between the brands of one person's wallet ranks explain.

    Parameters
    ----------
    brands : dataframe or path
        The table `brands` with ``respondent``, ``rank`` and ``brand_spend``: what the respondent spends with
        that brand.
    level : float
        Level of the interval.
    seed : int
        Of the bootstrap of respondents.

    Returns
    -------
    Proportion
        Within-person R2, 0..1: of each respondent's shares of wallet about their mean 1/n, the part that the
        rank-based shares account for (least squares through the origin). Unknown below 30 respondents with
        several brands.

    Raises
    ------
    MissingColumn
        A column is not there.

    Notes
    -----
    Pooled over persons even random ranks "explain" .38 of shares and the mere number of brands .51, since
    shares fall with the number of brands used: that figure is never given. Within a person random ranks give
    0 and the true order about .75.
    """
    checked_level(level)
    frame = lazy(brands)
    for column in ("brand", "respondent", "rank", "brand_spend"):
        require_column(frame, column, table="brands")
    names = ("brand", "respondent", "rank", "spend", "brand_spend")
    sums = _sums(read_columns(frame, names, "brands"))
    n = sums.height
    if n < FEWEST_RESPONDENTS:
        return _unknown(n, level)
    parts = sums.select("xy", "xx", "yy").to_numpy()
    parts = parts[fixed_order(parts)]
    draws = np.concatenate([_explained(counts @ parts) for counts in _resamples(n, seed)])
    return from_draws(
        Proportion, float(_explained(parts.sum(axis=0)[None])[0]), draws, n=n, level=level, method="bootstrap"
    )


def _sums(found: pl.DataFrame) -> pl.DataFrame:
    """Return one row a respondent with several brands: sums of products of the centred shares."""
    spend = found.select(
        pl.col("brand", "respondent").cast(pl.String),
        pl.col("brand_spend").cast(pl.Float64, strict=False).alias("paid"),
    ).filter(pl.col("paid").is_finite(), pl.col("paid") >= 0)
    both = rank_based_shares(found.drop("brand_spend")).join(
        spend.group_by("respondent", "brand").agg(pl.col("paid").sum()), on=["respondent", "brand"]
    )
    whole = pl.col("paid").sum().over("respondent")
    brands = pl.len().over("respondent")
    centred = both.filter((whole > 0) & (brands > 1)).with_columns(
        x=pl.col("share") - pl.col("share").mean().over("respondent"),
        y=pl.col("paid") / whole - 1 / brands,
    )
    return centred.group_by("respondent").agg(
        xy=(pl.col("x") * pl.col("y")).sum(), xx=(pl.col("x") ** 2).sum(), yy=(pl.col("y") ** 2).sum()
    )


def _explained(sums: Floats) -> Floats:
    xy, xx, yy = sums.T
    known = (xx > 0) & (yy > 0)
    return np.asarray(np.divide(np.maximum(xy, 0.0) ** 2, xx * yy, out=np.zeros(len(sums)), where=known))


def _resamples(n: int, seed: int) -> Iterator[Floats]:
    return resample_counts(np.ones(n), _REPLICATES, seed=seed)


def _unknown(n: int, level: float) -> Proportion:
    text = Text(
        "Needs {needed} respondents with several brands and what they spend with each.",
        needed=FEWEST_RESPONDENTS,
    )
    return Proportion(
        estimate=math.nan,
        ci_low=math.nan,
        ci_high=math.nan,
        n=n,
        level=level,
        method="unknown",
        notes=(Note(code="few_wallets", text=text),),
    )
