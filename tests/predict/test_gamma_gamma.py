"""Gamma-Gamma: published numbers, properties, money that cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.predict.cdnow import customer_scores, golden_values, published_weeks, simulated_spend, whole_days

import leal
from leal.errors import BadValue
from leal.predict import TooLittleData
from leal.predict.purchase_models.gamma_gamma import _spending, gamma_gamma_likelihood


def test_the_plain_use() -> None:
    customers = simulated_spend(800, 1)
    fit = leal.GammaGamma().fit(customers)
    assert list(fit.parameters) == ["p", "q", "v"]
    assert fit.population_mean == pytest.approx(6 * 15 / 3, rel=0.1)
    spend = fit.expected_spend(customers)
    assert spend[customers["frequency"] == 0] == pytest.approx(fit.population_mean)
    assert [note.code for note in fit.notes] == ["without_repeat"]


@pytest.mark.reference
def test_cdnow_spend_as_published_by_fader_and_hardie(golden: Path) -> None:
    """Source: cdnow_golden.json gamma_gamma_from_log; the paper says 6.25, 3.74, 15.44; CLVTools agrees."""
    known = golden_values(golden)["gamma_gamma_from_log"]
    fit = leal.GammaGamma().fit(whole_days(golden))
    assert fit.n == known["n"] == 946
    # The golden spends are rounded to cents of a cent in the file, hence 2e-6.
    assert fit.parameters == pytest.approx(known["params"], rel=2e-6)
    assert fit.log_likelihood == pytest.approx(known["ll"], abs=1e-6)
    assert {note.code for note in fit.notes} == {"without_repeat"}


@pytest.mark.reference
def test_cdnow_mean_spend_and_value_of_each_customer(golden: Path) -> None:
    """Source: cdnow_golden.json, 52 weeks at 15 % a year, discounted weekly; cdnow_customer_scores.csv.xz."""
    known, scores, customers = golden_values(golden), customer_scores(golden), whole_days(golden)
    file = known["gamma_gamma_946_lifetimes_file"]["params"]
    fit = leal.GammaGamma().fit(customers)
    of_file = fit.with_parameters(np.log(list(file.values())))
    assert of_file.population_mean == pytest.approx(known["gg_population_mean"], rel=1e-12)
    spend = fit.expected_spend(customers)
    assert spend == pytest.approx(scores["gg_spend"].to_numpy(), rel=1e-6)
    bought = leal.BgNbd().fit(published_weeks(golden))
    ahead = bought.discounted_expected_purchases(customers, weeks=52, discount=0.15)
    value, wanted = ahead * spend, known["clv_52w_15pct_annual_weekly_disc"]
    assert ahead.sum() == pytest.approx(wanted["disc_tx_sum"], rel=1e-6)
    assert spend.mean() == pytest.approx(wanted["spend_mean"], rel=1e-6)
    assert value.sum() == pytest.approx(wanted["total"], rel=1e-6)
    assert round(float(value.sum()), 1) == 70966.7
    assert value == pytest.approx(scores["clv52"].to_numpy(), rel=1e-5)


def test_gradient_and_second_derivatives_are_those_of_the_likelihood() -> None:
    customers = simulated_spend(300, 2)
    likelihood = gamma_gamma_likelihood(_spending(customers["frequency"], customers["spend"]))
    point = np.log([4.0, 3.0, 20.0])
    _, gradient, hessian = likelihood(point)
    for place in range(3):
        shift = np.zeros(3)
        shift[place] = 1e-5
        above, below = likelihood(point + shift), likelihood(point - shift)
        assert (above[0] - below[0]) / 2e-5 == pytest.approx(gradient[place], rel=1e-6, abs=1e-5)
        assert (above[1] - below[1]) / 2e-5 == pytest.approx(hessian[place], rel=1e-5, abs=1e-4)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.sampled_from([1e-4, 0.01, 90.0, 1e6]))
def test_another_currency_changes_v_only_and_order_nothing(seed: int, factor: float) -> None:
    customers = simulated_spend(400, seed)
    order = np.random.default_rng(seed).permutation(400)
    here = leal.GammaGamma().fit(customers)
    there = leal.GammaGamma().fit(
        {"frequency": customers["frequency"][order], "spend": customers["spend"][order] * factor}
    )
    if "undetermined" not in {note.code for note in (*here.notes, *there.notes)}:
        wanted = here.parameters | {"v": here.parameters["v"] * factor}
        assert there.parameters == pytest.approx(wanted, rel=2e-3)
    assert there.expected_spend(customers | {"spend": customers["spend"] * factor}) == pytest.approx(
        here.expected_spend(customers) * factor, rel=1e-4
    )


def test_rows_given_twice_say_the_same_twice() -> None:
    customers = simulated_spend(500, 3)
    once = leal.GammaGamma().fit(customers)
    twice = leal.GammaGamma().fit({name: np.tile(values, 2) for name, values in customers.items()})
    assert twice.log_likelihood == pytest.approx(2 * once.log_likelihood, rel=1e-9)
    assert twice.parameters == pytest.approx(once.parameters, rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 500), st.floats(1e-3, 1e8)), min_size=2, max_size=12))
def test_any_amounts_give_finite_spends_between_those_seen_and_the_mean(
    rows: list[tuple[int, float]],
) -> None:
    customers = {"frequency": [row[0] for row in rows], "spend": [row[1] for row in rows]}
    fit = leal.GammaGamma().fit(customers)
    spend = fit.expected_spend(customers)
    assert np.isfinite(spend).all()
    assert (spend > 0).all()
    assert np.isfinite(fit.population_mean)


def test_spend_that_follows_frequency_is_told() -> None:
    customers = simulated_spend(500, 4)
    customers["spend"] = np.where(
        customers["frequency"] > 0, customers["spend"] * (1 + customers["frequency"]), 0
    )
    fit = leal.GammaGamma().fit(customers)
    assert fit.correlation > 0.3
    note = next(note for note in fit.notes if note.code == "spend_follows_frequency")
    assert "unrelated" in note.text


def test_one_price_for_all_is_expected_of_all() -> None:
    fit = leal.GammaGamma().fit({"frequency": [1, 2, 3, 0], "spend": [10, 10, 10, 0]})
    assert "one_price" in {note.code for note in fit.notes}
    assert fit.expected_spend({"frequency": [0, 5], "spend": [0, 10]}) == pytest.approx([10, 10])


def test_a_tail_without_a_mean_is_told_and_the_observed_mean_stands_in() -> None:
    random = np.random.default_rng(5)
    spend = 10 / random.gamma(0.5, 1.0, 400)
    fit = leal.GammaGamma().fit({"frequency": np.full(400, 5.0), "spend": spend})
    assert "no_mean" in {note.code for note in fit.notes}
    assert fit.population_mean == pytest.approx(spend.mean())
    assert np.isfinite(fit.expected_spend({"frequency": [0, 3], "spend": [0, 50]})).all()


@pytest.mark.parametrize("amount", [0.0, -3.0, float("nan"), float("inf")])
def test_money_that_cannot_be_is_one_clear_error(amount: float) -> None:
    with pytest.raises(BadValue, match="spend") as error:
        leal.GammaGamma().fit({"frequency": [1, 2, 0], "spend": [10, amount, 0]})
    assert error.value.where.row == 2
    assert "above zero" in str(error.value.hint)


def test_fewer_than_two_repeaters_are_too_few() -> None:
    with pytest.raises(TooLittleData):
        leal.GammaGamma().fit({"frequency": [0, 0, 2], "spend": [0, 0, 9]})


@pytest.mark.slow
def test_intervals_hold_the_parameters_and_the_mean() -> None:
    truth = {"p": 6.0, "q": 4.0, "v": 15.0}
    held = dict.fromkeys([*truth, "mean"], 0)
    runs = 1500
    for seed in range(runs):
        fit = leal.GammaGamma().fit(simulated_spend(1000, 30_000 + seed))
        for name, value in truth.items():
            found = fit.interval(name)
            held[name] += found.ci_low <= value <= found.ci_high
        mean = fit.population_mean_with_interval()
        held["mean"] += mean.ci_low <= 30 <= mean.ci_high
    shares = {name: count / runs for name, count in held.items()}
    assert all(0.93 <= share <= 0.97 for share in shares.values()), str(shares)


def test_one_purchase_beyond_all_others_does_not_hold_the_search_back() -> None:
    """The mean, where the search begins, is of that purchase: v would have to be a millionth of it."""
    random = np.random.default_rng(3)
    frequency = np.append(random.geometric(0.4, 100).astype(float), 3.0)
    spend = np.append(random.gamma(5.0, 2.0, 100), 1e7)
    fit = leal.GammaGamma().fit({"frequency": frequency, "spend": spend})
    p, q, v = fit.parameters.values()
    likelihood = gamma_gamma_likelihood(_spending(frequency, spend))
    alike_at_each = np.log([p * 10, q, v / 10])
    assert fit.log_likelihood >= likelihood(alike_at_each)[0] - 1e-4
