"""Intervals of totals and parameters by the likelihood: where they end, and where they have no end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from tests.predict.cdnow import simulated_spend
from tests.predict.test_pareto_nbd import simulated as leaving_in_time
from tests.predict.test_purchase_models import simulated, table

import leal
from leal.predict.purchase_models.model_figure import ModelFigure
from leal.predict.purchase_models.profile_limits import figure_curve

HALF_QUANTILE = 3.841459 / 2
"""Half the 95 % quantile of chi square with one degree of freedom."""


def fitted(model: str, n: int, seed: int):  # type: ignore[no-untyped-def]
    if model == "pareto":
        customers = leaving_in_time(n, seed, rates=(0.8, 8.0, 0.7, 10.0))
        return leal.ParetoNbd().fit(customers), customers
    customers = table(simulated(n, seed, chances=int(model == "mbg")))
    return (leal.MbgNbd() if model == "mbg" else leal.BgNbd()).fit(customers), customers


def test_a_total_of_a_hundred_customers_has_the_limits_of_its_likelihood() -> None:
    fit, customers = fitted("bg", 100, 1)
    total = fit.expected_total(customers, weeks=39)
    assert total.method == "profile_likelihood"
    assert total.ci_low < total.estimate < total.ci_high
    assert str(total).startswith("109.31 (95\N{NO-BREAK SPACE}% 76.")


@pytest.mark.parametrize(("model", "seed"), [("bg", 1), ("mbg", 1), ("pareto", 2)])
def test_no_parameters_with_a_total_at_a_limit_are_likelier(model: str, seed: int) -> None:
    """The fall of the likelihood at each limit, maximised by another method (SciPy's SLSQP)."""
    fit, customers = fitted(model, 300, seed)
    likelihood = fit._likelihood()
    total = fit.expected_total(customers, weeks=39)

    def logarithm(point: np.ndarray) -> float:
        return float(np.log(fit.with_parameters(point).expected_purchases(customers, weeks=39).sum()))

    for limit in np.log([total.ci_low, total.ci_high]):
        at_limit = {"type": "eq", "fun": lambda point, to=limit: logarithm(point) - to}
        found = minimize(
            lambda point: -likelihood(point)[0], fit._inside(), jac=lambda point: -likelihood(point)[1],
            constraints=[at_limit], method="SLSQP", options={"ftol": 1e-9},
        )  # fmt: skip
        assert found.success
        assert likelihood(fit.log_parameters)[0] + found.fun == pytest.approx(HALF_QUANTILE, abs=5e-3)


def test_at_the_edge_of_the_model_a_total_takes_in_that_customers_may_leave_unlike_each_other() -> None:
    """Pareto/NBD with one rate of leaving for all: the total is likelier too low than too high."""
    fit, customers = fitted("pareto", 300, 1)
    assert "undetermined" in {note.code for note in fit.notes}

    def expected(point: np.ndarray) -> float:
        return float(fit.with_parameters(point).expected_purchases(customers, weeks=39).sum())

    plain = np.exp(fit._likelihood_limits(figure_curve(expected), 0.95, far=7.0))
    total = fit.expected_total(customers, weeks=39)
    assert total.ci_low == pytest.approx(plain[0], rel=1e-6)
    assert total.ci_high > 1.005 * plain[1]
    assert total.ci_high - total.estimate > 1.5 * (total.estimate - total.ci_low)


def test_the_mean_spend_has_the_limits_of_its_likelihood() -> None:
    fit = leal.GammaGamma().fit(simulated_spend(150, 3))
    likelihood = fit._likelihood()
    mean = fit.population_mean_with_interval()
    assert mean.method == "profile_likelihood"
    assert likelihood is not None
    for limit in (mean.ci_low, mean.ci_high):

        def fall(shapes: np.ndarray, limit: float = limit) -> float:
            p, q = np.exp(shapes[0]), 1 + np.exp(shapes[1])
            return -likelihood(np.log([p, q, limit * (q - 1) / p]))[0]

        found = minimize(fall, np.log([6.0, 3.0]), method="Nelder-Mead", options={"fatol": 1e-8})
        assert fit.log_likelihood + found.fun == pytest.approx(HALF_QUANTILE, abs=5e-3)


def test_slopes_of_a_figure_are_its_derivatives() -> None:
    curve = figure_curve(lambda point: float(np.exp(2 * point[0] + point[0] * point[1] - point[1] ** 2)))
    value, slope, bend = curve.slopes(np.array([0.3, -0.4]))
    assert value == pytest.approx(0.6 - 0.12 - 0.16)
    assert slope == pytest.approx([2 - 0.4, 0.3 + 0.8], abs=1e-6)
    assert bend == pytest.approx(np.array([[0.0, 1.0], [1.0, -2.0]]), abs=1e-6)


def test_an_open_end_is_said_in_words() -> None:
    fit, _ = fitted("bg", 50, 1)
    chance = fit.interval("b")
    assert np.isinf(chance.ci_high)
    assert chance.to_dict()["ci_high"] is None
    assert str(chance) == "3.33 (95\N{NO-BREAK SPACE}%: at least 0.24; these data set no upper limit, n = 50)"
    assert "верхней границы эти данные не задают" in chance.sentence().into("ru")
    below = replace(chance, ci_low=0.0, ci_high=4.0)
    assert str(below) == "3.33 (95\N{NO-BREAK SPACE}%: at most 4.00; these data set no lower limit, n = 50)"
    assert (
        str(replace(chance, ci_low=0.0)) == "3.33 (at 95\N{NO-BREAK SPACE}% these data set no limits, n = 50)"
    )
    closed = ModelFigure(estimate=3.0, ci_low=1.0, ci_high=5.0, n=50, method="profile_likelihood")
    assert str(closed) == "3.00 (95\N{NO-BREAK SPACE}% 1.00 to 5.00, n = 50)"


def test_what_the_data_do_not_determine_is_open_in_a_parameter_and_counted_in_a_total() -> None:
    """Pareto/NBD runs up its ridge: s and beta grow together; the delta method takes both as known."""
    fit, customers = fitted("pareto", 300, 1)
    assert "undetermined" in {note.code for note in fit.notes}
    leaving = fit.interval("s")
    assert leaving.ci_low > 0.5
    assert np.isinf(leaving.ci_high)
    total = fit.expected_total(customers, weeks=39)
    taken_as_known = fit._forgetful(fit.log_parameters).expected_total(customers, weeks=39)
    assert taken_as_known.method == "delta_log"
    assert total.ci_high > 1.1 * taken_as_known.ci_high


@pytest.mark.parametrize("model", ["bg", "mbg", "pareto"])
def test_where_no_dropout_is_visible_a_total_may_still_be_less(model: str) -> None:
    """A hundred who never left: some leaving is not contradicted, and lowers what may come."""
    if model == "pareto":
        customers = leaving_in_time(100, 3, leave=False)
        fit = leal.ParetoNbd().fit(customers)
    else:
        customers = table(simulated(100, 3, a=0.0))
        fit = (leal.BgNbd() if model == "bg" else leal.MbgNbd()).fit(customers)
    assert "no_dropout" in {note.code for note in fit.notes}
    total = fit.expected_total(customers, weeks=39)
    nobody_leaves = fit._forgetful(fit.log_parameters).expected_total(customers, weeks=39)
    assert total.method == "profile_likelihood"
    assert total.ci_low < 0.99 * nobody_leaves.ci_low
    assert total.ci_high == pytest.approx(nobody_leaves.ci_high, rel=0.1)


def test_a_mean_that_the_data_do_not_bound_has_no_upper_limit() -> None:
    random = np.random.default_rng(5)
    spend = 10 / random.gamma(1.2, 1.0, 40)
    fit = leal.GammaGamma().fit({"frequency": np.full(40, 5.0), "spend": spend})
    mean = fit.population_mean_with_interval()
    assert np.isinf(mean.ci_high)
    assert "no upper limit" in str(mean)


def test_a_model_without_a_mean_has_none_to_give() -> None:
    random = np.random.default_rng(5)
    spend = 10 / random.gamma(0.5, 1.0, 400)
    fit = leal.GammaGamma().fit({"frequency": np.full(400, 5.0), "spend": spend})
    assert not fit.population_mean_with_interval().known


def test_many_customers_get_plus_or_minus() -> None:
    fit, customers = fitted("mbg", 20_001, 1)
    total = fit.expected_total(customers, weeks=39)
    assert total.method == "delta_log"
    assert total.ci_high / total.estimate == pytest.approx(total.estimate / total.ci_low)


def test_a_search_that_fails_falls_back_to_plus_or_minus_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    fit, customers = fitted("mbg", 100, 1)
    monkeypatch.setattr(
        "leal.predict.purchase_models.purchase_model.profile_limits", lambda profile, level: None
    )
    total = fit.expected_total(customers, weeks=39)
    assert total.method == "delta_log"
    assert "plus_or_minus" in {note.code for note in total.notes}
    assert total.ci_low < total.estimate < total.ci_high
