"""Each part of the bridge of customer equity holds its truth as often as its interval says."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import polars as pl
import pytest
from tests.predict.value_samples import START

import leal
from leal.predict import COMPONENTS, EquityBridge

WEEKS, ARRIVALS = 130, 100
UNTIL = START + dt.timedelta(weeks=WEEKS, days=-1)
LARGE = 100_000
"""Customers of the world whose parts are the truth: its own error is a sixteenth of that of a small one."""


def shop(n: int, seed: int) -> pl.DataFrame:
    """Let customers buy by Pareto/NBD and Gamma-Gamma; each purchase has a margin, 3 % are given back."""
    random = np.random.default_rng(seed)
    joined = random.uniform(0, ARRIVALS, n)
    stays = random.exponential(1 / np.maximum(random.gamma(0.8, 1 / 30, n), 1e-9))
    span = np.minimum(WEEKS - joined, stays)
    times = random.poisson(random.gamma(0.9, 1 / 9, n) * span)
    who = np.concatenate([np.arange(n), np.repeat(np.arange(n), times)])
    later = np.repeat(span, times) * random.random(times.sum())
    week = joined[who] + np.concatenate([np.zeros(n), later])
    amount = random.gamma(6.0, 1 / random.gamma(4.5, 1 / 20.0, n)[who])
    margin = amount * random.normal(0.3, 0.1, who.size)
    back = (random.random(who.size) < 0.03) & (week + 1 < WEEKS)
    table = pl.DataFrame(
        {
            "customer": np.concatenate([who, who[back]]),
            "day": np.floor(7 * np.concatenate([week, week[back] + 1])).astype(np.int64),
            "amount": np.concatenate([amount, -amount[back]]),
            "margin": np.concatenate([margin, -margin[back]]),
        }
    )
    return table.select(
        pl.col("customer").cast(pl.String),
        pl.lit(START).dt.offset_by(pl.format("{}d", "day")).alias("bought_at"),
        "amount",
        "margin",
    )


def bridge_of_shop(n: int, seed: int) -> EquityBridge:
    return leal.equity_bridge(shop(n, seed), until=UNTIL, weeks=52)


def parts_of(bridge: EquityBridge) -> dict[str, leal.results.Money]:
    return {**bridge.components, "before": bridge.before, "after": bridge.after, "change": bridge.change}


@cache
def truth() -> dict[str, float]:
    """Return each part a head, in a world so large that nothing is left open."""
    return {name: part.estimate / LARGE for name, part in parts_of(bridge_of_shop(LARGE, 77)).items()}


def held(n: int, seeds: range) -> dict[str, float]:
    """Return in which share of worlds each part lies within its interval."""
    hits: dict[str, list[bool]] = {name: [] for name in truth()}
    for seed in seeds:
        for name, part in parts_of(bridge_of_shop(n, seed)).items():
            hits[name].append(part.ci_low <= n * truth()[name] <= part.ci_high)
    return {name: float(np.mean(found)) for name, found in hits.items()}


def test_the_parts_have_the_signs_that_were_planted() -> None:
    """Nobody pays more or less in truth and the margin is the same: what changes is who is there."""
    bridge = bridge_of_shop(1_500, 5)
    parts = parts_of(bridge)
    assert set(COMPONENTS) < set(parts)
    assert parts["new"].ci_low > 0
    assert parts["lost"].ci_high < 0
    for name in ("spend", "margin"):
        assert abs(parts[name].estimate) < 0.1 * parts["before"].estimate
        # what is not known of a margin is known: its interval is no point
        assert parts[name].ci_high - parts[name].ci_low > 0.002 * parts["before"].estimate


@pytest.mark.slow
@pytest.mark.parametrize("n", [150, 400])
def test_93_to_97_percent_of_the_intervals_of_each_part_hold_the_truth(n: int) -> None:
    found = held(n, range(1000, 1300))
    print(n, found)
    # 300 worlds: two standard errors of a share of .95 are .025
    assert min(found.values()) >= 0.93 - 0.025, found
    assert max(found.values()) <= 0.97 + 0.025, found
