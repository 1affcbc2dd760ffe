"""The market study of brands and the list of wishes, with what is true of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from leal.simulate.plan import Plan
from leal.simulate.streams import Streams
from leal.simulate.words import RIVALS, WISHES

BRAND_MEANS = (72.0, 76.0, 71.0, 67.0, 64.0, 58.0)
"""True mean scores (0 to 100), our own brand first, before they are rounded and held within the scale."""
BRAND_ITEMS = {
    "quality": (7.4, 7.6, 7.5, 7.0, 6.8, 6.6),
    "service": (7.3, 6.4, 7.4, 6.9, 6.5, 6.0),
    "value_for_money": (6.6, 6.9, 6.5, 7.2, 6.6, 7.0),
}
"""True mean ratings (1 to 10) of each brand on three drivers: the strongest rival is weak in service."""
BRAND_SHARES = (0.24, 0.22, 0.18, 0.15, 0.12, 0.09)
"""Shares of the market a year ago."""
SWITCHING = (
    (0.80, 0.10, 0.03, 0.03, 0.02, 0.02),
    (0.05, 0.86, 0.04, 0.02, 0.02, 0.01),
    (0.06, 0.08, 0.78, 0.04, 0.02, 0.02),
    (0.06, 0.06, 0.05, 0.76, 0.04, 0.03),
    (0.07, 0.06, 0.05, 0.05, 0.73, 0.04),
    (0.08, 0.06, 0.06, 0.05, 0.05, 0.70),
)
"""Row: the brand used before; column: the brand used now."""
PERSON_SPREAD, SCORE_SPREAD = 8.0, 15.0
ALSO_RATED = 0.4
"""Probability that a respondent also rates a brand that is neither their last nor their present one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is true of a wish.

    Attributes
    ----------
    key : str
        Stable name.
    reach : float
        Share of customers who have it.
    value : float
        What granting it brings a year per customer who has it, in baskets.
    cost : float
        What it costs a year, in baskets per customer of the whole base.
    feasibility : float
        Probability that it succeeds.
    mentions : float
        Messages a year per customer who has it: how loud it is.
    """

    key: str
    reach: float
    value: float
    cost: float
    feasibility: float
    mentions: float


WISH_PLAN = (
    Wish(key="evening", reach=0.22, value=0.30, cost=0.020, feasibility=0.80, mentions=0.3),
    Wish(key="pickup", reach=0.31, value=0.25, cost=0.025, feasibility=0.90, mentions=0.2),
    Wish(key="subscription", reach=0.09, value=0.80, cost=0.090, feasibility=0.60, mentions=0.4),
    Wish(key="dark", reach=0.03, value=0.03, cost=0.010, feasibility=0.95, mentions=9.0),
    Wish(key="advice", reach=0.05, value=0.10, cost=0.006, feasibility=0.70, mentions=0.5),
    Wish(key="repair", reach=0.07, value=0.35, cost=0.008, feasibility=0.50, mentions=0.6),
)
"""The loud one is `dark`: three customers in a hundred write more of it than all others of the rest."""

WISH_VALUE_REACH = 0.35
"""How far, at most, the value of a wish in the table lies from the true one, as a part of that."""


def brands_table(plan: Plan, respondents: int, streams: Streams) -> pl.DataFrame:
    """Return a row a respondent and brand rated: score, rank by use, brand used before, yearly spend."""
    before = streams.choice("brand before", respondents, BRAND_SHARES)
    switch = streams("brand now").random(respondents)
    now = (np.cumsum(SWITCHING, axis=1)[before, :-1] <= switch[:, None]).sum(axis=1)
    score = brand_scores(respondents, streams)
    also = streams("brand also").random((respondents, len(BRAND_MEANS))) < ALSO_RATED
    people = np.arange(respondents)
    also[people, before] = also[people, now] = True
    spend = plan.basket * 14 * np.exp(0.5 * streams("brand spend").standard_normal(respondents))
    who, brand = np.nonzero(also)
    names = np.array(RIVALS[plan.names])
    return (
        pl.DataFrame(
            {
                "brand": names[brand],
                "respondent": pl.Series("R" + pl.Series(who + 1).cast(pl.String).str.zfill(5)),
                "score": score[who, brand],
                "own": brand == 0,
                "previous_brand": names[before[who]],
                "spend": np.round(spend[who], 0),
                "brand_spend": np.round(_spent(spend, now, also, streams)[who, brand], 0),
                **_ratings(score, who, brand, streams),
                "first": brand == now[who],
                "order": np.arange(len(who)),
            }
        )
        .sort(["respondent", "first", "score", "order"], descending=[False, True, True, False])
        .with_columns(rank=pl.int_range(1, pl.len() + 1).over("respondent").cast(pl.Float64))
        .sort("order")
        .select(
            "brand",
            "respondent",
            "score",
            "rank",
            "own",
            "previous_brand",
            "spend",
            "brand_spend",
            *BRAND_ITEMS,
        )
    )


def _spent(spend: np.ndarray, now: np.ndarray, also: np.ndarray, streams: Streams) -> np.ndarray:
    """Return what each respondent spends with each brand: most with the one used now, all adding up."""
    taste = streams("brand wallet").standard_gamma(1.0, also.shape) * also
    taste[np.arange(len(now)), now] += 2.5
    return np.asarray(spend[:, None] * taste / taste.sum(axis=1, keepdims=True))


def _ratings(
    score: np.ndarray, who: np.ndarray, brand: np.ndarray, streams: Streams
) -> dict[str, np.ndarray]:
    """Return ratings of the drivers, 1 to 10: the brand's own level, and what its score says of the rest."""
    rest = (score - np.asarray(BRAND_MEANS))[who, brand] / 10
    made = {}
    for name, means in BRAND_ITEMS.items():
        noise = 1.2 * streams(f"brand {name}").standard_normal(score.shape)[who, brand]
        made[name] = np.clip(np.rint(np.asarray(means)[brand] + 0.6 * rest + noise), 1, 10).astype(np.int64)
    return made


def brand_scores(respondents: int, streams: Streams) -> np.ndarray:
    """Return what each respondent thinks of each brand, 0 to 100 in whole points, rated or not."""
    person = PERSON_SPREAD * streams("brand person").standard_normal((respondents, 1))
    own = SCORE_SPREAD * streams("brand score").standard_normal((respondents, len(BRAND_MEANS)))
    return np.asarray(np.clip(np.rint(np.asarray(BRAND_MEANS) + person + own), 0, 100))


def wishes_table(plan: Plan, customers: int, streams: Streams) -> pl.DataFrame:
    """Return what is known of each wish: who asked for it, its value with an interval, its cost."""
    surveyed = max(customers // 8, 1)
    luck = streams("wish asked")
    error = streams("wish value").triangular(-1, 0, 1, len(WISH_PLAN))
    loud = streams("wish mentions")
    rows = []
    for number, wish in enumerate(WISH_PLAN):
        reach = WISH_VALUE_REACH * wish.value * plan.basket
        value = wish.value * plan.basket + reach * float(error[number])
        rows.append(
            {
                "wish": WISHES[wish.key][plan.names],
                "asked": int(luck.binomial(surveyed, wish.reach)),
                "surveyed": surveyed,
                "value": round(value, 2),
                "value_low": round(value - reach, 2),
                "value_high": round(value + reach, 2),
                "cost": round(wish.cost * plan.basket * customers, 0),
                "feasibility": wish.feasibility,
                "mentions": int(loud.poisson(wish.mentions * wish.reach * customers / 10)),
            }
        )
    return pl.DataFrame(rows)
