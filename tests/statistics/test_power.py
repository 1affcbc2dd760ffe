"""Sample sizes and run lengths. Golden numbers: nps-and-surveys, 4.5; golden/methods (R spc 0.6)."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadValue
from leal.statistics import (
    cuped_standard_error,
    cusum_limit,
    cusum_run_length,
    detectable_change,
    ewma_limit,
    ewma_run_length,
    mean_change_sample_size,
    nps_change_sample_size,
    nps_sample_size,
    power_of_comparison,
    proportion_change_sample_size,
    waves_to_detection,
)


@pytest.fixture
def expected(golden: Path) -> dict[str, Any]:
    return json.loads((golden / "methods" / "expected.json").read_text())  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("margin", "answers"),
    [
        (0.03, [4269, 3415, 2775, 2135]),
        (0.05, [1537, 1230, 999, 769]),
        (0.10, [385, 308, 250, 193]),
        (0.15, [171, 137, 111, 86]),
    ],
)
def test_answers_for_a_margin(margin: float, answers: list[int]) -> None:
    assert [nps_sample_size(margin, variance) for variance in (1, 0.8, 0.65, 0.5)] == answers
    assert nps_sample_size(margin, 1, method="adjusted_wald") == answers[0] - 3
    assert nps_sample_size(margin, 1, population=500) < min(answers[0], 500)


@pytest.mark.parametrize(
    ("variance", "answers"), [(0.65, [4082, 1021, 454, 256]), (0.8, [5024, 1256, 559, 314])]
)
def test_answers_for_a_change(variance: float, answers: list[int]) -> None:
    assert [nps_change_sample_size(change, variance) for change in (0.05, 0.10, 0.15, 0.20)] == answers


def test_sample_sizes_of_the_golden_file(expected: dict[str, Any]) -> None:
    assert nps_change_sample_size(0.05, 0.61) == math.ceil(expected["nps"]["n_per_wave_mde5_power80"])
    assert mean_change_sample_size(2, 20) == math.ceil(expected["nps"]["csi_sd20_mde2_n"])
    proportions = expected["two_proportions_n"]
    assert proportion_change_sample_size(proportions["p1"], proportions["p2"]) == math.ceil(
        proportions["n_per_arm_unpooled"]
    )
    exact = expected["nps"]["n_per_wave_mde5_power80"]
    assert detectable_change(exact, exact, 0.61) == pytest.approx(0.05)
    assert power_of_comparison(0.05, exact, exact, 0.61) == pytest.approx(0.8, abs=1e-6)


def test_cuped_of_the_golden_file(expected: dict[str, Any]) -> None:
    before = math.sqrt(2500 / 50000)
    assert before == pytest.approx(expected["cuped"]["se_before_n50000_var2500"])
    after = cuped_standard_error(before, expected["cuped"]["rho"])
    assert after == pytest.approx(expected["cuped"]["se_after"])
    assert (after / before) ** 2 == pytest.approx(expected["cuped"]["var_ratio"])


def test_run_lengths_of_r_spc(expected: dict[str, Any]) -> None:
    cusum = expected["cusum"]
    # R spc gives 335.37; the golden file's own Markov chain 335.35
    assert cusum_run_length(0.5, 4) == pytest.approx(335.37, abs=0.005)
    assert cusum_run_length(0.5, 4) == pytest.approx(cusum["one_sided_k.5_h4_mu0"], abs=0.05)
    assert cusum_run_length(0.5, 4, 1) == pytest.approx(cusum["one_sided_k.5_h4_mu1"], abs=5e-4)
    assert cusum_run_length(0.5, 5, two_sided=True) == pytest.approx(cusum["R_two_sided_h5_mu0"], rel=1e-7)
    assert cusum_run_length(0.5, 5, 1, two_sided=True) == pytest.approx(cusum["R_two_sided_h5_mu1"], rel=1e-7)
    assert ewma_run_length(0.1, 2.814) == pytest.approx(cusum["R_ewma_l.1_L2.814_mu0"], rel=1e-7)
    assert ewma_run_length(0.1, 2.814, 1) == pytest.approx(cusum["R_ewma_mu1"], rel=1e-7)


def test_limits_are_the_inverse_of_run_lengths() -> None:
    assert cusum_limit(0.5, 335.3676) == pytest.approx(4, abs=1e-5)
    assert cusum_limit(0.5, 465.443506, two_sided=True) == pytest.approx(5, abs=1e-6)
    assert ewma_limit(0.1, 499.5795501) == pytest.approx(2.814, abs=1e-6)


def test_five_points_at_400_answers_of_the_reference() -> None:
    # ten-methods, section 0, point 7: 15 % once; 5.1, 5.8 and 23 waves
    found = waves_to_detection(0.05, 400, 0.61)
    assert found.wave_test_power == pytest.approx(0.15, abs=0.005)
    assert found.cusum == pytest.approx(5.1, abs=0.05)
    assert found.ewma == pytest.approx(5.8, abs=0.05)
    assert found.three_sigma == pytest.approx(23, abs=0.5)
    assert waves_to_detection(-0.05, 400, 0.61) == found


def test_run_length_of_a_simulated_cusum() -> None:
    random = np.random.default_rng(6)
    lengths = []
    for _ in range(2000):
        level, steps = 0.0, 0
        while level <= 4:
            level, steps = max(0.0, level + random.standard_normal() + 1.0 - 0.5), steps + 1
        lengths.append(steps)
    assert np.mean(lengths) == pytest.approx(
        cusum_run_length(0.5, 4, 1), abs=4 * np.std(lengths) / math.sqrt(2000)
    )


def test_nobody_asked_detects_nothing() -> None:
    assert detectable_change(0, 100) == math.inf
    assert power_of_comparison(0.1, 0, 100) == 0
    for refused in (nps_sample_size, nps_change_sample_size):
        with pytest.raises(BadValue, match="above zero"):
            refused(0.0)
    with pytest.raises(BadValue, match="above zero"):
        waves_to_detection(0.0, 100)


@given(st.floats(0.01, 0.5), st.floats(0.1, 1), st.floats(0.5, 0.99), st.floats(0.5, 0.95))
def test_the_size_asked_for_has_the_power_wanted(
    change: float, variance: float, level: float, power: float
) -> None:
    n = nps_change_sample_size(change, variance, level, power)
    assert power_of_comparison(change, n, n, variance, level) >= power - 1e-9
    assert detectable_change(n, n, variance, level, power) <= change * (1 + 1e-9)


@given(st.floats(0.1, 1.5), st.floats(20, 2000))
def test_larger_shifts_are_found_sooner(reference: float, run_length: float) -> None:
    height = cusum_limit(reference, run_length)
    lengths = [cusum_run_length(reference, height, shift) for shift in (0, 0.5, 1, 2, 4)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == pytest.approx(run_length, rel=1e-5)
