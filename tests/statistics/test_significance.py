"""Tests of tables of counts, adjusted p values, ranks."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from leal.errors import BadOption, BadValue
from leal.statistics import (
    benjamini_hochberg,
    bowker,
    detectable_change,
    effective_n,
    holm,
    rank_intervals,
    steady_state,
    stuart_maxwell,
    welch,
)
from leal.statistics.numbers import two_sided_p

PANEL = [[12, 6, 2], [5, 20, 10], [1, 9, 35]]
# unaided distance vision of 7,477 women, right by left eye: Stuart (1953); Bowker 19.11, 6 df; Stuart-Maxwell
# 11.96, 3 df in Agresti, Categorical Data Analysis
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]


def test_vision_of_7477_women_by_stuart_and_bowker() -> None:
    symmetric, marginal = bowker(VISION), stuart_maxwell(VISION)
    assert symmetric.statistic == pytest.approx(19.11, abs=5e-3)
    assert symmetric.degrees_of_freedom == 6
    assert marginal.statistic == pytest.approx(11.96, abs=5e-3)
    assert marginal.degrees_of_freedom == 3
    assert symmetric.n == marginal.n == 7477


def test_two_groups_are_mcnemar() -> None:
    table = [[40, 5], [15, 40]]
    assert bowker(table).statistic == pytest.approx((15 - 5) ** 2 / 20)
    assert stuart_maxwell(table).statistic == pytest.approx((15 - 5) ** 2 / 20)


def test_no_movement_is_no_evidence() -> None:
    still = np.diag([10, 20, 30])
    for test in (bowker, stuart_maxwell):
        assert test(still).p_value == 1
        assert not test(np.zeros((3, 3))).known
    assert bowker(PANEL).p_value > 0.5
    # one group that nobody enters or leaves takes no part
    assert stuart_maxwell([[10, 4, 0], [9, 10, 0], [0, 0, 50]]).degrees_of_freedom == 1


def test_steady_state_of_the_switching_example(golden: Path) -> None:
    switching = json.loads((golden / "methods" / "expected.json").read_text())["switching"]
    assert steady_state(switching["matrix"]) == pytest.approx(switching["steady_state"], abs=1e-12)


def test_steady_state_of_counts_and_of_no_one() -> None:
    found = steady_state([[80, 15, 5], [10, 80, 10], [5, 15, 80]])
    assert found == pytest.approx([2 / 7, 3 / 7, 2 / 7])
    assert np.isnan(steady_state([[0, 0], [1, 1]])).all()
    assert np.isnan(steady_state(np.eye(3))).all()
    assert steady_state([[0, 1], [1, 0]]) == pytest.approx([0.5, 0.5])


@given(arrays.arrays(np.float64, (3, 3), elements=st.floats(0.01, 100)))
def test_steady_state_is_left_unchanged_by_a_step(matrix: np.ndarray) -> None:
    shares = steady_state(matrix)
    assert shares.sum() == pytest.approx(1)
    assert shares @ (matrix / matrix.sum(axis=1, keepdims=True)) == pytest.approx(shares, abs=1e-8)


def test_adjusted_p_values_of_r_p_adjust() -> None:
    # R: p.adjust(c(.01, .02, .03, .04, .05), "BH") and "holm"; example of Benjamini and Hochberg (1995)
    assert benjamini_hochberg([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05] * 5)
    assert holm([0.01, 0.02, 0.03, 0.04, 0.05]) == pytest.approx([0.05, 0.08, 0.09, 0.09, 0.09])
    sixteen = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262]
    sixteen += [0.5719, 0.6528, 0.7590, 1.0]
    # the paper: four hypotheses rejected at q = .05 by their procedure, three by Bonferroni and Holm
    assert int(np.sum(benjamini_hochberg(sixteen) <= 0.05)) == 4
    assert int(np.sum(holm(sixteen) <= 0.05)) == 3


def test_p_values_that_are_unknown_take_no_part() -> None:
    assert benjamini_hochberg([0.01, np.nan, 0.04]) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert holm([]).shape == (0,)
    with pytest.raises(BadValue, match="p value"):
        holm([1.5])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.randoms())
def test_adjusting_keeps_order_and_bounds(p_values: list[float], random: object) -> None:
    raw = np.array(p_values)
    for adjust in (benjamini_hochberg, holm):
        adjusted = adjust(raw)
        assert np.all((raw <= adjusted + 1e-15) & (adjusted <= 1))
        assert np.all(np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0)
        order = list(range(len(raw)))
        random.shuffle(order)  # type: ignore[attr-defined]
        assert adjust(raw[order]) == pytest.approx(adjusted[order])
    assert np.all(benjamini_hochberg(raw) <= holm(raw) + 1e-15)


def test_ranks_of_norwegian_banks_2023(golden: Path) -> None:
    methods = golden / "methods"
    with (methods / "epsi_banks_norway_2023.csv").open() as lines:
        scores = np.array([float(row["score"]) for row in csv.DictReader(lines)])
    errors = np.full(len(scores), 20 / np.sqrt(250))
    rank, low, high = rank_intervals(scores, errors)
    assert (rank[0], low[0]) == (1, 1)
    assert (low[3], high[3]) == (3, 11)
    _, joint_low, joint_high = rank_intervals(scores, errors, method="joint")
    assert np.all(joint_low <= low)
    assert np.all(joint_high >= high)


def test_gaps_between_norwegian_banks(golden: Path) -> None:
    methods = golden / "methods"
    expected = json.loads((methods / "expected.json").read_text())["epsi_norway_rank_ci_sd20_n250"]
    with (methods / "epsi_banks_norway_2023.csv").open() as lines:
        scores = [float(row["score"]) for row in csv.DictReader(lines)]
    assert detectable_change(250, 250, 20**2, power=0.5) == pytest.approx(
        expected["gap_needed_95"], abs=0.005
    )
    # the standard deviation is assumed known, so p values are normal
    error = welch(scores[0], 20, 250, scores[1], 20, 250).standard_error
    pairs = [two_sided_p((a - b) / error) for a, b in itertools.combinations(scores, 2)]
    neighbours = [two_sided_p((a - b) / error) for a, b in itertools.pairwise(scores)]
    assert sum(p_value < 0.05 for p_value in pairs) == expected["all_pairs_significant_raw"]
    assert sum(len(pairs) * p_value < 0.05 for p_value in pairs) == expected["bonferroni"]
    assert sum(p_value < 0.05 for p_value in neighbours) == expected["adjacent_pairs_significant"]
    kept = int(np.sum(holm(pairs) < 0.05))
    assert expected["bonferroni"] <= kept <= expected["all_pairs_significant_raw"]


def test_ranks_of_certain_and_of_unknown_scores() -> None:
    rank, low, high = rank_intervals([50.0, np.nan, 70.0, 50.0], [0.0, 1.0, 0.0, 0.0])
    assert rank == pytest.approx([2.5, np.nan, 1, 2.5], nan_ok=True)
    assert (low[2], high[2]) == (1, 1)
    assert np.isnan([low[1], high[1]]).all()
    assert (low[0], high[0], low[3], high[3]) == (2, 3, 2, 3)
    rank, low, high = rank_intervals([5.0], [1.0], method="joint")
    assert (rank[0], low[0], high[0]) == (1, 1, 1)
    with pytest.raises(BadOption, match="joint"):
        rank_intervals([5.0], [1.0], method="guess")  # type: ignore[arg-type]


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 20)), min_size=1, max_size=8),
    st.sampled_from(("simulated", "joint")),
)
def test_rank_intervals_hold_the_rank(units: list[tuple[float, float]], method: str) -> None:
    scores, errors = np.array(units).T
    rank, low, high = rank_intervals(scores, errors, method=method, draws=500)  # type: ignore[arg-type]
    assert np.all((low >= 1) & (low <= rank) & (rank <= high) & (high <= len(units)))


def test_effective_n_of_kish() -> None:
    assert effective_n(100.0, 100.0) == 100
    assert effective_n(2 + 1 + 1, 4 + 1 + 1) == pytest.approx(16 / 6)
    assert effective_n(0, 0) == 0
