"""Intervals of parameters and totals hold the truth as often as they say, with few customers too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.predict.cdnow import simulated_spend
from tests.predict.test_pareto_nbd import simulated as leaving_in_time
from tests.predict.test_purchase_models import simulated, table

import leal

RUNS = 500
SCATTER = 2 * np.sqrt(0.95 * 0.05 / RUNS)
"""Two standard errors of a share of .95 in so many runs: .0195."""

TRUTHS = {
    "bg": (0.8, 5.0, 0.8, 2.5),
    "mbg": (0.8, 5.0, 0.8, 2.5),
    "pareto": (0.8, 8.0, 0.7, 10.0),
    "gamma_gamma": (6.0, 4.0, 15.0),
}


def intervals(model: str, n: int, seed: int) -> dict[str, tuple[Any, float]]:
    """Return the intervals of a simulated sample, each with what is true."""
    truth = TRUTHS[model]
    if model == "gamma_gamma":
        spending = leal.GammaGamma().fit(simulated_spend(round(n / 0.6), seed))  # 6 of 10 buy again
        mean = (spending.population_mean_with_interval(), truth[0] * truth[2] / (truth[1] - 1))
        return parameters(spending, truth) | {"mean": mean}
    if model == "pareto":
        customers = leaving_in_time(n, seed, rates=truth)
        fit: Any = leal.ParetoNbd().fit(customers)
    else:
        customers = table(simulated(n, seed, chances=int(model == "mbg")))
        fit = (leal.BgNbd() if model == "bg" else leal.MbgNbd()).fit(customers)
    true = fit.with_parameters(np.log(truth)).expected_purchases(customers, weeks=39).sum()
    return parameters(fit, truth) | {"total": (fit.expected_total(customers, weeks=39), true)}


def parameters(fit: Any, truth: tuple[float, ...]) -> dict[str, tuple[Any, float]]:
    return {name: (fit.interval(name), value) for name, value in zip(fit.names, truth, strict=True)}


def shares_held(model: str, n: int, seeds: range) -> dict[str, float]:
    """Return in which share of samples each interval holds the truth; an unknown one counts as a miss."""
    held: dict[str, int] = {}
    for seed in seeds:
        for name, (found, true) in intervals(model, n, seed).items():
            held[name] = held.get(name, 0) + bool(found.ci_low <= true <= found.ci_high)
    return {name: count / len(seeds) for name, count in held.items()}


@pytest.mark.parametrize("model", list(TRUTHS))
def test_most_intervals_of_a_few_samples_hold_the_truth(model: str) -> None:
    """40 samples: of a share of .95 fewer than 33 hold once in ten thousand times."""
    assert min(shares_held(model, 100, range(40)).values()) >= 33 / 40


@pytest.mark.slow
@pytest.mark.parametrize("n", [50, 100, 300])
@pytest.mark.parametrize("model", list(TRUTHS))
def test_93_to_97_percent_of_intervals_hold_the_truth(model: str, n: int) -> None:
    shares = shares_held(model, n, range(700_000, 700_000 + RUNS))
    assert all(0.93 - SCATTER <= share <= 0.97 + SCATTER for share in shares.values()), str(shares)
