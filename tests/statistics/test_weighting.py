"""Weights, clusters, small bases, silence. Golden numbers: nps-and-surveys, 4.4."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leal.errors import BadOption, BadValue
from leal.statistics import (
    NpsCounts,
    clustered_nps,
    effective_n,
    finite_population_correction,
    nonresponse_bounds,
    nps_interval,
    post_stratify,
    rake,
    weighted_nps,
)

STRATA = {"A": NpsCounts(4, 12, 24), "B": NpsCounts(24, 21, 15)}
SHARES = {"A": 0.3, "B": 0.7}

counts = st.tuples(*[st.integers(0, 60)] * 3).filter(lambda c: sum(c) > 0).map(lambda c: NpsCounts(*c))


def scaled(answers: NpsCounts, weight: float) -> NpsCounts:
    return NpsCounts(answers.detractors * weight, answers.passives * weight, answers.promoters * weight)


def test_post_stratified_nps_of_the_reference() -> None:
    raw = STRATA["A"] + STRATA["B"]
    assert 100 * raw.score == pytest.approx(11.0)
    found = post_stratify(STRATA, SHARES, method="wald")
    assert 100 * found.estimate == pytest.approx(4.5)
    assert found.standard_error == pytest.approx(0.07834, abs=5e-6)
    assert (100 * found.ci_low, 100 * found.ci_high) == pytest.approx((-10.9, 19.9), abs=0.05)
    assert found.effective_n == pytest.approx(96.0)
    assert found.design_effect == pytest.approx(1.0417, abs=5e-5)
    assert found.n == 100
    careful = post_stratify(STRATA, SHARES)
    assert (careful.ci_low, careful.ci_high) == pytest.approx((found.ci_low, found.ci_high), abs=0.01)


def test_linearised_standard_error_of_the_reference() -> None:
    weights = scaled(STRATA["A"], 0.3 / 40) + scaled(STRATA["B"], 0.7 / 60)
    squared = scaled(STRATA["A"], (0.3 / 40) ** 2) + scaled(STRATA["B"], (0.7 / 60) ** 2)
    found = weighted_nps(weights, squared, 100)
    assert found.estimate == pytest.approx(0.045)
    assert found.standard_error == pytest.approx(0.08315, abs=5e-6)
    assert found.effective_n == pytest.approx(96.0)


@given(counts)
def test_equal_weights_change_nothing(answers: NpsCounts) -> None:
    found = weighted_nps(scaled(answers, 2), scaled(answers, 4), answers.n)
    plain = nps_interval(answers)
    assert found.estimate == pytest.approx(answers.score)
    assert (found.ci_low, found.ci_high) == pytest.approx((plain.low, plain.high), abs=1e-9)
    assert found.effective_n == pytest.approx(answers.n)
    assert found.design_effect == pytest.approx(1)


@given(st.lists(counts, min_size=1, max_size=5), st.data())
def test_post_stratified_nps_stays_on_the_scale(groups: list[NpsCounts], data: st.DataObject) -> None:
    strata = {str(place): group for place, group in enumerate(groups)}
    sizes = {name: data.draw(st.floats(1, 1000)) for name in strata}
    found = post_stratify(strata, sizes)
    assert -1 <= found.ci_low <= found.estimate + 1e-12
    assert found.estimate - 1e-12 <= found.ci_high <= 1
    assert math.isfinite(found.standard_error)
    twice = post_stratify(strata, {name: 2 * size for name, size in sizes.items()})
    assert twice.estimate == pytest.approx(found.estimate)


def test_a_group_without_answers_is_named() -> None:
    found = post_stratify(STRATA | {"C": NpsCounts(0, 0, 0)}, {"A": 30, "B": 70, "C": 25, "D": 0})
    assert found.estimate == pytest.approx(0.045)
    assert found.notes[0].code == "groups_without_answers"
    assert "C, 20\N{NO-BREAK SPACE}%" in found.notes[0].text


def test_nothing_to_weigh_is_unknown() -> None:
    empty = NpsCounts(0, 0, 0)
    assert not post_stratify({"A": empty}, {"A": 10}).known
    assert not weighted_nps(empty, empty, 0).known
    assert math.isnan(weighted_nps(empty, empty, 0).design_effect)
    assert effective_n(0, 0) == 0


def test_weighting_refusals() -> None:
    with pytest.raises(BadValue, match="no size for: B"):
        post_stratify(STRATA, {"A": 1.0})
    with pytest.raises(BadOption, match="score"):
        post_stratify(STRATA, SHARES, method="guess")  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="margins"):
        rake([[1, 2], [3, 4]], [[0.5, 0.5]])
    with pytest.raises(BadValue, match="More answers"):
        finite_population_correction(10, 9)
    with pytest.raises(BadValue, match="response rate"):
        nonresponse_bounds(35, 0.2)


def test_raking_meets_both_margins() -> None:
    sample = np.array([[10.0, 20.0], [30.0, 40.0]])
    found = rake(sample, [[50, 50], [30, 70]])
    assert found.converged
    weighted = found.weights * sample / sample.sum()
    assert weighted.sum(axis=1) == pytest.approx([0.5, 0.5])
    assert weighted.sum(axis=0) == pytest.approx([0.3, 0.7])
    # raking keeps the odds ratio of the sample
    odds = weighted[0, 0] * weighted[1, 1] / (weighted[0, 1] * weighted[1, 0])
    assert odds == pytest.approx(10 * 40 / (20 * 30))
    assert found.effective_n == pytest.approx(effective_n(100, float((found.weights**2 * sample).sum())))


def test_raking_by_hand_of_deming_and_stephan() -> None:
    # independent table: one round suffices and the weights are products of the margins' ratios
    found = rake([[25, 25], [25, 25]], [[0.6, 0.4], [0.2, 0.8]])
    assert found.weights == pytest.approx(np.array([[0.48, 1.92], [0.32, 1.28]]))
    assert found.rounds == 1


def test_raking_says_what_it_cannot_do() -> None:
    silent = rake([[10, 10], [0, 0]], [[0.5, 0.5], [0.5, 0.5]])
    assert silent.notes[0].code == "margin_without_answers"
    assert not silent.converged
    # zeros on a diagonal leave no way to meet both margins
    stuck = rake([[10, 0], [0, 10]], [[0.7, 0.3], [0.5, 0.5]], rounds=20)
    assert stuck.notes[0].code == "raking_not_converged"
    assert stuck.rounds == 20
    assert rake(np.zeros((2, 2)), [[1, 1], [1, 1]]).effective_n == 0


def test_three_margins_at_once() -> None:
    sample = np.random.default_rng(4).integers(5, 40, (3, 2, 4)).astype(float)
    margins = [[0.2, 0.3, 0.5], [0.6, 0.4], [0.1, 0.2, 0.3, 0.4]]
    found = rake(sample, margins)
    weighted = found.weights * sample / sample.sum()
    assert weighted.sum(axis=(0, 1)) == pytest.approx(margins[2], abs=1e-7)
    assert weighted.sum(axis=(1, 2)) == pytest.approx(margins[0], abs=1e-7)


def test_small_base_of_the_reference() -> None:
    error = NpsCounts(15, 35, 50).standard_error * finite_population_correction(100, 400)
    assert error == pytest.approx(0.06298, abs=5e-6)
    assert finite_population_correction(100, 100) == 0
    assert finite_population_correction(1, 1) == 0


def test_bounds_of_silence_of_the_reference() -> None:
    found = nonresponse_bounds(0.35, 0.20)
    assert (100 * found.low, 100 * found.high) == pytest.approx((-73, 87))
    everybody = nonresponse_bounds(0.35, 1.0)
    assert (everybody.low, everybody.high) == (0.35, 0.35)


def test_clustered_nps_by_hand() -> None:
    # accounts: n 6, 5, 5; promoters minus detractors 2, 5, -4; s = 3/16
    found = clustered_nps([[1, 2, 3], [0, 0, 5], [4, 1, 0], [0, 0, 0]])
    score = 3 / 16
    squares = (2 - 6 * score) ** 2 + (5 - 5 * score) ** 2 + (-4 - 5 * score) ** 2
    assert found.estimate == pytest.approx(score)
    assert found.accounts == 3
    assert found.standard_error == pytest.approx(math.sqrt(3 / 2 * squares / 16**2))
    assert found.account_average.estimate == pytest.approx((2 / 6 + 1 - 0.8) / 3)
    assert found.account_average.n == 3
    assert found.design_effect > 3


def test_accounts_of_one_answer_are_plain_answers() -> None:
    rows = np.repeat(np.eye(3), [15, 35, 50], axis=0)
    found = clustered_nps(rows)
    plain = nps_interval(NpsCounts(15, 35, 50))
    assert found.estimate == pytest.approx(0.35)
    assert found.design_effect == pytest.approx(100 / 99)
    assert (found.ci_low, found.ci_high) == pytest.approx((plain.low, plain.high), abs=0.004)
    assert found.account_average.estimate == pytest.approx(0.35)


def test_one_account_and_none() -> None:
    one = clustered_nps([[1, 2, 30]])
    assert (one.ci_low, one.ci_high) == (-1, 1)
    assert one.notes[0].code == "one_account"
    assert math.isnan(one.standard_error)
    assert not clustered_nps([]).known
    assert not clustered_nps([[0, 0, 0]]).account_average.known
    with pytest.raises(BadValue, match="three counts"):
        clustered_nps([[1, 2]])


def test_accounts_that_agree_are_not_certainty() -> None:
    found = clustered_nps([[0, 0, 20]] * 4)
    assert (found.estimate, found.ci_high) == (1, 1)
    assert found.ci_low < 0.6


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 3), min_size=2, max_size=12))
def test_clustered_limits_hold_the_score(accounts: list[tuple[int, int, int]]) -> None:
    found = clustered_nps(accounts)
    if found.known:
        assert -1 <= found.ci_low <= found.estimate <= found.ci_high <= 1
        assert found.account_average.ci_low <= found.account_average.estimate <= found.account_average.ci_high
