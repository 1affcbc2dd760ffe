"""Intervals around an NPS. Golden numbers: R NPS 2.0.999 in R 4.2.2 (nps-and-surveys, 4.1 and 4.2)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadOption, BadValue
from leal.statistics import IntervalMethod, NpsCounts, nps_interval, nps_intervals

METHODS: tuple[IntervalMethod, ...] = ("score", "adjusted_wald", "wald", "bootstrap", "jeffreys")
QUICK: tuple[IntervalMethod, ...] = ("score", "adjusted_wald", "wald")

# detractors, passives, promoters: NPS, standard error, Wald, adjusted Wald (clipped at 1), score
R_NPS = [
    ((1, 2, 3), 0.3333, 0.30429, (-0.26306, 0.92973), (-0.26743, 0.71188), (-0.31107, 0.75396)),
    ((15, 35, 50), 0.3500, 0.07263, (0.20765, 0.49235), (0.19919, 0.48042), (0.19925, 0.48289)),
    ((2, 3, 5), 0.3000, 0.24698, (-0.18408, 0.78408), (-0.19051, 0.65204), (-0.21659, 0.67528)),
    ((0, 2, 8), 0.8000, 0.12649, (0.55208, 1.04792), (0.29284, 0.93793), (0.30044, 0.94332)),
    ((0, 0, 10), 1.0000, 0.00000, (1.00000, 1.00000), (0.47504, 1.00000), (0.44493, 1.00000)),
    ((7, 11, 18), 0.3056, 0.12922, (0.05230, 0.55881), (0.03896, 0.52514), (0.03439, 0.53055)),
    ((54, 108, 162), 0.3333, 0.04141, (0.25217, 0.41449), (0.24945, 0.41110), (0.24954, 0.41161)),
    ((200, 300, 500), 0.3000, 0.02470, (0.25159, 0.34841), (0.25077, 0.34744), (0.25076, 0.34750)),
]

counts_from_one = st.tuples(*[st.integers(0, 400)] * 3).filter(lambda counts: sum(counts) > 0)
fractional = st.tuples(*[st.floats(0, 1e6, allow_subnormal=False)] * 3).filter(lambda c: sum(c) > 0.01)


@pytest.mark.parametrize(("counts", "score", "error", "wald", "adjusted", "tango"), R_NPS)
def test_interval_of_r_nps_2_0_999(
    counts: tuple[int, int, int],
    score: float,
    error: float,
    wald: tuple[float, float],
    adjusted: tuple[float, float],
    tango: tuple[float, float],
) -> None:
    answers = NpsCounts(*counts)
    assert answers.score == pytest.approx(score, abs=5e-5)
    assert answers.standard_error == pytest.approx(error, abs=5.1e-6)
    for method, limits in (("wald", wald), ("adjusted_wald", adjusted), ("score", tango)):
        found = nps_interval(answers, method=method)  # type: ignore[arg-type]
        assert (found.low, found.high) == pytest.approx(limits, abs=5.1e-6), method
        assert found.method == method
        assert found.level == 0.95


def test_first_numbers_of_the_golden_file(golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["nps"]["n400_P200_S120_D80"]
    answers = NpsCounts(80, 120, 200)
    found = nps_interval(answers, method="wald")
    assert 100 * answers.score == pytest.approx(expected["nps"])
    assert answers.variance == pytest.approx(expected["var"])
    assert 100 * answers.standard_error == pytest.approx(expected["se_points"])
    assert [100 * found.low, 100 * found.high] == pytest.approx(expected["ci95"])


def test_variances_of_the_unit_tests_of_r_nps() -> None:
    assert NpsCounts(1, 2, 3).variance == pytest.approx(5 / 9)
    assert NpsCounts(1, 0, 1).variance == pytest.approx(1)
    assert NpsCounts(0, 1, 1).variance == pytest.approx(0.25)
    assert NpsCounts(1, 1, 1).variance == pytest.approx(2 / 3)
    assert NpsCounts(0, 1, 0).variance == 0
    assert NpsCounts(6, 2, 7).score == pytest.approx(1 / 15)
    assert NpsCounts(6, 2, 7).variance == pytest.approx(0.8622, abs=5e-5)


def test_scores_of_the_unit_tests_of_r_nps() -> None:
    answers = NpsCounts.of_scores([0, 7, 7, 9, 9, 9])
    assert answers == NpsCounts(1, 2, 3)
    assert answers.score == pytest.approx(1 / 3)
    assert answers.standard_error == pytest.approx(0.304, abs=5e-4)


@pytest.mark.parametrize("scores", [[6.5], [11], [-1], [float("nan")]])
def test_scores_off_the_scale_are_refused(scores: list[float]) -> None:
    with pytest.raises(BadValue, match="not on the scale"):
        NpsCounts.of_scores(scores)


@pytest.mark.parametrize("counts", [(-1, 0, 1), (math.nan, 1, 1), (1, math.inf, 1)])
def test_impossible_counts_are_refused(counts: tuple[float, float, float]) -> None:
    with pytest.raises(BadValue, match="negative or not a number"):
        NpsCounts(*counts)


@pytest.mark.parametrize("level", [0, 1, 95, -0.1])
def test_impossible_levels_are_refused(level: float) -> None:
    with pytest.raises(BadValue, match="confidence level"):
        nps_interval(NpsCounts(1, 1, 1), level=level)


def test_unknown_method_names_the_known() -> None:
    with pytest.raises(BadOption, match="adjusted_wald"):
        nps_interval(NpsCounts(1, 1, 1), method="guess")  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_without_answers_nothing_is_known(method: IntervalMethod) -> None:
    assert not nps_interval(NpsCounts(0, 0, 0), method=method).known
    low, high = nps_intervals([0, 15], [0, 35], [0, 50], method=method)
    assert np.isnan([low[0], high[0]]).all()
    assert np.isfinite([low[1], high[1]]).all()


def test_intervals_of_no_groups_are_empty() -> None:
    low, high = nps_intervals([], [], [])
    assert low.shape == high.shape == (0,)


def test_many_groups_at_once_are_the_same_as_one_by_one() -> None:
    random = np.random.default_rng(5)
    groups = random.integers(0, 60, (3, 40))
    for method in METHODS:
        low, high = nps_intervals(*groups, method=method)
        for place in (0, 17, 39):
            alone = nps_interval(NpsCounts(*map(float, groups[:, place])), method=method)
            assert (low[place], high[place]) == (alone.low, alone.high)


@given(fractional, st.sampled_from((0.8, 0.95, 0.999)))
def test_limits_stay_on_the_scale_and_hold_the_score(
    counts: tuple[float, float, float], level: float
) -> None:
    answers = NpsCounts(*counts)
    for method in QUICK:
        found = nps_interval(answers, level, method)
        assert found.low <= found.high
        several = sum(counts) > 1 or method != "adjusted_wald"  # of one answer its middle is pulled too far
        if method == "score" or (level >= 0.95 and several):
            assert found.low - 1e-12 <= answers.score <= found.high + 1e-12
        if method != "wald":
            assert -1 <= found.low <= found.high <= 1


@given(counts_from_one)
def test_jeffreys_and_bootstrap_hold_the_score(counts: tuple[int, int, int]) -> None:
    answers = NpsCounts(*counts)
    for method in ("jeffreys", "bootstrap"):
        found = nps_interval(answers, method=method)  # type: ignore[arg-type]
        assert -1 <= found.low <= answers.score + 1e-12
        assert answers.score - 1e-12 <= found.high <= 1


@given(fractional)
def test_swapping_promoters_and_detractors_mirrors_the_interval(counts: tuple[float, float, float]) -> None:
    detractors, passives, promoters = counts
    for method in (*QUICK, "jeffreys"):
        found = nps_interval(NpsCounts(*counts), method=method)  # type: ignore[arg-type]
        mirror = nps_interval(NpsCounts(promoters, passives, detractors), method=method)  # type: ignore[arg-type]
        assert (found.low, found.high) == pytest.approx((-mirror.high, -mirror.low), abs=1e-8)


@given(counts_from_one, st.integers(2, 50))
def test_more_of_the_same_answers_narrow_the_interval(counts: tuple[int, int, int], times: int) -> None:
    more = tuple(times * count for count in counts)
    for method in ("score", "adjusted_wald"):
        few = nps_interval(NpsCounts(*counts), method=method)  # type: ignore[arg-type]
        many = nps_interval(NpsCounts(*more), method=method)  # type: ignore[arg-type]
        assert many.width < few.width


@given(fractional)
def test_a_higher_level_is_wider(counts: tuple[float, float, float]) -> None:
    for method in ("score", "adjusted_wald"):
        narrow = nps_interval(NpsCounts(*counts), 0.8, method)  # type: ignore[arg-type]
        wide = nps_interval(NpsCounts(*counts), 0.99, method)  # type: ignore[arg-type]
        assert wide.low <= narrow.low + 1e-12
        assert narrow.high <= wide.high + 1e-12


@given(st.lists(st.integers(0, 10), min_size=1), st.randoms())
def test_order_of_answers_does_not_matter(scores: list[int], random: object) -> None:
    shuffled = list(scores)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert NpsCounts.of_scores(scores) == NpsCounts.of_scores(shuffled)


def test_a_million_million_answers_lose_no_digits() -> None:
    answers = NpsCounts(1e12, 2e12, 3e12)
    score, wald = (nps_interval(answers, method=method) for method in ("score", "wald"))  # type: ignore[arg-type]
    assert score.low == pytest.approx(wald.low, abs=1e-11)
    assert score.high == pytest.approx(wald.high, abs=1e-11)
    nearly_all = nps_interval(NpsCounts(0, 1, 1e12))
    assert 0 < 1 - nearly_all.high < 1 - NpsCounts(0, 1, 1e12).score < 1 - nearly_all.low < 1e-11


def test_counts_add_up() -> None:
    assert NpsCounts(1, 2, 3) + NpsCounts(10, 20, 30) == NpsCounts(11, 22, 33)
    found = nps_interval(NpsCounts(15, 35, 50))
    assert 0.35 in found
    assert 0.5 not in found
    assert found.width == pytest.approx(0.28364, abs=1e-5)
