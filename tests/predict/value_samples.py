"""Purchases of customers whose future is known, for the tests of value."""

from __future__ import annotations

import datetime as dt
import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

START = dt.date(2024, 1, 1)


@dataclass(frozen=True)
class World:
    """A table of purchases until a day, and what every customer brings in the weeks after it."""

    purchases: pl.DataFrame
    future: pl.DataFrame
    until: dt.date

    @property
    def total(self) -> float:
        return float(self.future["money"].sum())


def world(
    n: int,
    seed: int,
    *,
    process: str = "pareto",
    seen: float = 78.0,
    ahead: float = 52.0,
    discount: float = 0.1,
    rate: tuple[float, float] = (0.9, 9.0),
    leaving: tuple[float, float] = (0.8, 30.0),
    spend: tuple[float, float, float] = (6.0, 4.5, 20.0),
    arrivals: float = 40.0,
) -> World:
    """Let `n` customers buy by Pareto/NBD ("pareto"), MBG/NBD ("mbg") or BG/NBD ("bg")."""
    random = np.random.default_rng(seed)
    often = random.gamma(rate[0], 1 / rate[1], n)
    joined = random.uniform(0, arrivals, n)
    p, q, v = spend
    scale = random.gamma(q, 1 / v, n)
    rows, money = [], np.zeros(n)
    for who in range(n):
        end = _until(random, process, leaving)
        at, first = joined[who], True
        while at < seen + ahead:
            paid = random.gamma(p, 1 / scale[who])
            if at < seen:
                rows.append((f"c{who}", at, paid))
            else:
                money[who] += paid * (1 + discount) ** (-np.ceil(at - seen) / 52)
            may_leave = process == "mbg" or (process == "bg" and not first)
            if may_leave and random.random() < end:
                break
            first = False
            at += random.exponential(1 / often[who])
            if process == "pareto" and at > joined[who] + end:
                break
    table = pl.DataFrame(rows, schema=["customer", "week", "amount"], orient="row")
    days = pl.lit(START) + pl.duration(days=(pl.col("week") * 7).floor().cast(pl.Int64))
    future = pl.DataFrame({"customer": [f"c{who}" for who in range(n)], "money": money})
    return World(
        purchases=table.select("customer", bought_at=days, amount="amount"),
        future=future,
        until=START + dt.timedelta(days=int(seen * 7) - 1),
    )


def _until(random: np.random.Generator, process: str, leaving: tuple[float, float]) -> float:
    """Return how long a customer is one (Pareto), or the chance to leave after a purchase."""
    if process == "pareto":
        return float(random.exponential(1 / max(random.gamma(leaving[0], 1 / leaving[1]), 1e-9)))
    return float(random.beta(leaving[0], leaving[1] / 8))


def cdnow(golden: Path) -> pl.DataFrame:
    """Return the purchases of the CDNOW sample."""
    content = lzma.decompress((golden / "value" / "cdnow_sample_customer_day.csv.xz").read_bytes())
    table = pl.read_csv(content)
    return table.select(
        customer=pl.col("id").cast(pl.String), bought_at=pl.col("date").str.to_date(), amount="amt"
    )
