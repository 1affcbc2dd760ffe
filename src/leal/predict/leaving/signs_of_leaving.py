"""Signs that a satisfied customer is leaving, as they stood on a day: what was known then, nothing later."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from leal.measure import STILL_OPEN, pauses
from leal.predict.purchase_models.mbg_nbd import MbgNbd
from leal.predict.purchase_models.purchase_model import TooLittleData
from leal.wording import Text

SATISFIED_SHARE = 0.7
"""Part of the satisfaction scale from which a customer counts as satisfied: 7 of 10, 4 of 5."""

SATISFIED_SCORE = 7
PASSIVE_SCORES = (7, 8)
ALIVE = 0.5
QUARTER, YEAR = 91, 365
FALLEN_SHARE = 0.6
MOOD_FALL = 2
CONTRACT_DAYS = 90
IGNORED = 2

SIGNS: dict[str, Text] = {
    "silent": Text("Probably gone already, by the rhythm of purchases: P(alive) below one half"),
    "late": Text("Pause longer than 95 % of the usual ones"),
    "spends_less": Text("Spent in the last quarter less than 60 % of a usual one"),
    "buys_fewer_kinds": Text("Buys from fewer categories than before"),
    "prefers_rival": Text("Passive, and another brand comes first"),
    "mood_fell": Text("Score fell by 2 or more, though still 7 or more"),
    "ignores_surveys": Text("Answered before, and ignored the last two invitations"),
    "locked_in": Text("Contract ends within 90 days"),
}
"""The signs, each with its words; the eighth of the reference, contact load, is a reason to send nothing."""

SIGN_NAMES: dict[str, Text] = {
    "silent": Text("probably gone"),
    "late": Text("long pause"),
    "spends_less": Text("spends less"),
    "buys_fewer_kinds": Text("fewer categories"),
    "prefers_rival": Text("prefers a rival"),
    "mood_fell": Text("score fell"),
    "ignores_surveys": Text("ignores surveys"),
    "locked_in": Text("contract ends soon"),
}
"""The signs by short names, for lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingEvidence:
    """What signs of leaving are read from; all but the first two may be absent.

    Attributes
    ----------
    money_days : DataFrame
        ``customer, day, amount``: net money by customer and day.
    scored : DataFrame
        ``customer, day, recommend, satisfaction`` of every answer.
    segments : DataFrame or None
        ``customer, segment``: whose rhythm stands in for a customer's own.
    categories : DataFrame or None
        ``customer, day, category``: what was bought.
    ranks : DataFrame or None
        ``customer, rank``: the place of our brand among those that the customer uses, 1 is first; ``day`` on
        which it was told, without which the sign is not tried on the past.
    invitations : DataFrame or None
        ``customer, day``: when each was invited to a survey.
    contracts : DataFrame or None
        ``customer, ends``: day (number) on which the contract ends; earlier contracts are further rows.
    past_contracts : bool
        Whether `contracts` holds what was known in the past too. With the present contracts only, those that
        were renewed since are missing, and the sign is not tried on the past.
    """

    money_days: pl.DataFrame
    scored: pl.DataFrame
    segments: pl.DataFrame | None = None
    categories: pl.DataFrame | None = None
    ranks: pl.DataFrame | None = None
    invitations: pl.DataFrame | None = None
    contracts: pl.DataFrame | None = None
    past_contracts: bool = True

    @property
    def untried(self) -> tuple[str, ...]:
        """The signs whose past is not known, as nothing tells when their evidence came."""
        undated = self.ranks is not None and "day" not in self.ranks.columns
        present = self.contracts is not None and not self.past_contracts
        return tuple(name for name, absent in (("prefers_rival", undated), ("locked_in", present)) if absent)

    def with_past_only(self) -> LeavingEvidence:
        """Return the evidence without what is not known of the past."""
        return replace(
            self,
            ranks=None if "prefers_rival" in self.untried else self.ranks,
            contracts=None if "locked_in" in self.untried else self.contracts,
        )

    def before(self, day: int) -> LeavingEvidence:
        """Return what was known at the end of a day: nothing later is left in it."""
        known = pl.col("day") <= day
        return replace(
            self,
            money_days=self.money_days.filter(known),
            scored=self.scored.filter(known),
            categories=None if self.categories is None else self.categories.filter(known),
            invitations=None if self.invitations is None else self.invitations.filter(known),
            ranks=self.ranks.filter(known) if self.ranks is not None and "day" in self.ranks else self.ranks,
        )


def satisfied(given: pl.Series) -> pl.Expr:
    """Tell who is satisfied: by satisfaction on its own scale where it was asked, else by recommendation."""
    top = given.max() if len(given) else None
    scale = 10.0 if not isinstance(top, float) or top > 7 else 7.0 if top > 5 else 5.0
    least = math.ceil(SATISFIED_SHARE * scale)
    said = pl.col("satisfaction") >= least
    return (
        pl.when(pl.col("satisfaction").is_not_null()).then(said).otherwise(pl.col("score") >= SATISFIED_SCORE)
    )


def leaving_signs(evidence: LeavingEvidence, day: int) -> pl.DataFrame:
    """Return which signs of leaving each customer showed on a day.

    Parameters
    ----------
    evidence : LeavingEvidence
        What is known; later rows are not looked at.
    day : int
        The day (number).

    Returns
    -------
    DataFrame
        One row a customer who bought in the last year: ``customer``, ``satisfied`` (null: did not answer),
        ``p_alive``, ``pause``, ``usual``, ``rhythm``, and one column for each of `SIGNS` for which there is
        evidence (true, false; null where nothing is known of this customer).

    Notes
    -----
    P(alive) comes from the MBG/NBD model, in which one-time buyers may be gone; it has no column where nobody
    bought twice. A usual quarter is a fourth of the last 365 days, and the sign is read only of customers
    whose first purchase lies a year back.
    """
    known = evidence.before(day)
    bought = known.money_days.filter(pl.col("amount") > 0).select("customer", "day")
    rows = pauses(bought, day, known.segments)
    for part in (
        _attitude(known),
        _alive(bought, day),
        _spending(known.money_days, bought, day),
        _kinds(known.categories, day),
        _places(known.ranks),
        _ignored(known, day),
        _contracts(known.contracts, day),
    ):
        rows = rows if part is None else rows.join(part, on="customer", how="left")
    return _signs(rows)


def _signs(rows: pl.DataFrame) -> pl.DataFrame:
    there = set(rows.columns)
    score = pl.col("score")
    passive = score.is_between(*PASSIVE_SCORES)
    made = {
        "silent": ("p_alive", pl.col("p_alive") < ALIVE),
        "late": ("late", pl.col("late")),
        "spends_less": ("quarters", pl.col("quarters") < FALLEN_SHARE),
        "buys_fewer_kinds": ("kinds_change", pl.col("kinds_change") < 0),
        "prefers_rival": ("rank", passive & (pl.col("rank") > 1)),
        "mood_fell": ("fell", (pl.col("fell") >= MOOD_FALL) & (score >= SATISFIED_SCORE)),
        "ignores_surveys": ("ignored", pl.col("ignored")),
        "locked_in": ("contract_days", pl.col("contract_days").is_between(0, CONTRACT_DAYS - 1)),
    }
    signs = [rule.alias(name) for name, (needs, rule) in made.items() if needs in there]
    plain = [name for name in ("p_alive",) if name in there]
    # sorted, so that sums over customers come to the same digits each time
    return rows.select("customer", "satisfied", *plain, "pause", "usual", "rhythm", *signs).sort("customer")


def _attitude(known: LeavingEvidence) -> pl.DataFrame:
    """Return the last score of each customer, whether it was a satisfied one, and by how much it fell."""
    said = known.scored.filter(
        pl.col("customer").is_not_null(),
        pl.col("recommend").is_not_null() | pl.col("satisfaction").is_not_null(),
    ).sort("customer", "day", "recommend", "satisfaction")
    scale = said["satisfaction"].drop_nulls()
    several = pl.len() > 1
    last = said.group_by("customer", maintain_order=True).agg(
        score=pl.col("recommend").last(),
        satisfaction=pl.col("satisfaction").last(),
        before=pl.when(several).then(pl.col("recommend").slice(-2, 1).first()),
    )
    return last.with_columns(
        satisfied=satisfied(scale), fell=pl.col("before").cast(pl.Int32) - pl.col("score").cast(pl.Int32)
    ).select("customer", "score", "satisfied", "fell")


def _alive(bought: pl.DataFrame, day: int) -> pl.DataFrame | None:
    ends = bought.group_by("customer").agg(
        first=pl.col("day").min(), last=pl.col("day").max(), days=pl.len().cast(pl.Float64)
    )
    ends = ends.sort("customer")
    rhythm = {
        "frequency": (ends["days"] - 1).to_numpy(),
        "recency": ((ends["last"] - ends["first"]) / 7).to_numpy(),
        "age": ((day - ends["first"]) / 7).to_numpy(),
    }
    try:
        fit = MbgNbd().fit(rhythm)
    except TooLittleData:
        return None
    return ends.select("customer").with_columns(p_alive=pl.Series(fit.p_alive(rhythm)))


def _spending(money_days: pl.DataFrame, bought: pl.DataFrame, day: int) -> pl.DataFrame:
    """Return the money of the last quarter over that of a usual one, of customers of a year or more."""
    ago = day - pl.col("day")
    sums = (
        money_days.select(
            "customer",
            year=pl.when(ago < YEAR).then(pl.col("amount")).otherwise(0.0),
            quarter=pl.when(ago < QUARTER).then(pl.col("amount")).otherwise(0.0),
        )
        .group_by("customer")
        .agg(pl.col("year", "quarter").sum())
    )
    old = bought.filter(ago >= YEAR).select("customer").unique()
    usual = pl.col("year") * QUARTER / YEAR
    return (
        sums.filter(pl.col("year") > 0)
        .join(old, on="customer", how="semi")
        .select("customer", quarters=pl.col("quarter") / usual)
    )


def _kinds(categories: pl.DataFrame | None, day: int) -> pl.DataFrame | None:
    """Return categories bought in the last half year less those of the half before, of buyers in both."""
    if categories is None:
        return None
    ago, half = day - pl.col("day"), YEAR // 2
    recent = categories.filter(ago < YEAR).with_columns(late=ago < half)
    counted = recent.group_by("customer", "late").agg(kinds=pl.col("category").n_unique().cast(pl.Int64))
    now = counted.filter("late").select("customer", now="kinds")
    return (
        counted.filter(~pl.col("late"))
        .join(now, on="customer")
        .select("customer", kinds_change=pl.col("now") - pl.col("kinds"))
    )


def _places(ranks: pl.DataFrame | None) -> pl.DataFrame | None:
    """Return the last place that each customer gave us."""
    if ranks is None or "day" not in ranks.columns:
        return ranks
    last = ranks.sort("customer", "day", "rank").unique("customer", keep="last", maintain_order=True)
    return last.select("customer", "rank")


def _ignored(known: LeavingEvidence, day: int) -> pl.DataFrame | None:
    """Tell who of those that ever answered left the last two invitations without an answer.

    Invitations of the last 14 days may still be answered.
    """
    if known.invitations is None:
        return None
    answered = known.scored.drop_nulls("customer").group_by("customer").agg(answered=pl.col("day").max())
    waited = known.invitations.filter(pl.col("day") <= day - STILL_OPEN)
    since = waited.join(answered, on="customer").filter(pl.col("day") > pl.col("answered"))
    counted = since.group_by("customer").agg(ignored=pl.len() >= IGNORED)
    return (
        answered.select("customer")
        .join(counted, on="customer", how="left")
        .with_columns(pl.col("ignored").fill_null(False))
    )


def _contracts(contracts: pl.DataFrame | None, day: int) -> pl.DataFrame | None:
    if contracts is None:
        return None
    ahead = contracts.filter(pl.col("ends") >= day)
    return ahead.group_by("customer").agg(contract_days=pl.col("ends").min() - day)


def behavioural(name: str) -> bool:
    """Tell whether a sign can be read of customers who never answered."""
    return name in ("silent", "late", "spends_less", "buys_fewer_kinds", "locked_in")


def sign_counts(signs: pl.DataFrame, name: str, left: str = "left") -> np.ndarray:
    """Return the 2 x 2 table of a sign and of leaving: rows with, without the sign; columns left, stayed."""
    flags = signs.select(name, left).drop_nulls()
    with_sign, gone = flags[name].to_numpy(), flags[left].to_numpy()
    return np.array(
        [
            [np.sum(with_sign & gone), np.sum(with_sign & ~gone)],
            [np.sum(~with_sign & gone), np.sum(~with_sign & ~gone)],
        ],
        dtype=float,
    )
