"""Leal finds what was planted in the simulated company as often as its intervals say."""

from __future__ import annotations

import polars as pl
import pytest
from tests.simulate.recovery import all_found, date_of_the_fall, fall_in_the_segment, leading_driver

from leal.checks import audit
from leal.engine import collect
from leal.measure import pauses, purchase_days
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


def test_satisfied_customers_who_left_for_their_own_reasons_are_seen_as_silent() -> None:
    firm = company(3000, seed=2)
    days = collect(purchase_days(firm.tables["purchases"]))
    late = pauses(days, int(days["day"].max())).join(firm.hidden, on="customer")  # type: ignore[arg-type]
    satisfied = late.filter(pl.col("satisfaction") > 0, pl.col("intervals") >= 3)
    gone = satisfied.filter("left_for_another_reason")
    there = satisfied.filter(~pl.col("left"))
    assert gone.height > 50
    assert gone["late"].mean() > 0.75  # type: ignore[operator]
    assert there["late"].mean() < 0.2  # type: ignore[operator]


def test_an_audit_of_the_company_answers_all_ten_checks_and_names_what_was_planted() -> None:
    firm = company(4000, seed=1, language="en")
    found = audit(firm.evidence)
    assert [check.number for check in found.checks] == list(range(1, 11))
    assert not [check for check in found.checks if check.verdict == "unknown"]
    said = {check.number: check.finding for check in found.checks}
    assert "New packaging" in said[1]
    assert "Sales calls" in said[3]
    causes = next(one.frame for one in found[4].exhibits if "item" in one.frame.columns)
    first = causes.row(0, named=True)
    assert first["item"] == "PERQ5"
    assert first["name"] in said[4]
    assert "18-34" in said[5]
    assert "January 2026" in said[5]
    assert "Dark theme in the app" in said[8]
    assert "do not pay rent" in said[9]
    assert "Compass" in said[10]


@pytest.mark.slow
def test_every_quantity_is_found_in_88_of_100_companies_and_all_pooled_in_93_to_97_percent() -> None:
    truth = truth_of(company(1).plan)
    rows, led, noticed = [], 0, 0
    for seed in range(1, 101):
        firm = company(2500, seed=seed)
        rows += [(seed, one) for one in all_found(firm, truth)]
        led += leading_driver(firm) == truth.first_cause
        larger = company(4000, seed=seed)
        rows += [(seed, one) for one in date_of_the_fall(larger, truth)]
        noticed += fall_in_the_segment(larger, truth).clear
    by_name = _frame(rows).group_by("name").agg(pl.col("covered").mean(), n=pl.len()).sort("covered")
    print(by_name.to_pandas().to_string())
    assert led >= 90
    assert noticed >= 90
    assert by_name["covered"].min() >= 0.88, by_name.head(5)  # type: ignore[operator]
    assert 0.93 <= by_name["covered"].mean() <= 0.97  # type: ignore[operator]
