"""Totals of models with exact derivatives, against differences of the totals themselves."""

from __future__ import annotations

import numpy as np
import pytest
from tests.predict.cdnow import simulated_spend
from tests.predict.test_pareto_nbd import simulated

import leal
from leal.predict import read_rhythm
from leal.predict.purchase_models.profile_limits import figure_curve
from leal.predict.purchase_models.sums_of_logarithms import log_of_sum

RATES = {
    "usual": (0.8, 8.0, 0.7, 10.0),
    "leaving alike": (0.3, 2.0, 30.0, 500.0),
    "hardly any leaving": (0.3, 2.0, 0.02, 0.05),
    "a shape of one": (0.8, 8.0, 1.0, 10.0),
    "a shape near one": (0.8, 8.0, 1.02, 10.0),
}


@pytest.mark.parametrize("weeks", [0.5, 39.0, 520.0])
@pytest.mark.parametrize("rates", RATES.values(), ids=RATES.keys())
def test_slopes_of_purchases_are_those_of_their_differences(rates: tuple[float, ...], weeks: float) -> None:
    customers = simulated(120, 1, rates=RATES["usual"])
    fit, counts = leal.ParetoNbd().fit(customers), np.random.default_rng(0).gamma(2.0, 1.0, 120)
    curve = fit.total_curve(read_rhythm(customers), weeks, counts)

    def total(point: np.ndarray) -> float:
        return float(counts @ fit.with_parameters(point).expected_purchases(customers, weeks=weeks))

    point = np.log(rates)
    value, slope, bend = curve.slopes(point)
    _, by_differences, twice = figure_curve(total).slopes(point)
    assert value == pytest.approx(curve.value(point), rel=1e-13)
    assert value == pytest.approx(np.log(total(point)), rel=1e-13)
    assert slope == pytest.approx(by_differences, abs=1e-6)
    assert bend == pytest.approx(twice, abs=1e-6)


def test_slopes_of_amounts_are_those_of_their_differences() -> None:
    customers = simulated_spend(80, 3)
    fit = leal.GammaGamma().fit(customers)
    frequency, spend = (np.asarray(customers[name], dtype=float) for name in ("frequency", "spend"))
    counts = np.random.default_rng(0).gamma(2.0, 1.0, frequency.size)
    curve = fit.total_curve(frequency, spend, counts)

    def total(point: np.ndarray) -> float:
        return float(counts @ fit.with_parameters(point).expected_spend(customers))

    for point in (fit.log_parameters, fit.log_parameters + np.array([0.5, -0.2, 0.3])):
        value, slope, bend = curve.slopes(point)
        _, by_differences, twice = figure_curve(total).slopes(point)
        assert value == pytest.approx(np.log(total(point)), rel=1e-13)
        assert slope == pytest.approx(by_differences, abs=1e-6)
        assert bend == pytest.approx(twice, abs=1e-6)
    assert np.isnan(curve.value(np.array([1.0, -0.1, 1.0])))


def test_a_sum_of_nothing_has_no_logarithm() -> None:
    value, slope, bend = log_of_sum(np.zeros(3), np.ones((3, 2)), np.ones((3, 3)))
    assert np.isnan(value)
    assert np.isnan(slope).all()
    assert slope.shape == (2,)
    assert np.isnan(bend).all()
    assert bend.shape == (2, 2)
