"""Retention by cohort and from period to period."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest
from tests.checks.companies import day, purchases

from leal.engine import collect
from leal.errors import BadValue
from leal.measure import (
    cohort_retention,
    customer_value,
    daily_money,
    kept_customers,
    margin_multiple,
    multiple_sensitivity,
    pair_days,
    retention_change,
    trend_days,
)

BOUGHT = purchases(
    [("a", at, 9.0) for at in (0, 29, 31, 65)]
    + [("b", at, 9.0) for at in (5, 70)]
    + [("c", 40, 9.0), ("d", 89, 9.0)]
)


def whole(frame: pl.DataFrame) -> list[tuple[int, int, int]]:
    return frame.filter(cohort="all").select("period", "customers", "active").rows()


def test_a_period_counts_only_customers_whom_the_data_cover_for_all_of_it() -> None:
    found = cohort_retention(BOUGHT, cohort="year")
    # a has days 0-89 (three whole periods), b 85 days (two), c 50 (one), d one day (none).
    assert whole(found) == [(0, 3, 3), (1, 2, 1), (2, 1, 1)]
    assert found["cohort"].unique().sort().to_list() == ["2024", "all"]


def test_every_cell_has_its_interval() -> None:
    found = cohort_retention(BOUGHT)
    assert (found["ci_low"] <= found["retention"]).all()
    assert (found["ci_high"] >= found["retention"]).all()


def test_cohorts_are_the_same_in_another_engine_and_another_order() -> None:
    expected = cohort_retention(BOUGHT)
    assert cohort_retention(BOUGHT.reverse()).equals(expected)
    assert cohort_retention(duckdb.from_arrow(BOUGHT.to_arrow())).equals(expected)


def test_cohorts_grow_longer_with_the_data() -> None:
    long = purchases([(str(place), 30 * place, 5.0) for place in range(60)])
    names = cohort_retention(long)["cohort"].unique()
    assert all(len(name) == 4 or name == "all" for name in names)


def test_no_purchases_make_an_empty_table() -> None:
    assert cohort_retention(BOUGHT.head(0)).is_empty()


def test_margin_multiples_of_gupta_and_lehmann(golden: Path) -> None:
    """Source: ten-methods.md 7; golden/methods/expected.json, key margin_multiple (16 cells)."""
    cells = json.loads((golden / "methods" / "expected.json").read_text())["margin_multiple"]["r/(1+i-r)"]
    for name, expected in cells.items():
        retention, discount = (float(part[1:]) for part in name.split("_"))
        assert margin_multiple(retention, discount) == pytest.approx(expected, rel=1e-12)
    assert margin_multiple(0.9, 0.12) == pytest.approx(4.0909, abs=5e-5)
    assert margin_multiple(0.8, 0.10) == pytest.approx(2.6667, abs=5e-5)


def test_the_sensitivity_is_the_slope_of_the_multiple_and_gives_the_spine_equation() -> None:
    """Source: ten-methods.md 6, key spine_equation: 93,867 by the slope, 95,913 exactly."""
    step = 1e-6
    slope = (margin_multiple(0.8 + step, 0.1) - margin_multiple(0.8 - step, 0.1)) / (2 * step)
    assert multiple_sensitivity(0.8, 0.1) == pytest.approx(slope, rel=1e-6)
    assert 10_000 * 0.4 * 4 * 0.004 * 120 * multiple_sensitivity(0.8, 0.1) == pytest.approx(93_867, abs=1)
    exact = 10_000 * 120 * (margin_multiple(0.8064, 0.1) - margin_multiple(0.8, 0.1))
    assert exact == pytest.approx(95_913, abs=1)


def test_a_retention_beyond_one_is_a_clear_error() -> None:
    with pytest.raises(BadValue, match="gives no value"):
        margin_multiple(1.2, 0.1)


def test_the_value_of_a_customer_carries_the_doubt_of_retention() -> None:
    sure = customer_value(120.0, 0.0, 0.8, 0.0, n=1000, discount=0.1)
    assert sure.value.ci_low == sure.value.estimate == pytest.approx(320.0)
    assert sure.one_point.estimate == pytest.approx(120 * 1.1 / 0.09 / 100)
    unsure = customer_value(120.0, 0.0, 0.8, 0.01, n=1000, discount=0.1)
    assert unsure.value.ci_high - unsure.value.estimate == pytest.approx(1.96 * 0.01 * 1466.67, rel=1e-3)


def test_what_became_of_last_year_s_customers() -> None:
    rows = [
        ("kept", 10, 100.0),
        ("kept", 400, 90.0),
        ("lost", 20, 50.0),
        ("new", 500, 70.0),
        ("new", 510, -10.0),
    ]
    days = collect(daily_money(purchases(rows)))
    until = int(days["day"].min()) - 10 + 729  # type: ignore[call-overload]
    found = kept_customers(days, until, 365)
    assert (found.before, found.kept, found.lost, found.gained) == (2, 1, 1, 1)
    assert (found.money_before, found.money_lost, found.money_kept) == (150.0, 50.0, 90.0)
    assert found.money_gained == 60.0
    assert found.net_revenue_retention == pytest.approx(0.6)
    assert found.retention.estimate == 0.5
    assert found.retention.ci_low < 0.5 < found.retention.ci_high


def test_a_fall_of_retention_is_told_from_noise() -> None:
    def pair(stay: int) -> pl.DataFrame:
        rows = [(f"c{place}", 1, 5.0) for place in range(400)]
        rows += [(f"c{place}", 200, 5.0) for place in range(stay)]
        return collect(daily_money(purchases(rows)))

    until = (day(364) - dt.date(1970, 1, 1)).days
    now, then = (kept_customers(pair(stay), until, 182) for stay in (250, 310))
    change = retention_change(now, then)
    assert change.estimate == pytest.approx(-60 / 400)
    assert change.ci_high < 0


@pytest.mark.parametrize(
    ("span", "trend", "pair"),
    [(1095, 365, 365), (910, 182, 365), (400, 91, 182), (200, None, 91), (100, None, None)],
)
def test_periods_are_as_long_as_the_data_allow(span: int, trend: int | None, pair: int | None) -> None:
    assert (trend_days(span), pair_days(span)) == (trend, pair)
