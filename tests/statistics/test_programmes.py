"""Effects of programmes and looks at a test. Golden numbers: golden/methods (Jennison and Turnbull)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadOption, BadValue
from leal.results import Estimate
from leal.statistics import (
    NpsCounts,
    PairedSample,
    Sample,
    cuped,
    cuped_of_moments,
    difference_in_differences,
    false_alarm_probability,
    fieller_limit,
    fieller_limits,
    group_sequential_bounds,
    paired_difference_in_differences,
    power_of_looks,
    sum_independent,
)


def test_difference_in_differences_by_hand() -> None:
    found = difference_in_differences(
        Sample(10, 2, 100), Sample(13, 2, 100), Sample(10, 3, 50), Sample(11, 3, 50)
    )
    error = math.sqrt(4 / 100 + 4 / 100 + 9 / 50 + 9 / 50)
    assert found.estimate == pytest.approx(2)
    assert found.standard_error == pytest.approx(error)
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (2 - 1.959964 * error, 2 + 1.959964 * error), abs=1e-5
    )
    assert found.n == 300


def test_difference_in_differences_of_nps() -> None:
    before, after = Sample.of_nps(NpsCounts(20, 35, 45)), Sample.of_nps(NpsCounts(10, 35, 55))
    same = Sample.of_nps(NpsCounts(20, 35, 45))
    found = difference_in_differences(before, after, same, same)
    assert found.estimate == pytest.approx(0.20)
    assert before.variance_of_mean == pytest.approx(0.5875 / 99)


def test_paired_changes_are_welch() -> None:
    random = np.random.default_rng(1)
    treated, control = random.normal(1, 1, 40), random.normal(0, 1, 60)
    found = paired_difference_in_differences(Sample.of_values(treated), Sample.of_values(control))
    assert found.estimate == pytest.approx(treated.mean() - control.mean())
    assert found.method == "welch"


def test_too_few_are_unknown() -> None:
    one = Sample.of_values([1.0])
    assert not difference_in_differences(one, one, one, one).known
    assert not paired_difference_in_differences(Sample.of_values([]), one).known
    assert not cuped([1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0]).known


def test_cuped_takes_out_what_the_past_explains() -> None:
    random = np.random.default_rng(2)
    past = random.normal(50, 10, 4000)
    outcome = 0.65 * (past - 50) / 10 + math.sqrt(1 - 0.65**2) * random.normal(size=4000)
    outcome[:2000] += 0.2
    found = cuped(outcome[:2000], past[:2000], outcome[2000:], past[2000:])
    plain = paired_difference_in_differences(
        Sample.of_values(outcome[:2000]), Sample.of_values(outcome[2000:])
    )
    assert found.correlation == pytest.approx(0.65, abs=0.03)
    assert found.slope == pytest.approx(0.065, abs=0.003)
    assert found.standard_error == pytest.approx(
        plain.standard_error * math.sqrt(found.variance_ratio), rel=0.01
    )
    assert found.ci_low < 0.2 < found.ci_high
    assert found.p_value < 0.001


def test_cuped_with_a_useless_past_is_the_plain_comparison() -> None:
    random = np.random.default_rng(3)
    outcome = random.normal(size=60)
    found = cuped(outcome[:30], np.ones(30), outcome[30:], np.ones(30))
    assert (found.slope, found.correlation, found.variance_ratio) == (0, 0, 1)
    assert found.estimate == pytest.approx(outcome[:30].mean() - outcome[30:].mean())
    with pytest.raises(BadValue, match="arm"):
        cuped([1.0, 2.0], [1.0], [1.0], [1.0])


def test_bounds_of_jennison_and_turnbull(golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["group_sequential_K5_alpha05"]
    assert group_sequential_bounds(5, shape="pocock") == pytest.approx([expected["pocock_c"]] * 5, abs=5e-4)
    assert group_sequential_bounds(5) == pytest.approx(expected["obf_bounds"], abs=5e-4)
    assert group_sequential_bounds(5)[-1] == pytest.approx(expected["obf_c"], abs=5e-4)


def test_false_alarms_of_the_reference(golden: Path) -> None:
    # .0500, .0500 and 14.2 %, as printed in ten-methods, section 2, method 3
    expected = json.loads((golden / "methods" / "expected.json").read_text())["group_sequential_K5_alpha05"]
    looks = np.arange(1, 6)
    naive = false_alarm_probability([1.96] * 5)
    assert naive == pytest.approx(expected["naive_5_looks_at_1.96"], abs=5e-4)
    assert round(naive, 3) == 0.142
    assert false_alarm_probability([2.413] * 5) == pytest.approx(expected["pocock_alpha_check"], abs=5e-5)
    assert false_alarm_probability(2.04 * np.sqrt(5 / looks)) == pytest.approx(
        expected["obf_alpha_check"], abs=6e-5
    )


def test_false_alarms_by_simulation() -> None:
    sums = np.cumsum(np.random.default_rng(4).standard_normal((200_000, 5)), axis=1)
    z = np.abs(sums) / np.sqrt(np.arange(1, 6))
    assert np.mean((z > 1.96).any(axis=1)) == pytest.approx(false_alarm_probability([1.96] * 5), abs=0.0025)


def test_one_look_is_the_usual_bound() -> None:
    assert group_sequential_bounds(1) == pytest.approx([1.959964], abs=1e-6)
    with pytest.raises(BadOption, match="pocock"):
        group_sequential_bounds(3, shape="guess")  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="looked at"):
        group_sequential_bounds(0)


@given(st.integers(1, 12), st.sampled_from((0.9, 0.95, 0.99)), st.sampled_from(("pocock", "obrien_fleming")))
def test_bounds_keep_their_level(looks: int, level: float, shape: str) -> None:
    bounds = group_sequential_bounds(looks, level, shape)  # type: ignore[arg-type]
    assert false_alarm_probability(bounds) == pytest.approx(1 - level, abs=1e-7)
    assert np.all(np.diff(bounds) <= 1e-12)


@given(st.integers(0, 1000), st.integers(3, 40), st.integers(3, 40))
def test_cuped_of_moments_is_cuped_of_values(seed: int, treated: int, control: int) -> None:
    random = np.random.default_rng(seed)
    past = random.normal(50, 10, treated + control)
    outcome = past + random.normal(0, 5, treated + control)
    arms = (outcome[:treated], past[:treated]), (outcome[treated:], past[treated:])
    found = cuped_of_moments(*(PairedSample.of_values(*arm) for arm in arms))
    by_hand = [
        float(np.sum((y - y.mean() - found.slope * (x - x.mean())) ** 2)) / (len(y) - 2) / len(y)
        for y, x in arms
    ]
    assert found.standard_error == pytest.approx(math.sqrt(sum(by_hand)))
    assert found == cuped(*arms[0], *arms[1])


def test_power_of_looks_by_simulation() -> None:
    bounds, shift = group_sequential_bounds(5), 2.8
    steps = np.random.default_rng(6).standard_normal((200_000, 5)) + shift / math.sqrt(5)
    z = np.abs(np.cumsum(steps, axis=1)) / np.sqrt(np.arange(1, 6))
    assert np.mean((z > bounds).any(axis=1)) == pytest.approx(power_of_looks(bounds, shift), abs=0.003)
    assert power_of_looks([1.959964], 2.8) == pytest.approx(0.8, abs=0.001)


def test_limits_of_a_quotient() -> None:
    low, high = fieller_limits(12.0, 10.0, 1.0, 1.0, 0.0, 1.96) or (math.nan, math.nan)
    for limit in (low, high):
        assert (12 - limit * 10) ** 2 == pytest.approx(1.96**2 * (1 + limit**2))
    assert fieller_limits(1.0, 0.1, 1.0, 1.0, 0.0, 1.96) is None


def test_a_lower_limit_of_a_quotient_stands_where_no_upper_one_does() -> None:
    """12/1 with errors of 1 each: all r below 12 for which 12 - r lies within 1.96 errors of zero."""
    of = (12.0, 1.0, 1.0, 1.0, 0.0, 1.96)
    low = fieller_limit(*of, upper=False)
    assert fieller_limit(*of, upper=True) is None
    assert low is not None
    assert (12 - low) / math.sqrt(1 + low**2) == pytest.approx(1.96)


def test_independent_estimates_add_up_in_squares() -> None:
    parts = [
        Estimate(estimate=10.0, ci_low=7.0, ci_high=14.0, n=5, method="x"),
        Estimate(estimate=1.0, ci_low=-3.0, ci_high=4.0, n=7, method="x"),
    ]
    found = sum_independent(parts)
    assert (found.estimate, found.ci_low, found.ci_high, found.n) == (11.0, 6.0, 16.0, 12)
