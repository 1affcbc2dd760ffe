"""CDNOW as the golden files have it, and customers simulated from BG/NBD, MBG/NBD and Gamma-Gamma."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl


def golden_values(golden: Path) -> dict[str, Any]:
    """Return cdnow_golden.json."""
    return dict(json.loads((golden / "value" / "cdnow_golden.json").read_text()))


def published_weeks(golden: Path) -> pl.DataFrame:
    """Return the file of Fader and Hardie's note: weeks with two decimals."""
    frame = pl.read_csv(golden / "value" / "cdnow_published_two_decimal_weeks.csv")
    return frame.rename({"ID": "customer", "T": "age"})


def whole_days(golden: Path) -> pl.DataFrame:
    """Return the same customers with whole days, mean spend and the purchases of the holdout."""
    frame = pl.read_csv(golden / "value" / "cdnow_cbs.csv")
    return frame.select(
        customer="id",
        frequency="x",
        recency=pl.col("tx_days") / 7,
        age=pl.col("T_days") / 7,
        spend="mbar",
        holdout="x_holdout_273d",
    )


def customer_scores(golden: Path) -> pl.DataFrame:
    """Return the golden scores of each customer."""
    return pl.read_csv(lzma.decompress((golden / "value" / "cdnow_customer_scores.csv.xz").read_bytes()))


def purchase_log(golden: Path) -> pl.DataFrame:
    """Return the purchases: customer, bought_at, amount."""
    packed = (golden / "value" / "cdnow_sample_customer_day.csv.xz").read_bytes()
    log = pl.read_csv(lzma.decompress(packed))
    return log.select(customer=pl.col("id").cast(pl.String), bought_at="date", amount="amt")


def simulated(
    n: int,
    seed: int,
    *,
    r: float = 0.8,
    alpha: float = 5.0,
    a: float = 0.8,
    b: float = 2.5,
    weeks: float = 52.0,
    chances: int = 0,
    holdout: float = 0.0,
) -> dict[str, np.ndarray]:
    """Draw customers in continuous time; `holdout` weeks more are followed and counted apart."""
    random = np.random.default_rng(seed)
    age = random.uniform(weeks / 3, weeks, n)
    rate = random.gamma(r, 1 / alpha, n)
    leave = random.beta(a, b, n) if a > 0 else np.zeros(n)
    frequency, recency, later = np.zeros(n), np.zeros(n), np.zeros(n)
    time, here = np.zeros(n), np.arange(n)
    if chances:
        here = here[random.random(n) >= leave]
    while here.size:
        time[here] += random.exponential(1.0, here.size) / np.maximum(rate[here], 1e-300)
        here = here[time[here] < age[here] + holdout]
        seen = here[time[here] < age[here]]
        frequency[seen] += 1
        recency[seen] = time[seen]
        later[here[time[here] >= age[here]]] += 1
        here = here[random.random(here.size) >= leave[here]]
    return {"frequency": frequency, "recency": recency, "age": age, "holdout": later}


def simulated_spend(
    n: int, seed: int, *, p: float = 6.0, q: float = 4.0, v: float = 15.0
) -> dict[str, np.ndarray]:
    """Draw frequency and mean spend from the Gamma-Gamma model."""
    random = np.random.default_rng(seed)
    frequency = random.geometric(0.4, n) - 1.0
    rate = random.gamma(q, 1 / v, n)
    often = np.maximum(frequency, 1)
    spend = np.where(frequency > 0, random.gamma(p * often, 1 / (often * rate)), 0.0)
    return {"frequency": frequency, "spend": spend}
