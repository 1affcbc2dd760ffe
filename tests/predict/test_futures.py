"""Moments of the future of a customer who is there, against simulation and the models' own formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from leal.predict import BgNbd, MbgNbd, ParetoNbd
from leal.predict.purchase_models.futures import Alive, Future, alive_of, beta_nodes, future_of
from leal.predict.purchase_models.weekly_discount import discounted
from leal.predict.value.outlook import Chance, as_columns, discounted_purchases

DRAWS = 200_000

CUSTOMERS = {
    "frequency": np.array([0, 0, 0, 1, 1, 2, 3, 5, 0, 1, 8, 2, 0, 0, 4, 1] * 8, dtype=float),
    "recency": np.array([0, 0, 0, 4, 20, 18, 30, 12, 0, 2, 37, 36, 0, 0, 9, 1] * 8, dtype=float),
    "age": np.array([38, 38, 37, 38, 36, 38, 38, 35, 36, 37, 38, 37, 20, 30, 31, 33] * 8, dtype=float),
}


def one(value: float) -> np.ndarray:
    return np.array([float(value)])


def simulated(alive: Alive, weeks: float) -> tuple[float, float, float, float]:
    random = np.random.default_rng(5)
    often = random.gamma(alive.shape[0], 1 / alive.rate[0], DRAWS)
    if alive.leaving == "in_time":
        leaves = random.gamma(alive.first[0], 1 / alive.second[0], DRAWS) * alive.factor
        end = random.exponential(1 / np.maximum(leaves, 1e-300))
        bought, stays = random.poisson(often * np.minimum(end, weeks)), end > weeks
    else:
        leaves = np.minimum(random.beta(alive.first[0], alive.second[0], DRAWS) * alive.factor, 1)
        last, would = random.geometric(np.maximum(leaves, 1e-12)), random.poisson(often * weeks)
        bought, stays = np.minimum(last, would), would < last
    return bought.mean(), (bought * (bought - 1.0)).mean(), (bought == 0).mean(), stays.mean()


@pytest.mark.parametrize(
    ("alive", "weeks"),
    [
        (Alive(shape=one(2.2), rate=one(43), leaving="at_purchase", first=one(0.8), second=one(4.4)), 52),
        (Alive(shape=one(0.5), rate=one(10), leaving="at_purchase", first=one(0.8), second=one(1.6)), 520),
        (Alive(shape=one(2.5), rate=one(40), leaving="in_time", first=one(0.6), second=one(11.6)), 52),
        (
            Alive(shape=one(10), rate=one(20), leaving="in_time", first=one(0.6), second=one(50), factor=0.8),
            52,
        ),
        (
            Alive(
                shape=one(10),
                rate=one(20),
                leaving="at_purchase",
                first=one(0.8),
                second=one(4.4),
                factor=0.5,
            ),
            52,
        ),
    ],
)
def test_moments_are_those_of_simulated_customers(alive: Alive, weeks: float) -> None:
    found = future_of(alive, weeks)
    mean, pairs, nothing, stays = simulated(alive, weeks)
    assert found.mean[0] == pytest.approx(mean, rel=0.02)
    assert found.pairs[0] == pytest.approx(pairs, rel=0.06)
    assert found.nothing[0] == pytest.approx(nothing, abs=0.005)
    assert found.stays[0] == pytest.approx(stays, abs=0.005)


@pytest.mark.parametrize("model", [BgNbd(), MbgNbd(), ParetoNbd()])
def test_the_mean_is_what_the_model_itself_expects(model: ParetoNbd) -> None:
    from leal.predict import read_rhythm

    fit = model.fit(CUSTOMERS)
    customers = read_rhythm(CUSTOMERS)
    found = fit.p_alive(CUSTOMERS) * future_of(alive_of(fit, customers), 39).mean
    np.testing.assert_allclose(found, fit.expected_purchases(CUSTOMERS, weeks=39), rtol=1e-5)


@pytest.mark.parametrize("model", [MbgNbd(), ParetoNbd()])
def test_twenty_nodes_discount_ten_years_as_520_weeks_do(model: ParetoNbd) -> None:
    from leal.predict import read_rhythm

    fit, customers = model.fit(CUSTOMERS), read_rhythm(CUSTOMERS)

    def expected(ahead: float) -> np.ndarray:
        return fit.expected_purchases(as_columns(customers), weeks=ahead)

    for weeks in (5.0, 52.0, 520.0):
        one_by_one = discounted(expected, weeks=weeks, discount=0.12)
        np.testing.assert_allclose(discounted_purchases(fit, customers, weeks, 0.12), one_by_one, rtol=1e-7)


@pytest.mark.parametrize("leaving", [(25.0, 60.0), (700.0, 9300.0), (1e5, 1e6), (30.0, 1e6), (2e6, 5.0)])
def test_where_customers_leave_alike_the_model_expects_the_mean_over_their_chances(
    leaving: tuple[float, float],
) -> None:
    """The compiled sum over the logit of the chance, and Gaussian quadrature under its beta distribution."""
    from leal.predict import read_rhythm

    customers = read_rhythm(CUSTOMERS)
    fit = MbgNbd().fit(CUSTOMERS).with_parameters(np.log([0.67, 8.2, *leaving]))
    by_nodes = fit.p_alive(CUSTOMERS) * future_of(alive_of(fit, customers), 39).mean
    np.testing.assert_allclose(fit.expected_purchases(CUSTOMERS, weeks=39), by_nodes, rtol=1e-7)


def test_quadrature_under_a_beta_distribution_is_exact_and_never_overflows() -> None:
    first, second = np.array([0.79, 0.79, 2.0, 1e-300, 0.3]), np.array([2.4, 3000.0, 1.0, 3.0, 0.2])
    places, weights = beta_nodes(first, second)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    mean = np.exp(-3 * places)
    np.testing.assert_allclose(
        (weights * mean).sum(axis=1), special.hyp1f1(first, first + second, -3), rtol=1e-9
    )


def test_nobody_leaves_where_the_model_is_without_dropout() -> None:
    alive = Alive(shape=one(2), rate=one(10), leaving="never", first=one(0), second=one(0))
    found: Future = future_of(alive, 20)
    assert found.mean[0] == pytest.approx(4)
    assert found.stays[0] == 1


def test_an_interval_holds_its_share_of_a_sum_that_may_be_nothing() -> None:
    random = np.random.default_rng(3)
    bought = random.random(DRAWS) < 0.7
    sums = np.where(bought, random.gamma(2.0, 30.0, DRAWS), 0.0)
    chance = Chance(mean=one(sums.mean()), square=one((sums**2).mean()), nothing=one((sums == 0).mean()))
    low, high = chance.interval(0.9)
    assert low[0] == 0
    assert np.mean(sums <= high[0]) == pytest.approx(0.9, abs=0.005)
    certain = Chance(mean=one(5), square=one(25), nothing=one(0))
    assert [limit[0] for limit in certain.interval(0.95)] == [5, 5]
