"""Differences of NPS. Golden numbers: nps-and-surveys, 4.3, and golden/methods (R NPS 1.1)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadOption, BadValue
from leal.statistics import (
    NpsCounts,
    nps_difference,
    nps_overlapping,
    nps_paired,
    nps_posterior,
    probability_higher,
)

PANEL = [[12, 6, 2], [5, 20, 10], [1, 9, 35]]
A, B = NpsCounts(15, 35, 50), NpsCounts(25, 35, 40)

# pair, method, centre, standard error, p value, interval
SECTION_4_3 = [
    (A, B, "wald", 0.2, 0.10747, 0.06275, (-0.01064, 0.41064)),
    (A, B, "adjusted_wald", 0.19417, 0.10588, 0.06665, (-0.01334, 0.40169)),
    (NpsCounts(2, 3, 5), NpsCounts(4, 4, 2), "wald", 0.5, 0.34205, 0.14381, (-0.17041, 1.17041)),
    (NpsCounts(2, 3, 5), NpsCounts(4, 4, 2), "adjusted_wald", 0.38462, 0.29792, 0.19671, (-0.1993, 0.96853)),
    (
        NpsCounts(150, 350, 500),
        NpsCounts(190, 360, 450),
        "adjusted_wald",
        0.08973,
        0.03312,
        0.00674,
        (0.02482, 0.15464),
    ),
]

counts = st.tuples(*[st.integers(0, 300)] * 3).filter(lambda c: sum(c) > 0).map(lambda c: NpsCounts(*c))
tables = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=3, max_size=3).filter(
    lambda table: sum(map(sum, table)) > 0
)


@pytest.mark.parametrize(("a", "b", "method", "centre", "error", "p_value", "limits"), SECTION_4_3)
def test_two_independent_samples(
    a: NpsCounts,
    b: NpsCounts,
    method: str,
    centre: float,
    error: float,
    p_value: float,
    limits: tuple[float, float],
) -> None:
    found = nps_difference(a, b, method=method)  # type: ignore[arg-type]
    assert found.estimate == pytest.approx(a.score - b.score)
    assert (found.ci_low + found.ci_high) / 2 == pytest.approx(centre, abs=5.1e-6)
    assert found.standard_error == pytest.approx(error, abs=5.1e-6)
    assert found.p_value == pytest.approx(p_value, abs=5.1e-6)
    assert (found.ci_low, found.ci_high) == pytest.approx(limits, abs=5.1e-6)


def test_two_samples_of_the_golden_file(golden: Path) -> None:
    expected = json.loads((golden / "methods" / "expected.json").read_text())["nps"]
    expected = expected["two_sample_vs_P180_S120_D100"]
    found = nps_difference(NpsCounts(80, 120, 200), NpsCounts(100, 120, 180), method="wald")
    assert 100 * found.estimate == pytest.approx(expected["diff"])
    assert 100 * found.standard_error == pytest.approx(expected["se_points"])
    assert found.p_value == pytest.approx(expected["p"])


def test_same_people_twice() -> None:
    found = nps_paired(PANEL)
    assert found.n == 100
    assert found.estimate == pytest.approx(0.29 - 0.25)
    assert found.standard_error == pytest.approx(0.06468, abs=5e-6)
    assert found.estimate / found.standard_error == pytest.approx(0.618, abs=5e-4)
    assert found.p_value == pytest.approx(0.536, abs=5e-4)
    then, now = NpsCounts(20, 35, 45), NpsCounts(18, 35, 47)
    assert (then.variance, now.variance) == (pytest.approx(0.5875), pytest.approx(0.5659))
    independent = nps_difference(now, then, method="wald")
    assert independent.standard_error == pytest.approx(0.10740, abs=5e-6)


def test_overlapping_panels() -> None:
    before, after = NpsCounts(40, 70, 90), NpsCounts(36, 70, 94)
    found = nps_overlapping(before, after, PANEL)
    assert found.standard_error == pytest.approx(0.06269, abs=5e-6)
    assert found.n == 300
    alone = nps_difference(after, before, method="wald")
    assert alone.standard_error == pytest.approx(0.07594, abs=5.1e-6)


def test_overlap_of_nobody_and_of_everybody() -> None:
    before, after = NpsCounts(20, 35, 45), NpsCounts(18, 35, 47)
    nobody = nps_overlapping(before, after, [[0, 0, 0]] * 3)
    assert nobody.p_value == pytest.approx(nps_difference(after, before, method="wald").p_value)
    everybody = nps_overlapping(before, after, PANEL)
    assert everybody.p_value == pytest.approx(nps_paired(PANEL).p_value)
    assert everybody.n == 100


def test_nobody_moved_is_not_certainty() -> None:
    found = nps_paired([[5, 0, 0], [0, 5, 0], [0, 0, 10]])
    assert (found.estimate, found.p_value) == (0, 1)
    assert found.ci_low < -0.2
    assert found.ci_high > 0.2
    assert found.notes[0].code == "nobody_moved"


@pytest.mark.parametrize(
    "found",
    [
        nps_difference(NpsCounts(0, 0, 0), A),
        nps_paired([[0, 0, 0]] * 3),
        nps_overlapping(NpsCounts(0, 0, 0), A, [[0, 0, 0]] * 3),
    ],
)
def test_too_little_is_unknown_and_says_so(found: object) -> None:
    assert not found.known  # type: ignore[attr-defined]
    assert found.notes[0].code == "nothing_to_compare"  # type: ignore[attr-defined]
    plain = found.to_dict()  # type: ignore[attr-defined]
    assert plain["estimate"] is None
    assert plain["p_value"] is None


def test_refusals() -> None:
    with pytest.raises(BadOption, match="wald"):
        nps_difference(A, B, method="guess")  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="square"):
        nps_paired([[1, 2], [3, 4]])
    with pytest.raises(BadValue, match="negative"):
        nps_paired([[1, 2, 3], [4, -5, 6], [7, 8, 9]])


@given(counts, counts, st.sampled_from(("adjusted_wald", "wald")))
def test_comparing_the_other_way_round_mirrors(a: NpsCounts, b: NpsCounts, method: str) -> None:
    there = nps_difference(a, b, method=method)  # type: ignore[arg-type]
    back = nps_difference(b, a, method=method)  # type: ignore[arg-type]
    assert (there.ci_low, there.ci_high) == pytest.approx((-back.ci_high, -back.ci_low))
    assert there.p_value == pytest.approx(back.p_value)
    assert -2 <= there.ci_low <= there.estimate <= there.ci_high <= 2
    assert 0 <= there.p_value <= 1
    assert math.isfinite(there.standard_error)


@given(tables)
def test_paired_holds_its_estimate_and_reverses(table: list[list[int]]) -> None:
    found, back = nps_paired(table), nps_paired([list(row) for row in zip(*table, strict=True)])
    assert found.estimate == pytest.approx(-back.estimate)
    assert found.p_value == pytest.approx(back.p_value)
    assert -2 <= found.ci_low <= found.estimate <= found.ci_high <= 2


# Dirichlet with a = 1/2, 2 million draws (nps-and-surveys, 4.2)
def test_posterior_of_100_answers() -> None:
    belief = nps_posterior(A)
    assert belief.mean == pytest.approx(0.34483, abs=5e-6)
    assert belief.standard_deviation == pytest.approx(0.07200, abs=5e-6)
    assert belief.limits() == pytest.approx((0.1996, 0.4813), abs=5e-4)


def test_posterior_of_few_answers() -> None:
    near_ceiling = nps_posterior(NpsCounts(0, 2, 8))
    assert near_ceiling.mean == pytest.approx(0.69565, abs=5e-6)
    assert near_ceiling.standard_deviation == pytest.approx(0.15458, abs=7e-5)
    assert near_ceiling.limits() == pytest.approx((0.338, 0.929), abs=5.1e-4)
    six = nps_posterior(NpsCounts(1, 2, 3))
    assert six.mean == pytest.approx(0.26667, abs=5e-6)
    assert six.standard_deviation == pytest.approx(0.26470, abs=7e-5)
    assert six.probability_above(0) == pytest.approx(0.839, abs=6e-4)


def test_probability_higher_of_the_reference() -> None:
    assert probability_higher(A, B) == pytest.approx(0.9675, abs=5e-4)
    assert probability_higher(A, A) == pytest.approx(0.5, abs=1e-9)
    assert math.isnan(probability_higher(A, NpsCounts(0, 0, 0)))


@given(counts, counts)
def test_probabilities_of_either_order_add_to_one(a: NpsCounts, b: NpsCounts) -> None:
    assert probability_higher(a, b) + probability_higher(b, a) == pytest.approx(1)
