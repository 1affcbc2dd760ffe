"""Rank-based share of wallet: what part of customers' spending each brand gets, from how they rank brands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from numpy.typing import NDArray

from leal.engine import FrameLike, lazy, require_column
from leal.measure.programmes.noticing_counts import read_columns
from leal.results import Note, Proportion, Result
from leal.statistics import clustered_share
from leal.wording import Count, Listing, Percent, Text

MULTI_BRAND_NEEDED = 0.4
"""Share of respondents with several brands below which ranks say little about wallets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletShare:
    """What part of the wallets of all respondents a brand gets.

    Attributes
    ----------
    brand : str
        The brand.
    users : int
        Respondents who rank it.
    share : Proportion
        Its mean share of wallet over all respondents; the shares of all brands add up to 1.
    spend_share : Proportion or None
        The same weighted by what respondents spend, None where that is not known.
    """

    brand: str
    users: int
    share: Proportion
    spend_share: Proportion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet(Result):
    """The wallets of the respondents, by brand, the largest share first.

    Attributes
    ----------
    shares : tuple of WalletShare
        One a brand.
    respondents : int
        Respondents who rank at least one brand.
    multi_brand : float
        Share of them who rank two or more.
    spend : float or None
        What they spend in all, None where that is not known.
    notes : tuple of Note
        Doubts.
    """

    shares: tuple[WalletShare, ...]
    respondents: int
    multi_brand: float
    spend: float | None
    notes: tuple[Note, ...] = ()

    def sentence(self) -> Text:
        """Return the shares in one sentence, the largest first."""
        shares = Listing.of(
            Text("{brand} {share}", brand=one.brand, share=Percent(one.share.estimate, 1))
            for one in self.shares
        )
        return Text("Share of wallet by rank: {shares} (n = {n}).", shares=shares, n=Count(self.respondents))

    def to_frame(self) -> pl.DataFrame:
        """Return one row a brand: users, share with its limits, the same weighted by spending."""
        rows = [
            {"brand": one.brand, "users": one.users, "share": one.share.estimate}
            | {"ci_low": one.share.ci_low, "ci_high": one.share.ci_high}
            | {"spend_share": None if one.spend_share is None else one.spend_share.estimate}
            for one in self.shares
        ]
        return pl.DataFrame(rows, schema_overrides={"spend_share": pl.Float64})


def wallet_shares(ranks: npt.ArrayLike) -> NDArray[np.float64]:
    """Return the share of wallet of each brand that one customer uses, from the ranks given to them.

    Parameters
    ----------
    ranks : array of shape (brands,)
        Ranks of one customer, 1 is first; ties share their mean rank.

    Returns
    -------
    array of shape (brands,)
        Shares that add up to 1: (1 - rank / (n + 1)) x 2 / n.

    Notes
    -----
    Within a customer the rule tells the order of shares; over all customers a good part of its fit comes
    from the number of brands alone, since shares fall with it. Never validate it on pooled data.

    Examples
    --------
    >>> wallet_shares([1, 2, 3]).round(3).tolist()
    [0.5, 0.333, 0.167]
    """
    given = np.asarray(ranks, dtype=float)
    below = (given[:, None] > given[None, :]).sum(axis=1)
    equal = (given[:, None] == given[None, :]).sum(axis=1)
    places = below + (equal + 1) / 2
    n = len(given)
    return (1 - places / (n + 1)) * 2 / n if n else given


def wallet(brands: FrameLike, *, level: float = 0.95) -> Wallet | None:
    """Return what part of the wallets of the respondents each brand gets.

    Parameters
    ----------
    brands : dataframe or path
        The table `brands`, one row a respondent and brand, with ``rank`` and where known ``spend``.
    level : float
        Level of the intervals.

    Returns
    -------
    Wallet or None
        None where nobody ranked anything.
    """
    frame = lazy(brands)
    for column in ("brand", "respondent", "rank"):
        require_column(frame, column, table="brands")
    shares = rank_based_shares(read_columns(frame, ("brand", "respondent", "rank", "spend"), "brands"))
    if shares.is_empty():
        return None
    people = shares.group_by("respondent").agg(pl.len().alias("n"), pl.col("spend").max())
    multi_brand = float((people["n"] > 1).mean() or 0.0)  # type: ignore[arg-type]
    spending = people["spend"].drop_nulls()
    known = spending.len() == people.height and float(spending.sum()) > 0
    found = [
        _brand(name, rows, people, level, known)
        for (name,), rows in shares.group_by(["brand"], maintain_order=True)
    ]
    return Wallet(
        shares=tuple(sorted(found, key=lambda one: (-one.share.estimate, one.brand))),
        respondents=people.height,
        multi_brand=multi_brand,
        spend=float(spending.sum()) if known else None,
        notes=() if multi_brand >= MULTI_BRAND_NEEDED else (_few_brands(multi_brand),),
    )


def rank_based_shares(frame: pl.DataFrame) -> pl.DataFrame:
    """Return brand, respondent, share, spend: `wallet_shares` of every respondent at once."""
    ranked = frame.select(
        pl.col("brand", "respondent").cast(pl.String),
        pl.col("rank", "spend").cast(pl.Float64, strict=False),
    ).filter(pl.col("rank").is_finite(), pl.col("brand").is_not_null(), pl.col("respondent").is_not_null())
    best = ranked.group_by("respondent", "brand").agg(pl.col("rank").min(), pl.col("spend").max())
    n = pl.len().over("respondent")
    place = pl.col("rank").rank("average").over("respondent")
    return best.with_columns(((1 - place / (n + 1)) * 2 / n).alias("share")).sort("brand", "respondent")


def _brand(name: object, rows: pl.DataFrame, people: pl.DataFrame, level: float, spend: bool) -> WalletShare:
    everybody = people.join(rows.select("respondent", "share"), on="respondent", how="left")
    shares = everybody["share"].fill_null(0.0).to_numpy()
    return WalletShare(
        brand=str(name),
        users=rows.height,
        share=weighted_share(shares, np.ones(len(shares)), level),
        spend_share=weighted_share(shares, everybody["spend"].to_numpy(), level) if spend else None,
    )


def weighted_share(values: NDArray[np.float64], weights: NDArray[np.float64], level: float) -> Proportion:
    """Return a mean of shares weighted by money; the interval knows that few spend much of it."""
    limits = clustered_share(values * weights, weights, level)
    return Proportion(
        estimate=float((values * weights).mean() / weights.mean()),
        ci_low=limits.low,
        ci_high=limits.high,
        n=len(values),
        level=level,
        method=limits.method,
    )


def _few_brands(share: float) -> Note:
    text = Text(
        "Only {share} of the respondents use several brands; ranks say little then.", share=Percent(share)
    )
    return Note(code="few_multi_brand", text=text)
