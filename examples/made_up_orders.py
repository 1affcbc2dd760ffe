"""Made-up orders in Olist's three files, their truth known: late parcels cost stars and nothing else.

Whether somebody likes what they bought moves both the stars and the second order; lateness moves the stars
alone. So stars go with second orders, lateness goes with stars, and still lateness costs no second order.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl

PEOPLE = 12_000
LATE = 0.08
STARS, LIKED_STARS, LATE_STARS = 3.9, 0.7, -1.8
AGAIN, LIKED_AGAIN = 0.045, 0.03
FIRST = dt.datetime(2018, 1, 1, 9)  # noqa: DTZ001  # the files tell no time zone


def write_orders(folder: Path, seed: int = 1) -> None:
    """Write orders, customers and reviews into a folder, named as the download has them."""
    random = np.random.default_rng(seed)
    likes = random.random(PEOPLE) < 0.6
    late = random.random(PEOPLE) < LATE
    again = random.random(PEOPLE) < AGAIN + LIKED_AGAIN * likes
    means = STARS + LIKED_STARS * likes + LATE_STARS * late
    stars = np.clip(np.rint(means + random.normal(0, 0.9, PEOPLE)), 1, 5).astype(np.int64)
    bought, takes = random.integers(0, 180, PEOPLE), random.integers(5, 13, PEOPLE)
    first = pl.DataFrame(
        {
            "person": np.arange(PEOPLE),
            "score": stars,
            "order_purchase_timestamp": _days(bought),
            "order_delivered_customer_date": _days(bought + takes + 12 * late),
            "order_estimated_delivery_date": _days(bought + 14),
        }
    ).with_columns(number=pl.lit(1))
    second = first.filter(pl.Series(again)).with_columns(
        pl.col("^order.*$") + pl.duration(days=60), number=pl.lit(2)
    )
    _write(folder, pl.concat([first, second]))


def _write(folder: Path, rows: pl.DataFrame) -> None:
    named = rows.with_columns(
        order_id=pl.format("o{}-{}", "person", "number"),
        customer_id=pl.format("c{}-{}", "person", "number"),
        customer_unique_id=pl.format("p{}", "person"),
        order_status=pl.lit("delivered"),
        review_score="score",
        review_creation_date=pl.min_horizontal(
            "order_delivered_customer_date", "order_estimated_delivery_date"
        ),
    )
    tables = {
        "orders": ["order_id", "customer_id", "order_status", "^order_.*(timestamp|date)$"],
        "customers": ["customer_id", "customer_unique_id"],
        "order_reviews": ["order_id", "review_score", "review_creation_date"],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in tables.items():
        path = folder / f"olist_{name}_dataset.csv"
        named.select(columns).write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")


def _days(since: np.ndarray) -> pl.Series:
    return pl.Series([FIRST + dt.timedelta(days=int(day)) for day in since])
