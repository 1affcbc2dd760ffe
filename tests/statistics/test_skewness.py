"""Limits that lean where one group is small and its values are uneven."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leal.statistics import (
    Sample,
    cuped,
    lean_of_difference,
    skewness_of,
    squares_worth,
    straightened,
    welch,
)
from leal.statistics.skewness import LEAST_LEAN, leaning_quantile, transformed


@given(st.floats(-1.5, 1.5), st.floats(-6, 6))
def test_straightening_and_transforming_undo_each_other(lean: float, quantile: float) -> None:
    assert transformed(leaning_quantile(quantile, lean), lean) == pytest.approx(quantile, abs=1e-6)


def test_skewness_equals_scipy() -> None:
    values = np.random.default_rng(1).lognormal(3, 1, 200)
    assert skewness_of(values) == pytest.approx(stats.skew(values), rel=1e-12)
    assert skewness_of(np.full(9, 3.0)) == skewness_of(np.array([1.0, 2.0])) == 0.0
    assert skewness_of(values * 1e-150) == pytest.approx(stats.skew(values), rel=1e-9)


def test_the_lean_of_a_difference_is_its_skewness() -> None:
    """Exponential values have skewness 2; the mean of 10 less that of 40 is looked at in 400,000 draws."""
    random = np.random.default_rng(2)
    draws = random.gamma(10, 1 / 10, 400_000) - random.gamma(40, 1 / 40, 400_000)
    assert lean_of_difference([(2.0, 10), (2.0, 40)]) == pytest.approx(stats.skew(draws), abs=0.02)
    assert lean_of_difference([(2.0, 40), (2.0, 10)]) == -lean_of_difference([(2.0, 10), (2.0, 40)])


def test_equal_groups_and_even_values_have_the_interval_of_welch() -> None:
    assert lean_of_difference([(6.0, 80), (6.0, 80)]) == 0
    assert lean_of_difference([(0.3, 50), (0.3, 950)]) == 0  # below what matters
    assert abs(lean_of_difference([(3.0, 50), (3.0, 950)])) > LEAST_LEAN


def test_limits_lean_and_the_p_value_with_them() -> None:
    """Hall's limits where they come nearer; where they go away, his transform to the second order."""
    six = (12.0, 20.0, 950, 10.0, 18.0, 50)
    plain, leaning = welch(*six), welch(*six, lean=-0.4)
    assert (plain.method, leaning.method) == ("welch", "welch_hall")
    assert leaning.estimate == plain.estimate
    assert leaning.ci_low < plain.ci_low
    assert leaning.ci_high < plain.ci_high
    quantile = (plain.estimate - plain.ci_low) / plain.standard_error
    near = (leaning.estimate - leaning.ci_high) / leaning.standard_error
    assert (1 - 0.4 * near / 3) ** 3 == pytest.approx(1 - 0.4 * (-quantile + 0.4 / 6))
    u = quantile + 0.4 / 6
    far = (leaning.estimate - leaning.ci_low) / leaning.standard_error
    assert far == pytest.approx(u + 0.4 * u**2 / 3 + 5 * 0.16 * u**3 / 27)


def test_no_lean_sets_a_limit_out_of_reach() -> None:
    """Of 50 lognormal amounts (sigma 1) beside 950 the ratio exceeds 3.0 in 2.5 of 100 draws; lean -.55."""
    assert leaning_quantile(2.0, -0.55) == pytest.approx(3.4, abs=0.1)
    assert straightened(2.0, -0.55) > 6.5  # Hall's root there


@given(st.floats(-1, 1), st.floats(-30, 30))
def test_a_limit_lies_beyond_zero_just_where_the_p_value_says_so(lean: float, difference: float) -> None:
    found = welch(10.0 + difference, 30.0, 300, 10.0, 25.0, 60, lean=lean)
    beyond = found.ci_low > 0 or found.ci_high < 0
    if abs(found.p_value - 0.05) > 1e-9:
        assert beyond == (found.p_value < 0.05)
    assert found.ci_low <= found.estimate <= found.ci_high


def test_the_past_is_taken_out_of_the_skewness_too() -> None:
    random = np.random.default_rng(3)
    before, noise = random.lognormal(3, 1, 1_000), random.normal(0, 5, 1_000)
    later = before + noise
    raw = Sample.of_values(later)
    assert raw.skewness > 2
    freed = cuped(later[50:], before[50:], later[:50], before[:50])
    assert freed.method == "cuped"  # what is left is even: nothing leans
    uneven = random.lognormal(3, 1, 1_000)
    left = cuped(before[50:] / 5 + uneven[50:], before[50:], before[:50] / 5 + uneven[:50], before[:50])
    assert left.method == "cuped_hall"
    assert math.isfinite(left.ci_low)


def test_squares_are_worth_their_number_where_equal_and_one_where_one_is_all() -> None:
    assert squares_worth(np.array([2.0, -2.0, 2.0, 2.0])) == pytest.approx(4)
    assert squares_worth(np.array([1e-200, 0.0, 0.0])) == pytest.approx(1)
    assert squares_worth(np.zeros(3)) == 0
    even = np.random.default_rng(5).normal(size=300_000)
    assert squares_worth(even) / even.size == pytest.approx(1 / 3, rel=0.02)  # a normal's kurtosis is 3


def test_beside_a_group_of_nobody_nothing_leans() -> None:
    assert lean_of_difference([(2.0, 0.0), (2.0, 50.0)]) == 0.0
