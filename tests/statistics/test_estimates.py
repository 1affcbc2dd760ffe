"""Shares, means and draws dressed as estimates."""

from __future__ import annotations

import math

import numpy as np
import pytest

from leal.results import Estimate, Money, Proportion
from leal.statistics import (
    around_middle,
    estimated_mean,
    estimated_share,
    from_draws,
    limits_of_draws,
    mean_interval,
    proportion_interval,
    standard_error_of,
)

DRAWS = np.arange(101.0)


def test_a_share_has_wilsons_limits() -> None:
    found, limits = estimated_share(30, 100, 0.9), proportion_interval(30, 100, 0.9)
    assert (found.estimate, found.ci_low, found.ci_high, found.method) == (
        0.3,
        limits.low,
        limits.high,
        "wilson",
    )
    assert not estimated_share(0, 0).known


def test_a_mean_has_students_limits() -> None:
    found, limits = estimated_mean(Estimate, 5, 2, 16), mean_interval(5, 2, 16)
    assert (found.estimate, found.ci_low, found.ci_high, found.method) == (5, limits.low, limits.high, "t")
    assert math.isnan(estimated_mean(Proportion, 0.5, math.nan, 1).ci_low)


def test_limits_of_draws_are_percentiles() -> None:
    assert limits_of_draws(DRAWS, 0.9) == pytest.approx((5.0, 95.0))
    assert all(math.isnan(end) for end in limits_of_draws(np.empty(0)))
    assert from_draws(Estimate, 200, DRAWS, n=9, level=0.9, method="bootstrap").ci_high == pytest.approx(95)


def test_limits_around_the_middle_hold_it() -> None:
    found = around_middle(Money, 97.0, DRAWS, n=9, level=0.9, currency="EUR")
    assert (found.ci_low, found.ci_high) == pytest.approx((5, 97))
    assert (found.method, found.currency) == ("simulation", "EUR")
    assert around_middle(Money, math.nan, DRAWS, n=9, level=0.9).method == "unknown"


def test_the_standard_error_is_read_from_the_interval() -> None:
    found = Estimate(estimate=0, ci_low=-1.959964, ci_high=1.959964, n=5, method="normal")
    assert standard_error_of(found) == pytest.approx(1, abs=1e-6)
    assert math.isnan(standard_error_of(Estimate.unknown(5, 0.95)))
