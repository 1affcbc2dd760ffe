"""Lifetime value of a small base, warm: every interval of `leal.lifetime_value` and `leal.equity_bridge`.

    python -m benchmarks.lifetime_value [--customers 400] [--repeats 5]

Customers buy and leave at rates of their own for a year and a half. CPU time on one thread, the median of
the repeats; a first call, which loads compiled code, is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

import leal  # noqa: E402
from leal.predict import MODELS  # noqa: E402

WEEKS = 78
ARRIVALS = 26


def purchases(customers: int, seed: int = 3) -> pl.DataFrame:
    """Return purchases of customers who came within half a year, buy at a steady rate and leave."""
    random = np.random.default_rng(seed)
    rate, leaving = random.gamma(0.6, 1 / 8, customers), random.gamma(0.6, 1 / 12, customers)
    came, mean = random.uniform(0, ARRIVALS, customers), random.gamma(6, 5, customers)
    gone = np.minimum(came + random.exponential(1 / leaving), WEEKS)
    again = random.poisson(rate * (gone - came))
    of = np.repeat(np.arange(customers), again)
    weeks = np.concatenate([came, random.uniform(came[of], gone[of])])
    who = np.concatenate([np.arange(customers), of])
    return pl.DataFrame(
        {
            "customer": [f"c{number}" for number in who],
            "bought_at": (weeks * 7).astype(np.int32),
            "amount": random.gamma(6, mean[who] / 6).round(2) + 0.01,
        }
    ).with_columns((pl.lit(19_723, pl.Int32) + pl.col("bought_at")).cast(pl.Date))


def cpu_time(work: Callable[[], object], repeats: int) -> float:
    """Return the median CPU time of some repeats, after a first call."""
    work()
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    table = purchases(given.customers)
    print(f"{given.customers:,} customers, {table.height:,} purchases; CPU seconds, warm")
    for name in MODELS:
        value = cpu_time(lambda name=name: leal.lifetime_value(table, margin=0.3, model=name), given.repeats)  # type: ignore[misc]
        bridge = cpu_time(lambda name=name: leal.equity_bridge(table, margin=0.3, model=name), given.repeats)  # type: ignore[misc]
        print(f"{name:12} lifetime_value {value:.2f}   equity_bridge {bridge:.2f}")


if __name__ == "__main__":
    main()
