"""Intervals of value hold what really comes, in simulated customers, as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from tests.predict.value_samples import world

import leal


def held(process: str, model: str, n: int, seeds: range) -> tuple[float, float]:
    """Return in which share of worlds the total, and of customers the value, lies within its interval."""
    totals, customers = [], []
    for seed in seeds:
        shop = world(n, seed, process=process)
        worth = leal.lifetime_value(shop.purchases, model=model, until=shop.until)
        totals.append(worth.total.ci_low <= shop.total <= worth.total.ci_high)
        both = worth.customers.join(shop.future, on="customer")
        inside = (both["value_low"] <= both["money"] + 1e-9) & (both["money"] <= both["value_high"] + 1e-9)
        customers.append(float(inside.mean()))  # type: ignore[arg-type]
    return float(np.mean(totals)), float(np.mean(customers))


def test_most_intervals_of_a_few_worlds_hold() -> None:
    totals, customers = held("pareto", "pareto_nbd", 150, range(12))
    assert totals >= 0.75
    assert 0.92 < customers < 0.98


@pytest.mark.slow
@pytest.mark.parametrize(
    ("process", "model"), [("pareto", "pareto_nbd"), ("mbg", "mbg_nbd"), ("bg", "bg_nbd")]
)
@pytest.mark.parametrize("n", [60, 300])
def test_93_to_97_percent_of_intervals_hold_what_comes(process: str, model: str, n: int) -> None:
    totals, customers = held(process, model, n, range(1000, 1300))
    # 300 worlds: two standard errors of a share of .95 are .025
    assert 0.93 - 0.025 <= totals <= 0.97 + 0.025
    assert 0.93 <= customers <= 0.97
