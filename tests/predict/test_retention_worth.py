"""What retention is worth, and the most that keeping a customer may cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.predict.value_samples import world

import leal
from leal.errors import BadValue
from leal.predict import MODELS, outlook_of, purchase_base
from leal.predict.purchase_models.futures import future_of
from leal.predict.value.retention_worth import worth_of_a_point, yearly_retention
from leal.results import Estimate, Money

EFFECT = Estimate(estimate=0.02, ci_low=0.01, ci_high=0.03, n=8000, method="wald")
VALUE = Money(estimate=300.0, ci_low=280.0, ci_high=320.0, n=8000, method="delta", currency="EUR")


def test_a_proved_effect_times_the_value_is_the_most_to_pay() -> None:
    found = leal.justified_cost(EFFECT, VALUE, grade="A")
    assert found.decision == "pay"
    assert found.limit.estimate == pytest.approx(6.0)
    assert 2.8 < found.sure_limit < 3.3
    assert found.limit.grade == "A"
    assert found.sentence().startswith("Pay at most")


def test_no_proved_effect_means_do_not_pay_whatever_the_value() -> None:
    unsure = replace(EFFECT, ci_low=-0.005)
    found = leal.justified_cost(unsure, replace(VALUE, estimate=1e6, ci_low=9e5, ci_high=1.1e6), grade="A")
    assert found.decision == "do_not_pay"
    assert found.sure_limit == 0
    assert found.sentence().startswith("Do not pay")


@pytest.mark.parametrize("grade", ["C", "D"])
def test_a_correlation_or_an_opinion_is_to_be_tested_first(grade: str) -> None:
    found = leal.justified_cost(EFFECT, VALUE, grade=grade)  # type: ignore[arg-type]
    assert found.decision == "test_first"
    assert found.limit.grade == grade
    assert "not_randomised" in {note.code for note in found.limit.notes}


def test_percentage_points_are_not_taken_for_a_share() -> None:
    points = replace(EFFECT, estimate=2.0, ci_low=1.0, ci_high=3.0)
    with pytest.raises(BadValue, match="share of customers kept"):
        leal.justified_cost(points, VALUE, grade="A")


def test_an_unknown_effect_is_an_answer() -> None:
    found = leal.justified_cost(replace(EFFECT, estimate=float("nan")), VALUE)
    assert found.decision == "unknown"
    assert "needs" in found.sentence()


def test_the_interval_of_the_product_is_that_of_independent_draws() -> None:
    found = leal.justified_cost(EFFECT, VALUE, grade="A")
    random = np.random.default_rng(9)
    product = random.normal(0.02, 0.01 / 1.96, 400_000) * random.normal(300, 20 / 1.96, 400_000)
    low, high = np.quantile(product, [0.025, 0.975])
    assert found.limit.ci_low == pytest.approx(low, rel=0.03)
    assert found.limit.ci_high == pytest.approx(high, rel=0.03)


@pytest.mark.parametrize("model", ["pareto_nbd", "mbg_nbd"])
def test_a_point_more_of_retention_is_a_point_and_pays_by_simulation(model: str) -> None:
    base = purchase_base(world(300, 5).purchases)
    outlook = outlook_of(base, MODELS[model].fit(base.summary), weeks=520, discount=0.1)
    worth, now = worth_of_a_point(outlook), yearly_retention(outlook)
    # the slope by a small change of the leaving, by hand
    factor = 0.99
    gained = yearly_retention(outlook, factor) - now
    then, before = (future_of(outlook.alive.staying(one), 520).mean for one in (factor, 1.0))
    by_hand = (outlook.value * (then / before - 1)).sum() / gained * 0.01
    assert worth == pytest.approx(by_hand, rel=0.1)


def test_a_bare_number_is_no_proved_effect() -> None:
    worth = Money(estimate=300.0, ci_low=280.0, ci_high=320.0, n=8000, method="delta")
    with pytest.raises(BadValue, match="without an interval"):
        leal.justified_cost(0.02, worth)  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="without an interval"):
        leal.justified_cost(worth, 300)  # type: ignore[arg-type]
    with pytest.raises(BadValue, match="effect is dict, a figure") as caught:
        leal.justified_cost({"effect": worth}, worth)  # type: ignore[arg-type]
    assert "found.effect" in caught.value.hint
