"""Companies whose programmes held nobody out: customers picked in many ways, with an effect or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

DAYS, START, FIRST_DAY = 730, 540, 18_000
UNTIL = FIRST_DAY + DAYS - 1
NEVER = 10**6

PICKS = (
    "lot",
    "bought_much_lately",
    "nearly_all_who_bought_much_lately",
    "all_who_bought_much_lately",
    "fell_silent",
    "bought_much_in_the_year",
    "hidden_rate",
    "after_a_purchase",
)
"""How customers are picked: of all by lot, by their last eight weeks, by their last year, by their true rate
of buying that nobody sees, and on the day after some of their purchases, whenever these come."""

FORESEEN = "what_will_be_bought"
"""Customers of whom staff know that they will buy more: what no table of purchases shows."""


@dataclass(frozen=True, slots=True)
class Customers:
    """Amounts by customer and day, true rates, days of joining."""

    amounts: npt.NDArray[np.float64]
    rates: npt.NDArray[np.float64]
    joined: npt.NDArray[np.int64]


def customers(count: int, seed: int) -> Customers:
    """Return customers who buy at rates of their own that drift, by season, until they leave for good."""
    source = np.random.default_rng(seed)
    joined = source.integers(0, 450, count)
    rates = source.gamma(1.3, 1 / 1.3, count) * 1.1 / 28
    leave = joined + source.exponential(500 / source.gamma(1.5, 1 / 1.5, count))
    moods = np.zeros((count, DAYS // 28 + 2))
    moods[:, 0] = source.normal(0, 0.35, count)
    for month in range(1, moods.shape[1]):
        moods[:, month] = 0.8 * moods[:, month - 1] + source.normal(0, 0.21, count)
    days = np.arange(DAYS)
    season = 1 + 0.25 * np.sin(2 * np.pi * days / 365)
    rate = rates[:, None] * np.exp(moods[:, days // 28] - 0.35**2 / 2) * season
    bought = source.poisson(rate * ((days >= joined[:, None]) & (days < leave[:, None])))
    bought[np.arange(count), joined] += 1
    basket = np.exp(source.normal(3, 0.5, count))[:, None]
    amounts = np.where(bought > 0, bought * basket * np.exp(source.normal(0, 0.4, bought.shape)), 0.0)
    return Customers(amounts, rates, joined)


def starts(who: Customers, pick: str, seed: int) -> npt.NDArray[np.int64]:
    """Return the day on which each is picked, `NEVER` for most."""
    source = np.random.default_rng([seed, 5])
    count = len(who.joined)
    lately = who.amounts[:, START - 56 : START].sum(axis=1)
    year = who.amounts[:, START - 365 : START].sum(axis=1)
    chance = source.random(count)
    if pick == "after_a_purchase":
        bought = (who.amounts[:, 480:600] > 0) & (source.random((count, 120)) < 0.3)
        day = 480 + bought.argmax(axis=1) + 1
        return np.where(bought.any(axis=1) & (who.joined < day), day, NEVER)
    shares = {
        "lot": np.full(count, 0.3),
        "bought_much_lately": 0.05 + 0.6 * _rank(lately) ** 2,
        "nearly_all_who_bought_much_lately": np.where(_rank(lately) > 0.75, 0.8, 0.05),
        "all_who_bought_much_lately": np.where(_rank(lately) > 0.75, 1.0, 0.0),
        "fell_silent": np.where(lately == 0, 0.6, 0.02),
        "bought_much_in_the_year": 0.05 + 0.6 * _rank(year) ** 2,
        "hidden_rate": 0.05 + 0.6 * _rank(who.rates) ** 2,
        FORESEEN: 0.05 + 0.6 * _rank(who.amounts[:, START : START + 84].sum(axis=1)) ** 2,
    }
    return np.where((chance < shares[pick]) & (who.joined < START), START, NEVER)


def _rank(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(values.argsort(kind="stable").argsort() / len(values))


def tables(
    who: Customers, begin: npt.NDArray[np.int64], effect: float = 0.0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return who is in the action and the days with money; an effect is a share on top from the start on."""
    customer, day = np.nonzero(who.amounts > 0)
    amount = who.amounts[customer, day] * (1 + effect * (day >= begin[customer]))
    days = pl.DataFrame({"customer": customer, "day": day + FIRST_DAY, "amount": amount})
    treated = np.flatnonzero(begin < NEVER)
    people = pl.DataFrame({"customer": treated, "start": begin[treated] + FIRST_DAY}).with_columns(
        action=pl.lit("offer"), arm=pl.lit(""), arms=pl.lit(1), start=pl.col("start").cast(pl.Int32)
    )
    return people, days.with_columns(pl.col("day").cast(pl.Int32))


def spent_on_top(who: Customers, begin: npt.NDArray[np.int64], effect: float, periods: int = 6) -> float:
    """Return the true effect a period of four weeks, over the treated who bought before the seven before."""
    treated = np.flatnonzero((begin < NEVER) & (who.joined < begin - 7 * 28))
    spent = [who.amounts[one, begin[one] : begin[one] + 28 * periods].sum() for one in treated]
    return effect * float(np.mean(spent)) / periods
