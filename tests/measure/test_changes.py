from __future__ import annotations

import math

import polars as pl
import pytest

from leal.measure import NpsResult, enough_answers, nps, nps_change, nps_of_counts
from leal.statistics import NpsCounts


def result(detractors: int, passives: int, promoters: int) -> NpsResult:
    return nps_of_counts(NpsCounts(detractors, passives, promoters))


def test_a_change_between_two_samples_is_the_adjusted_wald_of_nps_and_surveys_4_3() -> None:
    change = nps_change(result(150, 350, 500), result(190, 360, 450))
    assert change.estimate == pytest.approx(9)
    assert change.p_value == pytest.approx(0.00674, abs=1e-5)
    assert str(change) == "up by 9 points (+2 to +15, p = 0.007)"
    assert change.sentence().into("ru") == "рост на 9 п. (от +2 до +15, p = 0,007)"
    back = nps_change(result(190, 360, 450), result(150, 350, 500))
    assert str(back) == "down by 9 points (−15 to −2, p = 0.007)"


def test_a_change_within_noise_is_called_so() -> None:
    change = nps_change(result(15, 35, 50), result(25, 35, 40))
    assert not change.clear
    assert str(change).startswith("no clear change: +20 points (−1 to +40")


def test_a_target_is_met_missed_or_open() -> None:
    now = result(15, 35, 50)
    assert nps_change(now, 10.0).clear
    assert str(nps_change(now, 10.0)).startswith("up by 25 points (+10 to +38")
    assert not nps_change(now, 25.0).clear
    assert nps_change(now, 60.0).estimate == pytest.approx(-25)
    assert nps_change(now, 60.0).clear
    assert nps_change(now, 35.0).p_value == 1.0


def test_p_of_a_target_agrees_with_the_interval() -> None:
    now = result(15, 35, 50)
    assert nps_change(now, now.ci_low).p_value == pytest.approx(0.05, abs=1e-6)
    assert nps_change(now, now.ci_high).p_value == pytest.approx(0.05, abs=1e-6)


def test_nothing_to_compare_is_unknown() -> None:
    nothing = result(0, 0, 0)
    assert str(nps_change(result(1, 1, 1), nothing)) == "change unknown: one of the two sides has no answers"
    assert math.isnan(nps_change(nothing, 10.0).p_value)


def test_enough_answers_of_nps_and_surveys_4_5() -> None:
    verdict = enough_answers(result(15, 35, 50), margin=10)
    # z^2 v/e^2 = 3.8415 * .5275 / .01
    assert (verdict.enough, verdict.needed, verdict.missing) == (False, 203, 103)
    assert enough_answers(result(150, 350, 500), margin=5).enough
    assert "are enough" in str(enough_answers(result(150, 350, 500), margin=5))


def test_too_few_to_tell_are_never_enough() -> None:
    verdict = enough_answers(result(0, 0, 5), margin=10)
    assert (verdict.enough, verdict.needed) == (False, 250)
    assert enough_answers(result(0, 0, 0)).missing == 250
    assert enough_answers(result(0, 0, 0)).to_dict()["reached"] is None


def test_weights_need_more_answers() -> None:
    table = pl.DataFrame({"recommend": [3, 8, 9, 9] * 100, "w": [1.0, 5.0] * 200})
    plain, weighted = nps(table), nps(table, weight="w")
    same = enough_answers(plain, 5).needed * weighted.variance / plain.variance
    assert enough_answers(weighted, 5).needed == pytest.approx(same * 400 / weighted.n_effective, rel=0.01)
