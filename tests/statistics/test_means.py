"""Means and shares. Golden numbers: golden/methods (Hillstrom, own closed forms), R 4.2 prop.test, t.test."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadOption, BadValue
from leal.statistics import (
    mean_interval,
    proportion_interval,
    sample_ratio_test,
    two_proportions,
    welch,
)


@pytest.fixture
def hillstrom(golden: Path) -> dict[str, Any]:
    return json.loads((golden / "methods" / "expected.json").read_text())["hillstrom"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("arm", ["Mens E-Mail", "Womens E-Mail"])
@pytest.mark.parametrize("outcome", ["visit", "conversion", "spend"])
def test_differences_of_the_hillstrom_challenge(hillstrom: dict[str, Any], arm: str, outcome: str) -> None:
    treated, control = hillstrom[arm][outcome], hillstrom["No E-Mail"][outcome]
    found = welch(*[side[name] for side in (treated, control) for name in ("mean", "sd", "n")])
    assert found.estimate == pytest.approx(treated["diff"])
    assert found.standard_error == pytest.approx(treated["se"])
    assert found.estimate / found.standard_error == pytest.approx(treated["z"])
    assert found.p_value < 0.01


def test_proportions_of_the_hillstrom_challenge(hillstrom: dict[str, Any]) -> None:
    treated, control = hillstrom["Mens E-Mail"]["visit"], hillstrom["No E-Mail"]["visit"]
    sides = [
        round(side["mean"] * side["n"]) if name else side["n"]
        for side in (treated, control)
        for name in (1, 0)
    ]
    found = two_proportions(*sides, method="wald")
    assert found.estimate == pytest.approx(treated["diff"])
    assert found.standard_error == pytest.approx(treated["se"], rel=1e-4)
    careful = two_proportions(*sides)
    assert careful.estimate == found.estimate
    assert careful.standard_error == pytest.approx(found.standard_error, rel=1e-3)


def test_sample_ratio_of_the_hillstrom_challenge(hillstrom: dict[str, Any]) -> None:
    arms = [hillstrom[arm]["visit"]["n"] for arm in ("Mens E-Mail", "Womens E-Mail", "No E-Mail")]
    found = sample_ratio_test(arms)
    assert found.statistic == pytest.approx(hillstrom["srm_chi2_2df"])
    assert found.p_value == pytest.approx(hillstrom["srm_p"])
    assert found.degrees_of_freedom == 2


def test_index_with_sd_20_and_250_answers(golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["nps"]
    found = mean_interval(72.0, 20.0, 250, method="normal")
    assert found.width / 2 == pytest.approx(expected["csi_sd20_n250_ci95_halfwidth"])
    assert mean_interval(72.0, 20.0, 250).width > found.width


def test_mean_interval_of_student_by_hand() -> None:
    # t(.975, 9 df) = 2.262157; 2.262157 * 5 / sqrt(10) = 3.576784
    found = mean_interval(100.0, 5.0, 10)
    assert (found.low, found.high) == pytest.approx((100 - 3.576784, 100 + 3.576784), abs=1e-5)
    assert not mean_interval(100.0, math.nan, 1).known


def test_wilson_interval_of_r_prop_test() -> None:
    # R: prop.test(15, 148, correct = FALSE)$conf.int; Newcombe (1998), table I: 0.0624 to 0.1605
    found = proportion_interval(15, 148)
    assert (found.low, found.high) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    # Newcombe (1998), table I: 0 of 20 gives 0 to 0.1611
    none = proportion_interval(0, 20)
    assert (none.low, none.high) == (0, pytest.approx(0.1611, abs=5e-5))
    assert proportion_interval(20, 20).high == 1
    assert not proportion_interval(0, 0).known


def test_welch_of_r_sleep() -> None:
    # R: t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, p = .07939, -3.3654832 to 0.2054832
    found = welch(0.75, 1.789010, 10, 2.33, 2.002249, 10)
    assert found.estimate == pytest.approx(-1.58)
    assert found.p_value == pytest.approx(0.07939, abs=1e-5)
    assert (found.ci_low, found.ci_high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-5)


def test_agresti_caffo_by_hand() -> None:
    # 7 of 10 v 2 of 10: (8/12 - 3/12) -+ 1.959964 sqrt(8/12 4/12 /12 + 3/12 9/12 /12)
    found = two_proportions(7, 10, 2, 10)
    half = 1.959964 * math.sqrt((8 * 4 / 144 + 3 * 9 / 144) / 12)
    assert found.estimate == pytest.approx(0.5)
    assert (found.ci_low, found.ci_high) == pytest.approx((5 / 12 - half, 5 / 12 + half), abs=1e-6)


def test_too_little_is_unknown() -> None:
    assert not welch(1.0, 1.0, 1, 2.0, 1.0, 50).known
    assert not two_proportions(0, 0, 5, 10).known
    assert not sample_ratio_test([0, 0]).known


def test_no_spread_at_all() -> None:
    assert welch(1.0, 0.0, 5, 1.0, 0.0, 5).p_value == 1
    assert welch(1.0, 0.0, 5, 2.0, 0.0, 5).p_value == 0


def test_refusals() -> None:
    with pytest.raises(BadValue, match="negative"):
        proportion_interval(11, 10)
    with pytest.raises(BadValue, match="negative"):
        two_proportions(11, 10, 1, 10)
    with pytest.raises(BadOption, match="normal"):
        mean_interval(0, 1, 10, method="guess")  # type: ignore[arg-type]
    with pytest.raises(BadOption, match="wald"):
        two_proportions(1, 10, 1, 10, method="guess")  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="expected share"):
        sample_ratio_test([10, 20], [0.5, 0.0])


@given(st.integers(0, 500), st.integers(0, 500), st.sampled_from((0.5, 0.95, 0.999)))
def test_wilson_stays_on_the_scale_and_holds_the_share(yes: int, no: int, level: float) -> None:
    if yes + no:
        found = proportion_interval(yes, yes + no, level)
        assert 0 <= found.low <= yes / (yes + no) <= found.high <= 1


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_proportions_mirror(yes_a: int, no_a: int, yes_b: int, no_b: int) -> None:
    if yes_a + no_a and yes_b + no_b:
        there = two_proportions(yes_a, yes_a + no_a, yes_b, yes_b + no_b)
        back = two_proportions(yes_b, yes_b + no_b, yes_a, yes_a + no_a)
        assert (there.ci_low, there.ci_high) == pytest.approx((-back.ci_high, -back.ci_low))
        assert -1 <= there.ci_low <= there.estimate <= there.ci_high <= 1
