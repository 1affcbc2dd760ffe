"""Leal finds what was planted in the simulated company as often as its intervals say."""

from __future__ import annotations

import polars as pl
import pytest
from tests.simulate.recovery import all_found, leading_driver

from leal.simulate import company, truth_of

SEEDS = range(1, 5)


@pytest.fixture(scope="module")
def of_a_few_companies() -> pl.DataFrame:
    truth = truth_of(company(1).plan)
    rows = [(seed, one) for seed in SEEDS for one in all_found(company(1500, seed=seed), truth)]
    return _frame(rows)


def _frame(rows: list[tuple[int, object]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(seed, one.name, one.covered, one.errors_away) for seed, one in rows],  # type: ignore[attr-defined]
        schema=["seed", "name", "covered", "errors_away"],
        orient="row",
    )


def test_nine_in_ten_intervals_of_a_few_companies_hold_the_truth(of_a_few_companies: pl.DataFrame) -> None:
    assert of_a_few_companies.height > 40 * len(SEEDS)
    assert of_a_few_companies["covered"].mean() > 0.88  # type: ignore[operator]


def test_no_estimate_is_far_from_the_truth(of_a_few_companies: pl.DataFrame) -> None:
    far = of_a_few_companies.filter(pl.col("errors_away") > 4.5)
    assert far.is_empty(), far


def test_the_planted_first_cause_leads_the_drivers() -> None:
    assert [leading_driver(company(1500, seed=seed)) for seed in SEEDS] == ["PERQ5"] * len(SEEDS)


@pytest.mark.slow
def test_every_quantity_is_found_in_88_of_100_companies_and_all_pooled_in_93_to_97_percent() -> None:
    truth = truth_of(company(1).plan)
    rows, led = [], 0
    for seed in range(1, 101):
        firm = company(2500, seed=seed)
        rows += [(seed, one) for one in all_found(firm, truth)]
        led += leading_driver(firm) == truth.first_cause
    by_name = _frame(rows).group_by("name").agg(pl.col("covered").mean(), n=pl.len()).sort("covered")
    print(by_name.to_pandas().to_string())
    assert led >= 90
    assert by_name["covered"].min() >= 0.88, by_name.head(5)  # type: ignore[operator]
    assert 0.93 <= by_name["covered"].mean() <= 0.97  # type: ignore[operator]
