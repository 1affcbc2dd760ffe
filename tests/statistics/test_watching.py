"""Control charts, change points, shrinkage. Golden numbers: golden/methods (R qcc, strucchange)."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadValue
from leal.statistics import (
    Alarm,
    NpsCounts,
    between_variance,
    change_point,
    change_points,
    cusum_chart,
    ewma_chart,
    p_chart,
    shrink,
    shrink_nps,
    standardised_waves,
)
from leal.statistics.shifts_of_level import place_of_maximum


@pytest.fixture
def nile(golden: Path) -> list[float]:
    with (golden / "methods" / "nile.csv").open() as lines:
        return [float(row["flow"]) for row in csv.DictReader(lines)]


def test_p_chart_of_orange_juice_by_r_qcc(golden: Path) -> None:
    methods = golden / "methods"
    expected = json.loads((methods / "expected.json").read_text())["p_chart_orangejuice"]
    with (methods / "orangejuice_pchart.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["trial"] == "TRUE"]
    found = p_chart([float(row["D"]) for row in rows], [float(row["size"]) for row in rows])
    assert found.centre == pytest.approx(expected["p_bar"])
    assert found.lower[0] == pytest.approx(expected["lcl"])
    assert found.upper[0] == pytest.approx(expected["ucl"])
    assert [alarm.index + 1 for alarm in found.alarms] == expected["out"]
    assert [alarm.direction for alarm in found.alarms] == [1, 1]


def test_p_chart_of_uneven_waves() -> None:
    found = p_chart([5, 0, 60, 10], [50, 0, 100, 100], baseline=[True, True, False, True])
    assert found.centre == pytest.approx(0.1)
    assert math.isnan(found.values[1])
    assert found.alarms == (Alarm(index=2, since=2, direction=1),)
    assert found.upper[0] > found.upper[2]
    assert p_chart([], []).quiet
    with pytest.raises(BadValue, match="more events"):
        p_chart([5], [4])


def test_ewma_by_hand() -> None:
    found = ewma_chart([1.0, 2.0, math.nan, 3.0], weight=0.5, limit=2.0)
    assert found.values == pytest.approx([0.5, 1.25, 1.25, 2.125])
    first, second = 2 * 0.5, 2 * math.sqrt(0.5 / 1.5 * (1 - 0.5**4))
    assert found.upper[:2] == pytest.approx([first, second])
    assert [alarm.index for alarm in found.alarms] == [1, 3]
    assert found.alarms[0] == Alarm(index=1, since=0, direction=1)


def test_cusum_by_hand() -> None:
    found = cusum_chart([0.0, -2.0, -2.0, math.nan, -2.0, 0.0], reference=0.5, limit=4.0)
    assert found.lower_values == pytest.approx([0, -1.5, -3, -3, -4.5, 0])
    assert found.values == pytest.approx([0] * 6)
    assert found.alarms == (Alarm(index=4, since=1, direction=-1),)


def test_charts_are_as_quiet_as_they_promise() -> None:
    random = np.random.default_rng(12)
    waves = random.standard_normal((400, 50))
    for chart in (ewma_chart, cusum_chart):
        # 50 waves at one false alarm every 200: about 22 of 100 series sound at least once
        loud = sum(not chart(series).quiet for series in waves) / 400
        assert 0.12 < loud < 0.33
        assert sum(not chart(series - 1.0).quiet for series in waves) / 400 > 0.99


def test_standardised_waves() -> None:
    assert standardised_waves([30, 20, math.nan], [5, 5, 5], target=25) == pytest.approx(
        [1, -1, math.nan], nan_ok=True
    )
    random = np.random.default_rng(8)
    errors = random.uniform(2, 6, (3000, 12))
    z = np.array([standardised_waves(random.normal(30, row), row, baseline=6) for row in errors])
    assert z.mean(axis=0) == pytest.approx(np.zeros(12), abs=0.08)
    assert z.std(axis=0) == pytest.approx(np.ones(12), abs=0.06)
    assert np.isnan(standardised_waves([math.nan, 5], [1, 1], baseline=1)).all()
    assert standardised_waves([7.0], [1.0])[0] == 0


def test_charts_refuse_impossible_settings() -> None:
    for weight in (0.0, 1.5):
        with pytest.raises(BadValue, match="range"):
            ewma_chart([0.0], weight=weight)
    with pytest.raises(BadValue, match="range"):
        cusum_chart([0.0], reference=0.0)


def test_nile_by_r_strucchange(nile: list[float], golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["nile"]
    found = change_point(nile)
    assert found.index == expected["last_index_of_regime1"]
    assert (found.mean_before, found.mean_after) == pytest.approx((expected["mean1"], expected["mean2"]))
    # the interval of confint(breakpoints(Nile ~ 1)): 25 to 32, that is 1895 to 1902
    assert (1870 + found.ci_low, 1870 + found.ci_high) == (1895, 1902)  # type: ignore[operator]
    assert found.p_value == 1 / 5000
    assert found.change is not None
    assert found.change.estimate == pytest.approx(-247.7778, abs=1e-4)


def test_segmentation_of_nile_by_r_strucchange(nile: list[float]) -> None:
    found = change_points(nile)
    assert found.indices == (28,)
    # the BIC row of summary(breakpoints(Nile ~ 1))
    assert found.criterion == pytest.approx([1318, 1270, 1276, 1285, 1292, 1311], abs=0.5)


def test_segmentation_finds_two_changes_and_none() -> None:
    random = np.random.default_rng(9)
    noise = random.standard_normal(60)
    level = np.repeat([0.0, 3.0, 1.0], 20)
    found = change_points(level + noise, np.ones(60))
    assert len(found.indices) == 2
    assert found.indices == pytest.approx((20, 40), abs=2)
    assert found.means == pytest.approx((0, 3, 1), abs=0.8)
    assert change_points(noise, np.ones(60)).indices == ()
    assert change_points([]).indices == ()
    assert change_points([1.0, 2.0]).means == (1.5,)


@pytest.mark.parametrize("errors", [None, np.ones(24)])
def test_p_value_of_no_change_is_uniform(errors: np.ndarray | None) -> None:
    random = np.random.default_rng(10)
    p_values = [change_point(random.standard_normal(24), errors).p_value for _ in range(200)]
    assert np.mean(np.array(p_values) <= 0.05) == pytest.approx(0.05, abs=0.045)
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.09)


@pytest.mark.slow
def test_interval_of_the_date_holds_the_date() -> None:
    random = np.random.default_rng(13)
    held = 0
    for _ in range(500):
        series = random.standard_normal(60) + 1.5 * (np.arange(60) >= 30)
        found = change_point(series, np.ones(60))
        held += found.ci_low <= 30 <= found.ci_high  # type: ignore[operator]
    assert held / 500 >= 0.92


def test_change_with_waves_of_unequal_size() -> None:
    scores = [30, 31, 29, 60, 30, 20, 21, 19, 20]
    errors = [1, 1, 1, 50, 1, 1, 1, 1, 1]
    found = change_point(scores, errors)
    assert found.index == 5
    assert (found.ci_low, found.ci_high) == (4, 6)
    assert found.mean_before == pytest.approx(30, abs=0.1)


def test_too_few_waves_are_said() -> None:
    found = change_point([1.0, 2.0, 3.0])
    assert not found.known
    assert found.notes[0].code == "series_too_short"
    assert found.change is None
    with pytest.raises(BadValue, match="missing"):
        change_point([1.0, math.nan, 2.0, 3.0])


def test_series_without_any_scatter() -> None:
    flat = change_point([5.0] * 8)
    assert flat.p_value == 1
    step = change_point([5.0] * 4 + [7.0] * 4)
    assert (step.index, step.ci_low, step.ci_high) == (4, 4, 4)
    assert step.p_value < 0.001


@given(st.lists(st.integers(-50, 50), min_size=4, max_size=30), st.integers(-9, 9), st.integers(1, 5))
def test_change_point_moves_with_shift_and_scale(values: list[int], shift: int, scale: int) -> None:
    errors = np.ones(len(values))
    found = change_point(values, errors)
    moved = change_point([shift + scale * value for value in values], scale * errors)
    assert moved.p_value == pytest.approx(found.p_value, abs=0.002)
    assert found.index is not None
    assert found.ci_low <= found.index <= found.ci_high  # type: ignore[operator]
    assert found.ci_low >= 1  # type: ignore[operator]
    assert found.ci_high <= len(values) - 1  # type: ignore[operator]


def test_place_of_maximum_is_a_distribution() -> None:
    for ratio in (0.3, 1.0, 4.0):
        places = np.linspace(-200, 200 * max(1, ratio), 2001)
        values = np.array([place_of_maximum(float(x), ratio) for x in places])
        assert np.all(np.diff(values) >= -1e-12)
        assert values[0] == pytest.approx(0, abs=1e-6)
        assert values[-1] == pytest.approx(1, abs=1e-6)
        # the two branches meet at zero, where the left side wins with probability ratio-free 1/(1 + ratio)
        assert place_of_maximum(-1e-12, ratio) == pytest.approx(1 / (1 + ratio), abs=1e-5)
        assert place_of_maximum(1e-12, ratio) == pytest.approx(1 / (1 + ratio), abs=1e-5)
    # 97.5 % point for equal variances: 11.03 (Bai and Perron 1998, Yao 1987: 11.0)
    assert place_of_maximum(11.03, 1.0) == pytest.approx(0.975, abs=2e-4)


def test_paule_mandel_solves_its_equation() -> None:
    # eight schools (Rubin 1981): homogeneous enough that the variance between them is zero
    schools = [28, 8, -3, 7, -1, 1, 18, 12]
    errors = np.array([15, 10, 16, 11, 9, 11, 10, 18]) ** 2
    assert between_variance(schools, errors) == 0
    apart = np.array([10.0, 20.0, 30.0, 60.0])
    noise = np.array([4.0, 9.0, 16.0, 25.0])
    between = between_variance(apart, noise)
    precision = 1 / (noise + between)
    mean = precision @ apart / precision.sum()
    assert precision @ (apart - mean) ** 2 == pytest.approx(3)


def test_eight_schools_of_rubin_1981() -> None:
    # Gelman et al., Bayesian Data Analysis, table 5.3: posterior medians 10 8 7 8 5 6 10 8, wide around them
    schools = [28, 8, -3, 7, -1, 1, 18, 12]
    shrunk, variance = shrink(schools, np.array([15, 10, 16, 11, 9, 11, 10, 18]) ** 2)
    assert shrunk == pytest.approx([10, 8, 7, 8, 5, 6, 10, 8], abs=1.5)
    assert np.sqrt(variance) == pytest.approx([8.5, 6.3, 7.8, 6.5, 6.4, 6.7, 6.8, 7.9], abs=0.4)


def test_shrinking_beats_the_raw_figures() -> None:
    random = np.random.default_rng(14)
    held, gain = [], []
    for _ in range(40):
        truth = random.normal(30, 6, 50)
        noise = random.uniform(4, 100, 50)
        raw = truth + random.normal(size=50) * np.sqrt(noise)
        shrunk, variance = shrink(raw, noise)
        gain.append(np.mean((shrunk - truth) ** 2) / np.mean((raw - truth) ** 2))
        held.append(np.mean(np.abs(shrunk - truth) <= 1.96 * np.sqrt(variance)))
    assert np.mean(gain) < 0.6
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


def test_units_without_figures_and_units_alone() -> None:
    shrunk, variance = shrink([10.0, math.nan, 30.0], [1.0, 1.0, 1.0])
    assert shrunk[1] == pytest.approx(20)
    assert variance[1] > variance[0]
    alone, own = shrink([10.0], [4.0])
    assert (alone[0], own[0]) == (10, 4)
    nobody, _ = shrink([math.nan], [1.0])
    assert math.isnan(nobody[0])
    with pytest.raises(BadValue, match="variance"):
        shrink([1.0, 2.0], [0.0, 1.0])


def test_three_promoters_are_drawn_to_the_rest() -> None:
    groups = [NpsCounts(0, 0, 3), NpsCounts(10, 20, 30), NpsCounts(200, 300, 400), NpsCounts(5, 0, 0)]
    shrunk, variance = shrink_nps(groups)
    assert shrunk[0] < 0.95
    assert shrunk[3] > -0.95
    assert shrunk[2] == pytest.approx(groups[2].score, abs=0.01)
    assert np.all(variance > 0)
    shrunk, _ = shrink_nps([NpsCounts(0, 0, 0), NpsCounts(1, 2, 3), NpsCounts(3, 3, 3)])
    assert np.isfinite(shrunk).all()


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.01, 100)), min_size=2, max_size=12))
def test_shrunk_figures_lie_between_raw_and_mean(units: list[tuple[float, float]]) -> None:
    raw, noise = np.array(units).T
    shrunk, variance = shrink(raw, noise)
    assert np.all(shrunk >= raw.min() - 1e-9)
    assert np.all(shrunk <= raw.max() + 1e-9)
    assert np.all(variance > 0)
    assert np.isfinite(variance).all()
