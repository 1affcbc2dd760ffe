"""Relative importance. Golden numbers: R relaimpo 2.2-7 on swiss and mtcars (golden/methods)."""

from __future__ import annotations

import csv
import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadOption, BadValue
from leal.statistics import driver_importance, johnson_weights, lmg, relative_importance
from leal.statistics.numbers import Floats

DRIVERS = ["Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality"]

# 1974 Motor Trend road tests (R datasets::mtcars)
MPG = [21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4]
MPG += [14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4]
CYL = [6, 6, 4, 6, 8, 6, 8, 4, 4, 6, 6, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 4, 8, 6, 8, 4]
DISP = [160, 160, 108, 258, 360, 225, 360, 146.7, 140.8, 167.6, 167.6, 275.8, 275.8, 275.8, 472, 460]
DISP += [440, 78.7, 75.7, 71.1, 120.1, 318, 304, 350, 400, 79, 120.3, 95.1, 351, 145, 301, 121]
HP = [110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215]
HP += [230, 66, 52, 65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109]
GEAR = [4, 4, 4, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 4, 4, 4, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 5, 4]


def correlations(drivers: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    both = np.corrcoef(np.column_stack([drivers, outcome]), rowvar=False)
    return both[:-1, :-1], both[:-1, -1]


@pytest.fixture
def swiss(golden: Path) -> tuple[Floats, Floats, dict[str, Any]]:
    methods = golden / "methods"
    expected = json.loads((methods / "expected.json").read_text())["swiss_lmg"]
    with (methods / "swiss.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    drivers = np.array([[float(row[name]) for name in DRIVERS] for row in rows])
    return drivers, np.array([float(row["Fertility"]) for row in rows]), expected


def test_swiss_by_r_relaimpo(swiss: tuple[Floats, Floats, dict[str, Any]]) -> None:
    drivers, outcome, expected = swiss
    found = relative_importance(*correlations(drivers, outcome))
    assert found.method == "lmg"
    assert found.r_squared == pytest.approx(expected["r2"], abs=1e-12)
    assert found.importance == pytest.approx([expected["lmg"][name] for name in DRIVERS], abs=1e-12)
    assert found.shares.sum() == pytest.approx(1)
    johnson = relative_importance(*correlations(drivers, outcome), method="johnson")
    assert johnson.importance == pytest.approx([expected["johnson_rw"][name] for name in DRIVERS], abs=1e-12)


def test_swiss_against_the_table_of_relaimpo(
    swiss: tuple[Floats, Floats, dict[str, Any]], golden: Path
) -> None:
    among, outcome = correlations(*swiss[:2])
    with (golden / "methods" / "swiss_relaimpo_expected.csv").open() as lines:
        rows = {row[""]: row for row in csv.DictReader(lines)}
    assert lmg(among, outcome) == pytest.approx([float(rows[name]["lmg"]) for name in DRIVERS], abs=5e-9)
    genizi = [float(rows[name]["genizi"]) for name in DRIVERS]
    assert johnson_weights(among, outcome) == pytest.approx(genizi, abs=5e-9)


def test_mtcars_by_r_relaimpo_and_rwa(golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["rwa_mtcars_R"]
    among, outcome = correlations(np.column_stack([CYL, DISP, HP, GEAR]), np.array(MPG))
    assert lmg(among, outcome) == pytest.approx(list(expected["lmg"].values()), abs=1e-9)
    assert johnson_weights(among, outcome) == pytest.approx(list(expected["johnson"].values()), abs=1e-9)


def test_lmg_is_the_mean_over_all_orders() -> None:
    random = np.random.default_rng(1)
    data = random.normal(size=(50, 5)) @ random.normal(size=(5, 5))
    among, outcome = correlations(data[:, :4], data[:, 4])

    def explained(chosen: tuple[int, ...]) -> float:
        picked = list(chosen)
        return float(outcome[picked] @ np.linalg.solve(among[np.ix_(picked, picked)], outcome[picked]))

    gains = np.zeros(4)
    for order in itertools.permutations(range(4)):
        for place, driver in enumerate(order):
            gains[driver] += explained(order[: place + 1]) - (explained(order[:place]) if place else 0.0)
    assert lmg(among, outcome) == pytest.approx(gains / math.factorial(4))


def test_stacks_of_matrices_are_the_same_as_one_by_one() -> None:
    random = np.random.default_rng(2)
    pairs = [correlations(data[:, :6], data[:, 6]) for data in random.normal(size=(7, 40, 7))]
    among, outcome = np.stack([pair[0] for pair in pairs]), np.stack([pair[1] for pair in pairs])
    for function in (lmg, johnson_weights):
        together = function(among, outcome)
        assert together.shape == (7, 6)
        assert together[3] == pytest.approx(function(*pairs[3]))


def test_a_driver_given_twice_shares_with_itself() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=(200, 2))
    y = x[:, 0] + random.normal(size=200)
    found = lmg(*correlations(np.column_stack([x, x[:, 0]]), y))
    assert found[0] == pytest.approx(found[2])
    assert found.sum() == pytest.approx(lmg(*correlations(x, y)).sum())
    assert np.isfinite(johnson_weights(*correlations(np.column_stack([x, x[:, 0]]), y))).all()


def test_many_drivers_take_johnson() -> None:
    random = np.random.default_rng(4)
    among, outcome = correlations(random.normal(size=(300, 16)), random.normal(size=300))
    assert relative_importance(among, outcome).method == "johnson"
    with pytest.raises(BadValue, match="at most 15"):
        lmg(among, outcome)
    assert lmg(among[:15, :15], outcome[:15]).shape == (15,)


def test_intervals_on_swiss(swiss: tuple[Floats, Floats, dict[str, Any]]) -> None:
    drivers, outcome, expected = swiss
    found = driver_importance(drivers, outcome, replicates=500)
    assert found.importance == pytest.approx([expected["lmg"][name] for name in DRIVERS], abs=1e-10)
    assert found.n == 47
    assert found.ci_low is not None
    assert found.ci_high is not None
    assert found.rank_low is not None
    assert found.rank_high is not None
    assert np.all((found.ci_low < found.importance) & (found.importance < found.ci_high))
    assert np.all((found.rank_low >= 1) & (found.rank_high <= 5))
    # Education leads, but 47 provinces cannot place it for sure
    assert (found.rank_low[2], found.rank_high[2] > 1) == (1, True)
    threaded = driver_importance(drivers, outcome, replicates=500, threads=2)
    assert np.array_equal(threaded.ci_low, found.ci_low)  # type: ignore[arg-type]


def test_weights_and_repeated_answers_agree() -> None:
    random = np.random.default_rng(5)
    x = random.normal(size=(80, 3))
    y = x @ [1.0, 0.5, 0.0] + random.normal(size=80)
    weights = random.integers(1, 4, 80)
    weighted = driver_importance(x, y, weights, replicates=20)
    repeated = driver_importance(np.repeat(x, weights, axis=0), np.repeat(y, weights), replicates=20)
    assert weighted.importance == pytest.approx(repeated.importance)


def test_many_answers_are_added_up_in_groups() -> None:
    random = np.random.default_rng(6)
    x = random.normal(size=(24_000, 3))
    y = x @ [1.0, 0.5, 0.0] + random.normal(size=24_000) * 2
    grouped = driver_importance(x, y, replicates=300)
    single = driver_importance(x[:20_000], y[:20_000], replicates=300)
    assert grouped.importance == pytest.approx(single.importance, abs=0.01)
    width = [found.ci_high[0] - found.ci_low[0] for found in (grouped, single)]  # type: ignore[index]
    assert width[0] == pytest.approx(width[1] * math.sqrt(20 / 24), rel=0.2)


def test_nothing_to_explain_is_unknown() -> None:
    x = np.random.default_rng(7).normal(size=(30, 2))
    assert not driver_importance(x, np.full(30, 7.0), replicates=20).known
    assert not driver_importance(x[:3], [1.0, 2.0, 3.0]).known
    constant = driver_importance(np.column_stack([x, np.ones(30)]), x[:, 0], replicates=20)
    assert constant.importance[2] == 0
    assert relative_importance([[1.0]], [0.0]).shares[0] == 0


def test_importance_refusals() -> None:
    with pytest.raises(BadValue, match="missing"):
        driver_importance([[1.0], [math.nan]], [1.0, 2.0])
    with pytest.raises(BadValue, match="do not fit"):
        relative_importance([[1.0, 0.0], [0.0, 1.0]], [0.5])
    with pytest.raises(BadOption, match="lmg"):
        relative_importance([[1.0]], [0.5], method="guess")  # type: ignore[arg-type]


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_parts_are_not_negative_and_add_up(seed: int, drivers: int) -> None:
    random = np.random.default_rng(seed)
    data = random.normal(size=(40, drivers + 1)) @ random.normal(size=(drivers + 1, drivers + 1))
    among, outcome = correlations(data[:, :-1], data[:, -1])
    explained = float(outcome @ np.linalg.solve(among, outcome))
    order = random.permutation(drivers)
    for function in (lmg, johnson_weights):
        parts = function(among, outcome)
        assert np.all(parts >= -1e-9)
        assert parts.sum() == pytest.approx(explained, abs=1e-6)
        assert function(among[np.ix_(order, order)], outcome[order]) == pytest.approx(parts[order], abs=1e-6)
