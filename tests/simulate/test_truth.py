"""What is true of the simulated company agrees with itself and with what realism asks of it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from leal.simulate import Plan, Truth, truth_of
from leal.simulate.latent import CORRELATIONS, total_effect
from leal.simulate.plan import LATENTS
from leal.simulate.population import populate


@pytest.fixture(scope="module")
def truth() -> Truth:
    return truth_of(Plan())


def test_shares_of_groups_sum_to_one(truth: Truth) -> None:
    for shares in (truth.scores.shares_base, truth.money.repeat_shares, truth.money.group_shares):
        assert sum(shares.values()) == pytest.approx(1)


def test_the_score_of_the_base_is_promoters_minus_detractors(truth: Truth) -> None:
    shares = truth.scores.shares_base
    assert truth.scores.nps_base == pytest.approx(100 * (shares["promoter"] - shares["detractor"]))


def test_the_plan_is_as_realistic_as_it_was_meant_to_be(truth: Truth) -> None:
    assert 15 < truth.scores.nps_base < truth.scores.nps_answering < 30
    assert 0.27 < truth.scores.response_rate < 0.35
    churn = truth.money.yearly_churn
    assert churn["promoter"] < churn["passive"] < churn["detractor"]
    assert 0.10 < churn["all"] < 0.17
    heads = truth.money.repeat_per_head
    assert heads["detractor"] < heads["passive"] < heads["promoter"]
    assert 0.3 < truth.money.repeat_shares["passive"] < 0.5


def test_the_fall_hit_one_segment_at_a_known_date(truth: Truth) -> None:
    assert truth.fall_date == dt.date(2026, 1, 1)
    assert truth.scores.nps_segment_before - truth.scores.nps_segment_after > 30
    assert 5 < truth.scores.nps_before - truth.scores.nps_after < 20


def test_one_action_works_one_annoys_one_does_nothing_one_is_not_noticed(truth: Truth) -> None:
    works, nothing, annoys, unnoticed = truth.actions.values()
    assert works.margin > works.cost
    assert nothing.spend == nothing.active_at_end == nothing.satisfaction == 0
    assert annoys.spend < 0
    assert annoys.active_at_end < -0.03
    assert unnoticed.noticed < 0.1 < nothing.noticed
    for action in truth.actions.values():
        assert 0 < action.noticed_above_unexposed < action.noticed


def test_brands_switch_to_somewhere_and_shares_sum_to_one(truth: Truth) -> None:
    for brand in truth.brands.values():
        assert sum(brand.now.values()) == pytest.approx(1)
    assert sum(brand.share for brand in truth.brands.values()) == pytest.approx(1)


def test_the_loud_wish_pays_nothing_and_is_heard_most(truth: Truth) -> None:
    loud = truth.wishes[truth.loud_wish]
    assert loud.payoff < 0
    assert loud.reach == min(wish.reach for wish in truth.wishes.values())


def test_latents_have_variance_one_and_the_correlations_that_the_paths_imply() -> None:
    plan = Plan(programmes=(), fall=())
    people = populate(plan, 40_000, 3)
    latents = people.asked.latents
    for name in LATENTS:
        if name not in {"service", "value", "satisfaction", "loyalty"}:  # branches add to service
            assert latents[name].std() == pytest.approx(1, abs=0.03)
    for pair in (("image", "expectations"), ("satisfaction", "loyalty"), ("speed", "satisfaction")):
        measured = np.corrcoef(latents[pair[0]], latents[pair[1]])[0, 1]
        assert measured == pytest.approx(CORRELATIONS[pair], abs=0.03)


def test_total_effects_are_sums_over_ways() -> None:
    assert total_effect("satisfaction", "loyalty") == pytest.approx(0.5)
    assert total_effect("service", "satisfaction") == pytest.approx(0.28 + 0.30 * 0.18)


def test_the_large_sample_is_a_table_for_readers(truth: Truth) -> None:
    frame = truth.to_frame()
    assert frame.columns == ["quantity", "value"]
    assert frame["quantity"].is_unique().all()
    assert "actions.Bonus points.spend" in frame["quantity"].to_list()
