"""Likelihoods by direct numeric integration over customers' rates and chances: no formula of the models.

The models' log-likelihoods are closed forms, series or quadratures of their own. Here the likelihood of one
customer, given their rate and their chance to leave, is written down as the story of the model tells it and
averaged over both by the trapezoidal rule in log rate and log odds (geometrically exact for these densities).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import gammaln, xlogy
from tests.predict.cdnow import simulated, simulated_spend
from tests.predict.test_pareto_nbd import simulated as leaving_in_time

import leal
from leal.predict import BetaGeometricBetaBinomial, ShiftedBetaGeometric

Floats = np.ndarray
Model = tuple[float, Callable[[Floats], float], Callable[[Floats], float], Floats]
"""Log-likelihood of the fit, by the package, by brute force, and where its maximum is (logarithms)."""

LOG_RATES = np.arange(-220.0, 12.0, 0.05)
LOG_ODDS = np.arange(-250.0, 250.0, 0.1)
STAY = -np.logaddexp(0, LOG_ODDS)  # log(1 - p)
LEAVE = -np.logaddexp(0, -LOG_ODDS)  # log p


def mean_over_rates(shape: float, scale: float, powers: Floats, times: Floats) -> Floats:
    """Return E[rate^power exp(-rate time)] under Gamma(shape, scale), one a pair."""
    density = shape * LOG_RATES - scale * np.exp(LOG_RATES)
    inside = density + powers[:, None] * LOG_RATES - times[:, None] * np.exp(LOG_RATES)
    return np.exp(inside).sum(axis=1) / np.exp(density).sum()


def mean_over_chances(a: float, b: float, left: Floats, stayed: Floats) -> Floats:
    """Return E[p^left (1 - p)^stayed] under Beta(a, b), one a pair."""
    density = a * LEAVE + b * STAY
    inside = density + left[:, None] * LEAVE + stayed[:, None] * STAY
    return np.exp(inside).sum(axis=1) / np.exp(density).sum()


def after_purchases(chances: int, customers: dict[str, Floats]) -> Callable[[Floats], float]:
    """BG/NBD (0) and MBG/NBD (1): alive until the end, or left at the last purchase seen."""
    x, last, age = (customers[name] for name in ("frequency", "recency", "age"))
    survived = x + chances
    might = survived > 0

    def log_likelihood(point: Floats) -> float:
        r, alpha, a, b = np.exp(point)
        stays = mean_over_rates(r, alpha, x, age) * mean_over_chances(a, b, 0 * x, survived)
        leaves = mean_over_rates(r, alpha, x, last) * mean_over_chances(
            a, b, 1 + 0 * x, np.maximum(survived - 1, 0)
        )
        return float(np.log(stays + np.where(might, leaves, 0.0)).sum())

    return log_likelihood


def at_any_time(customers: dict[str, Floats]) -> Callable[[Floats], float]:
    """Pareto/NBD: alive until the end, or left at any moment since the last purchase seen."""
    x, last, age = (customers[name] for name in ("frequency", "recency", "age"))
    nodes, weights = np.polynomial.legendre.leggauss(80)

    def log_likelihood(point: Floats) -> float:
        r, alpha, s, beta = np.exp(point)
        total = mean_over_rates(r, alpha, x, age) * mean_over_rates(s, beta, 0 * x, age)
        for node, weight in zip(nodes, weights, strict=True):
            moment = last + (age - last) * (node + 1) / 2
            leaving = mean_over_rates(s, beta, 1 + 0 * x, moment)
            total += (age - last) / 2 * weight * mean_over_rates(r, alpha, x, moment) * leaving
        return float(np.log(total).sum())

    return log_likelihood


def whole_days(customers: dict[str, Floats]) -> dict[str, Floats]:
    recency, age = (np.ceil(customers[name] * 7) / 7 for name in ("recency", "age"))
    return {"frequency": customers["frequency"], "recency": np.minimum(recency, age), "age": age}


def of_purchases(model: str, seed: int) -> Model:
    random = np.random.default_rng([seed, 5])
    r, alpha, first, second = random.uniform([0.4, 4, 0.5, 2], [1.5, 12, 1.5, 5])
    if model == "pareto":
        customers = leaving_in_time(60, seed, rates=(r, alpha, first, 5 * second))
        fit = leal.ParetoNbd().fit(customers)
        brute = at_any_time(customers)
    else:
        chances = int(model == "mbg")
        drawn = simulated(80, seed, r=r, alpha=alpha, a=first, b=second, chances=chances)
        customers = whole_days(drawn)
        fit = (leal.MbgNbd() if chances else leal.BgNbd()).fit(customers)
        brute = after_purchases(chances, customers)
    likelihood = fit._likelihood()
    assert likelihood is not None
    return fit.log_likelihood, lambda point: likelihood(point)[0], brute, fit.log_parameters


def of_spend(seed: int) -> Model:
    """Gamma-Gamma: the mean of x gamma amounts, its rate gamma distributed over customers."""
    p, q, v = np.random.default_rng([seed, 6]).uniform([1, 2.5, 5], [8, 6, 30])
    customers = simulated_spend(80, seed, p=p, q=q, v=v)
    bought = customers["frequency"] > 0
    x, mean = customers["frequency"][bought], customers["spend"][bought]
    fit = leal.GammaGamma().fit(customers)

    def brute(point: Floats) -> float:
        p, q, v = np.exp(point)
        constant = p * x * np.log(x) + (p * x - 1) * np.log(mean) - gammaln(p * x)
        return float((constant + np.log(mean_over_rates(q, v, p * x, x * mean))).sum())

    likelihood = fit._likelihood()
    assert likelihood is not None
    return fit.log_likelihood, lambda point: likelihood(point)[0], brute, fit.log_parameters


def of_contracts(seed: int) -> Model:
    """Shifted beta-geometric: a chance to leave at each renewal, beta distributed over customers."""
    random = np.random.default_rng([seed, 7])
    a, b = random.uniform([0.5, 1.5], [1.5, 5])
    leaves_at = random.geometric(random.beta(a, b, 300))
    alive = np.array([(leaves_at > renewal).sum() for renewal in range(8)])
    fit = ShiftedBetaGeometric().fit(alive.tolist())
    left, renewals = -np.diff(alive), np.arange(1, 8)

    def brute(point: Floats) -> float:
        a, b = np.exp(point)
        lost = mean_over_chances(a, b, np.ones(7), renewals - 1)
        kept = mean_over_chances(a, b, np.zeros(1), np.array([7]))[0]
        return float(xlogy(left, lost).sum() + alive[-1] * np.log(kept))

    return fit.log_likelihood, lambda point: fit.losses.likelihood(point)[0], brute, fit.log_parameters


def of_occasions(seed: int) -> Model:
    """BG/BB: each occasion used with a chance of their own, until they left before one of them."""
    random = np.random.default_rng([seed, 8])
    alpha, beta, gamma, delta = random.uniform([0.6, 0.6, 0.5, 2], [2, 2, 1.5, 5])
    uses, leaves = random.beta(alpha, beta, 120), random.beta(gamma, delta, 120)
    there = random.geometric(leaves) - 1
    used = (random.random((120, 6)) < uses[:, None]) & (np.arange(6) < there[:, None])
    x = used.sum(axis=1)
    last = np.where(used.any(axis=1), 6 - np.argmax(used[:, ::-1], axis=1), 0)
    customers = {"frequency": x, "recency": last, "periods": 6}
    fit = BetaGeometricBetaBinomial().fit(customers)

    def brute(point: Floats) -> float:
        alpha, beta, gamma, delta = np.exp(point)
        total = mean_over_chances(alpha, beta, x, 6 - x) * mean_over_chances(gamma, delta, 0 * x, 6 + 0 * x)
        for k in range(6):  # there on k occasions, and no more
            skipped = np.maximum(k - x, 0)
            part = mean_over_chances(alpha, beta, x, skipped)
            part *= mean_over_chances(gamma, delta, 1 + 0 * x, k + 0 * x)
            total += np.where(k >= last, part, 0.0)
        return float(np.log(total).sum())

    likelihood = fit._likelihood()
    assert likelihood is not None
    return fit.log_likelihood, lambda point: likelihood(point)[0], brute, fit.log_parameters


MAKERS: dict[str, Callable[[int], Model]] = {
    "bg": lambda seed: of_purchases("bg", seed),
    "mbg": lambda seed: of_purchases("mbg", seed),
    "pareto": lambda seed: of_purchases("pareto", seed),
    "gamma_gamma": of_spend,
    "shifted_beta_geometric": of_contracts,
    "bg_bb": of_occasions,
}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("model", list(MAKERS))
def test_the_log_likelihood_is_that_of_direct_integration(model: str, seed: int) -> None:
    reached, by_package, brute, point = MAKERS[model](seed)
    near = np.clip(point, -1.8, 4.0)  # a fit at the edge of its model is looked at a step inside
    for place in (near, near + 0.3, near - np.linspace(-0.4, 0.4, near.size)):
        assert by_package(place) == pytest.approx(brute(place), rel=1e-10, abs=1e-8)
    assert reached >= by_package(near) - 1e-8


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("model", list(MAKERS))
def test_no_search_from_elsewhere_finds_a_likelier_fit(model: str, seed: int) -> None:
    """Nelder and Mead's simplex from five starts; what it finds is judged by direct integration."""
    reached, by_package, brute, point = MAKERS[model](seed)
    random = np.random.default_rng(seed)
    for _ in range(5):
        start = np.clip(point, -1.8, 4.0) + random.normal(0, 1.0, point.size)
        found = minimize(
            lambda place: -by_package(place) if np.abs(place).max() < 12 else np.inf,
            start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-10, "xatol": 1e-8},
        )  # fmt: skip
        assert -found.fun <= reached + 1e-6
        if np.abs(found.x).max() < 4:
            assert brute(found.x) == pytest.approx(-found.fun, abs=1e-7)
