"""Pauses longer than a customer's own rhythm."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.checks.companies import purchases

from leal.engine import collect
from leal.measure import late_outcome, pauses, purchase_days

ZERO = 19723
"""Day number of day 0 of the test companies: 1 January 2024."""


def days(rows: list[tuple[str, int]]) -> pl.DataFrame:
    return collect(purchase_days(purchases([(who, at, 1.0) for who, at in rows])))


def one(frame: pl.DataFrame, customer: str) -> dict[str, object]:
    return frame.filter(customer=customer).row(0, named=True)


def test_a_pause_beyond_the_95_percent_quantile_of_one_s_own_intervals_is_late() -> None:
    gaps = [10, 20, 30, 40]
    bought = [("a", at) for at in (0, *np.cumsum(gaps).tolist())]
    own = float(np.quantile(gaps, 0.95))
    early, late = (pauses(days(bought), ZERO + 100 + after) for after in (38, 39))
    assert one(early, "a")["usual"] == pytest.approx(own) == 38.5
    assert (one(early, "a")["late"], one(late, "a")["late"]) == (False, True)
    assert one(late, "a")["rhythm"] == "own"


def test_with_few_intervals_the_segment_s_rhythm_stands_in_then_the_base_s() -> None:
    steady = [(f"s{place}", 25 * step) for place in range(10) for step in range(5)]
    slow = [(f"t{place}", 60 * step) for place in range(10) for step in range(5)]
    rows = [*steady, *slow, ("new", 200), ("stranger", 200)]
    segments = pl.DataFrame(
        {
            "customer": [who for who, _ in rows],
            "segment": [None if who == "stranger" else who[0] for who, _ in rows],
        }
    ).unique()
    segments = segments.with_columns(
        pl.when(pl.col("customer") == "new").then(pl.lit("s")).otherwise("segment").alias("segment")
    )
    found = pauses(days(rows), ZERO + 240, segments)
    assert (one(found, "new")["rhythm"], one(found, "new")["usual"], one(found, "new")["late"]) == (
        "segment",
        25,
        True,
    )
    assert (one(found, "stranger")["rhythm"], one(found, "stranger")["late"]) == ("base", False)
    assert one(found, "stranger")["usual"] == 60


def test_frequent_buyers_do_not_set_the_rhythm_of_the_base_alone() -> None:
    rows = [("often", step) for step in range(300)] + [
        (f"c{place}", 50 * step) for place in range(20) for step in range(5)
    ]
    assert one(pauses(days([*rows, ("once", 299)]), ZERO + 300), "once")["usual"] == 50


def test_who_has_not_bought_for_a_year_is_not_leaving_but_gone() -> None:
    assert pauses(days([("a", 0), ("a", 10), ("b", 380)]), ZERO + 400)["customer"].to_list() == ["b"]


def test_looking_back_tells_how_many_of_the_late_did_not_return() -> None:
    """100 customers buy every 20 days; 40 stop at day 300, 30 of them for good: at day 400 they are late."""
    rows = []
    for place in range(100):
        last = 300 if place < 40 else 600
        rows += [(f"c{place}", at) for at in range(place % 20, last, 20)]
        if 30 <= place < 40:
            rows.append((f"c{place}", 500))
    bought = days([*rows, ("clock", 582)])
    found = late_outcome(bought, ZERO + 582)
    assert found is not None
    assert found.horizon == 182
    assert found.late.n == 40
    assert found.late.estimate == pytest.approx(0.75)
    assert found.other.estimate == 0.0
    assert found.excess.ci_low > 0.5


def test_too_short_a_history_has_no_outcome() -> None:
    assert late_outcome(days([("a", 0), ("a", 30), ("b", 100)]), ZERO + 100) is None
    assert late_outcome(days([]), ZERO) is None
